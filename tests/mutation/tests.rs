//! Documents that are changed at random, as text and as trees: the generator never panics and never
//! takes long. It rejects the document with a location, or generates valid Rust. Every diagnostic
//! has a location, a suggestion, and labels for other locations.
//!
//! A run with `THOROUGH` tries some hundred documents, and other runs fewer, which are always the
//! same. A long run uses further documents and also compiles some of the crates:
//!
//! ```sh
//! MUTATION_CASES=20000 cargo test --release -p generator --test mutation -- --nocapture
//! ```
//!
//! `MUTATION_SEED` is a number that selects another sequence, and `MUTATION_DOCUMENTS` a folder
//! with documents to change, instead of those of the tests.

#[path = "../cargo/mod.rs"]
mod cargo;
mod mutate;
mod nodes;
#[path = "../parallel/mod.rs"]
mod parallel;

use std::cell::{Cell, RefCell};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use generator::{Findings, Generator};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use serde_json::Value;

use mutate::{Case, Seed, cases};

/// The maximum time per document, for an unoptimized generator on a busy machine.
const LONGEST: Duration = Duration::from_secs(30);

/// The number of changed documents without `MUTATION_CASES`, in complete tests and otherwise.
const MANY: u32 = 300;
const FEW: u32 = 60;

/// The number of crates that a long run compiles.
const COMPILED: usize = 40;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn setting(name: &str) -> Option<u32> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number")),
    )
}

/// Returns the documents to change.
fn seeds() -> Vec<Seed> {
    let folders = match env::var_os("MUTATION_DOCUMENTS") {
        Some(folder) => vec![PathBuf::from(folder)],
        None => ["tests/features", "tests/bad", "tests/doubtful", "spec"]
            .map(|folder| root().join(folder))
            .to_vec(),
    };
    let mut found = Vec::new();
    let mut queue = folders;
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            let kind = path.extension().and_then(|kind| kind.to_str());
            if path.is_dir() {
                queue.push(path);
            } else if matches!(kind, Some("yaml" | "yml" | "json"))
                && !path.ends_with("values.yaml")
                && let Ok(text) = fs::read_to_string(&path)
            {
                found.push(Seed {
                    name: path
                        .strip_prefix(root())
                        .unwrap_or(&path)
                        .display()
                        .to_string(),
                    value: serde_yaml::from_str(&text).ok(),
                    text,
                });
            }
        }
    }
    // Faulty documents are last, because they generate less code.
    found.sort_by_key(|seed| (seed.is_bad(), seed.name.clone()));
    found
}

/// The outcome of a document.
enum Outcome {
    Crate(Vec<(String, String)>),
    Refused,
}

/// Generates from a document, on a thread with a time limit.
fn run(document: Vec<u8>) -> Result<Outcome, String> {
    let (sender, receiver) = channel();
    let work = thread::spawn(move || {
        // The receiver is gone after a timeout.
        let _ = sender.send(generate(document));
    });
    match receiver.recv_timeout(LONGEST) {
        Ok(outcome) => outcome,
        Err(RecvTimeoutError::Timeout) => Err(format!("it takes longer than {LONGEST:?}")),
        Err(RecvTimeoutError::Disconnected) => {
            let panic = work.join().expect_err("it sent nothing");
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("it panics: {}", text.unwrap_or_default()))
        }
    }
}

fn generate(document: Vec<u8>) -> Result<Outcome, String> {
    let generator = Generator::from_text("document.yaml", document).package("mutant");
    match generator.generate_files() {
        Ok(files) => {
            // The warnings of the first stage that has any.
            if let Err(error) = generator.deny_warnings(true).generate_files() {
                look_at(error.findings())?;
            }
            let files = files.iter();
            let files = files.map(|file| (file.path.display().to_string(), file.text.to_owned()));
            checked(files.collect()).map(Outcome::Crate)
        }
        Err(error) => {
            let findings = error.findings();
            if findings.render(true).is_empty() || findings.json_lines().count() == 0 {
                return Err("it is refused without a reason".to_owned());
            }
            look_at(findings)?;
            let bug = findings
                .list()
                .iter()
                .find(|found| found.code.as_str() == "generator-bug");
            bug.map_or(Ok(Outcome::Refused), |bug| Err(bug.message.clone()))
        }
    }
}

/// Checks that each diagnostic is complete.
fn look_at(findings: &Findings) -> Result<(), String> {
    for line in findings.json_lines() {
        let found: Value = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let text = |field: &str| found[field].as_str().unwrap_or_default();
        let message = text("message");
        let is_sentence = !message.is_empty() && !message.ends_with(['.', '\n']);
        let is_placed = |place: &Value| place["line"].is_u64() && place["column"].is_u64();
        let related = found["related"].as_array().map(Vec::as_slice);
        let mut related = related.unwrap_or_default().iter();
        let is_related = related.all(|other| {
            let is_same = ["file", "line", "column", "endLine", "endColumn"]
                .iter()
                .all(|field| other[field] == found[field]);
            is_placed(other) && !is_same && other["label"] != ""
        });
        if text("code") == "unreadable" {
            return Err(format!("nobody checked this: {message}"));
        }
        if !(is_sentence && is_placed(&found) && is_related && !text("help").is_empty()) {
            return Err(format!("a finding is of no help: {}", text("rendered")));
        }
    }
    Ok(())
}

/// Returns the files if each has valid contents for its extension.
fn checked(files: Vec<(String, String)>) -> Result<Vec<(String, String)>, String> {
    let check = move || {
        for (path, text) in &files {
            if let Some(fault) = fault(path, text) {
                return Err(format!("{path}: {fault}"));
            }
        }
        Ok(files)
    };
    // syn is recursive, and unoptimized it needs more stack for deep types than a thread has.
    let thread = thread::Builder::new().stack_size(64 * 1024 * 1024);
    let thread = thread.spawn(check).map_err(|error| error.to_string())?;
    thread
        .join()
        .unwrap_or_else(|_| Err("the check panics".to_owned()))
}

/// Returns the reason why a file is invalid.
fn fault(path: &str, text: &str) -> Option<String> {
    match path.rsplit('.').next() {
        Some("rs") => syn::parse_file(text).err().map(|error| error.to_string()),
        Some("toml") => {
            let manifest = text.parse::<toml_edit::DocumentMut>();
            manifest.err().map(|error| error.to_string())
        }
        Some("json") => {
            let value = serde_json::from_str::<serde_json::Value>(text);
            value.err().map(|error| error.to_string())
        }
        _ => None,
    }
}

#[test]
fn a_changed_document_is_a_crate_or_an_error() {
    let long = setting("MUTATION_CASES");
    let seeds = seeds();
    let first = seeds.iter().filter(|seed| !seed.is_bad()).count();
    let config = Config {
        cases: long.unwrap_or(if cargo::is_thorough() { MANY } else { FEW }),
        failure_persistence: None,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&setting("MUTATION_SEED").unwrap_or_default().to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let last = cargo::target().join("mutation");
    fs::create_dir_all(&last).expect("the folder can be made");
    // After an abort, this file contains the document that caused it.
    let last = last.join("last.yaml");
    let (tried, made) = (Cell::new(0_usize), Cell::new(0_usize));
    let slowest = Cell::new(Duration::ZERO);
    let sample = RefCell::new(Vec::new());
    let outcome = runner.run(&cases(first, seeds.len()), |case| {
        let document = case.document(&seeds);
        fs::write(&last, &document).expect("the file can be written");
        let start = Instant::now();
        let outcome = run(document)
            .map_err(|fault| TestCaseError::fail(format!("{fault}\n{}", told(&case, &seeds))))?;
        slowest.set(slowest.get().max(start.elapsed()));
        tried.set(tried.get() + 1);
        if let Outcome::Crate(files) = outcome {
            made.set(made.get() + 1);
            if made.get() % 50 == 1 && sample.borrow().len() < COMPILED {
                sample.borrow_mut().push(files);
            }
        }
        Ok(())
    });
    println!(
        "{} documents changed from {}: {} crates, {} refused; the slowest took {:?}",
        tried.get(),
        seeds.len(),
        made.get(),
        tried.get() - made.get(),
        slowest.get()
    );
    if let Err(error) = outcome {
        panic!("{error}\nthe document is in {}", last.display());
    }
    assert!(
        made.get() * 10 > tried.get(),
        "most changes leave nothing to generate"
    );
    if long.is_some() {
        compile(&sample.into_inner());
    }
}

fn told(case: &Case, seeds: &[Seed]) -> String {
    let (Case::Text(at, _) | Case::Tree(at, ..)) = case;
    format!("of {}", seeds[*at].name)
}

/// Compiles crates, all in one workspace.
fn compile(crates: &[Vec<(String, String)>]) {
    let workspace = cargo::target().join("mutation/crates");
    let mut members = Vec::new();
    for (number, files) in crates.iter().enumerate() {
        let name = format!("mutant{number}");
        // It may exist from an earlier run.
        let _ = fs::remove_dir_all(workspace.join(&name));
        for (path, text) in files {
            let path = workspace.join(&name).join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            let text = text.replace("name = \"mutant\"", &format!("name = {name:?}"));
            fs::write(path, text).expect("the file can be written");
        }
        members.push(name);
    }
    cargo::workspace(&workspace, members.iter().map(String::as_str));
    let clippy = [
        "clippy",
        "--workspace",
        "--lib",
        "--keep-going",
        "--",
        "-D",
        "warnings",
    ];
    cargo::succeed(cargo::command(&workspace, &clippy));
    println!("{} crates compile", crates.len());
}
