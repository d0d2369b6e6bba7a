//! Which function calls which, as far as names and declared types tell.
//!
//! Calls are followed within a stage, for no stage uses a later one. A call is one of:
//!
//! - `f()`: the function of the same file, else those that the stage has elsewhere.
//!   `module::f()` is one of that module.
//! - `Type::f()`, `Self::f()`: the function of the type. Of a trait, it is that of all that have
//!   the trait, and so it is of a type parameter with this trait.
//! - `x.f()`, where the type of `x` is known (see `types.rs` and `body.rs`): the method of each type
//!   that the declaration names.
//!   A `Vec`, an `Option` and the like have methods such as `len` themselves.
//! - `x.f()` of any other `x`: every method of that name. Where std has one too (see [`STD`]), it is
//!   the one of the caller's own type, and only where that type contains itself.
//!
//! A function that is an argument is called, and a closure is a part of the function around it.
//! Not seen: what `derive`, `quote!` and `macro_rules!` write, and what other crates call by way of
//! their traits, such as serde.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::body;
use crate::functions::Function;
use crate::types::{Names, Types};

/// What a path begins with that leads out of the crate.
const CRATES: &[&str] = &["alloc", "core", "serde", "serde_json", "std"];

/// Types that have methods of these names themselves, whatever is in them.
const CONTAINERS: &[&str] = &[
    "BTreeMap", "BTreeSet", "Cell", "Cow", "HashMap", "HashSet", "IndexMap", "IndexSet", "Map",
    "Mutex", "Option", "OnceCell", "RefCell", "Result", "String", "Vec", "VecDeque",
];

/// Methods that std, serde and others have as well: on a value of an unknown type it is mostly one
/// of theirs.
const STD: &[&str] = &[
    "and_then",
    "any",
    "as_str",
    "borrow",
    "clone",
    "cmp",
    "contains",
    "contains_key",
    "eq",
    "extend",
    "find",
    "finish",
    "first",
    "first_mut",
    "fmt",
    "get",
    "get_mut",
    "hash",
    "insert",
    "into_iter",
    "is_empty",
    "iter",
    "iter_mut",
    "join",
    "keys",
    "kind",
    "last",
    "last_mut",
    "len",
    "lock",
    "map",
    "method",
    "next",
    "nth",
    "parse",
    "pop",
    "push",
    "push_str",
    "remove",
    "replace",
    "serialize",
    "size_hint",
    "source",
    "take",
    "to_string",
    "values",
    "values_mut",
    "write",
];

/// The functions of all stages, by what a call can say of them.
pub(crate) struct Index<'a> {
    functions: &'a [Function],
    by_name: HashMap<&'a str, Vec<usize>>,
    pub(crate) types: &'a Types,
}

impl Index<'_> {
    /// The functions of that name in the stage of the caller.
    fn named(&self, caller: &Function, name: &str) -> Vec<usize> {
        let all = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let of_stage = |at: &&usize| stage(&self.functions[**at].file) == stage(&caller.file);
        all.iter().filter(of_stage).copied().collect()
    }

    /// Those of a type or a trait; of two types of one name, that of the same file.
    fn of(&self, caller: &Function, owner: &str, name: &str) -> Vec<usize> {
        let named = self.named(caller, name);
        let is_trait = self.types.is_trait(owner);
        let is_of = |at: &usize| {
            let function = &self.functions[*at];
            function.owner == owner || is_trait && function.of_trait.as_deref() == Some(owner)
        };
        let found: Vec<usize> = named.iter().copied().filter(is_of).collect();
        if is_trait {
            return found;
        }
        if !found.is_empty() {
            return self.same_file_first(caller, found);
        }
        // The function may be one that a trait of the type has for all.
        let traits = self.functions.iter().filter(|other| other.owner == owner);
        let traits: BTreeSet<&str> = traits.filter_map(|one| one.of_trait.as_deref()).collect();
        let is_default = |at: &usize| {
            let function = &self.functions[*at];
            let is_of_trait = function.of_trait.as_ref() == Some(&function.owner);
            is_of_trait && traits.contains(function.owner.as_str())
        };
        named.into_iter().filter(is_default).collect()
    }

    fn same_file_first(&self, caller: &Function, found: Vec<usize>) -> Vec<usize> {
        let is_here = |at: &usize| self.functions[*at].file == caller.file;
        let here: Vec<usize> = found.iter().copied().filter(is_here).collect();
        if here.is_empty() { found } else { here }
    }

    /// What a path means that is called, or is an argument.
    pub(crate) fn path(&self, caller: &Function, path: &syn::Path) -> Vec<usize> {
        let mut path: Vec<String> = path
            .segments
            .iter()
            .map(|one| one.ident.to_string())
            .collect();
        let of_std = path
            .first()
            .is_some_and(|first| CRATES.contains(&first.as_str()));
        let Some(name) = path.pop().filter(|_| !of_std) else {
            return Vec::new();
        };
        match path.last().map(String::as_str) {
            Some("Self") => self.of(caller, &caller.owner, &name),
            Some(owner) if owner.starts_with(char::is_uppercase) => {
                let owners = caller.bounds.get(owner).cloned();
                let owners = owners.unwrap_or_else(|| self.types.expanded(owner));
                self.of_types(caller, &owners, &name)
            }
            module => self.free(caller, module, &name),
        }
    }

    /// Those that belong to no type.
    fn free(&self, caller: &Function, module: Option<&str>, name: &str) -> Vec<usize> {
        let mut free = self.named(caller, name);
        free.retain(|at| self.functions[*at].owner.is_empty());
        match module {
            None | Some("self") => self.same_file_first(caller, free),
            Some("super" | "crate") => free,
            Some(module) => {
                free.retain(|at| is_module(&self.functions[*at].file, module));
                free
            }
        }
    }

    /// The methods of a value of these types, or of one whose type is not known.
    pub(crate) fn methods(
        &self,
        caller: &Function,
        types: Option<&Names>,
        name: &str,
    ) -> Vec<usize> {
        let is_std = STD.contains(&name);
        match types {
            Some(types) if is_std && types.iter().any(|name| is_container(name)) => Vec::new(),
            Some(types) => self.of_types(caller, types, name),
            None if !is_std => {
                let mut methods = self.named(caller, name);
                methods.retain(|at| self.functions[*at].takes_self);
                methods
            }
            None if self.types.contains_itself(&caller.owner, &caller.file) => {
                self.of(caller, &caller.owner, name)
            }
            None => Vec::new(),
        }
    }

    fn of_types(&self, caller: &Function, types: &Names, name: &str) -> Vec<usize> {
        let types = types.iter().flat_map(|one| self.types.expanded(one));
        types
            .flat_map(|owner| self.of(caller, &owner, name))
            .collect()
    }

    /// The types of what these functions return.
    pub(crate) fn returns(&self, functions: &[usize]) -> Names {
        let returns = functions.iter().flat_map(|at| &self.functions[*at].returns);
        returns.cloned().collect()
    }
}

/// Returns the types of each of what is in a value of these types.
pub(crate) fn inner(types: &Names) -> Names {
    let inner = types.iter().filter(|name| !is_container(name));
    inner.cloned().collect()
}

/// Returns the types of what may be in a value of these types.
pub(crate) fn some(types: &Names) -> Names {
    let some = types
        .iter()
        .filter(|name| !matches!(name.as_str(), "Option" | "Result"));
    some.cloned().collect()
}

fn is_container(name: &str) -> bool {
    CONTAINERS.contains(&name)
}

/// The folder or the file right below the sources.
fn stage(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or_default();
    first.strip_suffix(".rs").unwrap_or(first)
}

/// Whether the file is that of a module of this name.
fn is_module(file: &str, module: &str) -> bool {
    let path = file.strip_suffix(".rs").unwrap_or(file);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    path.rsplit('/').next() == Some(module)
}

/// The functions that each function calls.
pub(crate) fn graph(functions: &[Function], types: &Types) -> Vec<Vec<usize>> {
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, function) in functions.iter().enumerate() {
        by_name.entry(&function.name).or_default().push(at);
    }
    let index = Index {
        functions,
        by_name,
        types,
    };
    let called = functions.iter().map(|caller| body::calls(&index, caller));
    called.map(|called| called.into_iter().collect()).collect()
}

/// The nodes that lead back to themselves, without those that are cut out, as groups.
pub(crate) fn circles(graph: &[Vec<usize>], is_cut: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut is_left: Vec<bool> = (0..graph.len()).map(|at| !is_cut(at)).collect();
    // What leads to nothing is in no circle.
    loop {
        let leads_on = |at: usize| graph[at].iter().any(|next| is_left[*next]);
        let ends: Vec<usize> = (0..graph.len())
            .filter(|at| is_left[*at] && !leads_on(*at))
            .collect();
        if ends.is_empty() {
            break;
        }
        for at in ends {
            is_left[at] = false;
        }
    }
    let reached = |start: usize| -> HashSet<usize> {
        let mut seen = HashSet::new();
        let mut queue = vec![start];
        while let Some(at) = queue.pop() {
            for next in graph[at].iter().copied().filter(|next| is_left[*next]) {
                if seen.insert(next) {
                    queue.push(next);
                }
            }
        }
        seen
    };
    let nodes = (0..graph.len()).filter(|at| is_left[*at]);
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
