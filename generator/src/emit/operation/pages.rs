//! The pagination of an operation, as a table row.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::super::scope::{Item, Scope, ident};
use super::body_name::body_name;
use crate::ir::{
    Certainty, DecidedBy, FieldStep, NextPage, Operation, PageCode, PageEnd, PageEndKind,
    PageInput, PageItems, PageParameter, PageStyle, Pagination,
};

const PAGED: Item = Item::new("crate::runtime::paging", "paged");
const PAGING: Item = Item::runtime("Paging");

/// Returns `true` if the client can fetch all pages of an operation.
pub(super) fn has_pages(operation: &Operation) -> bool {
    code(operation).is_some()
}

/// Returns `true` if it can also return all items.
pub(super) fn has_items(operation: &Operation) -> bool {
    code(operation).is_some_and(|(_, code)| code.items.is_some())
}

fn code(operation: &Operation) -> Option<(&Pagination, &PageCode)> {
    let pagination = operation.pagination.as_ref()?;
    Some((pagination, operation.page_code.as_ref().ok()?))
}

/// Returns the table row for an operation with pages.
pub(super) fn table(scope: &Scope<'_>, operation: &Operation) -> Option<TokenStream> {
    let (pagination, PageCode { input, items }) = code(operation)?;
    let paging = paging(scope, pagination)?;
    let name = &operation.type_name;
    let input = input.as_ref().map(|input| {
        let input = self::input(operation, input);
        quote!(input(#input),)
    });
    let items = items.as_ref().map(|items| {
        let items = self::items(scope, items);
        quote!(items(#items),)
    });
    let table = scope.item(PAGED);
    Some(quote!(#table! { #name: #paging, #input #items }))
}

/// Returns the value of `PAGING`.
fn paging(scope: &Scope<'_>, pagination: &Pagination) -> Option<TokenStream> {
    let Pagination {
        style,
        certainty: Certainty::Certain,
        decided_by: DecidedBy::Rule(_) | DecidedBy::Extension(_),
        parameter: None | Some(PageParameter { query: _, path: _ }),
        next,
        end,
        items,
        is_list: _,
        first,
        number,
    } = pagination
    else {
        return None;
    };
    let paging = scope.item(PAGING);
    let how = match (style, next) {
        (PageStyle::Cursor, Some(NextPage::Body(path))) => at("cursor", path),
        (PageStyle::LastId, Some(NextPage::Body(path))) => at("last_id", path),
        (PageStyle::LastId | PageStyle::Cursor, Some(NextPage::LastItem(path))) => {
            at("id_of_last_item", path)
        }
        (PageStyle::PageNumber, Some(NextPage::Body(path))) => at("next_page", path),
        (PageStyle::Offset, Some(NextPage::Body(path))) => at("next_offset", path),
        (PageStyle::PageNumber, None) => match (first, number) {
            (Some(first), _) => from("page", *first),
            (None, Some(path)) => at("page_after", path),
            (None, None) => return None,
        },
        (PageStyle::Offset, None) => from("offset", first.unwrap_or_default()),
        (PageStyle::NextUrl, Some(NextPage::Body(path))) => at("url", path),
        (PageStyle::NextUrl, Some(NextPage::Relation(path))) => at("relation", path),
        (PageStyle::LinkHeader, _) => quote!(link()),
        _ => return None,
    };
    let end = end.as_ref().and_then(|PageEnd { kind, path }| {
        let function = match kind {
            PageEndKind::HasMore => "while_more",
            PageEndKind::Pages => "until_pages",
            PageEndKind::Total => "until_total",
            PageEndKind::Count => return None,
        };
        let end = at(function, path);
        Some(quote!(.#end))
    });
    let items = (!items.is_empty()).then(|| {
        let items = at("items", items);
        quote!(.#items)
    });
    Some(quote!(#paging::#how #end #items))
}

/// Returns a call with a JSON Pointer.
fn at(function: &str, path: &[String]) -> TokenStream {
    let escaped = path
        .iter()
        .map(|name| name.replace('~', "~0").replace('/', "~1"));
    let pointer: String = escaped.flat_map(|name| ["/".to_owned(), name]).collect();
    let function = ident(function);
    quote!(#function(#pointer))
}

/// Returns a call with a number.
fn from(function: &str, number: u64) -> TokenStream {
    let (function, number) = (ident(function), Literal::u64_unsuffixed(number));
    quote!(#function(#number))
}

/// Returns the field of the operation that selects a page.
pub(super) fn input(operation: &Operation, input: &PageInput) -> TokenStream {
    let PageInput {
        parameter,
        is_optional,
        path,
    } = input;
    let name = match parameter {
        Some(name) => name.clone(),
        None => body_name(operation),
    };
    let mut expression = name.to_token_stream();
    let mut options = usize::from(*is_optional);
    for FieldStep {
        field,
        options: inner,
    } in path
    {
        for _ in 0..options {
            expression = quote!(#expression.get_or_insert_default());
        }
        expression = step(&expression, field.as_ref());
        options = *inner;
    }
    expression
}

/// Returns the type of an item, and the path to the items in the output.
fn items(scope: &Scope<'_>, items: &PageItems) -> TokenStream {
    let PageItems {
        variant,
        path,
        item,
    } = items;
    let item = scope.ty(item);
    let variant = variant
        .as_ref()
        .map(|(name, variant)| quote!(, #name::#variant));
    let mut list = TokenStream::new();
    for (index, FieldStep { field, options: _ }) in path.iter().enumerate() {
        if let Some(FieldStep { options, .. }) = index.checked_sub(1).and_then(|at| path.get(at)) {
            let opened = (0..*options).map(|_| quote!(?));
            list = quote!(#list #(#opened)*);
        }
        list = match (index, field) {
            (0, Some(field)) => field.to_token_stream(),
            (0, None) => quote!(0),
            _ => step(&list, field.as_ref()),
        };
    }
    let list = (!path.is_empty()).then(|| quote!(: #list));
    quote!(#item #variant #list)
}

fn step(before: &TokenStream, field: Option<&crate::ident::FieldName>) -> TokenStream {
    if let Some(field) = field {
        quote!(#before.#field)
    } else {
        quote!(#before.0)
    }
}
