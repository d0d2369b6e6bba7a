//! Properties with a single value are not fields: the value is always written, and checked when
//! reading. This includes the tag of a branch if no value of the branch can have another tag.
//! Otherwise the field has an enum of the tags as its type.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::ident::TypeName;
use crate::ir::{
    Constant, DefaultFunction, Docs, Enum, Presence, Repr, Tagging, Type, TypePath, Value, Variant,
    Webhook,
};

use super::complete_types::TagSources;
use super::enumeration::spelled;
use super::inline_site::OwnerKey;
use super::lowering::Lowering;
use super::name_words::default_function;
use super::naming::Members;
use super::operation_draft::GroupDraft;
use super::tag_fields::{Decision, Shapes};
use super::type_draft::{FieldDraft, ShapeDraft, TypeDraft, VariantDraft};
use super::type_uses::Mentions;
use super::types::{TypeId, Types};

impl Lowering<'_, '_> {
    /// Decides which fields are constants, and removes types that are no longer used.
    pub(super) fn constants(&mut self, groups: &[GroupDraft<'_>], webhooks: &[Webhook]) {
        let found = self.decisions(groups, webhooks);
        if !found.is_empty() {
            self.fix(found, groups, webhooks);
        }
    }

    fn decisions(
        &self,
        groups: &[GroupDraft<'_>],
        webhooks: &[Webhook],
    ) -> Vec<(TypeId, Vec<Option<Decision>>)> {
        let mentions = Mentions::new(&self.types, groups, webhooks);
        let types = Shapes::new(&self.types);
        let mut found = Vec::new();
        for (id, def) in self.types.iter() {
            if let ShapeDraft::Struct(shape) = &def.shape {
                let fields = shape.fields.iter();
                let decisions: Vec<_> = fields
                    .map(|field| types.decide(&def.path, field, &mentions))
                    .collect();
                if decisions.iter().any(Option::is_some) {
                    found.push((id, decisions));
                }
            }
        }
        found
    }

    fn fix(
        &mut self,
        found: Vec<(TypeId, Vec<Option<Decision>>)>,
        groups: &[GroupDraft<'_>],
        webhooks: &[Webhook],
    ) {
        let mut dropped = HashSet::new();
        // Insert new types before those that use them.
        let mut new: HashMap<TypeId, Vec<TypeDraft>> = HashMap::new();
        for (id, decisions) in found {
            let Some(def) = self.types.get_mut(id) else {
                continue;
            };
            let path = def.path.clone();
            let ShapeDraft::Struct(shape) = &mut def.shape else {
                continue;
            };
            let fields = std::mem::take(&mut shape.fields);
            let mut kept = Vec::new();
            let mut constants = Vec::new();
            for (field, decision) in fields.into_iter().zip(decisions) {
                if !matches!(decision, None | Some(Decision::Preset(..)))
                    && let Type::Named(path) = &field.ty
                {
                    dropped.insert(path.clone());
                }
                match decision {
                    None => kept.push(field),
                    Some(Decision::Constant(value)) => constants.push(constant(field, value)),
                    Some(Decision::Preset(of, name, value)) => {
                        self.no_other_default(&path, &field, std::slice::from_ref(&value));
                        kept.push(preset(field, &of, name, &value));
                    }
                    Some(choice) => {
                        let (field, def) = self.choice(&path, field, choice);
                        new.entry(id).or_default().extend(def);
                        kept.push(field);
                    }
                }
            }
            if let Some(ShapeDraft::Struct(shape)) =
                self.types.get_mut(id).map(|def| &mut def.shape)
            {
                shape.fields = kept;
                shape.constants.extend(constants);
            }
        }
        self.types.insert_before(new);
        self.drop_unused(dropped, groups, webhooks);
    }

    /// Changes the type of a field to an enum of its tags. Returns the enum if it is a new type.
    fn choice(
        &mut self,
        owner: &TypePath,
        mut field: FieldDraft,
        choice: Decision,
    ) -> (FieldDraft, Option<TypeDraft>) {
        let Decision::Choice {
            values,
            open,
            preset: is_preset,
            is_required,
            replaces,
        } = choice
        else {
            return (field, None);
        };
        self.no_other_default(owner, &field, &values);
        let declared = replaces
            .as_ref()
            .and_then(|path| self.types.id(path))
            .and_then(|id| self.types.get_mut(id));
        let before = match declared.as_ref().map(|def| &def.shape) {
            Some(ShapeDraft::Enum(shape)) => Some(shape.clone()),
            _ => None,
        };
        let shape = enumeration(&values, open, before);
        let first = shape.variants.first().map(|variant| variant.name.clone());
        let (path, def) = if let (Some(path), Some(def)) = (replaces, declared) {
            def.shape = ShapeDraft::Enum(shape);
            (path, None)
        } else {
            let modules = self.types.module_for(&OwnerKey::Type(owner.clone()));
            let path = self.types.reserve(modules, &field.name.wire);
            let def = TypeDraft {
                path: path.clone(),
                docs: Docs::default(),
                deprecated: false,
                shape: ShapeDraft::Enum(shape),
            };
            (path, Some(def))
        };
        field.ty = Type::Named(path.clone());
        if is_required {
            field.presence = Presence::Required;
        }
        if let (true, Some(name), Some(value)) = (is_preset, first, values.first()) {
            field = preset(field, &path, name, value);
        }
        (field, def)
    }

    /// Removes a default that is not one of a tag's values: the schema inherited it.
    fn no_other_default(&mut self, owner: &TypePath, field: &FieldDraft, values: &[Json]) {
        self.deferred.defaults.retain(|pending| {
            pending.owner != *owner
                || pending.field != field.name.rust
                || values.contains(pending.value)
        });
    }

    /// Removes unused inline types, and modules that become empty.
    fn drop_unused(
        &mut self,
        mut dropped: HashSet<TypePath>,
        groups: &[GroupDraft<'_>],
        webhooks: &[Webhook],
    ) {
        let mentions = Mentions::new(&self.types, groups, webhooks);
        dropped.retain(|path| !path.modules.is_empty() && !mentions.has(path));
        self.types.remove(|path| dropped.contains(path));
    }
}

/// Returns the writer of each tag.
pub(super) fn tag_sources(types: &Types) -> TagSources {
    let shapes = Shapes::new(types);
    let source = |property: &str, variant: &VariantDraft| {
        shapes.source(property, &variant.tags, &variant.ty)
    };
    let mut found = TagSources::new();
    for (id, def) in types.iter() {
        if let ShapeDraft::Union(shape) = &def.shape
            && let Tagging::Property(property) = &shape.tagging
        {
            let variants = shape.variants.iter();
            let sources = variants.map(|variant| source(property, variant));
            found.insert(id, sources.collect());
        }
    }
    found
}

fn constant(field: FieldDraft, value: Json) -> Constant {
    Constant {
        wire: field.name.wire,
        value,
        docs: field.docs,
        deprecated: field.deprecated,
    }
}

/// Sets the initial value of a field.
fn preset(mut field: FieldDraft, of: &TypePath, name: TypeName, value: &Json) -> FieldDraft {
    field.presence = Presence::Preset;
    field.tag = Some(DefaultFunction {
        name: default_function(&field.name.rust),
        value: Value::Variant(of.clone(), name),
        wire: value.to_string(),
        of_server: false,
    });
    field
}

/// Returns the enum of some values, reusing the variants of another enum if possible.
fn enumeration(values: &[Json], open: bool, before: Option<Enum>) -> Enum {
    let mut members = Members::<TypeName>::default();
    let known = before.map(|shape| shape.variants).unwrap_or_default();
    let variants = values.iter().map(|value| {
        let known = known.iter().find(|variant| variant.value == *value);
        Variant {
            name: members.variant(&known.map_or_else(
                || spelled(value),
                |variant| variant.name.as_str().to_owned(),
            )),
            value: value.clone(),
            docs: known
                .map(|variant| variant.docs.clone())
                .unwrap_or_default(),
        }
    });
    let variants: Vec<Variant> = variants.collect();
    let is_all = |ask: fn(&Json) -> bool| values.iter().all(ask);
    Enum {
        repr: if is_all(Json::is_string) {
            Repr::Text
        } else if is_all(Json::is_i64) {
            Repr::Integer
        } else {
            Repr::Json
        },
        variants,
        open: open.then(|| members.variant("Unknown")),
    }
}
