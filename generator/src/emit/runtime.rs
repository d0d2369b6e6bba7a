//! Selects the runtime files and the dependencies of the generated crate.

mod crates;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::Doc;
use super::scope::ident;
use super::{Dependency, GeneratedFile, Needs, text};
use crate::ir::{
    Api, BodyCodec, IdempotencyKey, Operation, Outcome, Repr, ResponseCodec, SchemeKind, Shape,
    StreamItem, Tagging, Type, TypeDef, Webhook,
};

use crates::{CRATES, Crate};

/// An optional feature of the runtime that a document uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// A value of any type.
    Any,
    /// The authorization code flow of OAuth 2.
    AuthorizationCode,
    Base64,
    Basic,
    Chrono,
    /// Responses of bytes.
    Download,
    Form,
    /// A union with `From` for its branches.
    FromBranches,
    Header,
    /// A header with an idempotency key, which is generated if a call does not set it.
    IdempotencyHeader,
    IntegerEnum,
    JsonEnum,
    Multipart,
    /// A flow of OAuth 2 in which the client fetches a token.
    OAuth2,
    /// A number with all of its digits.
    Digits,
    /// A number with a fraction, including those in any JSON.
    Number,
    /// Pagination.
    Pages,
    Parameter,
    /// Bodies that are read in pieces: events, lines, bytes.
    Pieces,
    TaggedUnion,
    /// Text that may have another charset than UTF-8.
    Text,
    TextEnum,
    UntaggedUnion,
    /// Bodies of bytes, or with files.
    Upload,
    Uri,
    Uuid,
}

/// All features that a document uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Uses(BTreeSet<Use>);

impl Uses {
    pub(super) fn of(api: &Api) -> Self {
        let mut uses = Self::default();
        for TypeDef { shape, traits, .. } in &api.types {
            uses.shape(shape);
            if traits.from_branches {
                uses.0.insert(Use::FromBranches);
            }
        }
        if api
            .schemes
            .iter()
            .any(|scheme| scheme.kind == SchemeKind::Basic)
        {
            uses.0.insert(Use::Basic);
        }
        for flows in api.schemes.iter().map(|scheme| &scheme.flows) {
            if flows.authorization_code.is_some() {
                uses.0.extend([Use::AuthorizationCode, Use::OAuth2]);
            }
            if flows.client_credentials.is_some() {
                uses.0.insert(Use::OAuth2);
            }
        }
        for operation in api.groups.iter().flat_map(|group| &group.operations) {
            uses.operation(operation);
            for callback in &operation.callbacks {
                uses.webhook(callback);
            }
        }
        for webhook in &api.webhooks {
            uses.webhook(webhook);
        }
        uses
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Enum(shape) => {
                self.0.insert(match shape.repr {
                    Repr::Text => Use::TextEnum,
                    Repr::Integer => Use::IntegerEnum,
                    Repr::Json => Use::JsonEnum,
                });
                if shape.repr == Repr::Json {
                    self.0.extend([Use::Any, Use::Number]);
                }
            }
            Shape::Union(shape) => {
                self.0.insert(match shape.tagging {
                    Tagging::Property(_) => Use::TaggedUnion,
                    Tagging::Untagged => Use::UntaggedUnion,
                });
                if shape.other.is_some() {
                    self.0.extend([Use::Any, Use::Number]);
                }
            }
            Shape::Struct(shape) => {
                let mut constants = shape.constants.iter();
                if constants.any(|one| one.value.is_array() || one.value.is_object()) {
                    self.0.insert(Use::Any);
                }
            }
            Shape::Alias(_) | Shape::Newtype(_) => {}
        }
        shape.types().into_iter().for_each(|ty| self.ty(ty));
    }

    fn operation(&mut self, operation: &Operation) {
        if let Some(IdempotencyKey::Header(_)) = operation.idempotency_key {
            self.0.insert(Use::IdempotencyHeader);
        }
        let pagination = operation.pagination.as_ref();
        if pagination.is_some_and(|pagination| pagination.code.is_ok()) {
            self.0.insert(Use::Pages);
        }
        if operation.stream_switch.is_some() {
            self.0.insert(Use::Pieces);
        }
        if let Some(stream) = &operation.stream {
            self.0.insert(Use::Pieces);
            if let StreamItem::Json(ty) | StreamItem::Event { ty, .. } = &stream.item {
                self.ty(ty);
            }
        }
        for parameter in &operation.parameters {
            self.0.insert(Use::Parameter);
            self.ty(&parameter.ty);
        }
        for choice in operation.body.iter().flat_map(|body| &body.choices) {
            match choice.codec {
                BodyCodec::Json | BodyCodec::Text => {}
                BodyCodec::EncodedText => {
                    self.0.insert(Use::Text);
                }
                BodyCodec::Bytes => {
                    self.0.insert(Use::Upload);
                    continue;
                }
                BodyCodec::Form(_) => {
                    self.0.insert(Use::Form);
                }
                BodyCodec::Multipart(_) => {
                    self.0.extend([Use::Multipart, Use::Upload]);
                }
            }
            self.ty(&choice.ty);
        }
        let successes = operation.success.cases.iter();
        let mut bodies = successes.flat_map(|case| &case.bodies);
        if bodies.any(|body| body.codec == ResponseCodec::Bytes) {
            self.0.extend([Use::Download, Use::Pieces]);
        }
        let outcomes: [&Outcome; 2] = [&operation.success, &operation.failure];
        for case in outcomes.into_iter().flat_map(|outcome| &outcome.cases) {
            for body in &case.bodies {
                match body.codec {
                    ResponseCodec::Bytes => continue,
                    ResponseCodec::Json => {}
                    ResponseCodec::Text | ResponseCodec::JsonOrText => {
                        self.0.insert(Use::Text);
                    }
                }
                self.ty(&body.ty);
            }
            for header in &case.headers {
                self.0.insert(Use::Header);
                self.ty(&header.ty);
            }
        }
    }

    /// Adds the types of a webhook, which is only received.
    fn webhook(&mut self, webhook: &Webhook) {
        for parameter in &webhook.parameters {
            self.ty(&parameter.ty);
        }
        let choices = webhook.body.iter().flat_map(|body| &body.choices);
        for choice in choices.filter(|choice| choice.codec != BodyCodec::Bytes) {
            self.ty(&choice.ty);
        }
        let bodies = webhook.answers.iter().flat_map(|case| &case.bodies);
        for body in bodies.filter(|body| body.codec != ResponseCodec::Bytes) {
            self.ty(&body.ty);
        }
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Float64 => {
                self.0.insert(Use::Number);
            }
            Type::Number => {
                self.0.insert(Use::Digits);
            }
            Type::Json => {
                self.0.extend([Use::Any, Use::Number]);
            }
            Type::Uri => {
                self.0.insert(Use::Uri);
            }
            Type::Uuid => {
                self.0.insert(Use::Uuid);
            }
            Type::Date | Type::DateTime => {
                self.0.insert(Use::Chrono);
            }
            Type::Base64 => {
                self.0.insert(Use::Base64);
            }
            Type::Bytes => {
                self.0.insert(Use::Multipart);
            }
            Type::Vec(ty) | Type::Map(ty) | Type::Option(ty) | Type::Box(ty) => self.ty(ty),
            Type::Tuple(types) => types.iter().for_each(|ty| self.ty(ty)),
            Type::Bool
            | Type::Integer(_)
            | Type::String
            | Type::Secret
            | Type::Null
            | Type::Named(_) => {}
        }
    }

    /// Returns true if `those` is empty or shares a feature with the document.
    fn need(&self, those: &[Use]) -> bool {
        those.is_empty() || those.iter().any(|one| self.0.contains(one))
    }
}

/// A file of the runtime.
struct File {
    module: &'static str,
    /// The features that need the file; empty if every crate needs it.
    needed_by: &'static [Use],
    /// The Cargo feature that enables it.
    feature: Option<&'static str>,
    /// Items that are used so often that `runtime` re-exports them.
    exports: &'static [&'static str],
    text: &'static str,
}

macro_rules! files {
    ($($module:literal for [$($needed_by:ident)*] feature $feature:expr, exports [$($export:ident)*];)*) => {
        &[$(File {
            module: $module,
            needed_by: &[$(Use::$needed_by),*],
            feature: $feature,
            exports: &[$(stringify!($export)),*],
            text: include_str!(concat!("../../runtime/src/", $module, ".rs")),
        }),*]
    };
}

/// The runtime's files, ordered by name.
const FILES: &[File] = files! {
    "any" for [Any TaggedUnion UntaggedUnion] feature None, exports [Json];
    "any_codec" for [Any TaggedUnion UntaggedUnion] feature None, exports [];
    "authorization_code" for [AuthorizationCode] feature None, exports [AuthorizationCode Login];
    "base64" for [Base64] feature None, exports [Base64 Base64Error];
    "basic" for [Basic] feature None, exports [];
    "blocking" for [] feature Some("blocking"), exports [];
    "blocking_download" for [Download] feature Some("blocking"), exports [];
    "blocking_pages" for [Pages] feature Some("blocking"), exports [];
    "blocking_streams" for [Pieces] feature Some("blocking"), exports [];
    "body" for [] feature None, exports [Body Content TypedContent];
    "builder" for [] feature None, exports [BuildError ClientBuilder];
    "call" for [] feature None, exports [EndpointCall];
    "client" for [] feature None, exports [Client];
    "codec" for [] feature None, exports [];
    "constructor" for [] feature None, exports [];
    "defaults" for [] feature None, exports [explicit_defaults];
    "disposition" for [Download] feature None, exports [];
    "download" for [Download] feature None, exports [Download SaveError];
    "endpoint" for [] feature None, exports [Attempt Endpoint OperationId];
    "enumeration" for [IntegerEnum JsonEnum TextEnum] feature None, exports [UnknownValue];
    "error" for [] feature None, exports [
        DecodeError EncodeError Error Failure MissingCredential NoFailure Rejection TooLarge
    ];
    "events" for [Pieces] feature None, exports [RawEvent];
    "excerpt" for [] feature None, exports [];
    "exchange" for [] feature None, exports [];
    "fetched" for [] feature None, exports [];
    "form" for [Form] feature None, exports [];
    "from_branches" for [FromBranches] feature None, exports [];
    "header" for [Header] feature None, exports [HeaderError];
    "idempotency" for [] feature None, exports [IdempotencyKey];
    "incoming" for [] feature None, exports [];
    "integer_enum" for [IntegerEnum] feature None, exports [];
    "json" for [] feature None, exports [];
    "json_enum" for [JsonEnum] feature None, exports [];
    "lines" for [Pieces] feature None, exports [Line];
    "link" for [Pages] feature None, exports [];
    "look" for [Pages] feature None, exports [];
    "members" for [Any TaggedUnion UntaggedUnion] feature None, exports [Members];
    "multipart" for [Multipart] feature None, exports [File];
    "number" for [Any Digits TaggedUnion UntaggedUnion] feature None, exports [Number];
    "oauth2" for [OAuth2] feature None, exports [ClientCredentials Credentials RefreshToken];
    "observer" for [] feature Some("observer"), exports [];
    "operation" for [] feature None, exports [Operation Request];
    "options" for [] feature None, exports [Options];
    "outgoing" for [] feature None, exports [];
    "pages" for [Pages] feature None, exports [Items PageError Pages Resume];
    "paging" for [Pages] feature None, exports [Listed Paged Paging];
    "parameter" for [Parameter Form] feature None, exports [];
    "percent" for [] feature None, exports [];
    "pieces" for [Pieces] feature None, exports [Chunks Pieces];
    "quoted" for [Download Pages] feature None, exports [];
    "random_key" for [IdempotencyHeader] feature None, exports [];
    "raw" for [Any Digits TaggedUnion UntaggedUnion] feature None, exports [];
    "redact" for [] feature None, exports [];
    "reconnect" for [Pieces] feature None, exports [Reconnect];
    "request" for [] feature None, exports [Parts];
    "reqwest" for [] feature Some("reqwest"), exports [];
    "reqwest_wasm" for [] feature Some("wasm"), exports [];
    "response" for [] feature None, exports [Reply Response];
    "retry" for [] feature None, exports [Retry];
    "secret" for [] feature None, exports [Secret];
    "secrets" for [] feature None, exports [];
    "security" for [] feature None, exports [Flow Flows Scheme Security];
    "sequence" for [Pieces] feature None, exports [Lines Raw RawEvents StreamError];
    "server" for [] feature None, exports [Server];
    "streamed" for [Pieces] feature None, exports [Events Streamed Streaming];
    "tagged_union" for [TaggedUnion] feature None, exports [];
    "tape" for [] feature Some("testing"), exports [];
    "testing" for [] feature Some("testing"), exports [];
    "text" for [Text] feature None, exports [];
    "text_enum" for [TextEnum] feature None, exports [];
    "token" for [OAuth2] feature None, exports [Token TokenFuture TokenSource Tokens];
    "token_cache" for [OAuth2] feature None, exports [];
    "token_error" for [] feature None, exports [TokenError];
    "token_http" for [OAuth2] feature None, exports [TokenHttp];
    "tower" for [] feature Some("tower"), exports [];
    "tracing" for [] feature Some("tracing"), exports [];
    "transport" for [] feature None, exports [Limits Transport TransportError];
    "tree" for [] feature None, exports [];
    "unexplained" for [] feature None, exports [];
    "union" for [TaggedUnion UntaggedUnion] feature None, exports [];
    "untagged_union" for [UntaggedUnion] feature None, exports [];
    "upload" for [Upload] feature None, exports [];
    "ureq" for [] feature Some("blocking"), exports [];
    "uri" for [Uri] feature None, exports [Uri UriError];
    "url" for [] feature None, exports [];
};

/// Returns `src/runtime/mod.rs`: the modules that a document needs, and the re-exports.
pub(super) fn module(uses: &Uses) -> TokenStream {
    let doc = Doc::from(
        "The part that is the same for all documents: requests, responses, errors and the client.",
    )
    .inner();
    let needed = || FILES.iter().filter(|file| uses.need(file.needed_by));
    let modules = needed().map(|file| {
        let name = ident(file.module);
        let feature = file
            .feature
            .map(|feature| quote!(#[cfg(feature = #feature)]));
        quote!(#feature pub mod #name;)
    });
    let exports = needed().filter_map(|file| {
        let module = ident(file.module);
        let names = file.exports.iter().map(|name| ident(name));
        match file.exports {
            [] => None,
            [name] => {
                let name = ident(name);
                Some(quote!(pub use #module::#name;))
            }
            _ => Some(quote!(pub use #module::{#(#names),*};)),
        }
    });
    quote!(#doc #(#modules)* #(#exports)* pub use http::{HeaderMap, Method, StatusCode};)
}

/// Returns the names that the crate re-exports at its root.
pub(super) fn root_exports(uses: &Uses) -> impl Iterator<Item = Ident> {
    const EXPORTS: &[(&str, &[Use])] = &[
        ("AuthorizationCode", &[Use::AuthorizationCode]),
        ("Client", &[]),
        ("ClientBuilder", &[]),
        ("ClientCredentials", &[Use::OAuth2]),
        ("Error", &[]),
        ("Options", &[]),
        ("RefreshToken", &[Use::OAuth2]),
        ("Response", &[]),
        ("Retry", &[]),
    ];
    let needed = EXPORTS.iter().filter(|(_, needed_by)| uses.need(needed_by));
    needed.map(|(name, _)| ident(name))
}

/// Returns the runtime's files that a document needs.
pub(super) fn files(uses: &Uses) -> impl Iterator<Item = GeneratedFile<'_>> {
    FILES
        .iter()
        .filter(|file| uses.need(file.needed_by))
        .map(|file| {
            let path = format!("src/runtime/{}.rs", file.module);
            text(&path, file.text.to_owned())
        })
}

fn crates(uses: &Uses) -> impl Iterator<Item = &'static Crate> {
    CRATES.iter().filter(|one| uses.need(one.needed_by))
}

/// Returns the entries of `Cargo.toml` for a document that uses these features.
pub(super) fn needs(uses: &Uses) -> Needs {
    let dependencies = crates(uses).map(|one| {
        let Crate {
            name,
            version,
            features,
            features_for,
            default_features,
            optional,
            needed_by: _,
            reason: _,
        } = one;
        Dependency {
            name: (*name).to_owned(),
            version: (*version).to_owned(),
            features: features
                .iter()
                .copied()
                .chain(
                    features_for
                        .iter()
                        .filter(|(one, _)| uses.need(one))
                        .map(|(_, feature)| *feature),
                )
                .map(str::to_owned)
                .collect(),
            default_features: *default_features,
            optional: *optional,
        }
    });
    let has_text = uses.need(&[Use::Text]);
    let charset = has_text.then_some("charset");
    let mut features = vec![
        ("default", charset.into_iter().chain(["reqwest"]).collect()),
        ("reqwest", vec!["dep:reqwest", "dep:tokio"]),
        ("tower", vec!["dep:tower-layer", "dep:tower-service"]),
        ("blocking", vec!["dep:ureq"]),
        ("hash", vec![]),
        ("observer", vec![]),
        ("testing", vec![]),
        ("tracing", vec!["dep:tracing", "observer"]),
        (
            "wasm",
            vec![
                "dep:futures-core",
                "dep:gloo-timers",
                "dep:send_wrapper",
                "dep:web-time",
                "reqwest?/stream",
            ],
        ),
    ];
    if uses.need(&[Use::AuthorizationCode, Use::IdempotencyHeader])
        && let Some((_, wasm)) = features.last_mut()
    {
        wasm.push("getrandom/wasm_js");
    }
    // What reqwest decodes.
    features.extend([
        ("gzip", vec!["reqwest?/gzip"]),
        ("brotli", vec!["reqwest?/brotli"]),
        ("zstd", vec!["reqwest?/zstd"]),
    ]);
    let has_streams = uses.need(&[Use::Pages, Use::Pieces]);
    features.extend(has_streams.then(|| ("stream", vec!["dep:futures-core"])));
    features.extend(charset.map(|charset| (charset, vec!["dep:encoding_rs"])));
    Needs {
        dependencies: dependencies.collect(),
        dev_dependencies: Vec::new(),
        features: features
            .into_iter()
            .map(|(name, enables): (&str, Vec<&str>)| {
                let enables = enables.into_iter().map(str::to_owned);
                (name.to_owned(), enables.collect())
            })
            .collect(),
    }
}

/// Returns the dependencies, each with its purpose.
pub(super) fn reasons(uses: &Uses) -> impl Iterator<Item = (&'static str, &'static str)> {
    crates(uses).map(|one| (one.name, one.reason))
}
