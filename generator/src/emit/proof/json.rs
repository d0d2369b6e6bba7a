//! JSON of the document in the source of a test.

use std::fmt::Write as _;

use serde_json::Value;

use super::text::is_hidden;
use crate::emit::{GeneratedFile, text};

/// What is longer stands in a file of its own.
const LONGEST: usize = 160;

/// The most `#`s that a raw string can have.
const MOST_HASHES: usize = 255;

/// The expression for the text of a value; a long one stands in a file of this name.
pub(super) fn literal(value: &Value, stem: &str) -> (String, Option<GeneratedFile<'static>>) {
    if let Some(literal) = within(value, LONGEST) {
        return (literal, None);
    }
    let name = format!("examples/{stem}.json");
    let pretty = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    let file = text(&format!("tests/{name}"), visible(&pretty) + "\n");
    (format!("include_str!(\"{name}\")"), Some(file))
}

/// A string literal with the text of a value, where that has no more characters than this.
pub(super) fn within(value: &Value, longest: usize) -> Option<String> {
    let json = visible(&value.to_string());
    (json.chars().count() <= longest)
        .then(|| raw_string(&json))
        .flatten()
}

/// The same JSON without characters that a reader cannot see: they can stand in strings only.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A string literal that holds a text as it is; `None` where there is none.
fn raw_string(text: &str) -> Option<String> {
    if !text.contains(['"', '\\']) {
        return Some(format!("\"{text}\""));
    }
    let runs = text.split('"').skip(1);
    let longest = runs.map(|rest| rest.bytes().take_while(|byte| *byte == b'#').count());
    let hashes = "#".repeat(longest.max().unwrap_or_default() + 1);
    (hashes.len() <= MOST_HASHES).then(|| format!("r{hashes}\"{text}\"{hashes}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_text_leaves_its_literal() {
        for (value, start) in [
            (json!(12), "\"12"),
            (json!("a"), "r#\"\"a"),
            (json!("a\"#b"), "r##\"\"a"),
            (json!("\"##\n"), "r###\"\"\\\""),
            (json!("\u{202e}\u{7f}"), "r#\"\"\\u202e\\u007f"),
        ] {
            let (literal, file) = literal(&value, "x");
            assert!(file.is_none());
            assert!(literal.starts_with(start), "{literal}");
            let read = syn::parse_str::<syn::LitStr>(&literal).expect("a literal");
            let read: Value = serde_json::from_str(&read.value()).expect("JSON");
            assert_eq!(read, value);
        }
    }

    #[test]
    fn what_is_long_or_has_too_many_hashes_stands_in_a_file() {
        for value in [
            json!("x".repeat(200)),
            json!(format!("\"{}", "#".repeat(130))),
        ] {
            let (_, file) = literal(&value, "x");
            assert_eq!(file.is_some(), value.to_string().len() > LONGEST, "{value}");
        }
        let many = json!(["\"", "#".repeat(300)]);
        assert!(literal(&many, "x").1.is_some());
    }
}
