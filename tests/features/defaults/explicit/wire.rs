//! `explicit_defaults`: properties that are equal to their default are written.

use api::Client;
use api::operations::CreateSettingsBody as Body;
use api::runtime::explicit_defaults;
use api::types::{Change, Inner, Settings, create_settings};
use recorder::{Recorder, client, wait};

fn explicit() -> (Client, Recorder) {
    let recorder = Recorder::new();
    let client = Client::builder()
        .transport(recorder.clone())
        .explicit_defaults(true)
        .build();
    (client.unwrap(), recorder)
}

fn settings() -> Settings {
    Settings {
        inner: Some(Inner::default()),
        ..Settings::default()
    }
}

/// Returns the JSON that a client sends.
fn json((client, recorder): (Client, Recorder), settings: Settings) -> String {
    let _ = wait(client.create_settings(Body::Json(settings)));
    String::from_utf8(recorder.one().body).unwrap()
}

const ALL: &str = r#"{"active":true,"mode":"fast","owner":"nobody","preset":5,"inner":{"depth":3,"any":[1]}}"#;

#[test]
fn json_has_defaults_if_the_client_enables_them() {
    assert_eq!(json(client(), settings()), r#"{"preset":5,"inner":{}}"#);
    assert_eq!(json(explicit(), settings()), ALL);
    let other = Settings {
        active: false,
        owner: None,
        revision: 7,
        ..Settings::default()
    };
    assert_eq!(
        json(explicit(), other),
        r#"{"active":false,"mode":"fast","owner":null,"preset":5,"revision":7}"#
    );
}

#[test]
fn forms_and_parts_have_defaults_too() {
    let (client, recorder) = explicit();
    let _ = wait(client.create_settings(Body::XWwwFormUrlencoded(settings())));
    assert_eq!(
        String::from_utf8(recorder.one().body).unwrap(),
        "active=true&mode=fast&owner=nobody&preset=5&inner=%7B%22depth%22%3A3%2C%22any%22%3A%5B1%5D%7D"
    );
    let (client, recorder) = explicit();
    let _ = wait(client.create_settings(Body::FormData(settings())));
    let body = String::from_utf8(recorder.one().body).unwrap();
    for part in ["active", "mode", "owner", "preset", "inner"] {
        assert!(body.contains(&format!("name=\"{part}\"")), "{body}");
    }
    for part in ["revision", "label"] {
        assert!(!body.contains(&format!("name=\"{part}\"")), "{body}");
    }
}

#[test]
fn parameters_have_defaults_too() {
    let query = |(client, recorder): (Client, Recorder)| {
        let request = client
            .create_settings(Body::Json(Settings::default()))
            .options(create_settings::Options::default())
            .page(1);
        let _ = wait(request);
        recorder.one().request.uri().query().unwrap().to_owned()
    };
    assert_eq!(query(client()), "page=1");
    assert_eq!(
        query(explicit()),
        "options%5Bdry%5D=false&options%5Blimit%5D=10&page=1"
    );
}

#[test]
fn a_patch_contains_only_set_properties() {
    for (client, recorder) in [client(), explicit()] {
        wait(client.change_settings(Change::default())).unwrap();
        let change = Change {
            active: Some(Change::default_active()),
        };
        wait(client.change_settings(change)).unwrap();
        let bodies = recorder.take().into_iter();
        let bodies: Vec<_> = bodies.map(|sent| String::from_utf8(sent.body).unwrap()).collect();
        assert_eq!(bodies, ["{}", r#"{"active":true}"#]);
    }
}

#[test]
fn defaults_are_written_without_a_client() {
    let written = || serde_json::to_string(&settings()).unwrap();
    assert_eq!(explicit_defaults(written), ALL);
    assert_eq!(written(), r#"{"preset":5,"inner":{}}"#);
}
