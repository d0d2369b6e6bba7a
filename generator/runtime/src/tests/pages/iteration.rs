//! Pages and items one by one: failures, limits, and the state between two pages.

use super::*;

#[tokio::test]
async fn a_failed_page_is_requested_again() {
    let first = || ok(r#"{"data":[1],"next":"b"}"#);
    let last = || ok(r#"{"data":[2]}"#);
    for fault in [Answer(429, &[], ""), Cut, CutBody, ok("{")] {
        let script = Script::new([first(), fault.clone(), last()]);
        let client = script.builder().retry(Retry::none()).build().unwrap();
        let mut items = client.request(ByCursor::default()).items();
        assert_eq!(items.next().await.unwrap().unwrap(), 1);
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.page(), 2, "{fault:?}");
        assert!(
            error.to_string().starts_with("page 2: GET /things"),
            "{error}"
        );
        let resume = items.resume().unwrap();
        assert_eq!(resume.operation.cursor.as_deref(), Some("b"));
        assert_eq!(resume.items, 1);
        assert!(error.into_call().is_ok());
        assert_eq!(items.next().await.unwrap().unwrap(), 2);
        assert!(items.next().await.is_none());
        assert_eq!(
            urls(&script)[1..],
            ["/v1/things?cursor=b", "/v1/things?cursor=b"]
        );
    }
}

#[tokio::test]
async fn pages_can_be_resumed() {
    let script = Script::new([
        ok(r#"{"data":[1],"next":"/v1/things?b"}"#),
        ok(r#"{"data":[2],"next":"/v1/things?c"}"#),
        ok(r#"{"data":[3]}"#),
    ]);
    let client = script.client();
    let mut pages = client.request(ByUrl::default()).pages();
    let page = pages.next().await.unwrap().unwrap();
    assert_eq!(page.value().data, Some(vec![1]));
    let resume = pages.resume().unwrap();
    assert_eq!(
        resume.url.as_deref(),
        Some("https://api.example/v1/things?b")
    );
    drop(pages);
    let items = resume.items(&client).collect().await.unwrap();
    assert_eq!(items, [2, 3]);
    assert_eq!(urls(&script)[1..], ["/v1/things?b", "/v1/things?c"]);
}

#[tokio::test]
async fn no_page_is_fetched_that_is_not_needed() {
    let script = Script::new([ok(r#"{"data":[1,2],"next":"b"}"#)]);
    let client = script.client();
    let items = client.request(ByCursor::default()).items().max(2);
    assert_eq!(items.collect().await.unwrap(), [1, 2]);
    assert_eq!(script.sent().len(), 1);
    let none = client.request(ByCursor::default()).items().max(0);
    assert!(none.collect().await.unwrap().is_empty());
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn the_number_of_pages_has_a_limit() {
    let script = Script::new([
        ok(r#"{"data":[1],"next":"b"}"#),
        ok(r#"{"data":[2],"next":"c"}"#),
        ok(r#"{"data":[3],"next":"d"}"#),
        ok(r#"{"data":[4]}"#),
    ]);
    let client = script.client();
    let mut pages = client.request(ByCursor::default()).pages().max_pages(2);
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.is_limit());
    assert_eq!(
        error.to_string(),
        "GET /things, page 3: there are more than 2 pages, which is the limit"
    );
    // Further calls can fetch the same number again.
    assert_eq!(pages.collect().await.unwrap().len(), 2);
    let (items, urls) = all::<ByPage>([ok(r#"{"data":[1],"meta":{"pages":99999999}}"#)]).await;
    assert!(
        items
            .unwrap_err()
            .contains("page 10001: there are more than 10000 pages")
    );
    assert_eq!(urls.len(), 10_000);
}

/// A page that the client retries is not an error.
#[tokio::test]
async fn a_page_is_retried_as_any_other_call() {
    let (items, urls) = all::<ByCursor>([
        ok(r#"{"data":[1],"next":"b"}"#),
        Answer(429, &[], ""),
        ok(r#"{"data":[2]}"#),
    ])
    .await;
    assert_eq!(items, Ok(vec![1, 2]));
    assert_eq!(urls[1..], ["/v1/things?cursor=b", "/v1/things?cursor=b"]);
}

/// Dropping a future of `next` does not lose a page.
#[tokio::test]
async fn a_dropped_future_does_not_lose_a_page() {
    let script = Script::new([ok(r#"{"data":[1],"next":"b"}"#), ok(r#"{"data":[2]}"#)]);
    let client = script.client();
    let mut items = client.request(ByCursor::default()).items();
    for _ in 0..3 {
        drop(items.next());
    }
    assert_eq!(items.collect().await.unwrap(), [1, 2]);
    assert_eq!(script.sent().len(), 2);
}

#[cfg(feature = "stream")]
#[tokio::test]
async fn items_are_a_stream() {
    use futures_core::Stream;
    use std::pin::Pin;

    let script = Script::new([ok(r#"{"data":[1],"next":"b"}"#), ok(r#"{"data":[2]}"#)]);
    let client = script.client();
    let mut items = client.request(ByCursor::default()).items();
    let mut found = Vec::new();
    while let Some(item) =
        std::future::poll_fn(|context| Pin::new(&mut items).poll_next(context)).await
    {
        found.push(item.unwrap());
    }
    assert_eq!(found, [1, 2]);
}

/// Each request has the credential once.
#[tokio::test]
async fn credentials_are_sent_for_every_page() {
    use crate::runtime::security::{Scheme, Security};

    const KEY: Scheme = Scheme::query("key", "key");
    #[derive(Clone, Debug, Default)]
    struct WithKey;
    impl Operation for WithKey {
        const ENDPOINT: Endpoint = Endpoint::get("/things");
        const SECURITY: Security = &[&[KEY]];
        type Output = Page;
        type Failure = NoFailure;

        fn decode(reply: &Reply) -> Result<Page, Rejection<NoFailure>> {
            reply.json_if(200)
        }
    }
    impl Paged for WithKey {
        const PAGING: Paging = Paging::url("/next").items("/data");
    }
    let script = Script::new([
        ok(r#"{"data":[1],"next":"/v1/things?a=1"}"#),
        ok(r#"{"data":[2],"next":"/v1/things?key=old&a=2"}"#),
        ok(r#"{"data":[3]}"#),
    ]);
    let client = script.builder().credential(KEY, "secret").build().unwrap();
    client.request(WithKey).pages().collect().await.unwrap();
    assert_eq!(
        urls(&script),
        [
            "/v1/things?key=secret",
            "/v1/things?a=1&key=secret",
            "/v1/things?a=2&key=secret"
        ]
    );
}

#[test]
fn pages_and_items_are_iterators_where_the_transport_blocks() {
    let pages = || {
        [
            ok(r#"{"data":[1,2],"next":"b"}"#),
            Cut,
            ok(r#"{"data":[3],"next":null}"#),
        ]
    };
    let script = Script::new(pages());
    let client = script.client();
    let mut items = client.request(ByCursor::default()).items();
    let items: Result<Vec<u32>, _> = items.iter().collect();
    assert_eq!(items.unwrap(), [1, 2, 3]);
    script.then(pages());
    let mut pages = client.request(ByCursor::default()).pages();
    assert_eq!(pages.iter().filter(Result::is_ok).count(), 2);

    let client = Script::default().pausing().client();
    let mut items = client.request(ByCursor::default()).items();
    let errors: Vec<_> = items.iter().map(|item| item.unwrap_err().page()).collect();
    assert_eq!(errors, [1]);
}
