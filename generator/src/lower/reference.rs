//! Resolves `$ref`s, and names the schemas that only a `$ref` refers to.

use std::collections::HashMap;

use crate::document::{Document, SchemaNode};
use crate::ident::MethodName;
use crate::ir::{Type, TypePath};
use crate::pointer::Pointer;

use super::all_of::MergedSchema;
use super::inline_site::OwnerKey;
use super::lowering::Lowering;
use super::name_words;
use super::nullable_type::Typed;

/// Maximum depth of nested declarations of schemas outside of `components`.
const DEEPEST: usize = 16;

impl<'d> Lowering<'d, '_> {
    /// Returns the type of a `$ref`.
    pub(super) fn lower_reference(&mut self, node: &SchemaNode<'d>) -> Typed {
        let target = node.reference();
        if let Some(known) = target.as_ref().and_then(|it| self.references.get(it)) {
            return known.clone();
        }
        let typed = self.meant(node);
        if let (Some(target), Type::Named(_)) = (target, &typed.ty) {
            self.references.insert(target, typed.clone());
        }
        typed
    }

    fn meant(&mut self, node: &SchemaNode<'d>) -> Typed {
        let Some(meant) = node.follow() else {
            return Typed {
                ty: self.lower_any(node.pointer(), "the reference is unresolved"),
                nullable: false,
            };
        };
        let nullable = MergedSchema::new(&meant).nullable();
        let mut next = node.reference();
        while let Some(target) = next {
            if let Some(path) = self.types.of_schema(&target) {
                return Typed {
                    ty: Type::Named(path.clone()),
                    nullable,
                };
            }
            let Some(node) = self.context.document.schema(&target) else {
                break;
            };
            next = node.reference();
            if next.is_none() {
                let path = self.deep_target(&target);
                self.nested_component(&node, &path);
                return Typed {
                    ty: Type::Named(path),
                    nullable,
                };
            }
        }
        Typed {
            ty: self.lower_any(node.pointer(), "the reference is unresolved"),
            nullable,
        }
    }

    /// Declares a schema outside of `components` that a `$ref` refers to.
    ///
    /// Chains of such schemas may be of any length, so the schema is queued at the maximum depth.
    fn nested_component(&mut self, node: &SchemaNode<'d>, path: &TypePath) {
        if self.nested >= DEEPEST {
            self.waiting.push((node.clone(), path.clone()));
            return;
        }
        self.nested += 1;
        self.lower_component(node, path.clone());
        while self.nested == 1
            && let Some((node, path)) = self.waiting.pop()
        {
            self.lower_component(&node, path);
        }
        self.nested -= 1;
    }

    /// Names a schema outside of `components` that a `$ref` refers to: by the last key of its
    /// pointer, in the module of the component or operation that contains it.
    fn deep_target(&mut self, target: &Pointer) -> TypePath {
        let mut owner = target.parent();
        let modules = loop {
            match owner {
                Some(pointer) => match self.types.of_schema(&pointer).cloned() {
                    Some(path) => break self.types.module_for(&OwnerKey::Type(path)),
                    None => owner = pointer.parent(),
                },
                None => match self.operation_of(target) {
                    Some(method) => break self.types.module_for(&OwnerKey::Operation(method)),
                    None => break Vec::new(),
                },
            }
        };
        let name = self.deep_name(target);
        self.types.reserve_for(target, modules, &name)
    }

    /// Returns the method of the operation that contains a schema.
    fn operation_of(&self, target: &Pointer) -> Option<String> {
        let tokens: Vec<String> = target.tokens().collect();
        let [first, path, method, ..] = tokens.as_slice() else {
            return None;
        };
        if first != "paths" {
            return None;
        }
        let entry = self.context.document.path(path)?;
        let operation = self
            .context
            .document
            .operations(&entry)
            .find(|operation| operation.method.eq_ignore_ascii_case(method))?;
        let id = operation.operation.operation_id.clone();
        let text = id
            .filter(|id| !id.trim().is_empty())
            .unwrap_or_else(|| name_words::unnamed_operation(method, path));
        let name = MethodName::new(&text);
        Some(name.as_str().trim_start_matches("r#").to_owned())
    }

    /// Returns the name of a schema, derived from its pointer.
    fn deep_name(&self, target: &Pointer) -> String {
        let tokens: Vec<String> = target.tokens().collect();
        let mut way: Vec<&str> = tokens.iter().map(String::as_str).collect();
        if let [before @ .., "schema"] = way.as_slice() {
            way = before.to_vec();
            if let [before @ .., "content", _] = way.as_slice() {
                way = before.to_vec();
            }
        }
        match way.as_slice() {
            [.., owner, "items"] => name_words::singular(owner),
            [.., "parameters", _] => self.parameter_name(target).unwrap_or_default(),
            [.., "requestBody"] => "request body".to_owned(),
            ["paths", .., "responses", status] => {
                let status = status
                    .parse()
                    .map_or_else(|_| (*status).to_owned(), name_words::status);
                format!("{status} body")
            }
            [.., last] => (*last).to_owned(),
            [] => String::new(),
        }
    }

    /// Returns the name of the parameter that contains an inline schema.
    fn parameter_name(&self, target: &Pointer) -> Option<String> {
        let parameter = target.parent()?;
        let names = self
            .context
            .parameter_names
            .get_or_init(|| parameter_names(self.context.document));
        names.get(&parameter).map(|name| (*name).to_owned())
    }
}

/// Returns the names of parameters by pointer.
fn parameter_names(document: &Document) -> HashMap<Pointer, &str> {
    let mut names = HashMap::new();
    for entry in document.paths().chain(document.webhooks()) {
        let operations = document.operations(&entry);
        let lists = std::iter::once((&entry.item.parameters, entry.pointer.clone()))
            .chain(operations.map(|entry| (&entry.operation.parameters, entry.pointer.clone())));
        for (list, at) in lists {
            let at = at.child("parameters");
            for (index, node) in list.iter().enumerate() {
                if let Some((found, at)) = document.resolve(node, at.child(index)) {
                    names.insert(at, found.parameter_data_ref().name.as_str());
                }
            }
        }
    }
    names
}
