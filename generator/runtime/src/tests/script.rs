//! A transport in memory with a clock of its own: what it answers is written down before, and
//! waiting takes no time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode};

use crate::runtime::body::Body;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::transport::{Limits, Sending, Sleeping, Transport, TransportError};

/// What happens to one request.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Answer(u16, &'static [(&'static str, &'static str)], &'static str),
    /// There is no connection.
    Unreachable,
    /// The connection breaks off after the request is sent.
    Cut,
    /// The head of a response arrives, and not all of its body.
    CutBody,
    /// No response arrives in the time of the limits.
    Silence,
    /// The body of the response has no end.
    Endless,
}

use Event::{Answer, Cut, CutBody, Endless, Silence, Unreachable};

/// One request as it was sent.
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
    /// What happens to the requests of one path, instead.
    elsewhere: Option<(&'static str, VecDeque<Event>)>,
    /// How many pieces of an endless body were read.
    pieces: u64,
    sent: Vec<Sent>,
    waits: Vec<Duration>,
    timerless: bool,
    pausing: bool,
    latency: Option<Duration>,
    /// When the clock of tokio, which stands still otherwise, is used instead: since this moment.
    tokio: Option<tokio::time::Instant>,
}

impl State {
    fn now(&self) -> Duration {
        self.tokio.map_or(self.now, |start| start.elapsed())
    }
}

/// A clone is the same one. Without further events the last one happens again.
#[derive(Clone, Default)]
pub(super) struct Script(Arc<Mutex<State>>);

impl Script {
    pub(super) fn new(events: impl IntoIterator<Item = Event>) -> Self {
        let script = Self::default();
        script.state().events.extend(events);
        script
    }

    /// Takes the timer away.
    pub(super) fn timerless(self) -> Self {
        self.state().timerless = true;
        self
    }

    /// Takes tokio's clock, for what waits for several things at once.
    pub(super) fn with_tokio(self) -> Self {
        self.state().tokio = Some(tokio::time::Instant::now());
        self
    }

    /// Has every request and every wait be pending once.
    pub(super) fn pausing(self) -> Self {
        self.state().pausing = true;
        self
    }

    /// Takes tokio's clock, and this time for every request.
    pub(super) fn slow(self, latency: Duration) -> Self {
        self.state().latency = Some(latency);
        self.with_tokio()
    }

    /// Has these events happen to the requests of one path.
    pub(super) fn at(self, path: &'static str, events: impl IntoIterator<Item = Event>) -> Self {
        self.state().elsewhere = Some((path, events.into_iter().collect()));
        self
    }

    /// How many pieces of endless bodies were read.
    pub(super) fn pieces(&self) -> u64 {
        self.state().pieces
    }

    /// Has these events happen next, instead of the others.
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

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The requests since the last time.
    pub(super) fn sent(&self) -> Vec<Sent> {
        std::mem::take(&mut self.state().sent)
    }

    /// How long each wait was since the last time.
    pub(super) fn waits(&self) -> Vec<Duration> {
        std::mem::take(&mut self.state().waits)
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
            let mut state = self.state();
            let at = state.now();
            let path = head.uri.path().to_owned();
            state.sent.push(Sent {
                at,
                request: http::Request::from_parts(head, ()),
                body: bytes,
                limits,
            });
            let event = match &mut state.elsewhere {
                Some((known, events)) if *known == path => next(events),
                _ => next(&mut state.events),
            };
            match event {
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

/// A body of zeros that has no end.
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

/// Operations without inputs, whose output is the status.
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
