//! Quoted strings in headers (RFC 9110, section 5.6.4).

/// Returns the text before the closing quotation mark, and the rest. `quoted` starts after the
/// opening mark.
pub(crate) fn unquote(quoted: &str) -> (String, &str) {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (text, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => text.push(character),
        }
    }
    (text, "")
}
