//! The generated crate with a real server: its requests, byte by byte, and its results for all
//! kinds of responses.

mod calls;
mod hostile;
mod server;
mod tls;

use std::collections::BTreeMap;

use generated::operations::RegisterOAuthClientFailure;
use generated::runtime::{Endpoint, NoFailure, Operation, Rejection, Reply};
use generated::types::oauth_dynamic_registration_request::{GrantType, TokenEndpointAuthMethod};
use generated::{Client, Error, Retry, types::OAuthDynamicRegistrationRequest};
use serde_json::{Value, json};
use server::{Answer, Server, head, response};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const JSON: (&str, &str) = ("content-type", "application/json");

fn registration() -> OAuthDynamicRegistrationRequest {
    OAuthDynamicRegistrationRequest {
        client_name: Some("My OAuth Application".to_owned()),
        redirect_uris: Some(vec!["https://example.com/callback".parse().unwrap()]),
        ..Default::default()
    }
}

fn client(server: &Server) -> Client {
    Client::builder().base_url(&server.url).build().unwrap()
}

/// Returns the error of a failing call.
async fn failure(server: &Server) -> Error<RegisterOAuthClientFailure> {
    // `calls.rs` tests retries.
    let builder = Client::builder().base_url(&server.url);
    let client = builder.retry(Retry::none()).build().unwrap();
    let call = client.register_oauth_client(registration());
    call.await.unwrap_err()
}

async fn failure_with(
    status: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Error<RegisterOAuthClientFailure> {
    failure(&Server::with(status, headers, body).await).await
}

#[tokio::test]
async fn the_snippet_of_the_readme() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/oauth/register"))
        .and(header("content-type", "application/json"))
        .and(body_json(json!({
            "client_name": "My OAuth Application",
            "redirect_uris": ["https://example.com/callback"],
        })))
        .respond_with(ResponseTemplate::new(201).set_body_json(
            json!({"client_id": "abc123def456", "client_id_issued_at": 1_700_000_000}),
        ))
        .expect(1)
        .mount(&server)
        .await;

    let client = Client::builder().base_url(server.uri()).build()?;
    let registered = client
        .register_oauth_client(OAuthDynamicRegistrationRequest {
            client_name: Some("My OAuth Application".to_owned()),
            redirect_uris: Some(vec!["https://example.com/callback".parse()?]),
            ..Default::default()
        })
        .await?;
    assert_eq!(registered.client_id, "abc123def456");
    Ok(())
}

#[tokio::test]
async fn the_request_on_the_wire() {
    for (base, path) in [("", ""), ("/", ""), ("/v2", "/v2"), ("/v2/", "/v2")] {
        let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
        let server = Server::with("201 Created", &[JSON], body).await;
        let client = Client::builder()
            .base_url(format!("{}{base}", server.url))
            .bearer_auth("hunter2")
            .build()
            .unwrap();
        client.register_oauth_client(registration()).await.unwrap();
        let sent = r#"{"redirect_uris":["https://example.com/callback"],"client_name":"My OAuth Application"}"#;
        let host = server.url.strip_prefix("http://").unwrap();
        // `security: []`: the token is not sent.
        assert_eq!(
            server.request(),
            format!(
                "POST {path}/oauth/register HTTP/1.1\r\n\
                 user-agent: generated/2.0.0\r\n\
                 accept: application/json\r\n\
                 content-type: application/json\r\n\
                 host: {host}\r\n\
                 content-length: {}\r\n\r\n{sent}",
                sent.len()
            )
        );
    }
}

/// Operations without a body.
macro_rules! bodiless {
    ($($name:ident $method:ident)*) => {$(
        struct $name;

        impl Operation for $name {
            const ENDPOINT: Endpoint = Endpoint::$method("/nothing");
            type Output = ();
            type Failure = NoFailure;

            fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
                reply.nothing_if(204)
            }
        }
    )*};
}

bodiless! { Get get Post post Put put Patch patch Delete delete Head head }

/// A request without a body has length 0 if its method expects one (RFC 9110, section 8.6).
#[tokio::test]
async fn a_request_without_a_body_has_its_length_once() {
    async fn sent<O: Operation<Failure = NoFailure>>(operation: O) -> usize {
        let server = Server::with("204 No Content", &[], b"").await;
        client(&server).request(operation).await.unwrap();
        let request = server.request().to_ascii_lowercase();
        assert!(!request.contains("transfer-encoding"), "{request}");
        assert_eq!(
            request.matches("content-length").count(),
            request.matches("\r\ncontent-length: 0\r\n").count(),
            "{request}"
        );
        request.matches("content-length").count()
    }
    assert_eq!(sent(Get).await, 0);
    assert_eq!(sent(Post).await, 1);
    assert_eq!(sent(Put).await, 1);
    assert_eq!(sent(Patch).await, 1);
    assert_eq!(sent(Delete).await, 0);
}

#[tokio::test]
async fn every_property_on_the_wire() {
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    let server = Server::with("201 Created", &[JSON], body).await;
    let request = OAuthDynamicRegistrationRequest {
        redirect_uris: Some(vec![]),
        client_name: Some("\u{0}\"ü\u{1F600}".to_owned()),
        grant_types: vec![GrantType::RefreshToken, GrantType::AuthorizationCode],
        response_types: vec![],
        scope: Some(String::new()),
        token_endpoint_auth_method: TokenEndpointAuthMethod::None,
        logo_uri: Some("https://example.com".parse().unwrap()),
        tos_uri: Some("https://example.com/".parse().unwrap()),
        policy_uri: Some("HTTPS://Example.com/%7ea/../b".parse().unwrap()),
    };
    client(&server)
        .register_oauth_client(request)
        .await
        .unwrap();
    let (_, sent) = server
        .request()
        .split_once("\r\n\r\n")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    assert_eq!(
        sent,
        "{\"redirect_uris\":[],\"client_name\":\"\\u0000\\\"ü\u{1F600}\",\
         \"grant_types\":[\"refresh_token\",\"authorization_code\"],\"response_types\":[],\
         \"scope\":\"\",\"token_endpoint_auth_method\":\"none\",\
         \"logo_uri\":\"https://example.com\",\"tos_uri\":\"https://example.com/\",\
         \"policy_uri\":\"HTTPS://Example.com/%7ea/../b\"}"
    );
}

#[tokio::test]
async fn defaults_are_sent_if_the_client_enables_them() {
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    for (explicit, expected) in [
        (false, json!({})),
        (
            true,
            json!({
                "grant_types": ["authorization_code"],
                "response_types": ["code"],
                "token_endpoint_auth_method": "client_secret_basic",
            }),
        ),
    ] {
        let server = Server::with("201 Created", &[JSON], body).await;
        let client = Client::builder()
            .base_url(&server.url)
            .explicit_defaults(explicit)
            .build()
            .unwrap();
        let request = OAuthDynamicRegistrationRequest::default();
        client.register_oauth_client(request).await.unwrap();
        let request = server.request();
        let (_, sent) = request.split_once("\r\n\r\n").unwrap();
        assert_eq!(serde_json::from_str::<Value>(sent).unwrap(), expected);
    }
}

#[tokio::test]
async fn created() {
    let body = json!({
        "client_id": "c", "client_secret": "hunter2", "client_id_issued_at": 1_700_000_000,
        "redirect_uris": ["https://example.com"], "grant_types": ["anything"],
        "a_new_field": {"of": ["tomorrow"]},
    });
    let headers = [JSON, ("x-request-id", "r1")];
    let server = Server::with("201 Created", &headers, body.to_string().as_bytes()).await;
    let response = client(&server)
        .register_oauth_client(registration())
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-request-id"], "r1");
    assert_eq!(
        serde_json::from_slice::<Value>(response.bytes()).unwrap(),
        body
    );
    let shown = format!("{response:?}");
    assert!(
        !shown.contains("hunter2") && shown.contains("[redacted]"),
        "{shown}"
    );
    let registered = response.into_inner();
    assert_eq!(registered.client_id_issued_at, 1_700_000_000);
    assert_eq!(registered.client_secret.unwrap().expose(), "hunter2");
    assert_eq!(registered.redirect_uris.unwrap()[0], "https://example.com");
    assert_eq!(registered.grant_types.unwrap(), ["anything"]);
}

#[tokio::test]
async fn bad_request() {
    let body = br#"{"error":"invalid_redirect_uri","invalid_fields":{"redirect_uris":["is http","is long"]}}"#;
    let error = failure_with("400 Bad Request", &[JSON, ("x-request-id", "r1")], body).await;
    let Some(RegisterOAuthClientFailure::BadRequest(failure)) = error.failure() else {
        panic!("{error:?}");
    };
    let fields = BTreeMap::from([(
        "redirect_uris".to_owned(),
        vec!["is http".to_owned(), "is long".to_owned()],
    )]);
    assert_eq!(failure.invalid_fields, Some(fields));
    assert_eq!(failure.error.as_deref(), Some("invalid_redirect_uri"));
    kept(&error, 400, "x-request-id", body);
    assert_eq!(
        error.to_string(),
        "POST /oauth/register answered 400 Bad Request (application/json, 89 bytes), request `r1`: \
         {\"error\":\"invalid_redirect_uri\",\"invalid_fields\":{\"redirect_uris\":[\"is http\",\"is long\"]}}"
    );

    let error = failure_with("400 Bad Request", &[JSON], b"{}").await;
    let Some(RegisterOAuthClientFailure::BadRequest(failure)) = error.failure() else {
        panic!("{error:?}");
    };
    assert_eq!(failure.invalid_fields, None);
}

/// Asserts that status, headers and bytes are kept.
fn kept(error: &Error<RegisterOAuthClientFailure>, status: u16, name: &str, body: &[u8]) {
    assert_eq!(error.status().unwrap(), status);
    assert!(error.headers().unwrap().contains_key(name));
    assert_eq!(error.bytes().unwrap(), body);
}

/// Any number of interim responses may precede the final one (RFC 9110, section 15.2).
#[tokio::test]
async fn interim_responses_are_skipped() {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n\
        HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n";
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    let Answer::Bytes(last) = response("201 Created", &[JSON], body) else {
        panic!("a response is bytes");
    };
    let answer = Answer::Bytes([interim.as_bytes(), &last].concat());
    let server = Server::start(vec![answer]).await;
    let client = client(&server);
    let request = client.register_oauth_client(registration());
    let response = request.send().await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    assert!(!response.headers().contains_key("link"));
    assert_eq!(response.value().client_id, "c");
}

#[tokio::test]
async fn undocumented_statuses() {
    let html = b"<html>hunter2</html>".as_slice();
    for (status, headers, body) in [
        (
            "401 Unauthorized",
            [JSON, ("www-authenticate", "Bearer")],
            br#"{"errors":[]}"#.as_slice(),
        ),
        ("429 Too Many Requests", [JSON, ("retry-after", "7")], b"{}"),
        (
            "500 Internal Server Error",
            [("content-type", "text/html"), ("server", "x")],
            html,
        ),
        (
            "200 OK",
            [JSON, ("x-a", "b")],
            br#"{"client_id":"c","client_id_issued_at":1}"#,
        ),
        ("204 No Content", [("x-b", "c"), ("x-a", "b")], b""),
        ("999 Whatever", [JSON, ("x-a", "b")], b"{}"),
    ] {
        let error = failure_with(status, &headers, body).await;
        assert!(matches!(error, Error::Undocumented(_)), "{error:?}");
        kept(&error, status[..3].parse().unwrap(), headers[1].0, body);
        assert!(
            error
                .to_string()
                .ends_with("which the document does not describe"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    let error = failure_with(
        "500 Internal Server Error",
        &[("content-type", "text/html")],
        html,
    )
    .await;
    assert_eq!(
        error.to_string(),
        "POST /oauth/register answered 500 Internal Server Error (text/html, 20 bytes), \
         which the document does not describe"
    );
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn undecodable_bodies() {
    for (body, path, message) in [
        (
            r#"{"client_id":"c","client_id_issued_at":1,"grant_types":["#,
            ".grant_types",
            "the body ends after 56 bytes, in the middle of its JSON",
        ),
        (
            r#"{"client_id":"c","client_id_issued_at":1,"grant_types":["a",5]}"#,
            ".grant_types[1]",
            "invalid type: integer, expected a string",
        ),
        (
            r#"{"client_id":"c","client_id_issued_at":"hunter2"}"#,
            ".client_id_issued_at",
            "invalid type: string, expected i64",
        ),
        (
            r#"{"client_id":"c","client_id_issued_at":1.5}"#,
            ".client_id_issued_at",
            "invalid type: floating point, expected i64",
        ),
        (
            r#"{"client_id":"c","client_id_issued_at":99999999999999999999}"#,
            ".client_id_issued_at",
            "invalid type: floating point, expected i64",
        ),
        (
            r#"{"client_id":"c","client_id_issued_at":NaN}"#,
            ".client_id_issued_at",
            "expected value at line 1 column 40",
        ),
        (
            r#"{"client_id":"c"}"#,
            "",
            "missing field `client_id_issued_at`",
        ),
        (
            r#"{"client_id":null,"client_id_issued_at":1}"#,
            ".client_id",
            "invalid type: null, expected a string",
        ),
        (
            r#"{"client_id":"c","client_id":"d","client_id_issued_at":1}"#,
            "",
            "duplicate field `client_id`",
        ),
        (
            "\"hunter2\"",
            "",
            "invalid type: string, expected an object",
        ),
        ("[]", "", "invalid type: sequence, expected an object"),
        ("<html>", "", "expected value at line 1 column 1"),
        ("", "", "the body is empty where JSON is documented"),
        ("  ", "", "the body is empty where JSON is documented"),
    ] {
        let error = failure_with("201 Created", &[JSON, ("x-a", "b")], body.as_bytes()).await;
        let Error::Decode { source, .. } = &error else {
            panic!("{body}: {error:?}");
        };
        assert_eq!(source.path(), path, "{body}");
        assert_eq!(source.message(), message, "{body}");
        kept(&error, 201, "x-a", body.as_bytes());
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(
            shown.contains("201 Created") && shown.contains(path),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn an_undecodable_documented_failure() {
    let error = failure_with("400 Bad Request", &[JSON, ("x-a", "b")], br#"{"error":{}}"#).await;
    let Error::Decode { source, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(source.path(), ".error");
    kept(&error, 400, "x-a", br#"{"error":{}}"#);
}

#[tokio::test]
async fn a_request_rejects_unknown_properties() {
    let error = serde_json::from_str::<OAuthDynamicRegistrationRequest>(r#"{"client_nam":"x"}"#);
    let error = error.unwrap_err().to_string();
    assert!(
        error.starts_with("unknown field `client_nam`, expected one of `redirect_uris`, "),
        "{error}"
    );
    let read: OAuthDynamicRegistrationRequest = serde_json::from_str("{}").unwrap();
    assert_eq!(read, OAuthDynamicRegistrationRequest::default());
    assert_eq!(read.grant_types, [GrantType::AuthorizationCode]);
    assert_eq!(read.response_types, ["code"]);
    assert_eq!(
        read.token_endpoint_auth_method,
        TokenEndpointAuthMethod::ClientSecretBasic
    );
}

#[tokio::test]
async fn a_body_without_a_length() {
    let body = r#"{"client_id":"c","client_id_issued_at":1}"#;
    let mut until_the_end = head("201 Created", &[JSON]);
    until_the_end.extend_from_slice(format!("\r\n{body}").as_bytes());
    let mut chunked = head("201 Created", &[JSON, ("transfer-encoding", "chunked")]);
    let (one, two) = body.split_at(17);
    let chunks = format!(
        "\r\n{:x}\r\n{one}\r\n{:x}\r\n{two}\r\n0\r\nx-trailer: y\r\n\r\n",
        one.len(),
        two.len()
    );
    chunked.extend_from_slice(chunks.as_bytes());
    for bytes in [until_the_end, chunked] {
        let server = Server::start(vec![Answer::Bytes(bytes)]).await;
        let registered = client(&server)
            .register_oauth_client(registration())
            .await
            .unwrap();
        assert_eq!(registered.client_id, "c");
    }
}

#[tokio::test]
async fn calls_run_side_by_side_and_on_other_threads() {
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    let server = Server::with("201 Created", &[JSON], body).await;
    let client = client(&server);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.register_oauth_client(registration()).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().client_id, "c");
    }
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn redirects() {
    let body = br#"{"client_id":"c","client_id_issued_at":1}"#;
    let target = Server::with("201 Created", &[JSON], body).await;
    let elsewhere = format!("{}/elsewhere", target.url);
    // A redirect to another host, here another port, is returned as the response.
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let headers = [("location", elsewhere.as_str()), ("x-a", "b")];
        let error = failure_with(status, &headers, b"").await;
        assert!(matches!(error, Error::Undocumented(_)), "{error:?}");
        kept(&error, status[..3].parse().unwrap(), "location", b"");
    }
    assert!(target.requests().is_empty());
    // A redirect to the same host: a POST stays a POST, or is not repeated.
    for (status, requests) in [
        ("302 Found", 1),
        ("303 See Other", 1),
        ("307 Temporary", 2),
        ("308 Permanent", 2),
    ] {
        let answers = vec![
            response(status, &[("location", "../v3/register")], b""),
            response("201 Created", &[JSON], body),
        ];
        let server = Server::start(answers).await;
        let result = client(&server).register_oauth_client(registration()).await;
        assert_eq!(result.is_ok(), requests == 2, "{status}");
        let sent = server.requests();
        assert_eq!(sent.len(), requests);
        if let [first, second] = sent.as_slice() {
            assert!(
                second.starts_with("POST /v3/register HTTP/1.1\r\n"),
                "{second}"
            );
            let (_, first) = first.split_once("\r\n\r\n").unwrap();
            assert!(second.ends_with(first) && !first.is_empty(), "{second}");
        }
    }
}

#[test]
fn a_client_does_not_print_credentials() {
    let builder = Client::builder()
        .base_url("http://localhost:1")
        .default_header("x-key", "hunter3")
        .bearer_auth("hunter2");
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let shown = format!(
        "{shown} {client:?} {:?}",
        client.register_oauth_client(registration())
    );
    assert!(!shown.contains("hunter"), "{shown}");
    assert!(shown.contains("bearerAuth"), "{shown}");
}
