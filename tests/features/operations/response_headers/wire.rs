use api::operations::{ListBooksHeaders, ListPagesHeaders, ListSongsHeaders};
use api::types::list_pages::XState;
use api::types::{list_books, list_songs};
use recorder::{client, wait};

#[test]
fn headers_of_every_type() {
    let (client, recorder) = client();
    recorder.answer(
        200,
        &[
            ("x-total", "12"),
            ("x-next", "a b"),
            ("x-ratio", "0.5"),
            ("x-cached", "true"),
            ("x-request-id", "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12"),
            ("last-seen", "2024-01-31T12:00:00Z"),
            ("x-tags", "a, b"),
            ("x-tags", "c"),
            ("x-state", "new"),
            ("x-meta", "{\"took\":3}"),
            ("x-range", "from,1,to,2"),
            ("ratelimit", "7"),
        ],
        "[]",
    );
    let response = wait(client.list_pages().send()).unwrap();
    let headers = response.headers();
    assert_eq!(ListPagesHeaders::x_total(headers).unwrap(), 12);
    assert_eq!(ListPagesHeaders::x_next(headers).unwrap().unwrap(), "a b");
    assert_eq!(ListPagesHeaders::x_ratio(headers).unwrap(), Some(0.5));
    assert_eq!(ListPagesHeaders::x_cached(headers).unwrap(), Some(true));
    assert_eq!(
        ListPagesHeaders::x_request_id(headers).unwrap().unwrap().as_u128(),
        0x3f2c_1d9a_5b7e_4c61_8a0f_2d4e_6b8c_0a12
    );
    let last_seen = ListPagesHeaders::last_seen(headers).unwrap().unwrap();
    assert_eq!(last_seen.to_rfc3339(), "2024-01-31T12:00:00+00:00");
    assert_eq!(
        ListPagesHeaders::x_tags(headers).unwrap().unwrap(),
        ["a", "b", "c"]
    );
    assert_eq!(
        ListPagesHeaders::x_state(headers).unwrap(),
        Some(XState::Unknown("new".to_owned()))
    );
    let meta = ListPagesHeaders::x_meta(headers).unwrap().unwrap();
    assert_eq!(meta.took, Some(3));
    assert_eq!(ListPagesHeaders::x_range(headers).unwrap().unwrap(), "from,1,to,2");
    assert_eq!(ListPagesHeaders::rate_limit(headers).unwrap(), Some(7));
}

#[test]
fn missing_headers_and_headers_of_another_type() {
    let (client, recorder) = client();
    recorder.answer(200, &[("x-ratio", "half"), ("x-meta", "{")], "[]");
    let response = wait(client.list_pages().send()).unwrap();
    let headers = response.headers();
    assert_eq!(
        ListPagesHeaders::x_total(headers).unwrap_err().to_string(),
        "the header `X-Total`: it is missing"
    );
    assert_eq!(ListPagesHeaders::x_next(headers).unwrap(), None);
    assert_eq!(
        ListPagesHeaders::x_ratio(headers).unwrap_err().to_string(),
        "the header `X-Ratio`: it is not a number"
    );
    assert_eq!(ListPagesHeaders::x_meta(headers).unwrap_err().name(), "X-Meta");
}

#[test]
fn headers_of_a_failure() {
    let (client, recorder) = client();
    recorder.answer(429, &[("retry-after", "30"), ("ratelimit", "0")], "");
    let error = wait(client.list_pages()).unwrap_err();
    let headers = error.headers().unwrap();
    assert_eq!(ListPagesHeaders::retry_after(headers).unwrap(), 30);
    assert_eq!(ListPagesHeaders::rate_limit(headers).unwrap(), Some(0));
}

#[test]
fn headers_that_operations_have_alike() {
    let (client, recorder) = client();
    recorder.answer(200, &[("link", "/books?page=2"), ("x-order", "title")], "");
    let response = wait(client.list_books().send()).unwrap();
    let link = ListBooksHeaders::link(response.headers()).unwrap();
    assert_eq!(link.as_deref(), Some("/books?page=2"));
    let order = ListBooksHeaders::x_order(response.headers()).unwrap();
    assert_eq!(order, Some(list_books::XOrder::Title));
    recorder.answer(200, &[("x-order", "author")], "");
    let response = wait(client.list_songs().send()).unwrap();
    assert_eq!(ListSongsHeaders::link(response.headers()).unwrap(), None);
    let order = ListSongsHeaders::x_order(response.headers()).unwrap();
    assert_eq!(order, Some(list_songs::XOrder::Author));
}
