//! Walks through types. None of them recurses, and all of them end if types contain themselves.

use std::collections::{HashMap, HashSet};

use super::types::{Type, TypePath};

/// A type and all types in it, each before its parts. Definitions are not entered.
#[derive(Debug)]
pub struct Walk<'t> {
    stack: Vec<&'t Type>,
}

impl<'t> Iterator for Walk<'t> {
    type Item = &'t Type;

    fn next(&mut self) -> Option<Self::Item> {
        let ty = self.stack.pop()?;
        self.stack.extend(ty.parts().iter().rev());
        Some(ty)
    }
}

impl Type {
    /// Returns the type and all types in it. Definitions are not entered.
    #[must_use]
    pub fn walk(&self) -> Walk<'_> {
        Walk { stack: vec![self] }
    }

    /// Returns the paths of the declared types in the type.
    pub fn paths(&self) -> impl Iterator<Item = &TypePath> {
        self.walk().filter_map(|ty| match ty {
            Self::Named(path) => Some(path),
            _ => None,
        })
    }

    /// Follows a type as long as `next` returns another one. Ends at a declared type that it has
    /// already followed.
    pub fn follow<'t>(&'t self, next: impl Fn(&'t Self) -> Option<&'t Self>) -> &'t Self {
        let mut ty = self;
        let mut seen = HashSet::new();
        while let Some(inner) = next(ty) {
            if let Self::Named(path) = ty
                && !seen.insert(path)
            {
                break;
            }
            ty = inner;
        }
        ty
    }

    /// Replaces the paths of declared types.
    pub fn rename(&mut self, paths: &HashMap<&TypePath, &TypePath>) {
        let mut stack = vec![self];
        while let Some(ty) = stack.pop() {
            if let Self::Named(path) = ty {
                if let Some(other) = paths.get(path) {
                    *path = (*other).clone();
                }
            } else {
                stack.extend(ty.parts_mut());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ident::TypeName;

    fn named(name: &str) -> Type {
        Type::Named(TypePath {
            modules: Vec::new(),
            name: TypeName::new(name),
        })
    }

    #[test]
    fn walks_through_all_parts_from_the_outside_in() {
        let list = Type::Vec(Box::new(named("A")));
        let ty = Type::Tuple(vec![list.clone(), Type::Option(Box::new(named("B")))]);
        let expected = [
            &ty,
            &list,
            &named("A"),
            &Type::Option(Box::new(named("B"))),
            &named("B"),
        ];
        assert!(ty.walk().eq(expected));
        let names: Vec<&str> = ty.paths().map(|path| path.name.as_str()).collect();
        assert_eq!(names, ["A", "B"]);
    }

    #[test]
    fn following_a_circle_ends() {
        let types = [named("A"), named("B")];
        let [a, b] = &types;
        let next = |ty: &Type| Some(if ty == a { b } else { a });
        assert!(matches!(a.follow(next), Type::Named(_)));
        let boxed = Type::Box(Box::new(Type::Bool));
        let unboxed = boxed.follow(|ty| match ty {
            Type::Box(inner) => Some(inner),
            _ => None,
        });
        assert_eq!(*unboxed, Type::Bool);
    }
}
