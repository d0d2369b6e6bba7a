//! Test cases of server-sent events, each split at every byte.
//!
//! They follow WHATWG HTML, section 9.2.6, and its examples.

use bytes::Bytes;

use crate::runtime::events::{EventParser, RawEvent, TooLong};

/// An event as a browser dispatches it: type, data, and the last id of the stream.
type Dispatched = (&'static str, &'static str, &'static str);

struct Vector {
    rule: &'static str,
    body: &'static [u8],
    events: &'static [Dispatched],
    /// The last id and the reconnection time at the end.
    after: (&'static str, Option<u64>),
}

const fn vector(
    rule: &'static str,
    body: &'static [u8],
    events: &'static [Dispatched],
    after: (&'static str, Option<u64>),
) -> Vector {
    Vector {
        rule,
        body,
        events,
        after,
    }
}

const NONE: (&str, Option<u64>) = ("", None);

#[rustfmt::skip]
const VECTORS: &[Vector] = &[
    vector("data lines are joined by line feeds", b"data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "YHOO\n+2\n10", "")], NONE),
    vector("a comment, an id, an empty id, and one space only",
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
        &[("message", "first event", "1"), ("message", "second event", ""), ("message", " third event", "")], NONE),
    vector("data without a value is an event, and the last one is not complete", b"data\n\ndata\ndata\n\ndata:", &[("message", "", ""), ("message", "\n", "")], NONE),
    vector("the space after the colon is optional", b"data:test\n\ndata: test\n\n", &[("message", "test", ""), ("message", "test", "")], NONE),
    vector("a tab is not that space", b"data:\ta\n\ndata:  b\n\n", &[("message", "\ta", ""), ("message", " b", "")], NONE),
    vector("an empty type is `message`", b"event: add\ndata: 1\n\nevent:\ndata: 2\n\n", &[("add", "1", ""), ("message", "2", "")], NONE),
    vector("a type is for one event", b"event: add\ndata: 1\n\ndata: 2\n\n", &[("add", "1", ""), ("message", "2", "")], NONE),
    vector("of several types the last one counts", b"event: a\nevent: b\ndata: 1\n\n", &[("b", "1", "")], NONE),
    vector("without data there is no event, and no type for the next one", b"event: ping\n\ndata: 1\n\n", &[("message", "1", "")], NONE),
    vector("comments are nothing", b":\n\n: a\n:b: c\n\n", &[], NONE),
    vector("a comment in an event is not its end", b"data: 1\n: a\ndata: 2\n\n", &[("message", "1\n2", "")], NONE),
    vector("other fields are ignored, and names have a case", b"foo: 1\nData: 2\n data: 3\ndata : 4\ndata: 5\n\n", &[("message", "5", "")], NONE),
    vector("a line without a colon is a field name", b"foo\nevent\ndata: 1\n\n", &[("message", "1", "")], NONE),
    vector("the first colon counts", b"data: a:b: c\n\ndata::\n\n", &[("message", "a:b: c", ""), ("message", ":", "")], NONE),
    vector("data may have NUL", b"data: a\0b\n\n", &[("message", "a\0b", "")], NONE),
    vector("CRLF is one end of a line", b"data: a\r\ndata: b\r\n\r\n", &[("message", "a\nb", "")], NONE),
    vector("CR is one too", b"data: a\rdata: b\r\rdata: c\r\r", &[("message", "a\nb", ""), ("message", "c", "")], NONE),
    vector("LF after CRLF is an empty line", b"data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", &[("message", "a", ""), ("message", "b", ""), ("message", "c", "")], NONE),
    vector("they may be mixed", b"data: a\rdata: b\r\ndata: c\n\r", &[("message", "a\nb\nc", "")], NONE),
    vector("empty lines are nothing", b"\n\r\n\r\rdata: a\n\n\n\n", &[("message", "a", "")], NONE),
    vector("one BOM is skipped", b"\xEF\xBB\xBFdata: a\n\n", &[("message", "a", "")], NONE),
    vector("a second one is not", b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\ndata: b\n\n", &[("message", "b", "")], NONE),
    vector("nor is a later one", b"data: a\n\n\xEF\xBB\xBFdata: b\n\ndata: \xEF\xBB\xBFc\n\n", &[("message", "a", ""), ("message", "\u{FEFF}c", "")], NONE),
    vector("nor a part of one", b"\xEF\xBBdata: a\n\ndata: b\n\n", &[("message", "b", "")], NONE),
    vector("a BOM alone", b"\xEF\xBB\xBF", &[], NONE),
    vector("a BOM and an empty line", b"\xEF\xBB\xBF\n\xEF\xBB\xBFdata: a\n\n", &[], NONE),
    vector("what is not UTF-8 is replaced", b"data: a\xFFb\xC3\n\n", &[("message", "a\u{FFFD}b\u{FFFD}", "")], NONE),
    vector("by one character for each maximal part", b"data: \xE2\x82|\xF0\x9F\x98|\xC0\x80|\xED\xA0\x80\n\n", &[("message", "\u{FFFD}|\u{FFFD}|\u{FFFD}\u{FFFD}|\u{FFFD}\u{FFFD}\u{FFFD}", "")], NONE),
    vector("in types and ids too", b"event: \xFF\nid: \xFE\ndata: a\n\n", &[("\u{FFFD}", "a", "\u{FFFD}")], ("\u{FFFD}", None)),
    vector("characters of two to four bytes", "data: é€😀\n\n".as_bytes(), &[("message", "é€😀", "")], NONE),
    vector("an id stays for what follows", b"id: 7\ndata: a\n\ndata: b\n\n", &[("message", "a", "7"), ("message", "b", "7")], ("7", None)),
    vector("an id without data counts", b"id: 42\n\ndata: a\n\n", &[("message", "a", "42")], ("42", None)),
    vector("an id alone counts", b"id: 9\n\n", &[], ("9", None)),
    vector("an id with NUL is ignored", b"id: 1\ndata: a\n\nid: x\0y\ndata: b\n\n", &[("message", "a", "1"), ("message", "b", "1")], ("1", None)),
    vector("the id of what is not complete does not count", b"id: 1\ndata: a\n\nid: 2\ndata: b\n", &[("message", "a", "1")], ("1", None)),
    vector("retry is digits", b"retry: 3000\n\nretry: 30x0\nretry: 12 \nretry: -1\nretry: +1\nretry: 1.5\n\n", &[], ("", Some(3000))),
    vector("retry counts without an event, and before its end", b"retry: 5\n", &[], ("", Some(5))),
    vector("retry without digits is nothing", b"retry\nretry:\nretry: \n\n", &[], NONE),
    vector("retry out of range is nothing", b"retry: 7\nretry: 99999999999999999999999\n\n", &[], ("", Some(7))),
    vector("retry may begin with zeros", b"retry: 0010\n\n", &[], ("", Some(10))),
    vector("a line without an end is dropped", b"data: a\n\ndata: b", &[("message", "a", "")], NONE),
    vector("an event without an empty line is dropped", b"data: a\n\ndata: b\n", &[("message", "a", "")], NONE),
    vector("nothing", b"", &[], NONE),
];

/// Parses a body in these pieces.
fn parse(pieces: &[&[u8]]) -> (Vec<(String, String, String)>, EventParser) {
    let mut parser = EventParser::new(1 << 20);
    let mut events = Vec::new();
    for piece in pieces {
        parser.push(Bytes::copy_from_slice(piece));
        while let Some(event) = parser.next().unwrap() {
            events.push((
                event.event().to_owned(),
                event.data().to_owned(),
                parser.last_event_id().unwrap_or_default().to_owned(),
            ));
        }
    }
    (events, parser)
}

fn check(vector: &Vector, pieces: &[&[u8]]) {
    let (events, parser) = parse(pieces);
    let events: Vec<(&str, &str, &str)> = events
        .iter()
        .map(|(event, data, id)| (event.as_str(), data.as_str(), id.as_str()))
        .collect();
    let lengths: Vec<usize> = pieces.iter().map(|piece| piece.len()).collect();
    assert_eq!(events, vector.events, "{} in {lengths:?}", vector.rule);
    let after = (
        parser.last_event_id().unwrap_or_default(),
        parser.reconnection_time(),
    );
    assert_eq!(after, vector.after, "{} in {lengths:?}", vector.rule);
}

#[test]
fn events_are_parsed_as_in_the_standard() {
    for vector in VECTORS {
        check(vector, &[vector.body]);
    }
}

#[test]
fn events_are_the_same_in_any_two_pieces() {
    for vector in VECTORS {
        for at in 0..=vector.body.len() {
            let (start, end) = vector.body.split_at(at);
            check(vector, &[start, end]);
            check(vector, &[start, b"", end]);
        }
    }
}

#[test]
fn events_are_the_same_byte_by_byte() {
    for vector in VECTORS {
        let bytes: Vec<&[u8]> = vector.body.chunks(1).collect();
        check(vector, &bytes);
        let thirds: Vec<&[u8]> = vector.body.chunks(3).collect();
        check(vector, &thirds);
    }
}

#[test]
fn an_event_has_its_own_fields() {
    let mut parser = EventParser::new(100);
    parser.push(Bytes::from_static(
        b"id: 1\nretry: 20\nevent: a\ndata: {\"b\":1}\n\ndata: 2\n\n",
    ));
    let first = parser.next().unwrap().unwrap();
    assert_eq!(
        (first.event(), first.id(), first.retry()),
        ("a", Some("1"), Some(20))
    );
    assert_eq!(first.json::<serde_json::Value>().unwrap()["b"], 1);
    assert!(!format!("{first:?}").contains("{\"b\""));
    let second = parser.next().unwrap().unwrap();
    assert_eq!(
        (second.event(), second.id(), second.retry()),
        ("message", None, None)
    );
    assert_eq!(parser.next(), Ok(None));
}

/// Parses a body in pieces of a length, with a limit of 100 bytes.
fn limited(body: &[u8], length: usize) -> Result<Vec<RawEvent>, TooLong> {
    let mut parser = EventParser::new(100);
    let mut events = Vec::new();
    for piece in body.chunks(length) {
        parser.push(Bytes::copy_from_slice(piece));
        while let Some(event) = parser.next()? {
            events.push(event);
        }
    }
    Ok(events)
}

#[test]
fn an_event_has_a_limit_in_pieces_of_any_length() {
    let of = |length: usize| format!("data: {}\n\n", "x".repeat(length));
    let several = |count: usize| "data: 123456789\n".repeat(count) + "\n";
    let comments = ": a comment of some length\n".repeat(1000) + "data: 1\n\n";
    let endless = "x".repeat(1000);
    let events = of(100).repeat(50);
    for length in [1, 2, 7, 64, 1 << 20] {
        assert_eq!(limited(of(100).as_bytes(), length).unwrap().len(), 1);
        assert_eq!(limited(of(101).as_bytes(), length), Err(TooLong));
        assert_eq!(limited(several(10).as_bytes(), length).unwrap().len(), 1);
        assert_eq!(limited(several(11).as_bytes(), length), Err(TooLong));
        // The limit is on the bytes that are kept, not on those that are read.
        assert_eq!(limited(comments.as_bytes(), length).unwrap().len(), 1);
        assert_eq!(limited(events.as_bytes(), length).unwrap().len(), 50);
        assert_eq!(limited(endless.as_bytes(), length), Err(TooLong));
        let id = format!("id: {}\ndata: 1\n\n", "x".repeat(100));
        assert_eq!(limited(id.as_bytes(), length), Err(TooLong));
    }
}
