//! Where the objects of the specification stand: which nodes may be
//! references, to what, and which are data whatever they look like.

/// The objects of the specification that hold references or may be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Document,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Header,
    Callback,
    Link,
    Example,
    SecurityScheme,
    Schema,
    Discriminator,
}

/// What stands at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// A value that means nothing to the specification: `example`, `default`, `x-..`.
    Data,
    One(Kind),
    /// One, or in old drafts of JSON Schema a list: `items`.
    OneOrList(Kind),
    List(Kind),
    /// An object whose keys are names.
    Map(Kind),
    /// An object whose keys are names, but for `x-..`.
    Patterned(Kind),
    /// The `mapping` of a discriminator: each value names a schema.
    Mapping,
}

impl Shape {
    /// What stands under a key or an index.
    pub(super) fn child(self, token: &str) -> Self {
        match self {
            Self::Data | Self::Mapping => Self::Data,
            Self::One(kind) => field(kind, token),
            Self::OneOrList(kind) if is_index(token) => Self::One(kind),
            Self::OneOrList(kind) => field(kind, token),
            Self::List(kind) | Self::Map(kind) => Self::One(kind),
            Self::Patterned(_) if token.starts_with("x-") => Self::Data,
            Self::Patterned(kind) => Self::One(kind),
        }
    }

    /// The kind of the one object that stands here.
    pub(super) fn kind(self) -> Option<Kind> {
        match self {
            Self::One(kind) | Self::OneOrList(kind) => Some(kind),
            _ => None,
        }
    }
}

impl Kind {
    /// The member of `components` that holds objects of this kind.
    ///
    /// `None` where the specification allows no reference.
    pub(super) fn section(self) -> Option<&'static str> {
        match self {
            Self::PathItem => Some("pathItems"),
            Self::Parameter => Some("parameters"),
            Self::RequestBody => Some("requestBodies"),
            Self::Response => Some("responses"),
            Self::Header => Some("headers"),
            Self::Callback => Some("callbacks"),
            Self::Link => Some("links"),
            Self::Example => Some("examples"),
            Self::SecurityScheme => Some("securitySchemes"),
            Self::Schema => Some("schemas"),
            Self::Document
            | Self::Components
            | Self::Operation
            | Self::MediaType
            | Self::Encoding
            | Self::Discriminator => None,
        }
    }

    /// With its article, for messages.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Document => "a document",
            Self::Components => "components",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Response => "a response",
            Self::Header => "a header",
            Self::Callback => "a callback",
            Self::Link => "a link",
            Self::Example => "an example",
            Self::SecurityScheme => "a security scheme",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
        }
    }
}

fn is_index(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit())
}

/// OpenAPI 3.0, 3.1 and 3.2, section "Schema" and the tables of fixed fields.
fn field(kind: Kind, key: &str) -> Shape {
    match (kind, key) {
        (Kind::Document, "paths") => Shape::Patterned(Kind::PathItem),
        (Kind::Document, "webhooks") | (Kind::Components, "pathItems") => {
            Shape::Map(Kind::PathItem)
        }
        (Kind::Document, "components") => Shape::One(Kind::Components),

        (Kind::Components, "schemas") => Shape::Map(Kind::Schema),
        (Kind::Components, "responses") => Shape::Map(Kind::Response),
        (Kind::Components, "parameters") => Shape::Map(Kind::Parameter),
        (Kind::Components, "examples") => Shape::Map(Kind::Example),
        (Kind::Components, "requestBodies") => Shape::Map(Kind::RequestBody),
        (Kind::Components, "headers") => Shape::Map(Kind::Header),
        (Kind::Components, "securitySchemes") => Shape::Map(Kind::SecurityScheme),
        (Kind::Components, "links") => Shape::Map(Kind::Link),
        (Kind::Components, "callbacks") => Shape::Map(Kind::Callback),
        (Kind::Components, "mediaTypes") => Shape::Map(Kind::MediaType),

        (
            Kind::PathItem,
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace" | "query",
        ) => Shape::One(Kind::Operation),
        (Kind::PathItem, "additionalOperations") => Shape::Map(Kind::Operation),
        (Kind::PathItem | Kind::Operation, "parameters") => Shape::List(Kind::Parameter),
        (Kind::Operation, "requestBody") => Shape::One(Kind::RequestBody),
        (Kind::Operation, "responses") => Shape::Patterned(Kind::Response),
        (Kind::Operation, "callbacks") => Shape::Map(Kind::Callback),
        (Kind::Callback, key) if !key.starts_with("x-") => Shape::One(Kind::PathItem),

        (Kind::Parameter | Kind::Header | Kind::MediaType, "schema")
        | (Kind::MediaType, "itemSchema") => Shape::One(Kind::Schema),
        (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Shape::Map(Kind::Example),
        (Kind::Parameter | Kind::Header | Kind::RequestBody | Kind::Response, "content") => {
            Shape::Map(Kind::MediaType)
        }
        (Kind::MediaType | Kind::Encoding, "encoding") => Shape::Map(Kind::Encoding),
        (Kind::MediaType | Kind::Encoding, "prefixEncoding") => Shape::List(Kind::Encoding),
        (Kind::MediaType | Kind::Encoding, "itemEncoding") => Shape::One(Kind::Encoding),
        (Kind::Encoding | Kind::Response, "headers") => Shape::Map(Kind::Header),
        (Kind::Response, "links") => Shape::Map(Kind::Link),

        (Kind::Schema, key) => schema_field(key),
        (Kind::Discriminator, "mapping") => Shape::Mapping,
        _ => Shape::Data,
    }
}

/// The keywords of JSON Schema 2020-12 that hold schemas, and those of the
/// drafts before it.
fn schema_field(key: &str) -> Shape {
    match key {
        "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
        | "dependencies" => Shape::Map(Kind::Schema),
        "items" => Shape::OneOrList(Kind::Schema),
        "additionalProperties"
        | "additionalItems"
        | "not"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Shape::One(Kind::Schema),
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => Shape::List(Kind::Schema),
        "discriminator" => Shape::One(Kind::Discriminator),
        _ => Shape::Data,
    }
}

/// What stands at a node of the bundle.
pub(super) fn shape_at(pointer: &crate::pointer::Pointer) -> Shape {
    pointer
        .tokens()
        .fold(Shape::One(Kind::Document), |shape, token| {
            shape.child(&token)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pointer::Pointer;

    #[test]
    fn knows_what_stands_where() {
        for (pointer, shape) in [
            ("", Shape::One(Kind::Document)),
            (
                "/paths/~1a/get/responses/200/content/a~1b/schema",
                Shape::One(Kind::Schema),
            ),
            ("/paths/x-a/get", Shape::Data),
            (
                "/paths/~1a/post/callbacks/on/{$url}/post/requestBody",
                Shape::One(Kind::RequestBody),
            ),
            (
                "/components/schemas/x-a/properties/default",
                Shape::One(Kind::Schema),
            ),
            ("/components/schemas/A/default/properties/a", Shape::Data),
            ("/components/schemas/A/items/0", Shape::One(Kind::Schema)),
            (
                "/components/schemas/A/items/properties/b",
                Shape::One(Kind::Schema),
            ),
            (
                "/components/schemas/A/discriminator/mapping",
                Shape::Mapping,
            ),
            ("/components/schemas/A/const/$ref", Shape::Data),
            ("/components/examples/A/value", Shape::Data),
            (
                "/components/responses/A/headers/b/schema",
                Shape::One(Kind::Schema),
            ),
            ("/definitions/A", Shape::Data),
        ] {
            let node = Pointer::parse(pointer).expect("a pointer");
            assert_eq!(shape_at(&node), shape, "{pointer}");
        }
    }
}
