//! The names visible in a module of the generated crate, and its `use` lines.
//!
//! A document may name its types `BTreeMap` or a module `uuid`. The module's own items hide
//! imported ones, which are then written with their full path.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt, quote};

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{Integer, Type, TypePath};
use crate::plan::{Layout, top};

macro_rules! to_tokens {
    ($($name:ident),*) => {$(
        impl ToTokens for $name {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                tokens.append(ident(self.as_str()));
            }
        }
    )*};
}

to_tokens!(TypeName, FieldName, MethodName, ModuleName);

/// Returns an identifier without `r#`, for docs, file names and other cases.
pub(super) fn plain(text: &str) -> &str {
    text.strip_prefix("r#").unwrap_or(text)
}

/// Returns the token of an identifier.
pub(super) fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

/// An item that a `use` line can import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Item {
    /// The path before the name, its segments joined by `::`.
    module: &'static str,
    /// The name.
    name: &'static str,
}

impl Item {
    pub(super) const BTREE_MAP: Self = Self::new("std::collections", "BTreeMap");
    pub(super) const BYTES: Self = Self::new("bytes", "Bytes");
    pub(super) const UUID: Self = Self::new("uuid", "Uuid");
    pub(super) const NAIVE_DATE: Self = Self::new("chrono", "NaiveDate");
    pub(super) const DATE_TIME: Self = Self::new("chrono", "DateTime");
    pub(super) const FIXED_OFFSET: Self = Self::new("chrono", "FixedOffset");
    pub(super) const TYPES: Self = Self::new("crate", "types");

    pub(super) const fn new(module: &'static str, name: &'static str) -> Self {
        Self { module, name }
    }

    /// Creates an item of the generated crate's `runtime`.
    pub(super) const fn runtime(name: &'static str) -> Self {
        Self::new("crate::runtime", name)
    }
}

/// The location of a module.
#[derive(Clone, Copy, Debug)]
enum ScopeOf<'a> {
    /// `types`, or a module below it.
    Types {
        modules: &'a [ModuleName],
        part: usize,
        layout: &'a Layout<'a>,
    },
    /// Anywhere else in the crate.
    Crate,
    /// Another crate that uses the generated crate, which has this name: an example.
    Outside(&'a str),
}

/// The names visible in a module.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    place: ScopeOf<'a>,
    declared: HashSet<&'a str>,
    used: RefCell<BTreeSet<Item>>,
}

impl<'a> Scope<'a> {
    /// Creates the scope of a module in or below `types`, in one part of the layout, that declares
    /// these names.
    pub(super) fn of_types(
        modules: &'a [ModuleName],
        part: usize,
        layout: &'a Layout<'a>,
        declared: HashSet<&'a str>,
    ) -> Self {
        Self::new(
            ScopeOf::Types {
                modules,
                part,
                layout,
            },
            declared,
        )
    }

    /// Creates the scope of a module outside of `types` that declares these names.
    pub(super) fn of_crate(declared: HashSet<&'a str>) -> Self {
        Self::new(ScopeOf::Crate, declared)
    }

    /// Creates the scope of an example that uses the generated crate, which has this name in Rust.
    pub(super) fn of_example(package: &'a str) -> Self {
        Self::new(ScopeOf::Outside(package), HashSet::new())
    }

    fn new(place: ScopeOf<'a>, declared: HashSet<&'a str>) -> Self {
        Self {
            place,
            declared,
            used: RefCell::default(),
        }
    }

    /// Returns `true` if errors can be propagated with `?` to a caller that accepts any error.
    pub(super) fn is_example(&self) -> bool {
        matches!(self.place, ScopeOf::Outside(_))
    }

    /// Returns the name or path of an item, and records its import.
    pub(super) fn item(&self, item: Item) -> TokenStream {
        let name = ident(item.name);
        if self.declared.contains(item.name) {
            let module = self.module_path(item.module);
            let anchor = (!item.module.starts_with("crate")).then(|| quote!(::));
            quote!(#anchor #module::#name)
        } else {
            self.used.borrow_mut().insert(item);
            name.into_token_stream()
        }
    }

    /// Returns the name or path of an item of the prelude.
    pub(super) fn prelude(&self, name: &str) -> TokenStream {
        let token = ident(name);
        if !self.declared.contains(name) {
            return token.into_token_stream();
        }
        match name {
            "Option" => quote!(::std::option::#token),
            "Result" => quote!(::std::result::#token),
            "String" => quote!(::std::string::#token),
            "Vec" => quote!(::std::vec::#token),
            "Box" => quote!(::std::boxed::#token),
            "Default" => quote!(::std::default::#token),
            _ => quote!(::std::convert::#token),
        }
    }

    /// Returns the name or path of an external crate.
    pub(super) fn krate(&self, name: &str) -> TokenStream {
        let token = ident(name);
        if self.declared.contains(name) {
            quote!(::#token)
        } else {
            token.into_token_stream()
        }
    }

    /// Returns the `use` lines for all recorded items, `std` first and the crate itself last.
    pub(super) fn uses(&self) -> TokenStream {
        let mut modules: BTreeMap<(u8, &str), Vec<Ident>> = BTreeMap::new();
        for item in self.used.borrow().iter() {
            let rank = match item.module {
                "crate" => 2,
                module if module.starts_with("std") => 0,
                module if module.starts_with("crate") => 2,
                _ => 1,
            };
            let names = modules.entry((rank, item.module)).or_default();
            names.push(ident(item.name));
        }
        let lines = modules.iter().map(|((_, module), names)| {
            let first = module.split("::").next().unwrap_or_default();
            let anchor = (first != "crate" && self.declared.contains(first)).then(|| quote!(::));
            let module = self.module_path(module);
            match names.as_slice() {
                [name] => quote!(use #anchor #module::#name;),
                names => quote!(use #anchor #module::{#(#names),*};),
            }
        });
        quote!(#(#lines)*)
    }

    fn module_path(&self, module: &str) -> TokenStream {
        let segments = module.split("::").map(|segment| match self.place {
            ScopeOf::Outside(package) if segment == "crate" => ident(package),
            _ => ident(segment),
        });
        quote!(#(#segments)::*)
    }

    /// Returns the path of a declared type.
    pub(super) fn path(&self, path: &TypePath) -> TokenStream {
        let TypePath { modules, name } = path;
        let way = self.way_to(modules, top(path));
        quote!(#way #name)
    }

    /// Returns the `use` line that re-exports items of another module of `types`.
    pub(super) fn reexport(&self, modules: &[ModuleName], names: &[TokenStream]) -> TokenStream {
        let way = self.way_to(modules, modules.first().map_or("", ModuleName::as_str));
        match names {
            [name] => quote!(pub use #way #name;),
            names => quote!(pub use #way {#(#names),*};),
        }
    }

    /// Returns the path to a module of `types`, in the part of `top`, including the last `::`.
    fn way_to(&self, modules: &[ModuleName], top: &str) -> TokenStream {
        let ScopeOf::Types {
            modules: here,
            part,
            layout,
        } = self.place
        else {
            let types = self.item(Item::TYPES);
            return quote!(#types::#(#modules::)*);
        };
        let shared = here.iter().zip(modules).take_while(|(a, b)| a == b).count();
        let up = here.len() - shared;
        if up > 2 || (shared == 0 && layout.part_of_top(top) != part) {
            return quote!(crate::types::#(#modules::)*);
        }
        let up = std::iter::repeat_n(quote!(super::), up);
        let down = modules.iter().skip(shared);
        quote!(#(#up)* #(#down::)*)
    }

    /// Returns a type as written in the module.
    pub(super) fn ty(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Bool => quote!(bool),
            Type::Integer(integer) => {
                let name = match integer {
                    Integer::I8 => "i8",
                    Integer::I16 => "i16",
                    Integer::I32 => "i32",
                    Integer::I64 => "i64",
                    Integer::U8 => "u8",
                    Integer::U16 => "u16",
                    Integer::U32 => "u32",
                    Integer::U64 => "u64",
                };
                ident(name).into_token_stream()
            }
            Type::Float64 => quote!(f64),
            Type::Number => self.item(Item::runtime("Number")),
            Type::String => self.prelude("String"),
            Type::Secret => self.item(Item::runtime("Secret")),
            Type::Uri => self.item(Item::runtime("Uri")),
            Type::Base64 => self.item(Item::runtime("Base64")),
            Type::Uuid => self.item(Item::UUID),
            Type::Date => self.item(Item::NAIVE_DATE),
            Type::DateTime => {
                let (date_time, offset) =
                    (self.item(Item::DATE_TIME), self.item(Item::FIXED_OFFSET));
                quote!(#date_time<#offset>)
            }
            Type::Bytes => self.item(Item::runtime("File")),
            Type::Json => self.json(),
            Type::Null => quote!(()),
            Type::Named(path) => self.path(path),
            Type::Vec(item) => {
                let (vec, item) = (self.prelude("Vec"), self.ty(item));
                quote!(#vec<#item>)
            }
            Type::Map(value) => self.map(value),
            Type::Option(ty) => self.option(&self.ty(ty)),
            Type::Box(ty) => {
                let (boxed, ty) = (self.prelude("Box"), self.ty(ty));
                quote!(#boxed<#ty>)
            }
            Type::Tuple(types) => {
                let types = types.iter().map(|ty| self.ty(ty));
                quote!((#(#types,)*))
            }
        }
    }

    /// Returns `Option<..>`.
    pub(super) fn option(&self, ty: &TokenStream) -> TokenStream {
        let option = self.prelude("Option");
        quote!(#option<#ty>)
    }

    /// Returns `BTreeMap<String, ..>`.
    pub(super) fn map(&self, value: &Type) -> TokenStream {
        let (map, key, value) = (
            self.item(Item::BTREE_MAP),
            self.prelude("String"),
            self.ty(value),
        );
        quote!(#map<#key, #value>)
    }

    /// Returns `Json`.
    pub(super) fn json(&self) -> TokenStream {
        self.item(Item::runtime("Json"))
    }

    /// Returns the type of an argument, and the expression that converts it.
    pub(super) fn argument(&self, name: &FieldName, ty: &Type) -> (TokenStream, TokenStream) {
        let plain = self.ty(ty);
        if takes_into(ty) {
            let into = self.prelude("Into");
            (quote!(impl #into<#plain>), quote!(#name.into()))
        } else {
            (plain, name.into_token_stream())
        }
    }
}

/// Returns `true` if an argument of this type is `impl Into`: callers often have a `&str`, an unboxed
/// value or a `serde_json::Value`.
pub(super) fn takes_into(ty: &Type) -> bool {
    matches!(
        ty,
        Type::String | Type::Secret | Type::Bytes | Type::Json | Type::Box(_)
    )
}
