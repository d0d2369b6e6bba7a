//! `tests/examples.rs`: reads and writes each example of the document, and a value for each branch
//! of a union.

use std::fmt::Write as _;

use super::json::Constants;
use super::names::Paths;
use super::text;
use crate::emit::context::Context;
use crate::emit::generated_file::GeneratedFile;
use crate::proof::model::{Example, ExampleGroup};

const DOC: &str = "\
//! The examples of the document: each is decoded, encoded, and compared with the original.
//!
//! If the encoded value differs, it is beside the example: defaults and undeclared properties
//! are omitted.
";

const BRANCHES_DOC: &str = "\
//!
//! A value is also decoded for each branch of each union.
";

const BRANCH: &str = r#"
/// Asserts that a value is read as a branch of a union, and then written as `$written`.
macro_rules! is_branch {
    ($branch:pat, $value:expr $(,)?) => {
        is_branch!($branch, $value, $value);
    };
    ($branch:pat, $value:expr, $written:expr $(,)?) => {
        let read = comes_back_as($value, $written);
        assert!(matches!(read, $branch), "{read:?}");
    };
}
"#;

const SAME: &str = r"
/// Asserts that an example is written as it was read.
#[track_caller]
fn comes_back<T: Serialize + DeserializeOwned>(example: &str) {
    comes_back_as::<T>(example, example);
}
";

const HELPERS: &str = r#"
/// Asserts that an example is written as `written` after it was read, and returns its value.
#[track_caller]
fn comes_back_as<T: Serialize + DeserializeOwned>(example: &str, written: &str) -> T {
    let value: T = match runtime::json::read(example.as_bytes()) {
        Ok(value) => value,
        Err(error) => panic!("{error} in {example}"),
    };
    let text = runtime::json::write(&value).expect("what was read can be written");
    let parse = |text: &[u8]| serde_json::from_slice(text).expect("this is JSON");
    let (actual, expected): (Value, Value) = (parse(&text), parse(written.as_bytes()));
    assert!(
        is_same(&actual, &expected),
        "{actual} instead of {expected}"
    );
    value
}

/// Returns `true` if two values are equal. Numbers are compared by value.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || (a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64()
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(name, a)| b.get(name).is_some_and(|b| is_same(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => one == other,
    }
}
"#;

/// The maximum length of inline JSON; longer JSON is a constant.
const LONGEST: usize = 160;

/// Returns the file with the tests and files for long values; empty if there are no examples.
pub(super) fn files(context: &Context<'_>) -> Vec<GeneratedFile<'static>> {
    if context.tests.examples.is_empty() {
        return Vec::new();
    }
    let mut tests = Tests::new();
    for group in &context.tests.examples {
        tests.add_group(context, group);
    }
    let Tests {
        constants,
        paths,
        text: tests,
        is_any_same,
        has_branches,
    } = tests;
    let mut files = Vec::new();
    let mut out = DOC.to_owned();
    if has_branches {
        out.push_str(BRANCHES_DOC);
    }
    out.push('\n');
    out.push_str(&paths.uses(context.krate));
    out.push_str(
        "use serde::Serialize;\nuse serde::de::DeserializeOwned;\nuse serde_json::Value;\n",
    );
    if has_branches {
        out.push_str(BRANCH);
    }
    out.push_str(&tests);
    if is_any_same {
        out.push_str(SAME);
    }
    out.push_str(HELPERS);
    out.push_str(&constants.all_definitions(("examples", "examples/"), &mut files));
    files.push(super::super::generated_file::text("tests/examples.rs", out));
    files
}

/// The tests written so far, and what they use.
struct Tests {
    text: String,
    constants: Constants,
    paths: Paths,
    /// True if a value is written as it was read.
    is_any_same: bool,
    /// True if a value is that of a branch.
    has_branches: bool,
}

impl Tests {
    fn new() -> Self {
        let mut paths = Paths::default();
        // The helpers use the client's codec.
        paths.runtime("json");
        Self {
            text: String::new(),
            constants: Constants::of_more_than(LONGEST),
            paths,
            is_any_same: false,
            has_branches: false,
        }
    }

    /// Adds the test of a group of examples.
    fn add_group(&mut self, context: &Context<'_>, group: &ExampleGroup) {
        let ExampleGroup { name, at, examples } = group;
        let _ = writeln!(self.text, "\n// #{}\n#[test]", text::one_line(at));
        if (examples.iter()).any(|example| context.plan.is_deprecated(&example.ty)) {
            self.text.push_str(text::ALLOW_DEPRECATED);
        }
        let _ = writeln!(self.text, "fn {name}() {{");
        for example in examples {
            self.add_example(name.as_str(), example);
        }
        self.text.push_str("}\n");
    }

    /// Adds the lines of an example to the test with this name.
    fn add_example(&mut self, test: &str, example: &Example) {
        let Example {
            at,
            words,
            ty,
            value,
            variant,
            written,
        } = example;
        self.has_branches |= variant.is_some();
        self.is_any_same |= written.is_none() && variant.is_none();
        let constants = &mut self.constants;
        let mut literal = |value: &serde_json::Value, suffix: &str| {
            constants.text(value, 0, test, &format!("{at}{suffix}"))
        };
        let paths = &mut self.paths;
        let pattern = variant.as_ref();
        let pattern = pattern.map(|name| format!("{}::{}(_)", paths.ty(ty), name.as_str()));
        let helper = match (&pattern, written) {
            (Some(_), _) => "is_branch!".to_owned(),
            (None, None) => format!("comes_back::<{}>", paths.ty(ty)),
            (None, Some(_)) => format!("comes_back_as::<{}>", paths.ty(ty)),
        };
        let arguments: Vec<String> = pattern
            .into_iter()
            .chain([literal(value, "")])
            .chain(written.as_ref().map(|value| literal(value, "/written")))
            .collect();
        let words = words.iter().map(|words| format!(": {}", first_line(words)));
        let place: String = std::iter::once(at.clone()).chain(words).collect();
        let _ = writeln!(self.text, "    // {}", text::one_line(&place));
        text::call(&mut self.text, &helper, &arguments);
    }
}

/// Returns the first line of an example's docs, shortened.
fn first_line(words: &str) -> String {
    const LONGEST: usize = 80;
    let line = words.trim().lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(LONGEST).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
