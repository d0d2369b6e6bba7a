//! Every function that calls itself, directly or by way of others, ends: it takes a depth, or its
//! depth is bounded by something that is written down here.
//!
//! See `graph.rs` for what is seen as a call.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "body.rs"]
mod body;
#[path = "functions.rs"]
mod functions;
#[path = "graph.rs"]
mod graph;
#[path = "types.rs"]
mod types;

use functions::Function;
use graph::{circles, graph};
use types::Types;

/// Functions that take no depth, by the file they are in, with what bounds theirs.
const BOUNDED: &[(&str, &[&str], &str)] = &[
    ("lower/schema.rs", &["facets"], "x"),
    ("lower/reference.rs", &["nested_component"], "x"),
];

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

/// The functions of all sources, and what each calls.
fn sources() -> (Vec<Function>, Vec<Vec<usize>>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths.sort();
    let (mut found, mut types) = (Vec::new(), Types::default());
    for path in &paths {
        let name = path.strip_prefix(&root).expect("it is below");
        let name = name.to_string_lossy().replace('\\', "/");
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
    let entry = |at: usize| (found[at].file.as_str(), found[at].name.as_str());

    // The list names no function that calls nothing in a circle.
    let all = circles(&graph, |at| found[at].takes_depth);
    let circular: BTreeSet<(&str, &str)> = all.iter().flatten().map(|at| entry(*at)).collect();
    let stale: Vec<_> = known.difference(&circular).collect();
    assert!(stale.is_empty(), "not recursive: {stale:#?}");

    let open = circles(&graph, |at| {
        found[at].takes_depth || known.contains(&entry(at))
    });
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

#[test]
fn the_call_graph_sees_recursion() {
    let code = "
        fn direct(n: u8) { direct(n) }
        fn one(n: u8) { list.iter().map(|x| two(x)) }
        fn two(n: u8) { items.map(one) }
        fn deep(depth: usize) { deep(depth + 1) }
        fn not(n: u8) { direct }
        struct T;
        impl T {
            fn first(&self) { self.second() }
            fn second(&self) { Self::third(self) }
            fn third(&self) { let a = b.first(); }
            fn name(&self) { self.parts.name() }
            fn other(&self) { self.first() }
        }
    ";
    let file = syn::parse_file(code).expect("Rust");
    let (mut found, mut types) = (Vec::new(), Types::default());
    functions::read("a.rs", &file.items, &mut found, &mut types);
    let graph = graph(&found, &types);
    let groups = circles(&graph, |at| found[at].takes_depth);
    let names = |group: &Vec<usize>| -> Vec<&str> {
        group.iter().map(|at| found[*at].name.as_str()).collect()
    };
    let groups: Vec<Vec<&str>> = groups.iter().map(names).collect();
    let expected: [&[&str]; 4] = [
        &["direct"],
        &["one", "two"],
        &["first", "second", "third"],
        &["name"],
    ];
    assert_eq!(groups, expected);
}
