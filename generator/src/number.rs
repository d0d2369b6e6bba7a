//! Numbers of a document, compared without a loss of precision.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Up to this number, an `f64` represents every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// `minimum`, `maximum`, or the exclusive keyword if that is narrower.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The bound, as precise as in the document.
    pub value: Number,
    /// True if the bound itself is excluded.
    pub exclusive: bool,
    /// The keyword with the number.
    pub keyword: &'static str,
}

impl Bound {
    /// Returns `true` if no number is within this lower bound and an upper one.
    pub(crate) fn excludes_all_to(&self, upper: &Self) -> bool {
        match compare(&self.value, &upper.value) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => self.exclusive || upper.exclusive,
            _ => false,
        }
    }

    /// Returns the bound that `minimum` and `exclusiveMinimum` set.
    pub(crate) fn lower(minimum: Option<&Value>, exclusive: Option<&Value>) -> Option<Self> {
        let keywords = ["minimum", "exclusiveMinimum"];
        Self::narrower(minimum, exclusive, keywords, Ordering::Greater)
    }

    /// Returns the bound that `maximum` and `exclusiveMaximum` set.
    pub(crate) fn upper(maximum: Option<&Value>, exclusive: Option<&Value>) -> Option<Self> {
        let keywords = ["maximum", "exclusiveMaximum"];
        Self::narrower(maximum, exclusive, keywords, Ordering::Less)
    }

    /// Returns the narrower of two bounds, since both apply (JSON Schema 2020-12, Validation,
    /// sections 6.2.3 and 6.2.5). In OpenAPI 3.0, the exclusive keyword is a flag for the other
    /// bound.
    ///
    /// `narrower` is the order of a narrower bound to a wider one.
    fn narrower(
        inclusive: Option<&Value>,
        exclusive: Option<&Value>,
        [keyword, exclusive_keyword]: [&'static str; 2],
        narrower: Ordering,
    ) -> Option<Self> {
        let inclusive = inclusive.and_then(number).map(|value| Self {
            value,
            exclusive: exclusive == Some(&Value::Bool(true)),
            keyword,
        });
        let exclusive = exclusive.and_then(number).map(|value| Self {
            value,
            exclusive: true,
            keyword: exclusive_keyword,
        });
        match (inclusive, exclusive) {
            (Some(one), Some(other)) if compare(&one.value, &other.value) == Some(narrower) => {
                Some(one)
            }
            (one, other) => other.or(one),
        }
    }
}

/// Returns the order of two numbers; exact for integers.
pub(crate) fn compare(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

/// Returns `true` if a number is a multiple of another one.
pub(crate) fn is_multiple(number: &Number, step: &Number) -> bool {
    match (number.as_i128(), step.as_i128()) {
        (_, Some(0)) => true,
        (Some(number), Some(step)) => number.checked_rem(step) == Some(0),
        _ => {
            let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else {
                return true;
            };
            // Neither 0.3 nor 0.1 is exact in binary.
            let times = number / step;
            (times - times.round()).abs() <= times.abs().max(1.0) * 1e-9
        }
    }
}

/// Returns the number, with `1.0` as `1`, or `None` for another value.
pub(crate) fn number(value: &Value) -> Option<Number> {
    let Value::Number(number) = value else {
        return None;
    };
    if !number.is_f64() {
        return Some(number.clone());
    }
    let float = number.as_f64()?;
    if float.fract() == 0.0 && float.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
        let whole = float as i64;
        return Some(Number::from(whole));
    }
    Some(number.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_narrower_bound_applies() {
        for (minimum, exclusive, expected) in [
            (json!(null), json!(1), "1 exclusiveMinimum true"),
            (json!(1), json!(1), "1 exclusiveMinimum true"),
            (json!(2), json!(1), "2 minimum false"),
            (json!(1), json!(true), "1 minimum true"),
            (json!(1), json!(false), "1 minimum false"),
            (json!(3.0), json!(null), "3 minimum false"),
            // Exact beyond 2^53.
            (
                json!(u64::MAX),
                json!(u64::MAX - 1),
                "18446744073709551615 minimum false",
            ),
            (
                json!(u64::MAX - 1),
                json!(u64::MAX),
                "18446744073709551615 exclusiveMinimum true",
            ),
        ] {
            let bound = Bound::lower(Some(&minimum), Some(&exclusive)).expect("a bound");
            let shown = format!("{} {} {}", bound.value, bound.keyword, bound.exclusive);
            assert_eq!(shown, expected, "{minimum} {exclusive}");
        }
        let bound = Bound::upper(Some(&json!(1)), Some(&json!(2.5))).expect("a bound");
        assert_eq!((bound.keyword, bound.exclusive), ("maximum", false));
        assert_eq!(Bound::lower(None, Some(&json!(true))), None);
    }
}
