//! Continues after a fault of the document: the smallest part that contains it is widened or left
//! out.
//!
//! The later stages report what is wrong and do not repair. Here each of their errors becomes a
//! change of the document, which is then read again. This ends: a change that does not remove the
//! error is followed by one of a larger part.

mod affected;
mod candidates;
mod describe;
mod edit;
mod overlay;
mod reference;

use std::collections::HashSet;

use serde_json::Value;

use self::affected::Dependents;
use crate::bundle::Broken;
use crate::bundle::grammar::{Kind, shape_at};
use crate::diagnostic::{Code, Diagnostic, Edit, FileId, Location, Remedy, code};
use crate::pointer::Pointer;
use crate::source::Sources;

/// So many times a document is read again.
pub const MOST_PASSES: usize = 200;

/// Errors that no change of a part of the document removes.
const FATAL: &[Code] = &[
    code::MISSING_VERSION,
    code::UNSUPPORTED_VERSION,
    code::TOO_DEEP,
    code::TOO_LARGE,
    code::TOO_MANY_ALIASES,
    code::TOO_MANY_COPIES,
    code::FILE_TOO_LARGE,
    code::NO_THREAD,
];

/// A bundled document that is being repaired.
#[derive(Debug)]
pub struct Repair {
    value: Value,
    /// The faults that are contained so far.
    faults: Vec<Diagnostic>,
    /// The nodes that were set: to set one again would not help.
    set: HashSet<Pointer>,
    /// What became of the faults, by the schema or operation that each is in.
    notes: Vec<(Pointer, String)>,
}

impl Repair {
    /// Begins with a bundled document.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self {
            value,
            faults: Vec::new(),
            set: HashSet::new(),
            notes: Vec::new(),
        }
    }

    /// The document with all changes so far.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What became of the faults, by the schema or operation that each is in.
    #[must_use]
    pub fn notes(&self) -> &[(Pointer, String)] {
        &self.notes
    }

    /// What became of the faults, and what they are, for the crate's front page.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        let faults = self.faults.iter().filter_map(|fault| {
            let effect = &fault.remedy.as_deref()?.effect;
            let mut characters = effect.chars();
            let first = characters.next()?.to_uppercase();
            let effect: String = first.chain(characters).collect();
            Some(format!("{effect}: {}", fault.message))
        });
        faults.collect()
    }

    /// Notes what becomes of a fault at the smallest schema or operation that contains it.
    fn note(&mut self, remedy: &Remedy) {
        let Some(edit) = remedy.edits.first() else {
            return;
        };
        let is_removed = matches!(edit, Edit::Remove(_));
        let mut at = Some(edit.pointer().clone());
        if is_removed {
            at = edit.pointer().parent();
        }
        while let Some(pointer) = at {
            let kind = shape_at(&pointer).kind();
            if matches!(kind, Some(Kind::Schema | Kind::Operation)) {
                self.notes.push((pointer, remedy.effect.clone()));
                return;
            }
            at = pointer.parent();
        }
    }

    /// The faults that are contained, as warnings.
    #[must_use]
    pub fn into_faults(self) -> Vec<Diagnostic> {
        self.faults
    }

    /// Repairs the references that `bundle` has reported.
    ///
    /// # Errors
    /// The errors that cannot be contained.
    pub fn references(
        &mut self,
        errors: Vec<Diagnostic>,
        broken: &[Broken],
        sources: &mut Sources,
    ) -> Result<(), Vec<Diagnostic>> {
        let root = FileId(0);
        let is_fatal = |error: &Diagnostic| {
            FATAL.contains(&error.code)
                || matches!(&error.location, Location::Span(file, _) if *file == root)
        };
        if broken.is_empty() || errors.iter().any(is_fatal) {
            return Err(errors);
        }
        let errors: Vec<Diagnostic> = errors
            .into_iter()
            .map(|error| located(error, sources))
            .collect();
        let dependents = Dependents::new(&self.value);
        let remedies: Vec<(Location, Remedy)> = broken
            .iter()
            .filter_map(|broken| {
                let mut remedy = reference::remedy(&self.value, broken)?;
                remedy.affected = dependents.of(&broken.at);
                remedy.overlay = overlay::actions(&self.value, &remedy.edits, sources);
                Some((reference::location(broken, sources)?, remedy))
            })
            .collect();
        for error in errors {
            let own = remedies.iter().find(|(at, _)| *at == error.location);
            let Some((_, remedy)) = own.or(remedies.first()) else {
                continue;
            };
            self.faults.push(error.contained(remedy.clone()));
        }
        for (_, remedy) in &remedies {
            self.note(remedy);
        }
        // Later items of a list first: the others keep their places.
        let edits = remedies.iter().rev().flat_map(|(_, remedy)| &remedy.edits);
        for edit in edits.cloned().collect::<Vec<_>>() {
            self.apply(&edit, sources);
        }
        Ok(())
    }

    /// Repairs the document for each error of a pass.
    ///
    /// # Errors
    /// The errors that cannot be contained.
    pub fn contain(
        &mut self,
        errors: Vec<Diagnostic>,
        sources: &mut Sources,
    ) -> Result<(), Vec<Diagnostic>> {
        let dependents = Dependents::new(&self.value);
        let mut fatal = Vec::new();
        let mut remedies: Vec<(Diagnostic, Remedy)> = Vec::new();
        for error in errors {
            match self.remedy(&error) {
                Some(mut remedy) => {
                    let first = remedy.edits.first();
                    remedy.overlay = overlay::actions(&self.value, &remedy.edits, sources);
                    remedy.affected =
                        first.map_or_else(Vec::new, |edit| dependents.of(edit.pointer()));
                    remedies.push((located(error, sources), remedy));
                }
                None => fatal.push(error),
            }
        }
        if !fatal.is_empty() {
            return Err(fatal);
        }
        // From the end of the document to its start, so that items of a list keep their places.
        remedies.sort_by(|(_, one), (_, other)| edit::order(other, one));
        let mut done: Vec<Pointer> = Vec::new();
        let mut faults = Vec::new();
        for (error, remedy) in remedies {
            for edit in &remedy.edits {
                // A part that is gone or replaced needs no other change.
                if done.iter().any(|known| edit.pointer().is_within(known)) {
                    continue;
                }
                done.push(edit.pointer().clone());
                self.apply(edit, sources);
            }
            self.note(&remedy);
            faults.push(error.contained(remedy));
        }
        faults.reverse();
        self.faults.append(&mut faults);
        Ok(())
    }

    /// The smallest change that may remove an error and was not made before.
    fn remedy(&self, error: &Diagnostic) -> Option<Remedy> {
        if FATAL.contains(&error.code) {
            return None;
        }
        let Location::Node(at, _) = &error.location else {
            return None;
        };
        let proposed = error.remedy.as_deref().cloned();
        let is_new = |remedy: &Remedy| {
            !remedy.edits.is_empty()
                && remedy.edits.iter().all(|edit| match edit {
                    Edit::Remove(at) => self.value.pointer(at.as_str()).is_some(),
                    Edit::Set(at, value) => {
                        !self.set.contains(at) && self.value.pointer(at.as_str()) != Some(value)
                    }
                })
        };
        proposed
            .into_iter()
            .chain(candidates::of(&self.value, at))
            .find(is_new)
    }

    fn apply(&mut self, edit: &Edit, sources: &mut Sources) {
        if let Edit::Set(at, _) = edit {
            self.set.insert(at.clone());
        }
        if let Edit::Remove(at) = edit {
            // What refers to a component that is removed leads nowhere.
            for remedy in reference::to(&self.value, at) {
                for edit in remedy.edits.iter().rev() {
                    edit::apply(&mut self.value, edit, sources);
                }
            }
        }
        edit::apply(&mut self.value, edit, sources);
    }
}

/// Replaces pointers by places in files: pointers change their meaning where items are removed.
fn located(mut error: Diagnostic, sources: &Sources) -> Diagnostic {
    let place = |location: &Location| match sources.find(location) {
        Some((file, span)) => Location::Span(file, span),
        None => location.clone(),
    };
    error.location = place(&error.location);
    for (location, _) in &mut error.related {
        *location = place(location);
    }
    error
}
