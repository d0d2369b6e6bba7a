mod faults;

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;

use serde_json::json;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::report::{Detail, render};

/// Writes the files, reads the first one and bundles it.
fn run(files: &[(&str, &str)]) -> (Value, Sources, Diagnostics) {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let mut sources = Sources::new();
    sources.set_reference_root(folder.path());
    let mut diagnostics = Diagnostics::default();
    let root = folder.path().join(files[0].0);
    let (root, value) = sources.read(&root, &mut diagnostics).expect("a document");
    let bundle = bundle(root, value, &mut sources, &mut diagnostics);
    assert_eq!(bundle.files.len(), sources.paths().count());
    (bundle.value, sources, diagnostics)
}

fn bundled(files: &[(&str, &str)]) -> (Value, Sources) {
    let (value, sources, diagnostics) = run(files);
    let shown = render(diagnostics.list(), &sources, Detail::All, false);
    assert!(diagnostics.list().is_empty(), "{shown}");
    (value, sources)
}

/// Returns the code, message, help and location (`file:line:column` without the folder) of each
/// finding.
fn faults(files: &[(&str, &str)]) -> Vec<(String, String, String)> {
    let (_, sources, diagnostics) = run(files);
    let shown = |finding: &Diagnostic| {
        let (file, span) = sources.find(&finding.location).expect("a place");
        let place = sources.line_column(file, span.start);
        let name = sources.name(file).rsplit('/').next().unwrap_or_default();
        assert!(!render(std::slice::from_ref(finding), &sources, Detail::All, false).is_empty());
        (
            format!("{} {name}:{}:{}", finding.code, place.line, place.column),
            finding.message.clone(),
            finding.help.clone().unwrap_or_default(),
        )
    };
    diagnostics.list().iter().map(shown).collect()
}

/// Returns the marked text and the file of a node of the bundle.
fn origin(sources: &Sources, pointer: &str) -> (String, String) {
    let pointer = Pointer::parse(pointer).expect("a pointer");
    let (file, span) = sources.find(&pointer.into()).expect("a place");
    let name = sources.name(file).rsplit('/').next().unwrap_or_default();
    (name.to_owned(), sources.text(file)[span].to_owned())
}

fn own(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

#[test]
fn leaves_a_single_file_as_it_is() {
    let text = r##"{
        "paths": {
            "/a/{id}": {"get": {"responses": {"200": {"content": {"a/b": {"schema": {"type": "object"}}}}}}},
            "/b": {"$ref": "#/paths/~1a~1%7Bid%7D"}
        },
        "definitions": {"Old": {"items": {"$ref": "#/components/schemas/A"}}},
        "components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B", "description": "d"},
            "B": {"properties": {
                "x": {"$ref": "#/components/schemas/C%20D"},
                "y": {"$ref": "#/paths/~1a~1%7Bid%7D/get/responses/200/content/a~1b/schema"},
                "z": {"$ref": "#/definitions/Old"},
                "self": {"$ref": "#/components/schemas/B/properties/x"},
                "$ref": {"type": "string"}
            }, "example": {"$ref": "nowhere.yml"}},
            "C D": {"discriminator": {"propertyName": "t", "mapping": {"a": "A", "b": "#/components/schemas/B"}}}
        }}
    }"##;
    let (value, _) = bundled(&[("a.json", text)]);
    let before: Value = serde_json::from_str(text).expect("JSON");
    assert_eq!(value.to_string(), before.to_string());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a document and what it becomes")]
fn brings_other_files_into_components() {
    let (value, sources) = bundled(&[
        (
            "spec/api.yml",
            "paths:\n  /a:\n    parameters:\n      - $ref: 'common.yml#/parameters/Limit'\n    get:\n      responses:\n        '200':\n          $ref: ./res%20ponses/Ok.yml\n        '400':\n          $ref: 'common.yml#/responses/Bad'\ncomponents:\n  schemas:\n    Pet: {type: string}\n",
        ),
        (
            "spec/common.yml",
            "parameters:\n  Limit:\n    name: limit\n    in: query\n    schema: {$ref: '#/schemas/Limit'}\nschemas:\n  Limit: {type: integer}\nresponses:\n  Bad:\n    description: x\n    headers:\n      X: {$ref: '#/headers/X'}\nheaders:\n  X: {schema: {$ref: '../other/pet.json'}}\n",
        ),
        (
            "spec/res ponses/Ok.yml",
            "description: ok\ncontent:\n  application/json:\n    schema:\n      $ref: ../../other/pet.json\n",
        ),
        (
            "other/pet.json",
            "{\"properties\": {\"friend\": {\"$ref\": \"#\"}, \"kind\": {\"$ref\": \"../spec/api.yml#/components/schemas/Pet\"}, \"tag\": {\"$ref\": \"#/definitions/tag\"}}, \"definitions\": {\"tag\": {}}}",
        ),
    ]);
    assert_eq!(
        value,
        json!({
            "paths": {"/a": {
                "parameters": [{"$ref": "#/components/parameters/Limit"}],
                "get": {"responses": {
                    "200": {"$ref": "#/components/responses/Ok"},
                    "400": {"$ref": "#/components/responses/Bad"},
                }},
            }},
            "components": {
                "schemas": {
                    "Pet": {"type": "string"},
                    "Limit": {"type": "integer"},
                    "pet2": {
                        "properties": {
                            "friend": {"$ref": "#/components/schemas/pet2"},
                            "kind": {"$ref": "#/components/schemas/Pet"},
                            "tag": {"$ref": "#/components/schemas/pet2/definitions/tag"},
                        },
                        "definitions": {"tag": {}},
                    },
                },
                "parameters": {"Limit": {
                    "name": "limit", "in": "query", "schema": {"$ref": "#/components/schemas/Limit"},
                }},
                "responses": {
                    "Ok": {"description": "ok", "content": {"application/json": {
                        "schema": {"$ref": "#/components/schemas/pet2"},
                    }}},
                    "Bad": {"description": "x", "headers": {"X": {"$ref": "#/components/headers/X"}}},
                },
                "headers": {"X": {"schema": {"$ref": "#/components/schemas/pet2"}}},
            },
        })
    );
    assert_eq!(
        origin(&sources, "/components/schemas/Limit/type"),
        own("common.yml", "integer")
    );
    assert_eq!(
        origin(&sources, "/components/schemas/Pet/type"),
        own("api.yml", "string")
    );
    assert_eq!(
        origin(&sources, "/components/schemas/pet2/properties/kind"),
        own("pet.json", "\"kind\"")
    );
    assert_eq!(origin(&sources, "/paths/~1a/get"), own("api.yml", "get"));
}

#[test]
fn keeps_entries_of_components_and_paths_in_their_place() {
    let (value, sources) = bundled(&[
        (
            "api.yml",
            "paths:\n  /a: {$ref: paths/a.yml}\n  /b: {$ref: paths/a.yml}\ncomponents:\n  schemas:\n    $ref: schemas/_index.yml\n",
        ),
        (
            "paths/a.yml",
            "get:\n  responses:\n    $ref: ../responses.yml\n  requestBody:\n    content:\n      a/b: {schema: {$ref: '../api.yml#/components/schemas/Pet'}}\n",
        ),
        (
            "responses.yml",
            "'200': {$ref: '#/x-ok'}\nx-ok: {description: d}\n",
        ),
        (
            "schemas/_index.yml",
            "Pet: {$ref: ./Pet.yml}\nTag: {type: string}\n",
        ),
        (
            "schemas/Pet.yml",
            "properties:\n  tag: {$ref: '_index.yml#/Tag'}\n  pet: {$ref: Pet.yml#}\n  name: {$ref: '#/properties/tag'}\n",
        ),
    ]);
    assert_eq!(
        value,
        json!({
            "paths": {
                "/a": {"get": {
                    "responses": {
                        "200": {"$ref": "#/paths/~1a/get/responses/x-ok"},
                        "x-ok": {"description": "d"},
                    },
                    "requestBody": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                }},
                "/b": {"$ref": "#/paths/~1a"},
            },
            "components": {"schemas": {
                "Pet": {"properties": {
                    "tag": {"$ref": "#/components/schemas/Tag"},
                    "pet": {"$ref": "#/components/schemas/Pet"},
                    "name": {"$ref": "#/components/schemas/Pet/properties/tag"},
                }},
                "Tag": {"type": "string"},
            }},
        })
    );
    assert_eq!(
        origin(&sources, "/components/schemas/Tag/type"),
        own("_index.yml", "string")
    );
    assert_eq!(
        origin(&sources, "/components/schemas/Pet/properties/tag/$ref"),
        own("Pet.yml", "'_index.yml#/Tag'")
    );
    assert_eq!(
        origin(&sources, "/paths/~1a/get/responses/200/$ref"),
        own("responses.yml", "'#/x-ok'")
    );
}

#[test]
fn merges_a_map_with_the_siblings_of_its_reference() {
    let (value, sources) = bundled(&[
        (
            "api.yml",
            "components:\n  schemas:\n    A:\n      properties:\n        $ref: p.yml\n        own: {$ref: 'p.yml#/b'}\n        a: {type: string}\n",
        ),
        (
            "p.yml",
            "a: {type: integer}\nb: {$ref: '#/c'}\nc: {type: number}\n",
        ),
    ]);
    assert_eq!(
        value["components"]["schemas"]["A"]["properties"],
        json!({
            "own": {"$ref": "#/components/schemas/A/properties/b"},
            "a": {"type": "string"},
            "b": {"$ref": "#/components/schemas/A/properties/c"},
            "c": {"type": "number"},
        })
    );
    let properties = "/components/schemas/A/properties";
    assert_eq!(
        origin(&sources, &format!("{properties}/a/type")),
        own("api.yml", "string")
    );
    assert_eq!(
        origin(&sources, &format!("{properties}/c/type")),
        own("p.yml", "number")
    );
}

#[test]
fn follows_circles_between_files() {
    let (value, _) = bundled(&[
        (
            "a.yml",
            "components: {schemas: {A: {properties: {b: {$ref: b.yml}}}}}\n",
        ),
        (
            "b.yml",
            "{properties: {c: {$ref: 'c.yml#/C'}, a: {$ref: 'a.yml#/components/schemas/A'}}}\n",
        ),
        ("c.yml", "C: {items: {$ref: b.yml}}\n"),
    ]);
    assert_eq!(
        value,
        json!({"components": {"schemas": {
            "A": {"properties": {"b": {"$ref": "#/components/schemas/b"}}},
            "b": {"properties": {
                "c": {"$ref": "#/components/schemas/C"},
                "a": {"$ref": "#/components/schemas/A"},
            }},
            "C": {"items": {"$ref": "#/components/schemas/b"}},
        }}})
    );
}

#[test]
fn follows_references_in_former_data() {
    let (value, _) = bundled(&[
        (
            "a.yml",
            "components: {schemas: {A: {items: {$ref: '#/x-a'}}}}\nx-a: {items: {$ref: '#/x-b/c'}}\nx-b: {c: {items: {$ref: b.yml}}, d: {items: {$ref: no.yml}}}\n",
        ),
        (
            "b.yml",
            "{not: {$ref: '#/x-d'}, x-d: {not: {$ref: 'c.yml'}}}\n",
        ),
        ("c.yml", "{type: string}\n"),
    ]);
    assert_eq!(value["x-b"]["c"]["items"]["$ref"], "#/components/schemas/b");
    assert_eq!(value["x-b"]["d"]["items"]["$ref"], "no.yml");
    assert_eq!(
        value["components"]["schemas"]["b"],
        json!({
            "not": {"$ref": "#/components/schemas/b/x-d"},
            "x-d": {"not": {"$ref": "#/components/schemas/c"}},
        })
    );
}

#[test]
fn reads_discriminators() {
    let (value, _) = bundled(&[
        (
            "a.yml",
            "components:\n  schemas:\n    Dog: {type: string}\n    A:\n      discriminator: {propertyName: t, mapping: {d: Dog, c: cat.yml, u: Unknown}}\n    B: {$ref: 'cat.yml#/components/schemas/B'}\n",
        ),
        (
            "cat.yml",
            "type: object\ncomponents: {schemas: {Dog: {type: integer}, B: {discriminator: {propertyName: t, mapping: {d: Dog, e: '#/components/schemas/Dog'}}}}}\n",
        ),
    ]);
    let schemas = &value["components"]["schemas"];
    assert_eq!(
        schemas["A"]["discriminator"]["mapping"],
        json!({"d": "Dog", "c": "#/components/schemas/cat", "u": "Unknown"})
    );
    assert_eq!(
        schemas["B"]["discriminator"]["mapping"],
        json!({
            "d": "#/components/schemas/cat/components/schemas/Dog",
            "e": "#/components/schemas/cat/components/schemas/Dog",
        })
    );
}

#[test]
fn finds_anchors_identifiers_and_reference_targets() {
    let (value, _) = bundled(&[(
        "a.yml",
        "components:\n  schemas:\n    A: {$anchor: a, $id: 'https://example.com/a'}\n    B: {items: {$ref: '#a'}}\n    C: {items: {$ref: 'https://example.com/a'}}\n    D: {$ref: '#/components/schemas/E'}\n    E: {properties: {x: {type: string}}}\n    F: {items: {$ref: '#/components/schemas/D/properties/x'}}\n    100%41: {}\n    G: {items: {$ref: '#/components/schemas/100%41'}}\n",
    )]);
    let schemas = &value["components"]["schemas"];
    assert_eq!(schemas["B"]["items"]["$ref"], "#/components/schemas/A");
    assert_eq!(schemas["C"]["items"]["$ref"], "#/components/schemas/A");
    assert_eq!(
        schemas["F"]["items"]["$ref"],
        "#/components/schemas/E/properties/x"
    );
    assert_eq!(
        schemas["G"]["items"]["$ref"],
        "#/components/schemas/100%2541"
    );
}

#[test]
fn an_anchor_counts_within_its_resource_and_not_in_data() {
    let (value, _) = bundled(&[
        (
            "a.yml",
            "components:\n  schemas:\n    A: {example: {$anchor: a}}\n    B: {$anchor: a, type: string}\n    C: {$id: c, $defs: {D: {$anchor: a}}, items: {$ref: '#a'}}\n    E: {items: {$ref: '#a'}}\n    F: {items: {$ref: 'b.yml#a'}}\n    G: {items: {$ref: 'b.yml#/Y'}}\n",
        ),
        (
            "b.yml",
            "X: &x {$anchor: a}\nY: {$id: y, $defs: {x: {$anchor: a}}, items: {$ref: '#/Z'}}\nZ: {$id: z, not: {$ref: '#a'}, $defs: {x: {$anchor: a}}}\nW: *x\n",
        ),
    ]);
    let schemas = &value["components"]["schemas"];
    assert_eq!(
        schemas["C"]["items"]["$ref"],
        "#/components/schemas/C/$defs/D"
    );
    assert_eq!(schemas["E"]["items"]["$ref"], "#/components/schemas/B");
    assert_eq!(schemas["F"]["items"]["$ref"], "#/components/schemas/X");
    assert_eq!(
        schemas["Z"]["not"]["$ref"],
        "#/components/schemas/Z/$defs/x"
    );
}
