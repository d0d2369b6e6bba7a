//! Bodies that are not JSON.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use serde_json::json;

use crate::runtime::base64::Base64;
use crate::runtime::body::{Body, Content};
use crate::runtime::codec::object;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::form::FormField;
use crate::runtime::json as codec;
use crate::runtime::multipart::{File, Part};
use crate::runtime::parameter::QueryStyle;
use crate::runtime::request::Parts;

fn parts() -> Parts {
    Parts::new(Endpoint::new(Method::POST, "/"))
}

async fn collect(content: &Content) -> Vec<u8> {
    let mut body = content.body();
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    bytes
}

#[test]
fn bytes_text_and_streams() {
    let mut parts = parts();
    parts.text("text/plain; charset=utf-8", "grüezi");
    assert_eq!(parts.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(parts.body(), &Content::from("grüezi"));
    parts.bytes("application/octet-stream", &Bytes::from_static(b"\0\xff"));
    assert_eq!(parts.headers()["content-type"], "application/octet-stream");
    assert_eq!(parts.body(), &Content::from(&b"\0\xff"[..]));
    let stream = Content::stream(|| Body::from("again"));
    parts.bytes("video/mp4", &stream);
    let mut parts = parts.finish().unwrap();
    assert_eq!(parts.body(), &stream);
    parts.text("text/plain\r\nx: y", "");
    assert!(parts.finish().is_err());
}

#[test]
fn a_form() {
    let form = |value: serde_json::Value, fields: &[FormField]| {
        let mut parts = parts();
        parts.form("application/x-www-form-urlencoded", &value, fields);
        parts.finish().map(|parts| match parts.body() {
            Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Content::Stream(_) => panic!(),
        })
    };
    let value = json!({
        "a": "x y&z=ü", "b": [1, true], "c": {"d": [1]}, "e": null, "f": [], "g": [{"h": 1}],
    });
    assert_eq!(
        form(value.clone(), &[]).unwrap(),
        "a=x%20y%26z%3D%C3%BC&b=1&b=true&c=%7B%22d%22%3A%5B1%5D%7D&g=%7B%22h%22%3A1%7D"
    );
    let field = |name, style, explode| FormField::styled(name, style, explode, false);
    let fields = [
        field("b", QueryStyle::PipeDelimited, false),
        field("c", QueryStyle::DeepObject, true),
    ];
    assert_eq!(
        form(json!({"b": [1, 2], "c": {"d": 1}}), &fields).unwrap(),
        "b=1%7C2&c%5Bd%5D=1"
    );
    assert_eq!(form(json!({}), &[]).unwrap(), "");
    assert!(form(json!([1]), &[]).is_err());
    assert_eq!(
        form(json!({"c": [{"d": 1}]}), &fields).unwrap(),
        "c%5B0%5D%5Bd%5D=1"
    );
    let error = form(json!({"b": [{"d": 1}]}), &fields).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the form's property `b`: the style cannot encode a list or an object inside another one"
    );
}

#[derive(Clone, Debug, PartialEq)]
struct Upload {
    title: String,
    tags: Option<Vec<String>>,
    meta: BTreeMap<String, i64>,
    file: File,
    more: Option<Vec<File>>,
}

object! { Upload, open {
    "title" title: required,
    "tags" tags: optional,
    "meta" meta: required,
    "file" file: required,
    "more" more: optional,
} }

fn upload(file: File) -> Upload {
    Upload {
        title: "a \"b\"\r\n".to_owned(),
        tags: Some(vec!["x".to_owned(), "ü".to_owned()]),
        meta: BTreeMap::from([("n".to_owned(), 1)]),
        file,
        more: None,
    }
}

async fn multipart(value: &Upload, known: &[Part]) -> String {
    let mut parts = parts();
    parts.multipart("multipart/form-data", value, known);
    let parts = parts.finish().unwrap();
    let content_type = parts.headers()["content-type"].to_str().unwrap();
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    assert_eq!(boundary.len(), 32);
    let bytes = collect(parts.body()).await;
    String::from_utf8_lossy(&bytes).replace(boundary, "B")
}

#[tokio::test]
async fn parts_with_a_file_from_memory() {
    let file = File::new(&b"\x89PNG\r\n"[..])
        .named("ü\"\n.png")
        .of_type("image/png");
    let known = [Part::new("meta", "application/vnd.meta+json")];
    assert_eq!(
        multipart(&upload(file), &known).await,
        "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na \"b\"\r\n\r\n\
         --B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nx\r\n\
         --B\r\nContent-Disposition: form-data; name=\"tags\"\r\n\r\nü\r\n\
         --B\r\nContent-Disposition: form-data; name=\"meta\"\r\n\
         Content-Type: application/vnd.meta+json\r\n\r\n{\"n\":1}\r\n\
         --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"ü%22%0A.png\"\r\n\
         Content-Type: image/png\r\n\r\n\u{FFFD}PNG\r\n\r\n--B--\r\n"
    );
}

#[tokio::test]
async fn parts_with_files_from_streams() {
    let stream = |text: &'static str| File::new(Content::stream(move || Body::from(text)));
    let mut value = upload(stream("one"));
    value.tags = None;
    let two = stream("two").named("two.txt").of_type("text/plain");
    value.more = Some(vec![two, File::new("three").of_type("image/png")]);
    let known = [Part::new("more", "text/plain, image/*")];
    let text = multipart(&value, &known).await;
    let end = text.split_once("name=\"file\"").unwrap().1;
    assert_eq!(
        end,
        "; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\none\r\n\
         --B\r\nContent-Disposition: form-data; name=\"more\"; filename=\"two.txt\"\r\n\
         Content-Type: text/plain\r\n\r\ntwo\r\n\
         --B\r\nContent-Disposition: form-data; name=\"more\"; filename=\"more\"\r\n\
         Content-Type: image/png\r\n\r\nthree\r\n--B--\r\n"
    );
    // It can be sent again, and its length is known.
    let mut parts = parts();
    parts.multipart("multipart/form-data", &value, &known);
    let parts = parts.finish().unwrap();
    let first = collect(parts.body()).await;
    assert_eq!(collect(parts.body()).await, first);
    let hint = http_body::Body::size_hint(&parts.body().body());
    assert_eq!(hint.exact(), Some(first.len() as u64));
}

#[test]
fn a_file_is_text_in_json_and_nothing_else() {
    let value = upload(File::new("text"));
    let text = codec::write(&value).unwrap();
    assert_eq!(codec::read::<Upload>(&text).unwrap(), value);
    assert!(codec::write(&upload(File::new(&b"\xff"[..]))).is_err());
    let stream = File::new(Content::stream(Body::default));
    assert!(codec::write(&upload(stream)).is_err());
}

#[test]
fn a_part_cannot_add_headers_or_parts() {
    let file = File::new("").of_type("text/plain\r\nX: y");
    let mut broken = parts();
    broken.multipart("multipart/form-data", &upload(file), &[]);
    let error = broken.finish().unwrap_err().to_string();
    assert!(error.contains("`file`"), "{error}");
    let mut list = parts();
    list.multipart("multipart/form-data", &[1], &[]);
    assert!(list.finish().is_err());
}

#[tokio::test]
async fn the_name_of_a_file_stays_in_its_place() {
    for (name, written) in [
        ("a\r\nX: y", "a%0D%0AX: y"),
        ("a\r\n\r\n--B--", "a%0D%0A%0D%0A--B--"),
        ("a\"; name=\"title", "a%22; name=%22title"),
        ("a;b&c='d'", "a;b&c='d'"),
        ("../../etc/passwd", "../../etc/passwd"),
        ("%2e%2e%2f", "%2e%2e%2f"),
        ("//evil.example/", "//evil.example/"),
        ("a\\b", "a\\b"),
    ] {
        let file = File::new("x").named(name).of_type("text/plain");
        let text = multipart(&upload(file), &[]).await;
        let line = format!("name=\"file\"; filename=\"{written}\"\r\n");
        assert!(text.contains(&line), "{name:?}: {text}");
        assert_eq!(text.matches("Content-Disposition").count(), 5, "{text}");
        assert_eq!(text.matches("\r\nX: y").count(), 0, "{text}");
    }
}

#[test]
fn the_media_type_of_a_file_must_be_documented() {
    let written = |file: File, list: &'static str| {
        let mut parts = parts();
        parts.multipart(
            "multipart/form-data",
            &upload(file),
            &[Part::new("file", list)],
        );
        parts
            .finish()
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    for (list, media_type, fits) in [
        ("image/png", "image/png", true),
        ("image/png", "image/jpeg", false),
        ("image/png, image/jpeg", "image/jpeg", true),
        ("image/*", "IMAGE/gif", true),
        ("image/*", "image/*", false),
        ("image/*", "text/plain", false),
        ("*/*", "text/plain; charset=utf-8", true),
        ("application/octet-stream", "image/png", true),
    ] {
        let result = written(File::new("").of_type(media_type), list);
        assert_eq!(result.is_ok(), fits, "{list} {media_type}: {result:?}");
    }
    for (list, fits) in [
        ("image/png", true),
        ("image/png, image/jpeg", false),
        ("image/*", false),
        ("*/*", true),
        ("image/png, application/octet-stream", true),
    ] {
        let result = written(File::new(""), list);
        assert_eq!(result.is_ok(), fits, "{list}: {result:?}");
    }
}

#[test]
fn base64_is_text_on_the_wire() {
    // RFC 4648, section 10.
    for (bytes, text) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
    ] {
        let value = Base64::new(bytes.as_bytes());
        assert_eq!(value.to_string(), text);
        assert_eq!(text.parse::<Base64>().unwrap(), value);
        assert_eq!(text.trim_end_matches('=').parse::<Base64>().unwrap(), value);
        let json = codec::write(&value).unwrap();
        assert_eq!(json, format!("{text:?}").into_bytes());
        assert_eq!(codec::read::<Base64>(&json).unwrap(), value);
    }
    let error = codec::read::<Vec<Base64>>(br#"["Zg", "Z*=="]"#).unwrap_err();
    assert_eq!(error.path(), "[1]");
    assert_eq!(format!("{:?}", Base64::new(vec![1, 2])), "[2 bytes]");
}
