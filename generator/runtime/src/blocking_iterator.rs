//! Iterators without an asynchronous runtime.

/// Returns an iterator over the results of `next`. An outer error, for a transport that does not
/// block, is the last item.
pub(super) fn iterate<T, E>(
    mut next: impl FnMut() -> Result<Option<Result<T, E>>, E>,
) -> impl Iterator<Item = Result<T, E>> {
    let mut is_over = false;
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        next().unwrap_or_else(|error| {
            is_over = true;
            Some(Err(error))
        })
    })
}
