//! `src/client.rs`: the servers, the security schemes and the builder's setters for them.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use super::docs::{Doc, code};
use super::scope::{Item, Scope, ident, plain};
use crate::ident::{FieldName, MethodName};
use crate::ir::{Api, SchemeKind, SecurityScheme, Server, ServerVariable};

/// `src/client.rs`
pub(super) fn file(context: &Context<'_>, api: &Api) -> TokenStream {
    let scope = Scope::of_crate(HashSet::new());
    let doc = Doc::from("The client of this API: its servers and its credentials.").inner();
    let builder_type = scope.item(Item::runtime("ClientBuilder"));
    let client = scope.item(Item::runtime("Client"));
    let urls: Vec<String> = api.servers.iter().map(default_url).collect();
    let servers_doc = servers_doc(&api.servers).outer();
    let functions: Vec<TokenStream> = api
        .servers
        .iter()
        .enumerate()
        .filter_map(|(index, server)| server_function(&scope, index, server))
        .collect();
    let url = &context.default_url;
    let builder_doc = Doc::from(if url.starts_with("http") {
        format!("A client for {}, without credentials.", code(url))
    } else {
        format!(
            "A client without credentials. The document's server is {}: a `base_url` has to be set.",
            code(url)
        )
    })
    .outer();
    let constants: TokenStream = api
        .schemes
        .iter()
        .map(|scheme| constant(&scope, scheme))
        .collect();
    let setters: Vec<TokenStream> = api
        .schemes
        .iter()
        .map(|scheme| setter(&scope, scheme))
        .collect();
    let setters = (!setters.is_empty()).then(|| quote!(impl #builder_type { #(#setters)* }));
    let uses = scope.uses();
    quote! {
        #doc
        #uses
        #constants
        impl #client {
            #servers_doc
            pub const SERVERS: &'static [&'static str] = &[#(#urls),*];

            #(#functions)*

            #builder_doc
            pub fn builder() -> #builder_type {
                #builder_type::new(#url)
            }
        }
        #setters
    }
}

fn servers_doc(servers: &[Server]) -> Doc {
    let mut doc = Doc::from("The servers that the document names; the first is the default.");
    if servers.iter().any(|server| !server.variables.is_empty()) {
        doc.paragraph("Variables have their default values.");
    }
    doc.lines(servers.iter().map(|server| {
        let url = code(&server.url);
        match server
            .description
            .as_deref()
            .and_then(super::docs::first_line)
        {
            Some(description) => format!("- {url}: {description}"),
            None => format!("- {url}"),
        }
    }));
    doc
}

/// A server's URL with its variables at their defaults.
pub(super) fn default_url(server: &Server) -> String {
    let mut url = server.url.clone();
    for ServerVariable { name, default, .. } in &server.variables {
        url = url.replace(&format!("{{{name}}}"), default);
    }
    url
}

/// The function that gives a server's URL for other values of its variables.
fn server_function(scope: &Scope<'_>, index: usize, server: &Server) -> Option<TokenStream> {
    let Server {
        url,
        description,
        variables,
    } = server;
    if variables.is_empty() {
        return None;
    }
    let name = ident(&format!("server_{}", index + 1));
    let mut doc = Doc::from(format!("The URL {} with these values.", code(url)));
    if let Some(description) = description {
        doc.markdown(description);
    }
    doc.lines(variables.iter().map(variable_line));
    let doc = doc.outer();
    let mut arguments: Vec<FieldName> = Vec::new();
    for variable in variables {
        let mut name = FieldName::new(&variable.name);
        while arguments.contains(&name) {
            name = name.numbered(2);
        }
        arguments.push(name);
    }
    let replacements = variables
        .iter()
        .zip(&arguments)
        .map(|(variable, argument)| {
            let pattern = format!("{{{}}}", variable.name);
            quote!(.replace(#pattern, #argument))
        });
    let string = scope.prelude("String");
    Some(quote! {
        #doc
        #[must_use]
        pub fn #name(#(#arguments: &str),*) -> #string {
            #url #(#replacements)*
        }
    })
}

fn variable_line(variable: &ServerVariable) -> String {
    let ServerVariable {
        name,
        default,
        values,
        description,
    } = variable;
    let mut line = format!("- {}: {} by default", code(name), code(default));
    if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|value| code(value)).collect();
        line.push_str("; one of ");
        line.push_str(&values.join(", "));
    }
    if let Some(description) = description.as_deref().and_then(super::docs::first_line) {
        line.push_str(". ");
        line.push_str(&description);
    }
    line
}

/// The constant of a scheme, by the name of its setter.
pub(super) fn scheme_constant(name: &MethodName) -> Ident {
    ident(&plain(name.as_str()).to_ascii_uppercase())
}

/// What the request carries, in a few words.
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

fn constant(scope: &Scope<'_>, scheme: &SecurityScheme) -> TokenStream {
    let SecurityScheme { name, kind, docs } = scheme;
    let ty = scope.item(Item::runtime("Scheme"));
    let (wire, constant) = (&name.wire, scheme_constant(&name.rust));
    let mut doc = Doc::from(format!("{}: {}.", code(wire), place(kind)));
    doc.words(docs);
    let doc = doc.outer();
    let value = match kind {
        SchemeKind::Bearer => quote!(bearer(#wire)),
        SchemeKind::Basic => quote!(basic(#wire)),
        SchemeKind::Http(word) => quote!(http(#wire, #word)),
        SchemeKind::Header(name) => quote!(header(#wire, #name)),
        SchemeKind::Query(name) => quote!(query(#wire, #name)),
        SchemeKind::Cookie(name) => quote!(cookie(#wire, #name)),
        SchemeKind::MutualTls => quote!(mutual_tls(#wire)),
    };
    quote!(#doc pub const #constant: #ty = #ty::#value;)
}

fn setter(scope: &Scope<'_>, scheme: &SecurityScheme) -> TokenStream {
    let SecurityScheme {
        name,
        kind,
        docs: _,
    } = scheme;
    let (constant, setter) = (scheme_constant(&name.rust), &name.rust);
    let doc = Doc::from(format!(
        "Sets {} for {}; only the operations that ask for it send it.",
        place(kind),
        code(&name.wire)
    ))
    .outer();
    let into = scope.prelude("Into");
    let secret = |argument: TokenStream| {
        let secret = scope.item(Item::runtime("Secret"));
        quote! {
            #doc
            pub fn #setter(self, #argument: impl #into<#secret>) -> Self {
                self.credential(#constant, #argument)
            }
        }
    };
    match kind {
        SchemeKind::Bearer => secret(quote!(token)),
        SchemeKind::Http(_) => secret(quote!(parameters)),
        SchemeKind::Header(_) | SchemeKind::Query(_) | SchemeKind::Cookie(_) => secret(quote!(key)),
        SchemeKind::Basic => {
            let (string, secret) = (scope.prelude("String"), scope.item(Item::runtime("Secret")));
            quote! {
                #doc
                pub fn #setter(self, user: impl #into<#string>, password: impl #into<#secret>) -> Self {
                    self.user_and_password(#constant, user, password)
                }
            }
        }
        SchemeKind::MutualTls => {
            let doc = Doc::from(format!(
                "Says that the transport presents the certificate of {}.",
                code(&name.wire)
            ))
            .outer();
            quote! {
                #doc
                pub fn #setter(self) -> Self {
                    self.credential(#constant, "")
                }
            }
        }
    }
}
