use api::Client;
use recorder::{Recorder, wait};

/// Returns the URLs of both operations.
fn urls(builder: api::ClientBuilder) -> [String; 2] {
    let recorder = Recorder::new();
    let client = builder.transport(recorder.clone()).build().unwrap();
    wait(client.list_things()).unwrap();
    wait(client.upload_file()).unwrap();
    let urls: Vec<_> = recorder
        .take()
        .iter()
        .map(|sent| sent.request.uri().to_string())
        .collect();
    urls.try_into().unwrap()
}

#[test]
fn variables_have_defaults() {
    assert_eq!(
        urls(Client::builder()),
        [
            "https://eu.example.com:443/v1/things",
            "https://upload.eu.example.com/common/files",
        ]
    );
}

#[test]
fn a_variable_is_set_for_every_server_that_has_it() {
    let builder = Client::builder()
        .region("us")
        .port_variable("8443")
        .base("v2")
        .tenant("acme");
    assert_eq!(
        urls(builder),
        [
            "https://us.example.com:8443/v2/things",
            "https://upload.us.example.com/acme/files",
        ]
    );
}

#[test]
fn another_server_is_chosen() {
    let [_, sandbox, local] = Client::SERVERS else {
        panic!("the document names three");
    };
    assert_eq!(
        urls(Client::builder().server(*sandbox)),
        [
            "https://sandbox.example.com/test/things",
            "https://upload.eu.example.com/common/files",
        ]
    );
    assert_eq!(
        urls(Client::builder().server(*sandbox).base("x"))[0],
        "https://sandbox.example.com/x/things"
    );
    assert_eq!(
        urls(Client::builder().server(*local))[0],
        "http://localhost:8080/things"
    );
}

#[test]
fn an_undocumented_value_is_rejected() {
    let error = Client::builder().region("mars").build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server's variable `region` cannot be `mars`, but one of `eu`, `us`"
    );
    for region in ["", "eu.evil.example/", "eu@evil"] {
        assert!(Client::builder().region(region).build().is_err());
    }
    // The document allows any text as a port, but a URL does not.
    for port in ["x", "1@evil.example", "1#", "1?"] {
        assert!(Client::builder().port_variable(port).build().is_err());
    }
}

#[test]
fn a_base_url_goes_before_all_servers() {
    let builder = Client::builder().base_url("http://localhost:1/").region("us");
    assert_eq!(
        urls(builder),
        ["http://localhost:1/things", "http://localhost:1/files"]
    );
}
