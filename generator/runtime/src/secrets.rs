//! The secrets that are written into a request, so that no span and no tape has them.

#![cfg(any(feature = "testing", feature = "tracing"))]

use std::cell::RefCell;

use super::percent;

thread_local! {
    /// Writing never leaves the thread, so that this need not be passed through every serializer.
    static WRITTEN: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs a function and returns the secrets that it has written, in each form that a request can have
/// them in.
pub(super) fn collect(write: impl FnOnce()) -> Vec<String> {
    /// Restores what was there before, also if writing panics.
    struct Scope(Option<Vec<String>>);

    impl Drop for Scope {
        fn drop(&mut self) {
            WRITTEN.replace(self.0.take());
        }
    }

    let scope = Scope(WRITTEN.replace(Some(Vec::new())));
    write();
    let written = WRITTEN.take();
    drop(scope);
    written.unwrap_or_default()
}

/// Takes note of a secret that is written.
pub(super) fn written(text: &str) {
    WRITTEN.with_borrow_mut(|written| {
        if let Some(written) = written {
            written.extend([text.to_owned(), percent::encode(text)]);
            // In a string of JSON.
            let json = serde_json::to_string(text).unwrap_or_default();
            written.push(json.trim_matches('"').to_owned());
        }
    });
}
