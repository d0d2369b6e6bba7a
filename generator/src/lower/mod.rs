//! The document becomes the intermediate representation.
//!
//! This is the only folder that knows both, and the one that decides: on names,
//! on types, on what is absent, null or a default. What it cannot carry it reports.

mod body;
mod bounds;
mod branch_test;
mod call;
mod circle;
mod composition;
mod constant;
mod content;
mod cycles;
mod default_value;
mod digits;
mod docs;
mod enumeration;
mod example;
mod facets;
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
mod pagination;
mod parameter;
mod proof;
mod recursion;
mod reference;
mod response;
mod sample_tag;
mod schema;
mod secret;
mod shown;
mod stream;
mod tag;
mod traits;
mod usage;
mod webhook;
mod wire;
mod written;

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, SchemaNode, Validity};
use crate::ident::ModuleName;
use crate::ir::{
    Api, ArrayForm, Docs, Module, OperationGroup, Owner, ResponseCase, Status, TypeDef, TypePath,
    WireTests,
};
use crate::limits;
use crate::pointer::Pointer;

use circle::Circular;
use composition::UnionSource;
use default_value::Pending;
use facets::FacetsKey;
use hierarchy::Hierarchies;
use multipart::MultipartSchemas;
use naming::Names;
use proof::Examples;
use schema::Typed;
use shown::Shown;
use usage::{Usage, Usages};

/// Schemas without a declaration of their own stand in one another as deep as this. To lower one
/// takes some 13 kB of the stack in an unoptimized build.
const DEEPEST: usize = 500;

/// A place where the document leaves a value open, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untyped {
    /// The schema.
    pub pointer: Pointer,
    /// Why its type is any JSON value.
    pub reason: &'static str,
}

/// The whole crate as data, and what was left open.
#[derive(Clone, Debug)]
pub struct Lowered {
    /// What is to be generated.
    pub api: Api,
    /// Every place where a type is any JSON value.
    pub untyped: Vec<Untyped>,
    /// The schemas that each variant of a union is made from, in the order of the variants.
    pub branches: BTreeMap<TypePath, Vec<Vec<Pointer>>>,
}

/// What the user chooses where the specification leaves a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How the style `deepObject` writes an array.
    pub deep_object_arrays: ArrayForm,
}

/// Decides what is generated from a document.
///
/// Findings go to `diagnostics`; what is returned is meant to be used only where
/// none of them is an error.
#[must_use]
pub fn lower(document: &Document, options: Options, diagnostics: &mut Diagnostics) -> Lowered {
    let hierarchies = Rc::new(Hierarchies::of(document));
    let mut lowering = Lowering {
        document,
        options,
        diagnostics,
        usages: Usages::of(document, &hierarchies),
        shown: Shown::of(document),
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
    lowering.components();
    // Operations look through aliases, and may add types of their own.
    lowering.break_circles();
    let mut groups = lowering.operations();
    let webhooks = lowering.webhooks();
    lowering.break_circles();
    lowering.unused_examples();
    recursion::close(&mut lowering.types);
    lowering.constants(&groups, &webhooks);
    lowering.defaults();
    lowering.call_examples(&mut groups);
    lowering.links(&mut groups);
    let examples = lowering.example_groups();
    let branches = lowering.branches();
    let Lowering {
        types,
        modules,
        untyped,
        ..
    } = lowering;
    let (groups, calls): (Vec<OperationGroup>, Vec<_>) = groups
        .into_iter()
        .map(|group| (group.done, group.calls))
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
        examples,
        wire: WireTests::default(),
    };
    pagination::bind(&mut api);
    wire::tests(document, options, &mut api, &calls);
    identical::merge(&mut api.types, &mut api.modules);
    stream::bind(&mut api);
    traits::decide(&mut api.types);
    Lowered {
        api,
        untyped,
        branches,
    }
}

/// The state of one run.
struct Lowering<'d, 'r> {
    document: &'d Document,
    options: Options,
    diagnostics: &'r mut Diagnostics,
    usages: Usages,
    shown: Shown,
    multipart: MultipartSchemas,
    /// The schemas that discriminators select.
    hierarchies: Rc<Hierarchies<'d>>,
    names: Names,
    types: Vec<TypeDef>,
    /// The declared type of each schema that has one.
    by_pointer: HashMap<Pointer, TypePath>,
    /// How many branches are merged inside of merged branches, so far.
    combinations: usize,
    /// What a reference to each schema is, as far as it was asked for.
    references: HashMap<Pointer, Typed>,
    /// How many declarations of schemas that are no components are under way.
    nested: usize,
    /// How many schemas without a declaration of their own are being lowered inside one another.
    depth: usize,
    /// Such schemas that are to be declared once those are done.
    waiting: Vec<(SchemaNode<'d>, TypePath)>,
    /// The responses that operations share.
    responses: HashMap<(Pointer, Status), ResponseCase>,
    modules: Vec<Module>,
    /// The module of each type or operation that has inline schemas.
    module_of: HashMap<OwnerKey, Vec<ModuleName>>,
    /// The inline schemas of each module, so that the same one is declared once: its
    /// words, and whether it is of a multipart body, where they mean something else.
    inline: HashMap<Vec<ModuleName>, Vec<(InlineText, TypePath)>>,
    /// The declared type of each set of schemas that one value has to fulfil.
    merged: HashMap<FacetsKey, TypePath>,
    /// The sets that are being lowered and have no declared type.
    open: Vec<FacetsKey>,
    /// Defaults, which are checked once every type is known.
    pending: Vec<Pending<'d>>,
    /// The examples, which are checked once every type is known.
    examples: Examples<'d>,
    untyped: Vec<Untyped>,
    /// What the variants of each union are made from.
    unions: Vec<UnionSource<'d>>,
    /// The branches that are left out because they lead back to their own union.
    circular: Circular,
    /// What is in `untyped` already, or was done once for all places.
    noted: HashSet<(Pointer, &'static str)>,
    validity: Validity<'d>,
    /// The parts that further types may have.
    room: usize,
    /// The name of each parameter, by where it is written out.
    parameter_names: OnceCell<HashMap<Pointer, &'d str>>,
    /// The schemas whose text is JSON that is read, too: the data of events.
    encoded_data: HashSet<Pointer>,
}

/// The words of an inline schema, and whether it is of a multipart body.
type InlineText = (String, bool);

/// What a module of inline schemas belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum OwnerKey {
    Type(TypePath),
    /// An operation, by its method's name.
    Operation(String),
}

/// Where an inline schema stands: what its type is named by, and declared in.
#[derive(Clone, Debug)]
struct Place {
    owner: OwnerKey,
    /// What the schema is called there: a property's name, a status.
    hint: String,
    usage: Usage,
}

impl Place {
    fn named(&self, hint: impl Into<String>) -> Self {
        Self {
            hint: hint.into(),
            ..self.clone()
        }
    }
}

impl Lowering<'_, '_> {
    /// Takes room for parts of types, which schemas that share others can multiply; `false`, and an
    /// error, where there is none.
    fn charge(&mut self, at: &Pointer, parts: usize) -> bool {
        if let Some(room) = self.room.checked_sub(parts) {
            self.room = room;
            return true;
        }
        // Once is enough, and what comes after it ends soon.
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

    /// Goes one schema deeper, into what stands in another one or is merged of several; `false`, and
    /// an error, where that is too deep. Schemas that are merged lead on to the ones that these refer
    /// to, each time without a declaration in between.
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

    /// The docs of what may share its words with many others, as far as there is room for them.
    fn docs(&mut self, at: Option<&Pointer>, make: impl FnOnce() -> Docs) -> Docs {
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

    /// The schemas that each variant of a union is made from.
    fn branches(&self) -> BTreeMap<TypePath, Vec<Vec<Pointer>>> {
        let unions = self.unions.iter().map(|union| {
            let variants = union.variants.iter().map(|branches| {
                let pointers = branches.iter().map(|branch| branch.node.pointer().clone());
                pointers.collect()
            });
            (union.path.clone(), variants.collect())
        });
        unions.collect()
    }

    /// The module in which an owner's inline schemas are declared.
    fn module(&mut self, owner: &OwnerKey) -> Vec<ModuleName> {
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
