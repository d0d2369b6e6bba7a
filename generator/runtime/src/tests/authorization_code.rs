//! Logins with an authorization code.

use super::script::Event::{self, Answer, Cut};
use super::script::Script;
use crate::runtime::authorization_code::{AuthorizationCode, Login, challenge};
use crate::runtime::client::Client;
use crate::runtime::security::{Flow, Flows, Scheme};

const OAUTH: Scheme = Scheme::oauth2(
    "oauth",
    &Flows {
        client_credentials: None,
        authorization_code: Some(Flow {
            authorization_url: "/authorize?tenant=1",
            token_url: "/token",
            refresh_url: "",
        }),
    },
);

const TOKENS: Event = Answer(
    200,
    &[],
    r#"{"access_token":"a1","token_type":"Bearer","expires_in":60,"refresh_token":"r1"}"#,
);

fn grant() -> AuthorizationCode {
    AuthorizationCode::new(OAUTH, "client id", "https://app.example/callback")
}

fn resume(grant: AuthorizationCode, client: &Client) -> Login {
    grant.resume(client, "the-state", "the-verifier").unwrap()
}

#[test]
fn the_challenge_is_that_of_the_rfc() {
    // RFC 7636, appendix B.
    assert_eq!(
        challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
}

#[test]
fn the_url_to_open() {
    let client = Script::default().client();
    let login = resume(
        grant()
            .scope("admin")
            .scope("read")
            .query("prompt", "login"),
        &client,
    );
    assert_eq!(
        login.url(),
        "https://api.example/authorize?tenant=1&response_type=code&client_id=client+id\
         &redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&scope=admin+read&state=the-state\
         &code_challenge=sP6XQ2T7IHwj7eBkdcI9xyC8WxEik0RMQk0tVGDKZPI&code_challenge_method=S256\
         &prompt=login"
    );
    let other = grant().authorization_url("https://login.example/a");
    assert!(
        resume(other, &client)
            .url()
            .starts_with("https://login.example/a?response_type=")
    );
    let plain = grant().authorization_url("http://login.example/a");
    let error = plain.start(&client).err().unwrap();
    assert!(error.to_string().contains("not an https URL"), "{error}");
}

#[test]
fn every_login_has_its_own_state_and_verifier() {
    let client = Script::default().client();
    let (one, other) = (
        grant().start(&client).unwrap(),
        grant().start(&client).unwrap(),
    );
    assert_ne!(one.state(), other.state());
    assert_ne!(one.verifier(), other.verifier());
    // RFC 7636, section 4.1: at least 43 unreserved characters.
    assert_eq!((one.state().len(), one.verifier().len()), (43, 43));
    let shown = format!("{one:?}");
    assert!(
        !shown.contains(one.state()) && !shown.contains(one.verifier()),
        "{shown}"
    );
}

#[tokio::test]
async fn a_code_becomes_tokens() {
    let script = Script::new([TOKENS]);
    let client = script.client();
    for callback in [
        "code=c%2F1&state=the-state",
        "https://app.example/callback?state=the-state&code=c%2f1&iss=https://any.example#_",
    ] {
        let tokens = resume(grant(), &client)
            .finish(&client, callback)
            .await
            .unwrap();
        assert_eq!(
            (tokens.access_token(), tokens.refresh_token()),
            ("a1", Some("r1"))
        );
        let sent = script.sent().remove(0);
        assert_eq!(sent.request.uri(), "https://api.example/token");
        assert_eq!(
            std::str::from_utf8(&sent.body).unwrap(),
            "grant_type=authorization_code&code=c%2F1\
             &redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&code_verifier=the-verifier\
             &client_id=client+id"
        );
        assert_eq!(sent.header("authorization"), None);
    }
    let secret = grant()
        .secret("pw")
        .scope("admin")
        .parameter("resource", "x");
    let login = resume(secret, &client);
    login
        .finish(&client, "code=c&state=the-state")
        .await
        .unwrap();
    let sent = script.sent().remove(0);
    assert_eq!(sent.header("authorization"), Some("Basic Y2xpZW50K2lkOnB3"));
    let body = std::str::from_utf8(&sent.body).unwrap();
    assert!(
        body.ends_with("&code_verifier=the-verifier&resource=x"),
        "{body}"
    );
}

#[tokio::test]
async fn invalid_callbacks_are_rejected() {
    let script = Script::new([TOKENS]);
    let client = script.client();
    let issuer = || grant().issuer("https://login.example");
    let state = "the state of the callback is not that of this login";
    let iss = "the callback is not from the issuer of this login";
    for (grant, callback, expected) in [
        (grant(), "", state),
        (grant(), "code=c", state),
        (grant(), "code=c&state=", state),
        (grant(), "code=c&state=the-stat", state),
        (grant(), "code=c&state=the-state2", state),
        // An error without the right state is not trusted.
        (grant(), "error=access_denied", state),
        (
            grant(),
            "code=c&state=the-state&state=the-state",
            "the callback has `state` twice",
        ),
        (
            grant(),
            "code=c&code=d&state=the-state",
            "the callback has `code` twice",
        ),
        (
            grant(),
            "state=the-state",
            "the callback has neither a code nor an error",
        ),
        (
            grant(),
            "state=the-state&code=",
            "the callback has neither a code nor an error",
        ),
        (issuer(), "state=the-state&code=c", iss),
        (
            issuer(),
            "state=the-state&code=c&iss=https%3A%2F%2Fevil.example",
            iss,
        ),
        (
            issuer(),
            "state=the-state&code=c&iss=https%3A%2F%2Flogin.example%2F",
            iss,
        ),
        (
            grant(),
            "state=the-state&error=access_denied&error_description=No+thanks%0A",
            "the login failed: access_denied (No thanks)",
        ),
    ] {
        let error = resume(grant, &client)
            .finish(&client, callback)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), expected, "{callback}");
    }
    assert_eq!(script.sent().len(), 0);
    let login = resume(issuer(), &client);
    let callback = "state=the-state&code=c&iss=https%3A%2F%2Flogin.example";
    login.finish(&client, callback).await.unwrap();
}

#[tokio::test]
async fn a_code_is_sent_once() {
    let script = Script::new([Cut]);
    let client = script.client();
    let login = resume(grant(), &client);
    login
        .finish(&client, "code=c&state=the-state")
        .await
        .unwrap_err();
    assert_eq!(script.sent().len(), 1);
    script.then([Answer(
        400,
        &[],
        r#"{"error":"invalid_grant","error_description":"the-verifier"}"#,
    )]);
    let login = resume(grant(), &client);
    let error = login
        .finish(&client, "code=c&state=the-state")
        .await
        .unwrap_err();
    assert_eq!(error.error(), Some("invalid_grant"));
    assert_eq!(error.description(), Some("[redacted]"));
}
