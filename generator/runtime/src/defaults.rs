//! Controls whether a property that equals its default is written.

use std::cell::Cell;

thread_local! {
    /// A thread-local, because writing stays on one thread and serializers have no extra parameter.
    static EXPLICIT: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function during which properties that equal their default are written.
///
/// By default they are left out, because the server applies the same defaults. Use it for values
/// that are written without a client. A client has
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

/// Restores the previous setting, even if writing panics.
struct Scope {
    before: bool,
}

impl Drop for Scope {
    fn drop(&mut self) {
        EXPLICIT.set(self.before);
    }
}
