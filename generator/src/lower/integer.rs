//! How wide an integer is: as its format says, and wider where the document itself goes beyond it.

use std::ops::RangeInclusive;

use serde_json::Value as Json;

use crate::ir::Integer;

use super::Lowering;
use super::facets::Facets;

impl<'d> Lowering<'d, '_> {
    /// The width of an integer, widened where a bound, an example or a default does not fit.
    pub(super) fn integer(&self, facets: &Facets<'d>, format: &str) -> Integer {
        let named = width(format);
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

/// The width that a format names.
pub(super) fn width(format: &str) -> Integer {
    match format {
        "int8" => Integer::I8,
        "int16" => Integer::I16,
        "int32" => Integer::I32,
        "uint8" => Integer::U8,
        "uint16" => Integer::U16,
        "uint32" => Integer::U32,
        "uint64" => Integer::U64,
        _ => Integer::I64,
    }
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
