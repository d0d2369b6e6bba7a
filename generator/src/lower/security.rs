//! Lowers security schemes and security requirements (wire rule 16).

use indexmap::IndexMap;
use openapiv3::{APIKeyLocation, SecurityScheme as Modelled};

use crate::document::{Document, Scheme, carried};
use crate::ident::MethodName;
use crate::ir::{
    Docs, Flow, Flows, Name, Note, Requirement, SchemeKind, SecurityNote, SecurityScheme,
};

use super::naming::Members;

/// Returns the setter of each security scheme, and the names of all setters.
pub(super) fn setters(document: &Document) -> (Vec<Name<MethodName>>, Members<MethodName>) {
    let mut members = Members::<MethodName>::default();
    let components = document.api().components.iter();
    let names = components.flat_map(|components| {
        // `openapiv3` does not model `mutualTLS`.
        let others = carried(&components.extensions, "securitySchemes");
        let others = others.and_then(serde_json::Value::as_object);
        let others = others.into_iter().flat_map(serde_json::Map::keys);
        components.security_schemes.keys().chain(others)
    });
    let setters = names
        .map(|wire| Name {
            wire: wire.clone(),
            rust: members.setter(wire, "credential"),
        })
        .collect();
    (setters, members)
}

/// Returns every declared security scheme.
pub(super) fn schemes(document: &Document) -> Vec<SecurityScheme> {
    setters(document)
        .0
        .into_iter()
        .filter_map(|name| scheme(document, name))
        .collect()
}

fn scheme(document: &Document, name: Name<MethodName>) -> Option<SecurityScheme> {
    let mut notes = Vec::new();
    let mut fetched = Flows::default();
    let (kind, description) = match document.security_scheme(&name.wire)? {
        Scheme::MutualTls { description } => {
            (SchemeKind::MutualTls, description.map(str::to_owned))
        }
        Scheme::Modelled(Modelled::APIKey {
            location,
            name,
            description,
            ..
        }) => {
            let kind = match location {
                APIKeyLocation::Query => SchemeKind::Query(name.clone()),
                APIKeyLocation::Header => SchemeKind::Header(name.clone()),
                APIKeyLocation::Cookie => SchemeKind::Cookie(name.clone()),
            };
            (kind, description.clone())
        }
        Scheme::Modelled(Modelled::HTTP {
            scheme,
            bearer_format,
            description,
            ..
        }) => {
            notes.extend(bearer_format.clone().map(SecurityNote::TokenFormat));
            (http_kind(scheme), description.clone())
        }
        Scheme::Modelled(Modelled::OAuth2 {
            flows, description, ..
        }) => {
            notes.extend(flow_notes(flows));
            fetched = fetched_flows(flows);
            (SchemeKind::Bearer, description.clone())
        }
        Scheme::Modelled(Modelled::OpenIDConnect {
            open_id_connect_url,
            description,
            ..
        }) => {
            notes.push(SecurityNote::OpenIdConnect(open_id_connect_url.clone()));
            (SchemeKind::Bearer, description.clone())
        }
    };
    Some(SecurityScheme {
        name,
        kind,
        flows: fetched,
        docs: Docs {
            summary: None,
            description,
            notes: notes.into_iter().map(Note::Security).collect(),
        },
    })
}

fn http_kind(scheme: &str) -> SchemeKind {
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => SchemeKind::Bearer,
        "basic" => SchemeKind::Basic,
        _ => SchemeKind::Http(scheme.to_owned()),
    }
}

/// Returns the alternatives of a `security` list, in order.
pub(super) fn security(
    document: &Document,
    own: Option<&Vec<openapiv3::SecurityRequirement>>,
) -> Vec<Requirement> {
    let (setters, _) = setters(document);
    let asked = own.or(document.api().security.as_ref());
    asked
        .into_iter()
        .flatten()
        .flat_map(|requirement| {
            let schemes = setters
                .iter()
                .filter(|setter| requirement.contains_key(&setter.wire));
            one_to_a_place(document, schemes)
        })
        .collect()
}

/// Maximum number of alternatives for one requirement.
const MOST_WAYS: usize = 16;

/// Returns the alternatives of a requirement. If several of its credentials share a place in the
/// request, each is an alternative.
fn one_to_a_place<'s>(
    document: &Document,
    schemes: impl Iterator<Item = &'s Name<MethodName>>,
) -> Vec<Requirement> {
    let mut places: IndexMap<(&str, String), Vec<&Name<MethodName>>> = IndexMap::new();
    for scheme in schemes {
        let place = document.security_scheme(&scheme.wire).and_then(place);
        // Credentials outside of the request do not conflict.
        let place = place.unwrap_or_else(|| ("", scheme.wire.clone()));
        places.entry(place).or_default().push(scheme);
    }
    let mut ways: Vec<Requirement> = vec![Vec::new()];
    for schemes in places.values() {
        ways = ways
            .iter()
            .flat_map(|way| {
                schemes.iter().map(|scheme| {
                    let mut way = way.clone();
                    way.push((*scheme).clone());
                    way
                })
            })
            .take(MOST_WAYS)
            .collect();
    }
    ways
}

/// Returns the place of a scheme's credential in a request, if it is sent in one.
fn place(scheme: Scheme<'_>) -> Option<(&'static str, String)> {
    Some(match scheme {
        Scheme::MutualTls { .. } => return None,
        Scheme::Modelled(Modelled::APIKey { location, name, .. }) => match location {
            APIKeyLocation::Query => ("query", name.clone()),
            APIKeyLocation::Header => ("header", name.to_ascii_lowercase()),
            APIKeyLocation::Cookie => ("cookie", name.clone()),
        },
        Scheme::Modelled(_) => ("header", "authorization".to_owned()),
    })
}

/// Returns a note for each scheme of a `security` list that requires scopes.
pub(super) fn scopes(
    document: &Document,
    own: Option<&Vec<openapiv3::SecurityRequirement>>,
) -> Vec<Note> {
    let asked = own.or(document.api().security.as_ref());
    let mut notes = Vec::new();
    for (scheme, scopes) in asked.into_iter().flatten().flatten() {
        if scopes.is_empty() {
            continue;
        }
        let note = Note::Security(SecurityNote::RequiredScopes {
            scheme: scheme.clone(),
            scopes: scopes.clone(),
        });
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    notes
}

/// Returns the flows in which the client fetches a token.
fn fetched_flows(flows: &openapiv3::OAuth2Flows) -> Flows {
    let text = |url: &Option<String>| url.clone().unwrap_or_default();
    Flows {
        client_credentials: flows.client_credentials.as_ref().map(|flow| Flow {
            authorization_url: String::new(),
            token_url: flow.token_url.clone(),
            refresh_url: text(&flow.refresh_url),
        }),
        authorization_code: flows.authorization_code.as_ref().map(|flow| Flow {
            authorization_url: flow.authorization_url.clone(),
            token_url: flow.token_url.clone(),
            refresh_url: text(&flow.refresh_url),
        }),
    }
}

/// Returns notes about the URLs of each OAuth 2 flow, and its scopes.
fn flow_notes(flows: &openapiv3::OAuth2Flows) -> Vec<SecurityNote> {
    let url = |url: Option<&String>| url.filter(|url| !url.is_empty()).cloned();
    let mut notes = Vec::new();
    let mut scopes: Vec<SecurityNote> = Vec::new();
    let mut flow = |name: &'static str,
                    [authorization_url, token_url, refresh_url]: [Option<&String>; 3],
                    own: &IndexMap<String, String>| {
        notes.push(SecurityNote::Flow {
            name,
            authorization_url: url(authorization_url),
            token_url: url(token_url),
            refresh_url: url(refresh_url),
        });
        for (name, description) in own {
            let scope = SecurityNote::Scope {
                name: name.clone(),
                description: description.trim().to_owned(),
            };
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    };
    if let Some(own) = &flows.implicit {
        let urls = [Some(&own.authorization_url), None, own.refresh_url.as_ref()];
        flow("implicit", urls, &own.scopes);
    }
    if let Some(own) = &flows.password {
        let urls = [None, Some(&own.token_url), own.refresh_url.as_ref()];
        flow("password", urls, &own.scopes);
    }
    if let Some(own) = &flows.client_credentials {
        let urls = [None, Some(&own.token_url), own.refresh_url.as_ref()];
        flow("client credentials", urls, &own.scopes);
    }
    if let Some(own) = &flows.authorization_code {
        let urls = [
            Some(&own.authorization_url),
            Some(&own.token_url),
            own.refresh_url.as_ref(),
        ];
        flow("authorization code", urls, &own.scopes);
    }
    notes.extend(scopes);
    notes
}
