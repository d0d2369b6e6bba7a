//! The name of a file in the header `Content-Disposition` (RFC 6266).

use super::percent;
use super::quoted_string::unquote;

/// The maximum length of a file name in bytes on common systems.
const LONGEST: usize = 255;

/// Names of devices on Windows, also with an extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];

/// Returns the file name of a header, never a path; `None` if it has none.
pub(crate) fn file_name(header: &[u8]) -> Option<String> {
    let header = String::from_utf8_lossy(header);
    let parameters = parameters(&header);
    let of = |name: &str| {
        let mut parameters = parameters.iter();
        parameters.find(|(own, _)| own.eq_ignore_ascii_case(name))
    };
    let extended = of("filename*").and_then(|(_, value)| extended(value));
    let name = extended.or_else(|| of("filename").map(|(_, value)| value.clone()))?;
    safe(&name)
}

/// Returns the parameters after the type, without quotes.
fn parameters(header: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let (_, mut rest) = header.split_once(';').unwrap_or_default();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_start_matches([';', ' ', '\t']).trim_end();
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = after.find(';').unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (value.trim_end().to_owned(), after)
            }
        };
        found.push((name.to_owned(), value));
        rest = after;
    }
    found
}

/// Returns the value of `filename*`: a charset, a language, and a text (RFC 8187, section 3.2).
fn extended(value: &str) -> Option<String> {
    let mut parts = value.splitn(3, '\'');
    let (charset, _, text) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = decoded(text)?;
    match charset.to_ascii_lowercase().as_str() {
        "utf-8" => String::from_utf8(bytes).ok(),
        "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

/// Decodes a percent-encoded text.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        bytes.push(percent::from_hex([rest.next()?, rest.next()?])?);
    }
    Some(bytes)
}

/// Returns the last segment of a possible path, as the name of a file.
fn safe(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| match c {
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
        c if c.is_control() => '_',
        c => c,
    };
    let name: String = name.chars().map(plain).collect();
    // Windows drops these at the end, so other names than `..` can name the parent folder, too.
    let mut name = name.trim().trim_end_matches(['.', ' ']);
    while name.len() > LONGEST {
        let end = name.char_indices().next_back().map_or(0, |(at, _)| at);
        name = name.get(..end).unwrap_or_default();
    }
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match name {
        "" => None,
        name if DEVICES.contains(&stem.as_str()) => Some(format!("_{name}")),
        name => Some(name.to_owned()),
    }
}
