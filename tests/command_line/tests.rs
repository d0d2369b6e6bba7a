//! The command line: input, output, messages and exit codes.

mod list;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const DOCUMENT: &str = "\
openapi: 3.1.0
info:
  title: Pets
  version: 1.2.3
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        '200':
          description: All of them
          content:
            application/json:
              schema:
                type: array
                items:
                  $ref: '#/components/schemas/Pet'
components:
  schemas:
    Pet:
      type: object
      required: [name]
      properties:
        name:
          type: string
";

/// A folder with a document, in which the generator runs.
struct Place {
    folder: TempDir,
}

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Self { folder };
        place.write("spec/oauth.yml", DOCUMENT);
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_generator"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().expect("it starts");
        Ran::from(output)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// Returns every file below a folder, with its text.
fn files(root: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("text");
                let name = path.strip_prefix(root).expect("it is below");
                found.push((name.to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// Returns the summary with numbers replaced by `#`.
fn shape(summary: &str) -> String {
    let mut shape = String::new();
    for c in summary.chars() {
        if !c.is_ascii_digit() {
            shape.push(c);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}

#[test]
fn without_arguments_the_document_of_the_workspace_is_generated() {
    let place = Place::new();
    let ran = place.run(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        shape(&ran.stdout),
        "generated: # type, # operation; # files written, # unchanged; #.# s\n"
    );
    assert!(
        ran.stdout.starts_with("generated: 1 type, 1 operation; "),
        "{}",
        ran.stdout
    );
    let manifest = place.read("generated/Cargo.toml");
    assert!(
        manifest.contains("name = \"generated\"\nversion = \"1.2.3\"\n"),
        "{manifest}"
    );

    let before = files(&place.path("generated"));
    let again = place.run(&[]);
    assert!(
        again.stdout.contains("; 0 files written, "),
        "{}",
        again.stdout
    );
    assert_eq!(files(&place.path("generated")), before);
}

#[test]
fn the_word_generate_may_be_there_or_not() {
    let place = Place::new();
    for arguments in [
        &["spec/oauth.yml", "--out", "a/b", "--name", "pets"][..],
        &[
            "generate",
            "spec/oauth.yml",
            "--out",
            "c/b",
            "--name",
            "pets",
        ],
        &["generate", "--name", "pets", "--out", "d/b"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
    assert!(place.read("a/b/Cargo.toml").contains("name = \"pets\""));
    assert_eq!(files(&place.path("a")), files(&place.path("c")));
    assert_eq!(files(&place.path("a")), files(&place.path("d")));
}

#[test]
fn a_dash_is_standard_input_and_gives_the_same_crate() {
    let place = Place::new();
    place.run(&["--out", "a/crate"]);
    let mut child = place
        .command(&["-", "--out", "b/crate"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(DOCUMENT.as_bytes()).expect("it reads");
    drop(stdin);
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(files(&place.path("a")), files(&place.path("b")));
}

#[test]
fn check_lists_the_differences_and_writes_nothing() {
    let place = Place::new();
    let ran = place.run(&["--check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert!(
        ran.stdout.contains("missing: generated/Cargo.toml\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("missing: generated/src/lib.rs\n"),
        "{}",
        ran.stdout
    );
    assert!(!place.path("generated").exists());

    place.run(&[]);
    let ran = place.run(&["--check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(shape(&ran.stdout), "generated: up to date, # files\n");

    let edited = format!("{}// edited\n", place.read("generated/src/lib.rs"));
    place.write("generated/src/lib.rs", &edited);
    fs::remove_file(place.path("generated/src/types.rs")).expect("a generated file");
    let before = files(&place.path("generated"));
    let ran = place.run(&["generate", "--check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert_eq!(
        ran.stdout,
        "missing: generated/src/types.rs\nstale: generated/src/lib.rs\n"
    );
    assert_eq!(files(&place.path("generated")), before);
}

#[test]
fn a_faulty_document_exits_with_1_and_leaves_the_crate_unchanged() {
    let place = Place::new();
    place.run(&[]);
    let before = files(&place.path("generated"));
    place.write("spec/oauth.yml", "info: {}\n");
    for arguments in [&[][..], &["--check"], &["nowhere.yml"], &["spec"]] {
        let ran = place.run(arguments);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(1), ""),
            "{arguments:?}"
        );
        assert!(ran.stderr.starts_with("error["), "{}", ran.stderr);
        assert!(
            !ran.stderr.contains('\u{1b}'),
            "no colour without a terminal"
        );
        assert_eq!(files(&place.path("generated")), before);
    }
}

#[test]
fn an_output_folder_at_fault_is_1() {
    let place = Place::new();
    place.write("generated/src/lib.rs", "mine\n");
    let ran = place.run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("file-in-the-way"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("generated/src/lib.rs"),
        "{}",
        ran.stderr
    );
    assert_eq!(files(&place.path("generated")).len(), 1);

    let ran = place.run(&["--out", "spec/oauth.yml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("output-not-written"), "{}", ran.stderr);

    place.write("other/Cargo.toml", "[package\n");
    let ran = place.run(&["--out", "other"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.contains("invalid-manifest"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("other/Cargo.toml:1:9"),
        "{}",
        ran.stderr
    );
}

#[test]
fn wrong_usage_is_2() {
    let place = Place::new();
    for arguments in [
        &["--nonsense"][..],
        &["a.yml", "b.yml"],
        &["--name", "no package"],
        &["--name", "self"],
        &["--color", "blue"],
        &["--message-format", "xml"],
        &["--out"],
    ] {
        let ran = place.run(arguments);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
        assert!(!place.path("generated").exists());
    }
}

#[test]
fn machines_get_json() {
    let place = Place::new();
    let ran = place.run(&["--message-format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(summary["operations"], 1);
    assert_eq!(ran.stdout.lines().count(), 1);

    let ran = place.run(&["--message-format", "json", "nowhere.yml"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    for line in ran.stderr.lines() {
        let found: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(
            found["code"].is_string() && found["message"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn colors_are_used_on_request() {
    let place = Place::new();
    let ran = place.run(&["--color", "always", "nowhere.yml"]);
    assert!(ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    let ran = place.run(&["--color", "never", "nowhere.yml"]);
    assert!(!ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let place = Place::new();
    for arguments in [&[][..], &["--check"], &["nowhere.yml"], &["--help"]] {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        drop(child.stderr.take());
        let code = child.wait().expect("it ends").code();
        let fault = arguments.contains(&"nowhere.yml");
        assert_eq!(code, Some(i32::from(fault)), "{arguments:?}");
    }
}

#[test]
fn no_messages_for_cargo() {
    let place = Place::new();
    let output = place.command(&[]).env("OUT_DIR", "out").output();
    let ran = Ran::from(output.expect("it starts"));
    assert!(!ran.stdout.contains("cargo::"), "{}", ran.stdout);
}

#[test]
fn untyped_values_are_listed_with_location_and_reason() {
    let place = Place::new();
    let open = DOCUMENT.to_owned()
        + "        tags: {}
        extra:
          type: object
        size:
          oneOf: [{type: string}, {type: integer}]
";
    place.write("spec/oauth.yml", &open);
    let ran = place.run(&["--report-untyped"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines.get(..2),
        Some(
            [
                "spec/oauth.yml:27:9: the object's properties are not described",
                "spec/oauth.yml:26:9: the schema does not say what it is",
            ]
            .as_slice()
        ),
        "{}",
        ran.stdout
    );
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    let ran = place.run(&["--check", "--report-untyped", "--message-format", "json"]);
    let first = "{\"untyped\":{\"file\":\"spec/oauth.yml\",\"line\":27,\"column\":9,\"reason\":\"the object's properties are not described\"}}";
    assert_eq!(ran.stdout.lines().next(), Some(first));
    // There is no prompt.
    let ran = place.run(&[]);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
}

#[test]
fn an_example_of_null_is_no_example() {
    let place = Place::new();
    let document = DOCUMENT.to_owned() + "          example: null\n";
    place.write("spec/oauth.yml", &document);
    let ran = place.run(&["--warnings", "all"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn an_upper_case_name_results_in_a_lower_case_library() {
    let place = Place::new();
    let ran = place.run(&["--out", "PetStore"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let manifest = place.read("PetStore/Cargo.toml");
    assert!(
        manifest.contains("[lib]\nname = \"pet_store\"\n"),
        "{manifest}"
    );
    assert!(
        place
            .read("PetStore/src/lib.rs")
            .contains("use pet_store::")
    );
    assert_eq!(place.run(&["--out", "PetStore", "--check"]).code, Some(0));
}

#[test]
fn a_map_replaces_a_url_by_a_local_file() {
    let place = Place::new();
    let remote = DOCUMENT.replace(
        "'#/components/schemas/Pet'",
        "https://api.example/v1/pets.yml#/Pet",
    );
    place.write("spec/oauth.yml", &remote);
    place.write(
        "vendor/pets.yml",
        "Pet: {type: object, properties: {owner: {$ref: 'people.yml#/Owner'}}}\n",
    );
    place.write(
        "vendor/people.yml",
        "Owner: {type: object, properties: {name: {type: string}}}\n",
    );
    for map in [
        "https://api.example/v1/pets.yml=vendor/pets.yml",
        "https://api.example/v1/=vendor",
    ] {
        let ran = place.run(&["--map", map]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{map}");
        let types = place.read("generated/src/types.rs");
        assert!(types.contains("pub owner: Option<Owner>"), "{types}");
    }
    // A map that does not match has no effect.
    let ran = place.run(&["--strict", "--map", "https://api.example/v2/=vendor"]);
    assert!(
        ran.stderr.starts_with("error[remote-reference]"),
        "{}",
        ran.stderr
    );
    let ran = place.run(&["--map", "vendor"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
}

#[test]
fn faults_are_counted_and_listed() {
    let place = Place::new();
    let faulty = DOCUMENT
        .replace("type: string", "type: strng")
        .replace("'200':", "'20x':");
    place.write("spec/oauth.yml", &faulty);
    let ran = place.run(&[]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains(" affected by faults in the document (see the warnings)"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("warning[unknown-type]"),
        "{}",
        ran.stderr
    );
    let ran = place.run(&["--report-faults"]);
    assert_eq!(ran.stderr, "");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    assert!(
        lines[0].starts_with("spec/oauth.yml:10:9: response: `20x` is not a status code"),
        "{}",
        ran.stdout
    );
    assert!(lines[0].ends_with("(affects GET /pets)"), "{}", ran.stdout);
    let ran = place.run(&["--report-faults", "--message-format", "json"]);
    let first: serde_json::Value =
        serde_json::from_str(ran.stdout.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["fault"]["scope"], "response", "{}", ran.stdout);
    assert_eq!(first["fault"]["affected"][0], "GET /pets", "{}", ran.stdout);
    assert_eq!(first["fault"]["affectedCount"], 1, "{}", ran.stdout);
    let ran = place.run(&["--strict"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(ran.stderr.starts_with("error["), "{}", ran.stderr);
}

#[test]
fn an_overlay_that_was_written_for_the_faults_corrects_them() {
    let place = Place::new();
    let faulty = DOCUMENT
        .replace("type: string", "type: strng")
        .replace("'200':", "'20x':")
        .replace(
            "      operationId: listPets\n",
            "      operationId: listPets\n      tags: [[], a, {}]\n",
        );
    place.write("spec/oauth.yml", &faulty);
    let ran = place.run(&["--write-overlay", "a.overlay.yaml"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("  = help: or correct it in an overlay:"),
        "{}",
        ran.stderr
    );
    let types = place.read("generated/src/types.rs");
    let corrected = place.run(&["--overlay", "a.overlay.yaml", "--strict"]);
    // A strict run only succeeds without faults.
    assert_eq!(corrected.code, Some(0), "{}", corrected.stderr);
    let notes = |text: &str| {
        let lines = text
            .lines()
            .filter(|line| !line.contains("Fault in the document"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(notes(&place.read("generated/src/types.rs")), notes(&types));
    // A file of the user is not overwritten.
    let again = place.run(&["--write-overlay", "a.overlay.yaml"]);
    assert_eq!(again.code, Some(1), "{}", again.stderr);
    assert!(again.stderr.contains("a.overlay.yaml"), "{}", again.stderr);
    let none = place.run(&["--overlay", "nowhere.yaml"]);
    assert_eq!(none.code, Some(1));
    assert!(
        none.stderr.starts_with("error[no-such-file]"),
        "{}",
        none.stderr
    );
}

#[test]
fn tests_are_omitted_and_removed_on_request() {
    let place = Place::new();
    let long = "Rex ".repeat(5000);
    let shown = format!("{DOCUMENT}          examples: [Rex, \"{long}\"]\n");
    place.write("spec/oauth.yml", &shown);
    let ran = place.run(&[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let tests = place.read("generated/tests/examples.rs");
    let long = "examples/schema_pet_name_1.json";
    assert!(tests.contains("Rex") && tests.contains(long), "{tests}");
    assert!(place.path("generated/tests").join(long).exists());
    assert!(place.read("generated/README.md").contains("`cargo test`"));
    place.write("generated/tests/mine.rs", "// mine\n");

    assert_eq!(place.run(&["--check", "--no-tests"]).code, Some(1));
    let ran = place.run(&["--no-tests"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains(", 4 removed;"), "{}", ran.stdout);
    let left = files(&place.path("generated/tests"));
    assert_eq!(left, [("mine.rs".into(), "// mine\n".to_owned())]);
    assert!(!place.read("generated/README.md").contains("`cargo test`"));
    assert_eq!(place.run(&["--check", "--no-tests"]).code, Some(0));
}
