//! The types that declarations name.
//!
//! The type of a value is the set of names in its declaration, so that an item of a `Vec<Box<T>>`,
//! the content of an `Option<T>` and the items of an iterator over them all have type `T`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, GenericParam, Generics, Item, WherePredicate};

/// The names of types in a declaration.
pub(crate) type Names = BTreeSet<String>;

/// The types of each field, by name or index.
type Parts = BTreeMap<String, Names>;

/// The declared types.
#[derive(Default)]
pub(crate) struct Types {
    /// The fields of each struct, by file and name.
    structs: BTreeMap<(String, String), Parts>,
    /// The fields of each variant, by file, name of the enum and name of the variant.
    variants: BTreeMap<(String, String), BTreeMap<String, Parts>>,
    traits: Names,
    /// Type aliases with their targets.
    aliases: BTreeMap<String, Names>,
}

impl Types {
    /// Adds the declaration of an item.
    pub(crate) fn declare(&mut self, file: &str, item: &Item) {
        let key = |name: &syn::Ident| (file.to_owned(), name.to_string());
        match item {
            Item::Struct(item) => {
                let fields = of_fields(&item.fields);
                self.structs.insert(key(&item.ident), fields);
            }
            Item::Enum(item) => {
                let variants = item.variants.iter();
                let variants =
                    variants.map(|variant| (variant.ident.to_string(), of_fields(&variant.fields)));
                self.variants.insert(key(&item.ident), variants.collect());
            }
            Item::Type(item) => {
                let names = names(item.ty.to_token_stream());
                let known = self.aliases.entry(item.ident.to_string()).or_default();
                known.extend(names);
            }
            Item::Trait(item) => {
                self.traits.insert(item.ident.to_string());
            }
            _ => {}
        }
    }

    pub(crate) fn is_trait(&self, name: &str) -> bool {
        self.traits.contains(name)
    }

    /// Returns the types of a field of a value. Without such a field, the value is a tuple, and its
    /// types are returned.
    pub(crate) fn field(&self, owners: &Names, field: &str, file: &str) -> Names {
        let owners_of = owners.iter().flat_map(|owner| self.expanded(owner));
        let mut found = None;
        for owner in owners_of {
            for fields in here_first(&self.structs, &owner, file) {
                if let Some(names) = fields.get(field) {
                    found.get_or_insert_with(Names::new).extend(names.clone());
                }
            }
        }
        found.unwrap_or_else(|| owners.clone())
    }

    /// Returns the fields of a struct or variant in a pattern.
    pub(crate) fn pattern(&self, owner: &str, path: &syn::Path, file: &str) -> Option<&Parts> {
        let path: Vec<String> = path
            .segments
            .iter()
            .map(|one| one.ident.to_string())
            .collect();
        let name = path.last()?;
        let is_self = |name: &String| name == "Self";
        let of_enum = path.len().checked_sub(2).and_then(|at| path.get(at));
        let of_enum = of_enum.map(|name| if is_self(name) { owner } else { name });
        let variant = of_enum.and_then(|of_enum| {
            let found = here_first(&self.variants, of_enum, file);
            found.into_iter().find_map(|variants| variants.get(name))
        });
        let name = if is_self(name) { owner } else { name };
        variant.or_else(|| here_first(&self.structs, name, file).first().copied())
    }

    /// Returns `true` if a value of the type can contain another one.
    pub(crate) fn contains_itself(&self, name: &str, file: &str) -> bool {
        let mut seen = Names::new();
        let mut queue = vec![name.to_owned()];
        while let Some(at) = queue.pop() {
            let structs = here_first(&self.structs, &at, file);
            let variants = here_first(&self.variants, &at, file);
            let variants = variants.into_iter().flat_map(BTreeMap::values);
            let parts = structs
                .into_iter()
                .chain(variants)
                .flat_map(BTreeMap::values);
            for part in parts.flatten().flat_map(|part| self.expanded(part)) {
                if seen.insert(part.clone()) {
                    queue.push(part);
                }
            }
        }
        seen.contains(name)
    }

    /// Returns a name with the targets of its aliases.
    pub(crate) fn expanded(&self, name: &str) -> Names {
        let mut all = self.aliases.get(name).cloned().unwrap_or_default();
        all.insert(name.to_owned());
        all
    }
}

/// Returns the declarations with a name, or only that of the same file if there is one.
fn here_first<'a, T>(
    declared: &'a BTreeMap<(String, String), T>,
    name: &str,
    file: &str,
) -> Vec<&'a T> {
    if let Some(here) = declared.get(&(file.to_owned(), name.to_owned())) {
        return vec![here];
    }
    let all = declared.iter().filter(|((_, other), _)| other == name);
    all.map(|(_, found)| found).collect()
}

fn of_fields(fields: &Fields) -> Parts {
    let named = fields.iter().enumerate().map(|(at, field)| {
        let name = field.ident.as_ref().map(ToString::to_string);
        let name = name.unwrap_or_else(|| at.to_string());
        (name, names(field.ty.to_token_stream()))
    });
    named.collect()
}

/// Returns the names that begin with a capital letter.
pub(crate) fn names(code: TokenStream) -> Names {
    let mut found = Names::new();
    for token in code {
        match token {
            TokenTree::Group(group) => found.extend(names(group.stream())),
            TokenTree::Ident(ident) => {
                let name = ident.to_string();
                if name.starts_with(char::is_uppercase) {
                    found.insert(name);
                }
            }
            _ => {}
        }
    }
    found
}

/// Collects the bounds of type parameters.
pub(crate) fn bounds(generics: &Generics, found: &mut BTreeMap<String, Names>) {
    for parameter in &generics.params {
        if let GenericParam::Type(parameter) = parameter {
            let traits = names(parameter.bounds.to_token_stream());
            let name = parameter.ident.to_string();
            found.entry(name).or_default().extend(traits);
        }
    }
    let predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    for predicate in predicates {
        if let WherePredicate::Type(predicate) = predicate {
            let traits = names(predicate.bounds.to_token_stream());
            let name = predicate.bounded_ty.to_token_stream().to_string();
            found.entry(name).or_default().extend(traits);
        }
    }
}
