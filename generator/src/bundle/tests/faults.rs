//! References that lead nowhere, or to something else.

use super::*;

#[test]
fn an_ambiguous_anchor_is_an_error_if_it_is_used() {
    let other = "A: {$anchor: a}\nB: {$anchor: a, type: object}\nC: {$anchor: b}\nD: {$anchor: b, type: object}\nE: {$id: e, $anchor: c}\nF: {$id: f, $anchor: c}\nG: {$anchor: d, type: object}\nH: {type: object, $anchor: d}\n";
    let found = faults(&[
        (
            "a.yml",
            "components:\n  schemas:\n    A: {items: {$ref: 'b.yml#a'}}\n    B: {items: {$ref: 'b.yml#a'}}\n    C: {items: {$ref: 'b.yml#c'}}\n    D: {items: {$ref: 'b.yml#d'}}\n",
        ),
        ("b.yml", other),
    ]);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(place, message, _)| (place.as_str(), message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("duplicate-anchor a.yml:3:23", "`b.yml#a` is ambiguous"),
            ("duplicate-anchor a.yml:5:23", "`b.yml#c` is ambiguous"),
            (
                "duplicate-anchor b.yml:4:14",
                "two schemas have the `$anchor` `b`"
            ),
        ]
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn reports_references_that_lead_nowhere() {
    let found = faults(&[
        (
            "a.yml",
            "paths:\n  /a:\n    get:\n      parameters:\n        - $ref: '#/components/parameters/Limit'\n      requestBody:\n        $ref: '#/components/requestBodys/Pet'\ncomponents:\n  requestBodies:\n    Pet: {}\n  schemas:\n    Pet:\n      properties:\n        a: {$ref: '#/components/schemas/Pett'}\n        b: {$ref: '#/definitions/Pet'}\n        c: {$ref: Pet}\n        d: {$ref: 'b.yml#/Ped'}\n        e: {$ref: 'c.yml'}\n        f: {$ref: '#pet'}\n        g: {$ref: 'https://example.com/x/pet.yml#/Pet'}\n        h: {$ref: '/etc/pet.yml'}\n        i: {$ref: '#/components/schemas/Pett'}\n        j: {$ref: 'bad.yml'}\n        k: {$ref: 'bad.yml#/a'}\n        l: {$ref: '#/components/schemas/Pet/properties/z/0'}\n",
        ),
        ("b.yml", "Pet: {}\n"),
        ("bad.yml", "a: @\n"),
    ]);
    let expected = [
        (
            "invalid-yaml bad.yml:1:4",
            "this character cannot start an unquoted string",
            "put the text in quotes",
        ),
        (
            "unresolved-reference a.yml:5:17",
            "`#/components/parameters/Limit` does not exist",
            "add `Limit` to `components.parameters`, or refer to something else",
        ),
        (
            "unresolved-reference a.yml:7:15",
            "`#/components/requestBodys/Pet` does not exist",
            "did you mean `#/components/requestBodies/Pet`?",
        ),
        (
            "unresolved-reference a.yml:14:19",
            "`#/components/schemas/Pett` does not exist",
            "did you mean `#/components/schemas/Pet`?",
        ),
        (
            "unresolved-reference a.yml:15:19",
            "`#/definitions/Pet` does not exist",
            "did you mean `#/components/schemas/Pet`?",
        ),
        (
            "no-such-file a.yml:16:19",
            "cannot read `Pet`: there is no such file",
            "did you mean `#/components/schemas/Pet`?",
        ),
        (
            "unresolved-reference a.yml:17:19",
            "`#/Ped` does not exist in `b.yml`",
            "did you mean `b.yml#/Pet`?",
        ),
        (
            "no-such-file a.yml:18:19",
            "cannot read `c.yml`: there is no such file",
            "did you mean `a.yml`?",
        ),
        (
            "unresolved-reference a.yml:19:19",
            "no schema in `a.yml` is named `#pet`",
            "did you mean `#/components/schemas/Pet`?",
        ),
        (
            "remote-reference a.yml:20:19",
            "remote references are not followed",
            "download `https://example.com/x/pet.yml` and write `./pet.yml#/Pet`, or leave the document as it is and add `--map https://example.com/x/pet.yml=pet.yml`",
        ),
        (
            "absolute-reference a.yml:21:19",
            "a reference to a file must be a relative path",
            "write the path relative to the folder of this file, such as `./schemas/pet.yml`",
        ),
        (
            "unresolved-reference a.yml:25:19",
            "`#/components/schemas/Pet/properties/z/0` does not exist",
            "define it there, or refer to something else",
        ),
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, (place, message, help)) in found.iter().zip(expected) {
        // The path of the temporary folder is removed.
        let cut = |text: &str| {
            let words = text.split('`').map(|word| {
                if word.contains("/.tmp") {
                    word.rsplit('/').next().unwrap_or_default()
                } else {
                    word
                }
            });
            words.collect::<Vec<_>>().join("`")
        };
        assert_eq!(
            (found.0.as_str(), cut(&found.1), cut(&found.2)),
            (place, message.to_owned(), help.to_owned())
        );
    }
}

#[test]
fn reports_references_to_something_else() {
    let found = faults(&[(
        "a.yml",
        "paths:\n  /a:\n    get:\n      parameters:\n        - $ref: '#/components/schemas/A'\n      requestBody: {$ref: '#/components/schemas'}\ncomponents:\n  schemas:\n    A: {items: {$ref: '#/x-b'}}\n    B: {items: {$ref: '#'}}\nx-b: {}\n",
    )]);
    let found: Vec<_> = found
        .iter()
        .map(|(place, message, _)| (place.as_str(), message.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                "wrong-reference a.yml:5:17",
                "`#/components/schemas/A` is a schema, not a parameter"
            ),
            (
                "wrong-reference a.yml:6:27",
                "`#/components/schemas` is something else, not a request body"
            ),
            (
                "wrong-reference a.yml:10:23",
                "`#` is a document, not a schema"
            ),
        ]
    );
}

#[test]
fn reports_circles() {
    let found = faults(&[
        (
            "a.yml",
            "paths:\n  /a:\n    get:\n      requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/B'}}}}\ncomponents:\n  schemas:\n    A: {$ref: '#/components/schemas/A'}\n    B: {$ref: '#/components/schemas/C'}\n    C: {$ref: 'b.yml#/D'}\n    E: {properties: {x: {properties: {$ref: '#/components/schemas/E/properties'}}}}\n",
        ),
        ("b.yml", "D: {$ref: 'a.yml#/components/schemas/B'}\n"),
    ]);
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(found[0].0, "circular-reference a.yml:4:52");
    assert!(found[0].1.starts_with("these references form a cycle: `#/components/schemas/B` -> `#/components/schemas/C` -> `"), "{found:?}");
    assert_eq!(found[1].0, "circular-reference a.yml:7:15");
    assert_eq!(found[1].1, "`#/components/schemas/A` refers to itself");
    assert_eq!(found[2].0, "circular-reference a.yml:10:45");
}

#[test]
fn limits_the_length_of_reference_chains() {
    for (length, expected) in [(100, vec![]), (20_000, vec!["too-deep"])] {
        let mut text = String::from("{\"components\": {\"schemas\": {\n");
        for i in 0..length {
            let next = i + 1;
            let _ = writeln!(
                text,
                r##""S{i}": {{"$ref": "#/components/schemas/S{next}"}},"##
            );
        }
        let _ = write!(text, "\"S{length}\": {{\"type\": \"string\"}}}}}}}}");
        let (_, _, diagnostics) = run(&[("a.json", &text)]);
        let codes = diagnostics.list().iter();
        let codes: Vec<_> = codes.map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, expected, "{length}");
    }

    let mut text = String::from("components:\n  schemas:\n    S0: {properties: {x: {}}}\n");
    for i in 1..40 {
        let reference = format!(
            "{{properties: {{$ref: '#/components/schemas/S{}/properties'}}}}",
            i - 1
        );
        let _ = writeln!(
            text,
            "    S{i}: {{properties: {{a: {reference}, b: {reference}}}}}"
        );
    }
    let (_, _, diagnostics) = run(&[("a.yml", &text)]);
    let codes: HashSet<_> = diagnostics
        .list()
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(codes, HashSet::from(["too-large"]));
}
