//! The types of the schemas: structs, enums and unions with their docs.

use std::collections::HashSet;

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use super::default_value::{Target, expression};
use super::docs::{Doc, code};
use super::lints;
use super::scope::{Item, Scope, ident, plain};
use crate::emit::context::Context;
use crate::emit::file::{GeneratedFile, rust};
use crate::ident::{ModuleName, TypeName};
use crate::ir::{
    Additional, Api, Constant, DefaultFunction, Enum, Field, Module, Owner, Presence, Repr, Shape,
    Struct, Traits, Type, TypeDef, TypePath, Union, UnionVariant, Variant,
};

const CONSTRUCTOR: Item = Item::new("crate::runtime::constructor", "constructor");
const FROM_BRANCHES: Item = Item::new("crate::runtime::from_branches", "from_branches");

/// The types of a module and its nested modules.
#[derive(Debug, Default)]
struct Tree<'a> {
    owner: Option<&'a Owner>,
    /// The module that this one re-exports.
    same_as: Option<&'a [ModuleName]>,
    types: Vec<&'a TypeDef>,
    modules: IndexMap<&'a ModuleName, Tree<'a>>,
}

impl<'a> Tree<'a> {
    fn of(api: &'a Api) -> Self {
        let mut tree = Self::default();
        for module in &api.modules {
            let Module {
                path,
                owner,
                same_as,
            } = module;
            let tree = tree.module(path);
            tree.owner = Some(owner);
            tree.same_as = same_as.as_deref();
        }
        for def in &api.types {
            tree.module(&def.path.modules).types.push(def);
        }
        tree
    }

    fn module(&mut self, path: &'a [ModuleName]) -> &mut Self {
        path.iter()
            .fold(self, |tree, name| tree.modules.entry(name).or_default())
    }

    fn declared(&self) -> HashSet<&'a str> {
        let types = self.types.iter().map(|def| def.path.name.as_str());
        let modules = self.modules.keys().map(|name| name.as_str());
        types.chain(modules).collect()
    }
}

/// Returns `src/types.rs`, or `src/types/mod.rs` with a file for each part.
pub(super) fn files<'a>(context: &'a Context<'_>, api: &'a Api) -> Vec<GeneratedFile<'a>> {
    let tree = Tree::of(api);
    let mut doc = Doc::new();
    doc.paragraph(
        "The schemas of the document, as plain data. Their JSON encoding is in `codec.rs`.",
    );
    let names = context.plan.layout.parts();
    if names.is_empty() {
        return vec![rust("src/types.rs", move |out| {
            out(doc.inner());
            module(context, &tree, &[], 0, out);
        })];
    }
    let mut parts: Vec<Tree<'_>> = names.iter().map(|_| Tree::default()).collect();
    for def in tree.types {
        if let Some(part) = parts.get_mut(context.plan.layout.part_of(&def.path)) {
            part.types.push(def);
        }
    }
    for (name, tree) in tree.modules {
        if let Some(part) = parts.get_mut(context.plan.layout.part_of_top(name.as_str())) {
            part.modules.insert(name, tree);
        }
    }
    let mut files = Vec::with_capacity(names.len() + 1);
    for (index, (name, tree)) in names.iter().zip(parts).enumerate() {
        files.push(rust(&format!("src/types/{name}.rs"), move |out| {
            module(context, &tree, &[], index, out);
        }));
    }
    files.push(rust("src/types/mod.rs", move |out| {
        out(doc.inner());
        for name in names {
            // Distinct from the modules of inline schemas beside them, whose names never end this
            // way.
            let module_name = ident(&format!("{name}_"));
            let file = format!("{name}.rs");
            out(quote!(#[path = #file] mod #module_name; pub use #module_name::*;));
        }
    }));
    files
}

/// Writes the contents of a module: each type with the module of its inline schemas, and the `use`
/// lines.
fn module(
    context: &Context<'_>,
    tree: &Tree<'_>,
    path: &[ModuleName],
    part: usize,
    out: &mut dyn FnMut(TokenStream),
) {
    let scope = Scope::of_types(path, part, &context.plan.layout, tree.declared());
    out(reexports(&scope, tree));
    let declared = tree.modules.iter();
    let mut inner: IndexMap<&ModuleName, &Tree<'_>> = declared
        .filter(|(_, tree)| tree.same_as.is_none())
        .map(|(name, tree)| (*name, tree))
        .collect();
    let mut owned: std::collections::HashMap<&TypePath, Vec<&ModuleName>> =
        std::collections::HashMap::new();
    for (name, tree) in &tree.modules {
        if let Some(Owner::Type(owner)) = tree.owner {
            owned.entry(owner).or_default().push(name);
        }
    }
    for def in &tree.types {
        if def.same_as.is_none() {
            out(definition(context, &scope, def));
        }
        for name in owned.remove(&def.path).into_iter().flatten() {
            if let Some(tree) = inner.shift_remove(name) {
                out(inner_module(context, tree, path, name, part));
            }
        }
    }
    for (name, tree) in inner {
        out(inner_module(context, tree, path, name, part));
    }
    out(scope.uses());
}

/// Returns the re-exports of a module.
fn reexports(scope: &Scope<'_>, tree: &Tree<'_>) -> TokenStream {
    let mut names: IndexMap<&[ModuleName], Vec<TokenStream>> = IndexMap::new();
    let modules = tree.modules.iter();
    let mut modules: Vec<(&ModuleName, &[ModuleName])> = modules
        .filter_map(|(name, tree)| Some((*name, tree.same_as?)))
        .collect();
    modules.sort();
    for (name, same_as) in modules {
        let Some((last, around)) = same_as.split_last() else {
            continue;
        };
        let renamed = (last != name).then(|| quote!(as #name));
        names
            .entry(around)
            .or_default()
            .push(quote!(#last #renamed));
    }
    let types = tree.types.iter();
    let mut types: Vec<&TypePath> = types.filter_map(|def| def.same_as.as_ref()).collect();
    types.sort_by_key(|path| &path.name);
    for TypePath { modules, name } in types {
        names.entry(modules).or_default().push(quote!(#name));
    }
    let lines = names
        .iter()
        .map(|(modules, names)| scope.reexport(modules, names));
    quote!(#(#lines)*)
}

fn inner_module(
    context: &Context<'_>,
    tree: &Tree<'_>,
    parent: &[ModuleName],
    name: &ModuleName,
    part: usize,
) -> TokenStream {
    let doc = match tree.owner {
        Some(Owner::Type(TypePath { modules, name })) if modules == parent => {
            format!("Inline schemas of [`{name}`].")
        }
        Some(Owner::Type(TypePath { modules: _, name })) => {
            format!("Inline schemas of `{name}`.")
        }
        Some(Owner::Operation(name)) => {
            format!("Inline schemas of the operation {}.", code(name))
        }
        None => "Inline schemas of other schemas.".to_owned(),
    };
    let mut path = parent.to_vec();
    path.push(name.clone());
    let mut contents = Vec::new();
    module(context, tree, &path, part, &mut |piece| {
        contents.push(piece);
    });
    // The `use` lines were written last and belong first.
    contents.rotate_right(1);
    let attribute = lints::module_inception(parent.last(), name);
    let doc = Doc::from(doc).outer();
    quote! {
        #doc
        #attribute
        pub mod #name { #(#contents)* }
    }
}

fn definition(context: &Context<'_>, scope: &Scope<'_>, def: &TypeDef) -> TokenStream {
    let TypeDef {
        path,
        docs,
        deprecated,
        shape,
        same_as: _,
        traits,
    } = def;
    let TypePath { modules: _, name } = path;
    let mut doc = Doc::of(docs);
    if let Shape::Struct(shape) = shape {
        for constant in &shape.constants {
            doc.append(constant_doc(constant));
        }
    }
    let head = Head {
        doc: doc.outer(),
        deprecated: lints::deprecated(*deprecated),
        name,
        traits: *traits,
    };
    match shape {
        Shape::Struct(shape) => structure(context, scope, &head, shape),
        Shape::Enum(shape) => enumeration(scope, &head, shape),
        Shape::Union(shape) => union(context, scope, &head, shape),
        Shape::Alias(ty) => {
            let Head {
                doc,
                deprecated,
                name,
                traits: _,
            } = head;
            let complexity = lints::type_complexity([ty]);
            let ty = scope.ty(ty);
            quote!(#doc #deprecated #complexity pub type #name = #ty;)
        }
        Shape::Newtype(ty) => {
            let Head {
                doc,
                deprecated,
                name,
                traits,
            } = head;
            let complexity = lints::type_complexity([ty]);
            let ty = scope.ty(ty);
            let hash = hash(traits);
            quote! {
                #doc
                #deprecated
                #complexity
                #[derive(Clone, Debug, PartialEq)]
                #hash
                pub struct #name(
                    /// The value.
                    pub #ty,
                );
            }
        }
    }
}

/// The parts before a definition.
struct Head<'a> {
    doc: TokenStream,
    deprecated: Option<TokenStream>,
    name: &'a TypeName,
    traits: Traits,
}

/// `Eq` and `Hash`, for a type whose parts all have them. To derive them for each type takes time, and
/// few programs use them: so they are behind a feature.
fn hash(traits: Traits) -> Option<TokenStream> {
    traits
        .hash
        .then(|| quote!(#[cfg_attr(feature = "hash", derive(Eq, Hash))]))
}

/// Returns the default function, if it gives the initial value of a property.
fn default_of(field: &Field) -> Option<&DefaultFunction> {
    match field.presence {
        Presence::Required
        | Presence::Nullable
        | Presence::Optional
        | Presence::OptionalNullable => None,
        Presence::Defaulted
        | Presence::NullableDefaulted
        | Presence::Preset
        | Presence::NullablePreset => field.default.as_ref(),
    }
}

/// Returns a property's type with the `Option` of its presence.
fn field_type(scope: &Scope<'_>, ty: &Type, presence: Presence) -> TokenStream {
    let plain = scope.ty(ty);
    match presence {
        Presence::Required | Presence::Defaulted | Presence::Preset => plain,
        Presence::Nullable
        | Presence::Optional
        | Presence::NullableDefaulted
        | Presence::NullablePreset => scope.option(&plain),
        Presence::OptionalNullable => scope.option(&scope.option(&plain)),
    }
}

fn structure(
    context: &Context<'_>,
    scope: &Scope<'_>,
    head: &Head<'_>,
    shape: &Struct,
) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits,
    } = head;
    let Struct {
        constants: _,
        fields,
        additional,
    } = shape;
    let asks = fields.iter().any(Field::is_argument_of_new);
    let presets = fields.iter().any(|field| default_of(field).is_some());
    let derived_default = (!asks && !presets).then(|| quote!(Default,));
    let hash = hash(*traits);
    let complexity = lints::type_complexity(fields.iter().map(|field| &field.ty));
    let members = fields.iter().map(|field| member(scope, field));
    let kept = match additional {
        Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
        Additional::Kept { field, value, docs } => {
            let doc = Doc::of(docs)
                .or(|| "Properties that the schema does not declare.".to_owned())
                .outer();
            let map = scope.map(value);
            Some(quote!(#doc pub #field: #map,))
        }
    };
    let functions = fields.iter().filter_map(|field| {
        let default = field.default.as_ref()?;
        Some(default_function(context, scope, field, default))
    });
    let constructor = asks.then(|| constructor(scope, name, shape));
    let has_functions = fields.iter().any(|field| field.default.is_some());
    let inherent = has_functions.then(|| quote!(impl #name { #(#functions)* }));
    let default = (!asks && presets).then(|| {
        let default = scope.prelude("Default");
        let values = values_of_others(scope, shape);
        quote! {
            impl #default for #name {
                fn default() -> Self {
                    Self { #(#values)* }
                }
            }
        }
    });
    quote! {
        #doc
        #deprecated
        #complexity
        #[derive(Clone, Debug, #derived_default PartialEq)]
        #hash
        pub struct #name {
            #(#members)*
            #kept
        }
        #constructor
        #inherent
        #default
    }
}

/// Returns the docs of a constant for the docs of its struct.
fn constant_doc(constant: &Constant) -> Doc {
    let Constant {
        wire,
        value,
        docs,
        deprecated,
    } = constant;
    let word = if *deprecated { ", and deprecated" } else { "" };
    let (name, value) = (code(wire), code(&value.to_string()));
    Doc::of(docs).headed(&format!("{name} is always {value}{word}"))
}

fn member(scope: &Scope<'_>, field: &Field) -> TokenStream {
    let Field {
        name,
        ty,
        presence,
        default,
        docs,
        deprecated,
    } = field;
    let mut doc = Doc::of(docs).or_wire(&name.wire, name.rust.as_str());
    if let Some(DefaultFunction { wire, .. }) = default {
        doc.paragraph(format!("Default: {}", code(wire)));
    }
    let doc = doc.outer();
    let deprecated = lints::deprecated(*deprecated);
    let ty = field_type(scope, ty, *presence);
    let name = &name.rust;
    quote!(#doc #deprecated pub #name: #ty,)
}

fn default_function(
    context: &Context<'_>,
    scope: &Scope<'_>,
    field: &Field,
    default: &DefaultFunction,
) -> TokenStream {
    let DefaultFunction {
        name,
        value,
        wire: _,
        of_server,
    } = default;
    let ty = match field.presence {
        Presence::NullableDefaulted | Presence::NullablePreset => {
            scope.option(&scope.ty(&field.ty))
        }
        _ => scope.ty(&field.ty),
    };
    let allowed = lints::approx_constant(value);
    let link = plain(field.name.rust.as_str());
    let mut doc = Doc::from(format!("The default of [`{link}`](Self::{link})."));
    doc.paragraph(match field.presence {
        Presence::Defaulted | Presence::NullableDefaulted if *of_server => {
            "Requests omit a value equal to it."
        }
        Presence::Defaulted | Presence::NullableDefaulted => {
            "Requests omit a value equal to it, unless \
             [`explicit_defaults`](crate::ClientBuilder::explicit_defaults) is set."
        }
        Presence::Preset | Presence::NullablePreset => "Requests always contain the property.",
        Presence::Required
        | Presence::Nullable
        | Presence::Optional
        | Presence::OptionalNullable => "A request without the property does not change it.",
    });
    let doc = doc.outer();
    let value = expression(context, scope, value, Target::Exact);
    quote! {
        #doc
        #allowed
        pub fn #name() -> #ty {
            #value
        }
    }
}

/// Returns the table that generates the type's `new`.
fn constructor(scope: &Scope<'_>, name: &TypeName, shape: &Struct) -> TokenStream {
    let asked = shape
        .fields
        .iter()
        .filter(|field| field.is_argument_of_new());
    let arguments = asked.map(|field| {
        let name = &field.name.rust;
        let ty = match field.presence {
            // Without a default function, the argument has the plain type.
            Presence::NullableDefaulted | Presence::NullablePreset => scope.ty(&field.ty),
            _ => scope.argument(name, &field.ty).0,
        };
        quote!(#name: #ty,)
    });
    let values = values_of_others(scope, shape);
    let others = (!values.is_empty()).then(|| quote!(sets(#(#values)*)));
    let constructor = scope.item(CONSTRUCTOR);
    quote!(#constructor! { #name(#(#arguments)*) #others })
}

/// Returns the initial values of all optional and defaulted fields.
fn values_of_others(scope: &Scope<'_>, shape: &Struct) -> Vec<TokenStream> {
    let Struct {
        constants: _,
        fields,
        additional,
    } = shape;
    let others = fields.iter().filter(|field| !field.is_argument_of_new());
    let values = others.map(|field| {
        let name = &field.name.rust;
        if let Some(DefaultFunction { name: function, .. }) = default_of(field) {
            quote!(#name: Self::#function(),)
        } else {
            quote!(#name: None,)
        }
    });
    let kept = match additional {
        Additional::Ignored | Additional::Unexpected | Additional::Refused => None,
        Additional::Kept { field, .. } => {
            let map = scope.item(Item::BTREE_MAP);
            Some(quote!(#field: #map::new(),))
        }
    };
    values.chain(kept).collect()
}

fn enumeration(scope: &Scope<'_>, head: &Head<'_>, shape: &Enum) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits: _,
    } = head;
    let Enum {
        repr,
        variants,
        open,
    } = shape;
    let copy = match (open, repr) {
        (None, _) | (Some(_), Repr::Integer) => Some(quote!(Copy,)),
        (Some(_), Repr::Text | Repr::Json) => None,
    };
    let variants = variants.iter().map(|variant| {
        let Variant { name, value, docs } = variant;
        let doc = Doc::of(docs);
        let doc = match value {
            serde_json::Value::String(text) if text.is_empty() => {
                doc.or(|| "The empty string".to_owned())
            }
            serde_json::Value::String(text) if is_spelled_as(text, plain(name.as_str())) => doc,
            serde_json::Value::String(text) => doc.or(|| code(text)),
            value => doc.or(|| code(&value.to_string())),
        };
        let doc = doc.outer();
        quote!(#doc #name,)
    });
    let open = open.as_ref().map(|name| {
        let ty = match repr {
            Repr::Text => scope.prelude("String"),
            Repr::Integer => quote!(i64),
            Repr::Json => scope.json(),
        };
        let doc = Doc::from("A value that the document does not list.").outer();
        quote!(#doc #name(#ty),)
    });
    quote! {
        #doc
        #deprecated
        #[derive(Clone, #copy Debug, PartialEq, Eq, Hash)]
        pub enum #name {
            #(#variants)*
            #open
        }
    }
}

/// Returns true if a name has the letters and digits of a text, ignoring case and separators.
fn is_spelled_as(text: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
        letters.flat_map(char::to_lowercase).collect()
    };
    letters(text) == letters(name)
}

fn union(context: &Context<'_>, scope: &Scope<'_>, head: &Head<'_>, shape: &Union) -> TokenStream {
    let Head {
        doc,
        deprecated,
        name,
        traits,
    } = head;
    let Union {
        variants,
        tagging: _,
        other,
    } = shape;
    let types = || variants.iter().map(|variant| &variant.ty);
    let complexity = lints::type_complexity(types());
    let size = lints::large_enum_variant(context, types().map(std::slice::from_ref));
    let members = variants.iter().map(|variant| {
        let UnionVariant {
            name,
            ty,
            tags: _,
            tag_source: _,
            docs,
        } = variant;
        let doc = Doc::of(docs).or(|| format!("The branch `{name}`.")).outer();
        let ty = scope.ty(ty);
        quote!(#doc #name(#ty),)
    });
    let other = other.as_ref().map(|name| {
        let doc = Doc::from("Unrecognized variant, kept as raw JSON.").outer();
        let json = scope.json();
        quote!(#doc #name(#json),)
    });
    let hash = hash(*traits);
    let from = traits.from_branches.then(|| {
        let from_branches = scope.item(FROM_BRANCHES);
        let branches = variants.iter().map(|variant| {
            let (name, ty) = (&variant.name, scope.ty(variant.ty.unboxed()));
            quote!(#name(#ty),)
        });
        quote!(#from_branches! { #name { #(#branches)* } })
    });
    quote! {
        #doc
        #deprecated
        #complexity
        #size
        #[derive(Clone, Debug, PartialEq)]
        #hash
        pub enum #name {
            #(#members)*
            #other
        }
        #from
    }
}
