//! Checks the JSON type of each field, and corrects values of other types if the intention is
//! clear.

use serde_json::{Map, Number, Value, json};

use super::place::Place;
use super::walk::{Walk, is_looked_up};
use super::{Placed, reference};
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{FieldType, ObjectKind};

/// The maximum length, in characters, of a value that is quoted in a message.
const LONGEST_SHOWN: usize = 60;

/// Which objects of a field move to the table of placed objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moves {
    /// None: the field is in a schema, which moves as a whole.
    Nothing,
    /// Schemas. They leave a reference to their pointer.
    Schema,
    /// Schemas, and objects that `openapiv3` has no field for.
    Object,
}

impl Walk<'_> {
    /// Checks a value. Returns `false` if the field is to be removed.
    pub(super) fn shape(
        &mut self,
        ty: FieldType,
        moves: Moves,
        value: &mut Value,
        place: &Place<'_>,
    ) -> bool {
        match ty {
            FieldType::Data => true,
            FieldType::Flag => self.flag(value, place),
            FieldType::Number => self.number(value, place),
            FieldType::Count => self.count(value, place),
            FieldType::FlagOrNumber if value.is_number() => true,
            FieldType::FlagOrNumber => match number_in(value) {
                Some(number) => self.coerced(value, Value::Number(number), "a number", place),
                None => self.flag(value, place),
            },
            FieldType::DataList => self.list(value, "a list of values", place).is_some(),
            FieldType::Texts => self.texts(value, place),
            FieldType::TextOrTexts if value.is_array() => self.type_names(value, place),
            FieldType::TextOrTexts if value.is_string() => true,
            FieldType::TextOrTexts => self.wrong_type(value, "the name of a type", place),
            FieldType::Text => self.text(value, place),
            FieldType::TextMap | FieldType::TextsMap | FieldType::SchemaMapping => {
                for (key, value) in self.map(value, place).into_iter().flatten() {
                    if value.is_null() {
                        *value = Value::String(String::new());
                    }
                    let place = place.key(key);
                    if matches!(ty, FieldType::TextMap | FieldType::SchemaMapping) {
                        self.text(value, &place);
                    } else {
                        self.texts(value, &place);
                    }
                }
                true
            }
            FieldType::OneOrList(kind) if value.is_array() => {
                self.shape(FieldType::List(kind), moves, value, place)
            }
            FieldType::One(kind) | FieldType::OneOrList(kind) => {
                self.nested(kind, moves, value, place)
            }
            FieldType::List(kind) => {
                let list = self.list(value, "a list", place);
                for (index, value) in list.into_iter().flatten().enumerate() {
                    self.nested(kind, moves, value, &place.index(index));
                }
                true
            }
            FieldType::Map(kind) | FieldType::MapOrTexts(kind) => {
                for (key, value) in self.map(value, place).into_iter().flatten() {
                    let place = place.key(key);
                    if value.is_array() && matches!(ty, FieldType::MapOrTexts(_)) {
                        self.texts(value, &place);
                    } else {
                        self.nested(kind, moves, value, &place);
                    }
                }
                true
            }
        }
    }

    fn nested(
        &mut self,
        kind: ObjectKind,
        moves: Moves,
        value: &mut Value,
        place: &Place<'_>,
    ) -> bool {
        self.object(kind, value, place);
        self.place(kind, moves, value, place);
        true
    }

    /// Checks a schema, moves it into the table of placed objects, and replaces it by a reference.
    pub(super) fn schema(&mut self, value: &mut Value, place: &Place<'_>) {
        self.nested(ObjectKind::Schema, Moves::Schema, value, place);
    }

    /// Moves an object into the table of placed objects.
    fn place(&mut self, kind: ObjectKind, moves: Moves, value: &mut Value, place: &Place<'_>) {
        let is_schema = kind == ObjectKind::Schema;
        if !is_looked_up(kind) || moves == Moves::Nothing || !is_schema && moves == Moves::Schema {
            return;
        }
        let pointer = place.pointer();
        let rest = if is_schema {
            json!({ "$ref": reference::text(&pointer) })
        } else {
            Value::Null
        };
        self.placed.push(Placed {
            kind,
            pointer,
            value: std::mem::replace(value, rest),
        });
    }

    fn text(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        match value {
            Value::String(_) => true,
            Value::Number(number) => {
                let text = Value::String(number.to_string());
                self.coerced(value, text, "a string", place)
            }
            Value::Bool(flag) => {
                let text = Value::String(flag.to_string());
                self.coerced(value, text, "a string", place)
            }
            _ => self.wrong_type(value, "a string", place),
        }
    }

    fn texts(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        if value.is_string() {
            let list = Value::Array(vec![value.clone()]);
            return self.coerced(value, list, "a list of strings", place);
        }
        let Some(list) = self.list(value, "a list of strings", place) else {
            return true;
        };
        for (index, value) in list.iter_mut().enumerate() {
            let place = place.index(index);
            if value.is_null() {
                let title = place.title();
                self.warn(code::NULL_FIELD, &title, || {
                    let message = format!("{title} has no value and is left out");
                    Diagnostic::warning(code::NULL_FIELD, place.pointer(), message)
                        .help("give it a value or remove it")
                });
            } else {
                self.text(value, &place);
            }
        }
        list.retain(|value| !value.is_null());
        true
    }

    /// Checks a list of types, in which YAML's `null` is the name of a type.
    fn type_names(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        for value in value.as_array_mut().into_iter().flatten() {
            if value.is_null() {
                *value = Value::from("null");
            }
        }
        self.texts(value, place)
    }

    fn flag(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        let meant = match value {
            Value::Bool(_) => return true,
            Value::String(text) => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" => true,
                "false" | "no" => false,
                _ => return self.wrong_type(value, "`true` or `false`", place),
            },
            _ => return self.wrong_type(value, "`true` or `false`", place),
        };
        self.coerced(value, Value::Bool(meant), "a boolean", place)
    }

    fn number(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        if value.is_number() {
            return true;
        }
        match number_in(value) {
            Some(number) => self.coerced(value, Value::Number(number), "a number", place),
            None => self.wrong_type(value, "a number", place),
        }
    }

    fn count(&mut self, value: &mut Value, place: &Place<'_>) -> bool {
        self.number(value, place);
        let Value::Number(number) = &*value else {
            return true;
        };
        if number.as_u64().is_some() {
            return true;
        }
        let number = number.as_f64().unwrap_or(f64::NAN);
        if number >= 0.0 && number.fract() == 0.0 {
            // `1.0` and `1e3` are integers (JSON Schema, section 4.2.3). A bound beyond `u64` is
            // out of reach.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and not negative; beyond `u64` it saturates"
            )]
            let whole = number as u64;
            *value = Value::from(whole);
            return true;
        }
        let name = place.last().unwrap_or_default();
        if number < 0.0 && name.starts_with("min") {
            let warning = Diagnostic::warning(
                code::COERCED,
                place.pointer(),
                format!("`{name}` is negative, so it has no effect"),
            );
            self.report(warning.help("remove it"));
            return false;
        }
        let expected = "a whole number that is not negative";
        let title = place.title();
        self.report(
            Diagnostic::error(
                code::WRONG_TYPE,
                place.pointer(),
                format!("{title} has to be {expected}, not `{value}`"),
            )
            .help(format!("write {expected}")),
        );
        true
    }

    fn list<'v>(
        &mut self,
        value: &'v mut Value,
        expected: &str,
        place: &Place<'_>,
    ) -> Option<&'v mut Vec<Value>> {
        if !value.is_array() {
            self.wrong_type(value, expected, place);
        }
        value.as_array_mut()
    }

    fn map<'v>(
        &mut self,
        value: &'v mut Value,
        place: &Place<'_>,
    ) -> Option<&'v mut Map<String, Value>> {
        if value.as_array().is_some_and(Vec::is_empty) {
            self.coerced(value, Value::Object(Map::new()), "an object", place);
        }
        if !value.is_object() {
            self.wrong_type(value, "an object", place);
        }
        value.as_object_mut()
    }

    /// Replaces a value of the wrong type by the intended one.
    pub(super) fn coerced(
        &mut self,
        value: &mut Value,
        meant: Value,
        expected: &str,
        place: &Place<'_>,
    ) -> bool {
        let name = place.title();
        let found = json_type(value);
        self.warn(code::COERCED, &name, || {
            let message = format!("{name} has to be {expected}, not {found}");
            let shown = meant.to_string();
            let (message, help) = if shown.len() <= LONGEST_SHOWN {
                let message = format!("{message}, and is read as `{shown}`");
                (message, format!("write `{shown}`"))
            } else {
                let message = format!("{message}, and is converted");
                (message, format!("write {expected}"))
            };
            Diagnostic::warning(code::COERCED, place.pointer(), message).help(help)
        });
        *value = meant;
        true
    }

    pub(super) fn wrong_type(&mut self, value: &Value, expected: &str, place: &Place<'_>) -> bool {
        let name = place.title();
        let location = if value.is_object() && place.last().is_some() {
            // The value may be a copy of the target of a reference.
            place.pointer().key()
        } else {
            place.pointer().into()
        };
        self.report(
            Diagnostic::error(
                code::WRONG_TYPE,
                location,
                format!("{name} has to be {expected}, not {}", json_type(value)),
            )
            .label(format!("expected {expected}"))
            .help(
                match place.last().and_then(|field| example(field, expected)) {
                    Some(example) => format!("write {expected}, such as {example}"),
                    None => format!("write {expected}"),
                },
            ),
        );
        true
    }
}

/// Returns an example of a correct value for a field.
fn example(field: &str, expected: &str) -> Option<&'static str> {
    Some(match (field, expected) {
        ("content", _) => "`application/json: { schema: { type: object } }`",
        ("properties", _) => "`name: { type: string }`",
        ("schemas", _) => "`Pet: { type: object }`",
        ("mapping", _) => "`cat: '#/components/schemas/Cat'`",
        ("scopes", _) => "`pets.read: Read pets`",
        ("variables", _) => "`region: { default: eu }`",
        ("headers", _) => "`X-Total: { schema: { type: integer } }`",
        ("links", _) => "`next: { operationId: listPets }`",
        ("allOf" | "anyOf" | "oneOf", _) => "`- $ref: '#/components/schemas/Pet'`",
        ("parameters", "a list") => "`- { name: limit, in: query, schema: { type: integer } }`",
        ("servers", _) => "`- url: https://api.example.com`",
        ("security", _) => "`- bearerAuth: []`, by the name of a security scheme",
        ("required", "a list of strings") => "`[id, name]`",
        ("enum", _) => "`[small, large]`",
        ("type", "the name of a type") => "`string` or `object`",
        ("$ref", _) => "`'#/components/schemas/Pet'`",
        _ => return None,
    })
}

/// Converts a field with a fixed set of words to a string, so that its own check rejects it.
pub(super) fn worded(map: &mut Map<String, Value>, field: &str) {
    if let Some(value @ (Value::Bool(_) | Value::Number(_))) = map.get_mut(field) {
        *value = Value::String(value.to_string());
    }
}

/// Returns the number that a text contains.
fn number_in(value: &Value) -> Option<Number> {
    let text = value.as_str()?.trim();
    let number: Number = text.parse().ok()?;
    number.as_f64().filter(|number| number.is_finite())?;
    Some(number)
}

/// Returns the name of a value's JSON type, with its article.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
