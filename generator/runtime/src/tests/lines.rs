//! Lines of JSON and JSON text sequences, each cut at every byte.

use bytes::Bytes;

use crate::runtime::lines::{Line, LineFault, LineParser};

type Parsed = Result<Vec<(u64, String)>, (u64, LineFault)>;

/// Parses a body in these pieces.
fn parse<'b>(mut parser: LineParser, pieces: impl IntoIterator<Item = &'b [u8]>) -> Parsed {
    let mut lines: Vec<Line> = Vec::new();
    let mut fault = None;
    'pieces: for piece in pieces {
        parser.push(Bytes::copy_from_slice(piece));
        loop {
            match parser.next() {
                Ok(Some(line)) => lines.push(line),
                Ok(None) => break,
                Err(error) => {
                    fault = Some(error);
                    break 'pieces;
                }
            }
        }
    }
    let end = match fault {
        Some(fault) => Err(fault),
        None => parser.end(),
    };
    match end {
        Ok(last) => lines.extend(last),
        Err(fault) => return Err((parser.current(), fault)),
    }
    let shown = |line: &Line| (line.number(), line.text().into_owned());
    Ok(lines.iter().map(shown).collect())
}

/// Parses the body in one piece, in any two pieces, and byte by byte.
fn check(parser: impl Fn() -> LineParser, body: &[u8], expected: &[(u64, &str)]) {
    let expected = expected.iter().map(|(n, text)| (*n, (*text).to_owned()));
    let expected: Parsed = Ok(expected.collect());
    for pieces in cuts(body) {
        assert_eq!(
            parse(parser(), pieces.iter().copied()),
            expected,
            "{body:?} in {pieces:?}"
        );
    }
}

fn check_fault(parser: impl Fn() -> LineParser, body: &[u8], number: u64, fault: LineFault) {
    for pieces in cuts(body) {
        let parsed = parse(parser(), pieces.iter().copied());
        assert_eq!(parsed, Err((number, fault)), "{body:?} in {pieces:?}");
    }
}

fn cuts(body: &[u8]) -> Vec<Vec<&[u8]>> {
    let halves = (0..=body.len()).map(|at| {
        let (start, end) = body.split_at(at);
        vec![start, end]
    });
    halves
        .chain([vec![body], body.chunks(1).collect()])
        .collect()
}

fn lines() -> LineParser {
    LineParser::lines(20)
}

fn sequence() -> LineParser {
    LineParser::sequence(20)
}

#[test]
fn lines_end_in_lf_or_crlf_except_the_last_one() {
    check(lines, b"{\"a\":1}\n2\n", &[(1, "{\"a\":1}"), (2, "2")]);
    check(lines, b"1\r\n2\r\n", &[(1, "1"), (2, "2")]);
    check(lines, b"1\n2", &[(1, "1"), (2, "2")]);
    check(lines, b"1\r\n2\r", &[(1, "1"), (2, "2")]);
    check(lines, b"", &[]);
    check(lines, b"\xEF\xBB\xBF1\n", &[(1, "1")]);
    // These formats have no other line endings.
    check(lines, "1\u{2028}2\r3\n".as_bytes(), &[(1, "1\u{2028}2\r3")]);
}

#[test]
fn blank_lines_are_skipped_and_counted() {
    check(lines, b"\n\n1\n \t\n\r\n2\n\n", &[(3, "1"), (6, "2")]);
    check(lines, b"\n \n", &[]);
}

#[test]
fn a_line_has_a_limit() {
    check(
        lines,
        b"1\n12345678901234567890\r\n",
        &[(1, "1"), (2, "12345678901234567890")],
    );
    check_fault(lines, b"1\n123456789012345678901\n", 2, LineFault::TooLong);
    check_fault(
        lines,
        b"1\n\n1234567890123456789012345",
        3,
        LineFault::TooLong,
    );
}

/// RFC 7464, section 2.
#[test]
fn the_texts_of_a_sequence_begin_with_rs() {
    check(
        sequence,
        b"\x1E{\"a\":1}\n\x1E2\n",
        &[(1, "{\"a\":1}"), (2, "2")],
    );
    // A text can contain line feeds.
    check(
        sequence,
        b"\x1E{\n\"a\":\n1}\n\x1E[\n]\n",
        &[(1, "{\n\"a\":\n1}"), (2, "[\n]")],
    );
    check(
        sequence,
        b"\x1E\"a\\\"\\\\\"\n\x1E\"{\"\n",
        &[(1, "\"a\\\"\\\\\""), (2, "\"{\"")],
    );
    // Several separators count as one.
    check(
        sequence,
        b"\x1E\x1E \x1E1\n\x1E\n\x1E2\n",
        &[(1, "1"), (2, "2")],
    );
    check(sequence, b"", &[]);
    check(sequence, b"\x1E", &[]);
    // A text that closes itself needs no line feed.
    check(
        sequence,
        b"\x1E{}\x1E[1]\x1E\"a\"",
        &[(1, "{}"), (2, "[1]"), (3, "\"a\"")],
    );
    check(sequence, b"\x1E12 \x1Etrue\t", &[(1, "12"), (2, "true")]);
}

/// RFC 7464, section 2.4.
#[test]
fn a_truncated_text_is_an_error() {
    check_fault(sequence, b"\x1E1\n\x1E{\"a\":1\n", 2, LineFault::Truncated);
    check_fault(
        sequence,
        b"\x1E1\n\x1E{\"a\":1\x1E2\n",
        2,
        LineFault::Truncated,
    );
    check_fault(sequence, b"\x1E123", 1, LineFault::Truncated);
    check_fault(sequence, b"\x1Etrue\x1E2\n", 1, LineFault::Truncated);
    check_fault(sequence, b"\x1E\"a", 1, LineFault::Truncated);
    check_fault(sequence, b"\x1E\"a\\\"", 1, LineFault::Truncated);
}

#[test]
fn a_text_without_rs_is_an_error() {
    check_fault(sequence, b"{\"a\":1}\n", 1, LineFault::NoSeparator);
    check_fault(sequence, b"\x1E1\n2\n", 2, LineFault::NoSeparator);
}

#[test]
fn a_text_has_a_limit_and_separators_do_not_nest() {
    check_fault(
        sequence,
        b"\x1E\"1234567890123456789\"\n",
        1,
        LineFault::TooLong,
    );
    check(
        sequence,
        b"\x1E\"123456789012345678\"\n",
        &[(1, "\"123456789012345678\"")],
    );
    let separators = vec![0x1E; 1 << 20];
    assert_eq!(parse(sequence(), [separators.as_slice()]), Ok(Vec::new()));
}
