use serde_json::json;

use super::*;

/// Returns the values of the table "Style Examples" (OpenAPI 3.1.1, section 4.8.12.6).
fn values() -> [Json; 4] {
    [
        json!(""),
        json!("blue"),
        json!(["blue", "black", "brown"]),
        json!({ "R": 100, "G": 200, "B": 150 }),
    ]
}

#[test]
fn path_parameters_are_those_of_the_table() {
    for (style, explode, texts) in [
        (
            PathStyle::Matrix,
            false,
            [
                ";color",
                ";color=blue",
                ";color=blue,black,brown",
                ";color=R,100,G,200,B,150",
            ],
        ),
        (
            PathStyle::Matrix,
            true,
            [
                ";color",
                ";color=blue",
                ";color=blue;color=black;color=brown",
                ";R=100;G=200;B=150",
            ],
        ),
        (
            PathStyle::Label,
            false,
            [".", ".blue", ".blue,black,brown", ".R,100,G,200,B,150"],
        ),
        (
            PathStyle::Label,
            true,
            [".", ".blue", ".blue.black.brown", ".R=100.G=200.B=150"],
        ),
        (
            PathStyle::Simple,
            false,
            ["", "blue", "blue,black,brown", "R,100,G,200,B,150"],
        ),
        (
            PathStyle::Simple,
            true,
            ["", "blue", "blue,black,brown", "R=100,G=200,B=150"],
        ),
    ] {
        for (value, text) in values().iter().zip(texts) {
            let written = path("color", value, style, explode);
            // Empty text and a dot alone would change the path.
            let expected = Some(text).filter(|text| !matches!(*text, "" | "."));
            assert_eq!(written.as_deref(), expected, "{style:?} {explode}");
        }
    }
}

#[test]
fn query_parameters_are_those_of_the_table() {
    for (style, explode, texts) in [
        (
            QueryStyle::Form,
            false,
            [
                "color=",
                "color=blue",
                "color=blue,black,brown",
                "color=R,100,G,200,B,150",
            ],
        ),
        (
            QueryStyle::Form,
            true,
            [
                "color=",
                "color=blue",
                "color=blue&color=black&color=brown",
                "R=100&G=200&B=150",
            ],
        ),
        (
            QueryStyle::SpaceDelimited,
            false,
            [
                "color=",
                "color=blue",
                "color=blue%20black%20brown",
                "color=R%20100%20G%20200%20B%20150",
            ],
        ),
        (
            QueryStyle::PipeDelimited,
            false,
            [
                "color=",
                "color=blue",
                "color=blue%7Cblack%7Cbrown",
                "color=R%7C100%7CG%7C200%7CB%7C150",
            ],
        ),
    ] {
        for (value, text) in values().iter().zip(texts) {
            let pairs = query("color", value, style, explode, false);
            assert_eq!(pairs.map(|pairs| pairs.join("&")).as_deref(), Some(text));
        }
    }
}

#[test]
fn deep_objects_are_those_of_the_table() {
    let [empty, text, list, object] = values();
    let deep = |value| {
        let style = QueryStyle::DeepObject(ArrayForm::Indices);
        query("color", value, style, true, false)
    };
    let pairs = ["color%5BR%5D=100", "color%5BG%5D=200", "color%5BB%5D=150"];
    assert_eq!(deep(&object), Some(pairs.map(str::to_owned).to_vec()));
    let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
    assert_eq!(deep(&empty), texts(&["color="]));
    assert_eq!(deep(&text), texts(&["color=blue"]));
    let items = [
        "color%5B0%5D=blue",
        "color%5B1%5D=black",
        "color%5B2%5D=brown",
    ];
    assert_eq!(deep(&list), texts(&items));
    let nested = json!({ "items": [{ "price": 1 }, null, { "price": [2] }] });
    let form = |arrays| query("a", &nested, QueryStyle::DeepObject(arrays), true, false);
    let indices = [
        "a%5Bitems%5D%5B0%5D%5Bprice%5D=1",
        "a%5Bitems%5D%5B1%5D%5Bprice%5D%5B0%5D=2",
    ];
    assert_eq!(form(ArrayForm::Indices), texts(&indices));
    let brackets = [
        "a%5Bitems%5D%5B%5D%5Bprice%5D=1",
        "a%5Bitems%5D%5B%5D%5Bprice%5D%5B%5D=2",
    ];
    assert_eq!(form(ArrayForm::Brackets), texts(&brackets));
    assert_eq!(form(ArrayForm::Repeat), None);
    let repeated = query(
        "a",
        &list,
        QueryStyle::DeepObject(ArrayForm::Repeat),
        true,
        false,
    );
    assert_eq!(repeated, texts(&["a=blue", "a=black", "a=brown"]));
}

/// RFC 6570, section 2.3: an empty list and a null are undefined values.
#[test]
fn absent_values_are_not_sent() {
    for value in [json!([]), json!({}), json!(null), json!([null])] {
        let form = query("color", &value, QueryStyle::Form, true, false);
        assert_eq!(form, Some(Vec::new()));
        assert_eq!(cookie("color", &value, true), Some(Vec::new()));
        assert_eq!(header(&value, false), None);
        assert_eq!(path("color", &value, PathStyle::Simple, false), None);
    }
}

/// RFC 6570, section 3.2.2 and 3.2.3, with the variables of section 3.2.
#[test]
fn reserved_characters_stay_only_if_allowed() {
    let query = |text: &str, reserved| {
        let value = json!(text);
        let pairs = query("x", &value, QueryStyle::Form, true, reserved);
        pairs.unwrap_or_default().join("&")
    };
    assert_eq!(query("Hello World!", false), "x=Hello%20World%21");
    assert_eq!(query("Hello World!", true), "x=Hello%20World!");
    assert_eq!(query("/foo/bar", false), "x=%2Ffoo%2Fbar");
    assert_eq!(query("/foo/bar", true), "x=/foo/bar");
    assert_eq!(query("50%", false), "x=50%25");
    assert_eq!(query("50% 50%25", true), "x=50%25%2050%25");
    assert_eq!(query("a&b=c+d#e[f]", true), "x=a%26b=c%2Bd%23e%5Bf%5D");
    assert_eq!(query("ü", false), "x=%C3%BC");
    let path = path("x", &json!("a/b?c#d"), PathStyle::Simple, false);
    assert_eq!(path.as_deref(), Some("a%2Fb%3Fc%23d"));
}

#[test]
fn a_header_is_not_percent_encoded() {
    let [_, text, list, object] = values();
    assert_eq!(header(&text, false).as_deref(), Some("blue"));
    assert_eq!(header(&list, false).as_deref(), Some("blue,black,brown"));
    assert_eq!(header(&object, true).as_deref(), Some("R=100,G=200,B=150"));
    assert_eq!(header(&json!("a b/c"), false).as_deref(), Some("a b/c"));
}

/// OpenAPI 3.1, section 4.8.14.4, and the Encoding Object.
#[test]
fn a_form_has_objects_as_json() {
    let value = json!({ "id": "a b", "tags": ["x", "y"], "at": { "city": "A" }, "gone": null });
    assert_eq!(
        form(&value, &[]).as_deref(),
        Some("id=a%20b&tags=x&tags=y&at=%7B%22city%22%3A%22A%22%7D")
    );
    let fields = [
        FormField {
            name: "tags".to_owned(),
            style: FieldStyle::Query {
                style: QueryStyle::PipeDelimited,
                explode: false,
                allow_reserved: false,
            },
        },
        FormField {
            name: "id".to_owned(),
            style: FieldStyle::Json,
        },
    ];
    assert_eq!(
        form(&json!({ "id": "a", "tags": ["x", "y"] }), &fields).as_deref(),
        Some("id=%22a%22&tags=x%7Cy")
    );
}

/// RFC 7578, sections 4.2 and 4.4.
#[test]
fn a_part_has_its_headers() {
    let part = |value: &Json, is_file, documented: Option<&ir::Part>| {
        let part = Part {
            name: "a\"b",
            value,
            is_file,
            documented,
        };
        part.text()
    };
    let documented = |content_type: &str| ir::Part {
        name: "a\"b".to_owned(),
        content_type: Some(content_type.to_owned()),
        transfer_encoding: None,
        is_verbatim: false,
    };
    let head = |more: &[&str]| -> Vec<String> {
        let first = "content-disposition: form-data; name=\"a%22b\"";
        let mut lines = vec![first.to_owned()];
        lines.extend(more.iter().map(|line| (*line).to_owned()));
        lines
    };
    assert_eq!(part(&json!("x"), false, None), (head(&[]), "x".to_owned()));
    let json_part = head(&["content-type: application/json"]);
    let object = part(&json!({ "c": 1 }), false, None);
    assert_eq!(object, (json_part.clone(), "{\"c\":1}".to_owned()));
    let json = documented("application/json");
    let quoted = part(&json!("x"), false, Some(&json));
    assert_eq!(quoted, (json_part, "\"x\"".to_owned()));
    let encoded = ir::Part {
        transfer_encoding: Some("base64".to_owned()),
        is_verbatim: true,
        ..documented("application/json")
    };
    let encoded = part(&json!("eA=="), false, Some(&encoded));
    let head = head(&[
        "content-type: application/json",
        "content-transfer-encoding: base64",
    ]);
    assert_eq!(encoded, (head, "eA==".to_owned()));
}

#[test]
fn a_file_has_a_media_type_that_the_document_allows() {
    let disposition = "content-disposition: form-data; name=\"a\"; filename=\"a\"";
    for (list, media_type) in [
        (None, "application/octet-stream"),
        (Some("image/png"), "image/png"),
        (Some("image/png, image/jpeg"), "image/png"),
        (Some("image/*"), "image/x-example"),
        (Some("*/*"), "application/octet-stream"),
    ] {
        let documented = ir::Part {
            name: "a".to_owned(),
            content_type: list.map(str::to_owned),
            transfer_encoding: None,
            is_verbatim: false,
        };
        let part = Part {
            name: "a",
            value: &json!("x"),
            is_file: true,
            documented: Some(&documented),
        };
        let expected = [
            disposition.to_owned(),
            format!("content-type: {media_type}"),
        ];
        assert_eq!(part.text(), (expected.to_vec(), "x".to_owned()));
    }
}
