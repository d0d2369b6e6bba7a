//! `tests/wire.rs`: sends each operation to a server that checks requests against the document.

mod credentials;
mod expression;
mod test;

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;

use super::json::Constants;
use crate::emit::context::Context;
use crate::emit::dependencies::Dependency;
use crate::emit::generated_file::{GeneratedFile, text};
use crate::emit::scope::plain;
use crate::ident::ModuleName;
use crate::ir::{Api, Operation};
use crate::plan::file_stem;
use expression::literal;
use test::Writer;

/// The server, which is not generated.
const SERVER: &str = include_str!("../../proof/templates/server.rs");

/// The helpers of tests with pages, which are not generated.
const PAGES: &str = include_str!("../../proof/templates/pages.rs");

/// The maximum length of inline JSON; longer JSON is a constant.
const LONGEST: usize = 84;

/// The maximum number of lines before the tests are split into a file for each tag.
const MOST_LINES: usize = 600;

const DOC: &str = "\
//! Calls each operation against a server in the test process. The request has to match the document
//! byte by byte, and each documented response is decoded.
//!
//! If `BASE_URL` is set, the calls go to that server instead, and its responses have to match the
//! document. Credentials are then taken from the environment.
//!
//! With the feature `blocking`, the same calls block the thread.

#![cfg(any(feature = \"blocking\", feature = \"reqwest\"))]

";

/// Adds the tests and their other files, if there are operations.
pub(super) fn add_files(context: &Context<'_>, api: &Api, files: &mut Vec<GeneratedFile<'static>>) {
    if !has_tests(context, api) {
        return;
    }
    let connect = connect_name(api);
    let mut constants = Constants::of_more_than(LONGEST);
    let mut groups = Vec::new();
    let mut any_pages = false;
    for (file, group) in api.groups.iter().enumerate() {
        let mut out = String::new();
        let mut modules = BTreeSet::new();
        let mut has_pages = false;
        for operation in &group.operations {
            let mut writer = Writer {
                context,
                operation,
                connect: &connect,
                constants: &mut constants,
                file,
                modules: &mut modules,
                has_pages: &mut has_pages,
                out: &mut out,
                last_body: None,
            };
            writer.operation();
        }
        if !out.is_empty() {
            let mut shared = vec![connect.as_str(), "server"];
            if has_pages {
                shared.insert(1, "pages");
            }
            let tested = group
                .operations
                .iter()
                .any(|operation| is_tested(context, operation));
            let shared = if tested { shared } else { Vec::new() };
            groups.push((file, &group.module, modules, shared, out));
        }
        any_pages |= has_pages;
    }
    let lines: usize = groups.iter().map(|(.., tests)| tests.lines().count()).sum();
    let mut root = DOC.to_owned();
    if any_pages {
        root.push_str("#[path = \"server/pages.rs\"]\nmod pages;\n");
    }
    root.push_str("mod server;\n\n");
    let _ = writeln!(root, "use ::{} as api;", context.krate);
    if lines > MOST_LINES && groups.len() > 1 {
        root.push_str(&credentials::connect(&context.tests.wire, &connect));
        root.push_str("\n/// The operations by their tags.\nmod wire {\n");
        // Cargo would treat `main.rs` as another test.
        let mut stems = HashSet::from(["main".to_owned()]);
        groups.sort_by_key(|(_, module, ..)| plain(module.as_str()));
        for (file, module, modules, shared, tests) in groups {
            let name = plain(module.as_str());
            let stem = file_stem(name, &mut stems);
            root.push_str(&declaration(module, &stem));
            let mut out = uses("crate::api", &modules);
            if !shared.is_empty() {
                let _ = writeln!(out, "use crate::{{{}}};", shared.join(", "));
            }
            let imports = constants.imports(file).filter_map(|(from, name)| {
                let module = &api.groups.get(from)?.module;
                Some(format!("use super::{}::{name};\n", module.as_str()))
            });
            out.extend(imports.collect::<BTreeSet<_>>());
            out.push_str(&tests);
            out.push_str(&constants.definitions(file, ("wire", ""), files));
            files.push(text(&format!("tests/wire/{stem}.rs"), out));
        }
        root.push_str("}\n");
    } else {
        let modules = groups.iter().flat_map(|(_, _, modules, ..)| modules);
        let modules = modules.copied();
        root.push_str(&uses("api", &modules.collect()));
        root.push_str(&credentials::connect(&context.tests.wire, &connect));
        for (.., tests) in groups {
            root.push_str(&tests);
        }
        root.push_str(&constants.all_definitions(("wire", "wire/"), files));
    }
    files.push(text("tests/wire.rs", root));
    files.push(text("tests/server/mod.rs", SERVER.to_owned()));
    if any_pages {
        files.push(text("tests/server/pages.rs", PAGES.to_owned()));
    }
}

fn has_tests(context: &Context<'_>, api: &Api) -> bool {
    let mut operations = api.groups.iter().flat_map(|group| &group.operations);
    operations.any(|operation| is_tested(context, operation))
}

fn is_tested(context: &Context<'_>, operation: &Operation) -> bool {
    let tests = context.tests_of(operation);
    let tests = tests.map(|planned| planned.tests.as_deref().unwrap_or_default());
    tests.is_some_and(|tests| !tests.is_empty())
}

fn declaration(module: &ModuleName, stem: &str) -> String {
    let path = if plain(module.as_str()) == stem {
        String::new()
    } else {
        format!("    #[path = {}]\n", literal(&format!("{stem}.rs")))
    };
    format!("{path}    mod {};\n", module.as_str())
}

/// Returns the `use` line for the modules that tests use.
fn uses(krate: &str, modules: &BTreeSet<&'static str>) -> String {
    let modules: Vec<&str> = modules.iter().copied().collect();
    match modules.as_slice() {
        [] => String::new(),
        [only] => format!("use {krate}::{only};\n"),
        several => format!("use {krate}::{{{}}};\n", several.join(", ")),
    }
}

/// Returns the additional dependencies of the tests.
pub(super) fn dev_dependencies(context: &Context<'_>, api: &Api) -> Vec<Dependency> {
    if !has_tests(context, api) {
        return Vec::new();
    }
    vec![Dependency {
        name: "tokio".to_owned(),
        version: "1".to_owned(),
        features: vec!["macros".to_owned(), "rt".to_owned()],
        default_features: true,
        optional: false,
    }]
}

/// Returns a name for the connecting function that no operation has.
fn connect_name(api: &Api) -> String {
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let taken: HashSet<&str> = operations.map(|it| it.method_name.as_str()).collect();
    let mut name = "connect".to_owned();
    while taken.contains(name.as_str()) {
        name.push('_');
    }
    name
}
