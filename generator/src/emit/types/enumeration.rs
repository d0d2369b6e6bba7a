//! Enums of values.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs;
use super::super::scope::Scope;
use super::docs_and_derives::Head;
use crate::ir::{Enum, Repr};

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
        let doc = docs::types::enum_variant(variant).outer();
        let name = &variant.name;
        quote!(#doc #name,)
    });
    let open = open.as_ref().map(|name| {
        let ty = match repr {
            Repr::Text => scope.prelude("String"),
            Repr::Integer => quote!(i64),
            Repr::Json => scope.json(),
        };
        let doc = docs::types::unknown_value().outer();
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
