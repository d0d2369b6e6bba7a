//! Responses: decoding by status, then by media type (wire rules 18 to 21).

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::super::docs::{self, Doc};
use super::super::lints;
use super::super::scope::{Item, Scope};
use super::runtime_items::REJECTION;
use crate::emit::context::Context;
use crate::ident::TypeName;
use crate::ir::{Operation, Outcome, ResponseBody, ResponseCase, ResponseCodec, Status, Type};

/// Returns the operation's `Output`.
pub(super) fn success_type(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    outcome_type(scope, &operation.success, || quote!(()))
}

/// Returns the operation's `Failure`.
pub(super) fn failure_type(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    outcome_type(scope, &operation.failure, || {
        scope.item(Item::runtime("NoFailure"))
    })
}

fn outcome_type(
    scope: &Scope<'_>,
    outcome: &Outcome,
    nothing: impl FnOnce() -> TokenStream,
) -> TokenStream {
    let Outcome { enum_name, cases } = outcome;
    if let Some(name) = enum_name {
        return name.to_token_stream();
    }
    match cases.first().map(|case| case.bodies.first()) {
        Some(Some(body)) => body_type(scope, body),
        Some(None) => quote!(()),
        None => nothing(),
    }
}

/// Returns the type of a body.
fn body_type(scope: &Scope<'_>, body: &ResponseBody) -> TokenStream {
    let ResponseBody {
        media_types: _,
        variant: _,
        codec,
        ty,
    } = body;
    match codec {
        ResponseCodec::Bytes => scope.item(Item::BYTES),
        ResponseCodec::Json | ResponseCodec::Text | ResponseCodec::JsonOrText => scope.ty(ty),
    }
}

/// Returns `true` if a redirect is one of the documented responses.
pub(super) fn documents_redirects(operation: &Operation) -> bool {
    operation
        .cases()
        .any(|case| matches!(case.status, Status::Code(300..=399) | Status::Range(3)))
}

/// Returns the enum of successes, if there are several.
pub(super) fn successes(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Option<TokenStream> {
    let Outcome { enum_name, cases } = &operation.success;
    enum_name.as_ref().map(|enum_name| {
        let doc = docs::operations::successes(operation);
        enumeration(context, scope, &doc, enum_name, cases)
    })
}

/// Returns an enum of responses.
pub(super) fn enumeration(
    context: &Context<'_>,
    scope: &Scope<'_>,
    doc: &str,
    name: &TypeName,
    cases: &[ResponseCase],
) -> TokenStream {
    let doc = Doc::from(doc).outer();
    let types: Vec<&Type> = cases
        .iter()
        .flat_map(ResponseCase::outputs)
        .map(|(body, _)| &body.ty)
        .collect();
    let complexity = lints::type_complexity(types.iter().copied());
    let size = lints::large_enum_variant(context, types.iter().copied().map(std::slice::from_ref));
    let variants = cases.iter().flat_map(|case| variants(scope, case));
    quote! {
        #doc
        #complexity
        #size
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    }
}

/// Returns the variants of a documented response: one for each way to read it.
fn variants(scope: &Scope<'_>, case: &ResponseCase) -> Vec<TokenStream> {
    let ResponseCase {
        variant, bodies, ..
    } = case;
    let outputs = case.outputs();
    let doc = |media_types: &[&str]| {
        let is_one = outputs.len() == 1;
        let media_types = if is_one { &[] } else { media_types };
        docs::operations::response(case, media_types).outer()
    };
    if bodies.is_empty() {
        let doc = doc(&[]);
        return vec![quote!(#doc #variant,)];
    }
    let variants = outputs.iter().map(|(body, media_types)| {
        let (doc, variant) = (doc(media_types), variant_name(case, body));
        let ty = body_type(scope, body);
        quote!(#doc #variant(#ty),)
    });
    variants.collect()
}

/// Returns the variant of a body. An only body has the variant of the response.
pub(in crate::emit) fn variant_name<'a>(
    case: &'a ResponseCase,
    body: &'a ResponseBody,
) -> &'a TypeName {
    if case.bodies.len() > 1 {
        &body.variant
    } else {
        &case.variant
    }
}

/// Returns the body of the operation's `decode`. The flag is true if it uses the reply.
///
/// Other statuses than successes are passed to the failure, which several operations may share.
pub(super) fn decode(scope: &Scope<'_>, operation: &Operation) -> (bool, TokenStream) {
    let Outcome { enum_name, cases } = &operation.success;
    let failures = &operation.failure.cases;
    let is_default = |case: &ResponseCase| case.status == Status::Default;
    let takes_rest = cases.iter().any(is_default) && !failures.iter().any(is_default);
    let undocumented = || {
        let rejection = scope.item(REJECTION);
        Undocumented::Value(quote!(Err(#rejection::Undocumented)))
    };
    let read = |case: &ResponseCase| {
        let ok = |value: TokenStream| quote!(Ok(#value));
        read_case(case, enum_name.as_ref(), &ok, &undocumented)
    };
    if let ([case], true, true) = (cases.as_slice(), takes_rest, failures.is_empty()) {
        return (!case.bodies.is_empty(), read(case));
    }
    if cases.is_empty() {
        return (true, quote!(reply.failure()));
    }
    if let ([case], None) = (cases.as_slice(), enum_name)
        && let Some(value) = only_success(case)
    {
        return (true, value);
    }
    let statuses: Vec<Status> = cases.iter().chain(failures).map(|c| c.status).collect();
    // Failures come before a range or `default` of the successes that would match them.
    let ranges: Vec<u16> = cases.iter().filter_map(|c| class(c.status)).collect();
    let is_first = |status: &Status| match status {
        Status::Code(code) => takes_rest || ranges.contains(&(code / 100)),
        Status::Range(_) => takes_rest,
        Status::Default => false,
    };
    let first: Vec<TokenStream> = failures
        .iter()
        .map(|case| case.status)
        .filter(is_first)
        .map(|status| pattern(status, &statuses))
        .collect();
    let first = (!first.is_empty()).then(|| quote!(#(#first)|* => reply.failure(),));
    let arm = |case: &ResponseCase| {
        let pattern = match case.status {
            // If `default` is the only case, it also applies to failures.
            Status::Default if !takes_rest => range_pattern(2, &statuses),
            status => pattern(status, &statuses),
        };
        let value = read(case);
        quote!(#pattern => #value,)
    };
    let is_code = |case: &&ResponseCase| matches!(case.status, Status::Code(_));
    let codes = cases.iter().filter(is_code).map(arm);
    let others = cases.iter().filter(|case| !is_code(case)).map(arm);
    let rest = (!takes_rest).then(|| quote!(_ => reply.failure(),));
    let value = quote! {
        match reply.code() {
            #(#codes)*
            #first
            #(#others)*
            #rest
        }
    };
    (true, value)
}

/// Returns the decoder of an operation whose only success has one code, and JSON or no body.
fn only_success(case: &ResponseCase) -> Option<TokenStream> {
    let Status::Code(code) = case.status else {
        return None;
    };
    let code = Literal::u16_unsuffixed(code);
    match case.bodies.as_slice() {
        [] => Some(quote!(reply.nothing_if(#code))),
        [body] if body.codec == ResponseCodec::Json => Some(quote!(reply.json_if(#code))),
        _ => None,
    }
}

/// Returns the first digit of a range.
fn class(status: Status) -> Option<u16> {
    match status {
        Status::Range(digit) => Some(digit.into()),
        Status::Code(_) | Status::Default => None,
    }
}

/// Returns the pattern for the codes of a response, given all documented statuses.
pub(super) fn pattern(status: Status, statuses: &[Status]) -> TokenStream {
    match status {
        Status::Code(code) => code_pattern(code),
        Status::Range(digit) => range_pattern(digit, statuses),
        Status::Default => quote!(_),
    }
}

/// Returns the codes of a range as a pattern, without those at its ends that have their own case,
/// which clippy would report.
fn range_pattern(digit: u8, statuses: &[Status]) -> TokenStream {
    let (mut first, mut last) = (u16::from(digit) * 100, u16::from(digit) * 100 + 99);
    let has_case = |code: u16| statuses.contains(&Status::Code(code));
    while first < last && has_case(first) {
        first += 1;
    }
    while first < last && has_case(last) {
        last -= 1;
    }
    let (first, last) = (
        Literal::u16_unsuffixed(first),
        Literal::u16_unsuffixed(last),
    );
    quote!(#first..=#last)
}

/// The result for a reply with an undocumented media type.
pub(super) enum Undocumented {
    /// The value of the expression.
    Value(TokenStream),
    /// The return value of the function.
    Return(TokenStream),
}

/// Returns the expression that reads a documented response: a variant of the enum, if there is one.
/// `read` wraps it, and `undocumented` is for another media type.
pub(super) fn read_case(
    case: &ResponseCase,
    enum_name: Option<&impl ToTokens>,
    read: &dyn Fn(TokenStream) -> TokenStream,
    undocumented: &dyn Fn() -> Undocumented,
) -> TokenStream {
    let read_body = |body: &ResponseBody| {
        let value = match body.codec {
            ResponseCodec::Json => quote!(reply.json()?),
            ResponseCodec::Text if body.ty == Type::String => quote!(reply.text()?),
            ResponseCodec::Text => quote!(reply.text_as()?),
            ResponseCodec::JsonOrText => quote!(reply.json_or_text()?),
            ResponseCodec::Bytes => quote!(reply.bytes().clone()),
        };
        let variant = variant_name(case, body);
        read(enum_name.map_or_else(|| value.clone(), |name| quote!(#name::#variant(#value))))
    };
    match case.bodies.as_slice() {
        [] => {
            let variant = &case.variant;
            read(enum_name.map_or_else(|| quote!(()), |name| quote!(#name::#variant)))
        }
        [body] if !is_checked(body) => read_body(body),
        bodies => {
            let undocumented = match (bodies, undocumented()) {
                ([body], Undocumented::Return(undocumented)) => {
                    let (media_types, value) = (compared(case, body), read_body(body));
                    let other = quote!(#(!reply.is(#media_types))&&*);
                    return quote!({ if #other { return #undocumented; } #value });
                }
                (_, Undocumented::Return(undocumented)) => quote!(return #undocumented),
                (_, Undocumented::Value(undocumented)) => undocumented,
            };
            let branches = bodies.iter().map(|body| {
                let (media_types, value) = (compared(case, body), read_body(body));
                quote!(if #(reply.is(#media_types))||* { #value } else)
            });
            quote!({ #(#branches)* { #undocumented } })
        }
    }
}

/// Returns the media types of a body for comparison. Parameters are only compared if they
/// distinguish two bodies of a response.
fn compared<'a>(case: &'a ResponseCase, body: &'a ResponseBody) -> Vec<&'a str> {
    let essence = |text: &'a str| text.split(';').next().unwrap_or_default().trim();
    let others = case
        .bodies
        .iter()
        .filter(|other| other.variant != body.variant);
    let others: Vec<&str> = others
        .flat_map(|other| &other.media_types)
        .map(|media_type| essence(media_type))
        .collect();
    let mut compared: Vec<&str> = Vec::new();
    for media_type in &body.media_types {
        let own = essence(media_type);
        let is_shared = others.iter().any(|other| other.eq_ignore_ascii_case(own));
        let media_type = if is_shared { media_type } else { own };
        if !compared.contains(&media_type) {
            compared.push(media_type);
        }
    }
    compared
}

/// Returns `true` if a body is only read with a documented media type.
///
/// A body that is not JSON fails when it is read, but text and bytes can be anything. Bodies
/// documented as any bytes are not checked.
fn is_checked(body: &ResponseBody) -> bool {
    body.codec != ResponseCodec::Json
        && !body.media_types.iter().any(|media_type| {
            matches!(
                media_type.as_str(),
                "*/*" | "application/*" | "application/octet-stream"
            )
        })
}

/// Returns the pattern for a status code.
pub(in crate::emit) fn code_pattern(code: u16) -> TokenStream {
    Literal::u16_unsuffixed(code).to_token_stream()
}
