//! The secrets written into a request, to hide them in spans and tapes.

#![cfg(any(feature = "testing", feature = "tracing"))]

use std::cell::RefCell;

use super::percent;

thread_local! {
    /// Writing stays on one thread, so serializers need not pass this on.
    static WRITTEN: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Runs a function and returns the secrets that it writes, in each form in which a request can
/// contain them.
pub(super) fn collect(write: impl FnOnce()) -> Vec<String> {
    /// Restores the previous value, also if writing panics.
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

/// Records a secret that is written.
pub(super) fn written(text: &str) {
    WRITTEN.with_borrow_mut(|written| {
        if let Some(written) = written {
            written.extend([text.to_owned(), percent::encode(text)]);
            // The form in a JSON string.
            let json = serde_json::to_string(text).unwrap_or_default();
            written.push(json.trim_matches('"').to_owned());
        }
    });
}
