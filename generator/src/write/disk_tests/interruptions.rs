//! A run that fails or is killed at any step leaves the folder unchanged, or is undone.

use super::*;

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
