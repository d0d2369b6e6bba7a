//! Several types in `type`, and the upgrade of OpenAPI 3.0.

use serde_json::{Value, json};

use super::{at, named, places, view, with_schema};
use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};

const S: &str = "/components/schemas/S";

/// Returns the branches of `anyOf` with their types and some of their keywords.
fn branches(view: &SchemaView<'_>) -> Vec<String> {
    let nodes = view.any_of();
    let inline = nodes.iter().filter_map(SchemaNode::inline);
    let shown = inline.map(|branch| {
        let mut keywords = Vec::new();
        keywords.extend(branch.format().map(|format| format!("format {format}")));
        keywords.extend(
            branch
                .min_length()
                .map(|least| format!("minLength {least}")),
        );
        keywords.extend(
            branch
                .minimum()
                .map(|bound| format!("minimum {}", bound.value)),
        );
        keywords.extend(branch.max_items().map(|most| format!("maxItems {most}")));
        let names = branch
            .properties()
            .into_iter()
            .map(|(name, _)| name.to_owned());
        keywords.extend(names);
        let values = branch.enumeration();
        if !values.is_empty() {
            keywords.push(Value::from(values).to_string());
        }
        let below = branch
            .pointer()
            .as_str()
            .strip_prefix(S)
            .unwrap_or_default();
        let of = branch.declared_type().map(SchemaType::name);
        format!("{below} {} {}", of.unwrap_or("any"), keywords.join(" "))
    });
    shown.map(|text| text.trim_end().to_owned()).collect()
}

#[test]
fn each_type_of_a_list_is_a_branch_with_its_keywords() {
    let document = with_schema(&json!({
        "type": ["string", "integer", "array", "object", "null"],
        "title": "T", "default": 5, "x-own": 1,
        "minLength": 1, "format": "date", "minimum": 2, "items": { "type": "string" },
        "maxItems": 3, "properties": { "a": {} },
    }));
    let whole = view(&document, S);
    assert_eq!(
        branches(&whole),
        [
            "/type/0 string format date minLength 1",
            "/type/1 integer minimum 2",
            "/type/2 array maxItems 3",
            "/type/3 object a",
        ]
    );
    assert!(whole.nullable() && whole.declared_type().is_none());
    assert_eq!(whole.inferred_type(), None);
    assert_eq!((whole.min_length(), whole.format()), (None, None));
    assert!(whole.properties().is_empty());
    assert_eq!(whole.title(), Some("T"));
    let list = whole.any_of()[2].inline().expect("the list");
    assert_eq!(list.title(), None);
    // What is below the schema has its own pointer.
    assert_eq!(
        list.keyword("maxItems"),
        at("/components/schemas/S/maxItems")
    );
    let object = whole.any_of()[3].inline().expect("the object");
    let property = object.property("a").expect("the property");
    assert_eq!(
        property.pointer(),
        &at("/components/schemas/S/properties/a")
    );
}

#[test]
fn values_belong_to_their_types() {
    for (schema, expected) in [
        (
            json!({ "type": ["string", "integer"], "enum": ["a", 1, "b"] }),
            &[r#"/type/0 string ["a","b"]"#, "/type/1 integer [1]"][..],
        ),
        (
            json!({ "type": ["integer", "string"], "format": "int64" }),
            &["/type/0 integer format int64", "/type/1 string"],
        ),
        // A list with one type apart from `null` is that type.
        (json!({ "type": ["string", "null"] }), &[]),
        (json!({ "type": ["integer", "number"] }), &[]),
        (json!({ "type": ["string", "integer"], "enum": ["a"] }), &[]),
        (json!({ "type": ["string", "integer"], "const": 1 }), &[]),
    ] {
        let document = with_schema(&schema);
        assert_eq!(branches(&view(&document, S)), expected, "{schema}");
    }
    let schema = json!({
        "type": ["string", "integer", "null"], "enum": ["a", null], "minLength": 1,
    });
    let document = with_schema(&schema);
    let read = view(&document, S);
    assert_eq!(read.declared_type(), Some(SchemaType::String));
    assert_eq!(read.enumeration(), [json!("a")]);
    assert!(read.nullable() && read.min_length() == Some(1));
}

#[test]
fn several_types_beside_other_branches_are_a_part_of_their_own() {
    let document = with_schema(&json!({
        "type": ["integer", "string"],
        "anyOf": [{ "minimum": 1 }],
        "allOf": [{ "maximum": 9 }],
        "$ref": "#/components/schemas/Other",
    }));
    let whole = view(&document, S);
    assert_eq!(places(&whole.any_of()), ["/components/schemas/S/anyOf/0"]);
    let parts = whole.all_of();
    assert_eq!(
        places(&parts),
        [
            "/components/schemas/S/allOf/0",
            "/components/schemas/S/type",
            "/components/schemas/S/$ref",
        ]
    );
    let types = parts[1].inline().expect("the types");
    assert_eq!(branches(&types), ["/type/0 integer", "/type/1 string"]);
    assert!(types.all_of().is_empty() && types.one_of().is_empty());
    assert_eq!(parts[2].reference(), Some(at("/components/schemas/Other")));
    assert!(parts[2].inline().is_none());
}

#[test]
fn keywords_of_older_versions_have_their_own_pointers() {
    let document = with_schema(&json!({
        "items": [{ "type": "string" }],
        "additionalItems": { "type": "integer" },
        "dependencies": { "a": ["b"], "c": { "required": ["d"] } },
    }));
    let read = view(&document, S);
    assert_eq!(
        places(&read.prefix_items()),
        ["/components/schemas/S/items/0"]
    );
    assert!(matches!(
        read.items(),
        SchemaOrBool::Schema(node)
            if node.pointer() == &at("/components/schemas/S/additionalItems")
    ));
    assert_eq!(read.dependent_required(), [("a", vec!["b"])]);
    assert_eq!(
        named(&read.dependent_schemas()),
        "c=/components/schemas/S/dependencies/c"
    );
}

#[test]
fn upgrades_nullable() {
    for (schema, nullable, is_any) in [
        (json!({ "type": "string", "nullable": true }), true, false),
        (json!({ "type": "string", "nullable": false }), false, false),
        (json!({ "nullable": true }), true, true),
        (json!({ "type": "null", "nullable": true }), true, false),
    ] {
        let document = with_schema(&schema);
        let read = view(&document, S);
        assert_eq!(
            (read.nullable(), read.is_any()),
            (nullable, is_any),
            "{schema}"
        );
    }
}

#[test]
fn equal_schemas_have_one_identity() {
    let text = |schema: &Value| {
        let document = with_schema(schema);
        let read = view(&document, S);
        (read.identity(), read.identity_of_values())
    };
    let one = json!({
        "type": ["object", "string"], "minLength": 1, "description": "d",
        "properties": { "a": { "items": { "type": "string" } } },
    });
    let mut other = one.clone();
    other["description"] = json!("other");
    assert_ne!(text(&one).0, text(&other).0);
    assert_eq!(text(&one).1, text(&other).1);
    other["properties"]["a"]["items"]["type"] = json!("integer");
    assert_ne!(text(&one).1, text(&other).1);

    // The place does not matter.
    let document = with_schema(&json!({ "properties": { "a": one, "b": one } }));
    let whole = view(&document, S);
    let [a, b] = ["a", "b"].map(|name| whole.property(name).expect("a property"));
    assert!(a.is_same(&b));
    assert_ne!(a.pointer(), b.pointer());
    let [a, b] = [a, b].map(|node| node.inline().expect("inline").any_of());
    assert!(a[0].is_same(&b[0]) && !a[0].is_same(&b[1]));
}
