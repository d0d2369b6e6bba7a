//! A property that has one value is no field: it is written as it is, and checked when it is read.

use std::collections::{HashMap, HashSet};

use crate::ident::ModuleName;
use crate::ir::{
    BodyChoice, Constant, Enum, Field, Operation, Presence, ResponseCase, Shape, Struct, Tagging,
    Type, TypeDef, TypePath, Union, UnionVariant, Webhook,
};

use super::Lowering;
use super::enumeration::spelled;
use super::operation::Group;

/// Where a type is mentioned.
#[derive(Default)]
struct Mentions<'a> {
    /// As a branch of a union: the property that tells it apart, and the values that mean it.
    branches: HashMap<&'a TypePath, Vec<(&'a str, &'a [String])>>,
    /// Anywhere else.
    elsewhere: HashSet<&'a TypePath>,
}

impl Lowering<'_, '_> {
    /// Makes each required property that has one value only a constant, and drops the types that
    /// nothing mentions any more. With a `const`, or an `enum` of one that is never read, the
    /// schema says so; where a struct is read as a branch of unions alone, its tag has been told
    /// apart before.
    pub(super) fn constants(&mut self, groups: &[Group<'_>], webhooks: &[Webhook]) {
        let mentions = Mentions::of(&self.types, groups, webhooks);
        let singles: HashMap<&TypePath, (&Enum, &serde_json::Value)> = self
            .types
            .iter()
            .filter_map(|def| match &def.shape {
                Shape::Enum(shape) => match shape.variants.as_slice() {
                    [only] => Some((&def.path, (shape, &only.value))),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        let value_of = |owner: &TypePath, field: &Field| {
            let Type::Named(path) = &field.ty else {
                return None;
            };
            let (shape, value) = singles.get(path)?;
            let is_constant = field.presence == Presence::Required
                && (shape.open.is_none() || mentions.is_tag(owner, &field.name.wire, value));
            is_constant.then(|| (*value).clone())
        };
        let mut found = Vec::new();
        for (position, def) in self.types.iter().enumerate() {
            if let Shape::Struct(shape) = &def.shape {
                let values: Vec<_> = shape
                    .fields
                    .iter()
                    .map(|field| value_of(&def.path, field))
                    .collect();
                if values.iter().any(Option::is_some) {
                    found.push((position, values));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        let mut dropped = HashSet::new();
        for (position, values) in found {
            if let Some(Shape::Struct(shape)) =
                self.types.get_mut(position).map(|def| &mut def.shape)
            {
                dropped.extend(shape.fix(values));
            }
        }
        let mentions = Mentions::of(&self.types, groups, webhooks);
        dropped.retain(|path| !path.modules.is_empty() && !mentions.has(path));
        self.types.retain(|def| !dropped.contains(&def.path));
        let types = &self.types;
        let modules: HashSet<&[ModuleName]> = types
            .iter()
            .flat_map(|def| {
                (1..=def.path.modules.len()).filter_map(|depth| def.path.modules.get(..depth))
            })
            .collect();
        self.modules
            .retain(|module| modules.contains(module.path.as_slice()));
    }
}

impl Struct {
    /// Moves the fields that have a value to the constants; gives what their types were.
    fn fix(&mut self, values: Vec<Option<serde_json::Value>>) -> Vec<TypePath> {
        let mut types = Vec::new();
        for (field, value) in std::mem::take(&mut self.fields).into_iter().zip(values) {
            let Some(value) = value else {
                self.fields.push(field);
                continue;
            };
            if let Type::Named(path) = field.ty {
                types.push(path);
            }
            self.constants.push(Constant {
                wire: field.name.wire,
                value,
                docs: field.docs,
                deprecated: field.deprecated,
            });
        }
        types
    }
}

impl<'a> Mentions<'a> {
    fn of(types: &'a [TypeDef], groups: &'a [Group<'_>], webhooks: &'a [Webhook]) -> Self {
        let mut mentions = Self::default();
        for def in types {
            mentions.shape(&def.shape);
        }
        for operation in groups.iter().flat_map(|group| &group.done.operations) {
            mentions.operation(operation);
        }
        for webhook in webhooks {
            mentions.webhook(webhook);
        }
        mentions
    }

    fn has(&self, path: &TypePath) -> bool {
        self.elsewhere.contains(path) || self.branches.contains_key(path)
    }

    /// Whether a struct is only ever read where this value of this property means it.
    fn is_tag(&self, owner: &TypePath, property: &str, value: &serde_json::Value) -> bool {
        let tag = [spelled(value)];
        let is_only = |(name, tags): &(&str, &[String])| *name == property && *tags == tag;
        !self.elsewhere.contains(owner)
            && self
                .branches
                .get(owner)
                .is_some_and(|branches| branches.iter().all(is_only))
    }

    fn shape(&mut self, shape: &'a Shape) {
        if let Shape::Union(Union {
            variants,
            tagging: Tagging::Property(property),
            ..
        }) = shape
        {
            for variant in variants {
                self.branch(property, variant);
            }
        } else {
            shape.types().into_iter().for_each(|ty| self.ty(ty));
        }
    }

    fn branch(&mut self, property: &'a str, variant: &'a UnionVariant) {
        let ty = match &variant.ty {
            Type::Box(inner) => inner,
            ty => ty,
        };
        if let Type::Named(path) = ty {
            let branches = self.branches.entry(path).or_default();
            branches.push((property, &variant.tags));
        } else {
            self.ty(ty);
        }
    }

    fn operation(&mut self, operation: &'a Operation) {
        let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.ty(ty));
        self.choices(operation.body.iter().flat_map(|body| &body.choices));
        self.cases(&operation.success.cases);
        self.cases(&operation.failure.cases);
        for callback in &operation.callbacks {
            self.webhook(callback);
        }
    }

    fn webhook(&mut self, webhook: &'a Webhook) {
        let parameters = webhook.parameters.iter().map(|parameter| &parameter.ty);
        parameters.for_each(|ty| self.ty(ty));
        self.choices(webhook.body.iter().flat_map(|body| &body.choices));
        self.cases(&webhook.answers);
    }

    fn choices(&mut self, choices: impl Iterator<Item = &'a BodyChoice>) {
        choices.for_each(|choice| self.ty(&choice.ty));
    }

    fn cases(&mut self, cases: &'a [ResponseCase]) {
        for case in cases {
            case.bodies.iter().for_each(|body| self.ty(&body.ty));
            case.headers.iter().for_each(|header| self.ty(&header.ty));
        }
    }

    fn ty(&mut self, ty: &'a Type) {
        if let Type::Named(path) = ty {
            self.elsewhere.insert(path);
        }
        ty.parts().iter().for_each(|ty| self.ty(ty));
    }
}
