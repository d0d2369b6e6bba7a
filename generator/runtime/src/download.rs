//! Responses of bytes that are too large for the memory: read in pieces, or saved to a file.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::future::poll_fn;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, ETAG, HeaderName,
    IF_RANGE, LAST_MODIFIED, RANGE,
};
use http::{HeaderMap, Method, StatusCode};

use super::content_disposition;
use super::error::{DecodeError, Error};
use super::operation::{Operation, Request};
use super::pieces::{Opened, Pieces, failure, open};
use super::response::Reply;
use super::stream_error::StreamError;

impl<'c, O: Operation + Clone> Request<'c, O> {
    /// Sends the request for a body that is read in pieces, or saved to a file. The timeout of the
    /// call covers only the head, and the size has no limit.
    ///
    /// # Errors
    ///
    /// See [`Error`]: the failures are those of `.await`.
    pub async fn download(self) -> Result<Download<'c, O>, Error<O::Failure>> {
        // The length and a byte range refer to the file only if there is no encoding.
        let headers = [(ACCEPT_ENCODING, "identity")];
        match open(&self, O::ACCEPT, &headers, is_plain).await? {
            Opened::Pieces(pieces) => Ok(Download::new(self, pieces)),
            Opened::Whole(reply) if reply.status().is_success() => Err(encoded(reply)),
            Opened::Whole(reply) => Err(failure::<O>(reply)),
        }
    }
}

/// Returns whether a body has no encoding.
fn is_plain(head: &http::response::Parts) -> bool {
    let encoding = head.headers.get(CONTENT_ENCODING);
    encoding.is_none_or(|encoding| encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn encoded<F>(reply: Reply) -> Error<F> {
    let message = "the body has a `Content-Encoding` that was not requested";
    Error::Decode {
        reply: Box::new(reply),
        source: Box::new(DecodeError::new("", message)),
    }
}

/// A function that takes the number of bytes so far, and the total number.
type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A body that is being received.
///
/// Dropping it closes the connection.
#[must_use = "the body is read by `next`, `save_to` or `save_in`"]
pub struct Download<'c, O> {
    request: Request<'c, O>,
    pieces: Pieces,
    /// The total number of bytes, if known.
    length: Option<u64>,
    received: u64,
    /// The maximum number of resumptions.
    resumes: u32,
    is_over: bool,
    on_progress: Option<Progress>,
}

impl<'c, O: Operation + Clone> Download<'c, O> {
    fn new(request: Request<'c, O>, pieces: Pieces) -> Self {
        // A response to HEAD has the length of a body that is not sent.
        let has_body = *O::ENDPOINT.method() != Method::HEAD;
        Self {
            request,
            length: pieces.length().filter(|_| has_body),
            pieces,
            received: 0,
            resumes: 0,
            is_over: false,
            on_progress: None,
        }
    }

    /// Sets how often an interrupted download is resumed. The default is 0. The rest is
    /// requested with the headers `Range` and `If-Range`, which requires a GET and a server that
    /// sends the version of the file (`ETag`, or `Last-Modified`).
    pub fn resumes(mut self, resumes: u32) -> Self {
        self.resumes = resumes;
        self
    }

    /// Sets a function that is called for each piece, with the number of bytes so far and the
    /// total.
    pub fn on_progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(progress));
        self
    }

    /// Sets the maximum time without new bytes: see [`Pieces::idle_timeout`].
    pub fn idle_timeout(mut self, limit: impl Into<Option<std::time::Duration>>) -> Self {
        self.pieces.feed.idle_timeout = limit.into();
        self
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.pieces.status()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.pieces.headers()
    }

    /// Returns the number of bytes of the body, if the server declares it.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns the media type, if the server declares it.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.pieces.content_type()
    }

    /// Returns the name of the file (`Content-Disposition`, RFC 6266), if the server sends one. It
    /// is never a path: `../x` becomes `x`. `_` replaces characters that a file system may not
    /// allow.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        content_disposition::file_name(self.headers().get(CONTENT_DISPOSITION)?.as_bytes())
    }

    /// Returns the next bytes, at least one; `None` at the end, and after an error.
    ///
    /// A body shorter than the declared length is an error.
    pub async fn next(&mut self) -> Option<Result<Bytes, StreamError>> {
        while !self.is_over {
            let error = match poll_fn(|context| self.pieces.feed.poll_piece(context)).await {
                Some(Ok(bytes)) => match self.count(&bytes) {
                    Ok(()) => return Some(Ok(bytes)),
                    Err(error) => return Some(Err(self.end(error))),
                },
                Some(Err(broken)) => StreamError::broken(&O::ENDPOINT, broken),
                None if self.length.is_none_or(|length| length == self.received) => {
                    self.is_over = true;
                    return None;
                }
                None => Self::cut_off("the body is shorter than its `Content-Length`"),
            };
            match self.resume().await {
                Resumed::Yes => {}
                Resumed::No => return Some(Err(self.end(error))),
                Resumed::Never(error) => return Some(Err(self.end(error))),
            }
        }
        None
    }

    fn count(&mut self, bytes: &Bytes) -> Result<(), StreamError> {
        self.received = self.received.saturating_add(bytes.len() as u64);
        if self.length.is_some_and(|length| self.received > length) {
            return Err(Self::cut_off(
                "the body is longer than its `Content-Length`",
            ));
        }
        if let Some(progress) = &mut self.on_progress {
            progress(self.received, self.length);
        }
        Ok(())
    }

    fn end(&mut self, error: StreamError) -> StreamError {
        self.pieces.feed.close();
        self.is_over = true;
        error
    }

    fn cut_off(message: &'static str) -> StreamError {
        StreamError::CutOff {
            endpoint: O::ENDPOINT,
            place: None,
            message,
        }
    }

    /// Requests the rest, if possible.
    async fn resume(&mut self) -> Resumed {
        let version = version(self.headers()).map(str::to_owned);
        let Some(version) = version.filter(|_| *O::ENDPOINT.method() == Method::GET) else {
            return Resumed::No;
        };
        if self.pieces.status() != StatusCode::OK {
            return Resumed::No;
        }
        while let Some(resumes) = self.resumes.checked_sub(1) {
            self.resumes = resumes;
            let range = format!("bytes={}-", self.received);
            let headers: [(HeaderName, &str); 3] = [
                (ACCEPT_ENCODING, "identity"),
                (RANGE, &range),
                (IF_RANGE, &version),
            ];
            let opened = open(&self.request, O::ACCEPT, &headers, is_plain).await;
            let Ok(Opened::Pieces(pieces)) = opened else {
                continue;
            };
            if !self.is_rest(&pieces) {
                let message = "the file has changed since the connection was lost";
                return Resumed::Never(Self::cut_off(message));
            }
            self.pieces.feed.continue_with(pieces.feed);
            return Resumed::Yes;
        }
        Resumed::No
    }

    /// Returns whether a response begins where the received bytes end (RFC 9110, section 14.4).
    fn is_rest(&self, pieces: &Pieces) -> bool {
        let range = pieces.headers().get(CONTENT_RANGE);
        let range = range.and_then(|range| range.to_str().ok()?.trim().strip_prefix("bytes "));
        let Some((range, length)) = range.and_then(|range| range.split_once('/')) else {
            return false;
        };
        let first = range.split('-').next().and_then(|first| first.parse().ok());
        let is_same_length =
            length == "*" || self.length.is_none_or(|known| length.parse() == Ok(known));
        pieces.status() == StatusCode::PARTIAL_CONTENT
            && first == Some(self.received)
            && is_same_length
    }

    /// Saves the body to a file, and returns its size. An existing file is replaced only after the
    /// whole body has arrived. After an error, it is unchanged.
    ///
    /// The bytes are written to a temporary file in the same folder, which is removed after an
    /// error. Writing blocks the thread, as all file access does.
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not arrive, or the file cannot be written.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, SaveError> {
        let path = path.as_ref();
        let mut part = Part::beside(path)?;
        while let Some(bytes) = self.next().await {
            part.write(&bytes.map_err(SaveError::Stream)?)?;
        }
        part.finish()?;
        Ok(self.received)
    }

    /// Saves the body in a folder, under the name that the server sends, and returns the path: see
    /// [`save_to`](Self::save_to) and [`file_name`](Self::file_name).
    ///
    /// # Errors
    ///
    /// Returns an error if the server sends no name; otherwise see `save_to`.
    pub async fn save_in(self, folder: impl AsRef<Path>) -> Result<PathBuf, SaveError> {
        let name = self.file_name().ok_or_else(|| SaveError::File {
            path: folder.as_ref().to_owned(),
            source: io::Error::other("the server does not send the name of the file"),
        })?;
        let path = folder.as_ref().join(name);
        self.save_to(&path).await?;
        Ok(path)
    }
}

enum Resumed {
    Yes,
    /// Reports the error of the connection.
    No,
    Never(StreamError),
}

/// Returns the version of a file for `If-Range`: no weak tag (RFC 9110, section 13.1.5).
fn version(headers: &HeaderMap) -> Option<&str> {
    let tag = headers.get(ETAG).map(|tag| tag.to_str().ok());
    match tag {
        Some(tag) => tag.filter(|tag| tag.starts_with('"')),
        None => headers.get(LAST_MODIFIED)?.to_str().ok(),
    }
}

impl<O> fmt::Debug for Download<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("pieces", &self.pieces)
            .field("length", &self.length)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}

/// A temporary file, renamed when it is complete, or else removed.
struct Part<'p> {
    target: &'p Path,
    path: PathBuf,
    file: Option<File>,
}

impl<'p> Part<'p> {
    /// Creates a file in the same folder, so that it can be renamed.
    fn beside(target: &'p Path) -> Result<Self, SaveError> {
        let error = |source| SaveError::File {
            path: target.to_owned(),
            source,
        };
        let Some(name) = target.file_name() else {
            return Err(error(io::Error::other("it is not the path of a file")));
        };
        let random = RandomState::new().build_hasher().finish();
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".{random:016x}.part"));
        let path = target.with_file_name(part);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        Ok(Self {
            target,
            file: Some(file.map_err(error)?),
            path,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SaveError> {
        let written = self
            .file
            .as_mut()
            .map_or(Ok(()), |file| file.write_all(bytes));
        written.map_err(|source| self.error(source))
    }

    fn finish(mut self) -> Result<(), SaveError> {
        let file = self.file.take();
        let finished = file.map_or(Ok(()), |file| file.sync_all());
        let finished = finished.and_then(|()| fs::rename(&self.path, self.target));
        let result = finished.map_err(|source| self.error(source));
        if result.is_ok() {
            self.path = PathBuf::new();
        }
        result
    }

    fn error(&self, source: io::Error) -> SaveError {
        SaveError::File {
            path: self.target.to_owned(),
            source,
        }
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // Some systems do not remove an open file.
        self.file = None;
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The reason why a body was not saved.
#[derive(Debug)]
#[non_exhaustive]
pub enum SaveError {
    /// The body did not arrive.
    Stream(StreamError),
    /// The file cannot be written.
    File {
        /// The path of the file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(error) => error.fmt(f),
            Self::File { path, source } => write!(f, "cannot write {}: {source}", path.display()),
        }
    }
}

impl std::error::Error for SaveError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Stream(error) => std::error::Error::source(error),
            // The message already includes it.
            Self::File { .. } => None,
        }
    }
}
