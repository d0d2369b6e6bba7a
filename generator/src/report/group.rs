//! Renders many diagnostics as readable text: all errors, and the first warnings of each kind.

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::render::render_one;
use crate::diagnostic::{Code, Diagnostic, Scope, Severity, code};
use crate::source::Sources;

/// The maximum number of warnings of one code that are shown.
const MOST_OF_A_CODE: usize = 2;

/// The maximum number of codes whose warnings are shown.
const MOST_CODES: usize = 10;

/// The maximum number of errors that are shown.
const MOST_ERRORS: usize = 20;

/// The warnings to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The first two of each kind, without those about examples, and the number of the others.
    #[default]
    Grouped,
    /// All kinds.
    All,
}

/// The subject of a diagnostic, in display order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Error,
    /// A fault that affects a part of the document.
    Fault(Scope),
    Warning,
    /// Texts for readers.
    Annotation,
    Example,
}

/// Codes of warnings that affect only texts for readers.
const ANNOTATIONS: &[Code] = &[code::INVALID_URL, code::UNKNOWN_OPERATION];

fn rank(diagnostic: &Diagnostic) -> Rank {
    if diagnostic.severity == Severity::Error {
        return Rank::Error;
    }
    if diagnostic.code == code::INVALID_EXAMPLE {
        return Rank::Example;
    }
    match diagnostic.remedy.as_deref().map(|remedy| remedy.scope) {
        Some(Scope::Example) => Rank::Example,
        Some(Scope::Annotation) => Rank::Annotation,
        Some(scope) => Rank::Fault(scope),
        None if ANNOTATIONS.contains(&diagnostic.code) => Rank::Annotation,
        None => Rank::Warning,
    }
}

/// Returns the diagnostics in display order: errors, then those that affect the generated crate,
/// then those about texts and examples; each by file and location.
#[must_use]
pub fn in_order<'a>(list: &'a [Diagnostic], sources: &Sources) -> Vec<&'a Diagnostic> {
    let mut list: Vec<&Diagnostic> = list.iter().collect();
    list.sort_by_cached_key(|diagnostic| {
        let place = sources.find(&diagnostic.location);
        let place = place.map(|(file, span)| (file, span.start));
        (rank(diagnostic), place)
    });
    list
}

/// Renders the diagnostics in the style of rustc. Returns an empty text without diagnostics.
#[must_use]
pub fn render(list: &[Diagnostic], sources: &Sources, detail: Detail, color: bool) -> String {
    let list = in_order(list, sources);
    let errors = list.partition_point(|one| one.severity == Severity::Error);
    let (errors, warnings) = list.split_at(errors);
    let mut text = String::new();
    let show = |text: &mut String, diagnostic: &Diagnostic| {
        text.push_str(&render_one(diagnostic, sources, color));
        text.push_str("\n\n");
    };
    for error in errors.iter().take(MOST_ERRORS) {
        show(&mut text, error);
    }
    if let Some(more) = errors.len().checked_sub(MOST_ERRORS + 1) {
        let _ = writeln!(text, "... and {} more errors\n", more + 1);
    }
    if detail == Detail::All {
        for warning in warnings {
            show(&mut text, warning);
        }
        return text;
    }
    let mut groups: IndexMap<Code, Vec<&Diagnostic>> = IndexMap::new();
    for warning in warnings {
        groups.entry(warning.code).or_default().push(warning);
    }
    let mut is_complete = true;
    let shown = |group: &[&Diagnostic]| {
        let is_shown = |one: &&&Diagnostic| rank(one) != Rank::Example;
        group.iter().filter(is_shown).count()
    };
    let mut codes = 0;
    for group in groups.values() {
        let count = shown(group);
        if count > 0 {
            codes += 1;
        }
        if count == 0 || codes > MOST_CODES {
            is_complete = false;
            continue;
        }
        for warning in group.iter().take(MOST_OF_A_CODE.min(count)) {
            show(&mut text, warning);
        }
        if let Some(more) = count.checked_sub(MOST_OF_A_CODE).filter(|more| *more > 0) {
            is_complete = false;
            let _ = writeln!(text, ".. and {more} more like it (all: `--warnings all`)\n");
        }
    }
    if !is_complete {
        text.push_str(&counts(&groups, warnings.len()));
    }
    text
}

/// Returns one line per code with the number of its warnings.
fn counts(groups: &IndexMap<Code, Vec<&Diagnostic>>, total: usize) -> String {
    let width = groups.keys().map(|code| code.as_str().len()).max();
    let width = width.unwrap_or_default();
    let mut text = format!("{total} warnings (all: `--warnings all`):\n");
    for (code, group) in groups {
        let _ = writeln!(text, "  {:width$}  {}", code.as_str(), group.len());
    }
    text
}
