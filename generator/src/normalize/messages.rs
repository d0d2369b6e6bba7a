//! Messages that several checks share.

use serde_json::Value;

use super::reporter::Reporter;
use crate::diagnostic::{Code, Diagnostic, code, nearest};
use crate::pointer::{Pointer, Trail};
use crate::spec::{self, ObjectKind};

/// The maximum length, in characters, of a value that is quoted in a message.
const LONGEST_SHOWN: usize = 60;

impl Reporter<'_> {
    /// Replaces a value of the wrong type by the intended one.
    pub(super) fn coerce(
        &mut self,
        value: &mut Value,
        meant: Value,
        expected: &str,
        place: &Trail<'_>,
    ) {
        let name = place.title();
        let found = json_type(value);
        self.warn(code::COERCED, &name, || {
            let message = format!("{name} has to be {expected}, not {found}");
            let shown = meant.to_string();
            let (message, help) = if shown.len() <= LONGEST_SHOWN {
                let message = format!("{message}; it is read as `{shown}`");
                (message, format!("write `{shown}`"))
            } else {
                let message = format!("{message}; it is converted");
                (message, format!("write {expected}"))
            };
            Diagnostic::warning(code::COERCED, place.pointer(), message).help(help)
        });
        *value = meant;
    }

    /// Reports a value of the wrong type.
    pub(super) fn wrong_type(&mut self, value: &Value, expected: &str, place: &Trail<'_>) {
        let name = place.title();
        let location = if value.is_object() && place.last().is_some() {
            // The value may be a copy of the target of a reference.
            place.pointer().key()
        } else {
            place.pointer().into()
        };
        self.push(
            Diagnostic::error(
                code::WRONG_TYPE,
                location,
                format!("{name} has to be {expected}, not {}", json_type(value)),
            )
            .label(format!("expected {expected}"))
            .help(
                match place
                    .last()
                    .and_then(|field| example_value(field, expected))
                {
                    Some(example) => format!("write {expected}, such as {example}"),
                    None => format!("write {expected}"),
                },
            ),
        );
    }

    /// Warns about a key that is not a field of its object.
    pub(super) fn unknown_field(&mut self, kind: ObjectKind, key: &str, here: &Trail<'_>) {
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
            if let Some(help) = new_position(kind, key) {
                return warning.help(help);
            }
            let others = spec::object(kind).fields.iter().map(|field| field.name);
            match nearest(key, others.filter(|name| *name != key)) {
                Some(meant) => warning.help(format!("did you mean `{meant}`?")),
                None => warning.help(format!("remove it, or write it as `x-{key}`")),
            }
        });
    }

    /// Warns that a mistake is read as its likely intention, at the key of the node.
    pub(super) fn warn_correction(
        &mut self,
        subject: &str,
        place: &Trail<'_>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.warn(code::COERCED, subject, || {
            Diagnostic::warning(code::COERCED, place.pointer().key(), message).help(help)
        });
    }

    /// Warns that a value is read as its likely intention. Equal messages are one subject.
    pub(super) fn warn_value_correction(
        &mut self,
        place: &Trail<'_>,
        message: String,
        help: impl Into<String>,
    ) {
        self.warn(code::COERCED, &message.clone(), || {
            Diagnostic::warning(code::COERCED, place.pointer(), message).help(help)
        });
    }
}

/// Returns an error at the key of a node.
pub(super) fn error_at_key(
    place: &Trail<'_>,
    code: Code,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, place.pointer().key(), message)
}

/// Adds the location of the document's version.
pub(super) fn with_version(diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.related(Pointer::root().child("openapi"), "the document's version")
}

/// Returns an example of a correct value for a field.
fn example_value(field: &str, expected: &str) -> Option<&'static str> {
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

/// Returns where OpenAPI 3 has a field of Swagger 2.0, or a misplaced field.
fn new_position(kind: ObjectKind, key: &str) -> Option<String> {
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
