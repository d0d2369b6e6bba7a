//! The properties of an object and its fields that a row of the [table](super::table) declares.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::place::Place;
use super::walk::Walk;

/// The value type of a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Any JSON value of the API, which is never visited.
    Data,
    /// A list of such values.
    DataList,
    Text,
    Texts,
    TextMap,
    TextsMap,
    TextOrTexts,
    Flag,
    /// A non-negative integer.
    Count,
    Number,
    FlagOrNumber,
    One(&'static Object),
    OneOrList(&'static Object),
    List(&'static Object),
    Map(&'static Object),
    /// A map whose values are objects or lists of text.
    MapOrTexts(&'static Object),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) carried: bool,
    /// The types that a keyword of a schema applies to; empty for all types.
    pub(super) types: &'static [&'static str],
}

pub(super) const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
        carried: false,
        types: &[],
    }
}

impl Field {
    pub(super) const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    pub(super) const fn of(self, types: &'static [&'static str]) -> Self {
        Self { types, ..self }
    }

    pub(super) const fn carried(self) -> Self {
        Self {
            carried: true,
            ..self
        }
    }
}

/// The treatment of keys that are not fields.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys {
    /// The key is a mistake or a keyword that this generator does not support.
    Unknown,
    /// The keys are path templates.
    Paths,
    /// The keys are status codes and their ranges.
    Statuses,
    /// The keys are chosen by the author: names or expressions.
    Any(Shape),
}

/// Work on an object that the table cannot express.
pub(super) type Hook = fn(&mut Walk<'_>, &mut Map<String, Value>, &Place<'_>);

/// An object of the specification.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    /// The name with its article, for messages.
    pub(super) name: &'static str,
    /// The kind for look-ups; `None` if no `$ref` can refer to it.
    pub(super) kind: Option<Kind>,
    pub(super) fields: &'static [Field],
    pub(super) keys: Keys,
    /// The field that a bare value is read as.
    pub(super) bare: Option<&'static str>,
    /// Called before its fields are visited.
    pub(super) before: Option<Hook>,
    /// Called after its fields were visited.
    pub(super) after: Option<Hook>,
}

pub(super) const fn plain(name: &'static str, fields: &'static [Field]) -> Object {
    Object {
        name,
        kind: None,
        fields,
        keys: Keys::Unknown,
        bare: None,
        before: None,
        after: None,
    }
}

impl Object {
    pub(super) const fn kind(self, kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            ..self
        }
    }

    pub(super) const fn keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    pub(super) const fn bare(self, field: &'static str) -> Self {
        Self {
            bare: Some(field),
            ..self
        }
    }

    pub(super) const fn before(self, hook: Hook) -> Self {
        Self {
            before: Some(hook),
            ..self
        }
    }

    pub(super) const fn after(self, hook: Hook) -> Self {
        Self {
            after: Some(hook),
            ..self
        }
    }

    pub(super) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}
