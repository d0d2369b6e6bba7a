//! Rust code as text: calls and comments.

use std::fmt::Write as _;

/// The attribute for a test that names a deprecated item.
pub(super) const ALLOW_DEPRECATED: &str = "\
#[allow(deprecated, reason = \"deprecated parts of the API are still read and written\")]
";

/// The maximum width of a line, if possible.
const WIDTH: usize = 100;

/// Writes a call as a statement, formatted like rustfmt.
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

/// Returns text of the document for a comment: without line breaks and invisible characters.
pub(super) fn one_line(text: &str) -> String {
    let shown = |c: char| if is_hidden(c) { '?' } else { c };
    text.chars().map(shown).collect()
}

/// Returns true for control characters, and for those that change the direction or position of
/// others.
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
