//! Diagnostics: faults in a document, with their locations and suggested fixes.

pub mod code;
mod remedy;
mod shorten;
mod suggestions;

use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

pub use self::remedy::{Edit, OverlayAction, Remedy, Scope};
pub use self::suggestions::nearest;
use crate::output_limits::{FINDING_BYTES, FINDINGS};
use crate::pointer::Pointer;

/// The severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The crate is generated; the message states the effect.
    Warning,
}

/// The stable name of one kind of diagnostic, such as `unresolved-reference`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub(crate) &'static str);

impl Code {
    /// Returns the name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// One of the files that the document was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub(crate) usize);

/// The part of a node: its key or its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The key in the object that contains the node.
    Key,
    /// The node itself.
    Value,
}

/// A location in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A node of the bundled document; the file is looked up when it is shown.
    Node(Pointer, Part),
    /// A byte range of a file.
    Span(FileId, Range<usize>),
    /// A file without a text to show.
    File(String),
}

/// A diagnostic.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The severity.
    pub severity: Severity,
    /// The kind of diagnostic.
    pub code: Code,
    /// The fault: lower case, without a full stop.
    pub message: String,
    /// The location.
    pub location: Location,
    /// The text at the marker, which can be empty.
    pub label: String,
    /// The suggested fix.
    pub help: Option<String>,
    /// Other locations that explain it, such as "first declared here".
    pub related: Vec<(Location, String)>,
    /// The way to continue after the fault. For an error it is a proposal. A warning with a remedy
    /// is a repaired fault.
    pub remedy: Option<Box<Remedy>>,
}

impl Diagnostic {
    /// Creates an error at a location.
    pub fn error(code: Code, location: impl Into<Location>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, location.into(), message.into())
    }

    /// Creates a warning at a location.
    pub fn warning(code: Code, location: impl Into<Location>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, location.into(), message.into())
    }

    fn new(severity: Severity, code: Code, location: Location, message: String) -> Self {
        Self {
            severity,
            code,
            message,
            location,
            label: String::new(),
            help: None,
            related: Vec::new(),
            remedy: None,
        }
    }

    /// Returns the size of its texts and locations in bytes.
    fn size(&self) -> usize {
        let related = self.related.iter();
        let places = related.clone().map(|(location, _)| location);
        let places = places.chain([&self.location]).map(|place| match place {
            Location::Node(pointer, _) => pointer.as_str().len(),
            Location::File(name) => name.len(),
            Location::Span(..) => 0,
        });
        let texts = [&self.message, &self.label].into_iter();
        let texts = texts
            .chain(&self.help)
            .chain(related.map(|(_, label)| label));
        places.chain(texts.map(String::len)).sum()
    }

    /// Truncates its texts, which can contain names of any length.
    fn shorten(&mut self) {
        let related = self.related.iter_mut().map(|(_, label)| label);
        let texts = [&mut self.message, &mut self.label].into_iter();
        for text in texts.chain(&mut self.help).chain(related) {
            shorten::shorten(text);
        }
    }

    /// Sets the text at the marker.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the suggested fix.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another location that explains the diagnostic.
    #[must_use]
    pub fn related(mut self, location: impl Into<Location>, label: impl Into<String>) -> Self {
        self.related.push((location.into(), label.into()));
        self
    }

    /// Proposes how to continue after this error, if the smallest part that contains it does not
    /// follow from its location.
    #[must_use]
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(Box::new(remedy));
        self
    }

    /// Returns the warning for an error that was contained.
    #[must_use]
    pub(crate) fn contained(mut self, remedy: Remedy) -> Self {
        self.severity = Severity::Warning;
        self.remedy(remedy)
    }

    /// Removes the help.
    pub(crate) fn without_help(mut self) -> Self {
        self.help = None;
        self
    }

    /// Returns `true` if this is a repaired fault.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.contained_remedy().is_some()
    }

    /// Returns the remedy of a fault that was contained.
    ///
    /// Returns `None` for an error, whose remedy is only a proposal.
    pub(crate) fn contained_remedy(&self) -> Option<&Remedy> {
        let remedy = self.remedy.as_deref();
        remedy.filter(|_| self.severity == Severity::Warning)
    }
}

impl From<Pointer> for Location {
    fn from(pointer: Pointer) -> Self {
        Self::Node(pointer, Part::Value)
    }
}

impl From<&Pointer> for Location {
    fn from(pointer: &Pointer) -> Self {
        Self::Node(pointer.clone(), Part::Value)
    }
}

impl Pointer {
    /// Returns the location of the key of this node.
    #[must_use]
    pub fn key(&self) -> Location {
        Location::Node(self.clone(), Part::Key)
    }
}

/// The diagnostics of all stages so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Hashes of the diagnostics so far, to report a shared schema only once.
    reported: HashSet<u64>,
    hasher: RandomState,
    errors: Count,
    warnings: Count,
    policy: Policy,
}

/// The number of diagnostics of a severity.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: usize,
    kept: usize,
    /// The size of the stored diagnostics, in bytes.
    bytes: usize,
}

/// The number of diagnostics that are counted but not kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct More {
    /// Further errors.
    pub errors: usize,
    /// Further warnings.
    pub warnings: usize,
}

/// The treatment of faults and warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// True if a fault in the document stops the run. Otherwise the part with the fault is repaired
    /// or removed.
    pub strict: bool,
    /// True if warnings are errors. Implies `strict`.
    pub deny_warnings: bool,
    /// Codes of warnings that are suppressed. Errors are always reported.
    pub allowed: Vec<Code>,
}

/// The error of a stage that ended with errors, which are in the [`Diagnostics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aborted;

impl Diagnostics {
    /// Creates an empty list with a policy.
    #[must_use]
    pub fn with_policy(policy: Policy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Adds a diagnostic, unless the same one was added for the same location, or it is a
    /// suppressed warning.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Warning {
            if self.policy.allowed.contains(&diagnostic.code) {
                return;
            }
            if self.policy.deny_warnings {
                diagnostic.severity = Severity::Error;
            }
        }
        let key = (diagnostic.code, &diagnostic.location, &diagnostic.message);
        if !self.reported.insert(self.hasher.hash_one(key)) {
            return;
        }
        diagnostic.shorten();
        let bytes = diagnostic.size();
        let count = self.count_mut(diagnostic.severity);
        count.all += 1;
        // The first one is kept, whatever its size.
        if count.kept == 0 || count.kept < FINDINGS && count.bytes + bytes <= FINDING_BYTES {
            count.kept += 1;
            count.bytes += bytes;
            self.list.push(diagnostic);
        }
    }

    /// Counts diagnostics that are not kept.
    pub(crate) fn count(&mut self, severity: Severity, more: usize) {
        self.count_mut(severity).all += more;
    }

    fn count_mut(&mut self, severity: Severity) -> &mut Count {
        match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        }
    }

    /// Returns the number of diagnostics that are not in the [`list`](Self::list).
    #[must_use]
    pub fn more(&self) -> More {
        More {
            errors: self.errors.all - self.errors.kept,
            warnings: self.warnings.all - self.warnings.kept,
        }
    }

    /// Adds a fault that the remedy has already repaired, or an error in a strict run.
    ///
    /// Returns `true` if it was repaired.
    pub(crate) fn fault(&mut self, error: Diagnostic, remedy: impl FnOnce() -> Remedy) -> bool {
        if self.is_strict() {
            self.push(error);
            return false;
        }
        self.push(error.contained(remedy()));
        true
    }

    /// Returns an empty list with the same policy.
    pub(crate) fn fork(&self) -> Self {
        Self::with_policy(self.policy.clone())
    }

    /// Adds the diagnostics of another list.
    pub(crate) fn extend(&mut self, other: Self) {
        let More { errors, warnings } = other.more();
        for diagnostic in other.list {
            self.push(diagnostic);
        }
        self.count(Severity::Error, errors);
        self.count(Severity::Warning, warnings);
    }

    /// Removes and returns all diagnostics.
    pub(crate) fn take(&mut self) -> Vec<Diagnostic> {
        self.reported.clear();
        self.errors = Count::default();
        self.warnings = Count::default();
        std::mem::take(&mut self.list)
    }

    /// Returns whether a fault in the document stops the run.
    pub(crate) fn is_strict(&self) -> bool {
        self.policy.strict || self.policy.deny_warnings
    }

    /// Returns the diagnostics in the order in which they were added, up to a limit of errors and
    /// of warnings.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Returns whether any diagnostic is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors.all > 0
    }

    /// Ends a stage.
    ///
    /// # Errors
    /// Returns [`Aborted`] if any diagnostic so far is an error.
    pub fn finish(&self) -> Result<(), Aborted> {
        if self.has_errors() {
            Err(Aborted)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output_limits::FINDING_TEXT;

    #[test]
    fn stops_at_errors_only() {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Ok(()));
        diagnostics.push(Diagnostic::error(code::TAB, Pointer::root(), "e"));
        assert_eq!(diagnostics.finish(), Err(Aborted));
        assert_eq!(diagnostics.list().len(), 2);
    }

    #[test]
    fn reports_equal_diagnostics_at_one_place_once() {
        let mut diagnostics = Diagnostics::default();
        for message in ["one", "other", "one"] {
            diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), message));
        }
        assert_eq!(diagnostics.list().len(), 2);
    }

    #[test]
    fn stores_a_limited_number() {
        let mut diagnostics = Diagnostics::default();
        for number in 0..FINDINGS + 7 {
            let message = format!("w{number}");
            diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), message));
        }
        let long = "é".repeat(FINDING_TEXT);
        diagnostics.push(Diagnostic::error(code::TAB, Pointer::root(), long));
        assert_eq!(diagnostics.list().len(), FINDINGS + 1);
        let expected = More {
            errors: 0,
            warnings: 7,
        };
        assert_eq!(diagnostics.more(), expected);
        let last = diagnostics.list().last().expect("the error");
        assert_eq!(last.message.len(), FINDING_TEXT + "…".len());
    }

    #[test]
    fn warnings_follow_the_policy() {
        let mut diagnostics = Diagnostics::with_policy(Policy {
            deny_warnings: true,
            allowed: vec![code::TAB],
            ..Policy::default()
        });
        diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Ok(()));
        diagnostics.push(Diagnostic::warning(code::YAML_TAG, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Err(Aborted));
        let mut diagnostics = Diagnostics::with_policy(Policy {
            allowed: vec![code::TAB],
            ..Policy::default()
        });
        diagnostics.push(Diagnostic::error(code::TAB, Pointer::root(), "e"));
        assert_eq!(diagnostics.finish(), Err(Aborted));
    }
}
