//! Percent-encoding (RFC 3986, section 2.1).

/// Adds a text to a URI, every byte that `keep` does not name as `%XX`.
pub fn encode_into(uri: &mut String, text: &str, keep: fn(u8) -> bool) {
    let digit = |value: u8| {
        char::from(match value & 0xF {
            value @ 0..10 => b'0' + value,
            value => b'A' - 10 + value,
        })
    };
    for byte in text.bytes() {
        if keep(byte) {
            uri.push(char::from(byte));
        } else {
            uri.extend(['%', digit(byte >> 4), digit(byte)]);
        }
    }
}

/// A text with every byte that is not unreserved as `%XX`.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut uri = String::with_capacity(text.len());
    encode_into(&mut uri, text, is_unreserved);
    uri
}

/// Returns the text that a percent-encoded one stands for; bytes that are no UTF-8 are replaced.
#[cfg(any(feature = "testing", feature = "tracing"))]
#[must_use]
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.split_at_checked(2).and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        (rest, _) = match (byte, digits) {
            (b'%', Some((value, after))) => (after, bytes.push(value)),
            (b'+', _) => (after, bytes.push(b' ')),
            (byte, _) => (after, bytes.push(*byte)),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The unreserved characters (RFC 3986, section 2.3).
#[must_use]
pub fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// What a path holds as it is: segments, their separators, and what is encoded already.
#[must_use]
pub fn is_path(byte: u8) -> bool {
    is_unreserved(byte) || b"/%!$&'()*+,;=:@".contains(&byte)
}

/// What a query holds as it is (RFC 3986, section 3.4).
#[must_use]
pub fn is_query(byte: u8) -> bool {
    is_path(byte) || byte == b'?'
}
