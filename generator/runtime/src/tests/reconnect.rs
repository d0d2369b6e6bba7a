//! Streams of events that continue after their connection ends.

use std::fmt::Debug;
use std::time::Duration;

use super::script::Event::{Answer, Hang, Stream, Unreachable};
use super::script::{Event, Piece, Script, operations};
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::operation::Operation;
use crate::runtime::options::Options;
use crate::runtime::reconnect::Reconnect;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::stream_error::StreamError;
use crate::runtime::streamed::{Events, Streamed, Streaming, streamed};

operations! {
    Watch get "/watch", ACCEPT: &'static str = "text/event-stream";
    Terminated get "/watch", ACCEPT: &'static str = "text/event-stream";
    Create post "/watch", ACCEPT: &'static str = "text/event-stream";
    ReadLines get "/watch", ACCEPT: &'static str = "application/jsonl";
}

streamed! { Watch: Streaming::json("text/event-stream"), json u64 }
streamed! { Terminated: Streaming::json("text/event-stream").until("END"), json u64 }
streamed! { Create: Streaming::json("text/event-stream"), json u64 }
streamed! { ReadLines: Streaming::json("application/jsonl"), json u64 }

/// An operation with the header as an input.
#[derive(Clone, Debug)]
struct WatchSince(&'static str);

impl Operation for WatchSince {
    const ENDPOINT: Endpoint = Endpoint::get("/watch");
    type Output = ();
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.header_text("Last-Event-ID", self.0);
    }

    fn decode(_: &Reply) -> Result<(), Rejection<NoFailure>> {
        Err(Rejection::Undocumented)
    }
}

streamed! { WatchSince: Streaming::json("text/event-stream"), json u64 }

const EVENTS: &[(&str, &str)] = &[("content-type", "text/event-stream")];
const OVER: Event = Answer(204, &[], "");
const THREE_SECONDS: Duration = Duration::from_secs(3);

/// A connection that ends after this text.
fn ends(text: &'static str) -> Event {
    Stream(200, EVENTS, vec![Piece::data(text)])
}

/// A connection that is lost after this text.
fn breaks(text: &'static str) -> Event {
    Stream(200, EVENTS, vec![Piece::data(text), Piece::Reset])
}

async fn open<O: Streamed<Item = u64, Failure: Debug>>(
    script: &Script,
    operation: O,
) -> Events<u64> {
    let client = script.client();
    let options = Options::new().retry(Retry::none());
    let request = client.request(operation).with(options);
    let events = request.stream_with(Reconnect::last_event_id()).await;
    events.unwrap()
}

/// Returns the items, and the error at the end.
async fn collect(mut events: Events<u64>) -> (Vec<u64>, Option<StreamError>) {
    let (mut items, mut error) = (Vec::new(), None);
    while let Some(item) = events.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(last) => error = Some(last),
        }
    }
    assert!(events.next().await.is_none());
    (items, error)
}

/// Returns the `Last-Event-ID` of each request, as bytes.
fn ids(script: &Script) -> Vec<Option<Vec<u8>>> {
    let id = |sent: &super::script::Sent| {
        assert_eq!(sent.header("accept"), Some("text/event-stream"));
        let id = sent.request.headers().get("last-event-id")?;
        Some(id.as_bytes().to_owned())
    };
    script.sent().iter().map(id).collect()
}

fn some(id: &str) -> Option<Vec<u8>> {
    Some(id.as_bytes().to_owned())
}

#[tokio::test]
async fn the_last_id_is_sent_after_the_time_of_retry() {
    let script = Script::new([
        // The second event is incomplete: its data and its id are ignored.
        breaks("id: 1\ndata: 1\n\nid: 2\ndata: 9\n"),
        // A BOM is skipped at the beginning of each body.
        ends("\u{feff}data: 2\n\nid: 3\nretry: 20\ndata: 3\n\n"),
        ends("data: 4\n\n"),
        OVER,
    ]);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(items, [1, 2, 3, 4]);
    assert_eq!(ids(&script), [None, some("1"), some("3"), some("3")]);
    let short = Duration::from_millis(20);
    assert_eq!(script.waits(), [THREE_SECONDS, short, short]);
    assert_eq!(script.open(), 0, "each connection is closed");
}

#[tokio::test]
async fn nothing_reconnects_by_default() {
    for event in [breaks("id: 1\ndata: 1\n\n"), ends("id: 1\ndata: 1\n\n")] {
        let breaks = matches!(&event, Stream(_, _, pieces) if pieces.len() == 2);
        let script = Script::new([event]);
        let client = script.client();
        let mut events = client.request(Watch).stream().await.unwrap();
        assert_eq!(events.next().await.unwrap().unwrap(), 1);
        assert_eq!(events.next().await.is_some(), breaks);
        assert!(events.next().await.is_none());
        // The caller can continue the stream.
        assert_eq!(events.last_event_id(), "1");
        assert_eq!(script.sent().len(), 1);
        assert_eq!(script.waits(), []);
    }
}

#[tokio::test]
async fn only_a_get_of_events_can_reconnect() {
    async fn error<O: Streamed<Failure: Debug>>(operation: O) -> String {
        let script = Script::new([ends("data: 1\n\n")]);
        let client = script.client();
        let request = client.request(operation);
        let error = request.stream_with(Reconnect::last_event_id()).await;
        let error = error.err().unwrap();
        assert!(matches!(error, Error::Encode(_)), "{error:?}");
        assert!(script.sent().is_empty(), "nothing is sent");
        error.to_string()
    }
    let message = error(Create).await;
    assert!(message.contains("only a GET can reconnect"), "{message}");
    let message = error(ReadLines).await;
    assert!(message.contains("only server-sent events"), "{message}");

    let script = Script::new([ends("data: 1\n\n")]).timerless();
    let client = script.builder().retry(Retry::none()).build().unwrap();
    let request = client.request(Watch);
    let error = request.stream_with(Reconnect::last_event_id()).await;
    assert!(matches!(error, Err(Error::Encode(_))), "{error:?}");
    assert!(script.sent().is_empty());
}

#[tokio::test]
async fn a_stream_does_not_reconnect_after_its_end() {
    // The first response has no events.
    let script = Script::new([OVER]);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert!(items.is_empty() && error.is_none());
    assert_eq!(script.sent().len(), 1);

    let script = Script::new([ends("data: 1\n\ndata: [DONE]\n\n")]);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert!(items == [1] && error.is_none());
    assert_eq!(script.sent().len(), 1);

    let script = Script::new([ends("data: 1\n\n"), ends("data: 2\n\ndata: END\n\n")]);
    let (items, error) = collect(open(&script, Terminated).await).await;
    assert!(items == [1, 2] && error.is_none());
    assert_eq!(script.sent().len(), 2);

    // Events are numbered over all connections.
    for (text, message) in [
        ("data: \"x\"\n\n", "event 2: "),
        (
            "data: {\"error\":1}\n\n",
            "event 2 is an error of the server",
        ),
    ] {
        let script = Script::new([breaks("data: 1\n\n"), ends(text)]);
        let (items, error) = collect(open(&script, Watch).await).await;
        assert_eq!(items, [1]);
        let error = error.unwrap().to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(script.sent().len(), 2);
    }
}

#[tokio::test]
async fn a_response_other_than_a_stream_of_events_is_an_error() {
    const HTML: &[(&str, &str)] = &[("content-type", "text/html")];
    for (answer, message) in [
        (
            Answer(404, &[], ""),
            "cannot reconnect: GET /watch answered 404",
        ),
        (
            Answer(500, &[], ""),
            "cannot reconnect: GET /watch answered 500",
        ),
        (Answer(200, HTML, "<p>"), "the body is `text/html`"),
    ] {
        let script = Script::new([ends("data: 1\n\n"), answer]);
        let (items, error) = collect(open(&script, Watch).await).await;
        assert_eq!(items, [1]);
        let error = error.unwrap();
        assert!(matches!(error, StreamError::Reconnect { .. }), "{error:?}");
        assert!(error.to_string().contains(message), "{error}");
        assert!(!error.to_string().contains("does not describe"), "{error}");
        assert_eq!(script.sent().len(), 2);
    }
}

#[tokio::test]
async fn attempts_without_an_event_have_a_limit() {
    // An event resets the count.
    let mut events = vec![ends("data: 1\n\n")];
    events.extend(vec![Unreachable; 4]);
    events.push(breaks("data: 2\n\n: a comment\n\n"));
    events.push(Unreachable);
    let script = Script::new(events);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert_eq!(items, [1, 2]);
    let error = error.unwrap();
    assert!(matches!(error, StreamError::Reconnect { .. }), "{error:?}");
    assert!(error.to_string().contains("no connection"), "{error}");
    assert_eq!(script.sent().len(), 11);
    assert_eq!(script.waits(), [THREE_SECONDS; 10]);

    // A connection without an event also counts as an attempt.
    let script = Script::new([ends("data: 1\n\n"), ends(": a comment\n\n")]);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert_eq!(items, [1]);
    let error = error.unwrap();
    assert!(matches!(error, StreamError::CutOff { .. }), "{error:?}");
    assert_eq!(script.sent().len(), 6);

    let script = Script::new([breaks("data: 1\n\n"), breaks("")]);
    let client = script.client();
    let reconnect = Reconnect::last_event_id().max_attempts(1);
    let reconnect = reconnect.delay(Duration::from_secs(1));
    let events = client.request(Watch).stream_with(reconnect).await.unwrap();
    let (_, error) = collect(events).await;
    assert!(
        matches!(error, Some(StreamError::Transport { .. })),
        "{error:?}"
    );
    assert_eq!(script.waits(), [Duration::from_secs(1)]);
    assert_eq!(script.sent().len(), 2);
}

#[tokio::test]
async fn the_id_of_an_event_replaces_that_of_the_caller() {
    let events = || {
        [
            ends("data: 1\n\n"),
            ends("id: 1\u{20ac}\ndata: 2\n\n"),
            ends("id\ndata: 3\n\n"),
            OVER,
        ]
    };
    let expected = [some("0"), some("0"), some("1\u{20ac}"), None];
    let script = Script::new(events());
    let (items, error) = collect(open(&script, WatchSince("0")).await).await;
    assert!(items == [1, 2, 3] && error.is_none(), "{error:?}");
    assert_eq!(ids(&script), expected);

    let script = Script::new(events());
    let client = script.client();
    let options = Options::new().header("Last-Event-ID", "0");
    let request = client.request(Watch).with(options);
    let events = request.stream_with(Reconnect::last_event_id()).await;
    let (items, error) = collect(events.unwrap()).await;
    assert!(items == [1, 2, 3] && error.is_none(), "{error:?}");
    assert_eq!(ids(&script), expected);

    // A control character cannot be sent, which is an error.
    let script = Script::new([ends("id: \u{1}\ndata: 1\n\n")]);
    let (items, error) = collect(open(&script, Watch).await).await;
    assert_eq!(items, [1]);
    let error = error.unwrap().to_string();
    assert!(error.contains("`Last-Event-ID`"), "{error}");
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_replaced() {
    let silent = Stream(
        200,
        EVENTS,
        vec![
            Piece::data("id: 1\ndata: 1\n\n"),
            Piece::Wait(Duration::from_secs(3600)),
        ],
    );
    let script = Script::new([silent, ends("data: 2\n\n"), Hang]).with_tokio();
    let mut events = open(&script, Watch)
        .await
        .idle_timeout(Duration::from_secs(10));
    assert_eq!(events.next().await.unwrap().unwrap(), 1);
    assert_eq!(events.next().await.unwrap().unwrap(), 2);
    assert_eq!(script.open(), 1);
    let [first, second] = &script.sent()[..] else {
        panic!()
    };
    assert_eq!(first.at, Duration::ZERO);
    assert_eq!(second.at, Duration::from_secs(13));
    assert_eq!(second.header("last-event-id"), Some("1"));

    // The future can be dropped while it reconnects. Each attempt has the timeout of the call.
    let next = tokio::time::timeout(Duration::from_secs(10), events.next());
    assert!(next.await.is_err());
    assert_eq!((script.sent().len(), script.open()), (1, 0));
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    let sent: Vec<_> = script.sent().iter().map(|sent| sent.at.as_secs()).collect();
    assert_eq!(sent, [16 + 63, 16 + 2 * 63, 16 + 3 * 63, 16 + 4 * 63]);
}

#[tokio::test]
async fn a_wait_that_is_longer_than_allowed_ends_the_stream() {
    let asks = |milliseconds: &str| {
        let text = format!("retry: {milliseconds}\ndata: 1\n\n");
        let end = Stream(200, EVENTS, vec![Piece::Data(text.into())]);
        Script::new([end, OVER])
    };
    let script = asks("60000");
    let (items, error) = collect(open(&script, Watch).await).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        (items, script.waits()),
        (vec![1], vec![Duration::from_secs(60)])
    );

    for milliseconds in ["60001", "3600000", "18446744073709551615"] {
        let script = asks(milliseconds);
        let (items, error) = collect(open(&script, Watch).await).await;
        assert_eq!(items, [1]);
        let error = error.unwrap().to_string();
        assert!(error.contains("`max_server_delay`"), "{error}");
        assert_eq!((script.sent().len(), script.waits().len()), (1, 0));
    }

    // Both are set by the caller.
    let reconnect = Reconnect::last_event_id().max_server_delay(Duration::from_millis(10));
    for (milliseconds, waits) in [("10", 1), ("11", 0)] {
        let script = asks(milliseconds);
        let client = script.client();
        let events = client.request(Watch).stream_with(reconnect).await;
        let (_, error) = collect(events.unwrap()).await;
        assert_eq!((error.is_none(), script.waits().len()), (waits == 1, waits));
    }
    let script = Script::new([ends("data: 1\n\n"), OVER]);
    let client = script.client();
    let own = reconnect.delay(Duration::from_secs(600));
    let events = client.request(Watch).stream_with(own).await;
    assert!(collect(events.unwrap()).await.1.is_none());
    assert_eq!(script.waits(), [Duration::from_secs(600)]);
}
