//! Every folder of `tests/features` tests one construct: it contains a small document and the files
//! that are generated from it.
//!
//! The files are pinned by snapshots. If they are too long to review, only the list of files with
//! their operations is pinned (`golden/layout.snap`). All crates are compiled, linted and
//! documented with warnings denied, the examples in their docs are compiled, the generated tests
//! run, and the values of each `values.yaml` are read and written. A `wire.rs` beside a document is
//! an additional test of the generated crate: it checks requests byte by byte, and how responses
//! are read. In it, `api` is the crate and `recorder` is `tests/features/recorder.rs`.

mod round_trips;
mod values;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use generator::Generator;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the folders below `tests/features` that contain a document.
///
/// `FEATURES=unions,scalars/text` only keeps folders whose path begins with one of these.
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
    if let Some(wanted) = selection() {
        found.retain(|folder| {
            wanted
                .split(',')
                .any(|path| below(folder).starts_with(path))
        });
    }
    found.sort();
    assert!(!found.is_empty());
    found
}

/// Returns the value of `FEATURES`, which selects fixtures for a quick run.
fn selection() -> Option<String> {
    std::env::var("FEATURES").ok()
}

/// Returns the path of a feature's folder, relative to `tests/features`.
fn below(folder: &Path) -> &Path {
    folder
        .strip_prefix(root().join("tests/features"))
        .expect("it is below")
}

/// Returns the package name: `objects/presence` becomes `objects-presence`.
fn package(folder: &Path) -> String {
    let names: Vec<_> = below(folder)
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
        let own = files.iter().filter(|file| !is_the_same_for_all(file.path));
        settings.bind(|| {
            if is_pinned_by_layout(&folder) {
                let layout = own.map(|file| layout(file.path, file.text));
                insta::assert_snapshot!("layout", layout.collect::<String>());
                return;
            }
            for file in own {
                let name = file.path.to_string_lossy().replace('/', "__");
                insta::assert_snapshot!(name, file.text);
            }
        });
    }
}

/// Returns true if only the layout of a feature's crate is pinned.
fn is_pinned_by_layout(folder: &Path) -> bool {
    folder.join("golden/layout.snap").is_file()
}

/// Returns a line for a file, and one for each operation whose method is in it.
fn layout(path: &Path, text: &str) -> String {
    let is_of_operations = path.starts_with("src/operations");
    let lines = text.lines().filter(|_| is_of_operations);
    let client = lines.skip_while(|line| *line != "impl Client {");
    let client = client.take_while(|line| *line != "}");
    let methods = client.filter_map(|line| line.strip_prefix("    pub fn "));
    let names = methods.filter_map(|method| Some(method.split_once('(')?.0));
    let path = path.to_string_lossy().replace('\\', "/");
    names.fold(path + "\n", |layout, name| layout + "    " + name + "\n")
}

#[test]
fn the_oauth_crate_is_what_is_pinned() {
    let files = Generator::new(root().join("spec/oauth.yml"))
        .package("generated")
        .generate_files()
        .unwrap_or_else(|error| panic!("{error}"));
    let (runtime, files): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|file| file.path.starts_with("src/runtime") && !file.path.ends_with("mod.rs"));
    let (server, files): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| file.path.starts_with("tests/server"));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("oauth/golden");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for file in files {
            let name = file.path.to_string_lossy().replace('/', "__");
            insta::assert_snapshot!(name, file.text);
        }
    });
    // All crates have the same runtime: its files are those of the crate `runtime`.
    for file in runtime {
        let name = file.path.file_name().expect("it is a file");
        let source = root().join("generator/runtime/src").join(name);
        let source = fs::read_to_string(source).expect("the runtime's file is there");
        assert_eq!(unmarked(file.text), source, "{}", file.path.display());
    }
    for file in server {
        let name = match file.path.file_name().and_then(|name| name.to_str()) {
            Some("mod.rs") => "server.rs",
            name => name.expect("it is a file"),
        };
        let source = root().join("generator/src/proof/templates").join(name);
        let source = fs::read_to_string(source).expect("the tests' server is there");
        assert_eq!(unmarked(file.text), source, "{}", file.path.display());
    }
}

/// Returns true for a file that is not generated and the same in every crate.
fn is_the_same_for_all(path: &Path) -> bool {
    path.starts_with("src/runtime") || path.starts_with("tests/server")
}

/// Returns the text after the generator's header.
fn unmarked(text: &str) -> &str {
    let (mark, text) = text.split_once("\n\n").expect("it has a first line");
    assert!(mark.starts_with("// @generated by generator"), "{mark}");
    text
}

#[test]
fn no_snapshot_is_left_over() {
    for folder in features() {
        let files = Generator::new(folder.join("openapi.yaml"))
            .package(package(&folder))
            .generate_files()
            .expect("it generates");
        let mut names: Vec<String> = files
            .iter()
            .map(|file| format!("{}.snap", file.path.to_string_lossy().replace('/', "__")))
            .collect();
        if is_pinned_by_layout(&folder) {
            names = vec!["layout.snap".to_owned()];
        }
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
    // Libraries have no unit tests to lint.
    let clippy = "clippy --workspace --lib --test * -- -D warnings";
    cargo(workspace, clippy);
    // In folders of a few crates each: for every crate, rustdoc rewrites the index of the whole
    // folder.
    for (number, packages) in packages().chunks(8).enumerate() {
        let names = packages
            .iter()
            .map(|(_, package)| format!(" --package {package}"));
        let arguments = format!("doc --no-deps{}", names.collect::<String>());
        let folder = root().join(format!("target/features/docs/{number}"));
        let _ = fs::remove_dir_all(&folder);
        let mut command = command(workspace, &arguments);
        command.env("CARGO_TARGET_DIR", folder);
        succeed(command);
    }
}

#[test]
fn the_examples_in_the_docs_compile() {
    cargo(workspace(), "test --workspace --doc --quiet");
}

#[test]
fn each_feature_passes_its_tests() {
    cargo(workspace(), "test --workspace --test * --quiet");
}

/// Features whose generated calls also run with the transport that blocks: every kind of body and of
/// credential.
const BLOCKING: &[&str] = &[
    "operations-multipart",
    "operations-request-bodies",
    "security-kinds",
];

#[test]
fn blocking_calls_send_the_same_requests() {
    let packages = packages();
    let selected = packages
        .iter()
        .filter(|(_, package)| BLOCKING.contains(&package.as_str()))
        .map(|(_, package)| format!(" --package {package}"))
        .collect::<Vec<_>>();
    match selection() {
        None => assert_eq!(selected.len(), BLOCKING.len()),
        Some(_) if selected.is_empty() => return,
        Some(_) => {}
    }
    let arguments = format!(
        "test{} --features blocking --test wire --quiet",
        selected.concat()
    );
    cargo(workspace(), &arguments);
}

#[test]
fn bodies_are_decoded_with_the_features_for_it() {
    let arguments = "test --package runtime --no-default-features \
                     --features brotli,gzip,reqwest,zstd --test decoding --quiet";
    cargo(root(), arguments);
}

#[test]
fn the_generated_tests_can_fail() {
    let workspace = root().join("target/broken");
    let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"places\"]\n";
    fs::create_dir_all(&workspace).expect("the folder can be made");
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    let failing = |file: &str, right: &str, wrong: &str| {
        Generator::new(root().join("tests/features/examples/places/openapi.yaml"))
            .out_dir(workspace.join("places"))
            .generate()
            .unwrap_or_else(|error| panic!("{error}"));
        let path = workspace.join("places").join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(right), "{text}");
        fs::write(&path, text.replace(right, wrong)).expect("the file can be written");
        let arguments = "test --test examples";
        let output = command(&workspace, arguments).output().expect("cargo runs");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let result = stdout.lines().filter_map(|line| {
            let (name, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
            (result == "FAILED").then(|| name.to_owned())
        });
        let mut failed: Vec<String> = result.collect();
        failed.sort();
        failed
    };
    // An example with another expected value.
    let written = "EXAMPLE_EVERYBODY_WRITTEN)";
    assert_eq!(
        failing("tests/examples.rs", written, "\"[]\")"),
        ["example_everybody"]
    );
    // A type that writes a wrong property name.
    assert_eq!(
        failing("src/codec.rs", "\"weight\"", "\"weigth\""),
        ["example_everybody", "operation_add_pet", "schema_pet"]
    );
}

#[test]
fn what_a_schema_allows_is_read_and_written_as_it_was() {
    let workspace = workspace();
    cargo(
        workspace,
        &format!("build --package {}", round_trips::PACKAGE),
    );
    round_trips::run(workspace, &judged());
}

#[test]
fn examples_are_judged_as_jsonschema_does() {
    round_trips::judges::compare(&judged());
}

/// Returns the folder with the crates of all features, which is written once.
fn workspace() -> &'static Path {
    static WORKSPACE: OnceLock<PathBuf> = OnceLock::new();
    WORKSPACE.get_or_init(write_workspace)
}

/// Returns every feature with its package name.
fn packages() -> Vec<(PathBuf, String)> {
    let folders = features().into_iter();
    folders
        .map(|folder| {
            let package = package(&folder);
            (folder, package)
        })
        .collect()
}

/// Returns the features whose documents have no faults: for others, no validator knows the
/// intention.
fn judged() -> Vec<(PathBuf, String)> {
    let mut packages = packages();
    packages.retain(|(folder, _)| !below(folder).starts_with("faults"));
    packages
}

fn write_workspace() -> PathBuf {
    let workspace = root().join("target/features");
    let mut members = Vec::new();
    let packages = packages();
    for (folder, package) in &packages {
        Generator::new(folder.join("openapi.yaml"))
            .out_dir(workspace.join(package))
            .package(package)
            .generate()
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        add_wire_test(folder, &workspace.join(package), package);
        members.push(format!("{package:?}"));
    }
    values::write(&workspace, &packages);
    members.push(format!("{:?}", values::PACKAGE));
    round_trips::write(&workspace, &judged());
    members.push(format!("{:?}", round_trips::PACKAGE));
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n# Nobody looks at these with a debugger.\n[profile.dev]\ndebug = 0\n",
        members.join(", ")
    );
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(root().join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    workspace
}

/// Adds the `wire.rs` of a feature, if it has one, and its transport to the generated crate's
/// tests.
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
    // Beside the generated tests.
    fs::write(tests.join("feature_wire.rs"), wire + &names).expect("the test can be written");
    fs::copy(
        root().join("tests/features/recorder.rs"),
        tests.join("recorder/mod.rs"),
    )
    .expect("the transport can be copied");
}

fn cargo(workspace: &Path, arguments: &str) {
    succeed(command(workspace, arguments));
}

fn succeed(mut command: Command) {
    let output = command.output().expect("cargo runs");
    assert!(
        output.status.success(),
        "{command:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn command(workspace: &Path, arguments: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments.split(' '))
        .current_dir(workspace)
        // Most dependencies are already compiled there.
        .env("CARGO_BUILD_BUILD_DIR", root().join("target"))
        .env("CARGO_TARGET_DIR", root().join("target/features/target"))
        .env("CARGO_INCREMENTAL", "0")
        // Debug information is not needed; without it, compiling and linking is faster.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("RUSTDOCFLAGS", "-D warnings");
    command
}
