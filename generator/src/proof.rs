//! Plans the examples and tests of the generated crate: their values, requests and expected
//! results.
//!
//! The tests check the generated crate against the document, so `oracle` takes the expected requests
//! and responses from the document and the specifications, not from the decisions of `lower`.

mod calls;
mod examples;
pub mod model;
mod oracle;
mod sample;
mod union_samples;

use crate::diagnostic::Diagnostics;
use crate::document::Document;
use crate::ir::Api;
use crate::lower::{Options, Origins};
use crate::values::RoundTrip;

use calls::Calls;
pub use model::{OperationTests, Tests};

/// Plans the examples and tests of a crate.
///
/// `origins` are the parts of the document that the crate's types and operations come from.
/// `diagnostics` receives a warning for each example that its own schema does not allow.
#[must_use]
pub fn plan(
    document: &Document,
    api: &Api,
    origins: &Origins<'_>,
    options: Options,
    diagnostics: &mut Diagnostics,
) -> Tests {
    let codec = RoundTrip::new(api.shapes());
    let examples = examples::groups(document, api, origins, &codec, diagnostics);
    let arrays = options.deep_object_arrays;
    let (tests, wire) = oracle::tests(document, api, &origins.operations, arrays);
    let calls = Calls::new(document, &codec);
    let groups = api.groups.iter().zip(&origins.operations);
    let operations = groups.flat_map(|(group, origins)| group.operations.iter().zip(origins));
    let operations = operations.zip(tests).map(|((operation, origin), tests)| {
        let example = calls.call(operation, origin);
        let name = operation.method_name.clone();
        (name, OperationTests { example, tests })
    });
    Tests {
        examples,
        wire,
        operations: operations.collect(),
    }
}
