//! Converts the document to the intermediate representation.
//!
//! This is the only stage that knows both. It makes all decisions: names, types, presence and
//! defaults. It reports everything that it cannot represent.

mod all_of;
mod body;
mod branch;
mod branch_tags;
mod collect_examples;
mod collection;
mod comparison;
mod complete_types;
mod component;
mod constant;
mod context;
mod contradictory_bounds;
mod contradictory_types;
mod default;
mod deferred;
mod directions;
mod discriminator;
mod docs;
mod documented_example;
mod enumeration;
mod findings;
mod finish;
mod format_violations;
mod graph_cycles;
mod hierarchy;
mod idempotency;
mod identical;
mod info;
mod inline_site;
mod integer;
mod link;
mod listed_values;
mod lowering;
mod media_type;
mod multipart;
mod name_words;
mod naming;
mod nullable_type;
mod object;
mod operation;
mod operation_draft;
mod origins;
mod pagination;
mod parameter;
mod recursion;
mod reference;
mod response;
mod response_content;
mod response_draft;
mod scalar;
mod schema;
mod secret;
mod security;
mod selected_schemas;
mod server;
mod stream;
mod tag_fields;
mod type_draft;
mod type_form;
mod type_uses;
mod types;
mod union;
mod union_circle;
mod variant;
mod webhook;

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::document::Document;
use crate::ir::{Api, Module, OperationGroup, TypeDef, TypePath, Webhook};
use crate::pointer::Pointer;

pub(crate) use all_of::{Alternatives, MergedSchema};
pub(crate) use branch::{Branch, Circular, UnionSource, is_constraint};
pub(crate) use comparison::{compared, not_checked};
pub use context::Options;
pub(crate) use documented_example::{DocumentedExample, documented_values};
pub use findings::Untyped;
pub(crate) use media_type::{essence, is_json, is_range, listed, preference};
pub(crate) use name_words::{operation as operation_text, singular};
pub(crate) use naming::TestNames;
pub use origins::Origins;
pub(crate) use origins::{OperationOrigin, ParameterOrigin};
pub(crate) use response::status;

use context::Context;
use directions::SchemaDirections;
use format_violations::FormatViolations;
use hierarchy::Hierarchies;
use lowering::Lowering;
use multipart::MultipartSchemas;

/// The crate as data, the untyped schemas, and the origins.
pub struct Lowered<'d> {
    /// The crate to generate.
    pub api: Api,
    /// The schemas whose type is any JSON value.
    pub untyped: Vec<Untyped>,
    /// The pointers to the schemas of each union's variants, in the order of the variants.
    pub branches: BTreeMap<TypePath, Vec<Vec<Pointer>>>,
    /// The origins of the types and operations in the document.
    pub origins: Origins<'d>,
}

/// Lowers a document, in this order:
///
/// 1. Declare the types of components, operations and webhooks. Circles of aliases are broken
///    before operations are lowered, because these follow aliases, and again afterwards, because
///    they add types.
/// 2. Change types whose form depends on all types: box recursive ones, and turn fields with a
///    single value into constants.
/// 3. Decide who writes the tags of unions, and check the defaults. (Examples are checked by
///    `proof`.)
/// 4. Complete the types, and re-export identical ones.
/// 5. Complete the operations: find the targets of links, and the fields of types that pages and
///    streams use.
///
/// Until then, types and operations are drafts. No value of the intermediate representation changes
/// after it is created.
///
/// `diagnostics` receives the findings. The result must only be used if none of them is an error.
#[must_use]
pub fn lower<'d>(
    document: &'d Document,
    options: Options,
    diagnostics: &mut Diagnostics,
) -> Lowered<'d> {
    let hierarchies = Hierarchies::new(document);
    let context = Context {
        document,
        options,
        schema_directions: SchemaDirections::of(document, &hierarchies),
        format_violations: FormatViolations::new(document),
        multipart: MultipartSchemas::new(document),
        hierarchies,
        encoded_data: stream::encoded_data(document),
        parameter_names: OnceCell::new(),
    };
    let mut lowering = Lowering::new(&context, diagnostics);
    lowering.lower_components();
    lowering.break_circles();
    let groups = lowering.lower_operations();
    let webhooks = lowering.lower_webhooks();
    lowering.break_circles();
    lowering.unused_examples();
    recursion::close(&mut lowering.types);
    lowering.constants(&groups, &webhooks);
    let tag_sources = constant::tag_sources(&lowering.types);
    let defaults = lowering.defaults(&tag_sources);
    let branches = lowering.union_branches();
    let Lowering {
        types,
        deferred,
        mut findings,
        validity,
        unions,
        circular,
        ..
    } = lowering;
    let types = finish::types(types, &tag_sources, &defaults);
    let (groups, operations) = finish::operations(groups, &types.0, &mut findings);
    Lowered {
        api: assemble(document, types, groups, webhooks, findings.diagnostics),
        untyped: findings.untyped,
        branches,
        origins: Origins {
            operations,
            unions,
            circular,
            examples: deferred.examples.into_list(),
            validity,
        },
    }
}

/// Assembles the crate.
fn assemble(
    document: &Document,
    (types, modules): (Vec<TypeDef>, Vec<Module>),
    groups: Vec<OperationGroup>,
    webhooks: Vec<Webhook>,
    diagnostics: &mut Diagnostics,
) -> Api {
    let servers = server::servers(document, &groups);
    Api {
        info: info::info(document, diagnostics),
        server_variables: server::server_variables(document, &servers, &groups),
        servers,
        schemes: security::schemes(document),
        security: security::security(document, None),
        modules,
        secret_names: secret::names(&types, &groups),
        types,
        chapters: info::chapters(document, &groups),
        groups,
        webhooks,
    }
}
