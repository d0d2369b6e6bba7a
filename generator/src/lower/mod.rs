//! The document becomes the intermediate representation.
//!
//! This is the only folder that knows both, and the one that decides: on names,
//! on types, on what is absent, null or a default. What it cannot carry it reports.

mod body;
mod bounds;
mod call;
mod circles;
mod composition;
mod constant;
mod default_value;
mod docs;
mod enumeration;
mod example;
mod facets;
mod identical;
mod info;
mod integer;
mod link;
mod multipart;
mod naming;
mod object;
mod operation;
mod parameter;
mod proof;
mod recursion;
mod reference;
mod response;
mod schema;
mod shown;
mod tag;
mod usage;
mod webhook;
mod wire;
mod written;

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, SchemaNode, Validity};
use crate::ident::ModuleName;
use crate::ir::{
    Api, Docs, Module, OperationGroup, Owner, ResponseCase, Status, TypeDef, TypePath, WireTests,
};
use crate::limits;
use crate::pointer::Pointer;

use default_value::Pending;
use facets::FacetsKey;
use multipart::MultipartSchemas;
use naming::Names;
use proof::Examples;
use schema::Typed;
use shown::Shown;
use usage::{Usage, Usages};

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
}

/// Decides what is generated from a document.
///
/// Findings go to `diagnostics`; what is returned is meant to be used only where
/// none of them is an error.
#[must_use]
pub fn lower(document: &Document, diagnostics: &mut Diagnostics) -> Lowered {
    let mut lowering = Lowering {
        document,
        diagnostics,
        usages: Usages::of(document),
        shown: Shown::of(document),
        multipart: MultipartSchemas::of(document),
        extensions: composition::extensions(document),
        names: Names::default(),
        types: Vec::new(),
        by_pointer: HashMap::new(),
        references: HashMap::new(),
        responses: HashMap::new(),
        modules: Vec::new(),
        module_of: HashMap::new(),
        inline: HashMap::new(),
        merged: HashMap::new(),
        open: Vec::new(),
        pending: Vec::new(),
        examples: Examples::default(),
        untyped: Vec::new(),
        noted: HashSet::new(),
        validity: Validity::default(),
        room: limits::TYPE_PARTS,
        levels: 0,
        later: Vec::new(),
        parameter_names: OnceCell::new(),
    };
    lowering.components();
    let mut groups = lowering.operations();
    let webhooks = lowering.webhooks();
    lowering.later();
    lowering.unused_examples();
    recursion::close(&mut lowering.types);
    lowering.constants(&groups, &webhooks);
    lowering.defaults();
    lowering.call_examples(&mut groups);
    lowering.links(&mut groups);
    let examples = lowering.example_groups();
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
        types,
        chapters: info::chapters(document, &groups),
        groups,
        webhooks,
        examples,
        wire: WireTests::default(),
    };
    wire::tests(document, &mut api, &calls);
    identical::merge(&mut api.types, &mut api.modules);
    Lowered { api, untyped }
}

/// The state of one run.
struct Lowering<'d, 'r> {
    document: &'d Document,
    diagnostics: &'r mut Diagnostics,
    usages: Usages,
    shown: Shown,
    multipart: MultipartSchemas,
    /// The components that extend each component.
    extensions: HashMap<Pointer, Vec<SchemaNode<'d>>>,
    names: Names,
    types: Vec<TypeDef>,
    /// The declared type of each schema that has one.
    by_pointer: HashMap<Pointer, TypePath>,
    /// What a reference to each schema is, as far as it was asked for.
    references: HashMap<Pointer, Typed>,
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
    /// What is in `untyped` already, or was done once for all places.
    noted: HashSet<(Pointer, &'static str)>,
    validity: Validity<'d>,
    /// The parts that further types may have.
    room: usize,
    /// How many schemas are being lowered, each within the one before.
    levels: usize,
    /// Schemas that have a name and are not declared yet.
    later: Vec<(SchemaNode<'d>, TypePath)>,
    /// The name of each parameter, by where it is written out.
    parameter_names: OnceCell<HashMap<Pointer, &'d str>>,
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
        if self.noted.insert((Pointer::root(), "the types are too large")) {
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
