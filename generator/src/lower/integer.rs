//! Selects the type of an integer: by its format, but wider if the document's values require it.

use serde_json::{Number, Value as Json};

use crate::ir::{Integer, Type};
use crate::values::{range, whole, width};

use super::all_of::MergedSchema;
use super::lowering::Lowering;

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
            let shown = shown.chain(self.context.format_violations.offender(part.pointer()));
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
