//! Failures: an enum of the failures in the document, in `src/failures.rs` if operations share it.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Item, Scope};
use super::super::{Context, GeneratedFile};
use super::shared::{self, Shared};
use super::{REPLY, response};
use crate::ident::TypeName;
use crate::ir::{Api, Docs, Operation, Outcome, ResponseBody, ResponseCase, Status, TypePath};

const FAILURE: Item = Item::runtime("Failure");
const DECODE_ERROR: Item = Item::runtime("DecodeError");
const FAILURES: Item = Item::new("crate", "failures");

/// The failures that several operations share.
#[derive(Debug)]
pub(in crate::emit) struct Failures<'a>(Shared<'a, &'a [ResponseCase]>);

impl<'a> Failures<'a> {
    pub(in crate::emit) fn new(api: &'a Api) -> Self {
        let declared = shared::declarations(api);
        let operations = api.groups.iter().flat_map(|group| &group.operations);
        let all = operations.filter_map(|operation| {
            let Outcome { enum_name, cases } = &operation.failure;
            Some((
                enum_name.as_ref()?,
                &cases[..],
                FailureSignature::of(cases, &declared),
            ))
        });
        Self(Shared::new(all, |cases| name(cases)))
    }

    pub(in crate::emit) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Everything in the enum of failures and its decoder, with types resolved to their declarations.
#[derive(PartialEq, Eq, Hash)]
struct FailureSignature<'a>(Vec<(Status, &'a TypeName, Vec<ResponseBody>, &'a Docs)>);

impl<'a> FailureSignature<'a> {
    fn of(cases: &'a [ResponseCase], declared: &HashMap<&TypePath, &TypePath>) -> Self {
        let cases = cases.iter().map(|case| {
            let ResponseCase {
                status,
                variant,
                bodies,
                // The operation has its own accessors.
                headers: _,
                docs,
            } = case;
            let mut bodies = bodies.clone();
            for body in &mut bodies {
                body.ty.rename(declared);
            }
            (*status, variant, bodies, docs)
        });
        Self(cases.collect())
    }
}

/// Returns a name with the statuses, as in `Failure404Or5xx`.
fn name(cases: &[ResponseCase]) -> TypeName {
    let statuses = cases.iter().map(|case| match case.status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}xx"),
        Status::Default => "default".to_owned(),
    });
    let statuses: Vec<String> = statuses.collect();
    TypeName::new(&format!("Failure {}", statuses.join(" or ")))
}

/// Returns `src/failures.rs`, if there are shared failures.
pub(in crate::emit) fn file<'a>(context: &'a Context<'_>) -> Option<GeneratedFile<'a>> {
    let doc = "Failures that several operations share. Each operation has its own alias.";
    let Failures(shared) = &context.failures;
    shared.file("src/failures.rs", doc, |scope, name, cases| {
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
    let doc = format!("The documented failures of [`{}`].", operation.type_name);
    let Failures(shared) = &context.failures;
    let alias = shared.alias(scope, FAILURES, &doc, enum_name);
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
