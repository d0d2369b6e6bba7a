//! Visits the fields of an object, and moves those that `openapiv3` lacks into extensions.

use std::collections::HashSet;

use serde_json::Value;

use super::values::Moves;
use super::{Visitor, Walk};
use crate::diagnostic::{Diagnostic, Location, code};
use crate::internal_extensions::{self, PREFIX};
use crate::normalize::fields_not_in_openapiv3::is_carried;
use crate::normalize::status::is_status;
use crate::pointer::{Pointer, Trail};
use crate::spec::{Field, FieldType, Fields, Object, ObjectKind, PatternedFields};

/// The keys of an object that change after all of its fields were visited.
#[derive(Default)]
struct Changes {
    removed: HashSet<String>,
    /// The keys that move to an extension.
    carried: HashSet<String>,
    /// The keys that `openapiv3` reads as absent, because the value is `null`.
    null: Vec<String>,
}

impl Changes {
    fn apply(self, map: &mut Fields) {
        for key in self.null {
            map.insert(format!("{PREFIX}{key}"), Value::Null);
        }
        if self.removed.is_empty() && self.carried.is_empty() {
            return;
        }
        // Removing keys one by one would shift the rest of the map each time.
        let mut moved = Fields::new();
        map.retain(|key, value| {
            if self.carried.contains(key) {
                moved.insert(format!("{PREFIX}{key}"), value.take());
                return false;
            }
            !self.removed.contains(key)
        });
        map.extend(moved);
    }
}

impl<V: Visitor> Walk<'_, V> {
    /// Checks the fields of an object.
    pub(super) fn visit_fields(
        &mut self,
        object: &'static Object,
        map: &mut Fields,
        place: &Trail<'_>,
    ) {
        let mut changes = Changes::default();
        for (key, value) in map.iter_mut() {
            self.visit_field(object, key, value, &place.key(key), &mut changes);
        }
        changes.apply(map);
        for field in object.fields.iter().filter(|field| field.required) {
            if !map.contains_key(field.name) {
                self.report_missing(object, field, place);
            }
        }
    }

    fn visit_field(
        &mut self,
        object: &'static Object,
        key: &str,
        value: &mut Value,
        here: &Trail<'_>,
        changes: &mut Changes,
    ) {
        let is_schema = object.kind == ObjectKind::Schema;
        // The name of a security scheme may begin with `x-`.
        if key.starts_with("x-") && object.kind != ObjectKind::SecurityRequirement {
            // A repair adds marks.
            if key.starts_with(PREFIX) && !internal_extensions::is_mark(key) {
                self.warn_reserved(key, here);
                changes.removed.insert(key.to_owned());
            }
            return;
        }
        let Some((ty, is_carried)) = self.expected_type(object, key, here) else {
            if is_schema {
                changes.removed.insert(key.to_owned());
            } else {
                changes.carried.insert(key.to_owned());
            }
            return;
        };
        if value.is_null() && object.field(key).is_some() {
            if !matches!(ty, FieldType::Data) {
                self.warn_null(key, here);
                changes.removed.insert(key.to_owned());
                return;
            }
            if !is_schema {
                changes.null.push(key.to_owned());
            }
        }
        let moves = match (is_schema, is_carried) {
            (true, _) => Moves::Nothing,
            (false, true) => Moves::Object,
            (false, false) => Moves::Schema,
        };
        if !self.visit_value(ty, moves, value, here) {
            changes.removed.insert(key.to_owned());
        } else if is_carried && object.field(key).is_some() {
            changes.carried.insert(key.to_owned());
        }
    }

    /// Returns the expected value of a key. Returns `None`, after a warning, for an unknown key.
    fn expected_type(
        &mut self,
        object: &'static Object,
        key: &str,
        here: &Trail<'_>,
    ) -> Option<(FieldType, bool)> {
        if let Some(field) = object.field(key) {
            return Some((field.ty, is_carried(object.kind, key)));
        }
        match object.patterned {
            PatternedFields::Names(ty) => return Some((ty, object.kind == ObjectKind::Callback)),
            PatternedFields::Paths(ty) if key.starts_with('/') => return Some((ty, false)),
            PatternedFields::Paths(_) => {
                self.context.reporter.push(
                    Diagnostic::error(
                        code::INVALID_PATH,
                        here.pointer().key(),
                        format!("path `{key}` does not begin with a slash"),
                    )
                    .help(match key.split_once("://") {
                        Some((scheme, rest)) => {
                            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                            format!(
                                "write `/{path}`, and `{scheme}://{host}` as the `url` of a server"
                            )
                        }
                        None => format!("write `/{key}`"),
                    }),
                );
            }
            PatternedFields::StatusCodes(ty) if is_status(key) => return Some((ty, false)),
            PatternedFields::StatusCodes(_) => {
                self.context.reporter.push(
                    Diagnostic::error(
                        code::INVALID_STATUS_CODE,
                        here.pointer().key(),
                        format!("`{key}` is not a status code"),
                    )
                    .help("write three digits (`200`), a range (`2XX`) or `default`"),
                );
            }
            PatternedFields::None => self.context.reporter.unknown_field(object.kind, key, here),
        }
        None
    }

    fn report_missing(&mut self, object: &Object, field: &Field, place: &Trail<'_>) {
        let pointer = place.pointer();
        let code = match object.kind {
            ObjectKind::SecurityScheme => code::INCOMPLETE_SECURITY_SCHEME,
            _ => code::MISSING_FIELD,
        };
        let location = if pointer == Pointer::root() {
            Location::from(pointer)
        } else {
            pointer.key()
        };
        self.context.reporter.push(
            Diagnostic::error(
                code,
                location,
                format!("{} has no `{}`", object.kind.name(), field.name),
            )
            .label(format!("`{}` is missing here", field.name))
            .help(match (object.kind, field.name) {
                (_, "info") => "add `info: { title: .., version: .. }`".to_owned(),
                (_, "in") => {
                    "add `in: query`, or another of `path`, `header` and `cookie`".to_owned()
                }
                (_, "url") => "add `url`, such as `url: https://api.example.com`".to_owned(),
                (_, "content") => {
                    "add `content`, such as `application/json: { schema: { type: object } }`"
                        .to_owned()
                }
                (_, "propertyName") => {
                    "add `propertyName`: the property that identifies the branch".to_owned()
                }
                (_, "default") => {
                    "add `default`: the value that is used if the client sets none".to_owned()
                }
                (ObjectKind::SecurityScheme, "type") => {
                    "add `type`, such as `type: http` with `scheme: bearer`".to_owned()
                }
                (ObjectKind::Parameter, "name") => "add `name`: the name that is sent".to_owned(),
                (ObjectKind::Tag, "name") => {
                    "add `name`: the name that operations use in `tags`".to_owned()
                }
                (ObjectKind::Info, "title") => "add `title`, the name of the API".to_owned(),
                (_, name) => format!("add `{name}`"),
            }),
        );
    }

    fn warn_null(&mut self, key: &str, here: &Trail<'_>) {
        self.context.reporter.warn(code::NULL_FIELD, key, || {
            Diagnostic::warning(
                code::NULL_FIELD,
                here.pointer().key(),
                format!("`{key}` has no value and is ignored"),
            )
            .help("give it a value or remove it")
        });
    }

    fn warn_reserved(&mut self, key: &str, here: &Trail<'_>) {
        self.context.reporter.push(
            Diagnostic::warning(
                code::RESERVED_EXTENSION,
                here.pointer().key(),
                format!(
                    "the extension `{key}` is ignored: `{PREFIX}` is reserved for the generator"
                ),
            )
            .help("rename it"),
        );
    }
}
