//! Lints that depend on the document and may occur in the generated crate.
//!
//! Each is allowed only on the item that causes it. With `expect`, this code would have to
//! implement the exact rules of each lint.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::context::Context;
use crate::ident::ModuleName;
use crate::ir::{Type, Value};

/// Returns `#[deprecated]` for deprecated items.
pub(super) fn deprecated(deprecated: bool) -> Option<TokenStream> {
    deprecated.then(|| quote!(#[deprecated]))
}

/// Returns the attribute for modules of a crate with deprecated items, which the crate itself still
/// uses.
pub(super) fn uses_deprecated(context: &Context<'_>) -> Option<TokenStream> {
    context.plan.deprecates.then(|| {
        quote!(#[allow(deprecated, reason = "deprecated parts of the API are still read and written")])
    })
}

/// Returns the attribute for a function with many required arguments.
pub(super) fn too_many_arguments(count: usize) -> Option<TokenStream> {
    (count > 7).then(|| {
        quote!(#[allow(clippy::too_many_arguments, reason = "the document requires each of them")])
    })
}

/// Returns the attribute for a module with the name of its parent.
pub(super) fn module_inception(
    parent: Option<&ModuleName>,
    name: &ModuleName,
) -> Option<TokenStream> {
    (parent.map_or("types", ModuleName::as_str) == name.as_str()).then(|| {
        quote!(#[allow(clippy::module_inception, reason = "two schemas nested here have the same name")])
    })
}

/// Returns the attribute for a default function whose value is close to pi or e.
pub(super) fn approx_constant(value: &Value) -> Option<TokenStream> {
    has_constant(value).then(
        || quote!(#[allow(clippy::approx_constant, reason = "the number is from the document")]),
    )
}

fn has_constant(value: &Value) -> bool {
    use std::f64::consts as c;
    const CONSTANTS: &[f64] = &[
        c::E,
        c::FRAC_1_PI,
        c::FRAC_1_SQRT_2,
        c::FRAC_2_PI,
        c::FRAC_2_SQRT_PI,
        c::FRAC_PI_2,
        c::FRAC_PI_3,
        c::FRAC_PI_4,
        c::FRAC_PI_6,
        c::FRAC_PI_8,
        c::LN_2,
        c::LN_10,
        c::LOG10_2,
        c::LOG10_E,
        c::LOG2_10,
        c::LOG2_E,
        c::PI,
        c::SQRT_2,
        c::TAU,
        1.618_033_988_749_895,
    ];
    let near = |value: f64| CONSTANTS.iter().any(|c| (value.abs() - c).abs() < 0.01);
    match value {
        Value::Float(value) => near(*value),
        Value::Json(value) => has_constant_in_json(value, &near),
        Value::UnionVariant(_, _, value)
        | Value::Newtype(_, value)
        | Value::BodyChoice(_, _, value)
        | Value::Some(value)
        | Value::Box(value) => has_constant(value),
        Value::Vec(values) | Value::Tuple(values) => values.iter().any(has_constant),
        Value::Map(pairs) => pairs.iter().any(|(_, value)| has_constant(value)),
        Value::Struct {
            path: _,
            required,
            fields,
        } => {
            required.iter().any(has_constant) || fields.iter().any(|(_, value)| has_constant(value))
        }
        Value::Bool(_)
        | Value::Integer(_)
        | Value::Number(_)
        | Value::JsonText(_)
        | Value::String(_)
        | Value::Secret(_)
        | Value::Uri(_)
        | Value::Uuid(_)
        | Value::Date(..)
        | Value::DateTime(_)
        | Value::Base64(_)
        | Value::File(_)
        | Value::Null
        | Value::Variant(..)
        | Value::Unknown(..)
        | Value::None => false,
    }
}

fn has_constant_in_json(value: &serde_json::Value, near: &impl Fn(f64) -> bool) -> bool {
    match value {
        serde_json::Value::Number(number) => number.is_f64() && number.as_f64().is_some_and(near),
        serde_json::Value::Array(items) => {
            items.iter().any(|item| has_constant_in_json(item, near))
        }
        serde_json::Value::Object(entries) => entries
            .values()
            .any(|value| has_constant_in_json(value, near)),
        _ => false,
    }
}

/// Returns the attribute for an item with a type that clippy finds too complex.
pub(super) fn type_complexity<'a>(
    types: impl IntoIterator<Item = &'a Type>,
) -> Option<TokenStream> {
    // The measure of clippy, whose limit is 250; presence adds up to two levels of `Option`.
    fn score(ty: &Type, nest: u32) -> u32 {
        let inner = match ty {
            Type::Vec(ty) | Type::Option(ty) | Type::Box(ty) => score(ty, nest + 1),
            Type::Map(ty) => score(ty, nest + 1) + 10 * (nest + 1),
            Type::Tuple(types) => types.iter().map(|ty| score(ty, nest + 1)).sum(),
            Type::DateTime => 10 * (nest + 1),
            _ => 0,
        };
        10 * nest + inner
    }
    types.into_iter().any(|ty| score(ty, 3) > 220).then(
        || quote!(#[allow(clippy::type_complexity, reason = "the document nests it this deeply")]),
    )
}

/// Returns the attribute for an enum whose variants, given by their contents, differ much in size.
pub(super) fn large_enum_variant<'a>(
    context: &Context<'_>,
    variants: impl IntoIterator<Item = &'a [Type]>,
) -> Option<TokenStream> {
    let (mut first, mut second) = (0, 0);
    for types in variants {
        let size = types.iter().map(|ty| context.plan.sizes.size(ty)).sum();
        if size > first {
            (first, second) = (size, first);
        } else if size > second {
            second = size;
        }
    }
    // The limit of clippy is 200 bytes; the sizes are estimates.
    (first.saturating_sub(second) > 120).then(|| {
        quote!(#[allow(clippy::large_enum_variant, reason = "the document's schemas differ in size")])
    })
}
