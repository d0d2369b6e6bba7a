//! The types that declarations name.
//!
//! The type of a value is the set of names in its declaration, so that an element of a
//! `Vec<Box<T>>`, what is in an `Option<T>`, and what an iterator over them gives, all are a `T`.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, GenericParam, Generics, Item, WherePredicate};

/// The names of types in a declaration.
pub(crate) type Names = BTreeSet<String>;

/// The types of each field, by its name or number.
type Parts = BTreeMap<String, Names>;

/// The declared types.
#[derive(Default)]
pub(crate) struct Types {
    /// The fields of each struct, by file and name.
    structs: BTreeMap<(String, String), Parts>,
    /// The fields of each variant, by the file, the name of the enum and that of the variant.
    variants: BTreeMap<(String, String), BTreeMap<String, Parts>>,
    traits: Names,
    /// What stands for the name of a type elsewhere.
    aliases: BTreeMap<String, Names>,
}

impl Types {
    /// Takes up what an item declares.
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

    /// Returns the types of a field of a value; those of the value where it has no such field, for
    /// it is a tuple.
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

    /// Returns the fields of what a pattern names: a struct, or a variant of an enum.
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

    /// Returns whether a value of the type can stand in another one.
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

    /// A name and what stands for it in some file.
    pub(crate) fn expanded(&self, name: &str) -> Names {
        let mut all = self.aliases.get(name).cloned().unwrap_or_default();
        all.insert(name.to_owned());
        all
    }
}

/// What is declared with a name; of two of one name, that of the same file.
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

/// The names that begin with a capital letter.
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

/// The traits that type parameters have.
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
