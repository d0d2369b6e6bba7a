//! Credentials are sent over plain http to this computer only, unless `allow_http` is set.

use http::Uri;

use super::script::Event::Answer;
use super::script::{Script, operations};
use crate::runtime::body::Body;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure};
use crate::runtime::fetched_credential::is_confidential;
use crate::runtime::oauth2::ClientCredentials;
use crate::runtime::options::Options;
use crate::runtime::security::{Flow, Flows, Scheme, Security};
use crate::runtime::server::Server;
use crate::runtime::testing::Mock;
use crate::runtime::token::{Token, TokenFuture, TokenSource};
use crate::runtime::token_http::TokenHttp;

const BEARER: Scheme = Scheme::bearer("bearer");
const BASIC: Scheme = Scheme::basic("basic");
const HEADER: Scheme = Scheme::header("header", "X-Key");
const QUERY: Scheme = Scheme::query("query", "key");
const COOKIE: Scheme = Scheme::cookie("cookie", "session");
const TLS: Scheme = Scheme::mutual_tls("tls");
const OAUTH: Scheme = Scheme::oauth2(
    "oauth",
    &Flows {
        client_credentials: Some(Flow {
            authorization_url: "",
            token_url: "https://login.example/token",
            refresh_url: "",
        }),
        authorization_code: None,
    },
);

operations! {
    Open get "/open", SECURITY: Security = &[];
    Bearer get "/bearer", SECURITY: Security = &[&[BEARER]];
    Optional get "/optional", SECURITY: Security = &[&[BEARER], &[]];
    Basic get "/basic", SECURITY: Security = &[&[BASIC]];
    Header get "/header", SECURITY: Security = &[&[HEADER]];
    Query get "/query", SECURITY: Security = &[&[QUERY]];
    Cookie get "/cookie", SECURITY: Security = &[&[COOKIE]];
    Tls get "/tls", SECURITY: Security = &[&[TLS]];
    OAuth get "/oauth", SECURITY: Security = &[&[OAUTH]];
    Elsewhere get "/elsewhere",
        SECURITY: Security = &[&[BEARER]],
        SERVERS: &'static [Server] = &[Server::new("http://other.example", &[])];
}

const HOW: &str = "it would be sent over plain http, where others can read it: use an https URL, or \
                   call `allow_http` on the client's builder";

fn script() -> Script {
    let token = r#"{"access_token":"token-1","token_type":"Bearer"}"#;
    Script::new([Answer(200, &[], "")]).at("/token", [Answer(200, &[], token)])
}

fn builder(script: &Script) -> ClientBuilder {
    script
        .builder()
        .credential(BEARER, "token")
        .user_and_password(BASIC, "user", "password")
        .credential(HEADER, "key")
        .credential(QUERY, "key")
        .credential(COOKIE, "key")
        .credential(TLS, "")
        .oauth2_scheme(OAUTH, ClientCredentials::new("client", "secret"))
}

#[tokio::test]
async fn a_credential_is_not_sent_over_plain_http() {
    let script = script();
    for allows in [false, true] {
        let mut builder = builder(&script).base_url("http://api.example:8080/v1");
        if allows {
            builder = builder.allow_http();
        }
        let client = builder.build().unwrap();
        let results = [
            ("bearer", client.request(Bearer).await),
            ("bearer", client.request(Optional).await),
            ("basic", client.request(Basic).await),
            ("header", client.request(Header).await),
            ("query", client.request(Query).await),
            ("cookie", client.request(Cookie).await),
            ("oauth", client.request(OAuth).await),
        ];
        for (name, result) in results {
            match result {
                Ok(200) if allows => {}
                Err(error @ Error::Encode(_)) if !allows => {
                    let expected = format!("cannot write the credential `{name}`: {HOW}");
                    assert_eq!(error.to_string(), expected);
                    assert_eq!(error.attempts(), 0);
                }
                result => panic!("{name}: {result:?}"),
            }
        }
        // Each call, and the request for the token.
        assert_eq!(script.sent().len(), if allows { 8 } else { 0 });
    }
}

#[tokio::test]
async fn a_call_without_a_credential_can_use_plain_http() {
    let script = script();
    let client = builder(&script).base_url("http://api.example");
    let client = client.build().unwrap();
    client.request(Open).await.unwrap();
    // Its certificate is not in the request.
    client.request(Tls).await.unwrap();
    let anonymous = client.with(Options::new().anonymous());
    anonymous.request(Optional).await.unwrap();
    assert_eq!(script.sent().len(), 3);
}

#[tokio::test]
async fn the_url_of_the_call_counts() {
    let script = script();
    // The operation has its own server.
    let client = builder(&script).build().unwrap();
    client.request(Bearer).await.unwrap();
    let error = client.request(Elsewhere).await.unwrap_err();
    assert!(error.to_string().contains(HOW), "{error}");
    // A credential of the call, and a call to an endpoint that is not in the document.
    let client = script.builder().base_url("http://api.example");
    let client = client.build().unwrap();
    let options = Options::new().credential(BEARER, "token");
    let error = client.request(Bearer).with(options.clone()).await;
    assert!(error.unwrap_err().to_string().contains(HOW));
    let error = client.call(Endpoint::get("/x")).with(options).await;
    assert!(error.unwrap_err().to_string().contains(HOW));
    assert_eq!(script.sent().len(), 1);
}

#[test]
fn loopback_hosts_are_recognized() {
    let own = [
        "127.0.0.1",
        "127.0.0.1:8080",
        "127.255.0.7",
        "[::1]:8080",
        "localhost",
        "LOCALHOST:1",
        "api.localhost",
        "a.b.localhost:8080",
    ];
    for host in own {
        let url: Uri = format!("http://{host}/x").parse().unwrap();
        assert!(is_confidential(&url), "{host}");
    }
    let others = [
        "128.0.0.1",
        "0.0.0.0",
        "[::2]",
        "[::]",
        "192.168.0.1",
        "notlocalhost",
        "localhost.example",
        "127.0.0.1.example",
        "localhost:pw@api.example",
    ];
    for host in others {
        let url: Uri = format!("http://{host}/x").parse().unwrap();
        assert!(!is_confidential(&url), "{host}");
        let url: Uri = format!("https://{host}/x").parse().unwrap();
        assert!(is_confidential(&url), "{host}");
    }
}

/// A source of tokens that sends its secret to this URL.
struct Own(&'static str);

impl TokenSource for Own {
    fn token<'a>(&'a self, http: &'a TokenHttp) -> TokenFuture<'a> {
        Box::pin(async move {
            let mut request = http::Request::new(Body::from("secret"));
            *request.uri_mut() = Uri::from_static(self.0);
            http.send(request).await?;
            Ok(Token::new("token"))
        })
    }
}

#[tokio::test]
async fn a_token_request_is_not_sent_over_plain_http() {
    let script = script();
    let builder = || script.builder();
    let plain = "http://login.example/token";
    let client = builder().credential_source(BEARER, Own(plain)).build();
    let error = client.unwrap().request(Bearer).await.unwrap_err();
    assert!(matches!(error, Error::Token(_)), "{error:?}");
    assert!(error.to_string().contains("over plain http"), "{error}");
    let grant = || ClientCredentials::new("client", "secret").token_url(plain);
    let error = builder().oauth2_scheme(OAUTH, grant()).build().unwrap_err();
    assert!(error.to_string().contains("`allow_http`"), "{error}");
    assert_eq!(script.sent().len(), 0);

    let client = builder().credential_source(BEARER, Own(plain)).allow_http();
    client.build().unwrap().request(Bearer).await.unwrap();
    let client = builder().allow_http().oauth2_scheme(OAUTH, grant());
    client.build().unwrap().request(OAuth).await.unwrap();
    assert_eq!(script.sent().len(), 4);
    let local = Own("http://127.0.0.1:9/token");
    let client = builder().credential_source(BEARER, local).build();
    client.unwrap().request(Bearer).await.unwrap();
}

#[tokio::test]
async fn a_mock_rejects_credentials_over_plain_http() {
    let mock = Mock::new();
    mock.on::<Bearer>().reply_unchecked(200, "", "").unwrap();
    let client = |url: &str| {
        let builder = ClientBuilder::new("https://api.example").base_url(url);
        let builder = builder.credential(BEARER, "token");
        builder.transport(mock.clone()).build().unwrap()
    };
    for url in [
        "https://api.example",
        "http://localhost",
        "http://mock.localhost",
    ] {
        client(url).request(Bearer).await.unwrap();
    }
    let error: Error<NoFailure> = client("http://api.example")
        .request(Bearer)
        .await
        .unwrap_err();
    assert!(error.to_string().contains(HOW), "{error}");
}

#[tokio::test]
async fn a_header_with_a_credential_does_not_go_over_plain_http() {
    let script = script();
    let builder = || script.builder().api_key_headers(&["X-Key", "X-Other-Key"]);
    let headers = [
        "authorization",
        "cookie",
        "proxy-authorization",
        "X-Key",
        "X-Other-Key",
    ];
    for name in headers {
        let client = builder().default_header(name.to_ascii_uppercase(), "secret");
        let client = client.base_url("http://api.example").build().unwrap();
        let anonymous = client.with(Options::new().anonymous());
        let results = [
            client.request(Open).await,
            client.request(Tls).with(Options::new().anonymous()).await,
            anonymous.request(Open).await,
        ];
        for result in results {
            let error = result.unwrap_err();
            let expected = format!("cannot write the header `{name}`: {HOW}");
            assert_eq!(error.to_string(), expected);
            assert_eq!(error.attempts(), 0);
        }
        let error = client.call(Endpoint::get("/x")).await.unwrap_err();
        assert!(error.to_string().contains(HOW), "{error}");
        // Other places that do not read it.
        let client = builder().default_header(name, "secret").build().unwrap();
        let error = client.request(Elsewhere).with(Options::new().anonymous());
        assert!(error.await.unwrap_err().to_string().contains(HOW));
        assert_eq!(script.sent().len(), 0);

        for url in [
            "https://api.example",
            "http://localhost:8080",
            "http://[::1]",
        ] {
            let client = builder().default_header(name, "secret").base_url(url);
            let client = client.build().unwrap();
            client.request(Open).await.unwrap();
        }
        let client = builder().default_header(name, "secret").allow_http();
        let client = client.base_url("http://api.example").build().unwrap();
        client.request(Open).await.unwrap();
        let sent = script.sent();
        assert_eq!(sent.len(), 4);
        for sent in sent {
            let header = &sent.request.headers()[name];
            assert_eq!(header, "secret");
            assert!(header.is_sensitive());
        }
    }
}

#[tokio::test]
async fn other_headers_may_go_over_plain_http() {
    let script = script();
    let client = script.builder().default_header("x-team", "a");
    let client = client.base_url("http://api.example").build().unwrap();
    client.request(Open).await.unwrap();
    let key = || Options::new().header("x-key", "key");
    // This document does not say that it is a key.
    client.request(Open).with(key()).await.unwrap();
    let proxy = Options::new().header("proxy-authorization", "Basic eDp5");
    let error = client.request(Open).with(proxy).await.unwrap_err();
    assert!(error.to_string().contains("`proxy-authorization`"));
    let client = script.builder().api_key_headers(&["X-Key"]);
    let client = client.base_url("http://api.example").build().unwrap();
    let error = client.request(Open).with(key()).await.unwrap_err();
    assert!(error.to_string().contains("`X-Key`"), "{error}");
    assert_eq!(script.sent().len(), 2);
}
