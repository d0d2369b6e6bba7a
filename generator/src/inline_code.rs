//! Writes a text of a document as inline code of Markdown.

/// Returns a text as inline code. A text with backticks gets longer delimiters.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        return "`\"\"`".to_owned();
    }
    let fence = "`".repeat(longest_run(text, '`') + 1);
    if text.starts_with('`') || text.ends_with('`') {
        format!("{fence} {text} {fence}")
    } else {
        format!("{fence}{text}{fence}")
    }
}

/// Returns the length of the longest run of a character.
pub(crate) fn longest_run(text: &str, character: char) -> usize {
    text.split(|c| c != character)
        .map(str::len)
        .max()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_text_with_backticks_has_a_longer_fence() {
        assert_eq!(code("^[a-z]+$"), "`^[a-z]+$`");
        assert_eq!(code("^[a-z`]+$"), "``^[a-z`]+$``");
        assert_eq!(code("``a"), "``` ``a ```");
    }
}
