//! What precedes each type: its docs and derives.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ident::TypeName;
use crate::ir::Traits;

/// The parts before a definition.
pub(super) struct Head<'a> {
    pub(super) doc: TokenStream,
    pub(super) deprecated: Option<TokenStream>,
    pub(super) name: &'a TypeName,
    pub(super) traits: Traits,
}

/// `Eq` and `Hash`, for a type whose parts all have them. To derive them for each type takes time, and
/// few programs use them: so they are behind a feature.
pub(super) fn hash(traits: Traits) -> Option<TokenStream> {
    traits
        .hash
        .then(|| quote!(#[cfg_attr(feature = "hash", derive(Eq, Hash))]))
}
