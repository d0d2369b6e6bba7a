//! What a run found and did, for build scripts and for the command line.

use std::error;
use std::fmt;
use std::path::Path;

use crate::diagnostic::{self, Diagnostic, Diagnostics, Location, More, Severity};
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

/// A place where `serde_json::Value` stands in the generated crate, and why.
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

    /// The findings as text with the lines that they are about, coloured for a terminal or plain.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        diagnostic::render_counted(self.list(), self.more(), &self.sources, color)
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
        let warnings = self
            .list()
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Warning);
        for warning in warnings {
            println!("cargo::warning={}", self.one_line(warning));
        }
        let more = self.more().warnings;
        if more > 0 {
            println!("cargo::warning=... and {more} more warnings");
        }
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

impl Report {
    /// The files that were not as they should be, relative to the crate's folder.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let files = self.files.missing.iter().chain(&self.files.stale);
        files.map(String::as_str)
    }

    /// Where `serde_json::Value` stands in the generated crate, by file and line.
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
        places.sort();
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
