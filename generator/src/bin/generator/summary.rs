//! The output of a run, apart from its diagnostics.

use std::collections::BTreeMap;

use generator::diagnostic::Scope;
use generator::{Fault, Report, Untyped};

use crate::arguments::{Generate, MessageFormat};

/// Returns the summary of a run as one line.
pub fn summary(arguments: &Generate, report: &Report, seconds: f64) -> String {
    let removed = match report.files.obsolete.len() {
        0 => String::new(),
        number => format!(", {number} removed"),
    };
    format!(
        "{}: {}, {}{}; {} written, {} unchanged{removed}; {seconds:.2} s\n",
        arguments.out.display(),
        count(report.types, "type"),
        count(report.operations, "operation"),
        affected(&report.findings.faults()),
        count(report.written().count(), "file"),
        report.files.unchanged.len(),
    )
}

/// Returns the number of parts of each kind that faults in the document affect.
pub fn affected(faults: &[Fault]) -> String {
    let mut scopes: BTreeMap<Scope, usize> = BTreeMap::new();
    for fault in faults {
        *scopes.entry(fault.scope).or_default() += 1;
    }
    let counts = scopes.into_iter();
    let counts = counts.map(|(scope, number)| count(number, &scope.as_str().replace('-', " ")));
    let counts: Vec<String> = counts.collect();
    match counts.as_slice() {
        [] => String::new(),
        [first @ .., last] if !first.is_empty() => format!(
            "; {} and {last} affected by faults in the document (see the warnings)",
            first.join(", ")
        ),
        only => format!(
            "; {} affected by faults in the document (see the warnings)",
            only.join("")
        ),
    }
}

/// Returns the faults for `--report-faults`, one per line.
pub fn faults(arguments: &Generate, report: &Report) -> String {
    let mut lines = String::new();
    let faults = arguments.report_faults.then(|| report.findings.faults());
    for fault in faults.into_iter().flatten() {
        match arguments.message_format {
            MessageFormat::Human => lines += &fault.to_string(),
            MessageFormat::Json => {
                let fault = serde_json::json!({
                    "code": fault.code.as_str(), "scope": fault.scope.as_str(),
                    "message": fault.message, "effect": fault.effect, "affected": fault.affected,
                    "affectedCount": fault.affected_count,
                    "file": fault.file, "line": fault.line, "column": fault.column,
                });
                lines += &serde_json::json!({ "fault": fault }).to_string();
            }
        }
        lines.push('\n');
    }
    lines
}

/// Returns the differences for `--check`, one file per line.
pub fn differences(arguments: &Generate, report: &Report) -> String {
    let files = &report.files;
    if files.is_up_to_date() {
        let files = count(files.unchanged.len(), "file");
        return format!("{}: up to date, {files}\n", arguments.out.display());
    }
    let kinds = [
        ("missing", &files.missing),
        ("stale", &files.stale),
        ("obsolete", &files.obsolete),
        ("edited and obsolete", &files.kept),
    ];
    let lines = kinds.into_iter().flat_map(|(kind, paths)| {
        let line = move |path| format!("{kind}: {}\n", arguments.out.join(path).display());
        paths.iter().map(line)
    });
    lines.collect()
}

/// Returns the locations for `--report-untyped`, one per line.
pub fn untyped(arguments: &Generate, report: &Report) -> String {
    let mut lines = String::new();
    let places = arguments.report_untyped.then(|| report.untyped());
    for place in places.into_iter().flatten() {
        match arguments.message_format {
            MessageFormat::Human => lines += &place.to_string(),
            MessageFormat::Json => {
                let Untyped {
                    file,
                    line,
                    column,
                    reason,
                } = place;
                let place = serde_json::json!({
                    "file": file, "line": line, "column": column, "reason": reason,
                });
                lines += &serde_json::json!({ "untyped": place }).to_string();
            }
        }
        lines.push('\n');
    }
    lines
}

/// Returns the summary as JSON, without values that differ between two runs.
pub fn json(report: &Report) -> String {
    let files = &report.files;
    let summary = serde_json::json!({
        "types": report.types,
        "operations": report.operations,
        "faults": report.findings.faults().len(),
        "missing": files.missing,
        "stale": files.stale,
        "unchanged": files.unchanged,
        "obsolete": files.obsolete,
        "kept": files.kept,
    });
    format!("{summary}\n")
}

pub fn count(number: usize, thing: &str) -> String {
    match (number, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some("securit")) => format!("{number} security parts"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {thing}s"),
    }
}
