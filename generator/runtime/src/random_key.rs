//! Idempotency keys that the client generates.

use super::error::EncodeError;
use super::idempotency::IdempotencyKey;

impl IdempotencyKey {
    /// A key in the header of this name: a random UUID unless the call sets one.
    #[must_use]
    pub const fn header(name: &'static str) -> Self {
        Self::Header { name, make: uuid }
    }
}

/// Returns a UUID of version 4 (RFC 9562, section 5.4). It uses the operating system's random
/// numbers, because two calls must not share a key.
fn uuid() -> Result<String, EncodeError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| EncodeError::new("the idempotency key", error.to_string()))?;
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) & !(0b11 << 62) | 0x4 << 76 | 0b10 << 62;
    let mut text = format!("{number:032x}");
    for at in [20, 16, 12, 8] {
        text.insert(at, '-');
    }
    Ok(text)
}
