//! The generated test of each operation: a request from the document's examples, what it has to
//! be on the wire, and each documented response with what has to be read of it.

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
use super::default_value::Values;
use super::example::{self, Direction, Made};
use super::written::Codec;
use request::Given;

/// Where the servers of a document that names none, or a relative one, are taken to be.
const ORIGIN: &str = "https://api.example.com";

/// How a value is made of a schema.
#[derive(Clone, Copy)]
struct Making<'n, 'd> {
    node: &'n SchemaNode<'d>,
    /// What it is called.
    hint: &'n str,
    direction: Direction,
    /// So many levels have all that they can have.
    levels: usize,
    /// What made-up text ends with.
    odd: &'static str,
}

/// What making the tests needs to know.
#[derive(Clone, Copy)]
struct Tester<'t> {
    document: &'t Document,
    codec: &'t Codec<'t>,
    /// The names of all methods.
    methods: &'t HashSet<MethodName>,
    schemes: &'t [SecurityScheme],
    /// The URL of the client's server.
    server: &'t str,
    /// The answers of the responses so far, by where they stand and how many bodies they have.
    known: &'t RefCell<HashMap<(Pointer, usize), Vec<WireAnswer>>>,
    made: &'t Made,
    options: Options,
    /// Reads JSON as values that Rust has expressions for.
    expressions: &'t Values<'t>,
}

/// Gives each operation its tests.
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

/// A number without a fraction is written as an integer: `1`, where JSON may also have `1.0`.
fn plain(json: Json) -> Json {
    /// The integers below are exact in an `f64`.
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

/// Whether a client can be made for a URL as it is.
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

/// The dummy credential of a scheme.
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

/// As the tests' `credential` makes it of the name of a variable of the environment.
fn secret(scheme: &SecurityScheme) -> String {
    let name = scheme.name.rust.as_str();
    let name = name.strip_prefix("r#").unwrap_or(name);
    format!("secret-of-{}", name.to_ascii_uppercase())
}

/// User and password (RFC 7617, section 2).
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

    /// A name for a test that no operation has.
    fn unused(self, name: &MethodName) -> MethodName {
        let mut unused = name.clone();
        while self.methods.contains(&unused) {
            unused = unused.suffixed("_again");
        }
        unused
    }

    /// A value of a type, and what the type writes of it: the first that is one of those that
    /// the document has, or that are made from the schema; or else one that the type makes.
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
