//! Converts `ir::Value` to a Rust expression: the body of a default function, or an argument of an
//! example.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::scope::{Item, Scope, takes_into};
use crate::emit::context::Context;
use crate::ident::FieldName;
use crate::ir::{Type, TypePath, Value};

/// The maximum number of nodes in a JSON value written with `json!`, which expands recursively.
const MOST_NODES_IN_JSON_MACRO: usize = 24;

/// The maximum depth of nested macros for lists. Each is expanded inside of the outer ones, and
/// rustc allows at most 128 nested expansions.
const DEEPEST_MACROS: usize = 8;

/// The expected type of the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// Exactly the type of the value.
    Exact,
    /// An argument that is `impl Into` of the type.
    Into,
}

impl Target {
    /// Returns the target for an argument of this type.
    pub(super) fn new(ty: &Type) -> Self {
        if takes_into(ty) {
            Self::Into
        } else {
            Self::Exact
        }
    }
}

/// Returns the targets for the arguments of a struct's `new`.
fn targets_of_new(context: &Context<'_>, path: &TypePath) -> impl Iterator<Item = Target> {
    let fields = context
        .plan
        .structure(path)
        .map_or(&[][..], |shape| &shape.fields);
    let asked = fields.iter().filter(|field| field.is_argument_of_new());
    asked.map(|field| Target::new(&field.ty))
}

/// Returns the expression for a value.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of value")]
pub(super) fn expression(
    context: &Context<'_>,
    scope: &Scope<'_>,
    value: &Value,
    target: Target,
) -> TokenStream {
    let exact = |value: &Value| expression(context, scope, value, Target::Exact);
    match value {
        Value::Bool(value) => value.to_token_stream(),
        Value::Integer(value) => integer(*value),
        Value::Float(value) => float(*value),
        Value::Number(text) => number(scope, text),
        Value::String(text) if target == Target::Into => text.to_token_stream(),
        Value::String(text) => quote!(#text.to_owned()),
        Value::Secret(text) | Value::File(text) if target == Target::Into => text.to_token_stream(),
        Value::Secret(text) | Value::File(text) => quote!(#text.into()),
        Value::Uri(text) => parsed(scope, text, || {
            let uri = scope.item(Item::runtime("Uri"));
            quote!(#uri::verbatim(#text))
        }),
        Value::Uuid(text) => parsed(scope, text, || {
            let uuid = scope.krate("uuid");
            quote!(#uuid::uuid!(#text))
        }),
        Value::Date(year, month, day) => date(scope, *year, *month, *day),
        Value::DateTime(text) => parsed(scope, text, || {
            let date_time = scope.item(Item::DATE_TIME);
            quote!(#date_time::parse_from_rfc3339(#text).expect("a date-time of RFC 3339"))
        }),
        Value::Base64(bytes) => {
            let (base64, bytes) = (
                scope.item(Item::runtime("Base64")),
                Literal::byte_string(bytes),
            );
            quote!(#base64::from(#bytes.to_vec()))
        }
        Value::Json(value) => json(scope, value),
        Value::JsonText(text) => json_text(scope, text),
        Value::Null => quote!(()),
        Value::Variant(path, name) => {
            let path = scope.path(path);
            quote!(#path::#name)
        }
        Value::Unknown(path, text) => {
            let unknown = context.plan.open_variant(path);
            let path = scope.path(path);
            quote!(#path::#unknown(#text.to_owned()))
        }
        Value::UnionVariant(path, name, value) => {
            let (path, value) = (scope.path(path), exact(value));
            quote!(#path::#name(#value))
        }
        Value::Vec(items) if items.is_empty() => {
            let vec = scope.prelude("Vec");
            quote!(#vec::new())
        }
        Value::Vec(items) => {
            let items = items.iter().map(exact);
            quote!(vec![#(#items),*])
        }
        Value::Map(pairs) if pairs.is_empty() => {
            let map = scope.item(Item::BTREE_MAP);
            quote!(#map::new())
        }
        Value::Map(pairs) => {
            let map = scope.item(Item::BTREE_MAP);
            let entries = pairs.iter().map(|(key, value)| {
                let value = exact(value);
                quote!((#key.to_owned(), #value))
            });
            quote!(#map::from([#(#entries),*]))
        }
        Value::Struct {
            path,
            required,
            fields,
        } => structure(context, scope, path, required, fields),
        Value::Newtype(path, value) => {
            let (path, value) = (scope.path(path), exact(value));
            quote!(#path(#value))
        }
        Value::BodyChoice(name, variant, value) => {
            let operations = scope.item(Item::new("crate", "operations"));
            let value = exact(value);
            quote!(#operations::#name::#variant(#value))
        }
        Value::Some(value) => {
            let value = exact(value);
            quote!(Some(#value))
        }
        Value::None => quote!(None),
        Value::Box(value) if target == Target::Into => exact(value),
        Value::Box(value) => {
            let (boxed, value) = (scope.prelude("Box"), exact(value));
            quote!(#boxed::new(#value))
        }
        Value::Tuple(values) => {
            let values = values.iter().map(exact);
            quote!((#(#values,)*))
        }
    }
}

fn structure(
    context: &Context<'_>,
    scope: &Scope<'_>,
    path: &TypePath,
    required: &[Value],
    fields: &[(FieldName, Value)],
) -> TokenStream {
    let name = scope.path(path);
    let targets = targets_of_new(context, path);
    let required: Vec<TokenStream> = required
        .iter()
        .zip(targets.chain(std::iter::repeat(Target::Exact)))
        .map(|(value, target)| expression(context, scope, value, target))
        .collect();
    let set = fields.iter().map(|(name, value)| {
        let value = expression(context, scope, value, Target::Exact);
        quote!(#name: #value,)
    });
    // All fields are set, so an update base would be redundant.
    let is_whole = context.plan.field_count(path) == Some(fields.len());
    match (required.as_slice(), fields) {
        _ if is_whole => quote!(#name { #(#set)* }),
        ([], []) => quote!(#name::default()),
        ([], _) => {
            let default = scope.prelude("Default");
            quote!(#name { #(#set)* ..#default::default() })
        }
        (required, []) => quote!(#name::new(#(#required),*)),
        (required, _) => quote!(#name { #(#set)* ..#name::new(#(#required),*) }),
    }
}

fn date(scope: &Scope<'_>, year: i32, month: u32, day: u32) -> TokenStream {
    let text = format!("{year:04}-{month:02}-{day:02}");
    parsed(scope, &text, || {
        let date = scope.item(Item::NAIVE_DATE);
        let (year, month, day) = (
            integer(year.into()),
            integer(month.into()),
            integer(day.into()),
        );
        quote!(const { #date::from_ymd_opt(#year, #month, #day).expect("a day of the calendar") })
    })
}

/// Returns the expression for validated text: parsed if errors can be propagated, else from `item`.
fn parsed(scope: &Scope<'_>, text: &str, item: impl FnOnce() -> TokenStream) -> TokenStream {
    if scope.is_example() {
        quote!(#text.parse()?)
    } else {
        item()
    }
}

/// Returns the expression for a number of any size; a literal for a short one.
fn number(scope: &Scope<'_>, text: &str) -> TokenStream {
    match text.parse::<i32>() {
        Ok(value) => {
            let (number, value) = (scope.item(Item::runtime("Number")), integer(value.into()));
            quote!(#number::from(#value))
        }
        Err(_) => parsed(
            scope,
            text,
            || quote!(#text.parse().expect("a number of JSON")),
        ),
    }
}

fn integer(value: i128) -> TokenStream {
    let minus = (value < 0).then(|| quote!(-));
    let digits = Literal::u128_unsuffixed(value.unsigned_abs());
    quote!(#minus #digits)
}

fn float(value: f64) -> TokenStream {
    if !value.is_finite() {
        // JSON cannot represent the number.
        return quote!(0.0);
    }
    let minus = value.is_sign_negative().then(|| quote!(-));
    let absolute = value.abs();
    // Write 1e30 instead of all its zeros.
    let large = absolute >= 1e16 || (absolute < 1e-6 && absolute > 0.0);
    let digits = large
        .then(|| format!("{absolute:e}").parse().ok())
        .flatten()
        .unwrap_or_else(|| Literal::f64_unsuffixed(absolute));
    quote!(#minus #digits)
}

/// Returns the expression for a `Json` value.
pub(super) fn json(scope: &Scope<'_>, value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::Array(_) | serde_json::Value::Object(_)
            if nodes(value, MOST_NODES_IN_JSON_MACRO) <= MOST_NODES_IN_JSON_MACRO
                && !is_deeper(value, DEEPEST_MACROS) =>
        {
            let json = scope.item(Item::new("crate", "json"));
            let literal = json_literal(value);
            quote!(#json!(#literal))
        }
        serde_json::Value::Null => {
            let json = scope.json();
            quote!(#json::Null)
        }
        serde_json::Value::Array(items) => {
            let name = scope.json();
            let expressions = items.iter().map(|item| json(scope, item));
            if items.iter().any(|item| is_deeper(item, DEEPEST_MACROS)) {
                quote!(#name::Array(Vec::from([#(#expressions),*])))
            } else {
                quote!(#name::Array(vec![#(#expressions),*]))
            }
        }
        serde_json::Value::Object(entries) => {
            let name = scope.json();
            let entries = entries.iter().map(|(key, value)| {
                let value = json(scope, value);
                quote!((#key, #value))
            });
            quote!(#name::from([#(#entries),*]))
        }
        scalar => {
            let (json, literal) = (scope.json(), json_literal(scalar));
            quote!(#json::from(#literal))
        }
    }
}

/// Returns the expression for a `Json` value from its text: `json!` does not support numbers with
/// more digits than a literal.
fn json_text(scope: &Scope<'_>, text: &str) -> TokenStream {
    let json = scope.json();
    if scope.is_example() {
        quote!(#text.parse::<#json>()?)
    } else {
        quote!(#text.parse::<#json>().expect("it is JSON"))
    }
}

/// Returns the number of nodes in a value. Counting stops above the limit.
fn nodes(value: &serde_json::Value, limit: usize) -> usize {
    let mut count = 0;
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        count += 1;
        if count > limit {
            break;
        }
        match value {
            serde_json::Value::Array(items) => rest.extend(items),
            serde_json::Value::Object(entries) => rest.extend(entries.values()),
            _ => {}
        }
    }
    count
}

/// Returns `true` if lists and objects are nested more than `levels` deep.
fn is_deeper(value: &serde_json::Value, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else {
        return value.is_array() || value.is_object();
    };
    match value {
        serde_json::Value::Array(items) => items.iter().any(|item| is_deeper(item, below)),
        serde_json::Value::Object(entries) => entries.values().any(|item| is_deeper(item, below)),
        _ => false,
    }
}

/// Returns a value as input of the `json!` macro.
pub(super) fn json_literal(value: &serde_json::Value) -> TokenStream {
    match value {
        serde_json::Value::Null => quote!(null),
        serde_json::Value::Bool(value) => value.to_token_stream(),
        serde_json::Value::Number(number) => number_literal(number),
        serde_json::Value::String(text) => text.to_token_stream(),
        serde_json::Value::Array(items) => {
            let items = items.iter().map(single_token);
            quote!([#(#items),*])
        }
        serde_json::Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                let value = single_token(value);
                quote!(#key: #value)
            });
            quote!({#(#entries),*})
        }
    }
}

/// Returns a value as a single token for `json!`: a negative number is in parentheses.
fn single_token(value: &serde_json::Value) -> TokenStream {
    let literal = json_literal(value);
    if literal.clone().into_iter().nth(1).is_some() {
        quote!((#literal))
    } else {
        literal
    }
}

fn number_literal(number: &serde_json::Number) -> TokenStream {
    // An unsuffixed literal would be an `i32`.
    if let Some(value) = number.as_u64() {
        match i32::try_from(value) {
            Ok(value) => Literal::i32_unsuffixed(value).to_token_stream(),
            Err(_) => Literal::u64_suffixed(value).to_token_stream(),
        }
    } else if let Some(value) = number.as_i64() {
        match (i32::try_from(value), value.checked_abs()) {
            (Ok(_), _) => integer(value.into()),
            (Err(_), Some(absolute)) => {
                let digits = Literal::i64_suffixed(absolute);
                quote!(-#digits)
            }
            (Err(_), None) => quote!(i64::MIN),
        }
    } else {
        float(number.as_f64().unwrap_or_default())
    }
}
