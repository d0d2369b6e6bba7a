//! The results of a run, for build scripts and the command line.

mod excerpt;
mod group;
mod render;

use std::error;
use std::fmt::{self, Write as _};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Location, More, Scope, Severity};
use crate::lower;
use crate::source::Sources;
use crate::write::Comparison;

pub use self::group::{Detail, render};

/// All diagnostics of a run, with the files that they refer to.
#[derive(Debug)]
pub struct Findings {
    diagnostics: Diagnostics,
    sources: Sources,
}

/// The result of a successful run.
#[derive(Debug)]
pub struct Report {
    /// The number of types.
    pub types: usize,
    /// The number of operations.
    pub operations: usize,
    /// The differences on disk before the run. [`generate`](crate::Generator::generate) has
    /// resolved them.
    pub files: Comparison,
    /// The warnings.
    pub findings: Findings,
    pub(crate) untyped: Vec<lower::Untyped>,
}

/// A fault in the document, and the part of the crate that it affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub code: Code,
    /// The part of the document that is left out or widened.
    pub scope: Scope,
    /// The fault.
    pub message: String,
    /// The effect on the crate.
    pub effect: String,
    /// The affected operations, such as `GET /pets`; only the first ones if there are very many.
    pub affected: Vec<String>,
    /// The total number of affected operations.
    pub affected_count: usize,
    /// The name of the file.
    pub file: String,
    /// The line, starting at 1.
    pub line: usize,
    /// The column in characters, starting at 1.
    pub column: usize,
}

/// A location where a type of the generated crate is any JSON value, with the reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Untyped {
    /// The name of the file of the schema.
    pub file: String,
    /// The line, starting at 1.
    pub line: usize,
    /// The column in characters, starting at 1.
    pub column: usize,
    /// The reason for the type.
    pub reason: &'static str,
}

/// The error of a run: the document or the output folder is faulty.
///
/// `Display` and `Debug` both show all diagnostics with their locations, so that a build script
/// whose `main` returns it prints them like a compiler.
pub struct Error {
    findings: Box<Findings>,
}

impl Findings {
    pub(crate) fn new(diagnostics: Diagnostics, sources: Sources) -> Self {
        Self {
            diagnostics,
            sources,
        }
    }

    /// Returns the diagnostics in the order in which they were reported.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        self.diagnostics.list()
    }

    /// Renders the diagnostics as text with the lines of the document, with or without colors.
    ///
    /// The first two warnings of each kind are shown and the others counted, unless the run is
    /// [strict](crate::Generator::strict).
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let detail = if self.diagnostics.is_strict() {
            Detail::All
        } else {
            Detail::Grouped
        };
        self.render_with(detail, color)
    }

    /// Renders the diagnostics as text, with all warnings or with the first two of each kind.
    #[must_use]
    pub fn render_with(&self, detail: Detail, color: bool) -> String {
        let mut text = render(self.list(), &self.sources, detail, color);
        let More { errors, warnings } = self.more();
        // Writing to a string cannot fail.
        let _ = match (errors, warnings) {
            (0, 0) => Ok(()),
            (0, _) => writeln!(text, "... and {warnings} more warnings"),
            (_, 0) => writeln!(text, "... and {errors} more errors"),
            _ => writeln!(
                text,
                "... and {errors} more errors and {warnings} more warnings"
            ),
        };
        text
    }

    /// Returns an overlay that corrects the faults in the document in the same way as this run. It
    /// is a starting point: the actions leave out or widen the faulty parts.
    ///
    /// Returns `None` if no fault can be corrected by an overlay.
    #[must_use]
    pub fn overlay(&self) -> Option<String> {
        let list = group::in_order(self.list(), &self.sources);
        let mut entries = Vec::new();
        for diagnostic in list {
            let Some(remedy) = diagnostic.contained_remedy() else {
                continue;
            };
            let Some(first) = remedy.overlay.first() else {
                continue;
            };
            let comment = format!(
                "{}; {}",
                self.one_line(&diagnostic.clone().without_help()),
                remedy.effect
            );
            let comment = comment.replace(char::is_control, " ");
            let actions = remedy
                .overlay
                .iter()
                .map(|action| format!("  - {action}\n"));
            entries.push((first.target.clone(), comment, actions.collect::<String>()));
        }
        if entries.is_empty() {
            return None;
        }
        // Later items of a list first, because removing one moves those after it.
        entries.sort_by_cached_key(|(target, _, _)| std::cmp::Reverse(order(target)));
        let name = self.sources.name(FileId(0)).replace(char::is_control, " ");
        let title = serde_json::Value::from(format!("Corrections of {name}"));
        let mut text =
            format!("overlay: 1.1.0\ninfo:\n  title: {title}\n  version: 1.0.0\nactions:\n");
        for (_, comment, actions) in entries {
            let _ = write!(text, "  # {comment}\n{actions}");
        }
        Some(text)
    }

    /// Returns the faults in the document that affect the crate, in display order.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let list = group::in_order(self.list(), &self.sources).into_iter();
        let fault = |diagnostic: &Diagnostic| {
            let remedy = diagnostic.contained_remedy()?;
            let place = self.sources.find(&diagnostic.location);
            let place =
                place.map(|(file, span)| (file, self.sources.line_column(file, span.start)));
            Some(Fault {
                code: diagnostic.code,
                scope: remedy.scope,
                message: diagnostic.message.clone(),
                effect: remedy.effect.clone(),
                affected: remedy.affected.clone(),
                affected_count: remedy.affected_count,
                file: place
                    .map_or("", |(file, _)| self.sources.name(file))
                    .to_owned(),
                line: place.map_or(1, |(_, place)| place.line),
                column: place.map_or(1, |(_, place)| place.column),
            })
        };
        list.filter_map(fault).collect()
    }

    /// Returns the number of diagnostics that are not in the list.
    #[must_use]
    pub fn more(&self) -> More {
        self.diagnostics.more()
    }

    /// Returns each diagnostic as a JSON object on one line. If more were found than are kept, the
    /// last line has their number, as in `{"more":{"errors":0,"warnings":1}}`.
    pub fn json_lines(&self) -> impl Iterator<Item = String> {
        let list = self.list().iter();
        let lines = list.map(|one| render::to_json_line(one, &self.sources));
        lines.chain(render::more_json_line(self.more()))
    }

    /// Returns the files that were read.
    pub fn read(&self) -> impl Iterator<Item = &Path> {
        self.sources.paths()
    }

    /// Prints the instructions of a build script for Cargo. Errors are not printed: they make the
    /// build script fail.
    pub(crate) fn tell_cargo(&self) {
        for path in self.read() {
            // Cargo resolves a relative path from the folder of the package, not from the current
            // folder.
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let path = path.display().to_string();
            // A line break would end the instruction and start another.
            if !path.contains(char::is_control) {
                println!("cargo::rerun-if-changed={path}");
            }
        }
        if let Some(line) = self.warning_line() {
            println!("cargo::warning={line}");
        }
        let more = self.more().warnings;
        if more > 0 {
            println!("cargo::warning=... and {more} more warnings");
        }
    }

    /// Returns the line that a build script prints: the only warning, or the number of warnings and
    /// the command that shows them.
    fn warning_line(&self) -> Option<String> {
        let warnings = self.list().iter();
        let warnings = warnings.filter(|diagnostic| diagnostic.severity == Severity::Warning);
        let warnings: Vec<&Diagnostic> = warnings.collect();
        if let [only] = warnings.as_slice() {
            return Some(self.one_line(only));
        }
        let faults = warnings.iter().filter(|warning| warning.is_contained());
        let faults = match faults.count() {
            0 => String::new(),
            1 => ", 1 of them a fault that affects the crate".to_owned(),
            several => format!(", {several} of them faults that affect the crate"),
        };
        let document = self.sources.name(FileId(0));
        let line = format!(
            "{document}: {} warnings{faults}; `generator {document} --check --warnings all` shows them",
            warnings.len()
        );
        (!warnings.is_empty()).then(|| line.replace(char::is_control, " "))
    }

    fn one_line(&self, diagnostic: &Diagnostic) -> String {
        let place = match self.sources.find(&diagnostic.location) {
            Some((file, span)) => {
                let place = self.sources.line_column(file, span.start);
                let name = self.sources.name(file);
                format!("{name}:{}:{}: ", place.line, place.column)
            }
            None => String::new(),
        };
        let help = diagnostic.help.as_ref();
        let help = help.map_or(String::new(), |help| format!(" ({help})"));
        format!("{place}{}{help}", diagnostic.message).replace(char::is_control, " ")
    }
}

/// Splits a path into texts and numbers, to sort item 10 after item 9.
fn order(target: &str) -> Vec<(String, usize)> {
    let parts = target.split('[').map(|part| {
        let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
        (
            part[digits.len()..].to_owned(),
            digits.parse().unwrap_or_default(),
        )
    });
    parts.collect()
}

/// The reasons that the document itself gives, so that nothing is lost.
const OPEN: &[&str] = &[
    "a required property is not described",
    "one of the alternatives allows any value",
    "other properties may be anything",
    "the array's items are not described",
    "the media type has no schema",
    "the object's properties are not described",
    "the schema does not say what it is",
];

impl Report {
    /// Returns the files that were missing or stale, relative to the folder of the crate.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let files = self.files.missing.iter().chain(&self.files.stale);
        files.map(String::as_str)
    }

    /// Returns the locations where a type of the generated crate is any JSON value: first those
    /// where the document describes the value more exactly, then those where the document allows
    /// any value, each ordered by file and line. Variants of unions and enums that keep unknown
    /// values are not listed.
    #[must_use]
    pub fn untyped(&self) -> Vec<Untyped> {
        let sources = &self.findings.sources;
        let place = |untyped: &lower::Untyped| {
            let (file, span) = sources.find(&Location::from(&untyped.pointer))?;
            let start = sources.line_column(file, span.start);
            Some(Untyped {
                file: sources.name(file).to_owned(),
                line: start.line,
                column: start.column,
                reason: untyped.reason,
            })
        };
        let mut places: Vec<Untyped> = self.untyped.iter().filter_map(place).collect();
        places.sort_by_cached_key(|untyped| {
            let is_open = OPEN.contains(&untyped.reason);
            (is_open, untyped.reason, untyped.clone())
        });
        places.dedup();
        places
    }
}

impl fmt::Display for Untyped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            reason,
        } = self;
        write!(f, "{file}:{line}:{column}: {reason}")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            scope,
            message,
            effect,
            affected,
            affected_count,
            file,
            line,
            column,
        } = self;
        write!(
            f,
            "{file}:{line}:{column}: {scope}: {message} [{code}]; {effect}"
        )?;
        let named = affected.join(", ");
        match affected_count.saturating_sub(affected.len()) {
            0 if affected.is_empty() => Ok(()),
            0 => write!(f, " (affects {named})"),
            more => write!(f, " (affects {named} and {more} more)"),
        }
    }
}

impl Error {
    pub(crate) fn new(findings: Findings) -> Self {
        Self {
            findings: Box::new(findings),
        }
    }

    /// Returns the diagnostics.
    #[must_use]
    pub fn findings(&self) -> &Findings {
        &self.findings
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.findings.render(false).trim_end())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The standard library prints `Error: ` before it.
        write!(f, "\n{self}")
    }
}

impl error::Error for Error {}

#[cfg(test)]
mod tests {
    use crate::Generator;

    const FAULTY: &str = "\
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    A: {type: strng}
    B: {type: strng}
    C: {type: string, minLength: -1}
";

    #[test]
    fn a_build_script_shows_one_line() {
        let line = |text: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            let generator = Generator::from_text("a.yaml", text).out_dir(folder.path().join("a"));
            let report = generator.check().unwrap_or_else(|error| panic!("{error}"));
            report.findings.warning_line()
        };
        assert_eq!(
            line(FAULTY).as_deref(),
            Some(
                "a.yaml: 3 warnings, 2 of them faults that affect the crate; \
                 `generator a.yaml --check --warnings all` shows them"
            )
        );
        let one = FAULTY.replace("strng", "string");
        let one = line(&one).expect("a line");
        assert!(
            one.starts_with("a.yaml:8:34: ") && !one.contains('\n'),
            "{one}"
        );
        assert_eq!(
            line(&FAULTY.replace("strng", "string").replace("-1", "1")),
            None
        );
    }
}
