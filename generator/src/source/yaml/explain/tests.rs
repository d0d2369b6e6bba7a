use super::super::read;
use super::*;
use crate::source::file_limits::Limit;

fn fault(text: &str) -> SyntaxError {
    *read(&Reader::new(true, text.len(), Limit::FIRST), text).expect_err("not YAML")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn points_at_the_fault() {
    for (text, message, place) in [
        (
            "é: é\na:\n\tb: 1\n",
            "tabs cannot be used to indent YAML",
            "\t",
        ),
        ("a: 1\n\tb: 1", "tabs cannot be used to indent YAML", "\t"),
        ("a: |\n\tx\n", "tabs cannot be used to indent YAML", "\t"),
        ("a: \"é\nb: 1\n", "unterminated quoted string", "\""),
        ("a: 'x\r\nb: 1\r\n", "unterminated quoted string", "'"),
        ("a: b: c\n", "a key is not allowed here", ":"),
        ("a: [1, 2\nb: 3\n", "expected `,` or `]`", ":"),
        ("a: {b: 1]\n", "expected `,` or `}`", "]"),
        ("a:\n  b: 1\n c: 2\n", "expected a key of the mapping", "c"),
        ("- a\nb: 1\n", "expected a list item", "b"),
        (
            "a: @x\n",
            "this character cannot start an unquoted string",
            "@",
        ),
        (
            "a: %x\n",
            "this character cannot start an unquoted string",
            "%",
        ),
        ("a: *x\n", "this alias refers to an unknown anchor", "*"),
        ("a: &\n", "expected the name of an anchor", "\n"),
        ("a: !b!c x\n", "this YAML tag is not declared", "!"),
        (
            "a: \"\\q\"\n",
            "unknown escape in a double-quoted string",
            "\\",
        ),
        (
            "a: \"\\u12\"\n",
            "unknown escape in a double-quoted string",
            "1",
        ),
        ("a: |\n x\nb", "expected `:` after this key", "b"),
        ("a: [1,,2]\n", "expected a value", ","),
        ("a: - b\n", "a list cannot begin here", "-"),
        ("a: ? b\n", "a key is not allowed here", "?"),
        (
            "a: > b\n",
            "a text after `|` or `>` begins on the next line",
            "b",
        ),
        ("? [a]\n: 1\n", "a key has to be a string", "["),
        (
            "é: \u{1}\n",
            "the control character U+0001 is not allowed in YAML",
            "\u{1}",
        ),
        (
            "a: 1\n---\nb: 2\n",
            "the file contains more than one YAML document",
            "---",
        ),
    ] {
        let fault = fault(text);
        assert_eq!(
            (fault.message.as_str(), &text[fault.span]),
            (message, place),
            "{text}"
        );
    }
}

#[test]
fn explains_a_quote_that_was_closed_too_late() {
    let text = "title: \"API\nversion: \"1.0\"\n";
    let (span, _) = fault(text).related.expect("the quote");
    assert_eq!(span, 7..8);
}

#[test]
fn explains_a_key_that_is_too_long() {
    let long = "k".repeat(1_025);
    let quoted = format!("\"{}\"", "\\\"".repeat(600));
    let single = format!("'{}'", "''".repeat(600));
    for key in [&long, &quoted, &single, &"é".repeat(600)] {
        for text in [
            format!("{key}: 1\n"),
            format!("a:\n  b: 1\n  {key}:\n    c: 1\n"),
            format!("a:\n- {key}: 1\n"),
            format!("a: {{b: 1, {key}: 1}}\n"),
            format!("a: [{key} : 1]\n"),
        ] {
            let found = fault(&text);
            assert!(
                found.message.starts_with("this key has"),
                "{text}: {found:?}"
            );
            assert_eq!(&text[found.span], key.as_str(), "{text}");
        }
        for text in [
            format!("? {key}\n: 1\n"),
            format!("a: {{b: 1, ? {key} : 1}}\n"),
        ] {
            assert!(
                read(&Reader::new(true, text.len(), Limit::FIRST), &text).is_ok(),
                "{text}"
            );
        }
    }
    for text in [
        format!("a: {long}, b: c\n"),
        format!("a: {long}\nb: [{long}\nc: 1"),
        format!("a:\n  b: 1\n  {long}\n"),
        format!("a: {{b: {long} c: 1}}\n"),
    ] {
        assert!(!fault(&text).message.starts_with("this key has"), "{text}");
    }
}
