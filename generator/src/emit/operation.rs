//! An operation: its request type, the client's method, and both directions of its codec.

mod body_name;
mod failure;
mod header;
mod pages;
mod request;
mod response;
mod runtime_items;
mod shared;
mod split_files;
mod stream;

pub(super) use body_name::body_name;
pub(super) use failure::file as failures;
pub(super) use header::file as headers;
pub(super) use response::{code_pattern, variant_name};

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::docs::{self, Doc};
use super::scope::{Item, Scope, ident, plain, takes_into};
use super::{client, example, lints, webhook};
use crate::emit::context::Context;
use crate::emit::generated_file::{GeneratedFile, rust};
use crate::ident::{FieldName, TypeName};
use crate::ir::{
    Api, Body, BodyCodec, IdempotencyKey, Operation, OperationGroup, Parameter, Requirement, Type,
};
use crate::plan::file_stem;

use runtime_items::{REJECTION, REPLY};

const CLIENT: Item = Item::runtime("Client");
const ENDPOINT: Item = Item::runtime("Endpoint");
const OPERATION: Item = Item::runtime("Operation");
const PARTS: Item = Item::runtime("Parts");
const REQUEST: Item = Item::runtime("Request");
const SECURITY: Item = Item::runtime("Security");
const SETTERS: Item = Item::new("crate::runtime::operation", "setters");

/// Returns `src/operations/mod.rs`, with a file or a folder for each tag.
pub(super) fn files<'a>(context: &'a Context<'_>, api: &'a Api) -> Vec<GeneratedFile<'a>> {
    let mut files = Vec::with_capacity(api.groups.len() + 1);
    let mut modules = Vec::with_capacity(api.groups.len());
    let mut stems = HashSet::new();
    for group in &api.groups {
        let OperationGroup {
            module,
            title,
            docs,
            operations,
            others,
        } = group;
        let name = plain(module.as_str());
        let stem = file_stem(name, &mut stems);
        let parts = split_files::split(operations);
        let file = if parts.is_empty() {
            format!("{stem}.rs")
        } else {
            format!("{stem}/mod.rs")
        };
        modules.push((module, (stem != name).then(|| file.clone())));
        for (part, operations) in &parts {
            let operations = operations.clone();
            files.push(rust(
                &format!("src/operations/{stem}/{part}.rs"),
                move |out| self::operations(context, &operations, out),
            ));
        }
        files.push(rust(&format!("src/operations/{file}"), move |out| {
            let mut doc = Doc::new();
            doc.markdown(title);
            doc.words(docs);
            out(doc.inner());
            for (module, name) in others {
                out(quote!(pub use super::#module::#name;));
            }
            if parts.is_empty() {
                self::operations(context, &operations.iter().collect::<Vec<_>>(), out);
            } else {
                out(split_files::modules(&parts));
            }
        }));
    }
    files.push(rust("src/operations/mod.rs", |out| {
        // Operations of another tag are already exported there.
        let groups = api.groups.iter();
        let own = groups.filter(|group| !group.operations.is_empty());
        let reexports = own.map(|group| {
            let module = &group.module;
            quote!(pub use #module::*;)
        });
        let doc = Doc::from("The operations of the document, one module per tag.").inner();
        let modules = modules.into_iter().map(|(module, file)| {
            let path = file.map(|file| quote!(#[path = #file]));
            quote!(#path pub mod #module;)
        });
        out(quote!(#doc #(#modules)* #(#reexports)*));
    }));
    files
}

/// Writes the contents of a file with operations, the `use` lines last.
fn operations(context: &Context<'_>, operations: &[&Operation], out: &mut dyn FnMut(TokenStream)) {
    let declared = operations.iter().flat_map(|operation| declared(operation));
    let scope = Scope::of_crate(declared.collect());
    let client_type = scope.item(CLIENT);
    let methods = operations
        .iter()
        .map(|operation| method(context, &scope, operation, &Member::list(&scope, operation)));
    out(quote!(impl #client_type { #(#methods)* }));
    for operation in operations {
        items(context, &scope, operation, out);
    }
    out(scope.uses());
}

/// Returns the names of the types that an operation declares, including those of its callbacks.
fn declared(operation: &Operation) -> impl Iterator<Item = &str> {
    let callbacks = operation.callbacks.iter().flat_map(webhook::declared);
    let choice = operation
        .body
        .as_ref()
        .and_then(|body| body.choice_type.as_ref());
    let outcomes = [&operation.success, &operation.failure];
    let enums = outcomes
        .into_iter()
        .filter_map(|outcome| outcome.enum_name.as_ref());
    std::iter::once(&operation.type_name)
        .chain(choice)
        .chain(enums)
        .chain(&operation.headers_name)
        .map(TypeName::as_str)
        .chain(callbacks)
}

/// A field of the request type: a parameter or the body.
struct Member {
    name: FieldName,
    /// The type of the value.
    plain: TokenStream,
    /// The type in the IR, except for an enum of choices and a body of bytes.
    ty: Option<Type>,
    takes_into: bool,
    required: bool,
    doc: Doc,
    deprecated: bool,
}

impl Member {
    fn list(scope: &Scope<'_>, operation: &Operation) -> Vec<Self> {
        let parameters = operation.parameters.iter().map(|parameter| {
            let Parameter {
                name,
                style: _,
                ty,
                required,
                docs,
                deprecated,
            } = parameter;
            Self {
                name: name.rust.clone(),
                plain: scope.ty(ty),
                ty: Some(ty.clone()),
                takes_into: takes_into(ty),
                required: *required,
                doc: docs::operations::parameter(&name.wire, docs),
                deprecated: *deprecated,
            }
        });
        let body = operation.body.as_ref().map(|body| {
            let Body {
                required,
                choices,
                choice_type,
                docs,
            } = body;
            let (plain, ty, takes_into) = match (choice_type, choices.as_slice()) {
                (Some(name), _) => (name.to_token_stream(), None, false),
                (None, [choice, ..]) if choice.codec == BodyCodec::Bytes => {
                    let takes_into = request::takes_into(choice);
                    (request::type_of(scope, choice), None, takes_into)
                }
                (None, [choice, ..]) => {
                    let ty = &choice.ty;
                    (scope.ty(ty), Some(ty.clone()), takes_into(ty))
                }
                (None, []) => (quote!(()), None, false),
            };
            Self {
                name: body_name(operation),
                plain,
                ty,
                takes_into,
                required: *required,
                doc: docs::operations::body(docs),
                deprecated: false,
            }
        });
        parameters.chain(body).collect()
    }

    /// Returns the type of the argument for the field, and the expression that converts it.
    fn argument(&self, scope: &Scope<'_>) -> (TokenStream, TokenStream) {
        let (name, plain) = (&self.name, &self.plain);
        if self.takes_into {
            let into = scope.prelude("Into");
            (quote!(impl #into<#plain>), quote!(#name.into()))
        } else {
            (plain.clone(), name.to_token_stream())
        }
    }
}

fn items(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
    out: &mut dyn FnMut(TokenStream),
) {
    let members = Member::list(scope, operation);
    out(request_type(scope, operation, &members));
    out(request::choices(context, scope, operation).unwrap_or_default());
    let successes = response::successes(context, scope, operation);
    let failures = failure::of_operation(context, scope, operation);
    out(quote!(#successes #failures));
    out(implementation(context, scope, operation));
    out(header::of_operation(context, scope, operation).unwrap_or_default());
    out(setters(scope, operation, &members).unwrap_or_default());
    out(pages::table(scope, operation).unwrap_or_default());
    out(stream::table(scope, operation).unwrap_or_default());
    for callback in &operation.callbacks {
        out(webhook::items(context, scope, callback));
    }
}

fn request_type(scope: &Scope<'_>, operation: &Operation, members: &[Member]) -> TokenStream {
    let name = &operation.type_name;
    let doc = docs::operations::request(operation).outer();
    let deprecated = lints::deprecated(operation.deprecated);
    let complexity = lints::type_complexity(members.iter().filter_map(|member| member.ty.as_ref()));
    let fields = members.iter().map(|member| {
        let Member {
            name,
            plain,
            ty: _,
            takes_into: _,
            required,
            doc,
            deprecated,
        } = member;
        let doc = doc.outer();
        let deprecated = lints::deprecated(*deprecated);
        let ty = if *required {
            plain.clone()
        } else {
            scope.option(plain)
        };
        quote!(#doc #deprecated pub #name: #ty,)
    });
    let derives = if members.iter().any(|member| member.required) {
        quote!(Clone, Debug)
    } else {
        quote!(Clone, Debug, Default)
    };
    let body = if members.is_empty() {
        quote!(;)
    } else {
        quote!({ #(#fields)* })
    };
    quote! {
        #doc
        #deprecated
        #complexity
        #[derive(#derives)]
        pub struct #name #body
    }
}

fn implementation(context: &Context<'_>, scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let name = &operation.type_name;
    let (operation_trait, rejection) = (scope.item(OPERATION), scope.item(REJECTION));
    let (reply_type, result) = (scope.item(REPLY), scope.prelude("Result"));
    let endpoint_type = scope.item(ENDPOINT);
    let endpoint = endpoint_value(&endpoint_type, operation);
    let security = (!operation.security.is_empty()).then(|| {
        let ty = scope.item(SECURITY);
        let value = security(context, &operation.security);
        quote!(const SECURITY: #ty = #value;)
    });
    let servers = (!operation.servers.is_empty()).then(|| {
        let ty = scope.item(Item::runtime("Server"));
        let servers = operation.servers.iter();
        let servers = servers.map(|server| client::value(scope, server));
        quote!(const SERVERS: &'static [#ty] = &[#(#servers),*];)
    });
    let accept = &operation.accept;
    let accept =
        (accept != "application/json").then(|| quote!(const ACCEPT: &'static str = #accept;));
    let redirects = response::documents_redirects(operation).then(|| {
        quote!(
            const FOLLOW_REDIRECTS: bool = false;
        )
    });
    let idempotency_key = operation.idempotency_key.as_ref().map(|key| {
        let ty = scope.item(Item::runtime("IdempotencyKey"));
        let value = match key {
            IdempotencyKey::Header(name) => quote!(#ty::header(#name)),
            IdempotencyKey::Property(name) => quote!(#ty::Property(#name)),
        };
        quote!(const IDEMPOTENCY_KEY: #ty = #value;)
    });
    let output = response::success_type(scope, operation);
    let failure = response::failure_type(scope, operation);
    let encode = request::encode(scope, operation).map(|encode| {
        let parts = scope.item(PARTS);
        quote! {
            fn encode(&self, request: &mut #parts) {
                #encode
            }
        }
    });
    let (uses_reply, decode) = response::decode(scope, operation);
    let reply = ident(if uses_reply { "reply" } else { "_reply" });
    quote! {
        impl #operation_trait for #name {
            const ENDPOINT: #endpoint_type = #endpoint;
            #security
            #servers
            #accept
            #redirects
            #idempotency_key
            type Output = #output;
            type Failure = #failure;

            #encode

            fn decode(#reply: &#reply_type) -> #result<Self::Output, #rejection<Self::Failure>> {
                #decode
            }
        }
    }
}

/// Returns the value of `ENDPOINT`.
fn endpoint_value(endpoint: &TokenStream, operation: &Operation) -> TokenStream {
    const METHODS: &[&str] = &[
        "GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY", "CONNECT",
    ];
    let (method, path) = (&operation.http_method, &operation.path);
    if METHODS.contains(&method.as_str()) {
        let function = ident(&method.to_ascii_lowercase());
        quote!(#endpoint::#function(#path))
    } else {
        // A compile error is better than sending another method.
        quote!(compile_error!("no such HTTP method"))
    }
}

/// Returns the alternatives of a security requirement.
fn security(context: &Context<'_>, requirements: &[Requirement]) -> TokenStream {
    if context.plan.security == Some(requirements) {
        return quote!(crate::client::SECURITY);
    }
    client::security(requirements, &quote!(crate::client::))
}

fn method(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
    members: &[Member],
) -> TokenStream {
    let request = scope.item(REQUEST);
    let (name, method) = (&operation.type_name, &operation.method_name);
    let methods = docs::operations::Methods {
        pages: pages::has_pages(operation),
        items: pages::has_items(operation),
        stream: stream::has_stream(operation),
    };
    let mut doc = docs::operations::method(operation, &methods);
    if let Some(example) = example::call(context, operation) {
        doc.lines(example);
    }
    let doc = doc.outer();
    let deprecated = lints::deprecated(operation.deprecated);
    let required: Vec<&Member> = members.iter().filter(|member| member.required).collect();
    let lint = lints::too_many_arguments(required.len() + 1);
    let complexity =
        lints::type_complexity(required.iter().filter_map(|member| member.ty.as_ref()));
    let arguments = required.iter().map(|member| {
        let (ty, _) = member.argument(scope);
        let name = &member.name;
        quote!(#name: #ty)
    });
    let values = members.iter().map(|member| {
        let name = &member.name;
        if !member.required {
            return quote!(#name: None);
        }
        if member.takes_into {
            quote!(#name: #name.into())
        } else {
            quote!(#name)
        }
    });
    let value = if members.is_empty() {
        quote!(#name)
    } else if required.is_empty() {
        quote!(#name::default())
    } else {
        quote!(#name { #(#values),* })
    };
    quote! {
        #doc
        #deprecated
        #lint
        #complexity
        pub fn #method(&self, #(#arguments),*) -> #request<'_, #name> {
            self.request(#value)
        }
    }
}

/// Returns the table of the request's setters for optional fields.
fn setters(scope: &Scope<'_>, operation: &Operation, members: &[Member]) -> Option<TokenStream> {
    let name = &operation.type_name;
    let optional = members.iter().filter(|member| !member.required);
    let rows: Vec<TokenStream> = optional
        .map(|member| {
            let field = &member.name;
            let (ty, _) = member.argument(scope);
            let deprecated = lints::deprecated(member.deprecated);
            quote!(#deprecated #field: #ty,)
        })
        .collect();
    (!rows.is_empty()).then(|| {
        let setters = scope.item(SETTERS);
        quote!(#setters! { #name(#(#rows)*) })
    })
}
