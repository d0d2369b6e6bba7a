use api::Client;
use recorder::{Recorder, client, wait};

#[test]
fn the_nearest_server_is_used() {
    let (client, recorder) = client();
    wait(client.at_document()).unwrap();
    wait(client.at_path()).unwrap();
    wait(client.at_operation()).unwrap();
    wait(client.at_sibling()).unwrap();
    let sent: Vec<_> = recorder.take().iter().map(|sent| sent.text()).collect();
    assert_eq!(
        sent,
        [
            "GET https://api.example.com/v1/document\n",
            "GET https://path.example.com/path\n",
            "POST https://operation.example.com/v2/path\ncontent-length: 0\n",
            "PUT https://api.example.com/v3/path\ncontent-length: 0\n",
        ]
    );
}

#[test]
fn the_slash_port_and_path_of_a_base_url_are_optional() {
    for (base, url) in [
        ("https://me.example", "https://me.example/document"),
        ("https://me.example/", "https://me.example/document"),
        ("http://me.example:81/a", "http://me.example:81/a/document"),
        ("http://me.example/a/b/", "http://me.example/a/b/document"),
        ("http://[::1]:8080", "http://[::1]:8080/document"),
    ] {
        let recorder = Recorder::new();
        let builder = Client::builder().base_url(base).transport(recorder.clone());
        wait(builder.build().unwrap().at_document()).unwrap();
        assert_eq!(recorder.one().text(), format!("GET {url}\n"));
    }
    for base in ["", "/", "me.example", "ftp://me.example", "https://a:b@me.example"] {
        assert!(Client::builder().base_url(base).build().is_err(), "{base}");
    }
}
