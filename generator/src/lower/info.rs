//! The metadata of the API: the Info Object, and the tags.

use crate::diagnostic::{self, Diagnostic, Diagnostics};
use crate::document::{Document, carried};
use crate::inline_code::code;
use crate::ir::{Contact, Docs, ExternalDocs, Info, License, OperationGroup};
use crate::pointer::Pointer;

use super::docs;

/// Lowers the Info Object.
///
/// Warns if the URL of the contact is not a web address, since the homepage of a package must be
/// one.
pub(super) fn info(document: &Document, diagnostics: &mut Diagnostics) -> Info {
    let api = document.api();
    let info = &api.info;
    let summary = carried(&info.extensions, "summary")
        .and_then(|summary| summary.as_str())
        .map(str::to_owned);
    let parts: Vec<String> = summary
        .into_iter()
        .chain(info.description.clone())
        .collect();
    let contact_url = info.contact.iter().find_map(|contact| contact.url.as_ref());
    if let Some(url) = contact_url.filter(|url| !is_web_address(url)) {
        let at = ["info", "contact", "url"].iter();
        let at = at.fold(Pointer::root(), |at, token| at.child(token));
        let message = format!(
            "{} is not a web address, so the crate has no `homepage`",
            code(url)
        );
        diagnostics.push(
            Diagnostic::warning(diagnostic::code::INVALID_URL, at, message)
                .label("shown unchanged in the docs")
                .help(
                    "write a URL such as `https://example.com/support`; use `email` for a mail address",
                ),
        );
    }
    Info {
        title: info.title.clone(),
        version: info.version.clone(),
        description: (!parts.is_empty()).then(|| parts.join("\n\n")),
        terms_of_service: info.terms_of_service.clone(),
        contact: info.contact.as_ref().map(|contact| Contact {
            name: contact.name.clone(),
            url: contact.url.clone(),
            email: contact.email.clone(),
        }),
        homepage: contact_url.filter(|url| is_web_address(url)).cloned(),
        license: info.license.as_ref().map(|license| License {
            name: license.name.clone(),
            identifier: carried(&license.extensions, "identifier")
                .and_then(|id| id.as_str())
                .map(str::to_owned),
            url: license.url.clone(),
        }),
        external_docs: api.external_docs.as_ref().map(|docs| ExternalDocs {
            url: docs.url.clone(),
            description: docs.description.clone(),
        }),
        faults: document.fault_summary().to_vec(),
    }
}

/// Returns true for a web address: an absolute http or https URL with a host.
fn is_web_address(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let is_http = ["http", "https"]
        .iter()
        .any(|http| scheme.eq_ignore_ascii_case(http));
    is_http
        && !rest.is_empty()
        && !rest.starts_with(['/', '?', '#'])
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Returns the tags without operations that have documentation.
pub(super) fn chapters(document: &Document, groups: &[OperationGroup]) -> Vec<(String, Docs)> {
    let tags = document.api().tags.iter();
    tags.filter(|tag| groups.iter().all(|group| group.title != tag.name))
        .map(|tag| (tag.name.clone(), docs::of_tag(tag)))
        .filter(|(_, docs)| *docs != Docs::default())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_homepage_is_absolute_and_has_a_host() {
        for (url, expected) in [
            ("https://example.com", true),
            ("HTTP://example.com/a?b#c", true),
            ("www.example.com", false),
            ("/support", false),
            ("mailto:a@example.com", false),
            ("ftp://example.com", false),
            ("https://", false),
            ("https:///a", false),
            ("https://example.com/a b", false),
            ("", false),
        ] {
            assert_eq!(is_web_address(url), expected, "{url}");
        }
    }
}
