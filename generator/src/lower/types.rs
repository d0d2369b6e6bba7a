//! The types and modules declared so far.

use std::collections::{HashMap, HashSet};

use crate::ident::ModuleName;
use crate::ir::{Owner, TypePath};
use crate::pointer::Pointer;

use super::all_of::MergedSchemaKey;
use super::inline_site::OwnerKey;
use super::naming::TypeNames;
use super::type_draft::{FieldDraft, ModuleDraft, ShapeDraft, TypeDraft};

/// The position of a declared type, valid until types are added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct TypeId(usize);

/// A struct, and the index of a field in it.
pub(super) type FieldPosition = (TypeId, usize);

/// The text of an inline schema, and true for one in a multipart body, where the same text has
/// another meaning.
type InlineText = (String, bool);

/// The types and modules declared so far.
///
/// A name is reserved before the type is defined, since its schema may refer to itself.
#[derive(Default)]
pub(super) struct Types {
    list: Vec<TypeDraft>,
    ids: HashMap<TypePath, TypeId>,
    names: TypeNames,
    /// The types by schema.
    by_schema: HashMap<Pointer, TypePath>,
    /// The inline schemas of each module by their text, so that equal ones are declared once.
    inline: HashMap<Vec<ModuleName>, Vec<(InlineText, TypePath)>>,
    /// The type of each set of merged schemas.
    merged: HashMap<MergedSchemaKey, TypePath>,
    modules: Vec<ModuleDraft>,
    /// The module for the inline schemas of each type or operation.
    module_of: HashMap<OwnerKey, Vec<ModuleName>>,
}

impl Types {
    /// Reserves a name in a module.
    pub fn reserve(&mut self, modules: Vec<ModuleName>, text: &str) -> TypePath {
        let name = self.names.type_in(&modules, text);
        TypePath { modules, name }
    }

    /// Reserves a name for a schema.
    pub fn reserve_for(
        &mut self,
        schema: &Pointer,
        modules: Vec<ModuleName>,
        text: &str,
    ) -> TypePath {
        let path = self.reserve(modules, text);
        self.set_schema(schema, &path);
        path
    }

    /// Lets references to a schema become a type.
    pub fn set_schema(&mut self, schema: &Pointer, path: &TypePath) {
        self.by_schema.insert(schema.clone(), path.clone());
    }

    /// Returns the type of a schema.
    pub fn of_schema(&self, schema: &Pointer) -> Option<&TypePath> {
        self.by_schema.get(schema)
    }

    /// Returns the schema of a type; the first one if there are several.
    pub fn schema_of(&self, path: &TypePath) -> Option<&Pointer> {
        let schemas = self.by_schema.iter().filter(|(_, other)| *other == path);
        schemas.map(|(at, _)| at).min()
    }

    /// Returns the type of an inline schema with the same text in a module.
    pub fn of_text(&self, modules: &[ModuleName], text: &InlineText) -> Option<&TypePath> {
        let mut known = self.inline.get(modules)?.iter();
        known.find(|(known, _)| known == text).map(|(_, path)| path)
    }

    /// Lets inline schemas with the same text in the same module become a type.
    pub fn set_text(&mut self, text: InlineText, path: &TypePath) {
        let known = self.inline.entry(path.modules.clone()).or_default();
        known.push((text, path.clone()));
    }

    /// Returns the type of a set of merged schemas.
    pub fn of_merged(&self, key: &MergedSchemaKey) -> Option<&TypePath> {
        self.merged.get(key)
    }

    /// Lets a set of merged schemas become a type, unless it already has one.
    pub fn set_merged(&mut self, key: MergedSchemaKey, path: &TypePath) {
        self.merged.entry(key).or_insert_with(|| path.clone());
    }

    /// Adds the definition of a reserved name.
    pub fn define(&mut self, def: TypeDraft) {
        self.ids.insert(def.path.clone(), TypeId(self.list.len()));
        self.list.push(def);
    }

    /// Returns the module for an owner's inline schemas.
    pub fn module_for(&mut self, owner: &OwnerKey) -> Vec<ModuleName> {
        if let Some(path) = self.module_of.get(owner) {
            return path.clone();
        }
        let (mut path, text, shown) = match owner {
            OwnerKey::Type(path) => (
                path.modules.clone(),
                path.name.as_str().to_owned(),
                Owner::Type(path.clone()),
            ),
            OwnerKey::Operation(method) => {
                (Vec::new(), method.clone(), Owner::Operation(method.clone()))
            }
        };
        let name = self.names.module_in(&path, &text);
        path.push(name);
        self.modules.push(ModuleDraft {
            path: path.clone(),
            owner: shown,
        });
        self.module_of.insert(owner.clone(), path.clone());
        path
    }

    pub fn id(&self, path: &TypePath) -> Option<TypeId> {
        self.ids.get(path).copied()
    }

    pub fn get(&self, id: TypeId) -> Option<&TypeDraft> {
        self.list.get(id.0)
    }

    pub fn get_mut(&mut self, id: TypeId) -> Option<&mut TypeDraft> {
        self.list.get_mut(id.0)
    }

    /// Returns a type with its id.
    pub fn find(&self, path: &TypePath) -> Option<(TypeId, &TypeDraft)> {
        let id = self.id(path)?;
        Some((id, self.get(id)?))
    }

    /// Returns the definition of a type.
    pub fn shape(&self, path: &TypePath) -> Option<&ShapeDraft> {
        Some(&self.find(path)?.1.shape)
    }

    pub fn field(&self, (owner, index): FieldPosition) -> Option<&FieldDraft> {
        match &self.get(owner)?.shape {
            ShapeDraft::Struct(shape) => shape.fields.get(index),
            _ => None,
        }
    }

    /// Returns the definitions of all types by their paths.
    pub fn shapes(&self) -> impl Iterator<Item = (&TypePath, &ShapeDraft)> {
        self.list.iter().map(|def| (&def.path, &def.shape))
    }

    /// Returns all types with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDraft)> {
        (0..).map(TypeId).zip(&self.list)
    }

    /// Inserts types before others.
    pub fn insert_before(&mut self, mut new: HashMap<TypeId, Vec<TypeDraft>>) {
        let list = std::mem::take(&mut self.list);
        for (position, def) in list.into_iter().enumerate() {
            let before = new.remove(&TypeId(position)).unwrap_or_default();
            self.list.extend(before);
            self.list.push(def);
        }
        self.number();
    }

    /// Removes types, and modules that become empty.
    pub fn remove(&mut self, is_removed: impl Fn(&TypePath) -> bool) {
        self.list.retain(|def| !is_removed(&def.path));
        self.number();
        let used: HashSet<&[ModuleName]> = self
            .list
            .iter()
            .flat_map(|def| {
                (1..=def.path.modules.len()).filter_map(|depth| def.path.modules.get(..depth))
            })
            .collect();
        self.modules
            .retain(|module| used.contains(module.path.as_slice()));
    }

    fn number(&mut self) {
        let paths = self.list.iter().map(|def| def.path.clone());
        self.ids = paths.zip((0..).map(TypeId)).collect();
    }

    /// Returns the types with their ids, and the modules.
    pub fn into_parts(self) -> (impl Iterator<Item = (TypeId, TypeDraft)>, Vec<ModuleDraft>) {
        ((0..).map(TypeId).zip(self.list), self.modules)
    }
}
