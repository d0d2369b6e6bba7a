//! A value for every schema: the document's own example, else one made from the schema.

use serde_json::{Map, Value as Json, json};

use crate::document::{Rest, SchemaNode, SchemaType, SchemaView};

use super::facets::Facets;

/// Deeper than this, an example says no more.
const DEEPEST: usize = 6;

/// The document's example of a schema, or one put together from those of its parts.
pub(super) fn of(node: &SchemaNode<'_>, hint: &str) -> Option<Json> {
    at_depth(node, hint, 0)
}

fn at_depth(node: &SchemaNode<'_>, hint: &str, depth: usize) -> Option<Json> {
    let own = node
        .inline()
        .and_then(|view| view.examples().first().copied().cloned());
    if own.is_some() {
        return own;
    }
    if depth > DEEPEST {
        return None;
    }
    let facets = Facets::of(&node.follow()?);
    if let Some(example) = facets.last(|view| view.examples().first().copied().cloned()) {
        return Some(example);
    }
    let scratch = &mut crate::diagnostic::Diagnostics::default();
    if let Some(value) = facets
        .enumeration()
        .and_then(|values| values.into_iter().find(|value| !value.is_null()))
    {
        return Some(value);
    }
    if let Some(branch) = facets
        .unions
        .first()
        .and_then(|union| union.branches.first())
        && facets.parts.len() == 1
    {
        return at_depth(branch, hint, depth + 1);
    }
    match facets.value_type(scratch) {
        Some(SchemaType::Object) => object(&facets, depth),
        None if facets.is_object() => object(&facets, depth),
        Some(SchemaType::Array) => {
            let least = facets.last(SchemaView::min_items).unwrap_or_default();
            let Some(Rest::Schema(item)) = facets.last(|view| Some(view.items())) else {
                return Some(json!([]));
            };
            let shown =
                Facets::of(&item.follow()?).last(|view| view.examples().first().copied().cloned());
            match shown {
                _ if least > 0 => Some(Json::Array(vec![at_depth(&item, hint, depth + 1)?; least])),
                Some(item) => Some(json!([item])),
                None => Some(json!([])),
            }
        }
        Some(SchemaType::Boolean) => Some(json!(true)),
        Some(SchemaType::Integer | SchemaType::Number) => {
            let least = facets.last(SchemaView::minimum);
            let most = facets
                .last(SchemaView::maximum)
                .and_then(|bound| bound.value.as_f64());
            Some(
                match least
                    .and_then(|bound| bound.value.as_f64().map(|value| (value, bound.exclusive)))
                {
                    Some((value, exclusive)) => whole(value + if exclusive { 1.0 } else { 0.0 }),
                    None => whole(most.map_or(1.0, |most| most.min(1.0))),
                },
            )
        }
        Some(SchemaType::String) => Some(Json::String(text(&facets, hint))),
        None => Some(json!({})),
    }
}

/// The properties that have an example, and those that are required.
fn object(facets: &Facets<'_>, depth: usize) -> Option<Json> {
    let object = facets.object();
    let mut members = Map::new();
    for (name, nodes) in &object.properties {
        let Some(node) = nodes.last() else { continue };
        let shown = node
            .inline()
            .is_some_and(|view| !view.examples().is_empty() && !view.read_only());
        let required = object.required.contains(name);
        if shown || required {
            match at_depth(node, name, depth + 1) {
                Some(example) => {
                    members.insert((*name).to_owned(), example);
                }
                None if required => return None,
                None => {}
            }
        }
    }
    Some(Json::Object(members))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be whole and small"
)]
fn whole(value: f64) -> Json {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        json!(value as i64)
    } else {
        json!(value)
    }
}

fn text(facets: &Facets<'_>, hint: &str) -> String {
    let text = match facets.last(SchemaView::format).unwrap_or_default() {
        "uri" | "url" => "https://example.com",
        "uuid" => "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12",
        "date" => "2024-01-31",
        "date-time" => "2024-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "email" => "person@example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "hostname" => "example.com",
        "byte" => "aGVsbG8=",
        _ => hint,
    };
    let mut text = text.to_owned();
    if let Some(least) = facets.last(SchemaView::min_length) {
        // A length of a million is not worth a million letters of documentation.
        while text.chars().count() < least.min(200) {
            text.push('x');
        }
    }
    if let Some(most) = facets.last(SchemaView::max_length) {
        text = text.chars().take(most).collect();
    }
    text
}
