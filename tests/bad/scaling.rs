//! The time for each kind of document grows linearly: four times the size takes about four times as
//! long.

use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::{Place, cargo, parallel, write};

/// A document of variable size.
struct Growing {
    name: &'static str,
    /// The smallest size.
    size: usize,
    text: fn(usize) -> String,
}

/// Linear growth is 4, quadratic growth 16.
const MOST_GROWTH: f64 = 8.0;

/// Shorter times, in seconds, are too inaccurate.
const NOISE: f64 = 0.1;

/// The maximum processor time of a run, in seconds.
const LONGEST: u32 = 60;

/// Returns the processor time for a document, in seconds.
fn seconds(name: &str, text: &str) -> f64 {
    let place = Place::empty();
    write(&place.folder.path().join("growing.json"), text.as_bytes());
    let script = format!(
        "ulimit -t {LONGEST}; \"$0\" growing.json --out crate --message-format json >out 2>err; \
         echo \"code $?\"; times"
    );
    let output = Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_generator")])
        .current_dir(place.folder.path())
        .stdin(Stdio::null())
        .output()
        .expect("it starts");
    let output = String::from_utf8(output.stdout).expect("text");
    let mut lines = output.lines();
    let code = lines.next().expect("the exit status");
    assert!(matches!(code, "code 0" | "code 1"), "{name}: {code}");
    // The times of the shell, then those of its children: `0m0.25s 0m0.01s`.
    let times = lines.nth(1).expect("the times").split_whitespace();
    let times = times.map(|time| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("a time");
        let number = |text: &str| text.parse::<f64>().expect("a number");
        60.0 * number(minutes) + number(seconds)
    });
    times.sum()
}

fn document(schemas: impl IntoIterator<Item = (String, Value)>) -> String {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Growing", "version": "1.0.0" },
        "paths": {},
        "components": { "schemas": schemas },
    });
    document.to_string()
}

fn schema(schema: Value) -> String {
    document([("A".to_owned(), schema)])
}

fn properties(size: usize, name: &str, each: impl Fn(usize) -> Value) -> Value {
    let properties = (0..size).map(|number| (format!("{name}{number}"), each(number)));
    properties.collect::<Map<_, _>>().into()
}

fn described(text: &str) -> String {
    schema(json!({ "type": "string", "description": text }))
}

const GROWING: &[Growing] = &[
    Growing {
        name: "properties with defaults",
        size: 2_000,
        text: |size| {
            let each = |number| json!({ "type": "string", "default": format!("v{number}") });
            schema(json!({ "type": "object", "properties": properties(size, "p", each) }))
        },
    },
    Growing {
        name: "values of an enum, and an example of each",
        size: 2_000,
        text: |size| {
            let values: Vec<String> = (0..size).map(|number| format!("v{number}")).collect();
            schema(json!({
                "type": "array",
                "items": { "type": "string", "enum": values, "examples": values },
                "example": values,
            }))
        },
    },
    Growing {
        name: "defaults of an enum",
        size: 300,
        text: |size| {
            let values: Vec<String> = (0..size).map(|number| format!("v{number}")).collect();
            let to = json!({ "$ref": "#/components/schemas/E" });
            let each = |number| json!({ "allOf": [to], "default": format!("v{number}") });
            document([
                ("E".to_owned(), json!({ "type": "string", "enum": values })),
                (
                    "A".to_owned(),
                    json!({ "type": "object", "properties": properties(size, "p", each) }),
                ),
            ])
        },
    },
    Growing {
        name: "schemas",
        size: 2_000,
        text: |size| {
            let object = json!({
                "type": "object",
                "properties": properties(1, "p", |_| json!({ "type": "string" })),
            });
            document((0..size).map(|number| (format!("S{number}"), object.clone())))
        },
    },
    Growing {
        name: "operations",
        size: 1_000,
        text: |size| {
            let paths: Map<String, Value> = (0..size)
                .map(|number| {
                    let operation = json!({
                        "operationId": format!("op{number}"),
                        "responses": { "204": { "description": "Done" } },
                    });
                    (format!("/p{number}"), json!({ "get": operation }))
                })
                .collect();
            let document = json!({
                "openapi": "3.1.0",
                "info": { "title": "Growing", "version": "1.0.0" },
                "paths": paths,
            });
            document.to_string()
        },
    },
    Growing {
        name: "lists of values that have to agree",
        size: 2_000,
        text: |size| {
            let values: Vec<String> = (0..size).map(|number| format!("v{number}")).collect();
            let list = json!({ "type": "string", "enum": values });
            schema(json!({ "allOf": [list, list] }))
        },
    },
    Growing {
        name: "branches with a pattern each",
        size: 300,
        text: |size| {
            let branches = (0..size).map(|number| {
                let value = json!({ "type": "string", "pattern": format!("^x{number}$") });
                json!({ "type": "object", "required": ["a"], "properties": { "a": value } })
            });
            let branches: Vec<Value> = branches.collect();
            schema(json!({ "oneOf": branches, "example": { "a": "x1" } }))
        },
    },
    Growing {
        name: "required names that are not among the properties",
        size: 500,
        text: |size| {
            let names: Vec<String> = (0..size).map(|number| format!("r{number}")).collect();
            schema(json!({
                "type": "object",
                "required": names,
                "properties": properties(size, "p", |_| json!({ "type": "string" })),
            }))
        },
    },
    Growing {
        name: "the parts of a reference",
        size: 200_000,
        text: |size| schema(json!({ "$ref": format!("#/components{}", "/a".repeat(size)) })),
    },
    Growing {
        name: "long names that are like those of references",
        size: 500,
        text: |size| {
            let end = "x".repeat(80);
            let each = |number: usize| {
                let to = format!("#/components/schemas/M{number:05}{end}");
                (
                    format!("N{number:05}{end}"),
                    json!({ "type": "object", "properties": { "a": { "$ref": to } } }),
                )
            };
            document((0..size).map(each))
        },
    },
    Growing {
        name: "anchors of one name",
        size: 300,
        text: |size| {
            let defs = properties(
                size,
                "d",
                |number| json!({ "$anchor": "x", "maxLength": number }),
            );
            schema(json!({
                "type": "object",
                "$defs": defs,
                "properties": properties(size, "p", |_| json!({ "$ref": "#x" })),
            }))
        },
    },
    Growing {
        name: "URLs in a description",
        size: 5_000,
        text: |size| {
            let urls = (0..size).map(|number| format!("https://example.com/{number} "));
            described(&urls.collect::<String>())
        },
    },
    Growing {
        name: "brackets behind a URL",
        size: 20_000,
        text: |size| {
            described(&format!(
                "http://a/{}{}",
                "(".repeat(size),
                ")]".repeat(2 * size)
            ))
        },
    },
    Growing {
        name: "processing instructions",
        size: 10_000,
        text: |size| {
            described(&format!(
                "{}{}",
                "a <? b ".repeat(size),
                "a <?x?> ".repeat(size)
            ))
        },
    },
    Growing {
        name: "processing instructions in lines of their own",
        size: 5_000,
        text: |size| described(&"<?x\n\n".repeat(size)),
    },
    Growing {
        name: "CDATA sections",
        size: 5_000,
        text: |size| {
            let open = "a <![CDATA[ x ".repeat(size);
            described(&format!("{}{open}", "a <![CDATA[x]]>\n\n".repeat(size)))
        },
    },
    Growing {
        name: "tags without an end",
        size: 20_000,
        text: |size| described(&format!("<div>{}", "<a ".repeat(size))),
    },
    Growing {
        name: "line breaks in a row",
        size: 5_000,
        text: |size| described(&format!("a{}", "<br>".repeat(size))),
    },
    Growing {
        name: "properties with a default",
        size: 500,
        text: |size| {
            let each = |_| json!({ "type": "string", "default": "x" });
            schema(json!({ "type": "object", "properties": properties(size, "p", each) }))
        },
    },
    Growing {
        name: "defaults that leave one another out",
        size: 250,
        text: |size| {
            let each = |number: usize| {
                let to = format!("#/components/schemas/S{}", (number + 1) % size);
                let property = json!({ "allOf": [{ "$ref": to }], "default": {} });
                (
                    format!("S{number}"),
                    json!({ "type": "object", "properties": { "a": property } }),
                )
            };
            document((0..size).map(each))
        },
    },
    Growing {
        name: "findings",
        size: 1_000,
        text: |size| {
            let each = |_| json!({ "type": "strng" });
            let schemas = properties(size, "S", each);
            document(schemas.as_object().cloned().unwrap_or_default())
        },
    },
    Growing {
        name: "fields that no schema has",
        size: 2_000,
        text: |size| {
            let mut own = properties(size, "x-openapi-", |_| json!(1));
            let others = properties(size, "field", |_| json!(1));
            let own = own.as_object_mut().expect("an object");
            own.extend(others.as_object().cloned().unwrap_or_default());
            schema(own.clone().into())
        },
    },
    Growing {
        name: "tags of operations",
        size: 50,
        text: |size| {
            let names = |number| format!("t{number}");
            let paths = (0..size).map(|number| {
                let operation = json!({
                    "operationId": format!("p{number}"),
                    "tags": [names(number)],
                    "responses": { "204": { "description": "None" } },
                });
                (format!("/p{number}"), json!({ "get": operation }))
            });
            let tags: Vec<Value> = (0..size)
                .map(|number| json!({ "name": names(number) }))
                .collect();
            let document = json!({
                "openapi": "3.1.0",
                "info": { "title": "Growing", "version": "1.0.0" },
                "tags": tags,
                "paths": paths.collect::<Map<_, _>>(),
            });
            document.to_string()
        },
    },
    Growing {
        name: "unions in a row",
        size: 60,
        text: |size| {
            let each = |number: usize| {
                let next = json!({ "$ref": format!("#/components/schemas/S{}", number + 1) });
                let name = format!("p{number}");
                let own = json!({
                    "type": "object",
                    "required": [name],
                    "properties": { (name.as_str()): {} },
                });
                (format!("S{number}"), json!({ "oneOf": [next, own] }))
            };
            let last = json!({ "type": "object", "properties": { "z": {} } });
            document((0..size).map(each).chain([(format!("S{size}"), last)]))
        },
    },
    Growing {
        name: "values of a discriminator's mapping",
        size: 100,
        text: |size| {
            let name = |number| format!("B{number}");
            let branch = json!({
                "type": "object",
                "required": ["k"],
                "properties": { "k": { "type": "string" } },
            });
            let branches = (0..size).map(|number| (name(number), branch.clone()));
            let to = |number| format!("#/components/schemas/{}", name(number));
            let mapping: Map<String, Value> = (0..10 * size)
                .map(|number| (format!("m{number}"), to(number % size).into()))
                .collect();
            let list: Vec<Value> = (0..size)
                .map(|number| json!({ "$ref": to(number) }))
                .collect();
            let discriminator = json!({ "propertyName": "k", "mapping": mapping });
            let union = json!({ "oneOf": list, "discriminator": discriminator });
            document(branches.chain([("U".to_owned(), union)]))
        },
    },
    Growing {
        name: "variables of a URL that are not declared",
        size: 200,
        text: |size| {
            let names = (0..size).map(|number| format!("{{v{number}}}"));
            let url = format!("https://example.com/{}", names.collect::<String>());
            let document = json!({
                "openapi": "3.1.0",
                "info": { "title": "Growing", "version": "1.0.0" },
                "servers": [{ "url": url }],
                "paths": {},
            });
            document.to_string()
        },
    },
    Growing {
        name: "references that lead on in a long pointer",
        size: 100,
        text: |size| {
            let itself = json!({ "$ref": "#/components/schemas/A" });
            let way = "/properties/a".repeat(size);
            let to = json!({ "$ref": format!("#/components/schemas/A{way}") });
            document([
                (
                    "A".to_owned(),
                    json!({ "type": "object", "properties": { "a": itself } }),
                ),
                (
                    "B".to_owned(),
                    json!({ "type": "object", "properties": properties(10, "p", |_| to.clone()) }),
                ),
            ])
        },
    },
];

/// Measures a document and one four times as large. Returns a message if the growth is not linear.
fn out_of_proportion(Growing { name, size, text }: &Growing) -> Option<String> {
    let of = |times: usize| seconds(name, &text(times * size));
    let (mut one, mut four) = (of(1), of(4));
    let grows = |one: f64, four: f64| four > MOST_GROWTH * one.max(NOISE);
    // Other processes on the machine only increase the time.
    if grows(one, four) {
        (one, four) = (one.min(of(1)), four.min(of(4)));
    }
    grows(one, four).then(|| format!("{name}: {one:.2} s, and {four:.2} s at four times the size"))
}

/// Every n-th document is measured, unless everything is tested.
const MEASURED: usize = 4;

#[test]
fn time_is_proportional_to_size() {
    let step = if cargo::is_thorough() { 1 } else { MEASURED };
    let rows: Vec<_> = GROWING.iter().step_by(step).collect();
    let against = parallel::map(&rows, |row| out_of_proportion(row));
    let against: Vec<_> = against.into_iter().flatten().collect();
    assert!(against.is_empty(), "{}", against.join("\n"));
}
