//! The places of components.

use crate::pointer::Pointer;

/// Returns `true` if a schema is a direct entry of `components.schemas`.
pub(super) fn is_component(at: &Pointer) -> bool {
    let parent = at.parent();
    parent.is_some_and(|parent| parent.as_str() == "/components/schemas")
}
