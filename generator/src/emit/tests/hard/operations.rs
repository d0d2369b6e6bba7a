//! Operations of every kind.

use serde_json::json;

use super::super::{
    empty_case, examples, json_case, method, named, outcome, path, server, vec_of, words,
};
use super::{WORDS, text};
use crate::ident::{FieldName, MethodName, TypeName};
use crate::ir::{
    ArrayForm, Body, BodyChoice, BodyCodec, Docs, FieldStyle, FormField, HeaderCodec, Integer,
    Name, Operation, Parameter, ParameterLocation, Part, PathStyle, QueryStyle, ResponseBody,
    ResponseCodec, ResponseHeader, Status, Style, Type, Value,
};
use crate::proof::model::{CallExample, Tests};

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
        idempotency_key: None,
        success: outcome(None, Vec::new()),
        failure: outcome(None, Vec::new()),
        accept: String::new(),
        headers_name: None,
        callbacks: Vec::new(),
        links: Vec::new(),
        pagination: None,
        page_code: Err("it is not paginated".to_owned()),
        stream: None,
        stream_switch: None,
    }
}

fn query(style: QueryStyle) -> Style {
    Style::Query {
        style,
        explode: style == QueryStyle::Form,
        allow_reserved: false,
    }
}

/// Returns an optional query parameter.
pub(in crate::emit) fn optional(wire: &str, ty: Type) -> Parameter {
    parameter(wire, query(QueryStyle::Form), ty, false)
}

fn parameters() -> Vec<Parameter> {
    let path_style = |style| Style::Path {
        style,
        explode: false,
    };
    let texts = || vec_of(Type::String);
    let optional = optional("ref", texts());
    let mut last = parameter(
        "sub",
        query(QueryStyle::Form),
        Type::Integer(Integer::I32),
        false,
    );
    last.deprecated = true;
    vec![
        parameter("simple", path_style(PathStyle::Simple), Type::String, true),
        parameter("label", path_style(PathStyle::Label), texts(), true),
        parameter("matrix", path_style(PathStyle::Matrix), Type::Uuid, true),
        parameter(
            "as json",
            Style::Json(ParameterLocation::Path),
            named(&[], "Widget"),
            true,
        ),
        parameter("q", query(QueryStyle::Form), Type::Bool, true),
        parameter("type", query(QueryStyle::SpaceDelimited), texts(), true),
        parameter("pipes", query(QueryStyle::PipeDelimited), texts(), true),
        parameter(
            "deep",
            query(QueryStyle::DeepObject(ArrayForm::Indices)),
            named(&[], "OptionSchema"),
            true,
        ),
        parameter(
            "filter",
            Style::Json(ParameterLocation::Query),
            named(&[], "Everything"),
            false,
        ),
        parameter(
            "X-Header",
            Style::Header { explode: false },
            Type::Uri,
            false,
        ),
        parameter(
            "X-Json",
            Style::Json(ParameterLocation::Header),
            Type::Json,
            false,
        ),
        parameter("sid", Style::Cookie { explode: true }, Type::Secret, false),
        parameter(
            "jar",
            Style::Json(ParameterLocation::Cookie),
            named(&[], "Old"),
            false,
        ),
        optional,
        last,
    ]
}

fn choice(media_type: &str, codec: BodyCodec, ty: Type) -> BodyChoice {
    BodyChoice {
        media_type: media_type.to_owned(),
        key: media_type.to_owned(),
        variant: TypeName::new(media_type),
        codec,
        ty,
    }
}

fn body(required: bool, choices: Vec<BodyChoice>, choice_type: Option<&str>) -> Body {
    Body {
        required,
        choices,
        choice_type: choice_type.map(TypeName::new),
        docs: Docs::default(),
    }
}

fn header(wire: &str, ty: Type) -> ResponseHeader {
    ResponseHeader {
        name: method(wire),
        ty,
        codec: HeaderCodec::Text,
        required: false,
        docs: words("How many are left."),
        deprecated: false,
    }
}

pub(super) fn many_parameters() -> Operation {
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
    operation.accept = "application/json, text/csv, image/png, text/*".to_owned();
    operation.headers_name = Some(TypeName::new("GetEverythingHeaders"));
    operation
}

pub(super) fn with_bodies() -> Vec<Operation> {
    vec![
        with_form(),
        with_upload(),
        with_raw_body(),
        with_text(),
        operation("type", "DELETE", "/none"),
    ]
}

fn with_form() -> Operation {
    let mut form = operation("send form", "POST", "/form");
    let fields = vec![FormField {
        name: "a".to_owned(),
        style: FieldStyle::Query {
            style: QueryStyle::SpaceDelimited,
            explode: false,
            allow_reserved: true,
        },
    }];
    form.body = Some(body(
        true,
        vec![choice(
            "application/x-www-form-urlencoded",
            BodyCodec::Form(fields),
            named(&[], "OptionSchema"),
        )],
        None,
    ));
    form.accept = "application/json".to_owned();
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
    form
}

fn with_upload() -> Operation {
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
            transfer_encoding: None,
            is_verbatim: false,
        },
        Part {
            name: "encoded".to_owned(),
            content_type: Some("application/octet-stream".to_owned()),
            transfer_encoding: Some("base64".to_owned()),
            is_verbatim: true,
        },
        Part {
            name: "plain".to_owned(),
            content_type: None,
            transfer_encoding: None,
            is_verbatim: false,
        },
    ];
    upload.body = Some(body(
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
    ));
    upload.success = outcome(None, vec![empty_case(Status::Code(204), "NoContent", "")]);
    upload.security = vec![
        vec![method("certificate")],
        vec![method("cookie key"), method("digest")],
    ];
    upload.servers = vec![server("https://upload.example.com")];
    upload
}

fn with_raw_body() -> Operation {
    let mut raw = operation("raw", "POST", "/raw");
    raw.body = Some(body(
        true,
        vec![choice("image/*", BodyCodec::Bytes, Type::Bytes)],
        None,
    ));
    raw.accept = "image/png".to_owned();
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
    raw
}

fn with_text() -> Operation {
    let mut note = operation("note", "POST", "/note");
    note.body = Some(body(
        false,
        vec![choice("text/plain", BodyCodec::Text, Type::String)],
        None,
    ));
    note.accept = "application/json".to_owned();
    note.success = outcome(
        None,
        vec![json_case(Status::Default, "Default", Type::String, "")],
    );
    note
}

/// Returns the examples of the operations.
pub(in crate::emit::tests) fn tests() -> Tests {
    let everything = CallExample {
        is_own: true,
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
    };
    let upload = CallExample {
        is_own: true,
        arguments: vec![Value::Variant(path(&[], "Level"), TypeName::new("one"))],
        setters: Vec::new(),
    };
    let note = CallExample {
        is_own: true,
        arguments: Vec::new(),
        setters: vec![(FieldName::new("body"), text("x"))],
    };
    examples([
        ("get everything", everything),
        ("upload", upload),
        ("note", note),
    ])
}
