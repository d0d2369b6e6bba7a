//! The codes of diagnostics, ordered by the stage that reports them.

use super::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: Code = Code($text);)*

        /// All codes, ordered by the stage that reports them.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // source, bundle

    /// A file does not exist.
    NO_SUCH_FILE = "no-such-file";
    /// A path leads to a folder, a pipe or a device instead of a regular file.
    NOT_A_FILE = "not-a-file";
    /// The system cannot read a file.
    UNREADABLE_FILE = "unreadable-file";
    /// A file is larger than the limit.
    FILE_TOO_LARGE = "file-too-large";
    /// A file is not encoded in UTF-8.
    NOT_UTF8 = "not-utf8";
    /// A file is empty or contains only comments.
    EMPTY_DOCUMENT = "empty-document";
    /// A Markdown page contains no OpenAPI document, or several.
    NO_DOCUMENT_IN_PAGE = "no-document-in-page";
    /// The text is not valid YAML.
    INVALID_YAML = "invalid-yaml";
    /// The text is not valid JSON.
    INVALID_JSON = "invalid-json";
    /// A tab indents YAML.
    TAB = "tab";
    /// A YAML file contains a second document after `---`.
    SEVERAL_DOCUMENTS = "several-documents";
    /// A value has a YAML tag, such as `!include`.
    YAML_TAG = "yaml-tag";
    /// The value of `<<` is not a mapping.
    MERGE_KEY = "merge-key";
    /// A number is infinite or NaN.
    NUMBER_NOT_FINITE = "number-not-finite";
    /// An object has the same key twice.
    DUPLICATE_KEY = "duplicate-key";
    /// Values or chains of references are nested beyond a limit.
    TOO_DEEP = "too-deep";
    /// YAML aliases make the document many times larger than its text.
    TOO_MANY_ALIASES = "too-many-aliases";
    /// The document has more values than the limit, or references multiply them beyond it.
    TOO_LARGE = "too-large";
    /// The target of a `$ref` does not exist.
    UNRESOLVED_REFERENCE = "unresolved-reference";
    /// A reference or schema refers directly to itself.
    CIRCULAR_REFERENCE = "circular-reference";
    /// A `$ref` refers to another host.
    REMOTE_REFERENCE = "remote-reference";
    /// A `$ref` leads out of the folder of the document.
    OUTSIDE_REFERENCE = "outside-reference";
    /// A `$ref` has an absolute path.
    ABSOLUTE_REFERENCE = "absolute-reference";
    /// The target of a `$ref` is the wrong kind of object.
    WRONG_REFERENCE = "wrong-reference";

    /// Two schemas have the same `$anchor`.
    DUPLICATE_ANCHOR = "duplicate-anchor";

    // overlays

    /// An overlay is invalid, or one of its actions cannot be applied.
    INVALID_OVERLAY = "invalid-overlay";
    /// The target of an action selects nothing in the document.
    OVERLAY_TARGET = "overlay-target";

    // normalize, document

    /// A value with a mistake is read as the one thing that it can mean.
    COERCED = "coerced";
    /// A security requirement needs two credentials in the same part of a request.
    CONFLICTING_CREDENTIALS = "conflicting-credentials";
    /// No value is valid for a schema.
    CONTRADICTORY_SCHEMA = "contradictory-schema";
    /// `const` is not among the values of `enum`.
    CONTRADICTORY_CONST = "contradictory-const";
    /// Two operations have the same operationId.
    DUPLICATE_OPERATION_ID = "duplicate-operation-id";
    /// Two parameters have the same name and location.
    DUPLICATE_PARAMETER = "duplicate-parameter";
    /// A list contains a value twice.
    DUPLICATE_VALUE = "duplicate-value";
    /// A `$dynamicRef` can refer to several schemas.
    DYNAMIC_REFERENCE = "dynamic-reference";
    /// A list that needs an entry is empty.
    EMPTY_LIST = "empty-list";
    /// Two path templates match the same URLs.
    EQUIVALENT_PATHS = "equivalent-paths";
    /// A body is described for a message that has none in HTTP.
    IGNORED_BODY = "ignored-body";
    /// A keyword has no effect at this location.
    IGNORED_KEYWORD = "ignored-keyword";
    /// A response is described that clients never return.
    IGNORED_RESPONSE = "ignored-response";
    /// A field beside `$ref` has no effect.
    IGNORED_SIBLING = "ignored-sibling";
    /// A security scheme has an unknown type, or lacks a field that its type needs.
    INCOMPLETE_SECURITY_SCHEME = "incomplete-security-scheme";
    /// A runtime expression of a link or a callback is invalid.
    INVALID_EXPRESSION = "invalid-expression";
    /// A key of `content` is not a media type, or is a duplicate.
    INVALID_MEDIA_TYPE = "invalid-media-type";
    /// The name of a header, cookie or method is not allowed in HTTP.
    INVALID_NAME = "invalid-name";
    /// A path template is invalid.
    INVALID_PATH = "invalid-path";
    /// A pattern is not a regular expression.
    INVALID_PATTERN = "invalid-pattern";
    /// A client cannot use the URL of a server.
    INVALID_SERVER_URL = "invalid-server-url";
    /// The key of a response is not a status code.
    INVALID_STATUS_CODE = "invalid-status-code";
    /// A parameter has a style that its location or type does not allow.
    INVALID_STYLE = "invalid-style";
    /// `required: true` is inside a schema.
    MISPLACED_REQUIRED = "misplaced-required";
    /// A field that the specification requires is missing.
    MISSING_FIELD = "missing-field";
    /// The document does not name its OpenAPI version.
    MISSING_VERSION = "missing-version";
    /// A keyword does not exist in the OpenAPI version of the document.
    NEWER_KEYWORD = "newer-keyword";
    /// A schema is neither an object nor a boolean.
    NOT_A_SCHEMA = "not-a-schema";
    /// A field has no value.
    NULL_FIELD = "null-field";
    /// A keyword belongs to an older version of the specification.
    OUTDATED_KEYWORD = "outdated-keyword";
    /// A parameter or header needs exactly one of `schema` and `content`.
    PARAMETER_WITHOUT_SCHEMA = "parameter-without-schema";
    /// The name of an extension is reserved for the generator.
    RESERVED_EXTENSION = "reserved-extension";
    /// The targets of references outside of `components` are too large to read twice.
    TOO_MANY_COPIES = "too-many-copies";
    /// The generated crate does not enforce a keyword.
    UNCHECKED = "unchecked";
    /// Comparing a value with its schema takes too many steps.
    NOT_COMPARED = "not-compared";
    /// A name in a path template is not a declared parameter.
    UNDECLARED_PATH_PARAMETER = "undeclared-path-parameter";
    /// A name in the URL of a server is not one of its variables.
    UNDECLARED_SERVER_VARIABLE = "undeclared-server-variable";
    /// The JSON Schema dialect is unknown.
    UNKNOWN_DIALECT = "unknown-dialect";
    /// A field does not exist in the specification.
    UNKNOWN_FIELD = "unknown-field";
    /// `in` is not a valid location of a parameter or an API key.
    UNKNOWN_LOCATION = "unknown-location";
    /// The schema does not declare a property that is used by name.
    UNKNOWN_PROPERTY = "unknown-property";
    /// `security` uses a scope that no flow of the scheme declares.
    UNKNOWN_SCOPE = "unknown-scope";
    /// `security` uses a scheme that is not in `components.securitySchemes`.
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme";
    /// A type does not exist in JSON Schema.
    UNKNOWN_TYPE = "unknown-type";
    /// The OpenAPI model rejects a value that the checks accept.
    UNREADABLE = "unreadable";
    /// The document is not OpenAPI 3.0, 3.1 or 3.2.
    UNSUPPORTED_VERSION = "unsupported-version";
    /// A path parameter is not in the path.
    UNUSED_PATH_PARAMETER = "unused-path-parameter";
    /// A variable is not in the URL of its server.
    UNUSED_SERVER_VARIABLE = "unused-server-variable";
    /// A field has the wrong JSON type, or a value that is not allowed.
    WRONG_TYPE = "wrong-type";

    /// A style or form cannot encode a value.
    NO_FORM = "no-form";

    // lower

    /// No value is valid for two branches of an `allOf`.
    CONTRADICTORY_ALL_OF = "contradictory-all-of";
    /// A default is not valid for its own schema.
    DEFAULT_REFUSED = "default-refused";
    /// A discriminator does not identify the branches.
    DISCRIMINATOR_UNUSABLE = "discriminator-unusable";
    /// A value of `enum` or `const` has another type than the schema.
    ENUM_VALUE_TYPE = "enum-value-type";
    /// A value in the document does not have the format of its schema.
    FORMAT_NOT_KEPT = "format-not-kept";
    /// A response header is returned as text.
    HEADER_AS_TEXT = "header-as-text";
    /// A header parameter is set by the client, not by the caller.
    HEADER_IGNORED = "header-ignored";
    /// The headers of a multipart part cannot be set.
    PART_HEADER_IGNORED = "part-header-ignored";
    /// An example is not valid for its own schema.
    INVALID_EXAMPLE = "invalid-example";
    /// A part of a multipart body cannot be encoded as its media type.
    PART_WITHOUT_FORM = "part-without-form";
    /// The schema of a text or binary body has keywords that its type does not express.
    SCHEMA_NOT_USED = "schema-not-used";
    /// Several unions have too many combinations of branches.
    TOO_MANY_COMBINATIONS = "too-many-combinations";
    /// A schema has keywords, but its type is any JSON value.
    TYPE_WIDENED = "type-widened";
    /// A URL is not a web address.
    INVALID_URL = "invalid-url";
    /// A link refers to an operation that the document does not have.
    UNKNOWN_OPERATION = "unknown-operation";
    /// An extension for pagination names something that the operation does not have.
    UNKNOWN_PAGE = "unknown-page";
    /// An extension for streams does not describe the items.
    UNKNOWN_STREAM = "unknown-stream";
    /// A generated crate cannot send an HTTP method.
    UNKNOWN_METHOD = "unknown-method";

    // emit/manifest, write

    /// The `Cargo.toml` of the output folder cannot be edited, or the package name is invalid.
    INVALID_MANIFEST = "invalid-manifest";
    /// The list of generated files cannot be read.
    INVALID_FILE_LIST = "invalid-file-list";
    /// A file that the generator did not write exists in the place of a generated file.
    FILE_IN_THE_WAY = "file-in-the-way";
    /// A file that is no longer generated was edited, and is not removed.
    EDITED_FILE_KEPT = "edited-file-kept";
    /// The system cannot write a file or create a folder.
    OUTPUT_NOT_WRITTEN = "output-not-written";
    /// The generator produced a file that cannot be written.
    GENERATOR_BUG = "generator-bug";
    /// The system does not provide the memory or the thread that a run needs.
    NO_THREAD = "no-thread";
}

/// Returns the code with the given name.
#[must_use]
pub fn named(name: &str) -> Option<Code> {
    ALL.iter().copied().find(|code| code.as_str() == name)
}
