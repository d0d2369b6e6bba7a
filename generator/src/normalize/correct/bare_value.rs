//! Values in the place of an object.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, code};
use crate::normalize::messages::json_type;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::{self, ObjectKind};

/// Replaces a value that is not an object by the intended object, if that is unambiguous.
pub(crate) fn read_bare_value(
    reporter: &mut Reporter<'_>,
    kind: ObjectKind,
    value: &mut Value,
    place: &Trail<'_>,
) {
    match (value.take(), bare_field(kind)) {
        (object @ Value::Object(_), _) => *value = object,
        // Required fields are missing, so an empty object would be an error anyway.
        (Value::Null, _) if needs_fields(kind) => {}
        (Value::Null, _) => {
            *value = Value::Object(Map::new());
            let subject = format!("{} of null", kind.name());
            reporter.warn(code::NULL_FIELD, &subject, || {
                Diagnostic::warning(
                    code::NULL_FIELD,
                    place.pointer().key(),
                    format!("{} has no value; it is read as `{{}}`", kind.name()),
                )
                .help("write `{}` if that is meant")
            });
        }
        (Value::Array(list), _) if list.is_empty() => {
            *value = Value::Array(list);
            reporter.coerce(value, Value::Object(Map::new()), "an object", place);
        }
        (bare, Some(field)) if bare.is_string() || kind == ObjectKind::Example => {
            let (name, found) = (place.title(), json_type(&bare));
            let message =
                format!("{name} has to be an object, not {found}; it is read as its `{field}`");
            let subject = format!("{name} {field}");
            let help = format!("write `{field}:` under it");
            reporter.warn_correction(&subject, place, message, help);
            *value = json!({ field: bare });
        }
        (other, _) => *value = other,
    }
}

fn needs_fields(kind: ObjectKind) -> bool {
    let mut fields = spec::object(kind).fields.iter();
    kind != ObjectKind::Operation && fields.any(|field| field.required)
}

/// Returns the field that a value in place of an object is read as.
fn bare_field(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::Contact | ObjectKind::License | ObjectKind::Tag => "name",
        ObjectKind::Server | ObjectKind::ExternalDocumentation => "url",
        ObjectKind::Example => "value",
        ObjectKind::Discriminator => "propertyName",
        _ => return None,
    })
}
