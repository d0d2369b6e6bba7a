//! A panic of the YAML libraries costs what they read, not the process.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a parser of another crate; returns `None` where it panics.
///
/// There are texts on which the parsers of YAML panic, and a text is the user's: no text may end a
/// build script or a server that has the generator as a library. Only calls of those parsers are
/// guarded, so that a panic of the generator itself is not hidden. What the parser has changed
/// before then is in a state that callers can use or drop: that is theirs to see to. The panic's
/// message has been written to stderr by the hook of the process.
///
/// This needs panics that unwind: where a profile has `panic = "abort"`, such a text ends the
/// process.
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

    /// What random changes put in, by what the scanners of YAML look at.
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
            // Knuth's numbers for a linear congruential generator.
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
    fn a_panic_is_none() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> usize { panic!("on purpose") }), None);
    }
}
