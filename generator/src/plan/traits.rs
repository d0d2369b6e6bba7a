//! Decides which traits the types have.

use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};

use crate::ir::{Enum, Field, Integer, Repr, Shape, Struct, Type, TypeDef, TypePath, Union};

/// A branch whose type has more parts than this has no `From`: aliases can double them at each step.
const MAX_PIECES: usize = 1_000;

/// The traits of a type beyond `Clone`, `Debug` and `PartialEq`, which all types have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    /// `Copy`
    pub copy: bool,
    pub default: DefaultImpl,
    pub hash: HashImpl,
    /// `From` for each branch of a union: no two of them have the same type.
    pub from_branches: bool,
}

/// The implementation of `Default`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum DefaultImpl {
    /// None: a field has no initial value, or the type is not a struct.
    #[default]
    None,
    /// It is derived: each field is `None` or empty.
    Derived,
    /// It calls the default functions of fields.
    Written,
}

/// The implementations of `Eq` and `Hash`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HashImpl {
    /// None: a part of the type has none.
    #[default]
    None,
    /// They are derived.
    Derived,
    /// They are derived with the feature `hash`, because that takes time for each type, and few
    /// programs use it.
    Feature,
}

/// Returns the traits of each type.
pub(super) fn decide(types: &[TypeDef]) -> HashMap<&TypePath, Traits> {
    let index: HashMap<&TypePath, usize> = types.iter().map(|def| &def.path).zip(0..).collect();
    let hashes = hashes(types, &index);
    let definitions = Definitions { types, index };
    let types = types.iter().zip(hashes);
    types
        .map(|(def, hash)| (&def.path, definitions.traits(def, hash)))
        .collect()
}

/// Returns for each type whether all of its parts have `Eq` and `Hash`.
fn hashes(types: &[TypeDef], index: &HashMap<&TypePath, usize>) -> Vec<bool> {
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut without = Vec::new();
    for (user, def) in types.iter().enumerate() {
        for part in def.shape.types().into_iter().flat_map(Type::walk) {
            match part {
                // A file may be a stream.
                Type::Float64 | Type::Bytes => without.push(user),
                Type::Named(path) => {
                    if let Some(users) = index.get(path).and_then(|at| users.get_mut(*at)) {
                        users.push(user);
                    }
                }
                _ => {}
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
    types: &'a [TypeDef],
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
    /// Returns the traits of a type; `hash` is true if all of its parts have `Eq` and `Hash`.
    fn traits(&self, def: &'a TypeDef, hash: bool) -> Traits {
        let traits = Traits {
            hash: if hash {
                HashImpl::Feature
            } else {
                HashImpl::None
            },
            ..Traits::default()
        };
        match &def.shape {
            Shape::Struct(shape) => Traits {
                default: default_impl(shape),
                ..traits
            },
            Shape::Enum(shape) => Traits {
                copy: is_copy(shape),
                hash: HashImpl::Derived,
                ..traits
            },
            Shape::Union(shape) => Traits {
                from_branches: self.differ(def, shape),
                ..traits
            },
            Shape::Alias(_) | Shape::Newtype(_) => traits,
        }
    }

    /// Returns `true` if no two branches of a union have the same type, and none is any JSON or the
    /// union itself, so that no two implementations of `From` conflict.
    fn differ(&self, def: &'a TypeDef, union: &'a Union) -> bool {
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
        let same = self.get(path).and_then(|def| def.same_as.as_ref());
        same.unwrap_or(path)
    }

    fn get(&self, path: &TypePath) -> Option<&'a TypeDef> {
        self.types.get(*self.index.get(path)?)
    }
}

/// Returns the implementation of `Default` for a struct.
fn default_impl(shape: &Struct) -> DefaultImpl {
    if shape.fields.iter().any(Field::is_argument_of_new) {
        DefaultImpl::None
    } else if shape
        .fields
        .iter()
        .any(|field| field.initial_value().is_some())
    {
        DefaultImpl::Written
    } else {
        DefaultImpl::Derived
    }
}

/// Returns `true` if no value of an enum has text.
fn is_copy(shape: &Enum) -> bool {
    shape.open.is_none() || shape.repr == Repr::Integer
}

#[cfg(test)]
mod tests {
    use super::{HashImpl, Traits, decide};
    use crate::ident::{ModuleName, TypeName};
    use crate::ir::{
        Docs, Shape, TagSource, Tagging, Type, TypeDef, TypePath, Union, UnionVariant,
    };

    fn path(name: &str) -> TypePath {
        TypePath {
            modules: Vec::<ModuleName>::new(),
            name: TypeName::new(name),
        }
    }

    fn named(name: &str) -> Type {
        Type::Named(path(name))
    }

    fn define(name: &str, shape: Shape) -> TypeDef {
        TypeDef {
            path: path(name),
            docs: Docs::default(),
            deprecated: false,
            shape,
            same_as: None,
        }
    }

    fn union(name: &str, types: impl IntoIterator<Item = Type>) -> TypeDef {
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

    fn alias(name: &str, ty: Type) -> TypeDef {
        define(name, Shape::Alias(ty))
    }

    fn traits(types: &[TypeDef], name: &str) -> Traits {
        decide(types)[&path(name)]
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
            let found = traits(&types(), name).hash;
            assert_eq!(found != HashImpl::None, hash, "{name}");
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
