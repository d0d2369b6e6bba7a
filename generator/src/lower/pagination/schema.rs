//! The schemas of inputs and of response properties, without wrappers.

use std::collections::HashSet;

use openapiv3::{Content, MediaType};

use crate::document::{Applicator, SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::pointer::Pointer;

use super::super::media_type::is_json;
use super::vocabulary::mentions_url;

/// The maximum number of wrappers around a schema that are removed.
const MAX_DEPTH: usize = 32;

/// The maximum number of `allOf` parts of an object that are examined.
const MAX_PARTS: usize = 50;

/// The maximum number of properties that are examined, of an object or of a request body with its
/// nested objects.
pub(super) const MAX_PROPERTIES: usize = 500;

/// A schema without the references and compositions around it.
#[derive(Clone)]
pub(super) struct ValueSchema<'d> {
    pub view: SchemaView<'d>,
    pub kind: Option<SchemaType>,
    /// The descriptions of the schema and of its wrappers.
    pub text: String,
}

impl<'d> ValueSchema<'d> {
    /// Follows references, and compositions with a single part.
    pub fn new(node: &SchemaNode<'d>) -> Option<Self> {
        let mut view = node.follow()?;
        let mut text = String::new();
        for _ in 0..MAX_DEPTH {
            text.push_str(view.description().unwrap_or_default());
            text.push('\n');
            let own = view.inferred_type();
            let parts = view.subschemas(Applicator::COMPOSITION);
            let only = match parts.as_slice() {
                [only] if view.properties().is_empty() => only.follow(),
                _ => None,
            };
            let Some(inner) = only else {
                let kind = own.or_else(|| common_kind(&parts));
                return Some(Self { view, kind, text });
            };
            view = inner;
        }
        None
    }

    pub fn is(&self, kind: SchemaType) -> bool {
        self.kind == Some(kind)
    }

    pub fn is_integer(&self) -> bool {
        self.is(SchemaType::Integer) || self.is(SchemaType::Number)
    }

    /// Returns the properties, including those of `allOf` parts.
    pub fn properties(&self) -> Vec<(&'d str, Self)> {
        let mut found: Vec<(&'d str, Self)> = Vec::new();
        let mut known: HashSet<&str> = HashSet::new();
        let parts = self.view.walk(&[Applicator::AllOf]).breadth_first();
        for view in parts.take(MAX_PARTS) {
            for (name, node) in view.properties() {
                if found.len() >= MAX_PROPERTIES {
                    return found;
                }
                if known.contains(name) {
                    continue;
                }
                if let Some(schema) = Self::new(&node) {
                    known.insert(name);
                    found.push((name, schema));
                }
            }
        }
        found
    }

    /// Returns the types of a property: one, or one for each alternative if all of them have the
    /// property.
    pub fn kinds_of(&self, name: &str) -> Vec<Option<SchemaType>> {
        if let Some(property) = self.property(name) {
            return vec![property.kind];
        }
        let parts = self.view.subschemas(Applicator::UNION);
        let kind = |part: &SchemaNode<'d>| Some(Self::new(part)?.property(name)?.kind);
        let kinds = parts.iter().take(MAX_PARTS).map(kind);
        kinds.collect::<Option<_>>().unwrap_or_default()
    }

    pub fn property(&self, name: &str) -> Option<Self> {
        let properties = self.properties().into_iter();
        properties
            .into_iter()
            .find_map(|(other, schema)| (other == name).then_some(schema))
    }

    /// Returns the schema of the items. If there are several alternatives, it is that of the first
    /// one.
    pub fn item(&self) -> Option<Self> {
        let own = match self.view.items() {
            SchemaOrBool::Schema(node) => Self::new(&node),
            _ => None,
        };
        own.or_else(|| {
            let parts = self.view.subschemas(Applicator::COMPOSITION);
            let views = parts.iter().filter_map(SchemaNode::follow);
            let items = views.filter_map(|view| match view.items() {
                SchemaOrBool::Schema(node) => Self::new(&node),
                _ => None,
            });
            items.into_iter().next()
        })
    }

    /// Returns `true` for text that is not a URL by its format, its examples or its description.
    pub fn is_opaque_text(&self) -> bool {
        self.is(SchemaType::String) && !self.is_url()
    }

    pub fn is_url(&self) -> bool {
        let format = self.view.format();
        let is_format =
            format.is_some_and(|format| matches!(format, "uri" | "url" | "uri-reference"));
        let mut examples = self.view.examples().into_iter();
        let is_example = examples.any(|example| {
            let text = example.as_str().unwrap_or_default();
            text.starts_with("http") || text.starts_with('/')
        });
        is_format || is_example || mentions_url(&self.text)
    }
}

/// Returns the type that all parts have.
fn common_kind(parts: &[SchemaNode<'_>]) -> Option<SchemaType> {
    let mut kinds = parts
        .iter()
        .filter_map(|part| part.follow()?.inferred_type());
    let first = kinds.next()?;
    kinds.all(|kind| kind == first).then_some(first)
}

/// Returns the first media type that is JSON.
pub(super) fn json_of<'d>(content: &'d Content, at: &Pointer) -> Option<(&'d MediaType, Pointer)> {
    let (name, media_type) = content.iter().find(|(name, _)| is_json(name))?;
    Some((media_type, at.child("content").child(name)))
}
