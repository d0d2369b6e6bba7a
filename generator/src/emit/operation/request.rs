//! Requests: parameters and body into `Parts`.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs::{self, Doc, code};
use super::super::lints;
use super::super::scope::{Item, Scope, ident};
use crate::emit::context::Context;
use crate::ident::FieldName;
use crate::ir::{
    ArrayForm, Body, BodyChoice, BodyCodec, FieldStyle, FormField, Operation, Parameter,
    ParameterLocation, Part, PathStyle, QueryStyle, Style,
};

const PATH_STYLE: Item = Item::new("crate::runtime::parameter", "PathStyle");
const FORM_FIELD: Item = Item::new("crate::runtime::form", "FormField");
const PART: Item = Item::new("crate::runtime::multipart", "Part");
const QUERY_STYLE: Item = Item::new("crate::runtime::parameter", "QueryStyle");

/// Returns the enum of a body's media types, if there are several.
pub(super) fn choices(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let Body {
        required: _,
        choices,
        choice_type,
        docs: _,
    } = operation.body.as_ref()?;
    let name = choice_type.as_ref()?;
    let doc = docs::operations::body_choices(operation).outer();
    let types = || choices.iter().map(|choice| &choice.ty);
    let complexity = lints::type_complexity(types());
    let size = lints::large_enum_variant(context, types().map(std::slice::from_ref));
    let variants = choices.iter().map(|choice| {
        let BodyChoice {
            media_type,
            key: _,
            variant,
            codec: _,
            ty: _,
        } = choice;
        let doc = Doc::from(code(media_type)).outer();
        let ty = type_of(scope, choice);
        quote!(#doc #variant(#ty),)
    });
    Some(quote! {
        #doc
        #complexity
        #size
        #[derive(Clone, Debug)]
        pub enum #name {
            #(#variants)*
        }
    })
}

/// Returns the type of the value for a media type.
pub(super) fn type_of(scope: &Scope<'_>, choice: &BodyChoice) -> TokenStream {
    match choice.codec {
        BodyCodec::Bytes if is_range(&choice.media_type) => {
            scope.item(Item::runtime("TypedContent"))
        }
        BodyCodec::Bytes => scope.item(Item::runtime("Content")),
        BodyCodec::Json
        | BodyCodec::Form(_)
        | BodyCodec::Multipart(_)
        | BodyCodec::Text
        | BodyCodec::EncodedText => scope.ty(&choice.ty),
    }
}

/// Returns `true` if a media type is a range, from which the caller chooses.
fn is_range(media_type: &str) -> bool {
    media_type.contains('*')
}

/// Returns `true` if the argument for a body is `impl Into`.
pub(super) fn takes_into(choice: &BodyChoice) -> bool {
    choice.codec == BodyCodec::Bytes && !is_range(&choice.media_type)
}

/// Returns the body of `encode`, unless it is empty.
pub(super) fn encode(scope: &Scope<'_>, operation: &Operation) -> Option<TokenStream> {
    let Operation {
        parameters, body, ..
    } = operation;
    let parameters = parameters
        .iter()
        .map(|parameter| encode_parameter(scope, parameter));
    let body = body
        .iter()
        .map(|body| encode_body(scope, body, &super::body_name::body_name(operation)));
    let statements = parameters.chain(body).collect::<TokenStream>();
    (!statements.is_empty()).then_some(statements)
}

/// Returns the statement that writes a parameter.
fn encode_parameter(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let Parameter {
        name,
        style,
        ty: _,
        required,
        docs: _,
        deprecated: _,
    } = parameter;
    let (wire, field) = (&name.wire, &name.rust);
    let put = |value: TokenStream| match style {
        Style::Path {
            style: PathStyle::Simple,
            explode: false,
        } => quote!(request.path(#wire, #value)),
        Style::Path { style, explode } => {
            let style = path_style(scope, *style);
            quote!(request.styled_path(#wire, #value, #style, #explode))
        }
        Style::Query {
            style: QueryStyle::Form,
            explode: true,
            allow_reserved: false,
        } => quote!(request.query(#wire, #value)),
        Style::Query {
            style,
            explode,
            allow_reserved,
        } => {
            let style = query_style(scope, *style);
            quote!(request.styled_query(#wire, #value, #style, #explode, #allow_reserved))
        }
        Style::Header { explode } => quote!(request.header(#wire, #value, #explode)),
        Style::Cookie { explode } => quote!(request.cookie(#wire, #value, #explode)),
        Style::Json(place) => {
            let function = ident(match place {
                ParameterLocation::Path => "path_json",
                ParameterLocation::Query => "query_json",
                ParameterLocation::Header => "header_json",
                ParameterLocation::Cookie => "cookie_json",
            });
            quote!(request.#function(#wire, #value))
        }
    };
    if matches!(style, Style::Json(_)) && !required {
        // As JSON, `None` would be written as null.
        let put = put(quote!(value));
        quote!(if let Some(value) = &self.#field { #put; })
    } else {
        let put = put(quote!(&self.#field));
        quote!(#put;)
    }
}

fn path_style(scope: &Scope<'_>, style: PathStyle) -> TokenStream {
    let name = ident(match style {
        PathStyle::Simple => "Simple",
        PathStyle::Label => "Label",
        PathStyle::Matrix => "Matrix",
    });
    let ty = scope.item(PATH_STYLE);
    quote!(#ty::#name)
}

fn query_style(scope: &Scope<'_>, style: QueryStyle) -> TokenStream {
    let name = ident(match style {
        QueryStyle::Form => "Form",
        QueryStyle::SpaceDelimited => "SpaceDelimited",
        QueryStyle::PipeDelimited => "PipeDelimited",
        QueryStyle::DeepObject(ArrayForm::Indices) => "DeepObject",
        QueryStyle::DeepObject(ArrayForm::Brackets) => "DeepObjectBrackets",
        QueryStyle::DeepObject(ArrayForm::Repeat) => "DeepObjectRepeat",
    });
    let ty = scope.item(QUERY_STYLE);
    quote!(#ty::#name)
}

/// Returns the statement that writes the body.
fn encode_body(scope: &Scope<'_>, body: &Body, field: &FieldName) -> TokenStream {
    let Body {
        required,
        choices,
        choice_type,
        docs: _,
    } = body;
    let put = |value: TokenStream| match (choice_type, choices.as_slice()) {
        (Some(name), choices) => {
            let arms = choices.iter().map(|choice| {
                let variant = &choice.variant;
                let put = encode_choice(scope, choice, &quote!(body));
                quote!(#name::#variant(body) => #put,)
            });
            quote!(match #value { #(#arms)* })
        }
        (None, [choice, ..]) => {
            let put = encode_choice(scope, choice, &value);
            quote!(#put;)
        }
        (None, []) => TokenStream::new(),
    };
    if *required {
        put(quote!(&self.#field))
    } else {
        let put = put(quote!(body));
        quote!(if let Some(body) = &self.#field { #put })
    }
}

fn encode_choice(scope: &Scope<'_>, choice: &BodyChoice, value: &TokenStream) -> TokenStream {
    let BodyChoice {
        media_type,
        key: _,
        variant: _,
        codec,
        ty: _,
    } = choice;
    match codec {
        BodyCodec::Json => quote!(request.json(#media_type, #value)),
        BodyCodec::Text => quote!(request.text(#media_type, #value)),
        BodyCodec::EncodedText => quote!(request.encoded_text(#media_type, #value)),
        BodyCodec::Bytes if is_range(media_type) => {
            quote!(request.typed_bytes(#media_type, #value))
        }
        BodyCodec::Bytes => quote!(request.bytes(#media_type, #value)),
        BodyCodec::Form(fields) => {
            let fields = fields.iter().map(|field| form_field(scope, field));
            quote!(request.form(#media_type, #value, &[#(#fields),*]))
        }
        BodyCodec::Multipart(parts) => {
            let parts = parts.iter().filter_map(|part| multipart_part(scope, part));
            quote!(request.multipart(#media_type, #value, &[#(#parts),*]))
        }
    }
}

fn form_field(scope: &Scope<'_>, field: &FormField) -> TokenStream {
    let FormField { name, style } = field;
    let ty = scope.item(FORM_FIELD);
    match style {
        FieldStyle::Json => quote!(#ty::json(#name)),
        FieldStyle::Query {
            style,
            explode,
            allow_reserved,
        } => {
            let style = query_style(scope, *style);
            quote!(#ty::styled(#name, #style, #explode, #allow_reserved))
        }
    }
}

fn multipart_part(scope: &Scope<'_>, part: &Part) -> Option<TokenStream> {
    let Part {
        name,
        content_type,
        transfer_encoding,
        is_verbatim,
    } = part;
    let content_type = content_type.as_ref()?;
    let ty = scope.item(PART);
    let transfer_encoding = transfer_encoding
        .as_ref()
        .map(|encoding| quote!(.transfer_encoding(#encoding)));
    let verbatim = is_verbatim.then(|| quote!(.verbatim()));
    Some(quote!(#ty::new(#name, #content_type) #transfer_encoding #verbatim))
}
