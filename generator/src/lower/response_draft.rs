//! Responses before their variants have names.

use std::collections::HashMap;

use crate::ident::TypeName;
use crate::ir::{Docs, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader, Status, Type};

use super::media_type::subtype;
use super::naming::Members;

/// A documented response.
#[derive(Clone)]
pub(super) struct CaseDraft {
    pub status: Status,
    /// The name of its variant, unless another response has it.
    pub name: TypeName,
    pub bodies: Vec<ResponseBodyDraft>,
    pub headers: Vec<ResponseHeader>,
    pub docs: Docs,
}

/// One way to read the body of a response.
#[derive(Clone)]
pub(super) struct ResponseBodyDraft {
    pub media_types: Vec<String>,
    /// The number of its variant in the response. Bodies of one type can share it.
    pub variant: usize,
    pub codec: ResponseCodec,
    pub ty: Type,
}

/// Returns the responses of an outcome with the names of their variants.
pub(super) fn with_names(cases: Vec<CaseDraft>) -> Vec<ResponseCase> {
    let mut members = Members::<TypeName>::default();
    let cases = cases.into_iter();
    cases.map(|case| with_name(case, &mut members)).collect()
}

fn with_name(case: CaseDraft, members: &mut Members<TypeName>) -> ResponseCase {
    let CaseDraft {
        status,
        name,
        bodies,
        headers,
        docs,
    } = case;
    let first = bodies.first().map(|body| body.variant);
    let is_one = bodies.iter().all(|body| Some(body.variant) == first);
    let mut names: HashMap<usize, TypeName> = HashMap::new();
    let bodies = bodies.into_iter().map(|body| {
        let ResponseBodyDraft {
            media_types,
            variant,
            codec,
            ty,
        } = body;
        let variant = names.entry(variant).or_insert_with(|| {
            if is_one {
                return members.variant(name.as_str());
            }
            let kind = media_types.first().map_or("", |name| subtype(name));
            members.variant(&format!("{name} {kind}"))
        });
        ResponseBody {
            variant: variant.clone(),
            media_types,
            codec,
            ty,
        }
    });
    let bodies: Vec<ResponseBody> = bodies.collect();
    let variant = match bodies.first() {
        None => members.variant(name.as_str()),
        Some(first) if is_one => first.variant.clone(),
        Some(_) => name,
    };
    ResponseCase {
        status,
        variant,
        bodies,
        headers,
        docs,
    }
}
