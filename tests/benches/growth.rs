//! The time of a whole run grows linearly with the document: `cargo bench --bench growth`.
//!
//! Each row doubles the previous one. The test `time_is_proportional_to_size` checks the same kinds
//! of documents at smaller sizes.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use generator::Generator;
use serde_json::{Map, Value, json};

const SIZES: [usize; 3] = [15_000, 30_000, 60_000];

/// A document can have at most 40,000 paths.
const OPERATIONS: [usize; 3] = [7_500, 15_000, 30_000];

fn main() {
    divan::main();
}

fn document(paths: &Value, schemas: &Value) -> String {
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Growing", "version": "1.0.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    document.to_string()
}

fn members(size: usize, each: impl Fn(usize) -> (String, Value)) -> Value {
    (0..size).map(each).collect::<Map<_, _>>().into()
}

fn schema(schema: &Value) -> String {
    document(&json!({}), &json!({ "A": schema }))
}

fn run(bencher: Bencher<'_, '_>, size: usize, text: &str) {
    let generator = Generator::from_text("growing.json", text).package("growing");
    bencher.counter(ItemsCount::new(size)).bench(|| {
        let files = black_box(&generator).generate_files();
        files.expect("a crate").len()
    });
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn properties(bencher: Bencher<'_, '_>, size: usize) {
    let properties = members(size, |n| (format!("p{n}"), json!({ "type": "string" })));
    let text = schema(&json!({ "type": "object", "properties": properties }));
    run(bencher, size, &text);
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn defaults(bencher: Bencher<'_, '_>, size: usize) {
    let properties = members(size, |n| {
        let default = format!("v{n}");
        (
            format!("p{n}"),
            json!({ "type": "string", "default": default }),
        )
    });
    let text = schema(&json!({ "type": "object", "properties": properties }));
    run(bencher, size, &text);
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn enum_values(bencher: Bencher<'_, '_>, size: usize) {
    let values: Vec<String> = (0..size).map(|n| format!("v{n}")).collect();
    run(
        bencher,
        size,
        &schema(&json!({ "type": "string", "enum": values })),
    );
}

#[divan::bench(args = SIZES, sample_count = 3)]
fn schemas(bencher: Bencher<'_, '_>, size: usize) {
    let schemas = members(size, |n| {
        let properties = json!({ "a": { "type": "string" } });
        (
            format!("S{n}"),
            json!({ "type": "object", "properties": properties }),
        )
    });
    run(bencher, size, &document(&json!({}), &schemas));
}

#[divan::bench(args = OPERATIONS, sample_count = 3)]
fn operations(bencher: Bencher<'_, '_>, size: usize) {
    let paths = members(size, |n| {
        let responses = json!({ "204": { "description": "Done" } });
        (
            format!("/p{n}"),
            json!({ "get": { "operationId": format!("op{n}"), "responses": responses } }),
        )
    });
    run(bencher, size, &document(&paths, &json!({})));
}
