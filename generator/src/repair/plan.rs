//! Decides which remedies of one pass can be applied together.

use std::collections::HashMap;

use super::edit::renaming;
use crate::diagnostic::{Diagnostic, Edit, Remedy};
use crate::pointer::Pointer;

/// An error of a pass with its remedy.
pub(super) struct Plan {
    pub(super) error: Diagnostic,
    pub(super) at: Pointer,
    pub(super) remedy: Remedy,
}

/// The decision on a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Applied,
    /// The plan with this index removes the part.
    Covered(usize),
    /// Another plan changes the same part. If the error remains, the next pass reports it again.
    Deferred,
}

/// Returns the decision on each plan.
pub(super) fn resolve(plans: &[Plan]) -> Vec<Outcome> {
    let mut removed: HashMap<&Pointer, usize> = HashMap::new();
    let mut set: HashMap<&Pointer, (usize, Option<&Edit>)> = HashMap::new();
    for (index, plan) in plans.iter().enumerate() {
        let renamed = renaming(&plan.remedy).map(|(old, _)| old);
        for edit in &plan.remedy.edits {
            match edit {
                Edit::Remove(at) if renamed == Some(at) => {
                    set.entry(at).or_insert((index, None));
                }
                Edit::Remove(at) => {
                    removed.entry(at).or_insert(index);
                }
                Edit::Set(at, _) => {
                    set.entry(at).or_insert((index, Some(edit)));
                }
            }
        }
    }
    let decide = |(index, plan): (usize, &Plan)| {
        let edits = plan.remedy.edits.iter();
        let outcomes = edits.map(|edit| one(plans, index, edit, &removed, &set));
        let outcomes: Vec<Outcome> = outcomes.collect();
        let are_all = |is: fn(&Outcome) -> bool| outcomes.iter().all(is);
        match outcomes.first() {
            Some(first) if are_all(|outcome| matches!(outcome, Outcome::Covered(_))) => *first,
            _ if are_all(|outcome| *outcome == Outcome::Applied) => Outcome::Applied,
            _ => Outcome::Deferred,
        }
    };
    let outcomes: Vec<Outcome> = plans.iter().enumerate().map(decide).collect();
    let settle = |outcome: &Outcome| match outcome {
        Outcome::Covered(by) => match outcomes.get(*by) {
            Some(Outcome::Deferred) => Outcome::Deferred,
            Some(Outcome::Covered(outer)) => Outcome::Covered(*outer),
            _ => *outcome,
        },
        other => *other,
    };
    outcomes.iter().map(settle).collect()
}

fn one(
    plans: &[Plan],
    index: usize,
    edit: &Edit,
    removed: &HashMap<&Pointer, usize>,
    set: &HashMap<&Pointer, (usize, Option<&Edit>)>,
) -> Outcome {
    let is_other = |other: usize| {
        let remedy = |index: usize| plans.get(index).map(|plan| &plan.remedy.edits);
        other != index && remedy(other) != remedy(index)
    };
    let at = edit.pointer();
    if let Some(by) = removed.get(at).filter(|by| is_other(**by))
        && matches!(edit, Edit::Set(..))
    {
        return Outcome::Covered(*by);
    }
    let mut outcome = Outcome::Applied;
    if let Some((by, other)) = set.get(at)
        && is_other(*by)
        && matches!(edit, Edit::Set(..))
        && *other != Some(edit)
    {
        outcome = Outcome::Deferred;
    }
    for outer in std::iter::successors(at.parent(), Pointer::parent) {
        if let Some(by) = removed.get(&outer).filter(|by| is_other(**by)) {
            return Outcome::Covered(*by);
        }
        if set.get(&outer).is_some_and(|(by, _)| is_other(*by)) {
            outcome = Outcome::Deferred;
        }
    }
    outcome
}
