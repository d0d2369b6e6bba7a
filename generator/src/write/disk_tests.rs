//! Tests writing into folders that are not empty.

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

/// A crate that differs from the one above in all ways.
const NEXT: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\n# 2\n"),
    ("new/deep/c.rs", "c\n"),
    ("src/lib.rs", "lib 2\n"),
];

const NAMES_OF_NEXT: &[&str] = &[
    LIST,
    "Cargo.toml",
    "new",
    "new/deep",
    "new/deep/c.rs",
    "src",
    "src/lib.rs",
];

/// The number of disk operations between the two: a folder, four new files and five old ones, the
/// journal; two folders, four files placed and two removed; the journal.
const STEPS: usize = 20;

#[test]
fn a_fault_at_any_step_leaves_the_folder_unchanged() {
    let folder = generated();
    let root = folder.path().join("out");
    let before = snapshot(&root);
    let mut step = 0;
    loop {
        let mut left = step;
        let (plan, codes) = write_through(NEXT, &root, &mut |_| {
            if left == 0 {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            left -= 1;
            Ok(())
        });
        if plan.is_ok() {
            break;
        }
        assert_eq!(codes.len(), 1, "{codes:?}");
        assert_eq!(snapshot(&root), before, "step {step}");
        step += 1;
    }
    assert_eq!(step, STEPS);
    assert_eq!(names(&root), NAMES_OF_NEXT);
}

/// Runs up to a step, and ends there like a killed process, without restoring anything.
fn killed_at(step: usize, list: &[(&str, &str)], root: &Path) {
    let mut left = step;
    let killed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        write_through(list, root, &mut |_| {
            if left == 0 {
                // Without a message, because there would be one for each step.
                std::panic::resume_unwind(Box::new(()));
            }
            left -= 1;
            Ok(())
        })
    }));
    assert!(killed.is_err(), "there is no step {step}");
}

#[test]
fn a_run_that_is_killed_at_any_step_is_undone_by_the_next() {
    for step in 0..STEPS {
        let folder = generated();
        let root = folder.path().join("out");
        fs::write(root.join("src/mine.rs"), "mine").expect("a file of the user");
        let before = snapshot(&root);
        killed_at(step, NEXT, &root);

        // `look` changes nothing.
        let between = snapshot(&root);
        let mut diagnostics = Diagnostics::default();
        Folder::look(&root, &mut Sources::new(), &mut diagnostics).expect("it is there");
        assert_eq!(snapshot(&root), between, "step {step}");

        // The old crate is restored with its times, even if the next run is killed immediately.
        killed_at(0, NEXT, &root);
        assert_eq!(snapshot(&root), before, "step {step}");
        let (plan, codes) = write(NEXT, &root);
        assert!(plan.is_ok(), "step {step}: {codes:?}");
        assert_eq!(names(&root).len(), NAMES_OF_NEXT.len() + 1, "step {step}");
    }
    println!("killed at {STEPS} steps");
}

#[test]
fn files_changed_after_a_kill_are_kept() {
    let folder = generated();
    let root = folder.path().join("out");
    // All steps except the journal are done.
    killed_at(STEPS - 1, NEXT, &root);
    fs::write(root.join("Cargo.toml"), "[package]\n# mine\n").expect("an edit");
    fs::write(root.join("new/deep/c.rs"), "mine").expect("an edit");
    let mut diagnostics = Diagnostics::default();
    Folder::open(&root, &mut Sources::new(), &mut diagnostics).expect("nothing is in the way");
    let after = snapshot(&root);
    let text = |name: &str| after[name].as_ref().map(|(text, _)| text.clone());
    assert_eq!(text("Cargo.toml").as_deref(), Some("[package]\n# mine\n"));
    assert_eq!(text("new/deep/c.rs").as_deref(), Some("mine"));
    assert_eq!(text("data.txt").as_deref(), Some("1\n"));
    assert!(!root.join(journal::STAGING).exists());
}

#[test]
fn a_journal_of_somebody_else_reaches_nothing_outside() {
    let folder = generated();
    let root = folder.path().join("out");
    let outside = folder.path().join("outside.txt");
    fs::write(&outside, "mine").expect("a file of the user");
    let staging = root.join(journal::STAGING);
    for path in ["../outside.txt", "/etc/passwd", "src/../../outside.txt", ""] {
        fs::create_dir(&staging).expect("a folder");
        fs::write(staging.join("0.old"), "theirs").expect("a file");
        let text = format!(
            "folders = []\n[[file]]\npath = {path:?}\nold = \"00\"\nnew = \"{:016x}\"\n",
            generated_toml::hash(b"mine")
        );
        fs::write(staging.join("journal.toml"), text).expect("a journal");
        let (plan, codes) = write(NEXT, &root);
        assert_eq!(plan.err(), Some(Aborted), "{path}");
        assert!(codes[0].starts_with("output-not-written"), "{codes:?}");
        assert_eq!(fs::read_to_string(&outside).expect("it is there"), "mine");
        fs::remove_dir_all(&staging).expect("it goes");
    }
    // The same for the target of a link.
    #[cfg(unix)]
    {
        let elsewhere = folder.path().join("elsewhere");
        fs::create_dir(&elsewhere).expect("a folder");
        fs::write(elsewhere.join("mine.txt"), "mine").expect("a file of the user");
        std::os::unix::fs::symlink(&elsewhere, &staging).expect("a link");
        let (plan, codes) = write(NEXT, &root);
        assert_eq!(plan.err(), Some(Aborted), "{codes:?}");
        assert!(elsewhere.join("mine.txt").exists());
    }
}

/// A file system of some KiB, if this user may mount one.
#[cfg(target_os = "linux")]
struct SmallDisk(TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn new(kib: usize) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let options = format!("size={kib}k");
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then(|| Self(folder))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg(self.0.path())
            .status();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_folder_unchanged() {
    let Some(disk) = SmallDisk::new(128) else {
        println!("not tested: this user may not mount a file system");
        return;
    };
    let root = disk.0.path().join("out");
    assert!(write(CRATE, &root).0.is_ok());
    let before = snapshot(&root);
    let large = "x".repeat(200 * 1024);
    let (plan, codes) = write(
        &[("Cargo.toml", "[package]\n"), ("src/lib.rs", &large)],
        &root,
    );
    assert_eq!(plan.err(), Some(Aborted));
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert!(codes[0].starts_with("output-not-written"), "{codes:?}");
    assert_eq!(snapshot(&root), before);
    assert!(write(NEXT, &root).0.is_ok(), "there is room for this");
}

#[test]
fn a_failure_removes_a_new_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("a/b/out");
    let mut fault = |_: &Path| Err(io::Error::from(io::ErrorKind::StorageFull));
    let (plan, _) = write_through(CRATE, &root, &mut fault);
    assert_eq!(plan.err(), Some(Aborted));
    assert!(!folder.path().join("a").exists());
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
