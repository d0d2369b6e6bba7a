//! All pages of an operation: continuing and ending in each style, and faults.

mod iteration;

use serde::Deserialize;

use super::script::Event::{self, Answer, Cut, CutBody};
use super::script::Script;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::paging::{Listed, Paged, Paging, paged};
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;

#[derive(Debug, Deserialize)]
struct Page {
    data: Option<Vec<u32>>,
}

/// Defines operations with one optional query parameter and items that are numbers.
macro_rules! lists {
    ($($name:ident $method:ident, $parameter:literal $field:ident: $type:ty, $paging:expr;)*) => {$(
        #[derive(Clone, Debug, Default)]
        struct $name {
            $field: Option<$type>,
        }

        impl Operation for $name {
            const ENDPOINT: Endpoint = Endpoint::$method("/things");
            type Output = Page;
            type Failure = NoFailure;

            fn encode(&self, request: &mut Parts) {
                if let Some(value) = &self.$field {
                    request.query_text(&format!("{}={value}", $parameter));
                }
            }

            fn decode(reply: &Reply) -> Result<Page, Rejection<NoFailure>> {
                reply.json_if(200)
            }
        }

        paged! {
            $name: $paging.items("/data"),
            input($field),
            items(u32: data),
        }
    )*};
}

lists! {
    ByPage get, "page" page: i64, Paging::page(1).until_pages("/meta/pages");
    ByPageFrom0 get, "page" page: i64, Paging::page(0).until_pages("/meta/pages");
    ByOwnPage get, "page" page: i64, Paging::page_after("/page");
    ByTotal get, "page" page: i64, Paging::page(1).until_total("/total");
    ByNumber get, "page" page: i64, Paging::page(1);
    ByCount get, "offset" offset: u32, Paging::offset(0);
    ByNextPage get, "page" page: i64, Paging::next_page("/next");
    ByOffset get, "offset" offset: u32, Paging::offset(0).until_total("/total");
    ByIndex get, "start" start: u32, Paging::offset(1).until_total("/total");
    ByCursor get, "cursor" cursor: String, Paging::cursor("/next").while_more("/more");
    ByLastId get, "after" after: String, Paging::last_id("/last").while_more("/more");
    ByUrl get, "q" q: String, Paging::url("/next");
    ByRelation get, "q" q: String, Paging::relation("/links");
    ByLink get, "q" q: String, Paging::link();
}

fn ok(body: &'static str) -> Event {
    Answer(200, &[], body)
}

/// Returns all items for these responses, and the URLs of the requests.
async fn all<O: Listed<Item = u32> + Default>(
    events: impl IntoIterator<Item = Event>,
) -> (Result<Vec<u32>, String>, Vec<String>) {
    let script = Script::new(events);
    let client = script.client();
    let items = client.request(O::default()).items().collect().await;
    let items = items.map_err(|error| error.to_string());
    (items, urls(&script))
}

fn urls(script: &Script) -> Vec<String> {
    let sent = script.sent().into_iter();
    let urls = sent.map(|sent| {
        let url = sent.request.uri().to_string();
        url.replace("https://api.example", "")
    });
    urls.collect()
}

#[tokio::test]
async fn pages_follow_a_cursor_until_there_is_none() {
    // An empty page in the middle is not the end.
    let (items, urls) = all::<ByCursor>([
        ok(r#"{"data":[1,2],"next":"b","more":true}"#),
        ok(r#"{"data":[],"next":"c"}"#),
        ok(r#"{"data":[3],"next":null}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?cursor=b", "/v1/things?cursor=c"]
    );
    for end in [
        r#"{"data":[1]}"#,
        r#"{"data":[1],"next":""}"#,
        r#"{"data":[1],"next":"b","more":false}"#,
        r#"{"data":null}"#,
        "{}",
    ] {
        let (items, urls) = all::<ByCursor>([ok(end)]).await;
        assert!(items.is_ok(), "{end}");
        assert_eq!(urls.len(), 1, "{end}");
    }
}

#[tokio::test]
async fn an_invalid_cursor_is_an_error_after_its_page() {
    for (next, message) in [
        (r#""next":"b""#, "leads back to an earlier one"),
        (
            r#""more":true"#,
            "says that there are more pages, but does not have the next cursor",
        ),
        (r#""next":"https://api.example/v1/things""#, "is a URL"),
        (r#""next":{}"#, "neither text nor a number"),
    ] {
        let second = format!(r#"{{"data":[2],{next}}}"#).leak();
        let script = Script::new([ok(r#"{"data":[1],"next":"b"}"#), ok(second)]);
        let client = script.client();
        let mut items = client.request(ByCursor::default()).items();
        assert_eq!(items.next().await.unwrap().unwrap(), 1);
        assert_eq!(items.next().await.unwrap().unwrap(), 2);
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.page(), 3);
        let text = error.to_string();
        assert!(text.starts_with("GET /things, page 3: "), "{text}");
        assert!(text.contains(message), "{text}");
        assert!(error.call().is_none() && !error.is_limit());
        assert!(items.next().await.is_none());
        assert!(items.resume().is_none());
        assert_eq!(script.sent().len(), 2);
    }
    // The cursor equals that of the caller.
    let script = Script::new([ok(r#"{"data":[1],"next":"b"}"#)]);
    let client = script.client();
    let cursor = Some("b".to_owned());
    let mut items = client.request(ByCursor { cursor }).items();
    assert!(items.next().await.unwrap().is_ok());
    assert_eq!(items.next().await.unwrap().unwrap_err().page(), 2);
}

#[tokio::test]
async fn pages_follow_the_last_id_while_there_are_more() {
    let (items, urls) = all::<ByLastId>([
        ok(r#"{"data":[1],"last":"a","more":true}"#),
        // The parameter is text, and the cursor a number.
        ok(r#"{"data":[2],"last":7,"more":true}"#),
        ok(r#"{"data":[3],"last":"c","more":false}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?after=a", "/v1/things?after=7"]
    );
    let (items, _) = all::<ByLastId>([ok(r#"{"data":[],"more":true}"#)]).await;
    assert!(items.unwrap_err().contains("does not have the next cursor"));
}

#[tokio::test]
async fn pages_are_counted_from_their_base() {
    let pages = |count: usize| {
        let page = ok(r#"{"data":[1,2],"meta":{"pages":3}}"#);
        std::iter::repeat_n(page, count)
    };
    let (items, urls) = all::<ByPage>(pages(3)).await;
    assert_eq!(items.unwrap().len(), 6);
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?page=2", "/v1/things?page=3"]
    );
    let (items, urls) = all::<ByPageFrom0>(pages(3)).await;
    assert_eq!(items.unwrap().len(), 6);
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?page=1", "/v1/things?page=2"]
    );
    // The caller sets the first page.
    let script = Script::new(pages(1));
    let client = script.client();
    let items = client.request(ByPage { page: Some(3) }).items().collect();
    assert_eq!(items.await.unwrap().len(), 2);
    assert_eq!(urls_of(&script), ["/v1/things?page=3"]);
    // The response contains the number of its page.
    for (first, second) in [("0", "1"), ("1", "2")] {
        let page = |number: &str| {
            let body = format!(r#"{{"data":[1],"page":{number}}}"#);
            ok(body.leak())
        };
        let (items, urls) =
            all::<ByOwnPage>([page(first), page(second), ok(r#"{"data":[],"page":9}"#)]).await;
        assert_eq!(items.unwrap().len(), 2);
        assert_eq!(urls[1], format!("/v1/things?page={second}"));
        assert_eq!(urls.len(), 3);
    }
    let (items, urls) = all::<ByNextPage>([
        ok(r#"{"data":[1],"next":5}"#),
        ok(r#"{"data":[2],"next":null}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2]));
    assert_eq!(urls, ["/v1/things", "/v1/things?page=5"]);
}

fn urls_of(script: &Script) -> Vec<String> {
    urls(script)
}

#[tokio::test]
async fn a_total_ends_pages_and_offsets_and_a_short_page_does_not() {
    // The server returns fewer items per page than requested.
    let (items, urls) = all::<ByTotal>([
        ok(r#"{"data":[1,2,3],"total":5}"#),
        ok(r#"{"data":[4],"total":5}"#),
        ok(r#"{"data":[5],"total":5}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3, 4, 5]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?page=2", "/v1/things?page=3"]
    );
    let (items, urls) = all::<ByOffset>([
        ok(r#"{"data":[1,2],"total":4}"#),
        ok(r#"{"data":[3],"total":4}"#),
        ok(r#"{"data":[4],"total":4}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3, 4]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?offset=2", "/v1/things?offset=3"]
    );
    // Offsets from 1.
    let (items, urls) = all::<ByIndex>([
        ok(r#"{"data":[1,2],"total":3}"#),
        ok(r#"{"data":[3],"total":3}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    assert_eq!(urls, ["/v1/things", "/v1/things?start=3"]);
    // The total decreases or increases between pages.
    let (items, urls) = all::<ByOffset>([
        ok(r#"{"data":[1,2],"total":9}"#),
        ok(r#"{"data":[3,4],"total":4}"#),
    ])
    .await;
    assert_eq!((items.unwrap().len(), urls.len()), (4, 2));
    let (items, urls) = all::<ByOffset>([
        ok(r#"{"data":[1,2],"total":3}"#),
        ok(r#"{"data":[3,4],"total":9}"#),
        ok(r#"{"data":[],"total":9}"#),
    ])
    .await;
    assert_eq!((items.unwrap().len(), urls.len()), (4, 3));
    // There are no items, and the total is 0.
    let (items, urls) = all::<ByTotal>([ok(r#"{"data":[],"total":0}"#)]).await;
    assert_eq!((items.unwrap().len(), urls.len()), (0, 1));
    let (items, urls) = all::<ByTotal>([
        ok(r#"{"data":[1],"total":0}"#),
        ok(r#"{"data":[2]}"#),
        ok(r#"{"data":[]}"#),
    ])
    .await;
    assert_eq!((items.unwrap().len(), urls.len()), (2, 3));
}

#[tokio::test]
async fn an_empty_page_is_the_end_by_default() {
    let pages = || {
        [
            ok(r#"{"data":[1,2]}"#),
            ok(r#"{"data":[3]}"#),
            ok(r#"{"data":[]}"#),
        ]
    };
    let (items, urls) = all::<ByNumber>(pages()).await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?page=2", "/v1/things?page=3"]
    );
    let (items, urls) = all::<ByCount>(pages()).await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    assert_eq!(
        urls,
        ["/v1/things", "/v1/things?offset=2", "/v1/things?offset=3"]
    );
    // The server ignores the parameter.
    let same = ok(r#"{"data":[1,2]}"#);
    let (items, urls) = all::<ByNumber>([same.clone(), same]).await;
    assert_eq!(
        items.unwrap_err(),
        "GET /things, page 3: the page before it is the same as the one before that"
    );
    assert_eq!(urls.len(), 2);
}

#[tokio::test]
async fn a_link_header_takes_precedence_over_a_page_number() {
    const NEXT: &[(&str, &str)] = &[("link", "</v1/things?after=a>; rel=\"next\"")];
    const LAST: &[(&str, &str)] = &[("link", "</v1/things>; rel=\"first\"")];
    const OTHER: &[(&str, &str)] = &[("link", "</docs>; rel=\"help\"")];
    let page = r#"{"data":[1]}"#;
    for (events, expected) in [
        (
            vec![Answer(200, NEXT, page), Answer(200, LAST, page)],
            &["/v1/things", "/v1/things?after=a"][..],
        ),
        // The last page has no link.
        (
            vec![Answer(200, NEXT, page), ok(page)],
            &["/v1/things", "/v1/things?after=a"],
        ),
        (vec![Answer(200, LAST, page)], &["/v1/things"]),
        (
            vec![Answer(200, OTHER, page), ok(r#"{"data":[]}"#)],
            &["/v1/things", "/v1/things?page=2"],
        ),
    ] {
        let (items, urls) = all::<ByNumber>(events).await;
        assert!(items.is_ok(), "{items:?}");
        let urls: Vec<String> = urls
            .iter()
            .map(|url| url.replace("https://api.example:443", ""))
            .collect();
        assert_eq!(urls, expected);
    }
    // If a response contains the number of pages, the last of them is the end.
    let body = r#"{"data":[1],"meta":{"pages":1}}"#;
    let (_, urls) = all::<ByPage>([Answer(200, NEXT, body)]).await;
    assert_eq!(urls.len(), 1);
}

#[tokio::test]
async fn pages_follow_urls_of_the_same_server_only() {
    let (items, urls) = all::<ByUrl>([
        ok(r#"{"data":[1],"next":"https://API.example:443/other/things?a=1%2C2"}"#),
        ok(r#"{"data":[],"next":"?a=2"}"#),
        ok(r#"{"data":[2],"next":"/v1/x#part"}"#),
        ok(r#"{"data":[3],"next":null}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2, 3]));
    let urls = urls
        .iter()
        .map(|url| url.replace("https://API.example:443", ""));
    let urls: Vec<String> = urls
        .map(|url| url.replace("https://api.example:443", ""))
        .collect();
    assert_eq!(
        urls,
        [
            "/v1/things",
            "/other/things?a=1%2C2",
            "/other/things?a=2",
            "/v1/x"
        ]
    );
    for foreign in [
        "https://evil.example/v1/things",
        "http://api.example/v1/things",
        "//evil.example/v1/things",
        "https://api.example:8443/",
        "https://user@api.example/",
        "\\\\evil.example/",
        "ftp://api.example/",
    ] {
        let body = format!(r#"{{"data":[1],"next":{foreign:?}}}"#);
        let (items, urls) = all::<ByUrl>([ok(body.leak())]).await;
        let error = items.unwrap_err();
        assert!(
            error.contains("page 2: its URL is on another server"),
            "{error}"
        );
        assert!(!error.contains("evil"), "{error}");
        assert_eq!(urls.len(), 1, "{foreign}");
    }
    // The same URL twice.
    let stuck = ok(r#"{"data":[1],"next":"/v1/things?b"}"#);
    let (items, urls) = all::<ByUrl>([stuck.clone(), stuck]).await;
    assert!(
        items
            .unwrap_err()
            .contains("page 3: the page before it leads back")
    );
    assert_eq!(urls.len(), 2);
    let (items, urls) = all::<ByRelation>([
        ok(r#"{"data":[1],"links":[{"rel":"self","href":"/v1/a"},{"rel":"next","href":"/v1/b"}]}"#),
        ok(r#"{"data":[2],"links":[{"rel":"prev","href":"/v1/a"}]}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2]));
    assert_eq!(urls, ["/v1/things", "/v1/b"]);
}

#[tokio::test]
async fn pages_follow_the_link_header() {
    let next = r#"<https://api.example/v1/things?page=2,3>; rel="prev last"; title="a, \"b\"; rel=next", </v1/p?c=d,e>; title="x;y"; REL=Next"#;
    let (items, urls) = all::<ByLink>([
        Answer(200, vec![("link", next)].leak(), r#"{"data":[1]}"#),
        Answer(200, &[("link", "<?c=f>;rel=\"next\"")], r#"{"data":[]}"#),
        Answer(200, &[("link", "</v1/p>; rel=first")], r#"{"data":[2]}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2]));
    assert_eq!(urls, ["/v1/things", "/v1/p?c=d,e", "/v1/p?c=f"]);
}
