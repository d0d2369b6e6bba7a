//! Documents that are at fault, and what the generator says to whoever runs it on them.
//!
//! `tests/bad/<kind>` holds documents of which nothing is generated, `tests/doubtful/<kind>` those
//! which are read with a warning. Beside each stands the whole of what is printed. Folders below a
//! kind hold other files that its documents refer to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The tests' documents, copied to where no path of the machine is printed, and a crate that was
/// generated before.
struct Place {
    folder: TempDir,
    crate_before: Tree,
}

/// Every file below a folder with its bytes.
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

/// The documents of `bad` or `doubtful`, as `kind/name`.
fn documents(root: &str) -> Vec<String> {
    let mut found = Vec::new();
    for kind in fs::read_dir(tests().join(root)).expect("the folder is there") {
        let kind = kind.expect("the entry can be read").path();
        if !kind.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&kind).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_file() && path.extension().is_none_or(|kind| kind != "snap") {
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
    fn new(root: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let from = tests().join(root);
        for (path, bytes) in tree(&from) {
            let path = path.strip_prefix(&from).expect("it is below");
            write(&folder.path().join(path), &bytes);
        }
        write(&folder.path().join("good.yaml"), GOOD.as_bytes());
        let mut place = Self {
            folder,
            crate_before: Tree::new(),
        };
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

    /// What is said to people about a document that is at fault.
    fn refused(&self, document: &str) -> String {
        let ran = self.run(&[document]);
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

    /// The same for machines, an object a finding.
    fn findings(&self, document: &str) -> Vec<Value> {
        let ran = self.run(&["--check", "--message-format", "json", document]);
        let lines = ran.stderr.lines();
        let findings: Vec<Value> = lines
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert!(!findings.is_empty(), "{document}");
        findings
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Compares a text with the one that stands beside the document.
fn assert_pinned(root: &str, document: &str, text: &str) {
    let (kind, name) = document.split_once('/').expect("it is in a folder");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(tests().join(root).join(kind));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Each finding says where it is and what to write instead.
fn assert_helpful(document: &str, findings: &[Value]) {
    for finding in findings {
        assert!(
            finding["file"].is_string()
                && finding["line"].is_u64()
                && finding["column"].is_u64()
                && finding["help"].is_string(),
            "{document}: {finding}"
        );
    }
}

#[test]
fn a_bad_document_is_refused_with_what_is_pinned() {
    let place = Place::new("bad");
    for document in documents("bad") {
        let text = place.refused(&document);
        let findings = place.findings(&document);
        assert_helpful(&document, &findings);
        assert!(
            findings
                .iter()
                .any(|finding| finding["severity"] == "error"),
            "{document}"
        );
        assert_pinned("bad", &document, &text);
    }
}

#[test]
fn a_doubtful_document_is_read_with_the_warning_that_is_pinned() {
    let place = Place::new("doubtful");
    for document in documents("doubtful") {
        let ran = place.run(&[&document, "--out", "doubtful"]);
        assert_eq!(ran.code, Some(0), "{document}: {}", ran.stderr);
        let findings = place.findings(&document);
        assert_helpful(&document, &findings);
        assert!(
            findings
                .iter()
                .all(|finding| finding["severity"] == "warning"),
            "{document}"
        );
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
                assert!(documents.contains(&document), "{}", path.display());
            }
        }
    }
}

#[test]
fn what_is_no_document_at_all_is_refused() {
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
