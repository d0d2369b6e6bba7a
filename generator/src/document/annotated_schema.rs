//! Schemas that only annotate another schema.

use super::{SchemaNode, SchemaType, SchemaView};

/// Maximum depth of the search for the type of a composition.
const DEEPEST: usize = 16;

impl<'a> SchemaView<'a> {
    /// Returns the only schema that this one wraps: an `allOf` of one, such as `$ref` with
    /// siblings. Its other keywords are annotations, `nullable`, `default`, or a `type` that the
    /// wrapped schema has anyway. These may also be in other parts of the `allOf`.
    #[must_use]
    pub fn annotated(&self) -> Option<SchemaNode<'a>> {
        if !self.is_only_all_of() {
            return None;
        }
        let mut types: Vec<SchemaType> = self.declared_type().into_iter().collect();
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
        self.declared_type().filter(|_| self.is_only_a_type())
    }

    /// Returns `true` if every value of the schema has the type.
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

    /// Returns `true` if this is a component that extends a schema with a discriminator: it has a
    /// type of its own, whatever it adds.
    fn extends(&self, target: &Self) -> bool {
        let is_component = self
            .pointer()
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
