//! The docs of `src/client.rs`: the servers, the security schemes and the setters for them.

use proc_macro2::Ident;

use super::escape::code;
use super::{Doc, first_line};
use crate::ident::MethodName;
use crate::ir::{Flows, Name, SchemeKind, SecurityScheme, Server, ServerVariable};

/// Returns the docs of the module.
pub(in crate::emit) fn module() -> Doc {
    Doc::from("The client of this API: its servers and its credentials.")
}

/// Returns the docs of the function that creates a client for the server with this URL.
pub(in crate::emit) fn builder(url: &str) -> Doc {
    let url_code = code(url);
    Doc::from(if url.starts_with("http") && !url.contains('{') {
        format!("A client for {url_code}, without credentials.")
    } else {
        format!(
            "A client without credentials. The document's server is {url_code}: a `base_url` has to be set."
        )
    })
}

/// Returns the docs of the security requirements of the document itself.
pub(in crate::emit) fn common_security() -> Doc {
    Doc::from("The security requirements of operations that do not declare their own.")
}

/// Returns the docs of the list of servers.
pub(in crate::emit) fn servers(servers: &[Server]) -> Doc {
    let mut doc = Doc::from("The servers in the document. The first is the default.");
    doc.lines(servers.iter().map(|server| {
        let url = code(&server.url);
        match server.description.as_deref().and_then(first_line) {
            Some(description) => format!("- {url}: {description}"),
            None => format!("- {url}"),
        }
    }));
    doc
}

/// Returns the docs of the setter of a variable in the URLs of these servers.
pub(in crate::emit) fn variable<'s>(name: &str, servers: impl Iterator<Item = &'s Server>) -> Doc {
    let mut lines: Vec<String> = Vec::new();
    for server in servers {
        for variable in server.variables.iter().filter(|known| known.name == name) {
            let line = variable_line(server, variable);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    let mut doc = Doc::from(format!(
        "Sets the variable {} in the URLs of the document's servers.",
        code(name)
    ));
    doc.lines(lines);
    doc
}

/// The maximum length of a server's URL in the docs of its variables, in bytes.
const LONGEST_URL: usize = 200;

fn variable_line(server: &Server, variable: &ServerVariable) -> String {
    let ServerVariable {
        name: _,
        default,
        values,
        description,
    } = variable;
    // The docs of each variable repeat the URL.
    let url = match server
        .url
        .split_at(server.url.floor_char_boundary(LONGEST_URL))
    {
        (url, "") => code(url),
        (start, _) => code(&format!("{start}..")),
    };
    let mut line = match default {
        Some(default) => format!("- {url}: {} by default", code(default)),
        None => format!("- {url}: required, unless a base URL is set"),
    };
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| code(value)).collect();
        line.push_str("; one of ");
        line.push_str(&values.join(", "));
    }
    if let Some(description) = description.as_deref().and_then(first_line) {
        line.push_str(". ");
        line.push_str(&description);
    }
    line
}

/// Returns the docs of the constant of a scheme.
pub(in crate::emit) fn scheme(scheme: &SecurityScheme) -> Doc {
    let wire = code(&scheme.name.wire);
    let mut doc = Doc::from(format!("{wire}: {}.", place(&scheme.kind)));
    doc.words(&scheme.docs);
    doc
}

/// Returns the docs of the setter of a scheme's credential; `constant` is the name of the scheme's
/// constant.
pub(in crate::emit) fn credential(scheme: &SecurityScheme, constant: &Ident) -> Doc {
    let SecurityScheme {
        name, kind, flows, ..
    } = scheme;
    match kind {
        SchemeKind::Bearer if *flows != Flows::default() => fetching(name, flows, constant),
        SchemeKind::MutualTls => Doc::from(format!(
            "Declares that the transport presents the certificate of {}.",
            code(&name.wire)
        )),
        _ => Doc::from(format!(
            "Sets {} for {}. Only operations that require it send it.",
            place(kind),
            code(&name.wire)
        )),
    }
}

/// Returns the docs of the setter of a scheme with flows.
fn fetching(name: &Name<MethodName>, flows: &Flows, constant: &Ident) -> Doc {
    let mut doc = Doc::from(format!(
        "Sets the credential for {}: an access token or a source of tokens. Only operations that require it send it.",
        code(&name.wire)
    ));
    let mut lines = Vec::new();
    if flows.client_credentials.is_some() {
        lines.push("- `ClientCredentials::new(id, secret)`: the application acts for itself.");
    }
    lines.push(
        "- `RefreshToken::new(id, token)`: a person has allowed the application to act for them.",
    );
    lines.push("- `Credentials::source(source)`: tokens from a source of your own.");
    doc.lines(lines.into_iter().map(str::to_owned));
    if flows.authorization_code.is_some() {
        doc.paragraph(format!(
            "`AuthorizationCode::new({constant}, id, redirect_uri)` begins a login, which gives a refresh token."
        ));
    }
    doc
}

/// Returns a short description of the credential in a request.
fn place(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::Bearer => "a bearer token".to_owned(),
        SchemeKind::Basic => "a user name and a password".to_owned(),
        SchemeKind::Http(word) => format!("`Authorization` with {}", code(word)),
        SchemeKind::Header(name) => format!("a key in the header {}", code(name)),
        SchemeKind::Query(name) => format!("a key in the query parameter {}", code(name)),
        SchemeKind::Cookie(name) => format!("a key in the cookie {}", code(name)),
        SchemeKind::MutualTls => "the transport's certificate".to_owned(),
    }
}
