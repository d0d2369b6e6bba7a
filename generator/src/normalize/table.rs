//! The objects of the specification with their fields.
//!
//! One row is one field. `carried()` means that `openapiv3` has no such field: it moves to an
//! extension of the same name (see [`PREFIX`](super::PREFIX)).

use super::kind::Kind;
use super::row::Shape::{
    Count, Data, DataList, Flag, FlagOrNumber, List, Map as MapOf, MapOrTexts, Number, One,
    OneOrList, Text, TextMap, TextOrTexts, Texts, TextsMap,
};
use super::row::{Keys, Object, field, plain};
use super::{content, examples, expression, names, object, parameter, schema, security, servers};

pub(super) static DOCUMENT: Object = plain(
    "an OpenAPI document",
    &[
        field("openapi", Text).required(),
        field("$self", Text).carried(),
        field("info", One(&INFO)).required(),
        field("jsonSchemaDialect", Text).carried(),
        field("servers", List(&SERVER)),
        field("paths", One(&PATHS)),
        field("webhooks", MapOf(&PATH_ITEM)).carried(),
        field("components", One(&COMPONENTS)),
        field("security", List(&SECURITY_REQUIREMENT)),
        field("tags", List(&TAG)),
        field("externalDocs", One(&EXTERNAL_DOCS)),
    ],
)
.before(object::document);

static INFO: Object = plain(
    "an info object",
    &[
        field("title", Text).required(),
        field("summary", Text).carried(),
        field("description", Text),
        field("termsOfService", Text),
        field("contact", One(&CONTACT)),
        field("license", One(&LICENSE)),
        field("version", Text).required(),
    ],
)
.before(object::info);

static CONTACT: Object = plain(
    "a contact",
    &[
        field("name", Text),
        field("url", Text),
        field("email", Text),
    ],
)
.bare("name");

static LICENSE: Object = plain(
    "a license",
    &[
        field("name", Text).required(),
        field("identifier", Text).carried(),
        field("url", Text),
    ],
)
.bare("name")
.before(object::license);

static SERVER: Object = plain(
    "a server",
    &[
        field("url", Text).required(),
        field("name", Text).carried(),
        field("description", Text),
        field("variables", MapOf(&SERVER_VARIABLE)),
    ],
)
.bare("url")
.after(servers::server);

static SERVER_VARIABLE: Object = plain(
    "a server variable",
    &[
        field("enum", Texts),
        field("default", Text).required(),
        field("description", Text),
    ],
)
.before(object::server_variable)
.after(servers::variable);

static COMPONENTS: Object = plain(
    "a components object",
    &[
        field("schemas", MapOf(&SCHEMA)),
        field("responses", MapOf(&RESPONSE)),
        field("parameters", MapOf(&PARAMETER)),
        field("examples", MapOf(&EXAMPLE)),
        field("requestBodies", MapOf(&REQUEST_BODY)),
        field("headers", MapOf(&HEADER)),
        field("securitySchemes", MapOf(&SECURITY_SCHEME)),
        field("links", MapOf(&LINK)),
        field("callbacks", MapOf(&CALLBACK)).carried(),
        field("pathItems", MapOf(&PATH_ITEM)).carried(),
        field("mediaTypes", MapOf(&MEDIA_TYPE)).carried(),
    ],
)
.after(security::components);

static PATHS: Object = plain("a paths object", &[]).keys(Keys::Paths);

pub(super) static PATH_ITEM: Object = plain(
    "a path item",
    &[
        field("summary", Text),
        field("description", Text),
        field("get", One(&OPERATION)),
        field("put", One(&OPERATION)),
        field("post", One(&OPERATION)),
        field("delete", One(&OPERATION)),
        field("options", One(&OPERATION)),
        field("head", One(&OPERATION)),
        field("patch", One(&OPERATION)),
        field("trace", One(&OPERATION)),
        field("query", One(&OPERATION)).carried(),
        field("additionalOperations", MapOf(&OPERATION)).carried(),
        field("servers", List(&SERVER)),
        field("parameters", List(&PARAMETER)),
    ],
)
.kind(Kind::PathItem)
.before(object::path_item);

pub(super) static OPERATION: Object = plain(
    "an operation",
    &[
        field("tags", Texts),
        field("summary", Text),
        field("description", Text),
        field("externalDocs", One(&EXTERNAL_DOCS)),
        field("operationId", Text),
        field("parameters", List(&PARAMETER)),
        field("requestBody", One(&REQUEST_BODY)),
        field("responses", One(&RESPONSES)).required(),
        field("callbacks", MapOf(&CALLBACK)).carried(),
        field("deprecated", Flag),
        field("security", List(&SECURITY_REQUIREMENT)),
        field("servers", List(&SERVER)),
    ],
)
.kind(Kind::Operation)
.before(object::operation);

static EXTERNAL_DOCS: Object = plain(
    "an external documentation object",
    &[field("description", Text), field("url", Text).required()],
)
.bare("url")
.before(object::external_docs);

pub(super) static PARAMETER: Object = plain(
    "a parameter",
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
        field("schema", One(&SCHEMA)),
        field("content", MapOf(&MEDIA_TYPE)),
        field("example", Data),
        field("examples", MapOf(&EXAMPLE)),
    ],
)
.kind(Kind::Parameter)
.before(parameter::parameter_place)
.after(parameter::parameter);

pub(super) static HEADER: Object = plain(
    "a header",
    &[
        field("description", Text),
        field("required", Flag),
        field("deprecated", Flag),
        field("style", Text),
        field("explode", Flag).carried(),
        field("allowEmptyValue", Flag).carried(),
        field("allowReserved", Flag).carried(),
        field("schema", One(&SCHEMA)),
        field("content", MapOf(&MEDIA_TYPE)),
        field("example", Data),
        field("examples", MapOf(&EXAMPLE)),
    ],
)
.kind(Kind::Header)
.before(parameter::hoisted_schema)
.after(parameter::header);

pub(super) static REQUEST_BODY: Object = plain(
    "a request body",
    &[
        field("description", Text),
        field("content", MapOf(&MEDIA_TYPE)).required(),
        field("required", Flag),
    ],
)
.kind(Kind::RequestBody)
.before(examples::beside_content)
.after(names::body);

static MEDIA_TYPE: Object = plain(
    "a media type",
    &[
        field("description", Text).carried(),
        field("schema", One(&SCHEMA)),
        field("itemSchema", One(&SCHEMA)).carried(),
        field("example", Data),
        field("examples", MapOf(&EXAMPLE)),
        field("encoding", MapOf(&ENCODING)),
        field("prefixEncoding", List(&ENCODING)).carried(),
        field("itemEncoding", One(&ENCODING)).carried(),
    ],
)
.before(object::media_type);

static ENCODING: Object = plain(
    "an encoding",
    &[
        field("contentType", Text),
        field("headers", MapOf(&HEADER)),
        field("style", Text),
        field("explode", Flag),
        field("allowReserved", Flag),
        field("encoding", MapOf(&ENCODING)).carried(),
        field("prefixEncoding", List(&ENCODING)).carried(),
        field("itemEncoding", One(&ENCODING)).carried(),
    ],
)
.after(object::encoding);

static RESPONSES: Object = plain("a responses object", &[field("default", One(&RESPONSE))])
    .keys(Keys::Statuses)
    .before(object::responses);

pub(super) static RESPONSE: Object = plain(
    "a response",
    &[
        field("summary", Text).carried(),
        field("description", Text),
        field("headers", MapOf(&HEADER)),
        field("content", MapOf(&MEDIA_TYPE)),
        field("links", MapOf(&LINK)),
    ],
)
.kind(Kind::Response)
.before(content::before_response)
.after(content::after_response);

pub(super) static CALLBACK: Object = plain("a callback", &[])
    .kind(Kind::Callback)
    .keys(Keys::Any(One(&PATH_ITEM)))
    .before(expression::callback);

pub(super) static EXAMPLE: Object = plain(
    "an example object",
    &[
        field("summary", Text),
        field("description", Text),
        field("value", Data),
        field("externalValue", Text),
        field("dataValue", Data).carried(),
        field("serializedValue", Text).carried(),
    ],
)
.bare("value")
.kind(Kind::Example)
.before(examples::bare);

pub(super) static LINK: Object = plain(
    "a link",
    &[
        field("operationRef", Text),
        field("operationId", Text),
        field("parameters", Data),
        field("requestBody", Data),
        field("description", Text),
        field("server", One(&SERVER)),
    ],
)
.kind(Kind::Link)
.after(object::link);

static TAG: Object = plain(
    "a tag",
    &[
        field("name", Text).required(),
        field("summary", Text).carried(),
        field("description", Text),
        field("externalDocs", One(&EXTERNAL_DOCS)),
        field("parent", Text).carried(),
        field("kind", Text).carried(),
    ],
)
.bare("name");

static SECURITY_REQUIREMENT: Object = plain("a security requirement", &[])
    .keys(Keys::Any(Texts))
    .before(security::scopes);

pub(super) static SECURITY_SCHEME: Object = plain(
    "a security scheme",
    &[
        field("type", Text).required(),
        field("description", Text),
        field("name", Text),
        field("in", Text),
        field("scheme", Text),
        field("bearerFormat", Text),
        field("flows", One(&FLOWS)),
        field("openIdConnectUrl", Text),
        field("oauth2MetadataUrl", Text).carried(),
        field("deprecated", Flag).carried(),
    ],
)
.kind(Kind::SecurityScheme)
.before(security::security_scheme);

static FLOWS: Object = plain(
    "an OAuth flows object",
    &[
        field("implicit", One(&FLOW)),
        field("password", One(&FLOW)),
        field("clientCredentials", One(&FLOW)),
        field("authorizationCode", One(&FLOW)),
        field("deviceAuthorization", One(&FLOW)).carried(),
    ],
);

static FLOW: Object = plain(
    "an OAuth flow",
    &[
        field("authorizationUrl", Text),
        field("deviceAuthorizationUrl", Text).carried(),
        field("tokenUrl", Text),
        field("refreshUrl", Text),
        field("scopes", TextMap),
    ],
)
.before(security::flow);

static DISCRIMINATOR: Object = plain(
    "a discriminator",
    &[
        field("propertyName", Text).required(),
        field("mapping", TextMap),
        field("defaultMapping", Text).carried(),
    ],
)
.bare("propertyName")
.after(object::discriminator);

/// The types of the values that a keyword applies to.
const STRING: &[&str] = &["string"];
const NUMBER: &[&str] = &["integer", "number"];
const ARRAY: &[&str] = &["array"];
const OBJECT: &[&str] = &["object"];

/// The Schema Object of OpenAPI 3.0 and of JSON Schema 2020-12 (OpenAPI 3.1 and 3.2).
pub(super) static SCHEMA: Object = plain(
    "a schema",
    &[
        field("type", TextOrTexts),
        field("format", Text),
        field("description", Text),
        field("title", Text),
        field("properties", MapOf(&SCHEMA)).of(OBJECT),
        field("required", Texts).of(OBJECT),
        field("items", OneOrList(&SCHEMA)).of(ARRAY),
        field("enum", DataList),
        field("default", Data),
        field("example", Data),
        field("nullable", Flag),
        field("readOnly", Flag),
        field("writeOnly", Flag),
        field("deprecated", Flag),
        field("additionalProperties", One(&SCHEMA)).of(OBJECT),
        field("pattern", Text).of(STRING),
        field("minLength", Count).of(STRING),
        field("maxLength", Count).of(STRING),
        field("minimum", Number).of(NUMBER),
        field("maximum", Number).of(NUMBER),
        field("exclusiveMinimum", FlagOrNumber).of(NUMBER),
        field("exclusiveMaximum", FlagOrNumber).of(NUMBER),
        field("multipleOf", Number).of(NUMBER),
        field("minItems", Count).of(ARRAY),
        field("maxItems", Count).of(ARRAY),
        field("uniqueItems", Flag).of(ARRAY),
        field("minProperties", Count).of(OBJECT),
        field("maxProperties", Count).of(OBJECT),
        field("allOf", List(&SCHEMA)),
        field("oneOf", List(&SCHEMA)),
        field("anyOf", List(&SCHEMA)),
        field("not", One(&SCHEMA)),
        field("discriminator", One(&DISCRIMINATOR)),
        field("externalDocs", One(&EXTERNAL_DOCS)),
        field("xml", Data),
        field("const", Data),
        field("examples", DataList),
        field("prefixItems", List(&SCHEMA)).of(ARRAY),
        field("contains", One(&SCHEMA)).of(ARRAY),
        field("minContains", Count).of(ARRAY),
        field("maxContains", Count).of(ARRAY),
        field("unevaluatedItems", One(&SCHEMA)).of(ARRAY),
        field("patternProperties", MapOf(&SCHEMA)).of(OBJECT),
        field("propertyNames", One(&SCHEMA)).of(OBJECT),
        field("unevaluatedProperties", One(&SCHEMA)).of(OBJECT),
        field("dependentRequired", TextsMap).of(OBJECT),
        field("dependentSchemas", MapOf(&SCHEMA)).of(OBJECT),
        // Before JSON Schema 2019-09 and 2020-12.
        field("dependencies", MapOrTexts(&SCHEMA)).of(OBJECT),
        field("additionalItems", One(&SCHEMA)).of(ARRAY),
        field("if", One(&SCHEMA)),
        field("then", One(&SCHEMA)),
        field("else", One(&SCHEMA)),
        field("contentEncoding", Text).of(STRING),
        field("contentMediaType", Text).of(STRING),
        field("contentSchema", One(&SCHEMA)).of(STRING),
        field("$defs", MapOf(&SCHEMA)),
        field("definitions", MapOf(&SCHEMA)),
        field("$id", Text),
        field("$schema", Text),
        field("$anchor", Text),
        field("$dynamicAnchor", Text),
        field("$recursiveAnchor", Flag),
        field("$vocabulary", Data),
        field("$comment", Text),
    ],
)
.kind(Kind::Schema)
.before(schema::before)
.after(schema::after);

/// Returns the types that a keyword of a schema applies to; empty for all types.
pub(crate) fn types_of(keyword: &str) -> &'static [&'static str] {
    SCHEMA.field(keyword).map_or(&[], |field| field.types)
}
