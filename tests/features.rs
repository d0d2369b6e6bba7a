//! Every folder of `tests/features` tests one construct: it contains a small document and the files
//! that are generated from it.
//!
//! The files are pinned by snapshots. If they are too long to review, only the list of files with
//! their operations is pinned (`golden/layout.snap`). All crates are compiled, linted and
//! documented with warnings denied, the examples in their docs are compiled, the generated tests
//! run, and the values of each `values.yaml` are read and written. The tests and the examples run
//! in one crate that contains all of them (`tests/merged`). In a thorough run, each crate is also
//! linted and documented as it is generated; otherwise, a sample of the crates is compiled, linted
//! and tested. A `wire.rs` beside a document is an additional test of the generated crate: it
//! checks requests byte by byte, and the decoded responses. The sample runs those that need no Cargo
//! feature. In it, `api` is the crate and `recorder` is `tests/features/recorder.rs`.

mod cargo;
mod merged;
mod round_trips;
mod values;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use generator::Generator;
use generator::write::Files;

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
fn each_feature_generates_the_pinned_files() {
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

/// Returns `true` if only the layout of a feature's crate is pinned.
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
fn the_oauth_crate_equals_the_pinned_files() {
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

/// Returns `true` for a file that is not generated and the same in every crate.
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
    cargo::succeed(cargo::linted(
        workspace.cargo("test --no-run --lib --test *"),
    ));
    if !cargo::is_thorough() {
        return;
    }
    let clippy = "clippy --workspace --exclude fixtures --lib --test * -- -D warnings";
    cargo::succeed(workspace.command(clippy));
    // Each folder has only a few crates, because rustdoc rewrites the index of the folder for every
    // crate.
    for (number, packages) in packages().chunks(8).enumerate() {
        let names = packages
            .iter()
            .map(|(_, package)| format!(" --package {package}"));
        let arguments = format!("doc --no-deps{}", names.collect::<String>());
        let folder = workspace.folder.join(format!("docs/{number}"));
        let _ = fs::remove_dir_all(&folder);
        let mut command = workspace.command(&arguments);
        command.env("CARGO_TARGET_DIR", folder);
        cargo::succeed(command);
    }
}

#[test]
fn the_examples_in_the_docs_compile() {
    let workspace = workspace();
    let ran = cargo::succeed(cargo::linted(workspace.cargo("test --doc --quiet")));
    assert!(
        passed(&ran) >= workspace.examples,
        "not all examples are tested: {ran}"
    );
}

#[test]
fn each_feature_passes_its_tests() {
    let workspace = workspace();
    let ran = cargo::succeed(cargo::linted(workspace.cargo("test --test * --quiet")));
    assert!(
        passed(&ran) >= workspace.tests,
        "not all tests are run: {ran}"
    );
}

/// Returns the number of tests that passed in a run of cargo.
fn passed(ran: &str) -> usize {
    let counts = ran.lines().filter_map(|line| {
        let (_, rest) = line.split_once("test result: ok. ")?;
        rest.split_once(" passed")?.0.parse::<usize>().ok()
    });
    counts.sum()
}

/// Returns crates whose generated calls also run with a blocking transport: all kinds of bodies and
/// credentials, or one unless the tests are complete.
fn blocking() -> &'static [&'static str] {
    let all = &[
        "operations-request-bodies",
        "operations-multipart",
        "security-kinds",
    ];
    if cargo::is_thorough() { all } else { &all[..1] }
}

#[test]
fn blocking_calls_send_the_same_requests() {
    let packages = packages();
    let selected = packages
        .iter()
        .filter(|(_, package)| blocking().contains(&package.as_str()))
        .map(|(_, package)| format!(" --package {package}"))
        .collect::<Vec<_>>();
    match selection() {
        None => assert_eq!(selected.len(), blocking().len()),
        Some(_) if selected.is_empty() => return,
        Some(_) => {}
    }
    let arguments = format!(
        "test{} --package {} --features blocking --test wire --quiet",
        selected.concat(),
        merged::PACKAGE
    );
    cargo::succeed(workspace().command(&arguments));
}

#[test]
fn bodies_are_decoded_with_the_features_for_it() {
    // With the package of the other tests, the dependencies have the same features.
    let arguments = "test --package runtime --package workspace-tests --test decoding --quiet \
                     --features runtime/brotli,runtime/gzip,runtime/reqwest,runtime/zstd";
    let arguments: Vec<&str> = arguments.split(' ').collect();
    let ran = cargo::succeed(cargo::command(root(), &arguments));
    assert_eq!(passed(&ran), 1, "{ran}");
}

#[test]
fn the_generated_tests_can_fail() {
    let workspace = cargo::target().join("broken");
    cargo::workspace(&workspace, ["places"]);
    let failing = |file: &str, right: &str, wrong: &str| {
        Generator::new(root().join("tests/features/examples/places/openapi.yaml"))
            .out_dir(workspace.join("places"))
            .generate()
            .unwrap_or_else(|error| panic!("{error}"));
        let path = workspace.join("places").join(file);
        let text = fs::read_to_string(&path).expect("the file is there");
        assert!(text.contains(right), "{text}");
        fs::write(&path, text.replace(right, wrong)).expect("the file can be written");
        let arguments = ["test", "--package", "places", "--package", cargo::SHARED];
        let mut command = cargo::command(&workspace, &arguments);
        command.args(["--test", "examples"]);
        let output = command.output().expect("cargo runs");
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
fn valid_values_are_read_and_written_unchanged() {
    let workspace = workspace();
    let build = format!("build --bin {}", round_trips::NAME);
    cargo::succeed(cargo::linted(workspace.cargo(&build)));
    round_trips::run(&workspace.folder, &judged());
}

#[test]
fn examples_are_judged_as_jsonschema_does() {
    round_trips::judges::compare(&judged());
}

/// The folder with the crates of all features.
struct Workspace {
    folder: PathBuf,
    /// The crates that are always compiled as they are generated: together they have each file of
    /// the runtime and each dependency.
    sample: Vec<String>,
    /// The number of tests and of examples in the merged crate.
    tests: usize,
    examples: usize,
}

impl Workspace {
    /// Returns a call of cargo.
    fn command(&self, arguments: &str) -> Command {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        cargo::command(&self.folder, &arguments)
    }

    /// Returns a call of cargo for the merged crate and the sample. The packages are the same in
    /// each call, so that their dependencies are compiled with the same features.
    fn cargo(&self, arguments: &str) -> Command {
        let mut command = self.command(arguments);
        let packages = self.sample.iter().map(String::as_str);
        for package in packages.chain([merged::PACKAGE]) {
            command.args(["--package", package]);
        }
        command
    }
}

/// Returns the folder with the crates of all features, which is written once.
fn workspace() -> &'static Workspace {
    static WORKSPACE: OnceLock<Workspace> = OnceLock::new();
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

fn write_workspace() -> Workspace {
    let folder = cargo::target().join("features");
    let packages = packages();
    let recorder = root().join("tests/features/recorder.rs");
    let recorder = fs::read_to_string(recorder).expect("the transport can be read");
    let mut merged = merged::Merged::default();
    let mut parts = Vec::new();
    for (feature, package) in &packages {
        let files = generator(feature, package).generate_files();
        let files = files.unwrap_or_else(|error| panic!("{}: {error}", feature.display()));
        let wire = fs::read_to_string(feature.join("wire.rs")).ok();
        merged.add(package, &files, wire.map(|wire| (wire, recorder.as_str())));
        parts.push((package.as_str(), parts_of(&files)));
    }
    merged.test(values::NAME, &values::tests(&packages));
    merged.program(round_trips::NAME, &round_trips::program(&judged()));
    let tests = merged.count("tests", "#[test]\n") + merged.count("tests", "#[tokio::test");
    let examples = merged.count("src", "```no_run\n");
    merged.write(&folder);
    let sample = sample(parts);
    let mut members = vec![merged::PACKAGE.to_owned()];
    for (feature, package) in &packages {
        let is_blocking = blocking().contains(&package.as_str());
        if cargo::is_thorough() || is_blocking || sample.contains(package) {
            let place = folder.join(package);
            let report = generator(feature, package).out_dir(&place).generate();
            report.unwrap_or_else(|error| panic!("{}: {error}", feature.display()));
            add_wire_test(feature, &place, package);
            members.push(package.clone());
        }
    }
    cargo::workspace(&folder, members.iter().map(String::as_str));
    Workspace {
        folder,
        sample,
        tests,
        examples,
    }
}

fn generator(feature: &Path, package: &str) -> Generator {
    Generator::new(feature.join("openapi.yaml")).package(package)
}

/// Returns the dependencies of a crate and the files of its runtime.
fn parts_of(files: &Files) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for name in ["Cargo.toml", "src/runtime/mod.rs"] {
        let text = files.get(name).expect("each crate has it");
        let is_part = |line: &&str| line.contains("features") || line.starts_with("pub mod ");
        parts.extend(text.lines().filter(is_part).map(str::to_owned));
    }
    parts
}

/// The number of crates in the sample, unless the tests are complete.
const FEW: usize = 2;

/// Returns crates that together have all parts, the one with the most new parts first. Unless the
/// tests are complete, these are only the first few.
fn sample(mut crates: Vec<(&str, BTreeSet<String>)>) -> Vec<String> {
    let mut sample = Vec::new();
    while let Some(index) = (0..crates.len()).max_by_key(|index| crates[*index].1.len()) {
        let (package, parts) = crates.swap_remove(index);
        let is_enough = sample.len() == FEW && !cargo::is_thorough();
        if parts.is_empty() || is_enough {
            break;
        }
        for (_, other) in &mut crates {
            other.retain(|part| !parts.contains(part));
        }
        sample.push(package.to_owned());
    }
    sample
}

/// Adds the `wire.rs` of a feature, if it has one, and its transport to the generated crate's
/// tests.
fn add_wire_test(folder: &Path, generated: &Path, package: &str) {
    let Ok(wire) = fs::read_to_string(folder.join("wire.rs")) else {
        return;
    };
    let tests = generated.join("tests");
    let names = format!(
        "\nmod recorder;\nuse {} as api;\n",
        package.replace('-', "_")
    );
    // Beside the generated tests.
    cargo::update(&tests.join("feature_wire.rs"), &(wire + &names));
    let recorder = fs::read_to_string(root().join("tests/features/recorder.rs"));
    cargo::update(
        &tests.join("recorder/mod.rs"),
        &recorder.expect("the transport can be read"),
    );
}
