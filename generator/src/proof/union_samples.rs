//! Creates a sample for each branch of each union.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::document::{Outcome, Validity, is_same};
use crate::ident::{ModuleName, TypeName};
use crate::ir::{Shape, Tagging, Type, TypeDef, TypePath};
use crate::lower::{Branch, Circular, UnionSource};
use crate::pointer::Pointer;
use crate::values::RoundTrip;

use super::model::Example;
use super::sample::{self, Direction, SampleCache, Tags};

/// Maximum number of tested branches per union.
const MOST_BRANCHES: usize = 64;

/// Maximum number of tested branches of all unions, since each needs a test.
const MOST_OF_ALL: usize = 512;

/// Maximum number of steps to compare all samples with the branches of their unions.
const MOST_STEPS: usize = 20_000;

/// The samples of one union: its name, its pointer and the samples.
type Group = (String, Pointer, Vec<Example>);

/// Returns the samples of each union. Unions that look the same are sampled once. `circular` are
/// the branches that the types omit, because they refer back to their own union.
pub(super) fn examples(
    unions: &[UnionSource<'_>],
    codec: &RoundTrip<'_>,
    types: &[TypeDef],
    circular: &Circular,
) -> Vec<Group> {
    // The types ignore these branches as well.
    let validity = Validity::lenient()
        .without(circular.branches.clone())
        .with_steps(MOST_STEPS);
    let kept = unions
        .iter()
        .flat_map(|union| union.variants.iter().flatten());
    let mut kept = kept.map(|branch| branch.node.pointer());
    let is_known = !kept.any(|place| circular.branches.contains(place));
    let declared: HashSet<&TypePath> = types.iter().map(|def| &def.path).collect();
    let mut known = HashSet::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut count = 0;
    for union in unions.iter().filter(|it| declared.contains(&it.path)) {
        let Some(Shape::Union(shape)) = codec.shape(&union.path) else {
            continue;
        };
        let direction = if union.is_read {
            Direction::Read
        } else {
            Direction::Sent
        };
        let names: Vec<&TypeName> = shape.variants.iter().map(|it| &it.name).collect();
        let mut union = Sampled {
            union,
            names: &names,
            types: shape.variants.iter().map(|it| &it.ty).collect(),
            direction,
            validity: &validity,
            circular,
            is_known,
            tags: Tags::new(&union.owner),
            positions: positions(union),
            has_tags: matches!(shape.tagging, Tagging::Property(_)),
            lean: Vec::new(),
        };
        let left = names.len().min(MOST_BRANCHES).min(MOST_OF_ALL - count);
        // A tag is compared with those of all variants.
        let sampled = if union.has_tags { names.len() } else { left };
        union.lean = (0..sampled)
            .map(|variant| union.sample(variant, 0))
            .collect();
        let variants = 0..left;
        let mut examples: Vec<Example> = Vec::new();
        for example in variants.filter_map(|variant| union.example(variant, codec)) {
            if examples.iter().all(|other| other.value != example.value) {
                examples.push(example);
            }
        }
        let mut text = String::new();
        for example in &examples {
            let name = example.variant.as_ref().map(TypeName::as_str);
            text.extend([name.unwrap_or_default(), &example.value.to_string(), "\n"]);
        }
        if !examples.is_empty() && known.insert(text) {
            count += examples.len();
            let UnionSource { path, owner, .. } = union.union;
            groups.push((group_name(path), owner.pointer().clone(), examples));
        }
    }
    groups
}

/// Returns the name of a union's samples.
fn group_name(path: &TypePath) -> String {
    let words = path.modules.iter().map(ModuleName::as_str);
    let words = words.chain([path.name.as_str()]);
    format!("union {}", words.collect::<Vec<_>>().join(" "))
}

/// A union with its samples' data.
struct Sampled<'s, 'd> {
    union: &'s UnionSource<'d>,
    /// The names of the variants.
    names: &'s [&'s TypeName],
    /// The types of the variants.
    types: Vec<&'s Type>,
    direction: Direction,
    circular: &'s Circular,
    /// True if no union kept a circular branch.
    is_known: bool,
    validity: &'s Validity<'d>,
    tags: Option<Tags<'d>>,
    /// The index of each variant among those with the same branch.
    positions: Vec<usize>,
    /// True if a property selects the variant.
    has_tags: bool,
    /// The sample of each variant without optional properties.
    lean: Vec<Option<Json>>,
}

/// Returns the number of earlier variants with the same branch for each variant: a branch may have
/// one variant per tag.
fn positions(union: &UnionSource<'_>) -> Vec<usize> {
    let mut counts: HashMap<&Pointer, usize> = HashMap::new();
    let variants = union.variants.iter().map(|branches| {
        let position = branches.first().map_or(0, |branch| {
            counts
                .get(branch.node.pointer())
                .copied()
                .unwrap_or_default()
        });
        for branch in branches {
            *counts.entry(branch.node.pointer()).or_default() += 1;
        }
        position
    });
    variants.collect()
}

impl<'d> Sampled<'_, 'd> {
    /// Returns a value of a variant, or `None` if no sample is read as this variant.
    fn example(&self, variant: usize, codec: &RoundTrip<'_>) -> Option<Example> {
        let branch = self.union.variants.get(variant)?.first()?;
        let ty = Type::Named(self.union.path.clone());
        let sampled = |value: Json| {
            let written = codec.written(&ty, &value)?;
            let is_only = self.is_only(variant, &value);
            Some((value, written, is_only))
        };
        // Without optional properties, a value may match several branches.
        let lean = self.lean.get(variant).cloned().flatten().and_then(sampled);
        let full = match &lean {
            Some((_, _, true)) => None,
            Some((lean, ..)) => {
                let full = self.sample(variant, 1).filter(|full| full != lean);
                full.and_then(sampled).filter(|(_, _, is_only)| *is_only)
            }
            None => self.sample(variant, 1).and_then(sampled),
        };
        let (value, written, is_only) = full.or(lean)?;
        let is_clear = self.is_known && is_only && !self.lacks_branches(variant, codec);
        let name = is_clear.then(|| self.names.get(variant));
        let name = name.flatten().map(|name| (*name).clone());
        let place = branch.node.pointer();
        let owner = &self.union.owner;
        let below = place.strip_prefix(owner.pointer());
        let below = below.or_else(|| place.strip_prefix(owner.schema_pointer()));
        let below = below.filter(|below| *below != Pointer::root());
        let at = below.unwrap_or_else(|| place.clone());
        Some(Example {
            at: at.to_string(),
            words: None,
            ty,
            variant: name,
            written: (!is_same(&written, &value)).then_some(written),
            value,
        })
    }

    fn sample(&self, variant: usize, levels: usize) -> Option<Json> {
        let branch = self.union.variants.get(variant)?.first()?;
        let cache = SampleCache::without(self.circular.branches.clone());
        let sample = sample::of_branch(&cache, &branch.merged_schema()?, (self.direction, levels))?;
        let (Some(tags), Some(position)) = (&self.tags, self.positions.get(variant)) else {
            return Some(sample);
        };
        Some(tags.tagged(*position, &branch.node, sample))
    }

    /// Returns the tag of a variant's sample.
    fn tag(&self, variant: usize) -> Option<&Json> {
        let property = self.tags.as_ref()?.property().filter(|_| self.has_tags)?;
        self.lean.get(variant)?.as_ref()?.get(property)
    }

    /// Returns `true` if a variant is a union that lacks one of its branches, so its type accepts
    /// less than the schema.
    fn lacks_branches(&self, variant: usize, codec: &RoundTrip<'_>) -> bool {
        let Some(ty) = self.types.get(variant) else {
            return false;
        };
        let lacks = |path: &TypePath| self.circular.unions.contains(path);
        let ty = ty.follow(|ty| match ty {
            Type::Option(inner) | Type::Box(inner) => Some(inner),
            Type::Named(path) if lacks(path) => None,
            Type::Named(path) => match codec.shape(path)? {
                Shape::Alias(inner) | Shape::Newtype(inner) => Some(inner),
                _ => None,
            },
            _ => None,
        });
        matches!(ty, Type::Named(path) if lacks(path))
    }

    /// Returns `true` if only this variant matches the value, by tag or by validation.
    fn is_only(&self, variant: usize, value: &Json) -> bool {
        if let Some(tag) = self.tag(variant) {
            let tags = (0..self.lean.len()).filter_map(|other| self.tag(other));
            return tags.filter(|other| *other == tag).count() == 1;
        }
        let is_valid =
            |branch: &Branch<'d>| self.validity.check(&branch.node, value) == Outcome::Allowed;
        self.union
            .variants
            .iter()
            .enumerate()
            .all(|(index, branches)| (index == variant) == branches.iter().any(is_valid))
    }
}
