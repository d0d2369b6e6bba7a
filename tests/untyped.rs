//! `--report-untyped` lists the reason for each type that is any JSON value.

mod parallel;

use std::fs;
use std::path::{Path, PathBuf};

use generator::Generator;

fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut queue = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features")];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                queue.push(path);
            } else if path.ends_with("openapi.yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Returns `true` if a crate's types or operations contain a `Json`, ignoring docs.
fn has_value(generator: &Generator) -> bool {
    let files = generator.generate_files();
    let files = files.unwrap_or_else(|error| panic!("{error}"));
    let mut code = files.iter().filter(|file| {
        let name = file.path.to_string_lossy();
        name.starts_with("src/types") || name.starts_with("src/operations")
    });
    code.any(|file| {
        let mut lines = file.text.lines().map(str::trim_start);
        // The variants that keep unknown values.
        let is_arm = |line: &str| line.starts_with("Other") || line.starts_with("Unknown");
        // A document may have a schema with that name.
        let declares = |kind: &str| file.text.contains(&format!("pub {kind} Json"));
        let is_own = ["enum", "struct", "type"].into_iter().any(declares);
        // `Json(..)` is a media type of a body.
        let names_it = |line: &str| {
            let names = line.match_indices("Json");
            let names = names.filter(|(at, _)| !is_own || line[..*at].ends_with("runtime::"));
            let words = names.map(|(at, word)| {
                let before = line[..at].chars().next_back();
                let after = line[at + word.len()..].chars().next();
                (before, after)
            });
            let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let is_type = |(before, after): (Option<char>, Option<char>)| {
                !is_word(before) && !is_word(after) && after != Some('(')
            };
            words.into_iter().any(is_type)
        };
        lines.any(|line| {
            let is_code = !line.starts_with("//") && !line.starts_with("use ");
            is_code && !is_arm(line) && names_it(line)
        })
    })
}

#[test]
fn each_value_has_a_reason_and_each_reason_a_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let with = parallel::map(&documents(), |path| {
        let generator = Generator::new(path)
            .package("untyped")
            .out_dir(folder.path().join("untyped"));
        let report = generator.check().unwrap_or_else(|error| panic!("{error}"));
        let places = report.untyped();
        let has_value = has_value(&generator);
        assert_eq!(
            has_value,
            !places.is_empty(),
            "{}: {places:?}",
            path.display()
        );
        has_value
    });
    assert!(with.contains(&true));
}

/// Returns a generator for a document whose only component has more alternatives than two unions
/// may combine: beside a base in an `allOf`, or beside its own properties.
fn of_many_alternatives(is_all_of: bool) -> Generator {
    use std::fmt::Write as _;

    let mut text = String::from(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n",
    );
    let mut list = String::new();
    for number in 1..=65 {
        let _ = write!(
            list,
            "{{title: Kind {number}, type: object, required: [p{number}], properties: {{p{number}: {{type: integer}}}}}}, "
        );
    }
    let base = "properties: {name: {type: string}}";
    let _ = if is_all_of {
        writeln!(
            text,
            "    Base: {{type: object, {base}}}\n    Event: {{allOf: [{{$ref: '#/components/schemas/Base'}}, {{oneOf: [{list}]}}]}}"
        )
    } else {
        writeln!(text, "    Event: {{type: object, {base}, oneOf: [{list}]}}")
    };
    Generator::from_text("many.yaml", text).package("many")
}

#[test]
fn one_list_of_alternatives_can_have_any_length() {
    for is_all_of in [true, false] {
        let generator = of_many_alternatives(is_all_of);
        assert!(!has_value(&generator));
        let files = generator.generate_files();
        let files = files.unwrap_or_else(|error| panic!("{error}"));
        let mut types = files.iter().filter(|file| file.path.starts_with("src"));
        let mut has = |text: &str| types.any(|file| file.text.contains(text));
        assert!(has("Kind65(event::Kind65),"));
    }
}
