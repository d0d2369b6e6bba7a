//! What a run found and did, for build scripts and for the command line.

use std::error;
use std::fmt::{self, Write as _};
use std::path::Path;

use crate::diagnostic::{
    self, Code, Detail, Diagnostic, Diagnostics, FileId, Location, More, Scope, Severity,
};
use crate::lower;
use crate::source::Sources;
use crate::write::Comparison;

/// Everything that a run found, with the texts that it is about.
#[derive(Debug)]
pub struct Findings {
    diagnostics: Diagnostics,
    sources: Sources,
}

/// What a successful run did.
#[derive(Debug)]
pub struct Report {
    /// How many types were made.
    pub types: usize,
    /// How many operations were made.
    pub operations: usize,
    /// What differed on disk: after [`generate`](crate::Generator::generate) it does no longer.
    pub files: Comparison,
    /// The warnings.
    pub findings: Findings,
    pub(crate) untyped: Vec<lower::Untyped>,
}

/// A fault of the document, and the part of the crate that it costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub code: Code,
    /// The part of the document that is left out or widened.
    pub scope: Scope,
    /// What is wrong.
    pub message: String,
    /// What the crate does instead.
    pub effect: String,
    /// The operations that are affected, such as `GET /pets`; the first of them where there are
    /// very many.
    pub affected: Vec<String>,
    /// How many operations are affected in all.
    pub affected_count: usize,
    /// The file, as it is shown.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A place where the generated crate has a type for any JSON value, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Untyped {
    /// The file of the schema, as it is shown.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// Why the document leaves the value open.
    pub reason: &'static str,
}

/// The document or the output folder is at fault.
///
/// `Display` and `Debug` both show every finding with its place, so that a
/// build script whose `main` returns it reads like a compiler's error.
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

    /// The findings in the order in which they were made.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        self.diagnostics.list()
    }

    /// Returns the findings as text with the lines that they are about, colored for a terminal or
    /// plain.
    ///
    /// Of many warnings the first of each kind are shown and the others are counted, unless the run
    /// is [strict](crate::Generator::strict).
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let detail = if self.diagnostics.is_strict() {
            Detail::All
        } else {
            Detail::Grouped
        };
        self.render_with(detail, color)
    }

    /// Returns the findings as text, with all warnings or with the first of each kind.
    #[must_use]
    pub fn render_with(&self, detail: Detail, color: bool) -> String {
        let mut text = diagnostic::render(self.list(), &self.sources, detail, color);
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

    /// Returns an overlay with the actions that correct the faults of the document in the way in
    /// which this run continued after them. It is a start: the actions leave out or widen the parts
    /// at fault.
    ///
    /// `None` where no fault can be corrected by an overlay.
    #[must_use]
    pub fn overlay(&self) -> Option<String> {
        let list = diagnostic::in_order(self.list(), &self.sources);
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
        // Later items of a list first: to remove one moves those after it.
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

    /// Returns the faults of the document that cost a part of the crate, in the order in which they
    /// are shown.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let list = diagnostic::in_order(self.list(), &self.sources).into_iter();
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

    /// How many findings there are beyond those in the list.
    #[must_use]
    pub fn more(&self) -> More {
        self.diagnostics.more()
    }

    /// Each finding as a JSON object on a line; where there are more than are kept, a last line says
    /// how many, as in `{"more":{"errors":0,"warnings":1}}`.
    pub fn json_lines(&self) -> impl Iterator<Item = String> {
        let list = self.list().iter();
        let lines = list.map(|one| diagnostic::to_json_line(one, &self.sources));
        lines.chain(diagnostic::more_json_line(self.more()))
    }

    /// The files that were read.
    pub fn read(&self) -> impl Iterator<Item = &Path> {
        self.sources.paths()
    }

    /// Prints what a build script has to say to Cargo. Errors are not among it: they fail it.
    pub(crate) fn tell_cargo(&self) {
        for path in self.read() {
            // A relative path would be one from the package's folder, whatever the current one is.
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            let path = path.display().to_string();
            // A line break would be the end of the instruction and the start of another.
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

    /// Returns the one line that a build script shows: the only warning, or how many there are and
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

/// Splits a path into texts and numbers, so that item 10 comes after item 9.
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

/// The causes that are the document's own choice, and no loss.
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
    /// The files that were not as they should be, relative to the crate's folder.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let files = self.files.missing.iter().chain(&self.files.stale);
        files.map(String::as_str)
    }

    /// Where the generated crate has a type for any JSON value, by cause: first where the document
    /// describes the value and the type does not, then where the document leaves it open; each by
    /// file and line. The variant of a union or an enum that keeps unknown values is not listed.
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

    /// What was found.
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
        // `Error: ` stands before it.
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
