//! The text of `$ref`s, and the positions that they refer to.

use crate::pointer::Pointer;
use crate::spec::{self, FieldType, ObjectKind};

/// Returns the pointer of a local `$ref` (RFC 6901, section 6).
///
/// Returns `None` for an anchor or another file.
pub(crate) fn target(reference: &str) -> Option<Pointer> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Pointer::parse(fragment);
    }
    let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
    Pointer::parse(&decoded)
}

/// Returns the text of a `$ref` to a pointer.
pub(super) fn text(pointer: &Pointer) -> String {
    format!("#{}", pointer.as_str().replace('%', "%25"))
}

/// Returns true if a pointer, relative to a schema, is a position of a schema in it.
pub(super) fn is_schema_in_schema(below: &Pointer) -> bool {
    let schema = spec::object(ObjectKind::Schema);
    let mut tokens = below.tokens().peekable();
    while let Some(keyword) = tokens.next() {
        let (kind, has_key) = match schema.field(&keyword).map(|field| field.ty) {
            Some(FieldType::One(kind)) => (kind, false),
            Some(FieldType::List(kind) | FieldType::Map(kind) | FieldType::MapOrTexts(kind)) => {
                (kind, true)
            }
            Some(FieldType::OneOrList(kind)) => {
                let next = tokens.peek();
                (kind, next.is_some_and(|next| next.parse::<usize>().is_ok()))
            }
            _ => return false,
        };
        if kind != ObjectKind::Schema || has_key && tokens.next().is_none() {
            return false;
        }
    }
    true
}

/// Returns true if a pointer refers to an entry of `components` or `paths` that is looked up there.
pub(super) fn is_in_section(kind: ObjectKind, pointer: &Pointer) -> bool {
    let mut tokens = pointer.as_str().split('/').skip(1);
    let head = (tokens.next(), tokens.next(), tokens.next(), tokens.next());
    match head {
        (Some("components"), section, Some(_), None) => section == kind.section(),
        (Some("paths" | "webhooks"), Some(_), None, None) => kind == ObjectKind::PathItem,
        _ => false,
    }
}

/// Returns true if an object is looked up by pointer: as the target of a `$ref`, or an operation
/// that `openapiv3` has no field for.
pub(super) fn is_looked_up(kind: ObjectKind) -> bool {
    kind.section().is_some() || kind == ObjectKind::Operation
}
