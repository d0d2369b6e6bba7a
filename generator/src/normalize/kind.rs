//! The kinds of objects that a `$ref` can refer to.

use super::row::Object;
use super::table::{
    CALLBACK, EXAMPLE, HEADER, LINK, OPERATION, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE,
    SCHEMA, SECURITY_SCHEME,
};

/// The kind of an object that a `$ref` can refer to or that is looked up by pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A Schema Object.
    Schema,
    /// A Parameter Object.
    Parameter,
    /// A Header Object.
    Header,
    /// A Response Object.
    Response,
    /// A Request Body Object.
    RequestBody,
    /// An Example Object.
    Example,
    /// A Link Object.
    Link,
    /// A Security Scheme Object.
    SecurityScheme,
    /// A Callback Object.
    Callback,
    /// A Path Item Object.
    PathItem,
    /// An Operation Object under a method that `openapiv3` does not model.
    Operation,
}

impl Kind {
    /// Returns the field of `components` for this kind, if `openapiv3` models it.
    pub(crate) fn section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Parameter => "parameters",
            Self::Header => "headers",
            Self::Response => "responses",
            Self::RequestBody => "requestBodies",
            Self::Example => "examples",
            Self::Link => "links",
            Self::SecurityScheme => "securitySchemes",
            Self::Callback => "callbacks",
            Self::PathItem => "pathItems",
            Self::Operation => return None,
        })
    }

    pub(super) fn object(self) -> &'static Object {
        match self {
            Self::Schema => &SCHEMA,
            Self::Parameter => &PARAMETER,
            Self::Header => &HEADER,
            Self::Response => &RESPONSE,
            Self::RequestBody => &REQUEST_BODY,
            Self::Example => &EXAMPLE,
            Self::Link => &LINK,
            Self::SecurityScheme => &SECURITY_SCHEME,
            Self::Callback => &CALLBACK,
            Self::PathItem => &PATH_ITEM,
            Self::Operation => &OPERATION,
        }
    }
}
