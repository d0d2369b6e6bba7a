//! Bodies that are sent in pieces: from a file or another reader.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::body::{Body, Content};
use super::transport::TransportError;

/// The number of bytes read at once.
const PIECE: usize = 64 << 10;

impl Content {
    /// Creates a body from a file, with its length. The file is opened each time the body is sent.
    ///
    /// Reading blocks the thread, as all file access does.
    ///
    /// # Errors
    ///
    /// Returns an error if the file does not exist or cannot be read.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let open = move || -> io::Result<Reader<File>> {
            let file = File::open(&path)?;
            let metadata = file.metadata()?;
            // A pipe has no length.
            let length = metadata.is_file().then_some(metadata.len());
            if metadata.is_dir() {
                return Err(io::Error::other("it is a directory"));
            }
            Ok(Reader::new(file, length))
        };
        open()?;
        Ok(Self::stream(move || match open() {
            Ok(reader) => Body::stream(reader),
            Err(error) => Body::stream(Failed(Some(TransportError::other(error)))),
        }))
    }

    /// Creates a body from a reader, with its length if known. Without it, the body is sent in
    /// chunks, which some servers do not accept.
    ///
    /// It can be read only once: a retry or a redirect that would send it again is an error.
    /// Reading blocks the thread.
    pub fn reader(
        reader: impl Read + Send + Unpin + 'static,
        length: impl Into<Option<u64>>,
    ) -> Self {
        let reader = Mutex::new(Some(Reader::new(reader, length.into())));
        Self::stream(move || {
            let taken = reader.lock().unwrap_or_else(PoisonError::into_inner).take();
            match taken {
                Some(reader) => Body::stream(reader),
                None => {
                    let message = "the body was already read, and cannot be sent again";
                    Body::stream(Failed(Some(TransportError::other(message))))
                }
            }
        })
    }

    /// Returns the same body with a progress function. For each piece, it is called with the number
    /// of bytes sent and the total. Each attempt starts again at zero.
    #[must_use]
    pub fn on_progress(self, progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static) -> Self {
        let progress: Progress = Arc::new(progress);
        Self::stream(move || {
            let body = self.body();
            Body::stream(Counted {
                length: body.size_hint().exact(),
                body,
                sent: 0,
                progress: Arc::clone(&progress),
            })
        })
    }
}

type Progress = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// A reader with a maximum length.
struct Reader<R> {
    reader: R,
    /// The number of remaining bytes, if known.
    left: Option<u64>,
    is_over: bool,
}

impl<R> Reader<R> {
    fn new(reader: R, length: Option<u64>) -> Self {
        Self {
            reader,
            left: length,
            is_over: length == Some(0),
        }
    }
}

impl<R: Read> Reader<R> {
    fn piece(&mut self) -> io::Result<Bytes> {
        let most = self.left.map_or(PIECE, |left| {
            usize::try_from(left).map_or(PIECE, |left| left.min(PIECE))
        });
        let mut bytes = vec![0; most];
        let length = loop {
            match self.reader.read(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        bytes.truncate(length);
        Ok(bytes.into())
    }
}

impl<R: Read + Send + Unpin> HttpBody for Reader<R> {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let piece = match self.piece() {
            Ok(piece) => piece,
            Err(error) => {
                self.is_over = true;
                return Poll::Ready(Some(Err(TransportError::other(error))));
            }
        };
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(piece.len() as u64);
        }
        if piece.is_empty() {
            self.is_over = true;
            let is_short = self.left.is_some_and(|left| left > 0);
            let message = "the body is shorter than its declared length";
            return Poll::Ready(is_short.then(|| Err(TransportError::other(message))));
        }
        self.is_over = self.left == Some(0);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_over
    }

    fn size_hint(&self) -> SizeHint {
        self.left
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// A body that cannot be sent.
struct Failed(Option<TransportError>);

impl HttpBody for Failed {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        Poll::Ready(self.0.take().map(Err))
    }
}

/// A body whose bytes are counted.
struct Counted {
    body: Body,
    sent: u64,
    length: Option<u64>,
    progress: Progress,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.sent = self.sent.saturating_add(bytes.len() as u64);
            (self.progress)(self.sent, self.length);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
