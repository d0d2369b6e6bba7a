//! A response in: by status, then by media type (wire rules 18 to 21).

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};

use super::super::docs::{Doc, code};
use super::super::scope::{Item, Scope};
use super::super::{Context, lints};
use super::{REJECTION, code_pattern};
use crate::ident::{MethodName, TypeName};
use crate::ir::{
    HeaderCodec, Operation, Outcome, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader,
    Status, Type,
};

/// The operation's `Output`.
pub(super) fn success_type(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    outcome_type(scope, &operation.success, || quote!(()))
}

/// The operation's `Failure`.
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

/// The type of what a body is read as.
fn body_type(scope: &Scope<'_>, body: &ResponseBody) -> TokenStream {
    let ResponseBody {
        media_types: _,
        variant: _,
        codec,
        ty,
    } = body;
    match codec {
        ResponseCodec::Bytes => scope.item(Item::BYTES),
        ResponseCodec::Json | ResponseCodec::Text => scope.ty(ty),
    }
}

/// The media types of all documented responses, as the header `Accept` has them.
pub(super) fn media_types(operation: &Operation) -> String {
    let mut media_types: Vec<&str> = Vec::new();
    for body in cases(operation).flat_map(|case| &case.bodies) {
        for media_type in &body.media_types {
            if !media_types.contains(&media_type.as_str()) {
                media_types.push(media_type);
            }
        }
    }
    media_types.join(", ")
}

/// Whether a redirect is one of the documented responses.
pub(super) fn documents_redirects(operation: &Operation) -> bool {
    cases(operation).any(|case| matches!(case.status, Status::Code(300..=399) | Status::Range(3)))
}

fn cases(operation: &Operation) -> impl Iterator<Item = &ResponseCase> {
    operation
        .success
        .cases
        .iter()
        .chain(&operation.failure.cases)
}

/// The enums of the successes and the failures, where they are several.
pub(super) fn outcomes(
    context: &Context<'_>,
    scope: &Scope<'_>,
    operation: &Operation,
) -> TokenStream {
    let name = &operation.type_name;
    let success = outcome(context, scope, &operation.success, || {
        format!("What [`{name}`] gives, by status.")
    });
    let failure = outcome(context, scope, &operation.failure, || {
        format!("The failures that the document describes for [`{name}`].")
    });
    quote!(#success #failure)
}

fn outcome(
    context: &Context<'_>,
    scope: &Scope<'_>,
    outcome: &Outcome,
    doc: impl FnOnce() -> String,
) -> Option<TokenStream> {
    let Outcome { enum_name, cases } = outcome;
    let name = enum_name.as_ref()?;
    let doc = Doc::from(doc()).outer();
    let types: Vec<&Type> = cases
        .iter()
        .flat_map(|case| &case.bodies)
        .map(|body| &body.ty)
        .collect();
    let complexity = lints::type_complexity(types.iter().copied());
    let size = lints::large_enum_variant(context, types.iter().copied().map(std::slice::from_ref));
    let variants = cases.iter().flat_map(|case| variants(scope, case));
    Some(quote! {
        #doc
        #complexity
        #size
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#variants)*
        }
    })
}

/// What the document says of the successes that are no enum, whose variants would say it.
///
/// Words that are the status' own, such as `OK`, say nothing.
pub(super) fn gives(operation: &Operation, endpoint: &str) -> Doc {
    let Outcome { enum_name, cases } = &operation.success;
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let says = |case: &&ResponseCase| {
        let words = case.docs.description.as_deref().unwrap_or_default();
        letters(words) != letters(case.variant.as_str())
    };
    let telling: Vec<&ResponseCase> = cases.iter().filter(says).collect();
    match telling.as_slice() {
        [case] if enum_name.is_none() => Doc::of(&case.docs).headed(&format!("{endpoint} gives")),
        [_, _, ..] if enum_name.is_none() => {
            let mut doc = Doc::from(format!("{endpoint} gives, by status:"));
            for case in telling {
                doc.append(Doc::of(&case.docs).headed(&status_text(case.status)));
            }
            doc
        }
        _ => Doc::from(endpoint),
    }
}

fn status_text(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Range(digit) => format!("{digit}XX"),
        Status::Default => "Any other status".to_owned(),
    }
}

/// The variants of one documented response: one, or one for each way to read it.
fn variants(scope: &Scope<'_>, case: &ResponseCase) -> Vec<TokenStream> {
    let ResponseCase {
        status,
        variant,
        bodies,
        headers: _,
        docs,
    } = case;
    let status = status_text(*status);
    let words = Doc::of(docs);
    let doc = |media_types: &[String]| {
        let mut head = status.clone();
        if bodies.len() > 1 {
            for media_type in media_types {
                head.push_str(", ");
                head.push_str(&code(media_type));
            }
        }
        words.headed(&head).outer()
    };
    if bodies.is_empty() {
        let doc = doc(&[]);
        return vec![quote!(#doc #variant,)];
    }
    let variant_of = |body: &ResponseBody| variant_name(case, body).clone();
    bodies
        .iter()
        .map(|body| {
            let (doc, variant, ty) = (
                doc(&body.media_types),
                variant_of(body),
                body_type(scope, body),
            );
            quote!(#doc #variant(#ty),)
        })
        .collect()
}

/// The variant of a body: the response's own where there is no other body.
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

/// Which of the two a response is.
#[derive(Clone, Copy)]
enum Class {
    Success,
    Failure,
}

/// Whether `decode` uses the reply that it is given, and its body.
pub(super) fn decode(scope: &Scope<'_>, operation: &Operation) -> (bool, TokenStream) {
    let rejection = scope.item(REJECTION);
    let successes = operation.success.cases.iter();
    let failures = operation.failure.cases.iter();
    let mut cases: Vec<(&ResponseCase, &Outcome, Class)> = successes
        .map(|case| (case, &operation.success, Class::Success))
        .chain(failures.map(|case| (case, &operation.failure, Class::Failure)))
        .collect();
    cases.sort_by_key(|(case, ..)| case.status);
    let undocumented = quote!(Err(#rejection::Undocumented));
    // The name is long, and said in every line.
    let shorten = operation
        .failure
        .enum_name
        .as_ref()
        .filter(|_| !scope.declares("Failure"))
        .map(|name| quote!(use #name as Failure;));
    let defaults = cases
        .iter()
        .filter(|(case, ..)| case.status == Status::Default)
        .count();
    if let [(case, outcome, class)] = cases.as_slice()
        && defaults == 1
    {
        let value = read_case(scope, case, outcome, *class);
        return (!case.bodies.is_empty(), quote!(#shorten #value));
    }
    if cases.is_empty() {
        return (false, undocumented);
    }
    let arms = cases.iter().map(|(case, outcome, class)| {
        let pattern = match (case.status, class) {
            (Status::Code(code), _) => code_pattern(code),
            (Status::Range(digit), _) => range_pattern(digit, &cases),
            // Where `default` is all that there is, it says what a failure is too.
            (Status::Default, Class::Success) if defaults > 1 => range_pattern(2, &cases),
            (Status::Default, _) => quote!(_),
        };
        let value = read_case(scope, case, outcome, *class);
        quote!(#pattern => #value,)
    });
    let rest = (defaults == 0).then(|| quote!(_ => #undocumented,));
    let value = quote! {
        #shorten
        match reply.code() {
            #(#arms)*
            #rest
        }
    };
    (true, value)
}

/// The codes of a class as a pattern, without those at its ends that have a case of
/// their own: clippy takes these for a mistake.
fn range_pattern(digit: u8, cases: &[(&ResponseCase, &Outcome, Class)]) -> TokenStream {
    let (mut first, mut last) = (u16::from(digit) * 100, u16::from(digit) * 100 + 99);
    let has_case = |code: u16| {
        let mut statuses = cases.iter().map(|(case, ..)| case.status);
        statuses.any(|status| status == Status::Code(code))
    };
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

/// The expression that reads one documented response.
fn read_case(
    scope: &Scope<'_>,
    case: &ResponseCase,
    outcome: &Outcome,
    class: Class,
) -> TokenStream {
    let rejection = scope.item(REJECTION);
    let enum_name = outcome.enum_name.as_ref().map(|name| match class {
        Class::Failure if !scope.declares("Failure") => quote!(Failure),
        Class::Success | Class::Failure => name.to_token_stream(),
    });
    let read = |body: &ResponseBody| {
        let read = match body.codec {
            ResponseCodec::Json => quote!(reply.json()?),
            ResponseCodec::Text => quote!(reply.text()?),
            ResponseCodec::Bytes => quote!(reply.bytes().clone()),
        };
        let variant = variant_name(case, body);
        match (&enum_name, class) {
            (None, Class::Success) => quote!(Ok(#read)),
            (Some(name), Class::Success) => quote!(Ok(#name::#variant(#read))),
            (None, Class::Failure) => quote!(Err(#rejection::Failure(#read))),
            (Some(name), Class::Failure) => {
                quote!(Err(#rejection::Failure(#name::#variant(#read))))
            }
        }
    };
    match (case.bodies.as_slice(), &enum_name, class) {
        ([], None, Class::Success) => quote!(Ok(())),
        ([], None, Class::Failure) => quote!(Err(#rejection::Failure(()))),
        ([], Some(name), Class::Success) => {
            let variant = &case.variant;
            quote!(Ok(#name::#variant))
        }
        ([], Some(name), Class::Failure) => {
            let variant = &case.variant;
            quote!(Err(#rejection::Failure(#name::#variant)))
        }
        ([body], ..) if is_checked(body) => {
            let media_types = compared(case, body);
            let read = read(body);
            quote! {
                if #(reply.is(#media_types))||* { #read } else { Err(#rejection::Undocumented) }
            }
        }
        ([body], ..) => read(body),
        (bodies, ..) => {
            let branches = bodies.iter().map(|body| {
                let media_types = compared(case, body);
                let read = read(body);
                quote!(if #(reply.is(#media_types))||* { #read } else)
            });
            quote!({ #(#branches)* { Err(#rejection::Undocumented) } })
        }
    }
}

/// The media types of a body as they are compared: the parameters count only where
/// they tell two bodies of a response apart.
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

/// Whether a body is read only where its media type is that of the document.
///
/// What is not JSON shows in reading it; text and bytes can be anything. What is
/// any bytes in the document stays so.
fn is_checked(body: &ResponseBody) -> bool {
    body.codec != ResponseCodec::Json
        && !body.media_types.iter().any(|media_type| {
            matches!(
                media_type.as_str(),
                "*/*" | "application/*" | "application/octet-stream"
            )
        })
}

/// The headers that the responses declare, one for each name, with their accessors.
pub(in crate::emit) fn accessors(operation: &Operation) -> Vec<(MethodName, ResponseHeader)> {
    let mut seen: Vec<(MethodName, ResponseHeader)> = Vec::new();
    for header in cases(operation).flat_map(|case| &case.headers) {
        let same = |(_, other): &&mut (MethodName, ResponseHeader)| {
            other.name.wire.eq_ignore_ascii_case(&header.name.wire)
                && other.ty == header.ty
                && other.codec == header.codec
        };
        if let Some((_, same)) = seen.iter_mut().find(same) {
            // One function is for all statuses.
            same.required &= header.required;
            continue;
        }
        // Another response can have a header of the same name and another type.
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

/// The functions that read the headers of the responses.
pub(super) fn headers(scope: &Scope<'_>, operation: &Operation) -> Option<TokenStream> {
    let functions: Vec<TokenStream> = accessors(operation)
        .iter()
        .map(|(name, header)| accessor(scope, header, name))
        .collect();
    let name = &operation.type_name;
    (!functions.is_empty()).then(|| quote!(impl #name { #(#functions)* }))
}

fn accessor(scope: &Scope<'_>, header: &ResponseHeader, function: &MethodName) -> TokenStream {
    let ResponseHeader {
        name,
        ty,
        codec,
        required,
        docs,
        deprecated,
    } = header;
    let wire = &name.wire;
    let doc = Doc::of(docs).headed(&format!("The response header {}", code(wire)));
    let doc = doc.outer();
    let (headers, error) = (
        scope.item(Item::runtime("HeaderMap")),
        scope.item(Item::runtime("HeaderError")),
    );
    let read = scope.item(Item::new("crate::runtime", "header"));
    let function_name = super::ident(match codec {
        HeaderCodec::Text => "read",
        HeaderCodec::Json => "read_json",
    });
    let result = scope.prelude("Result");
    let plain = scope.ty(ty);
    let value = quote!(#read::#function_name(headers, #wire));
    let (ty, value) = if *required {
        (plain, quote!(#read::required(#wire, #value)))
    } else {
        (scope.option(&plain), value)
    };
    let deprecated = lints::deprecated(*deprecated);
    quote! {
        #doc
        #deprecated
        pub fn #function(headers: &#headers) -> #result<#ty, #error> {
            #value
        }
    }
}
