//! The `values.yaml` beside a feature's document: JSON values that a generated type reads, the
//! values that it writes again, and those that it rejects.
//!
//! ```yaml
//! Pet:                     # the type, by its path below `types`
//!   same: [..]             # read, and written as they came
//!   changed:               # read, and written otherwise
//!     - reads: ..
//!       writes: ..
//!   variant:               # read as this variant of a union, also `Outer(Inner`
//!     - reads: ..
//!       is: ..
//!   refused: [..]
//!   default: ..            # what `Pet::default()` is written as
//! ```
//!
//! All of them are in one test of the merged crate.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::diagnostic::Diagnostics;
use generator::source::Sources;
use serde_json::Value;

use crate::merged;

/// The name of the file with the tests.
pub const NAME: &str = "values";

const HELPERS: &str = r#"#![allow(deprecated, reason = "what is deprecated reads and writes too")]
#![allow(dead_code, reason = "a selection of the features may need only some of the helpers")]

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn value(json: &str) -> Value {
    serde_json::from_str(json).expect("it is JSON")
}

#[track_caller]
fn changed<T: DeserializeOwned + Serialize + Debug>(reads: &str, writes: &str) {
    let read: T = match serde_json::from_str(reads) {
        Ok(read) => read,
        Err(error) => panic!("{reads} is refused: {error}"),
    };
    let written = serde_json::to_value(&read).expect("it can be written");
    assert!(is_same(&written, &value(writes)), "{writes}\n  is written as {written}\n  read from {reads} as {read:?}");
}

#[track_caller]
fn same<T: DeserializeOwned + Serialize + Debug>(json: &str) {
    changed::<T>(json, json);
}

#[track_caller]
fn variant<T: DeserializeOwned + Debug>(reads: &str, is: &str) {
    let Value::String(is) = value(is) else {
        panic!("{is} is no name");
    };
    let shown = match serde_json::from_str::<T>(reads) {
        Ok(read) => format!("{read:?}"),
        Err(error) => panic!("{reads} is refused: {error}"),
    };
    let rest = shown.strip_prefix(&is).filter(|rest| !rest.starts_with(char::is_alphanumeric));
    assert!(rest.is_some(), "{reads}\n  is not {is}, but {shown}");
}

#[track_caller]
fn refused<T: DeserializeOwned + Debug>(json: &str) {
    if let Ok(read) = serde_json::from_str::<T>(json) {
        panic!("{json} is read as {read:?}");
    }
}

#[track_caller]
fn default<T: Default + Serialize>(writes: &str) {
    let written = serde_json::to_value(T::default()).expect("it can be written");
    assert!(is_same(&written, &value(writes)), "{written}");
}

/// JSON has one kind of number: 1.0 is 1.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.is_f64() != other.is_f64() && one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| {
                    other.get(name).is_some_and(|other| is_same(one, other))
                })
        }
        _ => one == other,
    }
}
"#;

/// Returns the tests of all fixtures.
pub fn tests(features: &[(PathBuf, String)]) -> String {
    let mut modules = String::new();
    for (folder, package) in features {
        let path = folder.join("values.yaml");
        if !path.exists() {
            continue;
        }
        let library = merged::library(package);
        let _ = writeln!(
            modules,
            "\nmod {library} {{\n    use super::*;\n    use ::{}::{library}::types;\n",
            merged::PACKAGE
        );
        for (position, (name, cases)) in read(&path).iter().enumerate() {
            let calls = calls(&path, name, cases);
            let _ = writeln!(
                modules,
                "    #[test]\n    fn type_{position}() {{\n{calls}    }}"
            );
        }
        modules.push_str("}\n");
    }
    format!("{HELPERS}{modules}")
}

/// Returns the cases of each type.
fn read(path: &Path) -> serde_json::Map<String, Value> {
    let text = fs::read(path).expect("the file can be read");
    let mut diagnostics = Diagnostics::default();
    let read = Sources::new().read_text(&path.display().to_string(), text, &mut diagnostics);
    match read {
        Ok((_, Value::Object(types))) => types,
        _ => panic!("{}: {diagnostics:?}", path.display()),
    }
}

/// Returns the calls that test the cases of a type.
fn calls(path: &Path, name: &str, cases: &Value) -> String {
    let mut calls = String::new();
    for (kind, list) in cases.as_object().expect("kinds of cases") {
        let mut call = |arguments: &[&Value]| {
            let arguments: Vec<String> = arguments
                .iter()
                .map(|json| format!("{:?}", json.to_string()))
                .collect();
            let _ = writeln!(
                calls,
                "        {kind}::<types::{name}>({});",
                arguments.join(", ")
            );
        };
        match (kind.as_str(), list) {
            ("same" | "refused", Value::Array(list)) => list.iter().for_each(|json| call(&[json])),
            ("changed", Value::Array(list)) => {
                for case in list {
                    call(&[&case["reads"], &case["writes"]]);
                }
            }
            ("variant", Value::Array(list)) => {
                for case in list {
                    call(&[&case["reads"], &case["is"]]);
                }
            }
            ("default", json) => call(&[json]),
            _ => panic!("{}: `{name}` has unknown cases `{kind}`", path.display()),
        }
    }
    calls
}
