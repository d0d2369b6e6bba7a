use api::Error;
use api::operations::{GetAnythingOutput, GetVendorOutput, GetVersionsOutput};
use api::types::{Note, get_versions};
use recorder::{client, wait};

const NOTE: &str = r#"{"text":"a"}"#;

fn note() -> Note {
    Note::new("a")
}

fn of_type(media_type: &'static str) -> [(&'static str, &'static str); 1] {
    [("content-type", media_type)]
}

#[test]
fn json_whatever_it_is_called() {
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
fn accept_names_what_the_document_does() {
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
fn a_range_gives_way_to_what_is_in_it() {
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
