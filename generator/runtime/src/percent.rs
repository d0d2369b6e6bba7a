//! Percent-encoding (RFC 3986, section 2.1).

/// Appends a text to a URI. Each byte that `keep` rejects is written as `%XX`.
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

/// Encodes each byte that is not unreserved as `%XX`.
#[must_use]
pub fn encode(text: &str) -> String {
    let mut uri = String::with_capacity(text.len());
    encode_into(&mut uri, text, is_unreserved);
    uri
}

/// Decodes a part of a query or a form, where `+` is a space. Other text is unchanged.
#[must_use]
pub fn decode(text: &str) -> Vec<u8> {
    // It never reallocates, so that wiping it leaves no copy.
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let byte = match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match from_hex([*high, *low]) {
                Some(byte) => {
                    rest = after;
                    byte
                }
                None => b'%',
            },
            (byte, _) => *byte,
        };
        bytes.push(byte);
    }
    bytes
}

/// Returns the byte of two hexadecimal digits, if they are valid.
#[must_use]
pub fn from_hex(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

/// Returns `true` for unreserved characters (RFC 3986, section 2.3).
#[must_use]
pub fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Returns `true` for characters that a path keeps: segments, separators, and encoded text.
#[must_use]
pub fn is_path(byte: u8) -> bool {
    is_unreserved(byte) || b"/%!$&'()*+,;=:@".contains(&byte)
}

/// Returns `true` for characters that a query keeps (RFC 3986, section 3.4).
#[must_use]
pub fn is_query(byte: u8) -> bool {
    is_path(byte) || byte == b'?'
}
