//! Visits the document by the tables of [`spec`], and checks the JSON type of each value.

mod fields;
mod values;

use serde_json::Value;

use super::messages::json_type;
use super::reporter::Reporter;
use super::targets::{Placed, Targets, is_looked_up};
use crate::bundle::reference_as_property;
use crate::diagnostic::{Diagnostic, code};
use crate::pointer::{Pointer, Trail};
use crate::spec::{self, Fields, ObjectKind};

/// What the checks of an object can use.
pub(super) struct Context<'d> {
    pub(super) reporter: Reporter<'d>,
    pub(super) targets: Targets,
}

/// Checks and corrects the objects that the walk visits.
pub(super) trait Visitor {
    /// Replaces a value that is not an object by the intended object.
    fn correct_value(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        value: &mut Value,
        place: &Trail<'_>,
    );

    /// Called before the `$ref` of an object is recorded.
    fn resolve(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    );

    /// Called before the fields of an object are visited. The `$ref` of a schema is not among them.
    fn enter(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    );

    /// Called after the fields of an object were visited: their values have the types of the table,
    /// and the schemas outside of schemas have moved out of the document.
    fn leave(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    );
}

/// Visits the document. Returns the objects that moved out of it, and the pointers to the schemas
/// that a `$ref` refers to.
pub(super) fn walk(
    document: &mut Value,
    context: Context<'_>,
    visitor: impl Visitor,
) -> (Vec<Placed>, Vec<Pointer>) {
    let mut walk = Walk { context, visitor };
    let root = Pointer::root();
    walk.visit_object(ObjectKind::Document, document, &Trail::Start(&root));
    walk.visit_targets();
    let Context { reporter, targets } = walk.context;
    reporter.finish();
    targets.finish()
}

struct Walk<'d, V> {
    context: Context<'d>,
    visitor: V,
}

impl<V: Visitor> Walk<'_, V> {
    /// Visits the targets of `$ref`s outside of `components`.
    fn visit_targets(&mut self) {
        while let Some((kind, pointer)) = self.context.targets.next_target() {
            let place = Trail::Start(&pointer);
            let Context { reporter, targets } = &mut self.context;
            if let Some(mut value) = targets.copy(reporter, &pointer, &place) {
                self.visit_object(kind, &mut value, &place);
                self.context.targets.place(kind, pointer.clone(), value);
            }
        }
    }

    /// Checks and rewrites an object of the specification.
    fn visit_object(&mut self, kind: ObjectKind, value: &mut Value, place: &Trail<'_>) {
        let is_schema = kind == ObjectKind::Schema;
        if is_schema && value.is_boolean() {
            return;
        }
        let context = &mut self.context;
        self.visitor.correct_value(context, kind, value, place);
        let Value::Object(map) = value else {
            report_wrong_object(&mut context.reporter, kind, value, place);
            return;
        };
        self.visitor.resolve(context, kind, map, place);
        let mut reference = None;
        if is_looked_up(kind)
            && let Some(text) = map.get("$ref")
        {
            if !text.is_string() {
                let expected = "the text of a reference";
                let place = place.key("$ref");
                return context.reporter.wrong_type(text, expected, &place);
            }
            context.targets.record_reference(kind, map);
            if !is_schema {
                return ignore_siblings(&mut context.reporter, map, place);
            }
            if map.len() == 1 {
                return;
            }
            reference = map.shift_remove("$ref");
        }
        self.visitor.enter(context, kind, map, place);
        self.visit_fields(spec::object(kind), map, place);
        self.visitor.leave(&mut self.context, kind, map, place);
        if let Some(reference) = reference {
            // Both apply (JSON Schema 2020-12, section 8.2.3.1). OpenAPI 3.0 ignores the siblings
            // of `$ref`, but no author intends that.
            map.insert("$ref".to_owned(), reference);
        }
    }
}

fn report_wrong_object(
    reporter: &mut Reporter<'_>,
    kind: ObjectKind,
    value: &Value,
    place: &Trail<'_>,
) {
    if let (ObjectKind::Schema, Some("$ref"), Value::String(text)) = (kind, place.property(), value)
    {
        return reporter.push(reference_as_property(place.pointer(), text));
    }
    let found = json_type(value);
    let (code, message) = match (kind, place.property()) {
        (ObjectKind::Schema, Some(name)) => (
            code::NOT_A_SCHEMA,
            format!("property `{name}` is neither an object nor a boolean, but {found}"),
        ),
        (ObjectKind::Schema, None) => (
            code::NOT_A_SCHEMA,
            format!("a schema is an object or a boolean, not {found}"),
        ),
        _ => {
            let name = if kind.name().ends_with(" object") {
                place.title()
            } else {
                kind.name().to_owned()
            };
            let message = format!("{name} has to be an object, not {found}");
            (code::WRONG_TYPE, message)
        }
    };
    let help = match (kind, value) {
        (ObjectKind::Schema, Value::String(text)) if text.starts_with("#/") => {
            format!("write `$ref: '{text}'` under it")
        }
        (ObjectKind::Schema, Value::String(text)) if !text.is_empty() => {
            format!("write `type: {text}` under it, or `$ref: '#/components/schemas/{text}'`")
        }
        (ObjectKind::Schema, _) => "write a schema, such as `type: string`, under it".to_owned(),
        _ => match example(kind) {
            Some(example) => format!("write {example}"),
            None => format!("write the fields of {} under it", kind.name()),
        },
    };
    reporter.push(
        Diagnostic::error(code, place.pointer(), message)
            .label("expected an object")
            .help(help),
    );
}

/// Removes the fields beside a `$ref`, which have no effect.
fn ignore_siblings(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    // `summary` and `description` are allowed beside it (OpenAPI 3.1, section 4.8.23).
    map.retain(|key, _| {
        matches!(key.as_str(), "$ref" | "summary" | "description") || {
            reporter.warn(code::IGNORED_SIBLING, key, || {
                Diagnostic::warning(
                    code::IGNORED_SIBLING,
                    place.key(key).pointer().key(),
                    format!("`{key}` beside `$ref` has no effect here"),
                )
                .help("move it to the target of the `$ref`, or remove the `$ref`")
            });
            false
        }
    });
}

/// Returns a short example of an object of the specification.
fn example(kind: ObjectKind) -> Option<&'static str> {
    Some(match kind {
        ObjectKind::RequestBody => {
            "`content: { application/json: { schema: { type: object } } }` under it"
        }
        ObjectKind::Response => "`description: ..`, and `content` where there is a body, under it",
        ObjectKind::Parameter => "`{ name: limit, in: query, schema: { type: integer } }`",
        ObjectKind::Header => "`schema: { type: string }` under it",
        ObjectKind::SecurityRequirement => {
            "the scheme's name with its scopes, such as `bearerAuth: []`"
        }
        ObjectKind::SecurityScheme => {
            "`{ type: http, scheme: bearer }`, or the fields of another type"
        }
        ObjectKind::Responses => "responses by their status, such as `'200': { description: .. }`",
        ObjectKind::Operation => {
            "`responses: { '200': { description: .. } }` and its other fields under it"
        }
        ObjectKind::PathItem => "operations by their method, such as `get: { responses: .. }`",
        ObjectKind::Paths => "path items by their paths, such as `/pets: { get: .. }`",
        ObjectKind::Components => "`schemas: ..` and the like under it",
        ObjectKind::Info => "`{ title: .., version: .. }`",
        ObjectKind::OAuthFlows => {
            "`clientCredentials: { tokenUrl: .., scopes: {} }`, or another flow, under it"
        }
        _ => return None,
    })
}
