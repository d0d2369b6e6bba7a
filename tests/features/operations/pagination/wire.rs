use api::Client;
use api::operations::ListByUrl;
use recorder::{Recorder, client, wait};

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// Answers the next request with a JSON body, and returns the next item and the requests.
macro_rules! page {
    ($recorder:ident, $items:ident, $body:expr) => {{
        $recorder.answer(200, JSON, $body);
        let item = wait($items.next()).map(|item| item.unwrap());
        let sent = $recorder.take().into_iter();
        let sent: Vec<_> = sent.map(|sent| sent.path_and_query()).collect();
        (item, sent.join(" "))
    }};
}

#[test]
fn a_cursor_is_sent_back() {
    let (client, recorder) = client();
    let mut items = client.list_by_cursor().limit(2).items();
    let (item, sent) = page!(recorder, items, r#"{"data":[{"id":"a"}],"next_cursor":"x y&"}"#);
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("a", "/v1/by-cursor?limit=2"));
    let (item, sent) = page!(recorder, items, r#"{"data":[{"id":"b"}],"next_cursor":null}"#);
    assert_eq!(item.unwrap().id, "b");
    assert_eq!(sent, "/v1/by-cursor?cursor=x%20y%26&limit=2");
    let (item, sent) = page!(recorder, items, "");
    assert!(item.is_none() && sent.is_empty());
}

#[test]
fn the_id_of_the_last_item_is_sent() {
    let (client, recorder) = client();
    let mut items = client.list_by_last_id().items();
    page!(recorder, items, r#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#);
    let (item, sent) = page!(recorder, items, "");
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("b", ""));
    let (item, sent) = page!(recorder, items, r#"{"data":[{"id":"c"}],"has_more":false}"#);
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("c", "/v1/by-last-id?after=b"));
    assert!(wait(items.next()).is_none());
}

#[test]
fn a_number_is_counted_inside_of_another_parameter() {
    let (client, recorder) = client();
    let mut items = client.list_by_number().items();
    page!(recorder, items, r#"{"data":[{"id":"a"}],"meta":{"total_pages":2}}"#);
    let (item, sent) = page!(recorder, items, r#"{"data":[{"id":"b"}],"meta":{"total_pages":2}}"#);
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("b", "/v1/by-number?page%5Bnumber%5D=2"));
    assert!(wait(items.next()).is_none());
}

/// Parameters with the name of a method have renamed setters.
#[test]
fn an_offset_counts_the_items() {
    let (client, recorder) = client();
    let request = client.list_by_offset().items_parameter("i").pages_parameter("p");
    let mut items = request.items();
    let (item, _) = page!(recorder, items, r#"{"result":{"items":[1,2],"total":3}}"#);
    assert_eq!(item, Some(1));
    page!(recorder, items, "");
    let (item, sent) = page!(recorder, items, r#"{"result":{"items":[3],"total":3}}"#);
    assert_eq!(item, Some(3));
    assert_eq!(sent, "/v1/by-offset?offset=2&items=i&pages=p");
    assert!(wait(items.next()).is_none());
}

#[test]
fn a_url_is_followed_and_can_be_stored() {
    let (client, recorder) = client();
    let mut items = client.list_by_url().items();
    let next = r#"{"items":[{"id":"a"}],"next_url":"https://api.example.com/v2/x?c=1%2C2"}"#;
    let (item, sent) = page!(recorder, items, next);
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("a", "/v1/by-url"));
    let resume: api::runtime::Resume<ListByUrl> = items.resume().unwrap();
    let mut items = resume.items(&client);
    let (item, sent) = page!(recorder, items, r#"{"items":[{"id":"b"}]}"#);
    assert_eq!((item.unwrap().id.as_str(), sent.as_str()), ("b", "/v2/x?c=1%2C2"));
    assert!(wait(items.next()).is_none());
}

#[test]
fn a_page_without_items_ends_the_list() {
    let (client, recorder) = client();
    let mut items = client.list_by_link().per_page(1).items();
    let link = ("link", "</v1/by-link?per_page=1&page=2>; rel=\"next\"");
    recorder.answer(200, &[JSON[0], link], r#"[{"id":"a"}]"#);
    assert_eq!(wait(items.next()).unwrap().unwrap().id, "a");
    recorder.answer(202, &[], "");
    assert!(wait(items.next()).is_none());
    let sent: Vec<_> = recorder.take().iter().map(|sent| sent.path_and_query()).collect();
    assert_eq!(sent, ["/v1/by-link?per_page=1", "/v1/by-link?per_page=1&page=2"]);
}

#[test]
fn a_cursor_is_sent_back_in_a_body() {
    let (client, recorder) = client();
    let body = api::types::search::RequestBody {
        query: Some("q".to_owned()),
        ..Default::default()
    };
    let mut items = client.search(body).items();
    recorder.answer(200, JSON, r#"{"data":[{"id":"a"}],"meta":{"page":{"after":"x"}}}"#);
    wait(items.next()).unwrap().unwrap();
    recorder.answer(200, JSON, r#"{"data":[],"meta":{}}"#);
    assert!(wait(items.next()).is_none());
    let sent: Vec<_> = recorder.take().into_iter().map(|sent| sent.body).collect();
    let second = String::from_utf8(sent[1].clone()).unwrap();
    assert_eq!(second, r#"{"query":"q","page":{"cursor":"x"}}"#);
}

#[test]
fn pages_need_no_item_type() {
    let (client, recorder) = client();
    let mut pages = client.list_mixed().pages();
    let data = |recorder: &Recorder, body: &'static str| recorder.answer(200, JSON, body);
    data(&recorder, r#"{"data":["a"],"next_cursor":"x"}"#);
    assert_eq!(wait(pages.next()).unwrap().unwrap().status(), 200);
    assert_eq!(pages.resume().unwrap().operation.cursor.as_deref(), Some("x"));
    data(&recorder, r#"{"data":[1]}"#);
    assert!(wait(pages.next()).unwrap().is_ok());
    assert!(wait(pages.next()).is_none());
    // An operation whose pagination is only likely returns one page and has no further methods.
    data(&recorder, "[]");
    assert!(wait(client.list_likely().items_parameter("i")).unwrap().is_empty());
}

/// The README shows this function.
async fn print_items(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    let mut items = client.list_by_cursor().limit(100).items();
    while let Some(item) = items.next().await {
        println!("{}", item?.id);
    }

    let first = client.list_by_cursor().items().max(1_000).collect().await?;
    println!("{}", first.len());
    Ok(())
}

#[test]
fn items_are_fetched_as_the_readme_shows() {
    let (client, recorder) = client();
    recorder.answer(200, JSON, r#"{"data":[{"id":"a"}],"next_cursor":null}"#);
    wait(print_items(&client)).unwrap();
    let sent: Vec<_> = recorder.take().iter().map(|sent| sent.path_and_query()).collect();
    assert_eq!(sent, ["/v1/by-cursor?limit=100", "/v1/by-cursor"]);
}
