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
/// It is an [`http_body::Body`], so that every transport can send and create one.
pub struct Body(Inner);

enum Inner {
    Whole(Bytes),
    Stream(Pin<Box<dyn HttpBody<Data = Bytes, Error = TransportError> + Send + Sync>>),
}

impl Body {
    /// Creates a body that is sent in pieces.
    pub fn stream<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Error: Into<BoxError>,
    {
        // The mutex is never locked: it only makes the type `Sync`.
        Self(Inner::Stream(Box::pin(Pieces(Mutex::new(Box::pin(body))))))
    }

    /// Returns the bytes, if the body is whole.
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

/// Makes a body `Sync`, and converts its data and errors to our types.
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

/// The body of a request before it is sent. A redirect sends it again, so each request creates a
/// new stream.
#[derive(Clone)]
pub enum Content {
    /// Bytes in memory.
    Bytes(Bytes),
    /// A function that makes a stream.
    Stream(Arc<dyn Fn() -> Body + Send + Sync>),
}

impl Content {
    /// Creates a body from a function that is called for each request.
    pub fn stream(make: impl Fn() -> Body + Send + Sync + 'static) -> Self {
        Self::Stream(Arc::new(make))
    }

    /// Returns `true` for bytes with a length of zero.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }

    /// Returns the body for one request.
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

/// A body with its media type, for a document that specifies only a range of media types
/// (`image/*`).
#[derive(Clone, Debug, PartialEq)]
pub struct TypedContent {
    media_type: String,
    content: Content,
}

impl TypedContent {
    /// Creates a body with this media type, such as `image/png`.
    #[must_use]
    pub fn new(media_type: impl Into<String>, content: impl Into<Content>) -> Self {
        Self {
            media_type: media_type.into(),
            content: content.into(),
        }
    }

    /// Returns the media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Returns the body.
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
    /// Streams are equal if they share the function that makes them.
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
