//! Applies overlays to a document: the OpenAPI Overlay Specification 1.0 and 1.1.
//!
//! An overlay changes the value of the root document before references are followed. Nodes that an
//! overlay adds are located in the overlay.

mod action;
mod places;
mod query;

use serde_json::{Map, Value};

use self::action::Action;
pub(super) use self::places::Places;
use super::file_limits::MAX_VALUES;
use super::sources::Sources;
use crate::diagnostic::{Aborted, Diagnostic, Diagnostics, FileId, Location, code};
use crate::output_limits::Room;
use crate::pointer::Pointer;

impl Sources {
    /// Applies an overlay to the value of the root document.
    ///
    /// # Errors
    /// Returns [`Aborted`] if the overlay cannot be read or an action cannot be applied, with the
    /// reasons in `diagnostics`.
    pub fn overlay(
        &mut self,
        path: impl AsRef<std::path::Path>,
        document: &mut Value,
        diagnostics: &mut Diagnostics,
    ) -> Result<(), Aborted> {
        let (file, overlay) = self.read(path, diagnostics)?;
        let mut faults = Vec::new();
        let actions = actions(self, file, &overlay, &mut faults);
        let mut places = std::mem::take(&mut self.overlaid);
        let room = Room::new(MAX_VALUES, usize::MAX);
        for action in actions {
            if let Err(fault) = action.apply(document, file, &mut places, &room) {
                let at = fault.at.unwrap_or_else(|| action.at.child("target"));
                let location = Location::Span(file, self.span(file, &at));
                faults
                    .push(Diagnostic::error(fault.code, location, fault.message).help(fault.help));
            }
        }
        self.overlaid = places;
        let has_faults = !faults.is_empty();
        for fault in faults {
            diagnostics.push(fault);
        }
        if has_faults { Err(Aborted) } else { Ok(()) }
    }
}

/// Reads the actions of an overlay (Overlay Specification 1.1, section 4.4).
fn actions(
    sources: &Sources,
    file: FileId,
    overlay: &Value,
    faults: &mut Vec<Diagnostic>,
) -> Vec<Action> {
    let mut fault = |at: &Pointer, message: &str, help: &str| {
        let location = Location::Span(file, sources.span(file, at));
        faults.push(Diagnostic::error(code::INVALID_OVERLAY, location, message).help(help));
    };
    let root = Pointer::root();
    let version = overlay.get("overlay").and_then(Value::as_str);
    match version {
        Some(version) if version.starts_with("1.0.") || version.starts_with("1.1.") => {}
        Some(_) => fault(
            &root.child("overlay"),
            "this version of the Overlay Specification is not supported",
            "write `overlay: 1.1.0` or `overlay: 1.0.0`",
        ),
        None => {
            fault(
                &root,
                "the overlay has no version",
                "write `overlay: 1.1.0`",
            );
            return Vec::new();
        }
    }
    let list = root.child("actions");
    let Some(Value::Array(actions)) = overlay.get("actions") else {
        fault(
            &list,
            "the overlay has no list of actions",
            "write `actions:` with an action such as `- target: $.info`",
        );
        return Vec::new();
    };
    let none = Map::new();
    let mut read = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        let at = list.child(index);
        let members = action.as_object().unwrap_or(&none);
        match Action::read(members, at.clone()) {
            Ok(action) => read.push(action),
            Err((key, message, help)) => {
                let at = if members.contains_key(key) {
                    at.child(key)
                } else {
                    at
                };
                fault(&at, &message, help);
            }
        }
    }
    read
}

#[cfg(test)]
mod tests;
