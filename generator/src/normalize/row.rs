//! What a row of the [table](super::table) can say of an object and its fields.

use serde_json::{Map, Value};

use super::kind::Kind;
use super::place::Place;
use super::walk::Walk;

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Any JSON: a value of the API, never looked into.
    Data,
    /// A list of those.
    DataList,
    Text,
    Texts,
    TextMap,
    TextsMap,
    TextOrTexts,
    Flag,
    /// A whole number that is not negative.
    Count,
    Number,
    FlagOrNumber,
    FlagOr(&'static Object),
    One(&'static Object),
    List(&'static Object),
    Map(&'static Object),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) required: bool,
    pub(super) carried: bool,
}

pub(super) const fn field(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
        carried: false,
    }
}

impl Field {
    pub(super) const fn required(self) -> Self {
        Self {
            required: true,
            ..self
        }
    }

    pub(super) const fn carried(self) -> Self {
        Self {
            carried: true,
            ..self
        }
    }
}

/// What the keys are that are no fields.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keys {
    /// A mistake, or a keyword that this generator does not know.
    Unknown,
    /// Path templates.
    Paths,
    /// Status codes and their ranges.
    Statuses,
    /// Names or expressions of the author.
    Any(Shape),
}

/// Work on an object that the table cannot say.
pub(super) type Hook = fn(&mut Walk<'_>, &mut Map<String, Value>, &Place<'_>);

/// An object of the specification.
#[derive(Clone, Copy, Debug)]
pub(super) struct Object {
    /// With its article, for messages.
    pub(super) name: &'static str,
    /// What it is looked up as; `None` where no `$ref` can mean it.
    pub(super) kind: Option<Kind>,
    pub(super) fields: &'static [Field],
    pub(super) keys: Keys,
    /// The field that is meant where a bare value stands for the object.
    pub(super) bare: Option<&'static str>,
    /// Before its fields are visited.
    pub(super) before: Option<Hook>,
    /// After its fields were visited.
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
