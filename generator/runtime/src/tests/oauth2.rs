//! Requests to a token endpoint, and its responses.

mod refusals;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use super::script::Event::{self, Answer, CutBody, Endless, Silence};
use super::script::{Script, Sent, operations};
use crate::runtime::builder::ClientBuilder;
use crate::runtime::error::{Error, NoFailure};
use crate::runtime::oauth2::{ClientCredentials, Credentials, RefreshToken};
use crate::runtime::security::{Flow, Flows, Scheme, Security};
use crate::runtime::token::Tokens;

const fn flow(token_url: &'static str, refresh_url: &'static str) -> Option<Flow> {
    Some(Flow {
        authorization_url: "",
        token_url,
        refresh_url,
    })
}

const OAUTH: Scheme = Scheme::oauth2(
    "oauth",
    &Flows {
        client_credentials: flow("https://login.example/token", ""),
        authorization_code: None,
    },
);

operations! {
    Secured get "/secured", SECURITY: Security = &[&[OAUTH]];
    // The token endpoint as an operation, with and without the alternative of no credential.
    Exchange post "/token", SECURITY: Security = &[&[OAUTH], &[]];
    Closed post "/token", SECURITY: Security = &[&[OAUTH]];
}

const TOKEN: Event = Answer(
    200,
    &[],
    r#"{"access_token":"token-1","token_type":"Bearer"}"#,
);

fn script(token: Event) -> Script {
    Script::new([]).at("/token", [token])
}

/// Returns the token request for a credential.
async fn request(credentials: impl Into<Credentials>) -> Sent {
    let script = script(TOKEN);
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, credentials)
        .build()
        .unwrap();
    client.request(Secured).await.unwrap();
    script.sent().remove(0)
}

fn body(sent: &Sent) -> &str {
    std::str::from_utf8(&sent.body).unwrap()
}

#[tokio::test]
async fn client_credentials_as_in_the_rfc() {
    // RFC 6749, sections 2.3.1 and 4.4.2.
    let sent = request(ClientCredentials::new("s6BhdRkqt3", "gX1fBat3bV")).await;
    assert_eq!(sent.request.uri(), "https://login.example/token");
    assert_eq!(sent.request.method(), "POST");
    assert_eq!(
        sent.header("authorization"),
        Some("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW")
    );
    assert_eq!(
        sent.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(sent.header("accept"), Some("application/json"));
    assert_eq!(body(&sent), "grant_type=client_credentials");
    assert_eq!(sent.limits.timeout, Some(Duration::from_secs(30)));
    assert_eq!(sent.limits.max_response_bytes, 65_536);

    let sent = request(ClientCredentials::new("s6BhdRkqt3", "gX1fBat3bV").in_body()).await;
    assert_eq!(sent.header("authorization"), None);
    assert_eq!(
        body(&sent),
        "grant_type=client_credentials&client_id=s6BhdRkqt3&client_secret=gX1fBat3bV"
    );
}

#[tokio::test]
async fn the_identifier_and_the_secret_are_encoded_as_in_a_form() {
    // The example of RFC 6749, appendix B.
    let sent = request(ClientCredentials::new("a:b", " %&+£€").in_body()).await;
    assert!(
        body(&sent).ends_with("&client_id=a%3Ab&client_secret=+%25%26%2B%C2%A3%E2%82%AC"),
        "{}",
        body(&sent)
    );
    let sent = request(ClientCredentials::new("a:b", "ü%:")).await;
    // `a%3Ab:%C3%BC%25%3A`
    assert_eq!(
        sent.header("authorization"),
        Some("Basic YSUzQWI6JUMzJUJDJTI1JTNB")
    );
}

#[tokio::test]
async fn scopes_and_parameters() {
    let grant = ClientCredentials::new("client", "secret")
        .scope("admin")
        .scope("read:all")
        .parameter("audience", "https://api.example/");
    assert_eq!(
        body(&request(grant).await),
        "grant_type=client_credentials&scope=admin+read%3Aall\
         &audience=https%3A%2F%2Fapi.example%2F"
    );
}

#[tokio::test]
async fn a_refresh_token_as_in_the_rfc() {
    // RFC 6749, section 6.
    let grant = RefreshToken::new("s6BhdRkqt3", "tGzv3JOkF0XG5Qx2TlKWIA").secret("gX1fBat3bV");
    let sent = request(grant).await;
    assert_eq!(
        sent.header("authorization"),
        Some("Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW")
    );
    assert_eq!(
        body(&sent),
        "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA"
    );
    // A public client only sends its identifier.
    let sent = request(RefreshToken::new("public", "r")).await;
    assert_eq!(sent.header("authorization"), None);
    assert_eq!(
        body(&sent),
        "grant_type=refresh_token&refresh_token=r&client_id=public"
    );
}

/// Returns the refresh tokens that were sent since the last call.
fn refreshed(script: &Script) -> Vec<String> {
    let sent = script.sent();
    sent.iter()
        .filter_map(|sent| {
            Some(
                body(sent)
                    .split_once("refresh_token=refresh_token&refresh_token=")
                    .or_else(|| body(sent).split_once("&refresh_token="))?
                    .1,
            )
        })
        .filter_map(|rest| rest.split('&').next())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_refresh_token_is_kept_until_a_new_one_replaces_it() {
    let answers = [
        r#"{"access_token":"a1","token_type":"bearer","expires_in":100,"refresh_token":"r1","scope":"x y"}"#,
        r#"{"access_token":"a2","token_type":"bearer","expires_in":100}"#,
        r#"{"access_token":"a3","token_type":"bearer","expires_in":100,"refresh_token":""}"#,
        r#"{"access_token":"a4","token_type":"bearer","expires_in":100,"refresh_token":"r4"}"#,
    ];
    let answers = answers.map(|body| Answer(200, &[], body));
    let script = Script::new([]).at("/token", answers);
    let stored: Arc<Mutex<Vec<Tokens>>> = Arc::default();
    let store = Arc::clone(&stored);
    let grant = RefreshToken::new("client", "r0")
        .on_tokens(move |tokens| store.lock().unwrap().push(tokens.clone()));
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, grant)
        .build()
        .unwrap();
    for seconds in [0, 100, 200, 300] {
        script.set_now(Duration::from_secs(seconds));
        client.request(Secured).await.unwrap();
        client.request(Secured).await.unwrap();
    }
    assert_eq!(refreshed(&script), ["r0", "r1", "r1", "r1"]);
    let stored = stored.lock().unwrap();
    let all: Vec<_> = stored
        .iter()
        .map(|tokens| (tokens.access_token(), tokens.refresh_token().unwrap()))
        .collect();
    assert_eq!(
        all,
        [("a1", "r1"), ("a2", "r1"), ("a3", "r1"), ("a4", "r4")]
    );
    assert_eq!(stored[0].scope(), Some("x y"));
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    assert_eq!(
        stored[0].expires_at(),
        Some(start + Duration::from_secs(100))
    );
    assert_eq!(stored[1].scope(), None);
}

#[tokio::test]
async fn stored_tokens_are_used_while_they_are_valid() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let token = async |expires_at: Option<SystemTime>| {
        let script = script(TOKEN);
        let tokens = Tokens::new("stored");
        let tokens = match expires_at {
            Some(at) => tokens.with_expiry(at),
            None => tokens,
        };
        let grant = RefreshToken::new("client", "r0").tokens(tokens);
        let client = script
            .builder()
            .oauth2_scheme(OAUTH, grant)
            .build()
            .unwrap();
        client.request(Secured).await.unwrap();
        let sent = script.sent();
        sent.last()
            .unwrap()
            .header("authorization")
            .unwrap()
            .to_owned()
    };
    assert_eq!(token(None).await, "Bearer stored");
    let later = start + Duration::from_secs(100);
    assert_eq!(token(Some(later)).await, "Bearer stored");
    assert_eq!(token(Some(start)).await, "Bearer token-1");
    let earlier = start - Duration::from_secs(100);
    assert_eq!(token(Some(earlier)).await, "Bearer token-1");
}

#[tokio::test]
async fn nothing_shows_a_secret() {
    let secrets = ["s3cret-of-client", "t0ken-of-server", "r3fresh-token"];
    let failure = r#"{"a":"s3cret-of-client","b":"t0ken-of-server","c":"r3fresh-token"}"#;
    let json: &[_] = &[("content-type", "application/json")];
    let answer = r#"{"access_token":"t0ken-of-server","token_type":"bearer"}"#;
    let script =
        Script::new([Answer(400, json, failure)]).at("/token", [Answer(200, json, answer)]);
    let stored: Arc<Mutex<String>> = Arc::default();
    let store = Arc::clone(&stored);
    let grant = RefreshToken::new("client", "r3fresh-token")
        .secret("s3cret-of-client")
        .on_tokens(move |tokens| *store.lock().unwrap() = format!("{tokens:?}"));
    let mut shown = format!("{grant:?} {:?}", Credentials::from(grant.clone()));
    shown += &format!("{:?}", ClientCredentials::new("client", "s3cret-of-client"));
    shown += &format!("{:?}", Credentials::from("t0ken-of-server"));
    shown += &format!("{:?}", Tokens::new("t0ken-of-server"));
    let builder = script.builder().oauth2_scheme(OAUTH, grant);
    shown += &format!("{builder:?}");
    let client = builder.build().unwrap();
    let error = client.request(Secured).await.unwrap_err();
    let excerpt = error.reply().unwrap().excerpt().unwrap();
    assert_eq!(
        excerpt,
        r#"{"a":"[redacted]","b":"[redacted]","c":"r3fresh-token"}"#
    );
    shown += &format!("{client:?} {error:?} {error} {}", stored.lock().unwrap());
    for sent in script.sent() {
        if let Some(value) = sent.request.headers().get("authorization") {
            shown += &format!("{value:?}");
        }
    }
    for secret in secrets {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[tokio::test]
async fn the_token_endpoint_does_not_authenticate_with_its_own_token() {
    let builder = |script: &Script| {
        let grant = ClientCredentials::new("client", "secret").token_url("/v1/token");
        script.builder().oauth2_scheme(OAUTH, grant)
    };
    let script = Script::new([]);
    let client = builder(&script).build().unwrap();
    client.request(Exchange).await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].header("authorization"), None);
    let error = client.request(Closed).await.unwrap_err();
    assert!(matches!(error, Error::MissingCredential(_)), "{error}");
    assert_eq!(script.sent().len(), 0);
}

/// Returns the token URL for this server, or the error of `build`.
async fn url(
    base_url: &str,
    scheme: Scheme,
    grant: impl Into<Credentials>,
) -> Result<String, String> {
    let script = Script::new([TOKEN]);
    let builder = ClientBuilder::new("https://unused.example").transport(script.clone());
    let builder = builder.base_url(base_url).oauth2_scheme(scheme, grant);
    let client = builder.build().map_err(|error| error.to_string())?;
    // No operation has this path.
    let _ = client.request(Secured).await;
    Ok(script.sent()[0].request.uri().to_string())
}

fn grant() -> ClientCredentials {
    ClientCredentials::new("client", "secret")
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "two tables and their schemes")]
async fn the_url_of_the_document_or_another_one() {
    const fn scheme(flows: &'static Flows) -> Scheme {
        Scheme::oauth2("oauth", flows)
    }
    const BOTH: Scheme = scheme(&Flows {
        client_credentials: flow("/oauth2/token", ""),
        authorization_code: flow("code/token", "https://login.example/refresh?p=1"),
    });
    const CODE: Scheme = scheme(&Flows {
        client_credentials: None,
        authorization_code: flow("code/token", ""),
    });
    const EMPTY: Scheme = scheme(&Flows {
        client_credentials: flow("", ""),
        authorization_code: None,
    });
    const PLAIN: Scheme = scheme(&Flows {
        client_credentials: flow("http://login.example/token", ""),
        authorization_code: None,
    });
    const TEMPLATE: Scheme = scheme(&Flows {
        client_credentials: flow("https://{domain}/token", ""),
        authorization_code: None,
    });
    let base = "https://api.example:8443/v1/";
    let ok = |url: &str| Ok(url.to_owned());
    assert_eq!(
        url(base, BOTH, grant()).await,
        ok("https://api.example:8443/oauth2/token")
    );
    assert_eq!(
        url(base, CODE, grant()).await,
        ok("https://api.example:8443/v1/code/token")
    );
    let refresh = RefreshToken::new("client", "r");
    assert_eq!(
        url(base, BOTH, refresh.clone()).await,
        ok("https://login.example/refresh?p=1")
    );
    assert_eq!(
        url(base, CODE, refresh).await,
        ok("https://api.example:8443/v1/code/token")
    );
    for (given, expected) in [
        (
            "https://other.example/t?tenant=1",
            "https://other.example/t?tenant=1",
        ),
        ("//other.example/t", "https://other.example/t"),
        ("http://127.0.0.1:9/t", "http://127.0.0.1:9/t"),
        ("http://localhost/t", "http://localhost/t"),
        ("http://[::1]:9/t", "http://[::1]:9/t"),
    ] {
        assert_eq!(
            url(base, EMPTY, grant().token_url(given)).await,
            ok(expected)
        );
    }
    let error = async |scheme, grant| url(base, scheme, grant).await.unwrap_err();
    let http = "is not an https URL, so that others can read the secret: give another one, or call `allow_http` on the client's builder";
    for (text, expected) in [
        (
            error(EMPTY, grant()).await,
            "the document has no token URL: set it with `token_url`".to_owned(),
        ),
        (
            error(PLAIN, grant()).await,
            format!("the token URL `http://login.example/token` {http}"),
        ),
        (
            error(TEMPLATE, grant()).await,
            "the token URL `https://{domain}/token` has a variable: set the URL".to_owned(),
        ),
        (
            error(EMPTY, grant().token_url("http://127.0.0.1.evil.example/")).await,
            format!("the token URL `http://127.0.0.1.evil.example/` {http}"),
        ),
        (
            error(EMPTY, grant().token_url("https://a.example/t#x")).await,
            "the token URL `https://a.example/t` has a fragment".to_owned(),
        ),
        (
            error(EMPTY, grant().token_url("https://user:pw@a.example/t")).await,
            "the token URL `a.example/t` has no host, or a user name".to_owned(),
        ),
        (
            error(EMPTY, grant().token_url("ftp://a.example/t")).await,
            "the token URL `ftp://a.example/t` is neither an https nor an http URL".to_owned(),
        ),
    ] {
        assert_eq!(text, format!("the credential `oauth`: {expected}"));
    }
}

#[tokio::test]
async fn the_setters_of_one_scheme_replace_each_other() {
    let script = script(TOKEN);
    let builder = script
        .builder()
        .credential(OAUTH, "given")
        .oauth2_scheme(OAUTH, grant());
    builder.build().unwrap().request(Secured).await.unwrap();
    assert_eq!(
        script.sent().last().unwrap().header("authorization"),
        Some("Bearer token-1")
    );
    let builder = script
        .builder()
        .oauth2_scheme(OAUTH, grant())
        .oauth2_scheme(OAUTH, "given");
    builder.build().unwrap().request(Secured).await.unwrap();
    let sent = script.sent();
    assert_eq!(
        (sent.len(), sent[0].header("authorization")),
        (1, Some("Bearer given"))
    );
}
