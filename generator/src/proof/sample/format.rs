//! Texts in the formats of schemas.

/// Returns a text in a format, or `None` if the format does not restrict the text.
pub(super) fn text_in_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "uri" | "url" => "https://example.com",
        "uuid" => "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12",
        "date" => "2024-01-31",
        "date-time" => "2024-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "email" => "person@example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "hostname" => "example.com",
        "byte" => "aGVsbG8=",
        _ => return None,
    })
}
