//! Repairs faults of the document by widening or removing the smallest part that contains them.
//!
//! The later stages report errors and do not repair. Here each of their errors becomes an edit of
//! the document, which is then read again. This terminates: if an edit does not remove the error,
//! the next one applies to a larger part.

mod affected;
mod annotation;
mod body;
mod candidates;
mod describe;
mod edit;
mod fault;
mod follow;
mod general_remedies;
mod index;
mod interpretations;
mod missing;
mod overlay;
mod parameter;
mod path;
mod plan;
mod reference;
mod security;
mod server;
mod template;
mod touched;
mod unknown_types;
mod wrong_types;

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use self::affected::Dependents;
use self::edit::Renamed;
use self::fault::Fault;
use self::index::Index;
use self::plan::{Outcome, Plan};
use self::touched::Touched;
use crate::bundle::Broken;
use crate::diagnostic::{Code, Diagnostic, Edit, FileId, Location, Remedy, code};
use crate::pointer::Pointer;
use crate::source::Sources;
use crate::spec::{ObjectKind, type_at};

/// Maximum number of times a document is read again.
pub const MOST_PASSES: usize = 200;

/// Maximum number of repaired faults. A pass repairs all the errors that it has stored.
const MOST_FAULTS: usize = 100_000;

/// Maximum number of remedies of one kind with their own edits at one place. The remedy for one
/// undeclared variable of a URL or path declares all of them.
const MOST_AT_A_PLACE: usize = 2;

/// Errors that no edit of a part of the document removes.
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
    faults: Vec<Fault>,
    touched: Touched,
    /// The nodes that were already set; setting one again would not help.
    set: BTreeSet<Pointer>,
}

impl Repair {
    /// Creates a repair of a bundled document.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self {
            value,
            faults: Vec::new(),
            touched: Touched::default(),
            set: BTreeSet::new(),
        }
    }

    /// Returns the document with all edits so far.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the effects of the remedies, each with the smallest schema or operation that
    /// contains it.
    #[must_use]
    pub fn notes(&self) -> Vec<(Pointer, String)> {
        let notes = self.faults.iter().filter_map(|fault| {
            let (at, holder) = fault.touched.first()?;
            let at = at.as_ref().unwrap_or(holder).clone();
            let mut outer = std::iter::successors(Some(at), Pointer::parent);
            let item = outer.find(|at| {
                let kind = type_at(at).kind();
                matches!(kind, Some(ObjectKind::Schema | ObjectKind::Operation))
                    && self.value.pointer(at.as_str()).is_some()
            });
            Some((item?, fault.remedy.effect.clone()))
        });
        notes.collect()
    }

    /// Returns the faults and the effects of their remedies, for the crate's main page.
    #[must_use]
    pub fn summary(&self) -> Vec<String> {
        let faults = self.faults.iter().filter_map(|fault| {
            let effect = &fault.remedy.effect;
            let mut characters = effect.chars();
            let first = characters.next()?.to_uppercase();
            let effect: String = first.chain(characters).collect();
            Some(format!("{effect}: {}", fault.error.message))
        });
        let mut known = HashSet::new();
        faults.filter(|fault| known.insert(fault.clone())).collect()
    }

    /// Returns the repaired faults as warnings.
    #[must_use]
    pub fn into_faults(self) -> Vec<Diagnostic> {
        let faults = self.faults.into_iter();
        faults
            .map(|fault| fault.error.contained(fault.remedy))
            .collect()
    }

    /// Returns `true` if a diagnostic is about a part that a repair has changed, not about the
    /// author's document.
    #[must_use]
    pub fn has_caused(&self, finding: &Diagnostic) -> bool {
        let Location::Node(at, _) = &finding.location else {
            return false;
        };
        let faults = self.touched.within(std::iter::once(at)).into_iter();
        let mut faults = faults.filter_map(|index| self.faults.get(index));
        faults.any(|fault| {
            fault
                .touched
                .iter()
                .any(|(changed, holder)| at == holder || changed.as_ref() == Some(at))
        })
    }

    /// Repairs the broken references that `bundle` reported.
    ///
    /// # Errors
    /// The errors that cannot be repaired.
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
        let mut dependents = Dependents::new(&self.value);
        let found: Vec<(Location, &Broken, Remedy)> = broken
            .iter()
            .filter_map(|broken| {
                let mut remedy = reference::remedy(&self.value, broken)?;
                dependents.tell(&broken.at, &mut remedy);
                remedy.overlay = overlay::actions(&self.value, &remedy.edits, sources);
                Some((reference::location(broken, sources)?, broken, remedy))
            })
            .collect();
        let mut by_place = HashMap::new();
        let mut uses: HashMap<(&str, bool), usize> = HashMap::new();
        for one @ (place, broken, _) in &found {
            by_place.entry(place).or_insert(one);
            *uses.entry((&broken.text, broken.is_mapping)).or_default() += 1;
        }
        for error in errors {
            let related = error.related.iter().map(|(place, _)| place);
            let own = std::iter::once(&error.location)
                .chain(related)
                .find_map(|place| by_place.get(place).copied());
            let Some((_, broken, remedy)) = own.or(found.first()) else {
                continue;
            };
            let mut remedy = remedy.clone();
            let same = uses.get(&(broken.text.as_str(), broken.is_mapping));
            let others = same.map_or(0, |same| same - 1);
            if others > 0 {
                let places = if others == 1 { "place" } else { "places" };
                let effect = &remedy.effect;
                remedy.effect = format!("{effect}, and the same in {others} more {places}");
            }
            let at = Some(broken.at.clone());
            self.add(Fault::new(error, remedy, at));
        }
        let edits = found.into_iter().flat_map(|(_, _, remedy)| remedy.edits);
        self.apply(edits.collect(), sources);
        Ok(())
    }

    /// Repairs the document for each error of a pass.
    ///
    /// # Errors
    /// The errors that cannot be repaired.
    pub fn contain(
        &mut self,
        errors: Vec<Diagnostic>,
        sources: &mut Sources,
    ) -> Result<(), Vec<Diagnostic>> {
        if self.faults.len() >= MOST_FAULTS
            && let Some(first) = errors.first()
        {
            let message = format!("the document has more than {MOST_FAULTS} faults");
            let error = Diagnostic::error(code::TOO_LARGE, first.location.clone(), message)
                .help("correct the faults that are alike: with `--strict` they are errors");
            return Err(vec![error]);
        }
        let plans = self.plans(errors, sources)?;
        let mut outcomes = plan::resolve(&plans);
        if outcomes.iter().all(|outcome| *outcome != Outcome::Applied)
            && let Some(first) = outcomes.first_mut()
        {
            // All plans wait for each other, so the first one is applied.
            *first = Outcome::Applied;
        }
        self.carry_out(&plans, &outcomes, sources);
        Ok(())
    }

    /// Plans a remedy for each error.
    ///
    /// # Errors
    /// The errors that have none.
    fn plans(
        &self,
        errors: Vec<Diagnostic>,
        sources: &mut Sources,
    ) -> Result<Vec<Plan>, Vec<Diagnostic>> {
        let mut dependents = Dependents::new(&self.value);
        let mut fatal = Vec::new();
        let mut plans: Vec<Plan> = Vec::new();
        let index = Index::new(&self.value);
        let mut repeated: HashMap<(Code, Location), (usize, Remedy)> = HashMap::new();
        for error in errors {
            let key = (error.code, error.location.clone());
            if let Some((_, remedy)) = repeated.get(&key).filter(|(more, _)| *more == 0)
                && let Location::Node(at, _) = &error.location
            {
                let (at, remedy) = (at.clone(), remedy.clone());
                let error = located(error, sources);
                plans.push(Plan { error, at, remedy });
                continue;
            }
            match self.plan(&error, &index, sources) {
                Some((at, mut remedy)) => {
                    remedy.overlay = overlay::actions(&self.value, &remedy.edits, sources);
                    dependents.tell(&at, &mut remedy);
                    if is_of_all_names(error.code) {
                        let first = || {
                            let remedy = Remedy::without_edits(remedy.scope, &*remedy.effect);
                            (MOST_AT_A_PLACE, remedy)
                        };
                        let (more, _) = repeated.entry(key).or_insert_with(first);
                        *more = more.saturating_sub(1);
                    }
                    let error = located(error, sources);
                    plans.push(Plan { error, at, remedy });
                }
                None => fatal.push(error),
            }
        }
        if fatal.is_empty() {
            Ok(plans)
        } else {
            Err(fatal)
        }
    }

    /// Applies the edits of plans, and records their errors as contained faults.
    fn carry_out(&mut self, plans: &[Plan], outcomes: &[Outcome], sources: &mut Sources) {
        let mut edits: Vec<Edit> = Vec::new();
        let mut renamings: Vec<Renamed> = Vec::new();
        let mut faults: Vec<Fault> = Vec::new();
        for (plan, outcome) in plans.iter().zip(outcomes) {
            let remedy = match outcome {
                Outcome::Deferred => continue,
                Outcome::Applied => &plan.remedy,
                // Removed together with the part that contains it.
                Outcome::Covered(by) => plans.get(*by).map_or(&plan.remedy, |by| &by.remedy),
            };
            if matches!(outcome, Outcome::Applied) {
                match edit::renaming(remedy) {
                    Some((old, new)) => renamings.push(Renamed {
                        old: old.clone(),
                        new: new.clone(),
                    }),
                    None => edits.extend(remedy.edits.iter().cloned()),
                }
            }
            if !self.fold(plan, remedy) {
                let fault = Fault::new(plan.error.clone(), remedy.clone(), Some(plan.at.clone()));
                faults.push(fault);
            }
        }
        for fault in faults {
            self.add(fault);
        }
        self.apply(edits, sources);
        renamings.dedup();
        edit::rename(&mut self.value, &renamings, sources);
        for renamed in &renamings {
            self.moved(renamed);
        }
    }

    fn add(&mut self, fault: Fault) {
        self.touched.note(self.faults.len(), &fault);
        self.faults.push(fault);
    }

    /// Replaces the effects of earlier faults by that of a remedy for a larger part. Returns `true`
    /// if the error is only a consequence of an earlier remedy.
    fn fold(&mut self, plan: &Plan, remedy: &Remedy) -> bool {
        let mut is_known = false;
        if edit::renaming(remedy).is_some() {
            return false;
        }
        let changed = remedy.edits.iter().map(Edit::pointer);
        for index in self.touched.within(changed) {
            let Some(fault) = self.faults.get_mut(index) else {
                continue;
            };
            if !fault.is_covered_by(remedy, &self.value) {
                continue;
            }
            is_known |= fault.may_cause(&plan.at);
            let (error, at) = (fault.error.clone(), fault.at.clone());
            *fault = Fault::new(error, remedy.clone(), at);
            self.touched.note(index, fault);
        }
        is_known
    }

    /// Returns the smallest edit that may remove an error and was not made before.
    fn plan(
        &self,
        error: &Diagnostic,
        document: &Index<'_>,
        sources: &mut Sources,
    ) -> Option<(Pointer, Remedy)> {
        if FATAL.contains(&error.code) {
            return None;
        }
        let Location::Node(at, _) = &error.location else {
            return None;
        };
        let proposed = error.remedy.as_deref().cloned().into_iter();
        let remedy = proposed
            .chain(interpretations::interpretations(
                document, error, at, sources,
            ))
            .chain(candidates::candidates(document, at))
            .find(|remedy| self.is_new(remedy))?;
        Some((at.clone(), remedy))
    }

    /// Returns `true` if a remedy can be applied and was not applied before.
    fn is_new(&self, remedy: &Remedy) -> bool {
        !remedy.edits.is_empty()
            && remedy.edits.iter().all(|edit| match edit {
                Edit::Remove(at) => self.value.pointer(at.as_str()).is_some(),
                Edit::Set(at, value) => {
                    let holder = at.parent();
                    let holder = holder.and_then(|holder| self.value.pointer(holder.as_str()));
                    holder.is_some_and(|holder| holder.is_object() || holder.is_array())
                        && !self.set.contains(at)
                        && self.value.pointer(at.as_str()) != Some(value)
                }
            })
    }

    /// Applies edits, and removes references to components that they remove.
    fn apply(&mut self, mut edits: Vec<Edit>, sources: &mut Sources) {
        while !edits.is_empty() {
            // Back to front, so that pointers to list items stay valid.
            edits.sort_by(|one, other| edit::order(other.pointer(), one.pointer()));
            edits.dedup();
            let gone: HashSet<Pointer> = edits
                .iter()
                .filter_map(|edit| match edit {
                    Edit::Remove(at) => Some(at.clone()),
                    Edit::Set(..) => None,
                })
                .collect();
            for edit in &edits {
                self.apply_one(edit, sources);
            }
            edits = reference::to(&self.value, &gone);
        }
    }

    fn apply_one(&mut self, edit: &Edit, sources: &mut Sources) {
        if let Edit::Set(at, _) = edit {
            self.set.insert(at.clone());
        }
        let Some(removed) = edit::apply(&mut self.value, edit, sources) else {
            return;
        };
        self.moved(&removed);
    }

    fn moved(&mut self, moved: &dyn edit::Moved) {
        let below = moved.below();
        for index in self.touched.within(std::iter::once(below)) {
            if let Some(fault) = self.faults.get_mut(index) {
                fault.moved(moved);
                self.touched.note(index, fault);
            }
        }
        let affected = self.set.range(below.clone()..);
        let affected = affected.take_while(|at| at.as_str().starts_with(below.as_str()));
        let affected = affected.filter(|at| at.is_within(below));
        let affected: Vec<Pointer> = affected.cloned().collect();
        for at in &affected {
            self.set.remove(at);
        }
        let moved = affected.iter().filter_map(|at| moved.moved(at));
        self.set.extend(moved);
    }
}

/// Returns `true` if the remedy for one name covers all names at its place.
fn is_of_all_names(code: Code) -> bool {
    matches!(
        code,
        code::UNDECLARED_SERVER_VARIABLE | code::UNDECLARED_PATH_PARAMETER
    )
}

/// Returns the name of a schema with its article and the parts that contain it, for messages.
#[must_use]
pub fn schema_name(at: &Pointer) -> String {
    let (_, name) = describe::schema(at);
    format!("the {name}{}", describe::holders(&Value::Null, at))
}

/// Replaces pointers by locations in files, because removing list items changes the meaning of
/// pointers.
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
