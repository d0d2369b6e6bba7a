//! Repeated runs on the same crate: written, removed and foreign files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use generator::{Generator, Report};
use tempfile::TempDir;

/// Returns a document with an operation for each tag.
fn document(version: &str, tags: &[&str]) -> String {
    let paths = tags.iter().map(|tag| {
        format!(
            "  /{tag}:\n    get:\n      operationId: list-{tag}\n      tags: [{tag}]\n      \
             responses:\n        '204':\n          description: Nothing\n"
        )
    });
    let paths: String = paths.collect();
    format!("openapi: 3.1.0\ninfo:\n  title: Things\n  version: {version}\npaths:\n{paths}")
}

/// Returns every file below a folder, with its text and time.
fn snapshot(root: &Path) -> BTreeMap<String, (String, SystemTime)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("text");
                let time = path
                    .metadata()
                    .and_then(|it| it.modified())
                    .expect("a time");
                let name = path.strip_prefix(root).expect("it is below");
                found.insert(name.display().to_string(), (text, time));
            }
        }
    }
    found
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder }
    }

    fn generator(&self, document: &str) -> Generator {
        Generator::from_text("things.yaml", document).out_dir(self.folder.path().join("things"))
    }

    fn generate(&self, document: &str) -> Report {
        self.generator(document)
            .generate()
            .expect("the document and the folder are in order")
    }

    fn snapshot(&self) -> BTreeMap<String, (String, SystemTime)> {
        snapshot(&self.folder.path().join("things"))
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join("things").join(name);
        fs::write(path, text).expect("a file");
    }
}

#[test]
fn the_same_document_gives_the_same_bytes_and_no_write() {
    let place = Place::new();
    let text = document("1.0.0", &["cats", "dogs"]);
    let first = place.generate(&text);
    let before = place.snapshot();
    assert_eq!(first.written().count(), before.len());
    let second = place.generate(&text);
    assert!(second.files.is_up_to_date());
    assert_eq!(second.written().count(), 0);
    assert_eq!(place.snapshot(), before);

    let files = place
        .generator(&text)
        .generate_files()
        .expect("a crate in memory");
    for file in files.iter() {
        let written = before.get(&file.path.display().to_string());
        assert_eq!(written.map(|(text, _)| text.as_str()), Some(file.text));
    }
    assert_eq!(files.len() + 1, before.len(), "all but the list of files");
}

#[test]
fn unchanged_files_are_not_touched() {
    let place = Place::new();
    place.generate(&document("1.0.0", &["cats"]));
    let before = place.snapshot();
    let report = place.generate(&document("1.0.1", &["cats"]));
    let after = place.snapshot();
    assert!(
        report.files.stale.contains(&"Cargo.toml".to_owned()),
        "{:?}",
        report.files
    );
    for path in &report.files.unchanged {
        assert_eq!(after[path], before[path], "{path}");
    }
    assert!(!report.files.unchanged.is_empty());
}

#[test]
fn the_users_files_stay_and_stale_generated_ones_are_removed() {
    let place = Place::new();
    place.generate(&document("1.0.0", &["cats", "dogs"]));
    place.write("src/mine.rs", "// mine\n");
    place.write("NOTES.md", "mine\n");
    let manifest = place.snapshot()["Cargo.toml"].0.clone();
    place.write(
        "Cargo.toml",
        &format!("{manifest}\n[lints.rust]\nunused = \"deny\" # mine\n"),
    );
    let report = place.generate(&document("1.0.0", &["cats"]));
    let after = place.snapshot();
    assert_eq!(report.files.obsolete, ["src/operations/dogs.rs"]);
    assert!(!after.contains_key("src/operations/dogs.rs"));
    assert_eq!(after["src/mine.rs"].0, "// mine\n");
    assert_eq!(after["NOTES.md"].0, "mine\n");
    assert!(after["Cargo.toml"].0.contains("unused = \"deny\" # mine\n"));
}

#[test]
fn a_folder_with_a_foreign_crate_is_unchanged() {
    let place = Place::new();
    fs::create_dir_all(place.folder.path().join("things/src")).expect("a folder");
    place.write(
        "Cargo.toml",
        "[package]\nname = \"mine\"\nversion = \"0.1.0\"\n",
    );
    place.write("src/lib.rs", "//! Mine.\n");
    let before = place.snapshot();
    let error = place
        .generator(&document("1.0.0", &["cats"]))
        .generate()
        .expect_err("a file is in the way");
    let error = error.to_string();
    assert!(
        error.contains("lib.rs") && error.contains("help: "),
        "{error}"
    );
    assert_eq!(place.snapshot(), before);
}

#[test]
fn an_error_shows_its_findings_in_display_and_debug() {
    let place = Place::new();
    let error = place
        .generator("info: {}\n")
        .generate()
        .expect_err("this is no document");
    let shown = error.to_string();
    assert!(shown.starts_with("error["), "{shown}");
    assert_eq!(format!("{error:?}"), format!("\n{shown}"));
    assert!(!place.folder.path().join("things").exists());
}

#[test]
fn the_deepest_schema_that_is_read_needs_no_large_stack() {
    // The limit is 128 levels, including the path to the schema.
    let mut schema = "{type: string}".to_owned();
    for _ in 0..118 {
        schema = format!("{{type: array, items: {schema}}}");
    }
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Deep, version: 1.0.0}}\ncomponents:\n  schemas:\n    Deep: {schema}\n"
    );
    let place = Place::new();
    let generator = place.generator(&text);
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small.spawn(move || generator.generate_files().map(|files| files.len()));
    let made = thread.expect("a thread").join().expect("no overflow");
    assert!(made.is_ok(), "{made:?}");
}
