//! Documents with texts that try to become code: Rust, a doctest, a path, a line of a `Cargo.toml`.
//!
//! `tests/injection/template.yaml` has a mark at every place where a document's text reaches the
//! generated code. Each hostile text is put into all of them, and the result is compared with that
//! of a harmless text: only literals, docs and the names derived from the text may differ. If the
//! generator rejects the text at a place, both documents have the harmless text there; these places
//! are pinned.

#[path = "../cargo/mod.rs"]
mod cargo;
mod payloads;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use generator::{Findings, Generator};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::Value;

use payloads::PAYLOADS;
use tokens::{Code, difference, statements};

/// The text of the harmless twin, by which names derived from it are recognized.
const HARMLESS: &str = "harmless";

const TEMPLATE: &str = include_str!("template.yaml");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the template as JSON, with one place per line.
fn template() -> String {
    let value: Value = serde_yaml::from_str(TEMPLATE).expect("the template is YAML");
    serde_json::to_string_pretty(&value).expect("a value is JSON")
}

/// Splits a line at its marks: text, place, text, and so on.
fn marks(line: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    line.split("<<").enumerate().map(|(index, part)| {
        if index == 0 {
            return (part, None);
        }
        let (place, text) = part.split_once(">>").expect("each mark ends");
        (text, Some(place))
    })
}

/// Returns the name of a place, without the encoding of its text.
fn name(place: &str) -> &str {
    place.strip_prefix("pointer of ").unwrap_or(place)
}

/// Replaces each mark by the text that `choose` returns for its place.
fn fill(template: &str, choose: impl Fn(&str) -> String) -> String {
    let mut filled = String::new();
    for line in template.lines() {
        for (text, place) in marks(line) {
            if let Some(place) = place {
                let mut chosen = choose(name(place));
                if name(place) != place {
                    chosen = pointer(&chosen);
                }
                let json = Value::String(chosen).to_string();
                filled.push_str(
                    json.trim_start_matches('"')
                        .get(..json.len() - 2)
                        .unwrap_or(""),
                );
            }
            filled.push_str(text);
        }
        filled.push('\n');
    }
    filled
}

/// Encodes a name for the fragment of a reference (RFC 6901, section 6).
fn pointer(name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes().fold(String::new(), |mut text, byte| {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("text");
        }
        text
    })
}

/// Returns the reasons why a document is rejected: the line and the code of each error.
fn errors(findings: &Findings) -> BTreeSet<(usize, String)> {
    let lines = findings.json_lines();
    let findings = lines.map(|line| serde_json::from_str(&line).expect("a finding is JSON"));
    let errors = findings.filter(|finding: &Value| finding["severity"] == "error");
    let one = |error: Value| {
        let line = error["line"].as_u64();
        let line = line.unwrap_or_else(|| panic!("no place: {error}"));
        let code = error["code"].as_str().expect("it has a code");
        (usize::try_from(line).expect("a line"), code.to_owned())
    };
    errors.map(one).collect()
}

/// The text of every file of a crate, by path.
type Tree = BTreeMap<String, String>;

/// Returns the crate for a document, and its errors.
fn generate(document: &str) -> (Option<Tree>, BTreeSet<(usize, String)>) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("hostile");
    // Strict, because a removed part would make the crates differ.
    match Generator::from_text("document.json", document)
        .strict(true)
        .out_dir(&root)
        .generate()
    {
        Ok(report) => {
            assert_eq!(
                tree(folder.path()).len(),
                tree(&root).len(),
                "all is inside"
            );
            (Some(tree(&root)), errors(&report.findings))
        }
        Err(error) => (None, errors(error.findings())),
    }
}

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("a file is text");
                let name = path.strip_prefix(root).expect("it is below");
                found.insert(name.to_str().expect("it is Unicode").to_owned(), text);
            }
        }
    }
    found
}

/// A hostile document that is accepted, its twin, and the errors for the places that are harmless
/// in both.
struct Twins {
    hostile: String,
    crate_of_hostile: Tree,
    rejected: BTreeMap<String, String>,
}

impl Twins {
    fn new(template: &str, payload: &str) -> Self {
        let mut calm = BTreeMap::new();
        if payload.contains('*') {
            calm.insert("media type".to_owned(), "a range of media types".to_owned());
        }
        loop {
            let hostile = fill(template, |place| {
                let text = if calm.contains_key(place) {
                    HARMLESS
                } else {
                    payload
                };
                text.to_owned()
            });
            let (made, rejected) = generate(&hostile);
            if let Some(made) = made {
                return Self {
                    hostile,
                    crate_of_hostile: made,
                    rejected: calm,
                };
            }
            // The place is on the line, or in the node that begins there, or in the node around it.
            let widths = [Width::Line, Width::Node, Width::Around];
            let found = widths.iter().any(|width| {
                let before = calm.len();
                for (line, code) in &rejected {
                    for place in places_at(template, *line, *width) {
                        calm.entry(place.to_owned()).or_insert_with(|| code.clone());
                    }
                }
                calm.len() != before
            });
            assert!(found, "{payload:?}: reported elsewhere: {rejected:?}");
        }
    }

    /// Returns the differences between the crates that are not allowed.
    fn differences(&self, crate_of_harmless: &Tree) -> Vec<String> {
        let mut found = Vec::new();
        let paths: BTreeSet<&String> = self.crate_of_hostile.keys().collect();
        let others: BTreeSet<&String> = crate_of_harmless.keys().collect();
        let only = |of: &BTreeSet<&String>, not: &BTreeSet<&String>| -> Vec<String> {
            of.difference(not).map(|path| (*path).clone()).collect()
        };
        let (named, named_twins) = (only(&paths, &others), only(&others, &paths));
        if named.len() != named_twins.len()
            || named_twins.iter().any(|path| !path.contains(HARMLESS))
        {
            found.push(format!("files: {named:?} instead of {named_twins:?}"));
        }
        let pairs = paths.intersection(&others).map(|path| (*path, *path));
        for (path, twin) in pairs.chain(named.iter().zip(&named_twins)) {
            let (text, other) = (&self.crate_of_hostile[path], &crate_of_harmless[twin]);
            let difference = match path.as_str() {
                // Most files are equal: the runtime contains nothing of the document.
                _ if text == other => None,
                // The order of modules depends on their names.
                "src/operations/mod.rs" => {
                    let renamed: Vec<_> = named_twins.iter().zip(&named).map(stems).collect();
                    let tokens = |text| Code::new(text).map(|code| code.tokens).unwrap_or_default();
                    let twin = statements(&tokens(other), &renamed);
                    difference(&statements(&tokens(text), &[]), &twin)
                }
                // The tested values and their order depend on the text.
                "tests/wire.rs" | "tests/examples.rs" => self.strangers(text, other),
                _ => compare(path, text, other),
            };
            found.extend(difference.map(|found| format!("{path}: {found}")));
        }
        found.extend(paths.iter().filter_map(|path| illegal(path)));
        let mut folded: Vec<String> = paths.iter().map(|path| path.to_lowercase()).collect();
        folded.dedup();
        if folded.len() != paths.len() {
            found.push("two files are one on some systems".to_owned());
        }
        found
    }
}

impl Twins {
    /// Returns names in a test that occur neither in the crate nor in the twin's test, so that they
    /// must be from the text itself.
    fn strangers(&self, text: &str, twin: &str) -> Option<String> {
        let code = match Code::new(text) {
            Ok(code) => code,
            Err(error) => return Some(error),
        };
        let names = |text: &str| Code::new(text).map(|code| code.names()).unwrap_or_default();
        let crate_of_hostile = self.crate_of_hostile.iter();
        let library = crate_of_hostile.filter(|(path, _)| path.starts_with("src/"));
        let mut known = names(twin);
        known.extend(library.flat_map(|(_, text)| names(text)));
        known.extend(code.declared());
        let strangers = code.names();
        let strangers: Vec<&String> = strangers.difference(&known).collect();
        (!strangers.is_empty()).then(|| format!("{strangers:?}"))
    }
}

/// Returns the names of the modules in two files.
fn stems<'a>((one, other): (&'a String, &'a String)) -> (&'a str, &'a str) {
    let stem = |path: &'a str| Path::new(path).file_stem().and_then(|name| name.to_str());
    (stem(one).unwrap_or(one), stem(other).unwrap_or(other))
}

/// Returns a difference between a file and that of the twin that is not allowed.
fn compare(path: &str, text: &str, twin: &str) -> Option<String> {
    match path.rsplit('.').next() {
        Some("rs") => {
            if let Err(error) = syn::parse_file(text) {
                return Some(format!("it is not Rust: {error}"));
            }
            let (code, other) = match (Code::new(text), Code::new(twin)) {
                (Ok(code), Ok(other)) => (code, other),
                (Err(error), _) | (_, Err(error)) => return Some(error),
            };
            let runs = |code: &Code| code.docs.iter().map(|docs| doctests(docs)).sum::<usize>();
            if runs(&code) != runs(&other) {
                return Some("there are other doctests".to_owned());
            }
            difference(&code.tokens, &other.tokens)
        }
        Some("toml") => {
            let parse = |text: &str| text.parse::<toml_edit::DocumentMut>();
            match (parse(text), parse(twin)) {
                (Ok(one), Ok(other)) => {
                    let (one, other) = (keys(one.as_item()), keys(other.as_item()));
                    // An invalid URL is left out.
                    let new: Vec<_> = one.difference(&other).collect();
                    (!new.is_empty()).then(|| format!("new keys: {new:?}"))
                }
                (Err(error), _) | (_, Err(error)) => Some(format!("it is not TOML: {error}")),
            }
        }
        Some("json") => serde_json::from_str::<Value>(text)
            .err()
            .map(|error| error.to_string()),
        Some("md") => {
            (doctests(text) != doctests(twin)).then(|| "there are other doctests".to_owned())
        }
        _ => Some("nobody knows this kind of file".to_owned()),
    }
}

/// Returns the keys of a table, each with the type of its value.
fn keys(item: &toml_edit::Item) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if let Some(table) = item.as_table_like() {
        for (key, value) in table.iter() {
            // The list of files contains names derived from the text.
            let key = if key.contains('/') { "a path" } else { key };
            found.insert(format!("{key}: {}", value.type_name()));
            found.extend(keys(value).iter().map(|inner| format!("{key}.{inner}")));
        }
    }
    found
}

/// Returns the number of code blocks that rustdoc would run.
fn doctests(markdown: &str) -> usize {
    let events = Parser::new_ext(markdown, Options::all());
    let is_run = |event: &Event<'_>| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        // With an unknown word, rustdoc treats the block as another language.
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(words))) => words
            .split([',', ' ', '\t'])
            .all(|word| word != "text" && word != "json"),
        _ => false,
    };
    events.filter(is_run).count()
}

/// Returns the reason why some system does not allow a file with that path.
fn illegal(path: &str) -> Option<String> {
    let is_legal = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_lowercase();
        let numbered = |device: &str| {
            stem.strip_prefix(device)
                .is_some_and(|rest| rest.len() == 1 && rest != "0")
        };
        let device = ["con", "prn", "aux", "nul"].contains(&stem.as_str());
        !device
            && !numbered("com")
            && !numbered("lpt")
            && (1..=150).contains(&part.len())
            && !part.ends_with(['.', ' '])
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    };
    (!path.split('/').all(is_legal)).then(|| format!("{path:?} is no path for every system"))
}

/// Returns the crate for the harmless text.
fn harmless(template: &str) -> &'static Tree {
    static HARMLESS_CRATE: OnceLock<Tree> = OnceLock::new();
    HARMLESS_CRATE.get_or_init(|| {
        let (tree, rejected) = generate(&fill(template, |_| HARMLESS.to_owned()));
        tree.unwrap_or_else(|| panic!("the twin is harmless: {rejected:?}"))
    })
}

/// Returns the crates for all hostile texts, each with its title. Both tests use them.
fn twins() -> &'static [(&'static str, Twins)] {
    static TWINS: OnceLock<Vec<(&str, Twins)>> = OnceLock::new();
    TWINS.get_or_init(|| {
        let template = template();
        let (one, other) = PAYLOADS.split_at(PAYLOADS.len() / 2);
        let twins_of =
            |(title, payload): &(&'static str, &str)| (*title, Twins::new(&template, payload));
        std::thread::scope(|scope| {
            let other = scope.spawn(|| other.iter().map(twins_of).collect::<Vec<_>>());
            let mut made: Vec<_> = one.iter().map(twins_of).collect();
            made.extend(other.join().expect("it ends"));
            made
        })
    })
}

#[test]
fn no_text_becomes_code() {
    let template = template();
    let mut rejected = String::new();
    let mut faults = Vec::new();
    for (title, twins) in twins() {
        for difference in twins.differences(harmless(&template)) {
            faults.push(format!("{title}: {difference}"));
        }
        writeln!(rejected, "{title}").expect("text");
        for (place, code) in &twins.rejected {
            writeln!(rejected, "    {place} - {code}").expect("text");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    println!(
        "{} texts at {} places",
        PAYLOADS.len(),
        places(&template).len()
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/injection"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("rejected", rejected));
}

/// The crate for all hostile texts, each in separate paths and schemas, is compiled and its
/// doctests are run.
#[test]
fn the_crate_compiles_and_runs_no_hostile_code() {
    let documents = twins().iter().enumerate();
    let mut documents = documents.map(|(number, (_, twins))| {
        let text = numbered(&twins.hostile, number);
        serde_json::from_str(&text).expect("it is JSON")
    });
    let mut whole: Value = documents.next().expect("there is one");
    for document in documents {
        join(&mut whole, document);
    }
    let folder = cargo::target().join("injection");
    let generator = Generator::from_text("all.json", whole.to_string());
    let report = generator.out_dir(&folder).package("injection").generate();
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    println!("{} types, {} operations", report.types, report.operations);
    cargo::alone(&folder);
    let lint = ["test", "--no-run", "--all-targets"];
    cargo::succeed(cargo::linted(cargo::command(&folder, &lint)));
    if cargo::is_thorough() {
        cargo::succeed(cargo::command(&folder, &["doc", "--no-deps"]));
    }
    // Only the generator's own doctests: one is run, and the others are only compiled.
    let ran = cargo::linted(cargo::command(&folder, &["test", "--doc"]));
    let ran = cargo::succeed(ran);
    let tests = ran.lines().filter(|line| line.starts_with("test src/"));
    let run: Vec<&str> = tests
        .filter(|line| !line.ends_with(" - compile ... ok"))
        .collect();
    assert_eq!(run, ["test src/webhooks.rs - webhooks (line 5) ... ok"]);
}

#[test]
fn no_name_of_a_package_is_more_than_a_name() {
    let document = fill(&template(), |_| HARMLESS.to_owned());
    let (mut refused, mut taken) = (0, 0);
    for (title, payload) in PAYLOADS {
        let generator = Generator::from_text("document.json", document.clone());
        match generator.package(*payload).generate_files() {
            Ok(files) => {
                let manifest = files.get("Cargo.toml").expect("it has one");
                let manifest: toml_edit::DocumentMut = manifest.parse().expect("it is TOML");
                let name = manifest["package"]["name"].as_str().expect("a name");
                assert!(
                    name.chars()
                        .all(|c| c.is_alphanumeric() || "-_".contains(c)),
                    "{title}"
                );
                taken += 1;
            }
            Err(error) => {
                let found = error.findings().list();

                assert_eq!(
                    found.last().map(|one| one.code.as_str()),
                    Some("invalid-manifest"),
                    "{title}"
                );
                refused += 1;
            }
        }
    }
    println!("{refused} names of packages are refused, {taken} are taken");
    assert!(refused > 40);
}

/// Returns the document with a number added to the names that all documents share.
fn numbered(document: &str, number: usize) -> String {
    let schemas = "Words Choice Labelled Mixed Animal Cat Dog Either".split(' ');
    let schemas = schemas.flat_map(|name| [format!("\"{name}\":"), format!("/schemas/{name}\"")]);
    let paths = [
        "\"/things/",
        "\"/plain",
        "\"/unnamed/",
        "\"operationId\": \"plain",
    ];
    let names = schemas.chain(paths.map(str::to_owned));
    names.fold(document.to_owned(), |document, name| {
        let end = name
            .rfind(|c: char| c.is_ascii_alphabetic())
            .expect("a letter")
            + 1;
        let (name, rest) = name.split_at(end);
        document.replace(&format!("{name}{rest}"), &format!("{name}{number}{rest}"))
    })
}

/// Merges a document into another one, and appends its texts.
fn join(whole: &mut Value, document: Value) {
    match (whole, document) {
        (Value::Object(whole), Value::Object(document)) => {
            for (key, value) in document {
                let is_list = ["paths", "webhooks", "components", "tags", "servers", "info"];
                match whole.get_mut(&key) {
                    None => _ = whole.insert(key, value),
                    Some(Value::String(text)) if key == "description" => {
                        *text = format!("{text}\n\n{}", value.as_str().unwrap_or_default());
                    }
                    Some(existing) if is_list.contains(&key.as_str()) => join(existing, value),
                    Some(Value::Object(_)) if value.is_object() && is_section(&key) => {
                        join(&mut whole[&key], value);
                    }
                    Some(_) => {}
                }
            }
        }
        (Value::Array(whole), Value::Array(document)) => {
            for value in document {
                if whole.iter().all(|existing| {
                    existing.get("name") != value.get("name") || value.get("name").is_none()
                }) {
                    whole.push(value);
                }
            }
        }
        _ => {}
    }
}

/// Returns `true` if the name is a section of `components`.
fn is_section(name: &str) -> bool {
    [
        "schemas",
        "responses",
        "parameters",
        "examples",
        "securitySchemes",
    ]
    .contains(&name)
}

/// Returns the names of all places.
fn places(template: &str) -> BTreeSet<&str> {
    let marks = template.lines().flat_map(marks);
    marks.filter_map(|(_, place)| place.map(name)).collect()
}

#[derive(Clone, Copy)]
enum Width {
    Line,
    Node,
    Around,
}

/// Returns the places on a line, in the node that begins there, or in the node around it.
fn places_at(template: &str, number: usize, width: Width) -> BTreeSet<&str> {
    let lines: Vec<&str> = template.lines().collect();
    let (before, after) = lines.split_at(number);
    let (line, before) = before.split_last().expect("it has that line");
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = match width {
        Width::Line => return places(line),
        Width::Node => indent(line) + 1,
        Width::Around => indent(line),
    };
    let is_inside = |line: &&&str| indent(line) >= least;
    let before = before.iter().rev().take_while(is_inside);
    let after = after.iter().take_while(is_inside);
    before.chain(after).flat_map(|line| places(line)).collect()
}
