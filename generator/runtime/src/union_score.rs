//! Scores for how much of a value a union's branch leaves unexplained.
//!
//! While an untagged union tries its branches, code that reads a part of the value counts the parts
//! it skips or does not know. Otherwise nothing is counted.

use std::cell::Cell;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// How well a branch explains a value. The lowest score is the best. `unexplained` is compared
/// first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score {
    /// Values that are skipped, unknown to an enum, or kept as JSON by a union.
    pub unexplained: usize,
    /// Properties that the branch's schema refuses, or requires and that are missing.
    pub invalid: usize,
    /// Properties that are kept but not declared.
    pub undeclared: usize,
}

impl Score {
    /// Returns the sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            unexplained: self.unexplained.saturating_add(other.unexplained),
            invalid: self.invalid.saturating_add(other.invalid),
            undeclared: self.undeclared.saturating_add(other.undeclared),
        }
    }
}

/// The properties that the next object need not declare: the tags of the unions around it.
pub type Tags = [Option<&'static str>; 2];

thread_local! {
    /// The score of the branch being tried, if any.
    static SCORE: Cell<Option<Score>> = const { Cell::new(None) };
    static TAGS: Cell<Tags> = const { Cell::new([None; 2]) };
}

/// Restores a score when dropped.
struct Restore(Option<Score>);

impl Drop for Restore {
    fn drop(&mut self) {
        SCORE.set(self.0);
        TAGS.set([None; 2]);
    }
}

/// Reads a value and returns its score, which is not added to an outer score.
pub fn measure<T>(tags: Tags, read: impl FnOnce() -> T) -> (T, Score) {
    let restore = Restore(SCORE.replace(Some(Score::default())));
    TAGS.set(tags);
    let value = read();
    let score = SCORE.get().unwrap_or_default();
    drop(restore);
    (value, score)
}

/// Reads a value. After an error, restores the score from before.
pub fn attempt<T, E>(read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let score = SCORE.get();
    let tags = TAGS.get();
    let result = read();
    if result.is_err() {
        SCORE.set(score);
        TAGS.set(tags);
    }
    result
}

/// Reads the branch of a union. The branch need not declare the union's tag.
pub fn with_tag<T>(tag: &'static str, read: impl FnOnce() -> T) -> T {
    if !is_measuring() {
        return read();
    }
    let [first, _] = TAGS.get();
    TAGS.set([Some(tag), first]);
    let value = read();
    TAGS.set([None; 2]);
    value
}

/// Takes the tags that the current object need not declare.
pub fn take_tags() -> Tags {
    if is_measuring() {
        TAGS.replace([None; 2])
    } else {
        [None; 2]
    }
}

/// Returns `true` while a branch is being tried.
#[must_use]
pub fn is_measuring() -> bool {
    SCORE.get().is_some()
}

/// Adds to the score of the branch being tried.
pub fn add(score: Score) {
    if let Some(sum) = SCORE.get() {
        SCORE.set(Some(sum.plus(score)));
    }
}

/// Counts a value that an enum or a union does not know. `weight` is its number of values.
///
/// The value is kept, so it counts no more than a skipped property.
pub fn unknown(weight: usize) {
    add(Score {
        unexplained: weight,
        invalid: 0,
        undeclared: 0,
    });
}

/// Counts a missing required property.
pub fn missing() {
    add(Score {
        unexplained: 0,
        invalid: 1,
        undeclared: 0,
    });
}

/// Counts a property that is kept but not declared.
pub fn kept() {
    add(Score {
        unexplained: 0,
        invalid: 0,
        undeclared: 1,
    });
}

/// Skips and counts the value of an undeclared property.
///
/// # Errors
///
/// Returns an error if the value cannot be read.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A, is_refused: bool) -> Result<(), A::Error> {
    if is_measuring() {
        skip_and_count(map, is_refused)
    } else {
        map.next_value::<IgnoredAny>().map(|_| ())
    }
}

#[cold]
fn skip_and_count<'de, A: MapAccess<'de>>(map: &mut A, is_refused: bool) -> Result<(), A::Error> {
    let Weight(unexplained) = map.next_value()?;
    add(Score {
        unexplained,
        invalid: usize::from(is_refused),
        undeclared: 0,
    });
    Ok(())
}

/// The number of values in a value, including itself. So a branch that declares a part of an object
/// leaves less unexplained than one that skips all of it.
struct Weight(usize);

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WeightReader)
    }
}

struct WeightReader;

macro_rules! scalars {
    ($($method:ident $type:ty,)*) => {
        $(fn $method<E>(self, _: $type) -> Result<Weight, E> {
            Ok(Weight(1))
        })*
    };
}

impl<'de> Visitor<'de> for WeightReader {
    type Value = Weight;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    scalars! {
        visit_bool bool, visit_i64 i64, visit_u64 u64, visit_i128 i128, visit_u128 u128,
        visit_f64 f64, visit_str &str, visit_bytes &[u8],
    }

    fn visit_unit<E>(self) -> Result<Weight, E> {
        Ok(Weight(1))
    }

    fn visit_none<E>(self) -> Result<Weight, E> {
        Ok(Weight(1))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Weight, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Weight, A::Error> {
        let mut sum = 1_usize;
        while let Some(Weight(weight)) = seq.next_element()? {
            sum = sum.saturating_add(weight);
        }
        Ok(Weight(sum))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Weight, A::Error> {
        let mut sum = 1_usize;
        while let Some((IgnoredAny, Weight(weight))) = map.next_entry()? {
            sum = sum.saturating_add(weight);
        }
        Ok(Weight(sum))
    }
}
