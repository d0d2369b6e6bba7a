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

/// The tests of the operations with one tag.
struct Group<'a> {
    /// The index of the group.
    file: usize,
    module: &'a ModuleName,
    /// The modules of the crate that the tests use.
    modules: BTreeSet<&'static str>,
    /// The items of `tests/wire.rs` that the tests use.
    shared: Vec<&'a str>,
    has_pages: bool,
    tests: String,
}

/// Adds the tests and their other files, if there are operations.
pub(super) fn add_files(context: &Context<'_>, api: &Api, files: &mut Vec<GeneratedFile<'static>>) {
    if !has_tests(context, api) {
        return;
    }
    let connect = connect_name(api);
    let mut constants = Constants::of_more_than(LONGEST);
    let groups = 0..api.groups.len();
    let groups: Vec<Group<'_>> = groups
        .filter_map(|file| group(context, api, file, &connect, &mut constants))
        .collect();
    let any_pages = groups.iter().any(|group| group.has_pages);
    let lines: usize = groups.iter().map(|group| group.tests.lines().count()).sum();
    let mut root = DOC.to_owned();
    if any_pages {
        root.push_str("#[path = \"server/pages.rs\"]\nmod pages;\n");
    }
    root.push_str("mod server;\n\n");
    let _ = writeln!(root, "use ::{} as api;", context.krate);
    if lines > MOST_LINES && groups.len() > 1 {
        root.push_str(&credentials::connect(&context.tests.wire, &connect));
        root.push_str("\n/// The operations by their tags.\nmod wire {\n");
        add_group_files(api, groups, &constants, &mut root, files);
        root.push_str("}\n");
    } else {
        let modules = groups.iter().flat_map(|group| &group.modules);
        let modules = modules.copied();
        root.push_str(&uses("api", &modules.collect()));
        root.push_str(&credentials::connect(&context.tests.wire, &connect));
        for group in groups {
            root.push_str(&group.tests);
        }
        root.push_str(&constants.all_definitions(("wire", "wire/"), files));
    }
    files.push(text("tests/wire.rs", root));
    files.push(text("tests/server/mod.rs", SERVER.to_owned()));
    if any_pages {
        files.push(text("tests/server/pages.rs", PAGES.to_owned()));
    }
}

/// Returns the tests of a group of operations, if there are any.
fn group<'a>(
    context: &Context<'_>,
    api: &'a Api,
    file: usize,
    connect: &'a str,
    constants: &mut Constants,
) -> Option<Group<'a>> {
    let group = api.groups.get(file)?;
    let mut tests = String::new();
    let mut modules = BTreeSet::new();
    let mut has_pages = false;
    for operation in &group.operations {
        let mut writer = Writer {
            context,
            operation,
            connect,
            constants,
            file,
            modules: &mut modules,
            has_pages: &mut has_pages,
            out: &mut tests,
            last_body: None,
        };
        writer.operation();
    }
    let mut operations = group.operations.iter();
    let is_tested = operations.any(|operation| is_tested(context, operation));
    let shared = match (is_tested, has_pages) {
        (false, _) => vec![],
        (true, false) => vec![connect, "server"],
        (true, true) => vec![connect, "pages", "server"],
    };
    (!tests.is_empty()).then_some(Group {
        file,
        module: &group.module,
        modules,
        shared,
        has_pages,
        tests,
    })
}

/// Adds a file for each group, and its declaration to the root.
fn add_group_files(
    api: &Api,
    mut groups: Vec<Group<'_>>,
    constants: &Constants,
    root: &mut String,
    files: &mut Vec<GeneratedFile<'static>>,
) {
    // Cargo would treat `main.rs` as another test.
    let mut stems = HashSet::from(["main".to_owned()]);
    groups.sort_by_key(|group| plain(group.module.as_str()));
    for group in groups {
        let name = plain(group.module.as_str());
        let stem = file_stem(name, &mut stems);
        root.push_str(&declaration(group.module, &stem));
        let mut out = uses("crate::api", &group.modules);
        if !group.shared.is_empty() {
            let _ = writeln!(out, "use crate::{{{}}};", group.shared.join(", "));
        }
        let imports = constants.imports(group.file).filter_map(|(from, name)| {
            let module = &api.groups.get(from)?.module;
            Some(format!("use super::{}::{name};\n", module.as_str()))
        });
        out.extend(imports.collect::<BTreeSet<_>>());
        out.push_str(&group.tests);
        out.push_str(&constants.definitions(group.file, ("wire", ""), files));
        files.push(text(&format!("tests/wire/{stem}.rs"), out));
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
