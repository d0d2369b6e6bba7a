//! Paths of the crate's types in its tests, and the names of test files.

use std::collections::{BTreeSet, HashSet};

use fnv::FnvHasher;
use heck::ToSnakeCase as _;
use std::hash::Hasher as _;

use crate::ir::{Integer, Type, TypePath};

/// The modules that a file uses and has to import.
#[derive(Debug, Default)]
pub(super) struct Paths {
    modules: BTreeSet<&'static str>,
}

impl Paths {
    /// Returns a type as written in the file.
    pub fn ty(&mut self, ty: &Type) -> String {
        let plain = match ty {
            Type::Bool => "bool",
            Type::Integer(Integer::I8) => "i8",
            Type::Integer(Integer::I16) => "i16",
            Type::Integer(Integer::I32) => "i32",
            Type::Integer(Integer::I64) => "i64",
            Type::Integer(Integer::U8) => "u8",
            Type::Integer(Integer::U16) => "u16",
            Type::Integer(Integer::U32) => "u32",
            Type::Integer(Integer::U64) => "u64",
            Type::Float64 => "f64",
            Type::Number => return self.runtime("Number"),
            Type::String => "String",
            Type::Secret => return self.runtime("Secret"),
            Type::Uri => return self.runtime("Uri"),
            Type::Base64 => return self.runtime("Base64"),
            Type::Bytes => return self.runtime("File"),
            Type::Uuid => "uuid::Uuid",
            Type::Date => "chrono::NaiveDate",
            Type::DateTime => "chrono::DateTime<chrono::FixedOffset>",
            Type::Json => return self.runtime("Json"),
            Type::Null => "()",
            Type::Named(path) => return self.path(path),
            Type::Vec(item) => return format!("Vec<{}>", self.ty(item)),
            Type::Map(value) => {
                return format!("std::collections::BTreeMap<String, {}>", self.ty(value));
            }
            Type::Option(inner) => return format!("Option<{}>", self.ty(inner)),
            Type::Box(inner) => return format!("Box<{}>", self.ty(inner)),
            Type::Tuple(types) => {
                let types: Vec<String> = types.iter().map(|ty| self.ty(ty)).collect();
                let comma = if types.len() == 1 { "," } else { "" };
                return format!("({}{comma})", types.join(", "));
            }
        };
        plain.to_owned()
    }

    /// Returns the path of an item in the crate's runtime.
    pub fn runtime(&mut self, name: &str) -> String {
        self.modules.insert("runtime");
        format!("runtime::{name}")
    }

    fn path(&mut self, TypePath { modules, name }: &TypePath) -> String {
        self.modules.insert("types");
        let mut text = "types::".to_owned();
        for module in modules {
            text.push_str(module.as_str());
            text.push_str("::");
        }
        text.push_str(name.as_str());
        text
    }

    /// Returns the line that imports the used modules from a crate; empty if there are none.
    pub fn uses(&self, krate: &str) -> String {
        let modules: Vec<&str> = self.modules.iter().copied().collect();
        // The crate may have the name of one of its modules.
        let anchor = if modules.contains(&krate) { "::" } else { "" };
        match modules.as_slice() {
            [] => String::new(),
            [only] => format!("use {anchor}{krate}::{only};\n"),
            several => format!("use {anchor}{krate}::{{{}}};\n", several.join(", ")),
        }
    }
}

/// Returns an unused file name for the value at a pointer.
///
/// It depends only on the pointer, unless another pointer has the same spelling.
pub(super) fn file_stem(group: &str, at: &str, taken: &mut HashSet<String>) -> String {
    // Short enough for the path limits of all systems, with an extension.
    const LONGEST: usize = 80;
    let group = group.strip_prefix("r#").unwrap_or(group);
    let mut stem = group.to_owned();
    for token in at.split('/') {
        let words = token.to_snake_case();
        let words: String = words.chars().filter(|c| is_plain(*c)).collect();
        if !words.is_empty() && !NOISE.contains(&token) {
            stem.push('_');
            stem.push_str(&words);
        }
    }
    stem.retain(is_plain);
    if stem.len() > LONGEST || !taken.insert(stem.clone()) {
        let mut hasher = FnvHasher::default();
        hasher.write(group.as_bytes());
        hasher.write(at.as_bytes());
        stem.truncate(LONGEST);
        stem = format!("{stem}_{:08x}", hasher.finish() & 0xffff_ffff);
        while !taken.insert(stem.clone()) {
            stem.push('_');
        }
    }
    stem
}

/// Returns true for characters that are valid and unambiguous in file names.
fn is_plain(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// Tokens of a pointer that do not help to identify the value.
const NOISE: &[&str] = &[
    "content",
    "application~1json",
    "schema",
    "properties",
    "responses",
    "examples",
    "value",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_place_and_no_two_are_called_the_same() {
        let mut taken = HashSet::new();
        let mut stem = |at: &str| file_stem("list_pets", at, &mut taken);
        let at = "/responses/200/content/application~1json/examples/Two Dogs/value";
        assert_eq!(stem(at), "list_pets_200_two_dogs");
        let at = "/responses/200/content/application~1json/examples/two dogs/value";
        assert_eq!(stem(at), "list_pets_200_two_dogs_eaafdd66");
        assert_eq!(stem("/examples/日本/value"), "list_pets");
        let long = stem(&format!("/examples/{}/value", "x".repeat(300)));
        assert_eq!(long.len(), 80 + 9);
    }

    #[test]
    fn a_crate_named_as_its_module_is_anchored() {
        let mut paths = Paths::default();
        assert_eq!(paths.uses("pets"), "");
        assert_eq!(
            paths.ty(&Type::Vec(Box::new(Type::Uri))),
            "Vec<runtime::Uri>"
        );
        assert_eq!(paths.uses("pets"), "use pets::runtime;\n");
        assert_eq!(paths.uses("runtime"), "use ::runtime::runtime;\n");
    }
}
