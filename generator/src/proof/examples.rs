//! Creates the tests of the document's examples, and of samples for the branches of unions.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, Outcome, Refusal, is_same};
use crate::ir::{Api, Type};
use crate::lower::{
    DocumentedExample, Origins, TestNames, compared, not_checked, operation_text, singular,
};
use crate::output_limits::{self, Room};
use crate::pointer::Pointer;
use crate::values::RoundTrip;

use super::model::{Example, ExampleGroup};
use super::union_samples;

/// Returns the tests of all examples, grouped by pointer. Reports examples that their own schemas
/// do not allow.
pub(super) fn groups(
    document: &Document,
    api: &Api,
    origins: &Origins<'_>,
    codec: &RoundTrip<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<ExampleGroup> {
    let groups = accepted(origins, codec, diagnostics);
    let unions = union_samples::examples(&origins.unions, codec, &api.types, &origins.circular);
    let operations = operation_texts(document);
    let groups = groups.into_iter().map(|(at, examples)| {
        let text = group_text(&at, &operations);
        (text, at, examples)
    });
    let mut names = TestNames::default();
    let groups = groups
        .chain(unions)
        .map(|(text, at, examples)| ExampleGroup {
            name: names.test(&text),
            at: at.to_string(),
            examples,
        });
    groups.collect()
}

/// Returns the examples that their schemas and types accept, and reports the others.
fn accepted(
    origins: &Origins<'_>,
    codec: &RoundTrip<'_>,
    diagnostics: &mut Diagnostics,
) -> IndexMap<Pointer, Vec<Example>> {
    let mut refused = HashSet::new();
    let mut groups: IndexMap<Pointer, Vec<Example>> = IndexMap::new();
    let room = Room::new(output_limits::TEST_VALUES, output_limits::TEST_BYTES);
    for DocumentedExample {
        at,
        value,
        words,
        ty,
        nodes,
    } in &origins.examples
    {
        match compared(&origins.validity, nodes, value) {
            Outcome::Allowed => {}
            Outcome::NotChecked => {
                if refused.insert(at) {
                    diagnostics.push(not_checked("example", at, "not tested"));
                }
                continue;
            }
            Outcome::Refused(refusal) => {
                // Tools write `example: null` for a missing example.
                if !value.is_null() && refused.insert(at) {
                    diagnostics.push(warning(at, &refusal));
                }
                continue;
            }
        }
        // Once as the value, once as the expected output.
        let mark = room.mark();
        if room.take_copies(value, 2).is_none() {
            room.restore(mark);
            continue;
        }
        // Constants have no declared type.
        if matches!(ty, Type::Named(path) if codec.shape(path).is_none()) {
            continue;
        }
        let Some(written) = codec.written(ty, value) else {
            if refused.insert(at) {
                diagnostics.push(if codec.gave_up() {
                    not_checked("example", at, "not tested")
                } else {
                    unread(at)
                });
            }
            continue;
        };
        let group = group_of(at);
        let example = Example {
            at: at.strip_prefix(&group).unwrap_or_default().to_string(),
            words: words.map(str::to_owned),
            ty: ty.clone(),
            value: (*value).clone(),
            variant: None,
            written: (!is_same(&written, value)).then_some(written),
        };
        groups.entry(group).or_default().push(example);
    }
    groups
}

/// Returns the names of operations by pointer.
fn operation_texts(document: &Document) -> HashMap<Pointer, String> {
    let operations = document.paths().flat_map(|path| {
        let entries: Vec<_> = document.operations(&path).collect();
        entries.into_iter().map(move |entry| {
            let text = operation_text(&entry, path.path);
            (entry.pointer, text)
        })
    });
    operations.collect()
}

/// Returns the pointer to the component or operation that contains an example.
fn group_of(at: &Pointer) -> Pointer {
    let mut group = Pointer::root();
    for token in at.tokens().take(3) {
        group = group.child(token);
    }
    group
}

/// Returns the text for the name of a group's test: `schema Pet`, `operation listPets`.
fn group_text(at: &Pointer, operations: &HashMap<Pointer, String>) -> String {
    if let Some(text) = operations.get(at) {
        return format!("operation {text}");
    }
    let tokens: Vec<String> = at.tokens().collect();
    match tokens.as_slice() {
        [components, kind, name] if components == "components" => {
            format!("{} {name}", singular(kind))
        }
        [first, name, ..] => format!("{} {name}", singular(first)),
        _ => "document".to_owned(),
    }
}

/// Returns the diagnostic for an example that is valid per schema but that the generated type
/// rejects, such as 1.0 for an integer.
fn unread(example: &Pointer) -> Diagnostic {
    let message = "the example is not a value of the type that its schema becomes";
    Diagnostic::warning(code::INVALID_EXAMPLE, example, message)
        .label("not tested")
        .help("write a value of the `type` and `format` of the schema")
}

fn warning(example: &Pointer, refusal: &Refusal) -> Diagnostic {
    let message = format!(
        "the example is not valid for its own schema: {}",
        refusal.describe()
    );
    Diagnostic::warning(code::INVALID_EXAMPLE, example, message)
        .label("not tested")
        .related(refusal.by.key(), "rejects it")
        .help("correct the example or the schema")
}
