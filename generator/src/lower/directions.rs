//! The direction of each schema: sent by clients, by servers, or both.

use std::collections::HashMap;

use openapiv3::{Content, ReferenceOr, Response};

use crate::document::{Applicator, Document, OperationEntry, SchemaNode, SchemaView};
use crate::pointer::Pointer;

use super::component::is_component;
use super::hierarchy::Hierarchies;

/// The keywords whose subschemas describe a value or parts of it, apart from `allOf`.
pub(super) const NESTED: &[Applicator] = &[
    Applicator::Properties,
    Applicator::PatternProperties,
    Applicator::Then,
    Applicator::Else,
    Applicator::DependentSchemas,
    Applicator::PrefixItems,
    Applicator::OneOf,
    Applicator::AnyOf,
    Applicator::AdditionalProperties,
    Applicator::UnevaluatedProperties,
    Applicator::Items,
    Applicator::UnevaluatedItems,
];

/// The direction of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directions {
    /// A request can contain it.
    pub sent: bool,
    /// A response, or a request that the user's server receives, can contain it.
    pub read: bool,
    /// The body of a PATCH can contain it, where an absent property means "unchanged".
    pub patch: bool,
}

impl Directions {
    pub const SENT: Self = Self {
        sent: true,
        read: false,
        patch: false,
    };
    pub const READ: Self = Self {
        sent: false,
        read: true,
        patch: false,
    };
    pub const PATCH: Self = Self {
        sent: true,
        read: false,
        patch: true,
    };
    pub const ANY: Self = Self {
        sent: true,
        read: true,
        patch: false,
    };

    pub fn covers(self, other: Self) -> bool {
        self.sent >= other.sent && self.read >= other.read && self.patch >= other.patch
    }

    pub fn join(self, other: Self) -> Self {
        Self {
            sent: self.sent | other.sent,
            read: self.read | other.read,
            patch: self.patch | other.patch,
        }
    }
}

/// The directions of all referenced schemas.
#[derive(Debug, Default)]
pub(super) struct SchemaDirections {
    by_target: HashMap<Pointer, Directions>,
    /// The directions of those that are values themselves, not only parts of others.
    values: HashMap<Pointer, Directions>,
}

impl SchemaDirections {
    /// Visits all schemas that operations, webhooks and callbacks can reach.
    pub fn of<'a>(document: &'a Document, hierarchies: &Hierarchies<'a>) -> Self {
        let mut schema_directions = Self::default();
        let mut queue = Vec::new();
        for entry in document.paths() {
            for parameter in (0..).zip(&entry.item.parameters) {
                push_parameter(
                    document,
                    parameter,
                    &entry.pointer,
                    Directions::SENT,
                    &mut queue,
                );
            }
            for operation in document.operations(&entry) {
                push_operation(document, &operation, false, &mut queue);
            }
        }
        for entry in document.webhooks() {
            for parameter in (0..).zip(&entry.item.parameters) {
                push_parameter(
                    document,
                    parameter,
                    &entry.pointer,
                    Directions::READ,
                    &mut queue,
                );
            }
            for operation in document.operations(&entry) {
                push_operation(document, &operation, true, &mut queue);
            }
        }
        while let Some((node, directions)) = queue.pop() {
            schema_directions.reach(&node, directions, hierarchies, &mut queue);
        }
        schema_directions
    }

    /// Returns the direction of the schema at a pointer. An unused schema may have either
    /// direction.
    pub fn at(&self, pointer: &Pointer) -> Directions {
        self.by_target
            .get(pointer)
            .copied()
            .unwrap_or(Directions::ANY)
    }

    /// Records the schema of a value, and queues nested schemas.
    fn reach<'a>(
        &mut self,
        node: &SchemaNode<'a>,
        directions: Directions,
        hierarchies: &Hierarchies<'a>,
        queue: &mut Vec<(SchemaNode<'a>, Directions)>,
    ) {
        let Some(view) = node.follow() else { return };
        // A discriminator refers to schemas without a `$ref`.
        let is_shared = node.reference().is_some()
            || view.discriminator().is_some()
            || is_component(view.pointer());
        if is_shared {
            if !note(&mut self.values, view.pointer(), directions) {
                return;
            }
            note(&mut self.by_target, view.pointer(), directions);
        }
        let discriminator = view.discriminator().into_iter();
        let values = discriminator.flat_map(|discriminator| discriminator.mapping.keys());
        let mapped = values.filter_map(|value| view.discriminated(value));
        let others = hierarchies.instead_of(&view).into_iter();
        queue.extend(others.chain(mapped).map(|node| (node, directions)));
        // The schemas that a schema extends are parts of the same value.
        let mut walk = view.walk(&[]);
        while let Some(part) = walk.next() {
            let nested = part.subschemas(NESTED).into_iter();
            queue.extend(nested.map(|node| (node, directions)));
            let mut parts = part.all_of();
            parts.retain(|node| {
                let is_new =
                    |part: SchemaView<'_>| note(&mut self.by_target, part.pointer(), directions);
                node.reference().is_none() || node.follow().is_some_and(is_new)
            });
            walk.enter(parts);
        }
    }
}

/// Records a direction. Returns `false` if it is already known.
fn note(
    schema_directions: &mut HashMap<Pointer, Directions>,
    at: &Pointer,
    directions: Directions,
) -> bool {
    let known = schema_directions.entry(at.clone()).or_default();
    let is_new = !known.covers(directions);
    *known = known.join(directions);
    is_new
}

/// Queues the schemas of an operation. `incoming` is true for a webhook or callback, for which the
/// user of the crate is the server.
fn push_operation<'a>(
    document: &'a Document,
    entry: &OperationEntry<'a>,
    incoming: bool,
    queue: &mut Vec<(SchemaNode<'a>, Directions)>,
) {
    let (request, response) = match (incoming, entry.method) {
        (true, _) => (Directions::READ, Directions::SENT),
        (false, "PATCH") => (Directions::PATCH, Directions::READ),
        (false, _) => (Directions::SENT, Directions::READ),
    };
    for parameter in (0..).zip(&entry.operation.parameters) {
        push_parameter(
            document,
            parameter,
            &entry.pointer,
            Directions {
                patch: false,
                ..request
            },
            queue,
        );
    }
    if let Some(body) = &entry.operation.request_body
        && let Some((body, at)) = document.resolve(body, entry.pointer.child("requestBody"))
    {
        push_content(
            document,
            &body.content,
            &at.child("content"),
            request,
            queue,
        );
    }
    for (_, at, node) in entry.responses() {
        push_response(document, node, at, response, queue);
    }
    // The callbacks of a callback are not lowered.
    for (_, items) in document.callbacks(entry).filter(|_| !incoming) {
        for path in &items {
            for operation in document.operations(path) {
                push_operation(document, &operation, true, queue);
            }
        }
    }
}

fn push_parameter<'a>(
    document: &'a Document,
    (index, parameter): (usize, &'a ReferenceOr<openapiv3::Parameter>),
    at: &Pointer,
    directions: Directions,
    queue: &mut Vec<(SchemaNode<'a>, Directions)>,
) {
    let Some((parameter, at)) = document.resolve(parameter, at.child("parameters").child(index))
    else {
        return;
    };
    match &parameter.parameter_data_ref().format {
        openapiv3::ParameterSchemaOrContent::Schema(schema) => {
            queue.push((document.node(schema), directions));
        }
        openapiv3::ParameterSchemaOrContent::Content(content) => {
            push_content(document, content, &at.child("content"), directions, queue);
        }
    }
}

fn push_response<'a>(
    document: &'a Document,
    node: &'a ReferenceOr<Response>,
    at: Pointer,
    directions: Directions,
    queue: &mut Vec<(SchemaNode<'a>, Directions)>,
) {
    let Some((response, at)) = document.resolve(node, at) else {
        return;
    };
    push_content(
        document,
        &response.content,
        &at.child("content"),
        directions,
        queue,
    );
    for (name, header) in &response.headers {
        let Some((header, _)) = document.resolve(header, at.child("headers").child(name)) else {
            continue;
        };
        if let openapiv3::ParameterSchemaOrContent::Schema(schema) = &header.format {
            queue.push((document.node(schema), directions));
        }
    }
}

fn push_content<'a>(
    document: &'a Document,
    content: &'a Content,
    at: &Pointer,
    directions: Directions,
    queue: &mut Vec<(SchemaNode<'a>, Directions)>,
) {
    for (name, media_type) in content {
        if let Some(schema) = &media_type.schema {
            queue.push((document.node(schema), directions));
        }
        let item = document.item_schema(media_type, &at.child(name));
        queue.extend(item.map(|item| (item, directions)));
    }
}
