//! The fields that move to an extension, because `openapiv3` does not read them as needed.

use serde_json::Value;

use crate::internal_extensions::PREFIX;
use crate::spec::{Fields, ObjectKind};

/// Returns `true` if a field moves to an extension of the same name (see [`PREFIX`]).
pub(super) fn is_carried(kind: ObjectKind, field: &str) -> bool {
    let fields: &[&str] = match kind {
        ObjectKind::Document => &["$self", "jsonSchemaDialect", "webhooks"],
        ObjectKind::Info | ObjectKind::Response => &["summary"],
        ObjectKind::License => &["identifier"],
        ObjectKind::Server => &["name"],
        ObjectKind::Components => &["callbacks", "pathItems", "mediaTypes"],
        ObjectKind::PathItem => &["query", "additionalOperations"],
        ObjectKind::Operation => &["callbacks"],
        // `explode` to record its presence.
        ObjectKind::Header => &["explode", "allowEmptyValue", "allowReserved"],
        ObjectKind::MediaType => &[
            "description",
            "itemSchema",
            "prefixEncoding",
            "itemEncoding",
        ],
        ObjectKind::Encoding => &["encoding", "prefixEncoding", "itemEncoding"],
        ObjectKind::Example => &["dataValue", "serializedValue"],
        ObjectKind::Tag => &["summary", "parent", "kind"],
        ObjectKind::SecurityScheme => &["oauth2MetadataUrl", "deprecated"],
        ObjectKind::OAuthFlows => &["deviceAuthorization"],
        ObjectKind::OAuthFlow => &["deviceAuthorizationUrl"],
        ObjectKind::Discriminator => &["defaultMapping"],
        _ => &[],
    };
    fields.contains(&field)
}

/// Returns the value of a field that was carried.
pub(super) fn carried_value<'v>(map: &'v Fields, field: &str) -> Option<&'v Value> {
    let mut members = map.iter();
    members
        .find(|(key, _)| key.strip_prefix(PREFIX) == Some(field))
        .map(|(_, value)| value)
}
