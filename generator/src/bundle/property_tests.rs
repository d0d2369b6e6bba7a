//! Property tests for arbitrary sets of files.

use std::fs;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::diagnostic::{Location, Part};
use crate::report::{Detail, render};

const FILES: [&str; 3] = ["a.json", "b.json", "c.json"];

const SCHEMAS: &[&str] = &[
    "/components/schemas/A",
    "/components/schemas/B",
    "/components/schemas/A/properties/p",
    "/components/schemas/B/properties/q%7E1r",
    "/components/responses/R/content/a~1b/schema",
    "/x-data",
];
const SCHEMA_MAPS: &[&str] = &["/components/schemas", "/components/schemas/A/properties"];
const RESPONSES: &[&str] = &["/components/responses/R", "/paths/~1x/get/responses/200"];
const RESPONSE_MAPS: &[&str] = &["/components/responses", "/paths/~1x/get/responses"];
const OPERATIONS: &[&str] = &["/paths/~1x/get"];
const ITEMS: &[&str] = &["/paths/~1x"];
const ODD: &[&str] = &["/paths", "", "/x-data", "/components/schemas/None", "#here"];

/// Returns a reference to one of these nodes, or rarely to a wrong node.
fn reference(pointers: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let path = prop::sample::select(vec!["", "", "a.json", "b.json", "./c.json", "../d/b.json"]);
    let pointer = prop_oneof![
        150 => prop::sample::select(pointers),
        1 => prop::sample::select(ODD),
    ];
    (path, pointer).prop_map(|(path, pointer)| json!({ "$ref": format!("{path}#{pointer}") }))
}

fn or_reference(
    pointers: &'static [&'static str],
    value: impl Strategy<Value = Value> + 'static,
) -> impl Strategy<Value = Value> {
    prop_oneof![9 => value, 1 => reference(pointers)]
}

fn schema() -> impl Strategy<Value = Value> {
    let text = || reference(SCHEMAS).prop_map(|reference| reference["$ref"].clone());
    let leaf = prop_oneof![
        6 => Just(json!({"type": "string"})),
        1 => Just(json!({"example": {"$ref": "nowhere.json"}, "$anchor": "here"})),
        4 => reference(SCHEMAS),
        1 => text().prop_map(|text| json!({ "$ref": text, "description": "d" })),
        1 => text().prop_map(|text| json!({"discriminator": {"mapping": {"m": text, "n": "A"}}})),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        let map = prop::collection::vec(inner.clone(), 2)
            .prop_map(|list| json!({"p": list[0].clone(), "q/r": list[1].clone()}));
        prop_oneof![
            3 => or_reference(SCHEMA_MAPS, map).prop_map(|map| json!({ "properties": map })),
            1 => inner.clone().prop_map(|item| json!({ "items": item })),
            1 => inner.prop_map(|item| json!({ "allOf": [item] })),
        ]
    })
}

fn response() -> impl Strategy<Value = Value> {
    let response = schema().prop_map(|schema| json!({"content": {"a/b": {"schema": schema}}}));
    or_reference(RESPONSES, response)
}

fn file() -> impl Strategy<Value = Value> {
    let map = (schema(), schema());
    let a = map
        .prop_map(|(p, q)| json!({"properties": {"p": p, "q/r": q}}))
        .boxed();
    let schemas = (prop_oneof![9 => a.clone(), 1 => schema()], a);
    let schemas = or_reference(
        SCHEMA_MAPS,
        schemas.prop_map(|(a, b)| json!({"A": a, "B": b})),
    );
    let responses = response().prop_map(|response| json!({ "R": response }));
    let components = (schemas, or_reference(RESPONSE_MAPS, responses))
        .prop_map(|(schemas, responses)| json!({"schemas": schemas, "responses": responses}));
    let responses = response().prop_map(|response| json!({ "200": response }));
    let operation = or_reference(RESPONSE_MAPS, responses)
        .prop_map(|responses| json!({ "responses": responses }));
    let item =
        or_reference(OPERATIONS, operation).prop_map(|operation| json!({ "get": operation }));
    (components, or_reference(ITEMS, item), schema()).prop_map(
        |(components, item, data)| json!({"paths": {"/x": item}, "components": components, "x-data": data}),
    )
}

fn nodes(value: &Value, at: &Pointer, into: &mut Vec<Pointer>) {
    into.push(at.clone());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| nodes(value, &at.child(key), into)),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(index, value)| nodes(value, &at.child(index), into)),
        _ => {}
    }
}

fn check(files: &[Value]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a folder");
    let folder_d = folder.path().join("d");
    fs::create_dir(&folder_d).expect("a folder");
    for (name, value) in FILES.iter().zip(files) {
        fs::write(folder_d.join(name), value.to_string()).expect("a file");
    }
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::default();
    let path = folder_d.join(FILES[0]);
    let (root, value) = sources.read(&path, &mut diagnostics).expect("JSON");
    let bundled = bundle(root, value, &mut sources, &mut diagnostics).value;

    // Each node has a location, which is its own key. A copied node has that of the reference.
    let mut all = Vec::new();
    nodes(&bundled, &Pointer::root(), &mut all);
    for pointer in all {
        let location = Location::Node(pointer.clone(), Part::Key);
        let (file, span) = sources.find(&location).expect("a place");
        let shown = &sources.text(file)[span];
        let (_, origin) = sources.member(&pointer).expect("an origin");
        if let Some(key) = origin.last().filter(|key| key.parse::<usize>().is_err())
            && bundled
                .pointer(pointer.as_str())
                .is_some_and(|node| !node.is_null())
            && !["components", "schemas", "responses", "pathItems"].contains(&key.as_str())
        {
            prop_assert_eq!(shown.trim_matches('"'), key, "{}", pointer);
        }
    }
    let _ = render(diagnostics.list(), &sources, Detail::All, false);
    // An object with `$ref` in an example is not a reference.
    let mut found = diagnostics.list().iter();
    prop_assert!(!found.any(|finding| finding.message.contains("nowhere")));
    if diagnostics.has_errors() {
        return Ok(());
    }

    // Bundling a bundle changes nothing, so its references are local and valid.
    let mut sources = Sources::new();
    let (root, value) = sources
        .read_text("bundled.json", bundled.to_string(), &mut diagnostics)
        .expect("JSON");
    let again = bundle(root, value, &mut sources, &mut diagnostics);
    let shown = render(diagnostics.list(), &sources, Detail::All, false);
    prop_assert!(!diagnostics.has_errors(), "{:#}\n{}", bundled, shown);
    prop_assert_eq!(again.value, bundled);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bundles_are_whole(files in prop::collection::vec(file(), 3)) {
        check(&files)?;
    }
}
