//! Servers that mean no good: each ends in bounded time and memory, with an
//! error that keeps what there is.

use std::time::{Duration, Instant};

use generated::{Client, Error};

use super::server::{Answer, Server, head, response};
use super::{JSON, failure, failure_with, registration};

/// A client with little patience.
fn client(server: &Server) -> Client {
    Client::builder()
        .base_url(&server.url)
        .timeout(Duration::from_millis(300))
        .max_response_bytes(1000)
        .build()
        .unwrap()
}

async fn fail(answer: Answer) -> Error<generated::operations::RegisterOAuthClientFailure> {
    let server = Server::start(vec![answer]).await;
    let begin = Instant::now();
    let error = client(&server)
        .register_oauth_client(registration())
        .await
        .unwrap_err();
    assert!(
        begin.elapsed() < Duration::from_secs(5),
        "{:?}",
        begin.elapsed()
    );
    error
}

#[tokio::test]
async fn never_answers() {
    let error = fail(Answer::Silence).await;
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "POST /oauth/register: no whole response within 300ms"
    );
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn never_ends() {
    // The time is for the whole response, not for the first byte.
    let mut bytes = head("201 Created", &[JSON, ("content-length", "900")]);
    bytes.extend_from_slice(b"\r\n{");
    let error = fail(Answer::Drip(bytes)).await;
    assert!(error.is_timeout(), "{error:?}");
    let error = fail(Answer::Drip(b"HTTP/1.1 201 Created\r\nx-a: ".to_vec())).await;
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn says_more_than_is_wanted() {
    let mut bytes = head("201 Created", &[JSON, ("x-a", "b")]);
    bytes.extend_from_slice(b"\r\n");
    let endless = Answer::Endless(bytes, b"{\"client_id\":\"");
    let announced = head(
        "201 Created",
        &[JSON, ("x-a", "b"), ("content-length", "1001")],
    );
    let announced = Answer::Bytes([&announced[..], b"\r\n{}"].concat());
    let whole = response("400 Bad Request", &[JSON, ("x-a", "b")], &[b' '; 1001]);
    for (answer, status) in [(endless, 201), (announced, 201), (whole, 400)] {
        let error = fail(answer).await;
        let Error::TooLarge(too_large) = &error else {
            panic!("{error:?}");
        };
        assert_eq!(too_large.limit, 1000);
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.headers().unwrap()["x-a"], "b");
        assert!(
            error.to_string().ends_with("with more than 1000 bytes"),
            "{error}"
        );
    }
    // As much as is allowed is not too much.
    let fits = response(
        "400 Bad Request",
        &[JSON],
        format!("{{{}}}", " ".repeat(998)).as_bytes(),
    );
    assert!(matches!(fail(fits).await, Error::Failure(_)));
}

#[tokio::test]
async fn has_endless_headers() {
    let error = fail(Answer::Endless(
        b"HTTP/1.1 201 Created\r\n".to_vec(),
        b"x-a: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n",
    ))
    .await;
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
}

#[tokio::test]
async fn breaks_off() {
    let mut short = head("201 Created", &[JSON, ("content-length", "100")]);
    short.extend_from_slice(b"\r\n{}");
    let mut chunk = head("201 Created", &[JSON, ("transfer-encoding", "chunked")]);
    chunk.extend_from_slice(b"\r\nff\r\n{}");
    for bytes in [
        short,
        chunk,
        Vec::new(),
        b"HTTP/1.1 2".to_vec(),
        b"SSH-2.0-x\r\n".to_vec(),
    ] {
        let error = fail(Answer::Bytes(bytes)).await;
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
        let text = error.to_string();
        assert!(
            text.starts_with("POST /oauth/register: the exchange"),
            "{text}"
        );
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn is_not_there() {
    let client = Client::builder()
        .base_url("http://127.0.0.1:1")
        .build()
        .unwrap();
    let error = client
        .register_oauth_client(registration())
        .await
        .unwrap_err();
    let Error::Transport { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert!(source.is_connect());
    assert_eq!(
        error.to_string(),
        "POST /oauth/register: no connection to the server"
    );
}

#[tokio::test]
async fn redirects_in_a_circle_and_away() {
    for location in [
        "/oauth/register",
        "file:///etc/passwd",
        "http://",
        "\u{1}",
        "//",
    ] {
        let headers = [("location", location), ("x-a", "b")];
        let server = Server::with("307 Temporary Redirect", &headers, b"").await;
        let result = client(&server).register_oauth_client(registration()).await;
        let count = if location.starts_with("/o") { 6 } else { 1 };
        assert_eq!(server.requests().len(), count, "{location}");
        assert!(result.is_err());
    }
}

#[tokio::test]
async fn has_strange_json() {
    let deep = "[".repeat(100_000);
    let deep_inside = format!(r#"{{"client_id":"c","client_id_issued_at":1,"x":{deep}"#);
    let wide = format!(r#"{{"error":"{}"}}"#, "x".repeat(100_000));
    for body in [
        deep.as_bytes(),
        deep_inside.as_bytes(),
        br#"{"client_id":"c","client_id_issued_at":1e999}"#,
        br#"{"client_id":"\ud800","client_id_issued_at":1}"#,
        b"{\"client_id\":\"\xff\",\"client_id_issued_at\":1}",
        b"\xff\xfe",
        b"\0",
    ] {
        let error = failure_with("201 Created", &[JSON], body).await;
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_eq!(error.bytes().unwrap(), body);
        assert!(error.to_string().len() < 1500, "{error}");
    }
    let error = failure_with("400 Bad Request", &[JSON], wide.as_bytes()).await;
    assert!(error.failure().is_some());
    assert!(error.to_string().len() < 200, "{error}");
}

#[tokio::test]
async fn has_strange_headers() {
    let body = br#"{"error":"x"}"#;
    for headers in [
        [
            ("content-type", "application/json"),
            ("content-type", "text/html"),
        ],
        [("content-type", "no media type"), ("content-type", "")],
        [
            ("set-cookie", "session=hunter2"),
            ("authorization", "hunter2"),
        ],
        [("content-type", "x\u{202e}hunter"), ("x-a", "b")],
    ] {
        let error = failure_with("400 Bad Request", &headers, body).await;
        assert!(error.failure().is_some(), "{error:?}");
        let shown = format!("{error} {error:?}");
        assert!(
            !shown.contains("hunter2") && !shown.contains('\u{202e}'),
            "{shown}"
        );
    }
    let mut lengths = head(
        "400 Bad Request",
        &[("content-length", "1"), ("content-length", "2")],
    );
    lengths.extend_from_slice(b"\r\n{}");
    let error = failure(&Server::start(vec![Answer::Bytes(lengths)]).await).await;
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
}
