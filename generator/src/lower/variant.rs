//! The variants of a union.

use std::collections::HashMap;

use crate::ident::TypeName;
use crate::ir::{Docs, Note, Tagging, Type};

use super::branch::Branch;
use super::discriminator::has_no_place;
use super::docs;
use super::naming::Members;
use super::type_draft::VariantDraft;

/// The variants of a union so far.
pub(super) struct Variants<'t, 'd> {
    tagging: &'t Tagging,
    pub members: Members<TypeName>,
    pub list: Vec<VariantDraft>,
    /// The branches of each variant.
    pub sources: Vec<Vec<Branch<'d>>>,
    /// The first variant of each type.
    known: HashMap<Type, usize>,
}

impl<'t, 'd> Variants<'t, 'd> {
    pub fn new(tagging: &'t Tagging) -> Self {
        Self {
            tagging,
            members: Members::default(),
            list: Vec::new(),
            sources: Vec::new(),
            known: HashMap::new(),
        }
    }

    /// Adds a branch of a type: to the variant of the same type if no tag selects it, or else as a
    /// variant.
    pub fn add(&mut self, branch: &Branch<'d>, ty: Type, text: &str, tags: Vec<String>) {
        let first = *self.known.entry(ty.clone()).or_insert(self.list.len());
        if *self.tagging == Tagging::Untagged
            && let Some(source) = self.sources.get_mut(first)
        {
            source.push(branch.clone());
            return;
        }
        let split = match self.tagging {
            Tagging::Property(property) => tags.len() > 1 && has_no_place(branch, property),
            Tagging::Untagged => false,
        };
        if split {
            // The type has no field for the tag, so each tag is a variant.
            for tag in tags {
                self.sources.push(vec![branch.clone()]);
                self.list.push(VariantDraft {
                    name: self.members.variant(&tag),
                    ty: ty.clone(),
                    docs: of_tagged(text, &tag),
                    tags: vec![tag],
                });
            }
            return;
        }
        self.sources.push(vec![branch.clone()]);
        let name = self.members.variant(text);
        let docs = match (&ty, branch.node.inline()) {
            // A declared type has its own docs.
            (Type::Named(_), _) | (_, None) => Docs::default(),
            (_, Some(view)) => docs::of_schema(&view, name.as_str()),
        };
        self.list.push(VariantDraft {
            name,
            ty,
            tags,
            docs,
        });
    }
}

/// Returns the docs of one variant of a branch that has a variant for each tag.
fn of_tagged(branch: &str, tag: &str) -> Docs {
    Docs {
        notes: vec![Note::TaggedBranch {
            branch: branch.to_owned(),
            tag: tag.to_owned(),
        }],
        ..Docs::default()
    }
}
