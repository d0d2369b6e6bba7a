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
