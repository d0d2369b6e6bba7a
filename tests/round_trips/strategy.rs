//! Values out of a schema's own words. They are mostly valid: the judge is asked after.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

use super::schema::Document;

/// A property that no schema of the features declares.
pub const UNDECLARED: &str = "nobody declares this";

/// Deeper than this, only what is required is made.
const DEPTH: u32 = 4;

/// Deeper than this, nothing is.
const MOST: u32 = 12;

pub fn of_component(document: &Document, name: &str) -> BoxedStrategy<Value> {
    of(document, document.component(name), 0)
}

fn of(document: &Document, schema: &Value, depth: u32) -> BoxedStrategy<Value> {
    let Some(schema) = schema.as_object() else {
        return anything();
    };
    if depth > MOST {
        return Just(Value::Null).boxed();
    }
    if let Some(Value::Array(values)) = schema.get("enum") {
        return select(values.clone()).boxed();
    }
    if let Some(value) = schema.get("const") {
        return Just(value.clone()).boxed();
    }
    let mut parts = Vec::new();
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let target = document
            .follow(target)
            .expect("the reference leads somewhere");
        parts.push(of(document, target, depth + 1));
    }
    for part in list(schema, "allOf") {
        let parts_of = part.as_object().filter(|part| says_something(part));
        parts.extend(parts_of.map(|_| of(document, part, depth + 1)));
    }
    for branches in ["oneOf", "anyOf"] {
        let branches = list(schema, branches);
        // Deep down, the first that needs no further branch.
        let branches = if depth > DEPTH {
            branches.get(..1).unwrap_or_default()
        } else {
            branches
        };
        let made: Vec<_> = branches
            .iter()
            .map(|branch| of(document, branch, depth + 1))
            .collect();
        if !made.is_empty() {
            parts.push(proptest::strategy::Union::new(made).boxed());
        }
    }
    let kinds = kinds(schema);
    if !kinds.is_empty() {
        let made = kinds
            .into_iter()
            .map(|kind| of_type(document, schema, kind, depth));
        parts.push(proptest::strategy::Union::new(made).boxed());
    }
    let mut parts = parts.into_iter();
    match parts.next() {
        None => anything(),
        Some(first) => parts.fold(first, |one, other| {
            (one, other)
                .prop_map(|(one, other)| united(one, other))
                .boxed()
        }),
    }
}

fn list<'a>(schema: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// Whether a schema has more than words.
fn says_something(schema: &Map<String, Value>) -> bool {
    let words = ["enum", "const", "$ref", "allOf", "oneOf", "anyOf"];
    !kinds(schema).is_empty() || words.iter().any(|word| schema.contains_key(*word))
}

/// The types that a schema names, or the one that its keywords are for.
fn kinds(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => {
            let has = |keywords: &[&str]| keywords.iter().any(|word| schema.contains_key(*word));
            if has(&[
                "properties",
                "additionalProperties",
                "patternProperties",
                "required",
            ]) {
                vec!["object"]
            } else if has(&["items", "prefixItems"]) {
                vec!["array"]
            } else if has(&["pattern", "minLength", "maxLength", "format"]) {
                vec!["string"]
            } else {
                Vec::new()
            }
        }
    }
}

/// Both: the members of two objects, of anything else the second.
fn united(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            Value::Object(one)
        }
        (_, other) => other,
    }
}

fn of_type(
    document: &Document,
    schema: &Map<String, Value>,
    kind: &str,
    depth: u32,
) -> BoxedStrategy<Value> {
    match kind {
        "null" => Just(Value::Null).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" => integer(schema),
        // The format makes it an integer.
        "number" if format(schema).is_some_and(|name| name.contains("int")) => integer(schema),
        "number" => number(schema),
        "string" => text(schema),
        "array" => array(document, schema, depth),
        "object" => object(document, schema, depth),
        _ => anything(),
    }
}

fn anything() -> BoxedStrategy<Value> {
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

fn format(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("format").and_then(Value::as_str)
}

/// The bounds of a number, with those of its format.
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
fn integer(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let (lowest, highest) = match format(schema) {
        Some("int8") => (i64::from(i8::MIN), i64::from(i8::MAX)),
        Some("int16") => (i64::from(i16::MIN), i64::from(i16::MAX)),
        Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        Some("uint8") => (0, i64::from(u8::MAX)),
        Some("uint16") => (0, i64::from(u16::MAX)),
        Some("uint32") => (0, i64::from(u32::MAX)),
        Some("uint64") => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    // A default beyond an `i64` makes it a `u64`.
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
    whole
        .prop_map(move |number| Value::from(number / step * step))
        .boxed()
}

fn number(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let (least, most) = bounds(schema, -1e15, 1e15);
    let step = schema.get("multipleOf").and_then(Value::as_f64);
    let whole = (least.ceil().max(-99.0)..=most.floor().min(99.0).max(least.ceil()))
        .prop_map(|number: f64| number.round());
    prop_oneof![least..=most, whole]
        .prop_map(move |number| match step {
            Some(step) => json!((number / step).round() * step),
            None => json!(number),
        })
        .boxed()
}

fn text(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let length = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
    let made = if let Some(Value::String(pattern)) = schema.get("pattern") {
        let inner = pattern.trim_start_matches('^').trim_end_matches('$');
        string_regex(inner).map(Strategy::boxed).ok()
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
        let printable = string_regex(&format!("[ -~]{{{least},{most}}}"));
        let any_text = string_regex(&format!("(?s:.){{{least},{most}}}"));
        let (Ok(printable), Ok(any_text)) = (printable, any_text) else {
            return any::<String>().boxed();
        };
        prop_oneof![printable, any_text].boxed()
    };
    made.unwrap_or_else(plain).prop_map(Value::from).boxed()
}

/// Text of the formats that a judge knows.
fn of_format(format: &str) -> Option<BoxedStrategy<String>> {
    let date = "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])";
    let time = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    let pattern = match format {
        "date" => date.to_owned(),
        "time" => time.to_owned(),
        "date-time" => format!("{date}T{time}"),
        "uuid" => "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}".to_owned(),
        "uri" | "url" | "uri-reference" => {
            "https?://[a-z]{1,8}\\.example(/[a-z0-9._~%21-]{0,6})?".to_owned()
        }
        "email" => "[a-z]{1,8}@[a-z]{1,8}\\.example".to_owned(),
        "ipv4" => "(1?[0-9]{1,2}\\.){3}1?[0-9]{1,2}".to_owned(),
        "ipv6" => "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}".to_owned(),
        "hostname" => "[a-z]{1,8}(\\.[a-z]{1,8})?".to_owned(),
        // The last digit has two bits that say nothing, and are zero (RFC 4648, section 3.5).
        "byte" => "([A-Za-z0-9+/]{4}){0,4}([A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?".to_owned(),
        "duration" => "P[1-9]D".to_owned(),
        _ => return None,
    };
    string_regex(&pattern).map(Strategy::boxed).ok()
}

fn array(document: &Document, schema: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
    let length = |keyword: &str| {
        let length = schema.get(keyword).and_then(Value::as_u64)?;
        usize::try_from(length).ok()
    };
    let first: Vec<_> = list(schema, "prefixItems")
        .iter()
        .map(|item| of(document, item, depth + 1))
        .collect();
    let least = length("minItems").unwrap_or(0);
    let most = length("maxItems").unwrap_or(least.max(first.len()) + 3);
    let most = if depth > DEPTH {
        least
    } else {
        most.min(least + 8)
    };
    let rest = match schema.get("items") {
        Some(Value::Bool(false)) => None,
        Some(items) => Some(of(document, items, depth + 1)),
        None => Some(anything()),
    };
    let count = first.len();
    let rest = match rest {
        Some(rest) => {
            let (low, high) = (least.saturating_sub(count), most.saturating_sub(count));
            vec(rest, low..=high.max(low)).boxed()
        }
        None => Just(Vec::new()).boxed(),
    };
    (first, rest)
        .prop_map(|(mut items, rest)| {
            items.extend(rest);
            Value::Array(items)
        })
        .boxed()
}

fn object(document: &Document, schema: &Map<String, Value>, depth: u32) -> BoxedStrategy<Value> {
    let required: Vec<&str> = list(schema, "required")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let declared = schema.get("properties").and_then(Value::as_object);
    let mut always = Vec::new();
    let mut sometimes = Vec::new();
    for (name, property) in declared.into_iter().flatten() {
        let is_required = required.contains(&name.as_str());
        if !is_required && depth > DEPTH {
            continue;
        }
        let member = of(document, property, depth + 1).prop_map({
            let name = name.clone();
            move |value| (name.clone(), value)
        });
        if is_required {
            always.push(member.boxed());
        } else {
            sometimes.push(member.boxed());
        }
    }
    for name in required {
        if declared.is_none_or(|declared| !declared.contains_key(name)) {
            let name = name.to_owned();
            always.push(
                anything()
                    .prop_map(move |value| (name.clone(), value))
                    .boxed(),
            );
        }
    }
    let count = sometimes.len();
    let chosen = subsequence(sometimes, 0..=count).prop_flat_map(|members| members);
    let more = additional(document, schema, depth);
    (always, chosen, more)
        .prop_map(|(always, chosen, more)| {
            // What is declared stands over what merely may be there.
            let members = more.into_iter().chain(chosen).chain(always);
            Value::Object(members.collect())
        })
        .boxed()
}

/// Members that the schema does not name.
fn additional(
    document: &Document,
    schema: &Map<String, Value>,
    depth: u32,
) -> BoxedStrategy<Vec<(String, Value)>> {
    let mut kinds = Vec::new();
    if let Some(Value::Object(patterns)) = schema.get("patternProperties") {
        for (pattern, value) in patterns {
            let inner = pattern.trim_start_matches('^').trim_end_matches('$');
            if let Ok(names) = string_regex(inner) {
                kinds.push((names, of(document, value, depth + 1)).boxed());
            }
        }
    }
    match schema.get("additionalProperties") {
        Some(Value::Bool(false)) => {}
        Some(value) if depth <= DEPTH => {
            kinds.push(("[a-z]{1,3}[ -~]{0,3}", of(document, value, depth + 1)).boxed());
        }
        Some(_) => {}
        // Names that no pattern means are not told apart, of which a warning tells (`unchecked`).
        None if schema.contains_key("patternProperties") => {}
        None => kinds.push((Just(UNDECLARED.to_owned()), anything()).boxed()),
    }
    if kinds.is_empty() {
        return Just(Vec::new()).boxed();
    }
    vec(proptest::strategy::Union::new(kinds), 0..3).boxed()
}
