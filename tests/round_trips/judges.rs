//! Compares the generator's validation of examples with the `jsonschema` crate.

use std::path::{Path, PathBuf};

use generator::bundle::bundle;
use generator::diagnostic::Diagnostics;
use generator::document::{Document as Read, Outcome, Validity};
use generator::normalize::normalize;
use generator::source::Sources;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

use super::schema::Document;
use super::strategy;

/// The number of values generated per component. Each is tested with all components of its
/// document.
const VALUES: usize = 2;

/// Asserts that the generator allows every value that is valid for `jsonschema`, except values of
/// another type than a schema without `type` implies, which no generated type could hold.
///
/// The generator is more lenient on purpose: about formats, about properties that only the other
/// side sends, and about `additionalProperties: false` in a branch.
pub fn compare(features: &[(PathBuf, String)]) {
    let (mut allowed, mut refused, mut lenient) = (0, 0, 0);
    let mut faults = Vec::new();
    for (folder, package) in features {
        let path = folder.join("openapi.yaml");
        let (document, own) = (Document::read(&path), read(&path));
        let values: Vec<Value> = document
            .components()
            .flat_map(|name| values(&document, name))
            .collect();
        for (name, node) in own.schemas() {
            // The limit on steps is for all values of one document.
            let validity = Validity::default();
            let Some(validator) = document.validator(&Document::component(name)) else {
                continue;
            };
            for value in &values {
                match (validator.is_valid(value), validity.check(&node, value)) {
                    (true, Outcome::Allowed) => allowed += 1,
                    (false, Outcome::Refused(_)) => refused += 1,
                    (false, Outcome::Allowed) => lenient += 1,
                    (true, Outcome::Refused(refusal))
                        if document.at(refusal.by.as_str()).is_none() => {}
                    (true, Outcome::Refused(refusal)) => {
                        faults.push(format!("{package}#{name}: {value}\n  {refusal:?}"));
                    }
                    (_, Outcome::NotChecked) => {
                        faults.push(format!("{package}#{name}: {value}\n  not checked"));
                    }
                }
            }
        }
    }
    println!("{allowed} allowed and {refused} refused by both, {lenient} by jsonschema alone");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(crate::selection().is_some() || allowed > 1000 && lenient * 20 < refused);
}

fn values(document: &Document, component: &str) -> Vec<Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = strategy::of_component(document, component);
    let made = (0..VALUES).filter_map(|_| strategy.new_tree(&mut runner).ok());
    made.map(|tree| tree.current()).collect()
}

/// Reads a document like the generator.
pub fn read(path: &Path) -> Read {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::default());
    let (root, value) = sources
        .read(path, &mut found)
        .unwrap_or_else(|_| panic!("{}: {found:?}", path.display()));
    let bundle = bundle(root, value, &mut sources, &mut found);
    let normalized = normalize(bundle.value, &mut found);
    Read::read(normalized, &mut found).unwrap_or_else(|| panic!("{}: {found:?}", path.display()))
}
