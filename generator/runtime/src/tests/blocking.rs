//! Calls without an asynchronous runtime, over ureq and a server of the standard library.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::script::{Script, operations};
use crate::runtime::blocking::{NotReady, wait};
use crate::runtime::body::{Body, Content};
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::Error;
use crate::runtime::options::Options;
use crate::runtime::retry::Retry;
use crate::runtime::ureq::Ureq;

operations! {
    GetThing get "/thing";
    PostThing post "/thing";
    QueryThing query "/thing";
    PatchThing patch "/thing";
    HeadThing head "/thing";
}

/// A server that sends one response to each connection, and records the requests.
struct Server {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    thread: JoinHandle<()>,
}

impl Server {
    fn new(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let list = Arc::clone(&requests);
        let thread = std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = Vec::new();
                let mut piece = [0; 4096];
                while !is_whole(&request) {
                    let length = stream.read(&mut piece).unwrap();
                    assert_ne!(length, 0, "the request is cut off");
                    request.extend_from_slice(&piece[..length]);
                }
                list.lock()
                    .unwrap()
                    .push(String::from_utf8(request).unwrap());
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self {
            url,
            requests,
            thread,
        }
    }

    fn builder(&self) -> ClientBuilder {
        at(&self.url)
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Returns the requests after all responses were sent.
    fn end(self) -> Vec<String> {
        self.thread.join().unwrap();
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

fn at(url: &str) -> ClientBuilder {
    let builder = ClientBuilder::new("https://other.example");
    builder.base_url(url).transport(Ureq::new())
}

/// Returns `true` if a request has its head and its whole body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with("0\r\n\r\n");
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
const BUSY: &str =
    "HTTP/1.1 503 Busy\r\nretry-after-ms: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn a_call_needs_no_runtime() {
    let server = Server::new(&[OK, OK, OK, OK]);
    let client = server.client();
    assert_eq!(client.request(GetThing).call().unwrap(), 200);
    assert_eq!(
        client
            .request(PostThing)
            .send_blocking()
            .unwrap()
            .bytes()
            .as_ref(),
        b"{}"
    );
    assert_eq!(client.request(QueryThing).call().unwrap(), 200);
    assert_eq!(client.request(PatchThing).call().unwrap(), 200);
    let requests = server.end();
    let [get, post, query, patch] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    let agent = concat!("user-agent: runtime/", env!("CARGO_PKG_VERSION"), "\r\n");
    let get = get.to_ascii_lowercase();
    assert!(get.starts_with("get /thing http/1.1\r\n"), "{get}");
    assert!(get.contains(agent), "{get}");
    // ureq adds no headers of its own.
    let names = get
        .lines()
        .skip(1)
        .filter_map(|line| Some(line.split_once(':')?.0));
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent"]);
    for (request, start) in [
        (post, "POST /thing HTTP/1.1\r\n"),
        (query, "QUERY /thing HTTP/1.1\r\n"),
        (patch, "PATCH /thing HTTP/1.1\r\n"),
    ] {
        assert!(request.starts_with(start), "{request}");
    }
    assert!(
        post.to_ascii_lowercase().contains("content-length: 0\r\n"),
        "{post}"
    );
}

#[tokio::test]
async fn a_call_can_block_a_thread_of_a_runtime() {
    let server = Server::new(&[OK]);
    assert_eq!(server.client().request(GetThing).call().unwrap(), 200);
    server.end();
}

#[test]
fn a_call_that_failed_is_repeated() {
    let server = Server::new(&[BUSY, OK]);
    let client = server.client();
    let reply = client.request(GetThing).send_blocking().unwrap();
    assert_eq!(reply.attempts(), 2);
    server.end();
}

#[test]
fn bodies_are_sent_whole_and_in_pieces() {
    let server = Server::new(&[OK, OK, OK]);
    let client = server.client();
    let call = |content: Content| {
        let call = client
            .call(Endpoint::put("/thing"))
            .body("text/plain", content);
        call.call().unwrap()
    };
    call(Content::from("whole"));
    call(Content::stream(|| Body::stream(Body::from("in pieces"))));
    // A GET can have a body, too.
    let get = client
        .call(Endpoint::get("/thing"))
        .body("text/plain", Content::from("odd"));
    get.call().unwrap();
    let requests = server.end();
    assert!(requests[0].ends_with("\r\n\r\nwhole"), "{requests:?}");
    assert!(requests[1].contains("in pieces"), "{requests:?}");
    assert!(requests[2].ends_with("\r\n\r\nodd"), "{requests:?}");
}

#[test]
fn errors_equal_those_of_other_transports() {
    let unused = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", unused.local_addr().unwrap());
    drop(unused);
    let builder = at(&url);
    let client = builder.retry(Retry::none()).build().unwrap();
    match client.request(PostThing).call().unwrap_err() {
        Error::Transport { source, .. } => assert!(source.is_connect(), "{source:?}"),
        error => panic!("{error:?}"),
    }

    // A body that is cut off.
    let server = Server::new(&["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"]);
    let client = server.builder().retry(Retry::none()).build().unwrap();
    match client.request(PostThing).call().unwrap_err() {
        Error::Transport { source, .. } => assert!(!source.is_connect(), "{source:?}"),
        error => panic!("{error:?}"),
    }
    server.end();

    // A server that never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let builder = at(&url);
    let client = builder.timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.request(GetThing).call().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");

    // A response that is larger than the limit.
    let server = Server::new(&[OK]);
    let client = server.builder().max_response_bytes(1).build().unwrap();
    let error = client.request(GetThing).call().unwrap_err();
    assert!(matches!(error, Error::TooLarge(_)), "{error:?}");
    server.end();
}

#[test]
fn a_redirect_to_another_server_is_not_followed() {
    let server = Server::new(&[
        "HTTP/1.1 302 Found\r\nlocation: http://192.0.2.1/x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    ]);
    let error = server.client().request(GetThing).call().unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(302));
    server.end();
}

#[test]
fn a_head_has_no_body() {
    let server =
        Server::new(&["HTTP/1.1 200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\n"]);
    assert_eq!(server.client().request(HeadThing).call().unwrap(), 200);
    server.end();
}

#[test]
fn another_transport_is_an_error() {
    let script = Script::default().pausing();
    let client = script.client();
    let error = client
        .request(GetThing)
        .with(Options::new())
        .call()
        .unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    let message = format!(
        "{error}: {source}: {:?}",
        source.source().map(ToString::to_string)
    );
    assert!(message.contains("does not block"), "{message}");
    assert_eq!(
        client
            .call(Endpoint::get("/x"))
            .call()
            .unwrap_err()
            .attempts(),
        0
    );
    assert_eq!(wait(std::future::pending::<()>()), Err(NotReady));
}
