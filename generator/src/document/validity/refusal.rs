//! The reason why a schema does not allow a value.

use serde_json::Value;

use crate::document::SchemaView;
use crate::pointer::{Pointer, Trail};

/// The reason why a schema does not allow a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The pointer within the value.
    pub at: Pointer,
    /// A short description of the fault.
    pub reason: String,
    /// The pointer to the keyword that is violated.
    pub by: Pointer,
}

impl Refusal {
    /// Returns the reason, with its place in the value unless that is the whole value.
    #[must_use]
    pub fn describe(&self) -> String {
        let Self { at, reason, by: _ } = self;
        let place = at.as_str().replace('`', "'");
        if place.is_empty() {
            reason.clone()
        } else {
            format!("at `{place}`, {reason}")
        }
    }
}

/// The result of comparing a value with a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The schema allows it.
    Allowed,
    /// The schema does not allow it, for the first reason found.
    Refused(Refusal),
    /// The comparison exceeded the limit on steps.
    NotChecked,
}

impl Outcome {
    /// Returns the reason why the value is not allowed.
    #[must_use]
    pub fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Allowed | Self::NotChecked => None,
        }
    }
}

pub(super) type Verdict = Result<(), Refusal>;

pub(super) fn refuse(
    at: &Trail<'_>,
    view: &SchemaView<'_>,
    keyword: &str,
    reason: String,
) -> Verdict {
    Err(Refusal {
        at: at.pointer(),
        reason,
        by: view.keyword(keyword),
    })
}

/// Returns the text of a value in a message.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        scalar => scalar.to_string(),
    }
}

pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}
