//! How wide an integer is: as its format says, and wider where the document itself goes beyond it.

use std::ops::RangeInclusive;

use serde_json::Value as Json;

use crate::ir::Integer;

use super::Lowering;
use super::facets::Facets;

impl<'d> Lowering<'d, '_> {
    /// The width of an integer, widened where a bound, an example or a default does not fit.
    pub(super) fn integer(&self, facets: &Facets<'d>, format: &str) -> Integer {
        let named = width(format).unwrap_or(Integer::I64);
        let mut values: Vec<i128> = Vec::new();
        for part in &facets.parts {
            let shown = part.examples().into_iter().chain(part.default_value());
            let shown = shown.chain(self.shown.offender(part.pointer()));
            values.extend(shown.filter_map(number));
            values.extend(
                part.maximum()
                    .and_then(|bound| number(&Json::Number(bound.value))),
            );
        }
        let fits = |width: Integer| values.iter().all(|value| range(width).contains(value));
        [named, Integer::I64, Integer::U64]
            .into_iter()
            .find(|width| fits(*width))
            .unwrap_or(named)
    }
}

/// Returns the width that a format names; `None` for a format that is about something else.
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

/// Returns whether a value is a number that no integer is.
pub(super) fn has_fraction(value: &Json) -> bool {
    value.as_f64().is_some_and(|number| number.fract() != 0.0)
}

fn number(value: &Json) -> Option<i128> {
    value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
}

/// The values that an integer type holds.
pub(super) fn range(width: Integer) -> RangeInclusive<i128> {
    match width {
        Integer::I8 => i8::MIN.into()..=i8::MAX.into(),
        Integer::I16 => i16::MIN.into()..=i16::MAX.into(),
        Integer::I32 => i32::MIN.into()..=i32::MAX.into(),
        Integer::I64 => i64::MIN.into()..=i64::MAX.into(),
        Integer::U8 => 0..=u8::MAX.into(),
        Integer::U16 => 0..=u16::MAX.into(),
        Integer::U32 => 0..=u32::MAX.into(),
        Integer::U64 => 0..=u64::MAX.into(),
    }
}
