//! The defaults of properties, checked when all types are known.

use std::collections::{HashMap, HashSet};

use crate::document::Outcome;
use crate::ident::FieldName;
use crate::ir::{DefaultFunction, Field, Presence, Shape, Struct, Value};
use crate::pointer::Trail;
use crate::values::{RoundTrip, ValueReader, exact_text};

use super::comparison::{compared, not_checked};
use super::cycles;
use super::deferred::DefaultCandidate;
use super::lowering::Lowering;
use super::types::{TypeId, Types};
use super::words::default_function;

/// An accepted default.
struct AcceptedDefault<'d> {
    place: FieldPosition,
    pending: DefaultCandidate<'d>,
    /// The presence of the property without the default.
    before: Presence,
    value: Option<Value>,
}

/// Returns the defaults that contain themselves.
fn circular(types: &Types, given: &[AcceptedDefault<'_>]) -> HashSet<usize> {
    let mut by_field: HashMap<(TypeId, &FieldName), usize> = HashMap::new();
    for (at, one) in given.iter().enumerate() {
        by_field.insert((one.place.0, &one.pending.field), at);
    }
    let needs: Vec<Vec<usize>> = given
        .iter()
        .map(|one| {
            let mut left_out = Vec::new();
            one.value
                .iter()
                .for_each(|value| left_out_of(value, types, &mut left_out));
            let found = left_out.into_iter().filter_map(|key| by_field.get(&key));
            let found: HashSet<usize> = found.copied().collect();
            found.into_iter().collect()
        })
        .collect();
    cycles::members(&needs)
}

/// Collects the properties that a value leaves to their defaults.
fn left_out_of<'t>(value: &Value, types: &'t Types, found: &mut Vec<(TypeId, &'t FieldName)>) {
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
                let Some(id) = types.id(path) else {
                    continue;
                };
                let Some(Shape::Struct(shape)) = types.get(id).map(|def| &def.shape) else {
                    continue;
                };
                let set: HashSet<&FieldName> = fields.iter().map(|(name, _)| name).collect();
                let left_out = shape.fields.iter().filter(|field| {
                    let is_defaulted = matches!(
                        field.presence,
                        Presence::Defaulted
                            | Presence::NullableDefaulted
                            | Presence::Preset
                            | Presence::NullablePreset
                    );
                    is_defaulted && !set.contains(&field.name.rust)
                });
                found.extend(left_out.map(|field| (id, &field.name.rust)));
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

impl<'d> Lowering<'d, '_> {
    /// Sets the default of every property.
    ///
    /// The value of an object default depends on the defaults of the object's properties, so the
    /// valid defaults are collected first, and their values are created then.
    pub(super) fn defaults(&mut self) {
        let valid = self.valid_defaults();
        let given: Vec<_> = valid
            .into_iter()
            .filter_map(|(place, pending)| {
                let field = field_at(&mut self.types, place)?;
                let before = field.presence;
                field.presence = with_default(before, &pending);
                Some(AcceptedDefault {
                    place,
                    pending,
                    before,
                    value: None,
                })
            })
            .collect();
        for given in self.without_circles(given) {
            self.set_default(given);
        }
    }

    /// Returns the defaults that their properties allow, and reports the others.
    fn valid_defaults(&mut self) -> Vec<(FieldPosition, DefaultCandidate<'d>)> {
        let pending = std::mem::take(&mut self.deferred.defaults);
        let mut fields = FieldIndex::default();
        let mut given = Vec::new();
        let mut refused = Vec::new();
        let codec = RoundTrip::new(self.types.shapes());
        let values = ValueReader::new(&codec, true).of_document(self.context.document);
        for pending in pending {
            let Some(id) = self.types.id(&pending.owner) else {
                continue;
            };
            let place = fields.place(&self.types, id, &pending.field);
            let outcome = compared(&self.validity, &pending.schemas, pending.value);
            // A constant needs no default; one that it does not allow is reported.
            if place.is_none() && !matches!(outcome, Outcome::Refused(_)) {
                continue;
            }
            if outcome == Outcome::NotChecked {
                let warning = not_checked("default", &pending.at, "used unchanged");
                self.findings.push(warning);
            }
            let refusal = outcome.refusal();
            let is_of_type = place
                .is_some_and(|place| default_of(&self.types, &values, place, &pending).is_some());
            match place.filter(|_| is_of_type && refusal.is_none()) {
                Some(place) => given.push((place, pending)),
                None => refused.push((pending, refusal)),
            }
        }
        for (pending, refusal) in refused {
            self.refused_default(&pending, refusal);
        }
        given
    }

    fn set_default(&mut self, given: AcceptedDefault<'d>) {
        let AcceptedDefault {
            place,
            pending,
            before,
            value,
        } = given;
        let Some(field) = field_at(&mut self.types, place) else {
            return;
        };
        let Some(value) = value else {
            field.presence = before;
            return;
        };
        field.default = Some(DefaultFunction {
            name: default_function(&field.name.rust),
            value: match field.presence {
                Presence::NullableDefaulted | Presence::NullablePreset => {
                    Value::Some(Box::new(value))
                }
                _ => value,
            },
            wire: exact_text(
                self.context.document,
                pending.value,
                &Trail::Start(&pending.at),
            ),
            of_server: pending.of_server,
        });
    }

    /// Returns the defaults with their values, without those that contain themselves: an object
    /// that omits the property whose default it is.
    fn without_circles(&mut self, mut given: Vec<AcceptedDefault<'d>>) -> Vec<AcceptedDefault<'d>> {
        loop {
            let codec = RoundTrip::new(self.types.shapes());
            let values = ValueReader::new(&codec, true).of_document(self.context.document);
            for one in &mut given {
                one.value = default_of(&self.types, &values, one.place, &one.pending);
            }
            let circular = circular(&self.types, &given);
            if circular.is_empty() {
                return given;
            }
            let mut at = 0;
            given.retain(|one| {
                at += 1;
                if !circular.contains(&(at - 1)) {
                    return true;
                }
                self.circular_default(&one.pending);
                if let Some(field) = field_at(&mut self.types, one.place) {
                    field.presence = one.before;
                }
                false
            });
        }
    }
}

/// Returns the presence of a property with a valid default.
fn with_default(before: Presence, pending: &DefaultCandidate<'_>) -> Presence {
    match before {
        kept if pending.patch => kept,
        Presence::Required => Presence::Preset,
        Presence::Nullable => Presence::NullablePreset,
        Presence::Optional if pending.nullable => Presence::NullableDefaulted,
        Presence::Optional => Presence::Defaulted,
        Presence::OptionalNullable => Presence::NullableDefaulted,
        kept => kept,
    }
}

/// Returns the value of a default, if it is valid for the property's type.
fn default_of(
    types: &Types,
    values: &ValueReader<'_>,
    (owner, field): FieldPosition,
    pending: &DefaultCandidate<'_>,
) -> Option<Value> {
    let Shape::Struct(Struct { fields, .. }) = &types.get(owner)?.shape else {
        return None;
    };
    let ty = &fields.get(field)?.ty;
    values.at(ty, pending.value, &Trail::Start(&pending.at))
}

/// A struct, and the index of a field in it.
type FieldPosition = (TypeId, usize);

/// The indexes of struct fields by name.
#[derive(Default)]
struct FieldIndex(HashMap<TypeId, HashMap<FieldName, usize>>);

impl FieldIndex {
    fn place(&mut self, types: &Types, owner: TypeId, name: &FieldName) -> Option<FieldPosition> {
        let Shape::Struct(Struct { fields, .. }) = &types.get(owner)?.shape else {
            return None;
        };
        let names = self.0.entry(owner).or_insert_with(|| {
            let names = fields.iter().map(|field| field.name.rust.clone());
            names.zip(0..).collect()
        });
        Some((owner, *names.get(name)?))
    }
}

fn field_at(types: &mut Types, (owner, field): FieldPosition) -> Option<&mut Field> {
    match &mut types.get_mut(owner)?.shape {
        Shape::Struct(Struct { fields, .. }) => fields.get_mut(field),
        _ => None,
    }
}
