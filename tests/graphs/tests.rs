//! Schemas that refer to one another in every way: each graph of up to four schemas results in a
//! crate, each fault has a location, and a sample of the crates compiles.
//!
//! The graphs are enumerated without randomness: `$ref`, `allOf`, `oneOf`, `anyOf`, arrays, maps,
//! properties and discriminators, each referring to any of the schemas. Runs all stages except
//! formatting, on threads with the stack size of the command line.

#[path = "../cargo/mod.rs"]
mod cargo;
#[path = "../parallel/mod.rs"]
mod parallel;
mod shapes;

use std::collections::{HashMap, HashSet};
use std::thread::{Builder, scope};

use generator::Generator;
use generator::bundle::bundle;
use generator::diagnostic::{Diagnostic, Diagnostics, code};
use generator::document::Document;
use generator::emit::{Contents, Options, emit};
use generator::ir::{Api, Shape, Type, TypePath};
use generator::lower::{Lowered, Options as LowerOptions, lower};
use generator::normalize::normalize;
use generator::proof::{Tests, plan};
use generator::source::Sources;
use serde_json::{Map, Value, json};

use shapes::{Graph, all, components, with};

/// The stack of the threads of the command line.
const STACK: usize = 64 * 1024 * 1024;

/// One in this many graphs is tried, unless the tests are complete. There are about four thousand.
const TRIED: usize = 5;

/// One in this many graphs is compiled.
const COMPILED: usize = 25;

/// Returns a document that sends and reads the first schema of each graph, with examples and a
/// default.
fn document(graphs: &[(String, &Graph)]) -> String {
    let mut schemas = Map::new();
    let mut paths = Map::new();
    for (prefix, graph) in graphs {
        schemas.extend(components(graph, prefix));
        let first = json!({ "$ref": format!("#/components/schemas/{prefix}S0") });
        let with_default = json!({ "allOf": [first], "default": {} });
        schemas.insert(
            format!("{prefix}Holder"),
            json!({ "type": "object", "properties": { "held": with_default } }),
        );
        let example = json!({ "k": format!("{prefix}S1"), "p0": "text" });
        let content = json!({ "application/json": { "schema": first, "example": example } });
        paths.insert(
            format!("/{prefix}things"),
            json!({ "post": {
                "operationId": format!("send {prefix}thing"),
                "parameters": [{ "name": "q", "in": "query", "schema": first }],
                "requestBody": { "required": true, "content": content },
                "responses": { "200": { "description": "It", "content": content } },
            } }),
        );
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Graphs", "version": "1.0.0" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    serde_json::to_string_pretty(&document).expect("it is JSON")
}

/// Runs all stages up to the tokens of the crate. Returns the result with the diagnostics.
fn stages(document: &str) -> (Option<Api>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let planned = understand(document, &mut diagnostics);
    if let Some((api, tests)) = &planned {
        let options = Options {
            package: "graph".to_owned(),
            library: "graph".to_owned(),
            tests: true,
        };
        emit(api, tests, &options, |file| {
            if let Contents::Rust(pieces) = file.contents {
                pieces(&mut drop);
            }
        });
    }
    (planned.map(|(api, _)| api), diagnostics)
}

fn understand(document: &str, diagnostics: &mut Diagnostics) -> Option<(Api, Tests)> {
    let mut sources = Sources::new();
    let text = document.as_bytes().to_vec();
    let (file, value) = sources.read_text("graph.json", text, diagnostics).ok()?;
    let bundle = bundle(file, value, &mut sources, diagnostics);
    diagnostics.finish().ok()?;
    let normalized = normalize(bundle.value, diagnostics);
    diagnostics.finish().ok()?;
    let document = Document::read(normalized, diagnostics)?;
    diagnostics.finish().ok()?;
    let options = LowerOptions::default();
    let Lowered { api, origins, .. } = lower(&document, options, diagnostics);
    let tests = plan(&document, &api, &origins, options, diagnostics);
    diagnostics.finish().ok()?;
    Some((api, tests))
}

/// Returns `true` if a graph is faulty. Panics if an error has no location, or the faults of a
/// graph leave no crate.
fn is_at_fault(graph: &Graph) -> bool {
    let document = document(&[(String::new(), graph)]);
    let (api, diagnostics) = stages(&document);
    let generator = || Generator::from_text("graph.json", document.clone());
    let Some(api) = api else {
        if let Err(error) = generator().strict(true).generate_files() {
            for line in error.findings().json_lines() {
                let finding: Value = serde_json::from_str(&line).expect("a finding is JSON");
                let line = finding["line"].as_u64();
                assert!(line.is_some_and(|line| line > 0), "{finding}\n{document}");
            }
        }
        let contained = generator().generate_files();
        assert!(contained.is_ok(), "{:?}\n{document}", contained.err());
        return true;
    };
    let warnings = diagnostics.list();
    every_alias_leads_to_a_type(&api, &document);
    reports_schemas_that_become_any_value(graph.len(), &api, warnings, &document);
    false
}

/// Asserts that no chain of aliases and branches leads from a type back to itself.
fn every_alias_leads_to_a_type(api: &Api, document: &str) {
    let shapes: HashMap<&TypePath, &Shape> = api
        .types
        .iter()
        .map(|def| (&def.path, &def.shape))
        .collect();
    for def in &api.types {
        let mut seen = HashSet::new();
        let mut queue = vec![&def.path];
        while let Some(path) = queue.pop() {
            let types: Vec<&Type> = match shapes[path] {
                Shape::Alias(ty) | Shape::Newtype(ty) => vec![ty],
                Shape::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
                Shape::Struct(_) | Shape::Enum(_) => Vec::new(),
            };
            for mut ty in types {
                while let Type::Option(inner) | Type::Box(inner) = ty {
                    ty = inner;
                }
                if let Type::Named(next) = ty
                    && seen.insert(next)
                {
                    queue.push(next);
                }
            }
        }
        assert!(!seen.contains(&def.path), "{:?}: {document}", def.path);
    }
}

/// Asserts that a warning is reported if a schema becomes any JSON value. No schema of a graph is
/// `{}`.
fn reports_schemas_that_become_any_value(
    count: usize,
    api: &Api,
    warnings: &[Diagnostic],
    document: &str,
) {
    let names: Vec<String> = (0..count).map(|number| format!("S{number}")).collect();
    let is_any = |name: &String| {
        let mut types = api.types.iter();
        let def = types.find(|def| def.path.modules.is_empty() && def.path.name.as_str() == name);
        matches!(def.expect("it is declared").shape, Shape::Alias(Type::Json))
    };
    let any = names.iter().find(|name| is_any(name));
    let codes = [
        code::TYPE_WIDENED,
        code::TOO_MANY_COMBINATIONS,
        code::CIRCULAR_REFERENCE,
        code::CONTRADICTORY_ALL_OF,
        code::CONTRADICTORY_SCHEMA,
    ];
    if let Some(any) = any {
        let is_reported = warnings.iter().any(|warning| codes.contains(&warning.code));
        assert!(is_reported, "{any} is any value: {document}");
    }
}

#[test]
fn every_graph_is_a_crate_or_a_located_error() {
    let graphs = all();
    assert!(graphs.len() > 4_000, "{}", graphs.len());
    let step = if cargo::is_thorough() { 1 } else { TRIED };
    let graphs: Vec<&Graph> = graphs.iter().step_by(step).collect();
    let outcomes = parallel::map(&graphs, |graph| {
        scope(|scope| {
            // A stack overflow reports the name of the thread.
            let thread = Builder::new().name(format!("{graph:?}")).stack_size(STACK);
            let thread = thread.spawn_scoped(scope, || is_at_fault(graph));
            thread.expect("a thread").join().map_err(|_| *graph)
        })
    });
    let failed: Vec<_> = outcomes.iter().filter_map(|one| one.err()).collect();
    assert!(failed.is_empty(), "{} graphs: {failed:?}", failed.len());
    let at_fault = outcomes.iter().filter(|one| **one == Ok(true)).count();
    println!("{} graphs, {at_fault} at fault", graphs.len());
    assert!(at_fault * 4 < graphs.len(), "{at_fault} are at fault");
}

/// The limit only applies to combinations of several lists.
#[test]
fn one_list_of_alternatives_beside_a_base_can_have_any_length() {
    let base = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
    let branches = |count| -> Vec<Value> {
        let one = |number| {
            let name = format!("a{number}");
            json!({ "type": "object", "required": [&name], "properties": { &name: { "type": "string" } } })
        };
        (0..count).map(one).collect()
    };
    for count in [65, 500] {
        let list = json!({ "oneOf": branches(count) });
        let beside = with(base.clone(), list.clone());
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "Alternatives", "version": "1.0.0" },
            "paths": {},
            "components": { "schemas": {
                "Beside": beside,
                "Within": { "allOf": [base, list] },
            } },
        });
        let (api, diagnostics) = stages(&document.to_string());
        assert!(diagnostics.list().is_empty(), "{:?}", diagnostics.list());
        let api = api.expect("it is a crate");
        for name in ["Beside", "Within"] {
            let mut types = api.types.iter();
            let def = types.find(|def| def.path.name.as_str() == name);
            let Shape::Union(union) = &def.expect("it is declared").shape else {
                panic!("{name} is no union")
            };
            assert_eq!(union.variants.len(), count, "{name}");
        }
    }
}

/// The sample is one crate, in which the schemas of each graph have distinct names.
#[test]
fn a_sample_of_the_crates_compiles_and_passes_its_tests() {
    let graphs = all();
    let named = graphs.iter().enumerate().step_by(COMPILED);
    let named = named.map(|(number, graph)| (format!("G{number}"), graph));
    let mut sample: Vec<(String, &Graph)> = named.collect();
    sample.retain(|(_, graph)| {
        let (api, _) = stages(&document(&[(String::new(), graph)]));
        api.is_some()
    });
    assert!(sample.len() > 20, "{}", sample.len());
    let folder = cargo::target().join("graphs");
    let generator = Generator::from_text("graphs.json", document(&sample));
    let report = generator.out_dir(&folder).package("graphs").generate();
    let report = report.unwrap_or_else(|error| panic!("{error}"));
    println!("{} graphs, {} types", sample.len(), report.types);
    cargo::alone(&folder);
    cargo::succeed(cargo::command(&folder, &["test", "--test", "*", "--quiet"]));
}
