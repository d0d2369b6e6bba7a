//! The number of the first page.

use crate::document::SchemaType;

use super::answer::Answer;
use super::seen::Input;
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
    let minimum = minimum(input).filter(|number| *number <= 1);
    let stated = default(input)
        .or_else(|| minimum.filter(|number| *number == 1))
        .or_else(|| words::first_page(&input.words))
        .or_else(|| minimum.filter(|_| !has_written_minimums(answer)));
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

/// Returns the offset of the first item; `None` where it may be a number of pages, or an index.
pub(super) fn offset(input: &Input<'_>, answer: &Answer<'_>) -> Option<u64> {
    if words::counts_pages(&input.words) {
        return None;
    }
    let minimum = minimum(input).filter(|number| *number <= 1);
    let stated = default(input)
        .or_else(|| words::first_page(&input.words))
        .or(minimum);
    let is_index = input.is_named(|name| matches!(name, "startindex" | "startingindex"));
    // SCIM counts from 1 (RFC 7644, section 3.4.2.4).
    let is_scim = || {
        let has = |name| answer.fact(|fact| fact.name == name).is_some();
        has("totalresults") && has("itemsperpage") && has("resources")
    };
    match stated {
        None if is_index => is_scim().then_some(1),
        stated => Some(stated.unwrap_or_default()),
    }
}

/// Whether a generator of the document has written a minimum of 0 because the type has no sign: it
/// has done so for the numbers of the response, too.
fn has_written_minimums(answer: &Answer<'_>) -> bool {
    let fact = answer.fact(|fact| {
        let minimum = fact.value.view.minimum();
        minimum.is_some_and(|bound| bound.value.as_u64() == Some(0))
    });
    fact.is_some()
}

fn default(input: &Input<'_>) -> Option<u64> {
    let default = input.value.view.default_value()?;
    let number = match default {
        serde_json::Value::String(text) => text.parse().ok()?,
        other => other.as_u64()?,
    };
    (number <= 1).then_some(number)
}

fn minimum(input: &Input<'_>) -> Option<u64> {
    let bound = input.value.view.minimum()?;
    let number = bound.value.as_u64()?;
    Some(number + u64::from(bound.exclusive))
}
