//! A transport in memory with a virtual clock. A test lists its responses in advance, and waiting
//! takes no time.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use crate::runtime::body::Body;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// The event that a request causes.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// The server cannot be reached.
    Unreachable,
    /// The connection is lost after the request is sent.
    Cut,
    /// The head of a response arrives, and only a part of its body.
    CutBody,
    /// No response arrives within the limits.
    Silence,
    /// The body of the response has no end.
    Endless,
    /// No response arrives, and the transport has no limit.
    Hang,
    /// The body arrives in pieces.
    Stream(u16, &'static [(&'static str, &'static str)], Vec<Piece>),
}

/// A piece of a body, or an event instead.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Data(bytes::Bytes),
    /// Nothing arrives for this long, by tokio's clock.
    Wait(Duration),
    Reset,
}

impl Piece {
    pub(super) fn data(data: &'static str) -> Self {
        Self::Data(data.into())
    }
}

use Event::{Answer, Cut, CutBody, Endless, Hang, Silence, Stream, Unreachable};

/// A request that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) at: Duration,
    pub(super) request: http::Request<()>,
    pub(super) body: Vec<u8>,
    pub(super) limits: Limits,
}

#[derive(Default)]
struct State {
    now: Duration,
    events: VecDeque<Event>,
    /// The events of requests with this path, instead of the others.
    elsewhere: Option<(&'static str, VecDeque<Event>)>,
    /// The number of pieces of endless bodies that were read.
    pieces: u64,
    sent: Vec<Sent>,
    waits: Vec<Duration>,
    /// The number of open bodies in pieces.
    open: Arc<AtomicUsize>,
    timerless: bool,
    pausing: bool,
    latency: Option<Duration>,
    /// The start time by tokio's clock, if that is used instead of the virtual one.
    tokio: Option<tokio::time::Instant>,
}

impl State {
    fn now(&self) -> Duration {
        self.tokio.map_or(self.now, |start| start.elapsed())
    }
}

/// A scripted transport. Clones share its state. After the last event, the last one is repeated.
#[derive(Clone, Default)]
pub(super) struct Script(Arc<Mutex<State>>);

impl Script {
    pub(super) fn new(events: impl IntoIterator<Item = Event>) -> Self {
        let script = Self::default();
        script.state().events.extend(events);
        script
    }

    /// Removes the timer.
    pub(super) fn timerless(self) -> Self {
        self.state().timerless = true;
        self
    }

    /// Uses tokio's clock, for tests that wait for several futures at once.
    pub(super) fn with_tokio(self) -> Self {
        self.state().tokio = Some(tokio::time::Instant::now());
        self
    }

    /// Makes each request and each wait pending once.
    pub(super) fn pausing(self) -> Self {
        self.state().pausing = true;
        self
    }

    /// Uses tokio's clock, and delays each response.
    pub(super) fn slow(self, latency: Duration) -> Self {
        self.state().latency = Some(latency);
        self.with_tokio()
    }

    /// Sets the events of requests with this path.
    pub(super) fn at(self, path: &'static str, events: impl IntoIterator<Item = Event>) -> Self {
        self.state().elsewhere = Some((path, events.into_iter().collect()));
        self
    }

    /// Returns the number of pieces of endless bodies that were read.
    pub(super) fn pieces(&self) -> u64 {
        self.state().pieces
    }

    /// Replaces the remaining events.
    pub(super) fn then(&self, events: impl IntoIterator<Item = Event>) {
        let mut state = self.state();
        state.events.clear();
        state.events.extend(events);
    }

    async fn pause(&self) {
        let (pausing, latency) = {
            let state = self.state();
            (state.pausing, state.latency)
        };
        if pausing {
            tokio::task::yield_now().await;
        }
        if let Some(latency) = latency {
            tokio::time::sleep(latency).await;
        }
    }

    pub(super) fn builder(&self) -> ClientBuilder {
        ClientBuilder::new("https://api.example/v1").transport(self.clone())
    }

    pub(super) fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// Records a request, and returns its event.
    fn take(&self, sent: Sent) -> Event {
        let mut state = self.state();
        let path = sent.request.uri().path().to_owned();
        state.sent.push(sent);
        match &mut state.elsewhere {
            Some((known, events)) if *known == path => next(events),
            _ => next(&mut state.events),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Returns the requests since the last call.
    pub(super) fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state().sent)
    }

    /// Returns the duration of each wait since the last call.
    pub(super) fn waits(&self) -> Vec<Duration> {
        std::mem::take(&mut self.state().waits)
    }

    /// Returns the number of bodies in pieces that are neither read to the end nor dropped.
    pub(super) fn open(&self) -> usize {
        self.state().open.load(Ordering::Relaxed)
    }

    pub(super) fn set_now(&self, now: Duration) {
        self.state().now = now;
    }
}

impl Sent {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        Some(self.request.headers().get(name)?.to_str().unwrap())
    }
}

impl Transport for Script {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        Box::pin(async move {
            let (head, mut body) = request.into_parts();
            let mut bytes = Vec::new();
            while let Some(piece) = body.next().await {
                bytes.extend_from_slice(&piece?);
            }
            self.pause().await;
            let at = self.state().now();
            let event = self.take(Sent {
                at,
                request: http::Request::from_parts(head, ()),
                body: bytes,
                limits,
            });
            if matches!(event, Hang) {
                return std::future::pending().await;
            }
            let mut state = self.state();
            match event {
                Hang => unreachable!("it does not end"),
                Stream(status, headers, pieces) => {
                    let body = Scripted::new(pieces, &state.open);
                    Ok(response(status, headers, Body::stream(body)))
                }
                Answer(status, headers, body) => Ok(response(status, headers, Body::from(body))),
                Endless => Ok(response(200, &[], Body::stream(Zeros(self.clone())))),
                CutBody => Ok(response(200, &[], Body::stream(Broken))),
                Unreachable => Err(TransportError::connect("refused")),
                Cut => Err(TransportError::other("reset")),
                Silence => {
                    state.now += limits.timeout.expect("there is a limit");
                    Err(TransportError::timeout("late"))
                }
            }
        })
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        let state = self.state();
        if state.timerless {
            return None;
        } else if state.tokio.is_some() {
            return Some(Box::pin(tokio::time::sleep(time)));
        }
        drop(state);
        Some(Box::pin(async move {
            self.pause().await;
            let mut state = self.state();
            state.now += time;
            state.waits.push(time);
        }))
    }

    fn now(&self) -> Duration {
        self.state().now()
    }

    /// 1 January 2024.
    fn date(&self) -> Option<SystemTime> {
        Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200) + self.state().now)
    }
}

fn next(events: &mut VecDeque<Event>) -> Event {
    match events.len() {
        0 => Answer(200, &[], ""),
        1 => events[0].clone(),
        _ => events.pop_front().unwrap(),
    }
}

fn response(
    status: u16,
    headers: &[(&'static str, &'static str)],
    body: Body,
) -> http::Response<Body> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(*name, value.parse().unwrap());
    }
    let mut response = http::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    *response.headers_mut() = map;
    response
}

/// An endless body of zeros.
struct Zeros(Script);

impl http_body::Body for Zeros {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        self.0.state().pieces += 1;
        let piece = bytes::Bytes::from_static(&[0; 1024]);
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data(piece))))
    }
}

/// A body in pieces. It is open until it is dropped.
struct Scripted {
    pieces: VecDeque<Piece>,
    wait: Option<Sleeping<'static>>,
    open: Arc<AtomicUsize>,
}

impl Scripted {
    fn new(pieces: Vec<Piece>, open: &Arc<AtomicUsize>) -> Self {
        open.fetch_add(1, Ordering::Relaxed);
        Self {
            pieces: pieces.into(),
            wait: None,
            open: Arc::clone(open),
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl http_body::Body for Scripted {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        loop {
            if let Some(wait) = &mut self.wait {
                std::task::ready!(wait.as_mut().poll(context));
                self.wait = None;
            }
            match self.pieces.pop_front() {
                None => return std::task::Poll::Ready(None),
                Some(Piece::Data(data)) => {
                    let frame = http_body::Frame::data(data);
                    return std::task::Poll::Ready(Some(Ok(frame)));
                }
                Some(Piece::Wait(time)) => self.wait = Some(Box::pin(tokio::time::sleep(time))),
                Some(Piece::Reset) => {
                    let error = TransportError::other("reset");
                    return std::task::Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

struct Broken;

impl http_body::Body for Broken {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        std::task::Poll::Ready(Some(Err(TransportError::other("reset"))))
    }
}

/// Defines operations without inputs, whose output is the status.
macro_rules! operations {
    ($($name:ident $method:ident $path:literal $(, $item:ident: $type:ty = $value:expr)*;)*) => {$(
        #[derive(Clone, Debug)]
        pub(super) struct $name;

        impl $crate::runtime::operation::Operation for $name {
            const ENDPOINT: $crate::runtime::endpoint::Endpoint =
                $crate::runtime::endpoint::Endpoint::$method($path);
            $(const $item: $type = $value;)*
            type Output = u16;
            type Failure = $crate::runtime::error::NoFailure;

            fn decode(
                reply: &$crate::runtime::response::Reply,
            ) -> Result<u16, $crate::runtime::error::Rejection<Self::Failure>> {
                match reply.code() {
                    code @ 200..=299 => Ok(code),
                    _ => Err($crate::runtime::error::Rejection::Undocumented),
                }
            }
        }
    )*};
}

pub(super) use operations;
