//! Runs cargo on crates that tests generate.
//!
//! All of them share the build folder of this workspace, so that a dependency is compiled once, and
//! its lock file, so that it has one version.

#![allow(dead_code, reason = "no test needs all of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The environment variable for complete tests: all random cases, and each fixture compiled as it
/// is generated.
pub const THOROUGH: &str = "THOROUGH";

/// Returns `true` if the tests are complete, as in `.ci/run`.
pub fn is_thorough() -> bool {
    std::env::var_os(THOROUGH).is_some_and(|value| !value.is_empty() && value != "0")
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
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("the manifest");
    let start = manifest.find("[profile.dev]").expect("its first profile");
    manifest[start..].to_owned()
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
        fs::write(&manifest, text + "\n[workspace]\n").expect("the manifest can be written");
    }
    lock(package);
}

/// Copies the lock file of this workspace to another one.
pub fn lock(workspace: &Path) {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("Cargo.lock"))
        .find(|lock| lock.exists())
        .expect("the lock file");
    fs::copy(lock, workspace.join("Cargo.lock")).expect("the lock file can be copied");
}
