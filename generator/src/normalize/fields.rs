//! Visits the fields of an object, and moves those that `openapiv3` lacks into extensions.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::place::Place;
use super::shape::Moves;
use super::walk::Walk;
use super::{carried_fields::is_carried, object};
use crate::carried::{self, PREFIX};
use crate::diagnostic::{Diagnostic, Location, code, nearest};
use crate::pointer::Pointer;
use crate::spec::{self, Field, FieldType, Object, ObjectKind, PatternedFields};

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
    fn apply(self, map: &mut Map<String, Value>) {
        for key in self.null {
            map.insert(format!("{PREFIX}{key}"), Value::Null);
        }
        if self.removed.is_empty() && self.carried.is_empty() {
            return;
        }
        // Removing keys one by one would shift the rest of the map each time.
        let mut moved = Map::new();
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

impl Walk<'_> {
    /// Checks the fields of an object.
    pub(super) fn fields(
        &mut self,
        rule: &'static Object,
        map: &mut Map<String, Value>,
        place: &Place<'_>,
    ) {
        let mut changes = Changes::default();
        for (key, value) in map.iter_mut() {
            self.field(rule, key, value, &place.key(key), &mut changes);
        }
        changes.apply(map);
        for field in rule.fields.iter().filter(|field| field.required) {
            if !map.contains_key(field.name) {
                self.missing(rule, field, place);
            }
        }
    }

    fn field(
        &mut self,
        rule: &'static Object,
        key: &str,
        value: &mut Value,
        here: &Place<'_>,
        changes: &mut Changes,
    ) {
        let is_schema = rule.kind == ObjectKind::Schema;
        // The name of a security scheme may begin with `x-`.
        if key.starts_with("x-") && rule.kind != ObjectKind::SecurityRequirement {
            // A repair adds marks.
            if key.starts_with(PREFIX) && !carried::is_mark(key) {
                self.reserved(key, here);
                changes.removed.insert(key.to_owned());
            }
            return;
        }
        let Some((ty, is_carried)) = self.expected(rule, key, here) else {
            if is_schema {
                changes.removed.insert(key.to_owned());
            } else {
                changes.carried.insert(key.to_owned());
            }
            return;
        };
        if value.is_null() && rule.field(key).is_some() {
            if !matches!(ty, FieldType::Data) {
                self.null_field(key, here);
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
        if !self.shape(ty, moves, value, here) {
            changes.removed.insert(key.to_owned());
        } else if is_carried && rule.field(key).is_some() {
            changes.carried.insert(key.to_owned());
        }
    }

    /// Returns the expected value of a key. Returns `None`, after a warning, for an unknown key.
    fn expected(
        &mut self,
        rule: &'static Object,
        key: &str,
        here: &Place<'_>,
    ) -> Option<(FieldType, bool)> {
        if let Some(field) = rule.field(key) {
            return Some((field.ty, is_carried(rule.kind, key)));
        }
        match rule.patterned {
            PatternedFields::Names(ty) => return Some((ty, rule.kind == ObjectKind::Callback)),
            PatternedFields::Paths(ty) if key.starts_with('/') => return Some((ty, false)),
            PatternedFields::Paths(_) => {
                self.report(
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
            PatternedFields::StatusCodes(ty) if object::is_status(key) => return Some((ty, false)),
            PatternedFields::StatusCodes(_) => {
                self.report(
                    Diagnostic::error(
                        code::INVALID_STATUS_CODE,
                        here.pointer().key(),
                        format!("`{key}` is not a status code"),
                    )
                    .help("write three digits (`200`), a range (`2XX`) or `default`"),
                );
            }
            PatternedFields::None => self.unknown_field(rule.kind, key, here),
        }
        None
    }

    fn missing(&mut self, rule: &Object, field: &Field, place: &Place<'_>) {
        let pointer = place.pointer();
        let code = match rule.kind {
            ObjectKind::SecurityScheme => code::INCOMPLETE_SECURITY_SCHEME,
            _ => code::MISSING_FIELD,
        };
        let location = if pointer == Pointer::root() {
            Location::from(pointer)
        } else {
            pointer.key()
        };
        self.report(
            Diagnostic::error(
                code,
                location,
                format!("{} has no `{}`", rule.kind.name(), field.name),
            )
            .label(format!("`{}` is missing here", field.name))
            .help(match (rule.kind, field.name) {
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

    fn null_field(&mut self, key: &str, here: &Place<'_>) {
        self.warn(code::NULL_FIELD, key, || {
            Diagnostic::warning(
                code::NULL_FIELD,
                here.pointer().key(),
                format!("`{key}` has no value and is read as absent"),
            )
            .help("give it a value or remove it")
        });
    }

    fn reserved(&mut self, key: &str, here: &Place<'_>) {
        self.report(
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

    pub(super) fn unknown_field(&mut self, kind: ObjectKind, key: &str, here: &Place<'_>) {
        let subject = format!("{} {key}", kind.name());
        self.warn(code::UNKNOWN_FIELD, &subject, || {
            let warning = Diagnostic::warning(
                code::UNKNOWN_FIELD,
                here.pointer().key(),
                format!(
                    "`{key}` is not a field of {} and has no effect",
                    kind.name()
                ),
            );
            if let Some(help) = moved(kind, key) {
                return warning.help(help);
            }
            let others = spec::object(kind).fields.iter().map(|field| field.name);
            match nearest(key, others.filter(|name| *name != key)) {
                Some(meant) => warning.help(format!("did you mean `{meant}`?")),
                None => warning.help(format!("remove it, or write it as `x-{key}`")),
            }
        });
    }
}

/// Returns where OpenAPI 3 has a field of Swagger 2.0, or a misplaced field.
fn moved(kind: ObjectKind, key: &str) -> Option<String> {
    let help = match (kind, key) {
        (ObjectKind::Document, "host" | "basePath" | "schemes") => "write a URL in `servers`",
        (ObjectKind::Document, "definitions") => "move the schemas to `components.schemas`",
        (ObjectKind::Document, "securityDefinitions") => {
            "move the schemes to `components.securitySchemes`"
        }
        (ObjectKind::Document | ObjectKind::Operation, "consumes" | "produces") => {
            "write the media types under `content`"
        }
        (ObjectKind::Response | ObjectKind::RequestBody, "schema") => {
            "move it to a media type, such as `content: { application/json: { schema: .. } }`"
        }
        (ObjectKind::MediaType, "type" | "properties" | "items" | "allOf" | "oneOf" | "anyOf") => {
            "nest it under `schema:`"
        }
        (ObjectKind::SecurityScheme, "flow" | "authorizationUrl" | "tokenUrl" | "scopes") => {
            "move it under `flows`, such as `flows: { implicit: { authorizationUrl: .., scopes: .. } }`"
        }
        (ObjectKind::OAuthFlows, _) => {
            "write `implicit`, `password`, `clientCredentials`, `authorizationCode` or `deviceAuthorization`"
        }
        (ObjectKind::Parameter, "collectionFormat") => "write `style` and `explode`",
        (ObjectKind::Components, _) => {
            return Some(format!(
                "move it to `components.schemas`, or to where `{key}` belongs"
            ));
        }
        _ => return None,
    };
    Some(help.to_owned())
}
