//! Media types: the format of a body, as far as its media type determines it.

/// The media type of server-sent events.
pub(super) const EVENTS: &str = "text/event-stream";

/// Returns the media type to send: `*/*` for `*`, which older clients used.
pub(super) fn sent(media_type: &str) -> &str {
    match media_type.trim() {
        "*" => "*/*",
        _ => media_type,
    }
}

/// Returns a media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    split(media_type).0.to_ascii_lowercase()
}

/// Splits the type and subtype from the parameters.
fn split(media_type: &str) -> (&str, &str) {
    let (essence, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    (essence.trim(), parameters.trim())
}

/// Returns the significant parameters in lower case. `charset` is not one of them, since the
/// encoding of a text does not change its meaning.
pub(super) fn parameters(media_type: &str) -> Vec<String> {
    let parameters = split(media_type).1.split(';');
    let parameters = parameters.map(|parameter| parameter.trim().to_ascii_lowercase());
    parameters
        .filter(|parameter| !parameter.is_empty() && !parameter.starts_with("charset"))
        .collect()
}

/// Returns the parameter `charset`, in lower case.
pub(super) fn charset(media_type: &str) -> Option<String> {
    split(media_type).1.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.to_ascii_lowercase())
    })
}

/// Returns true for `application/json` and every `+json` (RFC 6839, section 3.1), including ranges.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Returns true for a sequence: events, lines of JSON, or a JSON text sequence (RFC 7464).
pub(super) fn is_sequence(media_type: &str) -> bool {
    let essence = essence(media_type);
    matches!(
        essence.as_str(),
        EVENTS
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/x-json-stream"
            | "application/stream+json"
            | "application/json-seq"
    ) || essence.ends_with("+json-seq")
}

/// Returns true for JSON of no particular kind: `application/json` and its older names.
pub(super) fn is_plain_json(media_type: &str) -> bool {
    matches!(
        essence(media_type).as_str(),
        "application/json" | "text/json"
    )
}

/// Returns true for text, including XML and forms.
pub(super) fn is_text(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.starts_with("text/")
        || essence.ends_with("+xml")
        || essence.ends_with("+yaml")
        || matches!(
            essence.as_str(),
            "application/xml"
                | "application/yaml"
                | "application/x-yaml"
                | "application/x-www-form-urlencoded"
                | "application/javascript"
                | "application/x-ndjson"
                | "application/jsonl"
        )
}

/// Returns `true` if a media type does not determine the format: a range, or an `application` type
/// that is neither text nor known to be binary.
pub(super) fn is_open(media_type: &str) -> bool {
    const BINARY: &[&str] = &[
        "octet-stream",
        "pdf",
        "zip",
        "gzip",
        "tar",
        "cbor",
        "msgpack",
        "protobuf",
        "avro",
        "bson",
        "parquet",
        "wasm",
        "signed",
        "pkcs",
    ];
    let essence = essence(media_type);
    let Some(subtype) = essence.strip_prefix("application/") else {
        return essence == "*/*";
    };
    !BINARY.iter().any(|binary| subtype.contains(binary))
}

/// Returns true for a range: `image/*`, `application/*+json`, `*/*`. A text that is not a media
/// type is sent and compared unchanged.
pub(crate) fn is_range(media_type: &str) -> bool {
    let is_token = |text: &str| {
        let mut bytes = text.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let parts = split(media_type).0.split_once('/');
    parts.is_some_and(|(kind, subtype)| {
        (kind.contains('*') || subtype.contains('*')) && is_token(kind) && is_token(subtype)
    })
}

/// Returns the breadth of a media type, from the most specific: with parameters, without, then
/// `application/*+json`, `text/*`, `*/*`. A reader tries the more specific one first.
pub(super) fn breadth(media_type: &str) -> u8 {
    match split(media_type).0 {
        "*/*" => 4,
        essence if is_range(essence) && (essence.ends_with("/*") || essence.starts_with("*/")) => 3,
        essence if is_range(essence) => 2,
        _ if parameters(media_type).is_empty() => 1,
        _ => 0,
    }
}

/// Returns the sort key of a media type in `Accept`: JSON first, more specific types before others,
/// ranges last.
pub(crate) fn preference(media_type: &str) -> (u8, bool, u8) {
    let breadth = breadth(media_type);
    let is_range = is_range(media_type);
    let specific = match essence(media_type).as_str() {
        "application/json" => 1,
        "text/json" => 2,
        _ => 0,
    };
    (
        if is_range { breadth } else { 0 },
        !is_json(media_type),
        if is_range {
            0
        } else {
            breadth.saturating_mul(4) + specific
        },
    )
}

/// Returns a media type for `Accept`, which only allows ranges of a whole type or of all types (RFC
/// 9110, section 12.5.1). Plain JSON matches every range of JSON.
pub(super) fn accepted(media_type: &str) -> &str {
    match split(media_type).0 {
        _ if breadth(media_type) != 2 => media_type,
        _ if is_json(media_type) => "application/json",
        essence if essence.ends_with("+xml") => "application/xml",
        essence if essence.starts_with("application/") => "application/*",
        _ => "*/*",
    }
}

/// Returns the part of a media type that distinguishes it in a name: `json`, `xml`, `png`.
pub(super) fn subtype(media_type: &str) -> &str {
    let (essence, _) = split(media_type);
    match essence.split_once('/') {
        Some((kind, "*")) => kind,
        Some((_, subtype)) => subtype.strip_prefix("*+").unwrap_or(subtype),
        None => essence,
    }
}

/// Returns the media types in an Encoding Object's `contentType` list.
pub(crate) fn listed(content_type: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    content_type
        .split(move |c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        })
        .map(str::trim)
        .filter(|media_type| !media_type.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mere_star_is_any_media_type() {
        assert_eq!(sent("*"), "*/*");
        assert_eq!(sent("image/*"), "image/*");
        assert_eq!(breadth(sent("*")), breadth("*/*"));
    }

    #[test]
    fn a_narrower_range_comes_first() {
        let sorted = [
            "application/json; version=2",
            "application/json; charset=utf-8",
            "application/*+json",
            "application/*",
            "*/*",
        ];
        assert!(sorted.is_sorted_by(|a, b| breadth(a) < breadth(b)));
    }

    #[test]
    fn json_is_preferred_and_a_range_comes_last() {
        let sorted = [
            "application/json; version=2",
            "application/vnd.example+json",
            "application/json",
            "text/json",
            "text/plain",
            "application/*+json",
            "text/*",
            "*/*",
        ];
        assert!(sorted.is_sorted_by(|a, b| preference(a) < preference(b)));
    }

    #[test]
    fn a_list_may_have_commas_in_quotes() {
        let listed: Vec<&str> = listed("image/png, text/plain; a=\"1,2\" ,image/*").collect();
        assert_eq!(listed, ["image/png", "text/plain; a=\"1,2\"", "image/*"]);
        assert_eq!(
            charset("text/plain; Charset=\"ISO-8859-1\"").as_deref(),
            Some("iso-8859-1")
        );
    }
}
