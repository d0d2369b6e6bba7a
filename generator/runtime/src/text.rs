//! Text bodies in the charset of their media type.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::error::{DecodeError, EncodeError};
use super::json;
use super::request::Parts;
use super::response::{Reply, charset_of, is_json};

impl Reply {
    /// Returns the body as text, in the charset of the response, or else in UTF-8.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not valid in that charset, or the charset is not in the
    /// WHATWG Encoding Standard.
    pub fn text(&self) -> Result<String, DecodeError> {
        match self.content_type().and_then(charset_of) {
            Some(charset) if !is_utf8(charset) => decode(self.bytes(), charset),
            _ => match std::str::from_utf8(self.bytes()) {
                Ok(text) => Ok(text.to_owned()),
                Err(error) => {
                    let at = error.valid_up_to();
                    let message = format!("the body is not UTF-8 from byte {at} on");
                    Err(DecodeError::new("", message))
                }
            },
        }
    }

    /// Reads the text of the body as a value that is a string in JSON.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`text`](Self::text), or an error if the text does not match the type.
    pub fn text_as<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        let text = self.text()?;
        match serde_json::to_vec(&text) {
            Ok(string) => json::read(&string),
            Err(error) => Err(DecodeError::new("", error.to_string())),
        }
    }

    /// Reads the body as JSON if the response's media type is JSON, or else as text.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`json`](Self::json) and [`text_as`](Self::text_as).
    pub fn json_or_text<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if self.content_type().is_some_and(is_json) {
            self.json()
        } else {
            self.text_as()
        }
    }
}

impl Parts {
    /// Sets a text body in the charset of the media type.
    pub fn encoded_text(&mut self, media_type: &str, text: &str) {
        let bytes = match charset_of(media_type) {
            Some(charset) if !is_utf8(charset) => encode(text, charset),
            _ => Ok(Bytes::copy_from_slice(text.as_bytes())),
        };
        match bytes {
            Ok(bytes) => self.content(media_type, bytes.into()),
            Err(error) => self.fail(error),
        }
    }
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(feature = "charset")]
fn decode(bytes: &[u8], charset: &str) -> Result<String, DecodeError> {
    let Some(encoding) = encoding_rs::Encoding::for_label(charset.as_bytes()) else {
        let charset = charset.escape_debug();
        let message = format!("the charset `{charset}` of the body is unknown");
        return Err(DecodeError::new("", message));
    };
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors {
        let charset = charset.escape_debug();
        let message = format!("the body is not text in its charset `{charset}`");
        return Err(DecodeError::new("", message));
    }
    Ok(text.into_owned())
}

#[cfg(feature = "charset")]
fn encode(text: &str, charset: &str) -> Result<Bytes, EncodeError> {
    let encoding = encoding_rs::Encoding::for_label(charset.as_bytes());
    // UTF-16 is only decoded (WHATWG Encoding, section 4.3).
    let encoding = encoding.filter(|encoding| encoding.output_encoding() == *encoding);
    let Some(encoding) = encoding else {
        let charset = charset.escape_debug();
        let message = format!("no text can be written in the charset `{charset}`");
        return Err(EncodeError::body(message));
    };
    let (bytes, _, had_errors) = encoding.encode(text);
    if had_errors {
        let charset = charset.escape_debug();
        let message = format!("the charset `{charset}` cannot encode all of its characters");
        return Err(EncodeError::body(message));
    }
    Ok(Bytes::from(bytes.into_owned()))
}

#[cfg(not(feature = "charset"))]
fn needs_feature(charset: &str) -> String {
    let charset = charset.escape_debug();
    format!("the charset `{charset}` needs the feature `charset` of this crate, which is disabled")
}

#[cfg(not(feature = "charset"))]
fn decode(_bytes: &[u8], charset: &str) -> Result<String, DecodeError> {
    Err(DecodeError::new("", needs_feature(charset)))
}

#[cfg(not(feature = "charset"))]
fn encode(_text: &str, charset: &str) -> Result<Bytes, EncodeError> {
    Err(EncodeError::body(needs_feature(charset)))
}
