//! Documents that are changed at random, as text and as trees: the generator never
//! panics and never takes long; it refuses with a place, or what comes out is Rust. Every
//! finding says where, what to write instead, and what the other places have to do with it.
//!
//! A run of all tests tries some hundred of them, always the same. A long run has
//! others and compiles some of the crates, too:
//!
//! ```sh
//! MUTATION_CASES=20000 cargo test --release -p generator --test mutation -- --nocapture
//! ```
//!
//! `MUTATION_SEED` is a number that stands for another run, and `MUTATION_DOCUMENTS`
//! a folder with documents to change, instead of those of the tests.

mod mutate;
mod nodes;

use std::cell::{Cell, RefCell};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use generator::{Findings, Generator};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use serde_json::Value;

use mutate::{Case, Seed, cases};

/// What one document may take, for an unoptimised generator on a busy machine.
const LONGEST: Duration = Duration::from_secs(30);

/// How many changed documents a run of all tests has.
const FEW: u32 = 300;

/// How many crates a long run compiles.
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

/// The documents to be changed.
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
    // Of those that are at fault already, less comes out.
    found.sort_by_key(|seed| (seed.is_bad(), seed.name.clone()));
    found
}

/// What came of one document.
enum Outcome {
    Crate(Vec<(String, String)>),
    Refused,
}

/// Generates from a document, all on a thread that may take too long.
fn run(document: Vec<u8>) -> Result<Outcome, String> {
    let (sender, receiver) = channel();
    let work = thread::spawn(move || {
        // The other end is gone where this took too long.
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

/// Each finding is one that helps.
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

/// The files, if each is what its name says.
fn checked(files: Vec<(String, String)>) -> Result<Vec<(String, String)>, String> {
    let check = move || {
        for (path, text) in &files {
            if let Some(fault) = fault(path, text) {
                return Err(format!("{path}: {fault}"));
            }
        }
        Ok(files)
    };
    // syn walks types by recursion, and unoptimised needs more for the deepest than a thread has.
    let thread = thread::Builder::new().stack_size(64 * 1024 * 1024);
    let thread = thread.spawn(check).map_err(|error| error.to_string())?;
    thread
        .join()
        .unwrap_or_else(|_| Err("the check panics".to_owned()))
}

/// Why a file is not what its name says.
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
fn a_changed_document_gives_a_crate_or_an_error() {
    let long = setting("MUTATION_CASES");
    let seeds = seeds();
    let first = seeds.iter().filter(|seed| !seed.is_bad()).count();
    let config = Config {
        cases: long.unwrap_or(FEW),
        failure_persistence: None,
        max_shrink_time: 60_000,
        ..Config::default()
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&setting("MUTATION_SEED").unwrap_or_default().to_le_bytes());
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let last = root().join("target/mutation");
    fs::create_dir_all(&last).expect("the folder can be made");
    // What stands there after an abort is the document that brought it about.
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
    let workspace = root().join("target/mutation/crates");
    let mut members = Vec::new();
    for (number, files) in crates.iter().enumerate() {
        let name = format!("mutant{number}");
        // Of an earlier run.
        let _ = fs::remove_dir_all(workspace.join(&name));
        for (path, text) in files {
            let path = workspace.join(&name).join(path);
            fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
            let text = text.replace("name = \"mutant\"", &format!("name = {name:?}"));
            fs::write(path, text).expect("the file can be written");
        }
        members.push(format!("{name:?}"));
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the manifest can be written");
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    let output = Command::new(env!("CARGO"))
        .args([
            "clippy",
            "--workspace",
            "--lib",
            "--keep-going",
            "--",
            "-D",
            "warnings",
        ])
        .current_dir(&workspace)
        .env("CARGO_TARGET_DIR", root().join("target/mutation/target"))
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    println!("{} crates compile", crates.len());
}
