//! Reads the extensions of each vendor.

use std::fmt::Display;

use serde_json::Value;

use super::declared::{DeclaredPagination, Fault, Named};
use crate::ir::{PageEndKind, PageStyle};
use crate::pointer::Pointer;

/// Reads `x-pagination`: `style`, `parameter`, `next`, `items`, `first`, and one of `more`, `pages`
/// and `total`; or the keys of Datadog.
pub(super) fn ours(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let keys = ["limitParam", "pageParam", "pageOffsetParam", "cursorParam"];
    if keys.iter().any(|key| value.get(key).is_some()) {
        return datadog(value);
    }
    let style = match text(value, "style")? {
        None => None,
        Some(Named { name, .. }) => {
            let found = PageStyle::ALL
                .into_iter()
                .find(|style| style.as_str() == name);
            let names = PageStyle::ALL.map(PageStyle::as_str);
            Some(found.ok_or_else(|| unknown("style", name, &names))?)
        }
    };
    let mut end = None;
    for (key, kind) in [
        ("more", PageEndKind::HasMore),
        ("pages", PageEndKind::Pages),
        ("total", PageEndKind::Total),
    ] {
        end = end.or(text(value, key)?.map(|named| (kind, named)));
    }
    Ok(Some(DeclaredPagination {
        style,
        parameter: text(value, "parameter")?,
        next: text(value, "next")?,
        items: text(value, "items")?,
        end,
        first: number(value, "first")?,
    }))
}

/// Reads Datadog's keys: `limitParam`; `pageOffsetParam`, `pageParam` with `pageStart`, or
/// `cursorParam` with `cursorPath`; and `resultsPath`.
fn datadog(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let (cursor, offset) = (text(value, "cursorParam")?, text(value, "pageOffsetParam")?);
    let (style, parameter) = match (cursor, offset, text(value, "pageParam")?) {
        (Some(cursor), _, _) => (PageStyle::Cursor, cursor),
        (None, Some(offset), _) => (PageStyle::Offset, offset),
        (None, None, Some(page)) => (PageStyle::PageNumber, page),
        (None, None, None) => {
            return Err(Fault::new(
                &[],
                "the pagination does not name a parameter for the page",
            ));
        }
    };
    let first = match style {
        PageStyle::PageNumber => Some(number(value, "pageStart")?.unwrap_or_default()),
        _ => None,
    };
    Ok(Some(DeclaredPagination {
        style: Some(style),
        parameter: Some(parameter),
        next: text(value, "cursorPath")?,
        items: text(value, "resultsPath")?,
        end: None,
        first,
    }))
}

/// Reads Speakeasy's keys: `type`, `inputs` and `outputs`.
pub(super) fn speakeasy(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let kinds = ["offsetLimit", "cursor", "url"];
    let kind = text(value, "type")?.map(|named| named.name);
    let items = text_at(value, &["outputs", "results"])?;
    let pages = text_at(value, &["outputs", "numPages"])?;
    let declared = match kind.as_deref() {
        Some("offsetLimit") => {
            let (kind, parameter) =
                speakeasy_input(value, &["page", "offset"]).ok_or_else(|| {
                    Fault::new(&["inputs"], "no input has the type `page` or `offset`")
                })?;
            let style = if kind == "page" {
                PageStyle::PageNumber
            } else {
                PageStyle::Offset
            };
            DeclaredPagination {
                style: Some(style),
                parameter: Some(parameter),
                items,
                end: pages.map(|named| (PageEndKind::Pages, named)),
                ..DeclaredPagination::default()
            }
        }
        Some("cursor") => {
            let (_, parameter) = speakeasy_input(value, &["cursor"])
                .ok_or_else(|| Fault::new(&["inputs"], "no input has the type `cursor`"))?;
            let next = text_at(value, &["outputs", "nextCursor"])?;
            let is_of_item = next.as_ref().is_some_and(|next| next.name.contains("[-1"));
            DeclaredPagination {
                style: Some(if is_of_item {
                    PageStyle::LastId
                } else {
                    PageStyle::Cursor
                }),
                parameter: Some(parameter),
                next,
                items,
                ..DeclaredPagination::default()
            }
        }
        Some("url") => DeclaredPagination {
            style: Some(PageStyle::NextUrl),
            next: text_at(value, &["outputs", "nextUrl"])?,
            items,
            ..DeclaredPagination::default()
        },
        kind => return Err(unknown("type", kind.unwrap_or_default(), &kinds)),
    };
    Ok(Some(declared))
}

/// Returns the type and the name of the first of Speakeasy's `inputs` with one of these types.
fn speakeasy_input<'v>(value: &'v Value, kinds: &[&str]) -> Option<(&'v str, Named)> {
    let mut inputs = value.get("inputs")?.as_array()?.iter();
    let input = inputs.find(|input| {
        let kind = input.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kinds.contains(&kind))
    })?;
    let name = input.get("name").and_then(Value::as_str)?;
    let kind = input.get("type").and_then(Value::as_str)?;
    let named = Named {
        name: name.to_owned(),
        key: vec!["inputs"],
    };
    Some((kind, named))
}

/// Reads Microsoft's keys: `nextLinkName`, which is null if all items are on one page, and
/// `itemName`.
pub(super) fn microsoft(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let Some(next) = text(value, "nextLinkName")? else {
        return Ok(None);
    };
    let items = text(value, "itemName")?.unwrap_or(Named {
        name: "value".to_owned(),
        key: Vec::new(),
    });
    let literal = |named: Named| Named {
        name: Pointer::root().child(&named.name).to_string(),
        ..named
    };
    Ok(Some(DeclaredPagination {
        style: Some(PageStyle::NextUrl),
        next: Some(literal(next)),
        items: Some(literal(items)),
        ..DeclaredPagination::default()
    }))
}

/// Returns the fixed names of Dropshot: `page_token`, `next_page` and `items`.
pub(super) fn dropshot() -> DeclaredPagination {
    let named = |name: &str| Named {
        name: name.to_owned(),
        key: Vec::new(),
    };
    DeclaredPagination {
        style: Some(PageStyle::Cursor),
        parameter: Some(named("page_token")),
        next: Some(named("next_page")),
        items: Some(named("items")),
        ..DeclaredPagination::default()
    }
}

/// Reads Fern's keys: `cursor` with `next_cursor`, `offset` with `step` and `has-next-page`, or
/// `next_uri`; and `results`.
pub(super) fn fern(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let of_request = |named: Option<Named>| {
        named.map(|named| {
            let name = named.name.strip_prefix("$request.").unwrap_or(&named.name);
            let name = name
                .strip_prefix("query.")
                .or_else(|| name.strip_prefix("body."));
            let name = name.map(str::to_owned);
            Named {
                name: name.unwrap_or_else(|| named.name.replace("$request.", "")),
                ..named
            }
        })
    };
    let items = text(value, "results")?;
    if let Some(cursor) = of_request(text(value, "cursor")?) {
        return Ok(Some(DeclaredPagination {
            style: Some(PageStyle::Cursor),
            parameter: Some(cursor),
            next: text(value, "next_cursor")?,
            items,
            ..DeclaredPagination::default()
        }));
    }
    if let Some(offset) = of_request(text(value, "offset")?) {
        // Without a step, the number increases by one per page.
        let style = match value.get("step") {
            Some(_) => PageStyle::Offset,
            None => PageStyle::PageNumber,
        };
        let more = text(value, "has-next-page")?;
        return Ok(Some(DeclaredPagination {
            style: Some(style),
            parameter: Some(offset),
            items,
            end: more.map(|named| (PageEndKind::HasMore, named)),
            ..DeclaredPagination::default()
        }));
    }
    if let Some(next) = text(value, "next_uri")? {
        return Ok(Some(DeclaredPagination {
            style: Some(PageStyle::NextUrl),
            next: Some(next),
            items,
            ..DeclaredPagination::default()
        }));
    }
    let kinds = ["cursor", "offset", "next_uri"];
    Err(Fault {
        help: Some(format!("write one of `{}`", kinds.join("`, `"))),
        ..Fault::new(
            &[],
            "the pagination does not name the value that leads to the next page",
        )
    })
}

/// Returns the text of a key, if the extension has it.
fn text(value: &Value, key: &'static str) -> Result<Option<Named>, Fault> {
    text_at(value, &[key])
}

fn text_at(value: &Value, key: &[&'static str]) -> Result<Option<Named>, Fault> {
    let found = key
        .iter()
        .try_fold(value, |value, key| value.get(key))
        .filter(|value| !value.is_null());
    match found {
        None => Ok(None),
        Some(Value::String(name)) => Ok(Some(Named {
            name: name.clone(),
            key: key.to_vec(),
        })),
        Some(_) => Err(Fault::new(key, "the name has to be a string")),
    }
}

fn number(value: &Value, key: &'static str) -> Result<Option<u64>, Fault> {
    match value.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(number) => match number.as_u64() {
            Some(number) => Ok(Some(number)),
            None => Err(Fault::new(
                &[key],
                "the first page has to be a whole number",
            )),
        },
    }
}

fn unknown(key: &'static str, value: impl Display, known: &[&str]) -> Fault {
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    Fault {
        help: Some(format!("write one of {}", known.join(", "))),
        ..Fault::new(&[key], format!("unknown kind of pagination `{value}`"))
    }
}
