//! The generated tests of each operation: requests from the document's examples, their expected form
//! on the wire, and each documented response with its expected result.

use std::cell::RefCell;

use crate::document::Document;
use crate::ident::MethodName;
use crate::ir::{Api, ArrayForm, Operation, Server};
use crate::lower::OperationOrigin;
use crate::output_limits::{self, Room};
use crate::proof::model::{WireTest, WireTests};
use crate::proof::sample::SampleCache;
use crate::values::{RoundTrip, ValueReader};

use super::budget;
use super::credential::credential;
use super::request::Given;
use super::test_values::{ORIGIN, Tester, is_absolute};

/// The tests of an operation, or the reason why there are none.
pub(in crate::proof) type Planned = Result<Vec<WireTest>, String>;

/// Returns the tests of each operation, in order, and the parts that they share.
pub(in crate::proof) fn tests(
    document: &Document,
    api: &Api,
    operations: &[Vec<OperationOrigin<'_>>],
    arrays: ArrayForm,
) -> (Vec<Planned>, WireTests) {
    let all = api.groups.iter().flat_map(|group| &group.operations);
    let methods = all.map(|operation| operation.method_name.clone());
    let methods = methods.collect();
    let own = api.servers.first().map(Server::default_url);
    let absolute = own.clone().filter(|url| is_absolute(url));
    let server = absolute.clone().unwrap_or_else(|| {
        let path = own.filter(|url| url.starts_with('/') && !url.contains('{'));
        format!("{ORIGIN}{}", path.unwrap_or_default())
    });
    let codec = RoundTrip::new(api.shapes());
    let tester = Tester {
        document,
        codec: &codec,
        methods: &methods,
        schemes: &api.schemes,
        server: &server,
        known: &RefCell::default(),
        cache: &SampleCache::default(),
        arrays,
        expressions: &ValueReader::new(&codec, false),
    };
    let room = Room::new(output_limits::TEST_VALUES, output_limits::TEST_BYTES);
    let groups = api.groups.iter().zip(operations);
    let operations = groups.flat_map(|(group, origins)| group.operations.iter().zip(origins));
    let tests = operations
        .map(|(operation, origin)| budget::within(&room, || tester.operation(operation, origin)));
    let tests = tests.collect();
    let shared = WireTests {
        server: absolute.is_none().then(|| server.clone()),
        credentials: api.schemes.iter().map(credential).collect(),
    };
    (tests, shared)
}

impl Tester<'_> {
    fn operation(self, operation: &Operation, origin: &OperationOrigin<'_>) -> Planned {
        let answers = self.answers(operation, origin);
        let first = self.test(operation, origin, Given::default())?;
        let pages = self.pages(operation, origin, &first, &answers);
        let mut tests = vec![WireTest {
            answers,
            pages,
            ..first
        }];
        let bodies = operation.body.iter();
        let choices = bodies.flat_map(|body| &body.choices).enumerate();
        for (choice, body) in choices {
            if choice > 0 {
                tests.push(self.test(operation, origin, Given::All { choice, branch: 0 })?);
            }
            let branches = 1..self.branches(body, origin);
            let others = branches.filter_map(|branch| {
                self.test(operation, origin, Given::All { choice, branch })
                    .ok()
            });
            tests.extend(others);
        }
        let mut samples = operation.parameters.iter().zip(&origin.parameters);
        if samples.any(|(parameter, sample)| self.empty_list(parameter, sample).is_some()) {
            tests.push(self.test(operation, origin, Given::EmptyLists)?);
        }
        Ok(tests)
    }

    /// Returns an unused name for a test.
    pub(super) fn unused(self, name: &MethodName) -> MethodName {
        let mut unused = name.clone();
        while self.methods.contains(&unused) {
            unused = unused.suffixed("_again");
        }
        unused
    }
}
