use api::types::Color;
use recorder::{client, wait};

fn colors() -> Vec<String> {
    ["blue", "black", "brown"].map(str::to_owned).to_vec()
}

fn color() -> Color {
    Color::new(100, 200, 150)
}

#[test]
fn headers_are_simple_and_not_encoded() {
    let (client, recorder) = client();
    let call = client.headers("\"v1\"").x_text("a b, \u{fc}?");
    wait(call.x_colors(colors()).x_color(color()).x_exploded(color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/headers\n\
         if-match: \"v1\"\n\
         x-color: R,100,G,200,B,150\n\
         x-colors: blue,black,brown\n\
         x-exploded: R=100,G=200,B=150\n\
         x-text: a b, \u{fc}?\n"
    );
    // An unset parameter and an empty list send no header.
    wait(client.headers("*").x_colors(Vec::new())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/headers\nif-match: *\n"
    );
}

#[test]
fn a_header_has_no_line_break() {
    let (client, recorder) = client();
    for value in ["a\r\nx-other: b", "a\nb", "a\0"] {
        wait(client.headers(value)).unwrap_err();
        assert!(recorder.take().is_empty(), "nothing is sent");
    }
}

#[test]
fn cookies_are_one_header() {
    let (client, recorder) = client();
    let call = client.cookies().session("a;b c").debug(0);
    wait(call.colors(colors()).color(color())).unwrap();
    assert_eq!(
        recorder.one().text(),
        "GET https://api.example.com/cookies\n\
         cookie: session=a%3Bb%20c; colors=blue,black,brown; color=R,100,G,200,B,150; debug=0\n"
    );
}
