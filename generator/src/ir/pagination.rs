//! How an operation gives a long list page by page.

use std::fmt;

use crate::ident::{FieldName, TypeName};

use super::Type;

/// What was decided on the pagination of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// How a page leads to the next one.
    pub style: PageStyle,
    /// How sure the decision is.
    pub certainty: Certainty,
    /// What decided.
    pub decided_by: DecidedBy,
    /// The parameter that selects a page; `None` where a URL does.
    pub parameter: Option<PageParameter>,
    /// Where a response says how to go on; `None` where it is counted.
    pub next: Option<NextPage>,
    /// Where a response says whether there is more.
    pub end: Option<PageEnd>,
    /// Where the items are in the response's JSON; empty for the whole of it.
    pub items: Vec<String>,
    /// The number of the first page, or the first offset; `None` where the document does not say, or
    /// the style has none.
    pub first: Option<u64>,
    /// The response's own number of its page.
    pub number: Option<Vec<String>>,
    /// What the generated code does; or why it does nothing.
    pub code: Result<PageCode, String>,
}

/// How a page leads to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStyle {
    /// A response has a text that the next request gives back.
    Cursor,
    /// The next request names the last item.
    LastId,
    /// The next request has the next number.
    PageNumber,
    /// The next request has the number of the items before it.
    Offset,
    /// A response has the URL of the next one in its body.
    NextUrl,
    /// A response has the URL of the next one in its header `Link` (RFC 8288).
    LinkHeader,
}

impl PageStyle {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Cursor,
        Self::LastId,
        Self::PageNumber,
        Self::Offset,
        Self::NextUrl,
        Self::LinkHeader,
    ];

    /// The name, as in `x-pagination` and in the list of operations.
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

/// How sure it is that an operation is paginated in this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Certain: it is generated.
    A,
    /// Likely, but the document does not say how it begins or ends.
    B,
    /// It may be a `Link` header that the document does not declare.
    C,
}

impl Certainty {
    /// The letter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

/// What decided on a pagination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecidedBy {
    /// A rule, by its number.
    Rule(u8),
    /// An extension of this name.
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
    /// The query parameter; `None` for a property of the body.
    pub query: Option<String>,
    /// The properties from there to the input, which is one itself where there are none.
    pub path: Vec<String>,
}

impl fmt::Display for PageParameter {
    /// As `page`, `page[number]` or `body.page.cursor`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(query) = &self.query {
            f.write_str(query)?;
            return self.path.iter().try_for_each(|name| write!(f, "[{name}]"));
        }
        f.write_str("body")?;
        self.path.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

/// Where a response says how to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NextPage {
    /// A value of the body: a cursor, the id of the last item, a number or a URL.
    Body(Vec<String>),
    /// A property of the last item.
    LastItem(Vec<String>),
    /// The `href` of the entry with `rel: next` in a list of the body.
    Relation(Vec<String>),
    /// The link with the relation `next` in the header `Link`.
    Link,
}

/// Where a response says whether there is more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageEnd {
    /// What it says.
    pub kind: PageEndKind,
    /// Where, in its body.
    pub path: Vec<String>,
}

/// What a response says of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageEndKind {
    /// Whether there are more items.
    HasMore,
    /// How many pages there are.
    Pages,
    /// How many items there are.
    Total,
    /// A number that may be that of the items of one page: the end is an empty page.
    Count,
}

impl PageEndKind {
    /// The name, as in `x-pagination` and in the list of operations.
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

/// How generated code reads and changes a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCode {
    /// The input that selects a page.
    pub input: Option<PageInput>,
    /// How the items are taken out of the output, and their type; `None` where no single type holds
    /// them.
    pub items: Option<PageItems>,
}

/// The input that selects a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageInput {
    /// The parameter; `None` for the body.
    pub parameter: Option<FieldName>,
    /// Whether the operation has it as an `Option`.
    pub is_optional: bool,
    /// The fields from there.
    pub path: Vec<FieldStep>,
}

/// How the items are taken out of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageItems {
    /// The variant of the output that has them, where it is an enum.
    pub variant: Option<(TypeName, TypeName)>,
    /// The fields from there.
    pub path: Vec<FieldStep>,
    /// The type of an item.
    pub item: Type,
}

/// A field on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldStep {
    /// The field; `None` for what a type around another holds.
    pub field: Option<FieldName>,
    /// How many `Option`s are around its value.
    pub options: usize,
}
