//! Tests writing into folders that are not empty.

mod interruptions;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use tempfile::TempDir;

use super::formatted_files::MARK;
use super::*;
use crate::diagnostic::{Aborted, Diagnostics};
use crate::emit::manifest::Owned;
use crate::source::Sources;

/// Returns all files below a folder with their text and time, and all folders.
fn snapshot(root: &Path) -> BTreeMap<String, Option<(String, SystemTime)>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("it is below");
            let name = name.display().to_string();
            if path.is_dir() && !path.is_symlink() {
                found.insert(name, None);
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap_or_default();
                let modified = path.symlink_metadata().and_then(|it| it.modified());
                found.insert(name, Some((text, modified.expect("a time"))));
            }
        }
    }
    found
}

fn names(root: &Path) -> Vec<String> {
    snapshot(root).into_keys().collect()
}

fn files(list: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    for (path, text) in list {
        let text = if path.contains('/') {
            format!("// {MARK}\n{text}")
        } else {
            (*text).to_owned()
        };
        files.insert(path, text);
    }
    files
}

fn write_through(
    list: &[(&str, &str)],
    root: &Path,
    gate: &mut dyn FnMut(&Path) -> io::Result<()>,
) -> (Result<Comparison, Aborted>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let plan = Folder::open(root, &mut Sources::new(), &mut diagnostics).and_then(|folder| {
        let plan = Plan::new(files(list), Owned::default(), &folder, &mut diagnostics)?;
        plan.apply_through(folder, gate, &mut diagnostics)?;
        Ok(plan.comparison)
    });
    let codes = diagnostics
        .list()
        .iter()
        .map(|found| format!("{}: {:?}", found.code.0, found.location));
    (plan, codes.collect())
}

fn write(list: &[(&str, &str)], root: &Path) -> (Result<Comparison, Aborted>, Vec<String>) {
    write_through(list, root, &mut |_| Ok(()))
}

const CRATE: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\n"),
    ("data.txt", "1\n"),
    ("src/a/b.rs", "b\n"),
    ("src/lib.rs", "lib\n"),
];

fn generated() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let (plan, _) = write(CRATE, &folder.path().join("out"));
    assert_eq!(plan.map(|plan| plan.missing.len()), Ok(5));
    folder
}

#[test]
fn a_second_run_touches_nothing() {
    let folder = generated();
    let root = folder.path().join("out");
    let before = snapshot(&root);
    let (plan, _) = write(CRATE, &root);
    let plan = plan.expect("nothing is in the way");
    assert!(plan.is_up_to_date());
    assert_eq!(plan.unchanged.len(), 5);
    assert_eq!(snapshot(&root), before);
}

#[test]
fn only_changed_files_are_written() {
    let folder = generated();
    let root = folder.path().join("out");
    let before = snapshot(&root);
    let mut changed = CRATE.to_vec();
    changed[3] = ("src/lib.rs", "lib 2\n");
    let plan = write(&changed, &root).0.expect("nothing is in the way");
    assert_eq!(plan.stale, ["src/lib.rs", LIST]);
    let after = snapshot(&root);
    assert_eq!(after["src/a/b.rs"], before["src/a/b.rs"]);
    assert_ne!(after["src/lib.rs"], before["src/lib.rs"]);
}

#[test]
fn looking_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("out");
    let mut diagnostics = Diagnostics::default();
    let look =
        Folder::look(&root, &mut Sources::new(), &mut diagnostics).expect("it may be missing");
    let plan = Plan::new(files(CRATE), Owned::default(), &look, &mut diagnostics)
        .expect("nothing is in the way");
    assert!(!plan.comparison.is_up_to_date());
    assert!(!root.exists());
}

#[test]
fn stale_files_are_removed_with_their_folder() {
    let folder = generated();
    let root = folder.path().join("out");
    fs::write(root.join("src/mine.txt"), "mine").expect("a file of the user");
    let plan = write(&CRATE[..1], &root).0.expect("nothing is in the way");
    assert_eq!(plan.obsolete, ["data.txt", "src/a/b.rs", "src/lib.rs"]);
    assert_eq!(
        names(&root),
        [LIST, "Cargo.toml", "src", "src/mine.txt"],
        "the user's file stays, and so does its folder"
    );
}

#[test]
fn an_edited_file_that_is_not_generated_any_more_stays_with_a_warning() {
    let folder = generated();
    let root = folder.path().join("out");
    fs::write(root.join("data.txt"), "mine").expect("an edit");
    for _ in 0..2 {
        let (plan, codes) = write(&CRATE[..1], &root);
        assert_eq!(plan.map(|plan| plan.kept), Ok(vec!["data.txt".to_owned()]));
        assert_eq!(codes.len(), 1);
        assert!(codes[0].starts_with("edited-file-kept"), "{codes:?}");
    }
    assert!(root.join("data.txt").exists());
}

#[test]
fn a_file_of_the_user_is_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir(root.join("src")).expect("a folder");
    fs::write(root.join("src/lib.rs"), "mine").expect("a file of the user");
    fs::write(root.join("data.txt"), "mine").expect("a file of the user");
    let before = snapshot(root);
    let (plan, codes) = write(CRATE, root);
    assert_eq!(plan.err(), Some(Aborted));
    assert_eq!(codes.len(), 2, "both are named: {codes:?}");
    assert_eq!(snapshot(root), before);
}

#[test]
fn a_folder_with_a_program_is_somebody_elses() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir(root.join("src")).expect("a folder");
    fs::write(root.join("src/main.rs"), "fn main() {}").expect("a file of the user");
    fs::write(root.join("Cargo.toml"), "[package]\n# mine\n").expect("a file of the user");
    let before = snapshot(root);
    let (plan, codes) = write(CRATE, root);
    assert_eq!(plan.err(), Some(Aborted));
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert_eq!(snapshot(root), before);

    // A program that was added to a generated crate later belongs to the user.
    let folder = generated();
    let root = folder.path().join("out");
    fs::write(root.join("src/main.rs"), "fn main() {}").expect("a file of the user");
    assert!(write(CRATE, &root).0.is_ok());
}

#[test]
fn marked_files_are_found_without_the_list() {
    let folder = generated();
    let root = folder.path().join("out");
    fs::remove_file(root.join(LIST)).expect("the list");
    let mut changed = CRATE.to_vec();
    changed[3] = ("src/lib.rs", "lib 2\n");
    let plan = write(&changed, &root).0.expect("nothing is in the way");
    assert_eq!(plan.stale, ["src/lib.rs"]);
    assert_eq!(plan.missing, [LIST]);
}

#[test]
fn a_list_that_cannot_be_read_stops() {
    let folder = generated();
    let root = folder.path().join("out");
    fs::write(root.join(LIST), "[files]\n<<<<<<< HEAD\n").expect("a conflict");
    let (plan, codes) = write(CRATE, &root);
    assert_eq!(plan.err(), Some(Aborted));
    assert!(codes[0].starts_with("invalid-file-list"), "{codes:?}");
}

#[test]
fn a_folder_and_a_file_in_each_others_place_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::write(root.join("src"), "mine").expect("a file of the user");
    fs::create_dir(root.join("data.txt")).expect("a folder of the user");
    let before = snapshot(root);
    let (plan, codes) = write(CRATE, root);
    assert_eq!(plan.err(), Some(Aborted));
    assert_eq!(codes.len(), 2, "{codes:?}");
    assert_eq!(snapshot(root), before);

    let (plan, codes) = write(CRATE, &root.join("src"));
    assert_eq!(plan.err(), Some(Aborted));
    assert!(codes[0].starts_with("output-not-written"), "{codes:?}");
    let (plan, codes) = write(CRATE, &root.join("src/below"));
    assert_eq!(plan.err(), Some(Aborted));
    assert!(codes[0].starts_with("output-not-written"), "{codes:?}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let folder = generated();
    let root = folder.path().join("out");
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("b.rs"), "mine").expect("a file of the user");
    fs::remove_dir_all(root.join("src/a")).expect("a generated folder");
    std::os::unix::fs::symlink(&outside, root.join("src/a")).expect("a link");
    let before = snapshot(folder.path());
    let (plan, codes) = write(CRATE, &root);
    assert_eq!(plan.err(), Some(Aborted));
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert_eq!(snapshot(folder.path()), before);

    // The same if the target of the link is obsolete.
    let plan = write(&CRATE[..2], &root).0.expect("nothing is in the way");
    assert_eq!(plan.obsolete, ["src/lib.rs"]);
    assert!(outside.join("b.rs").exists());
}

#[cfg(unix)]
#[test]
fn read_only_files_are_unchanged() {
    use std::os::unix::fs::PermissionsExt;

    let folder = generated();
    let root = folder.path().join("out");
    let lib = root.join("src/lib.rs");
    let mut changed = CRATE.to_vec();
    changed[3] = ("src/lib.rs", "lib 2\n");
    for (path, read_only, usual) in [(&lib, 0o444, 0o644), (&root.join("src"), 0o555, 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(read_only)).expect("a mode");
        let before = snapshot(&root);
        let (plan, codes) = write(&changed, &root);
        assert_eq!(plan.err(), Some(Aborted));
        assert!(codes[0].starts_with("output-not-written"), "{codes:?}");
        assert_eq!(snapshot(&root), before);
        assert!(write(CRATE, &root).0.is_ok(), "there is nothing to write");
        fs::set_permissions(path, fs::Permissions::from_mode(usual)).expect("a mode");
    }
    assert!(write(&changed, &root).0.is_ok());
    let mode = lib.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "a file keeps its permissions");
}

#[test]
fn two_generators_at_once_take_turns() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("out");
    let crates: Vec<Vec<(String, String)>> = (0..4)
        .map(|n| {
            (0..20)
                .map(|file| (format!("src/f{file}.rs"), format!("{n}\n")))
                .collect()
        })
        .collect();
    std::thread::scope(|scope| {
        for files in &crates {
            let root = &root;
            scope.spawn(move || {
                let list: Vec<(&str, &str)> = files
                    .iter()
                    .map(|(path, text)| (path.as_str(), text.as_str()))
                    .collect();
                for _ in 0..5 {
                    assert!(write(&list, root).0.is_ok());
                }
            });
        }
    });
    let texts: std::collections::BTreeSet<String> = (0..20)
        .map(|file| fs::read_to_string(root.join(format!("src/f{file}.rs"))).expect("a file"))
        .collect();
    assert_eq!(texts.len(), 1, "all files are of one of them");
    assert_eq!(names(&root).len(), 22, "nothing else is left");
}
