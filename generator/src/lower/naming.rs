//! Names: their scopes, reserved names, and collisions.

use std::collections::HashMap;

use crate::document::OperationEntry;
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
    "base_url",
    "build",
    "clone",
    "connect_timeout",
    "credential",
    "default_header",
    "explicit_defaults",
    "hide",
    "layer",
    "max_response_bytes",
    "new",
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

/// The names in use, by scope.
#[derive(Debug, Default)]
pub(super) struct Names {
    types: HashMap<Vec<ModuleName>, Taken<TypeName>>,
    modules: HashMap<Vec<ModuleName>, Taken<ModuleName>>,
    operations: Taken<TypeName>,
    methods: Taken<MethodName>,
    groups: Taken<ModuleName>,
    webhooks: Taken<TypeName>,
}

impl Names {
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

/// Returns the name of an operation: its `operationId`, or its method and path.
pub(crate) fn operation(entry: &OperationEntry<'_>, path: &str) -> String {
    let id = entry.operation.operation_id.as_ref();
    let id = id.filter(|id| !id.trim().is_empty());
    id.map_or_else(|| unnamed_operation(entry.method, path), Clone::clone)
}

/// Returns the name of an operation without `operationId`: `GET /pets/{id}` is `get_pets_by_id`.
pub(super) fn unnamed_operation(method: &str, path: &str) -> String {
    let mut words = vec![method.to_lowercase()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(parameter) => words.push(format!("by {parameter}")),
            None => words.push(segment.to_owned()),
        }
    }
    words.join(" ")
}

/// Returns the name of a list's item: `grant_types` has the item `grant_type`.
///
/// Appends `item` to a word that is not a plural.
pub(crate) fn singular(text: &str) -> String {
    let keeps_s = ["ss", "us", "is"].iter().any(|end| text.ends_with(end));
    if let Some(stem) = text.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        format!("{stem}y")
    } else if let Some(stem) = ["sses", "shes", "ches", "xes"].iter().find_map(|end| {
        let stem = text.strip_suffix("es")?;
        text.ends_with(end).then_some(stem)
    }) {
        stem.to_owned()
    } else if let Some(stem) = text
        .strip_suffix('s')
        .filter(|stem| !keeps_s && stem.len() > 1)
    {
        stem.to_owned()
    } else {
        format!("{text} item")
    }
}

/// Returns the name of the variant for a status: its reason phrase (RFC 9110, section 15).
pub(super) fn status(code: u16) -> String {
    let phrase = match code {
        100 => "Continue",
        101 => "SwitchingProtocols",
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        407 => "ProxyAuthenticationRequired",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        414 => "UriTooLong",
        415 => "UnsupportedMediaType",
        416 => "RangeNotSatisfiable",
        417 => "ExpectationFailed",
        421 => "MisdirectedRequest",
        422 => "UnprocessableContent",
        423 => "Locked",
        424 => "FailedDependency",
        425 => "TooEarly",
        426 => "UpgradeRequired",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        _ => return format!("Status{code}"),
    };
    phrase.to_owned()
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

    #[test]
    fn an_item_is_called_by_the_singular_of_its_list() {
        for (plural, one) in [
            ("grant_types", "grant_type"),
            ("policies", "policy"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("status", "status item"),
            ("data", "data item"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }

    #[test]
    fn two_of_a_name_are_numbered_and_the_prelude_is_left_alone() {
        let mut names = Names::default();
        assert_eq!(names.type_in(&[], "pet").as_str(), "Pet");
        assert_eq!(names.type_in(&[], "Pet").as_str(), "Pet2");
        assert_eq!(names.type_in(&[], "Option").as_str(), "OptionSchema");
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

    #[test]
    fn an_operation_without_a_name_is_called_by_method_and_path() {
        assert_eq!(
            MethodName::new(&unnamed_operation("GET", "/pets/{id}/toys")).as_str(),
            "get_pets_by_id_toys"
        );
    }
}
