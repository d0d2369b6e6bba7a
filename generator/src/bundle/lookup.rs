//! Follows a pointer in one file.

use serde_json::Value;

use crate::pointer::Pointer;

/// The result of following a pointer in one file.
pub(super) enum Lookup {
    Found(Pointer),
    /// The node does not exist; this is the deepest one that exists.
    Missing(Pointer),
    /// A node on the path is a reference; the rest of the pointer continues at its target.
    Reference {
        at: Pointer,
        text: String,
        rest: Pointer,
    },
}

/// Follows a pointer from the root of a file.
pub(super) fn look_up(file: &Value, wanted: &Pointer) -> Lookup {
    let mut node = file;
    let tokens: Vec<_> = wanted.tokens().collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    for (depth, token) in tokens.iter().enumerate() {
        let child = match node {
            Value::Object(map) => map.get(*token),
            Value::Array(list) => array_index(token).and_then(|index| list.get(index)),
            _ => None,
        };
        let Some(child) = child else {
            let (way, rest) = tokens.split_at_checked(depth).unwrap_or_default();
            let at = Pointer::root().below(way);
            return match reference_text(node) {
                Some(text) => Lookup::Reference {
                    at,
                    text: text.to_owned(),
                    rest: Pointer::root().below(rest),
                },
                None => Lookup::Missing(at),
            };
        };
        node = child;
    }
    Lookup::Found(Pointer::root().below(&tokens))
}

/// Returns the text of a reference, if the node is one.
pub(super) fn reference_text(node: &Value) -> Option<&str> {
    node.as_object()?.get("$ref")?.as_str()
}

/// Parses an array index (RFC 6901, section 4), which has no leading zeros.
fn array_index(token: &str) -> Option<usize> {
    let is_canonical = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_canonical)
}
