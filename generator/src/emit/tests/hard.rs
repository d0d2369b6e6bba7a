//! What is hard to get right, all in one API.

use serde_json::json;

use super::{
    api as plain, define, empty_case, field, json_case, method, named, outcome, path, server,
    structure, vec_of, words,
};
use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{
    Additional, Api, Body, BodyChoice, BodyCodec, CallExample, DefaultFunction, Docs, Enum, Field,
    FormField, Integer, Module, Name, Operation, OperationGroup, Owner, Parameter, Part, PathStyle,
    Place, Presence, QueryStyle, Repr, ResponseBody, ResponseCodec, ResponseHeader, SchemeKind,
    SecurityScheme, ServerVariable, Shape, Status, Style, Tagging, Type, TypeDef, Union,
    UnionVariant, Value, Variant,
};

const WORDS: &str = "See [Widget], <b>bold</b> and https://example.com/a_b. <script>x</script>\n\n```\nlet x: = 1;\n```\n\n    indented\n\n* one\nlazy\n* `two`\n\n\u{202e}end <id> | x";

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
    });
    field
}

fn preset(wire: &str, ty: Type, value: Value) -> Field {
    default(field(wire, ty, Presence::Defaulted, ""), value)
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
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

fn variant(name: &str, ty: Type, tags: &[&str], writes_tag: bool) -> UnionVariant {
    UnionVariant {
        name: TypeName::new(name),
        ty,
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        writes_tag,
        docs: Docs::default(),
    }
}

/// A property of every kind, and of every value a default.
fn everything() -> TypeDef {
    use Presence::{
        Constant, Defaulted, Nullable, NullableDefaulted, Optional, OptionalNullable, Preset,
        Required,
    };
    let json = json!({"a": [1, -2, 3.5, 5_000_000_000_u64, i64::MIN, true, null, "x"]});
    let large = json!((0..40).map(|n| json!([n, {"k": null}])).collect::<Vec<_>>());
    let widget = Value::Struct {
        path: path(&[], "Widget"),
        required: vec![text("id"), Value::Box(Box::new(Value::None))],
        fields: vec![(FieldName::new("note"), Value::Some(Box::new(text("n"))))],
    };
    let mut old = field("old", named(&[], "Old"), Optional, "Not any more.");
    old.deprecated = true;
    let mut fields = vec![
        field("bool", Type::Bool, Required, WORDS),
        field("f32", Type::Float32, Required, ""),
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
            field("kind", named(&[], "OnlyKind"), Constant, ""),
            Value::Variant(path(&[], "OnlyKind"), TypeName::new("only")),
        ),
        default(
            field("patched", Type::Bool, Optional, ""),
            Value::Bool(true),
        ),
    ];
    let defaults = [
        ("d_bool", Type::Bool, Value::Bool(false)),
        (
            "d_large",
            Type::Integer(Integer::U64),
            Value::Integer(u64::MAX.into()),
        ),
        ("d_pi", Type::Float64, Value::Float(3.14)),
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
    fields.extend(defaults.map(|(name, ty, value)| preset(name, ty, value)));
    assert!(fields.iter().any(|field| field.presence == Defaulted));
    let extra = Additional::Kept {
        field: FieldName::new("extra"),
        value: Type::Json,
        docs: Docs::default(),
    };
    define(path(&[], "Everything"), WORDS, structure(fields, extra))
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
    let notes = ["Length: 1 to 5 characters", "Pattern: `^[a-z]*$`"];
    let mut def = define(
        path(&[], "Widget"),
        "A widget.",
        structure(fields, Additional::Ignored),
    );
    def.docs.notes = notes.map(str::to_owned).to_vec();
    def
}

fn types() -> Vec<TypeDef> {
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
        define(
            path(&[], "Mixed"),
            "",
            Shape::Union(Union {
                variants: vec![
                    variant("text", Type::String, &[], false),
                    variant("list", vec_of(Type::Integer(Integer::I64)), &[], false),
                    variant("huge", named(&[], "Huge"), &[], false),
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
                    variant("cat", named(&[], "Widget"), &["cat", "Cat\""], false),
                    variant("old", named(&[], "Old"), &["old"], true),
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

fn parameter(wire: &str, style: Style, ty: Type, required: bool) -> Parameter {
    Parameter {
        name: Name {
            wire: wire.to_owned(),
            rust: FieldName::new(wire),
        },
        style,
        ty,
        required,
        docs: Docs::default(),
        deprecated: false,
    }
}

fn operation(name: &str, http_method: &str, path: &str) -> Operation {
    Operation {
        wire_name: name.to_owned(),
        method_name: MethodName::new(name),
        type_name: TypeName::new(name),
        http_method: http_method.to_owned(),
        path: path.to_owned(),
        docs: words(WORDS),
        deprecated: false,
        servers: Vec::new(),
        security: Vec::new(),
        parameters: Vec::new(),
        body: None,
        success: outcome(None, Vec::new()),
        failure: outcome(None, Vec::new()),
        example: None,
    }
}

fn query(style: QueryStyle) -> Style {
    Style::Query {
        style,
        explode: style == QueryStyle::Form,
        allow_reserved: false,
    }
}

/// An optional parameter in the query.
pub(super) fn optional(wire: &str, ty: Type) -> Parameter {
    parameter(wire, query(QueryStyle::Form), ty, false)
}

fn parameters() -> Vec<Parameter> {
    let path_style = |style| Style::Path {
        style,
        explode: false,
    };
    let list = || vec_of(Type::String);
    let optional = optional("ref", list());
    let mut last = parameter(
        "sub",
        query(QueryStyle::Form),
        Type::Integer(Integer::I32),
        false,
    );
    last.deprecated = true;
    vec![
        parameter("simple", path_style(PathStyle::Simple), Type::String, true),
        parameter("label", path_style(PathStyle::Label), list(), true),
        parameter("matrix", path_style(PathStyle::Matrix), Type::Uuid, true),
        parameter(
            "as json",
            Style::Json(Place::Path),
            named(&[], "Widget"),
            true,
        ),
        parameter("q", query(QueryStyle::Form), Type::Bool, true),
        parameter("type", query(QueryStyle::SpaceDelimited), list(), true),
        parameter("pipes", query(QueryStyle::PipeDelimited), list(), true),
        parameter(
            "deep",
            query(QueryStyle::DeepObject),
            named(&[], "OptionSchema"),
            true,
        ),
        parameter(
            "filter",
            Style::Json(Place::Query),
            named(&[], "Everything"),
            false,
        ),
        parameter(
            "X-Header",
            Style::Header { explode: false },
            Type::Uri,
            false,
        ),
        parameter("X-Json", Style::Json(Place::Header), Type::Json, false),
        parameter("sid", Style::Cookie { explode: true }, Type::Secret, false),
        parameter("jar", Style::Json(Place::Cookie), named(&[], "Old"), false),
        optional,
        last,
    ]
}

fn choice(media_type: &str, codec: BodyCodec, ty: Type) -> BodyChoice {
    BodyChoice {
        media_type: media_type.to_owned(),
        variant: TypeName::new(media_type),
        codec,
        ty,
    }
}

fn body(required: bool, choices: Vec<BodyChoice>, choice_type: Option<&str>) -> Option<Body> {
    Some(Body {
        required,
        choices,
        choice_type: choice_type.map(TypeName::new),
        docs: Docs::default(),
    })
}

fn header(wire: &str, ty: Type) -> ResponseHeader {
    ResponseHeader {
        name: method(wire),
        ty,
        required: false,
        docs: words("How many are left."),
    }
}

fn many_parameters() -> Operation {
    let mut operation = operation(
        "get everything",
        "GET",
        "/x/{simple}/{label}/{matrix}/{as json}",
    );
    operation.parameters = parameters();
    operation.deprecated = true;
    operation.security = vec![
        vec![method("basic"), method("X-Key")],
        vec![method("query key")],
        Vec::new(),
    ];
    let mut ok = json_case(Status::Code(200), "Ok", named(&[], "Everything"), "Fine.");
    ok.headers = vec![
        header("X-Left", Type::Integer(Integer::I64)),
        header("type", Type::String),
    ];
    ok.bodies.push(ResponseBody {
        media_types: vec!["text/csv".to_owned(), "text/*".to_owned()],
        variant: TypeName::new("OkCsv"),
        codec: ResponseCodec::Text,
        ty: Type::String,
    });
    ok.bodies.push(ResponseBody {
        media_types: vec!["image/png".to_owned()],
        variant: TypeName::new("OkPng"),
        codec: ResponseCodec::Bytes,
        ty: Type::Bytes,
    });
    let mut limited = json_case(Status::Range(4), "ClientError", named(&[], "Old"), WORDS);
    limited.headers = vec![
        header("x-left", Type::Bool),
        header("X-Left", Type::Integer(Integer::I64)),
    ];
    operation.success = outcome(
        Some("GetEverythingOutput"),
        vec![
            ok,
            empty_case(Status::Code(204), "NoContent", ""),
            json_case(Status::Range(3), "Redirection", vec_of(Type::Json), ""),
        ],
    );
    operation.failure = outcome(
        Some("GetEverythingFailure"),
        vec![
            limited,
            json_case(Status::Default, "Default", Type::Json, "What else."),
        ],
    );
    operation.example = Some(CallExample {
        arguments: vec![
            text("a```b"),
            Value::Vec(vec![text("a"), text("b # c\n# d")]),
            Value::Uuid("67e55044-10b1-426f-9247-bb680e5fe0c8".to_owned()),
            Value::Struct {
                path: path(&[], "Widget"),
                required: vec![text("id"), Value::Box(Box::new(Value::None))],
                fields: Vec::new(),
            },
            Value::Bool(true),
            Value::Vec(Vec::new()),
            Value::Vec(Vec::new()),
            Value::Struct {
                path: path(&[], "OptionSchema"),
                required: Vec::new(),
                fields: Vec::new(),
            },
        ],
        setters: vec![
            (
                FieldName::new("X-Header"),
                Value::Uri("https://example.com/x".to_owned()),
            ),
            (FieldName::new("X-Json"), Value::Json(json!({"a": [1]}))),
            (FieldName::new("sid"), Value::Secret("s".to_owned())),
        ],
    });
    operation
}

fn with_bodies() -> Vec<Operation> {
    let mut form = operation("send form", "POST", "/form");
    let fields = vec![FormField {
        name: "a".to_owned(),
        style: QueryStyle::SpaceDelimited,
        explode: false,
        allow_reserved: true,
    }];
    form.body = body(
        true,
        vec![choice(
            "application/x-www-form-urlencoded",
            BodyCodec::Form(fields),
            named(&[], "OptionSchema"),
        )],
        None,
    );
    form.success = outcome(
        None,
        vec![json_case(
            Status::Default,
            "Default",
            named(&[], "Mixed"),
            "",
        )],
    );
    form.failure = outcome(
        Some("SendFormFailure"),
        vec![json_case(
            Status::Default,
            "Default",
            named(&[], "Mixed"),
            "",
        )],
    );
    let mut upload = operation("upload", "PUT", "/upload/{id}");
    upload.parameters = vec![parameter(
        "id",
        Style::Path {
            style: PathStyle::Simple,
            explode: false,
        },
        named(&[], "Level"),
        true,
    )];
    let parts = vec![
        Part {
            name: "file".to_owned(),
            content_type: Some("image/png".to_owned()),
        },
        Part {
            name: "plain".to_owned(),
            content_type: None,
        },
    ];
    upload.body = body(
        false,
        vec![
            choice(
                "application/json",
                BodyCodec::Json,
                named(&[], "Everything"),
            ),
            choice(
                "multipart/form-data",
                BodyCodec::Multipart(parts),
                named(&[], "Everything"),
            ),
            choice("text/plain", BodyCodec::Text, Type::String),
            choice("application/octet-stream", BodyCodec::Bytes, Type::Bytes),
        ],
        Some("UploadBody"),
    );
    upload.success = outcome(None, vec![empty_case(Status::Code(204), "NoContent", "")]);
    upload.security = vec![
        vec![method("certificate")],
        vec![method("cookie key"), method("digest")],
    ];
    upload.servers = vec![server("https://upload.example.com")];
    upload.example = Some(CallExample {
        arguments: vec![Value::Variant(path(&[], "Level"), TypeName::new("one"))],
        setters: Vec::new(),
    });
    let mut raw = operation("raw", "POST", "/raw");
    raw.body = body(
        true,
        vec![choice("image/*", BodyCodec::Bytes, Type::Bytes)],
        None,
    );
    raw.success = outcome(
        None,
        vec![crate::ir::ResponseCase {
            bodies: vec![ResponseBody {
                media_types: vec!["image/png".to_owned()],
                variant: TypeName::new("Ok"),
                codec: ResponseCodec::Bytes,
                ty: Type::Bytes,
            }],
            ..empty_case(Status::Code(200), "Ok", "")
        }],
    );
    let mut note = operation("note", "POST", "/note");
    note.body = body(
        false,
        vec![choice("text/plain", BodyCodec::Text, Type::String)],
        None,
    );
    note.success = outcome(
        None,
        vec![json_case(Status::Default, "Default", Type::String, "")],
    );
    note.example = Some(CallExample {
        arguments: Vec::new(),
        setters: vec![(FieldName::new("body"), text("x"))],
    });
    vec![
        form,
        upload,
        raw,
        note,
        operation("type", "DELETE", "/none"),
    ]
}

fn module(names: &[&str], owner: Owner) -> Module {
    Module {
        path: names.iter().map(|name| ModuleName::new(name)).collect(),
        owner,
    }
}

/// The whole API.
pub(super) fn api() -> Api {
    let mut api = plain(types());
    api.info.description = Some(WORDS.to_owned());
    api.modules = vec![
        module(&["Everything"], Owner::Type(path(&[], "Everything"))),
        module(
            &["Everything", "inner"],
            Owner::Type(path(&["Everything"], "Middle")),
        ),
        module(&["types"], Owner::Operation("types".to_owned())),
        module(&["types", "types"], Owner::Operation("types".to_owned())),
        module(
            &["types", "types", "uuid"],
            Owner::Type(path(&["types", "types"], "Holder")),
        ),
    ];
    let mut regional = server("https://{region}.example.com/{type}");
    regional.description = Some("By region.".to_owned());
    regional.variables = vec![
        ServerVariable {
            name: "region".to_owned(),
            default: "eu".to_owned(),
            values: vec!["eu".to_owned(), "us".to_owned()],
            description: Some("Where.".to_owned()),
        },
        ServerVariable {
            name: "type".to_owned(),
            default: "v1".to_owned(),
            values: Vec::new(),
            description: None,
        },
    ];
    api.servers = vec![server("/relative"), regional];
    let schemes = [
        ("basic", SchemeKind::Basic),
        ("X-Key", SchemeKind::Header("X-Key".to_owned())),
        ("query key", SchemeKind::Query("key".to_owned())),
        ("cookie key", SchemeKind::Cookie("key".to_owned())),
        ("digest", SchemeKind::Http("Digest".to_owned())),
        ("certificate", SchemeKind::MutualTls),
    ];
    api.schemes = schemes
        .map(|(name, kind)| SecurityScheme {
            name: method(if name == "basic" { "basic auth" } else { name }),
            kind,
            docs: words(WORDS),
        })
        .to_vec();
    if let Some(scheme) = api.schemes.first_mut() {
        scheme.name.wire = "basic".to_owned();
    }
    let mut everything = many_parameters();
    for requirement in &mut everything.security {
        for scheme in requirement {
            if scheme.wire == "basic" {
                scheme.rust = MethodName::new("basic auth");
            }
        }
    }
    let group = |name: &str, operations| OperationGroup {
        module: ModuleName::new(name),
        title: name.to_owned(),
        docs: words(WORDS),
        operations,
    };
    api.groups = vec![
        group("Everything", vec![everything]),
        group("type", with_bodies()),
    ];
    api
}
