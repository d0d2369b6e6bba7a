//! A client fetches the tokens of the document's flows itself.

use api::client::{BEARER, LOGIN, OAUTH_CLIENT_AUTH};
use api::runtime::{Login, Token, TokenError, TokenFuture, TokenHttp, TokenSource, Tokens};
use api::{AuthorizationCode, Client, ClientBuilder, ClientCredentials, RefreshToken};
use recorder::{Recorder, wait};

const ID: &str = "s6BhdRkqt3";

// The application acts for itself.
fn service(secret: &str) -> ClientBuilder {
    let grant = ClientCredentials::new(ID, secret).scope("admin");
    Client::builder().oauth_client_auth(grant)
}

// The application acts for a person, who allows it in a browser: open `login.url()` there.
fn begin(client: &Client) -> Result<Login, TokenError> {
    let grant = AuthorizationCode::new(OAUTH_CLIENT_AUTH, ID, "https://app.example/callback");
    grant.scope("admin").start(client)
}

// The server sends the browser to `https://app.example/callback?code=..`.
async fn finish(client: &Client, login: Login, callback: &str) -> Result<(), TokenError> {
    let tokens = login.finish(client, callback).await?;
    store(&tokens);
    Ok(())
}

// From then on, the refresh token is enough.
fn user(refresh_token: &str) -> ClientBuilder {
    let grant = RefreshToken::new(ID, refresh_token).on_tokens(store);
    Client::builder().oauth_client_auth(grant)
}

fn store(_: &Tokens) {}

const TOKENS: &str = r#"{"access_token":"token-1","token_type":"bearer","expires_in":3600}"#;

fn recorder() -> Recorder {
    Recorder::new().answering(200, &[("content-type", "application/json")], TOKENS)
}

/// Returns the request of a call. The answer is not documented.
macro_rules! sent {
    ($builder:expr, $call:ident) => {{
        let recorder = recorder();
        let client = $builder.transport(recorder.clone()).build().unwrap();
        wait(client.$call().send()).unwrap_err();
        recorder
            .take()
            .iter()
            .map(|sent| sent.text())
            .collect::<Vec<_>>()
    }};
}

/// Returns the request of an operation with the token.
fn call(path: &str) -> String {
    format!("GET https://api.example.com/v1{path}\nauthorization: Bearer token-1\n")
}

#[test]
fn client_credentials_get_access_tokens() {
    let sent = sent!(service("gX1fBat3bV"), list_things);
    assert_eq!(
        sent,
        [
            "POST https://api.example.com/v1/oauth/token\naccept: application/json\n\
             authorization: Basic czZCaGRSa3F0MzpnWDFmQmF0M2JW\n\
             content-type: application/x-www-form-urlencoded\n\n\
             grant_type=client_credentials&scope=admin",
            &call("/things"),
        ]
    );
}

#[test]
fn a_refresh_token_gets_access_tokens() {
    let sent = sent!(user("r0"), list_things);
    assert_eq!(
        sent,
        [
            "POST https://api.example.com/v1/oauth/refresh\naccept: application/json\n\
             content-type: application/x-www-form-urlencoded\n\n\
             grant_type=refresh_token&refresh_token=r0&client_id=s6BhdRkqt3",
            &call("/things"),
        ]
    );
}

#[test]
fn a_person_logs_in() {
    let recorder = recorder();
    let client = Client::builder()
        .transport(recorder.clone())
        .build()
        .unwrap();
    let login = begin(&client).unwrap();
    let url = "https://api.example.com/v1/oauth/authorize?response_type=code&client_id=s6BhdRkqt3&";
    assert!(login.url().starts_with(url), "{}", login.url());
    let callback = format!(
        "https://app.example/callback?code=c&state={}",
        login.state()
    );
    wait(finish(&client, login, &callback)).unwrap();
    let text = recorder.one().text();
    assert!(
        text.starts_with("POST https://api.example.com/v1/oauth/token\n"),
        "{text}"
    );
    assert!(
        text.contains("grant_type=authorization_code&code=c&"),
        "{text}"
    );
}

#[test]
fn relative_urls_are_relative_to_the_server() {
    let grant = ClientCredentials::new(ID, "secret");
    let sent = sent!(Client::builder().login(grant), with_login);
    let url = "POST https://api.example.com/v1/oauth/token\n";
    assert!(sent[0].starts_with(url), "{}", sent[0]);
    assert_eq!(sent[1], call("/login"));

    let client = recorder::client().0;
    let grant = AuthorizationCode::new(LOGIN, ID, "https://app.example/callback");
    let login = grant.start(&client).unwrap();
    let url = "https://api.example.com/oauth/authorize?";
    assert!(login.url().starts_with(url), "{}", login.url());
}

#[test]
fn the_token_endpoint_is_called_without_a_token() {
    let sent = sent!(service("secret"), exchange_token);
    assert_eq!(
        sent,
        ["POST https://api.example.com/v1/oauth/token\ncontent-length: 0\n"]
    );
}

struct Vault;

impl TokenSource for Vault {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        Box::pin(async { Ok(Token::new("token-1")) })
    }
}

#[test]
fn other_tokens() {
    let builder = Client::builder().credential_source(BEARER, Vault);
    assert_eq!(sent!(builder, with_bearer), [call("/bearer")]);
    let builder = Client::builder().oauth_client_auth("token-1");
    assert_eq!(sent!(builder, list_things), [call("/things")]);
    // Without a flow in which the client fetches a token.
    let _ = Client::builder().implicit("token-1");
}
