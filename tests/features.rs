//! Every folder of `tests/features` is one construct: a small document, and beside
//! it the files that are generated from it.
//!
//! The files are pinned by snapshots, then all crates are compiled, linted and
//! documented with warnings denied, the examples in their docs compiled, and the
//! values of each `values.yaml` read and written.

mod values;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use generator::Generator;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folders below `tests/features` that hold a document.
fn features() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut queue = vec![root().join("tests/features")];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                queue.push(path);
            } else if path.file_name().is_some_and(|name| name == "openapi.yaml") {
                found.push(folder.clone());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

/// `objects/presence` becomes `objects-presence`.
fn package(folder: &Path) -> String {
    let below = folder
        .strip_prefix(root().join("tests/features"))
        .expect("it is below");
    let names: Vec<_> = below
        .iter()
        .map(|name| name.to_string_lossy().replace('_', "-"))
        .collect();
    names.join("-")
}

#[test]
fn each_feature_generates_what_is_pinned() {
    for folder in features() {
        let files = Generator::new(folder.join("openapi.yaml"))
            .package(package(&folder))
            .generate_files()
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(folder.join("golden"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            for file in files
                .iter()
                .filter(|file| !file.path.starts_with("src/runtime"))
            {
                let name = file.path.to_string_lossy().replace('/', "__");
                insta::assert_snapshot!(name, file.text);
            }
        });
    }
}

#[test]
fn no_snapshot_is_left_over() {
    for folder in features() {
        let files = Generator::new(folder.join("openapi.yaml"))
            .package(package(&folder))
            .generate_files()
            .expect("it generates");
        let names: Vec<String> = files
            .iter()
            .map(|file| format!("{}.snap", file.path.to_string_lossy().replace('/', "__")))
            .collect();
        for entry in fs::read_dir(folder.join("golden")).expect("the folder is there") {
            let name = entry
                .expect("the entry can be read")
                .file_name()
                .to_string_lossy()
                .into_owned();
            assert!(
                names.contains(&name),
                "{}: nothing generates {name} any more",
                folder.display()
            );
        }
    }
}

#[test]
fn each_feature_compiles_without_a_warning() {
    let workspace = workspace();
    let clippy = "clippy --workspace --all-targets -- -D warnings";
    cargo(workspace, clippy);
    cargo(workspace, "doc --workspace --no-deps");
}

#[test]
fn the_examples_in_the_docs_compile() {
    cargo(workspace(), "test --workspace --doc --quiet");
}

#[test]
fn each_type_reads_and_writes_its_values() {
    cargo(workspace(), &format!("test --package {}", values::PACKAGE));
}

/// The folder with the crates of all features, written once.
fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(write_workspace)
}

fn write_workspace() -> PathBuf {
    let workspace = root().join("target/features");
    let mut members = Vec::new();
    let mut packages = Vec::new();
    for folder in features() {
        let package = package(&folder);
        Generator::new(folder.join("openapi.yaml"))
            .out_dir(workspace.join(&package))
            .package(&package)
            .generate()
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        members.push(format!("{package:?}"));
        packages.push((folder, package));
    }
    values::write(&workspace, &packages);
    members.push(format!("{:?}", values::PACKAGE));
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    workspace
}

fn cargo(workspace: &Path, arguments: &str) {
    let output = Command::new(env!("CARGO"))
        .args(arguments.split(' '))
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {}\n{}\n{}",
        arguments,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
