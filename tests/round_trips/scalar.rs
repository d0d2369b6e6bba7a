//! Generates numbers and strings, in all equivalent spellings.

use std::cell::RefCell;
use std::collections::HashMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

thread_local! {
    /// Cached, because creating them is slow.
    static ANYTHING: BoxedStrategy<Value> = any_json();
    static MATCHING: RefCell<HashMap<String, Option<BoxedStrategy<String>>>> = RefCell::default();
}

/// Returns a strategy for any JSON.
pub fn anything() -> BoxedStrategy<Value> {
    ANYTHING.with(BoxedStrategy::clone)
}

/// Returns a strategy for strings that match a pattern, or `None` if the pattern is not supported.
pub fn matching(pattern: &str) -> Option<BoxedStrategy<String>> {
    MATCHING.with_borrow_mut(|known| {
        let made = || string_regex(pattern).map(Strategy::boxed).ok();
        known.entry(pattern.to_owned()).or_insert_with(made).clone()
    })
}

fn any_json() -> BoxedStrategy<Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9).prop_map(|number: f64| json!(number)),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    scalar
        .prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 0..3).prop_map(Value::from),
                btree_map("[a-z]{1,4}", inner, 0..3)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
        .boxed()
}

/// Returns the bounds of a number, including those of its format.
fn bounds(schema: &Map<String, Value>, least: f64, most: f64) -> (f64, f64) {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let least = [bound("minimum"), bound("exclusiveMinimum")]
        .into_iter()
        .flatten()
        .fold(least, f64::max);
    let most = [bound("maximum"), bound("exclusiveMaximum")]
        .into_iter()
        .flatten()
        .fold(most, f64::min);
    (least, most.max(least))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the bounds are clamped to 64 bits"
)]
pub fn integer(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let format = schema.get("format").and_then(Value::as_str);
    let (lowest, highest) = match format {
        Some("int8") => (i64::from(i8::MIN), i64::from(i8::MAX)),
        Some("int16") => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint8") => (0, i64::from(u8::MAX)),
        Some("uint16") => (0, i64::from(u16::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        Some("uint64") => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    // A default beyond an `i64` makes the type a `u64`.
    let is_huge = schema
        .get("default")
        .is_some_and(|default| default.is_u64() && !default.is_i64());
    let lowest = if is_huge { 0 } else { lowest };
    #[expect(
        clippy::cast_precision_loss,
        reason = "the ends are tried as they are below"
    )]
    let (least, most) = bounds(schema, lowest as f64, highest as f64);
    let (least, most) = ((least as i64).max(lowest), (most as i64).min(highest));
    let step = schema
        .get("multipleOf")
        .and_then(Value::as_i64)
        .unwrap_or(1)
        .max(1);
    let whole = prop_oneof![
        Just(least),
        Just(most),
        least..=most,
        least.max(-9).min(most)..=most.min(9).max(least)
    ];
    (whole, 0..8)
        .prop_map(move |(number, spelling)| spelled(number / step * step, spelling == 0))
        .boxed()
}

/// Returns an integer, optionally written with a fraction of zero.
fn spelled(number: i64, has_fraction: bool) -> Value {
    match i32::try_from(number) {
        Ok(small) if has_fraction => json!(f64::from(small)),
        _ => json!(number),
    }
}

pub fn number(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let (least, most) = bounds(schema, -1e15, 1e15);
    let is_single = schema.get("format").and_then(Value::as_str) == Some("float");
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    let whole = (least.ceil().max(-99.0)..=most.floor().min(99.0).max(least.ceil()))
        .prop_map(|number: f64| number.round());
    prop_oneof![least..=most, whole]
        .prop_map(move |number| match step {
            Some(step) => json!((number / step).round() * step),
            #[expect(clippy::cast_possible_truncation, reason = "it is what is meant")]
            // With the digits of the `f32`, which an `f64` parser reads as another number.
            None if is_single => json!((number as f32).to_string().parse::<f64>().ok()),
            None => json!(number),
        })
        .boxed()
}

pub fn text(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let length = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let made = if let Some(Value::String(pattern)) = schema.get("pattern") {
        let inner = pattern.trim_start_matches('^').trim_end_matches('$');
        matching(inner)
    } else {
        let is_base64 = schema
            .get("contentEncoding")
            .is_some_and(|name| name == "base64");
        let format = schema.get("format").and_then(Value::as_str);
        let format = if is_base64 { Some("byte") } else { format };
        format.and_then(of_format)
    };
    let least = length("minLength").unwrap_or(0);
    let most = length("maxLength").unwrap_or(least + 8).min(least + 40);
    let plain = || {
        let printable = matching(&format!("[ -~]{{{least},{most}}}"));
        let any_text = matching(&format!("(?s:.){{{least},{most}}}"));
        let (Some(printable), Some(any_text)) = (printable, any_text) else {
            return any::<String>().boxed();
        };
        prop_oneof![printable, any_text].boxed()
    };
    made.unwrap_or_else(plain).prop_map(Value::from).boxed()
}

/// Returns a strategy for strings in a format that a validator knows.
fn of_format(format: &str) -> Option<BoxedStrategy<String>> {
    let date = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
    let clock = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?";
    let offset = "(Z|z|\\+00:00|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    let pattern = match format {
        "date" => date.to_owned(),
        "time" => format!("{clock}{offset}"),
        "date-time" => format!("{date}[Tt]{clock}{offset}"),
        "uuid" => {
            let lower = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
            let upper = "[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}";
            format!("({lower}|{upper})")
        }
        "uri" | "url" | "uri-reference" => {
            "https?://[a-z]{1,8}\\.example(/[a-z0-9._~%21-]{0,6})?".to_owned()
        }
        "email" => "[a-z]{1,8}@[a-z]{1,8}\\.example".to_owned(),
        "ipv4" => "(1?[0-9]{1,2}\\.){3}1?[0-9]{1,2}".to_owned(),
        "ipv6" => "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}".to_owned(),
        "hostname" => "[a-z]{1,8}(\\.[a-z]{1,8})?".to_owned(),
        // The last digit has two unused bits, which must be zero (RFC 4648, section 3.5). The
        // padding is optional (section 3.2).
        "byte" => "([A-Za-z0-9+/]{4}){0,4}([A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=?)?".to_owned(),
        "duration" => "P[1-9]D".to_owned(),
        _ => return None,
    };
    matching(&pattern)
}
