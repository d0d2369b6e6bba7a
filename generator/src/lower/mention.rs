//! Where each type is mentioned: as a branch of a union that reads by a tag, or anywhere else.

use std::collections::HashMap;

use crate::ir::{
    BodyChoice, Operation, ResponseCase, Shape, Tagging, Type, TypeDef, TypePath, Union,
    UnionVariant, Webhook,
};

use super::operation::Group;
use super::usage::Usage;

/// Where each type is mentioned.
#[derive(Debug, Default)]
pub(super) struct Mentions<'a> {
    /// As a branch of a union.
    branches: HashMap<&'a TypePath, Vec<Mention<'a>>>,
    /// Anywhere else: how often, and which way the values travel.
    elsewhere: HashMap<&'a TypePath, (usize, Usage)>,
    /// The types that each type mentions.
    inside: HashMap<&'a TypePath, Vec<&'a TypePath>>,
    /// Which way the values of each type travel.
    usages: HashMap<&'a TypePath, Usage>,
    /// The types that operations mention.
    queue: Vec<(&'a TypePath, Usage)>,
    /// The types that are only other names, and what they name.
    aliases: HashMap<&'a TypePath, &'a TypePath>,
}

/// A mention as a branch of a union.
#[derive(Debug)]
struct Mention<'a> {
    /// The property that identifies the branch.
    property: &'a str,
    /// The values that mean it.
    tags: &'a [String],
    /// Which way the values of the union travel.
    usage: Usage,
}

/// More names than this in a row are not followed.
const MOST_NAMES: usize = 32;

impl<'a> Mentions<'a> {
    pub fn of(types: &'a [TypeDef], groups: &'a [Group<'_>], webhooks: &'a [Webhook]) -> Self {
        let mut mentions = Self::default();
        for def in types {
            if let Shape::Alias(Type::Named(target)) = &def.shape {
                mentions.aliases.insert(&def.path, target);
            }
        }
        for operation in groups.iter().flat_map(|group| &group.done.operations) {
            mentions.operation(operation);
        }
        for webhook in webhooks {
            mentions.webhook(webhook);
        }
        for def in types {
            let mut found = Vec::new();
            for ty in def.shape.types() {
                named(ty, &mut found);
            }
            mentions.inside.insert(&def.path, found);
        }
        mentions.walk();
        for def in types {
            // What nothing mentions may travel either way.
            let usage = mentions.usages.get(&def.path).copied();
            mentions.shape(&def.shape, usage.unwrap_or(Usage::ANY));
        }
        mentions
    }

    /// Whether anything mentions a type.
    pub fn has(&self, path: &TypePath) -> bool {
        self.elsewhere.contains_key(path) || self.branches.contains_key(path)
    }

    /// Returns how often a type is mentioned other than as a branch.
    pub fn count(&self, path: &TypePath) -> usize {
        self.elsewhere.get(path).map_or(0, |(count, _)| *count)
    }

    /// Returns which way the values of a type travel where no union identifies it by a property;
    /// `None` where one always does.
    pub fn elsewhere(&self, path: &TypePath, property: &str) -> Option<Usage> {
        let own = self.elsewhere.get(path).map(|(_, usage)| *usage);
        let branches = self.branches.get(path).into_iter().flatten();
        let others = branches.filter(|branch| branch.property != property);
        let usages = own.into_iter().chain(others.map(|branch| branch.usage));
        usages.reduce(Usage::join)
    }

    /// Returns the values of a property that mean a type, for each union that has it as a branch.
    pub fn tags(&self, path: &TypePath, property: &str) -> Vec<&'a [String]> {
        let branches = self.branches.get(path).into_iter().flatten();
        let branches = branches.filter(|branch| branch.property == property);
        branches.map(|branch| branch.tags).collect()
    }

    fn walk(&mut self) {
        while let Some((path, usage)) = self.queue.pop() {
            let known = self.usages.entry(path).or_default();
            if known.covers(usage) {
                continue;
            }
            *known = known.join(usage);
            let inside = self.inside.get(path).into_iter().flatten();
            self.queue.extend(inside.map(|path| (*path, usage)));
        }
    }

    /// Returns what a name stands for.
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

    fn shape(&mut self, shape: &'a Shape, usage: Usage) {
        // A mention of the other name counts instead.
        if let Shape::Alias(Type::Named(_)) = shape {
            return;
        }
        if let Shape::Union(Union {
            variants,
            tagging: Tagging::Property(property),
            ..
        }) = shape
        {
            for variant in variants {
                self.branch(property, variant, usage);
            }
        } else {
            shape.types().into_iter().for_each(|ty| self.ty(ty, usage));
        }
    }

    fn branch(&mut self, property: &'a str, variant: &'a UnionVariant, usage: Usage) {
        let mut ty = &variant.ty;
        while let Type::Box(inner) | Type::Option(inner) = ty {
            ty = inner;
        }
        if let Type::Named(path) = ty {
            let branches = self.branches.entry(self.meant(path)).or_default();
            branches.push(Mention {
                property,
                tags: &variant.tags,
                usage,
            });
        } else {
            self.ty(ty, usage);
        }
    }

    fn operation(&mut self, operation: &'a Operation) {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.outside(ty, Usage::SENT));
        let choices = operation.body.iter().flat_map(|body| &body.choices);
        self.choices(choices, Usage::SENT);
        self.cases(&operation.success.cases, Usage::READ);
        self.cases(&operation.failure.cases, Usage::READ);
        for callback in &operation.callbacks {
            self.webhook(callback);
        }
    }

    fn webhook(&mut self, webhook: &'a Webhook) {
        let parameters = webhook.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.outside(ty, Usage::READ));
        let choices = webhook.body.iter().flat_map(|body| &body.choices);
        self.choices(choices, Usage::READ);
        self.cases(&webhook.answers, Usage::SENT);
    }

    fn choices(&mut self, choices: impl Iterator<Item = &'a BodyChoice>, usage: Usage) {
        choices.for_each(|choice| self.outside(&choice.ty, usage));
    }

    fn cases(&mut self, cases: &'a [ResponseCase], usage: Usage) {
        for case in cases {
            let bodies = case.bodies.iter().map(|body| &body.ty);
            let headers = case.headers.iter().map(|header| &header.ty);
            bodies.chain(headers).for_each(|ty| self.outside(ty, usage));
        }
    }

    /// Notes a type that an operation mentions.
    fn outside(&mut self, ty: &'a Type, usage: Usage) {
        self.ty(ty, usage);
        let mut found = Vec::new();
        named(ty, &mut found);
        self.queue
            .extend(found.into_iter().map(|path| (path, usage)));
    }

    fn ty(&mut self, ty: &'a Type, usage: Usage) {
        if let Type::Named(path) = ty {
            let (count, known) = self.elsewhere.entry(self.meant(path)).or_default();
            *count += 1;
            *known = known.join(usage);
        }
        ty.parts().iter().for_each(|ty| self.ty(ty, usage));
    }
}

/// Adds the declared types that a type is made of.
fn named<'a>(ty: &'a Type, found: &mut Vec<&'a TypePath>) {
    if let Type::Named(path) = ty {
        found.push(path);
    }
    ty.parts().iter().for_each(|ty| named(ty, found));
}
