//! Response headers: functions that read them, in `src/response_headers.rs` if operations share
//! them.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs::{self, Doc};
use super::super::lints;
use super::super::scope::{Item, Scope, ident};
use super::shared;
use crate::emit::context::Context;
use crate::emit::generated_file::GeneratedFile;
use crate::ident::{MethodName, TypeName};
use crate::ir::{HeaderCodec, Operation, ResponseHeader};
use crate::plan::{Accessor, ResponseHeaders, accessors};

const HEADERS: Item = Item::new("crate::runtime::header", "headers");
const RESPONSE_HEADERS: Item = Item::new("crate", "response_headers");

/// Returns `src/response_headers.rs`, if there are shared headers.
pub(in crate::emit) fn file<'a>(context: &'a Context<'_>) -> Option<GeneratedFile<'a>> {
    let doc = "Response headers that several operations share. Each operation has its own alias.";
    let ResponseHeaders(shared) = &context.plan.headers;
    shared::file(
        shared,
        "src/response_headers.rs",
        doc,
        |scope, name, accessors| definition(scope, name, accessors),
    )
}

/// Returns the readers of an operation's response headers: a table, or an alias of a shared one.
pub(super) fn of_operation(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let own = operation.headers_name.as_ref()?;
    let doc = docs::operations::headers(operation);
    let ResponseHeaders(shared) = &context.plan.headers;
    let alias = shared::alias(shared, scope, RESPONSE_HEADERS, &doc, own);
    Some(alias.unwrap_or_else(|| definition(scope, own, &accessors(operation))))
}

fn definition(scope: &Scope<'_>, name: &TypeName, accessors: &[Accessor]) -> TokenStream {
    let headers = scope.item(HEADERS);
    let rows = accessors
        .iter()
        .map(|(name, header)| row(scope, header, name));
    quote!(#headers! { #name { #(#rows)* } })
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
    let doc = Doc::of_item(docs).outer();
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
