//! The example call in an operation's docs, with the document's example values (wire rule 23).

use openapiv3::MediaType;
use serde_json::Value as Json;

use crate::document::Document;
use crate::ir::{Body, Operation, Type, Value};
use crate::lower::{OperationOrigin, documented_values};
use crate::output_limits::{self, Room};
use crate::pointer::Pointer;
use crate::values::{RoundTrip, ValueReader};

use super::model::CallExample;
use super::sample::{self, SampleCache};

/// Creates the example calls.
pub(super) struct Calls<'c> {
    document: &'c Document,
    values: ValueReader<'c>,
    cache: SampleCache,
    /// The size budget of all calls.
    room: Room,
}

impl<'c> Calls<'c> {
    /// Creates the calls of a document's operations, whose types have this codec.
    pub fn new(document: &'c Document, codec: &'c RoundTrip<'c>) -> Self {
        Self {
            document,
            values: ValueReader::new(codec, false),
            cache: SampleCache::default(),
            room: Room::new(output_limits::TEST_VALUES, output_limits::TEST_BYTES),
        }
    }

    /// Returns the example call of an operation, if every argument has a value.
    pub fn call(&self, operation: &Operation, origin: &OperationOrigin<'_>) -> Option<CallExample> {
        let Self {
            values,
            cache,
            room,
            ..
        } = self;
        if room.values() == 0 {
            return None;
        }
        let mut arguments = Vec::new();
        let mut setters = Vec::new();
        let mut is_own = false;
        for (parameter, source) in operation.parameters.iter().zip(&origin.parameters) {
            let from_schema = || {
                let schema = source.schema.as_ref().filter(|_| parameter.required)?;
                sample::minimal(cache, schema, &parameter.name.wire)
            };
            let schema = source.schema.as_ref();
            is_own = is_own || source.given.is_some() || schema.is_some_and(sample::is_given);
            let shown = source.given.cloned().or_else(from_schema);
            let shown = shown.filter(|json| room.take_copies(json, 1).is_some());
            let value = shown.and_then(|json| values.value(&parameter.ty, &json));
            if parameter.required {
                arguments.push(value?);
            } else if let Some(value) = value {
                setters.push((parameter.name.rust.clone(), value));
            }
        }
        if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
            let (media_type, at) = origin.body.as_ref()?;
            let schema = media_type.schema.as_ref();
            is_own = is_own
                || media_type.example.is_some()
                || !media_type.examples.is_empty()
                || schema.is_some_and(|schema| sample::is_given(&self.document.node(schema)));
            arguments.push(self.body(body, media_type, at)?);
        }
        Some(CallExample {
            arguments,
            setters,
            is_own,
        })
    }

    /// Returns the value of a body in its first media type.
    fn body(&self, body: &Body, media_type: &MediaType, at: &Pointer) -> Option<Value> {
        let choice = body.choices.first()?;
        if choice.media_type.contains('*') {
            return None;
        }
        let value = match self.body_example(media_type, at) {
            Some(json) => {
                self.room.take_copies(&json, 1)?;
                self.values.value(&choice.ty, &json)?
            }
            None if choice.ty == Type::Bytes => Value::File("content".to_owned()),
            None => return None,
        };
        Some(match &body.choice_type {
            None => value,
            Some(name) => {
                let (name, variant) = (name.clone(), choice.variant.clone());
                Value::BodyChoice(name, variant, Box::new(value))
            }
        })
    }

    fn body_example(&self, media_type: &MediaType, at: &Pointer) -> Option<Json> {
        let from_schema = || {
            let schema = media_type.schema.as_ref()?;
            let node = self.document.node(schema);
            sample::minimal(&self.cache, &node, "body")
        };
        let (example, named) = (media_type.example.as_ref(), &media_type.examples);
        let given = documented_values(self.document, example, named, at);
        given.into_iter().next().cloned().or_else(from_schema)
    }
}
