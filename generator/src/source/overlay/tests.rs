//! The examples of the Overlay Specification 1.1, section 4.4.4, and faults in overlays.

use std::fs;

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Location, Part};
use crate::pointer::Pointer;
use crate::source::{Sources, yaml};

struct Overlaid {
    value: Value,
    sources: Sources,
    diagnostics: Diagnostics,
}

/// Applies the actions to a document.
fn overlaid(document: &str, actions: &str) -> Overlaid {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.overlay.yaml");
    let overlay = format!("overlay: 1.1.0\ninfo: {{title: t, version: '1'}}\nactions:\n{actions}");
    fs::write(&path, overlay).expect("a file");
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::default();
    let read = sources.read_text("document.yaml", document, &mut diagnostics);
    let (_, mut value) = read.expect("a document");
    let _ = sources.overlay(&path, &mut value, &mut diagnostics);
    Overlaid {
        value,
        sources,
        diagnostics,
    }
}

#[track_caller]
fn check(document: &str, actions: &str, expected: &str) {
    let found = overlaid(document, actions);
    assert!(
        found.diagnostics.list().is_empty(),
        "{:?}",
        found.diagnostics
    );
    let expected = yaml::value(expected).expect("YAML");
    assert_eq!(found.value, expected);
    assert_eq!(found.value.to_string(), expected.to_string(), "the order");
}

/// Returns the code and message of the only finding.
#[track_caller]
fn fault(actions: &str) -> (&'static str, String, usize) {
    let found = overlaid("info: {title: t, tags: [a]}\npaths: {}\n", actions);
    let [only] = found.diagnostics.list() else {
        panic!("{:?}", found.diagnostics);
    };
    let (file, span) = found.sources.find(&only.location).expect("a place");
    let line = found.sources.line_column(file, span.start).line;
    (only.code.as_str(), only.message.clone(), line)
}

const ITEMS: &str = "\
paths:
  /items: {get: {responses: {200: {description: OK}}}}
  /some-items: {delete: {responses: {200: {description: OK}}}}
";

#[test]
fn structured() {
    check(
        "info: {title: a}\npaths:\n  /pets: {get: {summary: x}}\ntags: [{name: a}]\n",
        "\
- target: '$'
  update:
    info: {x-overlay-applied: structured-overlay}
    paths:
      /: {summary: The root resource, get: {x-rate-limit: 100}}
      /pets: {get: {summary: Retrieve a list of pets, x-rate-limit: 100}}
    tags: [{name: b}]
",
        "\
info: {title: a, x-overlay-applied: structured-overlay}
paths:
  /pets: {get: {summary: Retrieve a list of pets, x-rate-limit: 100}}
  /: {summary: The root resource, get: {x-rate-limit: 100}}
tags: [{name: a}, {name: b}]
",
    );
}

#[test]
fn targeted() {
    check(
        "paths:\n  /foo: {get: {description: a}}\n  /bar: {get: {description: b}}\n",
        "\
- target: $.paths['/foo'].get.description
  update: This is the new description
- target: $.paths['/bar'].get.description
  update: This is the updated description
- target: $.paths['/bar']
  update: {post: {description: c, x-safe: false}}
",
        "\
paths:
  /foo: {get: {description: This is the new description}}
  /bar: {get: {description: This is the updated description}, post: {description: c, x-safe: false}}
",
    );
}

#[test]
fn wildcards_and_filters() {
    check(
        "\
paths:
  /a: {get: {parameters: [{name: filter, in: query}, {name: filter, in: header}]}}
  /b: {get: {}, post: {}}
",
        "\
- target: $.paths.*.get
  update: {x-safe: true}
- target: $.paths.*.get.parameters[?@.name=='filter' && @.in=='query']
  update: {schema: {$ref: '#/components/schemas/filterSchema'}}
",
        "\
paths:
  /a:
    get:
      parameters:
        - {name: filter, in: query, schema: {$ref: '#/components/schemas/filterSchema'}}
        - {name: filter, in: header}
      x-safe: true
  /b: {get: {x-safe: true}, post: {}}
",
    );
}

#[test]
fn items_of_arrays() {
    check(
        "paths: {/a: {get: {parameters: [{name: dummy}, {name: a}, {name: dummy}], tags: [a, dummy, b]}}}\n",
        "\
- target: $.paths.*.get.parameters
  update: {name: newParam, in: query}
- target: $.paths.*.get.parameters[?@.name == 'dummy']
  remove: true
- target: $.paths.*.get.tags[?@ == 'dummy']
  remove: true
- target: $.paths.*.get.tags
  update: [c, d]
",
        "paths: {/a: {get: {parameters: [{name: a}, {name: newParam, in: query}], tags: [a, b, c, d]}}}\n",
    );
}

#[test]
fn traits() {
    check(
        "\
paths:
  /items: {get: {x-oai-traits: [paged]}}
  /items/{id}/subitems: {get: {x-oai-traits: [paged], parameters: [{name: id}]}}
  /other: {get: {}}
",
        "\
- target: $.paths[?(@.get['x-oai-traits'][?(@ == 'paged')])].get
  update: {parameters: [{name: top}, {name: skip}]}
",
        "\
paths:
  /items: {get: {x-oai-traits: [paged], parameters: [{name: top}, {name: skip}]}}
  /items/{id}/subitems:
    get: {x-oai-traits: [paged], parameters: [{name: id}, {name: top}, {name: skip}]}
  /other: {get: {}}
",
    );
}

#[test]
fn copies_and_moves() {
    check(
        ITEMS,
        "- target: '$.paths[\"/some-items\"]'\n  copy: '$.paths[\"/items\"]'\n",
        "\
paths:
  /items: {get: {responses: {200: {description: OK}}}}
  /some-items: {delete: {responses: {200: {description: OK}}}, get: {responses: {200: {description: OK}}}}
",
    );
    check(
        ITEMS,
        "\
- target: '$.paths'
  update: {/new-items: {}}
- target: '$.paths[\"/new-items\"]'
  copy: '$.paths[\"/items\"]'
- target: '$.paths[\"/items\"]'
  remove: true
",
        "\
paths:
  /some-items: {delete: {responses: {200: {description: OK}}}}
  /new-items: {get: {responses: {200: {description: OK}}}}
",
    );
}

#[test]
fn a_node_keeps_its_location() {
    let found = overlaid(
        "list:\n  - a: 1\n  - b: 2\n  - c: 3\ninfo:\n  title: x\n",
        "\
- target: $.list
  update: {d: 4}
- target: $.list[0]
  remove: true
- target: $.info
  update: {title: y, version: z}
",
    );
    assert!(
        found.diagnostics.list().is_empty(),
        "{:?}",
        found.diagnostics
    );
    let marked = |pointer: &str| {
        let pointer = Pointer::parse(pointer).expect("a pointer");
        let place = found.sources.find(&Location::Node(pointer, Part::Value));
        let (file, span) = place.expect("a place");
        let name = found
            .sources
            .name(file)
            .rsplit('/')
            .next()
            .unwrap_or_default();
        format!("{name} {}", &found.sources.text(file)[span])
    };
    assert_eq!(marked("/list/0/b"), "document.yaml 2");
    assert_eq!(marked("/list/1/c"), "document.yaml 3");
    assert_eq!(marked("/list/2/d"), "a.overlay.yaml 4");
    assert_eq!(marked("/info/title"), "a.overlay.yaml y");
    assert_eq!(marked("/info/version"), "a.overlay.yaml z");
}

#[test]
fn faults_are_located() {
    let (code, message, line) = fault("- {target: $.nothing, remove: true}\n");
    assert_eq!((code, line), ("overlay-target", 4), "{message}");
    let (code, message, line) = fault("- {target: '$.paths[', remove: true}\n");
    assert_eq!((code, line), ("invalid-overlay", 4), "{message}");
    assert!(
        message.starts_with("`target` is not a valid JSONPath: "),
        "{message}"
    );
    for (actions, expected) in [
        (
            "- {target: $, remove: true}\n",
            "the whole document cannot be removed",
        ),
        ("- {target: $.info}\n", "this action changes nothing"),
        ("- {update: {}}\n", "the action has no `target`"),
        (
            "- {target: 1, remove: true}\n",
            "`target` has to be a string",
        ),
        (
            "- {target: $.info, remove: yes please}\n",
            "`remove` has to be `true` or `false`",
        ),
        (
            "- {target: $.info.title, update: {a: b}}\n",
            "`#/info/title` is a single value, and the update is an object or a list",
        ),
        (
            "- {target: $.info, update: b}\n",
            "`#/info` is an object, and the update is not",
        ),
    ] {
        let (code, message, line) = fault(actions);
        assert_eq!(
            (code, message.as_str(), line),
            ("invalid-overlay", expected, 4)
        );
    }
    let (code, message, _) = fault("- {target: $.info, copy: $.nothing}\n");
    assert_eq!(
        (code, message.as_str()),
        ("overlay-target", "`copy` selects 0 nodes, not one")
    );
}
