//! A client with every credential sends only the credentials that the operation requires, in the
//! documented place.

use std::fmt::Display;

use api::types::optional;
use api::{Client, ClientBuilder, Error};
use recorder::{Recorder, wait};

/// Returns a builder with a distinct text for every credential, including base64.
fn with_all() -> ClientBuilder {
    Client::builder()
        .bearer("s3cret-bearer")
        .basic("s3cret-user", "s3cret-password")
        .digest("s3cret-digest")
        .header_key("s3cret-header")
        .query_key("s3cret-query")
        .cookie_key("s3cret-cookie")
        .oauth("s3cret-oauth")
        .openid("s3cret-openid")
        .certificate()
}

const BASIC: &str = "czNjcmV0LXVzZXI6czNjcmV0LXBhc3N3b3Jk";

/// Compares the whole request, byte by byte.
#[track_caller]
fn sends<C>(builder: ClientBuilder, call: C, expected: &str)
where
    C: AsyncFnOnce(&Client) -> Result<(), Box<dyn std::error::Error>>,
{
    let recorder = Recorder::new();
    let client = builder.transport(recorder.clone()).build().unwrap();
    wait(call(&client)).unwrap();
    assert_eq!(recorder.one().text(), expected);
    // Credentials are not printed.
    let shown = format!("{client:?}");
    assert!(!shown.contains("s3cret") && !shown.contains(BASIC), "{shown}");
}

macro_rules! call {
    ($($call:tt)*) => { async |client| Ok(client.$($call)*.await?) };
}

#[test]
fn each_kind_is_sent_in_its_place() {
    for (call, path, credential) in [
        ("usual", "/usual", "authorization: Bearer s3cret-bearer\n"),
        ("nothing", "/nothing", ""),
        ("header_key", "/header-key", "x-key: s3cret-header\n"),
        ("query_key", "/query-key?api%20key=s3cret-query", ""),
        ("cookie_key", "/cookie-key", "cookie: sid=s3cret-cookie\n"),
        (
            "basic",
            "/basic",
            "authorization: Basic czNjcmV0LXVzZXI6czNjcmV0LXBhc3N3b3Jk\n",
        ),
        ("digest", "/digest", "authorization: Digest s3cret-digest\n"),
        ("oauth", "/oauth", "authorization: Bearer s3cret-oauth\n"),
        ("openid", "/openid", "authorization: Bearer s3cret-openid\n"),
        ("certificate", "/certificate", ""),
        (
            "both",
            "/both?api%20key=s3cret-query",
            "x-key: s3cret-header\n",
        ),
        (
            "either",
            "/either",
            "authorization: Basic czNjcmV0LXVzZXI6czNjcmV0LXBhc3N3b3Jk\n",
        ),
    ] {
        let expected = format!("GET https://api.example.com{path}\n{credential}");
        let all = with_all();
        match call {
            "usual" => sends(all, call!(usual()), &expected),
            "nothing" => sends(all, call!(nothing()), &expected),
            "header_key" => sends(all, call!(header_key()), &expected),
            "query_key" => sends(all, call!(query_key()), &expected),
            "cookie_key" => sends(all, call!(cookie_key()), &expected),
            "basic" => sends(all, call!(basic()), &expected),
            "digest" => sends(all, call!(digest()), &expected),
            "oauth" => sends(all, call!(oauth()), &expected),
            "openid" => sends(all, call!(openid()), &expected),
            "certificate" => sends(all, call!(certificate()), &expected),
            "both" => sends(all, call!(both()), &expected),
            _ => sends(all, call!(either()), &expected),
        }
    }
}

#[test]
fn credentials_stand_beside_parameters() {
    sends(
        with_all(),
        call!(query_key().q("a")),
        "GET https://api.example.com/query-key?q=a&api%20key=s3cret-query\n",
    );
    sends(
        with_all(),
        call!(cookie_key().theme("dark")),
        "GET https://api.example.com/cookie-key\n\
         cookie: theme=dark; sid=s3cret-cookie\n",
    );
}

#[test]
fn the_first_complete_alternative_of_several_is_used() {
    let either = |builder, path: &str, credential: &str| {
        let expected = format!("GET https://api.example.com{path}\n{credential}");
        sends(builder, call!(either()), &expected);
    };
    // The second one is incomplete.
    either(
        Client::builder().cookie_key("s3cret-a").header_key("s3cret-b"),
        "/either",
        "x-key: s3cret-b\n",
    );
    either(
        Client::builder()
            .header_key("s3cret-c")
            .query_key("s3cret-b&")
            .cookie_key("s3cret-a"),
        "/either?api%20key=s3cret-b%26",
        "cookie: sid=s3cret-a\n",
    );
}

#[test]
fn an_optional_credential_is_sent_if_it_is_set() {
    let note = optional::RequestBody {
        note: Some("x".to_owned()),
    };
    let body = "content-type: application/json\n\n{\"note\":\"x\"}";
    let head = "POST https://api.example.com/optional\n";
    sends(
        with_all(),
        call!(optional(note.clone())),
        &format!("{head}authorization: Bearer s3cret-bearer\n{body}"),
    );
    sends(
        Client::builder().oauth("s3cret-other"),
        call!(optional(note.clone())),
        &format!("{head}{body}"),
    );
}

#[test]
fn without_a_credential_no_request_is_sent() {
    fn missing<E: Display>(error: &Error<E>) -> bool
    where
        Error<E>: Display,
    {
        matches!(error, Error::MissingCredential(_))
    }
    let recorder = Recorder::new();
    let builder = Client::builder().query_key("s3cret").oauth("s3cret");
    let client = builder.transport(recorder.clone()).build().unwrap();
    assert!(missing(&wait(client.usual()).unwrap_err()));
    assert!(missing(&wait(client.header_key()).unwrap_err()));
    assert!(missing(&wait(client.both()).unwrap_err()));
    assert!(missing(&wait(client.openid()).unwrap_err()));
    let error = wait(client.either()).unwrap_err();
    assert!(missing(&error));
    let shown = error.to_string();
    for name in ["basic", "cookieKey", "headerKey"] {
        assert!(shown.contains(name), "{shown}");
    }
    assert!(recorder.take().is_empty(), "nothing is sent");
}

#[test]
fn a_credential_that_cannot_stand_in_its_place_is_refused() {
    assert!(Client::builder().bearer("a\r\nb: c").build().is_err());
    assert!(Client::builder().header_key("a\nb").build().is_err());
    assert!(Client::builder().cookie_key("a; b=c").build().is_err());
    assert!(Client::builder().basic("a:b", "c").build().is_err());
    sends(
        Client::builder().query_key("s3cret &=?#\u{fc}"),
        call!(query_key()),
        "GET https://api.example.com/query-key?api%20key=s3cret%20%26%3D%3F%23%C3%BC\n",
    );
}
