//! What is wrong with a document, where, and what to write instead.

pub mod code;
mod excerpt;
mod fault;
mod group;
mod render;

use std::collections::HashSet;
use std::fmt;
use std::ops::Range;

pub use self::fault::{Edit, OverlayAction, Remedy, Scope};
pub use self::group::{Detail, in_order, render};
pub use self::render::to_json_line;
use crate::pointer::Pointer;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// The crate is generated; the message says what it does instead.
    Warning,
}

/// The stable name of one kind of diagnostic, such as `unresolved-reference`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub(crate) &'static str);

impl Code {
    /// The name.
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

/// Whether a location means a node's key or what stands under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The key in the object that holds the node.
    Key,
    /// The node itself.
    Value,
}

/// A place in what was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Location {
    /// A node of the bundled document; the file is looked up when it is shown.
    Node(Pointer, Part),
    /// Bytes of a file, where there is no document yet.
    Span(FileId, Range<usize>),
    /// A file that has no text to show.
    File(String),
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is.
    pub code: Code,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where.
    pub location: Location,
    /// A few words at the marker; may be empty.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Other places that explain it: "first declared here".
    pub related: Vec<(Location, String)>,
    /// How to continue after the fault. In an error it is a proposal; a warning that has one is a
    /// fault that was contained in this way.
    pub remedy: Option<Box<Remedy>>,
}

impl Diagnostic {
    /// An error at a location.
    pub fn error(code: Code, location: impl Into<Location>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, location.into(), message.into())
    }

    /// A warning at a location.
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

    /// Adds the words at the marker.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that explains the finding.
    #[must_use]
    pub fn related(mut self, location: impl Into<Location>, label: impl Into<String>) -> Self {
        self.related.push((location.into(), label.into()));
        self
    }

    /// Proposes how to continue after this error, where the smallest part that contains it is not
    /// the one that its location tells.
    #[must_use]
    pub fn remedy(mut self, remedy: Remedy) -> Self {
        self.remedy = Some(Box::new(remedy));
        self
    }

    /// Returns the warning for an error that the generator continues after.
    #[must_use]
    pub(crate) fn contained(mut self, remedy: Remedy) -> Self {
        self.severity = Severity::Warning;
        self.remedy(remedy)
    }

    /// Leaves out what to write instead.
    pub(crate) fn without_help(mut self) -> Self {
        self.help = None;
        self
    }

    /// Whether this is a fault that was contained.
    #[must_use]
    pub fn is_contained(&self) -> bool {
        self.severity == Severity::Warning && self.remedy.is_some()
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
    /// The location of the key under which this node stands.
    #[must_use]
    pub fn key(&self) -> Location {
        Location::Node(self.clone(), Part::Key)
    }
}

/// The findings of all stages so far.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// What stands in the list: a schema that is used twice is found wrong once.
    said: HashSet<(Code, Location, String)>,
    policy: Policy,
}

/// What becomes of faults and of warnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Whether a fault of the document stops the run, instead of costing the part that contains it.
    pub strict: bool,
    /// Whether warnings are errors. Implies `strict`.
    pub deny_warnings: bool,
    /// Those that are not told, before anything else. An error is told in any case.
    pub allowed: Vec<Code>,
}

/// A stage ended with errors; they are in the [`Diagnostics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl Diagnostics {
    /// An empty list that treats warnings in this way.
    #[must_use]
    pub fn with_policy(policy: Policy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Adds a finding, unless the same was said of the same place, or it is a warning that is
    /// allowed.
    pub fn push(&mut self, mut diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Warning {
            if self.policy.allowed.contains(&diagnostic.code) {
                return;
            }
            if self.policy.deny_warnings {
                diagnostic.severity = Severity::Error;
            }
        }
        let key = (
            diagnostic.code,
            diagnostic.location.clone(),
            diagnostic.message.clone(),
        );
        if self.said.insert(key) {
            self.list.push(diagnostic);
        }
    }

    /// Adds a fault that costs nothing but what the remedy says: an error where the run is strict.
    ///
    /// Returns whether it is contained.
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

    /// Adds the findings of another list.
    pub(crate) fn extend(&mut self, other: Self) {
        for diagnostic in other.list {
            self.push(diagnostic);
        }
    }

    /// Takes all findings out.
    pub(crate) fn take(&mut self) -> Vec<Diagnostic> {
        self.said.clear();
        std::mem::take(&mut self.list)
    }

    /// Whether any fault of the document stops the run.
    pub(crate) fn is_strict(&self) -> bool {
        self.policy.strict || self.policy.deny_warnings
    }

    /// All findings, in the order in which they were made.
    #[must_use]
    pub fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Whether any finding is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        let mut list = self.list.iter();
        list.any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Ends a stage.
    ///
    /// # Errors
    /// [`Stopped`] where any finding so far is an error.
    pub fn finish(&self) -> Result<(), Stopped> {
        if self.has_errors() {
            Err(Stopped)
        } else {
            Ok(())
        }
    }
}

/// The name of `names` that was most likely meant by `name`, for a "did you mean".
///
/// `None` where none is like it.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    /// Enough for the names of any document that a person writes.
    const MOST: usize = 20_000;
    const LONGEST: usize = 100;
    if name.len() > LONGEST {
        return None;
    }
    let limit = name.chars().count().max(3) / 3;
    let fold = |text: &str| text.to_lowercase().replace(['_', '-', ' ', '.'], "");
    let folded = fold(name);
    let names = names.into_iter().take(MOST);
    let like = names
        .filter(|other| other.len().abs_diff(name.len()) <= limit.max(3) && other.len() <= LONGEST);
    let distance = |other: &str| {
        if fold(other) == folded {
            0
        } else {
            strsim::damerau_levenshtein(name, other)
        }
    };
    like.map(|other| (distance(other), other))
        // A short name of which nothing is left is another one.
        .filter(|(distance, _)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_was_meant() {
        let names = ["Pet", "Pets", "pet_owner", "Österreich", "Zebra"];
        for (name, expected) in [
            ("Pett", Some("Pet")),
            ("PetOwner", Some("pet_owner")),
            ("Osterreich", Some("Österreich")),
            ("zebra", Some("Zebra")),
            ("Elephant", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
        let long = "x".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }

    #[test]
    fn stops_at_errors_only() {
        let mut diagnostics = Diagnostics::default();
        diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Ok(()));
        diagnostics.push(Diagnostic::error(code::TAB, Pointer::root(), "e"));
        assert_eq!(diagnostics.finish(), Err(Stopped));
        assert_eq!(diagnostics.list().len(), 2);
    }

    #[test]
    fn tells_the_same_of_one_place_once() {
        let mut diagnostics = Diagnostics::default();
        for message in ["one", "other", "one"] {
            diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), message));
        }
        assert_eq!(diagnostics.list().len(), 2);
    }

    #[test]
    fn warnings_are_as_the_policy_says() {
        let mut diagnostics = Diagnostics::with_policy(Policy {
            deny_warnings: true,
            allowed: vec![code::TAB],
            ..Policy::default()
        });
        diagnostics.push(Diagnostic::warning(code::TAB, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Ok(()));
        diagnostics.push(Diagnostic::warning(code::YAML_TAG, Pointer::root(), "w"));
        assert_eq!(diagnostics.finish(), Err(Stopped));
        let mut diagnostics = Diagnostics::with_policy(Policy {
            allowed: vec![code::TAB],
            ..Policy::default()
        });
        diagnostics.push(Diagnostic::error(code::TAB, Pointer::root(), "e"));
        assert_eq!(diagnostics.finish(), Err(Stopped));
    }
}
