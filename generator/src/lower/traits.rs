//! Which traits the types have beyond those that all types have.

use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};

use crate::ir::{Integer, Shape, Traits, Type, TypePath, Union};

use super::draft::Definition;

/// A branch whose type has more parts than this has no `From`: aliases can double them at each step.
const MAX_PIECES: usize = 1_000;

/// Returns the traits of each type. `same` has the types that are declared in their place.
pub(super) fn decide(types: &[Definition], same: &[Option<TypePath>]) -> Vec<Traits> {
    let index: HashMap<&TypePath, usize> = types.iter().map(|def| &def.path).zip(0..).collect();
    let hashes = hashes(types, &index);
    let definitions = Definitions { types, same, index };
    types
        .iter()
        .zip(hashes)
        .map(|(def, hash)| Traits {
            hash,
            from_branches: matches!(&def.shape, Shape::Union(union) if definitions.differ(def, union)),
        })
        .collect()
}

/// For each type, whether all of its parts have `Eq` and `Hash`.
fn hashes(types: &[Definition], index: &HashMap<&TypePath, usize>) -> Vec<bool> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut without = Vec::new();
    for (user, def) in types.iter().enumerate() {
        let mut parts = def.shape.types();
        while let Some(part) = parts.pop() {
            match part {
                // A file may be a stream.
                Type::Float64 | Type::Bytes => without.push(user),
                Type::Named(path) => {
                    if let Some(users) = index.get(path).and_then(|at| users.get_mut(*at)) {
                        users.push(user);
                    }
                }
                other => parts.extend(other.parts()),
            }
        }
    }
    let mut hashes = vec![true; types.len()];
    while let Some(at) = without.pop() {
        if let (Some(hash), Some(users)) = (hashes.get_mut(at), users.get_mut(at)) {
            *hash = false;
            // Each list is taken once.
            without.append(users);
        }
    }
    hashes
}

/// The declared types.
struct Definitions<'a> {
    types: &'a [Definition],
    same: &'a [Option<TypePath>],
    index: HashMap<&'a TypePath, usize>,
}

/// A part of a type, in the order of a walk through it.
#[derive(PartialEq, Eq, Hash)]
enum Piece<'a> {
    Named(&'a TypePath),
    Integer(Integer),
    /// Any other type, and the number of its parts.
    Other(Discriminant<Type>, usize),
}

impl<'a> Definitions<'a> {
    /// Returns whether no two branches of a union have the same type, and none is any JSON or the
    /// union itself, so that `From` for each of them conflicts with nothing and says which is meant.
    fn differ(&self, def: &'a Definition, union: &'a Union) -> bool {
        let own = vec![Piece::Named(self.declared(&def.path))];
        let any = vec![Piece::Other(discriminant(&Type::Json), 0)];
        let mut known = HashSet::from([own, any]);
        let mut branches = union.variants.iter();
        branches.all(|branch| {
            let pieces = self.pieces(branch.ty.unboxed());
            pieces.is_some_and(|pieces| known.insert(pieces))
        })
    }

    /// Returns a type in pieces, aliases and all other paths resolved; `None` if there are too many.
    fn pieces(&self, ty: &'a Type) -> Option<Vec<Piece<'a>>> {
        let mut pieces = Vec::new();
        let mut parts = vec![ty];
        let mut steps = 0;
        while let Some(part) = parts.pop() {
            steps += 1;
            if steps > MAX_PIECES {
                return None;
            }
            pieces.push(match part {
                Type::Named(path) => {
                    let path = self.declared(path);
                    if let Some(Shape::Alias(ty)) = self.get(path).map(|def| &def.shape) {
                        parts.push(ty);
                        continue;
                    }
                    Piece::Named(path)
                }
                Type::Integer(integer) => Piece::Integer(*integer),
                other => {
                    parts.extend(other.parts());
                    Piece::Other(discriminant(other), other.parts().len())
                }
            });
        }
        Some(pieces)
    }

    /// Returns the path under which a type is declared.
    fn declared(&self, path: &'a TypePath) -> &'a TypePath {
        let position = self.index.get(path);
        let same = position.and_then(|at| self.same.get(*at)?.as_ref());
        same.unwrap_or(path)
    }

    fn get(&self, path: &TypePath) -> Option<&'a Definition> {
        self.types.get(*self.index.get(path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::decide;
    use crate::ident::{ModuleName, TypeName};
    use crate::ir::{Docs, Shape, TagSource, Tagging, Traits, Type, TypePath, Union, UnionVariant};
    use crate::lower::draft::Definition;

    fn path(name: &str) -> TypePath {
        TypePath {
            modules: Vec::<ModuleName>::new(),
            name: TypeName::new(name),
        }
    }

    fn named(name: &str) -> Type {
        Type::Named(path(name))
    }

    fn define(name: &str, shape: Shape) -> Definition {
        Definition {
            path: path(name),
            docs: Docs::default(),
            deprecated: false,
            shape,
        }
    }

    fn union(name: &str, types: impl IntoIterator<Item = Type>) -> Definition {
        let variants = types.into_iter().enumerate().map(|(i, ty)| UnionVariant {
            name: TypeName::new(&format!("Branch{i}")),
            ty,
            tags: Vec::new(),
            tag_source: TagSource::Branch,
            docs: Docs::default(),
        });
        define(
            name,
            Shape::Union(Union {
                variants: variants.collect(),
                tagging: Tagging::Untagged,
                other: None,
            }),
        )
    }

    fn alias(name: &str, ty: Type) -> Definition {
        define(name, Shape::Alias(ty))
    }

    fn traits(types: &[Definition], name: &str) -> Traits {
        let traits = decide(types, &[]);
        let mut types = types.iter().zip(traits);
        let found = types.find(|(def, _)| def.path == path(name));
        found.expect("it is declared").1
    }

    #[test]
    fn a_type_without_hash_takes_it_from_its_users() {
        let types = || {
            vec![
                alias("Price", Type::Float64),
                union("Either", [Type::String, named("EnumValue")]),
                alias("EnumValue", Type::Vec(Box::new(named("Price")))),
                // Around in a circle.
                union("Tree", [Type::Vec(Box::new(named("Tree"))), Type::Json]),
                union(
                    "Floats",
                    [Type::Box(Box::new(named("Floats"))), Type::Float64],
                ),
                alias("File", Type::Bytes),
            ]
        };
        for (name, hash) in [
            ("Price", false),
            ("EnumValue", false),
            ("Either", false),
            ("Tree", true),
            ("Floats", false),
            ("File", false),
        ] {
            assert_eq!(traits(&types(), name).hash, hash, "{name}");
        }
    }

    #[test]
    fn only_branches_that_differ_have_from() {
        let list = |ty| Type::Vec(Box::new(ty));
        let boxed = |ty| Type::Box(Box::new(ty));
        let cases = [
            (vec![Type::String, Type::Bool], true),
            (vec![Type::String, named("Text")], false),
            (vec![list(Type::String), list(named("Text"))], false),
            (vec![list(Type::String), list(Type::Bool)], true),
            (vec![Type::String, Type::Json], false),
            (vec![Type::String, named("Any")], false),
            (vec![Type::String, list(Type::Json)], true),
            (vec![Type::String, boxed(named("U"))], false),
            (vec![Type::String, list(named("U"))], true),
            (vec![named("U2"), boxed(named("U2"))], false),
            (
                vec![
                    Type::Tuple(vec![Type::Tuple(vec![Type::Bool]), Type::Bool]),
                    Type::Tuple(vec![Type::Tuple(vec![Type::Bool, Type::Bool])]),
                ],
                true,
            ),
        ];
        for (branches, expected) in cases {
            let shown = format!("{branches:?}");
            let types = vec![
                alias("Text", Type::String),
                alias("Any", Type::Json),
                union("U2", [Type::Bool]),
                union("U", branches),
            ];
            assert_eq!(traits(&types, "U").from_branches, expected, "{shown}");
        }
    }

    #[test]
    fn aliases_that_double_at_each_step_take_a_bounded_time() {
        let mut types = vec![alias("A0", Type::Bool)];
        for i in 1..60 {
            let inner = named(&format!("A{}", i - 1));
            types.push(alias(
                &format!("A{i}"),
                Type::Tuple(vec![inner.clone(), inner]),
            ));
        }
        types.push(union("U", [named("A59"), Type::String]));
        assert!(!traits(&types, "U").from_branches);
    }
}
