//! The bytes of a request or a response, whole or in pieces.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::transport::{BoxError, TransportError};

/// The body of one request or one response.
///
/// It is an [`http_body::Body`], so that every transport can send and make one.
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Stream(Pin<Box<dyn HttpBody<Data = Bytes, Error = TransportError> + Send + Sync>>),
}

impl Body {
    /// A body that comes in pieces.
    pub fn stream<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Error: Into<BoxError>,
    {
        // The mutex is never locked: it only says that nobody shares the body.
        Self(Inner::Stream(Box::pin(Pieces(Mutex::new(Box::pin(body))))))
    }

    /// The bytes, where the body is whole.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Whole(bytes) => Some(bytes),
            Inner::Stream(_) => None,
        }
    }

    /// Waits for the next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, TransportError>> {
        loop {
            let frame = std::future::poll_fn(|cx| Pin::new(&mut *self).poll_frame(cx)).await?;
            match frame.map(Frame::into_data) {
                Ok(Ok(bytes)) => return Some(Ok(bytes)),
                // Trailers.
                Ok(Err(_)) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self(Inner::Whole(Bytes::new()))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self(Inner::Whole(bytes.into()))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Whole(bytes) => write!(f, "[{} bytes]", bytes.len()),
            Inner::Stream(_) => f.write_str("[stream]"),
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        match &mut self.0 {
            Inner::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Inner::Whole(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Inner::Stream(stream) => stream.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(bytes) => bytes.is_empty(),
            Inner::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Inner::Stream(stream) => stream.size_hint(),
        }
    }
}

/// A body that can be shared between threads and has our types.
struct Pieces<B>(Mutex<Pin<Box<B>>>);

impl<B: HttpBody<Error: Into<BoxError>>> HttpBody for Pieces<B> {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let body = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        body.as_mut().poll_frame(cx).map(|frame| {
            frame.map(|frame| match frame {
                Ok(frame) => Ok(frame.map_data(|mut data| data.copy_to_bytes(data.remaining()))),
                Err(error) => Err(TransportError::from_source(error)),
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        match self.0.lock() {
            Ok(body) => body.size_hint(),
            Err(_) => SizeHint::default(),
        }
    }
}

/// The body of a request before it is sent. A redirect sends it again, so a
/// stream is made anew each time.
#[derive(Clone)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Bytes),
    /// What this makes.
    Stream(Arc<dyn Fn() -> Body + Send + Sync>),
}

impl Content {
    /// A body that is made by a function each time that it is sent.
    pub fn stream(make: impl Fn() -> Body + Send + Sync + 'static) -> Self {
        Self::Stream(Arc::new(make))
    }

    /// Whether these are bytes, and there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }

    /// The body for one request.
    #[must_use]
    pub fn body(&self) -> Body {
        match self {
            Self::Bytes(bytes) => Body::from(bytes.clone()),
            Self::Stream(make) => make(),
        }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

/// A body with its media type, where the document names only a range of them
/// (`image/*`).
#[derive(Clone, Debug, PartialEq)]
pub struct TypedContent {
    media_type: String,
    content: Content,
}

impl TypedContent {
    /// A body of this media type, such as `image/png`.
    #[must_use]
    pub fn new(media_type: impl Into<String>, content: impl Into<Content>) -> Self {
        Self {
            media_type: media_type.into(),
            content: content.into(),
        }
    }

    /// The media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The body.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }
}

impl<T: Into<Bytes>> From<T> for Content {
    fn from(bytes: T) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl PartialEq for Content {
    /// Streams are equal where they are made by the same function.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Stream(one), Self::Stream(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "[{} bytes]", bytes.len()),
            Self::Stream(_) => f.write_str("[stream]"),
        }
    }
}
