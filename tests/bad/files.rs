//! Files that a document refers to: only regular files in its folder, within the size limits.

use std::fs;
use std::path::Path;

use super::resources::run_with;
use super::{Place, Ran, write};

/// Creates a document in `inner` whose schema is in another file.
fn place(reference: &str) -> Place {
    let place = Place::empty();
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: Files, version: 1.0.0 }}\npaths: {{}}\n\
         components:\n  schemas:\n    A: {{ $ref: '{reference}' }}\n"
    );
    write(&place.folder.path().join("inner/api.yaml"), text.as_bytes());
    write(
        &place.folder.path().join("beside/a.yaml"),
        b"type: string\n",
    );
    write(
        &place.folder.path().join("inner/below/a.yaml"),
        b"type: string\n",
    );
    place
}

fn run(place: &Place, arguments: &[&str]) -> Ran {
    let mut all = vec!["inner/api.yaml", "--out", "crate", "--strict"];
    all.extend(arguments);
    run_with(place, &all)
}

/// Runs the generator in the folder of the document.
fn run_inside(place: &Place, arguments: &[&str]) -> Ran {
    let inner = Place::empty();
    let from = place.folder.path().join("inner");
    let document = from.join("api.yaml");
    let document = document.to_str().expect("text");
    let mut all = vec![document, "--out", "crate", "--strict"];
    all.extend(arguments);
    run_with(&inner, &all)
}

fn code(ran: &Ran) -> &str {
    let rest = ran.stderr.strip_prefix("error[").unwrap_or_default();
    rest.split(']').next().unwrap_or_default()
}

#[test]
fn references_cannot_leave_the_folder() {
    for reference in ["below/a.yaml", "./below/../below/a.yaml"] {
        let place = place(reference);
        assert_eq!(run(&place, &[]).code, Some(0), "{reference}");
        assert_eq!(run_inside(&place, &[]).code, Some(0), "{reference}");
    }
    let place = place("../beside/a.yaml");
    // The current folder contains the document's folder.
    assert_eq!(run(&place, &[]).code, Some(0));
    // The reference leaves the document's own folder.
    let ran = run_inside(&place, &[]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "outside-reference"));
    assert!(ran.stderr.contains("--ref-root DIR"), "{}", ran.stderr);
    let root = place.folder.path().to_str().expect("text");
    assert_eq!(run_inside(&place, &["--ref-root", root]).code, Some(0));
    let ran = run(&place, &["--ref-root", "inner"]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "outside-reference"));
    let message = "`../beside/a.yaml` is outside of the folder `inner`";
    assert!(ran.stderr.contains(message), "{}", ran.stderr);
    let ran = run(&place, &["--ref-root", "nowhere"]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "no-such-file"));
}

#[test]
fn diagnostics_reveal_nothing_about_files_outside() {
    for reference in [
        "../../no_such_file.yaml",
        "../../../../../../../../../../../../etc/passwd",
        "../../../../../../../../../../../../etc",
        "../../../../../../../../../../../../etc/no_such_file",
        "below/../../../a.yaml",
    ] {
        let ran = run(&place(reference), &[]);
        assert_eq!(
            (ran.code, code(&ran)),
            (Some(1), "outside-reference"),
            "{reference}"
        );
        assert!(!ran.stderr.contains("did you mean"), "{}", ran.stderr);
    }
}

#[test]
fn a_reference_to_a_file_outside_costs_its_schema_alone() {
    let place = place("../../outside.yaml");
    let ran = run_with(&place, &["inner/api.yaml", "--out", "crate"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let start = "warning[outside-reference]: `../../outside.yaml` is outside of the current folder";
    assert!(ran.stderr.starts_with(start), "{}", ran.stderr);
}

#[cfg(unix)]
#[test]
fn symbolic_links_cannot_leave_the_folder() {
    use std::os::unix::fs::symlink;

    let place = place("link.yaml");
    let link = place.folder.path().join("inner/link.yaml");
    symlink(place.folder.path().join("beside/a.yaml"), &link).expect("a link");
    assert_eq!(run(&place, &[]).code, Some(0));
    let ran = run_inside(&place, &[]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "outside-reference"));
    fs::remove_file(&link).expect("it is there");
    symlink("/dev/zero", &link).expect("a link");
    let ran = run(&place, &[]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "outside-reference"));
    let ran = run(&place, &["--ref-root", "/"]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "not-a-file"));
}

#[cfg(unix)]
#[test]
fn files_other_than_regular_ones_are_not_opened() {
    let place = place("pipe.yaml");
    let pipe = place.folder.path().join("inner/pipe.yaml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("it starts").success());
    let ran = run(&place, &[]);
    assert_eq!((ran.code, code(&ran)), (Some(1), "not-a-file"));
}

#[cfg(unix)]
#[test]
fn the_output_folder_cannot_block_a_run() {
    for name in ["Cargo.toml", ".generated.toml", "src/lib.rs"] {
        let place = place("below/a.yaml");
        let pipe = place.folder.path().join("crate").join(name);
        fs::create_dir_all(pipe.parent().expect("a folder")).expect("a folder");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.expect("it starts").success());
        let ran = run(&place, &[]);
        assert_eq!((ran.code, code(&ran)), (Some(1), "file-in-the-way"));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn files_of_the_kernel_do_not_hang() {
    for path in [
        "proc/kmsg",
        "proc/kcore",
        "proc/self/mem",
        "proc/self/pagemap",
        "proc/self/environ",
        "sys/kernel/debug/tracing/trace_pipe",
        "sys/kernel/tracing/trace_pipe",
        "dev/zero",
        "dev/random",
        "dev/tty",
    ] {
        if !Path::new("/").join(path).exists() {
            continue;
        }
        let climbing = format!("{}{path}", "../".repeat(20));
        let ran = run(&place(&climbing), &[]);
        assert_eq!(
            (ran.code, code(&ran)),
            (Some(1), "outside-reference"),
            "{path}"
        );
        let ran = run(&place(&climbing), &["--ref-root", "/"]);
        assert_eq!(ran.code, Some(1), "{path}: {}", ran.stderr);
    }
}
