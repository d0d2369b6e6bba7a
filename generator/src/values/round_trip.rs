//! A model of the codec of generated crates: the value that a type writes after reading a value. It
//! is the same value, except for what the type omits.

mod object;
mod union;
mod written;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use chrono::SecondsFormat;
use serde_json::Value as Json;

use self::written::{Members, Score, Written, sorted};
use super::scalar::{fits, integer, range};
use super::variants::Variants;
use crate::ir::{Enum, Kinds, Repr, Shape, Type, TypePath, UnionVariant};
use crate::output_limits::count;

/// Maximum depth of nested types.
pub(super) const DEEPEST: usize = 1_000;

/// Limits on the steps to write one value, and for each value in it: nested unions and defaults can
/// multiply them.
const MOST_STEPS: usize = 100_000;
const MOST_STEPS_OF_EACH: usize = 20;

/// A declared type and a part of the value, by their addresses, with the tags that need not be
/// declared.
type Key = (usize, usize, Vec<String>);

/// The result for a [`Key`], and the tags that need not be declared after it.
type Known = (Option<Written>, Vec<String>);

/// Reads and writes JSON like the generated types.
pub(crate) struct RoundTrip<'t> {
    types: HashMap<&'t TypePath, &'t Shape>,
    variants: Variants<'t>,
    /// The number of steps left.
    steps: Cell<Option<usize>>,
    depth: Cell<usize>,
    /// The results so far for parts of one value.
    known: RefCell<HashMap<Key, Known>>,
    /// The results for the defaults of fields, by address.
    defaults: RefCell<HashMap<usize, Option<Written>>>,
    /// The number of defaults that contained themselves.
    met: Cell<usize>,
    /// The fields whose default is being written: it may contain the field again, with another
    /// value.
    open: RefCell<Vec<usize>>,
    /// The tags of unions that the next object need not declare.
    tags: RefCell<Vec<String>>,
    /// The JSON kinds of declared types, by the address of their shapes: a union may contain many
    /// types.
    kinds: RefCell<HashMap<usize, Kinds>>,
}

impl<'t> RoundTrip<'t> {
    /// Creates the codec of types, by their paths.
    pub fn new(types: impl IntoIterator<Item = (&'t TypePath, &'t Shape)>) -> Self {
        Self {
            types: types.into_iter().collect(),
            variants: Variants::default(),
            steps: Cell::new(None),
            depth: Cell::new(0),
            known: RefCell::default(),
            defaults: RefCell::default(),
            met: Cell::new(0),
            open: RefCell::default(),
            tags: RefCell::default(),
            kinds: RefCell::default(),
        }
    }

    /// Returns the definition of a declared type.
    pub fn shape(&self, path: &TypePath) -> Option<&'t Shape> {
        self.types.get(path).copied()
    }

    /// Returns the written value, or `None` if the type does not accept the value.
    pub fn written(&self, ty: &Type, json: &Json) -> Option<Json> {
        self.begin(json);
        self.write(ty, json).map(|written| written.json)
    }

    /// Starts with a new value. The cached addresses are not valid for it.
    pub fn begin(&self, json: &Json) {
        let own = count(json).saturating_mul(MOST_STEPS_OF_EACH);
        self.steps.set(Some(MOST_STEPS.saturating_add(own)));
        self.known.borrow_mut().clear();
    }

    /// Returns `true` if the last value exceeded the limit on steps.
    pub fn gave_up(&self) -> bool {
        self.steps.get().is_none()
    }

    fn take(&self, steps: usize) -> Option<()> {
        let left = self.steps.get()?.checked_sub(steps);
        self.steps.set(left);
        left.map(|_| ())
    }

    /// Sorts the branches of an untagged union by how well they match, those that do not accept the
    /// value last. The value is a part of the one passed to [`begin`](Self::begin).
    pub fn rank(&self, variants: &mut [&UnionVariant], json: &Json) {
        variants.sort_by_cached_key(|variant| {
            let score = self.score(&variant.ty, json);
            (score.is_none(), score)
        });
    }

    fn score(&self, branch: &Type, json: &Json) -> Option<Score> {
        self.branch(branch, json).map(|written| written.score)
    }

    fn write(&self, ty: &Type, json: &Json) -> Option<Written> {
        self.take(1)?;
        let depth = self.depth.get() + 1;
        if depth > DEEPEST {
            self.steps.set(None);
            return None;
        }
        self.depth.set(depth);
        let written = self.write_by_type(ty, json);
        self.depth.set(depth - 1);
        written
    }

    fn write_by_type(&self, ty: &Type, json: &Json) -> Option<Written> {
        Some(match ty {
            Type::Bool => json.is_boolean().then(|| Written::whole(json))?,
            Type::Integer(width) => {
                let number = integer(json)?;
                range(*width)
                    .contains(&number)
                    .then(|| Written::whole(json))?
            }
            Type::Float64 | Type::Number => json.is_number().then(|| Written::whole(json))?,
            Type::String | Type::Secret | Type::Uri | Type::Bytes => {
                json.is_string().then(|| Written::whole(json))?
            }
            Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => {
                let text = json.as_str().filter(|text| fits(ty, text))?;
                Written::whole(&Json::String(normal(ty, text)))
            }
            Type::Json => Written::whole(json),
            Type::Null => json.is_null().then(|| Written::whole(json))?,
            Type::Option(_) if json.is_null() => Written::whole(json),
            Type::Option(inner) | Type::Box(inner) => self.write(inner, json)?,
            Type::Vec(item) => self.list(json.as_array()?.iter().map(|json| (&**item, json)))?,
            Type::Tuple(types) => {
                let items = json.as_array().filter(|items| items.len() == types.len())?;
                self.list(types.iter().zip(items))?
            }
            Type::Map(value) => {
                let mut written = Members::default();
                for (name, json) in sorted(json.as_object()?.iter()) {
                    written.add(name, self.write(value, json)?);
                }
                written.done()
            }
            Type::Named(path) => self.named(self.types.get(path)?, json)?,
        })
    }

    fn named(&self, shape: &'t Shape, json: &Json) -> Option<Written> {
        let key = (
            std::ptr::from_ref(shape).addr(),
            std::ptr::from_ref(json).addr(),
            self.tags.borrow().clone(),
        );
        let known = self.known.borrow().get(&key).cloned();
        if let Some((known, tags)) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            self.tags.replace(tags);
            return known;
        }
        let met = self.met.get();
        let written = match shape {
            Shape::Alias(ty) | Shape::Newtype(ty) => self.write(ty, json),
            Shape::Enum(shape) => self.enumeration(shape, json),
            Shape::Union(shape) => self.union(shape, json),
            Shape::Struct(shape) => self.object(shape, json),
        };
        if self.met.get() == met {
            let known = (written.clone(), self.tags.borrow().clone());
            self.known.borrow_mut().insert(key, known);
        }
        written
    }

    /// Reads a value of an enum.
    fn enumeration(&self, shape: &'t Enum, json: &Json) -> Option<Written> {
        if self.variants.find(shape, json).is_some() {
            return Some(Written::whole(json));
        }
        let is_kept = match shape.repr {
            Repr::Text => json.is_string(),
            Repr::Integer => json.is_i64(),
            Repr::Json => true,
        };
        (shape.open.is_some() && is_kept).then(|| Written::unknown(json, 1))
    }

    fn list<'v>(&self, items: impl Iterator<Item = (&'v Type, &'v Json)>) -> Option<Written> {
        let (mut score, mut size) = (Score::default(), 1_usize);
        let items = items.map(|(ty, json)| {
            let item = self.write(ty, json)?;
            score.add(item.score);
            size = size.saturating_add(item.size);
            Some(item.json)
        });
        let json = Json::Array(items.collect::<Option<_>>()?);
        Some(Written { json, size, score })
    }
}

/// Returns the text that a type writes for a text in its format.
fn normal(ty: &Type, text: &str) -> String {
    match ty {
        Type::Uuid => text.to_ascii_lowercase(),
        Type::DateTime => chrono::DateTime::parse_from_rfc3339(text).map_or_else(
            |_| text.to_owned(),
            |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        ),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
