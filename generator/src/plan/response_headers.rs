//! The readers of response headers that operations share.

use super::shared::{self, Shared};
use crate::ident::{MethodName, TypeName};
use crate::ir::{Api, Operation, ResponseHeader};

/// The headers that several operations share.
#[derive(Debug)]
pub(crate) struct ResponseHeaders<'a>(pub(crate) Shared<'a, Vec<Accessor>>);

impl<'a> ResponseHeaders<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let declared = shared::declarations(api);
        let operations = api.groups.iter().flat_map(|group| &group.operations);
        let all = operations.filter_map(|operation| {
            let own = operation.headers_name.as_ref()?;
            let accessors = accessors(operation);
            let mut signature = accessors.clone();
            for (_, header) in &mut signature {
                header.ty.rename(&declared);
            }
            Some((own, accessors, signature))
        });
        Self(Shared::new(all, |accessors| name(accessors)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Returns a name with the common prefix of the headers' names, or with some of the names, as in
/// `LinkHeaders`.
fn name(accessors: &[Accessor]) -> TypeName {
    let mut names = accessors
        .iter()
        .map(|(_, header)| header.name.wire.split('-').collect::<Vec<_>>());
    let first = names.next().unwrap_or_default();
    let common = names.fold(first.len(), |common, name| {
        let same = first.iter().zip(&name).take_while(|(a, b)| a == b);
        same.count().min(common)
    });
    let name = match (accessors.len(), common) {
        (2, 0) => {
            let names = accessors.iter().map(|(_, header)| &header.name.wire[..]);
            names.collect::<Vec<_>>().join(" and ")
        }
        (count, 0) => format!("{} and {} more", first.join("-"), count - 1),
        (_, common) => first
            .iter()
            .take(common)
            .copied()
            .collect::<Vec<_>>()
            .join("-"),
    };
    TypeName::new(&format!("{name} headers"))
}

/// A header with the name of its accessor.
pub(crate) type Accessor = (MethodName, ResponseHeader);

/// Returns the headers of the responses, without duplicates, with their accessors.
pub(crate) fn accessors(operation: &Operation) -> Vec<Accessor> {
    let mut seen: Vec<Accessor> = Vec::new();
    for header in operation.cases().flat_map(|case| &case.headers) {
        let same = |(_, other): &&mut Accessor| {
            other.name.wire.eq_ignore_ascii_case(&header.name.wire)
                && other.ty == header.ty
                && other.codec == header.codec
        };
        if let Some((_, same)) = seen.iter_mut().find(same) {
            // One function reads the header for all statuses.
            same.required &= header.required;
            continue;
        }
        // Another response may have a header of the same name and another type.
        let others = seen
            .iter()
            .filter(|(_, other)| other.name.rust == header.name.rust)
            .count();
        let name = match others {
            0 => header.name.rust.clone(),
            others => header.name.rust.numbered(others + 1),
        };
        seen.push((name, header.clone()));
    }
    seen
}
