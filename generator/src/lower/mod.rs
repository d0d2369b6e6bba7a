//! Converts the document to the intermediate representation.
//!
//! This is the only stage that knows both. It makes all decisions: names, types, presence and
//! defaults. It reports everything that it cannot represent.

mod all_of;
mod body;
mod bounds;
mod circle;
mod constant;
mod content;
mod cycles;
mod default;
mod directions;
mod discriminator;
mod docs;
mod enumeration;
mod examples;
mod format_violations;
mod hierarchy;
mod idempotency;
mod identical;
mod info;
mod integer;
mod link;
mod media_type;
mod mention;
mod multipart;
mod naming;
mod object;
mod operation;
mod origins;
mod pagination;
mod parameter;
mod recursion;
mod reference;
mod response;
mod schema;
mod secret;
mod stream;
mod traits;
mod union;
mod webhook;

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, SchemaNode, Validity};
use crate::ident::ModuleName;
use crate::ir::{
    Api, ArrayForm, Docs, Module, OperationGroup, Owner, ResponseCase, Status, TypeDef, TypePath,
};
use crate::limits;
use crate::pointer::Pointer;

pub(crate) use all_of::{Alternatives, MergedSchema};
pub(crate) use circle::Circular;
pub(crate) use default::{compared, not_checked};
pub(crate) use examples::{DocumentedExample, documented_values};
pub(crate) use media_type::{essence, is_json, is_range, listed, preference};
pub(crate) use naming::{TestNames, operation as operation_text, singular};
pub use origins::Origins;
pub(crate) use origins::{OperationOrigin, ParameterOrigin};
pub(crate) use response::status;
pub(crate) use union::{Branch, UnionSource, is_constraint};

use all_of::MergedSchemaKey;
use default::DefaultCandidate;
use directions::{Directions, SchemaDirections};
use examples::Examples;
use format_violations::FormatViolations;
use hierarchy::Hierarchies;
use multipart::MultipartSchemas;
use naming::Names;
use schema::Typed;

/// Maximum depth of nested schemas without a declaration. Lowering one uses about 13 kB of stack in
/// an unoptimized build.
const DEEPEST: usize = 500;

/// A schema whose type is any JSON value, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// The reason.
    pub reason: &'static str,
}

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

/// Options for cases that the specification does not define.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The serialization of arrays in the style `deepObject`.
    pub deep_object_arrays: ArrayForm,
}

/// Lowers a document.
///
/// `diagnostics` receives the findings. The result must only be used if none of them is an error.
#[must_use]
pub fn lower<'d>(
    document: &'d Document,
    options: Options,
    diagnostics: &mut Diagnostics,
) -> Lowered<'d> {
    let hierarchies = Rc::new(Hierarchies::of(document));
    let mut lowering = Lowering {
        document,
        options,
        diagnostics,
        schema_directions: SchemaDirections::of(document, &hierarchies),
        format_violations: FormatViolations::of(document),
        multipart: MultipartSchemas::of(document),
        hierarchies,
        names: Names::default(),
        types: Vec::new(),
        by_pointer: HashMap::new(),
        combinations: 0,
        references: HashMap::new(),
        nested: 0,
        depth: 0,
        waiting: Vec::new(),
        responses: HashMap::new(),
        modules: Vec::new(),
        module_of: HashMap::new(),
        inline: HashMap::new(),
        merged: HashMap::new(),
        open: Vec::new(),
        pending: Vec::new(),
        examples: Examples::default(),
        untyped: Vec::new(),
        unions: Vec::new(),
        circular: Circular::default(),
        noted: HashSet::new(),
        validity: Validity::default(),
        room: limits::TYPE_PARTS,
        parameter_names: OnceCell::new(),
        encoded_data: stream::encoded_data(document),
    };
    lowering.lower_components();
    // Operations resolve aliases and may add types of their own.
    lowering.break_circles();
    let mut groups = lowering.lower_operations();
    let webhooks = lowering.lower_webhooks();
    lowering.break_circles();
    lowering.unused_examples();
    recursion::close(&mut lowering.types);
    lowering.constants(&groups, &webhooks);
    lowering.defaults();
    lowering.resolve_links(&mut groups);
    let branches = lowering.union_branches();
    let Lowering {
        types,
        modules,
        untyped,
        unions,
        circular,
        examples,
        validity,
        ..
    } = lowering;
    let (groups, operations): (Vec<OperationGroup>, Vec<_>) = groups
        .into_iter()
        .map(|group| (group.done, group.origins))
        .unzip();
    let servers = info::servers(document, &groups);
    let mut api = Api {
        info: info::info(document, diagnostics),
        server_variables: info::server_variables(document, &servers, &groups),
        servers,
        schemes: info::schemes(document),
        security: info::security(document, None),
        modules,
        secret_names: secret::names(&types, &groups),
        types,
        chapters: info::chapters(document, &groups),
        groups,
        webhooks,
    };
    pagination::bind(&mut api);
    identical::merge(&mut api.types, &mut api.modules);
    stream::bind(&mut api);
    traits::decide(&mut api.types);
    Lowered {
        api,
        untyped,
        branches,
        origins: Origins {
            operations,
            unions,
            circular,
            examples: examples.into_list(),
            validity,
        },
    }
}

/// The state of one run.
struct Lowering<'d, 'r> {
    document: &'d Document,
    options: Options,
    diagnostics: &'r mut Diagnostics,
    schema_directions: SchemaDirections,
    format_violations: FormatViolations,
    multipart: MultipartSchemas,
    /// The schemas selected by discriminators.
    hierarchies: Rc<Hierarchies<'d>>,
    names: Names,
    types: Vec<TypeDef>,
    /// The declared types by schema.
    by_pointer: HashMap<Pointer, TypePath>,
    /// The number of branches merged into nested unions so far.
    combinations: usize,
    /// The types of references resolved so far.
    references: HashMap<Pointer, Typed>,
    /// The number of nested declarations, being lowered, of schemas outside of `components`.
    nested: usize,
    /// The nesting depth of the schemas without a declaration that are being lowered.
    depth: usize,
    /// Schemas to be declared after those.
    waiting: Vec<(SchemaNode<'d>, TypePath)>,
    /// The responses that operations share.
    responses: HashMap<(Pointer, Status), ResponseCase>,
    modules: Vec<Module>,
    /// The module for the inline schemas of each type or operation.
    module_of: HashMap<OwnerKey, Vec<ModuleName>>,
    /// The inline schemas of each module by their text, so that equal ones are declared once. The
    /// flag is true in a multipart body, where the same text has another meaning.
    inline: HashMap<Vec<ModuleName>, Vec<(InlineText, TypePath)>>,
    /// The declared type for each set of merged schemas.
    merged: HashMap<MergedSchemaKey, TypePath>,
    /// The sets without a declared type that are being lowered.
    open: Vec<MergedSchemaKey>,
    /// The defaults, checked when all types are known.
    pending: Vec<DefaultCandidate<'d>>,
    /// The examples, checked when all types are known.
    examples: Examples<'d>,
    untyped: Vec<Untyped>,
    /// The unions with the sources of their variants.
    unions: Vec<UnionSource<'d>>,
    /// The branches removed because they refer back to their own union.
    circular: Circular,
    /// Findings that were already reported, so that each is reported once.
    noted: HashSet<(Pointer, &'static str)>,
    validity: Validity<'d>,
    /// The budget for further parts of types.
    room: usize,
    /// The names of parameters by pointer.
    parameter_names: OnceCell<HashMap<Pointer, &'d str>>,
    /// The schemas whose text is JSON that is read, too: the data of events.
    encoded_data: HashSet<Pointer>,
}

/// The text of an inline schema, and true for one in a multipart body.
type InlineText = (String, bool);

/// The owner of a module of inline schemas.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum OwnerKey {
    Type(TypePath),
    /// An operation, by its method name.
    Operation(String),
}

/// The place of an inline schema, which determines the name and module of its type.
#[derive(Clone, Debug)]
struct InlineSite {
    owner: OwnerKey,
    /// The name of the schema: a property name or a status.
    hint: String,
    directions: Directions,
}

impl InlineSite {
    fn named(&self, hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..self.clone()
        }
    }
}

impl Lowering<'_, '_> {
    /// Reserves budget for parts of types, which schemas with shared parts can multiply. Returns
    /// `false`, and reports an error, if it is exhausted.
    fn charge(&mut self, at: &Pointer, parts: usize) -> bool {
        if let Some(room) = self.room.checked_sub(parts) {
            self.room = room;
            return true;
        }
        // Report it once; everything after it is skipped.
        if self
            .noted
            .insert((Pointer::root(), "the types are too large"))
        {
            let most = limits::TYPE_PARTS;
            let message = format!("the types have more than {most} fields, values and defaults");
            self.diagnostics.push(
                Diagnostic::error(code::TOO_LARGE, at, message)
                    .label("the limit is reached here")
                    .help("split the document, or let fewer schemas extend large ones"),
            );
        }
        self.room = 0;
        false
    }

    /// Enters a nested or merged schema. Returns `false`, and reports an error, at the maximum
    /// depth. Merged schemas can lead to further ones without a declaration in between.
    fn deepen(&mut self, at: &Pointer) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        let says = "the schemas are nested too deeply";
        if self.noted.insert((Pointer::root(), says)) {
            let message = format!("combined schemas are nested more than {DEEPEST} deep");
            self.diagnostics.push(
                Diagnostic::error(code::TOO_DEEP, at, message)
                    .label("the limit is reached here")
                    .help("refer to one of the schemas from a property, or use fewer levels"),
            );
        }
        false
    }

    /// Returns docs that many items may share, within the budget.
    fn lower_docs(&mut self, at: Option<&Pointer>, make: impl FnOnce() -> Docs) -> Docs {
        if self.room == 0 {
            return Docs::default();
        }
        let docs = make();
        let texts = docs.summary.iter().chain(&docs.description);
        let length: usize = texts.chain(&docs.notes).map(String::len).sum();
        let at = at.cloned().unwrap_or_default();
        if self.charge(&at, length / limits::TEXT_OF_A_PART) {
            docs
        } else {
            Docs::default()
        }
    }

    /// Returns the pointers to the schemas of each union's variants.
    fn union_branches(&self) -> BTreeMap<TypePath, Vec<Vec<Pointer>>> {
        let unions = self.unions.iter().map(|union| {
            let variants = union.variants.iter().map(|branches| {
                let pointers = branches.iter().map(|branch| branch.node.pointer().clone());
                pointers.collect()
            });
            (union.path.clone(), variants.collect())
        });
        unions.collect()
    }

    /// Returns the module for an owner's inline schemas.
    fn declare_module(&mut self, owner: &OwnerKey) -> Vec<ModuleName> {
        if let Some(path) = self.module_of.get(owner) {
            return path.clone();
        }
        let (mut path, text, shown) = match owner {
            OwnerKey::Type(path) => (
                path.modules.clone(),
                path.name.as_str().to_owned(),
                Owner::Type(path.clone()),
            ),
            OwnerKey::Operation(method) => {
                (Vec::new(), method.clone(), Owner::Operation(method.clone()))
            }
        };
        let name = self.names.module_in(&path, &text);
        path.push(name);
        self.modules.push(Module {
            path: path.clone(),
            owner: shown,
            same_as: None,
        });
        self.module_of.insert(owner.clone(), path.clone());
        path
    }
}
