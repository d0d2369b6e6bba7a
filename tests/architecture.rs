//! Checks that a stage only uses earlier stages.

use std::fs;
use std::path::{Path, PathBuf};

/// The stages, in the order in which each may use the previous ones. `ir` comes before `lower`,
/// which creates it, and `emit`, which reads it.
const STAGES: &[&str] = &[
    "source",
    "bundle",
    "repair",
    "normalize",
    "document",
    "ir",
    "lower",
    "emit",
    "write",
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_stage_uses_a_later_one() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("generator/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut seen = 0;
    let mut against = Vec::new();
    for file in files {
        let below = file.strip_prefix(&source).expect("it is below");
        let name = below.to_string_lossy().replace('\\', "/");
        // Tests may use later stages to check results.
        if name.contains("test") {
            continue;
        }
        let stage = name.split(['/', '.']).next().unwrap_or_default();
        let Some(place) = STAGES.iter().position(|other| *other == stage) else {
            continue;
        };
        seen += 1;
        let text = fs::read_to_string(&file).expect("the file can be read");
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for later in &STAGES[place + 1..] {
            if text.contains(&format!("crate::{later}::")) {
                against.push(format!("{name} uses {later}"));
            }
        }
    }
    assert!(seen > 50, "{seen} files");
    assert!(against.is_empty(), "{against:#?}");
}

/// `serde_yaml` is archived by its author. Only one file imports it, so that it can be replaced.
#[test]
fn one_file_imports_serde_yaml() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("generator/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    files.retain(|file| {
        let text = fs::read_to_string(file).expect("the file can be read");
        text.contains("serde_yaml::")
    });
    assert_eq!(files, [source.join("source/yaml.rs")]);
}
