//! Responses that are read in pieces: events, lines and bytes.

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
use crate::runtime::sequence::{Raw, StreamError};
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
async fn an_item_that_cannot_be_read_is_an_error_with_its_place() {
    let (chunks, error) = read(
        Complete::default(),
        events([": hello\n\ndata: {\"n\":1}\n\ndata: {\"n\":\"x\"}\n\ndata: {\"n\":2}\n\n"]),
    )
    .await;
    assert_eq!(numbers(&chunks), [1]);
    let error = error.unwrap();
    let StreamError::Decode {
        place, source, raw, ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!((place.number(), source.path()), (2, ".n"));
    assert_eq!(raw.bytes(), b"{\"n\":\"x\"}");
    assert!(
        error
            .to_string()
            .starts_with("POST /complete: event 2: .n: "),
        "{error}"
    );
}

#[tokio::test]
async fn an_event_may_be_described_with_its_fields() {
    let text = "event: a\nid: \"7\nretry: 5\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\n";
    let (items, error) = read(ReadEvents, events([text])).await;
    assert!(error.is_none());
    let first = ChunkEvent {
        event: Some("a".to_owned()),
        id: Some("\"7".to_owned()),
        retry: Some(5),
        data: Chunk { n: 1 },
    };
    let second = ChunkEvent {
        event: None,
        id: None,
        retry: None,
        data: Chunk { n: 2 },
    };
    assert_eq!(items, [first, second]);
    // The data cannot add a field to the event.
    let (_, error) = read(ReadEvents, events(["data: {\"n\":2},\"event\":\"b\"\n\n"])).await;
    let Some(StreamError::Decode { source, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(source.path(), ".data");
    let (items, _) = read(ReadTexts, events(["data: \"quoted\"\n\n"])).await;
    assert_eq!(items[0].data, "\"quoted\"");
    let (items, _) = read(
        ReadAny,
        events(["event: chunk\ndata: {\"n\":1}\n\nevent: ping\ndata: now\n\nevent: ping\ndata: \"a\"\n\n"]),
    )
    .await;
    assert_eq!(
        items,
        [
            AnyEvent::Chunk(Chunk { n: 1 }),
            AnyEvent::Ping("now".to_owned()),
            AnyEvent::Ping("\"a\"".to_owned())
        ]
    );
}

#[tokio::test]
async fn lines_of_json_have_their_numbers_in_errors() {
    let stream = |headers, text| Stream(200, headers, vec![Piece::data(text)]);
    let (chunks, error) = read(ReadLines, stream(LINES, "{\"n\":1}\r\n\n{\"n\":2}")).await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1, 2], true));
    let (chunks, error) = read(ReadLines, stream(LINES, "{\"n\":1}\n\n{\"n\":}\n")).await;
    assert_eq!(numbers(&chunks), [1]);
    assert!(
        error
            .unwrap()
            .to_string()
            .starts_with("GET /items: line 3: ")
    );
    let (_, error) = read(ReadLines, stream(LINES, "{\"error\":\"full\"}\n")).await;
    let error = error.unwrap();
    assert!(matches!(error, StreamError::Event { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "GET /items: line 1 is an error of the server: {\"error\":\"full\"}"
    );

    let sequence: &[_] = &[("content-type", "application/json-seq")];
    let (chunks, error) = read(
        ReadSequence,
        stream(sequence, "\x1E{\"n\":1}\n\x1E{\"n\":2}\n"),
    )
    .await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1, 2], true));
    let (chunks, error) = read(
        ReadSequence,
        stream(sequence, "\x1E{\"n\":1}\n\x1E{\"n\":2"),
    )
    .await;
    assert_eq!(numbers(&chunks), [1]);
    assert_eq!(
        error.unwrap().to_string(),
        "GET /items: text 2: the text is incomplete"
    );
}

/// tokio's clock is paused, and advances to the next timer.
#[tokio::test(start_paused = true)]
async fn silence_is_an_error_unless_comments_arrive() {
    let wait = |seconds| Piece::Wait(Duration::from_secs(seconds));
    let mut pieces = vec![Piece::data("data: {\"n\":1}\n\n")];
    for _ in 0..10 {
        pieces.extend([wait(59), Piece::data(": still here\n")]);
    }
    pieces.extend([
        Piece::data("data: {\"n\":2}\n\n"),
        wait(61),
        Piece::data("data: {\"n\":3}\n\n"),
    ]);
    let script = Script::new([Stream(200, EVENTS, pieces)]).with_tokio();
    // The stream takes longer than the timeout of a call, which covers only the head.
    let stream = open(&script, Complete::default()).await;
    let (chunks, error) = collect(stream).await;
    assert_eq!(numbers(&chunks), [1, 2]);
    let error = error.unwrap();
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "POST /complete: nothing arrived for 60s");
    assert_eq!(script.open(), 0);

    let script = Script::new([Stream(
        200,
        EVENTS,
        vec![wait(3600), Piece::data("data: {\"n\":1}\n\n")],
    )])
    .with_tokio();
    let stream = open(&script, Complete::default()).await.idle_timeout(None);
    assert_eq!(numbers(&collect(stream).await.0), [1]);
    let stream = open(&script, Complete::default()).await;
    let stream = stream.idle_timeout(Duration::from_secs(1));
    assert!(collect(stream).await.1.unwrap().is_timeout());

    // As an option, it is also in the limits for a blocking transport.
    let client = script.client();
    let options = Options::new().idle_timeout(Duration::from_secs(2));
    let request = client.request(Complete::default()).with(options);
    let stream = request.stream().await.unwrap();
    let error = collect(stream).await.1.unwrap();
    assert_eq!(error.to_string(), "POST /complete: nothing arrived for 2s");
    let limits = script.sent().pop().unwrap().limits;
    assert_eq!(limits.idle_timeout, Some(Duration::from_secs(2)));
}

#[tokio::test(start_paused = true)]
async fn the_head_has_the_timeout_of_the_call() {
    let script = Script::new([Hang]).with_tokio();
    let client = script
        .builder()
        .timeout(Duration::from_secs(7))
        .build()
        .unwrap();
    let before = tokio::time::Instant::now();
    let error = client
        .request(Complete::default())
        .stream()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(before.elapsed().as_secs(), 7);
    // The transport gets no timeout, because it would include the body.
    let limits = script.sent()[0].limits;
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(limits.timeout, None);
    assert_eq!(
        (limits.head_timeout, limits.idle_timeout),
        (seconds(7), seconds(60))
    );
    // The timeout of the call includes the body of a failure.
    let body = vec![Piece::data("{"), Piece::Wait(Duration::from_secs(3600))];
    script.then([Stream(404, JSON, body)]);
    let error = client
        .request(Complete::default())
        .in_pieces()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(before.elapsed().as_secs(), 14);
}

#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let script = Script::new([events(["data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n"])]);
    let mut stream = open(&script, Complete::default()).await;
    assert_eq!(stream.next().await.unwrap().unwrap().n, 1);
    assert_eq!(script.open(), 1);
    drop(stream);
    assert_eq!(script.open(), 0);
    let pieces = script
        .client()
        .request(Complete::default())
        .in_pieces()
        .await
        .unwrap();
    assert_eq!(script.open(), 1);
    drop(pieces);
    assert_eq!(script.open(), 0);
}

#[tokio::test]
async fn an_item_has_a_limit_and_a_stream_has_none() {
    let data = |length: usize| {
        let text = format!("data: {{\"n\":1,\"pad\":\"{}\"}}\n\n", "x".repeat(length));
        Piece::Data(Bytes::from(text))
    };
    let pad = (4 << 20) - "{\"n\":1,\"pad\":\"\"}".len();
    let stream = |pieces| Stream(200, EVENTS, pieces);
    let (chunks, error) = read(Complete::default(), stream(vec![data(pad); 20])).await;
    assert_eq!((chunks.len(), error.is_none()), (20, true));
    let (chunks, error) = read(Complete::default(), stream(vec![data(1), data(pad + 1)])).await;
    assert_eq!(chunks.len(), 1);
    assert_eq!(
        error.unwrap().to_string(),
        "POST /complete: event 2 has more than 4194304 bytes"
    );
    let script = Script::new([stream(vec![data(100)])]);
    let small = open(&script, Complete::default()).await.max_bytes(100);
    assert!(matches!(
        collect(small).await.1,
        Some(StreamError::TooLarge { limit: 100, .. })
    ));
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

/// Run it alone: `cargo test -p runtime --lib -- --ignored a_stream_of_a_gibibyte`.
#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "it moves 1 GiB"]
async fn a_stream_of_a_gibibyte_takes_less_than_10_mebibytes_of_memory() {
    use std::io::Write;

    const PER_BLOCK: u64 = 64;
    const BLOCKS: u64 = 1 << 14;
    let url = serve(|stream| {
        read_head(stream);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let text = "x".repeat(1000);
        let event = format!("id: 1\ndata: {{\"n\":1,\"text\":\"{text}\"}}\n\n");
        assert!(event.len() >= 1 << 10);
        let block = event.repeat(PER_BLOCK as usize);
        for _ in 0..BLOCKS {
            stream.write_all(block.as_bytes()).unwrap();
        }
        stream.write_all(b"data: END\n\n").unwrap();
    });
    let client = crate::runtime::ClientBuilder::new("http://x")
        .base_url(url)
        .build()
        .unwrap();
    let before = peak();
    let mut events = client.request(Terminated).stream().await.unwrap();
    let mut count = 0;
    while let Some(chunk) = events.next().await {
        count += chunk.unwrap().n;
    }
    assert_eq!(count, PER_BLOCK * BLOCKS);
    let taken = peak() - before;
    println!("{taken} bytes");
    assert!(taken < 10 << 20, "{taken} bytes");
}
