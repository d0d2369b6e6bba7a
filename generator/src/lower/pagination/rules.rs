//! The rules that detect pagination, in order of precedence.

use crate::document::SchemaType;
use crate::ir::{
    Certainty, DecidedBy, NextPage, PageEnd, PageEndKind, PageParameter, PageStyle, Pagination,
};

use super::first_page::{self, FirstPage};
use super::inputs::Input;
use super::response::{LinkHeader, ListResponse, ResponseProperty};
use super::schema::ValueSchema;
use super::vocabulary::{self as words, fold};

/// The input of the rules.
pub(super) struct Operation<'o, 'd> {
    pub is_get: bool,
    pub inputs: &'o [Input<'d>],
    pub response: &'o ListResponse<'d>,
}

/// Applies the rules 2 to 7. Rule 1 finds the list of the response: see [`ListResponse::new`].
pub(super) fn decide(operation: &Operation<'_, '_>) -> Option<Pagination> {
    operation
        .next_link()
        .or_else(|| operation.cursor())
        .or_else(|| operation.last_id())
        .or_else(|| operation.link_header())
        .or_else(|| operation.counted(Certainty::Certain))
        .or_else(|| operation.next_url())
        .or_else(|| operation.counted(Certainty::Likely))
        .or_else(|| operation.undeclared_link())
        .or_else(|| operation.undeclared_cursor())
}

impl<'d> Operation<'_, 'd> {
    fn pagination(
        &self,
        rule: u8,
        style: PageStyle,
        parameter: Option<&Input<'d>>,
        next: Option<NextPage>,
    ) -> Pagination {
        Pagination {
            style,
            certainty: Certainty::Certain,
            decided_by: DecidedBy::Rule(rule),
            parameter: parameter.map(|input| input.parameter.clone()),
            next,
            end: None,
            items: self.response.items.clone(),
            is_list: self.response.is_list,
            first: None,
            number: None,
        }
    }

    /// Returns the inputs that are not deprecated.
    fn inputs(&self) -> impl Iterator<Item = &Input<'d>> {
        self.inputs.iter().filter(|input| !input.deprecated)
    }

    /// Rule 2: the next link of the `OData` protocol.
    fn next_link(&self) -> Option<Pagination> {
        let property = self.response.find(|property| {
            words::is_next_link(&property.name) && property.value.is(SchemaType::String)
        });
        let next = NextPage::Body(property.filter(|_| self.is_get)?.path.clone());
        Some(self.pagination(2, PageStyle::NextUrl, None, Some(next)))
    }

    /// Rule 3: a cursor, which the next request sends back.
    fn cursor(&self) -> Option<Pagination> {
        let is_cursor = |input: &Input<'d>| {
            let is_text = input.value.is(SchemaType::String) || input.value.kind.is_none();
            input.is_named(words::is_cursor) || is_text && input.is_named(words::is_text_cursor)
        };
        let mut inputs = self.inputs().filter(|input| is_cursor(input));
        let (input, property) = inputs.find_map(|input| Some((input, self.next_cursor(input)?)))?;
        let next = NextPage::Body(property.path.clone());
        let mut pagination = self.pagination(3, PageStyle::Cursor, Some(input), Some(next));
        pagination.end = self.has_more();
        Some(pagination)
    }

    /// Returns the property of the response with the next cursor for an input. A special name such
    /// as `nextcursor` is preferred to the name of the input.
    fn next_cursor(&self, input: &Input<'d>) -> Option<&ResponseProperty<'d>> {
        let [name, whole] = &input.names;
        let nexts = [format!("next{name}"), format!("next{whole}")];
        let is_weak = input.is_named(words::is_text_cursor);
        // A cursor may be a number if the input is one.
        let is_number = |property: &ResponseProperty<'d>| {
            property.value.is(SchemaType::Integer)
                && input.value.is(SchemaType::Integer)
                && input.is_named(words::is_plain_cursor)
        };
        let opaque = |property: &ResponseProperty<'d>| {
            property.parent != "links" && (property.value.is_opaque_text() || is_number(property))
        };
        let named_next = self.response.find(|property| {
            let is_next = nexts.contains(&property.name)
                || words::is_next_cursor(&property.name)
                    && (!is_weak || property.name.starts_with("nextpage"))
                || property.name == "next"
                    && !is_weak
                    && words::mentions_cursor(&property.value.text);
            is_next && opaque(property)
        });
        named_next.or_else(|| {
            self.response.find(|property| {
                let is_same = property.name == *name || property.name == *whole;
                let is_inside = !property.parent.is_empty();
                let is_after = property.name == "after"
                    && matches!(
                        property.parent.as_str(),
                        "cursors" | "page" | "pages" | "paging" | "pagination"
                    );
                let is_top = words::is_plain_cursor(&property.name) && !is_weak;
                (is_same && (is_inside || is_top) || is_after && !is_weak) && opaque(property)
            })
        })
    }

    /// Rule 4: the id of the last item.
    fn last_id(&self) -> Option<Pagination> {
        let mut inputs = self.inputs();
        let input = inputs.find(|input| input.is_named(words::is_last_id_parameter))?;
        let given = self.response.find(|property| {
            property.parent.is_empty()
                && words::is_last_id(&property.name)
                && property.value.is(SchemaType::String)
        });
        let more = self.has_more();
        let next = match (given, &more) {
            (Some(property), _) => NextPage::Body(property.path.clone()),
            (None, Some(_)) => {
                let kinds = self.response.item.as_ref()?.kinds_of("id");
                let is_id = |kind: &Option<SchemaType>| {
                    use SchemaType::{Integer, Number, String};
                    matches!(kind, Some(String | Integer | Number))
                };
                let is_id = !kinds.is_empty() && kinds.iter().all(is_id);
                NextPage::LastItem(is_id.then(|| vec!["id".to_owned()])?)
            }
            (None, None) => return None,
        };
        let mut pagination = self.pagination(4, PageStyle::LastId, Some(input), Some(next));
        pagination.end = more;
        Some(pagination)
    }

    fn has_more(&self) -> Option<PageEnd> {
        let property = self.response.find(|property| {
            words::is_has_more(&property.name) && property.value.is(SchemaType::Boolean)
        })?;
        Some(PageEnd {
            kind: PageEndKind::HasMore,
            path: property.path.clone(),
        })
    }

    /// Rule 5: a declared header `Link`, with the relation `next` or beside an input that selects a
    /// page.
    fn link_header(&self) -> Option<Pagination> {
        let has_next_relation = self.response.link_header == LinkHeader::Next;
        let is_declared = self.response.link_header != LinkHeader::Undeclared && self.is_get;
        let has_input = has_next_relation
            || self.inputs().any(|input| {
                input.is_named(|name| {
                    words::is_page_number(name)
                        || words::is_offset(name)
                        || words::is_cursor(name)
                        || words::is_size(name)
                })
            });
        (is_declared && has_input)
            .then(|| self.pagination(5, PageStyle::LinkHeader, None, Some(NextPage::Link)))
    }

    /// Rule 6: page numbers and offsets. The result is only likely if the document does not
    /// describe their start or end.
    fn counted(&self, certainty: Certainty) -> Option<Pagination> {
        let mut inputs = self.inputs().filter(|input| input.value.is_integer());
        let number = inputs.find(|input| input.is_named(words::is_page_number));
        let mut inputs = self.inputs().filter(|input| input.value.is_integer());
        let offset = inputs.find(|input| input.is_named(words::is_offset));
        let number = number.and_then(|input| self.numbered(input, certainty));
        number.or_else(|| self.offset(offset?, certainty))
    }

    fn numbered(&self, input: &Input<'d>, certainty: Certainty) -> Option<Pagination> {
        let next = self.next_number();
        let end = self.count_end();
        let (first, number) = match first_page::page(input, self.response) {
            Some(FirstPage::Number(first)) => (Some(first), None),
            Some(FirstPage::InResponse(path)) => (None, Some(path)),
            None => (None, None),
        };
        let is_certain = (end.is_some() || next.is_some())
            && (first.is_some() || number.is_some() || next.is_some());
        if certainty == Certainty::Certain && !is_certain {
            return None;
        }
        let mut pagination = self.pagination(6, PageStyle::PageNumber, Some(input), next);
        Pagination {
            certainty,
            end: end.filter(|_| pagination.next.is_none()),
            first,
            number,
            ..{
                pagination.end = None;
                pagination
            }
        }
        .into()
    }

    fn offset(&self, input: &Input<'d>, certainty: Certainty) -> Option<Pagination> {
        let end = self.count_end();
        let next = self
            .response
            .find(|property| property.name == "nextoffset" && property.value.is_integer());
        let next = next.map(|property| NextPage::Body(property.path.clone()));
        let first = first_page::offset(input, self.response);
        let is_certain = (end.is_some() || next.is_some()) && first.is_some();
        if certainty == Certainty::Certain && !is_certain {
            return None;
        }
        // The end of offsets is not a number of pages.
        let end = end.map(|end| match end.kind {
            PageEndKind::Pages => PageEnd {
                kind: PageEndKind::Count,
                ..end
            },
            _ => end,
        });
        let pagination = self.pagination(6, PageStyle::Offset, Some(input), next);
        Some(Pagination {
            certainty,
            end,
            first,
            ..pagination
        })
    }

    /// Returns the number of the next page in a response.
    fn next_number(&self) -> Option<NextPage> {
        let property = self
            .response
            .find(|property| property.name == "nextpage" && property.value.is_integer())?;
        Some(NextPage::Body(property.path.clone()))
    }

    /// Returns the property of a response that marks the end of page numbers and offsets.
    fn count_end(&self) -> Option<PageEnd> {
        let is_number = |property: &ResponseProperty<'d>| property.value.is_integer();
        let pages = || {
            let property = self
                .response
                .find(|property| words::is_page_count(&property.name) && is_number(property))?;
            Some((PageEndKind::Pages, property))
        };
        let total = || {
            let property = self.response.find(|property| {
                words::is_total(&property.name) && is_number(property) && property.name != "count"
            })?;
            Some((PageEndKind::Total, property))
        };
        let count = || {
            let property = self
                .response
                .find(|property| property.name == "count" && is_number(property))?;
            let is_total = property.value.text.to_lowercase().contains("total");
            let kind = if is_total {
                PageEndKind::Total
            } else {
                PageEndKind::Count
            };
            Some((kind, property))
        };
        if let Some(more) = self.has_more() {
            return Some(more);
        }
        let (kind, property) = pages().or_else(total).or_else(count)?;
        Some(PageEnd {
            kind,
            path: property.path.clone(),
        })
    }

    /// Rule 7: the URL of the next page in the body.
    fn next_url(&self) -> Option<Pagination> {
        if !self.is_get {
            return None;
        }
        let next = self
            .response
            .properties
            .iter()
            .find_map(Self::next_url_at)?;
        Some(self.pagination(7, PageStyle::NextUrl, None, Some(next)))
    }

    fn next_url_at(property: &ResponseProperty<'d>) -> Option<NextPage> {
        let name = property.name.as_str();
        let value = &property.value;
        let is_text = value.is(SchemaType::String);
        if is_text && words::is_next_url(name) {
            return Some(NextPage::Body(property.path.clone()));
        }
        if words::is_next(name) {
            if is_text && (property.parent == "links" || value.is_url()) {
                return Some(NextPage::Body(property.path.clone()));
            }
            let href = value
                .property("href")
                .filter(|href| href.is(SchemaType::String));
            if href.is_some() && value.is(SchemaType::Object) {
                let mut path = property.path.clone();
                path.push("href".to_owned());
                return Some(NextPage::Body(path));
            }
        }
        if fold(name) == "links" && value.is(SchemaType::Array) {
            let item = value.item()?;
            let has = |name| {
                item.property(name)
                    .is_some_and(|schema: ValueSchema<'_>| schema.is(SchemaType::String))
            };
            return (has("href") && has("rel")).then(|| NextPage::Relation(property.path.clone()));
        }
        None
    }

    /// Finds an operation that may have an undeclared `Link` header: its input is a cursor, and its
    /// body only a list.
    fn undeclared_link(&self) -> Option<Pagination> {
        let is_bare = self.response.items.is_empty() && self.is_get;
        let mut inputs = self.inputs().filter(|_| is_bare);
        let input = inputs.find(|input| {
            input.value.is(SchemaType::String)
                && (input.is_named(words::is_cursor) || input.is_named(words::is_text_cursor))
        })?;
        let mut pagination = self.pagination(0, PageStyle::LinkHeader, None, Some(NextPage::Link));
        pagination.certainty = Certainty::Possible;
        pagination.parameter = Some(input.parameter.clone());
        Some(pagination)
    }

    /// Finds an operation with an input for a cursor but no next cursor in the response. Only other
    /// operations of the document can complete it.
    fn undeclared_cursor(&self) -> Option<Pagination> {
        let mut inputs = self.inputs().filter(|_| self.is_get);
        let input = inputs.find(|input| {
            let is_named =
                input.is_named(words::is_cursor) || input.is_named(words::is_text_cursor);
            input.value.is(SchemaType::String) && is_named
        })?;
        let mut pagination = self.pagination(0, PageStyle::Cursor, Some(input), None);
        pagination.certainty = Certainty::Likely;
        Some(pagination)
    }
}

/// Returns the input that an extension names.
pub(super) fn named<'i, 'd>(inputs: &'i [Input<'d>], name: &str) -> Option<&'i Input<'d>> {
    let is = |input: &&Input<'d>| {
        let PageParameter { query, path } = &input.parameter;
        let is_plain = match query {
            Some(query) => path.is_empty() && query == name,
            None => path.join(".") == name,
        };
        is_plain || input.parameter.to_string() == name
    };
    inputs.iter().find(is)
}
