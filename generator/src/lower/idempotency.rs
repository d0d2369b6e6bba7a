//! Keys that let a server recognize repeated calls.

use openapiv3::Parameter as Modelled;
use serde_json::Value;

use crate::document::Outcome;
use crate::ir::IdempotencyKey;

use super::all_of::MergedSchema;
use super::body::BodySource;
use super::lowering::Lowering;
use super::media_type::is_json;
use super::origins::{OperationOrigin, ParameterOrigin};

/// The names of headers, in lower case.
const HEADERS: &[&str] = &["idempotency-key", "x-idempotency-key", "paypal-request-id"];

/// The name of the property in a body.
const PROPERTY: &str = "idempotency_key";

/// Two UUIDs of version 4: a schema that allows both allows any other.
const UUIDS: [&str; 2] = [
    "00000000-0000-4000-8000-000000000000",
    "ffffffff-ffff-4fff-bfff-ffffffffffff",
];

impl<'d> Lowering<'d, '_> {
    /// Returns the key of an operation: an optional header that may be a UUID, or a property of the
    /// body. A required header is an ordinary input.
    pub(super) fn idempotency_key(
        &self,
        method: &str,
        origin: &OperationOrigin<'d>,
    ) -> Option<IdempotencyKey> {
        // These methods are safe (RFC 9110, section 9.2.1).
        if ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"].contains(&method) {
            return None;
        }
        let mut parameters = origin.parameters.iter();
        let header = parameters.find_map(|parameter| self.header_key(parameter));
        header.or_else(|| {
            let body = origin.body.as_ref().filter(|body| self.has_key(body));
            body.map(|_| IdempotencyKey::Property(PROPERTY.to_owned()))
        })
    }

    fn header_key(&self, sample: &ParameterOrigin<'d>) -> Option<IdempotencyKey> {
        let Modelled::Header { parameter_data, .. } = sample.source else {
            return None;
        };
        let name = parameter_data.name.as_str();
        let is_key = HEADERS.contains(&name.to_ascii_lowercase().as_str());
        let takes = |uuid: &&str| {
            let value = Value::String((*uuid).to_owned());
            let node = sample.schema.as_ref();
            node.is_none_or(|node| self.validity.check(node, &value) == Outcome::Allowed)
        };
        (is_key && !parameter_data.required && UUIDS.iter().all(takes))
            .then(|| IdempotencyKey::Header(name.to_owned()))
    }

    /// Returns `true` if a body is a JSON object with the property.
    fn has_key(&self, (media_type, at): &BodySource<'d>) -> bool {
        let is_json = at.last().is_some_and(|name| is_json(&name));
        let schema = media_type.schema.as_ref().filter(|_| is_json);
        let node = schema.map(|schema| self.context.document.node(schema));
        let view = node.and_then(|node| node.follow());
        view.is_some_and(|view| {
            MergedSchema::new(&view)
                .object()
                .properties
                .contains_key(PROPERTY)
        })
    }
}
