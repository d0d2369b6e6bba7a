//! Visits the value of a field by its type.

use serde_json::Value;

use super::{Visitor, Walk};
use crate::normalize::json_types::{
    check_count, check_flag, check_flag_or_number, check_list, check_map, check_number, check_text,
    check_texts, check_type_names,
};
use crate::normalize::targets::is_looked_up;
use crate::pointer::Trail;
use crate::spec::{FieldType, ObjectKind};

/// Which objects of a field move out of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moves {
    /// None: the field is in a schema, which moves as a whole.
    Nothing,
    /// Schemas. They leave a reference to their pointer.
    Schema,
    /// Schemas, and objects that `openapiv3` has no field for.
    Object,
}

impl<V: Visitor> Walk<'_, V> {
    /// Checks a value. Returns `false` if the field is to be removed.
    pub(super) fn visit_value(
        &mut self,
        ty: FieldType,
        moves: Moves,
        value: &mut Value,
        place: &Trail<'_>,
    ) -> bool {
        let reporter = &mut self.context.reporter;
        match ty {
            FieldType::Data => {}
            FieldType::Text => check_text(reporter, value, place),
            FieldType::Texts => check_texts(reporter, value, place),
            FieldType::TextOrTexts => check_type_names(reporter, value, place),
            FieldType::Flag => check_flag(reporter, value, place),
            FieldType::Number => check_number(reporter, value, place),
            FieldType::FlagOrNumber => check_flag_or_number(reporter, value, place),
            FieldType::Count => return check_count(reporter, value, place),
            FieldType::DataList => _ = check_list(reporter, value, "a list of values", place),
            FieldType::TextMap | FieldType::TextsMap | FieldType::SchemaMapping => {
                for (key, value) in check_map(reporter, value, place).into_iter().flatten() {
                    if value.is_null() {
                        *value = Value::String(String::new());
                    }
                    let place = place.key(key);
                    match ty {
                        FieldType::TextsMap => check_texts(reporter, value, &place),
                        _ => check_text(reporter, value, &place),
                    }
                }
            }
            FieldType::OneOrList(kind) if value.is_array() => {
                return self.visit_value(FieldType::List(kind), moves, value, place);
            }
            FieldType::One(kind) | FieldType::OneOrList(kind) => {
                self.visit_nested(kind, moves, value, place);
            }
            FieldType::List(kind) => {
                let list = check_list(reporter, value, "a list", place);
                for (index, value) in list.into_iter().flatten().enumerate() {
                    self.visit_nested(kind, moves, value, &place.index(index));
                }
            }
            FieldType::Map(kind) | FieldType::MapOrTexts(kind) => {
                for (key, value) in check_map(reporter, value, place).into_iter().flatten() {
                    let place = place.key(key);
                    if value.is_array() && matches!(ty, FieldType::MapOrTexts(_)) {
                        check_texts(&mut self.context.reporter, value, &place);
                    } else {
                        self.visit_nested(kind, moves, value, &place);
                    }
                }
            }
        }
        true
    }

    /// Visits an object, and moves it out of the document if its field asks for it.
    fn visit_nested(
        &mut self,
        kind: ObjectKind,
        moves: Moves,
        value: &mut Value,
        place: &Trail<'_>,
    ) {
        self.visit_object(kind, value, place);
        let is_moved = match moves {
            Moves::Nothing => false,
            Moves::Schema => kind == ObjectKind::Schema,
            Moves::Object => is_looked_up(kind),
        };
        if is_moved {
            self.context.targets.move_out(kind, value, place);
        }
    }
}
