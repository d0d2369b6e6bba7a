//! The speed of the parser of server-sent events, compared to two crates:
//! `cargo bench -p runtime --bench events`.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "of the runtime, only the parser of events is measured"
)]

#[path = "../../generator/runtime/src/lib.rs"]
mod runtime;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use futures_core::Stream;
use runtime::events::EventParser;

fn main() {
    for body in BODIES {
        let expected = ours(body.pieces());
        assert_eq!(sseer(body.pieces()), expected, "{}", body.name);
        assert_eq!(eventsource(body.pieces()), expected, "{}", body.name);
    }
    divan::main();
}

/// A body of about 1 MiB.
struct Body {
    name: &'static str,
    event: fn(usize) -> String,
    /// The number of bytes in a piece; `None` for pieces of one event.
    piece: Option<usize>,
}

const BODIES: &[Body] = &[
    Body {
        name: "chunks of a chat, event by event",
        event: chat,
        piece: None,
    },
    Body {
        name: "chunks of a chat, 1,400 bytes",
        event: chat,
        piece: Some(1400),
    },
    Body {
        name: "chunks of a chat, 16 KiB",
        event: chat,
        piece: Some(16 << 10),
    },
    Body {
        name: "all fields, 1,400 bytes",
        event: fields,
        piece: Some(1400),
    },
    Body {
        name: "long data, 16 KiB",
        event: long,
        piece: Some(16 << 10),
    },
];

fn chat(at: usize) -> String {
    format!(
        "data: {{\"id\":\"chatcmpl-9Xa\",\"object\":\"chat.completion.chunk\",\"created\":1730000000,\
         \"model\":\"m-1\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\" word{at}\"}},\
         \"finish_reason\":null}}]}}\n\n"
    )
}

fn fields(at: usize) -> String {
    format!(": ping\nevent: change\nid: {at}\ndata: {{\ndata: \"at\": {at}\ndata: }}\n\n")
}

fn long(_: usize) -> String {
    format!("data: {}\n\n", "0123456789abcdef".repeat(4 << 10))
}

impl Body {
    fn pieces(&self) -> Vec<Bytes> {
        let (mut events, mut size) = (Vec::new(), 0);
        while size < 1 << 20 {
            let event = (self.event)(events.len());
            size += event.len();
            events.push(event);
        }
        match self.piece {
            None => events.into_iter().map(Bytes::from).collect(),
            Some(piece) => {
                let all = Bytes::from(events.concat());
                let starts = (0..all.len()).step_by(piece);
                let pieces = starts.map(|start| all.slice(start..all.len().min(start + piece)));
                pieces.collect()
            }
        }
    }
}

impl std::fmt::Display for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The number of events and of bytes in their data.
type Sum = (usize, usize);

fn ours(pieces: Vec<Bytes>) -> Sum {
    let mut parser = EventParser::new(4 << 20);
    let mut sum = (0, 0);
    for piece in pieces {
        parser.push(piece);
        while let Some(event) = parser.next().unwrap() {
            let event = black_box(event);
            sum = (sum.0 + 1, sum.1 + event.data().len());
        }
    }
    sum
}

/// A body that is available at once.
struct Ready(std::vec::IntoIter<Bytes>);

impl Stream for Ready {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(Ok))
    }
}

fn drain<S: Stream<Item = Result<T, E>> + Unpin, T, E: std::fmt::Debug>(
    mut stream: S,
    data: impl Fn(&T) -> usize,
) -> Sum {
    let mut context = Context::from_waker(Waker::noop());
    let mut sum = (0, 0);
    while let Poll::Ready(Some(event)) = Pin::new(&mut stream).poll_next(&mut context) {
        let event = black_box(event.unwrap());
        sum = (sum.0 + 1, sum.1 + data(&event));
    }
    sum
}

fn sseer(pieces: Vec<Bytes>) -> Sum {
    let stream = sseer::EventStream::new(Ready(pieces.into_iter()));
    drain(stream, |event| event.data.len())
}

fn eventsource(pieces: Vec<Bytes>) -> Sum {
    let stream = eventsource_stream::EventStream::new(Ready(pieces.into_iter()));
    drain(stream, |event| event.data.len())
}

fn bench(bencher: Bencher<'_, '_>, body: &Body, parse: fn(Vec<Bytes>) -> Sum) {
    let pieces = body.pieces();
    let size: usize = pieces.iter().map(Bytes::len).sum();
    bencher
        .counter(BytesCount::new(size))
        .with_inputs(|| pieces.clone())
        .bench_values(parse);
}

#[divan::bench(args = BODIES)]
fn events_ours(bencher: Bencher<'_, '_>, body: &Body) {
    bench(bencher, body, ours);
}

#[divan::bench(args = BODIES)]
fn events_sseer(bencher: Bencher<'_, '_>, body: &Body) {
    bench(bencher, body, sseer);
}

#[divan::bench(args = BODIES)]
fn events_eventsource_stream(bencher: Bencher<'_, '_>, body: &Body) {
    bench(bencher, body, eventsource);
}
