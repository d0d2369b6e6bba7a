//! Generates hundreds of valid values for each schema: each must be read as a branch for which it
//! is valid, written as it was, and read again as the same value.
//!
//! The `jsonschema` crate decides which values are valid. The generated types are in a program of the
//! merged crate, which communicates line by line.

mod convert;
mod exceptions;
mod expect;
pub mod judges;
mod program;
mod same;
mod scalar;
mod schema;
mod strategy;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

use generator::ir::TypePath;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use serde_json::Value;

use exceptions::{KNOWN_FAULTS, UNMADE, UNREACHED};
use expect::{Choice, aims, expected};
use program::{Library, OTHER, ReportedType, Text};
use same::Same;
use schema::Document;
use strategy::{Extent, Maker};

/// The name of the program.
pub const NAME: &str = "round-trips";

/// The number of values of any kind per schema in a thorough run, and otherwise. `PROPTEST_CASES`
/// replaces both.
const CASES: u32 = 24;
const FEW_CASES: u32 = 8;

/// The other kinds of values, with the minimum number of each.
const EXTENTS: &[(Extent, u32)] = &[
    (Extent::Full, 4),
    (Extent::Lean, 2),
    (Extent::Defaults, 2),
    (Extent::Extra(0), 2),
    (Extent::Extra(1), 2),
    (Extent::Extra(2), 2),
];

/// The numbers of values generated to cover one branch, until a value reaches it.
const FORCED: [u32; 2] = [8, 64];

/// A component of a feature's document, with its type.
struct Subject {
    document: Rc<Document>,
    component: String,
    /// The feature's package and the component.
    name: String,
}

/// Returns the components whose types have the same name, and the program that reads these types.
fn subjects(features: &[(PathBuf, String)]) -> (Vec<Subject>, Text) {
    let mut subjects = Vec::new();
    let mut text = Text::default();
    for (folder, package) in features {
        let document = Rc::new(Document::read(&folder.join("openapi.yaml")));
        let library = Library::of(folder, package);
        let types = library
            .top()
            .map(|path| (letters(path.name.as_str()), path));
        let types: BTreeMap<String, &TypePath> = types.collect();
        let mut by_letters: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for name in document.components() {
            by_letters.entry(letters(name)).or_default().push(name);
        }
        for (letters, names) in by_letters {
            if let ([component], Some(path)) = (names.as_slice(), types.get(&letters)) {
                text.add(&library, path);
                subjects.push(Subject {
                    document: Rc::clone(&document),
                    component: (*component).to_owned(),
                    name: format!("{}#{component}", package.replace('-', "_")),
                });
            }
        }
    }
    (subjects, text)
}

fn letters(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// Returns the source of the program.
pub fn program(features: &[(PathBuf, String)]) -> String {
    let (_, text) = subjects(features);
    text.source()
}

/// The running program.
struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// The variants read: the pointer, the type and the variant.
type Variants = Vec<(String, usize, usize)>;

impl Program {
    fn start(workspace: &Path) -> Self {
        let path = workspace.join("target/debug").join(NAME);
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

    /// Returns the written value and the variants read, or the reason why a value is rejected.
    fn ask(&mut self, number: usize, value: &Value) -> Result<(Value, Variants), String> {
        writeln!(self.input, "{number}\t{value}").expect("the program takes a line");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("it answers");
        let answer: Result<(String, Variants), String> =
            serde_json::from_str(&line).expect("the answer can be read");
        let (written, read) = answer?;
        let written = serde_json::from_str(&written).expect("what is written is JSON");
        Ok((written, read))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Tests values of every component of the features.
pub fn run(workspace: &Path, features: &[(PathBuf, String)]) {
    let (subjects, text) = subjects(features);
    let trial = Trial {
        program: RefCell::new(Program::start(workspace)),
        reported: &text.reported,
        reached: RefCell::default(),
        known: RefCell::default(),
    };
    let mut faults = Vec::new();
    let (mut schemas, mut values) = (0, 0);
    for (number, subject) in subjects.iter().enumerate() {
        let name = subject.name.as_str();
        let is_unmade = UNMADE.contains(&name);
        match trial.subject(number, subject) {
            Ok(0) if is_unmade => {}
            Ok(0) => faults.push(format!("{name}: no value is found")),
            Ok(_) if is_unmade => {
                faults.push(format!("{name}: values are found, it is no exception"));
            }
            Ok(count) => {
                schemas += 1;
                values += count;
            }
            Err(fault) => faults.push(format!("{name}: {fault}")),
        }
    }
    faults.extend(trial.unreached(&subjects));
    let seen = trial.known.borrow();
    for (index, (component, fault)) in KNOWN_FAULTS.iter().enumerate() {
        let is_tried = subjects.iter().any(|it| it.name.contains(component));
        if is_tried && !seen.contains(&index) {
            faults.push(format!(
                "{component}: `{fault}` is seen no more, it is no known fault"
            ));
        }
    }
    println!("{values} values of {schemas} schemas");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(
        schemas >= 200 || crate::selection().is_some(),
        "only {schemas} schemas were tried"
    );
}

/// The state of a test run.
struct Trial<'t> {
    program: RefCell<Program>,
    reported: &'t [ReportedType],
    /// The covered parts of each package's document.
    reached: RefCell<BTreeMap<String, BTreeSet<String>>>,
    /// The known faults that occurred.
    known: RefCell<BTreeSet<usize>>,
}

impl Trial<'_> {
    /// Tests a component. Returns the number of values.
    fn subject(&self, number: usize, subject: &Subject) -> Result<u32, String> {
        let pointer = Document::component(&subject.component);
        if subject.document.validator(&pointer).is_none() {
            return Ok(0);
        }
        let mut count = self.values(number, subject, Extent::Any, None, cases())?;
        if count == 0 {
            return Ok(0);
        }
        for (extent, least) in EXTENTS {
            let cases = (cases() * least / CASES).max(1);
            count += self.values(number, subject, *extent, None, cases)?;
        }
        for aim in aims(&subject.document, &pointer) {
            for cases in FORCED {
                if !self.has_reached(subject, &aim) {
                    self.values(number, subject, Extent::Any, Some(&aim), cases)?;
                }
            }
        }
        Ok(count)
    }

    fn has_reached(&self, subject: &Subject, aim: &str) -> bool {
        let reached = self.reached.borrow();
        let reached = reached.get(package(&subject.name));
        reached.is_some_and(|reached| reached.contains(aim))
    }

    fn values(
        &self,
        number: usize,
        subject: &Subject,
        extent: Extent,
        forced: Option<&str>,
        cases: u32,
    ) -> Result<u32, String> {
        let document = &*subject.document;
        let pointer = Document::component(&subject.component);
        let Some(validator) = document.validator(&pointer) else {
            return Ok(0);
        };
        let most_rejects = if extent == Extent::Any && forced.is_none() {
            5_000
        } else {
            300
        };
        let config = Config {
            max_local_rejects: most_rejects,
            max_global_rejects: most_rejects,
            max_shrink_iters: 2_000,
            failure_persistence: None,
            ..Config::with_cases(cases)
        };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let count = Cell::new(0);
        let maker = Maker {
            document,
            extent,
            forced,
        };
        let outcome = runner.run(&maker.component(&subject.component), |value| {
            // A component that allows null is an `Option` in other types.
            if value.is_null() || !validator.is_valid(&value) {
                return Err(TestCaseError::reject("it is not valid"));
            }
            count.set(count.get() + 1);
            match self.value(number, subject, &value) {
                Err(fault) if !self.is_known(&subject.name, &fault) => {
                    Err(TestCaseError::fail(fault))
                }
                _ => Ok(()),
            }
        });
        match outcome {
            // If few values are valid, the ones found are sufficient.
            Ok(()) | Err(TestError::Abort(_)) => Ok(count.get()),
            Err(TestError::Fail(why, value)) => Err(format!("{value}\n  {why}")),
        }
    }

    fn is_known(&self, component: &str, fault: &str) -> bool {
        let is_it = |(of, part): &(&str, &str)| component.contains(of) && fault.contains(part);
        let position = KNOWN_FAULTS.iter().position(is_it);
        self.known.borrow_mut().extend(position);
        position.is_some()
    }

    /// Tests a value. Returns the fault as an error.
    fn value(&self, number: usize, subject: &Subject, value: &Value) -> Result<(), String> {
        let document = &*subject.document;
        let pointer = Document::component(&subject.component);
        let expected = expected(document, &pointer, value);
        let mut reached = self.reached.borrow_mut();
        let reached = reached.entry(package(&subject.name).to_owned());
        reached
            .or_default()
            .extend(expected.reached.iter().cloned());
        let (written, read) = self.program.borrow_mut().ask(number, value)?;
        let mut same = Same {
            document,
            one_way: false,
        };
        same.compare(value, &written, &mut String::new())
            .map_err(|fault| format!("it is written as {written}: {fault}"))?;
        // Properties that are only sent or only read are missing in the other direction, even if
        // required.
        if !same.one_way
            && let Some(validator) = document.validator(&pointer)
            && let Err(error) = validator.validate(&written)
        {
            return Err(format!(
                "it is written as {written}, which is not valid: {error}"
            ));
        }
        for (at, ty, variant) in &read {
            let reported = &self.reported[*ty];
            if value.pointer(at).is_some() {
                is_right(document, &expected, at, reported, *variant)?;
            }
        }
        Ok(())
    }

    /// Returns parts that no value covers, and stale exceptions.
    fn unreached(&self, subjects: &[Subject]) -> Vec<String> {
        let mut faults = Vec::new();
        let reached = self.reached.borrow();
        for subject in subjects {
            if UNMADE.contains(&subject.name.as_str()) {
                continue;
            }
            let package = package(&subject.name);
            let pointer = Document::component(&subject.component);
            for aim in aims(&subject.document, &pointer) {
                let is_reached = reached.get(package).is_some_and(|it| it.contains(&aim));
                let name = format!("{package}#{}", aim.trim_start_matches(convert::COMPONENTS));
                match (is_reached, UNREACHED.iter().any(|(it, _)| *it == name)) {
                    (false, false) => faults.push(format!("{name}: no value reaches it")),
                    (true, true) => faults.push(format!("{name}: a value reaches it")),
                    _ => {}
                }
            }
        }
        faults
    }
}

/// Checks that a variant is a branch for which the value is valid.
fn is_right(
    document: &Document,
    expected: &expect::Expected,
    at: &str,
    reported: &ReportedType,
    variant: usize,
) -> Result<(), String> {
    let ReportedType {
        path,
        branches,
        variants,
    } = reported;
    let place = if at.is_empty() { "it" } else { at };
    let resolved = |branches: &[String]| -> BTreeSet<String> {
        branches.iter().map(|it| document.resolve(it)).collect()
    };
    if variant == OTHER && variants.is_empty() {
        return if expected.listed.contains(at) {
            Err(format!("{place} is read as an unknown value of {path}"))
        } else {
            Ok(())
        };
    }
    let all = resolved(&branches.concat());
    let is_about = |choice: &&Choice| {
        choice.at == at && choice.branches.iter().any(|branch| all.contains(branch))
    };
    for choice in expected.choices.iter().filter(is_about) {
        let allowed: Vec<&String> = choice.allowed.intersection(&all).collect();
        if variant == OTHER {
            return Err(format!(
                "{place} is read as no variant of {path}, and is valid for {allowed:?}"
            ));
        }
        let found = branches
            .get(variant)
            .map_or_else(BTreeSet::new, |it| resolved(it));
        // The variant may belong to another union with some of the same branches, or be the union
        // itself.
        let is_union = found.contains(&choice.union)
            && !choice.branches.iter().all(|branch| all.contains(branch));
        let is_of_it = choice.branches.iter().any(|branch| found.contains(branch)) && !is_union;
        if is_of_it && found.is_disjoint(&choice.allowed) {
            let name = variants.get(variant).map_or("?", String::as_str);
            return Err(format!(
                "{place} is read as {path}::{name}, and `{}` allows {allowed:?}",
                choice.union
            ));
        }
    }
    Ok(())
}

fn package(name: &str) -> &str {
    name.split('#').next().unwrap_or_default()
}

fn cases() -> u32 {
    let given = std::env::var("PROPTEST_CASES").ok();
    let given = given.and_then(|text| text.parse().ok());
    given.unwrap_or(if crate::cargo::is_thorough() {
        CASES
    } else {
        FEW_CASES
    })
}
