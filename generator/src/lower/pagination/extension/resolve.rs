//! Looks up the names of an extension in the operation.

use super::declared::{DeclaredPagination, Fault, Named};
use crate::diagnostic::nearest;
use crate::document::{Document, OperationEntry, PathEntry, SchemaType};
use crate::ir::{Certainty, DecidedBy, NextPage, PageEnd, PageParameter, PageStyle, Pagination};
use crate::lower::pagination::first_page::{self, FirstPage};
use crate::lower::pagination::inputs::{self, Input};
use crate::lower::pagination::response::{self, ListResponse};
use crate::lower::pagination::rules;
use crate::lower::pagination::schema::ValueSchema;
use crate::pointer::Pointer;

/// Finds the parts of the operation that an extension names.
pub(super) fn resolve<'d>(
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
    let parameter = declared.parameter.as_ref();
    let input = parameter
        .map(|named| {
            let input = rules::named(&inputs, &named.name);
            input.ok_or_else(|| unknown_parameter(named, &inputs))
        })
        .transpose()?;
    let next = declared.next.as_ref();
    let mut next = next.map(|named| next_page(named, &response)).transpose()?;
    let end = declared.end.as_ref();
    let end = end
        .map(|(kind, named)| {
            let (kind, path) = (*kind, found(named, &response)?);
            Ok(PageEnd { kind, path })
        })
        .transpose()?;
    let style = match declared.style {
        Some(style) => style,
        None if input.is_none() => PageStyle::NextUrl,
        None => PageStyle::Cursor,
    };
    if style == PageStyle::LinkHeader {
        next = Some(NextPage::Link);
    }
    let has_parameter = !matches!(style, PageStyle::NextUrl | PageStyle::LinkHeader);
    check_names(style, next.is_some(), !has_parameter || input.is_some())?;
    let (first, number) = first(style, input, declared, &response);
    Ok(Pagination {
        style,
        certainty: Certainty::Certain,
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

/// Reports a value or a parameter that a style needs and the extension does not name.
fn check_names(style: PageStyle, has_next: bool, has_parameter: bool) -> Result<(), Fault> {
    let needs_next = matches!(
        style,
        PageStyle::Cursor | PageStyle::LastId | PageStyle::NextUrl
    );
    if needs_next && !has_next {
        let message = format!(
            "a pagination in the style `{style}` has to name the value that leads to the next page"
        );
        return Err(Fault::new(&[], message));
    }
    if !has_parameter {
        let message = format!("a pagination in the style `{style}` has to name a parameter");
        return Err(Fault::new(&[], message));
    }
    Ok(())
}

/// Returns the first page or offset, or the value of the response that contains it.
fn first(
    style: PageStyle,
    input: Option<&Input<'_>>,
    declared: &DeclaredPagination,
    response: &ListResponse<'_>,
) -> (Option<u64>, Option<Vec<String>>) {
    match (style, input) {
        (PageStyle::PageNumber, Some(input)) => {
            match declared
                .first
                .map(FirstPage::Number)
                .or_else(|| first_page::page(input, response))
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
                .or_else(|| first_page::offset(input, response))
                .unwrap_or_default();
            (Some(first), None)
        }
        _ => (None, None),
    }
}

/// Returns the place of the next page: a value of the response, or of its last item.
fn next_page(named: &Named, response: &ListResponse<'_>) -> Result<NextPage, Fault> {
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
