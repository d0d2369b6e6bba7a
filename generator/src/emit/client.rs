//! `src/client.rs`: the servers, the security schemes and the builder's setters for them.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs;
use super::scope::{Item, Scope, ident, plain};
use crate::emit::context::Context;
use crate::ident::MethodName;
use crate::ir::{
    Api, Flow, Flows, Name, Requirement, SchemeKind, SecurityScheme, Server, ServerVariable,
};

/// Returns `src/client.rs`.
pub(super) fn file(context: &Context<'_>, api: &Api) -> TokenStream {
    let scope = Scope::of_crate(HashSet::new());
    let doc = docs::client::module().inner();
    let builder_type = scope.item(Item::runtime("ClientBuilder"));
    let client = scope.item(Item::runtime("Client"));
    let server = scope.item(Item::runtime("Server"));
    let servers: Vec<TokenStream> = api
        .servers
        .iter()
        .map(|server| value(&scope, server))
        .collect();
    let servers_doc = docs::client::servers(&api.servers).outer();
    let url = &context.plan.default_url;
    let builder_doc = docs::client::builder(url).outer();
    let constants: TokenStream = api
        .schemes
        .iter()
        .map(|scheme| constant(&scope, scheme))
        .collect();
    let common = context.plan.security.map(|security| {
        let ty = scope.item(Item::runtime("Security"));
        let doc = docs::client::common_security().outer();
        let value = self::security(security, &TokenStream::new());
        quote!(#doc pub const SECURITY: #ty = #value;)
    });
    let variables = api.server_variables.iter();
    let setters: Vec<TokenStream> = api
        .schemes
        .iter()
        .map(|scheme| setter(&scope, scheme))
        .chain(variables.map(|name| variable_setter(&scope, api, name)))
        .collect();
    let setters = (!setters.is_empty()).then(|| quote!(impl #builder_type { #(#setters)* }));
    let names = &api.secret_names;
    let secret_names = (!names.is_empty()).then(|| quote!(.secret_names(&[#(#names),*])));
    let names = api_key_headers(api);
    let api_key_headers = (!names.is_empty()).then(|| quote!(.api_key_headers(&[#(#names),*])));
    let uses = scope.uses();
    quote! {
        #doc
        #uses
        #constants
        #common
        impl #client {
            #servers_doc
            pub const SERVERS: &'static [#server] = &[#(#servers),*];

            #builder_doc
            pub fn builder() -> #builder_type {
                #builder_type::new(Self::SERVERS[0]) #secret_names #api_key_headers
            }
        }
        #setters
    }
}

/// Returns the names of the headers of the API keys, each once.
fn api_key_headers(api: &Api) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for scheme in &api.schemes {
        if let SchemeKind::Header(name) = &scheme.kind
            && !names.iter().any(|known| known.eq_ignore_ascii_case(name))
        {
            names.push(name);
        }
    }
    names
}

/// Returns the expression for a server.
pub(super) fn value(scope: &Scope<'_>, server: &Server) -> TokenStream {
    let Server {
        url,
        description: _,
        variables,
    } = server;
    let ty = scope.item(Item::runtime("Server"));
    let variables = variables.iter().map(|variable| {
        let ServerVariable {
            name,
            default,
            values,
            description: _,
        } = variable;
        let ty = scope.item(Item::new("crate::runtime::server", "Variable"));
        if let Some(default) = default {
            quote!(#ty::new(#name, #default, &[#(#values),*]))
        } else {
            quote!(#ty::required(#name, &[#(#values),*]))
        }
    });
    quote!(#ty::new(#url, &[#(#variables),*]))
}

/// Returns the setter of a variable in the servers' URLs.
fn variable_setter(scope: &Scope<'_>, api: &Api, name: &Name<MethodName>) -> TokenStream {
    let Name { wire, rust: setter } = name;
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let servers = api
        .servers
        .iter()
        .chain(operations.flat_map(|operation| &operation.servers));
    let doc = docs::client::variable(wire, servers).outer();
    let (into, string) = (scope.prelude("Into"), scope.prelude("String"));
    quote! {
        #doc
        pub fn #setter(self, value: impl #into<#string>) -> Self {
            self.server_variable(#wire, value)
        }
    }
}

/// Returns the alternatives of a security requirement; `module` is the path to this file's
/// constants.
pub(super) fn security(requirements: &[Requirement], module: &TokenStream) -> TokenStream {
    let alternatives = requirements.iter().map(|requirement| {
        let schemes = requirement.iter().map(|scheme| {
            let name = scheme_constant(&scheme.rust);
            quote!(#module #name)
        });
        quote!(&[#(#schemes),*])
    });
    quote!(&[#(#alternatives),*])
}

/// Returns the name of a scheme's constant, derived from its setter.
fn scheme_constant(name: &MethodName) -> Ident {
    ident(&plain(name.as_str()).to_ascii_uppercase())
}

fn constant(scope: &Scope<'_>, scheme: &SecurityScheme) -> TokenStream {
    let SecurityScheme {
        name,
        kind,
        flows,
        docs: _,
    } = scheme;
    let ty = scope.item(Item::runtime("Scheme"));
    let (wire, constant) = (&name.wire, scheme_constant(&name.rust));
    let doc = docs::client::scheme(scheme).outer();
    let value = match kind {
        SchemeKind::Bearer if *flows != Flows::default() => {
            let flows = self::flows(scope, flows);
            quote!(oauth2(#wire, &#flows))
        }
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

/// Returns the expression for the flows of OAuth 2.
fn flows(scope: &Scope<'_>, flows: &Flows) -> TokenStream {
    let Flows {
        client_credentials,
        authorization_code,
    } = flows;
    let ty = scope.item(Item::runtime("Flows"));
    let flow = |flow: &Option<Flow>| {
        let Some(flow) = flow else {
            return quote!(None);
        };
        let Flow {
            authorization_url,
            token_url,
            refresh_url,
        } = flow;
        let ty = scope.item(Item::runtime("Flow"));
        quote! {
            Some(#ty {
                authorization_url: #authorization_url,
                token_url: #token_url,
                refresh_url: #refresh_url,
            })
        }
    };
    let (client_credentials, authorization_code) =
        (flow(client_credentials), flow(authorization_code));
    quote! {
        #ty {
            client_credentials: #client_credentials,
            authorization_code: #authorization_code,
        }
    }
}

fn setter(scope: &Scope<'_>, scheme: &SecurityScheme) -> TokenStream {
    let SecurityScheme {
        name,
        kind,
        flows,
        docs: _,
    } = scheme;
    let (constant, setter) = (scheme_constant(&name.rust), &name.rust);
    let doc = docs::client::credential(scheme, &constant).outer();
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
        SchemeKind::Bearer if *flows != Flows::default() => {
            let credentials = scope.item(Item::runtime("Credentials"));
            quote! {
                #doc
                pub fn #setter(self, token: impl #into<#credentials>) -> Self {
                    self.oauth2_scheme(#constant, token)
                }
            }
        }
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
            quote! {
                #doc
                pub fn #setter(self) -> Self {
                    self.credential(#constant, "")
                }
            }
        }
    }
}
