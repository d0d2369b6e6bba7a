//! The docs of types and their members.

use serde_json::Value as Json;

use super::Doc;
use super::escape::code;
use crate::emit::scope::plain;
use crate::ident::ModuleName;
use crate::ir::{
    Constant, DefaultFunction, Field, Owner, Presence, Shape, TypeDef, TypePath, UnionVariant,
    Variant,
};

/// Returns the docs of the file with all types.
pub(in crate::emit) fn file() -> Doc {
    Doc::from("The schemas of the document, as plain data. Their JSON encoding is in `codec.rs`.")
}

/// Returns the docs of a module of inline schemas in another module.
pub(in crate::emit) fn inline_schemas(owner: Option<&Owner>, parent: &[ModuleName]) -> Doc {
    Doc::from(match owner {
        Some(Owner::Type(TypePath { modules, name })) if modules == parent => {
            format!("Inline schemas of [`{name}`].")
        }
        Some(Owner::Type(TypePath { modules: _, name })) => {
            format!("Inline schemas of `{name}`.")
        }
        Some(Owner::Operation(name)) => {
            format!("Inline schemas of the operation {}.", code(name))
        }
        None => "Inline schemas of other schemas.".to_owned(),
    })
}

/// Returns the docs of a type, with those of its constants.
pub(in crate::emit) fn type_docs(def: &TypeDef) -> Doc {
    let mut doc = Doc::of_item(&def.docs);
    if let Shape::Struct(shape) = &def.shape {
        for constant in &shape.constants {
            doc.append(constant_line(constant));
        }
    }
    doc
}

fn constant_line(constant: &Constant) -> Doc {
    let Constant {
        wire,
        value,
        docs,
        deprecated,
    } = constant;
    let word = if *deprecated { ", and deprecated" } else { "" };
    let (name, value) = (code(wire), code(&value.to_string()));
    Doc::of_item(docs).headed(&format!("{name} is always {value}{word}"))
}

/// Returns the docs of a field, with its default.
pub(in crate::emit) fn field(field: &Field) -> Doc {
    let Field {
        name,
        docs,
        default,
        ..
    } = field;
    let mut doc = Doc::of_item(docs).or_wire(&name.wire, name.rust.as_str());
    if let Some(DefaultFunction { wire, .. }) = default {
        doc.paragraph(format!("Default: {}", code(wire)));
    }
    doc
}

/// Returns the docs of the field with the properties that the schema does not declare.
pub(in crate::emit) fn additional() -> Doc {
    Doc::from("Properties that the schema does not declare.")
}

/// Returns the docs of a field's default function.
pub(in crate::emit) fn default_function(field: &Field, default: &DefaultFunction) -> Doc {
    let link = plain(field.name.rust.as_str());
    let mut doc = Doc::from(format!("The default of [`{link}`](Self::{link})."));
    doc.paragraph(match field.presence {
        Presence::Defaulted | Presence::NullableDefaulted if default.of_server => {
            "Requests omit a value equal to it."
        }
        Presence::Defaulted | Presence::NullableDefaulted => {
            "Requests omit a value equal to it, unless \
             [`explicit_defaults`](crate::ClientBuilder::explicit_defaults) is set."
        }
        Presence::Preset | Presence::NullablePreset => "Requests always contain the property.",
        Presence::Required
        | Presence::Nullable
        | Presence::Optional
        | Presence::OptionalNullable => "A request without the property does not change it.",
    });
    doc
}

/// Returns the docs of a value of an enum: the value, if the name does not tell it.
pub(in crate::emit) fn enum_variant(variant: &Variant) -> Doc {
    let Variant { name, value, docs } = variant;
    let doc = Doc::of_item(docs);
    match value {
        Json::String(text) if text.is_empty() => doc.or(|| "The empty string".to_owned()),
        Json::String(text) if is_spelled_as(text, plain(name.as_str())) => doc,
        Json::String(text) => doc.or(|| code(text)),
        value => doc.or(|| code(&value.to_string())),
    }
}

/// Returns `true` if a name has the letters and digits of a text, ignoring case and separators.
fn is_spelled_as(text: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(text) == letters(name)
}

/// Returns the docs of the variant of an open enum that keeps other values.
pub(in crate::emit) fn unknown_value() -> Doc {
    Doc::from("A value that the document does not list.")
}

/// Returns the docs of a branch of a union.
pub(in crate::emit) fn union_variant(variant: &UnionVariant) -> Doc {
    let UnionVariant { name, docs, .. } = variant;
    Doc::of_item(docs).or(|| format!("The branch `{name}`."))
}

/// Returns the docs of the variant of a union that keeps other values.
pub(in crate::emit) fn other_branch() -> Doc {
    Doc::from("Unrecognized variant, kept as raw JSON.")
}
