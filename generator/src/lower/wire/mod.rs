//! The generated test of each operation: a request from the document's examples, its expected form
//! on the wire, and each documented response with its expected result.

mod answer;
mod documented;
mod justified;
mod made;
mod mended;
mod pages;
mod request;
mod room;
mod style;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use crate::document::{Document, SchemaNode};
use crate::ident::MethodName;
use crate::ir::{
    Api, Credential, Operation, SchemeKind, SecurityScheme, Server, Type, TypeDef, TypePath,
    WireAnswer, WireTest, WireTests,
};

use crate::limits::{self, Room};
use crate::pointer::Pointer;

use super::Options;
use super::call::Call;
use super::default::Values;
use super::example::{self, Direction, Made};
use super::written::Codec;
use request::Given;

/// The assumed origin of a document without servers or with a relative one.
const ORIGIN: &str = "https://api.example.com";

/// The parameters for creating a value from a schema.
#[derive(Clone, Copy)]
struct Making<'n, 'd> {
    node: &'n SchemaNode<'d>,
    /// The name of the value.
    hint: &'n str,
    direction: Direction,
    /// The number of nesting levels for which optional properties are filled in.
    levels: usize,
    /// A suffix for generated text.
    odd: &'static str,
}

/// The inputs for creating the tests.
#[derive(Clone, Copy)]
struct Tester<'t> {
    document: &'t Document,
    codec: &'t Codec<'t>,
    /// The names of all methods.
    methods: &'t HashSet<MethodName>,
    schemes: &'t [SecurityScheme],
    /// The URL of the client's server.
    server: &'t str,
    /// The answers of responses so far, by pointer and number of bodies.
    known: &'t RefCell<HashMap<(Pointer, usize), Vec<WireAnswer>>>,
    made: &'t Made,
    options: Options,
    /// Converts JSON to values that Rust has expressions for.
    expressions: &'t Values<'t>,
}

/// Sets the tests of each operation.
pub(super) fn tests(document: &Document, options: Options, api: &mut Api, calls: &[Vec<Call<'_>>]) {
    let index: HashMap<TypePath, usize> = paths(&api.types).zip(0..).collect();
    let codec = Codec::new(&api.types);
    let operations = api.groups.iter().flat_map(|group| &group.operations);
    let methods = operations.map(|operation| operation.method_name.clone());
    let methods = methods.collect();
    let own = api.servers.first().map(Server::default_url);
    let absolute = own.clone().filter(|url| is_absolute(url));
    let server = absolute.clone().unwrap_or_else(|| {
        let path = own.filter(|url| url.starts_with('/') && !url.contains('{'));
        format!("{ORIGIN}{}", path.unwrap_or_default())
    });
    let tester = Tester {
        document,
        codec: &codec,
        methods: &methods,
        schemes: &api.schemes,
        server: &server,
        known: &RefCell::default(),
        made: &Made::default(),
        options,
        expressions: &Values::new(&api.types, &index, &codec, false),
    };
    let room = Room::new(limits::TEST_VALUES, limits::TEST_BYTES);
    for (group, calls) in api.groups.iter_mut().zip(calls) {
        for (operation, call) in group.operations.iter_mut().zip(calls) {
            operation.tests = room::within(&room, || tester.operation(operation, call));
        }
    }
    api.wire = WireTests {
        server: absolute.is_none().then(|| server.clone()),
        credentials: api.schemes.iter().map(credential).collect(),
    };
}

fn paths(types: &[TypeDef]) -> impl Iterator<Item = TypePath> {
    types.iter().map(|def| def.path.clone())
}

/// Returns a value whose numbers without fraction are integers: `1` instead of `1.0`.
fn plain(json: Json) -> Json {
    /// Integers below this are exact in an `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match json {
        Json::Array(items) => items.into_iter().map(plain).collect(),
        Json::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, json)| (name, plain(json))).collect()
        }
        Json::Number(number) => match number.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => {
                Json::from(float as i64)
            }
            _ => Json::Number(number),
        },
        json => json,
    }
}

/// Returns true if a client can be created for a URL as it is.
fn is_absolute(url: &str) -> bool {
    let after = ["https://", "http://"].iter().find_map(|scheme| {
        let start = url.get(..scheme.len())?;
        start
            .eq_ignore_ascii_case(scheme)
            .then(|| url.get(scheme.len()..))?
    });
    after.is_some_and(|after| {
        !after.is_empty() && !after.starts_with('/') && !after.contains(['{', '@', '?', '#', ' '])
    })
}

/// Returns the dummy credential of a scheme.
fn credential(scheme: &SecurityScheme) -> Credential {
    let setter = scheme.name.rust.clone();
    let (arguments, secret) = match &scheme.kind {
        SchemeKind::MutualTls => (0, None),
        SchemeKind::Basic => (2, Some(basic(scheme))),
        _ => (1, Some(secret(scheme))),
    };
    Credential {
        setter,
        arguments,
        secret,
    }
}

/// Returns the secret that `credential` in the generated tests derives from the name of an
/// environment variable.
fn secret(scheme: &SecurityScheme) -> String {
    let name = scheme.name.rust.as_str();
    let name = name.strip_prefix("r#").unwrap_or(name);
    format!("secret-of-{}", name.to_ascii_uppercase())
}

/// Returns the encoded user and password (RFC 7617, section 2).
fn basic(scheme: &SecurityScheme) -> String {
    use base64::Engine as _;
    let secret = secret(scheme);
    base64::engine::general_purpose::STANDARD.encode(format!("{secret}_USER:{secret}_PASSWORD"))
}

impl Tester<'_> {
    fn operation(self, operation: &Operation, call: &Call<'_>) -> Result<Vec<WireTest>, String> {
        let answers = self.answers(operation, call);
        let first = self.test(operation, call, Given::default())?;
        let pages = self.pages(operation, call, &first, &answers);
        let mut tests = vec![WireTest {
            answers,
            pages,
            ..first
        }];
        let bodies = operation.body.iter();
        let choices = bodies.flat_map(|body| &body.choices).enumerate();
        for (choice, body) in choices {
            if choice > 0 {
                tests.push(self.test(operation, call, Given::All { choice, branch: 0 })?);
            }
            let branches = 1..self.branches(body, call);
            let others = branches.filter_map(|branch| {
                self.test(operation, call, Given::All { choice, branch })
                    .ok()
            });
            tests.extend(others);
        }
        let mut samples = operation.parameters.iter().zip(&call.parameters);
        if samples.any(|(parameter, sample)| self.empty_list(parameter, sample).is_some()) {
            tests.push(self.test(operation, call, Given::EmptyLists)?);
        }
        Ok(tests)
    }

    /// Returns a name for a test that no operation has.
    fn unused(self, name: &MethodName) -> MethodName {
        let mut unused = name.clone();
        while self.methods.contains(&unused) {
            unused = unused.suffixed("_again");
        }
        unused
    }

    /// Returns a value of a type, and the value that the type writes after reading it. It is the
    /// first valid one among the document's examples and those created from the schema, or one
    /// created from the type.
    fn value<'g>(
        self,
        ty: &Type,
        given: impl IntoIterator<Item = &'g Json>,
        making: Option<Making<'_, '_>>,
        fits: impl Fn(&Json) -> bool,
    ) -> Option<(Json, Json)> {
        let read = |json: Json| {
            let mut written = plain(self.codec.written(ty, &json)?);
            if making.is_some_and(|it| !justified::is_justified(it.node, &json, &written)) {
                written = plain(json.clone());
            }
            fits(&written).then_some((json, written))
        };
        let from_schema = |levels| {
            let Making {
                node,
                hint,
                direction,
                odd,
                ..
            } = making?;
            let json = example::full(self.made, node, hint, direction, levels, odd)?;
            read(json.clone()).or_else(|| read(mended::mended(self.codec, ty, json)))
        };
        let full = making.map_or(0, |making| making.levels);
        given
            .into_iter()
            .find_map(|json| read(json.clone()))
            .or_else(|| from_schema(full))
            .or_else(|| from_schema(0))
            .or_else(|| read(made::value(self.codec, ty)?))
    }
}
