//! Lowers `enum` and `const` to an enum (wire rule 5).

use std::collections::HashSet;

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{SchemaType, SchemaView};
use crate::ident::TypeName;
use crate::ir::{Docs, Enum, Repr, Variant};

use super::all_of::MergedSchema;
use super::directions::Directions;
use super::listed_values::EnumValue;
use super::lowering::Lowering;
use super::naming::Members;

impl<'d> Lowering<'d, '_> {
    /// Returns the enum of a list of values; `any_other` if the schema allows other values.
    pub(super) fn lower_enum(
        &mut self,
        merged: &MergedSchema<'d>,
        values: Vec<EnumValue>,
        directions: Directions,
        any_other: bool,
    ) -> Enum {
        let values = if self.charge(&merged.at, values.len()) {
            values
        } else {
            Vec::new()
        };
        let declared = merged.last(SchemaView::declared_type);
        let mut variants: Vec<Variant> = Vec::new();
        let mut known = HashSet::new();
        let mut members = Members::<TypeName>::default();
        let names = merged.last(|view| labels(view, &["x-enum-varnames", "x-enumNames"]));
        let words =
            merged.last(|view| labels(view, &["x-enum-descriptions", "x-enumDescriptions"]));
        // A list of another length cannot be matched with the values.
        let listed = values.len();
        let label = |labels: &Option<Vec<String>>, position: usize| {
            labels
                .as_ref()
                .filter(|labels| labels.len() == listed)
                .and_then(|labels| labels.get(position).cloned())
        };
        for (
            position,
            EnumValue {
                value,
                name,
                words: own,
            },
        ) in values.into_iter().enumerate()
        {
            if value.is_null() {
                continue;
            }
            let value = self.retype_enum(merged, declared, value);
            if !known.insert(value.to_string()) {
                continue;
            }
            let text = label(&names, position)
                .or(name)
                .unwrap_or_else(|| spelled(&value));
            let docs = Docs {
                description: label(&words, position).or(own),
                ..Docs::default()
            };
            variants.push(Variant {
                name: members.variant(&text),
                value,
                docs,
            });
        }
        let repr = repr(&variants);
        let open = any_other || (directions.read && !merged.is_constant());
        let open = open.then(|| members.variant("Unknown"));
        Enum {
            repr,
            variants,
            open,
        }
    }

    /// Returns a value of another type than the schema's, converted if only one interpretation
    /// makes sense.
    fn retype_enum(
        &mut self,
        merged: &MergedSchema<'d>,
        declared: Option<SchemaType>,
        value: Json,
    ) -> Json {
        let meant = match (declared, &value) {
            (Some(SchemaType::String), Json::Bool(_) | Json::Number(_)) => {
                Json::String(value.to_string())
            }
            (
                Some(SchemaType::Integer | SchemaType::Number | SchemaType::Boolean),
                Json::String(text),
            ) => match serde_json::from_str::<Json>(text) {
                Ok(read @ (Json::Number(_) | Json::Bool(_))) => read,
                _ => return value,
            },
            _ => return value,
        };
        self.findings.push(
            Diagnostic::warning(
                code::ENUM_VALUE_TYPE,
                merged.keyword("enum"),
                format!("the value {value} is not of the schema's type; it is read as {meant}"),
            )
            .related(merged.keyword("type"), "the type")
            .help(format!("write {meant}")),
        );
        meant
    }
}

/// Returns the common type of the values.
fn repr(variants: &[Variant]) -> Repr {
    if variants.iter().all(|variant| variant.value.is_string()) {
        Repr::Text
    } else if variants.iter().all(|variant| variant.value.is_i64()) {
        Repr::Integer
    } else {
        Repr::Json
    }
}

fn labels(view: &SchemaView<'_>, names: &[&str]) -> Option<Vec<String>> {
    let list = names
        .iter()
        .find_map(|name| view.extension(name))?
        .as_array()?;
    list.iter()
        .map(|label| label.as_str().map(str::to_owned))
        .collect()
}

/// Returns the text for the name of a variant, and for comparing a tag.
pub(super) fn spelled(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
