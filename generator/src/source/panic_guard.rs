//! Catches panics of the YAML libraries.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a parser of another crate; returns `None` if it panics.
///
/// The YAML parsers panic on some texts, and no text may end a build script or a server that uses
/// the generator as a library. Only calls of those parsers are guarded, so that a panic of the
/// generator itself is not hidden. Callers must be able to use or drop the data that the parser has
/// changed before the panic. The panic hook of the process still prints a message to stderr.
///
/// This requires unwinding: with `panic = "abort"` in a profile, such a text ends the process.
pub(super) fn guarded<T>(parse: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(parse)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostics, Location, Part};
    use crate::pointer::Pointer;
    use crate::source::Sources;

    const TEXT: &str = "openapi: 3.1.0\ninfo: &i {title: \"a: b\", 'version': 1.0.0} # c\npaths:\n  /a/{b}:\n    get: !!map\n      description: |-\n        é\n\n        x\n      tags: [a, *i, >\n    ? k\n    : - <<: *i\n      - |\n        end\n";

    /// The pieces that random changes insert: text that YAML scanners treat specially.
    const PIECES: &[&str] = &[
        ",",
        "[",
        "]",
        "{",
        "}",
        "!",
        "!!str",
        "!<x>",
        "&a",
        "*a",
        "|",
        ">",
        "|2",
        ">-",
        "\"",
        "'",
        "\\",
        "\\x",
        "#",
        "%",
        "%YAML 1.1\n",
        "@",
        "`",
        "?",
        ":",
        "-",
        "---",
        "...",
        "\n",
        "\r",
        "\t",
        " ",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "é",
        "\0",
        "<<: ",
        "~",
        "",
    ];

    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            // Knuth's constants for a linear congruential generator.
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
            self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).expect("31 bits") % end.max(1)
        }
    }

    #[test]
    fn no_text_is_worse_than_an_error_with_a_place() {
        let mut random = Random(1);
        for _ in 0..300 {
            let mut characters: Vec<char> = TEXT.chars().collect();
            for _ in 0..=random.below(4) {
                let start = random.below(characters.len());
                let end = (start + random.below(4)).min(characters.len());
                let piece = PIECES[random.below(PIECES.len())];
                characters.splice(start..end, piece.chars());
            }
            characters.truncate(random.below(4 * characters.len()));
            let text: String = characters.into_iter().collect();
            let mut sources = Sources::new();
            let mut found = Diagnostics::default();
            let read = sources.read_text("a.yaml", text.clone().into_bytes(), &mut found);
            let found = found.take();
            assert!(read.is_ok() || !found.is_empty(), "{text:?}");
            for finding in &found {
                assert!(sources.find(&finding.location).is_some(), "{text:?}");
            }
            let node = Pointer::root().child("paths").child("/a/{b}");
            let place = sources.find(&Location::Node(node, Part::Value));
            assert!(place.is_some(), "{text:?}");
        }
    }

    #[test]
    fn a_panic_returns_none() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> usize { panic!("on purpose") }), None);
    }
}
