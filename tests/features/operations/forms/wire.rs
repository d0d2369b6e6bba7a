//! The Encoding Object of OpenAPI 3.1, section 4.8.15, in a form.

use api::types::{Address, post_encoded, post_plain};
use recorder::{client, wait};

fn strings(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().copied().map(str::to_owned).collect())
}

#[test]
fn a_pair_for_each_property_and_each_item() {
    let (client, recorder) = client();
    let body = post_plain::RequestBody {
        count: Some(-2),
        tags: strings(&["a", "b&c"]),
        address: Some(Address::new("Main Street 1", "Z\u{fc}rich")),
        ..post_plain::RequestBody::new("Ada & Bob=+")
    };
    wait(client.post_plain(body)).unwrap();
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/plain\n\
         content-type: application/x-www-form-urlencoded\n\
         \n\
         name=Ada%20%26%20Bob%3D%2B&count=-2&tags=a&tags=b%26c\
         &address=%7B%22street%22%3A%22Main%20Street%201%22%2C%22city%22%3A%22Z%C3%BCrich%22%7D"
    );
}

#[test]
fn properties_by_their_encoding() {
    let (client, recorder) = client();
    let body = post_encoded::RequestBody {
        joined: strings(&["a", "b"]),
        exploded: strings(&["a", "b"]),
        piped: strings(&["a", "b"]),
        deep: Some(Address::new("s", "c")),
        spread: Some(Address::new("s", "c")),
        link: Some("https://a.example/?b=c".to_owned()),
        list: Some(vec![1, 2]),
    };
    wait(client.post_encoded(body)).unwrap();
    let sent = recorder.one();
    assert_eq!(
        String::from_utf8(sent.body).unwrap(),
        "joined=a,b&exploded=a&exploded=b&piped=a%7Cb\
         &deep%5Bstreet%5D=s&deep%5Bcity%5D=c&street=s&city=c\
         &link=https://a.example/?b=c&list=%5B1%2C2%5D"
    );
}
