//! The number of the first page.

use crate::document::SchemaType;

use super::inputs::Input;
use super::response::ListResponse;
use super::vocabulary as words;

/// The source of the first page's number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FirstPage {
    /// The number is known.
    Number(u64),
    /// The response contains the number of its page, at this path.
    InResponse(Vec<String>),
}

/// Returns the number of the first page from `default`, `minimum` or the description of the input,
/// or from the page number in the response.
pub(super) fn page(input: &Input<'_>, response: &ListResponse<'_>) -> Option<FirstPage> {
    let minimum = minimum(input).filter(|number| *number <= 1);
    let stated = default(input)
        .or_else(|| minimum.filter(|number| *number == 1))
        .or_else(|| words::first_page(&input.text))
        .or_else(|| minimum.filter(|_| !has_written_minimums(response)));
    if let Some(number) = stated {
        return Some(FirstPage::Number(number));
    }
    let own = response.find(|property| {
        words::is_own_number(&property.name)
            && property.value.is(SchemaType::Integer)
            && (property.name != "number" || !property.parent.is_empty())
    });
    own.map(|property| FirstPage::InResponse(property.path.clone()))
}

/// Returns the offset of the first item; `None` if it may count pages, or be an index.
pub(super) fn offset(input: &Input<'_>, response: &ListResponse<'_>) -> Option<u64> {
    if words::counts_pages(&input.text) {
        return None;
    }
    let minimum = minimum(input).filter(|number| *number <= 1);
    let stated = default(input)
        .or_else(|| words::first_page(&input.text))
        .or(minimum);
    let is_index = input.is_named(|name| matches!(name, "startindex" | "startingindex"));
    // SCIM counts from 1 (RFC 7644, section 3.4.2.4).
    let is_scim = || {
        let has = |name| response.find(|property| property.name == name).is_some();
        has("totalresults") && has("itemsperpage") && has("resources")
    };
    match stated {
        None if is_index => is_scim().then_some(1),
        stated => Some(stated.unwrap_or_default()),
    }
}

/// Returns `true` if the `minimum: 0` probably comes from a tool that writes it for unsigned types:
/// then the numbers in the response have it, too.
fn has_written_minimums(response: &ListResponse<'_>) -> bool {
    let property = response.find(|property| {
        let minimum = property.value.view.minimum();
        minimum.is_some_and(|bound| bound.value.as_u64() == Some(0))
    });
    property.is_some()
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
