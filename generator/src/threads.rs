//! Runs work on threads with a large stack.

use std::io;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Mutex;
use std::thread::{Builder, Scope, ScopedJoinHandle, available_parallelism, scope};

/// The stack size of a thread, in bytes. Most of it is never touched.
///
/// Schemas can be nested 128 levels deep, and syn and prettyplease visit the types made from them
/// recursively. In an unoptimized build, this needs more than the default stack of 1 or 2 MiB.
const STACK: usize = 64 * 1024 * 1024;

/// The maximum number of threads. With more, the largest file determines the time.
const MOST_THREADS: usize = 8;

/// Starts a thread.
///
/// # Errors
/// Returns an error if the system cannot start a thread.
pub(crate) fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, T>> {
    Builder::new().stack_size(STACK).spawn_scoped(scope, work)
}

/// Waits for a thread, and resumes its panic if it panicked.
pub(crate) fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    match thread.join() {
        Ok(done) => done,
        Err(panic) => resume_unwind(panic),
    }
}

/// Maps each item, using one thread per core. The order is preserved.
pub(crate) fn map<I: Send, T: Send>(items: Vec<I>, work: impl Fn(I) -> T + Sync) -> Vec<T> {
    let threads = available_parallelism().map_or(1, NonZero::get);
    let threads = threads.min(MOST_THREADS).min(items.len());
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().ok()?.next();
    let run = || {
        let mut done = Vec::new();
        while let Some((index, item)) = next() {
            done.push((index, work(item)));
        }
        done
    };
    let mut done = scope(|scope| {
        // This thread works too, and alone if the system cannot start others.
        let others: Vec<_> = (1..threads).map_while(|_| spawn(scope, run).ok()).collect();
        let mut done = run();
        done.extend(others.into_iter().flat_map(join));
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn everything_is_done_once_and_the_order_stays() {
        for count in [0, 1, 1000] {
            let numbers: Vec<usize> = (0..count).collect();
            let doubled = super::map(numbers, |number| 2 * number);
            let expected: Vec<usize> = (0..count).map(|number| 2 * number).collect();
            assert_eq!(doubled, expected);
        }
    }

    #[test]
    #[should_panic(expected = "five hundred")]
    fn a_panic_is_passed_on() {
        super::map((0..1000).collect(), |number: usize| {
            assert!(number != 500, "five hundred");
        });
    }
}
