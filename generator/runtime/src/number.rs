//! JSON numbers with all of their digits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::raw_json::{self, Text};
use super::tree::Digits;

/// A number of any size and precision. It is written with the same digits as it was read.
///
/// Numbers are equal if their values are: `1`, `1.0` and `10e-1`.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    Unsigned(u64),
    /// Negative integers.
    Signed(i64),
    /// All other numbers, in the syntax of RFC 8259, section 6.
    Text(Box<str>),
}

impl Number {
    /// Returns the integer, if the value is one that fits in an `i64`: `5.0` is 5.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        i64::try_from(self.as_i128()?).ok()
    }

    /// Returns the integer, if the value is one that fits in a `u64`: `5.0` is 5.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        u64::try_from(self.as_i128()?).ok()
    }

    /// Returns the integer, if the value is one that fits in an `i128`: `5.0` is 5.
    #[must_use]
    pub fn as_i128(&self) -> Option<i128> {
        match &self.0 {
            Repr::Unsigned(value) => Some((*value).into()),
            Repr::Signed(value) => Some((*value).into()),
            Repr::Text(text) => Decimal::new(text).integer(),
        }
    }

    /// Returns the nearest `f64`; `None` beyond the largest one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        let value: f64 = match &self.0 {
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest `f64` is the result"
            )]
            Repr::Unsigned(value) => *value as f64,
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest `f64` is the result"
            )]
            Repr::Signed(value) => *value as f64,
            Repr::Text(text) => text.parse().ok()?,
        };
        value.is_finite().then_some(value)
    }

    /// Parses a number in JSON syntax.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        if !is_number(text) {
            return None;
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit());
        if plain && let Ok(value) = text.parse() {
            return Some(Self(Repr::Unsigned(value)));
        }
        if !plain
            && text != "-0"
            && let Ok(value) = text.parse()
        {
            return Some(Self(Repr::Signed(value)));
        }
        Some(Self(Repr::Text(text.into())))
    }

    fn digits(&self) -> Option<&str> {
        match &self.0 {
            Repr::Text(text) => Some(text),
            Repr::Unsigned(_) | Repr::Signed(_) => None,
        }
    }
}

/// Returns whether a text is a JSON number (RFC 8259, section 6).
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(is_digits)
}

/// The value of a number: its digits without zeros at either end, times a power of ten.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn new(text: &str) -> Self {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0').trim_end_matches('0');
        if digits.is_empty() {
            return Self {
                is_negative: false,
                digits: String::new(),
                exponent: 0,
            };
        }
        let zeros = all.len() - all.trim_end_matches('0').len();
        // Exponents beyond `i64` need no exact comparison.
        let exponent = exponent.parse().unwrap_or(if exponent.starts_with('-') {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        });
        let shift = |length: usize| i64::try_from(length).unwrap_or(i64::MAX / 4);
        Self {
            is_negative,
            digits: digits.to_owned(),
            exponent: exponent
                .saturating_sub(shift(fraction.len()))
                .saturating_add(shift(zeros)),
        }
    }

    fn integer(&self) -> Option<i128> {
        let zeros = usize::try_from(self.exponent)
            .ok()
            .filter(|zeros| *zeros < 40)?;
        let sign = if self.is_negative { "-" } else { "" };
        let digits = match self.digits.as_str() {
            "" => "0",
            digits => digits,
        };
        format!("{sign}{digits}{:0>zeros$}", "").parse().ok()
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Unsigned(one), Repr::Unsigned(other)) => one == other,
            (Repr::Signed(one), Repr::Signed(other)) => one == other,
            (Repr::Text(one), Repr::Text(other)) if one == other => true,
            _ => Decimal::new(&self.to_string()) == Decimal::new(&other.to_string()),
        }
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Decimal::new(&self.to_string()).hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (
            Decimal::new(&self.to_string()),
            Decimal::new(&other.to_string()),
        );
        match (one.sign(), other.sign()) {
            (1, 1) => one.compare_digits(&other),
            (-1, -1) => other.compare_digits(&one),
            (one, other) => one.cmp(&other),
        }
    }
}

impl Decimal {
    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        }
    }

    /// Compares without the signs.
    fn compare_digits(&self, other: &Self) -> Ordering {
        let magnitude = |one: &Self| {
            let length = i64::try_from(one.digits.len()).unwrap_or(i64::MAX / 4);
            one.exponent.saturating_add(length)
        };
        let by_magnitude = magnitude(self).cmp(&magnitude(other));
        by_magnitude.then_with(|| self.digits.cmp(&other.digits))
    }
}

/// Writes JSON.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Unsigned(value) => value.fmt(f),
            Repr::Signed(value) => value.fmt(f),
            Repr::Text(text) => f.pad(text),
        }
    }
}

/// Writes the digits.
impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for a text or a float that is not a JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberError(());

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a JSON number")
    }
}

impl std::error::Error for NumberError {}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        Self::from_text(text).ok_or(NumberError(()))
    }
}

/// Uses the shortest digits that represent the float; fails for infinity and NaN.
impl TryFrom<f64> for Number {
    type Error = NumberError;

    fn try_from(value: f64) -> Result<Self, NumberError> {
        if !value.is_finite() {
            return Err(NumberError(()));
        }
        Self::from_text(&super::tree::float_text(value)).ok_or(NumberError(()))
    }
}

macro_rules! from_integers {
    ($($type:ty: $value:ident => $repr:expr;)*) => {
        $(impl From<$type> for Number {
            fn from($value: $type) -> Self {
                Self($repr)
            }
        })*
    };
}

from_integers! {
    u8: value => Repr::Unsigned(value.into());
    u16: value => Repr::Unsigned(value.into());
    u32: value => Repr::Unsigned(value.into());
    u64: value => Repr::Unsigned(value);
    usize: value => Repr::new(value as u128, false);
    u128: value => Repr::new(value, false);
    i8: value => Repr::new(value.unsigned_abs().into(), value < 0);
    i16: value => Repr::new(value.unsigned_abs().into(), value < 0);
    i32: value => Repr::new(value.unsigned_abs().into(), value < 0);
    i64: value => Repr::new(value.unsigned_abs().into(), value < 0);
    isize: value => Repr::new(value.unsigned_abs() as u128, value < 0);
    i128: value => Repr::new(value.unsigned_abs(), value < 0);
}

impl Repr {
    /// Creates an integer of this magnitude.
    fn new(magnitude: u128, is_negative: bool) -> Self {
        let signed = || i64::try_from(0_i128.checked_sub_unsigned(magnitude)?).ok();
        let found = if is_negative {
            signed().map(Self::Signed)
        } else {
            u64::try_from(magnitude).ok().map(Self::Unsigned)
        };
        found.unwrap_or_else(|| {
            let sign = if is_negative { "-" } else { "" };
            Self::Text(format!("{sign}{magnitude}").into())
        })
    }
}

impl From<&serde_json::Number> for Number {
    fn from(number: &serde_json::Number) -> Self {
        let float = number.is_f64().then(|| number.as_f64()).flatten();
        float
            .and_then(|value| Self::try_from(value).ok())
            .or_else(|| Self::from_text(&number.to_string()))
            .unwrap_or(Self(Repr::Unsigned(0)))
    }
}

/// A number that fits neither in 64 bits nor in an `f64` becomes the nearest `f64`.
impl From<&Number> for serde_json::Number {
    fn from(number: &Number) -> Self {
        match &number.0 {
            Repr::Unsigned(value) => (*value).into(),
            Repr::Signed(value) => (*value).into(),
            Repr::Text(text) => {
                let largest = if text.starts_with('-') {
                    f64::MIN
                } else {
                    f64::MAX
                };
                let nearest = Self::from_f64(number.as_f64().unwrap_or(largest));
                nearest.unwrap_or_else(|| 0.into())
            }
        }
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Unsigned(value) => serializer.serialize_u64(*value),
            Repr::Signed(value) => serializer.serialize_i64(*value),
            Repr::Text(_) => Digits(self.digits().unwrap_or_default()).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(raw_json::token(), Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number")
    }

    /// Reads the text of a value, from `serde_json`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Number, A::Error> {
        struct OfText;

        impl Text for OfText {
            type Value = Result<Number, &'static str>;

            fn read(self, text: &str) -> Self::Value {
                Number::from_text(text).ok_or(match text.bytes().next() {
                    Some(b'"') => "string",
                    Some(b'[') => "sequence",
                    Some(b'{') => "map",
                    Some(b'n') => "null",
                    _ => "boolean",
                })
            }
        }

        if map.next_key_seed(raw_json::Name)? != Some(None) {
            return Err(de::Error::invalid_type(de::Unexpected::Map, &self));
        }
        match map.next_value_seed(raw_json::Seed(OfText))? {
            Ok(number) => Ok(number),
            Err(found) => Err(de::Error::invalid_type(de::Unexpected::Other(found), &self)),
        }
    }

    /// Reads a value of another format.
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Number, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Number, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Number, E> {
        Number::try_from(value).map_err(E::custom)
    }

    /// Reads a format without types: the text of a header.
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map_err(E::custom)
    }
}
