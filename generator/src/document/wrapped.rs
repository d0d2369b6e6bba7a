//! Schemas that only annotate another schema.

use openapiv3::{AnySchema, ArrayType, ObjectType, SchemaKind, Type};

use super::{SchemaNode, SchemaType, SchemaView};

/// Maximum depth of the search for the type of a composition.
const DEEPEST: usize = 16;

impl<'a> SchemaView<'a> {
    /// Returns the only schema that this one wraps: an `allOf` of one, such as `$ref` with
    /// siblings. Its other keywords are annotations, `nullable`, `default`, or a `type` that the
    /// wrapped schema has anyway. These may also be in other parts of the `allOf`.
    #[must_use]
    pub fn annotated(&self) -> Option<SchemaNode<'a>> {
        if self.is_constrained() || self.discriminator().is_some() {
            return None;
        }
        let mut types = Vec::new();
        match &self.schema.schema_kind {
            SchemaKind::AllOf { .. } => {}
            SchemaKind::Any(any) => {
                let bare = AnySchema {
                    typ: any.typ.clone(),
                    all_of: any.all_of.clone(),
                    ..AnySchema::default()
                };
                if *any != bare {
                    return None;
                }
                types.push(self.declared_type()?);
            }
            _ => return None,
        }
        let mut telling: Vec<SchemaNode<'a>> = self.all_of();
        telling.retain(|node| node.inline().is_none_or(|view| !view.is_any()));
        if telling.len() > 1 {
            telling.retain(
                |node| match node.inline().and_then(|view| view.only_type()) {
                    Some(found) => {
                        types.push(found);
                        false
                    }
                    None => true,
                },
            );
        }
        let [only] = telling.as_slice() else {
            return None;
        };
        let meant = only.follow();
        let has_types = || {
            let view = meant.as_ref()?;
            (types.iter().all(|wanted| view.has_type(*wanted, 0)) && !self.extends(view))
                .then_some(())
        };
        if !types.is_empty() {
            has_types()?;
        }
        Some(only.clone())
    }

    /// Returns the `type` if nothing else restricts the values.
    fn only_type(&self) -> Option<SchemaType> {
        let is_alone = match &self.schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => *object == ObjectType::default(),
            SchemaKind::Type(Type::Array(array)) => {
                let ArrayType {
                    items,
                    min_items,
                    max_items,
                    unique_items,
                } = array;
                items.is_none() && min_items.is_none() && max_items.is_none() && !unique_items
            }
            SchemaKind::Type(Type::String(string)) => *string == openapiv3::StringType::default(),
            SchemaKind::Type(Type::Number(number)) => *number == openapiv3::NumberType::default(),
            SchemaKind::Type(Type::Integer(integer)) => {
                *integer == openapiv3::IntegerType::default()
            }
            SchemaKind::Type(Type::Boolean(boolean)) => boolean.enumeration.is_empty(),
            _ => false,
        };
        let is_alone = is_alone && !self.is_constrained() && self.discriminator().is_none();
        is_alone.then(|| self.declared_type()).flatten()
    }

    /// Returns true if every value of the schema has the type.
    fn has_type(&self, wanted: SchemaType, depth: usize) -> bool {
        if let Some(found) = self.inferred_type() {
            return found == wanted || (found, wanted) == (SchemaType::Integer, SchemaType::Number);
        }
        if depth > DEEPEST {
            return false;
        }
        let has = |node: &SchemaNode<'a>| {
            node.follow()
                .is_some_and(|view| view.has_type(wanted, depth + 1))
        };
        let is_union = [self.one_of(), self.any_of()]
            .iter()
            .any(|branches| !branches.is_empty() && branches.iter().all(has));
        is_union || self.all_of().iter().any(has)
    }

    /// Returns true if this is a component that extends a schema with a discriminator: it has a
    /// type of its own, whatever it adds.
    fn extends(&self, target: &Self) -> bool {
        let is_component = self
            .pointer
            .parent()
            .is_some_and(|parent| parent.as_str() == "/components/schemas");
        is_component && target.is_discriminated(0)
    }

    fn is_discriminated(&self, depth: usize) -> bool {
        let inherits = |node: &SchemaNode<'a>| {
            node.follow()
                .is_some_and(|view| view.is_discriminated(depth + 1))
        };
        self.discriminator().is_some() || depth <= DEEPEST && self.all_of().iter().any(inherits)
    }
}
