//! An API with all difficult cases.

mod operations;
mod types;

pub(super) use operations::{optional, tests};

use super::{api as plain, method, path, server, words};
use crate::ident::{MethodName, ModuleName};
use crate::ir::{
    Api, Flows, Module, OperationGroup, Owner, SchemeKind, SecurityScheme, ServerVariable, Value,
};

const WORDS: &str = "See [Widget], <b>bold</b> and https://example.com/a_b. <script>x</script>\n\n```\nlet x: = 1;\n```\n\n    indented\n\n* one\nlazy\n* `two`\n\n\u{202e}end <id> | x";

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn module(names: &[&str], owner: Owner) -> Module {
    Module {
        path: names.iter().map(|name| ModuleName::new(name)).collect(),
        owner,
        same_as: None,
    }
}

/// Returns the whole API.
#[expect(clippy::too_many_lines, reason = "one value")]
pub(super) fn api() -> Api {
    let mut api = plain(types::types());
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
            default: Some("eu".to_owned()),
            values: vec!["eu".to_owned(), "us".to_owned()],
            description: Some("Where.".to_owned()),
        },
        ServerVariable {
            name: "type".to_owned(),
            default: Some("v1".to_owned()),
            values: Vec::new(),
            description: None,
        },
    ];
    api.servers = vec![server("/relative"), regional];
    api.server_variables = vec![method("region"), method("type")];
    api.secret_names = vec!["pin".to_owned()];
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
            flows: Flows::default(),
            docs: words(WORDS),
        })
        .to_vec();
    if let Some(scheme) = api.schemes.first_mut() {
        scheme.name.wire = "basic".to_owned();
    }
    let mut everything = operations::many_parameters();
    for requirement in &mut everything.security {
        for scheme in requirement {
            if scheme.wire == "basic" {
                scheme.rust = MethodName::new("basic auth");
            }
        }
    }
    let group = |name: &str, operations| OperationGroup {
        others: Vec::new(),
        module: ModuleName::new(name),
        title: name.to_owned(),
        docs: words(WORDS),
        operations,
    };
    api.groups = vec![
        group("Everything", vec![everything]),
        group("type", operations::with_bodies()),
    ];
    api
}
