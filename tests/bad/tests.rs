//! Faulty documents, with the diagnostics for the user.
//!
//! `tests/bad/<kind>` contains documents that are rejected in strict mode, `tests/doubtful/<kind>`
//! those that are accepted with a warning. The complete output is pinned beside each document, and
//! for bad ones also the outcome of a run that is not strict (`.contained`). Subfolders contain
//! other files that the documents refer to.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use generator::diagnostic::code;
use tempfile::TempDir;

#[path = "../cargo/mod.rs"]
mod cargo;
mod contained;
mod depth;
mod files;
mod limits;
mod neighbors;
#[path = "../parallel/mod.rs"]
mod parallel;
mod resources;
mod scaling;

/// A copy of the documents, so that no path of the machine is printed, and a crate that was
/// generated before.
struct Place {
    folder: TempDir,
    crate_before: Tree,
}

/// Every file below a folder, with its bytes.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

const GOOD: &str = "\
openapi: 3.1.0
info: { title: Good, version: 1.0.0 }
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '204': { description: None }
";

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests")
}

/// Returns the documents of `bad` or `doubtful`, as `kind/name`.
fn documents(root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for kind in fs::read_dir(tests().join(root)).expect("the folder is there") {
        let kind = kind.expect("the entry can be read").path();
        if !kind.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&kind).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_file()
                && path
                    .extension()
                    .is_none_or(|kind| kind != "snap" && kind != "new")
            {
                let name = path.strip_prefix(tests().join(root)).expect("it is below");
                found.push(name.display().to_string());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("the file can be read");
                found.insert(path, bytes);
            }
        }
    }
    found
}

impl Place {
    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            crate_before: Tree::new(),
        }
    }

    fn new(root: &str) -> Self {
        let mut place = Self::empty();
        let folder = &place.folder;
        let from = tests().join(root);
        for (path, bytes) in tree(&from) {
            let path = path.strip_prefix(&from).expect("it is below");
            write(&folder.path().join(path), &bytes);
        }
        write(&folder.path().join("good.yaml"), GOOD.as_bytes());
        let ran = place.run(&["good.yaml"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        write(&place.output().join("src/mine.rs"), b"// the user's\n");
        place.crate_before = tree(&place.output());
        place
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("generated")
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_generator"))
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("it starts");
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }

    /// Returns the diagnostics of a rejected document.
    fn refused(&self, document: &str) -> String {
        self.refused_with(&["--strict", document])
    }

    fn refused_with(&self, arguments: &[&str]) -> String {
        let document = arguments.join(" ");
        let ran = self.run(arguments);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(1), ""),
            "{document}: {}",
            ran.stderr
        );
        assert!(
            tree(&self.output()) == self.crate_before,
            "{document} changed the crate"
        );
        ran.stderr
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Compares a text with the snapshot beside the document.
fn assert_pinned(root: &str, document: &str, text: &str) {
    let (kind, name) = document.split_once('/').expect("it is in a folder");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(tests().join(root).join(kind));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Asserts that each diagnostic has a location and a suggestion. Returns the number of errors.
fn errors(document: &str, text: &str) -> usize {
    let findings: Vec<&str> = text.trim_end().split("\n\n").collect();
    for finding in &findings {
        let place = finding.split_once("--> ").map(|(_, rest)| rest);
        let place = place
            .and_then(|rest| rest.lines().next())
            .unwrap_or_default();
        let numbers = place.rsplit(':').take(2);
        let is_located = numbers.filter(|part| part.parse::<usize>().is_ok()).count() == 2;
        assert!(
            is_located && finding.contains(" = help: "),
            "{document}: {finding}"
        );
    }
    let is_error = |finding: &&&str| finding.starts_with("error[");
    findings.iter().filter(is_error).count()
}

#[test]
fn a_bad_document_is_rejected_with_the_pinned_diagnostics() {
    let place = Place::new("bad");
    for document in documents("bad") {
        let text = place.refused(&document);
        assert_ne!(errors(&document, &text), 0, "{document}");
        assert_pinned("bad", &document, &text);
    }
}

#[test]
fn a_doubtful_document_is_read_with_the_warning_that_is_pinned() {
    let place = Place::new("doubtful");
    for document in documents("doubtful") {
        let ran = place.run(&[&document, "--out", "doubtful", "--warnings", "all"]);
        assert_eq!(ran.code, Some(0), "{document}: {}", ran.stderr);
        assert_eq!(errors(&document, &ran.stderr), 0, "{document}");
        assert_pinned("doubtful", &document, &ran.stderr);
    }
}

#[test]
fn no_snapshot_is_left_over() {
    for root in ["bad", "doubtful"] {
        let documents = documents(root);
        for path in tree(&tests().join(root)).into_keys() {
            if path.extension().is_some_and(|kind| kind == "snap") {
                let name = path.strip_prefix(tests().join(root)).expect("it is below");
                let document = name.with_extension("").display().to_string();
                let document = document.trim_end_matches(".contained").to_owned();
                assert!(documents.contains(&document), "{}", path.display());
            }
        }
    }
}

#[test]
fn input_that_is_not_a_document_is_rejected() {
    let place = Place::new("bad");
    for path in ["nowhere.yaml", "several", "good.yaml/inside"] {
        let text = place.refused(path);
        assert_eq!(text, place.run(&[path, "--check"]).stderr, "{path}");
    }
    insta::assert_snapshot!(place.refused("nowhere.yaml"), @r"
    error[no-such-file]: cannot read `nowhere.yaml`: there is no such file
    --> nowhere.yaml
     |
     = help: check the path
    ");
    insta::assert_snapshot!(place.refused("god.yaml"), @r"
    error[no-such-file]: cannot read `god.yaml`: there is no such file
    --> god.yaml
     |
     = help: did you mean `good.yaml`?
    ");
    insta::assert_snapshot!(place.refused("several"), @r"
    error[not-a-file]: `several` is a folder
    --> several
     |
     = help: name the document in it, such as `several/faults.yaml`
    ");
    insta::assert_snapshot!(place.refused("good.yaml/inside"), @r"
    error[no-such-file]: cannot read `good.yaml/inside`: a part of the path is a file, not a folder
    --> good.yaml/inside
     |
     = help: check the path
    ");
}

/// The codes that no document in these folders causes, with the files that test them.
const ELSEWHERE: [(&str, &str); 16] = [
    ("too-many-aliases", "tests/bad/resources.rs"),
    ("too-large", "tests/bad/resources.rs"),
    ("file-too-large", "tests/bad/resources.rs"),
    ("too-many-copies", "tests/bad/resources.rs"),
    ("not-compared", "tests/bad/limits.rs"),
    (
        "unreadable-file",
        "nowhere: tests may run as a user who may read everything",
    ),
    ("unreadable", "nowhere: no document is known"),
    ("invalid-overlay", "generator/src/source/overlay/tests.rs"),
    ("overlay-target", "generator/src/source/overlay/tests.rs"),
    ("invalid-manifest", "tests/command_line/tests.rs"),
    ("file-in-the-way", "tests/command_line/tests.rs"),
    ("output-not-written", "tests/command_line/tests.rs"),
    ("invalid-file-list", "generator/src/write/disk_tests.rs"),
    ("edited-file-kept", "generator/src/write/disk_tests.rs"),
    ("generator-bug", "generator/src/write.rs"),
    ("no-thread", "nowhere: the system has to refuse a thread"),
];

#[test]
fn every_code_is_earned_by_some_document() {
    let mut earned = BTreeSet::new();
    for root in ["bad", "doubtful"] {
        for (path, bytes) in tree(&tests().join(root)) {
            if path.extension().is_some_and(|kind| kind == "snap") {
                let text = String::from_utf8(bytes).expect("text");
                let lines = text.lines().filter_map(|line| {
                    let rest = line
                        .strip_prefix("error[")
                        .or_else(|| line.strip_prefix("warning["))?;
                    Some(rest.split_once(']')?.0.to_owned())
                });
                earned.extend(lines);
            }
        }
    }
    // Caused by input that is not a document.
    earned.extend(["no-such-file".to_owned(), "not-a-file".to_owned()]);
    for code in code::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(name, _)| *name == code.as_str());
        assert_ne!(
            earned.contains(code.as_str()),
            elsewhere,
            "{code} is earned either by a document of the tree or elsewhere"
        );
    }
    for (name, _) in ELSEWHERE {
        assert!(code::named(name).is_some(), "{name}");
    }
}

#[test]
fn warnings_are_denied_or_allowed() {
    let place = Place::new("doubtful");
    let document = "schemas/required_is_text.yaml";
    let denied = place.refused_with(&["--deny-warnings", document]);
    let pinned = fs::read_to_string(tests().join(format!("doubtful/{document}.snap")));
    let pinned = pinned.expect("a snapshot").replace("warning[", "error[");
    assert!(pinned.contains(denied.trim_end()), "{denied}");

    let allowed = [
        "--deny-warnings",
        "--allow",
        "coerced",
        document,
        "--out",
        "x",
    ];
    let ran = place.run(&allowed);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));

    // Errors are always reported.
    write(&place.folder.path().join("bad.yaml"), b"swagger: '2.0'\n");
    place.refused_with(&["--allow", "unsupported-version", "bad.yaml"]);

    let ran = place.run(&["--allow", "coercd", document]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("did you mean `coerced`?"),
        "{}",
        ran.stderr
    );
}

#[test]
fn codes_are_explained() {
    let place = Place::empty();
    let all = place.run(&["explain"]);
    assert_eq!((all.code, all.stderr.as_str()), (Some(0), ""));
    assert_eq!(all.stdout.lines().count(), code::ALL.len());
    for code in code::ALL {
        let ran = place.run(&["explain", code.as_str()]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.starts_with(&format!("{code}\n\n")), "{code}");
    }
    let ran = place.run(&["explain", "unresolvd-reference"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.contains("did you mean `unresolved-reference`?"),
        "{}",
        ran.stderr
    );
}
