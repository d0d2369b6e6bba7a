//! Runs cargo on crates that tests generate.
//!
//! All of them share the build folder of this workspace and its lock file, and enable the same
//! features of their dependencies ([`share`]), so that each dependency is compiled once.

#![allow(dead_code, reason = "no test needs all of it")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The environment variable for complete tests: all random cases, and each fixture compiled as it
/// is generated.
pub const THOROUGH: &str = "THOROUGH";

/// Returns `true` if the tests are complete, as in `.ci/run`.
pub fn is_thorough() -> bool {
    std::env::var_os(THOROUGH).is_some_and(|value| !value.is_empty() && value != "0")
}

/// Returns the size of a document that is designed to take time: a fifth, unless the tests are
/// complete.
pub fn size(complete: usize) -> usize {
    if is_thorough() {
        complete
    } else {
        complete / 5
    }
}

/// Returns the target folder of this workspace.
pub fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().expect("the target folder").to_owned()
}

/// Returns a call of cargo for the workspace in a folder, with the profile of that workspace. The
/// output is in `target` below that folder.
pub fn plain(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    // Variables that cargo sets for this test must not affect the child process.
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_BUILD_BUILD_DIR", target())
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_TERM_COLOR", "never");
    command
}

/// Returns a call of cargo for a workspace of generated crates.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = plain(folder, arguments);
    command
        .env("CARGO_INCREMENTAL", "0")
        // Debug information is not needed; without it, compiling and linking is faster.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Makes cargo lint the workspace's own crates while it compiles them: unlike `cargo clippy`, this
/// shares the compiled dependencies of tests.
pub fn linted(mut command: Command) -> Command {
    let driver = Path::new(env!("CARGO")).with_file_name("clippy-driver");
    command
        .env("RUSTC_WORKSPACE_WRAPPER", driver)
        // As `cargo clippy -- -D warnings` does.
        .env(
            "CLIPPY_ARGS",
            "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__",
        );
    command
}

/// Returns the profiles of this workspace. Another workspace with them can reuse the compiled
/// dependencies.
pub fn profiles() -> String {
    let manifest = root().join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("the manifest");
    let start = manifest.find("[profile.dev]").expect("its first profile");
    manifest[start..].to_owned()
}

/// Returns the folder of this workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find(|folder| folder.join("Cargo.lock").exists())
        .expect("the workspace has a lock file")
}

/// Runs cargo and returns its standard output.
pub fn succeed(mut command: Command) -> String {
    let output = command.output().expect("cargo runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command:?}\n{printed}\n{}",
        stderr(&output)
    );
    printed
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Makes the package in a folder the only one of a workspace, with the lock file of this one.
pub fn alone(package: &Path) {
    let manifest = package.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("the manifest is there");
    if !text.contains("[workspace]") {
        let text = format!("{}\n[workspace]\n\n{}", share(package, &text), profiles());
        fs::write(&manifest, text).expect("the manifest can be written");
    }
    lock(package);
}

/// The package whose dependencies have the features that they have in this workspace.
pub const SHARED: &str = "shared-features";

/// Returns the manifest of a package with a dependency that enables the features of this workspace.
/// Writes that dependency into a folder of the workspace.
pub fn share(workspace: &Path, manifest: &str) -> String {
    share_without(&[], workspace, manifest)
}

/// Like [`share`], but the package does not depend on these crates.
pub fn share_without(crates: &[&str], workspace: &Path, manifest: &str) -> String {
    write_shared(workspace, crates);
    // A table that no manifest has, so that it can be added at the end.
    let folder = workspace.join(SHARED);
    let folder = folder.to_string_lossy();
    format!("{manifest}\n[target.'cfg(all())'.dependencies]\n{SHARED} = {{ path = {folder:?} }}\n")
}

fn write_shared(workspace: &Path, without: &[&str]) {
    let folder = workspace.join(SHARED);
    update(&folder.join("Cargo.toml"), &shared_features(without));
    update(&folder.join("src/lib.rs"), "");
}

/// Returns the manifest of a package that depends on each crate that this workspace depends on, with
/// its features.
fn shared_features(without: &[&str]) -> String {
    let packages = features_here().iter();
    let packages = packages.filter(|(name, ..)| !without.contains(&name.as_str()));
    let packages = packages.map(|(name, version, features)| {
        let alias = format!("{name}-{}", version.replace(['.', '+'], "-"));
        format!(
            "{alias} = {{ package = {name:?}, version = \"={version}\", \
             default-features = false, features = {features:?} }}\n"
        )
    });
    let packages: String = packages.collect();
    // Features of build scripts and macros are separate.
    format!(
        "[package]\nname = {SHARED:?}\nversion = \"1.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n{packages}\n[build-dependencies]\n{packages}"
    )
}

/// Returns the name, the version and the features of each crate that this workspace depends on.
fn features_here() -> &'static BTreeSet<(String, String, Vec<String>)> {
    static FEATURES: OnceLock<BTreeSet<(String, String, Vec<String>)>> = OnceLock::new();
    FEATURES.get_or_init(|| {
        let edges = "--edges=normal,dev,build";
        let lines = [
            "tree",
            "--workspace",
            edges,
            "--prefix=none",
            "--format={p}|{f}",
        ];
        let mut tree = plain(root(), &lines);
        tree.arg("--offline");
        let tree = succeed(tree);
        // `syn v2.0.119 (proc-macro)|clone-impls,default (*)`, and `(/folder)` for a member.
        let packages = tree.lines().filter(|line| !line.contains(" (/"));
        let packages = packages.filter_map(|line| {
            let (package, features) = line.split_once('|')?;
            let (name, version) = package.split_once(" v")?;
            let version = version.split(' ').next()?;
            let features = features.trim_end_matches(" (*)").split(',');
            let features = features.filter(|name| !name.is_empty());
            let features = features.map(str::to_owned).collect();
            Some((name.to_owned(), version.to_owned(), features))
        });
        packages.collect()
    })
}

/// Writes a file if its contents change, so that cargo does not compile it again.
pub fn update(path: &Path, contents: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == contents) {
        return;
    }
    let folder = path.parent().expect("it is in a folder");
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(path, contents).expect("the file can be written");
}

/// Writes the manifest and the lock file of a workspace with these members.
pub fn workspace<'a>(folder: &Path, members: impl IntoIterator<Item = &'a str>) {
    write_shared(folder, &[]);
    let members = members.into_iter().chain([SHARED]);
    let members: Vec<String> = members.map(|name| format!("{name:?}")).collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n{}",
        members.join(", "),
        profiles()
    );
    update(&folder.join("Cargo.toml"), &manifest);
    lock(folder);
}

/// Copies the lock file of this workspace to another one.
fn lock(workspace: &Path) {
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
}
