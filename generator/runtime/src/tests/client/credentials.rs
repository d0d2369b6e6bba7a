//! Credentials: where they are sent, and that nothing shows them.

use super::*;

#[tokio::test]
async fn each_credential_is_sent_only_where_it_is_required() {
    assert_eq!(sent(Nobody).await, [""; 0]);
    assert_eq!(sent(Bearer).await, ["authorization: Bearer hunter2=="]);
    // RFC 7617: the first colon is the separator.
    assert_eq!(
        sent(Basic).await,
        ["authorization: Basic dXNlcjpodW50ZXI6Mg=="]
    );
    assert_eq!(sent(Digest).await, ["authorization: Digest hunter2=="]);
    assert_eq!(sent(Header).await, ["x-key: hunter2=="]);
    assert_eq!(sent(Query).await, ["?fixed=1&api%20key=hunter2%3D%3D"]);
    assert_eq!(sent(Cookie).await, ["cookie: session=hunter2=="]);
    assert_eq!(sent(MutualTls).await, [""; 0]);
    assert_eq!(
        sent(Both).await,
        ["authorization: Bearer hunter2==", "x-key: hunter2=="]
    );
    assert_eq!(sent(Either).await, ["authorization: Bearer hunter2=="]);
    assert_eq!(sent(Optional).await, ["authorization: Bearer hunter2=="]);
    // An empty alternative makes the others optional, wherever it is in the list.
    assert_eq!(sent(First).await, ["authorization: Bearer hunter2=="]);
}

#[tokio::test]
async fn the_first_complete_alternative_is_sent() {
    let memory = Memory::default();
    let client = builder(&memory)
        .credential(HEADER, "k")
        .credential(COOKIE, "c")
        .build()
        .unwrap();
    client.request(Both).await.unwrap();
    assert_eq!(credentials(&memory), ["cookie: session=c"]);
    client.request(Either).await.unwrap();
    assert_eq!(credentials(&memory), ["x-key: k"]);
    client.request(Optional).await.unwrap();
    assert_eq!(credentials(&memory), [""; 0]);
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent() {
    let memory = Memory::default();
    let client = builder(&memory).credential(COOKIE, "c").build().unwrap();
    let error = client.request(Bearer).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /bearer needs `bearer`, which the client was not given"
    );
    let error = client.request(Either).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /either needs `bearer`, or `header`, which the client was not given"
    );
    let Error::MissingCredential(missing) = error else {
        panic!();
    };
    assert_eq!(missing.alternatives(), [[BEARER], [HEADER]]);
    assert!(client.request(MutualTls).await.is_err());
    let none = builder(&memory).build().unwrap();
    let error = none.request(Both).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /both needs `bearer` and `header`, or `cookie`, which the client was not given"
    );
    assert!(memory.sent().is_empty());
}

#[test]
fn an_invalid_credential_is_rejected() {
    let memory = Memory::default();
    for scheme in ALL {
        let secret = "hunter2\r\nX: y";
        let built = builder(&memory).credential(scheme, secret).build();
        // A query encodes the credential, and a certificate is not sent at all.
        if scheme == QUERY || scheme == TLS {
            assert!(built.is_ok());
            continue;
        }
        let error = built.unwrap_err().to_string();
        assert!(
            error.contains(scheme.name()) && !error.contains("hunter"),
            "{error}"
        );
    }
    for secret in ["a;b", "a b", "a,b", "\"a\"", "ü"] {
        assert!(builder(&memory).credential(COOKIE, secret).build().is_err());
    }
    assert!(
        builder(&memory)
            .user_and_password(BASIC, "a:b", "c")
            .build()
            .is_err()
    );
    assert!(
        builder(&memory)
            .user_and_password(BASIC, "a", "b:\r\nü")
            .build()
            .is_ok()
    );
    assert!(builder(&memory).user_agent("a\nb").build().is_err());
    assert!(builder(&memory).default_header("a b", "c").build().is_err());
    assert!(
        builder(&memory)
            .default_header("a", "b\nc")
            .build()
            .is_err()
    );
    assert!(builder(&memory).base_url("ftp://x").build().is_err());
    assert!(
        ClientBuilder::new("/v1")
            .transport(memory.clone())
            .build()
            .is_err()
    );
    assert!(
        ClientBuilder::new("/v1")
            .base_url("http://x")
            .transport(memory)
            .build()
            .is_ok()
    );
}

#[tokio::test]
async fn nothing_shows_a_credential() {
    let memory = Memory::default().answer(500, &[("set-cookie", "session=hunter2")], "hunter2");
    let builder = with_all(&memory);
    let mut shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    let error = client.request(Both).await.unwrap_err();
    shown.push_str(&format!(
        "{client:?} {:?} {error} {error:?}",
        client.request(Both)
    ));
    assert!(
        !shown.contains("hunter") && !shown.contains("dXNl"),
        "{shown}"
    );
    let (_, headers) = memory.sent().pop().unwrap();
    assert!(!format!("{headers:?}").contains("hunter"));
}

/// An API key in the query is part of the URL, which reqwest shows in its errors.
#[tokio::test]
async fn no_error_of_the_transport_shows_a_key_of_the_query() {
    let builder = ClientBuilder::new("http://127.0.0.1:1").credential(QUERY, "hunter2");
    let client = builder.build().unwrap();
    let error = client.request(Query).await.unwrap_err();
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        shown.push_str(&format!("{error} {error:?}"));
        source = error.source();
    }
    assert!(!shown.contains("hunter2"), "{shown}");
}

/// A credential that the server repeats in any form is not shown.
#[tokio::test]
async fn a_failure_shows_its_body_without_the_clients_credentials() {
    let json = ("content-type", "application/json");
    let memory = Memory::default()
        .answer(
            404,
            &[json],
            r#"{"error":"no key hunter2==","b":["hunter\u0032=="]}"#,
        )
        .answer(
            404,
            &[("content-type", "text/plain")],
            "Basic dXNlcjpodW50ZXI6Mg== hunter:2",
        )
        .answer(
            404,
            &[("content-type", "text/html")],
            "<a href='?k=hunter2%3D%3D'>",
        )
        .answer(404, &[("content-type", "image/png")], "hunter2==");
    let client = with_all(&memory).build().unwrap();
    let mut shown = Vec::new();
    for _ in 0..4 {
        let (id, content) = ("a".to_owned(), Content::default());
        let error = client
            .request(Everything { id, content })
            .await
            .unwrap_err();
        let error = error.to_string();
        shown.push(error.split_once("bytes)").unwrap().1.to_owned());
    }
    assert_eq!(
        shown,
        [
            r#": {"error":"no key [redacted]","b":["[redacted]"]}"#,
            ": Basic [redacted] [redacted]",
            ": <a href='?k=[redacted]'>",
            "",
        ]
    );
}
