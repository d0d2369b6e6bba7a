//! RFC 7578, and the Encoding Object of OpenAPI 3.1, section 4.8.15.

use api::runtime::body::Body;
use api::runtime::{Base64, Content, File};
use api::types::{Owner, upload_choices, upload_content, upload_document, upload_encoded};
use recorder::{Sent, client, wait};

/// Returns the parts with `--` as the boundary, and checks that the body uses the header's
/// boundary.
fn parts(sent: &Sent) -> String {
    let content_type = sent.header("content-type").unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    // RFC 2046, section 5.1.1
    assert!((1..=70).contains(&boundary.len()));
    assert!(boundary.bytes().all(|b| b.is_ascii_alphanumeric()));
    let text = String::from_utf8(sent.body.clone()).unwrap();
    text.replace(&format!("--{boundary}"), "--")
}

#[test]
fn a_part_for_each_property_and_each_item() {
    let (client, recorder) = client();
    let body = upload_document::RequestBody {
        pages: Some(3),
        labels: Some(vec!["a".to_owned(), "b".to_owned()]),
        owner: Some(Owner::new("Ada")),
        attachments: Some(vec![
            File::new("one").named("1.txt").of_type("text/plain"),
            File::new(Content::stream(|| Body::from("two"))).named("\"2\r\n\".bin"),
        ]),
        ..upload_document::RequestBody::new("Gr\u{fc}ezi", "content")
    };
    wait(client.upload_document(body)).unwrap();
    assert_eq!(
        parts(&recorder.one()),
        "--\r\n\
         Content-Disposition: form-data; name=\"title\"\r\n\
         \r\n\
         Gr\u{fc}ezi\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"pages\"\r\n\
         \r\n\
         3\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"labels\"\r\n\
         \r\n\
         a\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"labels\"\r\n\
         \r\n\
         b\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"owner\"\r\n\
         Content-Type: application/json\r\n\
         \r\n\
         {\"name\":\"Ada\"}\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
         Content-Type: application/octet-stream\r\n\
         \r\n\
         content\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"attachments\"; filename=\"1.txt\"\r\n\
         Content-Type: text/plain\r\n\
         \r\n\
         one\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"attachments\"; filename=\"%222%0D%0A%22.bin\"\r\n\
         Content-Type: application/octet-stream\r\n\
         \r\n\
         two\r\n\
         ----\r\n"
    );
}

#[test]
fn parts_by_their_encoding() {
    let (client, recorder) = client();
    let image = File::new("PNG").of_type("image/png").header("X-Checksum", "5d41");
    let body = upload_encoded::RequestBody {
        scan: Some(File::new("PDF")),
        remark: Some("*new*".to_owned()),
        owner: Some(Owner::new("Ada")),
        name: Some("a \"b\"".to_owned()),
        ..upload_encoded::RequestBody::new(image)
    };
    wait(client.upload_encoded(body)).unwrap();
    assert_eq!(
        parts(&recorder.one()),
        "--\r\n\
         Content-Disposition: form-data; name=\"image\"; filename=\"image\"\r\n\
         Content-Type: image/png\r\n\
         x-checksum: 5d41\r\n\
         \r\n\
         PNG\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"scan\"; filename=\"scan\"\r\n\
         Content-Type: application/pdf\r\n\
         \r\n\
         PDF\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"remark\"\r\n\
         Content-Type: text/markdown\r\n\
         \r\n\
         *new*\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"owner\"\r\n\
         Content-Type: application/vnd.example.owner+json\r\n\
         \r\n\
         {\"name\":\"Ada\"}\r\n\
         --\r\n\
         Content-Disposition: form-data; name=\"name\"\r\n\
         Content-Type: application/json\r\n\
         \r\n\
         \"a \\\"b\\\"\"\r\n\
         ----\r\n"
    );
}

#[test]
fn the_header_of_a_part_has_no_line_break() {
    let (client, recorder) = client();
    for file in [
        File::new("PNG").header("X-Checksum", "5d41\r\nX-Other: 1"),
        File::new("PNG").header("X Checksum", "5d41"),
        File::new("PNG").of_type("image/png\r\n"),
    ] {
        let body = upload_encoded::RequestBody::new(file);
        wait(client.upload_encoded(body)).unwrap_err();
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
}

/// Returns the text of an expected part.
fn part(name: &str, headers: &[&str], content: &str) -> String {
    let mut text = format!("--\r\nContent-Disposition: form-data; name=\"{name}\"");
    for header in headers {
        text.push_str(if header.starts_with("filename") { "; " } else { "\r\n" });
        text.push_str(header);
    }
    text + "\r\n\r\n" + content + "\r\n"
}

/// OpenAPI 3.1.1, sections "Encoding Object" and "Content-Transfer-Encoding and contentEncoding".
#[test]
fn parts_by_their_schemas() {
    let (client, recorder) = client();
    let bytes = || Base64::from(b"\0\xff".to_vec());
    let body = upload_content::RequestBody {
        key: Some(bytes()),
        keys: Some(vec![bytes(), Base64::from(b"a".to_vec())]),
        icon: Some(bytes()),
        quoted: Some("=FC".to_owned()),
        remark: Some("*new*".to_owned()),
        settings: Some("{\"a\":1}".to_owned()),
        photo: Some(File::new("JPEG")),
        given: Some(bytes()),
    };
    wait(client.upload_content(body)).unwrap();
    let (bytes, base64) = (
        "Content-Type: application/octet-stream",
        "Content-Transfer-Encoding: base64",
    );
    let expected = [
        part("key", &[bytes, base64], "AP8="),
        part("keys", &[bytes, base64], "AP8="),
        part("keys", &[bytes, base64], "YQ=="),
        part("icon", &["Content-Type: image/png", base64], "AP8="),
        part(
            "quoted",
            &[bytes, "Content-Transfer-Encoding: quoted-printable"],
            "=FC",
        ),
        part("remark", &["Content-Type: text/markdown"], "*new*"),
        part("settings", &["Content-Type: application/json"], "{\"a\":1}"),
        part(
            "photo",
            &["filename=\"photo\"", "Content-Type: image/jpeg"],
            "JPEG",
        ),
        part("given", &["Content-Type: application/x-key", base64], "AP8="),
    ];
    assert_eq!(parts(&recorder.one()), expected.concat() + "----\r\n");
}

#[test]
fn the_caller_chooses_the_media_type_of_a_file() {
    let (client, recorder) = client();
    let jpeg = || File::new("JPEG").of_type("image/jpeg");
    let body = upload_choices::RequestBody {
        more: Some(vec![File::new("GIF").of_type("image/gif"), jpeg()]),
        owner: Some(Owner::new("Ada")),
        remark: Some("new".to_owned()),
        other: Some(File::new("ZIP")),
        ..upload_choices::RequestBody::new(jpeg())
    };
    wait(client.upload_choices(body)).unwrap();
    let expected = [
        part(
            "image",
            &["filename=\"image\"", "Content-Type: image/jpeg"],
            "JPEG",
        ),
        part(
            "more",
            &["filename=\"more\"", "Content-Type: image/gif"],
            "GIF",
        ),
        part(
            "more",
            &["filename=\"more\"", "Content-Type: image/jpeg"],
            "JPEG",
        ),
        part(
            "owner",
            &["Content-Type: application/vnd.example.owner+json"],
            "{\"name\":\"Ada\"}",
        ),
        part("remark", &["Content-Type: text/plain"], "new"),
        part(
            "other",
            &["filename=\"other\"", "Content-Type: application/octet-stream"],
            "ZIP",
        ),
    ];
    assert_eq!(parts(&recorder.one()), expected.concat() + "----\r\n");
}

#[test]
fn an_undocumented_media_type_of_a_file_is_refused() {
    let (client, recorder) = client();
    for (file, message) in [
        (
            File::new("PNG"),
            "it can be one of `image/png, image/jpeg`: set its media type with `File::of_type`",
        ),
        (
            File::new("GIF").of_type("image/gif"),
            "its media type `image/gif` is not one of `image/png, image/jpeg`",
        ),
        (
            File::new("GIF").of_type("image/*"),
            "its media type `image/*` is not one of `image/png, image/jpeg`",
        ),
    ] {
        let body = upload_choices::RequestBody::new(file);
        let error = wait(client.upload_choices(body)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot write the part `image`: {message}")
        );
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
}
