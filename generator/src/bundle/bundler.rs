//! Moves or copies the targets of references into one document.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::lookup::reference_text;
use super::reference_errors::Complaints;
use super::reference_syntax::{Fragment, Reference};
use super::referenced_files::{Failure, Files, Index, Target};
use super::scan::{Found, scan};
use crate::output_limits;
use crate::pointer::Pointer;
use crate::source::MAX_DEPTH;
use crate::spec::{FieldType, ObjectKind, type_at};

/// The maximum number of values that are copied to positions where no reference is allowed.
const COPY_BUDGET: usize = if cfg!(test) { 20_000 } else { 500_000 };

/// A part of the bundle whose references are not resolved yet.
struct Task {
    at: Pointer,
    file: Index,
    ty: FieldType,
    /// The copy that it is a part of.
    copy: Option<Rc<Copied>>,
}

/// A target that was copied to a position where no reference is allowed.
struct Copied {
    target: Target,
    outer: Option<Rc<Copied>>,
}

pub(super) struct Bundler<'a> {
    pub(super) files: Files<'a>,
    /// The bundle; `None` before the first change, when it equals the value of the root.
    pub(super) out: Option<Value>,
    tasks: VecDeque<Task>,
    /// References whose targets are not in the bundle yet.
    pending: Vec<(Found, Index, Target)>,
    /// The locations of parts of files in the bundle.
    placed: HashMap<Target, Pointer>,
    /// Components that were added.
    imported: HashSet<Pointer>,
    budget: usize,
    /// Nodes in data that are objects of the specification because a reference leads to them.
    seen_as: HashMap<Pointer, ObjectKind>,
    /// Texts of references in the root that need no change, with the kind of their target.
    settled: HashMap<String, ObjectKind>,
    pub(super) complaints: Complaints,
}

impl<'a> Bundler<'a> {
    pub(super) fn new(files: Files<'a>) -> Self {
        Self {
            files,
            out: None,
            tasks: VecDeque::new(),
            pending: Vec::new(),
            placed: HashMap::from([((0, Pointer::root()), Pointer::root())]),
            imported: HashSet::new(),
            budget: COPY_BUDGET,
            seen_as: HashMap::new(),
            settled: HashMap::new(),
            complaints: Complaints::default(),
        }
    }
}

impl Bundler<'_> {
    pub(super) fn run(&mut self) {
        self.tasks.push_back(Task {
            at: Pointer::root(),
            file: 0,
            ty: FieldType::One(ObjectKind::Document),
            copy: None,
        });
        loop {
            while let Some(task) = self.tasks.pop_front() {
                for found in self.scan(&task) {
                    self.follow(found, &task);
                }
            }
            let pending = std::mem::take(&mut self.pending);
            for (found, file, target) in pending {
                match self.bundle_position(&target) {
                    Some(place) => self.link(&found, file, &target, &place),
                    None => self.pending.push((found, file, target)),
                }
            }
            if self.tasks.is_empty() {
                if self.pending.is_empty() {
                    break;
                }
                self.import();
            }
        }
    }

    fn scan(&mut self, task: &Task) -> Vec<Found> {
        let mut settled = std::mem::take(&mut self.settled);
        let Some(node) = self.bundle().pointer(task.at.as_str()) else {
            return Vec::new();
        };
        let root = self.files.value(0);
        let found = scan(node, &task.at, task.ty, |text, ty| {
            let Some(kind) = ty.kind().filter(|_| task.file == 0) else {
                return false;
            };
            if let Some(known) = settled.get(text) {
                return *known == kind;
            }
            let is_settled = is_settled(root, text, kind);
            if is_settled {
                settled.insert(text.to_owned(), kind);
            }
            is_settled
        });
        self.settled = settled;
        found
    }

    /// Links, copies or reports a reference.
    fn follow(&mut self, mut found: Found, task: &Task) {
        let file = task.file;
        if found.is_mapping {
            match self.mapping_text(&found.text, file) {
                Some(text) => found.text = text,
                None => return,
            }
        }
        let location = found.location();
        let target = self.files.resolve(file, None, &found.text, &location);
        let target = target.and_then(|target| {
            self.files.check_end(&target, &location)?;
            Ok(target)
        });
        let target = match target {
            Ok(target) => target,
            Err(failure) => return self.complaints.add(&self.files, &found, file, failure),
        };
        let section = found.ty.kind().and_then(ObjectKind::section);
        let is_schema = |place: &Pointer| type_at(place).kind() == Some(ObjectKind::Schema);
        match self.bundle_position(&target) {
            // Reported: the target is a schema instead of a media type.
            Some(place) if found.ty.kind() == Some(ObjectKind::MediaType) && is_schema(&place) => {
                self.link(&found, file, &target, &place);
            }
            _ if section.is_none() => self.copy(&found, &target, task),
            Some(place) => self.link(&found, file, &target, &place),
            None if self.may_hold(&found) => self.copy(&found, &target, task),
            None => self.pending.push((found, file, target)),
        }
    }

    /// Returns the reference in a value of a discriminator's mapping, if it is one.
    fn mapping_text(&self, text: &str, file: Index) -> Option<String> {
        let name = Pointer::root()
            .child("components")
            .child("schemas")
            .child(text);
        let has = |file| self.files.node(&(file, name.clone())).is_some();
        if has(file) {
            // A schema name in the root is not changed.
            return (file != 0).then(|| name.to_reference());
        }
        let is_file = |text: &str| {
            let path = text.split('#').next().unwrap_or_default();
            let extension = Path::new(path).extension();
            extension.is_some_and(|e| e == "yml" || e == "yaml" || e == "json")
        };
        // Any other text is a name, which `lower` checks.
        (text.starts_with('#') || text.contains("://") || is_file(text)).then(|| text.to_owned())
    }

    /// Returns the location of a node of a file in the bundle.
    fn bundle_position(&self, (file, pointer): &Target) -> Option<Pointer> {
        let mut outer = Some(pointer.clone());
        while let Some(at) = outer {
            outer = at.parent();
            if let Some(place) = self.placed.get(&(*file, at.clone())) {
                return Some(place.join(&pointer.strip_prefix(&at)?));
            }
        }
        None
    }

    /// Returns `true` if a reference is better replaced by its target: an entry of `components` or
    /// `paths` that contains nothing but a reference.
    fn may_hold(&self, found: &Found) -> bool {
        let tokens: Vec<String> = found.at.tokens().collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
        let is_entry = matches!(
            tokens.as_slice(),
            ["components", _, _] | ["paths" | "webhooks", _]
        );
        is_entry && found.is_alone && !found.is_mapping && !self.imported.contains(&found.at)
    }

    /// Changes a reference to refer to a node of the bundle.
    fn link(&mut self, found: &Found, file: Index, target: &Target, place: &Pointer) {
        let Some(kind) = found.ty.kind() else {
            return;
        };
        let as_is = Reference {
            path: None,
            fragment: Fragment::Pointer(place.clone()),
        };
        if file != 0 || Reference::parse(&found.text) != Ok(as_is) {
            let text = Value::String(place.to_reference());
            let node = found.text_node();
            if let Some(value) = self.bundle_mut().pointer_mut(node.as_str()) {
                *value = text;
            }
        }
        let ty = type_at(place);
        let known = if ty == FieldType::Data {
            // A node in data is an object of the specification now, and can contain references.
            Some(*self.seen_as.entry(place.clone()).or_insert_with(|| {
                self.tasks.push_back(Task {
                    at: place.clone(),
                    file: target.0,
                    ty: FieldType::One(kind),
                    copy: None,
                });
                kind
            }))
        } else {
            ty.kind()
        };
        if known != Some(kind) {
            self.complaints.note(found, Some(place), None);
            self.complaints
                .wrong_kind(&self.files, found, kind, ty.kind(), target);
        }
    }

    /// Replaces a reference with a copy of its target.
    fn copy(&mut self, found: &Found, target: &Target, task: &Task) {
        if self.is_within_itself(found, target, task) {
            let circle = Failure::Circular(vec![target.clone()]);
            return self.complaints.add(&self.files, found, task.file, circle);
        }
        let Some(value) = self.files.node(target) else {
            return;
        };
        // The copy can contain references that are copied too.
        if found.at.tokens().count() > MAX_DEPTH {
            return self.complaints.too_deep(found);
        }
        if self.bundle_position(target).is_some() {
            let Some(budget) = self.budget.checked_sub(output_limits::count(value)) else {
                self.budget = 0;
                return self.complaints.too_large(found);
            };
            self.budget = budget;
        }
        let value = self.files.node(target).cloned().unwrap_or_default();
        self.placed
            .entry(target.clone())
            .or_insert_with(|| found.at.clone());
        let copy = Rc::new(Copied {
            target: target.clone(),
            outer: task.copy.clone(),
        });
        if found.is_alone {
            self.put(&found.at, value);
            self.tasks.push_back(Task {
                at: found.at.clone(),
                file: target.0,
                ty: found.ty,
                copy: Some(copy),
            });
            self.came_from(&found.at, target);
        } else {
            self.add_members(found, &copy, value);
        }
    }

    /// Adds members of the target to those beside the `$ref`, which take precedence.
    fn add_members(&mut self, found: &Found, copy: &Rc<Copied>, value: Value) {
        let is_reference = reference_text(&value).is_some();
        let Value::Object(members) = value else {
            return self.complaints.beside(found);
        };
        let node = self.bundle_mut().pointer_mut(found.at.as_str());
        let Some(Value::Object(map)) = node.filter(|_| !is_reference) else {
            return self.complaints.beside(found);
        };
        map.shift_remove("$ref");
        let mut added = Vec::new();
        for (key, value) in members {
            if !map.contains_key(&key) {
                added.push(key.clone());
                map.insert(key, value);
            }
        }
        let (file, pointer) = &copy.target;
        for key in added {
            let at = found.at.child(&key);
            self.came_from(&at, &(*file, pointer.child(&key)));
            self.tasks.push_back(Task {
                at,
                file: *file,
                ty: found.ty.child(&key),
                copy: Some(Rc::clone(copy)),
            });
        }
    }

    /// Returns `true` if a copy would contain itself.
    fn is_within_itself(&self, found: &Found, target: &Target, task: &Task) -> bool {
        let is_within =
            |(file, pointer): &Target| *file == target.0 && pointer.is_within(&target.1);
        let origin = self.files.sources.origin(&found.at);
        let mut copies = std::iter::successors(task.copy.as_ref(), |copy| copy.outer.as_ref());
        origin.is_some_and(|(_, pointer)| is_within(&(task.file, pointer)))
            || copies.any(|copy| is_within(&copy.target))
    }

    /// Records the origin of a part of the bundle.
    fn came_from(&mut self, at: &Pointer, (file, pointer): &Target) {
        let id = self.files.id(*file);
        self.files
            .sources
            .add_origin(at.clone(), id, pointer.clone());
    }

    /// Adds the pending targets to `components`.
    fn import(&mut self) {
        let mut wanted: IndexMap<Target, ObjectKind> = IndexMap::new();
        for (found, _, target) in &self.pending {
            if let Some(kind) = found.ty.kind() {
                wanted.entry(target.clone()).or_insert(kind);
            }
        }
        let mut has_imported = false;
        for (target, kind) in &wanted {
            let (file, pointer) = target;
            let mut outer = std::iter::successors(pointer.parent(), Pointer::parent);
            if outer.any(|outer| wanted.contains_key(&(*file, outer))) {
                continue;
            }
            has_imported |= self.import_one(target, *kind);
        }
        if !has_imported {
            // The document has no valid `components`; a later stage reports that.
            self.pending.clear();
        }
    }

    fn import_one(&mut self, target: &Target, kind: ObjectKind) -> bool {
        let (Some(section), Some(value)) = (kind.section(), self.files.node(target).cloned())
        else {
            return false;
        };
        let name = self.name(target);
        let Value::Object(document) = self.bundle_mut() else {
            return false;
        };
        let Some(section_map) = member(document, "components").and_then(|map| member(map, section))
        else {
            return false;
        };
        let name = unique(section_map, &name);
        section_map.insert(name.clone(), value);
        let at = Pointer::root()
            .child("components")
            .child(section)
            .child(name);
        self.came_from(&at, target);
        self.placed.insert(target.clone(), at.clone());
        self.imported.insert(at.clone());
        self.tasks.push_back(Task {
            at,
            file: target.0,
            ty: FieldType::One(kind),
            copy: None,
        });
        true
    }

    /// Returns a name for a component: the last part of its pointer or of the path of its file.
    fn name(&self, (file, pointer): &Target) -> String {
        let last = pointer.last().unwrap_or_else(|| {
            let path = Path::new(self.files.name(*file));
            let stem = |path: &Path| {
                path.file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned())
            };
            let name = stem(path).unwrap_or_default();
            match name.trim_start_matches('_') {
                "index" => path.parent().and_then(stem).unwrap_or(name),
                _ => name,
            }
        });
        // The characters of a component name (OpenAPI 3.1, section 4.8.7).
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name: String = last
            .chars()
            .map(|c| if allowed(c) { c } else { '_' })
            .collect();
        match name.trim_matches('_') {
            "" => "component".to_owned(),
            name => name.to_owned(),
        }
    }

    fn put(&mut self, at: &Pointer, value: Value) {
        if let Some(node) = self.bundle_mut().pointer_mut(at.as_str()) {
            *node = value;
        }
    }

    fn bundle(&self) -> &Value {
        self.out.as_ref().unwrap_or_else(|| self.files.value(0))
    }

    fn bundle_mut(&mut self) -> &mut Value {
        self.out.get_or_insert_with(|| self.files.value(0).clone())
    }
}

/// Returns `true` if a reference within the root needs no change: its target is an object of the
/// right kind that is not a reference.
fn is_settled(root: &Value, text: &str, kind: ObjectKind) -> bool {
    let Some(fragment) = text.strip_prefix('#').filter(|text| !text.contains('%')) else {
        return false;
    };
    Pointer::parse(fragment).is_some_and(|pointer| {
        type_at(&pointer).kind() == Some(kind)
            && root
                .pointer(fragment)
                .is_some_and(|node| reference_text(node).is_none())
    })
}

/// Returns the object under a key, which is created if it does not exist.
fn member<'a>(map: &'a mut Map<String, Value>, key: &str) -> Option<&'a mut Map<String, Value>> {
    map.entry(key)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut()
}

/// Returns the name, or the first of `name2`, `name3`, .. that is not used.
fn unique(map: &Map<String, Value>, name: &str) -> String {
    let taken: HashSet<String> = map.keys().map(|key| key.to_lowercase()).collect();
    let candidates = (2_usize..).map(|number| format!("{name}{number}"));
    std::iter::once(name.to_owned())
        .chain(candidates)
        .find(|name| !taken.contains(&name.to_lowercase()))
        .unwrap_or_default()
}
