use api::Error;
use api::operations::{
    GetAnythingOutput, GetByPreferenceOutput, GetJsonRangeOutput, GetOfFrameworkFailure,
    GetVendorOutput, GetVersionsOutput,
};
use api::types::{Level, Note, Problem, get_versions};
use recorder::{client, wait};

const NOTE: &str = r#"{"text":"a"}"#;

fn note() -> Note {
    Note::new("a")
}

fn of_type(media_type: &'static str) -> [(&'static str, &'static str); 1] {
    [("content-type", media_type)]
}

#[test]
fn json_under_any_name() {
    let (client, recorder) = client();
    for media_type in ["application/json", "text/plain; charset=utf-8"] {
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(wait(client.get_json()).unwrap(), note());
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(wait(client.get_range()).unwrap(), note());
    }
    recorder.answer(200, &of_type("text/html"), "<html>");
    let error = wait(client.get_json()).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
    assert_eq!(error.bytes().unwrap(), "<html>");
}

#[test]
fn accept_lists_the_media_types_of_the_document() {
    let (client, recorder) = client();
    recorder.answer(200, &[], NOTE);
    wait(client.get_vendor()).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/vendor\n\
         accept: application/vnd.example.note+json, application/json; charset=utf-8, text/markdown\n"
    );
}

#[test]
fn by_media_type_within_a_status() {
    let (client, recorder) = client();
    for media_type in [
        "application/vnd.example.note+json",
        "Application/JSON;charset=UTF-8",
        "application/json",
    ] {
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(
            wait(client.get_vendor()).unwrap(),
            GetVendorOutput::OkVndExampleNoteJson(note())
        );
    }
    recorder.answer(200, &of_type("text/markdown"), NOTE);
    assert_eq!(
        wait(client.get_vendor()).unwrap(),
        GetVendorOutput::OkMarkdown(NOTE.to_owned())
    );
    recorder.answer(200, &of_type("text/csv"), "a,b");
    let error = wait(client.get_vendor()).unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    assert_eq!(error.bytes().unwrap(), "a,b");
}

#[test]
fn by_a_parameter_of_the_media_type() {
    let (client, recorder) = client();
    recorder.answer(200, &of_type("application/json"), NOTE);
    assert_eq!(
        wait(client.get_versions()).unwrap(),
        GetVersionsOutput::OkJson2(note())
    );
    recorder.answer(
        200,
        &of_type("application/json;Version=\"2\""),
        format!("{{\"notes\":[{NOTE}]}}"),
    );
    assert_eq!(
        wait(client.get_versions()).unwrap(),
        GetVersionsOutput::OkJson(get_versions::OkBody::new(vec![note()]))
    );
}

#[test]
fn an_exact_media_type_takes_precedence_over_a_range() {
    let (client, recorder) = client();
    for (media_type, output) in [
        ("application/json", GetAnythingOutput::OkJson(note())),
        ("text/plain", GetAnythingOutput::OkText(NOTE.to_owned())),
        ("image/png", GetAnythingOutput::Ok(NOTE.into())),
    ] {
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(wait(client.get_anything()).unwrap(), output);
    }
}

#[test]
fn text_numbers_and_bytes() {
    let (client, recorder) = client();
    recorder.answer(200, &of_type("text/plain; charset=utf-8"), "Gr\u{fc}ezi");
    assert_eq!(wait(client.get_text()).unwrap(), "Gr\u{fc}ezi");
    recorder.answer(200, &of_type("text/plain"), "1.5\n");
    assert_eq!(wait(client.get_number()).unwrap().to_string(), "1.5");
    recorder.answer(200, &of_type("text/event-stream"), "data: 1\n\n");
    assert_eq!(wait(client.get_events()).unwrap(), "data: 1\n\n");
    recorder.answer(200, &of_type("application/xml"), "<a/>");
    assert_eq!(wait(client.get_xml()).unwrap(), "<a/>");
    recorder.answer(200, &of_type("application/pdf"), b"\0\xff");
    assert_eq!(wait(client.get_bytes()).unwrap(), &b"\0\xff"[..]);
    recorder.answer(200, &of_type("image/png"), b"\0\xff");
    assert_eq!(wait(client.get_image()).unwrap(), &b"\0\xff"[..]);
}

#[test]
fn text_or_bytes_of_another_media_type_are_kept_in_the_error() {
    let (client, recorder) = client();
    recorder.answer(200, &of_type("application/json"), NOTE);
    let error = wait(client.get_text()).unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    assert_eq!(error.bytes().unwrap(), NOTE);
    let error = wait(client.get_image()).unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    assert_eq!(error.status().unwrap(), 200);
    recorder.answer(200, &of_type("text/plain"), b"\xff");
    let error = wait(client.get_text()).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
}

#[test]
fn the_media_type_of_the_response_selects_json_or_text() {
    let (client, recorder) = client();
    for (media_type, body) in [
        ("application/json", r#""a\"b""#),
        ("application/hal+json; charset=utf-8", r#""a\"b""#),
        ("text/plain", "a\"b"),
        ("application/octet-stream", "a\"b"),
    ] {
        recorder.answer(200, &of_type(media_type), body);
        assert_eq!(wait(client.get_any_text()).unwrap(), "a\"b");
    }
    recorder.answer(200, &[], "\"a\"");
    assert_eq!(wait(client.get_any_text()).unwrap(), "\"a\"");
    for (media_type, body) in [("application/json", r#""high""#), ("text/plain", "high")] {
        recorder.answer(200, &of_type(media_type), body);
        assert_eq!(wait(client.get_any_level()).unwrap(), Level::High);
    }
    recorder.answer(200, &of_type("application/json"), "high");
    let error = wait(client.get_any_level()).unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error}");
    assert_eq!(error.bytes().unwrap(), "high");
}

#[test]
fn media_types_of_one_schema_are_one_output() {
    let (client, recorder) = client();
    for media_type in ["application/json", "text/json", "text/plain"] {
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(wait(client.get_of_framework()).unwrap(), note());
        assert_eq!(
            recorder.one().header("accept"),
            Some("application/json, text/json, text/plain")
        );
    }
    for (status, media_type, body, failure) in [
        (
            400,
            "text/json",
            "\"no\"",
            GetOfFrameworkFailure::BadRequest("no".to_owned()),
        ),
        (
            400,
            "text/plain",
            "\"no\"",
            GetOfFrameworkFailure::BadRequest("\"no\"".to_owned()),
        ),
        (
            404,
            "application/json",
            "\"high\"",
            GetOfFrameworkFailure::NotFound(Level::High),
        ),
        (
            404,
            "text/plain",
            "high",
            GetOfFrameworkFailure::NotFound(Level::High),
        ),
    ] {
        recorder.answer(status, &of_type(media_type), body);
        let error = wait(client.get_of_framework()).unwrap_err();
        assert_eq!(error.failure(), Some(&failure), "{error}");
    }
    for media_type in ["application/json", "application/hal+json"] {
        recorder.answer(200, &of_type(media_type), NOTE);
        assert_eq!(wait(client.get_same_in_a_range()).unwrap(), note());
    }
}

#[test]
fn a_range_of_subtypes_matches_each_of_them() {
    let (client, recorder) = client();
    for media_type in [
        "application/hal+json",
        "Application/VND.Example+JSON; charset=utf-8",
        "application/json",
    ] {
        recorder.answer(200, &of_type(media_type), NOTE);
        let output = wait(client.get_json_range()).unwrap();
        assert_eq!(output, GetJsonRangeOutput::OkJson(note()));
        assert_eq!(
            recorder.one().header("accept"),
            Some("application/problem+json, application/json, text/csv")
        );
    }
    recorder.answer(
        200,
        &of_type("application/problem+json"),
        r#"{"title":"a"}"#,
    );
    let output = wait(client.get_json_range()).unwrap();
    assert_eq!(output, GetJsonRangeOutput::OkProblemJson(Problem::new("a")));
    recorder.answer(200, &of_type("application/xml"), NOTE);
    let error = wait(client.get_json_range()).unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
}

#[test]
fn accept_prefers_json_and_successful_responses() {
    let (client, recorder) = client();
    recorder.answer(200, &of_type("application/vnd.example.note+json"), NOTE);
    let output = wait(client.get_by_preference()).unwrap();
    assert_eq!(output, GetByPreferenceOutput::OkJson(note()));
    assert_eq!(
        recorder.one().header("accept"),
        Some(
            "application/vnd.example.note+json, application/json, text/json, text/csv, \
             application/problem+json, */*"
        )
    );
}

#[test]
fn text_in_every_charset() {
    let (client, recorder) = client();
    for (charset, body) in [
        ("text/plain; charset=iso-8859-1", &b"Gr\xfc\xdfe"[..]),
        ("text/plain; Charset=\"ISO-8859-15\"", b"Gr\xfc\xdfe"),
        ("text/plain;charset=utf-16le", b"G\0r\0\xfc\0\xdf\0e\0"),
        ("text/plain; charset=utf8", "Gr\u{fc}\u{df}e".as_bytes()),
        ("text/plain", "Gr\u{fc}\u{df}e".as_bytes()),
    ] {
        recorder.answer(200, &of_type(charset), body);
        assert_eq!(wait(client.get_text()).unwrap(), "Gr\u{fc}\u{df}e", "{charset}");
    }
    recorder.answer(200, &of_type("text/plain; charset=shift_jis"), b"\x93\xfa");
    assert_eq!(wait(client.get_text()).unwrap(), "\u{65e5}");
    for (charset, message) in [
        ("klingon", "the charset `klingon` of the body is unknown"),
        ("euc-jp", "the body is not text in its charset `euc-jp`"),
        ("utf-8", "the body is not UTF-8 from byte 1 on"),
    ] {
        let media_type: &'static str = match charset {
            "klingon" => "text/plain; charset=klingon",
            "euc-jp" => "text/plain; charset=euc-jp",
            _ => "text/plain; charset=utf-8",
        };
        recorder.answer(200, &of_type(media_type), b"a\xff\xff");
        let error = wait(client.get_text()).unwrap_err();
        assert!(error.to_string().ends_with(message), "{error}");
        assert_eq!(error.bytes().unwrap(), &b"a\xff\xff"[..]);
    }
    recorder.answer(200, &of_type("text/plain"), b"\0\xff");
    assert_eq!(wait(client.get_text_of_bytes()).unwrap(), &b"\0\xff"[..]);
}

#[test]
fn json_in_another_charset_is_an_error() {
    let (client, recorder) = client();
    for (media_type, body, message) in [
        (
            "application/json; charset=iso-8859-1",
            &b"{\"text\":\"\xfc\"}"[..],
            "JSON has to be in UTF-8, and the body is not from byte 9 on; \
             the response is in `charset=iso-8859-1`",
        ),
        (
            "application/json",
            b"{\"text\":\"\xfc\"}",
            "JSON has to be in UTF-8, and the body is not from byte 9 on",
        ),
        (
            "application/json; charset=utf-16le",
            b"{\0}\0",
            "JSON has to be in UTF-8; the response is in `charset=utf-16le`",
        ),
    ] {
        recorder.answer(200, &of_type(media_type), body);
        let error = wait(client.get_json()).unwrap_err();
        assert!(error.to_string().ends_with(message), "{error}");
        assert_eq!(error.bytes().unwrap(), body);
    }
    // Servers also name a charset that the text does not use.
    recorder.answer(200, &of_type("application/json; charset=iso-8859-1"), NOTE);
    assert_eq!(wait(client.get_json()).unwrap(), note());
}
