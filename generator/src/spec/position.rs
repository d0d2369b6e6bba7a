//! The positions of objects in a document: which nodes can be or contain references, and to which
//! kind of object.

use super::object::{FieldType, PatternedFields};
use super::object_kind::ObjectKind;
use super::openapi;
use crate::pointer::Pointer;

impl FieldType {
    /// Returns the type of a child.
    ///
    /// A value that neither is nor contains a reference is [`FieldType::Data`].
    pub(crate) fn child(self, token: &str) -> Self {
        match self {
            Self::OneOrList(kind) if is_index(token) => Self::One(kind),
            Self::One(kind) | Self::OneOrList(kind) => field_type(kind, token),
            Self::List(kind) | Self::Map(kind) | Self::MapOrTexts(kind) => Self::One(kind),
            _ => Self::Data,
        }
    }

    /// Returns the type of a node below.
    pub(crate) fn descendant(self, below: &Pointer) -> Self {
        below.tokens().fold(self, |ty, token| ty.child(&token))
    }

    /// Returns the kind of the object, if the node is one.
    ///
    /// `paths` and `responses` are maps of objects.
    pub(crate) fn kind(self) -> Option<ObjectKind> {
        match self {
            Self::One(kind) | Self::OneOrList(kind) => Some(kind).filter(|kind| !kind.is_map()),
            _ => None,
        }
    }

    fn has_references(self) -> bool {
        match self {
            Self::One(kind)
            | Self::OneOrList(kind)
            | Self::List(kind)
            | Self::Map(kind)
            | Self::MapOrTexts(kind) => kind.has_references(),
            Self::SchemaMapping => true,
            _ => false,
        }
    }
}

/// Returns the type of a field, or [`FieldType::Data`] if it has no references.
fn field_type(kind: ObjectKind, name: &str) -> FieldType {
    let object = openapi::object(kind);
    let patterned = match object.patterned {
        PatternedFields::Paths(ty)
        | PatternedFields::StatusCodes(ty)
        | PatternedFields::Names(ty) => Some(ty),
        PatternedFields::None => None,
    };
    let patterned = patterned.filter(|_| !name.starts_with("x-"));
    let ty = object.field(name).map(|field| field.ty).or(patterned);
    ty.filter(|ty| ty.has_references())
        .unwrap_or(FieldType::Data)
}

/// Returns the type of a node of the bundled document.
pub(crate) fn type_at(pointer: &Pointer) -> FieldType {
    FieldType::One(ObjectKind::Document).descendant(pointer)
}

fn is_index(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the types of all fields of an object.
    fn types(kind: ObjectKind) -> Vec<FieldType> {
        let object = openapi::object(kind);
        assert_eq!(object.kind, kind);
        let patterned = match object.patterned {
            PatternedFields::Paths(ty)
            | PatternedFields::StatusCodes(ty)
            | PatternedFields::Names(ty) => Some(ty),
            PatternedFields::None => None,
        };
        let fields = object.fields.iter().map(|field| field.ty);
        fields.chain(patterned).collect()
    }

    /// Returns all kinds of objects that a document can contain.
    fn kinds() -> Vec<ObjectKind> {
        let mut kinds = vec![ObjectKind::Document];
        let mut next = 0;
        while let Some(kind) = kinds.get(next).copied() {
            next += 1;
            for ty in types(kind) {
                if let FieldType::One(kind)
                | FieldType::OneOrList(kind)
                | FieldType::List(kind)
                | FieldType::Map(kind)
                | FieldType::MapOrTexts(kind) = ty
                    && !kinds.contains(&kind)
                {
                    kinds.push(kind);
                }
            }
        }
        kinds
    }

    #[test]
    fn an_object_has_references_if_it_is_a_target_or_a_field_has_some() {
        let kinds = kinds();
        assert_eq!(kinds.len(), 28);
        for kind in kinds {
            let has_some = types(kind).iter().any(|ty| ty.has_references());
            let expected = kind.section().is_some() || has_some;
            assert_eq!(kind.has_references(), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_section_of_components_has_one_kind() {
        for kind in kinds() {
            if let Some(section) = kind.section() {
                let ty = field_type(ObjectKind::Components, section);
                assert_eq!(ty, FieldType::Map(kind));
            }
        }
    }

    #[test]
    fn finds_the_type_at_a_pointer() {
        for (pointer, ty) in [
            ("", FieldType::One(ObjectKind::Document)),
            (
                "/paths/~1a/get/responses/200/content/a~1b/schema",
                FieldType::One(ObjectKind::Schema),
            ),
            ("/paths/x-a/get", FieldType::Data),
            (
                "/paths/~1a/post/callbacks/on/{$url}/post/requestBody",
                FieldType::One(ObjectKind::RequestBody),
            ),
            (
                "/components/schemas/x-a/properties/default",
                FieldType::One(ObjectKind::Schema),
            ),
            (
                "/components/schemas/A/default/properties/a",
                FieldType::Data,
            ),
            (
                "/components/schemas/A/items/0",
                FieldType::One(ObjectKind::Schema),
            ),
            (
                "/components/schemas/A/items/properties/b",
                FieldType::One(ObjectKind::Schema),
            ),
            (
                "/components/schemas/A/discriminator/mapping",
                FieldType::SchemaMapping,
            ),
            ("/components/schemas/A/const/$ref", FieldType::Data),
            ("/components/examples/A/value", FieldType::Data),
            (
                "/components/responses/A/headers/b/schema",
                FieldType::One(ObjectKind::Schema),
            ),
            ("/definitions/A", FieldType::Data),
        ] {
            let node = Pointer::parse(pointer).expect("a pointer");
            assert_eq!(type_at(&node), ty, "{pointer}");
        }
    }
}
