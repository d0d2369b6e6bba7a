//! Enums of values.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs::{Doc, code};
use super::super::scope::{Scope, plain};
use super::head::Head;
use crate::ir::{Enum, Repr, Variant};

pub(super) fn enumeration(scope: &Scope<'_>, head: &Head<'_>, shape: &Enum) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits: _,
    } = head;
    let derives = head.derives();
    let Enum {
        repr,
        variants,
        open,
    } = shape;
    let variants = variants.iter().map(|variant| {
        let Variant { name, value, docs } = variant;
        let doc = Doc::of(docs);
        let doc = match value {
            serde_json::Value::String(text) if text.is_empty() => {
                doc.or(|| "The empty string".to_owned())
            }
            serde_json::Value::String(text) if is_spelled_as(text, plain(name.as_str())) => doc,
            serde_json::Value::String(text) => doc.or(|| code(text)),
            value => doc.or(|| code(&value.to_string())),
        };
        let doc = doc.outer();
        quote!(#doc #name,)
    });
    let open = open.as_ref().map(|name| {
        let ty = match repr {
            Repr::Text => scope.prelude("String"),
            Repr::Integer => quote!(i64),
            Repr::Json => scope.json(),
        };
        let doc = Doc::from("A value that the document does not list.").outer();
        quote!(#doc #name(#ty),)
    });
    quote! {
        #doc
        #deprecated
        #derives
        pub enum #name {
            #(#variants)*
            #open
        }
    }
}

/// Returns true if a name has the letters and digits of a text, ignoring case and separators.
fn is_spelled_as(text: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(text) == letters(name)
}
