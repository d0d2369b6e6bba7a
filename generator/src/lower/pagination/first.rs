//! The number of the first page.

use crate::document::SchemaType;

use super::seen::{Answer, Input};
use super::vocabulary as words;

/// How the first page is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum First {
    /// By its number.
    Number(u64),
    /// The response has the number of its page, at this path.
    Answered(Vec<String>),
}

/// Returns what the document says of the first page: by `default`, `minimum`, words, or the
/// response's own number.
pub(super) fn page(input: &Input<'_>, answer: &Answer<'_>) -> Option<First> {
    let stated = default(input, 1)
        .or_else(|| minimum(input).filter(|number| *number <= 1))
        .or_else(|| words::first_page(&input.words));
    if let Some(number) = stated {
        return Some(First::Number(number));
    }
    let own = answer.fact(|fact| {
        words::is_own_number(&fact.name)
            && fact.value.is(SchemaType::Integer)
            && (fact.name != "number" || !fact.parent.is_empty())
    });
    own.map(|fact| First::Answered(fact.path.clone()))
}

/// Returns the offset of the first item; `None` where it may be a number of pages.
pub(super) fn offset(input: &Input<'_>) -> Option<u64> {
    if words::counts_pages(&input.words) {
        return None;
    }
    // SCIM counts from 1 (RFC 7644, section 3.4.2.4).
    let stated = default(input, 1).or_else(|| minimum(input).filter(|number| *number <= 1));
    Some(stated.unwrap_or_default())
}

fn default(input: &Input<'_>, most: u64) -> Option<u64> {
    let default = input.value.view.default_value()?;
    let number = match default {
        serde_json::Value::String(text) => text.parse().ok()?,
        other => other.as_u64()?,
    };
    (number <= most).then_some(number)
}

fn minimum(input: &Input<'_>) -> Option<u64> {
    let bound = input.value.view.minimum()?;
    let number = bound.value.as_u64()?;
    Some(number + u64::from(bound.exclusive))
}
