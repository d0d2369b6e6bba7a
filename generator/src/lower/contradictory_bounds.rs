//! Reports bounds that exclude all values, across schemas or within one. It is only a warning,
//! since the types do not enforce bounds.

use std::cmp::Ordering;

use serde_json::Number;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Bound, SchemaType, SchemaView};
use crate::number::compare;
use crate::pointer::Pointer;

use super::all_of::MergedSchema;

/// One end of a range, with its schema.
struct End {
    bound: Bound,
    /// The index of the schema in the conjunction.
    part: usize,
    at: Pointer,
}

impl End {
    fn new(bound: Bound, part: usize, view: &SchemaView<'_>) -> Self {
        let at = view.keyword(bound.keyword);
        Self { bound, part, at }
    }
}

type Count<'d> = fn(&SchemaView<'d>) -> Option<usize>;
type Ask<'d> = fn(&SchemaView<'d>) -> Option<Bound>;

/// Warns if the bounds of all parts exclude all values.
///
/// Contradictory bounds within one schema are an error, which `normalize` has reported.
pub(super) fn check<'d>(
    merged: &MergedSchema<'d>,
    value_type: Option<SchemaType>,
    diagnostics: &mut Diagnostics,
) {
    let is_of = |types: &[SchemaType]| value_type.is_none_or(|own| types.contains(&own));
    if is_of(&[SchemaType::Number, SchemaType::Integer]) {
        numbers(merged, value_type, diagnostics);
    }
    let counts: [(_, _, [(&'static str, Count<'d>); 2]); 3] = [
        (
            SchemaType::String,
            "text",
            [
                ("minLength", SchemaView::min_length),
                ("maxLength", SchemaView::max_length),
            ],
        ),
        (
            SchemaType::Array,
            "array",
            [
                ("minItems", SchemaView::min_items),
                ("maxItems", SchemaView::max_items),
            ],
        ),
        (
            SchemaType::Object,
            "object",
            [
                ("minProperties", SchemaView::min_properties),
                ("maxProperties", SchemaView::max_properties),
            ],
        ),
    ];
    for (of, noun, [low, high]) in counts {
        if is_of(&[of]) {
            sizes(merged, noun, low, high, diagnostics);
        }
    }
}

fn sizes<'d>(
    merged: &MergedSchema<'d>,
    noun: &str,
    (least, low): (&'static str, Count<'d>),
    (most, high): (&'static str, Count<'d>),
    diagnostics: &mut Diagnostics,
) {
    let ends = |keyword: &'static str, count: Count<'d>| -> Vec<End> {
        let parts = merged.parts.iter().enumerate();
        let ends = parts.filter_map(|(part, view)| {
            let bound = Bound {
                value: count(view)?.into(),
                exclusive: false,
                keyword,
            };
            Some(End::new(bound, part, view))
        });
        ends.collect()
    };
    let low = narrowest(ends(least, low), Ordering::Greater);
    let high = narrowest(ends(most, high), Ordering::Less);
    if let (Some(low), Some(high)) = (low, high)
        && low.bound.excludes_all_to(&high.bound)
    {
        let (lowest, highest) = (&low.bound.value, &high.bound.value);
        let low_words = format!("`{least}: {lowest}`");
        let high_words = format!("`{most}: {highest}`");
        let says = format!("no {noun} satisfies both {low_words} and {high_words}");
        let labels = [format!("at least {lowest}"), format!("at most {highest}")];
        diagnostics.push(crossed(says, [&low, &high], labels));
    }
}

fn numbers<'d>(
    merged: &MergedSchema<'d>,
    value_type: Option<SchemaType>,
    diagnostics: &mut Diagnostics,
) {
    let ends = |ask: Ask<'d>| -> Vec<End> {
        let parts = merged.parts.iter().enumerate();
        let ends = parts.filter_map(|(part, view)| Some(End::new(ask(view)?, part, view)));
        ends.collect()
    };
    let low = ends(SchemaView::minimum);
    let high = ends(SchemaView::maximum);
    let low = narrowest(low, Ordering::Greater);
    let high = narrowest(high, Ordering::Less);
    let (Some(low), Some(high)) = (low, high) else {
        return;
    };
    let is_integer = value_type == Some(SchemaType::Integer);
    let noun = if is_integer { "integer" } else { "number" };
    let words = |end: &End, inclusive: &str, exclusive: &str| {
        let Bound {
            value,
            exclusive: is_exclusive,
            ..
        } = &end.bound;
        let words = if *is_exclusive { exclusive } else { inclusive };
        format!("{words} {value}")
    };
    let low_words = words(&low, "at least", "more than");
    let high_words = words(&high, "at most", "less than");
    if low.bound.excludes_all_to(&high.bound) {
        let says = format!("no {noun} is {low_words} and {high_words}");
        diagnostics.push(crossed(says, [&low, &high], [low_words, high_words]));
        return;
    }
    let Some((step, of)) = step(merged, is_integer) else {
        return;
    };
    if holds_multiple(&low.bound, &high.bound, step) != Some(false) {
        return;
    }
    let noun = if of.is_some() {
        format!("multiple of {step}")
    } else {
        noun.to_owned()
    };
    let says = format!("no {noun} is {low_words} and {high_words}");
    let mut diagnostic =
        crossed(says, [&low, &high], [low_words, high_words]).help("widen the range");
    if let Some(at) = of {
        diagnostic = diagnostic.related(at, "the step");
    }
    diagnostics.push(diagnostic);
}

/// Returns the only `multipleOf`, if it is a positive integer, with its pointer. Otherwise returns
/// 1 for integers and `None` for other numbers.
fn step(merged: &MergedSchema<'_>, is_integer: bool) -> Option<(i128, Option<Pointer>)> {
    let said = merged
        .parts
        .iter()
        .filter_map(|part| Some((part.multiple_of()?, part.keyword("multipleOf"))));
    let said: Vec<(Number, Pointer)> = said.collect();
    match said.as_slice() {
        [(step, at)] => match step.as_i128() {
            Some(step) if step > 0 => Some((step, Some(at.clone()))),
            _ => is_integer.then_some((1, None)),
        },
        _ => is_integer.then_some((1, None)),
    }
}

/// Returns `true` if a range contains a multiple of a step, or `None` if that cannot be computed.
fn holds_multiple(low: &Bound, high: &Bound, step: i128) -> Option<bool> {
    let first = match (low.value.as_i128(), low.exclusive) {
        (Some(value), false) => value,
        (Some(value), true) => value.checked_add(1)?,
        (None, false) => whole(float(&low.value).ceil())?,
        (None, true) => whole(float(&low.value).floor())?.checked_add(1)?,
    };
    let last = match (high.value.as_i128(), high.exclusive) {
        (Some(value), false) => value,
        (Some(value), true) => value.checked_sub(1)?,
        (None, false) => whole(float(&high.value).floor())?,
        (None, true) => whole(float(&high.value).ceil())?.checked_sub(1)?,
    };
    let multiple = last.checked_div_euclid(step)?.checked_mul(step)?;
    Some(multiple >= first)
}

/// Returns a number without fraction as an integer, if it is within the exact range of an `f64`.
fn whole(number: f64) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
    (number.abs() <= EXACT).then_some(number as i128)
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// Returns the narrowest end, the first one on a tie.
///
/// `narrower` is the order of a narrower end to a wider one.
fn narrowest(ends: Vec<End>, narrower: Ordering) -> Option<End> {
    ends.into_iter().reduce(|best, next| {
        let order = compare(&next.bound.value, &best.bound.value);
        let is_same = order == Some(Ordering::Equal);
        if order == Some(narrower) || is_same && next.bound.exclusive && !best.bound.exclusive {
            next
        } else {
            best
        }
    })
}

/// Returns a diagnostic at the later of two bounds, with the earlier one as related location.
fn crossed(
    message: String,
    [low, high]: [&End; 2],
    [at_least, at_most]: [String; 2],
) -> Diagnostic {
    let (first, then) = if high.part < low.part {
        ((high, at_most), (low, at_least))
    } else {
        ((low, at_least), (high, at_most))
    };
    let (code, help) = if low.part == high.part {
        (code::CONTRADICTORY_SCHEMA, "widen the range")
    } else {
        (
            code::CONTRADICTORY_ALL_OF,
            "make the ranges overlap, or use `oneOf`",
        )
    };
    Diagnostic::warning(code, &then.0.at, message)
        .label(then.1)
        .related(&first.0.at, first.1)
        .help(help)
}
