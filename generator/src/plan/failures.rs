//! The enums of failures that operations share.

use std::collections::HashMap;

use super::shared::{self, Shared};
use crate::ident::TypeName;
use crate::ir::{Api, Docs, Outcome, ResponseBody, ResponseCase, Status, TypePath};

/// The failures that several operations share.
#[derive(Debug)]
pub(crate) struct Failures<'a>(pub(crate) Shared<'a, &'a [ResponseCase]>);

impl<'a> Failures<'a> {
    pub(crate) fn new(api: &'a Api) -> Self {
        let declared = shared::declarations(api);
        let operations = api.groups.iter().flat_map(|group| &group.operations);
        let all = operations.filter_map(|operation| {
            let Outcome { enum_name, cases } = &operation.failure;
            Some((
                enum_name.as_ref()?,
                &cases[..],
                FailureSignature::new(cases, &declared),
            ))
        });
        Self(Shared::new(all, |cases| name(cases)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The contents of an enum of failures and of its decoder, with types resolved to their
/// declarations.
#[derive(PartialEq, Eq, Hash)]
struct FailureSignature<'a>(Vec<(Status, &'a TypeName, Vec<ResponseBody>, &'a Docs)>);

impl<'a> FailureSignature<'a> {
    fn new(cases: &'a [ResponseCase], declared: &HashMap<&TypePath, &TypePath>) -> Self {
        let cases = cases.iter().map(|case| {
            let ResponseCase {
                status,
                variant,
                bodies,
                // The operation has its own accessors.
                headers: _,
                docs,
            } = case;
            let mut bodies = bodies.clone();
            for body in &mut bodies {
                body.ty.rename(declared);
            }
            (*status, variant, bodies, docs)
        });
        Self(cases.collect())
    }
}

/// Returns a name with the statuses, as in `Failure404Or5xx`.
fn name(cases: &[ResponseCase]) -> TypeName {
    let statuses = cases.iter().map(|case| match case.status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}xx"),
        Status::Default => "default".to_owned(),
    });
    let statuses: Vec<String> = statuses.collect();
    TypeName::new(&format!("Failure {}", statuses.join(" or ")))
}
