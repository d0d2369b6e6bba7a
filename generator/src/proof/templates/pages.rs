//! Pages that the server of a test serves in order.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Map, Value};

use crate::api::runtime::Operation;
use crate::api::runtime::paging::{Listed, Paged};
use crate::server::{Received, Test, json, same_body, take};

/// The pages of an operation, each created from one example.
pub struct Pages<'t, O> {
    test: &'t Test<'t, O>,
    items: &'static str,
    status: u16,
    media_type: &'static str,
    body: Value,
    item: Value,
    pages: Vec<Page>,
}

/// One page.
struct Page {
    /// The method and the URL of its request.
    request: &'static str,
    /// The body of that request; `None` for that of the first page.
    sent: Option<&'static str>,
    /// The number of its items.
    items: usize,
    link: &'static str,
    body: Value,
}

impl<'t, O: Paged<Failure: Debug>> Pages<'t, O> {
    /// Starts with an example, and the JSON Pointer to its items.
    pub fn new(
        test: &'t Test<'t, O>,
        items: &'static str,
        status: u16,
        media_type: &'static str,
        body: &str,
    ) -> Self {
        let body: Value = json(body);
        let list = body.pointer(items).unwrap();
        Self {
            test,
            items,
            status,
            media_type,
            item: list.get(0).cloned().unwrap_or_default(),
            body,
            pages: Vec::new(),
        }
    }

    /// Sets the item of all pages, if the example has none.
    #[allow(dead_code, reason = "not every document has such an example")]
    pub fn item(&mut self, item: &str) {
        self.item = json(item);
    }

    /// Adds a page with this number of copies of the item.
    pub fn page(&mut self, request: &'static str, items: usize) {
        let mut body = self.body.clone();
        *body.pointer_mut(self.items).unwrap() = vec![self.item.clone(); items].into();
        self.pages.push(Page {
            request,
            sent: None,
            items,
            link: "",
            body,
        });
    }

    /// Sets the expected request body for the page added last.
    #[allow(dead_code, reason = "not every document has pages that a body selects")]
    pub fn sent(&mut self, body: &'static str) {
        self.pages.last_mut().unwrap().sent = Some(body);
    }

    /// Sets the `Link` header of the page added last.
    #[allow(dead_code, reason = "not every document has such a header")]
    pub fn link(&mut self, link: &'static str) {
        self.pages.last_mut().unwrap().link = link;
    }

    /// Sets a value of the page added last, by JSON Pointer. An empty text removes it.
    #[allow(dead_code, reason = "not every document has pages that say so")]
    pub fn set(&mut self, pointer: &str, value: &str) {
        let page = self.pages.last_mut().unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut way = &mut page.body;
        for name in parent.split('/').skip(1).map(unescaped) {
            if let Value::Array(items) = way {
                way = &mut items[name.parse::<usize>().unwrap()];
            } else {
                way = object(way).entry(name).or_insert(Value::Null);
            }
        }
        if value.is_empty() {
            object(way).remove(&unescaped(name));
        } else {
            object(way).insert(unescaped(name), json(value));
        }
    }

    /// Fetches all pages, and compares their requests and the numbers of their items.
    #[allow(dead_code, reason = "not every document has pages without items of one type")]
    pub async fn fetch(self) {
        self.each(|_| None).await;
    }

    /// Fetches all pages, and also compares the items that the client takes from each page.
    #[allow(dead_code, reason = "not every document has items of one type")]
    pub async fn fetch_items(self)
    where
        O: Listed,
    {
        self.each(|output| Some(O::items(output).len())).await;
    }

    async fn each(self, count: fn(<O as Operation>::Output) -> Option<usize>) {
        let requests = self.serve();
        let request = self.test.client().request(self.test.operation.clone());
        let mut fetched = request.pages();
        for page in &self.pages {
            let Some(response) = fetched.next().await else {
                panic!("no request for the page of {}", page.request);
            };
            let response = response.unwrap_or_else(|error| panic!("{error}"));
            if let Some(count) = count(response.into_inner()) {
                assert_eq!(count, page.items, "{}", page.request);
            }
        }
        let further = fetched.next().await;
        assert!(further.is_none(), "{:?}", requests.lock().unwrap());
        let requests = requests.lock().unwrap();
        assert_eq!(requests.len(), self.pages.len());
        let (_, headers) = self.test.request.split_once('\n').unwrap_or_default();
        for (page, request) in self.pages.iter().zip(requests.iter()) {
            let expected = format!("{}\n{headers}", page.request);
            let expected = expected.trim_end();
            let received = Received::new(request);
            received.has_its_length();
            assert_eq!(self.test.head(&received, expected), expected);
            let sent = page.sent.unwrap_or(&self.test.body);
            same_body(&received.content_type(), &received.body, sent);
        }
    }

    /// Serves the pages from now on, the last one repeatedly. Returns the requests so far.
    fn serve(&self) -> Arc<Mutex<Vec<Vec<u8>>>> {
        let answers = self.pages.iter().map(|page| {
            let mut head = format!(
                "HTTP/1.1 {} Page\r\nconnection: close\r\ncontent-type: {}\r\n",
                self.status, self.media_type
            );
            if !page.link.is_empty() {
                head.extend(["link: ", page.link, "\r\n"]);
            }
            format!("{head}\r\n{}", page.body).into_bytes()
        });
        let answers: Vec<Vec<u8>> = answers.collect();
        let listener = self.test.listener();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for turn in 0.. {
                let answer = answers.get(turn).or(answers.last()).unwrap();
                let see = |request| seen.lock().unwrap().push(request);
                take(&listener, answer, see).unwrap();
            }
        });
        requests
    }
}

/// Decodes a token of a JSON Pointer (RFC 6901, section 4).
fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// Returns the members of an object. Null becomes an empty object.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if value.is_null() {
        *value = Map::new().into();
    }
    value.as_object_mut().unwrap()
}
