//! The table "Style Examples" of OpenAPI 3.1, section 4.8.12.6, row by row.

use std::collections::BTreeMap;

use api::types::{Color, deep_object, scalars};
use recorder::{client, wait};

fn colors() -> Vec<String> {
    ["blue", "black", "brown"].map(str::to_owned).to_vec()
}

fn color() -> Color {
    Color::new(100, 200, 150)
}

#[test]
fn form() {
    let (client, recorder) = client();
    let call = client.form().string("blue").array(colors()).object(color());
    wait(call.joined_array(colors()).joined_object(color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/form?string=blue\
         &array=blue&array=black&array=brown\
         &R=100&G=200&B=150\
         &joined_array=blue,black,brown\
         &joined_object=R,100,G,200,B,150\n"
    );
    // The column for the empty value.
    wait(client.form().string("")).unwrap();
    assert_eq!(recorder.one().path_and_query(), "/form?string=");
}

#[test]
fn absent_values_and_empty_arrays_send_nothing() {
    let (client, recorder) = client();
    wait(client.form()).unwrap();
    assert_eq!(recorder.one().path_and_query(), "/form");
    wait(client.form().array(Vec::new()).joined_array(Vec::new())).unwrap();
    assert_eq!(recorder.one().path_and_query(), "/form");
    wait(client.space_delimited().array(Vec::new())).unwrap();
    assert_eq!(recorder.one().path_and_query(), "/space-delimited");
    wait(client.deep_object().filter(BTreeMap::new())).unwrap();
    assert_eq!(recorder.one().path_and_query(), "/deep-object");
}

#[test]
fn space_delimited() {
    let (client, recorder) = client();
    let call = client.space_delimited().array(colors()).object(color());
    wait(call.exploded_array(colors())).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/space-delimited?array=blue%20black%20brown\
         &object=R%20100%20G%20200%20B%20150\
         &exploded_array=blue&exploded_array=black&exploded_array=brown"
    );
}

#[test]
fn pipe_delimited() {
    let (client, recorder) = client();
    let call = client.pipe_delimited().array(colors()).object(color());
    wait(call.exploded_array(colors())).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/pipe-delimited?array=blue%7Cblack%7Cbrown\
         &object=R%7C100%7CG%7C200%7CB%7C150\
         &exploded_array=blue&exploded_array=black&exploded_array=brown"
    );
}

#[test]
fn deep_object() {
    use deep_object::{Created, created::Between};
    let (client, recorder) = client();
    wait(client.deep_object().color(color())).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/deep-object?color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"
    );
    let filter = BTreeMap::from([("a b".to_owned(), "c&d".to_owned())]);
    wait(client.deep_object().filter(filter)).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/deep-object?filter%5Ba%20b%5D=c%26d"
    );
    let between = Between {
        from: Some("2024-01-31".parse().unwrap()),
        to: None,
    };
    let created = Created {
        between: Some(between),
    };
    wait(client.deep_object().created(created)).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/deep-object?created%5Bbetween%5D%5Bfrom%5D=2024-01-31"
    );
}

#[test]
fn reserved_characters() {
    let (client, recorder) = client();
    let text = "https://a.example/b?c=d";
    let list = vec!["a/b".to_owned(), "c:d".to_owned()];
    wait(client.reserved().allowed(text).encoded(text).list(list)).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/reserved?allowed=https://a.example/b?c=d\
         &encoded=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd\
         &list=a/b,c:d"
    );
    // Characters that would end the value are encoded anyway.
    wait(client.reserved().allowed("a&b#c+d e%20%")).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/reserved?allowed=a%26b%23c%2Bd%20e%20%25"
    );
}

#[test]
fn scalars_of_every_type() {
    let (client, recorder) = client();
    let call = client
        .scalars(2)
        .ratio(0.5)
        .verbose(false)
        .since("2024-01-31T12:00:00+01:00".parse().unwrap())
        .id("3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12".parse().unwrap())
        .order(scalars::Order::Desc)
        .filter_name("x")
        .nothing("y");
    wait(call).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/scalars?page=2&ratio=0.5&verbose=false\
         &since=2024-01-31T12%3A00%3A00%2B01%3A00\
         &id=3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12\
         &order=desc&filter%5Bname%5D=x&nothing=y"
    );
}
