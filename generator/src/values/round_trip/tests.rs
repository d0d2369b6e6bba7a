use serde_json::json;

use crate::ident::{FieldName, MethodName, TypeName};
use crate::ir::{
    Additional, DefaultFunction, Docs, Field, Integer, Name, Presence, Struct, TagSource, Tagging,
    Union, UnionVariant, Value,
};

use super::*;

fn field(wire: &str, ty: Type, presence: Presence, default: Option<&str>) -> Field {
    Field {
        name: Name {
            wire: wire.to_owned(),
            rust: FieldName::new(wire),
        },
        ty,
        presence,
        default: default.map(|wire| DefaultFunction {
            name: MethodName::new("default"),
            value: Value::Null,
            wire: wire.to_owned(),
            of_server: false,
        }),
        docs: Docs::default(),
        deprecated: false,
    }
}

fn define(name: &str, shape: Shape) -> (TypePath, Shape) {
    (path(name), shape)
}

fn codec(types: &[(TypePath, Shape)]) -> RoundTrip<'_> {
    RoundTrip::new(types.iter().map(|(path, shape)| (path, shape)))
}

fn path(name: &str) -> TypePath {
    TypePath {
        modules: Vec::new(),
        name: TypeName::new(name),
    }
}

fn object(additional: Additional, fields: Vec<Field>) -> Shape {
    Shape::Struct(Struct {
        constants: Vec::new(),
        fields,
        additional,
    })
}

fn variant(name: &str, tags: &[&str]) -> UnionVariant {
    UnionVariant {
        name: TypeName::new(name),
        ty: Type::Named(path(name)),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        tag_source: TagSource::Union,
        docs: Docs::default(),
    }
}

#[test]
fn only_optional_members_are_omitted() {
    let int = Type::Integer(Integer::I64);
    let fields = vec![
        field("required", int.clone(), Presence::Required, None),
        field("nullable", int.clone(), Presence::Nullable, None),
        field("optional", int.clone(), Presence::Optional, None),
        field("any", Type::Json, Presence::Optional, None),
        field("absent", int.clone(), Presence::OptionalNullable, None),
        field("default", int.clone(), Presence::Defaulted, Some("7")),
        field("null", int.clone(), Presence::NullableDefaulted, Some("7")),
        field("preset", int, Presence::Preset, Some("7")),
    ];
    let types = [define("T", object(Additional::Ignored, fields))];
    let codec = codec(&types);
    for (read, written) in [
        (
            json!({ "required": 1, "nullable": null, "more": 1 }),
            Some(json!({ "required": 1, "nullable": null, "preset": 7 })),
        ),
        (
            json!({ "required": 1, "nullable": 1, "optional": null, "any": null,
                "absent": null, "default": 7.0, "null": null, "preset": 8 }),
            Some(
                json!({ "required": 1, "nullable": 1, "any": null, "absent": null,
                "null": null, "preset": 8 }),
            ),
        ),
        (json!({ "nullable": 1 }), None),
        (json!({ "required": 1 }), None),
        (json!([]), None),
    ] {
        let found = codec.written(&Type::Named(path("T")), &read);
        assert_eq!(found, written, "{read}");
    }
}

#[test]
fn a_union_is_the_branch_that_leaves_the_least_unexplained() {
    let text = || field("a", Type::String, Presence::Optional, None);
    let more = || field("b", Type::String, Presence::Required, None);
    let mut union = Union {
        variants: vec![variant("One", &["1"]), variant("Two", &["2"])],
        tagging: Tagging::Untagged,
        other: None,
    };
    let types = |union: &Union| {
        [
            define("One", object(Additional::Ignored, vec![text()])),
            define("Two", object(Additional::Ignored, vec![text(), more()])),
            define("U", Shape::Union(union.clone())),
        ]
    };
    let written =
        |union: &Union, json| codec(&types(union)).written(&Type::Named(path("U")), &json);
    let both = json!({ "a": "", "b": "" });
    assert_eq!(written(&union, both.clone()), Some(both));
    union.other = Some(TypeName::new("Other"));
    let more = json!({ "a": "", "c": "" });
    assert_eq!(written(&union, more), Some(json!({ "a": "" })));
    let neither = json!({ "a": 5, "c": "" });
    assert_eq!(written(&union, neither.clone()), Some(neither));
    union.tagging = Tagging::Property("kind".to_owned());
    let tagged = json!({ "kind": "1", "b": "" });
    assert_eq!(written(&union, tagged), Some(json!({ "kind": "1" })));
    let unknown = json!({ "kind": "3" });
    assert_eq!(written(&union, unknown.clone()), Some(unknown.clone()));
    union.other = None;
    assert_eq!(written(&union, unknown), None);
}

#[test]
fn a_score_is_that_of_the_runtime() {
    let text = |name| field(name, Type::String, Presence::Optional, None);
    let kept = Additional::Kept {
        field: FieldName::new("extra"),
        value: Type::Json,
    };
    let types = [
        define("Open", object(Additional::Ignored, vec![text("a")])),
        define("Sealed", object(Additional::Unexpected, vec![text("a")])),
        define("Kept", object(kept, vec![text("a")])),
        define(
            "Tagged",
            Shape::Union(Union {
                variants: vec![variant("Open", &["open"]), variant("Kept", &["kept"])],
                tagging: Tagging::Property("kind".to_owned()),
                other: Some(TypeName::new("Other")),
            }),
        ),
    ];
    let codec = codec(&types);
    let map = Type::Map(Box::new(Type::Json));
    let named = |name| Type::Named(path(name));
    for (ty, json, score) in [
        (named("Open"), json!({ "a": "" }), Some((0, 0, 0))),
        (named("Open"), json!({ "b": { "c": [1] } }), Some((3, 0, 0))),
        (named("Sealed"), json!({ "b": 1, "c": 1 }), Some((2, 2, 0))),
        (named("Kept"), json!({ "b": { "c": 1 } }), Some((0, 0, 1))),
        (map, json!({ "a": 1, "b": [1] }), Some((0, 0, 2))),
        (Type::Json, json!([1]), Some((0, 0, 2))),
        (
            named("Tagged"),
            json!({ "kind": "open", "b": 1 }),
            Some((1, 0, 0)),
        ),
        (
            named("Tagged"),
            json!({ "kind": "kept", "b": 1 }),
            Some((0, 0, 1)),
        ),
        (
            named("Tagged"),
            json!({ "kind": "shut", "b": 1 }),
            Some((3, 0, 0)),
        ),
        (named("Tagged"), json!([]), None),
    ] {
        codec.begin(&json);
        let found = codec.score(&ty, &json);
        let found = found.map(|score| (score.unexplained, score.invalid, score.undeclared));
        assert_eq!(found, score, "{json}");
    }
}

#[test]
fn text_of_a_format_has_one_form() {
    let codec = codec(&[]);
    for (ty, read, written) in [
        (
            Type::DateTime,
            "2024-01-31T12:00:00+00:00",
            "2024-01-31T12:00:00Z",
        ),
        (
            Type::DateTime,
            "2024-01-31t12:00:00.10z",
            "2024-01-31T12:00:00.100Z",
        ),
        (
            Type::DateTime,
            "2024-01-31T12:00:00-05:00",
            "2024-01-31T12:00:00-05:00",
        ),
        (Type::Date, "2024-02-29", "2024-02-29"),
        (
            Type::Uuid,
            "3F2C1D9A-5B7E-4C61-8A0F-2D4E6B8C0A12",
            "3f2c1d9a-5b7e-4c61-8a0f-2d4e6b8c0a12",
        ),
    ] {
        assert_eq!(codec.written(&ty, &json!(read)), Some(json!(written)));
    }
    assert_eq!(codec.written(&Type::Date, &json!("2024-02-30")), None);
}
