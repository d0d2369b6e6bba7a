//! Rule 0: extensions that describe the pagination of an operation.

use std::fmt::Display;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::ir::{
    Certainty, DecidedBy, NextPage, PageEnd, PageEndKind, PageParameter, PageStyle, Pagination,
};
use crate::pointer::Pointer;

use super::first_page::{self, FirstPage};
use super::inputs::{self, Input};
use super::response::{self, ListResponse};
use super::rules;
use super::schema::ValueSchema;

/// The extensions that are read, in order of precedence. The first is ours; Datadog's has the same
/// name.
const EXTENSIONS: [(&str, Reader); 5] = [
    ("x-pagination", ours),
    ("x-speakeasy-pagination", speakeasy),
    ("x-ms-pageable", microsoft),
    ("x-dropshot-pagination", |_| Ok(Some(dropshot()))),
    ("x-fern-pagination", fern),
];

type Reader = fn(&Value) -> Result<Option<DeclaredPagination>, Fault>;

/// The contents of an extension, with names of the document.
#[derive(Debug, Default)]
struct DeclaredPagination {
    style: Option<PageStyle>,
    parameter: Option<Named>,
    next: Option<Named>,
    items: Option<Named>,
    end: Option<(PageEndKind, Named)>,
    first: Option<u64>,
}

/// A name in an extension, with its key.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    key: Vec<&'static str>,
}

/// A fault in an extension, with the key that has it.
#[derive(Debug)]
struct Fault {
    key: Vec<String>,
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(key: &[&str], message: impl Into<String>) -> Self {
        Self {
            key: key.iter().map(|key| (*key).to_owned()).collect(),
            message: message.into(),
            help: None,
        }
    }
}

/// The decision of the extensions of an operation.
pub(super) enum Decision {
    /// There is no extension: the rules decide.
    Undecided,
    /// The operation is not paginated, or the extension is faulty and was reported.
    NotPaged,
    /// The operation is paginated.
    Paged(Box<Pagination>),
}

/// Reads the extensions of an operation.
pub(super) fn decide<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    diagnostics: &mut Diagnostics,
) -> Decision {
    let extensions = &entry.operation.extensions;
    for (name, read) in EXTENSIONS {
        let Some(value) = extensions.get(name) else {
            continue;
        };
        let decided = match value {
            Value::Bool(false) | Value::Null => return Decision::NotPaged,
            value => read(value).and_then(|declared| match declared {
                None => Ok(None),
                Some(declared) => resolve(document, path, entry, name, &declared).map(Some),
            }),
        };
        match decided {
            Ok(None) => return Decision::NotPaged,
            Ok(Some(pagination)) => return Decision::Paged(Box::new(pagination)),
            Err(fault) => {
                let at = fault
                    .key
                    .iter()
                    .fold(entry.pointer.child(name), |at: Pointer, key| at.child(key));
                let finding = Diagnostic::warning(code::UNKNOWN_PAGE, at, fault.message)
                    .label("the operation has no method for all pages");
                diagnostics.push(match fault.help {
                    Some(help) => finding.help(help),
                    None => finding,
                });
                return Decision::NotPaged;
            }
        }
    }
    Decision::Undecided
}

/// Finds the parts of the operation that an extension names.
fn resolve<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    extension: &'static str,
    declared: &DeclaredPagination,
) -> Result<Pagination, Fault> {
    let mut inputs = inputs::query_inputs(document, path, entry);
    if entry.method == "POST" {
        inputs.extend(inputs::inputs(document, path, entry));
    }
    let items = declared.items.as_ref().map(|items| segments(&items.name));
    let response = ListResponse::with_list(document, path, entry, items.as_deref());
    let Some(response) = response else {
        return Err(Fault::new(
            &[],
            "no successful response of the operation has a list in JSON",
        ));
    };
    let list = response::at(&response.root, &response.items);
    if let Some(named) = declared.items.as_ref()
        && !list.is_some_and(|list| list.is(SchemaType::Array))
    {
        let lists = |schema: &ValueSchema<'_>| schema.is(SchemaType::Array);
        return Err(missing(named, "list", &response, lists));
    }
    let input = match &declared.parameter {
        None => None,
        Some(named) => match rules::named(&inputs, &named.name) {
            Some(input) => Some(input),
            None => return Err(unknown_parameter(named, &inputs)),
        },
    };
    let mut next = match &declared.next {
        None => None,
        Some(named) => Some(next_of(named, &response)?),
    };
    let end = match &declared.end {
        None => None,
        Some((kind, named)) => Some(PageEnd {
            kind: *kind,
            path: found(named, &response)?,
        }),
    };
    let style = match declared.style {
        Some(style) => style,
        None if input.is_none() => PageStyle::NextUrl,
        None => PageStyle::Cursor,
    };
    if style == PageStyle::LinkHeader {
        next = Some(NextPage::Link);
    }
    if next.is_none()
        && matches!(
            style,
            PageStyle::Cursor | PageStyle::LastId | PageStyle::NextUrl
        )
    {
        let message = format!(
            "a pagination in the style `{style}` has to name the value that leads to the next page"
        );
        return Err(Fault::new(&[], message));
    }
    let has_parameter = !matches!(style, PageStyle::NextUrl | PageStyle::LinkHeader);
    if has_parameter && input.is_none() {
        let message = format!("a pagination in the style `{style}` has to name a parameter");
        return Err(Fault::new(&[], message));
    }
    let (first, number) = match (style, input) {
        (PageStyle::PageNumber, Some(input)) => {
            match declared
                .first
                .map(FirstPage::Number)
                .or_else(|| first_page::page(input, &response))
            {
                Some(FirstPage::Number(number)) => (Some(number), None),
                Some(FirstPage::InResponse(path)) => (None, Some(path)),
                // The extensions that do not set the first page number start at 1.
                None => (Some(1), None),
            }
        }
        (PageStyle::Offset, Some(input)) => {
            let first = declared
                .first
                .or_else(|| first_page::offset(input, &response))
                .unwrap_or_default();
            (Some(first), None)
        }
        _ => (None, None),
    };
    Ok(Pagination {
        style,
        certainty: Certainty::A,
        decided_by: DecidedBy::Extension(extension),
        parameter: input
            .filter(|_| has_parameter)
            .map(|input| input.parameter.clone()),
        next,
        end,
        items: response.items,
        is_list: true,
        first,
        number,
    })
}

/// Returns the place of the next page: a value of the response, or of its last item.
fn next_of(named: &Named, response: &ListResponse<'_>) -> Result<NextPage, Fault> {
    let path = segments(&named.name);
    let below = path.strip_prefix(response.items.as_slice());
    if let Some([last, inner @ ..]) = below
        && matches!(last.as_str(), "-1" | "-1:")
    {
        let item = response.item.as_ref();
        return match item.and_then(|item| response::at(item, inner)) {
            Some(_) => Ok(NextPage::LastItem(inner.to_vec())),
            None => Err(missing(named, "property", response, |_| true)),
        };
    }
    found(named, response).map(NextPage::Body)
}

/// Returns the path of a value that an extension names, if the response has it.
fn found(named: &Named, response: &ListResponse<'_>) -> Result<Vec<String>, Fault> {
    let path = segments(&named.name);
    match response::at(&response.root, &path) {
        Some(_) => Ok(path),
        None => Err(missing(named, "property", response, |_| true)),
    }
}

fn missing(
    named: &Named,
    thing: &str,
    response: &ListResponse<'_>,
    is: impl Fn(&ValueSchema<'_>) -> bool,
) -> Fault {
    let properties = response
        .properties
        .iter()
        .filter(|property| is(&property.value));
    let known: Vec<String> = properties.map(|property| property.path.join(".")).collect();
    let message = format!("the response has no {thing} `{}`", named.name);
    suggest(named, message, &segments(&named.name).join("."), &known)
}

fn unknown_parameter(named: &Named, inputs: &[Input<'_>]) -> Fault {
    let inputs = inputs.iter().map(|input| match &input.parameter {
        PageParameter { query: None, path } => path.join("."),
        parameter => parameter.to_string(),
    });
    let known: Vec<String> = inputs.collect();
    let message = format!("the operation has no parameter `{}`", named.name);
    suggest(named, message, &named.name, &known)
}

fn suggest(named: &Named, message: String, name: &str, known: &[String]) -> Fault {
    let help = match nearest(name, known.iter().map(String::as_str)) {
        Some(meant) => Some(format!("did you mean `{meant}`?")),
        None if known.is_empty() => None,
        None => {
            let few: Vec<String> = known
                .iter()
                .take(10)
                .map(|name| format!("`{name}`"))
                .collect();
            Some(format!("there are {}", few.join(", ")))
        }
    };
    Fault {
        help,
        ..Fault::new(&named.key, message)
    }
}

/// Splits a path into properties: `meta.next`, `$.data.items[-1].id`, `$response.next`,
/// `/meta/next`.
fn segments(path: &str) -> Vec<String> {
    if let Some(pointer) = Pointer::parse(path).filter(|_| path.starts_with('/')) {
        return pointer.tokens().collect();
    }
    let rest = path
        .strip_prefix("$response")
        .or_else(|| path.strip_prefix('$'))
        .unwrap_or(path);
    let mut parts = Vec::new();
    for part in rest.split(['.', '[', ']']) {
        let part = part.trim_matches(['\'', '"']);
        if !part.is_empty() {
            parts.push(part.to_owned());
        }
    }
    parts
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

/// Reads `x-pagination`: `style`, `parameter`, `next`, `items`, `first`, and one of `more`, `pages`
/// and `total`; or the keys of Datadog.
fn ours(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
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
fn speakeasy(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let kinds = ["offsetLimit", "cursor", "url"];
    let kind = text(value, "type")?.map(|named| named.name);
    let inputs = value.get("inputs").and_then(Value::as_array);
    let input = |kinds: &[&str]| {
        let mut inputs = inputs.into_iter().flatten();
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
    };
    let items = text_at(value, &["outputs", "results"])?;
    let pages = text_at(value, &["outputs", "numPages"])?;
    let declared = match kind.as_deref() {
        Some("offsetLimit") => {
            let (kind, parameter) = input(&["page", "offset"]).ok_or_else(|| {
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
            let (_, parameter) = input(&["cursor"])
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

/// Reads Microsoft's keys: `nextLinkName`, which is null if all items are on one page, and
/// `itemName`.
fn microsoft(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
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
fn dropshot() -> DeclaredPagination {
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
fn fern(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
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
