//! The state of one run.

use std::collections::{BTreeMap, HashMap};

use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{SchemaNode, Validity};
use crate::ir::{Docs, Note, Status, TypePath};
use crate::output_limits;
use crate::pointer::Pointer;

use super::all_of::MergedSchemaKey;
use super::branch::{Circular, UnionSource};
use super::context::Context;
use super::deferred::Deferred;
use super::findings::Findings;
use super::naming::Names;
use super::nullable_type::Typed;
use super::response_draft::CaseDraft;
use super::types::Types;

/// Maximum depth of nested schemas without a declaration. Lowering one uses about 13 kB of stack in
/// an unoptimized build.
const DEEPEST: usize = 500;

/// The state of one run.
pub(super) struct Lowering<'d, 'r> {
    pub context: &'r Context<'d>,
    pub types: Types,
    /// The names of operations.
    pub names: Names,
    pub deferred: Deferred<'d>,
    pub findings: Findings<'r>,
    /// The comparisons of values with schemas.
    pub validity: Validity<'d>,
    /// The unions with the sources of their variants.
    pub unions: Vec<UnionSource<'d>>,
    /// The branches removed because they refer back to their own union.
    pub circular: Circular,
    /// The types of references resolved so far.
    pub references: HashMap<Pointer, Typed>,
    /// The responses that operations share.
    pub responses: HashMap<(Pointer, Status), CaseDraft>,
    /// The sets of merged schemas without a declared type that are being lowered.
    pub open: Vec<MergedSchemaKey>,
    /// The number of branches merged into nested unions so far.
    pub combinations: usize,
    /// The number of nested declarations, being lowered, of schemas outside of `components`.
    pub nested: usize,
    /// Schemas to be declared after those.
    pub waiting: Vec<(SchemaNode<'d>, TypePath)>,
    /// The nesting depth of the schemas without a declaration that are being lowered.
    pub depth: usize,
    /// The budget for further parts of types.
    pub room: usize,
}

impl<'d, 'r> Lowering<'d, 'r> {
    pub fn new(context: &'r Context<'d>, diagnostics: &'r mut Diagnostics) -> Self {
        Self {
            context,
            types: Types::default(),
            names: Names::default(),
            deferred: Deferred::default(),
            findings: Findings::new(diagnostics),
            validity: Validity::default(),
            unions: Vec::new(),
            circular: Circular::default(),
            references: HashMap::new(),
            responses: HashMap::new(),
            open: Vec::new(),
            combinations: 0,
            nested: 0,
            waiting: Vec::new(),
            depth: 0,
            room: output_limits::TYPE_PARTS,
        }
    }
}

impl Lowering<'_, '_> {
    /// Reserves budget for parts of types, which schemas with shared parts can multiply. Returns
    /// `false`, and reports an error, if it is exhausted.
    pub fn charge(&mut self, at: &Pointer, parts: usize) -> bool {
        if let Some(room) = self.room.checked_sub(parts) {
            self.room = room;
            return true;
        }
        // Report it once; everything after it is skipped.
        if self
            .findings
            .is_new(&Pointer::root(), "the types are too large")
        {
            let most = output_limits::TYPE_PARTS;
            let message = format!("the types have more than {most} fields, values and defaults");
            self.findings.push(
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
    pub fn deepen(&mut self, at: &Pointer) -> bool {
        if self.depth < DEEPEST {
            self.depth += 1;
            return true;
        }
        let says = "the schemas are nested too deeply";
        if self.findings.is_new(&Pointer::root(), says) {
            let message = format!("combined schemas are nested more than {DEEPEST} deep");
            self.findings.push(
                Diagnostic::error(code::TOO_DEEP, at, message)
                    .label("the limit is reached here")
                    .help("refer to one of the schemas from a property, or use fewer levels"),
            );
        }
        false
    }

    /// Returns docs that many items may share, within the budget.
    pub fn lower_docs(&mut self, at: Option<&Pointer>, make: impl FnOnce() -> Docs) -> Docs {
        if self.room == 0 {
            return Docs::default();
        }
        let docs = make();
        let texts = docs.summary.iter().chain(&docs.description);
        let notes = docs.notes.iter().map(Note::text_length);
        let length: usize = texts.map(String::len).chain(notes).sum();
        let at = at.cloned().unwrap_or_default();
        if self.charge(&at, length / output_limits::TEXT_OF_A_PART) {
            docs
        } else {
            Docs::default()
        }
    }

    /// Returns the pointers to the schemas of each union's variants.
    pub fn union_branches(&self) -> BTreeMap<TypePath, Vec<Vec<Pointer>>> {
        let unions = self.unions.iter().map(|union| {
            let variants = union.variants.iter().map(|branches| {
                let pointers = branches.iter().map(|branch| branch.node.pointer().clone());
                pointers.collect()
            });
            (union.path.clone(), variants.collect())
        });
        unions.collect()
    }
}
