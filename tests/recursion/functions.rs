//! Collects the functions of a file.

use std::collections::BTreeMap;

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, FnArg, ImplItem, Item, Pat, ReturnType, Signature, Stmt, TraitItem, Type};

use crate::types::{Names, Types, bounds, names};

/// Names of parameters for the current depth.
const DEPTHS: &[&str] = &["depth", "levels"];

pub(crate) struct Function {
    pub(crate) file: String,
    /// The type of an associated function; empty for a free function.
    pub(crate) owner: String,
    /// The trait that it implements or is declared in.
    pub(crate) of_trait: Option<String>,
    pub(crate) name: String,
    pub(crate) takes_self: bool,
    /// True if a parameter is the current depth and is compared.
    pub(crate) checks_depth: bool,
    pub(crate) parameters: Vec<(Pat, Names)>,
    pub(crate) returns: Names,
    /// The bounds of its type parameters.
    pub(crate) bounds: BTreeMap<String, Names>,
    pub(crate) body: Vec<Stmt>,
}

/// The context of functions.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a str,
    owner: &'a str,
    of_trait: Option<&'a str>,
    /// The bounds of the outer type parameters.
    bounds: &'a BTreeMap<String, Names>,
}

/// Adds the functions and types of a file.
pub(crate) fn read(file: &str, items: &[Item], found: &mut Vec<Function>, types: &mut Types) {
    let free = Place {
        file,
        owner: "",
        of_trait: None,
        bounds: &BTreeMap::new(),
    };
    for item in items {
        types.declare(file, item);
        match item {
            Item::Fn(item) if !is_test(&item.attrs) => {
                function(free, &item.sig, &item.block, found, types);
            }
            Item::Impl(item) if !is_test(&item.attrs) => of_type(file, item, found, types),
            Item::Trait(item) => {
                let owner = item.ident.to_string();
                let place = Place {
                    owner: &owner,
                    of_trait: Some(&owner),
                    ..free
                };
                for item in &item.items {
                    if let TraitItem::Fn(item) = item
                        && let Some(block) = &item.default
                    {
                        function(place, &item.sig, block, found, types);
                    }
                }
            }
            Item::Mod(item) if !is_test(&item.attrs) => {
                if let Some((_, items)) = &item.content {
                    read(file, items, found, types);
                }
            }
            _ => {}
        }
    }
}

fn of_type(file: &str, item: &syn::ItemImpl, found: &mut Vec<Function>, types: &mut Types) {
    let of_trait = item.trait_.as_ref();
    let of_trait = of_trait.and_then(|of_trait| last_name(&of_trait.0));
    let mut of_parameters = BTreeMap::new();
    bounds(&item.generics, &mut of_parameters);
    let place = Place {
        file,
        owner: &type_name(&item.self_ty),
        of_trait: of_trait.as_deref(),
        bounds: &of_parameters,
    };
    for item in &item.items {
        if let ImplItem::Fn(item) = item {
            function(place, &item.sig, &item.block, found, types);
        }
    }
}

/// Returns `true` if a variable is compared by `<`, `>` or `==`.
fn is_compared(name: &str, code: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let is_here = |pair: &[TokenTree]| match pair {
        [TokenTree::Ident(ident), TokenTree::Punct(sign)] => {
            *ident == name
                && match sign.as_char() {
                    '<' | '>' => true,
                    '=' => sign.spacing() == Spacing::Joint,
                    _ => false,
                }
        }
        _ => false,
    };
    tokens.windows(2).any(is_here)
        || tokens.into_iter().any(|token| match token {
            TokenTree::Group(group) => is_compared(name, group.stream()),
            _ => false,
        })
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let text = |attribute: &syn::Attribute| attribute.to_token_stream().to_string();
    attributes
        .iter()
        .any(|attribute| text(attribute).replace(' ', "").contains("cfg(test)"))
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => last_name(&path.path).unwrap_or_default(),
        Type::Reference(reference) => type_name(&reference.elem),
        // This is not a name, but it must not be empty: its methods are not free functions.
        _ => ty.to_token_stream().to_string(),
    }
}

fn last_name(path: &syn::Path) -> Option<String> {
    let last = path.segments.last()?;
    Some(last.ident.to_string())
}

fn function(
    place: Place<'_>,
    signature: &Signature,
    block: &Block,
    found: &mut Vec<Function>,
    types: &mut Types,
) {
    let mut of_parameters = place.bounds.clone();
    bounds(&signature.generics, &mut of_parameters);
    let declared = |ty: &dyn ToTokens| -> Names {
        let named = names(ty.to_token_stream()).into_iter();
        named
            .flat_map(|name| match of_parameters.get(&name) {
                Some(traits) => traits.clone(),
                None if name == "Self" => Names::from([place.owner.to_owned()]),
                None => Names::from([name]),
            })
            .collect()
    };
    let mut parameters = Vec::new();
    let mut checks_depth = false;
    for input in &signature.inputs {
        if let FnArg::Typed(typed) = input {
            let name = typed.pat.to_token_stream().to_string();
            checks_depth |=
                DEPTHS.contains(&name.as_str()) && is_compared(&name, block.to_token_stream());
            parameters.push((typed.pat.as_ref().clone(), declared(&typed.ty)));
        }
    }
    let returns = match &signature.output {
        ReturnType::Default => Names::new(),
        ReturnType::Type(_, ty) => declared(ty),
    };
    // Items in a function are added as functions and types of the file.
    let (mut inner, mut body) = (Vec::new(), Vec::new());
    for statement in &block.stmts {
        match statement {
            Stmt::Item(item) => inner.push(item.clone()),
            statement => body.push(statement.clone()),
        }
    }
    found.push(Function {
        file: place.file.to_owned(),
        owner: place.owner.to_owned(),
        of_trait: place.of_trait.map(str::to_owned),
        name: signature.ident.to_string(),
        takes_self: signature.receiver().is_some(),
        checks_depth,
        parameters,
        returns,
        bounds: of_parameters,
        body,
    });
    read(place.file, &inner, found, types);
}
