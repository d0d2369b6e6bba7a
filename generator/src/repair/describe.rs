//! The names of parts of a document, for messages.

use serde_json::Value;

use crate::bundle::grammar::Kind;
use crate::pointer::Pointer;

/// Returns the name of an object: a parameter's own, the method and path of an operation, else the
/// key under which it stands.
pub(super) fn name(document: &Value, at: &Pointer, kind: Kind) -> String {
    let key = at.last().unwrap_or_default();
    match kind {
        Kind::Parameter => {
            let name = document
                .pointer(at.as_str())
                .and_then(|node| node.get("name"));
            name.and_then(Value::as_str).map_or(key, str::to_owned)
        }
        Kind::Operation => {
            let path = at.parent().and_then(|path| path.last());
            format!("{} {}", key.to_uppercase(), path.unwrap_or_default())
        }
        _ => key,
    }
}

/// Returns a name in backticks, shortened where a document makes it very long.
pub(super) fn quoted(name: &str) -> String {
    const LONGEST: usize = 80;
    if name.chars().count() > LONGEST {
        let start: String = name.chars().take(LONGEST).collect();
        return format!("`{start}..`");
    }
    format!("`{name}`")
}
