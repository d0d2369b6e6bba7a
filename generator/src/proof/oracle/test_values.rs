//! The values that the tests of operations send and receive.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::document::{Document, SchemaNode};
use crate::ident::MethodName;
use crate::ir::{ArrayForm, SecurityScheme, Type};
use crate::pointer::Pointer;
use crate::proof::model::WireAnswer;
use crate::proof::sample::{self, Direction, SampleCache, adapted, minimal_value};
use crate::values::{RoundTrip, ValueReader};

use super::justified;

/// The assumed origin of a document without servers or with a relative one.
pub(super) const ORIGIN: &str = "https://api.example.com";

/// The parameters for creating a value from a schema.
#[derive(Clone, Copy)]
pub(super) struct SampleSpec<'n, 'd> {
    pub node: &'n SchemaNode<'d>,
    /// The name of the value.
    pub hint: &'n str,
    pub direction: Direction,
    /// The number of nesting levels for which optional properties are filled in.
    pub levels: usize,
    /// A suffix for generated text.
    pub odd: &'static str,
}

/// The inputs for creating the tests.
#[derive(Clone, Copy)]
pub(super) struct Tester<'t> {
    pub document: &'t Document,
    pub codec: &'t RoundTrip<'t>,
    /// The names of all methods.
    pub methods: &'t HashSet<MethodName>,
    pub schemes: &'t [SecurityScheme],
    /// The URL of the client's server.
    pub server: &'t str,
    /// The answers of responses so far, by pointer and number of bodies.
    pub known: &'t RefCell<HashMap<(Pointer, usize), Vec<WireAnswer>>>,
    pub cache: &'t SampleCache,
    /// The serialization of arrays in the style `deepObject`.
    pub arrays: ArrayForm,
    /// Converts JSON to values that Rust has expressions for.
    pub expressions: &'t ValueReader<'t>,
}

/// Returns a value whose numbers without fraction are integers: `1` instead of `1.0`.
pub(super) fn plain(json: Json) -> Json {
    /// Integers below this are exact in an `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match json {
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, json)| (name, plain(json))).collect()
        }
        Json::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => {
                Json::from(float as i64)
            }
            _ => Json::Number(number),
        },
        json => json,
    }
}

/// Returns `true` if a client can be created for a URL as it is.
pub(super) fn is_absolute(url: &str) -> bool {
    let after = ["https://", "http://"].iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| url.get(scheme.len()..))?
    });
    after.is_some_and(|after| {
        !after.is_empty() && !after.starts_with('/') && !after.contains(['{', '@', '?', '#', ' '])
    })
}

impl Tester<'_> {
    /// Returns a value of a type, and the value that the type writes after reading it. It is the
    /// first valid one among the document's examples and those created from the schema, or one
    /// created from the type.
    pub fn value<'g>(
        self,
        ty: &Type,
        given: impl IntoIterator<Item = &'g Json>,
        spec: Option<SampleSpec<'_, '_>>,
        fits: impl Fn(&Json) -> bool,
    ) -> Option<(Json, Json)> {
        let read = |json: Json| {
            let mut written = plain(self.codec.written(ty, &json)?);
            if spec.is_some_and(|it| !justified::is_justified(it.node, &json, &written)) {
                written = plain(json.clone());
            }
            fits(&written).then_some((json, written))
        };
        let from_schema = |levels| {
            let SampleSpec {
                node,
                hint,
                direction,
                odd,
                ..
            } = spec?;
            let json = sample::full(self.cache, node, hint, direction, levels, odd)?;
            read(json.clone()).or_else(|| read(adapted(self.codec, ty, json)))
        };
        let full = spec.map_or(0, |spec| spec.levels);
        given
            .into_iter()
            .find_map(|json| read(json.clone()))
            .or_else(|| from_schema(full))
            .or_else(|| from_schema(0))
            .or_else(|| read(minimal_value(self.codec, ty)?))
    }
}
