//! A transport that records requests and returns prepared answers. It is copied into the crate of
//! each feature, as `tests/recorder/mod.rs`.

#![allow(dead_code, reason = "no feature needs all of it")]

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::api::Client;
use crate::api::runtime::body::Body;
use crate::api::runtime::transport::{Limits, Sending, Sleeping, Transport};

/// Returns a client of the document's server, with its recorder.
pub fn client() -> (Client, Recorder) {
    let recorder = Recorder::new();
    let client = Client::builder().transport(recorder.clone()).build();
    (client.unwrap(), recorder)
}

/// The transport. Clones share their state.
#[derive(Clone, Default)]
pub struct Recorder {
    sent: Arc<Mutex<Vec<Sent>>>,
    answer: Arc<Mutex<Answer>>,
    has_timer: bool,
}

/// A request as sent by the client.
#[derive(Clone)]
pub struct Sent {
    pub request: http::Request<()>,
    pub body: Vec<u8>,
}

#[derive(Clone, Default)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, &'static str)>,
    body: Vec<u8>,
}

impl Recorder {
    /// Creates a recorder that answers 204.
    pub fn new() -> Self {
        Self::default().answering(204, &[], "")
    }

    pub fn answering(
        self,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: impl Into<Vec<u8>>,
    ) -> Self {
        self.answer(status, headers, body);
        self
    }

    pub fn answer(
        &self,
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: impl Into<Vec<u8>>,
    ) {
        *self.answer.lock().unwrap() = Answer {
            status,
            headers: headers.to_vec(),
            body: body.into(),
        };
    }

    /// Adds a timer for which waiting takes no time.
    pub fn with_timer(mut self) -> Self {
        self.has_timer = true;
        self
    }

    /// Returns the requests since the last call.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut *self.sent.lock().unwrap())
    }

    /// Returns the only request since the last call.
    pub fn one(&self) -> Sent {
        let mut sent = self.take();
        assert_eq!(sent.len(), 1, "one request was to be sent");
        sent.remove(0)
    }
}

impl Sent {
    /// Returns the method, URL, every header except `User-Agent` ordered by name, and the body.
    pub fn text(&self) -> String {
        let request = &self.request;
        let mut text = format!("{} {}\n", request.method(), request.uri());
        let mut headers: Vec<_> = request.headers().iter().collect();
        headers.sort_by_key(|(name, _)| name.as_str().to_owned());
        for (name, value) in headers {
            if name != "user-agent" {
                let value = String::from_utf8_lossy(value.as_bytes());
                text.push_str(&format!("{name}: {value}\n"));
            }
        }
        if !self.body.is_empty() {
            text.push('\n');
            text.push_str(&String::from_utf8_lossy(&self.body));
        }
        text
    }

    /// Returns the URL after the host.
    pub fn path_and_query(&self) -> String {
        self.request.uri().path_and_query().unwrap().to_string()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        Some(self.request.headers().get(name)?.to_str().unwrap())
    }
}

impl Transport for Recorder {
    fn send(&self, request: http::Request<Body>, _limits: Limits) -> Sending<'_> {
        let (head, body) = request.into_parts();
        let body = collect(body);
        let request = http::Request::from_parts(head, ());
        self.sent.lock().unwrap().push(Sent { request, body });
        let answer = self.answer.lock().unwrap().clone();
        Box::pin(async move {
            let mut response = http::Response::builder().status(answer.status);
            for (name, value) in answer.headers {
                response = response.header(name, value);
            }
            Ok(response.body(Body::from(answer.body)).unwrap())
        })
    }

    fn sleep(&self, _: Duration) -> Option<Sleeping<'_>> {
        let sleeping: Sleeping<'_> = Box::pin(std::future::ready(()));
        self.has_timer.then_some(sleeping)
    }
}

fn collect(body: Body) -> Vec<u8> {
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(frame)) =
        http_body::Body::poll_frame(body.as_mut(), &mut context)
    {
        bytes.extend_from_slice(frame.unwrap().data_ref().unwrap());
    }
    bytes
}

/// Polls a future that is ready immediately.
pub fn wait<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a transport in memory does not wait"),
    }
}
