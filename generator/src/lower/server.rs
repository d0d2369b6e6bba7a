//! Lowers servers and their variables.

use crate::document::{Document, carried};
use crate::ident::MethodName;
use crate::internal_extensions::NO_DEFAULT;
use crate::ir::{Name, Note, OperationGroup, Server, ServerVariable};

use super::security::setters;

/// Returns the document's servers, or the default server of the specification.
///
/// If every operation has its own servers, the default is never called, and the first of those is
/// used.
pub(super) fn servers(document: &Document, groups: &[OperationGroup]) -> Vec<Server> {
    let servers: Vec<Server> = document.api().servers.iter().map(server).collect();
    if !servers.is_empty() {
        return servers;
    }
    let mut operations = groups.iter().flat_map(|group| &group.operations);
    match operations.next().and_then(|first| first.servers.first()) {
        Some(first) if operations.all(|operation| !operation.servers.is_empty()) => {
            vec![first.clone()]
        }
        _ => vec![Server {
            url: "/".to_owned(),
            description: None,
            variables: Vec::new(),
        }],
    }
}

/// Returns the variables of all servers, without duplicates, in order.
pub(super) fn server_variables(
    document: &Document,
    servers: &[Server],
    groups: &[OperationGroup],
) -> Vec<Name<MethodName>> {
    let (_, mut members) = setters(document);
    let operations = groups.iter().flat_map(|group| &group.operations);
    let of_operations = operations.flat_map(|operation| &operation.servers);
    let mut variables: Vec<Name<MethodName>> = Vec::new();
    for variable in servers
        .iter()
        .chain(of_operations)
        .flat_map(|server| &server.variables)
    {
        if variables.iter().all(|known| known.wire != variable.name) {
            variables.push(Name {
                wire: variable.name.clone(),
                rust: members.setter(&variable.name, "variable"),
            });
        }
    }
    variables
}

/// Returns a note about an operation's alternative servers, which are only called on request.
pub(super) fn other_servers(servers: &[openapiv3::Server]) -> Option<Note> {
    let others = servers.iter().skip(1);
    let others: Vec<(String, Option<String>)> = others
        .map(|server| {
            let description = server.description.as_deref().map(str::trim);
            let description = description.filter(|text| !text.is_empty());
            (server.url.clone(), description.map(str::to_owned))
        })
        .collect();
    (!others.is_empty()).then_some(Note::OtherServers(others))
}

/// Lowers a Server Object.
pub(super) fn server(server: &openapiv3::Server) -> Server {
    let variables = server
        .variables
        .iter()
        .flatten()
        .map(|(name, variable)| ServerVariable {
            name: name.clone(),
            default: carried(&variable.extensions, NO_DEFAULT)
                .is_none()
                .then(|| variable.default.clone()),
            values: variable.enumeration.clone(),
            description: variable.description.clone(),
        });
    Server {
        url: server.url.clone(),
        description: server.description.clone(),
        variables: variables.collect(),
    }
}
