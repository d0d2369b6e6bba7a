//! The positions of the objects of the specification: which nodes can be references, to which kind
//! of object, and which nodes are data.

/// The objects of the specification that can contain or be references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
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

/// The form of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    /// A value that is data for the specification: `example`, `default`, `x-..`.
    Data,
    One(Kind),
    /// One object, or in old drafts of JSON Schema a list: `items`.
    OneOrList(Kind),
    List(Kind),
    /// An object whose keys are names.
    Map(Kind),
    /// An object whose keys are names, except for `x-..`.
    Patterned(Kind),
    /// The `mapping` of a discriminator: each value names a schema.
    Mapping,
}

impl Shape {
    /// Returns the form of a child.
    pub(crate) fn child(self, token: &str) -> Self {
        match self {
            Self::Data | Self::Mapping => Self::Data,
            Self::Patterned(_) if token.starts_with("x-") => Self::Data,
            Self::OneOrList(kind) if is_index(token) => Self::One(kind),
            Self::One(kind) | Self::OneOrList(kind) => field(kind, token),
            Self::List(kind) | Self::Map(kind) | Self::Patterned(kind) => Self::One(kind),
        }
    }

    /// Returns the kind of the object, if the node is one.
    pub(crate) fn kind(self) -> Option<Kind> {
        match self {
            Self::One(kind) | Self::OneOrList(kind) => Some(kind),
            _ => None,
        }
    }
}

impl Kind {
    /// Returns the member of `components` that contains objects of this kind.
    ///
    /// Returns `None` if the specification allows no reference.
    pub(crate) fn section(self) -> Option<&'static str> {
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

    /// Returns the name with its article, for messages.
    pub(crate) fn noun(self) -> &'static str {
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
    match kind {
        Kind::Document => match key {
            "paths" => Shape::Patterned(Kind::PathItem),
            "webhooks" => Shape::Map(Kind::PathItem),
            "components" => Shape::One(Kind::Components),
            _ => Shape::Data,
        },
        Kind::Components => match key {
            "schemas" => Shape::Map(Kind::Schema),
            "responses" => Shape::Map(Kind::Response),
            "parameters" => Shape::Map(Kind::Parameter),
            "examples" => Shape::Map(Kind::Example),
            "requestBodies" => Shape::Map(Kind::RequestBody),
            "headers" => Shape::Map(Kind::Header),
            "securitySchemes" => Shape::Map(Kind::SecurityScheme),
            "links" => Shape::Map(Kind::Link),
            "callbacks" => Shape::Map(Kind::Callback),
            "pathItems" => Shape::Map(Kind::PathItem),
            "mediaTypes" => Shape::Map(Kind::MediaType),
            _ => Shape::Data,
        },
        Kind::PathItem => match key {
            "get" | "put" | "post" | "delete" | "options" | "head" | "patch" | "trace"
            | "query" => Shape::One(Kind::Operation),
            "additionalOperations" => Shape::Map(Kind::Operation),
            "parameters" => Shape::List(Kind::Parameter),
            _ => Shape::Data,
        },
        Kind::Operation => match key {
            "parameters" => Shape::List(Kind::Parameter),
            "requestBody" => Shape::One(Kind::RequestBody),
            "responses" => Shape::Patterned(Kind::Response),
            "callbacks" => Shape::Map(Kind::Callback),
            _ => Shape::Data,
        },
        Kind::Callback if key.starts_with("x-") => Shape::Data,
        Kind::Callback => Shape::One(Kind::PathItem),
        Kind::Parameter | Kind::Header => match key {
            "schema" => Shape::One(Kind::Schema),
            "content" => Shape::Map(Kind::MediaType),
            "examples" => Shape::Map(Kind::Example),
            _ => Shape::Data,
        },
        Kind::RequestBody => match key {
            "content" => Shape::Map(Kind::MediaType),
            _ => Shape::Data,
        },
        Kind::Response => match key {
            "headers" => Shape::Map(Kind::Header),
            "content" => Shape::Map(Kind::MediaType),
            "links" => Shape::Map(Kind::Link),
            _ => Shape::Data,
        },
        Kind::MediaType => match key {
            "schema" | "itemSchema" => Shape::One(Kind::Schema),
            "examples" => Shape::Map(Kind::Example),
            key => encoding_field(key),
        },
        Kind::Encoding => match key {
            "headers" => Shape::Map(Kind::Header),
            key => encoding_field(key),
        },
        Kind::Schema => schema_field(key),
        Kind::Discriminator => match key {
            "mapping" => Shape::Mapping,
            _ => Shape::Data,
        },
        Kind::Link | Kind::Example | Kind::SecurityScheme => Shape::Data,
    }
}

fn encoding_field(key: &str) -> Shape {
    match key {
        "encoding" => Shape::Map(Kind::Encoding),
        "prefixEncoding" => Shape::List(Kind::Encoding),
        "itemEncoding" => Shape::One(Kind::Encoding),
        _ => Shape::Data,
    }
}

/// Returns the keywords of JSON Schema 2020-12 and earlier drafts that contain schemas.
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

/// Returns the form of a node of the bundle.
pub(crate) fn shape_at(pointer: &crate::pointer::Pointer) -> Shape {
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
    fn finds_the_shape_at_a_pointer() {
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
