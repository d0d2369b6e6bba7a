//! Every folder of `tests/features` is one construct: a small document, and beside
//! it the files that are generated from it.
//!
//! The files are pinned by snapshots, then all crates are compiled, linted and
//! documented with warnings denied, and the examples in their docs compiled. A
//! `wire.rs` beside a document is a test of the generated crate: what it sends,
//! byte by byte, and what it makes of what comes back. In it, `api` is the crate
//! and `recorder` is `tests/features/recorder.rs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
    let workspace = root().join("target/features");
    let mut members = Vec::new();
    for folder in features() {
        let package = package(&folder);
        Generator::new(folder.join("openapi.yaml"))
            .out_dir(workspace.join(&package))
            .package(&package)
            .generate()
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        add_wire_test(&folder, &workspace.join(&package), &package);
        members.push(format!("{package:?}"));
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    cargo(
        &workspace,
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    );
    cargo(&workspace, &["doc", "--workspace", "--no-deps"]);
    cargo(&workspace, &["test", "--workspace", "--quiet"]);
}

/// Puts `wire.rs`, where a feature has one, and the transport that it sends with
/// into the generated crate's tests.
fn add_wire_test(folder: &Path, generated: &Path, package: &str) {
    let Ok(wire) = fs::read_to_string(folder.join("wire.rs")) else {
        return;
    };
    let tests = generated.join("tests");
    fs::create_dir_all(tests.join("recorder")).expect("the folder can be made");
    let names = format!(
        "\nmod recorder;\nuse {} as api;\n",
        package.replace('-', "_")
    );
    // Beside what the generator writes itself.
    fs::write(tests.join("feature_wire.rs"), wire + &names).expect("the test can be written");
    fs::copy(
        root().join("tests/features/recorder.rs"),
        tests.join("recorder/mod.rs"),
    )
    .expect("the transport can be copied");
}

fn cargo(workspace: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(workspace)
        .env("CARGO_TARGET_DIR", workspace.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "cargo {}\n{}\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
