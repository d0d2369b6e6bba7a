use api::Error;
use api::operations::{
    GetDefaultFailure, GetIfChangedFailure, GetRedirectHeaders, HeadThingFailure, HeadThingHeaders,
    OpenSocketFailure, PostSeveralFailure, PostSeveralOutput,
};
use api::types::{Made, Missing, Problem, Thing};
use recorder::{client, wait};

const THING: &str = r#"{"name":"a"}"#;

fn thing() -> Thing {
    Thing::new("a")
}

#[test]
fn each_successful_status_has_its_own_variant() {
    let (client, recorder) = client();
    for (status, body, output) in [
        (200, THING, PostSeveralOutput::Ok(thing())),
        (201, r#"{"id":1}"#, PostSeveralOutput::Created(Made::new(1))),
        (202, "", PostSeveralOutput::Accepted),
    ] {
        recorder.answer(status, &[("content-type", "application/json")], body);
        assert_eq!(wait(client.post_several()).unwrap(), output);
    }
}

#[test]
fn a_failure_is_selected_by_code_then_range_then_default() {
    let (client, recorder) = client();
    let missing = r#"{"place":"x"}"#;
    let problem = r#"{"title":"x"}"#;
    for (status, media_type, body, failure) in [
        (
            404,
            "application/json",
            missing,
            PostSeveralFailure::NotFound(Missing::new("x")),
        ),
        (
            400,
            "application/problem+json",
            problem,
            PostSeveralFailure::ClientError(Problem::new("x")),
        ),
        (
            499,
            "application/problem+json",
            problem,
            PostSeveralFailure::ClientError(Problem::new("x")),
        ),
        (503, "text/html", "<html>", PostSeveralFailure::ServerError),
        (
            204,
            "text/plain",
            "odd",
            PostSeveralFailure::Default("odd".to_owned()),
        ),
    ] {
        recorder.answer(status, &[("content-type", media_type)], body);
        let error = wait(client.post_several()).unwrap_err();
        assert_eq!(error.failure(), Some(&failure), "{error}");
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.bytes().unwrap(), body);
    }
}

#[test]
fn the_status_selects_the_response() {
    let (client, recorder) = client();
    let json = [("content-type", "application/json")];
    // A body is not read as that of another status.
    recorder.answer(404, &json, THING);
    let error = wait(client.post_several()).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
    assert_eq!(error.status().unwrap(), 404);
}

#[test]
fn a_range_and_a_default() {
    let (client, recorder) = client();
    for status in [200, 250, 299] {
        recorder.answer(status, &[], THING);
        assert_eq!(wait(client.get_range()).unwrap(), thing());
        assert_eq!(wait(client.get_default()).unwrap(), thing());
    }
    recorder.answer(404, &[], THING);
    let error = wait(client.get_range()).unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    let error = wait(client.get_default()).unwrap_err();
    assert_eq!(error.failure(), Some(&GetDefaultFailure::Default(thing())));
}

#[test]
fn responses_without_a_body() {
    let (client, recorder) = client();
    recorder.answer(204, &[], "");
    wait(client.get_nothing()).unwrap();
    // The length is that of the body for GET.
    let headers = [("content-length", "12"), ("content-type", "application/json")];
    recorder.answer(200, &headers, "");
    let response = wait(client.head_thing().send()).unwrap();
    assert_eq!(
        HeadThingHeaders::content_length(response.headers()).unwrap(),
        Some(12)
    );
    recorder.answer(404, &headers, "");
    let error = wait(client.head_thing()).unwrap_err();
    assert_eq!(error.failure(), Some(&HeadThingFailure::NotFound));
    recorder.answer(304, &[], "");
    let error = wait(client.get_if_changed()).unwrap_err();
    assert_eq!(error.failure(), Some(&GetIfChangedFailure::NotModified));
}

#[test]
fn a_documented_redirect_is_the_output() {
    let (client, recorder) = client();
    let there = "https://elsewhere.example/x";
    recorder.answer(302, &[("location", there)], "");
    let response = wait(client.get_redirect().send()).unwrap();
    assert_eq!(GetRedirectHeaders::location(response.headers()).unwrap(), there);
    assert_eq!(recorder.take().len(), 1, "it is not followed");
}

#[test]
fn two_successes_of_one_type_are_that_type() {
    let (client, recorder) = client();
    for status in [200, 206] {
        recorder.answer(status, &[], THING);
        let response = wait(client.get_same().send()).unwrap();
        assert_eq!((response.status().as_u16(), response.value()), (status, &thing()));
    }
}

#[test]
fn a_switch_of_protocols_is_a_success_without_another() {
    let (client, recorder) = client();
    recorder.answer(101, &[], "");
    wait(client.open_socket()).unwrap();
    recorder.answer(400, &[], "");
    let error = wait(client.open_socket()).unwrap_err();
    assert_eq!(error.failure(), Some(&OpenSocketFailure::BadRequest));
}

#[test]
fn a_failure_shows_the_beginning_of_its_body_without_secrets() {
    let (client, recorder) = client();
    let shown = |status: u16, media_type: &'static str, body: &str| {
        recorder.answer(status, &[("content-type", media_type)], body);
        let error = wait(client.post_several()).unwrap_err();
        assert!(error.failure().is_some(), "{error:?}");
        let shown = error.to_string();
        let (head, body) = shown.split_once(&format!("({media_type}, {} bytes)", body.len())).unwrap();
        assert!(head.starts_with(&format!("POST /several answered {status} ")), "{shown}");
        body.to_owned()
    };
    let problem = "application/problem+json";
    assert_eq!(
        shown(400, problem, r#"{"title": "a: b", "more": [1, null]}"#),
        r#": {"title": "a: b", "more": [1, null]}"#
    );
    // Secrets by type, by name, and undeclared ones.
    assert_eq!(
        shown(
            400,
            problem,
            r#"{"pin":"hunter2","title":"a","password":null,"more":{"accessToken":["hunter2",{}],"token_type":"x"}}"#
        ),
        r#": {"pin":"[redacted]","title":"a","password":null,"more":{"accessToken":"[redacted]","token_type":"x"}}"#
    );
    assert_eq!(
        shown(400, problem, "{\n  \"title\": \"a\\u001b\"\n}\n"),
        r#": { "title": "a\u001b" }"#
    );
    let long = format!("{{\"title\":\"{}\"}}", "\u{fc}".repeat(300));
    let expected = long.chars().take(200).collect::<String>();
    assert_eq!(shown(400, problem, &long), format!(": {expected}.."));
    let secret = format!("{{\"title\":\"\",\"pin\":\"{}\"}}", "hunter2".repeat(100));
    assert_eq!(shown(400, problem, &secret), r#": {"title":"","pin":"[redacted]"}"#);
    assert_eq!(
        shown(302, "text/plain", "no\r\nway: password=hunter2&a=<secret>hunter2</secret>"),
        ": no way: password=[redacted]&a=<secret>[redacted]</secret>"
    );
    assert_eq!(shown(503, "image/png", "PNG"), "");
}

#[test]
fn an_incomplete_or_too_long_body_is_an_error() {
    let (client, recorder) = client();
    for (body, message) in [
        (
            r#"{"place":"a"#,
            "the body ends after 11 bytes, in the middle of its JSON",
        ),
        (
            r#"{"place":"a"}}"#,
            "unexpected text after the JSON value, at line 1 column 14",
        ),
    ] {
        recorder.answer(404, &[("content-type", "application/json")], body);
        let error = wait(client.post_several()).unwrap_err();
        assert!(error.to_string().ends_with(message), "{error}");
    }
}
