use serde_json::{Value, json};

use super::file::display;
use super::*;
use crate::diagnostic::{Aborted, Diagnostics, Location, Policy, code};

fn read(name: &str, text: impl Into<Vec<u8>>) -> Result<Value, Box<(Sources, Diagnostics)>> {
    let mut sources = Sources::new();
    let mut diagnostics = strict();
    match sources.read_text(name, text, &mut diagnostics) {
        Ok((_, value)) => {
            assert_eq!(diagnostics.list().len(), 0);
            Ok(value)
        }
        Err(Aborted) => Err(Box::new((sources, diagnostics))),
    }
}

/// Returns diagnostics that treat each fault as an error.
fn strict() -> Diagnostics {
    Diagnostics::with_policy(Policy {
        strict: true,
        ..Policy::default()
    })
}

/// Returns the code, line and column of each finding.
fn faults(name: &str, text: impl Into<Vec<u8>>) -> Vec<(&'static str, usize, usize)> {
    let (sources, diagnostics) = *read(name, text).expect_err("a faulty document");
    let places = diagnostics.list().iter().map(|diagnostic| {
        let (file, span) = sources.find(&diagnostic.location).expect("a place");
        let LineColumn { line, column } = sources.line_column(file, span.start);
        assert!(diagnostic.help.is_some());
        (diagnostic.code.as_str(), line, column)
    });
    places.collect()
}

#[test]
fn reads_the_same_from_yaml_and_json() {
    let yaml =
        "\u{FEFF}a: 1\nb: [true, null, ~, -5, 1.5, x]\nc: {d: ''}\nbig: 18446744073709551615\n";
    let json = "\u{FEFF}{\"a\": 1, \"b\": [true, null, null, -5, 1.5, \"x\"],\n\t\"c\": {\"d\": \"\"}, \"big\": 18446744073709551615}";
    let value = read("a.yml", yaml).expect("YAML");
    assert_eq!(value, read("a.json", json).expect("JSON"));
    assert_eq!(value, read("a.yaml", json).expect("JSON in YAML"));
    assert_eq!(value, read("-", json).expect("JSON from anywhere"));
    assert_eq!(value, read("-", yaml).expect("YAML from anywhere"));
    let keys: Vec<_> = value.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["a", "b", "c", "big"]);
}

#[test]
fn keeps_keys_as_they_are_written() {
    let value = read(
        "a.yml",
        "200: a\n1.10: b\ntrue: c\nnull: d\n0x10: e\n2020-01-01: f\n",
    );
    let expected = json!({
        "200": "a", "1.10": "b", "true": "c", "null": "d", "0x10": "e", "2020-01-01": "f",
    });
    assert_eq!(value.expect("YAML"), expected);
}

#[test]
fn keeps_numbers() {
    let value = read(
        "a.yml",
        "[9223372036854775807, -9223372036854775808, 18446744073709551616, -9223372036854776000, 1e3, 0o17]",
    );
    assert_eq!(
        value.expect("YAML"),
        json!([
            i64::MAX,
            i64::MIN,
            18_446_744_073_709_551_616.0,
            -9_223_372_036_854_776_000.0,
            1000.0,
            15
        ])
    );
    let value = read("a.json", "[18446744073709551616, 1e3]");
    assert_eq!(
        value.expect("JSON"),
        json!([18_446_744_073_709_551_616.0, 1000.0])
    );
}

#[test]
fn applies_aliases_and_merge_keys() {
    let text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\none:\n  <<: *base\n  b: 5\nlist:\n  <<: [*base, *other]\nagain: *base\n&k key: *k\n";
    let value = read("a.yml", text).expect("YAML");
    assert_eq!(value["one"], json!({"b": 5, "a": 1}));
    assert_eq!(value["list"], json!({"a": 1, "b": 2, "c": 4}));
    assert_eq!(value["again"], json!({"a": 1, "b": 2}));
    assert_eq!(value["key"], json!("key"));
    let json = read("a.json", "{\"<<\": {\"a\": 1}}").expect("JSON");
    assert_eq!(json, json!({"<<": {"a": 1}}));
}

#[test]
fn reports_yaml_that_json_cannot_represent() {
    let text = "a: !x 1\nb:\n  - .inf\n  - -.INF\n  - .nan\nc: !y {d: !z [1]}\ne:\n  <<: 5\na: 2\n\"c\": 3\n";
    assert_eq!(
        faults("a.yml", text),
        [
            ("duplicate-key", 9, 1),
            ("duplicate-key", 10, 1),
            ("yaml-tag", 1, 4),
            ("number-not-finite", 3, 5),
            ("number-not-finite", 4, 5),
            ("number-not-finite", 5, 5),
            ("yaml-tag", 6, 1),
            ("yaml-tag", 6, 8),
            ("merge-key", 8, 7),
        ]
    );
}

#[test]
fn reports_keys_that_stand_twice() {
    let (sources, diagnostics) =
        *read("a.json", "{\"a\": {\"é\": 1,\n \"\\u00e9\": 2}}").expect_err("twice");
    let [finding] = diagnostics.list() else {
        panic!("one finding")
    };
    let spans = [&finding.location, &finding.related[0].0].map(|location| {
        let (file, span) = sources.find(location).expect("a place");
        &sources.text(file)[span]
    });
    assert_eq!(spans, ["\"\\u00e9\"", "\"é\""]);
    assert_eq!(
        faults("a.yml", "200: a\n'200': b\n"),
        [("duplicate-key", 2, 1)]
    );
    assert_eq!(
        faults("a.yml", "a: &a {b: 1}\nc:\n  <<: *a\n  <<: *a\n"),
        [("duplicate-key", 4, 3)]
    );
}

#[test]
fn reports_text_that_is_not_a_document() {
    for text in [
        "",
        "  \n",
        "# only a comment\n",
        "---\n",
        "null\n",
        "\u{FEFF}",
    ] {
        assert_eq!(
            faults("a.yml", text),
            [("empty-document", 1, 1)],
            "{text:?}"
        );
    }
    assert_eq!(faults("a.json", "null"), [("empty-document", 1, 1)]);
    assert_eq!(faults("a.json", ""), [("invalid-json", 1, 1)]);
    assert_eq!(
        faults("a.yml", b"a: 1\nb: \xE9\n".to_vec()),
        [("not-utf8", 2, 4)]
    );
    assert_eq!(
        faults("a.yml", b"\xFF\xFEa\0".to_vec()),
        [("not-utf8", 1, 1)]
    );
    assert_eq!(faults("a.md", "# page\n"), [("no-document-in-page", 1, 1)]);
    let two = "```yaml\nopenapi: 3.1.0\n```\n```json\n{\"openapi\": \"3.1.0\"}\n```\n";
    assert_eq!(faults("a.md", two), [("no-document-in-page", 5, 1)]);
}

#[test]
fn places_faults_of_a_page_in_the_page() {
    let page = "# é\n\n```json x\n{\"openapi\": 1,\n \"é\": 2,}\n```\n";
    assert_eq!(faults("a.md", page), [("invalid-json", 5, 8)]);
    assert_eq!(faults("-", page), [("invalid-json", 5, 8)]);
    let page = "\u{FEFF}é\r\n````yaml\r\nopenapi: 1\r\né: é: é\r\n````\r\n";
    assert_eq!(faults("a.md", page), [("invalid-yaml", 4, 5)]);
    let value = read("a.md", "x\n```yaml\nopenapi: 1\n```\n").expect("a document");
    assert_eq!(value, json!({"openapi": 1}));
}

#[test]
fn reports_errors_of_the_intended_language() {
    assert_eq!(faults("a.json", "{\"a\": 1,}"), [("invalid-json", 1, 8)]);
    assert_eq!(faults("a.yml", "{\"a\": 1"), [("invalid-json", 1, 8)]);
    assert_eq!(faults("a.yml", "{a: 1"), [("invalid-yaml", 1, 6)]);
    assert_eq!(
        read("a.yml", "{\"a\": 1,} # YAML").expect("YAML"),
        json!({"a": 1})
    );
}

#[test]
fn limits_depth() {
    for unit in ["[", "{\"a\":"] {
        let text = unit.repeat(100_000);
        assert_eq!(faults("a.json", text.clone())[0].0, "too-deep");
        assert_eq!(faults("a.yml", text)[0].0, "too-deep");
    }
}

#[test]
fn reads_files_of_the_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pets.yml");
    std::fs::write(&path, "a: 1\n").expect("a file");
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::default();
    let (file, value) = sources.read(&path, &mut diagnostics).expect("a document");
    assert_eq!(value, json!({"a": 1}));
    assert_eq!(sources.name(file), display(&path));
    assert_eq!(sources.paths().collect::<Vec<_>>(), [path.as_path()]);

    for (name, code, help) in [
        ("pet.yml", "no-such-file", "pets.yml`?"),
        ("other/x.yml", "no-such-file", "check the path"),
        ("pets.yml/x.yml", "no-such-file", "check the path"),
        ("", "not-a-file", "pets.yml`"),
    ] {
        let path = if name.is_empty() {
            folder.path().to_owned()
        } else {
            folder.path().join(name)
        };
        let mut diagnostics = Diagnostics::default();
        assert_eq!(sources.read(&path, &mut diagnostics), Err(Aborted));
        let [finding] = diagnostics.list() else {
            panic!("one finding for {name}")
        };
        assert_eq!(finding.code.as_str(), code);
        let found = finding.help.as_deref().unwrap_or_default();
        assert!(found.ends_with(help), "{found}");
        assert_eq!(finding.location, Location::File(display(&path)));
    }

    let large = folder.path().join("large.yml");
    let file = std::fs::File::create(&large).expect("a file");
    file.set_len(MAX_FILE_SIZE + 1).expect("a sparse file");
    let mut diagnostics = Diagnostics::default();
    assert_eq!(sources.read(&large, &mut diagnostics), Err(Aborted));
    assert_eq!(diagnostics.list()[0].code, code::FILE_TOO_LARGE);
}
