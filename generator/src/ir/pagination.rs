//! The pagination of operations.

use std::fmt;

use crate::ident::{FieldName, TypeName};

use super::Type;

/// The pagination of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The way from a page to the next.
    pub style: PageStyle,
    /// The certainty of the decision.
    pub certainty: Certainty,
    /// The rule or extension that decided.
    pub decided_by: DecidedBy,
    /// The parameter that selects a page, or `None` if a URL does.
    pub parameter: Option<PageParameter>,
    /// The location of the next page in a response, or `None` if pages are counted.
    pub next: Option<NextPage>,
    /// The location of the end marker in a response.
    pub end: Option<PageEnd>,
    /// The path to the items in the response's JSON; empty for the root.
    pub items: Vec<String>,
    /// True if the response represents a list. False if it may be a single object that contains
    /// one.
    pub is_list: bool,
    /// The number of the first page, or the first offset. `None` if the document does not define it
    /// or the style has none.
    pub first: Option<u64>,
    /// The path to the response's own page number.
    pub number: Option<Vec<String>>,
}

/// The way from a page to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// A response has a token for the next request.
    Cursor,
    /// The next request has the id of the last item.
    LastId,
    /// The next request has the next page number.
    PageNumber,
    /// The next request has the number of items before it.
    Offset,
    /// A response has the URL of the next page in its body.
    NextUrl,
    /// A response has the URL of the next page in its `Link` header (RFC 8288).
    LinkHeader,
}

impl PageStyle {
    /// All styles.
    pub const ALL: [Self; 6] = [
        Self::Cursor,
        Self::LastId,
        Self::PageNumber,
        Self::Offset,
        Self::NextUrl,
        Self::LinkHeader,
    ];

    /// Returns the name, as in `x-pagination` and in the list of operations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::LastId => "last-id",
            Self::PageNumber => "page-number",
            Self::Offset => "offset",
            Self::NextUrl => "next-url",
            Self::LinkHeader => "link-header",
        }
    }
}

impl fmt::Display for PageStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The certainty that an operation is paginated this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Code is generated.
    Certain,
    /// The document does not define the start or the end.
    Likely,
    /// The responses may have a `Link` header that the document does not declare.
    Possible,
}

impl Certainty {
    /// Returns the letter in the list of operations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "A",
            Self::Likely => "B",
            Self::Possible => "C",
        }
    }
}

/// The reason for a pagination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// The rule with this number.
    Rule(u8),
    /// The extension with this name.
    Extension(&'static str),
}

impl fmt::Display for DecidedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(number) => write!(f, "rule {number}"),
            Self::Extension(name) => f.write_str(name),
        }
    }
}

/// The input that selects a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageParameter {
    /// The query parameter, or `None` for a property of the body.
    pub query: Option<String>,
    /// The properties from there to the input; empty if it is the parameter itself.
    pub path: Vec<String>,
}

impl fmt::Display for PageParameter {
    /// Formats the input as `page`, `page[number]` or `body.page.cursor`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(query) = &self.query {
            f.write_str(query)?;
            return self.path.iter().try_for_each(|name| write!(f, "[{name}]"));
        }
        f.write_str("body")?;
        self.path.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

/// The location of the next page in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// A value in the body: a cursor, the id of the last item, a number or a URL.
    Body(Vec<String>),
    /// A property of the last item.
    LastItem(Vec<String>),
    /// The `href` of the entry with `rel: next` in a list in the body.
    Relation(Vec<String>),
    /// The link with the relation `next` in the `Link` header.
    Link,
}

/// The location of the end marker in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEnd {
    /// The meaning of the value.
    pub kind: PageEndKind,
    /// The path to the value in the body.
    pub path: Vec<String>,
}

/// The meaning of an end marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEndKind {
    /// True if there are more items.
    HasMore,
    /// The number of pages.
    Pages,
    /// The number of items.
    Total,
    /// A number that may count the items of one page; an empty page is the end.
    Count,
}

impl PageEndKind {
    /// Returns the name, as in `x-pagination` and in the list of operations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HasMore => "more",
            Self::Pages => "pages",
            Self::Total => "total",
            Self::Count => "count",
        }
    }
}

/// The generated code that reads and changes a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCode {
    /// The input that selects a page.
    pub input: Option<PageInput>,
    /// The way from the output to the items, with their type. `None` if the items have no common
    /// type.
    pub items: Option<PageItems>,
}

/// The input that selects a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageInput {
    /// The parameter, or `None` for the body.
    pub parameter: Option<FieldName>,
    /// True if the field is an `Option`.
    pub is_optional: bool,
    /// The path of fields from there.
    pub path: Vec<FieldStep>,
}

/// The way from the output to the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageItems {
    /// The variant with the items, if the output is an enum.
    pub variant: Option<(TypeName, TypeName)>,
    /// The path of fields from there.
    pub path: Vec<FieldStep>,
    /// The type of an item.
    pub item: Type,
}

/// A field on the path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldStep {
    /// The field, or `None` for the content of a wrapper type.
    pub field: Option<FieldName>,
    /// The number of `Option`s around the value.
    pub options: usize,
}
