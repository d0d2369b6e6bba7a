//! The defaults of properties, checked when all types are known.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, code};
use crate::document::{Outcome, SchemaNode, Validity};
use crate::ident::FieldName;
use crate::ir::{DefaultFunction, Field, Presence, Shape, Struct, TypeDef, TypePath, Value};
use crate::pointer::{Pointer, Trail};
use crate::values::{RoundTrip, ValueReader, exact_text};

use super::object::function_name;
use super::{Lowering, cycles};

/// A property's default, collected until all types are known.
#[derive(Clone, Debug)]
pub(super) struct DefaultCandidate<'d> {
    /// The struct.
    pub owner: TypePath,
    /// The property's field.
    pub field: FieldName,
    /// The default.
    pub value: &'d Json,
    /// The pointer to the default.
    pub at: Pointer,
    /// The schemas of the property.
    pub schemas: Vec<SchemaNode<'d>>,
    /// True if the body of a PATCH can contain the struct.
    pub patch: bool,
    /// True if the property allows null.
    pub nullable: bool,
    /// True if only the server sends the property.
    pub of_server: bool,
}

/// An accepted default.
struct AcceptedDefault<'d> {
    place: FieldPosition,
    pending: DefaultCandidate<'d>,
    /// The presence of the property without the default.
    before: Presence,
    value: Option<Value>,
}

/// Compares a value with all schemas of a property.
pub(crate) fn compared<'d>(
    validity: &Validity<'d>,
    schemas: &[SchemaNode<'d>],
    value: &Json,
) -> Outcome {
    let mut outcome = Outcome::Allowed;
    for node in schemas {
        match validity.check(node, value) {
            Outcome::Allowed => {}
            Outcome::NotChecked => outcome = Outcome::NotChecked,
            refused @ Outcome::Refused(_) => return refused,
        }
    }
    outcome
}

/// Returns a warning for a value that was not compared with its schema.
pub(crate) fn not_checked(noun: &str, at: &Pointer, label: &str) -> Diagnostic {
    let message = format!("comparing the {noun} with its schema takes too many steps");
    Diagnostic::warning(code::NOT_COMPARED, at, message)
        .label(format!("not checked, and {label}"))
        .help("simplify the schema: alternatives that refer to one another multiply")
}

/// Returns the defaults that contain themselves.
fn circular(
    types: &[TypeDef],
    index: &HashMap<TypePath, usize>,
    given: &[AcceptedDefault<'_>],
) -> HashSet<usize> {
    let mut by_field: HashMap<(usize, &FieldName), usize> = HashMap::new();
    for (at, one) in given.iter().enumerate() {
        by_field.insert((one.place.0, &one.pending.field), at);
    }
    let needs: Vec<Vec<usize>> = given
        .iter()
        .map(|one| {
            let mut left_out = Vec::new();
            one.value
                .iter()
                .for_each(|value| left_out_of(value, types, index, &mut left_out));
            let found = left_out.into_iter().filter_map(|key| by_field.get(&key));
            let found: HashSet<usize> = found.copied().collect();
            found.into_iter().collect()
        })
        .collect();
    cycles::members(&needs)
}

/// Collects the properties that a value leaves to their defaults.
fn left_out_of<'t>(
    value: &Value,
    types: &'t [TypeDef],
    index: &HashMap<TypePath, usize>,
    found: &mut Vec<(usize, &'t FieldName)>,
) {
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
                let Some(position) = index.get(path) else {
                    continue;
                };
                let Some(Shape::Struct(shape)) = types.get(*position).map(|def| &def.shape) else {
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
                found.extend(left_out.map(|field| (*position, &field.name.rust)));
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
    pub(super) fn defaults(&mut self) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        let pending = std::mem::take(&mut self.pending);
        let mut fields = FieldIndex::default();
        // The value of an object default depends on the defaults of the object's properties, so
        // first collect the valid defaults, then compute their values.
        let mut given = Vec::new();
        let mut refused = Vec::new();
        let codec = RoundTrip::new(&self.types);
        let values = ValueReader::new(&codec, true).of_document(self.document);
        for pending in pending {
            let Some(position) = index.get(&pending.owner).copied() else {
                continue;
            };
            let place = fields.place(&self.types, position, &pending.field);
            let outcome = compared(&self.validity, &pending.schemas, pending.value);
            // A constant needs no default; one that it does not allow is reported.
            if place.is_none() && !matches!(outcome, Outcome::Refused(_)) {
                continue;
            }
            if outcome == Outcome::NotChecked {
                let warning = not_checked("default", &pending.at, "used unchanged");
                self.diagnostics.push(warning);
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
        let given: Vec<_> = given
            .into_iter()
            .filter_map(|(place, pending)| {
                let field = field_at(&mut self.types, place)?;
                let before = field.presence;
                field.presence = match before {
                    kept if pending.patch => kept,
                    Presence::Required => Presence::Preset,
                    Presence::Nullable => Presence::NullablePreset,
                    Presence::Optional if pending.nullable => Presence::NullableDefaulted,
                    Presence::Optional => Presence::Defaulted,
                    Presence::OptionalNullable => Presence::NullableDefaulted,
                    kept => kept,
                };
                Some(AcceptedDefault {
                    place,
                    pending,
                    before,
                    value: None,
                })
            })
            .collect();
        for given in self.without_circles(&index, given) {
            let AcceptedDefault {
                place,
                pending,
                before,
                value,
            } = given;
            let Some(field) = field_at(&mut self.types, place) else {
                continue;
            };
            let Some(value) = value else {
                field.presence = before;
                continue;
            };
            field.default = Some(DefaultFunction {
                name: function_name(&field.name.rust),
                value: match field.presence {
                    Presence::NullableDefaulted | Presence::NullablePreset => {
                        Value::Some(Box::new(value))
                    }
                    _ => value,
                },
                wire: exact_text(self.document, pending.value, &Trail::Start(&pending.at)),
                of_server: pending.of_server,
            });
        }
    }

    /// Returns the defaults with their values, without those that contain themselves: an object
    /// that omits the property whose default it is.
    fn without_circles(
        &mut self,
        index: &HashMap<TypePath, usize>,
        mut given: Vec<AcceptedDefault<'d>>,
    ) -> Vec<AcceptedDefault<'d>> {
        loop {
            let codec = RoundTrip::new(&self.types);
            let values = ValueReader::new(&codec, true).of_document(self.document);
            for one in &mut given {
                one.value = default_of(&self.types, &values, one.place, &one.pending);
            }
            let circular = circular(&self.types, index, &given);
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

/// Returns the value of a default, if it is valid for the property's type.
fn default_of(
    types: &[TypeDef],
    values: &ValueReader<'_>,
    (position, field): FieldPosition,
    pending: &DefaultCandidate<'_>,
) -> Option<Value> {
    let Shape::Struct(Struct { fields, .. }) = &types.get(position)?.shape else {
        return None;
    };
    let ty = &fields.get(field)?.ty;
    values.at(ty, pending.value, &Trail::Start(&pending.at))
}

/// The indexes of a struct and of a field in it.
type FieldPosition = (usize, usize);

/// The indexes of struct fields by name.
#[derive(Default)]
struct FieldIndex(HashMap<usize, HashMap<FieldName, usize>>);

impl FieldIndex {
    fn place(
        &mut self,
        types: &[TypeDef],
        position: usize,
        name: &FieldName,
    ) -> Option<FieldPosition> {
        let Shape::Struct(Struct { fields, .. }) = &types.get(position)?.shape else {
            return None;
        };
        let names = self.0.entry(position).or_insert_with(|| {
            let names = fields.iter().map(|field| field.name.rust.clone());
            names.zip(0..).collect()
        });
        Some((position, *names.get(name)?))
    }
}

fn field_at(types: &mut [TypeDef], (position, field): FieldPosition) -> Option<&mut Field> {
    match &mut types.get_mut(position)?.shape {
        Shape::Struct(Struct { fields, .. }) => fields.get_mut(field),
        _ => None,
    }
}
