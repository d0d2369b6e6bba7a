//! Assigns types to files of the generated crate.
//!
//! The types of a small document are in one file. A large document has a file for the types of each
//! tag that are only used by its operations, and one for shared types, or one per first letter if
//! there are too many. The paths of the types are the same in both cases.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ident::ModuleName;
use crate::ir::{Api, Docs, Module, Operation, Owner, Shape, Struct, Type, TypeDef, TypePath};

/// The maximum number of lines in a file before it is split.
const MOST_LINES: usize = 5000;

/// The parts of `types` and `codec`, each a file.
#[derive(Debug, Default)]
pub(crate) struct Layout<'a> {
    /// The names of the parts; empty if everything is in one file.
    parts: Vec<String>,
    /// The part of each item directly in `types`: a type, or a module with all its contents.
    part_of: HashMap<&'a str, usize>,
}

/// The operations that use an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum User {
    /// Only those of this group.
    Group(usize),
    /// Those of several groups, or none.
    Shared,
}

/// The items directly in `types`, as nodes of a graph.
struct Roots<'a> {
    /// The index of each type and module by name. A type and its own module are one root.
    by_name: HashMap<&'a str, usize>,
    names: Vec<&'a str>,
    lines: Vec<usize>,
    uses: Vec<Vec<usize>>,
}

impl<'a> Layout<'a> {
    /// Assigns all items to parts.
    pub(crate) fn new(api: &'a Api) -> Self {
        let mut roots = Roots::new(api);
        let total: usize = roots.lines.iter().sum();
        if total <= MOST_LINES {
            return Self::default();
        }
        roots.connect(api);
        let users = roots.users(api);
        let mut sizes: HashMap<User, usize> = HashMap::new();
        for (user, lines) in users.iter().zip(&roots.lines) {
            *sizes.entry(*user).or_default() += lines;
        }
        let mut members: BTreeMap<(User, Option<char>), Vec<usize>> = BTreeMap::new();
        for (root, user) in users.iter().enumerate() {
            let large = sizes.get(user).is_some_and(|lines| *lines > MOST_LINES);
            let name = roots.names.get(root).copied().unwrap_or_default();
            let initial = name.trim_start_matches("r#").chars().next();
            let initial = initial.map(|c| c.to_ascii_lowercase()).filter(|_| large);
            members.entry((*user, initial)).or_default().push(root);
        }
        let mut layout = Self::default();
        let mut part_of_root = vec![0; roots.names.len()];
        let mut taken = HashSet::new();
        for (part, ((user, initial), members)) in members.iter().enumerate() {
            let mut name: String = match user {
                User::Group(group) => api
                    .groups
                    .get(*group)
                    .map_or("", |group| group.module.as_str())
                    .trim_start_matches("r#")
                    .to_owned(),
                User::Shared => "shared".to_owned(),
            };
            if let Some(initial) = initial {
                name.push('_');
                name.push(*initial);
            }
            layout.parts.push(file_stem(&name, &mut taken));
            for root in members {
                if let Some(of_root) = part_of_root.get_mut(*root) {
                    *of_root = part;
                }
            }
        }
        layout.part_of = roots
            .by_name
            .iter()
            .filter_map(|(name, root)| Some((*name, *part_of_root.get(*root)?)))
            .collect();
        layout
    }

    /// Returns the names of the parts, each a file; empty if everything is in one file.
    pub(crate) fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Returns the part of a type.
    pub(crate) fn part_of(&self, path: &TypePath) -> usize {
        self.part_of_top(top(path))
    }

    /// Returns the part of the item with this name directly in `types`.
    pub(crate) fn part_of_top(&self, name: &str) -> usize {
        self.part_of.get(name).copied().unwrap_or_default()
    }
}

/// Returns an unused name for a module's file, without extension.
pub(crate) fn file_stem(module: &str, taken: &mut HashSet<String>) -> String {
    // Longer names exceed the path limits of some systems.
    const LONGEST: usize = 100;
    // `mod.rs` exists already; the others are reserved device names on some systems.
    let reserved = matches!(module, "mod" | "aux" | "con" | "nul" | "prn")
        || (module.len() == 4 && (module.starts_with("com") || module.starts_with("lpt")));
    let mut stem: String = module.chars().take(LONGEST).collect();
    if reserved {
        stem.push('_');
    }
    while !taken.insert(stem.clone()) {
        stem.push('_');
    }
    stem
}

/// Returns the name of the item directly in `types` that is or contains a type.
pub(crate) fn top(path: &TypePath) -> &str {
    let TypePath { modules, name } = path;
    modules.first().map_or(name.as_str(), ModuleName::as_str)
}

impl<'a> Roots<'a> {
    fn new(api: &'a Api) -> Self {
        let mut roots = Self {
            by_name: HashMap::new(),
            names: Vec::new(),
            lines: Vec::new(),
            uses: Vec::new(),
        };
        let mut owners: HashMap<&str, &str> = HashMap::new();
        for Module { path, owner, .. } in &api.modules {
            if let ([module], Owner::Type(owner)) = (path.as_slice(), owner) {
                owners.insert(module.as_str(), top(owner));
            }
        }
        for def in &api.types {
            let name = top(&def.path);
            let root = roots.root(owners.get(name).copied().unwrap_or(name));
            roots.by_name.insert(name, root);
            if let Some(sum) = roots.lines.get_mut(root) {
                *sum += lines(def);
            }
        }
        roots
    }

    fn root(&mut self, name: &'a str) -> usize {
        *self.by_name.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.lines.push(0);
            self.uses.push(Vec::new());
            self.names.len() - 1
        })
    }

    /// Records the roots that each root uses.
    fn connect(&mut self, api: &Api) {
        for def in &api.types {
            let Some(from) = self.by_name.get(top(&def.path)).copied() else {
                continue;
            };
            for ty in def.shape.types() {
                let to = self.named(ty);
                if let Some(uses) = self.uses.get_mut(from) {
                    uses.extend(to);
                }
            }
        }
    }

    /// Returns the roots of the types within a type.
    fn named(&self, ty: &Type) -> Vec<usize> {
        let mut found = Vec::new();
        let mut rest = vec![ty];
        while let Some(ty) = rest.pop() {
            if let Type::Named(path) = ty {
                found.extend(self.by_name.get(top(path)));
            }
            rest.extend(ty.parts());
        }
        found
    }

    /// Returns the users of each root. Every root is visited at most twice.
    fn users(&self, api: &Api) -> Vec<User> {
        let mut users: Vec<Option<User>> = vec![None; self.names.len()];
        for (index, group) in api.groups.iter().enumerate() {
            let types = group.operations.iter().flat_map(types_of);
            let mut rest: Vec<usize> = types.flat_map(|ty| self.named(ty)).collect();
            while let Some(root) = rest.pop() {
                let Some(user) = users.get_mut(root) else {
                    continue;
                };
                let now = match *user {
                    None => User::Group(index),
                    Some(User::Group(other)) if other != index => User::Shared,
                    // The roots that it uses already have this user.
                    Some(_) => continue,
                };
                *user = Some(now);
                rest.extend(self.uses.get(root).into_iter().flatten());
            }
        }
        users
            .into_iter()
            .map(|user| user.unwrap_or(User::Shared))
            .collect()
    }
}

/// Returns the types of an operation.
fn types_of(operation: &Operation) -> impl Iterator<Item = &Type> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    let choices = operation.body.iter().flat_map(|body| &body.choices);
    let cases = [&operation.success, &operation.failure]
        .into_iter()
        .flat_map(|outcome| &outcome.cases);
    let bodies = cases.flat_map(|case| &case.bodies);
    parameters
        .chain(choices.map(|choice| &choice.ty))
        .chain(bodies.map(|body| &body.ty))
}

/// Returns the estimated number of lines of a definition.
fn lines(def: &TypeDef) -> usize {
    fn words(docs: &Docs) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, |text| text.lines().count());
        text(&docs.summary) + text(&docs.description) + docs.notes.len()
    }
    if def.same_as.is_some() {
        return 1;
    }
    let inner: usize = match &def.shape {
        Shape::Struct(Struct { fields, .. }) => fields
            .iter()
            .map(|field| 2 + words(&field.docs) + field.default.as_ref().map_or(0, |_| 6))
            .sum(),
        Shape::Enum(shape) => 2 * shape.variants.len(),
        Shape::Union(shape) => 2 * shape.variants.len(),
        Shape::Alias(_) | Shape::Newtype(_) => 1,
    };
    4 + words(&def.docs) + inner
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::tests::wide;

    #[test]
    fn a_large_document_has_a_file_for_each_tag_and_one_for_shared_types() {
        let api = wide::api();
        let layout = Layout::new(&api);
        let parts = layout.parts().iter().map(String::as_str);
        let (shared, tags): (Vec<_>, Vec<_>) = parts.partition(|name| name.starts_with("shared_"));
        assert_eq!(tags, ["type"]);
        // A part that exceeds one file is split by first letter.
        assert!(shared.contains(&"shared_c") && shared.contains(&"shared_w"));
        let part = |name: &str| {
            layout
                .parts()
                .get(layout.part_of_top(name))
                .map(String::as_str)
        };
        assert_eq!(part("Own0"), Some("type"));
        assert_eq!(part("Color"), Some("shared_c"));
        assert_eq!(part("everything"), part("Everything"));
    }

    #[test]
    fn a_file_has_a_name_that_a_file_can_have() {
        let mut taken = HashSet::new();
        for (module, stem) in [
            ("pets", "pets"),
            ("mod", "mod_"),
            ("com1", "com1_"),
            ("pets", "pets_"),
        ] {
            assert_eq!(file_stem(module, &mut taken), stem);
        }
        assert_eq!(file_stem(&"x".repeat(300), &mut taken).len(), 100);
    }
}
