//! A tape has no secret.

use super::*;

const KEY: Scheme = Scheme::query("key", "k");
const TOKEN: Scheme = Scheme::bearer("token");
const COOKIE: Scheme = Scheme::cookie("session", "session");
const HEADER: Scheme = Scheme::header("header", "x-h");
const OAUTH: Scheme = Scheme::oauth2("oauth", &FLOWS);

const FLOWS: Flows = Flows {
    client_credentials: Some(Flow {
        authorization_url: "",
        token_url: "https://login.example/token",
        refresh_url: "",
    }),
    authorization_code: None,
};

operations! {
    Secured get "/secured", SECURITY: Security = &[&[OAUTH]];
}

/// Secrets in each place of a request.
#[derive(Clone, Debug)]
struct Secrets(Secret, Secret);

impl Operation for Secrets {
    const ENDPOINT: Endpoint = Endpoint::post("/bots/{bot}");
    const SECURITY: Security = &[&[KEY, TOKEN, COOKIE, HEADER]];
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        let Self(secret, short) = self;
        request.path("bot", secret);
        request.query("pin", secret);
        request.query("short", short);
        request.query("page", &Some(17));
        request.query_json("json", &[secret, short]);
        request.header("X-Pin", &Secret::from("s3cr3t-in-header"), false);
        request.json("application/json", &[secret, short]);
    }

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        match reply.code() {
            200 => Ok(()),
            _ => Err(Rejection::Undocumented),
        }
    }
}

/// Returns a client with credentials.
fn secretive(transport: impl Transport + 'static, name: &str) -> Client {
    let secret = |place: &str| format!("{place}-{name}");
    builder(transport)
        .credential(KEY, secret("ke&y"))
        .credential(TOKEN, secret("token"))
        .credential(COOKIE, secret("cookie"))
        .credential(HEADER, secret("header"))
        .hide(secret("hidden"))
        .secret_names(&["pin_code"])
        .build()
        .unwrap()
}

async fn send_secrets(client: &Client, name: &str) -> Result<(), Error<NoFailure>> {
    let operation = Secrets(
        Secret::from(format!("a/b ü\"{name}")),
        Secret::from(if name == "s3cr3t" { "q7" } else { "q8" }),
    );
    let options = Options::new()
        .query("password", format!("password-{name}"))
        .query("X-Amz-Signature", format!("signature-{name}"));
    client.request(operation).with(options).await
}

/// Responses that contain the secrets of the request, or secrets of the server.
const ECHOES: &[(&str, &str)] = &[
    (
        "application/json",
        r#"{"access_token": "a-s3cr3t", "pin_code": "p-s3cr3t", "id": 12, "password": 98765,
            "client_secret": {"of": ["b-s3cr3t", -98765, true, null], "token-s3cr3t": "c-s3cr3t"},
            "echo": "is token-\u00733cr3t.", "next": "/v1/bots?page=2&token=d-s3cr3t",
            "encoded": "ke%26y-s3cr3t", "short": "q7", "log": "Authorization: Bearer e-s3cr3t"}"#,
    ),
    (
        "application/x-www-form-urlencoded",
        "id=12&refresh_token=f-s3cr3t&a=ke%26y-s3cr3t&b=q7&c=a%2Fb+%C3%BC%22s3cr3t",
    ),
    (
        "text/x-events",
        "data: {\"api_key\":\"g-s3cr3t\",\"id\":12}\n\ndata: {\ndata: \"password\": \"h-s3cr3t\"}\n\n",
    ),
    (
        "text/plain",
        "id: 12, password=i-s3cr3t; q: token-s3cr3t\nq7\nsecret = \"u, v-s3cr3t\"\nclient_secret: 'w x-s3cr3t",
    ),
    (
        "application/xml",
        "<a id='12'><password>y, j-s3cr3t</password><u href='/?sig=k-s3cr3t'/></a>",
    ),
];

const ECHO_HEADERS: &[(&str, &str)] = &[
    ("set-cookie", "session=l-s3cr3t"),
    ("authorization", "m-s3cr3t"),
    ("x-api-key", "n-s3cr3t"),
    ("x-auth-token", "o-s3cr3t"),
    ("x-echo", "the token-s3cr3t"),
    ("x-short", "q7"),
    ("x-bytes", "\u{fc}-token-s3cr3t"),
    ("location", "/v1/bots?access_token=p-s3cr3t&page=2"),
    ("link", "</v1/bots?page=3&k=ke%26y-s3cr3t>; rel=\"next\""),
    ("x-request-id", "r-12"),
];

#[tokio::test]
async fn a_tape_has_no_secret() {
    let place = Place::new();
    for (content_type, body) in ECHOES {
        let mut headers = ECHO_HEADERS.to_vec();
        headers.push(("content-type", content_type));
        let answer = Answer(200, headers.leak(), body);
        let client = secretive(place.record(&Script::new([answer])), "s3cr3t");
        send_secrets(&client, "s3cr3t").await.unwrap();
    }
    let binary = b"\xff\xfe token-s3cr3t \x00 hidden-s3cr3t";
    let pieces = vec![Piece::Data(bytes::Bytes::from_static(binary))];
    let script = Script::new([Stream(200, &[], pieces)]);
    let client = secretive(place.record(&script), "s3cr3t");
    send_secrets(&client, "s3cr3t").await.unwrap();
    let sent = script.sent();
    let sent = format!(
        "{:?} {}",
        sent[0].request,
        String::from_utf8_lossy(&sent[0].body)
    );
    // `Debug` of the headers omits three.
    let counts = ["s3cr3t", "Sensitive"].map(|word| sent.matches(word).count());
    assert_eq!(counts, [8, 3], "{sent}");

    let text = place.text();
    for secret in ["3cr3t", "98765", "q7", "33637233"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let lines = place.lines();
    assert_eq!(lines.len(), ECHOES.len() + 1);
    for line in &lines {
        assert_eq!(line["path"], "/v1/bots/REDACTED");
        assert_eq!(
            line["query"],
            "X-Amz-Signature=REDACTED&json=REDACTED&k=REDACTED&page=17&password=REDACTED\
             &pin=REDACTED&short=REDACTED"
        );
    }
    assert_recorded(&lines);

    // A replay needs no secrets.
    let client = secretive(place.replay(), "different");
    for _ in 0..=ECHOES.len() {
        send_secrets(&client, "different").await.unwrap();
    }
    send_secrets(&client, "different").await.unwrap_err();
}

/// Asserts that values that are not secret are recorded.
fn assert_recorded(lines: &[Value]) {
    let headers = lines[0]["headers"].as_array().unwrap();
    for (name, value) in [
        ("location", "/v1/bots?access_token=REDACTED&page=2"),
        ("link", "</v1/bots?page=3&k=REDACTED>; rel=\"next\""),
        ("x-request-id", "r-12"),
    ] {
        assert!(headers.contains(&json!([name, value])), "{headers:?}");
    }
    let body: Value = serde_json::from_str(lines[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "access_token": "REDACTED", "pin_code": "REDACTED", "id": 12, "password": 0,
            "client_secret": {"of": ["REDACTED", 0, true, null], "REDACTED": "REDACTED"},
            "echo": "is REDACTED.", "next": "/v1/bots?page=2&token=REDACTED",
            "encoded": "REDACTED", "short": "REDACTED", "log": "Authorization: REDACTED",
        })
    );
    assert_eq!(
        lines[1]["body"],
        "id=12&refresh_token=REDACTED&a=REDACTED&b=REDACTED&c=REDACTED"
    );
    for line in &lines[2..5] {
        assert!(line["body"].as_str().unwrap().contains("12"), "{line}");
    }
}

#[tokio::test]
async fn a_tape_has_no_token() {
    let place = Place::new();
    let token = r#"{"access_token":"t-s3cr3t","token_type":"Bearer","refresh_token":"u-s3cr3t"}"#;
    let script =
        Script::new([Answer(200, &[], "of t-s3cr3t")]).at("/token", [Answer(200, &[], token)]);
    let with = |builder: ClientBuilder, secret: &str| {
        let credentials = ClientCredentials::new("id", secret).in_body();
        builder.oauth2_scheme(OAUTH, credentials).build().unwrap()
    };
    let recorded = with(builder(place.record(&script)), "v-s3cr3t");
    recorded.request(Secured).await.unwrap();
    assert!(!place.text().contains("s3cr3t"), "{}", place.text());
    assert_eq!(place.lines().len(), 2);
    let replayed = with(builder(place.replay()), "different");
    replayed.request(Secured).await.unwrap();
}
