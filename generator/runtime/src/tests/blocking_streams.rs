//! Bodies in pieces without an asynchronous runtime: with a scripted transport, whose clock is
//! virtual, and with ureq.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;

use super::script::Event::{Answer, Stream};
use super::script::{Event, Piece, Script, operations};
use crate::runtime::builder::ClientBuilder;
use crate::runtime::download::SaveError;
use crate::runtime::error::Error;
use crate::runtime::options::Options;
use crate::runtime::reconnect::Reconnect;
use crate::runtime::retry::Retry;
use crate::runtime::stream_error::StreamError;
use crate::runtime::streamed::{Streaming, streamed};
use crate::runtime::ureq::Ureq;

operations! {
    Watch get "/watch", ACCEPT: &'static str = "text/event-stream";
    ReadLines get "/lines", ACCEPT: &'static str = "application/jsonl";
    GetFile get "/file";
}

streamed! { Watch: Streaming::json("text/event-stream"), json u64 }
streamed! { ReadLines: Streaming::json("application/jsonl"), json u64 }

const EVENTS: &[(&str, &str)] = &[("content-type", "text/event-stream")];
const LINES: &[(&str, &str)] = &[("content-type", "application/jsonl")];
const NOT_BLOCKING: &str = "this transport does not block";

fn pieces(headers: &'static [(&'static str, &'static str)], texts: &[&'static str]) -> Event {
    Stream(
        200,
        headers,
        texts.iter().copied().map(Piece::data).collect(),
    )
}

#[test]
fn items_are_an_iterator() {
    let script = Script::new([
        pieces(
            EVENTS,
            &["id: 7\ndata: 1\n\nda", "ta: 2\n\ndata: [DONE]\n\n"],
        ),
        pieces(LINES, &["1\n2\n", "3"]),
        pieces(EVENTS, &["data: x\n\ndata: 3\n\n"]),
    ]);
    let client = script.client();
    let mut events = client.request(Watch).stream_blocking().unwrap();
    let items: Result<Vec<u64>, _> = events.iter().collect();
    assert_eq!(items.unwrap(), [1, 2]);
    assert_eq!(events.last_event_id(), "7");
    assert!(events.iter().next().is_none());
    let mut lines = client.request(ReadLines).stream_blocking().unwrap();
    // If an iterator is dropped, the next one continues.
    assert_eq!(lines.iter().next().unwrap().unwrap(), 1);
    let items: Result<Vec<u64>, _> = lines.iter().collect();
    assert_eq!(items.unwrap(), [2, 3]);
    // The stream ends with its error.
    let mut events = client.request(Watch).stream_blocking().unwrap();
    let items: Vec<_> = events.iter().collect();
    assert!(
        matches!(items.as_slice(), [Err(StreamError::Decode { .. })]),
        "{items:?}"
    );
    assert_eq!(script.open(), 0, "each connection is closed");
}

#[test]
fn pieces_are_an_iterator() {
    let script = Script::new([pieces(EVENTS, &["data: a\n\n", "data: b\n\n"])]);
    let client = script.client();
    let opened = || client.request(GetFile).in_pieces_blocking().unwrap();
    let chunks: Result<Vec<_>, _> = opened().bytes().iter().collect();
    assert_eq!(chunks.unwrap(), ["data: a\n\n", "data: b\n\n"]);
    let events: Vec<String> = opened()
        .events()
        .iter()
        .map(|event| event.unwrap().data().to_owned())
        .collect();
    assert_eq!(events, ["a", "b"]);
    assert_eq!(opened().lines().iter().count(), 2);
}

#[test]
fn a_download_is_an_iterator_or_a_file() {
    const PLAIN: &[(&str, &str)] = &[("content-length", "6")];
    const NAMED: &[(&str, &str)] = &[("content-disposition", "attachment; filename=\"a.txt\"")];
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new([
        pieces(PLAIN, &["abc", "def"]),
        pieces(PLAIN, &["abc", "def"]),
        pieces(NAMED, &["abc"]),
        pieces(PLAIN, &["abc"]),
        Answer(404, &[], ""),
    ]);
    let client = script.client();
    let download = || client.request(GetFile).download_blocking();
    let bytes: Result<Vec<_>, _> = download().unwrap().iter().collect();
    assert_eq!(bytes.unwrap().concat(), b"abcdef");
    let path = folder.path().join("x");
    assert_eq!(download().unwrap().save_to_blocking(&path).unwrap(), 6);
    assert_eq!(std::fs::read(&path).unwrap(), b"abcdef");
    let path = download().unwrap().save_in_blocking(folder.path()).unwrap();
    assert_eq!(path, folder.path().join("a.txt"));
    // The body is cut off.
    let result = download()
        .unwrap()
        .save_to_blocking(folder.path().join("y"));
    assert!(matches!(result, Err(SaveError::Stream(_))), "{result:?}");
    assert_eq!(download().unwrap_err().status().unwrap(), 404);
}

#[test]
fn a_stream_continues_after_a_wait() {
    let script = Script::new([
        pieces(EVENTS, &["id: 1\nretry: 20\ndata: 1\n\n"]),
        pieces(EVENTS, &["data: 2\n\n"]),
        Answer(204, &[], ""),
    ]);
    let client = script.client();
    let request = client.request(Watch);
    let mut events = request
        .stream_with_blocking(Reconnect::last_event_id())
        .unwrap();
    let items: Result<Vec<u64>, _> = events.iter().collect();
    assert_eq!(items.unwrap(), [1, 2]);
    assert_eq!(script.waits(), [Duration::from_millis(20); 2]);
    assert_eq!(script.sent()[2].header("last-event-id"), Some("1"));
}

#[tokio::test]
async fn a_transport_that_does_not_block_is_one_error() {
    let script = Script::new([pieces(EVENTS, &[])]).pausing();
    let client = script.client();
    let blocked = [
        client.request(Watch).stream_blocking().map(|_| ()),
        client
            .request(Watch)
            .stream_with_blocking(Reconnect::last_event_id())
            .map(|_| ()),
        client.request(Watch).in_pieces_blocking().map(|_| ()),
        client.request(GetFile).download_blocking().map(|_| ()),
    ];
    for result in blocked {
        let Err(Error::Transport { source, .. }) = result else {
            panic!("{result:?}");
        };
        let source = std::error::Error::source(&source).unwrap();
        assert!(source.to_string().contains(NOT_BLOCKING), "{source}");
    }
    // The head arrives, but not the body.
    let minute = Piece::Wait(Duration::from_secs(60));
    let script = Script::new([Stream(200, EVENTS, vec![minute])]).with_tokio();
    let client = script.client();
    let mut events = client.request(Watch).stream_blocking().unwrap();
    let mut download = client.request(GetFile).download_blocking().unwrap();
    let errors = [
        events.iter().map(Result::unwrap_err).collect::<Vec<_>>(),
        download.iter().map(Result::unwrap_err).collect(),
    ];
    for errors in errors {
        let [StreamError::Transport { source, .. }] = errors.as_slice() else {
            panic!("{errors:?}");
        };
        let source = std::error::Error::source(&source).unwrap();
        assert!(source.to_string().contains(NOT_BLOCKING), "{source}");
    }
}

/// Starts a server for one connection, and reads the request before it calls `serve`.
fn server(serve: impl FnOnce(&mut TcpStream) + Send + 'static) -> (ClientBuilder, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let builder = ClientBuilder::new("https://other.example")
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .transport(Ureq::new());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut request, mut piece) = (Vec::new(), [0; 4096]);
        while !request.ends_with(b"\r\n\r\n") {
            let length = stream.read(&mut piece).unwrap();
            assert_ne!(length, 0, "the request is cut off");
            request.extend_from_slice(&piece[..length]);
        }
        serve(&mut stream);
    });
    (builder, thread)
}

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
const FIRST: &str = "9\r\ndata: 1\n\n\r\n";
const SECOND: &str = "9\r\ndata: 2\n\n\r\n";

/// Waits for the end of a connection.
fn is_closed(stream: &mut TcpStream) -> bool {
    stream.read(&mut [0; 16]).is_ok_and(|length| length == 0)
}

#[test]
fn ureq_gives_each_event_when_it_arrives() {
    let (read, was_read) = channel();
    let (builder, server) = server(move |stream| {
        stream
            .write_all(format!("{HEAD}{FIRST}").as_bytes())
            .unwrap();
        // Wait until the caller has the first event.
        was_read.recv().unwrap();
        stream.write_all(SECOND.as_bytes()).unwrap();
        assert!(is_closed(stream), "the stream was dropped");
    });
    let client = builder.build().unwrap();
    let mut events = client.request(Watch).stream_blocking().unwrap();
    assert_eq!(events.iter().next().unwrap().unwrap(), 1);
    read.send(()).unwrap();
    assert_eq!(events.iter().next().unwrap().unwrap(), 2);
    drop(events);
    server.join().unwrap();
}

#[test]
fn ureq_limits_the_silence_of_a_body_and_the_wait_for_a_head() {
    let short = Duration::from_millis(50);
    let options = || Options::new().timeout(short).idle_timeout(short);
    let (builder, silent) = server(move |stream| {
        stream
            .write_all(format!("{HEAD}{FIRST}").as_bytes())
            .unwrap();
        assert!(is_closed(stream));
    });
    let client = builder.build().unwrap();
    let request = client.request(Watch).with(options());
    let mut events = request.stream_blocking().unwrap();
    assert_eq!(events.iter().next().unwrap().unwrap(), 1);
    let error = events.iter().next().unwrap().unwrap_err();
    let is_short = matches!(error, StreamError::Timeout { limit, .. } if limit == short);
    assert!(is_short && error.is_timeout(), "{error:?}");
    assert!(events.iter().next().is_none());
    silent.join().unwrap();

    let (builder, silent) = server(|stream| assert!(is_closed(stream)));
    let client = builder.retry(Retry::none()).build().unwrap();
    let request = client.request(Watch).with(options());
    let error = request.stream_blocking().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    silent.join().unwrap();
}
