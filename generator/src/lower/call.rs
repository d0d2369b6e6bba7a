//! The example call in an operation's docs, with the document's example values (wire rule 23).

use std::collections::HashMap;

use openapiv3::{MediaType, Parameter};
use serde_json::Value as Json;

use crate::document::{OperationEntry, SchemaNode};
use crate::ir::{CallExample, Operation, Type, TypePath, Value};
use crate::limits::{self, Room};
use crate::pointer::Pointer;

use super::default::Values;
use super::example::Made;
use super::link::Links;
use super::operation::Group;
use super::written::Codec;
use super::{Lowering, example};

/// The sources of an operation's example call.
pub(super) struct Call<'d> {
    /// The sources for each parameter, in order.
    pub parameters: Vec<Sample<'d>>,
    /// The first media type of the body, with its pointer.
    pub body: Option<(&'d MediaType, Pointer)>,
    /// The links of its responses.
    pub links: Links<'d>,
    /// The operation in the document.
    pub source: OperationEntry<'d>,
}

/// The sources for a parameter's value.
pub(super) struct Sample<'d> {
    /// The example in the document.
    pub given: Option<&'d Json>,
    /// The schema, to create an example from.
    pub schema: Option<SchemaNode<'d>>,
    /// The parameter in the document.
    pub source: &'d Parameter,
}

/// Creates the calls.
struct Maker<'m> {
    values: &'m Values<'m>,
    made: &'m Made,
    /// The size budget shared by all calls.
    room: &'m Room,
}

impl<'d> Lowering<'d, '_> {
    /// Sets the example call of each operation, if every argument has a value.
    pub(super) fn call_examples(&mut self, groups: &mut [Group<'d>]) {
        let index: HashMap<TypePath, usize> = self
            .types
            .iter()
            .map(|def| def.path.clone())
            .zip(0..)
            .collect();
        let codec = Codec::new(&self.types);
        let values = Values::new(&self.types, &index, &codec, false);
        let made = Made::default();
        let room = Room::new(limits::TEST_VALUES, limits::TEST_BYTES);
        for group in groups {
            for (operation, call) in group.done.operations.iter_mut().zip(&group.calls) {
                let maker = Maker {
                    values: &values,
                    made: &made,
                    room: &room,
                };
                operation.example = self.call(operation, call, &maker);
            }
        }
    }

    fn call(
        &self,
        operation: &Operation,
        call: &Call<'d>,
        maker: &Maker<'_>,
    ) -> Option<CallExample> {
        let Maker { values, made, room } = maker;
        if room.values() == 0 {
            return None;
        }
        let mut arguments = Vec::new();
        let mut setters = Vec::new();
        let mut is_own = false;
        for (parameter, sample) in operation.parameters.iter().zip(&call.parameters) {
            let from_schema = || {
                let schema = sample.schema.as_ref().filter(|_| parameter.required)?;
                example::of(made, schema, &parameter.name.wire)
            };
            let schema = sample.schema.as_ref();
            is_own = is_own || sample.given.is_some() || schema.is_some_and(example::is_given);
            let shown = sample.given.cloned().or_else(from_schema);
            let shown = shown.filter(|json| room.take_copies(json, 1).is_some());
            let value = shown.and_then(|json| values.of(&parameter.ty, &json));
            if parameter.required {
                arguments.push(value?);
            } else if let Some(value) = value {
                setters.push((parameter.name.rust.clone(), value));
            }
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            let (media_type, at) = call.body.as_ref()?;
            // The example uses the first media type.
            let choice = body.choices.first()?;
            if choice.media_type.contains('*') {
                return None;
            }
            let schema = media_type.schema.as_ref();
            is_own = is_own
                || media_type.example.is_some()
                || !media_type.examples.is_empty()
                || schema.is_some_and(|schema| {
                    example::is_given(&self.document.node(schema, at.child("schema")))
                });
            let value = match self.body_example(media_type, at, made) {
                Some(json) => {
                    room.take_copies(&json, 1)?;
                    values.of(&choice.ty, &json)?
                }
                None if choice.ty == Type::Bytes => Value::File("content".to_owned()),
                None => return None,
            };
            arguments.push(match &body.choice_type {
                None => value,
                Some(name) => {
                    let (name, variant) = (name.clone(), choice.variant.clone());
                    Value::BodyChoice(name, variant, Box::new(value))
                }
            });
        }
        Some(CallExample {
            arguments,
            setters,
            is_own,
        })
    }

    fn body_example(&self, media_type: &'d MediaType, at: &Pointer, made: &Made) -> Option<Json> {
        let from_schema = || {
            let node: SchemaNode<'d> = self
                .document
                .node(media_type.schema.as_ref()?, at.child("schema"));
            example::of(made, &node, "body")
        };
        let (example, named) = (media_type.example.as_ref(), &media_type.examples);
        let given = example::given(self.document, example, named, at);
        given.into_iter().next().cloned().or_else(from_schema)
    }
}
