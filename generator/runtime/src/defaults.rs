//! Whether a property that is equal to its default is written.

use std::cell::Cell;

thread_local! {
    /// Writing never leaves the thread, so that this need not be passed through every serializer.
    static EXPLICIT: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function, and writes the properties that are equal to their default as long as it runs.
///
/// Without it they are left out, as the server applies the same defaults. It is for values that are
/// written without a client, which has
/// [`ClientBuilder::explicit_defaults`](super::builder::ClientBuilder::explicit_defaults).
pub fn explicit_defaults<R>(write: impl FnOnce() -> R) -> R {
    let _scope = Scope {
        before: EXPLICIT.replace(true),
    };
    write()
}

/// Returns whether defaults are written.
pub(crate) fn are_explicit() -> bool {
    EXPLICIT.get()
}

/// Restores what was set before, also where writing panics.
struct Scope {
    before: bool,
}

impl Drop for Scope {
    fn drop(&mut self) {
        EXPLICIT.set(self.before);
    }
}
