//! The objects of OpenAPI 3.0, 3.1 and 3.2 with their fields. One row is one field.

use super::object::FieldType::{Data, Flag, List, Map, One, SchemaMapping, Text, TextMap, Texts};
use super::object::{Object, PatternedFields, define, field};
use super::object_kind::ObjectKind::{
    self, Callback, Components, Contact, Discriminator, Document, Encoding, Example,
    ExternalDocumentation, Header, Info, License, Link, MediaType, OAuthFlow, OAuthFlows,
    Operation, Parameter, PathItem, Paths, RequestBody, Response, Responses, Schema,
    SecurityRequirement, SecurityScheme, Server, ServerVariable, Tag,
};
use super::schema::SCHEMA;

/// Returns an object with its fields.
pub(crate) fn object(kind: ObjectKind) -> &'static Object {
    match kind {
        Document => &DOCUMENT,
        Info => &INFO,
        Contact => &CONTACT,
        License => &LICENSE,
        Server => &SERVER,
        ServerVariable => &SERVER_VARIABLE,
        Components => &COMPONENTS,
        Paths => &PATHS,
        PathItem => &PATH_ITEM,
        Operation => &OPERATION,
        ExternalDocumentation => &EXTERNAL_DOCUMENTATION,
        Parameter => &PARAMETER,
        Header => &HEADER,
        RequestBody => &REQUEST_BODY,
        MediaType => &MEDIA_TYPE,
        Encoding => &ENCODING,
        Responses => &RESPONSES,
        Response => &RESPONSE,
        Callback => &CALLBACK,
        Example => &EXAMPLE,
        Link => &LINK,
        Tag => &TAG,
        SecurityRequirement => &SECURITY_REQUIREMENT,
        SecurityScheme => &SECURITY_SCHEME,
        OAuthFlows => &OAUTH_FLOWS,
        OAuthFlow => &OAUTH_FLOW,
        Discriminator => &DISCRIMINATOR,
        Schema => &SCHEMA,
    }
}

static DOCUMENT: Object = define(
    Document,
    &[
        field("openapi", Text).required(),
        field("$self", Text),
        field("info", One(Info)).required(),
        field("jsonSchemaDialect", Text),
        field("servers", List(Server)),
        field("paths", One(Paths)),
        field("webhooks", Map(PathItem)),
        field("components", One(Components)),
        field("security", List(SecurityRequirement)),
        field("tags", List(Tag)),
        field("externalDocs", One(ExternalDocumentation)),
    ],
);

static INFO: Object = define(
    Info,
    &[
        field("title", Text).required(),
        field("summary", Text),
        field("description", Text),
        field("termsOfService", Text),
        field("contact", One(Contact)),
        field("license", One(License)),
        field("version", Text).required(),
    ],
);

static CONTACT: Object = define(
    Contact,
    &[
        field("name", Text),
        field("url", Text),
        field("email", Text),
    ],
);

static LICENSE: Object = define(
    License,
    &[
        field("name", Text).required(),
        field("identifier", Text),
        field("url", Text),
    ],
);

static SERVER: Object = define(
    Server,
    &[
        field("url", Text).required(),
        field("name", Text),
        field("description", Text),
        field("variables", Map(ServerVariable)),
    ],
);

static SERVER_VARIABLE: Object = define(
    ServerVariable,
    &[
        field("enum", Texts),
        field("default", Text).required(),
        field("description", Text),
    ],
);

static COMPONENTS: Object = define(
    Components,
    &[
        field("schemas", Map(Schema)),
        field("responses", Map(Response)),
        field("parameters", Map(Parameter)),
        field("examples", Map(Example)),
        field("requestBodies", Map(RequestBody)),
        field("headers", Map(Header)),
        field("securitySchemes", Map(SecurityScheme)),
        field("links", Map(Link)),
        field("callbacks", Map(Callback)),
        field("pathItems", Map(PathItem)),
        field("mediaTypes", Map(MediaType)),
    ],
);

static PATHS: Object = define(Paths, &[]).patterned(PatternedFields::Paths(One(PathItem)));

static PATH_ITEM: Object = define(
    PathItem,
    &[
        field("summary", Text),
        field("description", Text),
        field("get", One(Operation)),
        field("put", One(Operation)),
        field("post", One(Operation)),
        field("delete", One(Operation)),
        field("options", One(Operation)),
        field("head", One(Operation)),
        field("patch", One(Operation)),
        field("trace", One(Operation)),
        field("query", One(Operation)),
        field("additionalOperations", Map(Operation)),
        field("servers", List(Server)),
        field("parameters", List(Parameter)),
    ],
);

static OPERATION: Object = define(
    Operation,
    &[
        field("tags", Texts),
        field("summary", Text),
        field("description", Text),
        field("externalDocs", One(ExternalDocumentation)),
        field("operationId", Text),
        field("parameters", List(Parameter)),
        field("requestBody", One(RequestBody)),
        field("responses", One(Responses)).required(),
        field("callbacks", Map(Callback)),
        field("deprecated", Flag),
        field("security", List(SecurityRequirement)),
        field("servers", List(Server)),
    ],
);

static EXTERNAL_DOCUMENTATION: Object = define(
    ExternalDocumentation,
    &[field("description", Text), field("url", Text).required()],
);

static PARAMETER: Object = define(
    Parameter,
    &[
        field("name", Text).required(),
        field("in", Text).required(),
        field("description", Text),
        field("required", Flag),
        field("deprecated", Flag),
        field("allowEmptyValue", Flag),
        field("style", Text),
        field("explode", Flag),
        field("allowReserved", Flag),
        field("schema", One(Schema)),
        field("content", Map(MediaType)),
        field("example", Data),
        field("examples", Map(Example)),
    ],
);

static HEADER: Object = define(
    Header,
    &[
        field("description", Text),
        field("required", Flag),
        field("deprecated", Flag),
        field("style", Text),
        field("explode", Flag),
        field("allowEmptyValue", Flag),
        field("allowReserved", Flag),
        field("schema", One(Schema)),
        field("content", Map(MediaType)),
        field("example", Data),
        field("examples", Map(Example)),
    ],
);

static REQUEST_BODY: Object = define(
    RequestBody,
    &[
        field("description", Text),
        field("content", Map(MediaType)).required(),
        field("required", Flag),
    ],
);

static MEDIA_TYPE: Object = define(
    MediaType,
    &[
        field("description", Text),
        field("schema", One(Schema)),
        field("itemSchema", One(Schema)),
        field("example", Data),
        field("examples", Map(Example)),
        field("encoding", Map(Encoding)),
        field("prefixEncoding", List(Encoding)),
        field("itemEncoding", One(Encoding)),
    ],
);

static ENCODING: Object = define(
    Encoding,
    &[
        field("contentType", Text),
        field("headers", Map(Header)),
        field("style", Text),
        field("explode", Flag),
        field("allowReserved", Flag),
        field("encoding", Map(Encoding)),
        field("prefixEncoding", List(Encoding)),
        field("itemEncoding", One(Encoding)),
    ],
);

static RESPONSES: Object = define(Responses, &[field("default", One(Response))])
    .patterned(PatternedFields::StatusCodes(One(Response)));

static RESPONSE: Object = define(
    Response,
    &[
        field("summary", Text),
        field("description", Text),
        field("headers", Map(Header)),
        field("content", Map(MediaType)),
        field("links", Map(Link)),
    ],
);

static CALLBACK: Object = define(Callback, &[]).patterned(PatternedFields::Names(One(PathItem)));

static EXAMPLE: Object = define(
    Example,
    &[
        field("summary", Text),
        field("description", Text),
        field("value", Data),
        field("externalValue", Text),
        field("dataValue", Data),
        field("serializedValue", Text),
    ],
);

static LINK: Object = define(
    Link,
    &[
        field("operationRef", Text),
        field("operationId", Text),
        field("parameters", Data),
        field("requestBody", Data),
        field("description", Text),
        field("server", One(Server)),
    ],
);

static TAG: Object = define(
    Tag,
    &[
        field("name", Text).required(),
        field("summary", Text),
        field("description", Text),
        field("externalDocs", One(ExternalDocumentation)),
        field("parent", Text),
        field("kind", Text),
    ],
);

static SECURITY_REQUIREMENT: Object =
    define(SecurityRequirement, &[]).patterned(PatternedFields::Names(Texts));

static SECURITY_SCHEME: Object = define(
    SecurityScheme,
    &[
        field("type", Text).required(),
        field("description", Text),
        field("name", Text),
        field("in", Text),
        field("scheme", Text),
        field("bearerFormat", Text),
        field("flows", One(OAuthFlows)),
        field("openIdConnectUrl", Text),
        field("oauth2MetadataUrl", Text),
        field("deprecated", Flag),
    ],
);

static OAUTH_FLOWS: Object = define(
    OAuthFlows,
    &[
        field("implicit", One(OAuthFlow)),
        field("password", One(OAuthFlow)),
        field("clientCredentials", One(OAuthFlow)),
        field("authorizationCode", One(OAuthFlow)),
        field("deviceAuthorization", One(OAuthFlow)),
    ],
);

static OAUTH_FLOW: Object = define(
    OAuthFlow,
    &[
        field("authorizationUrl", Text),
        field("deviceAuthorizationUrl", Text),
        field("tokenUrl", Text),
        field("refreshUrl", Text),
        field("scopes", TextMap),
    ],
);

static DISCRIMINATOR: Object = define(
    Discriminator,
    &[
        field("propertyName", Text).required(),
        field("mapping", SchemaMapping),
        field("defaultMapping", Text),
    ],
);
