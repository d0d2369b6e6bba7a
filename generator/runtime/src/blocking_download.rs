//! Downloads without an asynchronous runtime.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::blocking::{NotReady, not_ready, wait};
use super::blocking_iterator::iterate;
use super::blocking_streams::stream_not_ready;
use super::download::{Download, SaveError};
use super::error::Error;
use super::operation::{Operation, Request};
use super::stream_error::StreamError;

impl<'c, O: Operation + Clone> Request<'c, O> {
    /// Like [`download`](Self::download), but blocks the thread: see [`call`](Self::call).
    ///
    /// # Errors
    ///
    /// See [`download`](Self::download); also [`Error::Transport`] if the transport does not block.
    pub fn download_blocking(self) -> Result<Download<'c, O>, Error<O::Failure>> {
        wait(self.download()).unwrap_or_else(|NotReady| Err(not_ready(O::ENDPOINT)))
    }
}

impl<O: Operation + Clone> Download<'_, O> {
    /// Returns an iterator over the remaining bytes. It blocks the thread until each piece arrives.
    ///
    /// If the transport does not block, the only item is an error. See [`Request::call`].
    pub fn iter(&mut self) -> impl Iterator<Item = Result<Bytes, StreamError>> {
        iterate(move || wait(self.next()).map_err(|NotReady| stream_not_ready(O::ENDPOINT)))
    }

    /// Like [`save_to`](Self::save_to), but blocks the thread.
    ///
    /// # Errors
    ///
    /// See [`save_to`](Self::save_to); also if the transport does not block.
    pub fn save_to_blocking(self, path: impl AsRef<Path>) -> Result<u64, SaveError> {
        wait(self.save_to(path)).unwrap_or_else(|NotReady| Err(unsaved::<O>()))
    }

    /// Like [`save_in`](Self::save_in), but blocks the thread.
    ///
    /// # Errors
    ///
    /// See [`save_in`](Self::save_in); also if the transport does not block.
    pub fn save_in_blocking(self, folder: impl AsRef<Path>) -> Result<PathBuf, SaveError> {
        wait(self.save_in(folder)).unwrap_or_else(|NotReady| Err(unsaved::<O>()))
    }
}

fn unsaved<O: Operation>() -> SaveError {
    SaveError::Stream(stream_not_ready(O::ENDPOINT))
}
