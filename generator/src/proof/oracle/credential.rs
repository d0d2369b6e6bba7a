//! The dummy credentials of the tests, and where a request carries them (wire rule 16).

use crate::ir::{SchemeKind, SecurityScheme};
use crate::lower::OperationOrigin;
use crate::proof::model::Credential;

use super::documented::{self, Carrier};
use super::request_parts::RequestParts;
use super::style;
use super::test_values::Tester;

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
fn secret(scheme: &SecurityScheme) -> String {
    let name = scheme.name.rust.as_str();
    let name = name.strip_prefix("r#").unwrap_or(name);
    format!("secret-of-{}", name.to_ascii_uppercase())
}

/// Returns the encoded user and password (RFC 7617, section 2).
fn basic(scheme: &SecurityScheme) -> String {
    use base64::Engine as _;
    let secret = secret(scheme);
    base64::engine::general_purpose::STANDARD.encode(format!("{secret}_USER:{secret}_PASSWORD"))
}

impl Tester<'_> {
    /// Adds the required credentials (wire rule 16). If several share a place, only the first is
    /// added.
    pub(super) fn credentials(
        self,
        origin: &OperationOrigin<'_>,
        request: &mut RequestParts,
    ) -> Result<(), String> {
        let asked = documented::asked(self.document, &origin.source);
        let undeclared = asked.iter().find(|name| {
            let mut schemes = self.schemes.iter();
            schemes.all(|scheme| scheme.name.wire != **name)
        });
        if let Some(name) = undeclared {
            return Err(format!("the security scheme `{name}` is not declared"));
        }
        let mut known = Vec::new();
        let schemes = self.schemes.iter();
        for scheme in schemes.filter(|scheme| asked.contains(&scheme.name.wire.as_str())) {
            let Some(carrier) = documented::carrier(self.document, &scheme.name.wire) else {
                continue;
            };
            let secret = secret(scheme);
            let place = match &carrier {
                Carrier::Connection => continue,
                Carrier::Authorization(_) => ("header", "authorization".to_owned()),
                Carrier::Header(name) => ("header", name.to_ascii_lowercase()),
                Carrier::Query(name) => ("query", (*name).to_owned()),
                Carrier::Cookie(name) => ("cookie", (*name).to_owned()),
            };
            if known.contains(&place) {
                continue;
            }
            let (_, name) = place.clone();
            known.push(place);
            let value = match carrier {
                Carrier::Authorization("Basic") => format!("Basic {}", basic(scheme)),
                Carrier::Authorization(word) => format!("{word} {secret}"),
                _ => secret,
            };
            match carrier {
                Carrier::Query(_) => {
                    let pair = [style::encode(&name), style::encode(&value)];
                    request.query.push(pair.join("="));
                }
                Carrier::Cookie(_) => request.cookies.push(format!("{name}={value}")),
                _ => {
                    request.headers.insert(name, value);
                }
            }
        }
        Ok(())
    }
}
