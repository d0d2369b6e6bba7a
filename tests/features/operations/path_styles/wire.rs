//! The table "Style Examples" of OpenAPI 3.1, section 4.8.12.6, row by row.

use api::types::Color;
use recorder::{client, wait};

fn colors() -> Vec<String> {
    ["blue", "black", "brown"].map(str::to_owned).to_vec()
}

fn color() -> Color {
    Color::new(100, 200, 150)
}

#[test]
fn simple() {
    let (client, recorder) = client();
    wait(client.simple("blue", colors(), color(), colors(), color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/simple/blue/blue,black,brown/R,100,G,200,B,150\
         /blue,black,brown/R=100,G=200,B=150\n"
    );
}

#[test]
fn label() {
    let (client, recorder) = client();
    wait(client.label("blue", colors(), color(), colors(), color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/label/.blue/.blue,black,brown/.R,100,G,200,B,150\
         /.blue.black.brown/.R=100.G=200.B=150\n"
    );
}

#[test]
fn matrix() {
    let (client, recorder) = client();
    wait(client.matrix("blue", colors(), color(), colors(), color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/matrix/;string=blue/;array=blue,black,brown\
         /;object=R,100,G,200,B,150\
         /;exploded_array=blue;exploded_array=black;exploded_array=brown\
         /;R=100;G=200;B=150\n"
    );
    // The column for the empty value.
    wait(client.matrix("", colors(), color(), colors(), color())).unwrap();
    let sent = recorder.one().path_and_query();
    assert!(sent.starts_with("/matrix/;string/;array="), "{sent}");
}

#[test]
fn two_in_one_segment_and_other_types() {
    use api::types::read_file::Format;
    let (client, recorder) = client();
    wait(client.read_file("a b/c.d", Format::Md, -3)).unwrap();
    assert_eq!(
        recorder.one().path_and_query(),
        "/files/a%20b%2Fc.d.md/versions/-3"
    );
}

#[test]
fn a_value_stays_in_its_segment() {
    let (client, recorder) = client();
    for (value, sent) in [
        ("a/b", "a%2Fb"),
        ("../..", "..%2F.."),
        ("?q#f", "%3Fq%23f"),
        ("%2F", "%252F"),
        ("ü", "%C3%BC"),
        (";,=.", "%3B%2C%3D."),
    ] {
        wait(client.simple(value, colors(), color(), colors(), color())).unwrap();
        let path = recorder.one().path_and_query();
        let start = format!("/simple/{sent}/blue,");
        assert!(path.starts_with(&start), "{path}");
    }
    for value in ["", ".", ".."] {
        wait(client.simple(value, colors(), color(), colors(), color())).unwrap_err();
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
    wait(client.simple("a", Vec::new(), color(), colors(), color())).unwrap_err();
    assert!(recorder.take().is_empty(), "nothing is sent");
}
