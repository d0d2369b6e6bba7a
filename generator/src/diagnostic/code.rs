//! Every code, one for each kind of finding, by the stage that makes it.

use super::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal;)*) => {
        $($(#[doc = $doc])* pub const $name: Code = Code($text);)*

        /// All of them, by the stage that finds them.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    // source, bundle

    /// There is no file at a path.
    NO_SUCH_FILE = "no-such-file";
    /// A path leads to a folder.
    NOT_A_FILE = "not-a-file";
    /// The system refuses to read a file.
    UNREADABLE_FILE = "unreadable-file";
    /// A file is beyond the size that is read.
    FILE_TOO_LARGE = "file-too-large";
    /// A file is in another encoding.
    NOT_UTF8 = "not-utf8";
    /// A file has nothing in it.
    EMPTY_DOCUMENT = "empty-document";
    /// A page of documentation has no document in it, or several.
    NO_DOCUMENT_IN_PAGE = "no-document-in-page";
    /// The text is not YAML.
    INVALID_YAML = "invalid-yaml";
    /// The text is not JSON.
    INVALID_JSON = "invalid-json";
    /// A tab indents YAML.
    TAB = "tab";
    /// A YAML stream has a second document.
    SEVERAL_DOCUMENTS = "several-documents";
    /// A value has a YAML tag.
    YAML_TAG = "yaml-tag";
    /// `<<` has a value that is no mapping.
    MERGE_KEY = "merge-key";
    /// A number is infinite or no number at all.
    NUMBER_NOT_FINITE = "number-not-finite";
    /// A mapping has a key twice.
    DUPLICATE_KEY = "duplicate-key";
    /// Values are nested beyond the limit.
    TOO_DEEP = "too-deep";
    /// YAML aliases make the document many times as large as its text.
    TOO_MANY_ALIASES = "too-many-aliases";
    /// References make the document many times as large as its files.
    TOO_LARGE = "too-large";
    /// A `$ref` leads nowhere.
    UNRESOLVED_REFERENCE = "unresolved-reference";
    /// A `$ref` leads back to itself.
    CIRCULAR_REFERENCE = "circular-reference";
    /// A `$ref` leads to another host.
    REMOTE_REFERENCE = "remote-reference";
    /// A `$ref` leads out of the folder of the document.
    OUTSIDE_REFERENCE = "outside-reference";
    /// A `$ref` leads to a path that is not relative.
    ABSOLUTE_REFERENCE = "absolute-reference";
    /// A `$ref` leads to something else than is needed where it stands.
    WRONG_REFERENCE = "wrong-reference";

    /// Two schemas of one file have the same `$anchor`.
    DUPLICATE_ANCHOR = "duplicate-anchor";

    // overlays

    /// An overlay cannot be read, or an action cannot be carried out.
    INVALID_OVERLAY = "invalid-overlay";
    /// The target of an action selects nothing.
    OVERLAY_TARGET = "overlay-target";

    // normalize, document

    /// A value of the wrong type, or a misspelt one, is read as what is meant.
    COERCED = "coerced";
    /// A requirement asks for two credentials in one place.
    CONFLICTING_CREDENTIALS = "conflicting-credentials";
    /// The keywords of a schema leave no value.
    CONTRADICTORY_SCHEMA = "contradictory-schema";
    /// `const` is not among the values of `enum`.
    CONTRADICTORY_CONST = "contradictory-const";
    /// An operationId is given to two operations.
    DUPLICATE_OPERATION_ID = "duplicate-operation-id";
    /// A parameter of one name and location is there twice.
    DUPLICATE_PARAMETER = "duplicate-parameter";
    /// A list says the same value twice.
    DUPLICATE_VALUE = "duplicate-value";
    /// A `$dynamicRef` that can mean several schemas.
    DYNAMIC_REFERENCE = "dynamic-reference";
    /// A list that has to have an entry has none.
    EMPTY_LIST = "empty-list";
    /// Two path templates match the same addresses.
    EQUIVALENT_PATHS = "equivalent-paths";
    /// A part of a message that HTTP has no place for.
    IGNORED_BODY = "ignored-body";
    /// A keyword that has no effect where it stands.
    IGNORED_KEYWORD = "ignored-keyword";
    /// A response that is none of its own.
    IGNORED_RESPONSE = "ignored-response";
    /// A field beside `$ref` has no effect.
    IGNORED_SIBLING = "ignored-sibling";
    /// A security scheme lacks what its type needs.
    INCOMPLETE_SECURITY_SCHEME = "incomplete-security-scheme";
    /// A runtime expression of a link or a callback cannot be read.
    INVALID_EXPRESSION = "invalid-expression";
    /// What stands under `content` is no media type, or is there twice.
    INVALID_MEDIA_TYPE = "invalid-media-type";
    /// HTTP cannot carry a name: of a header, a cookie, a method.
    INVALID_NAME = "invalid-name";
    /// A path does not begin with a slash, or its braces do not match.
    INVALID_PATH = "invalid-path";
    /// A server's URL is none that a client can use.
    INVALID_SERVER_URL = "invalid-server-url";
    /// A response is under what is no status code.
    INVALID_STATUS_CODE = "invalid-status-code";
    /// A style that its location does not have.
    INVALID_STYLE = "invalid-style";
    /// `required: true` inside a schema.
    MISPLACED_REQUIRED = "misplaced-required";
    /// A field that the specification requires is not there.
    MISSING_FIELD = "missing-field";
    /// The document does not say which OpenAPI it is.
    MISSING_VERSION = "missing-version";
    /// A keyword of a newer edition than the document's.
    NEWER_KEYWORD = "newer-keyword";
    /// What has to be a schema is neither an object nor a boolean.
    NOT_A_SCHEMA = "not-a-schema";
    /// A field has no value.
    NULL_FIELD = "null-field";
    /// A keyword of an older edition.
    OUTDATED_KEYWORD = "outdated-keyword";
    /// A parameter or header has to have either `schema` or `content`.
    PARAMETER_WITHOUT_SCHEMA = "parameter-without-schema";
    /// An extension whose name is the generator's own.
    RESERVED_EXTENSION = "reserved-extension";
    /// `$ref`s to places outside of `components` mean more than is read twice.
    TOO_MANY_COPIES = "too-many-copies";
    /// A keyword that the generated crate does not check.
    UNCHECKED = "unchecked";
    /// A value takes too long to compare with its schema.
    NOT_COMPARED = "not-compared";
    /// A name in a path template is no parameter.
    UNDECLARED_PATH_PARAMETER = "undeclared-path-parameter";
    /// A name in a server's URL is none of its variables.
    UNDECLARED_SERVER_VARIABLE = "undeclared-server-variable";
    /// A dialect of JSON Schema that is not known.
    UNKNOWN_DIALECT = "unknown-dialect";
    /// A field that the specification does not have.
    UNKNOWN_FIELD = "unknown-field";
    /// A parameter or key cannot be where it is said to be.
    UNKNOWN_LOCATION = "unknown-location";
    /// A property is named that the schema does not have.
    UNKNOWN_PROPERTY = "unknown-property";
    /// `security` asks for a scope that the scheme does not have.
    UNKNOWN_SCOPE = "unknown-scope";
    /// `security` names what is not in `components.securitySchemes`.
    UNKNOWN_SECURITY_SCHEME = "unknown-security-scheme";
    /// A type that JSON Schema does not have.
    UNKNOWN_TYPE = "unknown-type";
    /// The model of OpenAPI refuses what the checks let through.
    UNREADABLE = "unreadable";
    /// A Swagger 2.0 document, or an edition that is not known.
    UNSUPPORTED_VERSION = "unsupported-version";
    /// A path parameter is not in the path.
    UNUSED_PATH_PARAMETER = "unused-path-parameter";
    /// A variable is not in its server's URL.
    UNUSED_SERVER_VARIABLE = "unused-server-variable";
    /// A field has another JSON type than the specification says.
    WRONG_TYPE = "wrong-type";

    /// A value that no style or form can write.
    NO_FORM = "no-form";

    // lower

    /// Two branches of an `allOf` leave no value.
    CONTRADICTORY_ALL_OF = "contradictory-all-of";
    /// A default is not a value of its own schema.
    DEFAULT_REFUSED = "default-refused";
    /// A discriminator does not tell the branches apart.
    DISCRIMINATOR_UNUSABLE = "discriminator-unusable";
    /// An enum's value is of another type than the schema.
    ENUM_VALUE_TYPE = "enum-value-type";
    /// The document's own value is not of the schema's format.
    FORMAT_NOT_KEPT = "format-not-kept";
    /// A response header is given as text.
    HEADER_AS_TEXT = "header-as-text";
    /// A header parameter that is not the caller's to give.
    HEADER_IGNORED = "header-ignored";
    /// Headers of a part of a multipart body that nobody can give.
    PART_HEADER_IGNORED = "part-header-ignored";
    /// An example is not a value of its own schema.
    INVALID_EXAMPLE = "invalid-example";
    /// A part of a multipart body cannot be written as its media type.
    PART_WITHOUT_FORM = "part-without-form";
    /// The schema of a body that is given as text or bytes says more than its type.
    SCHEMA_NOT_USED = "schema-not-used";
    /// The branches of several unions have more combinations than are written out.
    TOO_MANY_COMBINATIONS = "too-many-combinations";
    /// A schema says more than its type, which is any JSON value.
    TYPE_WIDENED = "type-widened";
    /// A URL that no browser can go to.
    INVALID_URL = "invalid-url";
    /// A link leads to an operation that the document does not have.
    UNKNOWN_OPERATION = "unknown-operation";
    /// An extension on pagination names what the operation does not have.
    UNKNOWN_PAGE = "unknown-page";
    /// An HTTP method that no generated crate can call.
    UNKNOWN_METHOD = "unknown-method";

    // emit/manifest, write

    /// The output folder's `Cargo.toml` cannot be edited, or no package can have the name.
    INVALID_MANIFEST = "invalid-manifest";
    /// The list of generated files cannot be read.
    INVALID_FILE_LIST = "invalid-file-list";
    /// Something that the generator did not write stands where a generated file goes.
    FILE_IN_THE_WAY = "file-in-the-way";
    /// A file that is not generated any more was edited, and is left as it is.
    EDITED_FILE_KEPT = "edited-file-kept";
    /// The system refuses to write a file or to make a folder.
    OUTPUT_NOT_WRITTEN = "output-not-written";
    /// The generator made something that cannot be written: no document should bring that about.
    GENERATOR_BUG = "generator-bug";
    /// The system refuses the memory or the thread that a run needs.
    NO_THREAD = "no-thread";
}

/// The code of a name.
#[must_use]
pub fn named(name: &str) -> Option<Code> {
    ALL.iter().copied().find(|code| code.as_str() == name)
}
