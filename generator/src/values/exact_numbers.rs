//! Finds numbers that need more digits than 64 bits or an `f64` can represent.

use serde_json::{Number, Value as Json};

use crate::document::{Bound, Document, SchemaView};
use crate::pointer::{Pointer, Trail};

/// Returns `true` if an `f64` cannot represent a number of the document.
pub(crate) fn is_beyond_float(document: &Document, number: &Number, at: &Pointer) -> bool {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "whether it is lossy is the question"
    )]
    let is_exact = |integer: i128| integer as f64 as i128 == integer;
    match number.as_i128() {
        Some(integer) => !is_exact(integer),
        None => document.digits(at).is_some(),
    }
}

/// Returns `true` if an `f64` cannot represent an example, the default or a bound of a schema.
pub(crate) fn has_more_than_float(document: &Document, view: &SchemaView<'_>) -> bool {
    let default = view.default_value();
    let default = default.map(|value| (view.keyword("default"), value));
    let mut shown = view.examples_at().into_iter().chain(default);
    let is_beyond = |(at, value): (Pointer, &Json)| match value {
        Json::Number(number) => is_beyond_float(document, number, &at),
        _ => false,
    };
    if shown.any(is_beyond) {
        return true;
    }
    let bounds = [view.minimum(), view.maximum()];
    bounds
        .into_iter()
        .flatten()
        .any(|Bound { value, keyword, .. }| {
            is_beyond_float(document, &value, &view.keyword(keyword))
        })
}

/// Returns the JSON text of a value with all digits of the document.
pub(crate) fn exact_text(document: &Document, value: &Json, at: &Trail<'_>) -> String {
    match value {
        Json::Number(number) => {
            let digits = document.digits(&at.pointer());
            digits.map_or_else(|| number.to_string(), str::to_owned)
        }
        Json::Array(items) => {
            let items = items.iter().enumerate();
            let items =
                items.map(|(index, item)| exact_text(document, item, &Trail::Index(at, index)));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Json::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                let text = exact_text(document, member, &Trail::Key(at, name));
                format!("{}:{text}", Json::from(name.as_str()))
            });
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}
