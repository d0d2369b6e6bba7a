//! Unions.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs;
use super::super::lints;
use super::super::scope::{Item, Scope};
use super::docs_and_derives::Head;
use crate::emit::context::Context;
use crate::ir::{Union, UnionVariant};

const FROM_BRANCHES: Item = Item::new("crate::runtime::from_branches", "from_branches");

pub(super) fn union(
    context: &Context<'_>,
    scope: &Scope<'_>,
    head: &Head<'_>,
    shape: &Union,
) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits,
    } = head;
    let Union {
        variants,
        tagging: _,
        other,
    } = shape;
    let types = || variants.iter().map(|variant| &variant.ty);
    let complexity = lints::type_complexity(types());
    let size = lints::large_enum_variant(context, types().map(std::slice::from_ref));
    let members = variants.iter().map(|variant| {
        let UnionVariant {
            name,
            ty,
            tags: _,
            tag_source: _,
            docs: _,
        } = variant;
        let doc = docs::types::union_variant(variant).outer();
        let ty = scope.ty(ty);
        quote!(#doc #name(#ty),)
    });
    let other = other.as_ref().map(|name| {
        let doc = docs::types::other_branch().outer();
        let json = scope.json();
        quote!(#doc #name(#json),)
    });
    let derives = head.derives();
    let from = traits.from_branches.then(|| {
        let from_branches = scope.item(FROM_BRANCHES);
        let branches = variants.iter().map(|variant| {
            let (name, ty) = (&variant.name, scope.ty(variant.ty.unboxed()));
            quote!(#name(#ty),)
        });
        quote!(#from_branches! { #name { #(#branches)* } })
    });
    quote! {
        #doc
        #deprecated
        #complexity
        #size
        #derives
        pub enum #name {
            #(#members)*
            #other
        }
        #from
    }
}
