//! Checks the documents for readers: excerpts and examples in the README, names and paths in all of them.

mod cargo;

use std::fs;
use std::path::{Path, PathBuf};

use generator::Generator;

const PETS: &str = "\
openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
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
                $ref: '#/components/schemas/Pett'
components:
  schemas:
    Pet: { type: object }
";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the file is there")
}

/// Returns the fenced block that contains a text.
fn block(language: &str, inside: &str) -> String {
    let readme = read("README.md");
    readme
        .split(&format!("```{language}\n"))
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(block, _)| block)
        .find(|block| block.contains(inside))
        .unwrap_or_else(|| panic!("no block with {inside}"))
        .to_owned()
}

/// Asserts that each line of an excerpt is in the file, in the same order.
fn is_excerpt(excerpt: &str, path: &str) {
    let text = read(path);
    let mut lines = text.lines();
    for line in excerpt.lines().filter(|line| !line.is_empty()) {
        if line.trim() != "// ..." {
            assert!(lines.any(|other| other == line), "{path} has no {line:?}");
        }
    }
}

#[test]
fn the_excerpts_are_of_the_files() {
    is_excerpt(&block("yaml", "/oauth/register"), "spec/oauth.yml");
    for (text, path) in EXCERPTS {
        is_excerpt(&block("rust", text), path);
    }
}

/// A text from each block of Rust that is an excerpt of a file. Other tests compile these files.
const EXCERPTS: &[(&str, &str)] = &[
    (
        "pub struct OAuthDynamicRegistrationRequest",
        "generated/src/types.rs",
    ),
    ("object!", "generated/src/codec.rs"),
    ("items()", "tests/features/operations/pagination/wire.rs"),
    (
        "ClientCredentials::new",
        "tests/features/security/oauth2/wire.rs",
    ),
    (".stream()", "tests/features/operations/streams/wire.rs"),
    ("stream_with", "tests/features/operations/streams/wire.rs"),
    ("save_to", "tests/features/operations/streams/wire.rs"),
];

/// A text from each block of Rust that is a whole file.
const FILES: &[(&str, &str)] = &[
    ("generator::Generator", "build.rs"),
    ("#[tokio::main]", "src/main.rs"),
];

/// A text from each block of Rust that is a module.
const MODULES: &[&str] = &[
    "pub async fn calls",
    "pub fn types",
    "pub fn blocking",
    "pub async fn mocks",
];

#[test]
fn every_block_of_rust_is_compiled() {
    let texts = EXCERPTS.iter().chain(FILES).map(|(text, _)| *text);
    let texts: Vec<&str> = texts.chain(MODULES.iter().copied()).collect();
    let readme = read("README.md");
    let blocks: Vec<&str> = readme.split("```rust\n").skip(1).collect();
    assert_eq!(blocks.len(), texts.len());
    for block in blocks {
        let (block, _) = block.split_once("```").expect("the block ends");
        let found = texts.iter().filter(|text| block.contains(**text));
        assert_eq!(found.count(), 1, "{block}");
    }
}

#[test]
fn the_warning_in_the_readme_is_that_of_the_generator() {
    let report = Generator::from_text("spec/pets.yaml", PETS)
        .out_dir("target/no-such-folder/pets")
        .check()
        .unwrap_or_else(|error| panic!("{error}"));
    let shown = report.findings.render(false);
    assert!(
        shown.contains(block("text", "warning[").trim_end()),
        "{shown}"
    );
}

#[test]
fn the_build_script_and_the_call_compile_outside_of_the_workspace() {
    let place = root().join("target/readme");
    let write = |path: &str, text: &str| {
        let path = place.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    };
    let path = |name: &str| -> PathBuf { root().join(name) };
    let manifest = format!(
        "[package]\nname = \"readme\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\
         [dependencies]\ngenerated = {{ path = {:?}, features = [\"blocking\", \"observer\", \"testing\"] }}\n\
         serde_json = \"1\"\n\
         tokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\
         [build-dependencies]\ngenerator = {{ path = {:?}, default-features = false }}\n",
        path("generated"),
        path("generator"),
    );
    write("Cargo.toml", &manifest);
    cargo::alone(&place);
    write("spec/oauth.yml", &read("spec/oauth.yml"));
    for (text, path) in FILES {
        write(path, &block("rust", text));
    }
    let modules = MODULES.iter().enumerate().map(|(i, snippet)| {
        let block = block("rust", snippet);
        format!("pub mod snippet_{i} {{\n{block}}}\n")
    });
    write("src/lib.rs", &modules.collect::<String>());
    let _ = fs::remove_dir_all(place.join("generated"));
    let output = cargo::plain(&place, &["build"]).output();
    let output = output.expect("cargo runs");
    assert!(output.status.success(), "{}", cargo::stderr(&output));
    // The build script has written the crate with the given name.
    let written = fs::read_to_string(place.join("generated/src/types.rs"));
    assert_eq!(written.ok(), Some(read("generated/src/types.rs")));
    let manifest = fs::read_to_string(place.join("generated/Cargo.toml"));
    assert!(manifest.is_ok_and(|text| text.contains("name = \"oauth-client\"")));
}

/// Returns the texts between backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_tests_that_hold_a_rule_are_there() {
    let map = read("tests/README.md");
    let (_, rules) = map.split_once("## Values").expect("the rules follow");
    let mut file = String::new();
    let mut count = 0;
    for text in rules
        .lines()
        .flat_map(|line| line.split(": "))
        .flat_map(quoted)
    {
        let path = root().join("tests").join(text);
        if path.is_file() {
            file = fs::read_to_string(path).expect("it can be read");
        } else if text.contains('/') {
            assert!(path.is_dir(), "there is no tests/{text}");
        } else if text.contains('_') {
            assert!(
                file.contains(&format!("fn {text}(")),
                "there is no test `{text}`"
            );
            count += 1;
        }
    }
    assert!(count > 60, "only {count} tests are named");
}

/// Returns the documents whose paths must exist.
fn documents() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md"]
        .iter()
        .map(|name| root().join(name))
        .collect();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found
}

/// The folders that paths in a document may be relative to.
const BASES: &[&str] = &["", "generator/src", "generated"];

/// Names in the form of a path that are not files of this repository, but of the user or of a run.
const NOT_HERE: &[&str] = &[
    ".generated.staging",
    "values.yaml",
    "wire.rs",
    "openapi.yaml",
];

/// Returns `true` if a text in backquotes has the form of a path: `write.rs`, `generator/src`,
/// `.ci/run`.
fn is_path(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let is_media_type = ["application/", "image/", "multipart/", "text/event-stream"]
        .iter()
        .any(|start| text.starts_with(start));
    let extensions = ["rs", "md", "toml", "yml", "yaml", "snap", "in"];
    let extension = Path::new(text).extension().and_then(|name| name.to_str());
    let has_extension = extension.is_some_and(|name| extensions.contains(&name));
    let is_inside = text.contains('/') && !text.starts_with(['/', '-']);
    text.chars().all(allowed)
        && !is_media_type
        && (is_inside || has_extension)
        && !NOT_HERE.contains(&text)
}

/// Returns the paths in a document that do not exist.
///
/// A name without a folder is relative to the folder in the heading or earlier in the paragraph.
fn missing_paths(text: &str) -> Vec<String> {
    let mut missing = Vec::new();
    let mut heading: Option<PathBuf> = None;
    let mut folder: Option<PathBuf> = None;
    let outside_of_blocks = text.split("```").step_by(2);
    for line in outside_of_blocks.flat_map(str::lines) {
        if line.trim().is_empty() {
            folder.clone_from(&heading);
        }
        if line.starts_with('#') {
            heading = None;
        }
        for name in quoted(line).filter(|text| is_path(text)) {
            let is_bare = !name.trim_end_matches('/').contains('/');
            let near = folder.iter().map(|folder| folder.join(name));
            let from = BASES.iter().map(|base| root().join(base).join(name));
            let mut all = near.filter(|_| is_bare || name.ends_with('/')).chain(from);
            match all.find(|path| path.exists()) {
                Some(_) if is_bare => {}
                Some(path) if path.is_dir() => folder = Some(path),
                Some(path) => folder = path.parent().map(Path::to_owned),
                None => missing.push(name.to_owned()),
            }
        }
        if line.starts_with('#') {
            heading.clone_from(&folder);
        }
    }
    missing
}

#[test]
fn the_paths_in_the_documents_exist() {
    let documents = documents();
    assert!(documents.len() > 8, "{documents:?}");
    for document in documents {
        let text = fs::read_to_string(&document).expect("the file can be read");
        let missing = missing_paths(&text);
        assert!(missing.is_empty(), "{}: {missing:?}", document.display());
    }
}

#[test]
fn a_path_that_does_not_exist_is_found() {
    let text = "\
# About `generator/src/source/`

`yaml.rs`, `nothing.rs` and `application/json`.

`generator/src/lower/schema.rs` and `naming.rs`, `lower/nothing.rs`, `generator/sources`

```rust
`lower/not_read.rs`
```

In another paragraph: `naming.rs` and `CHANGES.md`, `README.md`
";
    let expected = [
        "nothing.rs",
        "lower/nothing.rs",
        "generator/sources",
        "naming.rs",
        "CHANGES.md",
    ];
    assert_eq!(missing_paths(text), expected);
}

/// Returns the numbers of a document's rules, each with its title.
fn rules(text: &str) -> Vec<(String, String)> {
    let items = text.replace('\n', " ");
    let parts = items.split(". **").collect::<Vec<_>>();
    let pairs = parts.windows(2).filter_map(|pair| {
        let [before, after] = pair else { return None };
        let number = before.rsplit(' ').next()?;
        let (title, _) = after.split_once("**")?;
        let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
        number.parse::<usize>().ok()?;
        Some((number.to_owned(), title))
    });
    pairs.collect()
}

#[test]
fn the_wire_rules_have_the_same_numbers_in_both_documents() {
    let described = rules(&read("docs/wire-rules.md"));
    assert_eq!(described.len(), 41);
    assert_eq!(described, rules(&read("tests/README.md")));
    for (index, (number, _)) in described.iter().enumerate() {
        assert_eq!(*number, (index + 1).to_string());
    }
}
