//! Rule 0: what an extension of the document says.

use std::fmt::Display;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, code, nearest};
use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::ir::{
    Certainty, DecidedBy, NextPage, PageEnd, PageEndKind, PageParameter, PageStyle, Pagination,
};
use crate::pointer::Pointer;

use super::answer::{self, Answer};
use super::first::{self, First};
use super::rules;
use super::seen::{self, Input, Seen};

/// The extensions that are read, in their order: ours, which Datadog's has the name of, and those of
/// other vendors.
const EXTENSIONS: [(&str, Reader); 5] = [
    ("x-pagination", ours),
    ("x-speakeasy-pagination", speakeasy),
    ("x-ms-pageable", microsoft),
    ("x-dropshot-pagination", |_| Ok(Some(dropshot()))),
    ("x-fern-pagination", fern),
];

type Reader = fn(&Value) -> Result<Option<DeclaredPagination>, Fault>;

/// What an extension says, in terms of the document.
#[derive(Debug, Default)]
struct DeclaredPagination {
    style: Option<PageStyle>,
    parameter: Option<Named>,
    next: Option<Named>,
    items: Option<Named>,
    end: Option<(PageEndKind, Named)>,
    first: Option<u64>,
}

/// A name, and the key of the extension that it stands under.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    key: Vec<&'static str>,
}

/// What is wrong with an extension, and under which of its keys.
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

/// What the extensions of an operation decide.
pub(super) enum Decision {
    /// There is none: the rules decide.
    Open,
    /// That it is not paginated, or that it cannot be used, which was said.
    NotPaged,
    /// How it is paginated.
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
                    .label("no method gives all pages of the operation");
                diagnostics.push(match fault.help {
                    Some(help) => finding.help(help),
                    None => finding,
                });
                return Decision::NotPaged;
            }
        }
    }
    Decision::Open
}

/// Finds what an extension names in the operation.
fn resolve<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    extension: &'static str,
    declared: &DeclaredPagination,
) -> Result<Pagination, Fault> {
    let mut inputs = seen::query_inputs(document, path, entry);
    if entry.method == "POST" {
        inputs.extend(seen::inputs(document, path, entry));
    }
    let items = declared.items.as_ref().map(|items| segments(&items.name));
    let answer = Answer::with_list(document, path, entry, items.as_deref());
    let Some(answer) = answer else {
        return Err(Fault::new(
            &[],
            "no success of the operation has a list in JSON",
        ));
    };
    let list = answer::at(&answer.root, &answer.items);
    if let Some(named) = declared.items.as_ref()
        && !list.is_some_and(|list| list.is(SchemaType::Array))
    {
        let lists = |seen: &Seen<'_>| seen.is(SchemaType::Array);
        return Err(missing(named, "list", &answer, lists));
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
        Some(named) => Some(next_of(named, &answer)?),
    };
    let end = match &declared.end {
        None => None,
        Some((kind, named)) => Some(PageEnd {
            kind: *kind,
            path: found(named, &answer)?,
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
        let message =
            format!("a pagination in the style `{style}` has to say where the next one is");
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
                .map(First::Number)
                .or_else(|| first::page(input, &answer))
            {
                Some(First::Number(number)) => (Some(number), None),
                Some(First::Answered(path)) => (None, Some(path)),
                // Every vendor whose extension does not say it begins with 1.
                None => (Some(1), None),
            }
        }
        (PageStyle::Offset, Some(input)) => {
            let first = declared
                .first
                .or_else(|| first::offset(input, &answer))
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
        items: answer.items,
        is_list: true,
        first,
        number,
    })
}

/// Where the next page is: a value of the response, or of its last item.
fn next_of(named: &Named, answer: &Answer<'_>) -> Result<NextPage, Fault> {
    let path = segments(&named.name);
    let below = path.strip_prefix(answer.items.as_slice());
    if let Some([last, inner @ ..]) = below
        && matches!(last.as_str(), "-1" | "-1:")
    {
        let item = answer.item.as_ref();
        return match item.and_then(|item| answer::at(item, inner)) {
            Some(_) => Ok(NextPage::LastItem(inner.to_vec())),
            None => Err(missing(named, "property", answer, |_| true)),
        };
    }
    found(named, answer).map(NextPage::Body)
}

/// The path of a value that an extension names, if it is there.
fn found(named: &Named, answer: &Answer<'_>) -> Result<Vec<String>, Fault> {
    let path = segments(&named.name);
    match answer::at(&answer.root, &path) {
        Some(_) => Ok(path),
        None => Err(missing(named, "property", answer, |_| true)),
    }
}

fn missing(
    named: &Named,
    thing: &str,
    answer: &Answer<'_>,
    is: impl Fn(&Seen<'_>) -> bool,
) -> Fault {
    let facts = answer.facts.iter().filter(|fact| is(&fact.value));
    let known: Vec<String> = facts.map(|fact| fact.path.join(".")).collect();
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

/// The properties of a path: `meta.next`, `$.data.items[-1].id`, `$response.next`, `/meta/next`.
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

/// The text under a key, if there is one.
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
        Some(_) => Err(Fault::new(key, "a name has to be text")),
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
        ..Fault::new(
            &[key],
            format!("there is no pagination of the kind `{value}`"),
        )
    }
}

/// `x-pagination`: `style`, `parameter`, `next`, `items`, `first`, and one of `more`, `pages` and
/// `total`; or the keys of Datadog.
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

/// Datadog's: `limitParam`, one of `pageOffsetParam`, `pageParam` with `pageStart`, and `cursorParam`
/// with `cursorPath`, and `resultsPath`.
fn datadog(value: &Value) -> Result<Option<DeclaredPagination>, Fault> {
    let (cursor, offset) = (text(value, "cursorParam")?, text(value, "pageOffsetParam")?);
    let (style, parameter) = match (cursor, offset, text(value, "pageParam")?) {
        (Some(cursor), _, _) => (PageStyle::Cursor, cursor),
        (None, Some(offset), _) => (PageStyle::Offset, offset),
        (None, None, Some(page)) => (PageStyle::PageNumber, page),
        (None, None, None) => {
            return Err(Fault::new(
                &[],
                "the pagination names no parameter for the page",
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

/// Speakeasy's: `type`, `inputs` and `outputs`.
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

/// Microsoft's: `nextLinkName`, which is null where all items are on one page, and `itemName`.
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

/// Dropshot's: `page_token`, `next_page` and `items` are fixed.
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

/// Fern's: `cursor` with `next_cursor`, `offset` with `step` and `has-next-page`, or `next_uri`; and
/// `results`.
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
        // Without a step, the number grows by one a page.
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
            "the pagination does not say how a page leads to the next",
        )
    })
}
