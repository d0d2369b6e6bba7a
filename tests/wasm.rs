//! Generated crates compile for `wasm32-unknown-unknown`. If that target is not installed, the test
//! prints that it is skipped.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use generator::Generator;

const TARGET: &str = "wasm32-unknown-unknown";

/// Documents that use pages, idempotency keys, streams, files, tokens, and dates and UUIDs.
const DOCUMENTS: &[&str] = &[
    "spec/oauth.yml",
    "tests/features/operations/pagination/openapi.yaml",
    "tests/features/operations/idempotency/openapi.yaml",
    "tests/features/operations/streams/openapi.yaml",
    "tests/features/operations/multipart/openapi.yaml",
    "tests/features/security/oauth2/openapi.yaml",
    "tests/features/scalars/formats/openapi.yaml",
];

fn is_installed() -> bool {
    let listed = Command::new("rustup")
        .args(["target", "list", "--installed"])
        .output();
    listed.is_ok_and(|listed| {
        let targets = String::from_utf8_lossy(&listed.stdout).into_owned();
        targets.lines().any(|target| target == TARGET)
    })
}

#[test]
fn generated_crates_compile_for_browsers() {
    if !is_installed() {
        // The macros would print into the test's own output, which is shown only if it fails.
        let skipped = format!("SKIPPED: the target {TARGET} is not installed");
        writeln!(std::io::stderr(), "{skipped}").expect("it can be printed");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = root.join("target/wasm");
    let members: Vec<String> = (1..=DOCUMENTS.len())
        .map(|i| format!("crate-{i}"))
        .collect();
    for (document, member) in DOCUMENTS.iter().zip(&members) {
        Generator::new(root.join(document))
            .out_dir(workspace.join(member))
            .package(member)
            .tests(false)
            .generate()
            .unwrap_or_else(|error| panic!("{document}: {error}"));
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    fs::write(workspace.join("Cargo.toml"), manifest).expect("the workspace can be written");
    fs::copy(root.join("Cargo.lock"), workspace.join("Cargo.lock"))
        .expect("the lock file can be copied");
    let output = Command::new(env!("CARGO"))
        .args(["check", "--workspace", "--target", TARGET, "--features"])
        .arg("wasm,tower,tracing")
        .current_dir(&workspace)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
