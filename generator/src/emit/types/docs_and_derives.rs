//! The docs and derives before each type.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ident::TypeName;
use crate::plan::{DefaultImpl, HashImpl, Traits};

/// The parts before a definition.
pub(super) struct Head<'a> {
    pub(super) doc: TokenStream,
    pub(super) deprecated: Option<TokenStream>,
    pub(super) name: &'a TypeName,
    pub(super) traits: Traits,
}

impl Head<'_> {
    /// Returns the attributes with the derives.
    pub(super) fn derives(&self) -> TokenStream {
        let Traits {
            copy,
            default,
            hash,
            from_branches: _,
        } = self.traits;
        let copy = copy.then(|| quote!(Copy,));
        let default = (default == DefaultImpl::Derived).then(|| quote!(Default,));
        let (hash, with_feature) = match hash {
            HashImpl::None => (None, None),
            HashImpl::Derived => (Some(quote!(, Eq, Hash)), None),
            HashImpl::Feature => (
                None,
                Some(quote!(#[cfg_attr(feature = "hash", derive(Eq, Hash))])),
            ),
        };
        quote! {
            #[derive(Clone, #copy Debug, #default PartialEq #hash)]
            #with_feature
        }
    }
}
