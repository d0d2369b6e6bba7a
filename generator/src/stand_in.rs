//! STAND-IN for bundling, normalizing and lowering, until they are there.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Stopped};
use crate::ir::Api;
use crate::pointer::Pointer;

pub fn api(value: &serde_json::Value, diagnostics: &mut Diagnostics) -> Result<Api, Stopped> {
    if value.get("openapi").is_none() {
        diagnostics.push(
            Diagnostic::error(Code("no-openapi"), Pointer::root(), "no `openapi`").help("mend it"),
        );
    }
    if value.get("x-warn").is_some() {
        diagnostics.push(Diagnostic::warning(
            Code("x-warn"),
            Pointer::root(),
            "there is\nan `x-warn`",
        ));
    }
    diagnostics.finish()?;
    Ok(lower::lower(value, diagnostics).api)
}

pub mod lower {
    use crate::diagnostic::Diagnostics;
    use crate::ident::*;
    use crate::ir::*;
    pub struct Lowered {
        pub api: Api,
    }
    pub fn lower(value: &serde_json::Value, _: &mut Diagnostics) -> Lowered {
        let text = |pointer: &str| {
            let text = value.pointer(pointer).and_then(|v| v.as_str());
            text.map(str::to_owned)
        };
        let empty = serde_json::Map::new();
        let map = |value: Option<&'_ serde_json::Value>| {
            value
                .and_then(|v| v.as_object().cloned())
                .unwrap_or(empty.clone())
        };
        let schemas = map(value.pointer("/components/schemas"));
        let types = schemas.iter().map(|(name, schema)| TypeDef {
            path: TypePath {
                modules: vec![],
                name: TypeName::new(name),
            },
            docs: Docs::default(),
            deprecated: false,
            shape: Shape::Struct(Struct {
                fields: map(schema.get("properties"))
                    .keys()
                    .map(|name| Field {
                        name: Name {
                            wire: name.clone(),
                            rust: FieldName::new(name),
                        },
                        ty: Type::String,
                        presence: Presence::Optional,
                        default: None,
                        docs: Docs::default(),
                        deprecated: false,
                    })
                    .collect(),
                additional: Additional::Ignored,
            }),
        });
        let mut groups = indexmap::IndexMap::<String, Vec<Operation>>::new();
        for (path, item) in map(value.get("paths")) {
            for (method, op) in item.as_object().unwrap_or(&empty) {
                let tag = op
                    .pointer("/tags/0")
                    .and_then(|t| t.as_str())
                    .unwrap_or("default");
                groups.entry(tag.to_owned()).or_default().push(Operation {
                    wire_name: path.clone(),
                    method_name: MethodName::new(&format!("{method}_{tag}")),
                    type_name: TypeName::new(&format!("{method}_{tag}")),
                    http_method: method.to_uppercase(),
                    path: path.clone(),
                    docs: Docs::default(),
                    deprecated: false,
                    servers: vec![],
                    security: vec![],
                    parameters: vec![],
                    body: None,
                    success: Outcome {
                        enum_name: None,
                        cases: vec![],
                    },
                    failure: Outcome {
                        enum_name: None,
                        cases: vec![],
                    },
                    example: None,
                });
            }
        }
        Lowered {
            api: Api {
                info: Info {
                    title: text("/info/title").unwrap_or_default(),
                    version: text("/info/version").unwrap_or_default(),
                    description: text("/info/description"),
                    contact: Some(Contact {
                        email: text("/info/contact/email"),
                        ..Contact::default()
                    }),
                    ..Info::default()
                },
                servers: vec![Server {
                    url: text("/servers/0/url").unwrap_or("/".to_owned()),
                    description: None,
                    variables: vec![],
                }],
                schemes: vec![],
                modules: vec![],
                types: types.collect(),
                groups: groups
                    .into_iter()
                    .map(|(tag, operations)| OperationGroup {
                        module: ModuleName::new(&tag),
                        title: tag,
                        docs: Docs::default(),
                        operations,
                    })
                    .collect(),
            },
        }
    }
}
