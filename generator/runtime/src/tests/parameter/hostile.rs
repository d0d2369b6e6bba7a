//! A value or a name stays in its place, whatever it contains.

use super::*;

/// Texts that could end a line, a value or a segment, or refer to a parent folder.
const HOSTILE: [&str; 14] = [
    "a\r\nX-B: c",
    "\n",
    "\r",
    "\"a\"",
    "'",
    "a;b=c",
    "a&b=c",
    "a=b",
    "../../a",
    "%2e%2e",
    "%2e%2e%2fa",
    "//evil.example/",
    "?a#b",
    "\0\u{202e}",
];

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if let (b'%', [high, low, after @ ..]) = (*first, after) {
            let digits = String::from_utf8(vec![*high, *low]).unwrap();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_value_stays_in_its_place() {
    for value in HOSTILE {
        let list = [value, value];
        for style in [Simple, Label, Matrix] {
            for written in [path(value, style, false), path(&list, style, true)] {
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~%,;=".contains(c);
                assert!(written.chars().all(is_plain), "{value:?}: {written}");
            }
        }
        assert_eq!(decoded(&path(value, Simple, false)), value);
        for style in [Form, SpaceDelimited, PipeDelimited, DeepObject] {
            let written = match style {
                DeepObject => query(&BTreeMap::from([(value, value)]), style, true),
                _ => query(value, style, true),
            };
            let (name, rest) = written.split_once('=').unwrap();
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
            assert!(rest.chars().all(is_plain), "{value:?}: {written}");
            assert_eq!(decoded(rest), value);
            assert!(decoded(name).starts_with("color"), "{written}");
        }
        let written = query(&list, Form, true);
        assert_eq!(written.split('&').count(), 2, "{written}");
        let mut reserved = parts("/");
        reserved.styled_query("color", value, Form, true, true);
        let reserved = reserved.finish().unwrap().query_string().to_owned();
        let ends = ['&', '#', '\r', '\n', '"', '\0'];
        assert!(!reserved.contains(ends), "{value:?}: {reserved}");
        let mut cookies = parts("/");
        cookies.cookie("color", value, false);
        let cookies = cookies.finish().unwrap().cookie_string().to_owned();
        let ends = [';', ',', ' ', '"', '\\', '\r', '\n', '\0'];
        assert!(!cookies.contains(ends), "{value:?}: {cookies}");
        let mut header = parts("/");
        header.header("X-Color", value, false);
        match header.finish() {
            Ok(parts) => assert_eq!(parts.headers()["x-color"].as_bytes(), value.as_bytes()),
            Err(_) => assert!(value.contains(['\r', '\n', '\0']), "{value:?}"),
        }
    }
}

#[test]
fn a_name_stays_in_its_place() {
    for name in HOSTILE {
        let mut query = parts("/");
        query.styled_query(name, &[1], Form, true, false);
        let query = query.finish().unwrap().query_string().to_owned();
        assert!(
            !query.contains(['&', '#', '\r', '\n', '"', ';', '?', '/']),
            "{query}"
        );
        assert_eq!(decoded(&query), format!("{name}=1"));
        let mut cookie = parts("/");
        cookie.cookie(name, &1, false);
        if let Ok(parts) = cookie.finish() {
            let cookie = parts.cookie_string().to_owned();
            assert!(
                !cookie.contains([';', ',', ' ', '"', '\r', '\n', '\0']),
                "{cookie}"
            );
        }
        let mut header = parts("/");
        header.header(name, "a", false);
        if let Ok(parts) = header.finish() {
            assert_eq!(parts.headers().len(), 1);
        }
    }
}
