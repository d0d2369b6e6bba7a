//! Faults with only one interpretation, which lose nothing.

use serde_json::{Value, json};

use super::{Row, code, row, with};

const AGE: &str = "/components/schemas/Pet/properties/age";
const AGE_REQUIRED: &str = "/components/schemas/Pet/properties/age/required";
const PET_REQUIRED: &str = "/components/schemas/Pet/required";

fn at(path: &'static str, value: Value) -> [super::Change; 1] {
    [(path, Some(value))]
}

pub(super) fn readings() -> Vec<Row> {
    vec![
        row(
            "`required: true` in a property, beside a list",
            &[],
            at(AGE_REQUIRED, json!(true)),
            at(PET_REQUIRED, json!(["name", "age"])),
        ),
        row(
            "`required: true` in a property, beside a text",
            &[],
            [
                (AGE_REQUIRED, Some(json!(true))),
                (PET_REQUIRED, Some(json!("name"))),
            ],
            at(PET_REQUIRED, json!(["name", "age"])),
        ),
        row(
            "`required: \"true\"` in a property, without a list",
            &[],
            [(AGE_REQUIRED, Some(json!("true"))), (PET_REQUIRED, None)],
            at(PET_REQUIRED, json!(["age"])),
        ),
        row(
            "`required: true` in a property that is in the list",
            &[],
            at(
                "/components/schemas/Pet/properties/name/required",
                json!(true),
            ),
            [],
        ),
        row(
            "`required: false` in a property",
            &[],
            at(AGE_REQUIRED, json!(false)),
            [],
        ),
        row(
            "a mapping that leads nowhere, beside one branch",
            &["unresolved-reference"],
            at("/components/schemas/Animal", animal(&["a", "b"])),
            at("/components/schemas/Animal", animal(&["a"])),
        ),
    ]
}

pub(super) fn parameters() -> Vec<Row> {
    let list = "/paths/~1pets/get/parameters/0";
    let read = "/paths/~1pets~1{petId}/get/parameters/0";
    let component = "/components/parameters/PetId";
    let reference = json!({ "$ref": "#/components/parameters/PetId" });
    let id = json!({ "name": "petId", "required": true, "schema": { "type": "integer" } });
    let id_in = |place: &str| json!({ "name": "petId", "in": place, "required": true, "schema": { "type": "integer" } });
    let in_path = id_in("path");
    vec![
        row(
            "a parameter without `in`",
            &["missing-field"],
            at(
                list,
                json!({ "name": "limit", "schema": { "type": "integer" } }),
            ),
            [(list, None)],
        ),
        row(
            "a parameter without `in` that the path has",
            &["missing-field"],
            at(read, id.clone()),
            at(read, in_path.clone()),
        ),
        row(
            "a component without `in` that the path has",
            &["missing-field"],
            [(read, Some(reference.clone())), (component, Some(id))],
            [(read, Some(reference)), (component, Some(in_path.clone()))],
        ),
        row(
            "a parameter in no location, which the path has",
            &["unknown-location"],
            at(read, id_in("url")),
            at(read, in_path),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn lists_and_objects() -> Vec<Row> {
    let server = |variables: Value| json!([{ "url": "https://{region}.example.com/{version}", "variables": variables }]);
    let variables = server(json!({
        "region": { "default": "eu", "enum": ["eu", "us"] }, "version": { "default": "v1" }
    }));
    let small = "/components/schemas/Small/enum";
    let age = "/components/schemas/Pet/properties/age/enum";
    vec![
        row(
            "server variables in a list",
            &["wrong-type"],
            at(
                "/servers",
                server(json!([
                    { "name": "region", "default": "eu", "enum": ["eu", "us"] },
                    { "name": "version", "default": "v1" }
                ])),
            ),
            at("/servers", variables.clone()),
        ),
        row(
            "server variables in a list of objects with one key",
            &["wrong-type"],
            at(
                "/servers",
                server(json!([
                    { "region": { "default": "eu", "enum": ["eu", "us"] } },
                    { "version": { "default": "v1" } }
                ])),
            ),
            at("/servers", variables),
        ),
        row(
            "`enum` as an object without values",
            &["wrong-type"],
            at(small, json!({ "a": null, "b": null })),
            [],
        ),
        row(
            "`enum` as an object of numbers, of an integer",
            &["wrong-type"],
            at(age, json!({ "YOUNG": 1, "OLD": 20 })),
            at(age, json!([1, 20])),
        ),
        row(
            "`enum` as an object that has two readings",
            &["wrong-type"],
            at(small, json!({ "a": "b", "b": "c" })),
            [(small, None)],
        ),
        row(
            "`enum` as a value",
            &["wrong-type"],
            at(small, json!("a")),
            at(small, json!(["a"])),
        ),
        row(
            "`enum` as a text that may be a list",
            &["wrong-type"],
            at(small, json!("a, b")),
            [(small, None)],
        ),
    ]
}

/// Returns a schema with its own properties and one branch. Only the value `a` has a schema.
fn animal(values: &[&str]) -> Value {
    let targets = [
        ("a", "#/components/schemas/Owner"),
        ("b", "#/components/schemas/Nobody"),
    ];
    let mapping = targets.iter().filter(|(tag, _)| values.contains(tag));
    let mapping: serde_json::Map<String, Value> = mapping
        .map(|(tag, target)| ((*tag).to_owned(), json!(target)))
        .collect();
    json!({
        "type": "object", "required": ["kind"],
        "properties": { "kind": { "type": "string" }, "size": { "type": "integer" } },
        "oneOf": [{ "$ref": "#/components/schemas/Owner" }],
        "discriminator": { "propertyName": "kind", "mapping": mapping }
    })
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn examples() -> Vec<Row> {
    let media_type = "/paths/~1pets/get/responses/200/content/application~1json/example";
    let named = "/paths/~1pets/get/responses/200/content/application~1json/examples";
    let body = "/components/requestBodies/Pet/content/application~1json/example";
    let parameter = "/paths/~1pets/get/parameters/0/example";
    let pets = json!([{ "name": "Tom" }]);
    let pet = json!({ "name": "Tom" });
    vec![
        row(
            "`exemple` of a schema",
            &[],
            at("/components/schemas/Pet/exemple", pet.clone()),
            at("/components/schemas/Pet/example", pet.clone()),
        ),
        row(
            "`exemples` of a property",
            &[],
            at("/components/schemas/Pet/properties/age/exemples", json!(4)),
            at("/components/schemas/Pet/properties/age/example", json!(4)),
        ),
        row(
            "`Example` of a media type",
            &[],
            at(
                "/paths/~1pets/get/responses/200/content/application~1json/Example",
                pets.clone(),
            ),
            at(media_type, pets.clone()),
        ),
        row(
            "`exemple` of a parameter",
            &[],
            at("/paths/~1pets/get/parameters/0/exemple", json!(4)),
            at(parameter, json!(4)),
        ),
        row(
            "`examples` of a parameter that is one value",
            &[],
            at("/paths/~1pets/get/parameters/0/examples", json!(4)),
            at(parameter, json!(4)),
        ),
        row(
            "`example` of a response",
            &[],
            at("/paths/~1pets/get/responses/200/example", pets.clone()),
            at(media_type, pets.clone()),
        ),
        row(
            "`examples` of a response, by media type",
            &[],
            at(
                "/paths/~1pets/get/responses/200/examples",
                json!({ "application/json": pets.clone() }),
            ),
            at(media_type, pets.clone()),
        ),
        row(
            "`example` of a request body",
            &[],
            at("/components/requestBodies/Pet/example", pet.clone()),
            at(body, pet.clone()),
        ),
        row(
            "a named example without `value`",
            &[],
            at(
                "/components/requestBodies/Pet/content/application~1json/examples",
                json!({ "tom": pet.clone() }),
            ),
            at(
                "/components/requestBodies/Pet/content/application~1json/examples",
                json!({ "tom": { "value": pet.clone() } }),
            ),
        ),
        row(
            "named examples in a list",
            &[],
            at(named, json!([pets.clone()])),
            at(named, json!({ "0": { "value": pets } })),
        ),
        row(
            "`examples` among the properties",
            &["not-a-schema"],
            at("/components/schemas/Pet/properties/examples", json!([pet])),
            at("/components/schemas/Pet/examples", json!([pet])),
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn wrong_types() -> Vec<Row> {
    let owner = "/components/schemas/Pet/properties/owner";
    let reference = |text: &str| at(owner, json!({ "$ref": text }));
    let found = "/paths/~1pets/get/responses/404";
    let media_type = "/paths/~1pets/get/responses/200/content/application~1json";
    let pet = json!({ "$ref": "#/components/schemas/Pet" });
    vec![
        row(
            "a reference of OpenAPI 2.0",
            &["unresolved-reference"],
            reference("#/definitions/Owner"),
            [],
        ),
        row(
            "a reference without `#`",
            &["absolute-reference"],
            reference("/components/schemas/Owner"),
            [],
        ),
        row(
            "a reference with a space at its end",
            &["unresolved-reference"],
            reference("#/components/schemas/Owner "),
            [],
        ),
        row(
            "a reference with a slash at its end",
            &["unresolved-reference"],
            reference("#/components/schemas/Owner/"),
            [],
        ),
        row(
            "the name of a schema for a reference",
            &["no-such-file"],
            reference("Owner"),
            [],
        ),
        row(
            "a reference to a text",
            &["not-a-schema"],
            reference("#/info/title"),
            at(owner, json!({})),
        ),
        row(
            "a reference without `$ref`",
            &["not-a-schema"],
            at(owner, json!("#/components/schemas/Owner")),
            [],
        ),
        row(
            "`allOf` that is one branch",
            &["wrong-type"],
            at("/components/schemas/Cat/allOf", pet.clone()),
            at("/components/schemas/Cat/allOf", json!([pet.clone()])),
        ),
        row(
            "`oneOf` that is the name of a schema",
            &["wrong-type", "not-a-schema"],
            at("/components/schemas/Cat", json!({ "oneOf": "Owner" })),
            at(
                "/components/schemas/Cat",
                json!({ "oneOf": [{ "$ref": "#/components/schemas/Owner" }] }),
            ),
        ),
        row(
            "`properties` as names",
            &["wrong-type"],
            at(
                "/components/schemas/Owner/properties",
                json!(["name", "age"]),
            ),
            at(
                "/components/schemas/Owner/properties",
                json!({ "name": {}, "age": {} }),
            ),
        ),
        row(
            "a text for a response",
            &["wrong-type"],
            at(found, json!("Not there")),
            at(found, json!({ "description": "Not there" })),
        ),
        row(
            "a text for a media type",
            &["wrong-type"],
            at(media_type, json!("Pet")),
            at(media_type, json!({})),
        ),
        row(
            "an object for a tag",
            &["wrong-type"],
            at("/paths/~1pets/get/tags", json!([{ "name": "pets" }])),
            [],
        ),
        row(
            "`paths` that is a list",
            &["wrong-type"],
            at("/paths", json!([{ "path": "/pets" }])),
            at("/paths", json!({})),
        ),
        row(
            "`schema` of a response",
            &[],
            at(found, json!({ "description": "", "schema": pet.clone() })),
            at(
                found,
                json!({ "description": "", "content": {
                    "application/json": { "schema": pet.clone() } } }),
            ),
        ),
        row(
            "`schema` of a request body",
            &["missing-field"],
            at(
                "/components/requestBodies/Pet",
                json!({ "schema": pet.clone() }),
            ),
            at(
                "/components/requestBodies/Pet",
                json!({ "content": { "application/json": { "schema": pet } } }),
            ),
        ),
    ]
}

#[test]
fn a_value_of_a_tag_without_a_schema_is_kept() {
    let files = code(with(&[
        ("/components/schemas/Animal", Some(animal(&["a", "b"]))),
        (AGE, Some(json!({ "$ref": "#/components/schemas/Animal" }))),
    ]));
    let types = files.iter().find(|(path, _)| path == "src/types.rs");
    let (_, types) = types.expect("the types");
    let (_, animal) = types.split_once("pub enum Animal {").expect("a union");
    let (animal, _) = animal.split_once('}').expect("its end");
    assert!(animal.contains("Other(Json)"), "{animal}");
}

#[test]
fn a_value_of_a_tag_without_a_schema_can_be_sent() {
    let branch = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let animal = json!({
        "oneOf": [branch("Owner"), branch("Cat")],
        "discriminator": { "propertyName": "kind", "mapping": {
            "owner": "#/components/schemas/Owner", "cat": "#/components/schemas/Cat",
            "dog": "#/components/schemas/Dog", "bird": "Bird"
        } }
    });
    let body = "/components/requestBodies/Pet/content/application~1json/schema";
    let variants = |animal: Value| {
        let files = code(with(&[
            ("/components/schemas/Animal", Some(animal)),
            (body, Some(branch("Animal"))),
        ]));
        let types = files.iter().find(|(path, _)| path == "src/types.rs");
        let (_, types) = types.expect("the types");
        let (_, animal) = types.split_once("pub enum Animal {").expect("a union");
        animal.split_once('}').expect("its end").0.to_owned()
    };
    let found = variants(animal.clone());
    assert!(found.contains("Other(Json)"), "{found}");
    // Without the fault, the union has no other variant.
    let mut meant = animal;
    let mapping = meant["discriminator"]["mapping"].as_object_mut();
    let mapping = mapping.expect("a mapping");
    mapping.retain(|tag, _| ["owner", "cat"].contains(&tag.as_str()));
    let found = variants(meant);
    assert!(!found.contains("Other"), "{found}");
}
