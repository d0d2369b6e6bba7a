//! The declarations that operations share, and the aliases of them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::docs::Doc;
use crate::emit::generated_file::{GeneratedFile, rust};
use crate::emit::scope::{Item, Scope};
use crate::ident::TypeName;
use crate::plan::Shared;

/// Returns the file that declares them, if there are any.
pub(super) fn file<'s, T>(
    shared: &'s Shared<'_, T>,
    path: &str,
    doc: &'static str,
    definition: impl Fn(&Scope<'_>, &TypeName, &T) -> TokenStream + Send + 's,
) -> Option<GeneratedFile<'s>>
where
    T: Sync,
{
    (!shared.is_empty()).then(|| {
        rust(path, move |out| {
            out(Doc::from(doc).inner());
            let names = shared.declared.iter().map(|(name, _)| name.as_str());
            let scope = Scope::of_crate(names.collect());
            for (name, value) in &shared.declared {
                out(definition(&scope, name, value));
            }
            out(scope.uses());
        })
    })
}

/// Returns the operation's alias of a shared definition, which is in a module.
pub(super) fn alias<T>(
    shared: &Shared<'_, T>,
    scope: &Scope<'_>,
    module: Item,
    doc: &str,
    own: &TypeName,
) -> Option<TokenStream> {
    let shared = shared.name_of(own)?;
    let doc = Doc::from(doc).outer();
    let module = scope.item(module);
    Some(quote!(#doc pub type #own = #module::#shared;))
}
