//! Failures: an enum of the failures in the document, in `src/failures.rs` if operations share it.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs;
use super::super::scope::{Item, Scope};
use super::response;
use super::runtime_items::REPLY;
use super::shared;
use crate::emit::context::Context;
use crate::emit::generated_file::GeneratedFile;
use crate::ident::TypeName;
use crate::ir::{Operation, Outcome, ResponseCase, Status};
use crate::plan::Failures;

const FAILURE: Item = Item::runtime("Failure");
const DECODE_ERROR: Item = Item::runtime("DecodeError");
const FAILURES: Item = Item::new("crate", "failures");

/// Returns `src/failures.rs`, if there are shared failures.
pub(in crate::emit) fn file<'a>(context: &'a Context<'_>) -> Option<GeneratedFile<'a>> {
    let doc = "Failures that several operations share. Each operation has its own alias.";
    let Failures(shared) = &context.plan.failures;
    shared::file(shared, "src/failures.rs", doc, |scope, name, cases| {
        definition(context, scope, "Failures, by status.", name, cases)
    })
}

/// Returns the failures of an operation: an enum, or an alias of a shared one.
pub(super) fn of_operation(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let Outcome { enum_name, cases } = &operation.failure;
    let enum_name = enum_name.as_ref()?;
    let doc = docs::operations::failures(operation);
    let Failures(shared) = &context.plan.failures;
    let alias = shared::alias(shared, scope, FAILURES, &doc, enum_name);
    Some(alias.unwrap_or_else(|| definition(context, scope, &doc, enum_name, cases)))
}

fn definition(
    context: &Context<'_>,
    scope: &Scope<'_>,
    doc: &str,
    name: &TypeName,
    cases: &[ResponseCase],
) -> TokenStream {
    let definition = response::enumeration(context, scope, doc, name, cases);
    let (failure, reply_type) = (scope.item(FAILURE), scope.item(REPLY));
    let (result, option) = (scope.prelude("Result"), scope.prelude("Option"));
    let error = scope.item(DECODE_ERROR);
    let same = |value: TokenStream| value;
    let none = || response::Undocumented::Return(quote!(Ok(None)));
    let read = |case| response::read_case(case, Some(&quote!(Self)), &same, &none);
    let (reply, body) = match cases {
        [case] if case.status == Status::Default => {
            let uses_reply = !case.bodies.is_empty();
            let reply = if uses_reply { quote!(reply) } else { quote!(_) };
            let value = read(case);
            (reply, quote!(Ok(Some(#value))))
        }
        _ => {
            let statuses: Vec<Status> = cases.iter().map(|case| case.status).collect();
            let arms = cases.iter().map(|case| {
                let (pattern, value) = (response::pattern(case.status, &statuses), read(case));
                quote!(#pattern => #value,)
            });
            let rest = !statuses.contains(&Status::Default);
            let rest = rest.then(|| quote!(_ => return Ok(None),));
            let body = quote! {
                let failure = match reply.code() { #(#arms)* #rest };
                Ok(Some(failure))
            };
            (quote!(reply), body)
        }
    };
    quote! {
        #definition

        impl #failure for #name {
            fn decode(#reply: &#reply_type) -> #result<#option<Self>, #error> {
                #body
            }
        }
    }
}
