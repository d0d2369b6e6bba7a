//! Delays and timeouts.

use super::*;

#[tokio::test]
async fn delays_grow_and_are_random() {
    let script = Script::new([status(503)]);
    let client = script.builder().timeout(None);
    let client = client
        .retry(Retry::default().max_retries(7))
        .build()
        .unwrap();
    client.request(Get).await.unwrap_err();
    let waits = script.waits();
    for (wait, longest) in waits.iter().zip([0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]) {
        let wait = wait.as_secs_f64();
        assert!(
            (longest / 2.0..=longest).contains(&wait),
            "{wait} {longest}"
        );
    }
    assert_eq!(waits.len(), 7);
    assert_ne!(waits[5], waits[6]);
}

type Headers = Vec<(&'static str, &'static str)>;

/// Headers of a response, and the minimum delay in seconds. `None` is the client's own delay, and a
/// negative number is an immediate failure.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn the_server_says_how_long_to_wait() {
    const DATE: (&str, &str) = ("date", "Mon, 01 Jan 2024 12:00:00 GMT");
    let later = |text| vec![("retry-after", text)];
    let cases: Vec<(Headers, Option<f64>)> = vec![
        (later("2"), Some(2.0)),
        (later(" 2 "), Some(2.0)),
        (later("2.5"), Some(2.5)),
        (later("59"), Some(59.0)),
        (later("60"), Some(60.0)),
        (later("61"), Some(-1.0)),
        (later("99999999999999999999999"), Some(-1.0)),
        // The server requests no delay.
        (later("0"), None),
        (later("-1"), None),
        (later("+1"), None),
        (later("1e400"), None),
        (later("1e1"), None),
        (later("NaN"), None),
        (later("inf"), None),
        (later(""), None),
        (later("5, 6"), None),
        (later("soon"), None),
        (later("Thu, 32 Foo"), None),
        // The three forms of RFC 9110, section 5.6.7, from the date of the response.
        (
            vec![DATE, ("retry-after", "Mon, 01 Jan 2024 12:00:07 GMT")],
            Some(7.0),
        ),
        (
            vec![DATE, ("retry-after", "Monday, 01-Jan-24 12:00:07 GMT")],
            Some(7.0),
        ),
        (
            vec![DATE, ("retry-after", "Mon Jan  1 12:00:07 2024")],
            Some(7.0),
        ),
        (
            vec![DATE, ("retry-after", "Mon, 01 Jan 2024 12:01:01 GMT")],
            Some(-1.0),
        ),
        (
            vec![DATE, ("retry-after", "Mon, 01 Jan 2024 11:00:00 GMT")],
            None,
        ),
        // Without one, or with a bad one, from the transport's date: 1 January 2024.
        (later("Mon, 01 Jan 2024 00:00:07 GMT"), Some(7.0)),
        (
            vec![
                ("date", "today"),
                ("retry-after", "Mon, 01 Jan 2024 00:00:07 GMT"),
            ],
            Some(7.0),
        ),
        // Milliseconds first.
        (
            vec![("retry-after-ms", "1500"), ("retry-after", "7")],
            Some(1.5),
        ),
        (vec![("retry-after-ms", "60001")], Some(-1.0)),
        (
            vec![("retry-after-ms", "-5"), ("retry-after", "7")],
            Some(7.0),
        ),
        // The longer of two delays is used.
        (vec![("retry-after", "3"), ("retry-after", "7")], Some(7.0)),
        (vec![("retry-after", "x"), ("retry-after", "7")], Some(7.0)),
        (
            vec![("retry-after", "7"), ("retry-after", "61")],
            Some(-1.0),
        ),
    ];
    for (headers, expected) in cases {
        for status in [503, 429] {
            let what = format!("{headers:?}");
            let answer = Answer(status, headers.clone().leak(), "");
            let script = Script::new([answer, Answer(200, &[], "")]);
            let client = script.builder().timeout(Duration::from_secs(600));
            let outcome = client.build().unwrap().request(Get).await;
            let waits: Vec<f64> = script.waits().iter().map(Duration::as_secs_f64).collect();
            match expected {
                None => {
                    assert!((0.25..=0.5).contains(&waits[0]), "{what}: {waits:?}");
                    outcome.unwrap();
                }
                Some(delay) if delay >= 0.0 => {
                    assert!(
                        (delay..=delay * 1.1).contains(&waits[0]),
                        "{what}: {waits:?}"
                    );
                    outcome.unwrap();
                }
                Some(_) => {
                    assert_eq!(waits, [0.0; 0], "{what}");
                    let error = outcome.unwrap_err();
                    assert_eq!((error.attempts(), error.is_retryable()), (1, true));
                    assert!(error.retry_after().unwrap() > Duration::from_secs(60));
                }
            }
        }
    }
}

#[test]
fn without_a_clock_a_date_needs_that_of_the_response() {
    let mut headers = HeaderMap::new();
    let date = |text: &str| text.parse().unwrap();
    headers.insert("retry-after", date("Mon, 01 Jan 2024 12:00:07 GMT"));
    assert_eq!(server_delay(&headers, None), None);
    let now = SystemTime::UNIX_EPOCH;
    assert!(server_delay(&headers, Some(now)).unwrap() > Duration::from_secs(1_000_000));
    headers.insert("date", date("Mon, 01 Jan 2024 12:00:00 GMT"));
    assert_eq!(server_delay(&headers, None), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn the_longest_delay_of_a_server_is_an_option() {
    let script = Script::new([Answer(503, &[("retry-after", "90")], ""), status(200)]);
    let client = script.builder().timeout(Duration::from_secs(600));
    let retry = Retry::default().max_server_delay(Duration::from_secs(120));
    client
        .retry(retry)
        .build()
        .unwrap()
        .request(Get)
        .await
        .unwrap();
    assert!(script.waits()[0] >= Duration::from_secs(90));
}

/// The timeout covers all attempts. A delay that would exceed it is not started.
#[tokio::test]
async fn the_timeout_of_a_call_covers_all_attempts() {
    let script = Script::new([Silence]);
    let client = script.builder().timeout(Duration::from_secs(10));
    let retry = Retry::default()
        .max_retries(9)
        .attempt_timeout(Duration::from_secs(4));
    let client = client.retry(retry).build().unwrap();
    let error = client.request(Get).await.unwrap_err();
    let sent = script.sent();
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[0].limits.timeout, Some(Duration::from_secs(4)));
    // The third attempt has the remaining time.
    assert!(sent[2].limits.timeout.unwrap() < Duration::from_millis(1_500));
    assert_eq!(
        sent[2].at + sent[2].limits.timeout.unwrap(),
        Duration::from_secs(10)
    );
    assert_eq!(
        error.to_string(),
        "GET /thing: no complete response within 10s at attempt 3"
    );

    let script = Script::new([Answer(503, &[("retry-after", "11")], "busy")]);
    let client = script.builder().timeout(Duration::from_secs(10));
    let error = client.build().unwrap().request(Get).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.bytes().unwrap().as_ref()),
        (1, &b"busy"[..])
    );
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
    assert_eq!(script.waits().len(), 0);
}

#[tokio::test]
async fn a_timeout_of_an_attempt_has_its_limit() {
    let script = Script::new([Silence]);
    let retry = Retry::none().attempt_timeout(Duration::from_secs(4));
    let client = script.builder().retry(retry).build().unwrap();
    let error = client.request(Post).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /thing: no complete response within 4s"
    );
}
