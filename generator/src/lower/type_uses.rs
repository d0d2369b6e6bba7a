//! Finds the uses of each type: as a branch of a tagged union, or elsewhere.

use std::collections::HashMap;

use crate::ir::{BodyChoice, ResponseCase, Tagging, Type, TypePath, Webhook};

use super::directions::Directions;
use super::operation_draft::{GroupDraft, OperationDraft};
use super::type_draft::{ShapeDraft, UnionDraft, VariantDraft};
use super::types::Types;

/// The uses of each type.
#[derive(Debug, Default)]
pub(super) struct Mentions<'a> {
    /// Uses as a branch of a union.
    branches: HashMap<&'a TypePath, Vec<Mention<'a>>>,
    /// Other uses: their number and direction.
    elsewhere: HashMap<&'a TypePath, (usize, Directions)>,
    /// The types that each type uses.
    inside: HashMap<&'a TypePath, Vec<&'a TypePath>>,
    /// The direction of each type's values.
    schema_directions: HashMap<&'a TypePath, Directions>,
    /// The types that operations use.
    queue: Vec<(&'a TypePath, Directions)>,
    /// The aliases with their targets.
    aliases: HashMap<&'a TypePath, &'a TypePath>,
}

/// A use as a branch of a union.
#[derive(Debug)]
struct Mention<'a> {
    /// The property with the tag.
    property: &'a str,
    /// The tags of the branch.
    tags: &'a [String],
    /// The direction of the union's values.
    directions: Directions,
}

/// Maximum length of a chain of aliases.
const MOST_NAMES: usize = 32;

impl<'a> Mentions<'a> {
    pub fn new(types: &'a Types, groups: &'a [GroupDraft<'_>], webhooks: &'a [Webhook]) -> Self {
        let mut mentions = Self::default();
        for (path, shape) in types.shapes() {
            if let ShapeDraft::Alias(Type::Named(target)) = shape {
                mentions.aliases.insert(path, target);
            }
        }
        for operation in groups.iter().flat_map(|group| &group.operations) {
            mentions.operation(operation);
        }
        for webhook in webhooks {
            mentions.webhook(webhook);
        }
        for (path, shape) in types.shapes() {
            let inside = shape.types().into_iter().flat_map(Type::paths);
            mentions.inside.insert(path, inside.collect());
        }
        mentions.walk();
        for (path, shape) in types.shapes() {
            // Unused types may have either direction.
            let directions = mentions.schema_directions.get(path).copied();
            mentions.shape(shape, directions.unwrap_or(Directions::ANY));
        }
        mentions
    }

    /// Returns `true` if a type is used.
    pub fn has(&self, path: &TypePath) -> bool {
        self.elsewhere.contains_key(path) || self.branches.contains_key(path)
    }

    /// Returns the number of uses other than as a branch.
    pub fn count(&self, path: &TypePath) -> usize {
        self.elsewhere.get(path).map_or(0, |(count, _)| *count)
    }

    /// Returns the direction of a type's values where no union identifies it by a property, or
    /// `None` if one always does.
    pub fn elsewhere(&self, path: &TypePath, property: &str) -> Option<Directions> {
        let own = self.elsewhere.get(path).map(|(_, directions)| *directions);
        let branches = self.branches.get(path).into_iter().flatten();
        let others = branches.filter(|branch| branch.property != property);
        let schema_directions = own
            .into_iter()
            .chain(others.map(|branch| branch.directions));
        schema_directions.reduce(Directions::join)
    }

    /// Returns the tags of a type for a property, for each union that has it as a branch.
    pub fn tags(&self, path: &TypePath, property: &str) -> Vec<&'a [String]> {
        let branches = self.branches.get(path).into_iter().flatten();
        let branches = branches.filter(|branch| branch.property == property);
        branches.map(|branch| branch.tags).collect()
    }

    fn walk(&mut self) {
        while let Some((path, directions)) = self.queue.pop() {
            let known = self.schema_directions.entry(path).or_default();
            if known.covers(directions) {
                continue;
            }
            *known = known.join(directions);
            let inside = self.inside.get(path).into_iter().flatten();
            self.queue.extend(inside.map(|path| (*path, directions)));
        }
    }

    /// Returns the target of an alias.
    fn meant(&self, path: &'a TypePath) -> &'a TypePath {
        let mut meant = path;
        for _ in 0..MOST_NAMES {
            match self.aliases.get(meant) {
                Some(target) => meant = target,
                None => break,
            }
        }
        meant
    }

    fn shape(&mut self, shape: &'a ShapeDraft, directions: Directions) {
        // Uses of the alias are counted instead.
        if let ShapeDraft::Alias(Type::Named(_)) = shape {
            return;
        }
        if let ShapeDraft::Union(UnionDraft {
            variants,
            tagging: Tagging::Property(property),
            ..
        }) = shape
        {
            for variant in variants {
                self.branch(property, variant, directions);
            }
        } else {
            shape
                .types()
                .into_iter()
                .for_each(|ty| self.ty(ty, directions));
        }
    }

    fn branch(&mut self, property: &'a str, variant: &'a VariantDraft, directions: Directions) {
        let mut ty = &variant.ty;
        while let Type::Box(inner) | Type::Option(inner) = ty {
            ty = inner;
        }
        if let Type::Named(path) = ty {
            let branches = self.branches.entry(self.meant(path)).or_default();
            branches.push(Mention {
                property,
                tags: &variant.tags,
                directions,
            });
        } else {
            self.ty(ty, directions);
        }
    }

    fn operation(&mut self, operation: &'a OperationDraft<'_>) {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.outside(ty, Directions::SENT));
        let choices = operation.body.iter().flat_map(|body| &body.choices);
        self.choices(choices, Directions::SENT);
        self.cases(&operation.outcomes.success.cases, Directions::READ);
        self.cases(&operation.outcomes.failure.cases, Directions::READ);
        for callback in &operation.callbacks {
            self.webhook(callback);
        }
    }

    fn webhook(&mut self, webhook: &'a Webhook) {
        let parameters = webhook.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.outside(ty, Directions::READ));
        let choices = webhook.body.iter().flat_map(|body| &body.choices);
        self.choices(choices, Directions::READ);
        self.cases(&webhook.answers, Directions::SENT);
    }

    fn choices(&mut self, choices: impl Iterator<Item = &'a BodyChoice>, directions: Directions) {
        choices.for_each(|choice| self.outside(&choice.ty, directions));
    }

    fn cases(&mut self, cases: &'a [ResponseCase], directions: Directions) {
        for case in cases {
            let bodies = case.bodies.iter().map(|body| &body.ty);
            let headers = case.headers.iter().map(|header| &header.ty);
            bodies
                .chain(headers)
                .for_each(|ty| self.outside(ty, directions));
        }
    }

    /// Records a type that an operation uses.
    fn outside(&mut self, ty: &'a Type, directions: Directions) {
        self.ty(ty, directions);
        self.queue.extend(ty.paths().map(|path| (path, directions)));
    }

    fn ty(&mut self, ty: &'a Type, directions: Directions) {
        for path in ty.paths() {
            let (count, known) = self.elsewhere.entry(self.meant(path)).or_default();
            *count += 1;
            *known = known.join(directions);
        }
    }
}
