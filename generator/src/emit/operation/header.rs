//! Response headers: functions that read them, in `src/response_headers.rs` if operations share
//! them.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs::Doc;
use super::super::scope::{Item, Scope, ident};
use super::super::{Context, GeneratedFile, lints};
use super::shared::{self, Shared};
use crate::ident::{MethodName, TypeName};
use crate::ir::{Api, HeaderCodec, Operation, ResponseHeader};

const HEADERS: Item = Item::new("crate::runtime::header", "headers");
const RESPONSE_HEADERS: Item = Item::new("crate", "response_headers");

/// The headers that several operations share.
#[derive(Debug)]
pub(in crate::emit) struct Headers<'a>(Shared<'a, Vec<Accessor>>);

impl<'a> Headers<'a> {
    pub(in crate::emit) fn new(api: &'a Api) -> Self {
        let declared = shared::declarations(api);
        let operations = api.groups.iter().flat_map(|group| &group.operations);
        let all = operations.filter_map(|operation| {
            let own = operation.headers_name.as_ref()?;
            let accessors = accessors(operation);
            let mut said = accessors.clone();
            for (_, header) in &mut said {
                header.ty.rename(&declared);
            }
            Some((own, accessors, said))
        });
        Self(Shared::new(all, |accessors| name(accessors)))
    }

    pub(in crate::emit) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns a name with the common prefix of the headers' names, or with some of the names, as in
/// `LinkHeaders`.
fn name(accessors: &[Accessor]) -> TypeName {
    let mut names = accessors
        .iter()
        .map(|(_, header)| header.name.wire.split('-').collect::<Vec<_>>());
    let first = names.next().unwrap_or_default();
    let common = names.fold(first.len(), |common, name| {
        let same = first.iter().zip(&name).take_while(|(a, b)| a == b);
        same.count().min(common)
    });
    let name = match (accessors.len(), common) {
        (2, 0) => {
            let names = accessors.iter().map(|(_, header)| &header.name.wire[..]);
            names.collect::<Vec<_>>().join(" and ")
        }
        (count, 0) => format!("{} and {} more", first.join("-"), count - 1),
        (_, common) => first
            .iter()
            .take(common)
            .copied()
            .collect::<Vec<_>>()
            .join("-"),
    };
    TypeName::new(&format!("{name} headers"))
}

/// Returns `src/response_headers.rs`, if there are shared headers.
pub(in crate::emit) fn file<'a>(context: &'a Context<'_>) -> Option<GeneratedFile<'a>> {
    let doc = "Response headers that several operations share. Each operation has its own alias.";
    let Headers(shared) = &context.headers;
    shared.file("src/response_headers.rs", doc, |scope, name, accessors| {
        definition(scope, name, accessors)
    })
}

/// Returns the readers of an operation's response headers: a table, or an alias of a shared one.
pub(super) fn of_operation(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let own = operation.headers_name.as_ref()?;
    let doc = format!(
        "Reads the headers of the responses to [`{}`].",
        operation.type_name
    );
    let Headers(shared) = &context.headers;
    let alias = shared.alias(scope, RESPONSE_HEADERS, &doc, own);
    Some(alias.unwrap_or_else(|| definition(scope, own, &accessors(operation))))
}

fn definition(scope: &Scope<'_>, name: &TypeName, accessors: &[Accessor]) -> TokenStream {
    let headers = scope.item(HEADERS);
    let rows = accessors
        .iter()
        .map(|(name, header)| row(scope, header, name));
    quote!(#headers! { #name { #(#rows)* } })
}

/// A header with the name of its accessor.
type Accessor = (MethodName, ResponseHeader);

/// Returns the headers of the responses, without duplicates, with their accessors.
pub(in crate::emit) fn accessors(operation: &Operation) -> Vec<Accessor> {
    let mut seen: Vec<Accessor> = Vec::new();
    for header in super::response::cases(operation).flat_map(|case| &case.headers) {
        let same = |(_, other): &&mut Accessor| {
            other.name.wire.eq_ignore_ascii_case(&header.name.wire)
                && other.ty == header.ty
                && other.codec == header.codec
        };
        if let Some((_, same)) = seen.iter_mut().find(same) {
            // One function reads the header for all statuses.
            same.required &= header.required;
            continue;
        }
        // Another response may have a header of the same name and another type.
        let others = seen
            .iter()
            .filter(|(_, other)| other.name.rust == header.name.rust)
            .count();
        let name = match others {
            0 => header.name.rust.clone(),
            others => header.name.rust.numbered(others + 1),
        };
        seen.push((name, header.clone()));
    }
    seen
}

fn row(scope: &Scope<'_>, header: &ResponseHeader, function: &MethodName) -> TokenStream {
    let ResponseHeader {
        name,
        ty,
        codec,
        required,
        docs,
        deprecated,
    } = header;
    let wire = &name.wire;
    let doc = Doc::of(docs).outer();
    let read = ident(match (required, codec) {
        (true, HeaderCodec::Text) => "required",
        (true, HeaderCodec::Json) => "required_json",
        (false, HeaderCodec::Text) => "optional",
        (false, HeaderCodec::Json) => "optional_json",
    });
    let ty = if *required {
        scope.ty(ty)
    } else {
        scope.option(&scope.ty(ty))
    };
    let deprecated = lints::deprecated(*deprecated);
    quote!(#doc #deprecated #function: #ty = #read(#wire),)
}
