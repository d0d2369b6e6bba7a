//! Parameter styles: the table "Style Examples" of OpenAPI 3.1.1, section
//! 4.8.12.6, and RFC 6570, section 3.

mod hostile;

use std::collections::BTreeMap;

use http::Method;
use serde::Serialize;
use serde_json::json;

use crate::runtime::codec::object;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::EncodeError;
use crate::runtime::parameter::PathStyle::{self, Label, Matrix, Simple};
use crate::runtime::parameter::QueryStyle::{
    self, DeepObject, DeepObjectBrackets, DeepObjectRepeat, Form, PipeDelimited, SpaceDelimited,
};
use crate::runtime::request::Parts;

/// `R`, `G`, `B`: in the order of the table, which is not alphabetical.
#[derive(Debug)]
struct Color {
    r: u8,
    g: u8,
    b: u8,
    alpha: Option<u8>,
}

object! { Color, open {
    "R" r: required,
    "G" g: required,
    "B" b: required,
    "A" alpha: optional,
} }

const OBJECT: Color = Color {
    r: 100,
    g: 200,
    b: 150,
    alpha: None,
};
const ARRAY: [&str; 3] = ["blue", "black", "brown"];

fn parts(path: &'static str) -> Parts {
    Parts::new(Endpoint::new(Method::GET, path))
}

fn path<T: Serialize + ?Sized>(value: &T, style: PathStyle, explode: bool) -> String {
    try_path(value, style, explode).unwrap()
}

fn try_path<T: Serialize + ?Sized>(
    value: &T,
    style: PathStyle,
    explode: bool,
) -> Result<String, EncodeError> {
    let mut parts = parts("/a/{color}/z");
    parts.styled_path("color", value, style, explode);
    let path = parts.finish()?.path_string()?;
    let value = path
        .strip_prefix("/a/")
        .unwrap()
        .strip_suffix("/z")
        .unwrap();
    Ok(value.to_owned())
}

fn query<T: Serialize + ?Sized>(value: &T, style: QueryStyle, explode: bool) -> String {
    let mut parts = parts("/");
    parts.styled_query("color", value, style, explode, false);
    parts.finish().unwrap().query_string().to_owned()
}

#[test]
fn matrix() {
    for explode in [false, true] {
        assert_eq!(path("", Matrix, explode), ";color");
        assert_eq!(path("blue", Matrix, explode), ";color=blue");
    }
    assert_eq!(path(&ARRAY, Matrix, false), ";color=blue,black,brown");
    assert_eq!(path(&OBJECT, Matrix, false), ";color=R,100,G,200,B,150");
    assert_eq!(
        path(&ARRAY, Matrix, true),
        ";color=blue;color=black;color=brown"
    );
    assert_eq!(path(&OBJECT, Matrix, true), ";R=100;G=200;B=150");
}

#[test]
fn label() {
    for explode in [false, true] {
        assert_eq!(path("blue", Label, explode), ".blue");
        // The empty value of the table is `.`, which is not allowed as a segment.
        assert!(try_path("", Label, explode).is_err());
    }
    assert_eq!(path(&ARRAY, Label, false), ".blue,black,brown");
    assert_eq!(path(&OBJECT, Label, false), ".R,100,G,200,B,150");
    assert_eq!(path(&ARRAY, Label, true), ".blue.black.brown");
    assert_eq!(path(&OBJECT, Label, true), ".R=100.G=200.B=150");
}

#[test]
fn simple() {
    for explode in [false, true] {
        assert_eq!(path("blue", Simple, explode), "blue");
        assert_eq!(path(&ARRAY, Simple, explode), "blue,black,brown");
    }
    assert_eq!(path(&OBJECT, Simple, false), "R,100,G,200,B,150");
    assert_eq!(path(&OBJECT, Simple, true), "R=100,G=200,B=150");
}

#[test]
fn form() {
    for explode in [false, true] {
        assert_eq!(query("", Form, explode), "color=");
        assert_eq!(query("blue", Form, explode), "color=blue");
    }
    assert_eq!(query(&ARRAY, Form, false), "color=blue,black,brown");
    assert_eq!(query(&OBJECT, Form, false), "color=R,100,G,200,B,150");
    assert_eq!(
        query(&ARRAY, Form, true),
        "color=blue&color=black&color=brown"
    );
    assert_eq!(query(&OBJECT, Form, true), "R=100&G=200&B=150");
}

#[test]
fn space_delimited() {
    assert_eq!(
        query(&ARRAY, SpaceDelimited, false),
        "color=blue%20black%20brown"
    );
    assert_eq!(
        query(&OBJECT, SpaceDelimited, false),
        "color=R%20100%20G%20200%20B%20150"
    );
    // The table has no other values: these are like `form`.
    assert_eq!(
        query(&ARRAY, SpaceDelimited, true),
        query(&ARRAY, Form, true)
    );
    assert_eq!(query("blue", SpaceDelimited, false), "color=blue");
}

#[test]
fn pipe_delimited() {
    assert_eq!(
        query(&ARRAY, PipeDelimited, false),
        "color=blue%7Cblack%7Cbrown"
    );
    assert_eq!(
        query(&OBJECT, PipeDelimited, false),
        "color=R%7C100%7CG%7C200%7CB%7C150"
    );
    assert_eq!(
        query(&ARRAY, PipeDelimited, true),
        query(&ARRAY, Form, true)
    );
}

#[test]
fn deep_object() {
    assert_eq!(
        query(&OBJECT, DeepObject, true),
        "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"
    );
    assert_eq!(
        query(
            &json!({"a": {"b c": [1, null, "&"]}, "n": null}),
            DeepObject,
            true
        ),
        "color%5Ba%5D%5Bb%20c%5D%5B0%5D=1&color%5Ba%5D%5Bb%20c%5D%5B1%5D=%26"
    );
}

/// The specification does not define these. They are written as servers with this style read them
/// (Rails, PHP, `qs`).
#[test]
fn deep_object_beyond_the_specification() {
    let list = json!(["blue", null, "black"]);
    assert_eq!(query(&"blue", DeepObject, true), "color=blue");
    assert_eq!(
        query(&list, DeepObject, true),
        "color%5B0%5D=blue&color%5B1%5D=black"
    );
    assert_eq!(
        query(&list, DeepObjectBrackets, true),
        "color%5B%5D=blue&color%5B%5D=black"
    );
    assert_eq!(
        query(&list, DeepObjectRepeat, true),
        "color=blue&color=black"
    );
    let items = json!([{"price": 1, "tags": ["a"]}, {"price": 2}]);
    assert_eq!(
        query(&items, DeepObject, true),
        "color%5B0%5D%5Bprice%5D=1&color%5B0%5D%5Btags%5D%5B0%5D=a&color%5B1%5D%5Bprice%5D=2"
    );
    assert_eq!(
        query(&items, DeepObjectBrackets, true),
        "color%5B%5D%5Bprice%5D=1&color%5B%5D%5Btags%5D%5B%5D=a&color%5B%5D%5Bprice%5D=2"
    );
    let mut parts = parts("/");
    parts.styled_query("color", &items, DeepObjectRepeat, true, false);
    let error = parts.finish().unwrap_err().to_string();
    assert!(
        error.starts_with("cannot write the query parameter `color`: "),
        "{error}"
    );
}

/// The values in the examples of RFC 6570, section 3.2.
#[test]
fn the_values_of_rfc_6570() {
    let keys = [("semi", ";"), ("dot", "."), ("comma", ",")];
    // A map that keeps its order.
    struct Keys([(&'static str, &'static str); 3]);
    impl Serialize for Keys {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0)
        }
    }
    let keys = Keys(keys);
    // {hello}, {half}, {keys}, {keys*}
    assert_eq!(path("Hello World!", Simple, false), "Hello%20World%21");
    assert_eq!(path("50%", Simple, false), "50%25");
    assert_eq!(path(&keys, Simple, false), "semi,%3B,dot,.,comma,%2C");
    assert_eq!(path(&keys, Simple, true), "semi=%3B,dot=.,comma=%2C");
    // {.keys}, {.keys*}
    assert_eq!(path(&keys, Label, false), ".semi,%3B,dot,.,comma,%2C");
    assert_eq!(path(&keys, Label, true), ".semi=%3B.dot=..comma=%2C");
    // {;half}, {;keys}, {;keys*}
    assert_eq!(path("50%", Matrix, false), ";color=50%25");
    assert_eq!(
        path(&keys, Matrix, false),
        ";color=semi,%3B,dot,.,comma,%2C"
    );
    assert_eq!(path(&keys, Matrix, true), ";semi=%3B;dot=.;comma=%2C");
    // {?keys}, {?keys*}
    assert_eq!(query(&keys, Form, false), "color=semi,%3B,dot,.,comma,%2C");
    assert_eq!(query(&keys, Form, true), "semi=%3B&dot=.&comma=%2C");
}

#[test]
fn null_and_empty_arrays_send_nothing() {
    let none: [&str; 0] = [];
    let nothing = BTreeMap::<String, String>::new();
    for style in [Form, SpaceDelimited, PipeDelimited, DeepObject] {
        for explode in [false, true] {
            assert_eq!(query(&None::<String>, style, explode), "");
            assert_eq!(query(&nothing, style, explode), "");
            assert_eq!(query(&none, style, explode), "");
            assert_eq!(query(&[None::<i64>], style, explode), "");
        }
    }
    let mut parts = parts("/");
    parts.styled_query("a", &Some(1), Form, true, false);
    parts.styled_query("b", &None::<i64>, Form, true, false);
    parts.styled_query("c", &none, Form, true, false);
    parts.styled_query("d", &true, Form, true, false);
    parts.header("x-none", &None::<i64>, false);
    parts.header("x-empty", &none, false);
    parts.cookie("none", &None::<i64>, false);
    let parts = parts.finish().unwrap();
    assert_eq!(parts.query_string(), "a=1&d=true");
    assert!(parts.headers().is_empty());
    assert_eq!(parts.cookie_string(), "");
}

#[test]
fn scalars_are_written_as_in_json() {
    assert_eq!(query(&1.0_f64, Form, true), "color=1");
    assert_eq!(query(&0.1_f32, Form, true), "color=0.1");
    assert_eq!(query(&-1.5, Form, true), "color=-1.5");
    assert_eq!(query(&u64::MAX, Form, true), "color=18446744073709551615");
    assert_eq!(query(&i64::MIN, Form, true), "color=-9223372036854775808");
    assert_eq!(query("ä&=+ /", Form, true), "color=%C3%A4%26%3D%2B%20%2F");
    assert!(fails(|parts| parts.styled_query(
        "x",
        &f64::NAN,
        Form,
        true,
        false
    )));
}

/// Returns `true` if a value cannot be encoded.
fn fails(write: impl FnOnce(&mut Parts)) -> bool {
    let mut parts = parts("/");
    write(&mut parts);
    parts.finish().is_err()
}

#[test]
fn nested_values_cannot_be_encoded() {
    for value in [json!([[1]]), json!({"a": {}}), json!({"a": [1]})] {
        for style in [Simple, Label, Matrix] {
            assert!(try_path(&value, style, false).is_err());
        }
        assert!(fails(
            |parts| parts.styled_query("a", &value, Form, true, false)
        ));
        assert!(fails(|parts| parts.header("a", &value, false)));
        assert!(fails(|parts| parts.cookie("a", &value, false)));
    }
}

#[test]
fn a_path_value_cannot_leave_its_segment() {
    assert_eq!(path("a/../b", Simple, false), "a%2F..%2Fb");
    assert_eq!(path("?x#y", Simple, false), "%3Fx%23y");
    assert_eq!(path("\\..\\", Simple, false), "%5C..%5C");
    assert_eq!(path("%2e%2e", Simple, false), "%252e%252e");
    assert_eq!(path("...", Simple, false), "...");
    assert_eq!(path("{color}", Simple, false), "%7Bcolor%7D");
    assert_eq!(path("a;b=c:d@e", Simple, false), "a%3Bb%3Dc%3Ad%40e");
    let none: [&str; 0] = [];
    for (result, reason) in [
        (try_path("", Simple, false), "it is empty"),
        (try_path(&none, Simple, false), "it is empty"),
        (try_path(&none, Matrix, true), "it is empty"),
        (try_path(".", Simple, false), "cannot be `.` or `..`"),
        (try_path("..", Simple, false), "cannot be `.` or `..`"),
        (try_path(".", Label, false), "cannot be `.` or `..`"),
    ] {
        let error = result.unwrap_err().to_string();
        assert!(
            error.starts_with("cannot write the path parameter `color`: "),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
    }
    // Two variables and a text in one segment.
    let expand = |a: &str, b: &str| {
        let mut parts = parts("/x/{a}{b}");
        parts.styled_path("a", a, Simple, false);
        parts.styled_path("b", b, Simple, false);
        parts.finish()?.path_string()
    };
    assert!(expand(".", ".").is_err());
    assert_eq!(expand(".", "a").unwrap(), "/x/.a");
    let mut parts = parts("/v1/{id}.json");
    parts.styled_path("id", ".", Simple, false);
    let parts = parts.finish().unwrap();
    assert_eq!(parts.path_string().unwrap(), "/v1/..json");
}

#[test]
fn the_template_is_sent_unchanged() {
    assert_eq!(
        parts("/a b/ü/%7E/{").path_string().unwrap(),
        "/a%20b/%C3%BC/%7E/%7B"
    );
    assert_eq!(parts("/a?x=1#other").path_string().unwrap(), "/a");
    assert_eq!(parts("/").path_string().unwrap(), "/");
    assert_eq!(parts("/../a/.").path_string().unwrap(), "/../a/.");
    let error = parts("/{id}").path_string().unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot write the path parameter `id`: it has no value"
    );
}

#[test]
fn reserved_characters_are_kept_if_allowed() {
    let reserved = |value: &str| {
        let mut parts = parts("/");
        parts.styled_query("u", value, Form, true, true);
        parts.finish().unwrap().query_string().to_owned()
    };
    assert_eq!(
        reserved("https://a.example:8/b?c=d;e,f@(g)!*$'"),
        "u=https://a.example:8/b?c=d;e,f@(g)!*$'"
    );
    // Characters that end the value, have another meaning, or are not allowed.
    assert_eq!(reserved("a&b#c+d[e]"), "u=a%26b%23c%2Bd%5Be%5D");
    assert_eq!(
        reserved("ä \"<>^`{|}\\"),
        "u=%C3%A4%20%22%3C%3E%5E%60%7B%7C%7D%5C"
    );
    // RFC 6570, section 3.2.3: encoded characters are kept.
    assert_eq!(reserved("50% %2F%2f%zz%"), "u=50%25%20%2F%2f%25zz%25");
}

#[test]
fn headers_are_not_encoded_and_have_no_line_break() {
    let header = |value: &serde_json::Value, explode| {
        let mut parts = parts("/");
        parts.header("X-Color", value, explode);
        let value = parts.finish()?.headers()["x-color"].as_bytes().to_vec();
        Ok::<_, EncodeError>(String::from_utf8(value).unwrap())
    };
    assert_eq!(header(&json!("a b/ü?\"%"), false).unwrap(), "a b/ü?\"%");
    assert_eq!(
        header(&json!(["blue", "black"]), true).unwrap(),
        "blue,black"
    );
    assert_eq!(
        header(&json!({"B": 1, "R": true}), false).unwrap(),
        "B,1,R,true"
    );
    assert_eq!(
        header(&json!({"B": 1, "R": true}), true).unwrap(),
        "B=1,R=true"
    );
    for value in ["a\r\nB: c", "a\nb", "a\rb", "a\0b", "\u{7f}"] {
        let error = header(&json!(value), false).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot write the header `X-Color`: it has a character that is not allowed in a \
             header, such as a line break"
        );
    }
    assert!(fails(|parts| parts.header("X Color", "a", false)));
    assert!(fails(|parts| parts.header("", "a", false)));
}

#[test]
fn cookies() {
    let mut parts = parts("/");
    parts.cookie("a", "x;y=1, \"z\"", false);
    parts.cookie("b", &[1, 2], false);
    parts.cookie("c", &[1, 2], true);
    parts.cookie("d", &OBJECT, true);
    parts.cookie_json("e", &json!({"a": [1]}));
    assert_eq!(
        parts.finish().unwrap().cookie_string(),
        "a=x%3By%3D1%2C%20%22z%22; b=1,2; c=1; c=2; R=100; G=200; B=150; \
         e=%7B%22a%22%3A%5B1%5D%7D"
    );
}

#[test]
fn content_is_json() {
    let value = json!({"a": [1, "ü/"]});
    let mut parts = parts("/{filter}");
    parts.path_json("filter", &value);
    parts.query_json("filter", &value);
    parts.query_json("null", &json!(null));
    parts.header_json("X-Filter", &json!({"a": "line\nbreak"}));
    let parts = parts.finish().unwrap();
    let encoded = "%7B%22a%22%3A%5B1%2C%22%C3%BC%2F%22%5D%7D";
    assert_eq!(parts.path_string().unwrap(), format!("/{encoded}"));
    assert_eq!(parts.query_string(), format!("filter={encoded}&null=null"));
    assert_eq!(parts.headers()["x-filter"], r#"{"a":"line\nbreak"}"#);
    assert!(fails(|parts| parts.query_json("nan", &f64::NAN)));
}

#[test]
fn the_first_error_is_kept() {
    let mut parts = parts("/{id}");
    parts.path("id", "");
    parts.header("X-Color", "a\nb", false);
    parts.query("page", &2);
    let error = parts.finish().unwrap_err().to_string();
    assert!(error.contains("path parameter `id`"), "{error}");
}

#[test]
fn names_are_encoded() {
    let mut parts = parts("/");
    parts.styled_query("filter[a]&b", &[1], Form, true, false);
    assert_eq!(
        parts.finish().unwrap().query_string(),
        "filter%5Ba%5D%26b=1"
    );
}

#[test]
fn debug_of_a_request_shows_no_values() {
    let mut parts = parts("/a/{color}");
    parts.styled_path("color", "hunter1", Simple, false);
    parts.styled_query("q", "hunter2", Form, true, false);
    parts.header("X-A", "hunter3", false);
    parts.cookie("c", "hunter4", false);
    let shown = format!("{parts:?} {:?}", parts.clone().finish());
    assert!(!shown.contains("hunter"), "{shown}");
}
