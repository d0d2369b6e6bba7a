//! Positions of nodes, compared with those that a second parser finds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use saphyr_parser::{Event as Other, Parser as OtherParser};
use serde_json::Value;

use super::builder::Builder;
use super::{Offsets, Tree, yaml};
use crate::diagnostic::{Diagnostics, FileId, Location, Part};
use crate::pointer::Pointer;
use crate::source::Sources;
use crate::source::panic_guard::guarded;
use crate::source::yaml::is_yaml;

fn read(name: &str, text: &str) -> (Sources, Value) {
    let mut sources = Sources::new();
    let read = sources.read_text(name, text, &mut Diagnostics::default());
    let (_, value) = read.expect("a document");
    (sources, value)
}

/// Returns the marked text for a node.
fn marked<'a>(sources: &'a Sources, pointer: &str, part: Part) -> &'a str {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    let place = sources.find(&Location::Node(pointer, part));
    let (file, span) = place.expect("a place");
    &sources.text(file)[span]
}

fn pointers(value: &Value, at: &Pointer, into: &mut Vec<(Pointer, Value)>) {
    into.push((at.clone(), value.clone()));
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                pointers(value, &at.child(key), into);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                pointers(value, &at.child(index), into);
            }
        }
        _ => {}
    }
}

const DOCUMENTS: &[(&str, &str)] = &[
    (
        "a.yml",
        "\u{FEFF}# é\r\né: \"ü \\t x\"\r\nlist:\r\n  - name: föö # c\r\n    b: |\r\n      text ß\r\n      more\r\n  - [1, {a: b, 'c d': 2.5}]\r\n  -\r\n    - x\r\n    - - y\r\nempty:\r\n\"q/k\" : 'v'\r\n~x: a b\r\n  c d\r\nlast: {}\r\n",
    ),
    (
        "a.json",
        "{\n\t\"é\": \"\\u00fc\\\"\",\n\t\"list\": [1, -2.5e3, true, null, {\"a/b\": []}, [[\"x\"]]],\n\t\"~\": {}\n}\n",
    ),
    (
        "a.md",
        "# é\n\n```yaml\nopenapi: 3.1.0\ninfo:\n    title: |\n        ```\n\n    200: x\n```\n",
    ),
    ("a.yaml", "? a\n: b\n? 'c'\n:\n  - d\n"),
];

#[test]
fn finds_every_node_of_a_document() {
    for (name, text) in DOCUMENTS {
        let (sources, value) = read(name, text);
        let mut nodes = Vec::new();
        pointers(&value, &Pointer::root(), &mut nodes);
        assert!(nodes.len() > 3);
        for (pointer, value) in nodes {
            if let Some(key) = pointer.last().filter(|key| key.parse::<usize>().is_err()) {
                let found = marked(&sources, pointer.as_str(), Part::Key);
                let found = found.trim().trim_matches(['"', '\'']);
                assert_eq!(found, key, "{name} {pointer}");
            }
            let found = marked(&sources, pointer.as_str(), Part::Value);
            match value {
                Value::String(text) if !found.contains('\\') && !text.contains('\n') => {
                    let found = found.trim_matches(['"', '\'']);
                    let found = found.split_whitespace().collect::<Vec<_>>();
                    assert_eq!(found, text.split_whitespace().collect::<Vec<_>>());
                }
                Value::Number(number) => {
                    let found: f64 = found.parse().expect("a number");
                    assert_eq!(Some(found), number.as_f64(), "{name} {pointer}");
                }
                Value::Bool(value) => assert_eq!(found, value.to_string()),
                _ => assert!(!found.is_empty(), "{name} {pointer}"),
            }
        }
    }
}

#[test]
fn marks_a_container_by_its_key_or_its_beginning() {
    let (sources, _) = read(
        "a.yml",
        "a:\n  b: 1\nlist:\n  - c: 1\n    d: 2\n  - {e: 3}\nnone:\n",
    );
    assert_eq!(marked(&sources, "/a", Part::Value), "a");
    assert_eq!(marked(&sources, "/list/0", Part::Value), "c: 1");
    assert_eq!(marked(&sources, "/list/1", Part::Key), "{");
    assert_eq!(marked(&sources, "/none", Part::Value), "none");
    assert_eq!(marked(&sources, "", Part::Value), "a:");
}

#[test]
fn skips_tokens_that_the_text_does_not_have() {
    let (sources, _) = read("a.yml", "a:\n  $ref: x\n  b:\n    c: 1\n");
    assert_eq!(marked(&sources, "/a/allOf/0/$ref", Part::Value), "x");
    assert_eq!(
        marked(&sources, "/a/anyOf/1/b/c/deeper/still", Part::Value),
        "1"
    );
    assert_eq!(marked(&sources, "/nowhere", Part::Key), "a:");
}

#[test]
fn reads_on_behind_a_byte_order_mark() {
    let text = "a: x\u{feff}y\n\"k\u{feff}\": {b: c}\nd: e\n";
    let (sources, _) = read("mark.yaml", text);
    assert_eq!(marked(&sources, "/d", Part::Value), "e");
    assert_eq!(marked(&sources, "/k\u{feff}/b", Part::Value), "c");
}

#[test]
fn reads_brackets_that_are_not_indented() {
    let text = "a: {\"y\": []\n}\nb: [1,\n2, {c: &x d\n}]\nlast: e\n";
    let (sources, _) = read("a.yaml", text);
    assert_eq!(marked(&sources, "/b/1", Part::Value), "2");
    assert_eq!(marked(&sources, "/b/2/c", Part::Value), "d");
    assert_eq!(marked(&sources, "/last", Part::Value), "e");
}

#[test]
fn ends_on_texts_that_the_parser_panics_on() {
    for text in [
        "a: |\n  x",
        "a: [!x, b]",
        "{\"a\":!!str,b: c}",
        "[!<x,y>,",
        "a: >\n é",
    ] {
        let tree = Tree::yaml(text, 0..text.len());
        assert!(tree.find(&Pointer::root(), Part::Value).is_some(), "{text}");
    }
}

#[test]
fn keeps_nodes_read_before_the_parser_panics() {
    let text = "a: 1\nb: |\n  x";
    let mut builder = Builder::default();
    let read = guarded(|| yaml::events(&mut builder, text, 0, text));
    assert_eq!(read, None);
    let tree = builder.finish();
    let a = Pointer::root().child("a");
    assert_eq!(tree.find(&a, Part::Value), Some(3..4));
}

#[test]
fn follows_aliases_and_merge_keys() {
    let (sources, value) = read(
        "a.yml",
        "base: &base\n  x: 1\n  y: {z: 2}\nalias: *base\none:\n  <<: *base\n  x: 3\nlist:\n  <<: [*base, {w: 4}]\nself: &s\n  - *base\n",
    );
    assert_eq!(value["one"]["y"]["z"], 2);
    assert_eq!(marked(&sources, "/alias/y/z", Part::Value), "2");
    assert_eq!(marked(&sources, "/alias", Part::Value), "*base");
    assert_eq!(marked(&sources, "/one/x", Part::Value), "3");
    assert_eq!(marked(&sources, "/one/y/z", Part::Key), "z");
    assert_eq!(marked(&sources, "/list/w", Part::Value), "4");
    assert_eq!(marked(&sources, "/self/0/y", Part::Key), "y");
}

#[test]
fn finds_nodes_of_wide_containers() {
    let mut text = String::from("map:\n");
    for i in 0..1000 {
        let _ = writeln!(text, "  k{i}: v{i}");
    }
    text.push_str("list:\n");
    for i in 0..1000 {
        let _ = writeln!(text, "  - w{i}");
    }
    let (sources, _) = read("a.yml", &text);
    assert_eq!(marked(&sources, "/map/k777", Part::Value), "v777");
    assert_eq!(marked(&sources, "/list/777", Part::Value), "w777");
}

#[test]
fn returns_some_location_if_the_parsers_disagree() {
    let tree = Tree::yaml("a: 1\nb: [\n", 0..10);
    let pointer = Pointer::root().child("a");
    assert_eq!(tree.find(&pointer, Part::Value), Some(3..4));
    assert_eq!(Tree::json("", 0..0).find(&pointer, Part::Key), None);
    let (sources, _) = read("a.yml", "a: 1\n");
    assert_eq!(
        sources.find(&Location::Span(FileId(0), 3..4)),
        Some((FileId(0), 3..4))
    );
}

/// Returns the first byte of each scalar by pointer, according to the other parser. Returns `None`
/// if that does not read the whole text, or if the text has aliases or merge keys.
fn scalars(text: &str) -> Option<BTreeMap<String, usize>> {
    enum Open {
        Mapping(Option<String>),
        Sequence(usize),
    }
    let offsets = Offsets::new(text, 0);
    let mut parser = OtherParser::new_from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut found = BTreeMap::new();
    loop {
        let (event, span) = parser.next_event()?.ok()?;
        let is_key = matches!(open.last(), Some(Open::Mapping(None)));
        match event {
            Other::StreamEnd => return Some(found),
            Other::Alias(_) => return None,
            Other::Scalar(text, ..) if is_key => {
                *open.last_mut()? = Open::Mapping(Some(text.into_owned()));
                continue;
            }
            Other::MappingStart(..) | Other::SequenceStart(..) if is_key => return None,
            Other::Scalar(text, style, ..) => {
                // An empty plain scalar has no location.
                if !(text.is_empty() && style == saphyr_parser::ScalarStyle::Plain) {
                    let mut pointer = Pointer::root();
                    for open in &open {
                        pointer = match open {
                            Open::Mapping(key) => pointer.child(key.as_ref()?),
                            Open::Sequence(index) => pointer.child(index),
                        };
                    }
                    found.insert(
                        pointer.as_str().to_owned(),
                        offsets.byte(span.start.index()),
                    );
                }
            }
            Other::MappingStart(..) => {
                open.push(Open::Mapping(None));
                continue;
            }
            Other::SequenceStart(..) => {
                open.push(Open::Sequence(0));
                continue;
            }
            Other::MappingEnd | Other::SequenceEnd => _ = open.pop(),
            _ => continue,
        }
        match open.last_mut() {
            Some(Open::Mapping(key)) => *key = None,
            Some(Open::Sequence(index)) => *index += 1,
            None => {}
        }
    }
}

/// Returns the documents of the tests.
fn documents() -> Vec<String> {
    let mut found: Vec<PathBuf> = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/features")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.ends_with("openapi.yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: &PathBuf| std::fs::read_to_string(path).expect("text");
    found.iter().map(read).collect()
}

/// Changes a text at one place, in a way that depends on `seed` only.
fn mutate(text: &str, seed: usize) -> String {
    const PARTS: &[&str] = &[
        "{a: []\n}",
        "[1,\n2]",
        "\"x\": ",
        "'y'",
        "&a ",
        "é",
        "# c\n",
        " |\n  t\n",
        "- ",
        "  ",
        "\n",
        "? ",
    ];
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let place = |factor: usize| {
        let index = seed.wrapping_mul(factor) % places.len().max(1);
        places.get(index).copied().unwrap_or_default()
    };
    let (at, end) = (place(7919), place(104_729));
    let mut text = text.to_owned();
    if seed.is_multiple_of(3) {
        let end = end.clamp(at, at + 30);
        let end = (at..=end).rev().find(|end| text.is_char_boundary(*end));
        text.replace_range(at..end.unwrap_or(at), "");
    }
    text.insert_str(at, PARTS[seed % PARTS.len()]);
    text
}

#[test]
fn a_second_parser_finds_every_scalar_in_the_same_place() {
    let documents = documents();
    let mutants = (0..600).map(|seed| mutate(&documents[seed % documents.len()], seed));
    let mut compared = 0;
    for text in documents.iter().cloned().chain(mutants) {
        // A text that `serde_yaml` rejects has no locations to compare.
        if !is_yaml(&text) {
            continue;
        }
        let Some(scalars) = scalars(&text) else {
            continue;
        };
        let tree = Tree::yaml(&text, 0..text.len());
        for (pointer, start) in scalars {
            let node = Pointer::parse(&pointer).expect("a pointer");
            let found = tree.find(&node, Part::Value).map(|span| span.start);
            // In that parser, an anchor is part of its node.
            let start = yaml::behind_anchor(&text, start..text.len()).start;
            assert_eq!(found, Some(start), "{pointer}\n{text}");
            compared += 1;
        }
    }
    assert!(compared > 10_000, "{compared}");
}
