//! The outcome of faulty documents in a lenient run: the diagnostics and the public items of the
//! crate, including those beside the removed parts.

use std::fmt::Write;

use generator::Generator;
use generator::diagnostic::{Diagnostic, Severity};

use super::{assert_pinned, documents};

/// Returns the pinned outcome of a document: its faults with their effects, and a summary of the
/// crate.
fn outcome(document: &str) -> String {
    let generator = Generator::new(format!("../tests/bad/{document}"))
        .package("contained")
        .tests(false)
        .out_dir("../target/no-such-folder/contained");
    let mut text = String::new();
    let report = match generator.check() {
        Ok(report) => report,
        Err(error) => {
            told(&mut text, error.findings().list());
            return text;
        }
    };
    told(&mut text, report.findings.list());
    let (types, operations) = (report.types, report.operations);
    let _ = writeln!(text, "\ntypes: {types}, operations: {operations}");
    let files = generator.generate_files().expect("it was checked");
    let mut sorted: Vec<_> = files.iter().collect();
    sorted.sort_by_key(|file| file.path.to_owned());
    for file in sorted {
        let path = file.path.display().to_string();
        let shown: Vec<&str> = match path.as_str() {
            "src/types.rs" => file.text.lines().filter(|line| is_shown(line)).collect(),
            "src/client.rs" => file
                .text
                .lines()
                .filter(|line| is_of_client(line))
                .collect(),
            path if path.starts_with("src/operations/") && !path.ends_with("mod.rs") => file
                .text
                .lines()
                .filter(|line| is_of_operation(line))
                .collect(),
            _ => continue,
        };
        if !shown.is_empty() {
            let _ = writeln!(text, "\n{path}\n{}", shown.join("\n"));
        }
    }
    text
}

fn told(text: &mut String, findings: &[Diagnostic]) {
    let mut lines: Vec<String> = Vec::new();
    for found in findings {
        let severity = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let mut line = format!("{severity}[{}]: {}", found.code, found.message);
        if let Some(remedy) = &found.remedy {
            let _ = write!(line, "\n  {}: {}", remedy.scope, remedy.effect);
        }
        lines.push(line);
    }
    let _ = writeln!(text, "{}", lines.join("\n"));
}

fn is_words(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with("//") || line.starts_with("#[") || line == "}"
}

fn is_shown(line: &str) -> bool {
    !is_words(line) && !line.trim_start().starts_with("use ")
}

fn is_of_client(line: &str) -> bool {
    let line = line.trim_start();
    let is_usual = ["pub const SERVERS", "pub fn builder", "Server::new(\"/\""];
    ["pub ", "Server::new", "&[Variable", "\"http"]
        .iter()
        .any(|start| line.starts_with(start))
        && !is_usual.iter().any(|usual| line.starts_with(usual))
}

fn is_of_operation(line: &str) -> bool {
    let line = line.trim_start();
    let starts = [
        "pub fn",
        "pub struct",
        "pub enum",
        "pub ",
        "const ",
        "type Output",
        "type Failure",
        "request",
        ".",
    ];
    starts.iter().any(|start| line.starts_with(start)) && !line.starts_with("type Failure = NoF")
}

#[test]
fn a_bad_document_has_the_pinned_outcome_in_a_lenient_run() {
    for document in documents("bad") {
        let text = outcome(&document);
        let is_fatal = text.starts_with("error[");
        // Each fault states its effect.
        let faults = text.lines().filter(|line| line.starts_with("warning["));
        assert!(is_fatal || faults.count() > 0, "{document}");
        assert!(is_fatal || text.contains("\n  "), "{document}");
        assert_pinned("bad", &format!("{document}.contained"), &text);
    }
}
