//! Requests that the API sends: the types of received requests and of the answers.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{self, Doc, code};
use super::lints;
use super::scope::{Item, Scope};
use crate::emit::context::Context;
use crate::ident::{FieldName, TypeName};
use crate::ir::{
    Api, Body, BodyChoice, BodyCodec, Parameter, ResponseCase, ResponseCodec, Status, Type, Webhook,
};

/// Writes `src/webhooks.rs`.
pub(super) fn file(context: &Context<'_>, api: &Api, out: &mut dyn FnMut(TokenStream)) {
    let mut doc = docs::webhook::module();
    let mut webhooks = api.webhooks.iter();
    if let Some(example) = webhooks.find_map(|webhook| example(context, webhook)) {
        doc.lines(example);
    }
    out(doc.inner());
    let scope = Scope::of_crate(api.webhooks.iter().flat_map(declared).collect());
    for webhook in &api.webhooks {
        out(items(context, &scope, webhook));
    }
    out(scope.uses());
}

/// Returns an example that reads the body of a webhook, if it is only JSON.
fn example(context: &Context<'_>, webhook: &Webhook) -> Option<Vec<String>> {
    json_body(webhook).filter(|_| webhook.parameters.is_empty())?;
    let (krate, name) = (&context.krate, &webhook.type_name);
    let lines = [
        "```".to_owned(),
        format!("use {krate}::webhooks::{name};"),
        String::new(),
        "/// Reads the body of a request.".to_owned(),
        format!("fn read(body: &[u8]) -> Result<{name}, serde_json::Error> {{"),
        "    serde_json::from_slice(body)".to_owned(),
        "}".to_owned(),
        "```".to_owned(),
    ];
    Some(lines.to_vec())
}

/// Returns the body, if it is only JSON.
fn json_body(webhook: &Webhook) -> Option<&BodyChoice> {
    match webhook.body.as_ref()?.choices.as_slice() {
        [choice] if choice.codec == BodyCodec::Json => Some(choice),
        _ => None,
    }
}

/// Returns the names of the types that a webhook declares.
pub(super) fn declared(webhook: &Webhook) -> impl Iterator<Item = &str> {
    let choice = webhook
        .body
        .as_ref()
        .and_then(|body| body.choice_type.as_ref());
    std::iter::once(&webhook.type_name)
        .chain(choice)
        .chain(&webhook.answer_type)
        .map(TypeName::as_str)
}

/// Returns the types of a webhook or callback.
pub(super) fn items(context: &Context<'_>, scope: &Scope<'_>, webhook: &Webhook) -> TokenStream {
    let arriving = arriving(context, scope, webhook);
    let answer = answer(context, scope, webhook);
    quote!(#arriving #answer)
}

/// Returns the type of the received request: the body, or a struct with the parameters.
fn arriving(context: &Context<'_>, scope: &Scope<'_>, webhook: &Webhook) -> TokenStream {
    let type_name = &webhook.type_name;
    let doc = docs::webhook::request(webhook).outer();
    let deprecated = lints::deprecated(webhook.deprecated);
    let body = webhook.body.as_ref();
    let choices = body.and_then(|body| Some((body.choice_type.as_ref()?, body)));
    match (webhook.parameters.as_slice(), body, choices) {
        ([], None, _) => quote! {
            #doc
            #deprecated
            #[derive(Clone, Debug, Default, PartialEq)]
            pub struct #type_name;
        },
        ([], Some(_), Some((_, body))) => {
            let choices = media_types(context, scope, type_name, body);
            quote!(#doc #deprecated #choices)
        }
        ([], Some(body), None) => {
            let ty = body_type(scope, body);
            quote!(#doc #deprecated pub type #type_name = #ty;)
        }
        (parameters, body, choices) => {
            let fields = parameters.iter().map(|parameter| field(scope, parameter));
            let body = body.map(|body| body_field(scope, parameters, body));
            let choices = choices.map(|(name, body)| {
                let doc = docs::webhook::body(type_name).outer();
                let choices = media_types(context, scope, name, body);
                quote!(#doc #choices)
            });
            quote! {
                #doc
                #deprecated
                #[derive(Clone, Debug, PartialEq)]
                pub struct #type_name {
                    #(#fields)*
                    #body
                }
                #choices
            }
        }
    }
}

fn body_field(scope: &Scope<'_>, parameters: &[Parameter], body: &Body) -> TokenStream {
    let name = body_name(parameters);
    let plain = body_type(scope, body);
    let ty = if body.required {
        plain
    } else {
        scope.option(&plain)
    };
    let doc = Doc::of_item(&body.docs)
        .or(|| "The body.".to_owned())
        .outer();
    quote!(#doc pub #name: #ty,)
}

/// Returns the name of the field for the body: a parameter may be called `body`.
fn body_name(parameters: &[Parameter]) -> FieldName {
    let mut name = FieldName::new("body");
    while parameters
        .iter()
        .any(|parameter| parameter.name.rust == name)
    {
        name = FieldName::new("request").suffixed(&format!("_{name}"));
    }
    name
}

fn field(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let Parameter {
        name,
        style: _,
        ty,
        required,
        docs: _,
        deprecated,
    } = parameter;
    let doc = docs::webhook::parameter(parameter).outer();
    let deprecated = lints::deprecated(*deprecated);
    let plain = scope.ty(ty);
    let ty = if *required {
        plain
    } else {
        scope.option(&plain)
    };
    let name = &name.rust;
    quote!(#doc #deprecated pub #name: #ty,)
}

fn body_type(scope: &Scope<'_>, body: &Body) -> TokenStream {
    match (&body.choice_type, body.choices.as_slice()) {
        (Some(name), _) => quote!(#name),
        (None, [choice, ..]) => choice_type(scope, choice),
        (None, []) => quote!(()),
    }
}

/// Returns the type of a body with one media type.
fn choice_type(scope: &Scope<'_>, choice: &BodyChoice) -> TokenStream {
    match choice.codec {
        BodyCodec::Bytes => scope.item(Item::BYTES),
        BodyCodec::Json
        | BodyCodec::Form(_)
        | BodyCodec::Multipart(_)
        | BodyCodec::Text
        | BodyCodec::EncodedText => scope.ty(&choice.ty),
    }
}

/// Returns the enum of a body's media types.
fn media_types(
    context: &Context<'_>,
    scope: &Scope<'_>,
    name: &TypeName,
    body: &Body,
) -> TokenStream {
    let types = || body.choices.iter().map(|choice| &choice.ty);
    let size = lints::large_enum_variant(context, types().map(std::slice::from_ref));
    let variants = body.choices.iter().map(|choice| {
        let BodyChoice {
            media_type,
            key: _,
            variant,
            codec: _,
            ty: _,
        } = choice;
        let doc = Doc::from(code(media_type)).outer();
        let ty = choice_type(scope, choice);
        quote!(#doc #variant(#ty),)
    });
    quote! {
        #size
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    }
}

/// A possible answer: its variant, contents and status.
struct Answer<'a> {
    case: &'a ResponseCase,
    variant: &'a TypeName,
    body: Option<(TokenStream, &'a Type)>,
    media_types: Vec<&'a str>,
}

/// Returns the enum of possible answers.
fn answer(context: &Context<'_>, scope: &Scope<'_>, webhook: &Webhook) -> Option<TokenStream> {
    let name = webhook.answer_type.as_ref()?;
    let answers: Vec<Answer<'_>> = webhook
        .answers
        .iter()
        .flat_map(|case| of_case(scope, case))
        .collect();
    let types = answers
        .iter()
        .filter_map(|answer| Some(answer.body.as_ref()?.1))
        .map(std::slice::from_ref);
    let size = lints::large_enum_variant(context, types);
    let variants = answers.iter().map(|answer| {
        let variant = answer.variant;
        let doc = docs::webhook::response(answer.case, &answer.media_types).outer();
        let code = is_open(answer.case.status).then(|| quote!(u16,));
        let body = answer.body.as_ref().map(|(ty, _)| quote!(#ty,));
        if code.is_none() && body.is_none() {
            quote!(#doc #variant,)
        } else {
            quote!(#doc #variant(#code #body),)
        }
    });
    let arms = answers.iter().map(|answer| {
        let variant = answer.variant;
        let (pattern, value) = match (answer.case.status, &answer.body) {
            (Status::Code(code), None) => (quote!(), super::operation::code_pattern(code)),
            (Status::Code(code), Some(_)) => (quote!((..)), super::operation::code_pattern(code)),
            (_, None) => (quote!((code)), quote!(*code)),
            (_, Some(_)) => (quote!((code, _)), quote!(*code)),
        };
        quote!(Self::#variant #pattern => #value,)
    });
    let head = docs::webhook::responses(&webhook.type_name).outer();
    Some(quote! {
        #head
        #size
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// The status code of the answer.
            #[must_use]
            pub fn code(&self) -> u16 {
                match self {
                    #(#arms)*
                }
            }
        }
    })
}

fn of_case<'a>(scope: &Scope<'_>, case: &'a ResponseCase) -> Vec<Answer<'a>> {
    if case.bodies.is_empty() {
        return vec![Answer {
            case,
            variant: &case.variant,
            body: None,
            media_types: Vec::new(),
        }];
    }
    let answers = case.outputs().into_iter().map(|(body, media_types)| {
        let ty = match body.codec {
            ResponseCodec::Bytes => scope.item(Item::BYTES),
            ResponseCodec::Json | ResponseCodec::Text | ResponseCodec::JsonOrText => {
                scope.ty(&body.ty)
            }
        };
        Answer {
            case,
            variant: super::operation::variant_name(case, body),
            body: Some((ty, &body.ty)),
            media_types,
        }
    });
    answers.collect()
}

/// Returns `true` if the answer contains its status code, because several are possible.
fn is_open(status: Status) -> bool {
    !matches!(status, Status::Code(_))
}
