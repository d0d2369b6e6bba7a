//! The program that reads values as generated types and reports the variants.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use generator::diagnostic::Diagnostics;
use generator::document::Document;
use generator::ident::ModuleName;
use generator::ir::{Additional, Api, Presence, Shape, Struct, Type, TypePath, Union};
use generator::lower::{Lowered, Options, lower};

use super::judges::read;
use crate::merged;

const PROGRAM: &str = r#"//! Reads lines with the number of a type and a JSON value. Answers with the written value, and with
//! the variants that were read: the pointer, the type and the variant.

#![allow(deprecated, reason = "deprecated types are tested, too")]
#![allow(unused_variables, unused_parens, reason = "the visitors are generated")]

use std::fmt::Debug;
use std::io::BufRead as _;

/// The variants that were read: the pointer, the number of the type, and the number of the variant.
type Read = Vec<(String, usize, usize)>;

const OTHER: usize = usize::MAX;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line can be read");
        let (number, json) = line.split_once('\t').expect("it is a number and a value");
        let answer = answer(number.parse().expect("it is a number"), json);
        println!("{}", serde_json::to_string(&answer).expect("it can be written"));
    }
}

/// Reads and writes as the client of a crate does.
macro_rules! again {
    ($krate:ident, $ty:ty, $visit:ident, $json:ident) => {{
        use ::fixtures::$krate::runtime::json;
        let read = |text: &[u8]| json::read::<$ty>(text).map_err(|error| error.to_string());
        let write = |value: &$ty| json::write(value).map_err(|error| error.to_string());
        again($json, read, write, $visit)
    }};
}

fn again<T: PartialEq + Debug>(
    json: &str,
    reader: impl Fn(&[u8]) -> Result<T, String>,
    writer: impl Fn(&T) -> Result<Vec<u8>, String>,
    visit: fn(&T, &str, &mut Read),
) -> Result<(String, Read), String> {
    let value = reader(json.as_bytes()).map_err(|error| format!("it is refused: {error}"))?;
    let written = writer(&value).map_err(|error| format!("it is not written: {error}"))?;
    let second = reader(&written);
    let written = String::from_utf8(written).expect("JSON is UTF-8");
    let second = second.map_err(|error| format!("{written} is written, and refused: {error}"))?;
    if second != value {
        return Err(format!("{value:?} is written as {written}, and read as {second:?}"));
    }
    let mut read = Read::new();
    visit(&value, "", &mut read);
    Ok((written, read))
}

fn member(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn answer(number: usize, json: &str) -> Result<(String, Read), String> {
    match number {
"#;

/// The index for `Unknown` and `Other`.
pub const OTHER: usize = usize::MAX;

/// A generated crate.
pub struct Library {
    /// The name of the crate in code.
    name: String,
    api: Api,
    branches: BTreeMap<TypePath, Vec<Vec<String>>>,
}

impl Library {
    pub fn of(folder: &Path, package: &str) -> Self {
        let document: Document = read(&folder.join("openapi.yaml"));
        let Lowered { api, branches, .. } =
            lower(&document, Options::default(), &mut Diagnostics::default());
        let branches = branches.into_iter().map(|(path, branches)| {
            let branches = branches.iter().map(|pointers| {
                let pointers = pointers.iter().map(|pointer| pointer.as_str().to_owned());
                pointers.collect()
            });
            (path, branches.collect())
        });
        Self {
            name: package.replace('-', "_"),
            branches: branches.collect(),
            api,
        }
    }

    /// Returns the types directly in the module `types`.
    pub fn top(&self) -> impl Iterator<Item = &TypePath> {
        let paths = self.api.types.iter().map(|def| &def.path);
        paths.filter(|path| path.modules.is_empty())
    }

    /// Returns a type by the path of its declaration.
    fn shape(&self, path: &TypePath) -> Option<(&TypePath, &Shape)> {
        let def = self.api.types.iter().find(|def| def.path == *path)?;
        match &def.same_as {
            Some(other) => self.shape(other),
            None => Some((&def.path, &def.shape)),
        }
    }

    fn path(&self, path: &TypePath) -> String {
        let mut text = format!("::{}::{}::types", merged::PACKAGE, self.name);
        for module in &path.modules {
            let _ = write!(text, "::{}", module.as_str());
        }
        format!("{text}::{}", path.name.as_str())
    }
}

/// A type whose variants the program reports.
pub struct ReportedType {
    pub path: String,
    /// The schemas for each variant; empty for an enum.
    pub branches: Vec<Vec<String>>,
    /// The names of the variants.
    pub variants: Vec<String>,
}

/// The parts of the program's source.
#[derive(Default)]
pub struct Text {
    /// The reported types, by number.
    pub reported: Vec<ReportedType>,
    visitors: String,
    answers: String,
    subjects: usize,
    known: BTreeSet<String>,
}

impl Text {
    /// Adds a type to read values as.
    pub fn add(&mut self, library: &Library, path: &TypePath) {
        let mut queue = vec![path.clone()];
        while let Some(path) = queue.pop() {
            if let Some((declared, shape)) = library.shape(&path) {
                self.visitor(library, declared, shape, &mut queue);
            }
        }
        let number = self.subjects;
        self.subjects += 1;
        let (declared, _) = library.shape(path).expect("it is declared");
        let (path, visitor) = (library.path(path), visitor(library, declared));
        let _ = writeln!(
            self.answers,
            "        {number} => again!({}, {path}, {visitor}, json),",
            library.name
        );
    }

    /// Adds the function that visits a type, and queues the types it uses.
    fn visitor(
        &mut self,
        library: &Library,
        path: &TypePath,
        shape: &Shape,
        queue: &mut Vec<TypePath>,
    ) {
        let name = visitor(library, path);
        if !self.known.insert(name.clone()) {
            return;
        }
        for ty in shape.types() {
            named(ty, queue);
        }
        let ty = library.path(path);
        let body = match shape {
            Shape::Struct(shape) => fields(library, shape),
            Shape::Alias(inner) => visit(library, inner, "value", "at").unwrap_or_default(),
            Shape::Newtype(inner) => visit(library, inner, "(&value.0)", "at").unwrap_or_default(),
            Shape::Enum(shape) => match &shape.open {
                None => String::new(),
                Some(open) => {
                    let number = self.tell(&ty, Vec::new(), Vec::new());
                    let open = open.as_str();
                    format!(
                        "if let {ty}::{open}(_) = value {{ read.push((at.to_owned(), {number}, OTHER)); }}"
                    )
                }
            },
            Shape::Union(shape) => {
                let names = shape.variants.iter();
                let names = names.map(|variant| variant.name.as_str().to_owned());
                let branches = library.branches.get(path).cloned().unwrap_or_default();
                let number = self.tell(&ty, branches, names.collect());
                variants(library, &ty, shape, number)
            }
        };
        let _ = writeln!(
            self.visitors,
            "\n#[allow(non_snake_case)]\nfn {name}(value: &{ty}, at: &str, read: &mut Read) {{\n    {body}\n}}"
        );
    }

    fn tell(&mut self, path: &str, branches: Vec<Vec<String>>, variants: Vec<String>) -> usize {
        self.reported.push(ReportedType {
            path: path.to_owned(),
            branches,
            variants,
        });
        self.reported.len() - 1
    }

    /// Returns the source of the program.
    pub fn source(&self) -> String {
        let Self {
            visitors, answers, ..
        } = self;
        format!(
            "{PROGRAM}{answers}        _ => unreachable!(\"there is no such type\"),\n    }}\n}}\n{visitors}"
        )
    }
}

/// Returns the name of the function that visits a type.
fn visitor(library: &Library, path: &TypePath) -> String {
    let modules = path.modules.iter().map(ModuleName::as_str);
    let names: Vec<&str> = modules.chain([path.name.as_str()]).collect();
    let names = names.join("__").replace("r#", "raw_");
    format!("visit__{}__{names}", library.name)
}

/// Collects the declared types within a type.
fn named(ty: &Type, found: &mut Vec<TypePath>) {
    match ty {
        Type::Named(path) => found.push(path.clone()),
        ty => ty.parts().iter().for_each(|part| named(part, found)),
    }
}

/// Returns code that visits a value, or `None` if its type has no variants.
fn visit(library: &Library, ty: &Type, value: &str, at: &str) -> Option<String> {
    Some(match ty {
        Type::Named(path) => {
            let (declared, _) = library.shape(path)?;
            format!("{}({value}, {at}, read);", visitor(library, declared))
        }
        Type::Box(inner) => visit(library, inner, &format!("(&**{value})"), at)?,
        Type::Option(inner) => {
            let inner = visit(library, inner, "inner", at)?;
            format!("if let Some(inner) = {value} {{ {inner} }}")
        }
        Type::Vec(item) => {
            let inner = visit(library, item, "inner", "&format!(\"{at}/{index}\")")?;
            format!(
                "{{ let at = {at}; for (index, inner) in {value}.iter().enumerate() {{ {inner} }} }}"
            )
        }
        Type::Map(item) => {
            let inner = visit(library, item, "inner", "&member(at, name)")?;
            format!("{{ let at = {at}; for (name, inner) in {value} {{ {inner} }} }}")
        }
        Type::Tuple(types) => {
            let visit_item = |(index, ty)| {
                let at = format!("&format!(\"{{at}}/{index}\")");
                visit(library, ty, &format!("(&{value}.{index})"), &at)
            };
            let items: Vec<String> = types.iter().enumerate().filter_map(visit_item).collect();
            format!("{{ let at = {at}; {} }}", items.join(" "))
        }
        _ => return None,
    })
}

fn fields(library: &Library, shape: &Struct) -> String {
    let mut body = String::new();
    for field in &shape.fields {
        let options = match field.presence {
            Presence::Required | Presence::Defaulted | Presence::Preset => 0,
            Presence::Nullable
            | Presence::Optional
            | Presence::NullableDefaulted
            | Presence::NullablePreset => 1,
            Presence::OptionalNullable => 2,
        };
        let wrap = |ty, _| Type::Option(Box::new(ty));
        let ty = (0..options).fold(field.ty.clone(), wrap);
        let value = format!("(&value.{})", field.name.rust.as_str());
        let at = format!("&member(at, {:?})", field.name.wire);
        body.extend(visit(library, &ty, &value, &at));
    }
    if let Additional::Kept { field, value, .. } = &shape.additional {
        let map = Type::Map(Box::new(value.clone()));
        let value = format!("(&value.{})", field.as_str());
        body.extend(visit(library, &map, &value, "at"));
    }
    body
}

fn variants(library: &Library, ty: &str, shape: &Union, number: usize) -> String {
    let mut arms = String::new();
    for (index, variant) in shape.variants.iter().enumerate() {
        let name = variant.name.as_str();
        let inner = visit(library, &variant.ty, "inner", "at").unwrap_or_default();
        let _ = writeln!(
            arms,
            "        {ty}::{name}(inner) => {{ read.push((at.to_owned(), {number}, {index})); {inner} }}"
        );
    }
    if let Some(other) = &shape.other {
        let other = other.as_str();
        let _ = writeln!(
            arms,
            "        {ty}::{other}(_) => read.push((at.to_owned(), {number}, OTHER)),"
        );
    }
    format!("match value {{\n{arms}    }}")
}
