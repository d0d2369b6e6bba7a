//! Names: their scopes, reserved names, and collisions.

use std::collections::HashMap;

use crate::ident::{FieldName, MethodName, ModuleName, TypeName};

/// Types and traits that generated code uses by their bare names.
const PRELUDE: &[&str] = &[
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromStr",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
];

/// Types that the files of operations import from the runtime.
const RUNTIME: &[&str] = &[
    "Base64",
    "BTreeMap",
    "Bytes",
    "Client",
    "ClientBuilder",
    "Content",
    "DateTime",
    "EncodeError",
    "Error",
    "File",
    "FixedOffset",
    "FormField",
    "HeaderError",
    "HeaderMap",
    "IdempotencyKey",
    "Method",
    "NaiveDate",
    "NoFailure",
    "Operation",
    "Part",
    "Parts",
    "PathStyle",
    "QueryStyle",
    "Rejection",
    "Reply",
    "Request",
    "Response",
    "Scheme",
    "Secret",
    "Security",
    "Server",
    "StatusCode",
    "TypedContent",
    "Uri",
    "Uuid",
];

/// Methods that every client has.
const CLIENT_METHODS: &[&str] = &[
    "base_url", "builder", "call", "clone", "new", "request", "with",
];

/// Methods of a client's builder, which collide with setters of security schemes.
const BUILDER_METHODS: &[&str] = &[
    "allow_http",
    "api_key_headers",
    "base_url",
    "build",
    "clone",
    "connect_timeout",
    "credential",
    "credential_source",
    "default_header",
    "explicit_defaults",
    "fetch",
    "hide",
    "layer",
    "max_response_bytes",
    "new",
    "oauth2_scheme",
    "observer",
    "refuse",
    "retry",
    "secret_names",
    "server",
    "server_variable",
    "timeout",
    "transport",
    "user_agent",
    "user_and_password",
    "wrap",
];

/// Methods of a request, which setters would hide.
const REQUEST_METHODS: &[&str] = &[
    "call",
    "download",
    "download_blocking",
    "in_pieces",
    "in_pieces_blocking",
    "into_future",
    "items",
    "new",
    "operation",
    "pages",
    "send",
    "send_blocking",
    "stream",
    "stream_blocking",
    "stream_with",
    "stream_with_blocking",
    "with",
];

/// Functions of an operation's type, which the function of a response header would hide.
const OPERATION_FUNCTIONS: &[&str] = &["default"];

/// The names in use, each with the number to try on the next collision.
type Taken<N> = HashMap<N, usize>;

/// The names of types and their modules in use.
#[derive(Debug, Default)]
pub(super) struct TypeNames {
    types: HashMap<Vec<ModuleName>, Taken<TypeName>>,
    modules: HashMap<Vec<ModuleName>, Taken<ModuleName>>,
}

/// The names of operations, groups and webhooks in use.
#[derive(Debug, Default)]
pub(super) struct Names {
    operations: Taken<TypeName>,
    methods: Taken<MethodName>,
    groups: Taken<ModuleName>,
    webhooks: Taken<TypeName>,
}

impl TypeNames {
    /// Returns the name of a type in a module below `types`.
    pub fn type_in(&mut self, modules: &[ModuleName], text: &str) -> TypeName {
        let taken = self.types.entry(modules.to_vec()).or_default();
        let name = avoid(type_name(text), &[PRELUDE], "Schema");
        claim(taken, name, TypeName::numbered)
    }

    /// Returns the name of a module below `types`.
    pub fn module_in(&mut self, modules: &[ModuleName], text: &str) -> ModuleName {
        let taken = self.modules.entry(modules.to_vec()).or_default();
        let outer = modules.last().map_or("types", ModuleName::as_str);
        let name = inside(outer, module(text), "_schemas");
        claim(taken, name, ModuleName::numbered)
    }
}

impl Names {
    /// Returns the name of an operation's type, or of an enum that belongs to it.
    pub fn operation_type(&mut self, text: &str) -> TypeName {
        let name = avoid(type_name(text), &[PRELUDE, RUNTIME], "Operation");
        claim(&mut self.operations, name, TypeName::numbered)
    }

    /// Returns the name of a webhook's type, or of an enum that belongs to it.
    pub fn webhook_type(&mut self, text: &str) -> TypeName {
        let name = avoid(type_name(text), &[PRELUDE, RUNTIME], "Webhook");
        claim(&mut self.webhooks, name, TypeName::numbered)
    }

    /// Returns the name of a client's method.
    pub fn method(&mut self, text: &str) -> MethodName {
        let mut name = MethodName::new(text);
        if CLIENT_METHODS.contains(&name.as_str()) {
            name = name.suffixed("_operation");
        }
        claim(&mut self.methods, name, MethodName::numbered)
    }

    /// Returns the name of the module of a tag's operations.
    pub fn group(&mut self, text: &str) -> ModuleName {
        let name = inside("operations", module(text), "_tag");
        claim(&mut self.groups, name, ModuleName::numbered)
    }
}

/// The names of the generated crate's tests of examples.
#[derive(Debug, Default)]
pub(crate) struct TestNames(Taken<MethodName>);

impl TestNames {
    /// Returns the name of a test.
    pub fn test(&mut self, text: &str) -> MethodName {
        claim(&mut self.0, setter_name(text), MethodName::numbered)
    }
}

/// The names of one struct's fields, or of one enum's variants.
#[derive(Debug)]
pub(super) struct Members<N> {
    taken: Taken<N>,
}

impl<N> Default for Members<N> {
    fn default() -> Self {
        Self {
            taken: Taken::new(),
        }
    }
}

impl Members<FieldName> {
    /// Returns the name of a property's field.
    pub fn field(&mut self, text: &str) -> FieldName {
        claim(&mut self.taken, FieldName::new(text), FieldName::numbered)
    }

    /// Returns the name of a parameter's field and setter. On a collision, the second parameter is
    /// prefixed with its location (`query_id`).
    pub fn parameter(&mut self, text: &str, place: &str) -> FieldName {
        let mut name = FieldName::new(text);
        if self.taken.contains_key(&name) {
            name = FieldName::new(&format!("{place} {text}"));
        }
        if REQUEST_METHODS.contains(&name.as_str()) {
            name = name.suffixed("_parameter");
        }
        claim(&mut self.taken, name, FieldName::numbered)
    }
}

impl Members<MethodName> {
    /// Returns the name of a builder's setter. On a collision, `kind` is appended.
    pub fn setter(&mut self, text: &str, kind: &str) -> MethodName {
        let mut name = setter_name(text);
        if BUILDER_METHODS.contains(&name.as_str()) || self.taken.contains_key(&name) {
            name = name.suffixed(&format!("_{kind}"));
        }
        claim(&mut self.taken, name, MethodName::numbered)
    }

    /// Returns the name of the function that reads a response header.
    pub fn header(&mut self, text: &str) -> MethodName {
        let mut name = MethodName::new(text);
        if OPERATION_FUNCTIONS.contains(&name.as_str()) {
            name = name.suffixed("_header");
        }
        claim(&mut self.taken, name, MethodName::numbered)
    }
}

impl Members<TypeName> {
    /// Returns the name of a variant.
    pub fn variant(&mut self, text: &str) -> TypeName {
        claim(&mut self.taken, TypeName::new(text), TypeName::numbered)
    }
}

/// Names become file names (modules, rustdoc pages), which are limited to 255 bytes.
const LONGEST: usize = 120;

fn type_name(text: &str) -> TypeName {
    let name = TypeName::new(text);
    match name.as_str().get(..LONGEST) {
        Some(start) => TypeName::new(start),
        None => name,
    }
}

fn setter_name(text: &str) -> MethodName {
    let name = MethodName::new(text);
    match name.as_str().get(..LONGEST) {
        Some(start) => MethodName::new(start),
        None => name,
    }
}

fn module(text: &str) -> ModuleName {
    let name = ModuleName::new(text);
    match name.as_str().get(..LONGEST) {
        Some(start) => ModuleName::new(start),
        None => name,
    }
}

fn avoid(name: TypeName, lists: &[&[&str]], suffix: &str) -> TypeName {
    if lists.iter().any(|list| list.contains(&name.as_str())) {
        name.suffixed(suffix)
    } else {
        name
    }
}

/// Renames a module with the same name as its parent, which would be confusing.
fn inside(outer: &str, name: ModuleName, suffix: &str) -> ModuleName {
    if name.as_str() == outer {
        name.suffixed(suffix)
    } else {
        name
    }
}

fn claim<N: Clone + Eq + std::hash::Hash>(
    taken: &mut Taken<N>,
    name: N,
    numbered: impl Fn(&N, usize) -> N,
) -> N {
    let Some(mut count) = taken.get(&name).copied() else {
        taken.insert(name.clone(), 2);
        return name;
    };
    loop {
        let claimed = numbered(&name, count);
        count += 1;
        if !taken.contains_key(&claimed) {
            taken.insert(claimed.clone(), 2);
            taken.insert(name, count);
            return claimed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A setter with the name of a method of the runtime would not compile.
    #[test]
    fn the_methods_of_the_runtime_are_reserved() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/runtime/src");
        let mut methods = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for block in text.split("\nimpl ClientBuilder {").skip(1) {
                let block = block.split("\n}").next().unwrap();
                let functions = block.lines().filter(|line| line.starts_with("    pub"));
                let names =
                    functions.filter_map(|line| line.split_once("fn ")?.1.split('(').next());
                methods.extend(names.map(|name| name.split('<').next().unwrap().to_owned()));
            }
        }
        assert!(methods.len() > 20, "{methods:?}");
        for method in methods {
            assert!(BUILDER_METHODS.contains(&method.as_str()), "{method}");
        }
    }

    #[test]
    fn two_of_a_name_are_numbered_and_the_prelude_is_left_alone() {
        let mut types = TypeNames::default();
        assert_eq!(types.type_in(&[], "pet").as_str(), "Pet");
        assert_eq!(types.type_in(&[], "Pet").as_str(), "Pet2");
        assert_eq!(types.type_in(&[], "Option").as_str(), "OptionSchema");
        let mut names = Names::default();
        assert_eq!(names.method("request").as_str(), "request_operation");
    }

    #[test]
    fn a_module_has_a_name_that_a_file_can_have() {
        let mut names = Names::default();
        assert_eq!(names.group(&"x".repeat(300)).as_str(), "x".repeat(120));
        assert_eq!(
            names.group(&"x".repeat(299)).as_str(),
            format!("{}_2", "x".repeat(120))
        );
    }

    /// The names of the methods of `Request`, private ones too, in a file of the runtime.
    fn request_methods(path: &std::path::Path) -> Vec<String> {
        let text = std::fs::read_to_string(path).expect("the file can be read");
        let file = syn::parse_file(&text).expect("Rust");
        let mut names = Vec::new();
        for item in file.items {
            let syn::Item::Impl(item) = item else {
                continue;
            };
            let syn::Type::Path(ty) = &*item.self_ty else {
                continue;
            };
            let name = ty.path.segments.last().map(|segment| &segment.ident);
            if item.trait_.is_some() || name.is_none_or(|name| name != "Request") {
                continue;
            }
            names.extend(item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            }));
        }
        names
    }

    #[test]
    fn no_setter_has_the_name_of_a_method_of_a_request() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src");
        let files = std::fs::read_dir(folder).expect("the folder is there");
        let paths = files.map(|entry| entry.expect("the entry can be read").path());
        let sources = paths.filter(|path| path.extension().is_some_and(|it| it == "rs"));
        let methods: std::collections::HashSet<String> =
            sources.flat_map(|path| request_methods(&path)).collect();
        assert!(methods.contains("send"), "{methods:?}");
        let missing: Vec<&String> = methods
            .iter()
            .filter(|name| !REQUEST_METHODS.contains(&name.as_str()))
            .collect();
        assert!(missing.is_empty(), "not reserved: {missing:?}");
    }
}
