//! Malicious servers: each call ends in bounded time and memory, with an error that keeps what was
//! received.

use std::time::{Duration, Instant};

use generated::{Client, Error};

use super::server::{Answer, Server, head, response};
use super::{Head, JSON, failure, failure_with, registration};

/// Returns a client with short limits.
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
        "POST /oauth/register: no complete response within 300ms"
    );
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn never_ends() {
    // The timeout applies to the whole response, not to the first byte.
    let mut bytes = head("201 Created", &[JSON, ("content-length", "900")]);
    bytes.extend_from_slice(b"\r\n{");
    let error = fail(Answer::Drip(bytes)).await;
    assert!(error.is_timeout(), "{error:?}");
    let error = fail(Answer::Drip(b"HTTP/1.1 201 Created\r\nx-a: ".to_vec())).await;
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn sends_a_body_beyond_the_limit() {
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
    // A body of exactly the limit is allowed.
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
        .retry(generated::Retry::none())
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
async fn redirects_to_another_server() {
    let other = Server::with("201 Created", &[JSON], b"{}").await;
    let address = other.url.strip_prefix("http://").unwrap();
    let (_, port) = address.split_once(':').unwrap();
    // Another port, another scheme, a user name, and forms that a browser reads as another host.
    for location in [
        format!("http://{address}/x"),
        format!("//{address}/x"),
        format!("https://{address}/x"),
        format!("http://localhost:{port}/x"),
        format!("http://user:hunter2@{address}/x"),
        format!("//user@{address}/x"),
        format!("\\\\{address}/x"),
        format!("/\\{address}/x"),
        format!("http:\\\\{address}/x"),
        format!("http:{address}/x"),
        format!("http://[::1]:{port}/x"),
        format!("http://[fe80::1%25lo]:{port}/x"),
        format!("http://{address}#/x"),
    ] {
        let headers = [("location", location.as_str()), ("x-a", "b")];
        let server = Server::with("307 Temporary Redirect", &headers, b"").await;
        let builder = Client::builder().base_url(&server.url);
        let client = builder.bearer_auth("hunter2").build().unwrap();
        let error = client
            .register_oauth_client(registration())
            .await
            .unwrap_err();
        assert_eq!(server.requests().len(), 1, "{location}");
        assert!(other.requests().is_empty(), "{location}");
        assert_eq!(error.status().unwrap(), 307, "{location}: {error:?}");
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
    // The same server under its own name, with a user name or another scheme.
    let own = |location: fn(&str) -> String| async move {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let location = location(&address);
        let headers = [("location", location.as_str())];
        let server = Server::at(&address, "307 Temporary Redirect", &headers).await;
        let result = client(&server).register_oauth_client(registration()).await;
        assert!(result.is_err());
        server.requests().len()
    };
    assert_eq!(own(|address| format!("http://user@{address}/x")).await, 1);
    assert_eq!(own(|address| format!("https://{address}/x")).await, 1);
    assert_eq!(own(|address| format!("//{address}/x")).await, 6);
}

#[tokio::test]
async fn has_an_unexpected_body() {
    for status in ["204 No Content", "304 Not Modified"] {
        let error = failure_with(status, &[JSON], br#"{"error":"x"}"#).await;
        assert!(matches!(error, Error::Undocumented(_)), "{error:?}");
        assert_eq!(error.bytes().unwrap(), "");
    }
}

#[tokio::test]
async fn answers_head_with_a_body() {
    let body = "x".repeat(10_000);
    let with_length = response("204 No Content", &[JSON], body.as_bytes());
    let mut chunked = head("204 No Content", &[("transfer-encoding", "chunked")]);
    chunked.extend_from_slice(format!("\r\n{:x}\r\n{body}\r\n0\r\n\r\n", 10_000).as_bytes());
    for answer in [with_length, Answer::Bytes(chunked)] {
        let server = Server::start(vec![answer]).await;
        let result = client(&server).request(Head).await;
        // An error about the body is also valid.
        let is_refused = |error: &Error<_>| matches!(error, Error::Transport { .. });
        assert!(result.as_ref().err().is_none_or(is_refused), "{result:?}");
        assert!(server.request().starts_with("HEAD /nothing "));
    }
    let endless = Answer::Endless(
        b"HTTP/1.1 204 No Content\r\ncontent-length: 99999\r\n\r\n".to_vec(),
        b"xxxxxxxxxxxxxxxx",
    );
    let server = Server::start(vec![endless]).await;
    let begin = Instant::now();
    let _ = client(&server).request(Head).await;
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn sends_many_interim_responses() {
    for line in ["102 Processing", "103 Early Hints", "199 What"] {
        let many = format!("HTTP/1.1 {line}\r\nlink: </a>\r\nset-cookie: a=hunter2\r\n\r\n");
        // Many of them, followed by a response.
        let Answer::Bytes(last) = response("400 Bad Request", &[JSON], br#"{"error":"x"}"#) else {
            panic!("a response is bytes");
        };
        let finite = Answer::Bytes([many.repeat(1_000).as_bytes(), &last].concat());
        let error = fail(finite).await;
        let is_passed_over = error.failure().is_some();
        assert!(
            is_passed_over || matches!(error, Error::Transport { .. }),
            "{error:?}"
        );
        if is_passed_over {
            assert!(!error.headers().unwrap().contains_key("set-cookie"));
        }
        let error = fail(Answer::Endless(Vec::new(), many.leak().as_bytes())).await;
        assert!(
            error.is_timeout() || matches!(error, Error::Transport { .. }),
            "{error:?}"
        );
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

/// Trailers are not headers (RFC 9110, section 6.5.1).
#[tokio::test]
async fn has_trailers() {
    let mut bytes = head("400 Bad Request", &[JSON, ("transfer-encoding", "chunked")]);
    let trailers = "content-type: text/html\r\ncontent-length: 1\r\n\
                    set-cookie: a=hunter2\r\nlocation: http://evil.example/\r\n";
    bytes.extend_from_slice(
        format!("\r\nd\r\n{{\"error\":\"x\"}}\r\n0\r\n{trailers}\r\n").as_bytes(),
    );
    let error = fail(Answer::Bytes(bytes)).await;
    assert!(error.failure().is_some(), "{error:?}");
    let headers = error.headers().unwrap();
    assert_eq!(headers["content-type"], "application/json");
    for name in ["content-length", "set-cookie", "location"] {
        assert!(!headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn sends_chunks_with_extensions() {
    let head = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\
                transfer-encoding: chunked\r\n\r\n";
    let body = r#"{"error":"x"}"#;
    let length = body.len();
    let extended = format!("{head}{length:x};a=b;c=\"d;e\"\r\n{body}\r\n0;f\r\n\r\n");
    let error = fail(Answer::Bytes(extended.into_bytes())).await;
    assert!(error.failure().is_some(), "{error:?}");
    // An extension without end.
    let start = format!("{head}{length:x};a=").into_bytes();
    let error = fail(Answer::Endless(start, b"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")).await;
    assert!(
        error.is_timeout() || matches!(error, Error::Transport { .. }),
        "{error:?}"
    );
    // One extension per byte.
    let start = head.as_bytes().to_vec();
    let error = fail(Answer::Endless(start, b"1;a=b\r\n \r\n")).await;
    assert!(
        matches!(
            error,
            Error::TooLarge(_) | Error::Timeout { .. } | Error::Transport { .. }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn repeats_keys() {
    for (status, body) in [
        (
            "201 Created",
            r#"{"client_id":"a","client_id_issued_at":1,"client_id":"b"}"#,
        ),
        ("400 Bad Request", r#"{"error":"a","error":"b"}"#),
    ] {
        let error = failure_with(status, &[JSON], body.as_bytes()).await;
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_eq!(error.bytes().unwrap(), body);
    }
}

#[tokio::test]
async fn declares_json_as_utf_16() {
    let text = r#"{"error":"x"}"#;
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for charset in ["utf-16", "UTF-16LE", "\"utf-16be\"", "utf-7", "none", ""] {
        let content_type = format!("application/json; charset={charset}");
        for body in [text.as_bytes(), &wide, b"\xff\xfe{\0", b"\xfe\xff"] {
            let headers = [("content-type", content_type.as_str())];
            let error = failure_with("400 Bad Request", &headers, body).await;
            assert!(!error.to_string().is_empty());
            assert_eq!(error.bytes().unwrap(), body);
        }
    }
}

#[tokio::test]
async fn has_strange_json() {
    let deep = "[".repeat(1_000_000);
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
    assert!(error.to_string().len() < 300, "{error}");
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

#[tokio::test]
async fn has_an_unregistered_status() {
    for status in ["999 Enhance Your Calm", "600 ", "299 Fine"] {
        let error = failure_with(status, &[JSON], br#"{"error":"x"}"#).await;
        let code: u16 = status[..3].parse().unwrap();
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(code),
            "{error:?}"
        );
        assert!(matches!(error, Error::Undocumented(_)), "{error:?}");
    }
    for status in [
        "000 None",
        "99 Short",
        "1000 Long",
        "-20 Minus",
        "two hundred",
        "",
        "\u{0}",
    ] {
        let error = fail(response(status, &[JSON], b"{}")).await;
        assert!(
            matches!(error, Error::Transport { .. }),
            "{status}: {error:?}"
        );
    }
    // Endless requests to continue.
    let error = fail(Answer::Endless(
        Vec::new(),
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ))
    .await;
    assert!(
        error.is_timeout() || matches!(error, Error::Transport { .. }),
        "{error:?}"
    );
    // A switch to another protocol.
    let headers = [("upgrade", "websocket"), ("connection", "upgrade")];
    let error = fail(response("101 Switching Protocols", &headers, b"{}")).await;
    assert!(!error.to_string().is_empty());
}

#[tokio::test]
async fn has_invalid_numbers() {
    let long = format!("1{}", "0".repeat(900));
    for number in [
        "NaN",
        "Infinity",
        "-Infinity",
        "-",
        "+1",
        "01",
        "1.",
        ".5",
        "0x10",
        "1e999",
        "-1e999",
        "1.5",
        "99999999999999999999999",
        "-99999999999999999999999",
        "1_000",
        "\"1\"",
        &long,
    ] {
        let body = format!(r#"{{"client_id":"c","client_id_issued_at":{number}}}"#);
        let error = failure_with("201 Created", &[JSON], body.as_bytes()).await;
        assert!(matches!(error, Error::Decode { .. }), "{number}: {error:?}");
        assert!(error.to_string().len() < 500, "{error}");
    }
}

#[tokio::test]
async fn sends_compressed_bodies() {
    // The client did not request compression, so it does not decompress: a bomb stays small.
    let bomb = [b"\x1f\x8b\x08\0\0\0\0\0\0\x03".as_slice(), &[0xaa; 900]].concat();
    for encoding in ["gzip", "br", "zstd", "deflate", "gzip, gzip", "x"] {
        let headers = [JSON, ("content-encoding", encoding)];
        let server = Server::with("201 Created", &headers, &bomb).await;
        let error = failure(&server).await;
        assert!(
            matches!(error, Error::Decode { .. }),
            "{encoding}: {error:?}"
        );
        assert_eq!(error.bytes().unwrap()[..], bomb[..]);
        assert!(!server.request().contains("accept-encoding"));
    }
}

#[tokio::test]
async fn is_not_even_http() {
    let head = |line: &str| format!("HTTP/1.1 201 Created\r\n{line}\r\n\r\n{{}}").into_bytes();
    let many = "x-a: b\r\n".repeat(100_000);
    let mut not_utf8 = head("x-a: ");
    not_utf8.splice(27..27, *b"\xff\xfe");
    for bytes in [
        head("no colon"),
        head(": no name"),
        head("na me: b"),
        head("x-a: b\0c"),
        head("x-a: b\r\n folded: c"),
        head("content-length: -1"),
        head("content-length: 99999999999999999999999999"),
        head("content-length: 1\r\ncontent-length: 2"),
        head("content-length: 2\r\ntransfer-encoding: chunked"),
        head("transfer-encoding: chunked\r\n\r\nffffffffffffffffff"),
        head("transfer-encoding: chunked\r\n\r\n-1"),
        head("transfer-encoding: gzip"),
        head(&many),
        head(&format!("x-a: {}", "b".repeat(1 << 20))),
        not_utf8,
        b"HTTP/2.0 201 Created\r\n\r\n".to_vec(),
        b"HTTP/9.9 201 Created\r\n\r\n".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00".to_vec(),
        b"\r\n\r\n\r\n".to_vec(),
        vec![0; 4096],
    ] {
        // Some of them can be read; then the body is invalid.
        let error = fail(Answer::Bytes(bytes)).await;
        assert!(
            matches!(
                error,
                Error::Transport { .. } | Error::Decode { .. } | Error::TooLarge(_)
            ),
            "{error:?}"
        );
        assert!(error.to_string().len() < 500, "{error}");
    }
    // Trailers without end.
    let start =
        b"HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n".to_vec();
    let error = fail(Answer::Endless(start, b"x-a: b\r\n")).await;
    assert!(
        error.is_timeout() || matches!(error, Error::Transport { .. } | Error::Decode { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn reveals_no_credential() {
    let echo = response(
        "400 Bad Request",
        &[
            JSON,
            ("www-authenticate", "hunter2"),
            ("location", "http://hunter2@a/"),
        ],
        br#"{"error":"x","hint":"hunter2"}"#,
    );
    let circle = response(
        "307 Temporary Redirect",
        &[("location", "/v2/oauth/register?a=hunter2")],
        b"",
    );
    let strange = response("999 hunter2", &[("set-cookie", "a=hunter2")], b"hunter2");
    for answer in [
        echo,
        circle,
        strange,
        Answer::Bytes(b"hunter2".to_vec()),
        Answer::Silence,
    ] {
        let server = Server::start(vec![answer]).await;
        let client = Client::builder()
            .base_url(&server.url)
            .timeout(Duration::from_millis(300))
            .bearer_auth("hunter2")
            .user_agent("agent");
        assert!(!format!("{client:?}").contains("hunter2"));
        let client = client.build().unwrap();
        assert!(!format!("{client:?}").contains("hunter2"));
        let request = client.register_oauth_client(registration());
        assert!(!format!("{request:?}").contains("hunter2"));
        let error = request.await.unwrap_err();
        let mut shown = vec![format!("{error} {error:?} {error:#?}")];
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            shown.push(format!("{error} {error:?}"));
            source = error.source();
        }
        // The message of an unexpected error.
        let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            failed(error).unwrap();
        }));
        let panic = panic.unwrap_err().downcast::<String>().unwrap();
        shown.push(*panic);
        assert!(!shown.concat().contains("hunter2"), "{shown:?}");
    }
}

/// Returns an error as the result of a call.
fn failed<E>(error: E) -> Result<(), E> {
    Err(error)
}

/// A `client_secret` of the document is never printed, even with a wrong type.
#[tokio::test]
async fn sends_a_secret_of_a_wrong_type() {
    for body in [
        r#"{"client_id":"c","client_id_issued_at":1,"client_secret":"hunter2"}"#,
        r#"{"client_id":"c","client_id_issued_at":1,"client_secret":["hunter2"]}"#,
        r#"{"client_id":"c","client_id_issued_at":"hunter2","client_secret":"hunter2"}"#,
        r#"{"client_id":"c","client_id_issued_at":1,"client_secret":"hunter2"#,
        r#"{"client_secret":"hunter2","client_secret":"hunter2"}"#,
    ] {
        let server = Server::with("201 Created", &[JSON], body.as_bytes()).await;
        let result = client(&server).register_oauth_client(registration()).await;
        let mut shown = vec![format!("{result:?} {result:#?}")];
        if let Err(error) = result {
            shown.push(error.to_string());
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                shown.push(format!("{error} {error:?}"));
                source = error.source();
            }
        }
        assert!(!shown.concat().contains("hunter2"), "{shown:?}");
    }
}
