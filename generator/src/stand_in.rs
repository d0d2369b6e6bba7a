//! STAND-IN for the stages that are being written: never to be merged.
#![allow(missing_docs, clippy::all, clippy::pedantic)]

pub mod source {
    use std::ops::Range;
    use std::path::{Path, PathBuf};

    use serde_json::Value;

    use crate::diagnostic::{Code, Diagnostic, Diagnostics, FileId, Location, Stopped};

    #[derive(Debug, Default)]
    pub struct Sources {
        pub files: Vec<(String, Option<PathBuf>, String)>,
    }
    pub struct LineColumn {
        pub line: usize,
        pub column: usize,
    }
    impl Sources {
        pub fn new() -> Self {
            Self::default()
        }
        pub fn read(
            &mut self,
            path: impl AsRef<Path>,
            diagnostics: &mut Diagnostics,
        ) -> Result<(FileId, Value), Stopped> {
            let path = path.as_ref();
            let text = if path == Path::new("-") {
                let mut text = Vec::new();
                std::io::Read::read_to_end(&mut std::io::stdin(), &mut text).map(|_| text)
            } else {
                std::fs::read(path)
            };
            match text {
                Ok(text) => {
                    let read = self.read_text(&path.display().to_string(), text, diagnostics);
                    self.files.last_mut().unwrap().1 =
                        (path != Path::new("-")).then(|| path.to_owned());
                    read
                }
                Err(error) => {
                    diagnostics.push(Diagnostic::error(
                        Code("no-such-file"),
                        Location::File(path.display().to_string()),
                        error.to_string(),
                    ));
                    Err(Stopped)
                }
            }
        }
        pub fn read_text(
            &mut self,
            name: &str,
            text: impl Into<Vec<u8>>,
            diagnostics: &mut Diagnostics,
        ) -> Result<(FileId, Value), Stopped> {
            let text = String::from_utf8_lossy(&text.into()).into_owned();
            let file = self.add_text(name, &text);
            match serde_yaml::from_str(&text) {
                Ok(value) => Ok((file, value)),
                Err(error) => {
                    let at = error.location().map_or(0, |l| l.index());
                    diagnostics.push(
                        Diagnostic::error(
                            Code("invalid-yaml"),
                            Location::Span(file, at..at),
                            error.to_string(),
                        )
                        .help("mend it"),
                    );
                    Err(Stopped)
                }
            }
        }
        pub fn add_text(&mut self, name: &str, text: &str) -> FileId {
            self.files.push((name.to_owned(), None, text.to_owned()));
            FileId(self.files.len() - 1)
        }
        pub fn paths(&self) -> impl Iterator<Item = &Path> {
            self.files.iter().filter_map(|f| f.1.as_deref())
        }
        pub fn name(&self, file: FileId) -> &str {
            &self.files[file.0].0
        }
        pub fn find(&self, location: &Location) -> Option<(FileId, Range<usize>)> {
            match location {
                Location::File(_) => None,
                Location::Span(file, span) => Some((*file, span.clone())),
                Location::Node(..) => Some((FileId(0), 0..0)),
            }
        }
        pub fn line_column(&self, file: FileId, byte: usize) -> LineColumn {
            let before = &self.files[file.0].2[..byte];
            LineColumn {
                line: before.matches('\n').count() + 1,
                column: before.rsplit('\n').next().unwrap().chars().count() + 1,
            }
        }
    }
}

pub mod render {
    use super::source::Sources;
    use crate::diagnostic::{Diagnostic, Location};

    pub fn render(list: &[Diagnostic], sources: &Sources, color: bool) -> String {
        let mut out = String::new();
        for d in list {
            let place = match (&d.location, sources.find(&d.location)) {
                (Location::File(name), _) => name.clone(),
                (_, Some((file, span))) => {
                    let at = sources.line_column(file, span.start);
                    format!("{}:{}:{}", sources.name(file), at.line, at.column)
                }
                _ => String::new(),
            };
            let severity = format!("{:?}", d.severity).to_lowercase();
            let severity = if color {
                format!("\x1b[31m{severity}\x1b[0m")
            } else {
                severity
            };
            out += &format!("{severity}[{}]: {}\n --> {place}\n", d.code.0, d.message);
            if let Some(help) = &d.help {
                out += &format!("help: {help}\n");
            }
        }
        out
    }
    pub fn to_json_line(d: &Diagnostic, _: &Sources) -> String {
        serde_json::json!({"code": d.code.0, "message": d.message}).to_string()
    }
}

pub mod bundle {
    use super::source::Sources;
    use crate::diagnostic::{Diagnostics, FileId};
    pub fn bundle(
        _: FileId,
        value: serde_json::Value,
        _: &mut Sources,
        _: &mut Diagnostics,
    ) -> serde_json::Value {
        value
    }
}

pub mod read {
    use crate::diagnostic::{Code, Diagnostic, Diagnostics};
    use crate::pointer::Pointer;
    pub fn read(value: serde_json::Value, diagnostics: &mut Diagnostics) -> serde_json::Value {
        if value.get("openapi").is_none() {
            diagnostics.push(Diagnostic::error(
                Code("no-openapi"),
                Pointer::root(),
                "no `openapi`",
            ));
        }
        if value.get("x-warn").is_some() {
            diagnostics.push(Diagnostic::warning(
                Code("x-warn"),
                Pointer::root(),
                "there is\nan `x-warn`",
            ));
        }
        value
    }
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
                let tag = op.pointer("/tags/0").and_then(|t| t.as_str()).unwrap_or("default");
                groups.entry(tag.to_owned()).or_default().push(Operation {
                    wire_name: path.clone(),
                    method_name: MethodName::new("x"),
                    type_name: TypeName::new("x"),
                    http_method: method.to_uppercase(),
                    path: path.clone(),
                    docs: Docs::default(),
                    deprecated: false,
                    servers: vec![],
                    security: vec![],
                    parameters: vec![],
                    body: None,
                    success: Outcome { enum_name: None, cases: vec![] },
                    failure: Outcome { enum_name: None, cases: vec![] },
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
                groups: groups.into_iter().map(|(tag, operations)| OperationGroup { module: ModuleName::new(&tag), title: tag, docs: Docs::default(), operations }).collect(),
            },
        }
    }
}

pub mod emit {
    pub use crate::emit::*;
    use crate::ir::*;
    use quote::{format_ident, quote};
    pub fn emit(api: &Api, _: &Options) -> Emitted {
        let title = format!(" {}", api.info.title);
        let types = api.types.iter().map(|def| {
            let name = format_ident!("{}", def.path.name.as_str());
            let fields = match &def.shape {
                Shape::Struct(s) => s
                    .fields
                    .iter()
                    .map(|f| format_ident!("{}", f.name.rust.as_str()))
                    .collect(),
                _ => vec![],
            };
            quote! {
                #[doc = " A schema."]
                #[derive(Clone, Debug, Default)]
                pub struct #name { #( #[doc = " A field."] pub #fields: Option<String> ),* }
            }
        });
        let file = |path: &str, tokens| GeneratedFile {
            path: path.into(),
            contents: Contents::Rust(tokens),
        };
        let mut files = vec![
            file("src/lib.rs", quote! { #![doc = #title] pub mod types; }),
            file("src/types.rs", quote! { #![doc = " Types."] #(#types)* }),
        ];
        for group in &api.groups {
            files.push(file(&format!("src/operations/{}.rs", group.module.as_str()), quote! {}));
        }
        Emitted {
            files,
            needs: Needs::default(),
        }
    }
}
