//! Pagination: from a response to the request for the next page.

use http::HeaderMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::json_pointer;
use super::link_header;
use super::operation::Operation;
use super::response::Reply;

/// An operation that returns a long list page by page.
pub trait Paged: Operation + Clone + Unpin + 'static {
    /// The pagination of the operation.
    const PAGING: Paging;

    /// Returns the input that selects a page, or `None` if a URL selects it.
    fn input(&mut self) -> Option<&mut dyn PageInput> {
        None
    }
}

/// An operation whose pages hold items of one type.
pub trait Listed: Paged {
    /// The type of an item.
    type Item;

    /// Returns the items of the output, or no items if the list is absent or null.
    fn items(output: Self::Output) -> Vec<Self::Item>;
}

/// The pagination of an operation: how a response leads to the next page. Paths are JSON Pointers
/// (RFC 6901) into the body of the response.
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    style: Style,
    items: &'static str,
    end: End,
}

/// The part of a response that leads to the next page.
#[derive(Clone, Copy, Debug)]
enum Style {
    Cursor(&'static str),
    LastId(&'static str),
    IdOfLastItem(&'static str),
    Page(First),
    NextPage(&'static str),
    Offset(u64),
    NextOffset(&'static str),
    Url(&'static str),
    Relation(&'static str),
    Link,
}

/// The number of the first page.
#[derive(Clone, Copy, Debug)]
enum First {
    Number(u64),
    /// The response contains the number of its page.
    Own(&'static str),
}

/// The part of a response that marks the last page.
#[derive(Clone, Copy, Debug)]
enum End {
    Unknown,
    More(&'static str),
    Pages(&'static str),
    Total(&'static str),
}

macro_rules! styles {
    ($($(#[doc = $doc:literal])* $function:ident($argument:ident: $type:ty) $style:expr;)*) => {$(
        $(#[doc = $doc])*
        #[must_use]
        pub const fn $function($argument: $type) -> Self {
            Self::new($style)
        }
    )*};
}

impl Paging {
    const fn new(style: Style) -> Self {
        Self {
            style,
            items: "",
            end: End::Unknown,
        }
    }

    styles! {
        /// The next request sends the cursor at a path.
        cursor(path: &'static str) Style::Cursor(path);
        /// The next request sends the id of the last item, which is at a path.
        last_id(path: &'static str) Style::LastId(path);
        /// The next request sends a member of the last item, which is at a path in the item.
        id_of_last_item(path: &'static str) Style::IdOfLastItem(path);
        /// The next request sends the next page number. The first page has this number.
        page(first: u64) Style::Page(First::Number(first));
        /// The next request sends the page number at a path, plus one.
        page_after(path: &'static str) Style::Page(First::Own(path));
        /// The next request sends the page number at a path.
        next_page(path: &'static str) Style::NextPage(path);
        /// The next request sends the number of items before it, plus this offset.
        offset(first: u64) Style::Offset(first);
        /// The next request sends the offset at a path.
        next_offset(path: &'static str) Style::NextOffset(path);
        /// The next request uses the URL at a path.
        url(path: &'static str) Style::Url(path);
        /// The next request uses the `href` of the entry with the `rel` `next` in the list at a
        /// path.
        relation(path: &'static str) Style::Relation(path);
    }

    /// The next request uses the link with the relation `next` in the header `Link`.
    #[must_use]
    pub const fn link() -> Self {
        Self::new(Style::Link)
    }

    /// Sets the path of the items.
    #[must_use]
    pub const fn items(self, path: &'static str) -> Self {
        Self {
            items: path,
            ..self
        }
    }

    /// Sets the path of the flag for more pages.
    #[must_use]
    pub const fn while_more(self, path: &'static str) -> Self {
        Self {
            end: End::More(path),
            ..self
        }
    }

    /// Sets the path of the total number of pages.
    #[must_use]
    pub const fn until_pages(self, path: &'static str) -> Self {
        Self {
            end: End::Pages(path),
            ..self
        }
    }

    /// Sets the path of the total number of items.
    #[must_use]
    pub const fn until_total(self, path: &'static str) -> Self {
        Self {
            end: End::Total(path),
            ..self
        }
    }

    /// Returns the step after a page.
    ///
    /// `asked` is the input of the request for the page, in JSON. `before` is the number of items
    /// on earlier pages. `is_at_url` is true if the page has its own URL.
    pub(crate) fn next(
        &self,
        reply: &Reply,
        asked: Option<&str>,
        before: u64,
        is_at_url: bool,
    ) -> Result<Step, Fault> {
        let asked = asked.and_then(|json| json.trim_matches('"').parse().ok());
        let body = Body {
            bytes: reply.bytes(),
            paging: self,
        };
        let has_link = is_at_url || has_pages(reply.headers());
        match self.style {
            Style::Cursor(path) => body.cursor(path),
            Style::LastId(path) => body.last_id(json_pointer::at(body.bytes, path)),
            Style::IdOfLastItem(path) => {
                let (_, last) = body.items();
                body.last_id(last.and_then(|item| json_pointer::at(item.get().as_bytes(), path)))
            }
            Style::Page(_) | Style::Offset(_) if self.is_endless() && has_link => {
                Ok(url(link_of(reply.headers())))
            }
            Style::Page(first) => Ok(body.page(first, asked, before)),
            Style::NextPage(path) | Style::NextOffset(path) => Ok(body.number_at(path)),
            Style::Offset(first) => Ok(body.offset(asked.unwrap_or(first), first)),
            Style::Url(path) => Ok(url(body.text(path))),
            Style::Relation(path) => Ok(url(body.relation(path))),
            Style::Link => Ok(url(link_of(reply.headers()))),
        }
    }

    /// Returns `true` if only an empty page is the end. A server that ignores the input returns the
    /// same page forever.
    pub(crate) const fn is_endless(&self) -> bool {
        matches!(self.style, Style::Page(_) | Style::Offset(_)) && matches!(self.end, End::Unknown)
    }

    /// Returns the number of items on a page.
    pub(crate) fn count(&self, reply: &Reply) -> u64 {
        let list = json_pointer::at(reply.bytes(), self.items).and_then(json_pointer::last);
        list.map_or(0, |(count, _)| count)
    }
}

/// The step after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Send this input, in JSON.
    Input(String),
    /// Use this URL, which can be relative.
    Url(String),
    /// There are no more pages.
    End,
}

/// The reason why the next page is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There are more pages, but no cursor or id.
    Missing,
    /// The cursor is a URL.
    Url,
    /// The value for the next request is neither text nor a number.
    NoText,
}

fn url(url: Option<String>) -> Step {
    match url {
        Some(url) if !url.is_empty() => Step::Url(url),
        _ => Step::End,
    }
}

/// Returns `true` if the header `Link` refers to another page. Then its links are followed, and
/// pages are not counted.
fn has_pages(headers: &HeaderMap) -> bool {
    let has = |relation| link_header::target(headers, relation).is_some();
    ["next", "prev", "previous", "first", "last"]
        .into_iter()
        .any(has)
}

fn link_of(headers: &HeaderMap) -> Option<String> {
    link_header::target(headers, "next")
}

/// The body of a page.
struct Body<'r> {
    bytes: &'r [u8],
    paging: &'r Paging,
}

impl<'r> Body<'r> {
    /// Returns the number of items, and the last one.
    fn items(&self) -> (u64, Option<&'r RawValue>) {
        let list = json_pointer::at(self.bytes, self.paging.items);
        list.and_then(json_pointer::last).unwrap_or_default()
    }

    fn text(&self, path: &str) -> Option<String> {
        json_pointer::at(self.bytes, path).and_then(json_pointer::text)
    }

    fn number(&self, path: &str) -> Option<u64> {
        let text = json_pointer::at(self.bytes, path)?.get().trim_matches('"');
        text.parse().ok().or_else(|| {
            // Some servers write integers like this.
            text.strip_suffix(".0")?.parse().ok()
        })
    }

    /// Returns whether there are more pages, or `None` if the response does not contain it.
    fn has_more(&self) -> Option<bool> {
        match self.paging.end {
            End::More(path) => match json_pointer::at(self.bytes, path)?.get() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn cursor(&self, path: &str) -> Result<Step, Fault> {
        let more = self.has_more();
        if more == Some(false) {
            return Ok(Step::End);
        }
        match token(json_pointer::at(self.bytes, path))? {
            Some(cursor) if cursor.starts_with("\"http://") || cursor.starts_with("\"https://") => {
                Err(Fault::Url)
            }
            Some(cursor) => Ok(Step::Input(cursor)),
            None if more == Some(true) => Err(Fault::Missing),
            None => Ok(Step::End),
        }
    }

    fn last_id(&self, id: Option<&RawValue>) -> Result<Step, Fault> {
        let more = self.has_more();
        match token(id)? {
            _ if more == Some(false) => Ok(Step::End),
            Some(id) => Ok(Step::Input(id)),
            None if more == Some(true) => Err(Fault::Missing),
            None => Ok(Step::End),
        }
    }

    fn page(&self, first: First, asked: Option<u64>, before: u64) -> Step {
        let (count, _) = self.items();
        let (base, number) = match first {
            First::Number(first) => (Some(first), asked.unwrap_or(first)),
            First::Own(path) => match self.number(path).or(asked) {
                Some(number) => (None, number),
                None => return Step::End,
            },
        };
        let has_ended = match self.paging.end {
            End::More(_) => self.has_more() == Some(false),
            End::Pages(path) => self.number(path).is_some_and(|pages| match base {
                Some(first) => number.saturating_sub(first).saturating_add(1) >= pages,
                // If the first page is 0, one empty page is fetched past the end.
                None => number >= pages,
            }),
            // A total of 0 next to items is not a real total.
            End::Total(path) => self
                .number(path)
                .is_some_and(|total| total > 0 && before.saturating_add(count) >= total),
            End::Unknown => false,
        };
        match number.checked_add(1) {
            Some(next) if !has_ended && count > 0 => Step::Input(next.to_string()),
            _ => Step::End,
        }
    }

    fn offset(&self, offset: u64, first: u64) -> Step {
        let (count, _) = self.items();
        let next = offset.saturating_add(count);
        let has_ended = match self.paging.end {
            End::More(_) => self.has_more() == Some(false),
            End::Total(path) => self
                .number(path)
                .is_some_and(|total| total > 0 && next.saturating_sub(first) >= total),
            End::Pages(_) | End::Unknown => false,
        };
        if has_ended || count == 0 {
            Step::End
        } else {
            Step::Input(next.to_string())
        }
    }

    fn number_at(&self, path: &str) -> Step {
        match self.number(path) {
            Some(number) if self.has_more() != Some(false) => Step::Input(number.to_string()),
            _ => Step::End,
        }
    }

    /// Returns the `href` of the entry with the relation `next`.
    fn relation(&self, path: &str) -> Option<String> {
        let entries = json_pointer::items(json_pointer::at(self.bytes, path)?);
        let member = |entry: &RawValue, name| {
            let member = json_pointer::at(entry.get().as_bytes(), name)?;
            json_pointer::text(member)
        };
        let mut entries = entries.into_iter();
        let next = entries.find(|entry| {
            member(entry, "/rel").is_some_and(|rel| rel.eq_ignore_ascii_case("next"))
        });
        member(next?, "/href")
    }
}

/// Reads a cursor or an id from JSON; `None` if it is absent, null or empty.
fn token(value: Option<&RawValue>) -> Result<Option<String>, Fault> {
    match value.map(RawValue::get) {
        None | Some("null" | "\"\"") => Ok(None),
        Some(text)
            if text.starts_with(['"', '-']) || text.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Ok(Some(text.to_owned()))
        }
        Some(_) => Err(Fault::NoText),
    }
}

/// An input that selects a page.
pub trait PageInput {
    /// Returns the input in JSON, or `None` if it is not set.
    fn json(&self) -> Option<String>;

    /// Sets the input to a number or a string in JSON. Returns `false` if its type does not allow
    /// it.
    fn set(&mut self, json: &str) -> bool;
}

impl<T: Serialize + DeserializeOwned> PageInput for T {
    fn json(&self) -> Option<String> {
        let json = serde_json::to_string(self).ok()?;
        (json != "null").then_some(json)
    }

    fn set(&mut self, json: &str) -> bool {
        // An id can be a number in one place and a string in another.
        let other = match json.strip_prefix('"') {
            Some(rest) => rest.trim_end_matches('"').to_owned(),
            None => format!("\"{json}\""),
        };
        let value = serde_json::from_str(json).or_else(|_| serde_json::from_str(&other));
        value.map(|value| *self = value).is_ok()
    }
}

/// A list that can be optional.
pub trait ItemList {
    /// The type of an item.
    type Item;

    /// Returns the items.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T> ItemList for Vec<T> {
    type Item = T;

    fn into_items(self) -> Vec<T> {
        self
    }
}

impl<L: ItemList> ItemList for Option<L> {
    type Item = L::Item;

    fn into_items(self) -> Vec<L::Item> {
        self.map(L::into_items).unwrap_or_default()
    }
}

impl<L: ItemList> ItemList for Box<L> {
    type Item = L::Item;

    fn into_items(self) -> Vec<L::Item> {
        (*self).into_items()
    }
}

/// Implements `Paged` for an operation, and `Listed` if its pages hold items of one type.
#[allow(unused_macros, reason = "a tag may have no operation with pages")]
macro_rules! paged {
    (
        $operation:ident: $paging:expr,
        $(input($($input:tt)+),)?
        $(items($($items:tt)+),)?
    ) => {
        impl $crate::runtime::paging::Paged for $operation {
            const PAGING: $crate::runtime::paging::Paging = $paging;
            $(
                fn input(&mut self) -> ::core::option::Option<
                    &mut dyn $crate::runtime::paging::PageInput,
                > {
                    ::core::option::Option::Some(&mut self.$($input)+)
                }
            )?
        }
        $($crate::runtime::paging::listed! { $operation, $($items)+ })?
    };
}

/// The items of [`paged!`].
#[allow(unused_macros, reason = "a tag may have no operation with pages")]
macro_rules! listed {
    ($operation:ident, $item:ty $(: $($list:tt)+)?) => {
        impl $crate::runtime::paging::Listed for $operation {
            type Item = $item;

            fn items(output: Self::Output) -> ::std::vec::Vec<$item> {
                fn list(
                    output: <$operation as $crate::runtime::Operation>::Output,
                ) -> ::core::option::Option<::std::vec::Vec<$item>> {
                    let list = output $(.$($list)+)?;
                    ::core::option::Option::Some(
                        $crate::runtime::paging::ItemList::into_items(list),
                    )
                }
                list(output).unwrap_or_default()
            }
        }
    };
    ($operation:ident, $item:ty, $variant:path $(: $($list:tt)+)?) => {
        impl $crate::runtime::paging::Listed for $operation {
            type Item = $item;

            fn items(output: Self::Output) -> ::std::vec::Vec<$item> {
                fn list(
                    output: <$operation as $crate::runtime::Operation>::Output,
                ) -> ::core::option::Option<::std::vec::Vec<$item>> {
                    let $variant(output) = output else {
                        return ::core::option::Option::None;
                    };
                    let list = output $(.$($list)+)?;
                    ::core::option::Option::Some(
                        $crate::runtime::paging::ItemList::into_items(list),
                    )
                }
                list(output).unwrap_or_default()
            }
        }
    };
}

#[allow(unused_imports, reason = "used by the operations that have pages")]
pub(crate) use {listed, paged};
