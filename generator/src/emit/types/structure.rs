//! Structs, their defaults and their `new`.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::docs;
use super::super::lints;
use super::super::scope::{Item, Scope};
use super::super::value_expression::{Target, expression};
use super::docs_and_derives::Head;
use crate::emit::context::Context;
use crate::ident::TypeName;
use crate::ir::{Additional, DefaultFunction, Field, Presence, Struct, Type};
use crate::plan::DefaultImpl;

/// Returns a property's type with the `Option` of its presence.
fn field_type(scope: &Scope<'_>, ty: &Type, presence: Presence) -> TokenStream {
    let plain = scope.ty(ty);
    match presence {
        Presence::Required | Presence::Defaulted | Presence::Preset => plain,
        Presence::Nullable
        | Presence::Optional
        | Presence::NullableDefaulted
        | Presence::NullablePreset => scope.option(&plain),
        Presence::OptionalNullable => scope.option(&scope.option(&plain)),
    }
}

pub(super) fn structure(
    context: &Context<'_>,
    scope: &Scope<'_>,
    head: &Head<'_>,
    shape: &Struct,
) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits,
    } = head;
    let Struct {
        constants: _,
        fields,
        additional,
    } = shape;
    let derives = head.derives();
    let complexity = lints::type_complexity(fields.iter().map(|field| &field.ty));
    let members = fields.iter().map(|field| member(scope, field));
    let kept = match additional {
        Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
        Additional::Kept { field, value } => {
            let doc = docs::types::additional().outer();
            let map = scope.map(value);
            Some(quote!(#doc pub #field: #map,))
        }
    };
    let functions = fields.iter().filter_map(|field| {
        let default = field.default.as_ref()?;
        Some(default_function(context, scope, field, default))
    });
    let has_constructor = traits.default == DefaultImpl::None;
    let constructor = has_constructor.then(|| constructor(scope, name, shape));
    let functions: Vec<TokenStream> = functions.collect();
    let inherent = (!functions.is_empty()).then(|| quote!(impl #name { #(#functions)* }));
    let default = (traits.default == DefaultImpl::Written).then(|| {
        let default = scope.prelude("Default");
        let values = values_of_others(scope, shape);
        quote! {
            impl #default for #name {
                fn default() -> Self {
                    Self { #(#values)* }
                }
            }
        }
    });
    quote! {
        #doc
        #deprecated
        #complexity
        #derives
        pub struct #name {
            #(#members)*
            #kept
        }
        #constructor
        #inherent
        #default
    }
}

fn member(scope: &Scope<'_>, field: &Field) -> TokenStream {
    let Field {
        name,
        ty,
        presence,
        default: _,
        docs: _,
        deprecated,
    } = field;
    let doc = docs::types::field(field).outer();
    let deprecated = lints::deprecated(*deprecated);
    let ty = field_type(scope, ty, *presence);
    let name = &name.rust;
    quote!(#doc #deprecated pub #name: #ty,)
}

fn default_function(
    context: &Context<'_>,
    scope: &Scope<'_>,
    field: &Field,
    default: &DefaultFunction,
) -> TokenStream {
    let DefaultFunction {
        name,
        value,
        wire: _,
        of_server: _,
    } = default;
    let ty = match field.presence {
        Presence::NullableDefaulted | Presence::NullablePreset => {
            scope.option(&scope.ty(&field.ty))
        }
        _ => scope.ty(&field.ty),
    };
    let allowed = lints::approx_constant(value);
    let doc = docs::types::default_function(field, default).outer();
    let value = expression(context, scope, value, Target::Exact);
    quote! {
        #doc
        #allowed
        pub fn #name() -> #ty {
            #value
        }
    }
}

/// Returns the table that generates the type's `new`.
fn constructor(scope: &Scope<'_>, name: &TypeName, shape: &Struct) -> TokenStream {
    let asked = shape
        .fields
        .iter()
        .filter(|field| field.is_argument_of_new());
    let arguments = asked.map(|field| {
        let name = &field.name.rust;
        let ty = match field.presence {
            // Without a default function, the argument has the plain type.
            Presence::NullableDefaulted | Presence::NullablePreset => scope.ty(&field.ty),
            _ => scope.argument(name, &field.ty).0,
        };
        quote!(#name: #ty,)
    });
    let values = values_of_others(scope, shape);
    let others = (!values.is_empty()).then(|| quote!(sets(#(#values)*)));
    let constructor = scope.item(CONSTRUCTOR);
    quote!(#constructor! { #name(#(#arguments)*) #others })
}

/// Returns the initial values of all optional and defaulted fields.
fn values_of_others(scope: &Scope<'_>, shape: &Struct) -> Vec<TokenStream> {
    let Struct {
        constants: _,
        fields,
        additional,
    } = shape;
    let others = fields.iter().filter(|field| !field.is_argument_of_new());
    let values = others.map(|field| {
        let name = &field.name.rust;
        if let Some(DefaultFunction { name: function, .. }) = field.initial_value() {
            quote!(#name: Self::#function(),)
        } else {
            quote!(#name: None,)
        }
    });
    let kept = match additional {
        Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
        Additional::Kept { field, .. } => {
            let map = scope.item(Item::BTREE_MAP);
            Some(quote!(#field: #map::new(),))
        }
    };
    values.chain(kept).collect()
}

const CONSTRUCTOR: Item = Item::new("crate::runtime::constructor", "constructor");
