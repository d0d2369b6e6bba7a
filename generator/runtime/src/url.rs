//! Base URLs of servers, and URLs of redirects.

use std::fmt;

use http::Uri;
use http::uri::Scheme;

/// The base URL of a server: scheme, host, port and the start of the path.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    path: String,
}

impl BaseUrl {
    /// Reads a base URL. A trailing slash makes no difference.
    ///
    /// # Errors
    ///
    /// Returns a message if it is not an absolute http or https URL, or has a user name, a query or
    /// a fragment.
    pub fn parse(text: &str) -> Result<Self, String> {
        // User name, query and fragment are not shown: they can contain a password.
        let shown = text.split(['?', '#']).next().unwrap_or_default();
        let shown = shown.rsplit('@').next().unwrap_or_default().escape_debug();
        if text.contains('#') {
            return Err(format!("the base URL `{shown}` has a fragment"));
        }
        let Some((scheme, after)) = text.split_once("://") else {
            return Err(match text.starts_with('/') {
                true => format!(
                    "the server `{shown}` is relative: set the base URL, such as `https://example.com{shown}`"
                ),
                false => format!("the base URL `{shown}` does not begin with `https://`"),
            });
        };
        let authority = after.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            // Not shown: it is a password.
            return Err(
                "the base URL has a user name: set credentials on the client's builder".to_owned(),
            );
        }
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "http" && scheme != "https" {
            return Err(format!(
                "the base URL `{shown}` is neither an http nor an https URL"
            ));
        }
        if after.contains('?') {
            return Err(format!("the base URL `{shown}` has a query"));
        }
        let uri: Uri = match format!("{scheme}://{after}").parse() {
            Ok(uri) => uri,
            Err(error) => return Err(format!("the base URL `{shown}` is not a URL: {error}")),
        };
        if uri.host().is_none_or(str::is_empty) || has_bad_port(authority) {
            return Err(format!("the base URL `{shown}` has no legal host and port"));
        }
        Ok(Self {
            origin: format!("{scheme}://{authority}"),
            path: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Returns the URL of a path and a query below it.
    #[must_use]
    pub fn join(&self, path: &str, query: &str) -> String {
        let mut url = format!("{}{}", self.origin, self.path);
        if !path.starts_with('/') {
            url.push('/');
        }
        url.push_str(path);
        if !query.is_empty() {
            url.push('?');
            url.push_str(query);
        }
        url
    }

    /// Returns the URL of a reference (RFC 3986, section 4.1). An absolute URL is unchanged,
    /// `/path` is relative to the host, and `path` to this URL as a folder.
    #[must_use]
    pub fn resolve(&self, reference: &str) -> String {
        if has_scheme(reference) {
            reference.to_owned()
        } else if reference.starts_with("//") {
            let scheme = self.origin.split("//").next().unwrap_or_default();
            format!("{scheme}{reference}")
        } else if reference.starts_with('/') {
            format!("{}{reference}", self.origin)
        } else {
            self.join(reference, "")
        }
    }

    /// Returns the base URL of an operation's own server, which can be relative to this one.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`parse`](Self::parse).
    pub fn sibling(&self, server: &str) -> Result<Self, String> {
        if server.starts_with('/') {
            Self::parse(&format!("{}{server}", self.origin))
        } else {
            Self::parse(server)
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.path)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Returns `true` if the port is not a number below 65,536.
fn has_bad_port(authority: &str) -> bool {
    let after_host = authority.rsplit(']').next().unwrap_or_default();
    match after_host.split_once(':') {
        None => false,
        Some((_, port)) => port.parse::<u16>().is_err(),
    }
}

/// Returns the URL of a redirect from `from` to `location` (RFC 9110, section 10.2.2; RFC 3986,
/// section 5.2); `None` if it leaves the origin or is not a URL.
#[must_use]
pub fn redirect(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.split('#').next().unwrap_or_default();
    // Some parsers read it as a slash.
    if location.contains('\\') {
        return None;
    }
    let scheme = from.scheme_str()?;
    let authority = from.authority()?;
    let text = if has_scheme(location) {
        location.to_owned()
    } else if location.starts_with("//") {
        format!("{scheme}:{location}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.is_empty() || location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", from.path())
    } else {
        let folder = from
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("{scheme}://{authority}{folder}/{location}")
    };
    let target: Uri = text.parse().ok()?;
    let same = target.scheme() == from.scheme()
        && target.host()?.eq_ignore_ascii_case(from.host()?)
        && port(&target) == port(from)
        && !target.authority()?.as_str().contains('@');
    same.then_some(target)
}

/// Returns `true` if a reference starts with a scheme (RFC 3986, section 4.2).
fn has_scheme(reference: &str) -> bool {
    let end = reference.find(['/', '?']).unwrap_or(reference.len());
    reference
        .get(..end)
        .is_some_and(|first| first.contains(':'))
}

fn port(uri: &Uri) -> Option<u16> {
    uri.port_u16().or_else(|| match uri.scheme() {
        Some(scheme) if *scheme == Scheme::HTTP => Some(80),
        Some(scheme) if *scheme == Scheme::HTTPS => Some(443),
        _ => None,
    })
}
