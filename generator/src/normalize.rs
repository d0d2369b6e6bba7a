//! OpenAPI 3.0, 3.1 and 3.2 -> the vocabulary of `openapiv3` (3.0).

use serde_json::Value;

use crate::diagnostic::Diagnostics;

/// The edition of the specification that a document follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// OpenAPI 3.0
    V3_0,
    /// OpenAPI 3.1
    V3_1,
    /// OpenAPI 3.2
    V3_2,
}

/// A document in the vocabulary of OpenAPI 3.0.
#[derive(Debug)]
pub struct Normalized {
    /// The document.
    pub value: Value,
    /// What it was written in.
    pub version: Version,
}

/// Checks a bundled document and rewrites it.
#[must_use]
pub fn normalize(value: Value, diagnostics: &mut Diagnostics) -> Normalized {
    let _ = diagnostics;
    Normalized {
        value,
        version: Version::V3_0,
    }
}
