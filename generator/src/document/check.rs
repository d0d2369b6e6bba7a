//! What can be said against a document only once it is read, because `$ref`s
//! have to be followed for it: schemas made of themselves, parameters and
//! bodies that no style can write, discriminators that lead elsewhere.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use openapiv3::{
    Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr, RequestBody,
    Response,
};

use super::{Document, OperationEntry, Rest, SchemaNode, SchemaType, SchemaView};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Location, code, nearest};
use crate::pointer::Pointer;

/// Schemas that stand in one another are looked into as deep as this.
const DEEPEST: usize = 16;

pub(super) fn check(document: &Document, diagnostics: &mut Diagnostics) {
    let mut check = Check {
        document,
        diagnostics,
        repeated: IndexMap::new(),
        seen: HashSet::new(),
    };
    check.circles("allOf", SchemaView::all_of);
    check.circles("oneOf` or `anyOf", |view| {
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        branches
    });
    for (_, schema) in document.schemas() {
        if let Some(view) = schema.inline() {
            check.discriminator(&view);
            check.branches_of_other_types(&view);
            check.closed_branches(&view);
        }
    }
    for path in document.paths() {
        for operation in document.operations(&path) {
            let at = path.pointer.child("parameters");
            check.parameters(&path.item.parameters, &at);
            check.operation(&operation);
        }
    }
    check.finish();
}

struct Check<'d, 'a> {
    document: &'d Document,
    diagnostics: &'a mut Diagnostics,
    repeated: IndexMap<(Code, String), (Diagnostic, usize)>,
    /// What several operations share is looked at once.
    seen: HashSet<Pointer>,
}

/// Branches of branches are followed as deep as this.
const MOST_LEVELS: usize = 500;

/// All branches of every `allOf`, each with those of its own, are no more than this.
const MOST_PARTS: usize = 200_000;

/// A schema on the way of a search.
struct Step<'d> {
    at: Pointer,
    /// The branches that were not looked at yet.
    rest: std::vec::IntoIter<SchemaNode<'d>>,
    /// How many schemas it is made of, so far.
    parts: usize,
}

impl<'d> Step<'d> {
    fn new(view: &SchemaView<'d>, branches: fn(&SchemaView<'d>) -> Vec<SchemaNode<'d>>) -> Self {
        Self {
            at: view.pointer().clone(),
            rest: branches(view).into_iter(),
            parts: 1,
        }
    }
}

/// The JSON types that a schema's values can be of.
#[expect(clippy::struct_excessive_bools, reason = "a set")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Kinds {
    scalar: bool,
    list: bool,
    object: bool,
    /// The schema does not say.
    any: bool,
}

impl Kinds {
    fn or(self, other: Self) -> Self {
        Self {
            scalar: self.scalar || other.scalar,
            list: self.list || other.list,
            object: self.object || other.object,
            any: self.any || other.any,
        }
    }

    fn can_be_object(self) -> bool {
        self.object || self.any
    }

    /// Certainly a list or an object.
    fn is_nested(self) -> bool {
        !self.scalar && !self.any && (self.list || self.object)
    }

    /// Certainly a single value.
    fn is_scalar(self) -> bool {
        self.scalar && !self.list && !self.object && !self.any
    }

    fn of(node: &SchemaNode<'_>) -> Self {
        Self::within(node, DEEPEST)
    }

    fn within(node: &SchemaNode<'_>, depth: usize) -> Self {
        let unsaid = Self {
            any: true,
            ..Self::default()
        };
        let Some(view) = node.follow().filter(|_| depth > 0) else {
            return unsaid;
        };
        match view.inferred_type() {
            Some(SchemaType::Array) => {
                return Self {
                    list: true,
                    ..Self::default()
                };
            }
            Some(SchemaType::Object) => {
                return Self {
                    object: true,
                    ..Self::default()
                };
            }
            Some(_) => {
                return Self {
                    scalar: true,
                    ..Self::default()
                };
            }
            None => {}
        }
        if !view.enumeration().is_empty() {
            return unsaid;
        }
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        if !branches.is_empty() {
            let kinds = branches
                .iter()
                .map(|branch| Self::within(branch, depth - 1));
            return kinds.fold(Self::default(), Self::or);
        }
        let parts = view.all_of();
        let mut kinds = parts.iter().map(|part| Self::within(part, depth - 1));
        kinds.find(|kinds| !kinds.any).unwrap_or(unsaid)
    }
}

/// Where a schema says which type it is of, or else the schema.
fn type_of(node: &SchemaNode<'_>) -> Location {
    match node.follow() {
        Some(view) if view.declared_type().is_some() => view.pointer().child("type").into(),
        Some(view) => view.pointer().key(),
        None => node.pointer().key(),
    }
}

/// Whether a schema may have a property, and the names of those that it has.
fn has_property<'d>(
    view: &SchemaView<'d>,
    name: &str,
    names: &mut Vec<&'d str>,
    depth: usize,
) -> bool {
    if depth == 0 {
        return true;
    }
    let open = !matches!(view.additional_properties(), Rest::Unsaid | Rest::Closed);
    let own = view.properties();
    names.extend(own.iter().map(|(name, _)| *name));
    if open || own.iter().any(|(own, _)| *own == name) || !view.pattern_properties().is_empty() {
        return true;
    }
    let mut parts = view.all_of();
    parts.extend(view.one_of());
    parts.extend(view.any_of());
    let is_said = !own.is_empty() || !parts.is_empty();
    !is_said
        || parts
            .iter()
            .filter_map(SchemaNode::follow)
            .any(|part| has_property(&part, name, names, depth - 1))
}

impl<'d> Check<'d, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A warning that a document can earn a thousand times: told once, and counted.
    fn warn(&mut self, code: Code, subject: &str, warning: impl FnOnce() -> Diagnostic) {
        self.repeated
            .entry((code, subject.to_owned()))
            .and_modify(|(_, others)| *others += 1)
            .or_insert_with(|| (warning(), 0));
    }

    fn finish(self) {
        for (mut diagnostic, others) in self.repeated.into_values() {
            if others > 0 {
                let places = if others == 1 { "place" } else { "places" };
                diagnostic.message =
                    format!("{} (and in {others} more {places})", diagnostic.message);
            }
            self.diagnostics.push(diagnostic);
        }
    }

    /// Schemas that are made of themselves: no value could ever be told to be one. And those that
    /// are made of more others than can be put together.
    ///
    /// A depth-first search without recursion, since a chain may be of any length.
    fn circles(&mut self, keyword: &str, branches: fn(&SchemaView<'d>) -> Vec<SchemaNode<'d>>) {
        let mut parts: HashMap<Pointer, Option<usize>> = HashMap::new();
        let mut total: usize = 0;
        for (_, schema) in self.document.schemas() {
            let Some(start) = schema.inline() else {
                continue;
            };
            if parts.contains_key(start.pointer()) {
                continue;
            }
            let mut way = vec![Step::new(&start, branches)];
            parts.insert(start.pointer().clone(), None);
            while let Some(step) = way.last_mut() {
                let Some(branch) = step.rest.next() else {
                    let (at, count) = (step.at.clone(), step.parts);
                    way.pop();
                    if let Some(outer) = way.last_mut() {
                        outer.parts = outer.parts.saturating_add(count);
                    }
                    parts.insert(at, Some(count));
                    total = total.saturating_add(count);
                    continue;
                };
                let Some(view) = branch.follow() else {
                    continue;
                };
                match parts.get(view.pointer()) {
                    Some(Some(count)) => step.parts = step.parts.saturating_add(*count),
                    Some(None) => self.circle(keyword, &branch, view.pointer()),
                    None if way.len() >= MOST_LEVELS => {
                        let message =
                            format!("`{keyword}` leads more than {MOST_LEVELS} schemas deep");
                        self.limit(code::TOO_DEEP, branch.pointer(), message);
                        return;
                    }
                    None => {
                        parts.insert(view.pointer().clone(), None);
                        way.push(Step::new(&view, branches));
                    }
                }
            }
            // A union has its branches, however often others have them too.
            if keyword == "allOf" && total > MOST_PARTS {
                let message = format!("`{keyword}` puts more than {MOST_PARTS} schemas together");
                self.limit(code::TOO_LARGE, start.pointer(), message);
                return;
            }
        }
    }

    fn limit(&mut self, code: Code, at: &Pointer, message: String) {
        self.report(
            Diagnostic::error(code, at, message)
                .label("the limit is reached here")
                .help("refer to the others by properties, or write fewer levels"),
        );
    }

    fn circle(&mut self, keyword: &str, branch: &SchemaNode<'_>, target: &Pointer) {
        let name = target.last().unwrap_or_default();
        self.report(
            Diagnostic::error(
                code::CIRCULAR_REFERENCE,
                branch.pointer(),
                format!("schema `{name}` is a branch of its own `{keyword}`"),
            )
            .label("leads back to it")
            .related(target.key(), "the schema")
            .help("remove the branch, or write it as the schema of a property"),
        );
    }

    /// Where the values of a discriminator lead (OpenAPI 3.1, section 4.8.25).
    fn discriminator(&mut self, view: &SchemaView<'d>) {
        let Some(discriminator) = view.discriminator() else {
            return;
        };
        let mut branches = view.one_of();
        branches.extend(view.any_of());
        if branches.is_empty() {
            return;
        }
        let keyword = if view.one_of().is_empty() {
            "anyOf"
        } else {
            "oneOf"
        };
        let at = view.pointer().child("discriminator");
        let targets: HashSet<Pointer> = branches
            .iter()
            .filter_map(SchemaNode::follow)
            .map(|branch| branch.pointer().clone())
            .collect();
        for value in discriminator.mapping.keys() {
            let target = view.discriminated(value).and_then(|node| node.follow());
            if target.is_none_or(|target| targets.contains(target.pointer())) {
                continue;
            }
            self.report(
                Diagnostic::warning(
                    code::DISCRIMINATOR_UNUSABLE,
                    at.child("mapping").child(value),
                    format!("`{value}` leads to a schema that is no branch, and its values are kept as JSON"),
                )
                .related(view.pointer().child(keyword).key(), "the branches")
                .help("add the schema to the branches, or remove the value"),
            );
        }
        let property = &discriminator.property_name;
        for value in discriminator.mapping.keys() {
            self.mapped_value(view, property, value);
        }
        for branch in &branches {
            let Some(target) = branch.follow().filter(|_| Kinds::of(branch).object) else {
                continue;
            };
            let mut names = Vec::new();
            if has_property(&target, property, &mut names, DEEPEST) {
                continue;
            }
            let message = format!(
                "this branch has no property `{property}`, by which the discriminator tells it"
            );
            self.report(
                Diagnostic::warning(code::UNKNOWN_PROPERTY, branch.pointer(), message)
                    .related(at.child("propertyName"), "the discriminator's property")
                    .help(match nearest(property, names) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("add `{property}` to the branch's `properties`"),
                    }),
            );
        }
    }

    /// A value that means a schema is one that the schema's own property can have.
    fn mapped_value(&mut self, view: &SchemaView<'d>, property: &str, value: &str) {
        let target = view.discriminated(value).and_then(|node| node.follow());
        let Some(node) = target.and_then(|target| target.property(property)) else {
            return;
        };
        let Some(tag) = node.follow() else { return };
        let values = tag.enumeration();
        if values.is_empty() || values.iter().any(|other| other == value) {
            return;
        }
        let keyword = if tag.is_constant() { "const" } else { "enum" };
        let at = view.pointer().child("discriminator").child("mapping");
        let shown: Vec<String> = values.iter().take(3).map(ToString::to_string).collect();
        self.report(
            Diagnostic::warning(
                code::DISCRIMINATOR_UNUSABLE,
                at.child(value).key(),
                format!("`{value}` means a schema whose `{property}` cannot have this value"),
            )
            .label("read as the schema's own value is")
            .related(tag.pointer().child(keyword), "its values")
            .help(format!("write one of them: {}", shown.join(", "))),
        );
    }

    /// A type beside branches that are all of others leaves no value.
    fn branches_of_other_types(&mut self, view: &SchemaView<'d>) {
        let Some(own) = view.declared_type() else {
            return;
        };
        for (keyword, branches) in [("oneOf", view.one_of()), ("anyOf", view.any_of())] {
            let types: Option<Vec<SchemaType>> = branches
                .iter()
                .map(|branch| branch.follow()?.declared_type())
                .collect();
            let Some(types) = types.filter(|types| !types.is_empty()) else {
                continue;
            };
            let is_number = |of: SchemaType| matches!(of, SchemaType::Number | SchemaType::Integer);
            if types
                .iter()
                .any(|of| *of == own || is_number(own) && is_number(*of))
            {
                continue;
            }
            self.report(
                Diagnostic::error(
                    code::CONTRADICTORY_SCHEMA,
                    view.pointer().child("type"),
                    format!("no branch of the `{keyword}` is of the schema's own type"),
                )
                .related(view.pointer().child(keyword).key(), "the branches")
                .help("remove `type`, or write branches of that type"),
            );
        }
    }

    /// `additionalProperties: false` knows the properties beside it only (JSON Schema, section
    /// 10.3.2.3), so that the other branches of an `allOf` could never have a property of their own.
    fn closed_branches(&mut self, view: &SchemaView<'d>) {
        let branches = view.all_of();
        for (index, branch) in branches.iter().enumerate() {
            let Some(closed) = branch.follow() else {
                continue;
            };
            if !matches!(closed.additional_properties(), Rest::Closed) {
                continue;
            }
            let others = branches.iter().enumerate();
            let others = others.filter(|(other, _)| *other != index);
            let others = others.filter_map(|(_, other)| other.follow());
            let mut names = others.flat_map(|other| other.properties());
            let Some((name, other)) = names.find(|(name, _)| closed.property(name).is_none())
            else {
                continue;
            };
            self.warn(code::COERCED, "closed branch", || {
                let message = format!(
                    "`additionalProperties: false` excludes the property `{name}` of another branch, and is read as if it did not"
                );
                let at = closed.pointer().child("additionalProperties").key();
                Diagnostic::warning(code::COERCED, at, message)
                    .related(other.pointer().key(), "the property")
                    .help("write `unevaluatedProperties: false` beside the `allOf`")
            });
        }
    }

    fn operation(&mut self, entry: &OperationEntry<'d>) {
        let at = &entry.pointer;
        self.parameters(&entry.operation.parameters, &at.child("parameters"));
        if let Some(body) = &entry.operation.request_body {
            let at = at.child("requestBody");
            if let Some((body, at)) = self.document.resolve::<RequestBody>(body, at) {
                self.content(&body.content, &at, true);
            }
        }
        let responses = &entry.operation.responses;
        let default = responses
            .default
            .iter()
            .map(|response| ("default".to_owned(), response));
        let others = responses.responses.iter();
        let others = others.map(|(status, response)| (status.to_string(), response));
        let at = at.child("responses");
        for (status, response) in others.chain(default) {
            let found = self
                .document
                .resolve::<Response>(response, at.child(status));
            if let Some((response, at)) = found {
                self.content(&response.content, &at, false);
            }
        }
    }

    fn parameters(&mut self, list: &'d [ReferenceOr<Parameter>], at: &Pointer) {
        for (index, parameter) in list.iter().enumerate() {
            if let Some((parameter, at)) = self.document.resolve(parameter, at.child(index))
                && self.seen.insert(at.clone())
            {
                self.parameter(parameter, &at);
            }
        }
    }

    /// OpenAPI 3.1, section 4.8.12.4: the styles have forms for single values,
    /// and for lists and objects of those.
    fn parameter(&mut self, parameter: &'d Parameter, at: &Pointer) {
        let data: &ParameterData = parameter.parameter_data_ref();
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return;
        };
        let node = self.document.node(schema, at.child("schema"));
        let kinds = Kinds::of(&node);
        let name = &data.name;
        if let Parameter::Query { style, .. } = parameter {
            match style {
                QueryStyle::DeepObject => {
                    if !kinds.can_be_object() {
                        self.report(
                            Diagnostic::error(
                                code::INVALID_STYLE,
                                at.child("style"),
                                format!(
                                    "parameter `{name}` is no object, as `style: deepObject` needs"
                                ),
                            )
                            .related(type_of(&node), "its type")
                            .help("write `style: form`, or a schema of `type: object`"),
                        );
                    }
                    return;
                }
                QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited if kinds.is_scalar() => {
                    self.warn(code::INVALID_STYLE, "delimited", || {
                        Diagnostic::warning(
                            code::INVALID_STYLE,
                            at.child("style"),
                            format!("the style of parameter `{name}` has no effect: it is a single value"),
                        )
                        .related(type_of(&node), "its type")
                        .help("remove `style`, or write a schema of `type: array`")
                    });
                }
                _ => {}
            }
        }
        self.nested(&node, kinds, name, at);
    }

    fn nested(&mut self, node: &SchemaNode<'d>, kinds: Kinds, name: &str, at: &Pointer) {
        let Some(view) = node.follow() else { return };
        let inner = if kinds.list && !kinds.object {
            match view.items() {
                Rest::Schema(items) if Kinds::of(&items).is_nested() => {
                    Some(("the items", view.pointer().child("items")))
                }
                _ => None,
            }
        } else if kinds.object && !kinds.list {
            let mut properties = view.properties().into_iter();
            let nested = properties.find(|(_, property)| Kinds::of(property).is_nested());
            nested.map(|(_, property)| ("a property", property.pointer().clone()))
        } else {
            None
        };
        if let Some((what, place)) = inner {
            self.warn(code::NO_FORM, "nested", || {
                let message = format!(
                    "parameter `{name}` has lists or objects inside of {what}, which no style can write: such a value is refused when it is sent"
                );
                Diagnostic::warning(code::NO_FORM, place, message)
                    .related(at.key(), "the parameter")
                    .help("write `content: { application/json: { schema: .. } }` instead of `schema`")
            });
        }
    }

    fn content(
        &mut self,
        content: &'d IndexMap<String, openapiv3::MediaType>,
        at: &Pointer,
        is_sent: bool,
    ) {
        for (name, media_type) in content {
            let at = at.child("content").child(name);
            if !self.seen.insert(at.clone()) {
                continue;
            }
            let essence = name.split(';').next().unwrap_or_default();
            let essence = essence.trim().to_ascii_lowercase();
            let Some(schema) = &media_type.schema else {
                continue;
            };
            let node = self.document.node(schema, at.child("schema"));
            let kinds = Kinds::of(&node);
            let is_form =
                essence == "application/x-www-form-urlencoded" || essence.starts_with("multipart/");
            if is_form && is_sent {
                self.form(&node, kinds, media_type, &essence, &at);
            } else if let Some(property) = media_type.encoding.keys().next() {
                self.warn(code::IGNORED_KEYWORD, "encoding", || {
                    let message = format!("`encoding` has no effect on a body of `{essence}`");
                    let media_type_at = &at;
                    let at = at.child("encoding").child(property).key();
                    Diagnostic::warning(code::IGNORED_KEYWORD, at, message)
                        .related(media_type_at.key(), "the media type")
                        .help("remove it: it is for forms")
                });
            }
        }
    }

    fn form(
        &mut self,
        node: &SchemaNode<'d>,
        kinds: Kinds,
        media_type: &openapiv3::MediaType,
        essence: &str,
        at: &Pointer,
    ) {
        if !kinds.can_be_object() {
            let message = format!(
                "a body of `{essence}` is made of the properties of an object; this one is taken as it is"
            );
            self.report(
                Diagnostic::warning(code::NO_FORM, at.child("schema").key(), message)
                    .label("no object")
                    .related(type_of(node), "its type")
                    .help("write a schema of `type: object`, or another media type"),
            );
            return;
        }
        let Some(view) = node.follow() else { return };
        for property in media_type.encoding.keys() {
            let mut names = Vec::new();
            if has_property(&view, property, &mut names, DEEPEST) {
                continue;
            }
            self.report(
                Diagnostic::warning(
                    code::UNKNOWN_PROPERTY,
                    at.child("encoding").child(property).key(),
                    format!(
                        "`{property}` is no property of the form, and its encoding has no effect"
                    ),
                )
                .related(view.pointer().key(), "its schema")
                .help(match nearest(property, names) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "remove it, or add the property to the schema".to_owned(),
                }),
            );
        }
    }
}
