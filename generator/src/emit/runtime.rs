//! Selects the runtime files of the generated crate.

#[cfg(test)]
mod tests;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::docs::Doc;
use super::scope::ident;
use crate::emit::generated_file::{GeneratedFile, text};
use crate::plan::{RuntimeFeature, RuntimeFeatures};

/// A file of the runtime.
struct File {
    module: &'static str,
    /// The features that need the file; empty if every crate needs it.
    needed_by: &'static [RuntimeFeature],
    /// The Cargo feature that enables it, in addition to `download`.
    feature: Option<&'static str>,
    /// Items that are used so often that `runtime` re-exports them.
    exports: &'static [&'static str],
    text: &'static str,
}

macro_rules! files {
    ($($module:literal for [$($needed_by:ident)*] feature $feature:expr, exports [$($export:ident)*];)*) => {
        &[$(File {
            module: $module,
            needed_by: &[$(RuntimeFeature::$needed_by),*],
            feature: $feature,
            exports: &[$(stringify!($export)),*],
            text: include_str!(concat!("../../runtime/src/", $module, ".rs")),
        }),*]
    };
}

impl File {
    /// Returns the attribute with the Cargo features that enable the file, if any.
    fn cfg(&self, used: &RuntimeFeatures) -> Option<TokenStream> {
        let reasons = self.needed_by.iter().filter(|one| used.need(&[**one]));
        let is_for_downloads = reasons.eq(&[RuntimeFeature::Download]);
        match (self.feature, is_for_downloads.then_some(DOWNLOAD)) {
            (None, None) => None,
            (Some(feature), None) | (None, Some(feature)) => {
                Some(quote!(#[cfg(feature = #feature)]))
            }
            (Some(one), Some(other)) => Some(quote!(#[cfg(all(feature = #one, feature = #other))])),
        }
    }
}

/// The Cargo feature that enables downloads.
pub(super) const DOWNLOAD: &str = "download";

/// The runtime's files, ordered by name.
const FILES: &[File] = files! {
    "authorization_code" for [AuthorizationCode] feature None, exports [AuthorizationCode Login];
    "base64" for [Base64] feature None, exports [Base64 Base64Error];
    "basic_auth" for [Basic] feature None, exports [];
    "blocking" for [] feature Some("blocking"), exports [];
    "blocking_download" for [Download] feature Some("blocking"), exports [];
    "blocking_iterator" for [Download Pages Pieces] feature Some("blocking"), exports [];
    "blocking_pages" for [Pages] feature Some("blocking"), exports [];
    "blocking_streams" for [Download Pieces] feature Some("blocking"), exports [];
    "body" for [] feature None, exports [Body Content TypedContent];
    "body_excerpt" for [] feature None, exports [];
    "builder" for [] feature None, exports [BuildError ClientBuilder];
    "client" for [] feature None, exports [Client];
    "codec" for [] feature None, exports [];
    "constructor" for [] feature None, exports [];
    "content_disposition" for [Download] feature None, exports [];
    "credential" for [] feature None, exports [];
    "credential_selection" for [] feature None, exports [];
    "defaults" for [] feature None, exports [explicit_defaults];
    "download" for [Download] feature None, exports [Download SaveError];
    "endpoint" for [] feature None, exports [Attempt Endpoint OperationId];
    "endpoint_call" for [] feature None, exports [EndpointCall];
    "enumeration" for [IntegerEnum JsonEnum TextEnum] feature None, exports [UnknownValue];
    "error" for [] feature None, exports [
        DecodeError EncodeError Error Failure MissingCredential NoFailure Rejection TooLarge
    ];
    "events" for [Download Pieces] feature None, exports [RawEvent];
    "exchange" for [] feature None, exports [];
    "fetched_credential" for [] feature None, exports [];
    "form" for [Form] feature None, exports [];
    "from_branches" for [FromBranches] feature None, exports [];
    "header" for [Header] feature None, exports [HeaderError];
    "idempotency" for [] feature None, exports [IdempotencyKey];
    "integer_enum" for [IntegerEnum] feature None, exports [];
    "json" for [] feature None, exports [];
    "json_enum" for [JsonEnum] feature None, exports [];
    "json_pointer" for [Pages] feature None, exports [];
    "json_value" for [Any TaggedUnion UntaggedUnion] feature None, exports [Json];
    "json_value_codec" for [Any TaggedUnion UntaggedUnion] feature None, exports [];
    "lines" for [Download Pieces] feature None, exports [Line];
    "link_header" for [Pages] feature None, exports [];
    "members" for [Any TaggedUnion UntaggedUnion] feature None, exports [Members];
    "multipart" for [Multipart] feature None, exports [File];
    "number" for [Any Digits TaggedUnion UntaggedUnion] feature None, exports [Number];
    "oauth2" for [OAuth2] feature None, exports [ClientCredentials Credentials RefreshToken];
    "object_reader" for [] feature None, exports [];
    "object_writer" for [] feature None, exports [];
    "observer" for [] feature Some("observer"), exports [];
    "operation" for [] feature None, exports [Operation Request];
    "options" for [] feature None, exports [Options];
    "page_error" for [Pages] feature None, exports [PageError];
    "pages" for [Pages] feature None, exports [Items Pages Resume];
    "paging" for [Pages] feature None, exports [Listed Paged Paging];
    "parameter" for [Parameter Form] feature None, exports [];
    "percent" for [] feature None, exports [];
    "pieces" for [Download Pieces] feature None, exports [Chunks Pieces];
    "prepared_request" for [] feature None, exports [];
    "quoted_string" for [Download Pages] feature None, exports [];
    "random_key" for [IdempotencyHeader] feature None, exports [];
    "raw_json" for [Any Digits TaggedUnion UntaggedUnion] feature None, exports [];
    "reconnect" for [Download Pieces] feature None, exports [Reconnect];
    "redact" for [] feature None, exports [];
    "request" for [] feature None, exports [Parts];
    "reqwest" for [] feature Some("reqwest"), exports [];
    "reqwest_wasm" for [] feature Some("wasm"), exports [];
    "response" for [] feature None, exports [Reply Response];
    "retry" for [] feature None, exports [Retry];
    "secret" for [] feature None, exports [Secret];
    "security" for [] feature None, exports [Flow Flows Scheme Security];
    "sequence" for [Download Pieces] feature None, exports [Lines RawEvents];
    "server" for [] feature None, exports [Server];
    "stream_error" for [Download Pieces] feature None, exports [Raw StreamError];
    "streamed" for [Download Pieces] feature None, exports [Events Streamed Streaming];
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
    "union" for [TaggedUnion UntaggedUnion] feature None, exports [];
    "union_score" for [] feature None, exports [];
    "unread_response" for [] feature None, exports [];
    "untagged_union" for [UntaggedUnion] feature None, exports [];
    "upload" for [Upload] feature None, exports [];
    "ureq" for [] feature Some("blocking"), exports [];
    "uri" for [Uri] feature None, exports [Uri UriError];
    "url" for [] feature None, exports [];
    "written_secrets" for [] feature None, exports [];
};

/// Returns `src/runtime/mod.rs`: the modules that a document needs, and the re-exports.
pub(super) fn module(features: &RuntimeFeatures) -> TokenStream {
    let doc = Doc::from(
        "The part that is the same for all documents: requests, responses, errors and the client.",
    )
    .inner();
    let needed = || FILES.iter().filter(|file| features.need(file.needed_by));
    let modules = needed().map(|file| {
        let name = ident(file.module);
        let cfg = file.cfg(features);
        quote!(#cfg pub mod #name;)
    });
    let exports = needed().filter_map(|file| {
        let module = ident(file.module);
        let cfg = file.cfg(features);
        let names = file.exports.iter().map(|name| ident(name));
        match file.exports {
            [] => None,
            [name] => {
                let name = ident(name);
                Some(quote!(#cfg pub use #module::#name;))
            }
            _ => Some(quote!(#cfg pub use #module::{#(#names),*};)),
        }
    });
    quote!(#doc #(#modules)* #(#exports)* pub use http::{HeaderMap, Method, StatusCode};)
}

/// Returns the names that the crate re-exports at its root.
pub(super) fn root_exports(features: &RuntimeFeatures) -> impl Iterator<Item = Ident> {
    const EXPORTS: &[(&str, &[RuntimeFeature])] = &[
        ("AuthorizationCode", &[RuntimeFeature::AuthorizationCode]),
        ("Client", &[]),
        ("ClientBuilder", &[]),
        ("ClientCredentials", &[RuntimeFeature::OAuth2]),
        ("Error", &[]),
        ("Options", &[]),
        ("RefreshToken", &[RuntimeFeature::OAuth2]),
        ("Response", &[]),
        ("Retry", &[]),
    ];
    let needed = EXPORTS
        .iter()
        .filter(|(_, needed_by)| features.need(needed_by));
    needed.map(|(name, _)| ident(name))
}

/// Returns the runtime's files that a document needs.
pub(super) fn files(features: &RuntimeFeatures) -> impl Iterator<Item = GeneratedFile<'_>> {
    FILES
        .iter()
        .filter(|file| features.need(file.needed_by))
        .map(|file| {
            let path = format!("src/runtime/{}.rs", file.module);
            text(&path, file.text.to_owned())
        })
}
