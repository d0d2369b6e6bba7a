//! Responses that are read in pieces: events, lines and bytes.

mod items;
mod limits;

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;

#[cfg(target_os = "linux")]
use super::download::{peak, read_head, serve};
use super::script::Event::{Answer, Hang, Stream};
use super::script::{Event, Piece, Script};
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, Failure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::stream_error::{Raw, StreamError};
use crate::runtime::streamed::{Events, Streamed, Streaming, streamed};
use crate::runtime::{DecodeError, RawEvent};

/// An item of a stream of JSON.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Chunk {
    n: u64,
}

/// A documented failure.
#[derive(Debug, Deserialize, PartialEq)]
struct Problem {
    code: String,
}

impl Failure for Problem {
    fn decode(reply: &Reply) -> Result<Option<Self>, DecodeError> {
        match reply.code() {
            429 => reply.json().map(Some),
            _ => Ok(None),
        }
    }
}

/// An operation that returns JSON, or events if `stream` is set.
#[derive(Clone, Debug, Default)]
struct Complete {
    stream: Option<bool>,
}

impl Operation for Complete {
    const ENDPOINT: Endpoint = Endpoint::post("/complete");
    type Output = Chunk;
    type Failure = Problem;

    fn encode(&self, request: &mut Parts) {
        let stream = self.stream;
        request.json("application/json", &serde_json::json!({ "stream": stream }));
    }

    fn decode(reply: &Reply) -> Result<Chunk, Rejection<Problem>> {
        reply.json_if(200)
    }
}

streamed! { Complete: Streaming::json("text/event-stream"), json Chunk, select(stream = Some(true)) }

macro_rules! streaming {
    ($($name:ident: $streaming:expr, $read:ident $item:ty;)*) => {$(
        #[derive(Clone, Debug)]
        struct $name;

        impl Operation for $name {
            const ENDPOINT: Endpoint = Endpoint::get("/items");
            const ACCEPT: &'static str = "text/event-stream";
            type Output = String;
            type Failure = Problem;

            fn decode(reply: &Reply) -> Result<String, Rejection<Problem>> {
                match reply.code() {
                    200 => Ok(reply.text()?),
                    _ => reply.failure(),
                }
            }
        }

        streamed! { $name: $streaming, $read $item }
    )*};
}

streaming! {
    Terminated: Streaming::json("text/event-stream").until("END"), json Chunk;
    ReadEvents: Streaming::json("text/event-stream"), event ChunkEvent;
    ReadTexts: Streaming::json("text/event-stream"), text_event TextEvent;
    ReadAny: Streaming::json("text/event-stream"), any_event AnyEvent;
    ReadRaw: Streaming::raw("text/event-stream"), raw_event RawEvent;
    ReadLines: Streaming::json("application/x-ndjson"), json Chunk;
    ReadSequence: Streaming::json("application/json-seq"), json Chunk;
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct ChunkEvent {
    event: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    data: Chunk,
}

#[derive(Debug, Deserialize, PartialEq)]
struct TextEvent {
    data: String,
}

/// A union that the field `event` selects.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(tag = "event", content = "data", rename_all = "lowercase")]
enum AnyEvent {
    Chunk(Chunk),
    Ping(String),
}

const EVENTS: &[(&str, &str)] = &[("content-type", "text/event-stream; charset=utf-8")];
const LINES: &[(&str, &str)] = &[("content-type", "application/jsonl")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

fn events(pieces: impl IntoIterator<Item = &'static str>) -> Event {
    Stream(200, EVENTS, pieces.into_iter().map(Piece::data).collect())
}

async fn open<O: Streamed<Failure: Debug>>(script: &Script, operation: O) -> Events<O::Item> {
    script.client().request(operation).stream().await.unwrap()
}

/// Returns the items before the end or the error, and the error.
async fn collect<T>(mut events: Events<T>) -> (Vec<T>, Option<StreamError>) {
    let mut items = Vec::new();
    while let Some(item) = events.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(error) => {
                assert!(events.next().await.is_none(), "a stream ends with an error");
                return (items, Some(error));
            }
        }
    }
    assert!(events.next().await.is_none());
    (items, None)
}

async fn read<O: Streamed<Failure: Debug>>(
    operation: O,
    event: Event,
) -> (Vec<O::Item>, Option<StreamError>) {
    let script = Script::new([event]);
    let read = collect(open(&script, operation).await).await;
    assert_eq!(script.open(), 0, "the connection is closed");
    read
}

fn numbers(chunks: &[Chunk]) -> Vec<u64> {
    chunks.iter().map(|chunk| chunk.n).collect()
}

#[tokio::test]
async fn the_call_sets_the_stream_property_and_the_accept_header() {
    let script = Script::new([events([
        "data: {\"n\":1}\n\n",
        "data: {\"n\":2}\n\ndata: [DONE]\n\n",
    ])]);
    let (chunks, error) = collect(open(&script, Complete::default()).await).await;
    assert_eq!(numbers(&chunks), [1, 2]);
    assert!(error.is_none());
    let [sent] = &script.sent()[..] else { panic!() };
    assert_eq!(sent.header("accept"), Some("text/event-stream"));
    assert_eq!(sent.body, b"{\"stream\":true}");

    script.then([Answer(200, JSON, "{\"n\":3}")]);
    let client = script.client();
    let chunk = client.request(Complete { stream: None }).await.unwrap();
    assert_eq!(chunk.n, 3);
    let [sent] = &script.sent()[..] else { panic!() };
    assert_eq!(sent.header("accept"), Some("application/json"));
    assert_eq!(sent.body, b"{\"stream\":null}");
}

#[tokio::test]
async fn an_unexpected_stream_of_events_is_an_error_with_a_hint() {
    let script = Script::new([Stream(
        200,
        EVENTS,
        vec![Piece::Wait(Duration::from_secs(3600))],
    )]);
    let client = script.client();
    let error = client
        .request(Complete { stream: Some(true) })
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    let message = error.to_string();
    assert!(
        message.contains("call `stream()`, or `in_pieces()` and `events()`"),
        "{message}"
    );
    assert!(message.contains("x-streaming"), "{message}");
    // The call does not wait for the end of the stream.
    assert_eq!(script.open(), 0);
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_failure_is_typed() {
    let script = Script::new([Answer(429, JSON, "{\"code\":\"slow_down\"}")]);
    let builder = script.builder().retry(crate::runtime::Retry::none());
    let client = builder.build().unwrap();
    let error = client
        .request(Complete::default())
        .stream()
        .await
        .unwrap_err();
    assert_eq!(error.failure().unwrap().code, "slow_down");
    let error = client
        .request(Complete::default())
        .in_pieces()
        .await
        .unwrap_err();
    assert_eq!(error.failure().unwrap().code, "slow_down");
    script.then([Answer(404, &[], "no")]);
    let error = client
        .request(Complete::default())
        .stream()
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error:?}");
    assert_eq!(error.bytes().unwrap().as_ref(), b"no");
}

#[tokio::test]
async fn a_success_of_another_media_type_is_an_error_with_its_body() {
    let html = [("content-type", "text/html")];
    let html: &'static [_] = Box::leak(Box::new(html));
    for (headers, body) in [(html, "<h1>502 Bad Gateway</h1>"), (JSON, "{\"n\":1}")] {
        let script = Script::new([Answer(200, headers, body)]);
        let client = script.client();
        let error = client
            .request(Complete::default())
            .stream()
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_eq!(error.bytes().unwrap(), body);
        let message = error.to_string();
        assert!(message.contains("and not `text/event-stream`"), "{message}");
    }
    // A response without a media type can be a stream.
    let script = Script::new([Answer(200, &[], "data: {\"n\":1}\n\n")]);
    let (chunks, _) = collect(open(&script, Complete::default()).await).await;
    assert_eq!(numbers(&chunks), [1]);
}

#[tokio::test]
async fn a_retry_comes_before_the_head_and_never_after() {
    let script = Script::new([
        Answer(429, JSON, "{\"code\":\"a\"}"),
        Stream(
            200,
            EVENTS,
            vec![Piece::data("data: {\"n\":1}\n\n"), Piece::Reset],
        ),
    ]);
    let (chunks, error) = collect(open(&script, Complete::default()).await).await;
    assert_eq!(numbers(&chunks), [1]);
    assert!(
        matches!(error, Some(StreamError::Transport { .. })),
        "{error:?}"
    );
    assert_eq!(script.sent().len(), 2);
    assert_eq!(script.open(), 0);
}

#[tokio::test]
async fn a_stream_of_json_ends_with_done_or_with_its_body() {
    let done = read(
        Complete::default(),
        events(["data: {\"n\":1}\n\ndata: [DONE]\n\ndata: {\"n\":2}\n\n"]),
    );
    let (chunks, error) = done.await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1], true));
    let (chunks, error) = read(
        Complete::default(),
        events(["data: {\"n\":1}\n\ndata: {\"n\":2}\n"]),
    )
    .await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1], true));
    // Only the exact text ends a stream.
    let (_, error) = read(Complete::default(), events(["data: [DONE] \n\n"])).await;
    assert!(
        matches!(error, Some(StreamError::Decode { .. })),
        "{error:?}"
    );
    let (raw, _) = read(ReadRaw, events(["data: [DONE]\n\n"])).await;
    assert_eq!(raw[0].data(), "[DONE]");
}

#[tokio::test]
async fn a_stream_without_its_terminator_is_cut_off() {
    let (chunks, error) = read(Terminated, events(["data: {\"n\":1}\n\ndata: END\n\n"])).await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1], true));
    let (chunks, error) = read(Terminated, events(["data: {\"n\":1}\n\n"])).await;
    assert_eq!(numbers(&chunks), [1]);
    let error = error.unwrap();
    assert!(
        matches!(error, StreamError::CutOff { place: None, .. }),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "GET /items: the stream is cut off: its terminator did not arrive"
    );
}

#[tokio::test]
async fn an_error_of_the_server_is_an_error_with_the_event() {
    for text in [
        "data: {\"n\":1}\n\nevent: error\ndata: overloaded\n\ndata: {\"n\":2}\n\n",
        "data: {\"n\":1}\n\ndata: {\"error\":{\"message\":\"overloaded\",\"api_key\":\"hush\"}}\n\n",
    ] {
        let (chunks, error) = read(Complete::default(), events([text])).await;
        assert_eq!(numbers(&chunks), [1]);
        let error = error.unwrap();
        let StreamError::Event { place, raw, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(place.to_string(), "event 2");
        let Raw::Event(event) = &**raw else { panic!() };
        assert!(event.data().contains("overloaded"));
        assert_eq!(error.raw(), Some(&**raw));
        let message = error.to_string();
        assert!(
            message.starts_with("POST /complete: event 2 is an error of the server"),
            "{message}"
        );
        assert!(!message.contains("hush") && !format!("{error:?}").contains("hush"));
    }
}

#[tokio::test]
async fn any_response_can_be_read_in_pieces() {
    let headers: &[_] = &[
        ("content-type", "text/plain"),
        ("content-length", "9"),
        ("x-request-id", "r1"),
    ];
    let script = Script::new([Stream(
        200,
        headers,
        ["a\n", "", "b\r\n", "\nc", "d"].map(Piece::data).to_vec(),
    )]);
    let client = script.client();
    let request = || client.request(Complete::default()).in_pieces();
    let pieces = request().await.unwrap();
    assert_eq!(pieces.status(), 200);
    assert_eq!(
        (pieces.length(), pieces.content_type()),
        (Some(9), Some("text/plain"))
    );
    assert_eq!((pieces.request_id(), pieces.attempts()), (Some("r1"), 1));
    let mut chunks = pieces.bytes();
    let mut all = Vec::new();
    while let Some(chunk) = chunks.next().await {
        all.push(chunk.unwrap());
    }
    assert_eq!(all, ["a\n", "b\r\n", "\nc", "d"]);

    let mut lines = request().await.unwrap().lines();
    let mut all = Vec::new();
    while let Some(line) = lines.next().await {
        let line = line.unwrap();
        all.push((line.number(), line.text().into_owned()));
    }
    assert_eq!(
        all,
        [
            (1, "a".to_owned()),
            (2, "b".to_owned()),
            (4, "cd".to_owned())
        ]
    );
    // The caller's value of `stream` is sent.
    assert_eq!(script.sent()[0].body, b"{\"stream\":null}");

    script.then([events(["id: 3\nretry: 20\nevent: a\ndata: 1\n\n"])]);
    let mut events = request().await.unwrap().events();
    let event = events.next().await.unwrap().unwrap();
    assert_eq!((event.event(), event.data()), ("a", "1"));
    assert_eq!(
        (events.last_event_id(), events.retry()),
        ("3", Some(Duration::from_millis(20)))
    );
    assert!(events.next().await.is_none());
    assert_eq!(script.open(), 0);
}

#[cfg(feature = "stream")]
#[tokio::test]
async fn streams_are_streams() {
    use futures_core::Stream as _;
    let script = Script::new([events(["data: {\"n\":1}\n\n"])]);
    let mut stream = open(&script, Complete::default()).await;
    let mut next =
        std::future::poll_fn(|context| std::pin::Pin::new(&mut stream).poll_next(context));
    assert_eq!((&mut next).await.unwrap().unwrap().n, 1);
    assert!(next.await.is_none());
}

/// Streams can be moved to another task.
#[test]
fn streams_are_send_and_static() {
    fn check<T: Send + 'static>() {}
    check::<Events<Chunk>>();
    check::<crate::runtime::pieces::Pieces>();
    check::<crate::runtime::pieces::Chunks>();
    check::<crate::runtime::sequence::Lines>();
    check::<crate::runtime::sequence::RawEvents>();
}
