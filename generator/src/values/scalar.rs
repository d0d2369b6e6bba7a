//! Integers, texts in formats, and tags as JSON values.

use std::ops::RangeInclusive;

use base64::Engine as _;
use serde_json::Value as Json;

use crate::ir::{Integer, Type, Value};

/// Returns an integer, also if written with a fraction or exponent.
pub(crate) fn integer(json: &Json) -> Option<i128> {
    let whole = || {
        let number = json.as_f64()?;
        // Beyond 2^53, a float does not identify an integer.
        (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0)
            .then(|| format!("{number:.0}").parse().ok())?
    };
    json.as_i64()
        .map(i128::from)
        .or_else(|| json.as_u64().map(i128::from))
        .or_else(whole)
}

/// Returns `true` if a text has a type's format.
pub(crate) fn fits(ty: &Type, text: &str) -> bool {
    match ty {
        Type::Uuid | Type::Date | Type::DateTime | Type::Base64 => formatted(ty, text).is_some(),
        _ => true,
    }
}

pub(super) fn formatted(ty: &Type, text: &str) -> Option<Value> {
    match ty {
        // UUIDs without hyphens, in braces or as a URN would be written differently.
        Type::Uuid => (text.len() == 36 && uuid::Uuid::parse_str(text).is_ok())
            .then(|| Value::Uuid(text.to_owned())),
        Type::Date => {
            use chrono::Datelike as _;
            let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
            (date.to_string() == text).then(|| Value::Date(date.year(), date.month(), date.day()))
        }
        Type::DateTime => chrono::DateTime::parse_from_rfc3339(text)
            .is_ok()
            .then(|| Value::DateTime(text.to_owned())),
        Type::Base64 => base64::engine::general_purpose::STANDARD
            .decode(text)
            .ok()
            .map(Value::Base64),
        _ => None,
    }
}

/// Returns the text of a value that a tag is compared with, or `None` if it cannot be a tag.
pub(crate) fn tag_text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) => Some(value.to_string()),
        Json::Number(number) if !number.is_f64() => Some(value.to_string()),
        _ => None,
    }
}

/// Returns the range of an integer type.
pub(crate) fn range(width: Integer) -> RangeInclusive<i128> {
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

/// Returns the integer type of a format, or `None` for other formats.
pub(crate) fn width(format: &str) -> Option<Integer> {
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

/// Returns `true` if a value is a number with a fraction.
pub(crate) fn has_fraction(value: &Json) -> bool {
    value.as_f64().is_some_and(|number| number.fract() != 0.0)
}

/// Returns the integer value of a number without fraction; rounded beyond 64 bits.
pub(crate) fn whole(value: &Json) -> Option<i128> {
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
