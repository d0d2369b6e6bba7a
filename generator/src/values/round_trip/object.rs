//! The value that a struct writes after reading an object.

use serde_json::Value as Json;

use super::written::{Members, Written, sorted};
use super::{DEEPEST, RoundTrip};
use crate::document::is_same;
use crate::ir::{Additional, Constant, Field, Presence, Shape, Struct, Type};
use crate::output_limits::count;

impl RoundTrip<'_> {
    pub(super) fn object(&self, shape: &Struct, json: &Json) -> Option<Written> {
        let object = json.as_object()?;
        let tags = self.tags.take();
        let mut written = Members::default();
        for Constant { wire, value, .. } in &shape.constants {
            let given = object.get(wire)?;
            is_same(given, value).then(|| written.add(wire, Written::whole(value)))?;
        }
        for field in &shape.fields {
            self.field(field, object.get(&field.name.wire), &mut written)?;
        }
        let others = object.iter().filter(|(name, _)| !shape.has(name));
        for (name, json) in sorted(others) {
            let score = &mut written.score;
            let is_tag = tags.contains(name);
            match &shape.additional {
                Additional::Ignored | Additional::Unexpected if is_tag => {}
                Additional::Ignored => score.unexplained += count(json),
                Additional::Unexpected => {
                    score.unexplained += count(json);
                    score.invalid += 1;
                }
                Additional::Refused => return None,
                Additional::Kept { value, .. } => {
                    score.undeclared += usize::from(!is_tag);
                    written.add(name, self.write(value, json)?);
                }
            }
        }
        Some(written.done())
    }

    /// Adds the member that a field writes, if any. Returns `None` if the value cannot be read.
    fn field(&self, field: &Field, given: Option<&Json>, members: &mut Members) -> Option<()> {
        let Field {
            name,
            ty,
            presence,
            default,
            ..
        } = field;
        let default = || self.default(field, ty, &default.as_ref()?.wire);
        let written = match (presence, given) {
            (Presence::Required, given) => self.write(ty, given?)?,
            (Presence::Nullable, None) => return None,
            (Presence::Preset | Presence::NullablePreset, None) => {
                members.score.invalid += 1;
                default()?
            }
            (Presence::Preset, Some(Json::Null)) if !self.is_any(ty) => {
                members.score.invalid += 1;
                default()?
            }
            (
                Presence::Nullable | Presence::OptionalNullable | Presence::NullablePreset,
                Some(Json::Null),
            ) => Written::whole(&Json::Null),
            (Presence::NullableDefaulted, Some(Json::Null)) if field.default.is_some() => {
                Written::whole(&Json::Null)
            }
            (_, None) => return Some(()),
            (_, Some(Json::Null)) if !self.is_any(ty) => return Some(()),
            (Presence::Defaulted | Presence::NullableDefaulted, Some(json)) => {
                let written = self.write(ty, json)?;
                if default().is_some_and(|default| is_same(&default.json, &written.json)) {
                    return Some(());
                }
                written
            }
            (_, Some(json)) => self.write(ty, json)?,
        };
        members.add(&name.wire, written);
        Some(())
    }

    /// Returns the written form of a field's default.
    fn default(&self, field: &Field, ty: &Type, wire: &str) -> Option<Written> {
        let at = std::ptr::from_ref(field).addr();
        let known = self.defaults.borrow().get(&at).cloned();
        if let Some(known) = known {
            self.take(known.as_ref().map_or(1, |known| known.size))?;
            return known;
        }
        let json: Json = serde_json::from_str(wire).ok()?;
        self.take(count(&json))?;
        if self.open.borrow().contains(&at) {
            self.met.set(self.met.get() + 1);
            return Some(Written::whole(&json));
        }
        let met = self.met.get();
        self.open.borrow_mut().push(at);
        // The cached results are for other values.
        let known = self.known.take();
        let written = self.write(ty, &json);
        self.known.replace(known);
        self.open.borrow_mut().pop();
        if self.met.get() == met && !self.gave_up() {
            self.defaults.borrow_mut().insert(at, written.clone());
        }
        written
    }

    /// Returns `true` if a type accepts null like any other value.
    fn is_any(&self, ty: &Type) -> bool {
        let mut next = ty;
        for _ in 0..DEEPEST {
            match next {
                Type::Json => return true,
                Type::Named(path) => match self.types.get(path) {
                    Some(Shape::Alias(ty)) => next = ty,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }
}
