//! Selects the credentials that a call sends.

use http::Uri;

use super::client::Shared;
use super::credential::Credential;
use super::error::{EncodeError, Error, MissingCredential, NoFailure};
use super::fetched_credential::is_confidential;
use super::operation::Call;
use super::options::Options;
use super::prepared_request::Prepared;
use super::security::{Scheme, Security};

/// Returns the credentials that a call sends: the first complete alternative of its `security`.
///
/// # Errors
///
/// Returns an error if no alternative is complete, or if a credential would be sent over plain http
/// to another computer, even in a default header.
pub(super) fn credentials(
    shared: &Shared,
    call: &Call,
    options: &Options,
    prepared: &Prepared,
) -> Result<Vec<Credential>, Error<NoFailure>> {
    // A URL that cannot be parsed cannot be called anyway.
    let url: Option<Uri> = prepared.join("").parse().ok();
    let selected = selected(shared, call, options, url.as_ref())?;
    if shared.allows_http || url.as_ref().is_none_or(is_confidential) {
        return Ok(selected);
    }
    let sent = selected.iter().find(|credential| credential.is_sent());
    let place = match sent {
        Some(credential) => format!("the credential `{}`", credential.name()),
        None => match prepared.secret_header(shared) {
            Some(name) => format!("the header `{name}`"),
            None => return Ok(selected),
        },
    };
    Err(Error::Encode(EncodeError::new(place, PLAIN_HTTP)))
}

/// Selects the credentials of a call to this URL.
fn selected(
    shared: &Shared,
    call: &Call,
    options: &Options,
    url: Option<&Uri>,
) -> Result<Vec<Credential>, Error<NoFailure>> {
    let mut known = options.credentials.clone();
    if options.anonymous && known.is_empty() {
        return Ok(known);
    }
    for credential in &shared.credentials {
        if !options.anonymous && !known.iter().any(|own| own.is_same(credential)) {
            known.push(credential.clone());
        }
    }
    if let Some(url) = url {
        known.retain(|known| {
            known
                .fetch()
                .is_none_or(|fetch| !fetch.is_fetched_from(url))
        });
    }
    select_for(call, known)
}

/// The reason why a credential is not sent.
const PLAIN_HTTP: &str = "it would be sent over plain http, where others can read it: use an https \
                          URL, or call `allow_http` on the client's builder";

/// Selects the credentials that a call requires from the known ones.
fn select_for(call: &Call, known: Vec<Credential>) -> Result<Vec<Credential>, Error<NoFailure>> {
    let Some(security) = call.security else {
        let mut all: Vec<Credential> = Vec::new();
        for credential in known {
            if !all.iter().any(|first| first.replaces(&credential)) {
                all.push(credential);
            }
        }
        return Ok(all);
    };
    let selected = select(security, &known);
    selected
        .map(|selected| selected.into_iter().cloned().collect())
        .ok_or_else(|| {
            Error::MissingCredential(MissingCredential {
                endpoint: call.endpoint.clone(),
                security,
            })
        })
}

/// Returns the credentials for the first complete alternative, or `None`. An empty alternative
/// makes the others optional wherever it is listed. It is only used if no other is complete.
fn select(security: Security, credentials: &[Credential]) -> Option<Vec<&Credential>> {
    let complete = |alternative: &&[Scheme]| {
        alternative
            .iter()
            .map(|scheme| credentials.iter().find(|c| c.is_of(*scheme)))
            .collect()
    };
    let is_optional = security.iter().any(|alternative| alternative.is_empty());
    security
        .iter()
        .filter(|alternative| !alternative.is_empty())
        .find_map(complete)
        .or_else(|| (security.is_empty() || is_optional).then(Vec::new))
}
