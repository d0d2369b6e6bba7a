//! The defaults of properties and parameters, compared with their own schemas. Those of
//! properties are checked when all types are known.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Outcome, Refusal, SchemaNode};
use crate::ident::FieldName;
use crate::ir::{DefaultFunction, Presence, Type, Value};
use crate::pointer::Trail;
use crate::values::{RoundTrip, ValueReader, exact_text};

use super::comparison::{compared, not_checked};
use super::complete_types::{Defaults, TagSources, definitions};
use super::deferred::DefaultCandidate;
use super::graph_cycles;
use super::lowering::Lowering;
use super::name_words::default_function;
use super::type_draft::ShapeDraft;
use super::types::{FieldPosition, TypeId, Types};

/// A default that the schema and the type of its property allow.
struct ValidDefault<'d> {
    position: FieldPosition,
    candidate: DefaultCandidate<'d>,
}

impl<'d> Lowering<'d, '_> {
    /// Decides on the default of every property, and reports those that are not used.
    ///
    /// The value of an object default depends on the defaults of the object's properties, so the
    /// valid defaults are collected first, and their values are created then.
    pub(super) fn defaults(&mut self, tag_sources: &TagSources) -> Defaults {
        let mut valid = self.valid_defaults(tag_sources);
        loop {
            let mut defaults = Defaults {
                presences: presences(&valid, &self.types),
                functions: HashMap::new(),
            };
            let values = self.default_values(&valid, tag_sources, &defaults);
            let circular = circular(&valid, &values, &self.types, &defaults);
            if circular.is_empty() {
                for (one, value) in valid.iter().zip(values) {
                    self.set_default(one, value, &mut defaults);
                }
                return defaults;
            }
            let all = valid.into_iter().enumerate();
            let (removed, kept): (Vec<_>, Vec<_>) = all.partition(|(at, _)| circular.contains(at));
            for (_, one) in removed {
                self.circular_default(&one.candidate);
            }
            valid = kept.into_iter().map(|(_, one)| one).collect();
        }
    }

    /// Returns the defaults that their properties allow, and reports the others.
    fn valid_defaults(&mut self, tag_sources: &TagSources) -> Vec<ValidDefault<'d>> {
        let candidates = std::mem::take(&mut self.deferred.defaults);
        let mut fields = FieldIndex::default();
        let mut positions = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            if let Some(id) = self.types.id(&candidate.owner) {
                let position = fields.position(&self.types, id, &candidate.field);
                positions.push((position, candidate));
            }
        }
        let used = positions.iter().filter_map(|(position, _)| *position);
        let shapes = definitions(
            types_of(used, &self.types),
            &self.types,
            tag_sources,
            &Defaults::default(),
        );
        let codec = RoundTrip::new(shapes.iter().map(|(path, shape)| (*path, shape)));
        let values = ValueReader::new(&codec, true).of_document(self.context.document);
        let mut valid = Vec::new();
        let mut refused = Vec::new();
        for (position, candidate) in positions {
            let outcome = compared(&self.validity, &candidate.schemas, candidate.value);
            // A constant needs no default; one that it does not allow is reported.
            if position.is_none() && !matches!(outcome, Outcome::Refused(_)) {
                continue;
            }
            if outcome == Outcome::NotChecked {
                let warning = not_checked("default", &candidate.at, "used unchanged");
                self.findings.push(warning);
            }
            let refusal = outcome.refusal();
            let is_of_type = |position: &FieldPosition| {
                value_of(&candidate, *position, &self.types, &values).is_some()
            };
            match position.filter(|position| refusal.is_none() && is_of_type(position)) {
                Some(position) => valid.push(ValidDefault {
                    position,
                    candidate,
                }),
                None => refused.push((candidate, refusal)),
            }
        }
        for (candidate, refusal) in refused {
            self.refused_default(&candidate, refusal);
        }
        valid
    }

    /// Returns the value of each default.
    fn default_values(
        &self,
        valid: &[ValidDefault<'d>],
        tag_sources: &TagSources,
        defaults: &Defaults,
    ) -> Vec<Option<Value>> {
        let used = types_of(valid.iter().map(|one| one.position), &self.types);
        let shapes = definitions(used, &self.types, tag_sources, defaults);
        let codec = RoundTrip::new(shapes.iter().map(|(path, shape)| (*path, shape)));
        let values = ValueReader::new(&codec, true).of_document(self.context.document);
        let values =
            |one: &ValidDefault<'_>| value_of(&one.candidate, one.position, &self.types, &values);
        valid.iter().map(values).collect()
    }

    /// Sets the function of a default.
    fn set_default(&self, one: &ValidDefault<'d>, value: Option<Value>, defaults: &mut Defaults) {
        let position = one.position;
        let (Some(value), Some(field)) = (value, self.types.field(position)) else {
            defaults.presences.remove(&position);
            return;
        };
        let value = match defaults.presence(position, field) {
            Presence::NullableDefaulted | Presence::NullablePreset => Value::Some(Box::new(value)),
            _ => value,
        };
        let DefaultCandidate {
            value: json,
            at,
            of_server,
            ..
        } = &one.candidate;
        let function = DefaultFunction {
            name: default_function(&field.name.rust),
            value,
            wire: exact_text(self.context.document, json, &Trail::Start(at)),
            of_server: *of_server,
        };
        defaults.functions.insert(position, function);
    }

    /// Warns about a default that would contain itself.
    fn circular_default(&mut self, pending: &DefaultCandidate<'_>) {
        let mut warning = Diagnostic::warning(
            code::DEFAULT_REFUSED,
            &pending.at,
            "the default contains an object to which the same default applies",
        )
        .label("not used: the value would be infinite")
        .help("set the property in the default, or remove the default");
        if let Some(node) = pending.schemas.first() {
            warning = warning.related(node.pointer().key(), "the property");
        }
        self.findings.push(warning);
    }

    /// Warns about a default that its own schema does not allow; the property stays an `Option`
    /// (wire rule 2).
    fn refused_default(&mut self, pending: &DefaultCandidate<'d>, refusal: Option<Refusal>) {
        let warning = |message| {
            Diagnostic::warning(code::DEFAULT_REFUSED, &pending.at, message)
                .label("not used")
                .help("use a value that the schema allows; without a valid default, the property is optional")
        };
        let value = pending.value;
        self.findings.push(match refusal {
            Some(refusal) => {
                let reason = refusal.describe();
                warning(format!(
                    "the default is not valid for its own schema: {reason}"
                ))
                .related(refusal.by.key(), "rejects it")
            }
            // For example, an integer that no Rust type can represent.
            None => warning(format!(
                "the default {value} is not a value of the type that its schema becomes"
            )),
        });
    }

    /// Warns about a default that its own schema does not allow: the docs show it, but it is never
    /// sent.
    pub(super) fn default_of_parameter(&mut self, node: &SchemaNode<'d>) {
        let Some(view) = node.follow() else { return };
        let Some(value) = view.default_value().filter(|value| !value.is_null()) else {
            return;
        };
        let at = view.keyword("default");
        // Many operations may share the parameter.
        if !self.findings.is_new(&at, "the default is compared") {
            return;
        }
        let outcome = self.validity.check(node, value);
        if outcome == Outcome::NotChecked {
            let warning = not_checked("default", &at, "shown unchanged");
            self.findings.push(warning);
        }
        let Some(refusal) = outcome.refusal() else {
            return;
        };
        let message = format!(
            "the default is not valid for its own schema: {}",
            refusal.describe()
        );
        self.findings.push(
            Diagnostic::warning(code::DEFAULT_REFUSED, at, message)
                .label("not a valid value of the parameter")
                .related(refusal.by.key(), "rejects it")
                .help("use a value that the schema allows, or remove the default"),
        );
    }
}

/// Returns the presences of the properties with a valid default.
fn presences(valid: &[ValidDefault<'_>], types: &Types) -> HashMap<FieldPosition, Presence> {
    let presences = valid.iter().filter_map(|one| {
        let presence = types.field(one.position)?.presence;
        Some((one.position, with_default(presence, &one.candidate)))
    });
    presences.collect()
}

/// Returns the presence of a property with a valid default.
fn with_default(before: Presence, candidate: &DefaultCandidate<'_>) -> Presence {
    match before {
        kept if candidate.patch => kept,
        Presence::Required => Presence::Preset,
        Presence::Nullable => Presence::NullablePreset,
        Presence::Optional if candidate.nullable => Presence::NullableDefaulted,
        Presence::Optional => Presence::Defaulted,
        Presence::OptionalNullable => Presence::NullableDefaulted,
        kept => kept,
    }
}

/// Returns the types of fields.
fn types_of(fields: impl Iterator<Item = FieldPosition>, types: &Types) -> Vec<&Type> {
    let types = fields.filter_map(|position| Some(&types.field(position)?.ty));
    types.collect()
}

/// Returns the value of a default, if it is valid for the property's type.
fn value_of(
    candidate: &DefaultCandidate<'_>,
    position: FieldPosition,
    types: &Types,
    values: &ValueReader<'_>,
) -> Option<Value> {
    let ty = &types.field(position)?.ty;
    values.at(ty, candidate.value, &Trail::Start(&candidate.at))
}

/// Returns the indexes of the defaults that contain themselves: objects that omit the property whose
/// default they are.
fn circular(
    valid: &[ValidDefault<'_>],
    values: &[Option<Value>],
    types: &Types,
    defaults: &Defaults,
) -> HashSet<usize> {
    let positions = valid.iter().map(|one| one.position);
    let by_field: HashMap<FieldPosition, usize> = positions.zip(0..).collect();
    let needs: Vec<Vec<usize>> = values
        .iter()
        .map(|value| {
            let mut left_out = Vec::new();
            if let Some(value) = value {
                left_out_of(value, types, defaults, &mut left_out);
            }
            let found = left_out
                .iter()
                .filter_map(|position| by_field.get(position));
            let found: HashSet<usize> = found.copied().collect();
            found.into_iter().collect()
        })
        .collect();
    graph_cycles::members(&needs)
}

/// Collects the properties that a value leaves to their defaults.
fn left_out_of(value: &Value, types: &Types, defaults: &Defaults, found: &mut Vec<FieldPosition>) {
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        match value {
            Value::Struct {
                path,
                required,
                fields,
            } => {
                queue.extend(required);
                queue.extend(fields.iter().map(|(_, value)| value));
                let Some((id, def)) = types.find(path) else {
                    continue;
                };
                let ShapeDraft::Struct(shape) = &def.shape else {
                    continue;
                };
                let set: HashSet<&FieldName> = fields.iter().map(|(name, _)| name).collect();
                let left_out = shape.fields.iter().enumerate().filter(|(index, field)| {
                    let is_defaulted = matches!(
                        defaults.presence((id, *index), field),
                        Presence::Defaulted
                            | Presence::NullableDefaulted
                            | Presence::Preset
                            | Presence::NullablePreset
                    );
                    is_defaulted && !set.contains(&field.name.rust)
                });
                found.extend(left_out.map(|(index, _)| (id, index)));
            }
            Value::UnionVariant(_, _, inner)
            | Value::Newtype(_, inner)
            | Value::BodyChoice(_, _, inner)
            | Value::Some(inner)
            | Value::Box(inner) => queue.push(inner),
            Value::Vec(items) | Value::Tuple(items) => queue.extend(items),
            Value::Map(pairs) => queue.extend(pairs.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// The indexes of struct fields by name.
#[derive(Default)]
struct FieldIndex(HashMap<TypeId, HashMap<FieldName, usize>>);

impl FieldIndex {
    fn position(
        &mut self,
        types: &Types,
        owner: TypeId,
        name: &FieldName,
    ) -> Option<FieldPosition> {
        let ShapeDraft::Struct(shape) = &types.get(owner)?.shape else {
            return None;
        };
        let names = self.0.entry(owner).or_insert_with(|| {
            let names = shape.fields.iter().map(|field| field.name.rust.clone());
            names.zip(0..).collect()
        });
        Some((owner, *names.get(name)?))
    }
}
