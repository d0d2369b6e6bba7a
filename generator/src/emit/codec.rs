//! The JSON encoding of types: a table for the runtime's macros, with a row for each property.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use serde_json::Value as Json;

use super::docs::Doc;
use super::scope::{Item, Scope, ident};
use super::value_expression::{json, json_literal};
use crate::emit::context::Context;
use crate::emit::generated_file::{GeneratedFile, rust};
use crate::ir::{
    Additional, Api, Content, Enum, Field, Kinds, Presence, Repr, Shape, Struct, TagSource,
    Tagging, Type, TypeDef, TypePath, Union, UnionVariant, Variant,
};

/// Returns `src/codec.rs`, or `src/codec/mod.rs` with a file for each part.
pub(super) fn files<'a>(context: &'a Context<'_>, api: &'a Api) -> Vec<GeneratedFile<'a>> {
    let doc = || {
        Doc::from("The JSON encoding of the types: one table per type, one row per property.")
            .inner()
    };
    let names = context.plan.layout.parts();
    if names.is_empty() {
        return vec![rust("src/codec.rs", move |out| {
            out(doc());
            tables(context, api.declared(), out);
        })];
    }
    let mut parts: Vec<Vec<&TypeDef>> = vec![Vec::new(); names.len()];
    for def in api.declared() {
        if let Some(part) = parts.get_mut(context.plan.layout.part_of(&def.path)) {
            part.push(def);
        }
    }
    let mut files = Vec::with_capacity(names.len() + 1);
    let mut modules = Vec::with_capacity(names.len());
    for (name, part) in names.iter().zip(parts) {
        if part.iter().all(|def| matches!(def.shape, Shape::Alias(_))) {
            continue;
        }
        modules.push(name);
        files.push(rust(&format!("src/codec/{name}.rs"), |out| {
            tables(context, part.into_iter(), out);
        }));
    }
    files.push(rust("src/codec/mod.rs", move |out| {
        out(doc());
        for name in modules {
            // As in `types`: a tag may have the name of a keyword.
            let module_name = ident(&format!("{name}_"));
            let file = format!("{name}.rs");
            out(quote!(#[path = #file] mod #module_name;));
        }
    }));
    files
}

/// Writes a table for each type, and the `use` lines.
fn tables<'a>(
    context: &Context<'_>,
    types: impl Iterator<Item = &'a TypeDef>,
    out: &mut dyn FnMut(TokenStream),
) {
    let scope = Scope::of_crate(HashSet::new());
    types.for_each(|def| out(table(&scope, context, def)));
    out(scope.uses());
}

fn table(scope: &Scope<'_>, context: &Context<'_>, def: &TypeDef) -> TokenStream {
    let TypeDef {
        path,
        docs: _,
        deprecated: _,
        shape,
        same_as: _,
    } = def;
    match shape {
        Shape::Struct(shape) => object(scope, context, &scope.path(path), shape),
        Shape::Enum(shape) => enumeration(scope, &scope.path(path), shape),
        Shape::Union(shape) => union(scope, context, &scope.path(path), shape),
        Shape::Newtype(_) => {
            let path = scope.path(path);
            let newtype = macro_name(scope, "newtype");
            quote!(#newtype! { #path })
        }
        // An alias is encoded as its target.
        Shape::Alias(_) => TokenStream::new(),
    }
}

fn macro_name(scope: &Scope<'_>, name: &'static str) -> TokenStream {
    scope.item(Item::new("crate::runtime::codec", name))
}

fn object(
    scope: &Scope<'_>,
    context: &Context<'_>,
    path: &TokenStream,
    shape: &Struct,
) -> TokenStream {
    let Struct {
        constants,
        fields,
        additional,
    } = shape;
    let constants = constants.iter().map(|constant| {
        let wire = &constant.wire;
        let value = constant_value(scope, &constant.value);
        quote!(const #wire: #value,)
    });
    let rows = fields.iter().map(|field| {
        let Field {
            name,
            ty,
            presence,
            default,
            docs: _,
            deprecated: _,
        } = field;
        let (wire, rust) = (&name.wire, &name.rust);
        let of_server = default.as_ref().is_some_and(|default| default.of_server);
        let default = default.as_ref().map(|default| &default.name);
        let presence = match (presence, default) {
            (Presence::Defaulted, Some(function)) if context.plan.is_any(ty) && of_server => {
                quote!(server_default_any(#function))
            }
            (Presence::Defaulted, Some(function)) if context.plan.is_any(ty) => {
                quote!(default_any(#function))
            }
            (Presence::Preset, Some(function)) if context.plan.is_any(ty) => {
                quote!(preset_any(#function))
            }
            (Presence::Defaulted, Some(function)) if of_server => {
                quote!(server_default(#function))
            }
            (Presence::Defaulted, Some(function)) => quote!(default(#function)),
            (Presence::NullableDefaulted, Some(function)) if of_server => {
                quote!(server_default_nullable(#function))
            }
            (Presence::NullableDefaulted, Some(function)) => quote!(default_nullable(#function)),
            (Presence::Preset, Some(function)) => quote!(preset(#function)),
            (Presence::NullablePreset, Some(function)) => quote!(preset_nullable(#function)),
            (Presence::Optional, _) if context.plan.is_any(ty) => quote!(optional_any),
            (Presence::NullableDefaulted, None) | (Presence::Optional, _) => quote!(optional),
            (Presence::Nullable, _) | (Presence::NullablePreset, None) => quote!(nullable),
            (Presence::OptionalNullable, _) => quote!(optional_nullable),
            (Presence::Required, _) | (Presence::Defaulted | Presence::Preset, None) => {
                quote!(required)
            }
        };
        quote!(#wire #rust: #presence,)
    });
    let unknown = match additional {
        Additional::Ignored => quote!(open),
        Additional::Unexpected => quote!(tolerant),
        Additional::Refused => quote!(closed),
        Additional::Kept { field, value: _ } => quote!(kept(#field)),
    };
    let object = macro_name(scope, "object");
    quote!(#object! { #path, #unknown { #(#constants)* #(#rows)* } })
}

/// Returns the expression that the runtime compares with JSON and writes.
fn constant_value(scope: &Scope<'_>, value: &Json) -> TokenStream {
    match value {
        Json::Array(_) | Json::Object(_) => json(scope, value),
        scalar => json_literal(scalar),
    }
}

fn enumeration(scope: &Scope<'_>, path: &TokenStream, shape: &Enum) -> TokenStream {
    let Enum {
        repr,
        variants,
        open,
    } = shape;
    let rows = variants.iter().map(|variant| {
        let Variant {
            name,
            value,
            docs: _,
        } = variant;
        let value = match (repr, value) {
            (Repr::Text, Json::String(text)) => quote!(#text),
            (Repr::Integer, value) => integer(value),
            (Repr::Text | Repr::Json, value) => {
                let json = value.to_string();
                quote!(#json)
            }
        };
        quote!(#value #name,)
    });
    let kind = match open {
        None => quote!(closed),
        Some(unknown) => quote!(open(#unknown)),
    };
    let name = scope.item(match repr {
        Repr::Text => Item::new("crate::runtime::text_enum", "text_enum"),
        Repr::Integer => Item::new("crate::runtime::integer_enum", "integer_enum"),
        Repr::Json => Item::new("crate::runtime::json_enum", "json_enum"),
    });
    quote!(#name! { #path, #kind { #(#rows)* } })
}

fn integer(value: &Json) -> TokenStream {
    let value = value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
        .unwrap_or_default();
    let minus = (value < 0).then(|| quote!(-));
    let digits = Literal::u128_unsuffixed(value.unsigned_abs());
    quote!(#minus #digits)
}

fn union(
    scope: &Scope<'_>,
    context: &Context<'_>,
    path: &TokenStream,
    shape: &Union,
) -> TokenStream {
    let Union {
        variants,
        tagging,
        other,
    } = shape;
    let rows = variants.iter().map(|variant| {
        let UnionVariant {
            name,
            ty,
            tags,
            tag_source,
            docs: _,
        } = variant;
        match tagging {
            Tagging::Property(_) => {
                let source = match tag_source {
                    TagSource::Branch => quote!(writes_tag),
                    TagSource::Union => TokenStream::new(),
                    TagSource::Either(None) => quote!(checks_tag),
                    TagSource::Either(Some(value)) => {
                        let value = json_literal(value);
                        quote!(checks_tag(#value))
                    }
                };
                quote!(#name: #(#tags)|* #source,)
            }
            Tagging::Untagged => {
                let kinds = kinds(context, ty);
                quote!(#name: #(#kinds)|*,)
            }
        }
    });
    let other = other.as_ref().map(|name| quote!(, other(#name)));
    match tagging {
        Tagging::Property(property) => {
            let union = scope.item(Item::new("crate::runtime::tagged_union", "tagged_union"));
            quote!(#union! { #path, #property #other { #(#rows)* } })
        }
        Tagging::Untagged => {
            let union = scope.item(Item::new(
                "crate::runtime::untagged_union",
                "untagged_union",
            ));
            quote!(#union! { #path #other { #(#rows)* } })
        }
    }
}

/// Returns the keywords for a branch of this type in the table of an untagged union.
fn kinds(context: &Context<'_>, ty: &Type) -> Vec<Ident> {
    let shape = |path: &TypePath| context.plan.definitions.get(path).copied();
    let words = match Content::of_type(ty, shape) {
        Content::Struct => vec!["struct"],
        Content::Map => vec!["map"],
        Content::Any => vec!["any"],
        Content::Other => Kinds::of_type(ty, shape).words().collect(),
    };
    // A type without values is tried like any other, and fails.
    let words = if words.is_empty() { vec!["any"] } else { words };
    let words = words.into_iter();
    words
        .map(|word| Ident::new(word, Span::call_site()))
        .collect()
}
