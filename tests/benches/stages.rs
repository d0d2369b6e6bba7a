//! The time of each stage for a large document, compared to `serde_yaml`, which only parses it:
//! `cargo bench --bench stages`.

use std::fmt::Write;

use divan::{Bencher, black_box};
use generator::Generator;
use generator::bundle::{Bundle, bundle};
use generator::diagnostic::Diagnostics;
use generator::document::Document;
use generator::emit::{Contents, GeneratedFile, Options, emit};
use generator::ir::Api;
use generator::lower::{Lowered, Options as LowerOptions, lower};
use generator::normalize::{Normalized, normalize};
use generator::proof::{Tests, plan};
use generator::source::Sources;

const SCHEMAS: usize = 2000;

fn main() {
    divan::main();
}

/// Returns about 3 MB of schemas with eight properties that refer to one another, and two
/// operations for each schema.
#[expect(clippy::too_many_lines, reason = "one document")]
fn text() -> String {
    let mut text = String::from("openapi: 3.1.0\ninfo: { title: Large, version: 1.0.0 }\npaths:\n");
    for number in 0..SCHEMAS {
        let tag = number / 50;
        let _ = write!(
            text,
            "  /things/{number}/{{id}}:
    parameters:
      - name: id
        in: path
        required: true
        description: Which one.
        schema:
          type: string
    get:
      tags: [group {tag}]
      operationId: getThing{number}
      summary: Gives a thing
      responses:
        '200':
          description: The thing
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing{number}'
    put:
      tags: [group {tag}]
      operationId: putThing{number}
      summary: Replaces a thing
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Thing{number}'
      responses:
        '204':
          description: Done
"
        );
    }
    text.push_str("components:\n  schemas:\n");
    for number in 0..SCHEMAS {
        let next = (number + 1) % SCHEMAS;
        let _ = write!(
            text,
            "    Thing{number}:
      type: object
      description: A thing of which there are many.
      required: [id, name]
      properties:
        id:
          type: string
          description: What tells it from the others.
        name:
          type: string
          example: a name
        count:
          type: integer
          format: int64
          default: 1
        state:
          type: string
          enum: [new, used, gone]
          default: new
        tags:
          type: array
          items:
            type: string
        labels:
          type: object
          additionalProperties:
            type: string
        parent:
          $ref: '#/components/schemas/Thing{next}'
        created:
          type: string
          format: date-time
"
        );
    }
    text
}

fn read(text: &str) -> Bundle {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::default());
    let (root, value) = sources
        .read_text("large.yaml", text.as_bytes().to_vec(), &mut found)
        .unwrap_or_else(|_| panic!("it can be read"));
    bundle(root, value, &mut sources, &mut found)
}

fn normalized(text: &str) -> Normalized {
    normalize(read(text).value, &mut Diagnostics::default())
}

fn document(text: &str) -> Document {
    Document::read(normalized(text), &mut Diagnostics::default())
        .unwrap_or_else(|| panic!("it is a document"))
}

/// Returns the crate, and its examples and tests.
fn planned(text: &str) -> (Api, Tests) {
    let document = document(text);
    let (options, diagnostics) = (LowerOptions::default(), &mut Diagnostics::default());
    let Lowered { api, origins, .. } = lower(&document, options, diagnostics);
    let tests = plan(&document, &api, &origins, options, diagnostics);
    (api, tests)
}

#[divan::bench(sample_count = 10)]
fn floor_serde_yaml(bencher: Bencher) {
    let text = text();
    bencher.bench(|| serde_yaml::from_str::<serde_yaml::Value>(black_box(&text)));
}

#[divan::bench(sample_count = 10)]
fn source(bencher: Bencher) {
    let text = text();
    bencher.bench(|| {
        let mut sources = Sources::new();
        let text = black_box(&text).as_bytes().to_vec();
        let read = sources.read_text("large.yaml", text, &mut Diagnostics::default());
        (read.is_ok(), sources)
    });
}

#[divan::bench(sample_count = 10)]
fn source_and_bundle(bencher: Bencher) {
    let text = text();
    bencher.bench(|| read(black_box(&text)));
}

#[divan::bench(sample_count = 10)]
fn normalize_it(bencher: Bencher) {
    let text = text();
    bencher
        .with_inputs(|| read(&text).value)
        .bench_values(|value| normalize(value, &mut Diagnostics::default()));
}

#[divan::bench(sample_count = 10)]
fn document_of_it(bencher: Bencher) {
    let text = text();
    bencher
        .with_inputs(|| normalized(&text))
        .bench_values(|value| Document::read(value, &mut Diagnostics::default()));
}

#[divan::bench(sample_count = 10)]
fn lower_it(bencher: Bencher) {
    let document = document(&text());
    bencher.bench_local(|| {
        lower(
            &document,
            LowerOptions::default(),
            &mut Diagnostics::default(),
        )
    });
}

#[divan::bench(sample_count = 10)]
fn proof_of_it(bencher: Bencher) {
    let document = document(&text());
    let options = LowerOptions::default();
    let Lowered { api, origins, .. } = lower(&document, options, &mut Diagnostics::default());
    bencher.bench_local(|| {
        plan(
            &document,
            &api,
            &origins,
            options,
            &mut Diagnostics::default(),
        )
    });
}

/// Creates and drops all tokens of a file.
fn made(file: GeneratedFile<'_>) {
    if let Contents::Rust(pieces) = file.contents {
        pieces(&mut drop);
    }
}

#[divan::bench(sample_count = 10)]
fn emit_it(bencher: Bencher) {
    let (api, tests) = planned(&text());
    let options = Options {
        package: "large".to_owned(),
        library: "large".to_owned(),
        tests: true,
    };
    bencher.bench(|| emit(&api, &tests, &options, made));
}

#[divan::bench(sample_count = 10)]
fn whole_run(bencher: Bencher) {
    let text = text();
    bencher.bench(|| {
        Generator::from_text("large.yaml", black_box(&text).as_bytes())
            .generate_files()
            .map(|files| files.len())
            .ok()
    });
}
