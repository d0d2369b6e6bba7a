use api::operations::{PostChoiceBody, PostKindsOfJsonBody};
use api::runtime::body::Body;
use api::runtime::{Content, TypedContent};
use api::types::{Note, post_other_names_of_json};
use recorder::{client, wait};

const NOTE: &str = r#"{"text":"Buy \"milk\""}"#;

fn note() -> Note {
    Note::new("Buy \"milk\"")
}

#[test]
fn json_and_every_plus_json() {
    let (client, recorder) = client();
    wait(client.put_json(note())).unwrap();
    assert_eq!(
        recorder.one().text(),
        format!("PUT https://api.example.com/json\ncontent-type: application/json\n\n{NOTE}")
    );
    wait(client.patch_vendor(note())).unwrap();
    assert_eq!(
        recorder.one().text(),
        format!(
            "PATCH https://api.example.com/vendor\n\
             content-type: application/merge-patch+json; charset=utf-8\n\n{NOTE}"
        )
    );
}

#[test]
fn an_optional_body_can_be_omitted() {
    let (client, recorder) = client();
    wait(client.post_optional()).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/optional\ncontent-length: 0\n"
    );
    wait(client.post_optional().body(note())).unwrap();
    assert_eq!(
        recorder.one().text(),
        format!("POST https://api.example.com/optional\ncontent-type: application/json\n\n{NOTE}")
    );
}

#[test]
fn the_caller_selects_one_of_several_media_types() {
    let (client, recorder) = client();
    let xml = "<note>1 &lt; 2</note>".to_owned();
    for (body, media_type, text) in [
        (PostChoiceBody::Json(note()), "application/json", NOTE),
        (
            PostChoiceBody::VndExampleNoteJson(note()),
            "application/vnd.example.note+json",
            NOTE,
        ),
        (
            PostChoiceBody::Xml(xml.clone()),
            "application/xml",
            xml.as_str(),
        ),
    ] {
        wait(client.post_choice(body)).unwrap();
        assert_eq!(
            recorder.one().text(),
            format!("POST https://api.example.com/choice\ncontent-type: {media_type}\n\n{text}")
        );
    }
}

#[test]
fn text_and_numbers() {
    let (client, recorder) = client();
    wait(client.post_text("Gr\u{fc}ezi\n")).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/text\n\
         content-type: text/plain; charset=utf-8\n\nGr\u{fc}ezi\n"
    );
    wait(client.post_number(-7)).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/number\ncontent-type: text/plain\n\n-7"
    );
}

#[test]
fn bytes_from_memory_or_a_stream() {
    let (client, recorder) = client();
    wait(client.post_bytes(&b"\0\xff\r\n"[..])).unwrap();
    let sent = recorder.one();
    assert_eq!(sent.body, b"\0\xff\r\n");
    assert_eq!(sent.header("content-type"), Some("application/octet-stream"));
    wait(client.post_bytes(Content::stream(|| Body::from("again")))).unwrap();
    assert_eq!(recorder.one().body, b"again");
}

#[test]
fn for_a_range_the_caller_sets_the_media_type() {
    let (client, recorder) = client();
    wait(client.post_image(TypedContent::new("image/png", "PNG"))).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/image\ncontent-type: image/png\n\nPNG"
    );
    for wrong in ["text/plain", "image/*", "*/*", ""] {
        wait(client.post_image(TypedContent::new(wrong, "PNG"))).unwrap_err();
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
    wait(client.post_anything(note())).unwrap();
    assert_eq!(
        recorder.one().text(),
        format!("POST https://api.example.com/anything\ncontent-type: application/json\n\n{NOTE}")
    );
}

#[test]
fn json_without_a_schema() {
    let (client, recorder) = client();
    wait(client.post_open(serde_json::json!([null, 1.5]))).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/open\ncontent-type: application/json\n\n[null,1.5]"
    );
}

#[test]
fn a_range_of_json_is_not_sent() {
    let (client, recorder) = client();
    let sent = |path: &str, media_type: &str| {
        let text = format!(
            "POST https://api.example.com/{path}\ncontent-type: {media_type}\n\n{NOTE}"
        );
        assert_eq!(recorder.one().text(), text);
    };
    wait(client.post_json_range(note())).unwrap();
    sent("json-range", "application/json");
    // One type, without a choice.
    wait(client.post_names_of_json(note())).unwrap();
    sent("names-of-json", "application/json");
    let body = post_other_names_of_json::RequestBody::new("Buy \"milk\"");
    wait(client.post_other_names_of_json(body)).unwrap();
    sent("other-names-of-json", "text/json; v=1");
    for (body, media_type) in [
        (
            PostKindsOfJsonBody::MergePatchJson(note()),
            "application/merge-patch+json",
        ),
        (
            PostKindsOfJsonBody::JsonPatchJson(note()),
            "application/json-patch+json",
        ),
    ] {
        wait(client.post_kinds_of_json(body)).unwrap();
        sent("kinds-of-json", media_type);
    }
}

#[test]
fn the_media_type_of_text_or_bytes_must_match_the_range() {
    let (client, recorder) = client();
    let sent = |path: &str, media_type: &str| {
        let text = format!("POST https://api.example.com/{path}\ncontent-type: {media_type}\n\na");
        assert_eq!(recorder.one().text(), text);
    };
    for media_type in ["text/markdown", "text/plain; charset=utf-8"] {
        wait(client.post_text_range(TypedContent::new(media_type, "a"))).unwrap();
        sent("text-range", media_type);
    }
    wait(client.post_any_text(TypedContent::new("application/yaml", "a"))).unwrap();
    sent("any-text", "application/yaml");
    let vendor = "application/vnd.example.a";
    wait(client.post_vendor_range(TypedContent::new(vendor, "a"))).unwrap();
    sent("vendor-range", vendor);
    for wrong in ["application/json", "text/*", "text"] {
        wait(client.post_text_range(TypedContent::new(wrong, "a"))).unwrap_err();
        wait(client.post_vendor_range(TypedContent::new(wrong, "a"))).unwrap_err();
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
}

#[test]
fn text_in_the_charset_of_its_media_type() {
    let (client, recorder) = client();
    wait(client.post_latin("Gr\u{fc}ezi \u{20ac}")).unwrap();
    let sent = recorder.one();
    assert_eq!(
        sent.header("content-type"),
        Some("text/plain; charset=iso-8859-1")
    );
    // The name `iso-8859-1` refers to Windows-1252 (WHATWG Encoding, section 4.2).
    assert_eq!(sent.body, b"Gr\xfcezi \x80");
    let error = wait(client.post_latin("\u{4f60}")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the body: the charset `iso-8859-1` cannot encode all of its characters"
    );
    assert!(recorder.take().is_empty(), "nothing is sent");
    wait(client.post_text_of_bytes(&b"\xff"[..])).unwrap();
    assert_eq!(recorder.one().body, b"\xff");
}
