//! The budget that all calls of a client share.

use super::*;

/// The budget is 500 / 14 retries, and each call takes at most two.
#[tokio::test]
async fn clones_have_one_budget() {
    let script = Script::new([status(503)]);
    let client = script.client();
    let calls = (0..1000).map(|_| {
        let client = client.clone().with(Options::new().header("x-a", "b"));
        tokio::spawn(async move { client.request(Get).await.unwrap_err().attempts() })
    });
    let calls: Vec<_> = calls.collect();
    let mut retries = 0;
    for call in calls {
        retries += call.await.unwrap() - 1;
    }
    assert_eq!(retries, 35);
    assert_eq!(script.sent().len(), 1035);

    // It limits an unlimited number of retries.
    let script = Script::new([status(503)]);
    let client = script.builder().timeout(None);
    let client = client
        .retry(Retry::default().max_retries(u32::MAX))
        .build()
        .unwrap();
    assert_eq!(client.request(Get).await.unwrap_err().attempts(), 36);
    // The timeout limits them, too.
    let script = Script::new([status(429)]);
    let client = script.builder().timeout(Duration::from_secs(30));
    let client = client
        .retry(Retry::default().max_retries(u32::MAX))
        .build()
        .unwrap();
    let attempts = client.request(Get).await.unwrap_err().attempts();
    assert!((6..=12).contains(&attempts), "{attempts}");
    assert!(script.sent().last().unwrap().at <= Duration::from_secs(30));
}

#[test]
fn the_budget_is_refunded_after_a_success() {
    let budget = Budget::full();
    let (failed, throttled) = (
        Budget::cost(None),
        Budget::cost(Some(http::StatusCode::TOO_MANY_REQUESTS)),
    );
    assert_eq!((failed, throttled), (14, 5));
    assert_eq!((0..100).filter(|_| budget.take(failed)).count(), 35);
    assert!(budget.take(5) && budget.take(5) && !budget.take(5));
    // A successful retry is refunded, and a call without a retry adds a little.
    budget.succeeded(Some(failed));
    assert!(budget.take(failed) && !budget.take(failed));
    for _ in 0..14 {
        assert!(!budget.take(failed));
        budget.succeeded(None);
    }
    assert!(budget.take(failed));
    // It never exceeds its maximum.
    for _ in 0..1000 {
        budget.succeeded(Some(failed));
    }
    assert_eq!((0..100).filter(|_| budget.take(failed)).count(), 35);
}

#[tokio::test]
async fn a_retry_that_succeeds_costs_nothing() {
    let script = Script::default();
    let client = script.client();
    for _ in 0..200 {
        script.then([status(503), status(200)]);
        assert_eq!(client.request(Get).send().await.unwrap().attempts(), 2);
    }
}
