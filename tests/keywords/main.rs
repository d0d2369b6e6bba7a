//! No keyword of the specification is ignored silently: each one changes the generated code or is
//! reported.
//!
//! Each row has an object without a keyword, the object with it, and the place of the difference.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the functions around an object are all of one type"
)]

mod operations;
#[path = "../parallel/mod.rs"]
mod parallel;
mod schemas;

use std::collections::BTreeSet;
use std::path::Path;

use generator::Generator;
use serde_json::{Value, json};

/// The place where a keyword has an effect.
#[derive(Clone, Copy, Debug)]
pub enum Shows {
    /// A generated file whose path begins with this text.
    In(&'static str),
    /// A diagnostic with this code.
    Reported(&'static str),
    /// There is no effect, for this reason.
    Nowhere(&'static str),
}

pub use Shows::{In, Nowhere, Reported};

/// A keyword, an object without it, the object with it, and the place of the effect.
pub type Row = (&'static str, Value, Value, Shows);

/// A kind of object, a document that contains one, its keywords, and the rows.
pub struct Table {
    /// The name in the specification.
    pub object: &'static str,
    /// The document.
    pub document: fn(Value) -> Value,
    /// The fields that the specification lists.
    pub keywords: &'static [&'static str],
    /// At least one row for each keyword.
    pub rows: Vec<Row>,
}

/// The files of a document's crate, and the codes of its diagnostics.
struct Made {
    files: Vec<(String, String)>,
    codes: BTreeSet<&'static str>,
}

fn make(document: &Value) -> Made {
    let folder = Path::new("there-is-no-such-folder");
    let generator = Generator::from_text("openapi.json", document.to_string())
        .package("keywords")
        .out_dir(folder);
    let codes = |findings: &generator::Findings| {
        let codes = findings.list().iter().map(|finding| finding.code.as_str());
        codes.collect()
    };
    match generator.check() {
        Ok(report) => {
            let files = generator.generate_files();
            let files = files.unwrap_or_else(|error| panic!("{error}"));
            let files = files
                .iter()
                .filter(|file| !file.path.starts_with("src/runtime"));
            Made {
                files: files
                    .map(|file| (file.path.display().to_string(), file.text.to_owned()))
                    .collect(),
                codes: codes(&report.findings),
            }
        }
        Err(error) => Made {
            files: Vec::new(),
            codes: codes(error.findings()),
        },
    }
}

/// Returns the fault of a row, if there is one.
fn fault(document: fn(Value) -> Value, row: &Row) -> Option<String> {
    let (_, without, with, shows) = row;
    let (without, with) = (
        make(&document(without.clone())),
        make(&document(with.clone())),
    );
    if without.files.is_empty() {
        return Some(format!(
            "the object without it is refused: {:?}",
            without.codes
        ));
    }
    let new: Vec<&str> = with.codes.difference(&without.codes).copied().collect();
    let changed: Vec<&str> = with
        .files
        .iter()
        .filter(|file| !without.files.contains(file))
        .map(|(name, _)| name.as_str())
        .collect();
    let holds = match shows {
        In(start) => changed.iter().any(|name| name.starts_with(start)),
        Reported(code) => new.contains(code),
        Nowhere(_) => new.is_empty() && changed.is_empty() && !with.files.is_empty(),
    };
    (!holds).then(|| {
        format!("it is said to show {shows:?}; it changes {changed:?}, and {new:?} is found")
    })
}

fn tables() -> Vec<Table> {
    let mut tables = schemas::tables();
    tables.extend(operations::tables());
    tables
}

#[test]
fn each_keyword_is_carried_or_reported() {
    let tables = tables();
    let rows = tables.iter();
    let rows = rows.flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    let rows: Vec<_> = rows.collect();
    let faults = parallel::map(&rows, |(table, row)| {
        let fault = fault(table.document, row)?;
        Some(format!("{}, `{}`: {fault}", table.object, row.0))
    });
    let faults: Vec<_> = faults.into_iter().flatten().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_keyword_of_the_specification_has_a_row() {
    for table in tables() {
        for keyword in table.keywords {
            assert!(
                table.rows.iter().any(|row| row.0 == *keyword),
                "{} has no row for `{keyword}`",
                table.object
            );
        }
    }
}

#[test]
fn an_unknown_keyword_is_reported() {
    let table = &tables()[0];
    let row = (
        "mystery",
        json!({ "type": "string" }),
        json!({ "type": "string", "mystery": 1 }),
        Reported("unknown-field"),
    );
    assert_eq!(fault(table.document, &row), None);
}

#[test]
fn a_keyword_that_is_dropped_is_seen() {
    let table = &tables()[0];
    let same = json!({ "type": "string" });
    let row = ("none", same.clone(), same, In("src/"));
    assert!(fault(table.document, &row).is_some());
}
