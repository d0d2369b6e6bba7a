//! Rust that is written as text: calls, comments.

use std::fmt::Write as _;

/// On a test that names what the document deprecates.
pub(super) const ALLOW_DEPRECATED: &str = "\
#[allow(deprecated, reason = \"deprecated parts of the API are still read and written\")]
";

/// A line is not longer, where that can be helped.
const WIDTH: usize = 100;

/// A statement that calls a function, as rustfmt lays it out inside of one.
pub(super) fn call(out: &mut String, function: &str, arguments: &[String]) {
    let line = format!("    {function}({});", arguments.join(", "));
    if line.chars().count() <= WIDTH {
        out.push_str(&line);
        out.push('\n');
        return;
    }
    let _ = writeln!(out, "    {function}(");
    for argument in arguments {
        let _ = writeln!(out, "        {argument},");
    }
    out.push_str("    );\n");
}

/// Text of the document, fit for a comment: without line breaks and what a reader cannot see.
pub(super) fn one_line(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '?' } else { c };
    text.chars().map(shown).collect()
}

/// Whether a character is a control, or changes the direction or the place of others.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
        )
}
