//! Values that are valid for a schema, made by the hundred out of its own words: each has to be
//! read, written as what it was, and read again as the same.
//!
//! The `jsonschema` crate is the judge of what is valid. The generated types stand in one program
//! of the features' workspace, which is asked line by line.

mod inheritance;
pub mod judges;
mod schema;
mod strategy;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use generator::Generator;
use generator::document::is_same;
use jsonschema::Validator;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;

use crate::values::update;
use schema::Document;

/// The package of the program.
pub const PACKAGE: &str = "round-trips";

/// How many values of each schema are tried; `PROPTEST_CASES` says otherwise.
const CASES: u32 = 24;

/// Components of which no value is found, each for a reason.
const UNMADE: &[&str] = &[
    // What one branch requires, the other one refuses.
    "composition_all_of_merged#OpenBranch",
    // They are only ever null, which is no value of a component's own.
    "enums_types#OnlyNull",
    "unions_type_arrays#Null",
    // By `$anchor`, which the judge does not find in a document of OpenAPI.
    "references_definitions#Tree",
    // They allow nothing.
    "unions_not#AlsoNever",
    "unions_not#Never",
    // What the larger branch takes, the smaller one takes too.
    "unions_one_of#Subset",
];

const PROGRAM: &str = r#"//! Reads a line with the number of a type and a value in JSON, and answers with what is written.

#![allow(deprecated, reason = "what is deprecated reads and writes too")]

use std::fmt::Debug;
use std::io::BufRead as _;

use serde::Serialize;
use serde::de::DeserializeOwned;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line can be read");
        let (number, json) = line.split_once('\t').expect("it is a number and a value");
        let answer = answer(number.parse().expect("it is a number"), json);
        println!("{}", serde_json::to_string(&answer).expect("it can be written"));
    }
}

fn again<T: DeserializeOwned + Serialize + PartialEq + Debug>(json: &str) -> Result<String, String> {
    let read: T = serde_json::from_str(json).map_err(|error| format!("it is refused: {error}"))?;
    let written = serde_json::to_string(&read).map_err(|error| format!("it is not written: {error}"))?;
    let second: T = serde_json::from_str(&written)
        .map_err(|error| format!("{written} is written, and refused: {error}"))?;
    if second != read {
        return Err(format!("{read:?} is written as {written}, and read as {second:?}"));
    }
    Ok(written)
}

fn answer(number: usize, json: &str) -> Result<String, String> {
    match number {
"#;

/// A component of a feature's document, and its type.
struct Subject {
    document: Rc<Document>,
    component: String,
    /// Its type, by the path in Rust.
    path: String,
}

/// The components whose types can be told by their names.
fn subjects(features: &[(PathBuf, String)]) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for (folder, package) in features {
        let document = Rc::new(Document::read(&folder.join("openapi.yaml")));
        let types = types(folder, package);
        let mut by_letters: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for name in document.components() {
            by_letters.entry(letters(name)).or_default().push(name);
        }
        for (letters, names) in by_letters {
            if let ([component], Some(name)) = (names.as_slice(), types.get(&letters)) {
                subjects.push(Subject {
                    document: Rc::clone(&document),
                    component: (*component).to_owned(),
                    path: format!("::{}::types::{name}", package.replace('-', "_")),
                });
            }
        }
    }
    subjects
}

/// The types at the top of a crate's module `types`, by the letters of their names.
fn types(folder: &Path, package: &str) -> BTreeMap<String, String> {
    let files = Generator::new(folder.join("openapi.yaml"))
        .package(package)
        .generate_files()
        .expect("it generates");
    let mut types = BTreeMap::new();
    let files = files.iter();
    for file in files.filter(|file| file.path.starts_with("src/types.rs")) {
        for line in file.text.lines() {
            let item = ["pub struct ", "pub enum ", "pub type "]
                .iter()
                .find_map(|start| line.strip_prefix(start));
            if let Some(item) = item {
                let name = item.split(|c: char| !c.is_alphanumeric() && c != '_');
                let name = name.into_iter().next().unwrap_or_default();
                types.insert(letters(name), name.to_owned());
            }
        }
    }
    types
}

fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Writes the package of the program into the workspace of the features.
pub fn write(workspace: &Path, features: &[(PathBuf, String)]) {
    let mut manifest = format!(
        "[package]\nname = \"{PACKAGE}\"\nedition = \"2024\"\n\n\
         [dependencies]\nserde = \"1\"\nserde_json = \"1\"\n"
    );
    for (_, package) in features {
        let _ = writeln!(manifest, "{package} = {{ path = \"../{package}\" }}");
    }
    let mut program = PROGRAM.to_owned();
    for (number, subject) in subjects(features).iter().enumerate() {
        let _ = writeln!(
            program,
            "        {number} => again::<{}>(json),",
            subject.path
        );
    }
    program.push_str("        _ => unreachable!(\"there is no such type\"),\n    }\n}\n");
    let folder = workspace.join(PACKAGE);
    update(&folder.join("Cargo.toml"), &manifest);
    update(&folder.join("src/main.rs"), &program);
}

/// The running program.
struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Program {
    fn start(workspace: &Path) -> Self {
        let path = workspace.join("target/debug").join(PACKAGE);
        let mut child = Command::new(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take().expect("it is piped");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        Self {
            child,
            input,
            output,
        }
    }

    /// What is written after reading a value, or why that is not to be had.
    fn ask(&mut self, number: usize, value: &Value) -> Result<Value, String> {
        writeln!(self.input, "{number}\t{value}").expect("the program takes a line");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        let answer: Result<String, String> =
            serde_json::from_str(&line).expect("the answer can be read");
        Ok(serde_json::from_str(&answer?).expect("what is written is JSON"))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tries values of every component of the features.
pub fn run(workspace: &Path, features: &[(PathBuf, String)]) {
    let mut program = Program::start(workspace);
    let mut faults = Vec::new();
    let (mut schemas, mut values) = (0, 0);
    for (number, subject) in subjects(features).iter().enumerate() {
        let tried = try_one(&mut program, number, &subject.document, &subject.component);
        let name = format!("{}#{}", package_of(&subject.path), subject.component);
        match tried {
            Ok(0) if UNMADE.contains(&name.as_str()) => {}
            Ok(0) => faults.push(format!("{name}: no value is found")),
            Ok(_) if UNMADE.contains(&name.as_str()) => {
                faults.push(format!(
                    "{name}: values are found, it is in the list for nothing"
                ));
            }
            Ok(count) => {
                schemas += 1;
                values += count;
            }
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    println!("{values} values of {schemas} schemas");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(
        schemas >= 200 || crate::selection().is_some(),
        "only {schemas} schemas were tried"
    );
}

fn package_of(path: &str) -> &str {
    path.trim_start_matches(':')
        .split("::")
        .next()
        .unwrap_or_default()
}

/// How many values of a component were tried.
fn try_one(
    program: &mut Program,
    number: usize,
    document: &Document,
    component: &str,
) -> Result<u32, String> {
    let Some(validator) = document.validator(component) else {
        return Ok(0);
    };
    let config = Config {
        max_local_rejects: 20_000,
        max_global_rejects: 20_000,
        max_shrink_iters: 2_000,
        failure_persistence: None,
        ..Config::with_cases(cases())
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let count = Cell::new(0);
    let program = RefCell::new(program);
    let outcome = runner.run(&strategy::of_component(document, component), |value| {
        // A component that can be null is an `Option` where it is used.
        if value.is_null() || !validator.is_valid(&value) {
            return Err(TestCaseError::reject("it is not valid"));
        }
        count.set(count.get() + 1);
        let program = &mut program.borrow_mut();
        check(program, number, document, &validator, &value).map_err(TestCaseError::fail)
    });
    match outcome {
        // Where hardly any value is valid, those that were found have to do.
        Ok(()) | Err(TestError::Abort(_)) => Ok(count.get()),
        Err(TestError::Fail(why, value)) => Err(format!("{value}\n  {why}")),
    }
}

fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

/// What is wrong with what becomes of a value.
fn check(
    program: &mut Program,
    number: usize,
    document: &Document,
    validator: &Validator,
    value: &Value,
) -> Result<(), String> {
    let written = program.ask(number, value)?;
    let mut same = Same {
        document,
        one_way: false,
    };
    same.compare(value, &written, &mut String::new())
        .map_err(|fault| format!("it is written as {written}: {fault}"))?;
    // What is only sent or only read is missing in the other direction, required or not.
    if !same.one_way
        && let Err(error) = validator.validate(&written)
    {
        return Err(format!(
            "it is written as {written}, which is not valid: {error}"
        ));
    }
    Ok(())
}

/// Compares what is read with what is written.
struct Same<'d> {
    document: &'d Document,
    /// Whether a property is gone that is only sent or only read.
    one_way: bool,
}

impl Same<'_> {
    fn compare(&mut self, read: &Value, written: &Value, path: &mut String) -> Result<(), String> {
        match (read, written) {
            (Value::Object(read), Value::Object(written)) => {
                for (name, value) in read {
                    let before = path.len();
                    let _ = write!(path, "/{name}");
                    match written.get(name) {
                        Some(other) => self.compare(value, other, path)?,
                        None if self.may_go(name, value) => {}
                        None => return Err(format!("{path} is gone")),
                    }
                    path.truncate(before);
                }
                let mut new = written.iter().filter(|(name, _)| !read.contains_key(*name));
                match new.find(|(_, value)| !self.document.is_default(value)) {
                    Some((name, _)) => Err(format!("{path}/{name} is new")),
                    None => Ok(()),
                }
            }
            (Value::Array(read), Value::Array(written)) if read.len() == written.len() => {
                for (position, (one, other)) in read.iter().zip(written).enumerate() {
                    let before = path.len();
                    let _ = write!(path, "/{position}");
                    self.compare(one, other, path)?;
                    path.truncate(before);
                }
                Ok(())
            }
            (Value::String(read), Value::String(written)) if is_same_time(read, written) => Ok(()),
            (read, written) if is_same(read, written) => Ok(()),
            _ => Err(format!("{path} is {written}, and was {read}")),
        }
    }

    /// Whether a property need not be written (wire rules 1, 2, 6 and 9).
    fn may_go(&mut self, name: &str, value: &Value) -> bool {
        if self.document.is_one_way(name) {
            self.one_way = true;
            return true;
        }
        value.is_null() || self.document.is_default(value) || name == strategy::UNDECLARED
    }
}

/// The digits of a second's fraction may go where they are zero (RFC 3339, section 5.6).
fn is_same_time(one: &str, other: &str) -> bool {
    let read = |text| chrono::DateTime::parse_from_rfc3339(text);
    matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other && one.offset() == other.offset())
}
