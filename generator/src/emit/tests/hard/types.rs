//! Types of every kind.

use serde_json::json;

use super::super::{define, field, named, path, structure, vec_of, words};
use super::{WORDS, text};
use crate::ident::{FieldName, MethodName, TypeName};
use crate::ir::{
    Additional, Constant, CountRange, DefaultFunction, Docs, Enum, Field, Integer, Note, Presence,
    Repr, Shape, Struct, TagSource, Tagging, Type, TypeDef, Union, UnionVariant, Value, ValueNote,
    Variant,
};

fn option(ty: Type) -> Type {
    Type::Option(Box::new(ty))
}

fn boxed(ty: Type) -> Type {
    Type::Box(Box::new(ty))
}

fn map(ty: Type) -> Type {
    Type::Map(Box::new(ty))
}

fn default(mut field: Field, value: Value) -> Field {
    field.default = Some(DefaultFunction {
        name: MethodName::new(&format!("default_{}", field.name.wire)),
        value,
        wire: "\"`\\u202e*/\"".to_owned(),
        of_server: false,
    });
    field
}

fn preset(wire: &str, ty: Type, value: Value) -> Field {
    default(field(wire, ty, Presence::Defaulted, ""), value)
}

fn enumeration(
    path: crate::ir::TypePath,
    repr: Repr,
    open: bool,
    values: &[(&str, serde_json::Value)],
) -> TypeDef {
    let variants = values.iter().map(|(name, value)| Variant {
        name: TypeName::new(name),
        value: value.clone(),
        docs: Docs::default(),
    });
    let shape = Enum {
        repr,
        variants: variants.collect(),
        open: open.then(|| TypeName::new("Unknown")),
    };
    define(path, "", Shape::Enum(shape))
}

fn variant(name: &str, ty: Type, tags: &[&str], tag_source: TagSource) -> UnionVariant {
    UnionVariant {
        name: TypeName::new(name),
        ty,
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        tag_source,
        docs: Docs::default(),
    }
}

/// Returns a property of every kind.
fn properties() -> Vec<Field> {
    use Presence::{
        Defaulted, Nullable, NullableDefaulted, Optional, OptionalNullable, Preset, Required,
    };
    let mut old = field("old", named(&[], "Old"), Optional, "Not any more.");
    old.deprecated = true;
    vec![
        field("bool", Type::Bool, Required, WORDS),
        field("null", Type::Null, Required, ""),
        field(
            "tuple",
            Type::Tuple(vec![Type::Integer(Integer::U8), Type::String]),
            Required,
            "",
        ),
        field("single", Type::Tuple(vec![Type::Bool]), Required, ""),
        field("secret", Type::Secret, Required, ""),
        field("uri", Type::Uri, Required, ""),
        field("file", Type::Bytes, Required, ""),
        field("boxed", boxed(named(&[], "Widget")), Required, ""),
        default(
            field("type", Type::String, Defaulted, ""),
            Value::String("t".to_owned()),
        ),
        field("nullable", Type::Uuid, Nullable, ""),
        field("both", vec_of(option(Type::Date)), OptionalNullable, ""),
        field(
            "deep",
            option(vec_of(map(vec_of(map(option(Type::DateTime)))))),
            Optional,
            "",
        ),
        old,
        default(
            field("nothing", Type::String, NullableDefaulted, ""),
            Value::Some(Box::new(text("x"))),
        ),
        default(
            field("set", Type::Integer(Integer::I16), Preset, ""),
            Value::Integer(-5),
        ),
        default(
            field("patched", Type::Bool, Optional, ""),
            Value::Bool(true),
        ),
    ]
}

/// Returns a default of every kind.
#[expect(clippy::too_many_lines, reason = "a table")]
fn defaults() -> Vec<Field> {
    let json = json!({"a": [1, -2, 3.5, 5_000_000_000_u64, i64::MIN, true, null, "x"]});
    let large = json!((0..40).map(|n| json!([n, {"k": null}])).collect::<Vec<_>>());
    let widget = Value::Struct {
        path: path(&[], "Widget"),
        required: vec![text("id"), Value::Box(Box::new(Value::None))],
        fields: vec![(FieldName::new("note"), Value::Some(Box::new(text("n"))))],
    };
    let defaults = [
        ("d_bool", Type::Bool, Value::Bool(false)),
        (
            "d_large",
            Type::Integer(Integer::U64),
            Value::Integer(u64::MAX.into()),
        ),
        ("d_pi", Type::Float64, Value::Float(314.0 / 100.0)),
        ("d_minus", Type::Float64, Value::Float(-1e30)),
        (
            "d_secret",
            Type::Secret,
            Value::Secret("s\"\u{202e}\n".to_owned()),
        ),
        ("d_uri", Type::Uri, Value::Uri("x:\"".to_owned())),
        (
            "d_uuid",
            Type::Uuid,
            Value::Uuid("67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned()),
        ),
        ("d_date", Type::Date, Value::Date(2024, 2, 29)),
        (
            "d_date_time",
            Type::DateTime,
            Value::DateTime("2024-02-29T12:00:00.5+01:00".to_owned()),
        ),
        ("d_base64", Type::Base64, Value::Base64(vec![0, 255, b'"'])),
        ("d_json", Type::Json, Value::Json(json)),
        ("d_json_large", Type::Json, Value::Json(large)),
        ("d_json_scalar", Type::Json, Value::Json(json!("x"))),
        (
            "d_unknown",
            named(&[], "Color"),
            Value::Unknown(path(&[], "Color"), "mauve".to_owned()),
        ),
        (
            "d_union",
            named(&[], "Mixed"),
            Value::UnionVariant(
                path(&[], "Mixed"),
                TypeName::new("list"),
                Box::new(Value::Vec(Vec::new())),
            ),
        ),
        (
            "d_map",
            map(Type::Bool),
            Value::Map(vec![("a\"".to_owned(), Value::Bool(true))]),
        ),
        ("d_map_empty", map(Type::Bool), Value::Map(Vec::new())),
        ("d_struct", named(&[], "Widget"), widget),
        (
            "d_all_set",
            named(&[], "OptionSchema"),
            Value::Struct {
                path: path(&[], "OptionSchema"),
                required: Vec::new(),
                fields: vec![(FieldName::new("a"), Value::None)],
            },
        ),
        (
            "d_newtype",
            named(&[], "Tree"),
            Value::Newtype(path(&[], "Tree"), Box::new(Value::Vec(Vec::new()))),
        ),
        (
            "d_tuple",
            Type::Tuple(vec![Type::Bool]),
            Value::Tuple(vec![Value::Bool(true)]),
        ),
        (
            "d_inner",
            named(&["Everything", "inner"], "Deepest"),
            Value::Variant(
                path(&["Everything", "inner"], "Deepest"),
                TypeName::new("a"),
            ),
        ),
    ];
    let preset = |(name, ty, value)| preset(name, ty, value);
    defaults.map(preset).to_vec()
}

fn everything() -> TypeDef {
    let fields = properties().into_iter().chain(defaults()).collect();
    let extra = Additional::Kept {
        field: FieldName::new("extra"),
        value: Type::Json,
    };
    let shape = Shape::Struct(Struct {
        constants: vec![Constant {
            wire: "kind".to_owned(),
            value: "only \"one\"".into(),
            docs: words(WORDS),
            deprecated: true,
        }],
        fields,
        additional: extra,
    });
    define(path(&[], "Everything"), WORDS, shape)
}

fn widget() -> TypeDef {
    let fields = vec![
        field("id", Type::String, Presence::Required, ""),
        field(
            "parent",
            boxed(option(named(&[], "Widget"))),
            Presence::Required,
            "",
        ),
        field("note", Type::String, Presence::Nullable, ""),
    ];
    let length = CountRange {
        min: Some(1),
        max: Some(5),
    };
    let pattern = ValueNote::Pattern("^[a-z]*$".to_owned());
    let notes = [ValueNote::Length(length), pattern];
    let mut def = define(
        path(&[], "Widget"),
        "A widget.",
        structure(fields, Additional::Ignored),
    );
    def.docs.notes = notes.map(Note::Value).to_vec();
    def
}

/// Returns all types.
pub(super) fn types() -> Vec<TypeDef> {
    objects_and_enums()
        .into_iter()
        .chain(unions_and_others())
        .collect()
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn objects_and_enums() -> Vec<TypeDef> {
    let mut old = define(
        path(&[], "Old"),
        "",
        structure(
            vec![
                field("again", vec_of(named(&[], "Old")), Presence::Optional, ""),
                field("id", Type::String, Presence::Required, ""),
            ],
            Additional::Ignored,
        ),
    );
    old.deprecated = true;
    vec![
        everything(),
        enumeration(
            path(&["Everything", "inner"], "Deepest"),
            Repr::Text,
            false,
            &[("a", json!("a")), ("empty", json!(""))],
        ),
        define(
            path(&["Everything", "inner"], "Upward"),
            "",
            structure(
                vec![
                    field(
                        "far",
                        option(named(&["Everything"], "Middle")),
                        Presence::Optional,
                        "",
                    ),
                    field("top", named(&[], "Widget"), Presence::Optional, ""),
                ],
                Additional::Ignored,
            ),
        ),
        define(
            path(&["Everything"], "Middle"),
            "",
            structure(Vec::new(), Additional::Refused),
        ),
        widget(),
        old,
        enumeration(
            path(&[], "OnlyKind"),
            Repr::Text,
            false,
            &[("only", json!("only"))],
        ),
        enumeration(
            path(&[], "Color"),
            Repr::Text,
            true,
            &[("none", json!("none")), ("Ok", json!("ok\"\\`"))],
        ),
        enumeration(
            path(&[], "Level"),
            Repr::Integer,
            true,
            &[("one", json!(1)), ("minus one", json!(-1))],
        ),
        enumeration(
            path(&[], "Step"),
            Repr::Integer,
            false,
            &[("two", json!(2))],
        ),
        enumeration(
            path(&[], "Any"),
            Repr::Json,
            true,
            &[
                ("auto", json!("auto")),
                ("five", json!(5)),
                ("null", json!(null)),
            ],
        ),
        enumeration(
            path(&[], "Some bool"),
            Repr::Json,
            false,
            &[("true", json!(true))],
        ),
    ]
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn unions_and_others() -> Vec<TypeDef> {
    let huge = structure(
        (0..20)
            .map(|n| field(&format!("field_{n}"), Type::String, Presence::Required, ""))
            .collect(),
        Additional::Refused,
    );
    let shadow = vec![
        field("map", map(Type::String), Presence::Required, ""),
        field("id", Type::Uuid, Presence::Optional, ""),
        field("uri", Type::Uri, Presence::Optional, ""),
        field("other", named(&["types"], "Uri"), Presence::Optional, ""),
    ];
    vec![
        define(
            path(&[], "Mixed"),
            "",
            Shape::Union(Union {
                variants: vec![
                    variant("text", Type::String, &[], TagSource::Union),
                    variant(
                        "list",
                        vec_of(Type::Integer(Integer::I64)),
                        &[],
                        TagSource::Union,
                    ),
                    variant("huge", named(&[], "Huge"), &[], TagSource::Union),
                ],
                tagging: Tagging::Untagged,
                other: None,
            }),
        ),
        define(
            path(&[], "Pet"),
            "",
            Shape::Union(Union {
                variants: vec![
                    variant(
                        "cat",
                        named(&[], "Widget"),
                        &["cat", "Cat\""],
                        TagSource::Union,
                    ),
                    variant("old", named(&[], "Old"), &["old"], TagSource::Branch),
                    variant(
                        "checked",
                        named(&[], "Old"),
                        &["-1"],
                        TagSource::Either(Some(json!(-1))),
                    ),
                    variant(
                        "either",
                        named(&[], "Old"),
                        &["x", "y"],
                        TagSource::Either(None),
                    ),
                ],
                tagging: Tagging::Property("kind".to_owned()),
                other: Some(TypeName::new("Other")),
            }),
        ),
        define(path(&[], "Huge"), "", huge),
        define(
            path(&[], "Names"),
            "An alias.",
            Shape::Alias(vec_of(Type::String)),
        ),
        define(
            path(&[], "Tree"),
            "",
            Shape::Newtype(vec_of(named(&[], "Tree"))),
        ),
        define(
            path(&[], "OptionSchema"),
            "",
            structure(
                vec![field("a", named(&[], "Names"), Presence::Optional, "")],
                Additional::Refused,
            ),
        ),
        define(
            path(&["types"], "BTreeMap"),
            "",
            structure(shadow, Additional::Ignored),
        ),
        define(path(&["types"], "Uri"), "", Shape::Alias(Type::Uri)),
        enumeration(
            path(&["types", "types", "uuid"], "Uuid"),
            Repr::Text,
            true,
            &[("a", json!("a"))],
        ),
        define(
            path(&["types", "types"], "Holder"),
            "",
            structure(
                vec![
                    field("id", Type::Uuid, Presence::Optional, ""),
                    field(
                        "inner",
                        named(&["types", "types", "uuid"], "Uuid"),
                        Presence::Optional,
                        "",
                    ),
                ],
                Additional::Ignored,
            ),
        ),
    ]
}
