//! The rules by which an operation is paginated, in their order: the first that holds decides.

use crate::document::SchemaType;
use crate::ir::{
    Certainty, DecidedBy, NextPage, PageEnd, PageEndKind, PageParameter, PageStyle, Pagination,
};

use super::answer::{Answer, Fact, LinkHeader};
use super::first::{self, First};
use super::seen::{Input, Seen};
use super::vocabulary::{self as words, fold};

/// What the rules look at.
pub(super) struct Operation<'o, 'd> {
    pub is_get: bool,
    pub inputs: &'o [Input<'d>],
    pub answer: &'o Answer<'d>,
}

/// Decides by the rules 2 to 7 (rule 1 is what made the [`Operation`]).
pub(super) fn decide(operation: &Operation<'_, '_>) -> Option<Pagination> {
    operation
        .next_link()
        .or_else(|| operation.cursor())
        .or_else(|| operation.last_id())
        .or_else(|| operation.link_header())
        .or_else(|| operation.counted(Certainty::A))
        .or_else(|| operation.next_url())
        .or_else(|| operation.counted(Certainty::B))
        .or_else(|| operation.undeclared_link())
        .or_else(|| operation.undeclared_cursor())
}

impl<'d> Operation<'_, 'd> {
    fn made(
        &self,
        rule: u8,
        style: PageStyle,
        parameter: Option<&Input<'d>>,
        next: Option<NextPage>,
    ) -> Pagination {
        Pagination {
            style,
            certainty: Certainty::A,
            decided_by: DecidedBy::Rule(rule),
            parameter: parameter.map(|input| input.parameter.clone()),
            next,
            end: None,
            items: self.answer.items.clone(),
            is_list: self.answer.is_list,
            first: None,
            number: None,
        }
    }

    /// The inputs that are not deprecated.
    fn inputs(&self) -> impl Iterator<Item = &Input<'d>> {
        self.inputs.iter().filter(|input| !input.deprecated)
    }

    /// Rule 2: the link of the `OData` protocol.
    fn next_link(&self) -> Option<Pagination> {
        let fact = self
            .answer
            .fact(|fact| words::is_next_link(&fact.name) && fact.value.is(SchemaType::String));
        let next = NextPage::Body(fact.filter(|_| self.is_get)?.path.clone());
        Some(self.made(2, PageStyle::NextUrl, None, Some(next)))
    }

    /// Rule 3: a text that the next request gives back.
    fn cursor(&self) -> Option<Pagination> {
        let is_cursor = |input: &Input<'d>| {
            let is_text = input.value.is(SchemaType::String) || input.value.kind.is_none();
            input.is_named(words::is_cursor) || is_text && input.is_named(words::is_text_cursor)
        };
        let mut inputs = self.inputs().filter(|input| is_cursor(input));
        let (input, fact) = inputs.find_map(|input| Some((input, self.next_cursor(input)?)))?;
        let next = NextPage::Body(fact.path.clone());
        let mut made = self.made(3, PageStyle::Cursor, Some(input), Some(next));
        made.end = self.has_more();
        Some(made)
    }

    /// Where a response has the cursor of an input: a name of its own before the same name.
    fn next_cursor(&self, input: &Input<'d>) -> Option<&Fact<'d>> {
        let [name, whole] = &input.names;
        let nexts = [format!("next{name}"), format!("next{whole}")];
        let is_weak = input.is_named(words::is_text_cursor);
        // A cursor may be a number where the input is one.
        let is_number = |fact: &Fact<'d>| {
            fact.value.is(SchemaType::Integer)
                && input.value.is(SchemaType::Integer)
                && input.is_named(words::is_plain_cursor)
        };
        let opaque = |fact: &Fact<'d>| {
            fact.parent != "links" && (fact.value.is_opaque_text() || is_number(fact))
        };
        let named_next = self.answer.fact(|fact| {
            let is_next = nexts.contains(&fact.name)
                || words::is_next_cursor(&fact.name)
                    && (!is_weak || fact.name.starts_with("nextpage"))
                || fact.name == "next" && !is_weak && words::says_cursor(&fact.value.words);
            is_next && opaque(fact)
        });
        named_next.or_else(|| {
            self.answer.fact(|fact| {
                let is_same = fact.name == *name || fact.name == *whole;
                let is_inside = !fact.parent.is_empty();
                let is_after = fact.name == "after"
                    && matches!(
                        fact.parent.as_str(),
                        "cursors" | "page" | "pages" | "paging" | "pagination"
                    );
                let is_top = words::is_plain_cursor(&fact.name) && !is_weak;
                (is_same && (is_inside || is_top) || is_after && !is_weak) && opaque(fact)
            })
        })
    }

    /// Rule 4: the id of the last item.
    fn last_id(&self) -> Option<Pagination> {
        let mut inputs = self.inputs();
        let input = inputs.find(|input| input.is_named(words::is_last_id_parameter))?;
        let given = self.answer.fact(|fact| {
            fact.parent.is_empty()
                && words::is_last_id(&fact.name)
                && fact.value.is(SchemaType::String)
        });
        let more = self.has_more();
        let next = match (given, &more) {
            (Some(fact), _) => NextPage::Body(fact.path.clone()),
            (None, Some(_)) => {
                let kinds = self.answer.item.as_ref()?.kinds_of("id");
                let is_id = |kind: &Option<SchemaType>| {
                    use SchemaType::{Integer, Number, String};
                    matches!(kind, Some(String | Integer | Number))
                };
                let is_id = !kinds.is_empty() && kinds.iter().all(is_id);
                NextPage::LastItem(is_id.then(|| vec!["id".to_owned()])?)
            }
            (None, None) => return None,
        };
        let mut made = self.made(4, PageStyle::LastId, Some(input), Some(next));
        made.end = more;
        Some(made)
    }

    fn has_more(&self) -> Option<PageEnd> {
        let fact = self
            .answer
            .fact(|fact| words::is_has_more(&fact.name) && fact.value.is(SchemaType::Boolean))?;
        Some(PageEnd {
            kind: PageEndKind::HasMore,
            path: fact.path.clone(),
        })
    }

    /// Rule 5: the header `Link`, declared, and either the relation `next` in it or an input that
    /// selects a page.
    fn link_header(&self) -> Option<Pagination> {
        let says_next = self.answer.link_header == LinkHeader::Next;
        let is_declared = self.answer.link_header != LinkHeader::Undeclared && self.is_get;
        let has_input = says_next
            || self.inputs().any(|input| {
                input.is_named(|name| {
                    words::is_page_number(name)
                        || words::is_offset(name)
                        || words::is_cursor(name)
                        || words::is_size(name)
                })
            });
        (is_declared && has_input)
            .then(|| self.made(5, PageStyle::LinkHeader, None, Some(NextPage::Link)))
    }

    /// Rule 6: numbers that are counted. It is likely only, where the document does not say how they
    /// end or begin.
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
        let (first, number) = match first::page(input, self.answer) {
            Some(First::Number(first)) => (Some(first), None),
            Some(First::Answered(path)) => (None, Some(path)),
            None => (None, None),
        };
        let is_certain = (end.is_some() || next.is_some())
            && (first.is_some() || number.is_some() || next.is_some());
        if certainty == Certainty::A && !is_certain {
            return None;
        }
        let mut made = self.made(6, PageStyle::PageNumber, Some(input), next);
        Pagination {
            certainty,
            end: end.filter(|_| made.next.is_none()),
            first,
            number,
            ..{
                made.end = None;
                made
            }
        }
        .into()
    }

    fn offset(&self, input: &Input<'d>, certainty: Certainty) -> Option<Pagination> {
        let end = self.count_end();
        let next = self
            .answer
            .fact(|fact| fact.name == "nextoffset" && fact.value.is_integer());
        let next = next.map(|fact| NextPage::Body(fact.path.clone()));
        let first = first::offset(input, self.answer);
        let is_certain = (end.is_some() || next.is_some()) && first.is_some();
        if certainty == Certainty::A && !is_certain {
            return None;
        }
        // An offset does not end with a number of pages.
        let end = end.map(|end| match end.kind {
            PageEndKind::Pages => PageEnd {
                kind: PageEndKind::Count,
                ..end
            },
            _ => end,
        });
        let made = self.made(6, PageStyle::Offset, Some(input), next);
        Some(Pagination {
            certainty,
            end,
            first,
            ..made
        })
    }

    /// The number of the next page in a response.
    fn next_number(&self) -> Option<NextPage> {
        let fact = self
            .answer
            .fact(|fact| fact.name == "nextpage" && fact.value.is_integer())?;
        Some(NextPage::Body(fact.path.clone()))
    }

    /// What a response says of the end of numbers.
    fn count_end(&self) -> Option<PageEnd> {
        let is_number = |fact: &Fact<'d>| fact.value.is_integer();
        let pages = || {
            let fact = self
                .answer
                .fact(|fact| words::is_page_count(&fact.name) && is_number(fact))?;
            Some((PageEndKind::Pages, fact))
        };
        let total = || {
            let fact = self.answer.fact(|fact| {
                words::is_total(&fact.name) && is_number(fact) && fact.name != "count"
            })?;
            Some((PageEndKind::Total, fact))
        };
        let count = || {
            let fact = self
                .answer
                .fact(|fact| fact.name == "count" && is_number(fact))?;
            let is_total = fact.value.words.to_lowercase().contains("total");
            let kind = if is_total {
                PageEndKind::Total
            } else {
                PageEndKind::Count
            };
            Some((kind, fact))
        };
        if let Some(more) = self.has_more() {
            return Some(more);
        }
        let (kind, fact) = pages().or_else(total).or_else(count)?;
        Some(PageEnd {
            kind,
            path: fact.path.clone(),
        })
    }

    /// Rule 7: the URL of the next page in the body.
    fn next_url(&self) -> Option<Pagination> {
        if !self.is_get {
            return None;
        }
        let next = self.answer.facts.iter().find_map(Self::next_url_at)?;
        Some(self.made(7, PageStyle::NextUrl, None, Some(next)))
    }

    fn next_url_at(fact: &Fact<'d>) -> Option<NextPage> {
        let name = fact.name.as_str();
        let value = &fact.value;
        let is_text = value.is(SchemaType::String);
        if is_text && words::is_next_url(name) {
            return Some(NextPage::Body(fact.path.clone()));
        }
        if words::is_next(name) {
            if is_text && (fact.parent == "links" || value.is_url()) {
                return Some(NextPage::Body(fact.path.clone()));
            }
            let href = value
                .property("href")
                .filter(|href| href.is(SchemaType::String));
            if href.is_some() && value.is(SchemaType::Object) {
                let mut path = fact.path.clone();
                path.push("href".to_owned());
                return Some(NextPage::Body(path));
            }
        }
        if fold(name) == "links" && value.is(SchemaType::Array) {
            let item = value.item()?;
            let has = |name| {
                item.property(name)
                    .is_some_and(|seen: Seen<'_>| seen.is(SchemaType::String))
            };
            return (has("href") && has("rel")).then(|| NextPage::Relation(fact.path.clone()));
        }
        None
    }

    /// What may be a `Link` header that the document does not declare: a cursor and a bare list.
    fn undeclared_link(&self) -> Option<Pagination> {
        let is_bare = self.answer.items.is_empty() && self.is_get;
        let mut inputs = self.inputs().filter(|_| is_bare);
        let input = inputs.find(|input| {
            input.value.is(SchemaType::String)
                && (input.is_named(words::is_cursor) || input.is_named(words::is_text_cursor))
        })?;
        let mut made = self.made(0, PageStyle::LinkHeader, None, Some(NextPage::Link));
        made.certainty = Certainty::C;
        made.parameter = Some(input.parameter.clone());
        Some(made)
    }

    /// A cursor beside a list whose response does not say the next one: only the other operations of the
    /// document may.
    fn undeclared_cursor(&self) -> Option<Pagination> {
        let mut inputs = self.inputs().filter(|_| self.is_get);
        let input = inputs.find(|input| {
            let is_named =
                input.is_named(words::is_cursor) || input.is_named(words::is_text_cursor);
            input.value.is(SchemaType::String) && is_named
        })?;
        let mut made = self.made(0, PageStyle::Cursor, Some(input), None);
        made.certainty = Certainty::B;
        Some(made)
    }
}

/// The parameter that an extension names, and the names there are.
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
