//! Facts that a type does not express, for the documentation.

use super::info::ExternalDocs;

/// A fact that a type does not express.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Note {
    /// A limit on values that are not objects.
    Value(ValueNote),
    /// A limit on objects.
    Object(ObjectNote),
    /// The encoding of a string.
    Text(TextNote),
    /// A fact about a request body.
    Body(BodyNote),
    /// A fact about the credentials of a request.
    Security(SecurityNote),
    /// `readOnly`, for a type that is sent.
    ReadOnly,
    /// `writeOnly`, for a type that is read.
    WriteOnly,
    /// The value that the server uses if the request has none, as JSON.
    ServerDefault(String),
    /// `allowEmptyValue`; the flag is true if an empty value can be sent.
    EmptyValue(bool),
    /// `xml`, as JSON.
    Xml(String),
    /// `externalDocs`
    ExternalDocs(ExternalDocs),
    /// The servers of an operation, except the first one: the URL and the description.
    OtherServers(Vec<(String, Option<String>)>),
    /// The branch of a variant, if the branch has a variant for each tag.
    TaggedBranch {
        /// The name of the branch.
        branch: String,
        /// The tag.
        tag: String,
    },
    /// The effect of a fault in the document.
    Fault(String),
}

/// A limit on values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ValueNote {
    /// `minLength` and `maxLength`, in characters.
    Length(CountRange),
    /// `minItems` and `maxItems`
    Items(CountRange),
    /// `minimum` or `exclusiveMinimum`
    Minimum {
        /// The number.
        value: String,
        /// True for `exclusiveMinimum`.
        is_exclusive: bool,
    },
    /// `maximum` or `exclusiveMaximum`
    Maximum {
        /// The number.
        value: String,
        /// True for `exclusiveMaximum`.
        is_exclusive: bool,
    },
    /// `multipleOf`
    MultipleOf(String),
    /// `pattern`
    Pattern(String),
    /// `enum` or `const`
    OneOf(ListedValues),
    /// `uniqueItems`
    UniqueItems,
    /// `prefixItems`, by the name of each type.
    FirstItems(Vec<Option<&'static str>>),
    /// `items: false`
    NoItems,
    /// `contains` with `minContains` and `maxContains`
    Contains(CountRange),
    /// `not`; without values if it does not list them.
    Not(ListedValues),
    /// The schema is `false`.
    NoValue,
    /// `if`, `then` or `else`
    Conditions,
}

/// A limit on objects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ObjectNote {
    /// `minProperties` and `maxProperties`
    Properties(CountRange),
    /// `propertyNames`: the facts about each name.
    PropertyNames(Vec<Note>),
    /// The properties whose schema is `false`.
    Forbidden(Vec<String>),
    /// `dependentRequired`
    RequiredWith {
        /// The property that requires the others.
        name: String,
        /// The others.
        required: Vec<String>,
    },
    /// `dependentSchemas`
    DependentSchemas,
    /// The branches of `oneOf` or `anyOf` that only have `required`.
    RequiredSets(Vec<Vec<String>>),
}

/// The encoding of a string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextNote {
    /// `format`
    Format(String),
    /// `contentEncoding`
    Encoding(String),
    /// `contentMediaType`
    MediaType(String),
    /// `contentSchema`, by the name of its type.
    Schema(Option<&'static str>),
}

/// A fact about a request body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BodyNote {
    /// The media types that the caller chooses from.
    MediaTypes(String),
    /// The headers that a part can have.
    PartHeaders {
        /// The name of the part.
        part: String,
        /// The names of the headers.
        headers: Vec<String>,
    },
    /// The media types that the caller chooses from for a part.
    PartMediaTypes {
        /// The name of the part.
        part: String,
        /// `contentType`
        media_types: String,
    },
}

/// A fact about the credentials of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecurityNote {
    /// `bearerFormat`
    TokenFormat(String),
    /// `openIdConnectUrl`
    OpenIdConnect(String),
    /// A flow of OAuth 2.
    Flow {
        /// The name of the flow.
        name: &'static str,
        /// `authorizationUrl`
        authorization_url: Option<String>,
        /// `tokenUrl`
        token_url: Option<String>,
        /// `refreshUrl`
        refresh_url: Option<String>,
    },
    /// A scope of a security scheme.
    Scope {
        /// The name of the scope.
        name: String,
        /// The description; may be empty.
        description: String,
    },
    /// The scopes that an operation requires.
    RequiredScopes {
        /// The name of the security scheme.
        scheme: String,
        /// The names of the scopes.
        scopes: Vec<String>,
    },
}

/// The number of something: at least one of the limits is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CountRange {
    /// The lowest number.
    pub min: Option<usize>,
    /// The highest number.
    pub max: Option<usize>,
}

impl CountRange {
    /// Returns the range, or `None` without a limit.
    #[must_use]
    pub fn new(min: Option<usize>, max: Option<usize>) -> Option<Self> {
        (min.is_some() || max.is_some()).then_some(Self { min, max })
    }
}

/// The values of an `enum` or `const`, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ListedValues {
    /// The first values.
    pub shown: Vec<String>,
    /// The number of further ones.
    pub more: usize,
}

impl Note {
    /// Returns the length of the document's texts in the note, in bytes.
    #[must_use]
    pub fn text_length(&self) -> usize {
        let all = |texts: &[String]| texts.iter().map(String::len).sum();
        match self {
            Self::Value(
                ValueNote::Pattern(text)
                | ValueNote::MultipleOf(text)
                | ValueNote::Minimum { value: text, .. }
                | ValueNote::Maximum { value: text, .. },
            )
            | Self::Text(
                TextNote::Format(text) | TextNote::Encoding(text) | TextNote::MediaType(text),
            )
            | Self::ServerDefault(text)
            | Self::Xml(text)
            | Self::Fault(text) => text.len(),
            Self::Value(ValueNote::OneOf(values) | ValueNote::Not(values)) => all(&values.shown),
            Self::Object(ObjectNote::PropertyNames(notes)) => {
                notes.iter().map(Self::text_length).sum()
            }
            Self::Object(ObjectNote::Forbidden(names)) => all(names),
            Self::Object(ObjectNote::RequiredWith { name, required }) => name.len() + all(required),
            Self::Object(ObjectNote::RequiredSets(sets)) => sets.iter().map(|set| all(set)).sum(),
            Self::ExternalDocs(docs) => {
                docs.url.len() + docs.description.as_ref().map_or(0, String::len)
            }
            Self::Value(_)
            | Self::Object(_)
            | Self::Text(_)
            | Self::Body(_)
            | Self::Security(_)
            | Self::ReadOnly
            | Self::WriteOnly
            | Self::EmptyValue(_)
            | Self::OtherServers(_)
            | Self::TaggedBranch { .. } => 0,
        }
    }
}
