//! One crate with the crates of all fixtures as modules, so that the runtime is compiled once and the
//! tests are linked once.
//!
//! The code is unchanged, except for its paths and for the methods of `Client` and `ClientBuilder`.
//! Several fixtures have methods with the same name, so each fixture has traits for them.

mod methods;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use generator::write::Files;
use toml_edit::{DocumentMut, Item, Table, Value};

/// The package, and the library in code.
pub const PACKAGE: &str = "fixtures";

/// With `testing`, a mock gives each documented answer as well, and each call has to read it.
const FEATURES: &str = r#"
[features]
default = ["download", "testing"]
download = []
"#;

/// The crates are linted as they are generated. Here, code is changed and partly unused.
const ALLOW: &str =
    "#![allow(warnings, clippy::all, reason = \"linted where it is not merged\")]\n";

/// Names in a crate that refer to the traits with the methods of its client.
const USE_METHODS: &str = "#[allow(unused_imports)]\nuse api::methods::*;\n";

/// Returns the name of a fixture's module, which is that of its library.
pub fn library(package: &str) -> String {
    package.replace('-', "_")
}

/// The files of the crate, by path.
#[derive(Default)]
pub struct Merged {
    files: BTreeMap<PathBuf, String>,
    /// The items of `src/runtime/mod.rs`: its modules, and what it exports.
    runtime: BTreeSet<String>,
    libraries: Vec<String>,
    tests: String,
    manifest: DocumentMut,
    traits: usize,
}

impl Merged {
    /// Adds the crate of a fixture, and its `wire.rs` with the transport.
    pub fn add(&mut self, package: &str, files: &Files, wire: Option<(String, &str)>) {
        let library = library(package);
        let mut traits = Vec::new();
        let mut tests = String::new();
        for file in files.iter() {
            let path = file.path;
            if path == Path::new("Cargo.toml") {
                self.depend(file.text);
            } else if path == Path::new("src/runtime/mod.rs") {
                self.runtime.extend(items(&with_downloads(file.text)));
            } else if path.starts_with("src/runtime") {
                self.shared(path.to_owned(), file.text);
            } else if path == Path::new("src/lib.rs") {
                let text = self.source(path, file.text, &library, &mut traits);
                let text = text.replace("pub mod runtime;", "pub use crate::runtime;");
                self.put(Path::new("src").join(&library).join("mod.rs"), text);
            } else if let Ok(inside) = path.strip_prefix("src") {
                let text = self.source(inside, file.text, &library, &mut traits);
                self.put(Path::new("src").join(&library).join(inside), text);
            } else if path == Path::new("tests/server/mod.rs") {
                self.shared("tests/generated/server.rs".into(), file.text);
            } else if let Ok(inside) = path.strip_prefix("tests") {
                if let [name] = inside.iter().collect::<Vec<_>>()[..] {
                    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
                    let _ = writeln!(tests, "mod {};", stem.expect("a name"));
                }
                let folder = Path::new("tests/generated").join(&library);
                // The parts of a test are in a module of that test, which is not a root here.
                let folder = match inside.strip_prefix("wire") {
                    Ok(_) => folder.join("wire"),
                    Err(_) => folder,
                };
                self.put(folder.join(inside), test(inside, file.text, &library));
            }
        }
        let methods = methods::module(&traits);
        let root = Path::new("src").join(&library).join("mod.rs");
        self.files.entry(root).or_default().push_str(&methods);
        if let Some((wire, recorder)) = wire {
            let names = format!("\nuse super::{{api, recorder}};\n{USE_METHODS}");
            let folder = Path::new("tests/generated").join(&library);
            self.put(folder.join("feature_wire.rs"), wire + &names);
            let recorder = recorder.replace("crate::api", "super::api");
            self.put(
                folder.join("recorder.rs"),
                recorder + "\nuse super::api;\n" + USE_METHODS,
            );
            tests.push_str("mod feature_wire;\nmod recorder;\n");
        }
        if !tests.is_empty() {
            let text = format!("use ::{PACKAGE}::{library} as api;\n\n{tests}");
            let folder = Path::new("tests/generated").join(&library);
            self.put(folder.join("mod.rs"), text);
            let _ = writeln!(self.tests, "mod {library};");
        }
        self.libraries.push(library);
    }

    fn put(&mut self, path: PathBuf, text: String) {
        self.files.insert(path, text);
    }

    /// Adds a file that is the same in each crate.
    fn shared(&mut self, path: PathBuf, text: &str) {
        let present = self.files.entry(path).or_insert_with(|| text.to_owned());
        assert_eq!(present, text);
    }

    /// Returns a source file with the paths of its module.
    fn source(
        &mut self,
        path: &Path,
        text: &str,
        library: &str,
        traits: &mut Vec<String>,
    ) -> String {
        let is_client = path == Path::new("client.rs");
        let module = if is_client { "client" } else { "operations" };
        let text = text
            .replace(
                "use crate::{json, types};",
                "use crate::json;\nuse crate::types;",
            )
            .replace("crate::", &format!("crate::{library}::"))
            .replace(&format!("crate::{library}::runtime"), "crate::runtime")
            // An exported macro.
            .replace(&format!("crate::{library}::json"), "crate::json");
        let text = documented(&text, library);
        methods::split(&text, module, traits, &mut self.traits)
    }

    /// Adds the features and the dependencies of a crate.
    fn depend(&mut self, manifest: &str) {
        let manifest: DocumentMut = manifest.parse().expect("the manifest is TOML");
        for section in ["features", "dependencies", "dev-dependencies"] {
            let Some(table) = manifest.get(section).and_then(Item::as_table) else {
                continue;
            };
            let merged = self.manifest.entry(section).or_insert(Table::new().into());
            let merged = merged.as_table_mut().expect("it is a table");
            for (name, item) in table {
                match merged.get_mut(name) {
                    None => _ = merged.insert(name, item.clone()),
                    Some(merged) => add(merged, item),
                }
            }
        }
    }

    /// Adds another test, whose text uses the names of the generated crates.
    pub fn test(&mut self, name: &str, text: &str) {
        let path = Path::new("tests").join(format!("{name}.rs"));
        self.put(path, format!("{ALLOW}\n{text}"));
    }

    /// Adds a program.
    pub fn program(&mut self, name: &str, text: &str) {
        let path = Path::new("src/bin").join(format!("{name}.rs"));
        self.put(path, format!("{ALLOW}\n{text}"));
    }

    /// Returns the number of times that a text is in the files below a folder.
    pub fn count(&self, folder: &str, text: &str) -> usize {
        let files = self.files.iter();
        let files = files.filter(|(path, _)| path.starts_with(folder));
        files.map(|(_, file)| file.matches(text).count()).sum()
    }

    /// Writes the crate below a folder. Files that have the same text are not touched.
    pub fn write(mut self, workspace: &Path) {
        let modules = self.libraries.iter();
        let modules = modules.map(|library| format!("pub mod {library};\n"));
        let root = format!(
            "//! The crates of all fixtures.\n\n{ALLOW}\npub mod runtime;\n{}\n\
             pub use runtime::{{Client, ClientBuilder, Error, Options, Response, Retry}};\n",
            modules.collect::<String>()
        );
        self.put("src/lib.rs".into(), root);
        self.depend(FEATURES);
        let runtime: String = self.runtime.iter().map(String::as_str).collect();
        self.put("src/runtime/mod.rs".into(), runtime);
        let tests = format!(
            "//! The tests of all crates.\n\n{ALLOW}\nuse ::{PACKAGE} as api;\n\nmod server;\n{}",
            self.tests
        );
        self.put("tests/generated/main.rs".into(), tests);
        let manifest = format!(
            "[package]\nname = \"{PACKAGE}\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n{}",
            self.manifest
        );
        self.put(
            "Cargo.toml".into(),
            crate::cargo::share(workspace, &manifest),
        );
        let folder = workspace.join(PACKAGE);
        for (path, text) in &self.files {
            crate::cargo::update(&folder.join(path), text);
        }
        self.remove_others(&folder);
    }

    /// Removes files of an earlier run that are no longer written.
    fn remove_others(&self, folder: &Path) {
        let mut folders = vec![folder.join("src"), folder.join("tests")];
        while let Some(inside) = folders.pop() {
            for entry in fs::read_dir(inside).expect("the folder is there") {
                let path = entry.expect("the entry can be read").path();
                let name = path.strip_prefix(folder).expect("it is below");
                if path.is_dir() {
                    folders.push(path);
                } else if !self.files.contains_key(name) {
                    fs::remove_file(path).expect("the file can be removed");
                }
            }
        }
    }
}

/// Returns the file of modules without the Cargo feature `download`: not every crate needs it for
/// the same modules.
fn with_downloads(text: &str) -> String {
    text.replace(r#"#[cfg(feature = "download")]"#, "").replace(
        r#"#[cfg(all(feature = "blocking", feature = "download"))]"#,
        r#"#[cfg(feature = "blocking")]"#,
    )
}

/// Returns the items of a file of modules and exports.
fn items(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter(|line| !line.starts_with("//"));
    let text: Vec<&str> = lines.collect();
    let text = text.join("\n");
    let items: Vec<String> = text
        .split_inclusive(';')
        .map(|item| format!("{}\n", item.trim()))
        .filter(|item| item != "\n")
        .collect();
    items.into_iter()
}

/// Adds the features of a dependency, or the parts of a feature.
fn add(merged: &mut Item, item: &Item) {
    let list = |item: &Item| -> Vec<String> {
        let list = item.as_array().or_else(|| item.get("features")?.as_array());
        let list = list.into_iter().flatten();
        list.filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    let present = list(merged);
    let new = list(item);
    let new = new.iter().filter(|name| !present.contains(name));
    let has_list = merged.is_array() || merged.get("features").is_some();
    if !has_list {
        assert_eq!(new.count(), 0, "{merged} has no features");
        return;
    }
    let target = if merged.is_array() {
        merged.as_array_mut()
    } else {
        merged["features"].as_array_mut()
    };
    let target = target.expect("a list");
    target.extend(new.map(|name| Value::from(name.as_str())));
}

/// Returns a source file whose examples are those of the merged crate.
fn documented(text: &str, library: &str) -> String {
    let mut changed = String::new();
    for line in text.lines() {
        let start = line.trim_start();
        let is_doc = start.starts_with("//");
        if is_doc && start.contains("# async fn example(") {
            let (before, _) = line.split_once('#').expect("it is hidden");
            let _ = writeln!(changed, "{before}# #[allow(unused_imports)]");
            let _ = writeln!(changed, "{before}# use {PACKAGE}::{library}::methods::*;");
        }
        if is_doc {
            let used = format!("use {library}::");
            let typed = format!("client: {library}::Client");
            let line = line
                .replace(&used, &format!("use {PACKAGE}::{library}::"))
                .replace(&typed, &format!("client: {PACKAGE}::{library}::Client"));
            changed.push_str(&line);
        } else {
            changed.push_str(line);
        }
        changed.push('\n');
    }
    changed
}

/// Returns a generated test as a module.
fn test(path: &Path, text: &str, library: &str) -> String {
    if path.starts_with("server") {
        return text.to_owned();
    }
    let text = text
        .replace(&format!("use ::{library} as api;"), "use super::api;")
        .replace(&format!("use {library}::"), "use super::api::")
        .replace(
            "crate::{connect, server}",
            &format!("{{crate::server, crate::{library}::wire::connect}}"),
        )
        .replace("crate::api::", &format!("crate::{library}::api::"))
        .replace("\nmod server;", "\nuse crate::server;");
    format!("{text}\n#[allow(unused_imports)]\nuse crate::{library}::api::methods::*;\n")
}
