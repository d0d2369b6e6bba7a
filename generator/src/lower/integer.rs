//! Selects the type of an integer: by its format, but wider if the document's values require it.

use serde_json::{Number, Value as Json};

use crate::ir::{Integer, Type};
use crate::values::range;

use super::Lowering;
use super::all_of::MergedSchema;

/// Larger bounds are not real bounds but the largest number of some language.
const NO_BOUND: f64 = 3.5e38;

impl<'d> Lowering<'d, '_> {
    /// Returns the type of an integer: by its format, wider if a bound, an example or a default
    /// does not fit, and of any size if 64 bits do not suffice.
    pub(super) fn lower_integer(&self, merged: &MergedSchema<'d>, format: &str) -> Type {
        let named = width(format).unwrap_or(Integer::I64);
        let mut values: Vec<i128> = Vec::new();
        for part in &merged.parts {
            let shown = part.examples().into_iter().chain(part.default_value());
            let shown = shown.chain(self.format_violations.offender(part.pointer()));
            values.extend(shown.filter_map(whole));
            let bounds = [part.minimum(), part.maximum()].into_iter().flatten();
            values.extend(bounds.filter_map(|bound| limit(&bound.value)));
        }
        let fits = |width: &Integer| values.iter().all(|value| range(*width).contains(value));
        let mut widths = [named, Integer::I64, Integer::U64].into_iter();
        widths.find(fits).map_or(Type::Number, Type::Integer)
    }
}

/// Returns the integer value of a bound.
fn limit(bound: &Number) -> Option<i128> {
    let float = bound.as_f64()?;
    // JavaScript rounds the limits of 64 bits to the nearest `f64`.
    let rounded = [i128::from(i64::MAX), i128::from(u64::MAX)];
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "it is compared as it was rounded"
    )]
    let end = rounded.into_iter().find(|end| *end as f64 == float);
    end.or_else(|| whole(&Json::Number(bound.clone())).filter(|_| float.abs() < NO_BOUND))
}

/// Returns the integer type of a format, or `None` for other formats.
pub(super) fn width(format: &str) -> Option<Integer> {
    Some(match format {
        "int8" => Integer::I8,
        "int16" => Integer::I16,
        "int32" => Integer::I32,
        "int64" => Integer::I64,
        "uint8" => Integer::U8,
        "uint16" => Integer::U16,
        "uint32" => Integer::U32,
        "uint64" => Integer::U64,
        _ => return None,
    })
}

/// Returns true if a value is a number with a fraction.
pub(super) fn has_fraction(value: &Json) -> bool {
    value.as_f64().is_some_and(|number| number.fract() != 0.0)
}

/// Returns the integer value of a number without fraction; rounded beyond 64 bits.
pub(super) fn whole(value: &Json) -> Option<i128> {
    let number = value.as_number()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "beyond 128 bits it is the largest one"
    )]
    let of_float = |float: f64| (float.fract() == 0.0).then_some(float as i128);
    number
        .as_i128()
        .or_else(|| number.as_f64().and_then(of_float))
}
