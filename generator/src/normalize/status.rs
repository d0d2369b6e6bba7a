//! Status codes of responses.

/// Returns `true` if the key is a status code (RFC 9110, section 15) or a range of codes.
pub(super) fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [first, second, third] => {
            (b'1'..=b'9').contains(first) && second.is_ascii_digit() && third.is_ascii_digit()
        }
        _ => false,
    }
}
