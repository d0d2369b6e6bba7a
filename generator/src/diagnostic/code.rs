//! Every code, one for each kind of finding, by the stage that makes it.

use super::Code;

// source, bundle

/// There is no file at a path.
pub const NO_SUCH_FILE: Code = Code("no-such-file");
/// A path leads to a folder.
pub const NOT_A_FILE: Code = Code("not-a-file");
/// The system refuses to read a file.
pub const UNREADABLE_FILE: Code = Code("unreadable-file");
/// A file is beyond the size that is read.
pub const FILE_TOO_LARGE: Code = Code("file-too-large");
/// A file is in another encoding.
pub const NOT_UTF8: Code = Code("not-utf8");
/// A file has nothing in it.
pub const EMPTY_DOCUMENT: Code = Code("empty-document");
/// A page of documentation has no document in it, or several.
pub const NO_DOCUMENT_IN_PAGE: Code = Code("no-document-in-page");
/// The text is not YAML.
pub const INVALID_YAML: Code = Code("invalid-yaml");
/// The text is not JSON.
pub const INVALID_JSON: Code = Code("invalid-json");
/// A tab indents YAML.
pub const TAB: Code = Code("tab");
/// A YAML stream has a second document.
pub const SEVERAL_DOCUMENTS: Code = Code("several-documents");
/// A value has a YAML tag.
pub const YAML_TAG: Code = Code("yaml-tag");
/// `<<` has a value that is no mapping.
pub const MERGE_KEY: Code = Code("merge-key");
/// A number is infinite or no number at all.
pub const NUMBER_NOT_FINITE: Code = Code("number-not-finite");
/// A mapping has a key twice.
pub const DUPLICATE_KEY: Code = Code("duplicate-key");
/// Values are nested beyond the limit.
pub const TOO_DEEP: Code = Code("too-deep");
/// YAML aliases make the document many times as large as its text.
pub const TOO_MANY_ALIASES: Code = Code("too-many-aliases");
/// References make the document many times as large as its files.
pub const TOO_LARGE: Code = Code("too-large");
/// A `$ref` leads nowhere.
pub const UNRESOLVED_REFERENCE: Code = Code("unresolved-reference");
/// A `$ref` leads back to itself.
pub const CIRCULAR_REFERENCE: Code = Code("circular-reference");
/// A `$ref` leads to another host.
pub const REMOTE_REFERENCE: Code = Code("remote-reference");
/// A `$ref` leads to a path that is not relative.
pub const ABSOLUTE_REFERENCE: Code = Code("absolute-reference");
/// A `$ref` leads to something else than is needed where it stands.
pub const WRONG_REFERENCE: Code = Code("wrong-reference");

// normalize, document

/// A value of the wrong type, or a misspelt one, is read as what is meant.
pub const COERCED: Code = Code("coerced");
/// A requirement asks for two credentials in one place.
pub const CONFLICTING_CREDENTIALS: Code = Code("conflicting-credentials");
/// The keywords of a schema leave no value.
pub const CONTRADICTORY_SCHEMA: Code = Code("contradictory-schema");
/// `const` is not among the values of `enum`.
pub const CONTRADICTORY_CONST: Code = Code("contradictory-const");
/// An operationId is given to two operations.
pub const DUPLICATE_OPERATION_ID: Code = Code("duplicate-operation-id");
/// A parameter of one name and location is there twice.
pub const DUPLICATE_PARAMETER: Code = Code("duplicate-parameter");
/// A list says the same value twice.
pub const DUPLICATE_VALUE: Code = Code("duplicate-value");
/// A `$dynamicRef` that can mean several schemas.
pub const DYNAMIC_REFERENCE: Code = Code("dynamic-reference");
/// A list that has to have an entry has none.
pub const EMPTY_LIST: Code = Code("empty-list");
/// Two path templates match the same addresses.
pub const EQUIVALENT_PATHS: Code = Code("equivalent-paths");
/// A part of a message that HTTP has no place for.
pub const IGNORED_BODY: Code = Code("ignored-body");
/// A keyword that has no effect where it stands.
pub const IGNORED_KEYWORD: Code = Code("ignored-keyword");
/// A field beside `$ref` has no effect.
pub const IGNORED_SIBLING: Code = Code("ignored-sibling");
/// A security scheme lacks what its type needs.
pub const INCOMPLETE_SECURITY_SCHEME: Code = Code("incomplete-security-scheme");
/// What stands under `content` is no media type, or is there twice.
pub const INVALID_MEDIA_TYPE: Code = Code("invalid-media-type");
/// HTTP cannot carry a name: of a header, a cookie, a method.
pub const INVALID_NAME: Code = Code("invalid-name");
/// A path does not begin with a slash, or its braces do not match.
pub const INVALID_PATH: Code = Code("invalid-path");
/// A server's URL is none that a client can use.
pub const INVALID_SERVER_URL: Code = Code("invalid-server-url");
/// A response is under what is no status code.
pub const INVALID_STATUS_CODE: Code = Code("invalid-status-code");
/// A style that its location does not have.
pub const INVALID_STYLE: Code = Code("invalid-style");
/// `required: true` inside a schema.
pub const MISPLACED_REQUIRED: Code = Code("misplaced-required");
/// A field that the specification requires is not there.
pub const MISSING_FIELD: Code = Code("missing-field");
/// The document does not say which OpenAPI it is.
pub const MISSING_VERSION: Code = Code("missing-version");
/// A keyword of a newer edition than the document's.
pub const NEWER_KEYWORD: Code = Code("newer-keyword");
/// What has to be a schema is neither an object nor a boolean.
pub const NOT_A_SCHEMA: Code = Code("not-a-schema");
/// A field has no value.
pub const NULL_FIELD: Code = Code("null-field");
/// A keyword of an older edition.
pub const OUTDATED_KEYWORD: Code = Code("outdated-keyword");
/// A parameter or header has to have either `schema` or `content`.
pub const PARAMETER_WITHOUT_SCHEMA: Code = Code("parameter-without-schema");
/// An extension whose name is the generator's own.
pub const RESERVED_EXTENSION: Code = Code("reserved-extension");
/// `$ref`s to places outside of `components` mean more than is read twice.
pub const TOO_MANY_COPIES: Code = Code("too-many-copies");
/// A keyword that the generated crate does not check.
pub const UNCHECKED: Code = Code("unchecked");
/// A name in a path template is no parameter.
pub const UNDECLARED_PATH_PARAMETER: Code = Code("undeclared-path-parameter");
/// A name in a server's URL is none of its variables.
pub const UNDECLARED_SERVER_VARIABLE: Code = Code("undeclared-server-variable");
/// A dialect of JSON Schema that is not known.
pub const UNKNOWN_DIALECT: Code = Code("unknown-dialect");
/// A field that the specification does not have.
pub const UNKNOWN_FIELD: Code = Code("unknown-field");
/// A parameter or key cannot be where it is said to be.
pub const UNKNOWN_LOCATION: Code = Code("unknown-location");
/// A property is named that the schema does not have.
pub const UNKNOWN_PROPERTY: Code = Code("unknown-property");
/// `security` asks for a scope that the scheme does not have.
pub const UNKNOWN_SCOPE: Code = Code("unknown-scope");
/// `security` names what is not in `components.securitySchemes`.
pub const UNKNOWN_SECURITY_SCHEME: Code = Code("unknown-security-scheme");
/// A type that JSON Schema does not have.
pub const UNKNOWN_TYPE: Code = Code("unknown-type");
/// The model of OpenAPI refuses what the checks let through.
pub const UNREADABLE: Code = Code("unreadable");
/// A Swagger 2.0 document, or an edition that is not known.
pub const UNSUPPORTED_VERSION: Code = Code("unsupported-version");
/// A path parameter is not in the path.
pub const UNUSED_PATH_PARAMETER: Code = Code("unused-path-parameter");
/// A variable is not in its server's URL.
pub const UNUSED_SERVER_VARIABLE: Code = Code("unused-server-variable");
/// A field has another JSON type than the specification says.
pub const WRONG_TYPE: Code = Code("wrong-type");

/// The schema of a body that is neither JSON nor a form is not used.
pub const BODY_AS_IT_IS: Code = Code("body-as-it-is");
/// A value that no style or form can write.
pub const NO_FORM: Code = Code("no-form");

// lower

/// Two branches of an `allOf` leave no value.
pub const CONTRADICTORY_ALL_OF: Code = Code("contradictory-all-of");
/// A default is not a value of its own schema.
pub const DEFAULT_REFUSED: Code = Code("default-refused");
/// A discriminator does not tell the branches apart.
pub const DISCRIMINATOR_UNUSABLE: Code = Code("discriminator-unusable");
/// An enum's value is of another type than the schema.
pub const ENUM_VALUE_TYPE: Code = Code("enum-value-type");
/// The document's own value is not of the schema's format.
pub const FORMAT_NOT_KEPT: Code = Code("format-not-kept");
/// A response header is given as text.
pub const HEADER_AS_TEXT: Code = Code("header-as-text");
/// A header parameter that the specification says to ignore.
pub const HEADER_IGNORED: Code = Code("header-ignored");
/// Headers of a part of a multipart body that nobody can give.
pub const PART_HEADER_IGNORED: Code = Code("part-header-ignored");
/// A part of a multipart body cannot be written as its media type.
pub const PART_WITHOUT_FORM: Code = Code("part-without-form");
/// The schema of a body that is given as text or bytes says more than its type.
pub const SCHEMA_NOT_USED: Code = Code("schema-not-used");

// emit/manifest, write

/// The output folder's `Cargo.toml` cannot be edited, or no package can have the name.
pub const INVALID_MANIFEST: Code = Code("invalid-manifest");
/// The list of generated files cannot be read.
pub const INVALID_FILE_LIST: Code = Code("invalid-file-list");
/// Something that the generator did not write stands where a generated file goes.
pub const FILE_IN_THE_WAY: Code = Code("file-in-the-way");
/// A file that is not generated any more was edited, and is left as it is.
pub const EDITED_FILE_KEPT: Code = Code("edited-file-kept");
/// The system refuses to write a file or to make a folder.
pub const OUTPUT_NOT_WRITTEN: Code = Code("output-not-written");
/// The generator made something that cannot be written: no document should bring that about.
pub const GENERATOR_BUG: Code = Code("generator-bug");
/// The system refuses the memory or the thread that a run needs.
pub const NO_THREAD: Code = Code("no-thread");
