//! The client of the tests, with credentials for every scheme.

use std::fmt::Write as _;

use super::expression::{call, literal};
use crate::emit::scope::plain;
use crate::proof::model::{Credential, WireTests};

const DOC: &str = "
/// Returns a client with all credentials of the document: placeholders, or with `BASE_URL` those
/// of the environment.
";

/// Returns the function that creates the client.
pub(super) fn connect(tests: &WireTests, name: &str) -> String {
    let WireTests {
        server,
        credentials,
    } = tests;
    let mut out = DOC.to_owned();
    let _ = writeln!(out, "fn {name}() -> (server::Wire, api::Client) {{");
    out.push_str("    let builder = api::Client::builder();\n");
    if let Some(server) = server {
        out.push_str(&call(
            "let builder = ",
            "builder.server",
            &[literal(server)],
            ";",
        ));
    }
    for Credential {
        setter,
        arguments,
        secret: _,
    } in credentials
    {
        let scheme = plain(setter.as_str()).to_ascii_uppercase();
        let names: &[(&str, &str)] = match arguments {
            0 | 1 => &[("key", "")],
            _ => &[("user", "_USER"), ("password", "_PASSWORD")],
        };
        let mut given = Vec::new();
        for (name, suffix) in names.iter().take(*arguments) {
            let variable = literal(&format!("{scheme}{suffix}"));
            out.push_str(&call(
                &format!("let {name} = "),
                "server::credential",
                &[variable],
                ";",
            ));
            given.push((*name).to_owned());
        }
        let setter = format!("builder.{}", setter.as_str());
        out.push_str(&call("let builder = ", &setter, &given, ";"));
    }
    out.push_str(&secrets(credentials));
    out.push_str("}\n");
    out
}

/// Returns the secrets to search for in every request.
fn secrets(credentials: &[Credential]) -> String {
    let secrets = credentials.iter().filter_map(|it| it.secret.as_deref());
    let secrets: Vec<String> = secrets.map(literal).collect();
    let list = format!("[{}]", secrets.join(", "));
    if list.len() <= 40 {
        return format!("    server::Wire::connect(builder, &{list})\n");
    }
    let mut out = "    let secrets = &[\n".to_owned();
    for secret in secrets {
        let _ = writeln!(out, "        {secret},");
    }
    out.push_str("    ];\n    server::Wire::connect(builder, secrets)\n");
    out
}
