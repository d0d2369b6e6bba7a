//! Shortens the texts of a diagnostic, which can contain names and patterns of any length.

use crate::output_limits::{FINDING_NAME, FINDING_TEXT};

/// Limits a text to about [`FINDING_TEXT`] bytes.
///
/// Names in backticks are shortened first, so that the sentence around them stays complete.
pub(super) fn shorten(text: &mut String) {
    if text.len() <= FINDING_TEXT {
        return;
    }
    let mut short = String::new();
    let mut rest = text.as_str();
    while let Some((before, fence, name, after)) = first_code(rest) {
        short.push_str(before);
        short.push_str(fence);
        short.push_str(&truncated(name, FINDING_NAME));
        short.push_str(fence);
        rest = after;
    }
    short.push_str(rest);
    *text = truncated(&short, FINDING_TEXT);
}

/// Splits a text at its first code span: the text before it, its fence, its content and the text
/// after it.
fn first_code(text: &str) -> Option<(&str, &str, &str, &str)> {
    let (start, fence) = backticks(text).next()?;
    let inside = start + fence.len();
    let (length, _) = backticks(text.get(inside..)?).find(|(_, run)| *run == fence)?;
    let end = inside + length;
    Some((
        text.get(..start)?,
        fence,
        text.get(inside..end)?,
        text.get(end + fence.len()..)?,
    ))
}

/// Returns each run of backticks and its position in bytes.
fn backticks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find('`')?;
        let run = text.get(start..)?;
        let length = run.find(|c| c != '`').unwrap_or(run.len());
        from = start + length;
        Some((start, run.get(..length)?))
    })
}

/// Returns at most this many bytes of a text, and an ellipsis if it has more.
fn truncated(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let mut short = text
        .get(..text.floor_char_boundary(most))
        .unwrap_or_default()
        .to_owned();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(text: &str) -> String {
        let mut text = text.to_owned();
        shorten(&mut text);
        text
    }

    #[test]
    fn keeps_a_text_of_usual_length() {
        let text = format!("there is no type `{}`", "x".repeat(FINDING_NAME + 1));
        assert_eq!(shortened(&text), text);
    }

    #[test]
    fn shortens_names_before_sentences() {
        let long = "é".repeat(FINDING_TEXT);
        let short = "é".repeat(FINDING_NAME / 2) + "…";
        assert_eq!(
            shortened(&format!("`{long}` is not `a`, did you mean ``{long}`b``?")),
            format!("`{short}` is not `a`, did you mean ``{short}``?")
        );
    }

    #[test]
    fn truncates_a_sentence_without_names() {
        for text in [
            "é".repeat(FINDING_TEXT),
            "`".to_owned() + &"é".repeat(FINDING_TEXT),
        ] {
            let short = shortened(&text);
            assert!(short.ends_with("é…"), "{short}");
            assert!(short.len() <= FINDING_TEXT + "…".len(), "{}", short.len());
        }
    }
}
