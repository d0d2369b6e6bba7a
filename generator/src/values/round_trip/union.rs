//! The value that a union writes, and the branch that it selects.

use serde_json::map::Entry;
use serde_json::{Map, Value as Json};

use super::RoundTrip;
use super::written::Written;
use crate::ir::{Content, Kinds, TagSource, Tagging, Type, TypePath, Union, UnionVariant};
use crate::output_limits::count;
use crate::values::scalar::tag_text;

impl RoundTrip<'_> {
    pub(super) fn union(&self, shape: &Union, json: &Json) -> Option<Written> {
        let Union {
            variants,
            tagging,
            other,
        } = shape;
        let kept = || other.as_ref().map(|_| Written::unknown(json, count(json)));
        let Tagging::Property(property) = tagging else {
            let tags = self.tags.take();
            let mut best: Option<Written> = None;
            for variant in variants {
                self.tags.replace(tags.clone());
                if let Some(next) = self.branch(&variant.ty, json)
                    && best.as_ref().is_none_or(|best| next.score < best.score)
                {
                    best = Some(next);
                }
            }
            self.tags.take();
            return best.or_else(kept);
        };
        let tag = json.get(property).and_then(tag_text);
        let meant =
            |variant: &&UnionVariant| tag.as_ref().is_some_and(|tag| variant.tags.contains(tag));
        let Some(variant) = variants.iter().find(meant) else {
            return kept();
        };
        if variant.tag_source == TagSource::Branch {
            return self.write(&variant.ty, json);
        }
        self.tags.borrow_mut().push(property.clone());
        let written = self.write(&variant.ty, json);
        self.tags.take();
        tagged(written?, variant, property)
    }

    /// Returns the kinds of the values of a type.
    fn kinds(&self, ty: &Type) -> Kinds {
        let of_type = || Kinds::of_type(ty, |path| self.shape(path));
        let Type::Named(path) = ty else {
            return of_type();
        };
        let Some(shape) = self.shape(path) else {
            return of_type();
        };
        let mut known = self.kinds.borrow_mut();
        let at = std::ptr::from_ref(shape).addr();
        *known.entry(at).or_insert_with(of_type)
    }

    /// Reads a value as a branch of an untagged union. Returns `None` if it does not match.
    pub(super) fn branch(&self, ty: &Type, json: &Json) -> Option<Written> {
        let shape = |path: &TypePath| self.shape(path);
        if !self.kinds(ty).meets(Kinds::of_json(json)) {
            return None;
        }
        let mut written = self.write(ty, json)?;
        written.score.undeclared += match Content::of_type(ty, shape) {
            Content::Map => json.as_object().map_or(0, Map::len),
            Content::Any => count(json),
            Content::Struct | Content::Other => 0,
        };
        Some(written)
    }
}

/// Adds the tag that the union writes, or checks the one that the branch wrote.
fn tagged(mut written: Written, variant: &UnionVariant, property: &str) -> Option<Written> {
    let members = written.json.as_object_mut();
    match &variant.tag_source {
        TagSource::Branch => {}
        TagSource::Union => {
            let tag = variant.tags.first()?.clone().into();
            members?.shift_insert(0, property.to_owned(), tag);
        }
        TagSource::Either(value) => match members?.entry(property) {
            Entry::Occupied(mut entry) if entry.get().is_null() => {
                entry.insert(value.clone()?);
            }
            Entry::Occupied(entry) => {
                let tag = tag_text(entry.get())?;
                variant.tags.contains(&tag).then_some(())?;
            }
            Entry::Vacant(_) => {
                let members = written.json.as_object_mut()?;
                members.shift_insert(0, property.to_owned(), value.clone()?);
            }
        },
    }
    Some(written)
}
