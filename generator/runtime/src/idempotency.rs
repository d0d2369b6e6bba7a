//! Keys by which a server recognizes a repeated call.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::header::HeaderName;
use serde_json::value::RawValue;

use super::body::Content;
use super::error::EncodeError;
use super::options::Options;

/// The place of an operation's documented idempotency key.
#[derive(Clone, Copy, Debug)]
pub enum IdempotencyKey {
    /// No place.
    Undocumented,
    /// A header. A call without a value for it gets a new key.
    Header {
        /// The name of the header.
        name: &'static str,
        /// Creates a key.
        make: fn() -> Result<String, EncodeError>,
    },
    /// A property of the JSON body.
    Property(&'static str),
}

/// Headers that are always keys.
const HEADERS: &[&str] = &["idempotency-key", "x-idempotency-key", "paypal-request-id"];

impl IdempotencyKey {
    /// Adds the key of the options, or a new one, to the headers of a request.
    pub(super) fn apply(
        self,
        headers: &mut HeaderMap,
        options: &Options,
    ) -> Result<(), EncodeError> {
        let name = match self {
            Self::Header { name, .. } => name,
            Self::Undocumented | Self::Property(_) => "idempotency-key",
        };
        let Ok(name) = HeaderName::try_from(name) else {
            return Ok(());
        };
        let key = match (self, &options.idempotency_key) {
            (_, Some(_)) if headers.contains_key(&name) => {
                return Err(EncodeError::new(
                    "the idempotency key",
                    format!("the header `{name}` is already set"),
                ));
            }
            (_, Some(key)) => key.clone(),
            (Self::Header { make, .. }, None) if !headers.contains_key(&name) => {
                let Ok(key) = make()?.try_into() else {
                    return Ok(());
                };
                key
            }
            _ => return Ok(()),
        };
        headers.insert(name, key);
        Ok(())
    }

    /// Returns whether a request has a key.
    pub(super) fn is_in(self, headers: &HeaderMap, content: &Content) -> bool {
        let given = |name: &&str| headers.get(*name).is_some_and(|key| !key.is_empty());
        HEADERS.iter().any(given)
            || match self {
                Self::Property(name) => has_text(content, name),
                Self::Header { name, .. } => given(&name),
                Self::Undocumented => false,
            }
    }
}

/// Returns whether a body has a property that is a non-empty text.
fn has_text(content: &Content, name: &str) -> bool {
    let Content::Bytes(bytes) = content else {
        return false;
    };
    let properties: Option<BTreeMap<String, &RawValue>> = serde_json::from_slice(bytes).ok();
    let properties = properties.unwrap_or_default();
    properties.get(name).is_some_and(|value| {
        let text = value.get();
        text.starts_with('"') && text != "\"\""
    })
}
