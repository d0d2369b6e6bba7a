//! Checks how the files of the generator depend on each other, and how long the files are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use syn::visit::{self, Visit};

/// The stages, in order: each may use the previous ones. `diagnostic` is first, because all stages
/// report diagnostics, and `report`, which renders them, is last. `spec` is the specification as
/// data. `ir` comes before `lower`, which creates it, and `emit`, which reads it. `values` is shared
/// by `lower` and `proof`.
const STAGES: &[&str] = &[
    "diagnostic",
    "source",
    "spec",
    "bundle",
    "repair",
    "normalize",
    "document",
    "ir",
    "values",
    "lower",
    "proof",
    "plan",
    "emit",
    "write",
    "report",
];

/// The maximum number of lines of a file.
const MOST_LINES: usize = 500;

/// The files with more lines than [`MOST_LINES`], each with the reason.
const LONG_FILES: &[(&str, &str)] = &[
    (
        "generator/runtime/src/paging.rs",
        "one builder with all styles of pages, and the macros that use it",
    ),
    (
        "generator/runtime/src/tree.rs",
        "one implementation of `Serializer`",
    ),
    (
        "generator/src/proof/templates/server.rs",
        "copied into each crate as one module of its tests",
    ),
    ("tests/bad/limits.rs", "tables of documents at a limit"),
    (
        "tests/bad/resources.rs",
        "documents that cost time or memory",
    ),
    (
        "tests/command_line/tests.rs",
        "one program, whose tests share a document and a folder",
    ),
    (
        "tests/features.rs",
        "the tests of the fixtures, which share the generated crates",
    ),
    (
        "tests/http/hostile.rs",
        "one test for each kind of hostile server",
    ),
    (
        "tests/http/main.rs",
        "the calls of one operation, which share a server",
    ),
    (
        "tests/injection/tests.rs",
        "one test, and the comparison that it makes",
    ),
    ("tests/keywords/operations.rs", "a table of keywords"),
    ("tests/keywords/schemas.rs", "a table of keywords"),
    (
        "tests/mutation/mutate.rs",
        "the kinds of changes, each with its strategy",
    ),
    (
        "tests/round_trips/convert.rs",
        "one conversion, in steps that share helpers",
    ),
    (
        "tests/round_trips/strategy.rs",
        "one strategy that calls itself for the parts of a schema",
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn source() -> PathBuf {
    root().join("generator/src")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A path of names, from the root of the crate for modules.
type Names = Vec<String>;

/// A file of the generator, without its tests.
#[derive(Default)]
struct Module {
    /// The names that `use` imports, with their paths.
    imports: BTreeMap<String, Names>,
    /// The names of [`Self::imports`] that are only re-exported.
    exports: BTreeSet<String>,
    /// The paths in the code. The first name is `crate`, `self`, `super`, or any other name.
    paths: BTreeSet<Names>,
}

impl Module {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).expect("the file can be read");
        let syntax = syn::parse_file(&text).expect("the file is Rust");
        let mut module = Self::default();
        module.visit_file(&syntax);
        module
    }

    fn import(&mut self, prefix: &Names, tree: &syn::UseTree, exported: bool) {
        let mut add = |name: String, path: Names| {
            if exported {
                self.exports.insert(name.clone());
            }
            self.imports.insert(name, path);
        };
        let with = |name: &syn::Ident| {
            let mut path = prefix.clone();
            if name != "self" || path.is_empty() {
                path.push(name.to_string());
            }
            path
        };
        match tree {
            syn::UseTree::Path(path) => {
                self.import(&with(&path.ident), &path.tree, exported);
            }
            syn::UseTree::Name(name) => {
                let path = with(&name.ident);
                add(path.last().cloned().unwrap_or_default(), path);
            }
            syn::UseTree::Rename(rename) => add(rename.rename.to_string(), with(&rename.ident)),
            syn::UseTree::Glob(_) => {
                let mut path = prefix.clone();
                path.push("*".to_owned());
                self.paths.insert(path);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(prefix, tree, exported);
                }
            }
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        let test = attribute.parse_args::<syn::Ident>();
        is_cfg && test.is_ok_and(|ident| ident == "test")
    })
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let exported = !matches!(item.vis, syn::Visibility::Inherited);
        self.import(&Names::new(), &item.tree, exported);
    }

    /// The path of a visibility such as `pub(in crate::emit)` is not a use.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|part| part.ident.to_string());
        self.paths.insert(names.collect());
        visit::visit_path(self, path);
    }

    /// The arguments of macros are not parsed, so every path in their tokens counts, except in
    /// those of generated code.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        if call.path.is_ident("quote") {
            return;
        }
        let text = call.tokens.to_string().replace(" :: ", "::");
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
            let names: Names = word.split("::").map(str::to_owned).collect();
            if names
                .iter()
                .all(|name| !name.is_empty() && !name.contains(':'))
            {
                self.paths.insert(names);
            }
        }
    }
}

/// The files of the generator without tests, by the names of their modules.
struct Modules(BTreeMap<Names, Module>);

/// Parsed once for all tests.
static MODULES: LazyLock<Modules> = LazyLock::new(Modules::read);

impl Modules {
    fn read() -> Self {
        let source = source();
        let mut files = Vec::new();
        rust_files(&source, &mut files);
        let modules = files.iter().filter_map(|file| {
            let below = file.strip_prefix(&source).expect("it is below");
            let mut names: Names = below
                .with_extension("")
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            if names.last().is_some_and(|last| last == "mod") {
                names.pop();
            }
            // Tests may use later stages.
            if names.iter().any(|name| name.contains("test"))
                || names.first().is_some_and(|first| first == "bin")
            {
                return None;
            }
            if names == ["lib"] {
                names.clear();
            }
            Some((names, Module::read(file)))
        });
        Self(modules.collect())
    }

    /// Returns the file that declares what a path refers to, or `None` if that is not in this
    /// crate. Re-exports are followed.
    fn target(&self, from: &Names, path: &[String], depth: usize) -> Option<Names> {
        let (first, rest) = path.split_first()?;
        let mut module = from.clone();
        let mut rest = rest;
        match first.as_str() {
            "crate" => module.clear(),
            "self" => {}
            "super" => {
                module.pop();
                while let Some((name, after)) = rest.split_first()
                    && name == "super"
                {
                    module.pop();
                    rest = after;
                }
            }
            _ => {
                let is_child = self.0.contains_key(&child(from, first));
                if !is_child && !self.0.get(from)?.imports.contains_key(first) {
                    return None;
                }
                rest = path;
            }
        }
        while let Some((name, after)) = rest.split_first() {
            let below = child(&module, name);
            if self.0.contains_key(&below) {
                module = below;
                rest = after;
                continue;
            }
            let import = self.0.get(&module).and_then(|file| file.imports.get(name));
            if let Some(import) = import
                && depth < 10
            {
                let path: Names = import.iter().chain(after).cloned().collect();
                return self.target(&module, &path, depth + 1);
            }
            break;
        }
        self.0.contains_key(&module).then_some(module)
    }

    /// Returns the files that a file uses. A re-export alone is not a use.
    fn uses(&self, from: &Names) -> BTreeSet<Names> {
        let module = &self.0[from];
        let imports = module.imports.iter();
        let imports = imports
            .filter(|(name, _)| !module.exports.contains(*name))
            .map(|(_, path)| path);
        let paths = module.paths.iter().filter(|path| {
            path.len() > 1
                || path
                    .first()
                    .is_some_and(|name| module.exports.contains(name))
        });
        let mut used: BTreeSet<Names> = imports
            .chain(paths)
            .filter_map(|path| self.target(from, path, 0))
            .collect();
        used.remove(from);
        used
    }
}

fn child(module: &Names, name: &str) -> Names {
    let mut path = module.clone();
    path.push(name.to_owned());
    path
}

fn text(module: &Names) -> String {
    module.join("/")
}

/// Returns a cycle of uses through a file, if there is one.
fn circle(uses: &BTreeMap<Names, BTreeSet<Names>>, from: &Names) -> Option<Vec<String>> {
    let mut before: BTreeMap<&Names, &Names> = BTreeMap::new();
    let mut queue = vec![from];
    while let Some(file) = queue.pop() {
        for next in &uses[file] {
            if next == from {
                let mut way = vec![text(next), text(file)];
                let mut at = file;
                while let Some(previous) = before.get(at) {
                    way.push(text(previous));
                    at = previous;
                }
                way.reverse();
                return Some(way);
            }
            if !before.contains_key(next) {
                before.insert(next, file);
                queue.insert(0, next);
            }
        }
    }
    None
}

#[test]
fn no_stage_uses_a_later_one() {
    let modules = &*MODULES;
    let place = |module: &Names| {
        let stage = module.first()?;
        STAGES.iter().position(|other| other == stage)
    };
    let mut seen = 0;
    let mut against = Vec::new();
    for from in modules.0.keys() {
        let Some(stage) = place(from) else {
            continue;
        };
        seen += 1;
        for used in modules.uses(from) {
            if place(&used).is_some_and(|other| other > stage) {
                against.push(format!("{} uses {}", text(from), text(&used)));
            }
        }
    }
    assert!(seen > 100, "{seen} files");
    assert!(against.is_empty(), "{against:#?}");
}

#[test]
fn no_file_uses_itself_through_others() {
    let modules = &*MODULES;
    let uses: BTreeMap<Names, BTreeSet<Names>> = modules
        .0
        .keys()
        .map(|module| (module.clone(), modules.uses(module)))
        .collect();
    assert!(uses.values().map(BTreeSet::len).sum::<usize>() > 500);
    let circles: Vec<String> = uses
        .keys()
        .filter_map(|module| circle(&uses, module))
        .map(|way| way.join(" -> "))
        .collect();
    assert!(circles.is_empty(), "{} files: {circles:#?}", circles.len());
}

/// `serde_yaml` is archived by its author. Only one file imports it, so that it can be replaced.
#[test]
fn one_file_imports_serde_yaml() {
    let source = source();
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    files.retain(|file| {
        let text = fs::read_to_string(file).expect("the file can be read");
        text.contains("serde_yaml::")
    });
    assert_eq!(files, [source.join("source/yaml.rs")]);
}

/// `clippy` counts the lines of functions (`.clippy.toml`).
#[test]
fn files_are_short() {
    let mut files = vec![root().join("build.rs")];
    for folder in ["generator", "tests"] {
        rust_files(&root().join(folder), &mut files);
    }
    // These are written by the generator, or by tests.
    files.retain(|file| !file.iter().any(|part| part == "golden" || part == "target"));
    assert!(files.len() > 300, "{} files", files.len());
    let lengths = files.iter().map(|file| {
        let text = fs::read_to_string(file).expect("the file can be read");
        let path = file.strip_prefix(root()).expect("it is below");
        (
            path.to_string_lossy().replace('\\', "/"),
            text.lines().count(),
        )
    });
    let long: BTreeMap<String, usize> = lengths.filter(|(_, lines)| *lines > MOST_LINES).collect();
    let excepted: BTreeSet<&str> = LONG_FILES.iter().map(|(path, _)| *path).collect();
    let unexpected = long
        .iter()
        .filter(|(path, _)| !excepted.contains(path.as_str()));
    let unexpected: Vec<_> = unexpected.collect();
    assert!(unexpected.is_empty(), "split these files: {unexpected:#?}");
    let stale = excepted.iter().filter(|path| !long.contains_key(**path));
    let stale: Vec<_> = stale.collect();
    assert!(
        stale.is_empty(),
        "these files are short, or gone: {stale:#?}"
    );
}
