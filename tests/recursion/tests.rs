//! Every recursive function, direct or indirect, ends before the stack overflows: it compares a
//! depth parameter, or `bounded.rs` documents the limit on its depth.
//!
//! See `graph.rs` for the definition of a call.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "body.rs"]
mod body;
#[path = "bounded.rs"]
mod bounded;
#[path = "functions.rs"]
mod functions;
#[path = "graph.rs"]
mod graph;
#[path = "../parallel/mod.rs"]
mod parallel;
#[path = "types.rs"]
mod types;

use bounded::BOUNDED;
use functions::Function;
use graph::{circles, graph};
use types::Types;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if name.contains("tests") {
            continue;
        }
        if path.is_dir() {
            files(&path, found);
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
}

/// Returns the functions of all sources, with their calls.
fn sources() -> (Vec<Function>, Vec<Vec<usize>>) {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut found, mut types) = (Vec::new(), Types::default());
    let mut paths = Vec::new();
    for folder in ["src", "runtime/src"] {
        files(&package.join(folder), &mut paths);
    }
    paths.sort();
    for path in &paths {
        let name = path.strip_prefix(package).expect("it is below");
        let name = name.to_string_lossy().replace('\\', "/");
        // `src/ir.rs` is listed as `ir.rs`, and `runtime/src/url.rs` as `runtime/url.rs`.
        let name = name.replacen("src/", "", 1);
        let text = fs::read_to_string(path).expect("the file can be read");
        let file = syn::parse_file(&text).expect("Rust");
        functions::read(&name, &file.items, &mut found, &mut types);
    }
    let graph = graph(&found, &types);
    (found, graph)
}

#[test]
fn every_recursion_is_bounded() {
    let (found, graph) = sources();
    assert!(found.len() > 1_000, "{} functions", found.len());
    let known: BTreeSet<(&str, &str)> = BOUNDED
        .iter()
        .flat_map(|(file, names, _)| names.iter().map(|name| (*file, *name)))
        .collect();
    let entries = found.iter();
    let entries = entries.map(|function| (function.file.as_str(), function.name.as_str()));
    let entries: Vec<(&str, &str)> = entries.collect();
    let entry = |at: usize| entries[at];
    let checks_depth: Vec<bool> = found.iter().map(|function| function.checks_depth).collect();

    // The list contains no function that is not on a cycle.
    let all = circles(&graph, |at| checks_depth[at]);
    let circular: BTreeSet<(&str, &str)> = all.iter().flatten().map(|at| entry(*at)).collect();
    let stale: Vec<_> = known.difference(&circular).collect();
    assert!(stale.is_empty(), "not recursive: {stale:#?}");

    // The list contains no function whose cycles are all cut by others.
    let without = |left_out: Option<(&str, &str)>| {
        circles(&graph, |at| {
            let is_listed = known.contains(&entry(at)) && Some(entry(at)) != left_out;
            checks_depth[at] || is_listed
        })
    };
    let known: Vec<_> = known.iter().copied().collect();
    let needless = parallel::map(&known, |one| {
        let open = without(Some(*one));
        let is_needed = open.iter().flatten().any(|at| entry(*at) == *one);
        (!is_needed).then_some(*one)
    });
    let needless: Vec<_> = needless.into_iter().flatten().collect();
    assert!(needless.is_empty(), "others end these: {needless:#?}");

    let open = without(None);
    let name = |at: &usize| {
        let function = &found[*at];
        format!("{} {}::{}", function.file, function.owner, function.name)
    };
    let open = open
        .iter()
        .map(|group| group.iter().map(name).collect::<Vec<_>>().join("\n  "));
    let open = open.collect::<Vec<_>>().join("\n");
    assert!(open.is_empty(), "nothing bounds these:\n{open}");
}

/// Returns the recursive functions of these files.
fn recursive(files: &[(&str, &str)]) -> Vec<String> {
    let (mut found, mut types) = (Vec::new(), Types::default());
    for (name, code) in files {
        let file = syn::parse_file(code).expect("Rust");
        functions::read(name, &file.items, &mut found, &mut types);
    }
    let graph = graph(&found, &types);
    let groups = circles(&graph, |at| found[at].checks_depth).into_iter();
    let names = groups.map(|group| {
        let names = group.iter().map(|at| found[*at].name.as_str());
        names.collect::<Vec<_>>().join(" ")
    });
    names.collect()
}

#[test]
fn the_call_graph_sees_recursion() {
    let found = |code| recursive(&[("stage/a.rs", code)]).join(", ");
    assert_eq!(found("fn direct(n: u8) { direct(n) }"), "direct");
    assert_eq!(
        found("fn one(n: u8) { l.iter().map(|x| two(x)); } fn two(n: u8) { l.map(one) }"),
        "one two"
    );
    assert_eq!(
        found("fn f() { assert!(a && matches!(f(), Some(_))) }"),
        "f"
    );
    assert_eq!(found("fn f() { fn g() { g() } g() }"), "g");
    assert_eq!(found("fn f(depth: u8) { f(depth + 1) }"), "f");
    let list = "
        struct Tree { children: Vec<Box<Tree>>, name: String }
        impl Tree {
            fn first(&self) { self.second() }
            fn second(&self) { Self::third(self) }
            fn third(&self) { let a = self; a.first(); }
            fn walk(&self) { for child in &self.children { child.walk() } }
            fn len(&self) { self.children.iter().map(|child| child.len()).sum() }
            fn get(&self) { if let Some(child) = self.children.first() { child.get() } }
            fn any(&self) { self.children.iter().any(Self::any) }
            fn iter(&self) { other(|child| child.iter()) }
        }
        enum Node { Leaf(u8), Pair(Box<Node>, u8), Deep { inner: Box<Node> } }
        impl Node {
            fn one(&self) { match self { Self::Pair(one, _) => one.one(), _ => {} } }
            fn hash(&self) { match self { Node::Deep { inner } => inner.hash(), _ => {} } }
        }
        fn free(node: &Node) { free_too(node) }
        fn free_too(node: &Node) { node.to_free() }
        impl Node { fn to_free(&self) { free(self) } }
    ";
    let expected =
        "first second third, walk, len, get, any, iter, one, hash, free free_too to_free";
    assert_eq!(found(list), expected);
    let traits = "
        trait Visit { fn visit(&self); fn all(&self) { self.visit() } }
        impl Visit for A { fn visit(&self) { self.all() } }
        impl<T: Visit> Visit for Vec<T> { fn visit(&self) { self[0].visit() } }
        fn walk<T: Visit>(of: &T) { of.visit() }
        impl Visit for B { fn visit(&self) { walk(self) } }
    ";
    assert_eq!(found(traits), "all visit walk visit, visit");
    let files = [
        ("stage/a.rs", "use super::b::there; fn here() { there() }"),
        ("stage/b.rs", "pub fn there() { super::here() }"),
        ("stage/c.rs", "pub fn read() { d::read() }"),
        ("stage/d.rs", "pub fn read() { super::c::read() }"),
    ];
    assert_eq!(recursive(&files), ["here there", "read read"]);
}

#[test]
fn the_call_graph_distinguishes_names() {
    let found = |code| recursive(&[("stage/a.rs", code)]).join(", ");
    for code in [
        "fn f(n: u8) { quote!(f()) }",
        "fn f(f: u8) { g(f) }",
        "fn f(n: u8) { let f = 1; g(f) }",
        "fn f(depth: u8) { if depth < 9 { f(depth + 1) } }",
        "struct T(Vec<T>); impl T { fn len(&self) { self.0.len() } }",
        "struct T(Vec<u8>); impl T { fn push(&self) { self.0.push() } }",
        "struct A(B); impl A { fn name(&self) { self.0.name() } } impl B { fn name(&self) {} }",
        "struct A; impl A { fn find(&self) { text(|x| x.find()) } }",
        "impl E { fn source(&self) { std::error::E::source(self) } }",
        "impl A { fn new() { B::new() } } impl B { fn new() {} }",
        "#[cfg(test)] fn f() { f() }",
    ] {
        assert_eq!(found(code), "", "{code}");
    }
    let files = [
        ("stage/a.rs", "fn read() { b::read() }"),
        ("stage/b.rs", "fn read() {}"),
        ("other/a.rs", "fn f() { g() }"),
        ("stage/c.rs", "fn g() { f() }"),
    ];
    assert_eq!(recursive(&files), [""; 0]);
}
