//! Every function that calls itself, directly or by way of others, ends: it takes a depth, or its
//! depth is bounded by something that is written down here.
//!
//! The call graph is made from names. A call on `self` or `Self` is one of the same type, a call by
//! a bare name is one of the same file or of the only function of that name, and a call on any other
//! value is one of the only method of that name. So a function can be listed that does not call
//! itself, and of two methods of one name neither is followed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, ImplItem, Item, Signature, TraitItem, Type};

/// Parameters that say how deep a function is already.
const DEPTHS: &[&str] = &["depth", "levels"];

/// Functions that take no depth, by the file they are in, with what bounds theirs.
const BOUNDED: &[(&str, &[&str], &str)] = &[];

#[derive(Debug)]
struct Function {
    file: String,
    /// The type whose function it is; empty for a function of a module.
    owner: String,
    name: String,
    takes_depth: bool,
    calls: Vec<Call>,
}

#[derive(Debug)]
enum Call {
    /// On `self`, or by `Self::`.
    Own(String),
    /// By `Type::`.
    Of(String, String),
    /// By a bare name, or behind the name of a module.
    Bare(String),
    /// On another value.
    Method(String),
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        if path.is_dir() {
            files(&path, found);
        } else if name.ends_with(".rs") && !name.contains("tests") {
            found.push(path);
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    let text = |attribute: &syn::Attribute| attribute.to_token_stream().to_string();
    attributes
        .iter()
        .any(|attribute| text(attribute).replace(' ', "").contains("cfg(test)"))
}

fn functions(file: &str, items: &[Item], found: &mut Vec<Function>) {
    for item in items {
        match item {
            Item::Fn(item) if !is_test(&item.attrs) => {
                let body = item.block.to_token_stream();
                found.push(function(file, "", &item.sig, body));
            }
            Item::Impl(item) if !is_test(&item.attrs) => {
                let owner = type_name(&item.self_ty);
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        let body = item.block.to_token_stream();
                        found.push(function(file, &owner, &item.sig, body));
                    }
                }
            }
            Item::Trait(item) => {
                for method in &item.items {
                    if let TraitItem::Fn(method) = method
                        && let Some(body) = &method.default
                    {
                        let owner = item.ident.to_string();
                        found.push(function(file, &owner, &method.sig, body.to_token_stream()));
                    }
                }
            }
            Item::Mod(item) if !is_test(&item.attrs) => {
                if let Some((_, items)) = &item.content {
                    functions(file, items, found);
                }
            }
            _ => {}
        }
    }
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.map_or_else(String::new, |segment| segment.ident.to_string())
        }
        Type::Reference(reference) => type_name(&reference.elem),
        _ => String::new(),
    }
}

fn function(file: &str, owner: &str, signature: &Signature, body: TokenStream) -> Function {
    let names = signature.inputs.iter().map(|input| match input {
        FnArg::Receiver(_) => "self".to_owned(),
        FnArg::Typed(typed) => typed.pat.to_token_stream().to_string(),
    });
    let names: Vec<String> = names.collect();
    let mut calls = Vec::new();
    collect(body, &mut calls);
    // A parameter can have the name of a function.
    calls.retain(|call| !matches!(call, Call::Bare(name) if names.contains(name)));
    Function {
        file: file.to_owned(),
        owner: owner.to_owned(),
        name: signature.ident.to_string(),
        takes_depth: names.iter().any(|name| DEPTHS.contains(&name.as_str())),
        calls,
    }
}

/// The calls in a piece of code: what stands before parentheses, or is a function as an argument.
fn collect(code: TokenStream, calls: &mut Vec<Call>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let ident = |at: Option<usize>| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
        _ => None,
    };
    let is_punct = |at: Option<usize>, sign: char| match at.and_then(|at| tokens.get(at)) {
        Some(TokenTree::Punct(punct)) => punct.as_char() == sign,
        _ => false,
    };
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token {
            collect(group.stream(), calls);
        }
        let Some(name) = ident(Some(at)) else {
            continue;
        };
        let back = |count: usize| at.checked_sub(count);
        let is_called = match tokens.get(at + 1) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            // A turbofish.
            Some(TokenTree::Punct(punct)) => {
                punct.as_char() == ':' && is_punct(Some(at + 2), ':') && is_punct(Some(at + 3), '<')
            }
            _ => false,
        };
        let ends = |at: usize| at >= tokens.len() || is_punct(Some(at), ',');
        let begins = at == 0 || is_punct(back(1), ',');
        let after_path = is_punct(back(1), ':') && is_punct(back(2), ':');
        if after_path && (is_called || ends(at + 1)) {
            match ident(back(3)).as_deref() {
                Some("Self") => calls.push(Call::Own(name)),
                Some(owner) if owner.starts_with(char::is_uppercase) => {
                    calls.push(Call::Of(owner.to_owned(), name));
                }
                _ => calls.push(Call::Bare(name)),
            }
        } else if is_punct(back(1), '.') && is_called {
            if ident(back(2)).as_deref() == Some("self") && !is_punct(back(3), '.') {
                calls.push(Call::Own(name));
            } else {
                calls.push(Call::Method(name));
            }
        } else if !after_path && !is_punct(back(1), '.') && (is_called || begins && ends(at + 1)) {
            calls.push(Call::Bare(name));
        }
    }
}

/// The functions that each function calls.
fn graph(functions: &[Function]) -> Vec<Vec<usize>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, function) in functions.iter().enumerate() {
        by_name.entry(&function.name).or_default().push(at);
    }
    let named = |name: &str| by_name.get(name).map_or(&[][..], Vec::as_slice);
    let stage = |file: &str| file.split('/').next().unwrap_or_default().to_owned();
    let targets = |caller: &Function, call: &Call| -> Vec<usize> {
        let of = |owner: &str, name: &str| -> Vec<usize> {
            let found = named(name).iter().copied();
            let found = found.filter(|at| functions[*at].owner == owner);
            found
                .filter(|at| stage(&functions[*at].file) == stage(&caller.file))
                .collect()
        };
        match call {
            Call::Own(name) => of(&caller.owner, name),
            Call::Of(owner, name) => of(owner, name),
            Call::Bare(name) => {
                let free: Vec<usize> = of("", name);
                let here = free.iter().copied();
                let here: Vec<usize> = here
                    .filter(|at| functions[*at].file == caller.file)
                    .collect();
                match (here.len(), free.len()) {
                    (0, 1) => free,
                    _ => here,
                }
            }
            Call::Method(name) => {
                let own = *name == caller.name;
                match named(name) {
                    [only] if !functions[*only].owner.is_empty() => vec![*only],
                    _ if own => of(&caller.owner, name),
                    _ => Vec::new(),
                }
            }
        }
    };
    functions
        .iter()
        .map(|caller| {
            let calls = caller.calls.iter();
            let called: BTreeSet<usize> = calls.flat_map(|call| targets(caller, call)).collect();
            called.into_iter().collect()
        })
        .collect()
}

/// The nodes that lead back to themselves, without those that are cut out, as groups.
fn circles(graph: &[Vec<usize>], is_cut: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let reached = |start: usize| -> HashSet<usize> {
        let mut seen = HashSet::new();
        let mut queue = vec![start];
        while let Some(at) = queue.pop() {
            for next in graph[at].iter().copied().filter(|next| !is_cut(*next)) {
                if seen.insert(next) {
                    queue.push(next);
                }
            }
        }
        seen
    };
    let nodes = (0..graph.len()).filter(|at| !is_cut(*at));
    let reached: BTreeMap<usize, HashSet<usize>> = nodes.map(|at| (at, reached(at))).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, others) in reached.iter().filter(|(at, others)| others.contains(at)) {
        let is_of =
            |group: &&mut Vec<usize>| others.contains(&group[0]) && reached[&group[0]].contains(at);
        match groups.iter_mut().find(is_of) {
            Some(group) => group.push(*at),
            None => groups.push(vec![*at]),
        }
    }
    groups
}

#[test]
fn every_recursion_is_bounded() {
    let root = sources();
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths.sort();
    let mut found = Vec::new();
    for path in &paths {
        let name = path.strip_prefix(&root).expect("it is below");
        let text = fs::read_to_string(path).expect("the file can be read");
        let file = syn::parse_file(&text).expect("Rust");
        functions(
            &name.to_string_lossy().replace('\\', "/"),
            &file.items,
            &mut found,
        );
    }
    assert!(found.len() > 1_000, "{} functions", found.len());
    let graph = graph(&found);
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
    let open: Vec<Vec<_>> = open
        .iter()
        .map(|group| group.iter().map(|at| entry(*at)).collect())
        .collect();
    assert!(open.is_empty(), "nothing bounds these: {open:#?}");
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
    let mut found = Vec::new();
    functions("a.rs", &file.items, &mut found);
    let graph = graph(&found);
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
