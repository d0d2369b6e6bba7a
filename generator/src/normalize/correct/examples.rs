//! Examples under the key, or in the form, of another object.

use serde_json::{Value, json};

use crate::diagnostic::nearest;
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::spec::Fields;

/// The fields of an Example Object (OpenAPI 3.2, section 4.19.1).
const EXAMPLE_FIELDS: [&str; 6] = [
    "summary",
    "description",
    "value",
    "externalValue",
    "dataValue",
    "serializedValue",
];

/// Turns `examples` of a schema into a list, unlike those of a parameter or a media type.
pub(crate) fn list_examples(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    rename_misspelled(reporter, map, place);
    let Some(examples) = map.get_mut("examples") else {
        return;
    };
    let list: Vec<Value> = match &*examples {
        Value::Object(named) => {
            let is_named = !named.is_empty()
                && named
                    .values()
                    .all(|example| example.get("value").is_some() || example.get("$ref").is_some());
            if is_named {
                let values = named.values().filter_map(|example| example.get("value"));
                values.cloned().collect()
            } else {
                vec![examples.clone()]
            }
        }
        Value::Array(_) | Value::Null => return,
        scalar => vec![scalar.clone()],
    };
    reporter.coerce(
        examples,
        Value::Array(list),
        "a list of values",
        &place.key("examples"),
    );
}

/// Turns `examples` of anything but a schema into a map.
pub(crate) fn name_examples(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    rename_misspelled(reporter, map, place);
    let Some(examples) = map.get_mut("examples") else {
        return;
    };
    let list = match &*examples {
        Value::Object(_) | Value::Null => return,
        Value::Array(list) => list.clone(),
        scalar => vec![scalar.clone()],
    };
    let named = list
        .into_iter()
        .enumerate()
        .map(|(index, value)| (index.to_string(), json!({ "value": value })));
    let named: Fields = named.collect();
    reporter.coerce(
        examples,
        Value::Object(named),
        "an object of named examples",
        &place.key("examples"),
    );
}

/// Renames misspelled keys such as `exemple` if there is no example beside it.
fn rename_misspelled(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    if map.contains_key("example") || map.contains_key("examples") {
        return;
    }
    let is_other = |key: &&String| !key.starts_with("x-");
    let mut found = map
        .keys()
        .filter(is_other)
        .filter_map(|key| Some((key.clone(), nearest(key, ["example", "examples"])?)));
    let (Some((key, field)), None) = (found.next(), found.next()) else {
        return;
    };
    let Some(value) = map.shift_remove(&key) else {
        return;
    };
    let message = format!("there is no field `{key}`; it is read as `{field}`");
    reporter.warn_correction(&key, &place.key(&key), message, format!("write `{field}`"));
    map.insert(field.to_owned(), value);
}

/// Moves an example beside `content` into the only media type. In OpenAPI 2.0, the keys of a
/// response's `examples` are media types.
pub(crate) fn move_into_content(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    for field in ["example", "examples"] {
        if let Some(value) = map.get(field).cloned()
            && let Some(Value::Object(content)) = map.get_mut("content")
            && move_into_media_types(content, field, &value)
        {
            map.shift_remove(field);
            let message = format!(
                "`{field}` is beside `content`, not in the media type; it is read as part of the media type"
            );
            let help = "write it in the media type, beside its `schema`";
            reporter.warn_correction(field, &place.key(field), message, help);
        }
    }
}

/// Moves the examples beside `content` into media types. Returns `true` if each example fits one.
fn move_into_media_types(content: &mut Fields, field: &str, value: &Value) -> bool {
    let has_none = |media_type: &Value| {
        let fields = media_type.as_object();
        fields.is_some_and(|map| !map.contains_key("example") && !map.contains_key("examples"))
    };
    let by_media_type = value.as_object().filter(|examples| {
        let has_place = |key: &String| content.get(key).is_some_and(has_none);
        field == "examples" && !examples.is_empty() && examples.keys().all(has_place)
    });
    let moved: Vec<(String, &str, Value)> = match (by_media_type, content.len()) {
        (Some(examples), _) => {
            let examples = examples.iter();
            let examples = examples.map(|(key, value)| (key.clone(), "example", value.clone()));
            examples.collect()
        }
        (None, 1) if content.values().all(has_none) => {
            let only = content.keys().next().cloned();
            let only = only.map(|key| (key, field, value.clone()));
            only.into_iter().collect()
        }
        _ => return false,
    };
    for (media_type, field, value) in moved {
        if let Some(Value::Object(media_type)) = content.get_mut(&media_type) {
            media_type.insert(field.to_owned(), value);
        }
    }
    true
}

/// Reads an object among named examples that has no field of an Example Object as the value.
pub(crate) fn nest_bare_example(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let is_of_example = |key: &String| {
        EXAMPLE_FIELDS.contains(&key.as_str()) || key.starts_with("x-") || key == "$ref"
    };
    if map.is_empty() || map.keys().any(is_of_example) {
        return;
    }
    let value = Value::Object(std::mem::take(map));
    let message = "an example has no `value`; the whole object is read as its `value`";
    reporter.warn_correction("bare example", place, message, "nest it under `value:`");
    map.insert("value".to_owned(), value);
}
