//! Three pages of an operation: their requests, and the values of each response that lead to the
//! next page.

use serde_json::{Value as Json, json};

use crate::ir::{NextPage, Operation, PageEnd, PageEndKind, PageStyle, Pagination, Type};
use crate::lower::OperationOrigin;
use crate::pointer::Pointer;
use crate::proof::model::{
    Argument, WireAnswer, WireBody, WirePage, WirePages, WireRequest, WireTest,
};
use crate::proof::sample::minimal_value;

use super::page_value::{PageValue, set};
use super::request::Given;
use super::test_values::{Tester, plain};

/// The number of served pages.
const PAGES: u64 = 3;

/// The number of items in a page, unless it is empty.
const ITEMS: usize = 2;

/// The way to request the next page.
enum Asked {
    /// By the input.
    Input(Json),
    /// By a URL.
    Url(String),
}

/// A page: its request, unless it is the first one, and the values of its response.
#[derive(Default)]
struct Page {
    asked: Option<Asked>,
    /// The values by path; `None` for an absent value.
    edits: Vec<(Vec<String>, Option<Json>)>,
    link: Option<String>,
    /// The number of its items.
    count: usize,
}

impl Tester<'_> {
    /// Returns three pages for an operation with pagination, or `None` if no example of its
    /// response can be a page.
    pub(super) fn pages(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        first: &WireTest,
        answers: &[WireAnswer],
    ) -> Option<WirePages> {
        let pagination = operation.pagination.as_ref()?;
        let code = operation.page_code.as_ref().ok()?;
        let (position, answer, ty) = page_of(operation, answers, &pagination.items)?;
        let WireBody::Json(body) = &answer.body else {
            return None;
        };
        let list = at(body, &pagination.items)?;
        // If the example has no item, one is created.
        let own = list.get(0).cloned();
        let made = match &own {
            Some(_) => None,
            None => Some(minimal_value(self.codec, &code.items.as_ref()?.item)?),
        };
        let item = own.or_else(|| made.clone())?;
        let given = given(operation, first, pagination);
        let pages = self.plan(pagination, (body, &item), given.as_ref())?;
        let items = path_text(&pagination.items);
        let fits = |body: &Json| self.codec.written(ty, body).is_some();
        let mut served = Vec::new();
        for page in pages {
            let count = page.count;
            let list = vec![item.clone(); count];
            let mut whole = body.clone();
            set(&mut whole, &pagination.items, Some(list.into()))?;
            let edits = edited(whole, page.edits, fits)?;
            served.push(WirePage {
                request: self.request_of(operation, origin, first, pagination, page.asked)?,
                link: page.link,
                items: count,
                edits,
            });
        }
        Some(WirePages {
            answer: position,
            items,
            item: made,
            has_items: code.items.is_some(),
            pages: served,
        })
    }

    /// Creates the three pages. `given` is the input of the first request.
    fn plan(
        self,
        pagination: &Pagination,
        (body, item): (&Json, &Json),
        given: Option<&Json>,
    ) -> Option<[Page; 3]> {
        let mut pages = [(); 3].map(|()| Page {
            count: ITEMS,
            ..Page::default()
        });
        let first = pagination.first;
        let start = given.and_then(number).or(first);
        match (pagination.style, &pagination.next) {
            (PageStyle::Cursor | PageStyle::LastId, Some(NextPage::Body(path))) => {
                request_by_input(&mut pages, path, texts(at(body, path), given));
            }
            (PageStyle::PageNumber | PageStyle::Offset, Some(NextPage::Body(path))) => {
                request_by_input(&mut pages, path, [json!(12), json!(13)]);
            }
            (PageStyle::Cursor | PageStyle::LastId, Some(NextPage::LastItem(path))) => {
                let mut at_last = pagination.items.clone();
                at_last.push((ITEMS - 1).to_string());
                at_last.extend(path.iter().cloned());
                request_by_input(&mut pages, &at_last, texts(at(item, path), given));
                // The last page has an id as well.
                if is_more(pagination) {
                    pages[2].edits.clear();
                }
            }
            (PageStyle::PageNumber, None) => {
                let own = pagination.number.as_ref().filter(|_| first.is_none());
                let start = start.or_else(|| number(at(body, own?)?))?;
                for (page, number) in pages.iter_mut().zip(start..) {
                    page.asked = Some(Asked::Input(json!(number)));
                    page.edits
                        .extend(own.map(|own| (own.clone(), Some(json!(number)))));
                }
            }
            (PageStyle::Offset, None) => {
                let mut offset = start.unwrap_or_default();
                end_by_an_empty_page(&mut pages, pagination);
                for page in &mut pages {
                    page.asked = Some(Asked::Input(json!(offset)));
                    offset += u64::try_from(page.count).unwrap_or_default();
                }
            }
            (PageStyle::NextUrl, Some(NextPage::Body(path))) => {
                let urls = self.request_by_url(&mut pages);
                add_values(&mut pages, path, urls.map(Json::from), None);
            }
            (PageStyle::NextUrl, Some(NextPage::Relation(path))) => {
                let urls = self.request_by_url(&mut pages);
                let entries = urls.map(|url| json!([{ "href": url, "rel": "next" }]));
                add_values(&mut pages, path, entries, Some(json!([])));
            }
            (PageStyle::LinkHeader, _) => {
                let urls = self.request_by_url(&mut pages);
                for (page, url) in pages.iter_mut().zip(urls) {
                    page.link = Some(format!("<{url}>; rel=\"next\""));
                }
            }
            _ => return None,
        }
        pages[0].asked = None;
        ends(&mut pages, pagination, start);
        Some(pages)
    }

    /// Sets URLs of the client's server for the second and the third page, and returns them.
    fn request_by_url(self, pages: &mut [Page; 3]) -> [String; 2] {
        let server = self.server.trim_end_matches('/');
        let urls = [2, 3].map(|page| format!("{server}/page/{page}?a=b"));
        for (page, url) in pages[1..].iter_mut().zip(&urls) {
            page.asked = Some(Asked::Url(url.clone()));
        }
        urls
    }

    /// Returns the request for a page.
    fn request_of(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        first: &WireTest,
        pagination: &Pagination,
        asked: Option<Asked>,
    ) -> Option<WireRequest> {
        let request = &first.request;
        match asked {
            None => Some(request.clone()),
            Some(Asked::Url(url)) => Some(WireRequest {
                url,
                ..request.clone()
            }),
            Some(Asked::Input(value)) => {
                let parameter = pagination.parameter.as_ref()?;
                if parameter.query.is_some() {
                    let page = PageValue {
                        parameter,
                        value: &value,
                    };
                    let extent = Given::default();
                    let test = self
                        .test_of_page(operation, origin, extent, Some(page))
                        .ok()?;
                    // Without this check, the request could be the same.
                    return (test.request.url != request.url).then_some(test.request);
                }
                let WireBody::Json(body) = &request.body else {
                    return None;
                };
                let mut body = body.clone();
                set(&mut body, &parameter.path, Some(value))?;
                let ty = &operation.body.as_ref()?.choices.first()?.ty;
                let body = plain(self.codec.written(ty, &body)?);
                Some(WireRequest {
                    body: WireBody::Json(body),
                    ..request.clone()
                })
            }
        }
    }
}

/// Applies edits to a response, and returns those that its type allows, or `None` if it allows
/// none.
fn edited(
    mut page: Json,
    edits: Vec<(Vec<String>, Option<Json>)>,
    fits: impl Fn(&Json) -> bool,
) -> Option<Vec<(String, Option<Json>)>> {
    let mut done = Vec::new();
    for (path, value) in edits {
        let values = match value {
            Some(value) => vec![Some(value)],
            // Absent, or an equivalent value.
            None => vec![None, Some(Json::Null), Some(json!(""))],
        };
        let (value, edited) = values.into_iter().find_map(|value| {
            let mut edited = page.clone();
            set(&mut edited, &path, value.clone())?;
            fits(&edited).then_some((value, edited))
        })?;
        page = edited;
        done.push((path_text(&path), value));
    }
    fits(&page).then_some(done)
}

/// Returns the first success whose example can be a page: its position and its type.
fn page_of<'a>(
    operation: &'a Operation,
    answers: &'a [WireAnswer],
    items: &[String],
) -> Option<(usize, &'a WireAnswer, &'a Type)> {
    let mut answers = answers.iter().enumerate();
    answers.find_map(|(position, answer)| {
        let WireBody::Json(body) = &answer.body else {
            return None;
        };
        let (index, _) = answer.read.as_ref().filter(|_| answer.is_success)?;
        let case = operation.success.cases.get(answer.case)?;
        at(body, items)?.as_array()?;
        Some((position, answer, &case.bodies.get(*index)?.ty))
    })
}

/// Returns the input of the first request.
fn given(operation: &Operation, first: &WireTest, pagination: &Pagination) -> Option<Json> {
    let parameter = pagination.parameter.as_ref()?;
    let json = match &parameter.query {
        Some(name) => {
            let mut given = operation.parameters.iter().zip(&first.parameters);
            let found = given.find_map(|(parameter, argument)| {
                (parameter.name.wire == *name).then_some(argument.as_ref())?
            });
            match found? {
                Argument::Value { json, .. } => json,
                _ => return None,
            }
        }
        None => match &first.request.body {
            WireBody::Json(json) => json,
            _ => return None,
        },
    };
    at(json, &parameter.path).cloned()
}

/// Sets the tokens for the second and the third page, which the pages before them have at a path.
fn request_by_input(pages: &mut [Page; 3], path: &[String], tokens: [Json; 2]) {
    for (page, token) in pages[1..].iter_mut().zip(&tokens) {
        page.asked = Some(Asked::Input(token.clone()));
    }
    add_values(pages, path, tokens, None);
}

/// Sets the value at a path in each page: those that lead to the next one, and the last one.
fn add_values(pages: &mut [Page; 3], path: &[String], values: [Json; 2], last: Option<Json>) {
    let values = values.map(Some).into_iter().chain([last]);
    for (page, value) in pages.iter_mut().zip(values) {
        page.edits.push((path.to_vec(), value));
    }
}

/// Returns two cursors of the same kind as the example.
fn texts(example: Option<&Json>, given: Option<&Json>) -> [Json; 2] {
    if example.or(given).is_some_and(Json::is_number) {
        return [json!(12), json!(13)];
    }
    let uuid = |text: &str| text.parse::<uuid::Uuid>().is_ok();
    if example.and_then(Json::as_str).is_some_and(uuid) {
        return [2, 3].map(|page| json!(format!("00000000-0000-4000-8000-00000000000{page}")));
    }
    [json!("page-2"), json!("page-3")]
}

fn is_more(pagination: &Pagination) -> bool {
    let end = pagination.end.as_ref();
    end.is_some_and(|end| end.kind == PageEndKind::HasMore)
}

/// Adds the end marker to the last page.
fn ends(pages: &mut [Page; 3], pagination: &Pagination, start: Option<u64>) {
    let is_counted = pagination.next.is_none() && pagination.style != PageStyle::LinkHeader;
    if is_counted {
        end_by_an_empty_page(pages, pagination);
    }
    let Some(PageEnd { kind, path }) = &pagination.end else {
        return;
    };
    let values = match kind {
        PageEndKind::HasMore => [json!(true), json!(true), json!(false)],
        _ if !is_counted => return,
        PageEndKind::Pages => {
            // Pages that the response numbers itself begin with 1.
            let before = match (start, pagination.first) {
                (Some(start), Some(first)) => start.saturating_sub(first),
                (Some(start), None) => start.saturating_sub(1),
                (None, _) => 0,
            };
            [(); 3].map(|()| json!(before + PAGES))
        }
        PageEndKind::Total => {
            let items = u64::try_from(ITEMS).unwrap_or_default();
            let before = match (pagination.style, start) {
                (PageStyle::Offset, Some(start)) => {
                    start.saturating_sub(pagination.first.unwrap_or_default())
                }
                _ => 0,
            };
            [(); 3].map(|()| json!(before + PAGES * items))
        }
        PageEndKind::Count => return,
    };
    for (page, value) in pages.iter_mut().zip(values) {
        page.edits.push((path.clone(), Some(value)));
    }
}

/// Makes the last page empty if nothing else marks the end. The page before it is short, which does
/// not end the pages.
fn end_by_an_empty_page(pages: &mut [Page; 3], pagination: &Pagination) {
    let end = pagination.end.as_ref().map(|end| end.kind);
    if matches!(end, None | Some(PageEndKind::Count)) {
        pages[1].count = 1;
        pages[2].count = 0;
    }
}

fn number(json: &Json) -> Option<u64> {
    match json {
        Json::String(text) => text.parse().ok(),
        json => json.as_u64(),
    }
}

fn at<'j>(json: &'j Json, path: &[String]) -> Option<&'j Json> {
    path.iter().try_fold(json, |json, name| match json {
        Json::Array(items) => items.get(name.parse::<usize>().ok()?),
        json => json.get(name),
    })
}

fn path_text(path: &[String]) -> String {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    Pointer::root().below(&path).to_string()
}
