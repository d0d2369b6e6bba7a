//! Lowers strings, numbers and booleans.

use crate::diagnostic::{Diagnostic, Location, code};
use crate::document::{SchemaType, SchemaView};
use crate::ir::Type;
use crate::values::{fits, has_fraction, has_more_than_float, width};

use super::all_of::MergedSchema;
use super::lowering::Lowering;

impl<'d> Lowering<'d, '_> {
    pub(super) fn lower_scalar(
        &mut self,
        merged: &MergedSchema<'d>,
        value_type: SchemaType,
    ) -> Type {
        let format = merged.last(SchemaView::format).unwrap_or_default();
        match value_type {
            SchemaType::Boolean => Type::Bool,
            SchemaType::Number if self.is_integer(merged, format) => {
                self.lower_integer(merged, format)
            }
            SchemaType::Number if self.needs_digits(merged) => Type::Number,
            SchemaType::Number => Type::Float64,
            SchemaType::Integer => self.lower_integer(merged, format),
            SchemaType::String if self.context.multipart.is_file(merged, Some(value_type)) => {
                Type::Bytes
            }
            SchemaType::String => self.lower_string(merged, format),
            SchemaType::Array | SchemaType::Object => {
                self.lower_any(&merged.at, "the schema has no type")
            }
        }
    }

    /// Returns the type of a string, by its format if the document's own values have it (wire rule
    /// 4).
    pub(super) fn lower_string(&mut self, merged: &MergedSchema<'d>, format: &str) -> Type {
        let encoding = merged
            .last(SchemaView::content_encoding)
            .unwrap_or_default();
        let ty = match format {
            "uri" => Type::Uri,
            "uuid" => Type::Uuid,
            "date" => Type::Date,
            "date-time" => Type::DateTime,
            "byte" => Type::Base64,
            "password" => Type::Secret,
            "" if encoding == "base64" => Type::Base64,
            _ => return Type::String,
        };
        let broken =
            |value: &serde_json::Value| value.as_str().is_some_and(|text| !fits(&ty, text));
        if self.contradicts(merged, format, broken, "so any text is accepted") {
            return Type::String;
        }
        ty
    }

    /// Returns `true` if a `number` has an integer format, and no value in the document has a
    /// fraction.
    pub(super) fn is_integer(&mut self, merged: &MergedSchema<'d>, format: &str) -> bool {
        width(format).is_some()
            && !self.contradicts(merged, format, has_fraction, "so any number is accepted")
    }

    /// Returns `true` if an `f64` cannot represent a value in the document.
    pub(super) fn needs_digits(&self, merged: &MergedSchema<'d>) -> bool {
        merged.parts.iter().any(|part| {
            self.context.format_violations.needs_digits(part.pointer())
                || has_more_than_float(self.context.document, part)
        })
    }

    /// Returns true, and reports it, if a value in the document violates a format.
    fn contradicts(
        &mut self,
        merged: &MergedSchema<'d>,
        format: &str,
        breaks: impl Fn(&serde_json::Value) -> bool,
        consequence: &str,
    ) -> bool {
        let own = merged
            .parts
            .iter()
            .flat_map(|view| {
                let default = view.default_value();
                let default = default.map(|value| (view.keyword("default"), value));
                view.examples_at().into_iter().chain(default)
            })
            .find(|(_, value)| breaks(value));
        let own = own.map(|(at, value)| (Location::from(at), value.to_string()));
        let offender = own.or_else(|| {
            let shown = merged
                .parts
                .iter()
                .filter_map(|part| self.context.format_violations.offender(part.pointer()))
                .find(|value| breaks(value))?;
            Some((merged.at.key(), shown.to_string()))
        });
        let Some((at, offender)) = offender else {
            return false;
        };
        let mut warning = Diagnostic::warning(
            code::FORMAT_NOT_KEPT,
            at,
            format!("the value {offender} in the document does not have the format `{format}`"),
        )
        .label(consequence)
        .help(format!(
            "correct the value, or leave out `format: {format}`"
        ));
        let mut parts = merged.parts.iter().rev();
        if let Some(part) = parts.find(|part| part.format().is_some()) {
            warning = warning.related(part.keyword("format"), "the format");
        }
        self.findings.push(warning);
        true
    }
}
