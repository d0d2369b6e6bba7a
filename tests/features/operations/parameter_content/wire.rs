use api::types::Filter;
use recorder::{client, wait};

fn filter() -> Filter {
    Filter {
        tags: Some(vec!["a b".to_owned()]),
        ..Filter::new("x/y")
    }
}

#[test]
fn json_in_every_place() {
    let (client, recorder) = client();
    let call = client.search(filter()).query(filter()).x_filter(filter());
    wait(call.cookie_filter(filter())).unwrap();
    let encoded = "%7B%22name%22%3A%22x%2Fy%22%2C%22tags%22%3A%5B%22a%20b%22%5D%7D";
    assert_eq!(
        recorder.one().text(),
        format!(
            "GET https://api.example.com/search/{encoded}?query={encoded}\n\
             cookie: filter={encoded}\n\
             x-filter: {{\"name\":\"x/y\",\"tags\":[\"a b\"]}}\n"
        )
    );
}

#[test]
fn the_caller_serializes_other_media_types() {
    let (client, recorder) = client();
    let call = client.search(Filter::new("x")).note("a & b").count(3);
    wait(call.document("<filter/>").anything(serde_json::json!([1]))).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/search/%7B%22name%22%3A%22x%22%7D?note=a%20%26%20b&document=%3Cfilter%2F%3E\
         &count=3&anything=%5B1%5D"
    );
}
