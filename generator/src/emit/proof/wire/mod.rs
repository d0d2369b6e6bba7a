//! `tests/wire.rs`: each operation against a server that knows the document.

mod credentials;
mod expression;
mod test;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;

use super::json::{visible, within};
use super::names::file_stem;
use crate::emit::scope::plain;
use crate::emit::{Contents, Context, Dependency, GeneratedFile, layout, text};
use crate::ident::ModuleName;
use crate::ir::{Api, Operation};
use expression::literal;
use test::Writer;

/// The hand-written part: the server.
const SERVER: &str = include_str!("../../../proof/server.rs");

/// Tests of more lines than this are a file for each tag.
const MOST_LINES: usize = 600;

const DOC: &str = "\
//! Each operation against a server in the test's own process: the request is what the document
//! says, byte by byte, and each documented response is read as what it is.
//!
//! With `BASE_URL` set, the calls go to that server instead, and have to be answered as the
//! document says. Credentials are then taken from the environment.

#![cfg(feature = \"reqwest\")]

mod server;

";

/// Adds the tests and what stands beside them; nothing where there is no operation.
pub(super) fn add_files(context: &Context<'_>, api: &Api, files: &mut Vec<GeneratedFile<'static>>) {
    if !has_tests(api) {
        return;
    }
    let connect = connect_name(api);
    let mut examples = Examples::beside(files);
    let mut groups = Vec::new();
    for group in &api.groups {
        let mut out = String::new();
        let mut modules = BTreeSet::new();
        for operation in &group.operations {
            let mut writer = Writer {
                context,
                operation,
                connect: &connect,
                examples: &mut examples,
                modules: &mut modules,
                out: &mut out,
                last_body: None,
            };
            writer.operation();
        }
        if !out.is_empty() {
            let tested = group.operations.iter().any(is_tested);
            groups.push((&group.module, modules, tested, out));
        }
    }
    let lines: usize = groups.iter().map(|(.., tests)| tests.lines().count()).sum();
    let mut root = DOC.to_owned();
    let _ = writeln!(root, "use ::{} as api;", context.krate);
    if lines > MOST_LINES && groups.len() > 1 {
        root.push_str(&credentials::connect(&api.wire, &connect));
        root.push_str("\n/// The operations by their tags.\nmod wire {\n");
        // Cargo takes a `main.rs` for another test.
        let mut stems = HashSet::from(["main".to_owned()]);
        groups.sort_by_key(|(module, ..)| plain(module.as_str()));
        for (module, modules, tested, tests) in groups {
            let name = plain(module.as_str());
            let stem = layout::file_stem(name, &mut stems);
            root.push_str(&declaration(module, &stem));
            let mut file = uses("crate::api", &modules);
            if tested {
                let _ = writeln!(file, "use crate::{{{connect}, server}};");
            }
            file.push_str(&tests.replace(EXAMPLES, "../examples/"));
            files.push(text(&format!("tests/wire/{stem}.rs"), file));
        }
        root.push_str("}\n");
    } else {
        let modules = groups.iter().flat_map(|(_, modules, ..)| modules).copied();
        root.push_str(&uses("api", &modules.collect()));
        root.push_str(&credentials::connect(&api.wire, &connect));
        for (.., tests) in groups {
            root.push_str(&tests.replace(EXAMPLES, "examples/"));
        }
    }
    files.push(text("tests/wire.rs", root));
    files.push(text("tests/server/mod.rs", SERVER.to_owned()));
    files.extend(examples.new);
}

fn has_tests(api: &Api) -> bool {
    let mut operations = api.groups.iter().flat_map(|group| &group.operations);
    operations.any(is_tested)
}

fn is_tested(operation: &Operation) -> bool {
    let tests = operation.tests.as_ref();
    tests.is_ok_and(|tests| !tests.is_empty())
}

fn declaration(module: &ModuleName, stem: &str) -> String {
    let path = if plain(module.as_str()) == stem {
        String::new()
    } else {
        format!("    #[path = {}]\n", literal(&format!("{stem}.rs")))
    };
    format!("{path}    mod {};\n", module.as_str())
}

/// The `use` line of the modules that tests name.
fn uses(krate: &str, modules: &BTreeSet<&'static str>) -> String {
    let modules: Vec<&str> = modules.iter().copied().collect();
    match modules.as_slice() {
        [] => String::new(),
        [only] => format!("use {krate}::{only};\n"),
        several => format!("use {krate}::{{{}}};\n", several.join(", ")),
    }
}

/// What the tests need beside what the crate does.
pub(super) fn dev_dependencies(api: &Api) -> Vec<Dependency> {
    if !has_tests(api) {
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

/// A name for the function that connects: an operation may have it.
fn connect_name(api: &Api) -> String {
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let taken: HashSet<&str> = operations.map(|it| it.method_name.as_str()).collect();
    let mut name = "connect".to_owned();
    while taken.contains(name.as_str()) {
        name.push('_');
    }
    name
}

/// Stands for the way to the examples until it is known in which file a test is.
const EXAMPLES: &str = "\u{0}";

/// The files of long JSON, each text once.
struct Examples {
    /// The name of each text's file.
    names: HashMap<String, String>,
    taken: HashSet<String>,
    new: Vec<GeneratedFile<'static>>,
}

impl Examples {
    /// Those that are there already are used, too.
    fn beside(files: &[GeneratedFile<'_>]) -> Self {
        let mut examples = Self {
            names: HashMap::new(),
            taken: HashSet::new(),
            new: Vec::new(),
        };
        for GeneratedFile { path, contents } in files {
            let stem = path
                .file_stem()
                .map(|stem| stem.to_string_lossy().into_owned());
            if let (Some(stem), Contents::Text(text)) = (stem, contents)
                && path.parent() == Some(Path::new("tests/examples"))
            {
                examples.taken.insert(stem.clone());
                examples.names.insert(text.clone(), stem);
            }
        }
        examples
    }

    /// The expression for the text of a value; a long one stands in a file for this place.
    fn literal(&mut self, json: &Json, group: &str, at: &str) -> String {
        if let Some(literal) = within(json, LONGEST) {
            return literal;
        }
        let pretty = serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string());
        let pretty = visible(&pretty) + "\n";
        let stem = if let Some(stem) = self.names.get(&pretty) {
            stem.clone()
        } else {
            let stem = file_stem(group, at, &mut self.taken);
            let path = format!("tests/examples/{stem}.json");
            self.new.push(text(&path, pretty.clone()));
            self.names.insert(pretty, stem.clone());
            stem
        };
        format!("include_str!(\"{EXAMPLES}{stem}.json\")")
    }
}

/// JSON of more characters than this does not stand in the source.
const LONGEST: usize = 84;
