//! Reads each file of a document once, and resolves references between them.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde_json::Value;

use super::lookup::{Lookup, look_up, reference_text};
use super::reference_syntax::{Fragment, Outside, Reference};
use super::schema_ids::Names;
use crate::diagnostic::{Diagnostic, Diagnostics, FileId, Location, code};
use crate::pointer::Pointer;
use crate::source::{MAX_DEPTH, OutsideRoot, Sources, Unreadable};
use crate::spec::{ObjectKind, type_at};

/// The maximum length of a chain of references.
pub(crate) const MAX_HOPS: usize = 100;

/// The maximum number of tokens of a pointer. Documents are less deep, but pointers can lead
/// through references.
const LONGEST_POINTER: usize = 2 * MAX_DEPTH;

/// The index of a file in [`Files`]; the root is 0.
pub(super) type Index = usize;

/// A node of a file.
pub(super) type Target = (Index, Pointer);

/// The reason why a reference is unresolved.
#[derive(Debug)]
pub(super) enum Failure {
    Outside(Outside),
    OutsideRoot(OutsideRoot),
    Unreadable(Unreadable),
    /// The pointer has this many tokens, more than any document has levels.
    LongPointer(usize),
    /// A file is faulty, which was reported before.
    Reported,
    /// The node does not exist; this is the deepest one that exists.
    Missing {
        wanted: Target,
        deepest: Pointer,
    },
    /// No schema has the `$anchor`.
    NoAnchor(Index),
    /// Several schemas of a file have the `$anchor`: the first two of them.
    Ambiguous(Index, [Pointer; 2]),
    /// The chain of references is too long.
    TooLong,
    /// The reference forms a cycle of these nodes.
    Circular(Vec<Target>),
}

#[derive(Debug)]
struct File {
    id: FileId,
    value: Value,
    /// All `$anchor`s and `$id`s, collected on first use.
    names: Option<Names>,
}

/// All files.
#[derive(Debug)]
pub(super) struct Files<'a> {
    pub(super) sources: &'a mut Sources,
    pub(super) diagnostics: &'a mut Diagnostics,
    list: Vec<File>,
    by_path: HashMap<PathBuf, Option<Index>>,
    /// Nodes whose chain of references ends, with its length.
    sound: HashMap<Target, usize>,
    /// Nodes whose chain of references is a cycle.
    circular: HashSet<Target>,
    /// The schemas with each `$anchor` of a file, or of a resource in it.
    anchored: HashMap<(Index, String, Option<Pointer>), Vec<Pointer>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        root: FileId,
        value: Value,
        sources: &'a mut Sources,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let path = sources.path(root).map(identity);
        Self {
            sources,
            diagnostics,
            list: vec![File {
                id: root,
                value,
                names: None,
            }],
            by_path: path.map(|path| (path, Some(0))).into_iter().collect(),
            sound: HashMap::new(),
            circular: HashSet::new(),
            anchored: HashMap::new(),
        }
    }

    pub(super) fn into_root(self) -> Value {
        self.list
            .into_iter()
            .next()
            .map_or(Value::Null, |file| file.value)
    }

    pub(super) fn id(&self, file: Index) -> FileId {
        self.list.get(file).map_or(FileId(0), |file| file.id)
    }

    pub(super) fn name(&self, file: Index) -> &str {
        self.sources.name(self.id(file))
    }

    pub(super) fn value(&self, file: Index) -> &Value {
        self.list.get(file).map_or(&Value::Null, |file| &file.value)
    }

    pub(super) fn node(&self, (file, pointer): &Target) -> Option<&Value> {
        self.value(*file).pointer(pointer.as_str())
    }

    pub(super) fn location(&self, (file, pointer): &Target) -> Location {
        self.sources.place(self.id(*file), pointer)
    }

    /// Resolves a reference of a file to a node that is not below a reference.
    ///
    /// `asker` is the location of the reference in the source; `from` is its node in its own file,
    /// if known.
    pub(super) fn resolve(
        &mut self,
        file: Index,
        from: Option<&Pointer>,
        text: &str,
        asker: &Location,
    ) -> Result<Target, Failure> {
        if let Some(target) = self.by_id(file, text) {
            return Ok(target);
        }
        let mut hops = Vec::new();
        let (mut file, mut wanted) = self.locate(file, from, text, asker)?;
        loop {
            match look_up(self.value(file), &wanted) {
                Lookup::Found(pointer) => return Ok((file, pointer)),
                Lookup::Missing(deepest) => {
                    // The name itself can contain a percent sign.
                    let raw = text
                        .split_once('#')
                        .and_then(|(_, raw)| Pointer::parse(raw));
                    if let (true, Some(raw)) = (hops.is_empty(), raw)
                        && let Lookup::Found(pointer) = look_up(self.value(file), &raw)
                    {
                        return Ok((file, pointer));
                    }
                    return Err(Failure::Missing {
                        wanted: (file, wanted),
                        deepest,
                    });
                }
                Lookup::Reference { at, text, rest } => {
                    hops.push((file, at.clone()));
                    if hops.len() > MAX_HOPS {
                        hops.truncate(1);
                        return Err(Failure::Circular(hops));
                    }
                    let (next, pointer) = self.locate(file, Some(&at), &text, asker)?;
                    file = next;
                    wanted = pointer.join(&rest);
                }
            }
        }
    }

    /// Follows the chain of references from a node, and checks that it ends.
    pub(super) fn check_end(&mut self, target: &Target, asker: &Location) -> Result<(), Failure> {
        let mut trail: Vec<Target> = Vec::new();
        let mut seen = HashSet::new();
        let mut at = target.clone();
        // The length of the chain of references from `at`; `None` for a cycle.
        let rest = loop {
            if let Some(rest) = self.sound.get(&at) {
                break Some(*rest);
            }
            if self.circular.contains(&at) {
                break None;
            }
            if !seen.insert(at.clone()) {
                let start = trail.iter().position(|one| *one == at).unwrap_or(0);
                let circle = trail.get(start..).unwrap_or_default().to_vec();
                self.circular.extend(trail);
                return Err(Failure::Circular(circle));
            }
            let Some(text) = self.node(&at).and_then(reference_text) else {
                self.sound.insert(at, 0);
                break Some(0);
            };
            let text = text.to_owned();
            trail.push(at.clone());
            match self.resolve(at.0, Some(&at.1), &text, asker) {
                Ok(next) => at = next,
                // Reported for the reference itself.
                Err(_) => break Some(0),
            }
        };
        let Some(rest) = rest else {
            self.circular.extend(trail);
            return Err(Failure::Reported);
        };
        let mut is_too_long = false;
        for (hops, at) in (rest + 1..).zip(trail.into_iter().rev()) {
            if hops > MAX_HOPS {
                // Reported once: chains that lead here are not followed.
                is_too_long = true;
                self.circular.insert(at);
            } else {
                self.sound.insert(at, hops);
            }
        }
        if is_too_long {
            Err(Failure::TooLong)
        } else {
            Ok(())
        }
    }

    /// Returns the file and the node that a text names, whether or not the node exists.
    fn locate(
        &mut self,
        file: Index,
        from: Option<&Pointer>,
        text: &str,
        asker: &Location,
    ) -> Result<Target, Failure> {
        let mapped = self.sources.mapped(text);
        let is_mapped = mapped.is_some();
        let (reference, file) = match mapped {
            Some((path, fragment)) => {
                let fragment = Reference::parse(fragment).map_err(Failure::Outside)?;
                (fragment, self.load(&path, asker)?)
            }
            None => (Reference::parse(text).map_err(Failure::Outside)?, file),
        };
        let name = match reference.fragment {
            Fragment::Pointer(pointer) => {
                let length = pointer.as_str().matches('/').count();
                if length > LONGEST_POINTER {
                    return Err(Failure::LongPointer(length));
                }
                let file = match &reference.path {
                    Some(path) => self.open(file, path, asker)?,
                    None => file,
                };
                return Ok((file, pointer));
            }
            Fragment::Anchor(name) => name,
        };
        let (file, from) = match (&reference.path, from, asker) {
            (Some(path), _, _) => (self.open(file, path, asker)?, Pointer::root()),
            (None, _, _) if is_mapped => (file, Pointer::root()),
            (None, Some(from), _) => (file, from.clone()),
            (None, None, Location::Node(at, _)) => {
                let origin = self.sources.origin(at);
                (file, origin.map(|(_, from)| from).unwrap_or_default())
            }
            (None, None, _) => (file, Pointer::root()),
        };
        let resource = self.names(file).resource(&from);
        let mut named = self.anchored(file, &name, Some(&resource));
        if named.is_empty() {
            named = self.anchored(file, &name, None);
        }
        let mut named = named.into_iter();
        match (named.next(), named.next()) {
            (Some(first), Some(second)) => Err(Failure::Ambiguous(file, [first, second])),
            (Some(only), None) => Ok((file, only)),
            (None, _) => Err(Failure::NoAnchor(file)),
        }
    }

    /// Returns the first two schemas of a file, or of one of its resources, that have an `$anchor`.
    fn anchored(&mut self, file: Index, name: &str, resource: Option<&Pointer>) -> Vec<Pointer> {
        let key = (file, name.to_owned(), resource.cloned());
        if let Some(known) = self.anchored.get(&key) {
            return known.clone();
        }
        let names = self.names(file);
        let found = names.anchored(name).iter();
        let found = found.filter(|at| resource.is_none_or(|one| names.resource(at) == *one));
        let found: Vec<Pointer> = found.cloned().collect();
        let found = self.distinct(file, found);
        self.anchored.insert(key, found.clone());
        found
    }

    /// Returns the first two schemas of the same name that differ.
    fn distinct(&self, file: Index, found: Vec<Pointer>) -> Vec<Pointer> {
        if found.len() < 2 {
            return found;
        }
        let is_document = file == 0 || self.value(file).get("openapi").is_some();
        let is_schema = |at: &&Pointer| type_at(at).kind() == Some(ObjectKind::Schema);
        let schemas = found.iter().filter(|at| is_document && is_schema(at));
        let schemas: Vec<Pointer> = schemas.cloned().collect();
        let found = if schemas.is_empty() { found } else { schemas };
        // Equal copies, made by YAML aliases or by a tool, are not ambiguous.
        let node = |at: &Pointer| self.value(file).pointer(at.as_str());
        let mut found = found.into_iter();
        let first = found.next();
        let other = found.find(|at| first.as_ref().and_then(node) != node(at));
        first.into_iter().chain(other).collect()
    }

    /// Returns every `$anchor` that several schemas of one resource have, with the first two of
    /// them.
    pub(super) fn repeated_anchors(&mut self) -> Vec<(Index, String, [Pointer; 2])> {
        let mut repeated = Vec::new();
        for file in 0..self.list.len() {
            // Most documents have no anchors and need not be searched.
            if self.sources.text(self.id(file)).matches("$anchor").count() < 2 {
                continue;
            }
            let names = self.names(file);
            let mut groups: Vec<(String, Vec<Pointer>)> = Vec::new();
            for name in names.repeated() {
                let mut by_resource: IndexMap<Pointer, Vec<Pointer>> = IndexMap::new();
                for at in names.anchored(name) {
                    let resource = names.resource(at);
                    by_resource.entry(resource).or_default().push(at.clone());
                }
                groups.extend(
                    by_resource
                        .into_values()
                        .map(|group| (name.to_owned(), group)),
                );
            }
            for (name, group) in groups {
                let mut found = self.distinct(file, group).into_iter();
                if let (Some(first), Some(second)) = (found.next(), found.next()) {
                    repeated.push((file, name, [first, second]));
                }
            }
        }
        repeated
    }

    /// Returns the schema with this text as its `$id`.
    fn by_id(&mut self, file: Index, text: &str) -> Option<Target> {
        if text.starts_with('#') || !text.contains(':') {
            return None;
        }
        let pointer = self.names(file).id(text).cloned();
        pointer.map(|pointer| (file, pointer))
    }

    fn names(&mut self, file: Index) -> &Names {
        static NONE: LazyLock<Names> = LazyLock::new(Names::default);
        match self.list.get_mut(file) {
            Some(File { value, names, .. }) => names.get_or_insert_with(|| Names::read(value)),
            None => &NONE,
        }
    }

    /// Returns the file at a path relative to the folder of another file.
    fn open(&mut self, from: Index, path: &str, asker: &Location) -> Result<Index, Failure> {
        let folder = self.sources.path(self.id(from)).and_then(Path::parent);
        let path = without_dot_segments(&folder.unwrap_or(Path::new("")).join(path));
        self.load(&path, asker)
    }

    /// Returns the file at a path, which is read once.
    fn load(&mut self, path: &Path, asker: &Location) -> Result<Index, Failure> {
        let identity = identity(path);
        match self.by_path.get(&identity) {
            Some(Some(index)) => return Ok(*index),
            Some(None) => return Err(Failure::Reported),
            None => {}
        }
        self.sources.may_read(path).map_err(Failure::OutsideRoot)?;
        let id = self
            .sources
            .load_regular(path)
            .map_err(Failure::Unreadable)?;
        self.by_path.insert(identity.clone(), None);
        let mut found = self.diagnostics.fork();
        let value = self.sources.parse(id, &mut found);
        for diagnostic in found.list() {
            let label = "the file is referenced here";
            self.diagnostics
                .push(diagnostic.clone().related(asker.clone(), label));
        }
        let value = value.map_err(|_| Failure::Reported)?;
        if value.is_string() || value.is_number() {
            // The contents are not quoted, because the file may be private.
            let name = self.sources.name(id);
            let message = format!("`{name}` contains a single value, not a part of a document");
            self.diagnostics.push(
                Diagnostic::error(code::WRONG_REFERENCE, asker.clone(), message)
                    .label("not a document")
                    .help("refer to a YAML or JSON file"),
            );
            return Err(Failure::Reported);
        }
        let index = self.list.len();
        self.list.push(File {
            id,
            value,
            names: None,
        });
        self.by_path.insert(identity, Some(index));
        Ok(index)
    }
}

/// Returns the same path for the same file, however it is written.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Removes `.` and `..` (RFC 3986, section 5.2.4).
pub(super) fn without_dot_segments(path: &Path) -> PathBuf {
    let mut kept = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(kept.components().next_back(), Some(Component::Normal(_))) =>
            {
                kept.pop();
            }
            other => kept.push(other),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_dot_segments() {
        for (path, expected) in [
            ("a/./b/../c.yml", "a/c.yml"),
            ("../a/../../b.yml", "../../b.yml"),
            ("./a.yml", "a.yml"),
            ("/a/../b.yml", "/b.yml"),
        ] {
            assert_eq!(without_dot_segments(Path::new(path)), Path::new(expected));
        }
    }
}
