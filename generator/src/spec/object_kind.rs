//! The kinds of objects of the specification.

/// The kind of an object of the specification (OpenAPI 3.2, section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectKind {
    /// An OpenAPI Object, the root of a document.
    Document,
    /// An Info Object.
    Info,
    /// A Contact Object.
    Contact,
    /// A License Object.
    License,
    /// A Server Object.
    Server,
    /// A Server Variable Object.
    ServerVariable,
    /// A Components Object.
    Components,
    /// A Paths Object.
    Paths,
    /// A Path Item Object.
    PathItem,
    /// An Operation Object.
    Operation,
    /// An External Documentation Object.
    ExternalDocumentation,
    /// A Parameter Object.
    Parameter,
    /// A Header Object.
    Header,
    /// A Request Body Object.
    RequestBody,
    /// A Media Type Object.
    MediaType,
    /// An Encoding Object.
    Encoding,
    /// A Responses Object.
    Responses,
    /// A Response Object.
    Response,
    /// A Callback Object.
    Callback,
    /// An Example Object.
    Example,
    /// A Link Object.
    Link,
    /// A Tag Object.
    Tag,
    /// A Security Requirement Object.
    SecurityRequirement,
    /// A Security Scheme Object.
    SecurityScheme,
    /// An OAuth Flows Object.
    OAuthFlows,
    /// An OAuth Flow Object.
    OAuthFlow,
    /// A Schema Object.
    Schema,
    /// A Discriminator Object.
    Discriminator,
}

impl ObjectKind {
    /// Returns the name with its article, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Document => "an OpenAPI document",
            Self::Info => "an info object",
            Self::Contact => "a contact",
            Self::License => "a license",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Components => "a components object",
            Self::Paths => "a paths object",
            Self::PathItem => "a path item",
            Self::Operation => "an operation",
            Self::ExternalDocumentation => "an external documentation object",
            Self::Parameter => "a parameter",
            Self::Header => "a header",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Responses => "a responses object",
            Self::Response => "a response",
            Self::Callback => "a callback",
            Self::Example => "an example object",
            Self::Link => "a link",
            Self::Tag => "a tag",
            Self::SecurityRequirement => "a security requirement",
            Self::SecurityScheme => "a security scheme",
            Self::OAuthFlows => "an OAuth flows object",
            Self::OAuthFlow => "an OAuth flow",
            Self::Schema => "a schema",
            Self::Discriminator => "a discriminator",
        }
    }

    /// Returns the name for a value of this kind: `X` is a schema, not an example.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Document => "a document",
            Self::Components => "components",
            Self::Example => "an example",
            _ => self.name(),
        }
    }

    /// Returns the field of `components` that contains objects of this kind.
    ///
    /// Returns `None` if a `$ref` to such an object is not allowed. OpenAPI 3.2 allows it for media
    /// types, but `openapiv3` does not.
    pub(crate) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::PathItem => "pathItems",
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::RequestBody => "requestBodies",
            Self::Response => "responses",
            Self::Callback => "callbacks",
            Self::Example => "examples",
            Self::Link => "links",
            Self::SecurityScheme => "securitySchemes",
            Self::Schema => "schemas",
            _ => return None,
        })
    }

    /// Returns `true` if an object of this kind can be or contain a reference.
    pub(super) fn has_references(self) -> bool {
        !matches!(
            self,
            Self::Info
                | Self::Contact
                | Self::License
                | Self::Server
                | Self::ServerVariable
                | Self::ExternalDocumentation
                | Self::Tag
                | Self::SecurityRequirement
                | Self::OAuthFlows
                | Self::OAuthFlow
        )
    }

    /// Returns `true` if the object is a map of objects, with no name of its own.
    pub(super) fn is_map(self) -> bool {
        matches!(self, Self::Paths | Self::Responses)
    }
}
