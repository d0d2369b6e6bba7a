//! The IR of a dynamic client registration (RFC 7591).

use super::{
    define, empty_case, examples, field, json_case, method, named, outcome, path, server,
    structure, vec_of, words,
};
use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{
    Additional, Api, Body, BodyChoice, BodyCodec, Contact, DefaultFunction, Docs, Enum, Field,
    Flows, Info, Integer, Module, Operation, OperationGroup, Owner, Presence, Repr, SchemeKind,
    SecurityScheme, Shape, Status, Type, TypeDef, Value, Variant,
};
use crate::proof::model::{CallExample, Tests};

const REQUEST: &str = "OAuthDynamicRegistrationRequest";
const RESPONSE: &str = "OAuthDynamicRegistrationResponse";
const INSIDE: &[&str] = &[REQUEST];

fn defaulted(mut field: Field, value: Value, wire: &str) -> Field {
    field.presence = Presence::Defaulted;
    field.default = Some(DefaultFunction {
        name: MethodName::new(&format!("default_{}", field.name.wire)),
        value,
        wire: wire.to_owned(),
        of_server: false,
    });
    field
}

fn text_enum(name: &str, docs: &str, values: &[&str]) -> TypeDef {
    let variants = values.iter().map(|value| Variant {
        name: TypeName::new(value),
        value: (*value).into(),
        docs: Docs::default(),
    });
    let shape = Shape::Enum(Enum {
        repr: Repr::Text,
        variants: variants.collect(),
        open: None,
    });
    define(path(INSIDE, name), docs, shape)
}

fn request() -> TypeDef {
    use Presence::Optional;
    let fields = vec![
        field(
            "redirect_uris",
            vec_of(Type::Uri),
            Optional,
            "Array of redirection URI strings for use in redirect-based flows",
        ),
        field("client_name", Type::String, Optional, "Human-readable name"),
        defaulted(
            field(
                "grant_types",
                vec_of(named(INSIDE, "GrantType")),
                Optional,
                "Array of OAuth 2.0 grant type strings that the client may use",
            ),
            Value::Vec(vec![Value::Variant(
                path(INSIDE, "GrantType"),
                TypeName::new("authorization_code"),
            )]),
            r#"["authorization_code"]"#,
        ),
        defaulted(
            field("response_types", vec_of(Type::String), Optional, ""),
            Value::Vec(vec![Value::String("code".to_owned())]),
            r#"["code"]"#,
        ),
        defaulted(
            field(
                "token_endpoint_auth_method",
                named(INSIDE, "TokenEndpointAuthMethod"),
                Optional,
                "Authentication method for the token endpoint",
            ),
            Value::Variant(
                path(INSIDE, "TokenEndpointAuthMethod"),
                TypeName::new("client_secret_basic"),
            ),
            r#""client_secret_basic""#,
        ),
        field("scope", Type::String, Optional, "Space-separated scopes"),
        field("logo_uri", Type::Uri, Optional, "URL of the client logo"),
    ];
    define(
        path(&[], REQUEST),
        "",
        structure(fields, Additional::Refused),
    )
}

fn response() -> TypeDef {
    use Presence::{Optional, Required};
    let fields = vec![
        field("client_id", Type::String, Required, "Unique identifier"),
        field("client_secret", Type::Secret, Optional, "Client secret"),
        field("redirect_uris", vec_of(Type::Uri), Optional, ""),
        field(
            "client_id_issued_at",
            Type::Integer(Integer::I64),
            Required,
            "Unix timestamp of when the client ID was issued",
        ),
    ];
    define(
        path(&[], RESPONSE),
        "",
        structure(fields, Additional::Ignored),
    )
}

fn bad_request() -> TypeDef {
    let invalid = Type::Map(Box::new(vec_of(Type::String)));
    let fields = vec![
        field("error", Type::String, Presence::Optional, ""),
        field("error_description", Type::String, Presence::Optional, ""),
        field("invalid_fields", invalid, Presence::Optional, ""),
    ];
    define(
        path(&["RegisterOAuthClient"], "BadRequest"),
        "Invalid client metadata",
        structure(fields, Additional::Ignored),
    )
}

fn operation() -> Operation {
    Operation {
        wire_name: "RegisterOAuthClient".to_owned(),
        method_name: MethodName::new("RegisterOAuthClient"),
        type_name: TypeName::new("RegisterOAuthClient"),
        http_method: "POST".to_owned(),
        path: "/oauth/register".to_owned(),
        docs: Docs {
            summary: Some("Dynamic client registration".to_owned()),
            description: Some("Register a new OAuth client dynamically (RFC 7591)".to_owned()),
            notes: Vec::new(),
        },
        deprecated: false,
        servers: Vec::new(),
        security: Vec::new(),
        parameters: Vec::new(),
        body: Some(Body {
            required: true,
            choices: vec![BodyChoice {
                media_type: "application/json".to_owned(),
                key: "application/json".to_owned(),
                variant: TypeName::new("json"),
                codec: BodyCodec::Json,
                ty: named(&[], REQUEST),
            }],
            choice_type: None,
            docs: Docs::default(),
        }),
        idempotency_key: None,
        success: outcome(
            None,
            vec![json_case(
                Status::Code(201),
                "Created",
                named(&[], RESPONSE),
                "Client registered successfully",
            )],
        ),
        failure: outcome(
            Some("RegisterOAuthClientFailure"),
            vec![
                json_case(
                    Status::Code(400),
                    "BadRequest",
                    named(&["RegisterOAuthClient"], "BadRequest"),
                    "Invalid client metadata",
                ),
                empty_case(Status::Code(429), "TooManyRequests", "Slow down"),
            ],
        ),
        accept: "application/json".to_owned(),
        headers_name: None,
        callbacks: Vec::new(),
        links: Vec::new(),
        pagination: None,
        page_code: Err("it is not paginated".to_owned()),
        stream: None,
        stream_switch: None,
    }
}

/// Returns the example of the operation.
pub(super) fn tests() -> Tests {
    let example = Value::Struct {
        path: path(&[], REQUEST),
        required: Vec::new(),
        fields: vec![
            (
                FieldName::new("redirect_uris"),
                Value::Some(Box::new(Value::Vec(vec![Value::Uri(
                    "https://example.com/callback".to_owned(),
                )]))),
            ),
            (
                FieldName::new("client_name"),
                Value::Some(Box::new(Value::String("My OAuth Application".to_owned()))),
            ),
        ],
    };
    let call = CallExample {
        is_own: true,
        arguments: vec![example],
        setters: Vec::new(),
    };
    examples([("RegisterOAuthClient", call)])
}

/// Returns the whole API.
pub(super) fn api() -> Api {
    Api {
        info: Info {
            title: "OAuth API".to_owned(),
            version: "2.0.0".to_owned(),
            description: Some("API for OAuth.".to_owned()),
            contact: Some(Contact {
                email: Some("support@example.com".to_owned()),
                ..Contact::default()
            }),
            ..Info::default()
        },
        servers: vec![server("https://api.example.com/v2")],
        schemes: vec![SecurityScheme {
            name: method("bearerAuth"),
            kind: SchemeKind::Bearer,
            flows: Flows::default(),
            docs: Docs::default(),
        }],
        security: Vec::new(),
        modules: vec![
            Module {
                path: vec![ModuleName::new(REQUEST)],
                owner: Owner::Type(path(&[], REQUEST)),
                same_as: None,
            },
            Module {
                path: vec![ModuleName::new("RegisterOAuthClient")],
                owner: Owner::Operation("RegisterOAuthClient".to_owned()),
                same_as: None,
            },
        ],
        types: vec![
            request(),
            text_enum(
                "GrantType",
                "",
                &["authorization_code", "client_credentials", "refresh_token"],
            ),
            text_enum(
                "TokenEndpointAuthMethod",
                "Authentication method for the token endpoint",
                &["none", "client_secret_basic", "client_secret_post"],
            ),
            response(),
            bad_request(),
        ],
        groups: vec![OperationGroup {
            others: Vec::new(),
            module: ModuleName::new("OAuth Protocol"),
            title: "OAuth Protocol".to_owned(),
            docs: words(""),
            operations: vec![operation()],
        }],
        chapters: Vec::new(),
        webhooks: Vec::new(),
        server_variables: Vec::new(),
        secret_names: Vec::new(),
    }
}
