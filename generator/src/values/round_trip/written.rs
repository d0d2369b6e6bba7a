//! A written value, and how well a union's branch matches it.

use serde_json::{Map, Value as Json};

use crate::output_limits::count;

/// A value that was read and written again.
#[derive(Clone, Debug)]
pub(super) struct Written {
    pub(super) json: Json,
    /// The number of values in it.
    pub(super) size: usize,
    pub(super) score: Score,
}

impl Written {
    pub(super) fn whole(json: &Json) -> Self {
        Self {
            json: json.clone(),
            size: count(json),
            score: Score::default(),
        }
    }

    /// Creates the result for a value that an enum or union does not know; `weight` counts its
    /// values.
    pub(super) fn unknown(json: &Json, weight: usize) -> Self {
        Self {
            json: json.clone(),
            size: weight,
            score: Score {
                unexplained: weight,
                invalid: 0,
                undeclared: 0,
            },
        }
    }
}

/// The match of a union's branch with a value, as counted by `runtime/unexplained.rs`. The lowest
/// score is the best match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Values that are skipped, unknown to an enum, or kept as JSON by a union.
    pub(super) unexplained: usize,
    /// Properties that the branch's schema forbids, and missing ones that it requires.
    pub(super) invalid: usize,
    /// Properties that are kept but not declared.
    pub(super) undeclared: usize,
}

impl Score {
    pub(super) fn add(&mut self, other: Self) {
        self.unexplained += other.unexplained;
        self.invalid += other.invalid;
        self.undeclared += other.undeclared;
    }
}

/// Returns the members that a map keeps, in the map's order.
pub(super) fn sorted<'j>(
    members: impl Iterator<Item = (&'j String, &'j Json)>,
) -> impl Iterator<Item = (&'j String, &'j Json)> {
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|(name, _)| *name);
    members.into_iter()
}

/// The members of a written object.
#[derive(Default)]
pub(super) struct Members {
    pub(super) json: Map<String, Json>,
    pub(super) size: usize,
    pub(super) score: Score,
}

impl Members {
    pub(super) fn add(&mut self, name: &str, value: Written) {
        self.score.add(value.score);
        self.size = self.size.saturating_add(value.size);
        self.json.insert(name.to_owned(), value.json);
    }

    pub(super) fn done(self) -> Written {
        let Self { json, size, score } = self;
        let json = Json::Object(json);
        Written {
            json,
            size: size.saturating_add(1),
            score,
        }
    }
}
