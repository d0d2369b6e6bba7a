//! Enumerates the graphs of schemas. No two of them differ only in the names of their schemas.

use serde_json::{Value, json};

/// The form of a schema. Each number is the index of another schema or of the schema itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `$ref`
    Reference(usize),
    /// `allOf` of one
    Wrapper(usize),
    /// `allOf` with properties beside the other schema
    Extension(usize),
    /// `allOf` of two
    Both(usize, usize),
    /// `oneOf` with a string
    OrText(usize),
    /// `oneOf` of one with a discriminator
    Tagged(usize),
    /// `oneOf` of two
    OneOf(usize, usize),
    /// `anyOf` of two, beside properties
    AnyOfBeside(usize, usize),
    /// `oneOf` of two with a discriminator, beside the tag
    Parent(usize, usize),
    /// `oneOf` beside properties, with an inline schema
    Beside(usize),
    /// An array
    List(usize),
    /// `additionalProperties`
    Map(usize),
    /// A required property
    Property(usize),
    /// A discriminator without branches; extensions of the schema are its branches
    Base,
    /// A discriminator without branches or properties
    BareBase,
    /// An object without references
    Object,
    /// A string
    Text,
}

use Form::{
    AnyOfBeside, BareBase, Base, Beside, Both, Extension, List, Map, Object, OneOf, OrText, Parent,
    Property, Reference, Tagged, Text, Wrapper,
};

impl Form {
    fn targets(self) -> Vec<usize> {
        match self {
            Reference(a) | Wrapper(a) | Extension(a) | OrText(a) | Tagged(a) | Beside(a)
            | List(a) | Map(a) | Property(a) => vec![a],
            Both(a, b) | OneOf(a, b) | AnyOfBeside(a, b) | Parent(a, b) => vec![a, b],
            Base | BareBase | Object | Text => Vec::new(),
        }
    }

    /// Returns the schemas in its `allOf`, or the target of its reference.
    fn all_of(self) -> Vec<usize> {
        match self {
            Reference(_) | Wrapper(_) | Extension(_) | Both(_, _) => self.targets(),
            _ => Vec::new(),
        }
    }

    /// Returns its alternatives, or the target of its reference.
    fn unions(self) -> Vec<usize> {
        match self {
            Reference(_)
            | OrText(_)
            | Tagged(_)
            | Beside(_)
            | OneOf(_, _)
            | AnyOfBeside(_, _)
            | Parent(_, _) => self.targets(),
            _ => Vec::new(),
        }
    }

    /// Returns the form with other indexes; those of an unordered pair are sorted.
    fn renamed(self, names: &[usize]) -> Self {
        let pair = |make: fn(usize, usize) -> Self, a: usize, b: usize| {
            let (a, b) = (names[a], names[b]);
            make(a.min(b), a.max(b))
        };
        match self {
            Reference(a) => Reference(names[a]),
            Wrapper(a) => Wrapper(names[a]),
            Extension(a) => Extension(names[a]),
            Both(a, b) => pair(Both, a, b),
            OrText(a) => OrText(names[a]),
            Tagged(a) => Tagged(names[a]),
            OneOf(a, b) => pair(OneOf, a, b),
            AnyOfBeside(a, b) => pair(AnyOfBeside, a, b),
            Parent(a, b) => pair(Parent, a, b),
            Beside(a) => Beside(names[a]),
            List(a) => List(names[a]),
            Map(a) => Map(names[a]),
            Property(a) => Property(names[a]),
            leaf @ (Base | BareBase | Object | Text) => leaf,
        }
    }

    fn schema(self, own: usize, prefix: &str) -> Value {
        let to =
            |number: usize| json!({ "$ref": format!("#/components/schemas/{prefix}S{number}") });
        let object = |name: &str| {
            let name = format!("{name}{own}");
            json!({ "type": "object", "properties": { name: { "type": "string" } } })
        };
        let tag = json!({ "propertyName": "k" });
        match self {
            Reference(a) => to(a),
            Wrapper(a) => json!({ "allOf": [to(a)] }),
            Extension(a) => json!({ "allOf": [to(a), object("p")] }),
            Both(a, b) => json!({ "allOf": [to(a), to(b)] }),
            OrText(a) => json!({ "oneOf": [to(a), { "type": "string" }] }),
            Tagged(a) => json!({ "oneOf": [to(a)], "discriminator": tag }),
            OneOf(a, b) => json!({ "oneOf": [to(a), to(b)] }),
            AnyOfBeside(a, b) => with(object("p"), json!({ "anyOf": [to(a), to(b)] })),
            Parent(a, b) => {
                let parts = json!({ "oneOf": [to(a), to(b)], "discriminator": tag });
                with(tagged(), parts)
            }
            Beside(a) => with(object("p"), json!({ "oneOf": [to(a), object("q")] })),
            List(a) => json!({ "type": "array", "items": to(a) }),
            Map(a) => json!({ "type": "object", "additionalProperties": to(a) }),
            Property(a) => {
                json!({ "type": "object", "required": ["r"], "properties": { "r": to(a) } })
            }
            Base => with(tagged(), json!({ "discriminator": tag })),
            BareBase => json!({ "discriminator": tag }),
            Object => object("o"),
            Text => json!({ "type": "string" }),
        }
    }
}

/// Returns an object with the discriminators' property.
fn tagged() -> Value {
    json!({ "type": "object", "required": ["k"], "properties": { "k": { "type": "string" } } })
}

/// Returns a schema with additional keywords.
pub fn with(mut schema: Value, more: Value) -> Value {
    if let (Some(schema), Value::Object(more)) = (schema.as_object_mut(), more) {
        schema.extend(more);
    }
    schema
}

/// The forms of the schemas, by index.
pub type Graph = Vec<Form>;

/// Returns the components of a graph, with the names `<prefix>S0`, `<prefix>S1` and so on.
pub fn components(graph: &Graph, prefix: &str) -> serde_json::Map<String, Value> {
    let schemas = graph.iter().enumerate();
    let schemas = schemas.map(|(own, form)| (format!("{prefix}S{own}"), form.schema(own, prefix)));
    schemas.collect()
}

/// Returns all graphs of one or two schemas, graphs of three schemas in simple forms, and cycles
/// with tails of four. Larger graphs that are always rejected, since a schema is its own branch,
/// are left out.
pub fn all() -> Vec<Graph> {
    let mut graphs = Vec::new();
    for count in 1..=2 {
        let one: &[fn(usize) -> Form] = &[
            Reference, Wrapper, Extension, OrText, Tagged, Beside, List, Map, Property,
        ];
        let two: &[fn(usize, usize) -> Form] = &[Both, OneOf, AnyOfBeside, Parent];
        let none = &[Base, BareBase, Object, Text];
        graphs.extend(products(&vec![forms(count, none, one, two); count]));
    }
    let mut larger = Vec::new();
    let three = forms(
        3,
        &[Base, Object],
        &[
            Reference, Wrapper, Extension, OrText, Tagged, Beside, List, Property,
        ],
        &[Both, OneOf, Parent],
    );
    larger.extend(products(&vec![three; 3]));
    // Each schema refers to the next, and the last to one of them.
    let ring: &[fn(usize) -> Form] = &[
        Reference, Wrapper, Extension, OrText, Tagged, Beside, List, Map,
    ];
    for last in 0..4 {
        let next = |next| ring.iter().map(|form| form(next)).collect();
        larger.extend(products(&[next(1), next(2), next(3), next(last)]));
    }
    larger
        .retain(|graph| !is_own_branch(graph, Form::all_of) && !is_own_branch(graph, Form::unions));
    graphs.extend(larger);
    graphs.retain(is_first);
    graphs
}

/// Returns every form with every target.
fn forms(
    count: usize,
    none: &[Form],
    one: &[fn(usize) -> Form],
    two: &[fn(usize, usize) -> Form],
) -> Vec<Form> {
    let mut forms = none.to_vec();
    for target in 0..count {
        forms.extend(one.iter().map(|form| form(target)));
        for other in target + 1..count {
            forms.extend(two.iter().map(|form| form(target, other)));
        }
    }
    forms
}

fn products(choices: &[Vec<Form>]) -> Vec<Graph> {
    choices.iter().fold(vec![Vec::new()], |graphs, forms| {
        let longer = |graph: &Graph| -> Vec<Graph> {
            let forms = forms.iter();
            forms
                .map(|form| [graph.as_slice(), &[*form]].concat())
                .collect()
        };
        graphs.iter().flat_map(longer).collect()
    })
}

/// Returns `true` if a graph is connected and is the smallest among those that differ only in
/// names.
fn is_first(graph: &Graph) -> bool {
    let mut names: Vec<usize> = (0..graph.len()).collect();
    is_connected(graph) && permutations(&mut names, 0, &mut |names| renamed(graph, names) >= *graph)
}

/// Returns `true` if a schema is its own branch, which is rejected.
fn is_own_branch(graph: &Graph, branches: fn(Form) -> Vec<usize>) -> bool {
    (0..graph.len()).any(|start| {
        let mut reached = branches(graph[start]);
        for _ in graph {
            let next: Vec<usize> = reached.iter().flat_map(|at| branches(graph[*at])).collect();
            reached.extend(next);
            reached.sort_unstable();
            reached.dedup();
        }
        reached.contains(&start)
    })
}

fn renamed(graph: &Graph, names: &[usize]) -> Graph {
    let mut renamed = graph.clone();
    for (form, name) in graph.iter().zip(names) {
        renamed[*name] = form.renamed(names);
    }
    renamed
}

fn is_connected(graph: &Graph) -> bool {
    let mut groups: Vec<usize> = (0..graph.len()).collect();
    for (own, form) in graph.iter().enumerate() {
        for target in form.targets() {
            let (from, to) = (groups[own], groups[target]);
            groups
                .iter_mut()
                .filter(|group| **group == from)
                .for_each(|group| *group = to);
        }
    }
    groups.iter().all(|group| *group == groups[0])
}

/// Returns `true` if the predicate holds for each permutation of the names.
fn permutations(
    names: &mut [usize],
    start: usize,
    holds: &mut impl FnMut(&[usize]) -> bool,
) -> bool {
    if start == names.len() {
        return holds(names);
    }
    for index in start..names.len() {
        names.swap(start, index);
        let all = permutations(names, start + 1, holds);
        names.swap(start, index);
        if !all {
            return false;
        }
    }
    true
}
