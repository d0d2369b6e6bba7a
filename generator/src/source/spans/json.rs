//! Reads the nodes of a JSON text.

use std::ops::Range;

use super::builder::Builder;
use super::tree::{Kind, Tree};

impl Tree {
    /// Reads `text[body]` up to the first JSON error.
    pub(in crate::source) fn json(text: &str, body: Range<usize>) -> Self {
        let mut builder = Builder::default();
        let bytes = text.as_bytes();
        let mut at = body.start;
        while let Some(&byte) = bytes.get(at).filter(|_| at < body.end) {
            let start = at;
            at += 1;
            match byte {
                b'{' => _ = builder.open(Kind::Mapping, start),
                b'[' => _ = builder.open(Kind::Sequence, start),
                b'}' | b']' => builder.close(),
                b'"' => {
                    while let Some(&byte) = bytes.get(at).filter(|_| at < body.end) {
                        at += if byte == b'\\' { 2 } else { 1 };
                        if byte == b'"' {
                            break;
                        }
                    }
                    at = at.min(body.end);
                    let raw = text.get(start..at).unwrap_or_default();
                    // Only keys need their text, and few have escapes.
                    let key = if raw.contains('\\') {
                        serde_json::from_str(raw).unwrap_or_default()
                    } else {
                        raw.trim_matches('"').to_owned()
                    };
                    builder.node(Kind::Scalar, &key, start..at);
                }
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {}
                _ => {
                    while bytes.get(at).is_some_and(|byte| {
                        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
                    }) {
                        at += 1;
                    }
                    builder.node(Kind::Scalar, "", start..at);
                }
            }
        }
        builder.finish()
    }
}
