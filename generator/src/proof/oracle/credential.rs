//! The dummy credentials of the tests.

use crate::ir::{SchemeKind, SecurityScheme};
use crate::proof::model::Credential;

/// Returns the dummy credential of a scheme.
pub(super) fn credential(scheme: &SecurityScheme) -> Credential {
    let setter = scheme.name.rust.clone();
    let (arguments, secret) = match &scheme.kind {
        SchemeKind::MutualTls => (0, None),
        SchemeKind::Basic => (2, Some(basic(scheme))),
        _ => (1, Some(secret(scheme))),
    };
    Credential {
        setter,
        arguments,
        secret,
    }
}

/// Returns the secret that `credential` in the generated tests derives from the name of an
/// environment variable.
pub(super) fn secret(scheme: &SecurityScheme) -> String {
    let name = scheme.name.rust.as_str();
    let name = name.strip_prefix("r#").unwrap_or(name);
    format!("secret-of-{}", name.to_ascii_uppercase())
}

/// Returns the encoded user and password (RFC 7617, section 2).
pub(super) fn basic(scheme: &SecurityScheme) -> String {
    use base64::Engine as _;
    let secret = secret(scheme);
    base64::engine::general_purpose::STANDARD.encode(format!("{secret}_USER:{secret}_PASSWORD"))
}
