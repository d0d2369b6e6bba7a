//! Runs cargo on a copy of this workspace, and on crates outside of it, to test `build.rs`.
//!
//! The copy is below the target folder and shares its compiled dependencies.

mod cargo;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::{Mutex, MutexGuard};
use std::time::SystemTime;

/// The copy, used by one test at a time.
struct Workspace {
    root: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

/// Crates that only the generator depends on.
const OF_GENERATOR: &[&str] = &["openapiv3", "prettyplease", "serde_yaml", "toml_edit"];

const PROPERTY: &str = "        client_name:\n";
const NEW_PROPERTY: &str = "        freshly_added:\n          type: string\n";

impl Workspace {
    fn copy() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = TURN.lock().unwrap_or_else(|poisoned| {
            TURN.clear_poison();
            poisoned.into_inner()
        });
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build_script");
        let workspace = Self {
            root: root.join("workspace"),
            _turn: turn,
        };
        writable(&root);
        // The generator's files keep their times, so that cargo treats them as unchanged. The others
        // are new in each test.
        let this = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (name, keep_time) in [
            ("Cargo.lock", true),
            ("build.rs", true),
            ("generator", true),
            ("spec", false),
            ("generated", false),
        ] {
            let to = workspace.root.join(name);
            let _ = fs::remove_dir_all(&to);
            copy(&this.join(name), &to, keep_time);
        }
        let manifest = fs::read_to_string(this.join("Cargo.toml")).expect("the manifest");
        let (manifest, _) = manifest
            .split_once("[dev-dependencies]")
            .expect("the tests' dependencies");
        workspace.write(
            "Cargo.toml",
            &format!(
                "{}\n[[bin]]\nname = \"probe\"\npath = \"probe.rs\"\n\n{}",
                cargo::share(&workspace.root, manifest),
                cargo::profiles()
            ),
        );
        // Cargo distinguishes the packages of two workspaces by their folder below the workspace,
        // name and version. The generator is the same in both, so that it is not compiled again.
        // The others have another name or version, so that they do not overwrite the artifacts of
        // this workspace.
        for (name, key, changed) in [
            ("Cargo.toml", "name = \"workspace-tests", "name = \"copy"),
            ("spec/oauth.yml", "\n  version: ", "\n  version: 1"),
            ("generated/Cargo.toml", "\nversion = \"", "\nversion = \"1"),
        ] {
            let text = workspace.read(name);
            assert!(text.contains(key), "{name} has {key:?}");
            workspace.write(name, &text.replace(key, changed));
        }
        workspace.write("probe.rs", "fn main() {}\n");
        workspace
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file of the copy")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file of the copy");
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has {from:?}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        cargo(&self.root, arguments)
    }
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    cargo::plain(folder, arguments)
        .arg("--offline")
        .env("CARGO_TARGET_DIR", temporary.join("build_script/target"))
        .output()
        .expect("cargo starts")
}

fn build(folder: &Path) -> Vec<String> {
    let output = cargo(folder, &["build", "--message-format", "json"]);
    assert!(output.status.success(), "{}", cargo::stderr(&output));
    // The packages that were compiled.
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["fresh"] == false)
        .map(|message| message["target"]["name"].as_str().unwrap_or("?").to_owned())
        .collect()
}

fn copy(from: &Path, to: &Path, keep_time: bool) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let entry = entry.expect("an entry");
            if entry.file_name() != "target" {
                copy(&entry.path(), &to.join(entry.file_name()), keep_time);
            }
        }
        return;
    }
    let bytes = fs::read(from).expect("a file");
    if keep_time && fs::read(to).is_ok_and(|old| old == bytes) {
        return;
    }
    fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
    fs::write(to, bytes).expect("a file");
    if keep_time {
        let time = from
            .metadata()
            .and_then(|it| it.modified())
            .expect("a time");
        let file = fs::File::options().write(true).open(to).expect("a file");
        file.set_modified(time).expect("a time");
    }
}

fn entries(root: &Path) -> Vec<PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        if path.is_dir() {
            for entry in fs::read_dir(&path).expect("a folder") {
                found.push(entry.expect("an entry").path());
            }
        }
    }
    found
}

/// Returns every file with its bytes and time, and every folder.
fn snapshot(root: &Path) -> BTreeMap<PathBuf, (Option<Vec<u8>>, SystemTime)> {
    let state = |path: PathBuf| {
        let time = path
            .metadata()
            .and_then(|it| it.modified())
            .expect("a time");
        (path.clone(), (fs::read(&path).ok(), time))
    };
    entries(root).into_iter().map(state).collect()
}

fn set_read_only(root: &Path, read_only: bool) {
    for path in entries(root) {
        let mut permissions = path.metadata().expect("an entry").permissions();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = permissions.mode();
            permissions.set_mode(if read_only {
                mode & !0o222
            } else {
                mode | 0o200
            });
        }
        #[cfg(not(unix))]
        permissions.set_readonly(read_only);
        fs::set_permissions(&path, permissions).expect("permissions");
    }
}

/// Makes files writable that a failed test left read-only.
fn writable(root: &Path) {
    let generated = root.join("workspace/generated");
    if generated.exists() {
        set_read_only(&generated, false);
    }
}

#[test]
fn one_build_after_an_edit_of_the_document_is_enough() {
    let workspace = Workspace::copy();
    build(&workspace.root);
    assert_eq!(build(&workspace.root), [""; 0], "nothing has changed");

    let before = snapshot(&workspace.path("generated"));
    workspace.edit(
        "spec/oauth.yml",
        PROPERTY,
        &format!("{NEW_PROPERTY}{PROPERTY}"),
    );
    workspace.write(
        "probe.rs",
        r#"fn main() {
    let request = generated::types::OAuthDynamicRegistrationRequest {
        freshly_added: Some("it is there".to_owned()),
        ..Default::default()
    };
    println!("{:?}", request.freshly_added);
}
"#,
    );
    let compiled = build(&workspace.root);
    assert!(compiled.contains(&"generated".to_owned()), "{compiled:?}");
    assert!(!compiled.contains(&"generator".to_owned()), "{compiled:?}");
    let output = workspace.cargo(&["run", "--quiet", "--bin", "probe"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        printed,
        "Some(\"it is there\")\n",
        "{}",
        cargo::stderr(&output)
    );
    assert_eq!(
        build(&workspace.root),
        [""; 0],
        "a second build has nothing to do"
    );

    let after = snapshot(&workspace.path("generated"));
    let types = workspace.path("generated/src/types.rs");
    assert_ne!(after[&types], before[&types]);
    let manifest = workspace.path("generated/Cargo.toml");
    assert_eq!(
        after[&manifest], before[&manifest],
        "what is as it should be is not touched"
    );
}

#[test]
fn a_fault_in_the_document_fails_the_build_at_its_place() {
    let workspace = Workspace::copy();
    build(&workspace.root);
    let before = snapshot(&workspace.path("generated"));
    workspace.edit("spec/oauth.yml", "info:\n", "info: [\n");
    let output = workspace.cargo(&["build"]);
    assert!(!output.status.success());
    assert!(
        cargo::stderr(&output).contains("spec/oauth.yml:"),
        "{}",
        cargo::stderr(&output)
    );
    assert!(
        cargo::stderr(&output).contains("help: "),
        "{}",
        cargo::stderr(&output)
    );
    assert_eq!(snapshot(&workspace.path("generated")), before);

    workspace.edit("spec/oauth.yml", "info: [\n", "info:\n");
    build(&workspace.root);
    assert_eq!(build(&workspace.root), [""; 0]);
}

#[test]
fn a_warning_reaches_whoever_builds_on_one_line() {
    let workspace = Workspace::copy();
    // A default that its own schema does not allow.
    workspace.edit(
        "spec/oauth.yml",
        "          default: client_secret_basic\n",
        "          default: nonsense\n",
    );
    let output = workspace.cargo(&["build"]);
    assert!(output.status.success(), "{}", cargo::stderr(&output));
    let shown = cargo::stderr(&output);
    let warning = shown
        .lines()
        .find(|line| line.starts_with("warning: generated@"));
    let warning = warning.expect("cargo shows it");
    assert!(warning.contains(": spec/oauth.yml:"), "{warning}");
    assert!(warning.contains("nonsense"), "{warning}");
}

#[test]
fn outside_of_the_workspace_nothing_is_generated_and_the_generator_is_not_compiled() {
    let workspace = Workspace::copy();
    build(&workspace.root);
    // A change that the build script would have to write if it ran.
    workspace.edit(
        "spec/oauth.yml",
        PROPERTY,
        &format!("{NEW_PROPERTY}{PROPERTY}"),
    );
    let outside = workspace.root.with_file_name("outside");
    let _ = fs::remove_dir_all(&outside);
    fs::create_dir_all(outside.join("src")).expect("a folder");
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ngenerated = {{ path = \"../workspace/generated\" }}\n\n\
         {}\n[workspace]\n",
        cargo::profiles()
    );
    let manifest = cargo::share_without(OF_GENERATOR, &outside, &manifest);
    fs::write(outside.join("Cargo.toml"), manifest).expect("a file");
    fs::write(outside.join("src/lib.rs"), "pub use generated::types;\n").expect("a file");
    // Uses the existing versions: cargo has no network here.
    copy(
        &workspace.path("Cargo.lock"),
        &outside.join("Cargo.lock"),
        false,
    );

    let generated = workspace.path("generated");
    set_read_only(&generated, true);
    let before = snapshot(&generated);
    let tree = cargo(&outside, &["tree", "-e", "all", "--prefix", "none"]);
    let compiled = cargo(&outside, &["build", "--message-format", "json"]);
    let after = snapshot(&generated);
    set_read_only(&generated, false);

    assert!(tree.status.success(), "{}", cargo::stderr(&tree));
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    assert!(tree.contains("generated v"), "{tree}");
    assert!(
        compiled.status.success(),
        "{}{}",
        cargo::stderr(&compiled),
        // The compiler's own messages are in the other stream.
        String::from_utf8_lossy(&compiled.stdout)
    );
    let compiled = String::from_utf8_lossy(&compiled.stdout).into_owned();
    for package in OF_GENERATOR.iter().chain(&["generator"]) {
        let is_it = |line: &str| line.starts_with(&format!("{package} v"));
        assert!(!tree.lines().any(is_it), "{package} in {tree}");
        let artifact = format!("\"name\":\"{package}\"");
        assert!(!compiled.contains(&artifact), "{package} is compiled");
    }
    assert!(compiled.contains("\"name\":\"generated\""), "{compiled}");
    assert_eq!(after, before);
    let types = workspace.read("generated/src/types.rs");
    assert!(!types.contains("freshly_added"));
}
