//! Lowers an object schema to a struct, and its properties to fields.

use crate::document::{SchemaNode, SchemaOrBool, SchemaView};
use crate::ident::FieldName;
use crate::ir::{Additional, Docs, Name, Note, Presence, Type, TypePath};
use crate::output_limits;
use crate::pointer::Pointer;

use super::all_of::{MergedSchema, ObjectKeywords};
use super::deferred::DefaultCandidate;
use super::directions::Directions;
use super::docs;
use super::inline_site::{InlineSite, OwnerKey};
use super::lowering::Lowering;
use super::naming::Members;
use super::nullable_type::Typed;
use super::secret::is_secret;
use super::type_draft::{FieldDraft, StructDraft};

impl<'d> Lowering<'d, '_> {
    /// Lowers an object schema to a struct.
    pub(super) fn lower_object(
        &mut self,
        merged: &MergedSchema<'d>,
        path: &TypePath,
        directions: Directions,
    ) -> StructDraft {
        let mut object = merged.object();
        let parts = object.properties.len() + object.conditional.len() + object.required.len();
        if !self.charge(&merged.at, parts + output_limits::PARTS_OF_A_TYPE) {
            object.properties.clear();
            object.conditional.clear();
            object.required.clear();
        }
        let site = InlineSite {
            owner: OwnerKey::Type(path.clone()),
            hint: String::new(),
            directions,
        };
        let mut members = Members::<FieldName>::default();
        let mut fields = Vec::new();
        for (name, nodes) in object.properties.iter().chain(&object.conditional) {
            if nodes
                .iter()
                .any(|node| node.follow().is_some_and(|view| view.is_never()))
            {
                continue;
            }
            let site = site.named(*name);
            let typed = if object.conditional.contains_key(name) {
                let ty = self.lower_any_of(nodes, merged, &site);
                let nullable = matches!(ty, Type::Option(_));
                let ty = match ty {
                    Type::Option(inner) => *inner,
                    ty => ty,
                };
                Typed { ty, nullable }
            } else {
                let at = nodes
                    .last()
                    .map_or_else(|| merged.at.clone(), |node| node.pointer().clone());
                self.lower_nodes(nodes, &at, &site)
            };
            fields.push(self.lower_property(nodes, typed, &object, &site, path, &mut members));
        }
        let described = |name: &str| {
            object.properties.contains_key(name) || object.conditional.contains_key(name)
        };
        for name in object.required.iter().filter(|name| !described(name)) {
            fields.push(self.undescribed(name, merged, &object, &mut members));
        }
        let additional = self.lower_additional(merged, &object, &site, &mut members);
        StructDraft {
            constants: Vec::new(),
            fields,
            additional,
        }
    }

    fn lower_property(
        &mut self,
        nodes: &[SchemaNode<'d>],
        Typed { mut ty, nullable }: Typed,
        object: &ObjectKeywords<'d>,
        site: &InlineSite,
        path: &TypePath,
        members: &mut Members<FieldName>,
    ) -> FieldDraft {
        let name = site.hint.as_str();
        if ty == Type::String && is_secret(name) {
            ty = Type::Secret;
        }
        // Any JSON value includes null.
        let nullable = nullable && ty != Type::Json;
        let views: Vec<SchemaView<'d>> = nodes.iter().filter_map(SchemaNode::follow).collect();
        let own: Vec<SchemaView<'d>> = nodes.iter().filter_map(SchemaNode::inline).collect();
        let any = |ask: fn(&SchemaView<'d>) -> bool| views.iter().any(ask);
        // A property that only the other side sends is not required (wire rule 9).
        let theirs = (any(SchemaView::read_only) && site.directions.sent)
            || (any(SchemaView::write_only) && site.directions.read);
        let required = object.required.contains(name) && !theirs;
        let rust = members.field(name);
        if let Some((value, pointer)) = default_of(nodes)
            && self.room > 0
            // Many properties may share a default.
            && self.charge(&pointer, output_limits::count(value))
        {
            self.deferred.defaults.push(DefaultCandidate {
                owner: path.clone(),
                field: rust.clone(),
                value,
                at: pointer,
                schemas: nodes.to_vec(),
                patch: site.directions.patch,
                nullable,
                of_server: any(SchemaView::read_only),
            });
        }
        let mut docs = self.lower_docs(place_of(nodes), || docs::of_property(&own, &views, name));
        if any(SchemaView::read_only) && site.directions.sent {
            docs.notes.push(Note::ReadOnly);
        }
        if any(SchemaView::write_only) && site.directions.read {
            docs.notes.push(Note::WriteOnly);
        }
        let deprecated = own.iter().any(SchemaView::deprecated);
        FieldDraft {
            name: Name {
                wire: name.to_owned(),
                rust,
            },
            ty,
            presence: presence(required, nullable, site.directions),
            tag: None,
            docs,
            deprecated,
        }
    }

    /// Returns the field for a required property without a schema: any value.
    fn undescribed(
        &mut self,
        name: &str,
        merged: &MergedSchema<'d>,
        object: &ObjectKeywords<'d>,
        members: &mut Members<FieldName>,
    ) -> FieldDraft {
        let ty = match &object.additional {
            SchemaOrBool::Schema(node) if node.reference().is_some() => {
                self.lower_node(node, &unplaced()).into_nullable_type()
            }
            _ => self.lower_any(&merged.at, "a required property is not described"),
        };
        FieldDraft {
            name: Name {
                wire: name.to_owned(),
                rust: members.field(name),
            },
            ty,
            presence: Presence::Required,
            tag: None,
            docs: Docs::default(),
            deprecated: false,
        }
    }

    fn lower_additional(
        &mut self,
        merged: &MergedSchema<'d>,
        object: &ObjectKeywords<'d>,
        site: &InlineSite,
        members: &mut Members<FieldName>,
    ) -> Additional {
        let site = site.named("additional property");
        let value = match (&object.additional, object.patterns.as_slice()) {
            (SchemaOrBool::Absent, []) => return Additional::Ignored,
            // Rejected only in types that are never read: a server may add a property at any time
            // (wire rule 6).
            (SchemaOrBool::Closed, []) if site.directions.read => return Additional::Unexpected,
            (SchemaOrBool::Closed, []) => return Additional::Refused,
            (SchemaOrBool::Any, []) => {
                self.lower_any(&merged.at, "other properties may be anything")
            }
            (SchemaOrBool::Schema(node), []) => self.lower_node(node, &site).into_nullable_type(),
            (rest, patterns) => self.lower_patterns(merged, rest, patterns, &site),
        };
        Additional::Kept {
            field: members.field("additional_properties"),
            value,
        }
    }
}

/// Returns the presence of a property without a default.
const fn presence(required: bool, nullable: bool, directions: Directions) -> Presence {
    match (required, nullable) {
        (true, false) => Presence::Required,
        (true, true) => Presence::Nullable,
        (false, false) => Presence::Optional,
        // In a type that is only read, absent and null are equivalent.
        (false, true) if !directions.sent => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}

/// Returns the default of a property, and its location.
fn default_of<'d>(nodes: &[SchemaNode<'d>]) -> Option<(&'d serde_json::Value, Pointer)> {
    nodes.iter().rev().find_map(|node| {
        // The target of a `$ref` may have the default, like a property.
        let own = node.inline().into_iter().chain(node.follow());
        own.into_iter().find_map(|view| {
            let inner = || view.annotated().and_then(|inner| inner.follow());
            let found = |view: &SchemaView<'d>| {
                let value = view.default_value().filter(|value| !value.is_null())?;
                Some((value, view.keyword("default")))
            };
            found(&view).or_else(|| inner().as_ref().and_then(found))
        })
    })
}

/// Returns the pointer to the first schema.
fn place_of<'n>(nodes: &'n [SchemaNode<'_>]) -> Option<&'n Pointer> {
    nodes.first().map(SchemaNode::pointer)
}

fn unplaced() -> InlineSite {
    InlineSite {
        owner: OwnerKey::Operation(String::new()),
        hint: String::new(),
        directions: Directions::READ,
    }
}
