//! Documents that are deep although no file is nested deeply: by overlays, by references that are
//! replaced by their targets, and by merged schemas.

use serde_json::{Value, json};

use super::resources::{refused, run_with};
use super::{Place, write};

fn document(schemas: &Value, first: &str) -> String {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Depth", "version": "1.0.0" },
        "paths": { "/p": { "get": {
            "operationId": "p",
            "responses": { "200": { "description": "All", "content": { "application/json": {
                "schema": { "$ref": format!("#/components/schemas/{first}") },
            } } } },
        } } },
        "components": { "schemas": schemas },
    })
    .to_string()
}

/// Creates the schema of a level from the number and the next level.
type Level = fn(usize, Value) -> Value;

/// Returns schemas that each refer to the next one, directly in `components` or nested in a
/// component.
fn chain(first: &str, is_component: bool, level: Level) -> Value {
    const LENGTH: usize = 5_000;
    let below = if is_component { "" } else { "/$defs/x" };
    let mut schemas = json!({});
    for number in 0..=LENGTH {
        let next = format!("#/components/schemas/{first}{}{below}", number + 1);
        let schema = if number == LENGTH {
            json!({ "type": "string" })
        } else {
            level(number, json!({ "$ref": next }))
        };
        schemas[format!("{first}{number}")] = if is_component {
            schema
        } else {
            json!({ "$defs": { "x": schema } })
        };
    }
    schemas
}

#[test]
fn compositions() {
    let all: Level = |_, next| json!({ "allOf": [next] });
    let one: Level = |_, next| json!({ "oneOf": [next, { "type": "string" }] });
    let by_turns: Level = |number, next| match number % 2 {
        0 => json!({ "allOf": [next] }),
        _ => json!({ "anyOf": [next, { "type": "string" }] }),
    };
    let levels = [("all", all), ("one", one), ("by_turns", by_turns)];
    for (name, level) in levels {
        let schemas = chain("S", true, level);
        refused(
            &format!("{name}.json"),
            &document(&schemas, "S0"),
            "too-deep",
        );
        let mut schemas = chain("S", false, level);
        let inner = json!({ "$ref": "#/components/schemas/S0/$defs/x" });
        schemas["A"] = json!({ "type": "object", "properties": { "a": inner } });
        let name = format!("{name}_inside.json");
        refused(&name, &document(&schemas, "A"), "too-deep");
    }
}

#[test]
fn schemas_that_are_merged_level_by_level() {
    let lists: Level = |_, next| json!({ "type": "array", "items": next });
    let mut schemas = chain("X", true, lists);
    let others = chain("Y", true, lists);
    let others = others.as_object().cloned().unwrap_or_default();
    schemas.as_object_mut().expect("schemas").extend(others);
    schemas["Y5000"] = json!({ "type": "string", "maxLength": 7 });
    let [x, y] = ["X0", "Y0"].map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
    schemas["A"] = json!({ "allOf": [x, y] });
    refused("lists.json", &document(&schemas, "A"), "too-deep");
}

#[test]
fn path_items_that_contain_themselves() {
    let itself = json!({ "$ref": "#/paths/~1p", "summary": "Again" });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Depth", "version": "1.0.0" },
        "paths": { "/p": { "post": {
            "callbacks": { "c": { "{$request.body#/url}": itself } },
            "responses": { "204": { "description": "None" } },
        } } },
    });
    refused("path.json", &document.to_string(), "too-deep");
}

#[test]
fn media_types_in_headers_of_media_types() {
    const LENGTH: usize = 60;
    let to = |number: usize| json!({ "$ref": format!("#/components/mediaTypes/M{number}") });
    let mut media_types = json!({});
    for number in 0..LENGTH {
        let header = json!({ "content": { "text/plain": to(number + 1) } });
        media_types[format!("M{number}")] = json!({
            "schema": { "type": "object" },
            "encoding": { "a": { "headers": { "h": header } } },
        });
    }
    media_types[format!("M{LENGTH}")] = json!({});
    let document = json!({
        "openapi": "3.2.0",
        "info": { "title": "Depth", "version": "1.0.0" },
        "paths": { "/p": { "post": {
            "operationId": "p",
            "requestBody": { "content": { "multipart/form-data": to(0) } },
            "responses": { "204": { "description": "None" } },
        } } },
        "components": { "mediaTypes": media_types },
    });
    refused("media_types.json", &document.to_string(), "too-deep");
}

/// The JSONPath parser is recursive, and parses nested filters several times.
#[test]
fn queries_of_overlays() {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Depth", "version": "1.0.0" },
        "paths": {},
        "x-a": (0..100).fold(json!({}), |inner, _| json!({ "a": inner })),
        "x-b": vec![0; 200],
    });
    let nested = |open: &str, count: usize, close: &str| {
        format!("$[?{}@.a{}]", open.repeat(count), close.repeat(count))
    };
    for (query, code) in [
        (nested("(", 100_000, ")"), "invalid-overlay"),
        (nested("(", 1_000, ")"), "invalid-overlay"),
        (nested("@[?", 1_000, "]"), "invalid-overlay"),
        (nested("@[?", 30, "]"), "invalid-overlay"),
        (
            format!("$[?@.a{}]", "&&@.b".repeat(100_000)),
            "invalid-overlay",
        ),
        (format!("${}", "..*".repeat(50)), "too-large"),
        (format!("${}", "['x-a','x-a']".repeat(50)), "too-large"),
        (
            "$..[?count($..[?count($..*) > 1]) > 1]".to_owned(),
            "too-large",
        ),
    ] {
        for action in [
            json!({ "target": query, "update": { "b": 1 } }),
            json!({ "target": "$", "copy": query }),
        ] {
            let place = Place::empty();
            let overlay = json!({
                "overlay": "1.1.0",
                "info": { "title": "Deep", "version": "1" },
                "actions": [action],
            });
            for (name, value) in [("a.json", &document), ("overlay.json", &overlay)] {
                let text = value.to_string();
                write(&place.folder.path().join(name), text.as_bytes());
            }
            let arguments = ["a.json", "--overlay", "overlay.json", "--out", "deep"];
            let ran = run_with(&place, &arguments);
            let start = format!("error[{code}]: ");
            assert!(ran.stderr.starts_with(&start), "{}", ran.stderr);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        }
    }
}

#[test]
fn overlays_that_each_extend_the_previous_one() {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Depth", "version": "1.0.0" },
        "paths": {},
        "x-a": {},
    });
    let nested = (0..100).fold(json!({}), |inner, _| json!({ "a": inner }));
    let deeper = (0..20).map(|number| {
        let target = format!("$['x-a']{}", ".a".repeat(100 * number));
        json!({ "target": target, "update": nested })
    });
    let copied = [
        json!({ "target": "$['x-a']", "update": nested }),
        json!({ "target": format!("$['x-a']{}", ".a".repeat(100)), "copy": "$['x-a']" }),
    ];
    let doubled = (0..40).flat_map(|number| {
        let name = format!("x-{number}");
        [
            json!({ "target": "$", "update": { (name.as_str()): {} } }),
            json!({ "target": format!("$['{name}']"), "update": { "one": {}, "other": {} } }),
            json!({ "target": format!("$['{name}'].*"), "copy": match number {
                0 => "$.info".to_owned(),
                _ => format!("$['x-{}']", number - 1),
            } }),
        ]
    });
    let overlays: [(Vec<Value>, &str); 3] = [
        (deeper.collect(), "too-deep"),
        (copied.into(), "too-deep"),
        (doubled.collect(), "too-large"),
    ];
    for (actions, code) in overlays {
        let place = Place::empty();
        let overlay = json!({
            "overlay": "1.1.0",
            "info": { "title": "Deep", "version": "1" },
            "actions": actions,
        });
        let files = [("a.json", &document), ("overlay.json", &overlay)];
        for (name, value) in files {
            write(
                &place.folder.path().join(name),
                value.to_string().as_bytes(),
            );
        }
        let arguments = ["a.json", "--overlay", "overlay.json", "--out", "deep"];
        let ran = run_with(&place, &arguments);
        let start = format!("error[{code}]: ");
        assert!(ran.stderr.starts_with(&start), "{}", ran.stderr);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    }
}
