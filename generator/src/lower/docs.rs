//! Documentation from a schema, with the facts that its type does not express.

use crate::document::{SchemaNode, SchemaOrBool, SchemaType, SchemaView};
use crate::ir::{
    CountRange, Docs, ExternalDocs, ListedValues, Note, ObjectNote, TextNote, ValueNote,
};

/// Maximum number of values that a note lists; further ones are counted.
const MOST_LISTED: usize = 100;

/// Returns the docs of a declared type with the given name.
pub(super) fn of_schema(view: &SchemaView<'_>, name: &str) -> Docs {
    Docs {
        summary: title(view, name),
        description: text(view.description()),
        notes: notes(view),
    }
}

/// Returns the docs of a property: its own, or those of its schema.
///
/// `own` are the inline schemas of the property, `meant` the targets of its `$ref`s.
pub(super) fn of_property(own: &[SchemaView<'_>], meant: &[SchemaView<'_>], name: &str) -> Docs {
    let description = |views: &[SchemaView<'_>]| {
        let mut views = views.iter().rev();
        views.find_map(|view| text(view.description()))
    };
    Docs {
        summary: own.iter().rev().find_map(|view| title(view, name)),
        description: description(own).or_else(|| description(meant)),
        notes: own.iter().flat_map(notes).collect(),
    }
}

/// Returns the docs of a tag.
pub(super) fn of_tag(tag: &openapiv3::Tag) -> Docs {
    Docs {
        summary: None,
        description: text(tag.description.as_deref()),
        notes: tag.external_docs.iter().map(external).collect(),
    }
}

/// Returns the note for an External Documentation Object.
pub(super) fn external(docs: &openapiv3::ExternalDocumentation) -> Note {
    Note::ExternalDocs(ExternalDocs {
        url: docs.url.clone(),
        description: text(docs.description.as_deref()),
    })
}

/// Returns the docs of a parameter or header: those of its schema, and the facts that its type does
/// not express.
pub(super) fn of_value(node: &SchemaNode<'_>, name: &str) -> Docs {
    let inline: Vec<_> = node.inline().into_iter().collect();
    let meant: Vec<_> = node.follow().into_iter().collect();
    let mut docs = of_property(&inline, &meant, name);
    let default = meant.iter().find_map(SchemaView::default_value);
    if let Some(default) = default.filter(|default| !default.is_null()) {
        docs.notes.push(Note::ServerDefault(default.to_string()));
    }
    docs
}

/// Returns the title, if it differs from the name.
fn title(view: &SchemaView<'_>, name: &str) -> Option<String> {
    let plain = |text: &str| -> String {
        let plain = text.chars().filter(|c| c.is_alphanumeric());
        plain.flat_map(char::to_lowercase).collect()
    };
    text(view.title()).filter(|title| plain(title) != plain(name))
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// Returns a note for each keyword that restricts a value beyond its type.
fn notes(view: &SchemaView<'_>) -> Vec<Note> {
    let mut notes = notes_on_value(view);
    if let Some(names) = view.property_names().and_then(|node| node.follow()) {
        // A name is a string, which has no properties of its own.
        let values = listed(&names);
        let values = (!values.shown.is_empty()).then_some(ValueNote::OneOf(values));
        let values = values.into_iter().map(Note::Value);
        let facts = values.chain(notes_on_value(&names)).collect();
        notes.push(Note::Object(ObjectNote::PropertyNames(facts)));
    }
    notes.extend(dependent(view).into_iter().map(Note::Object));
    notes
}

/// Returns the notes, except those about the names of properties and about properties that depend
/// on each other.
fn notes_on_value(view: &SchemaView<'_>) -> Vec<Note> {
    let mut notes = limits(view);
    notes.extend(encoding(view).into_iter().map(Note::Text));
    if let Some(xml) = view.xml() {
        notes.push(Note::Xml(xml.to_string()));
    }
    notes.extend(view.external_docs().map(external));
    notes.extend(unchecked(view));
    notes.extend(view.faults().map(fault));
    notes
}

/// Returns the notes on sizes, numbers and patterns.
fn limits(view: &SchemaView<'_>) -> Vec<Note> {
    let length = CountRange::new(view.min_length(), view.max_length());
    let items = CountRange::new(view.min_items(), view.max_items());
    let properties = CountRange::new(view.min_properties(), view.max_properties());
    let minimum = view.minimum().map(|bound| ValueNote::Minimum {
        value: bound.value.to_string(),
        is_exclusive: bound.exclusive,
    });
    let maximum = view.maximum().map(|bound| ValueNote::Maximum {
        value: bound.value.to_string(),
        is_exclusive: bound.exclusive,
    });
    let step = view.multiple_of().map(|step| step.to_string());
    let pattern = view.pattern().map(str::to_owned);
    [
        length.map(|range| Note::Value(ValueNote::Length(range))),
        items.map(|range| Note::Value(ValueNote::Items(range))),
        properties.map(|range| Note::Object(ObjectNote::Properties(range))),
        minimum.map(Note::Value),
        maximum.map(Note::Value),
        step.map(|step| Note::Value(ValueNote::MultipleOf(step))),
        pattern.map(|pattern| Note::Value(ValueNote::Pattern(pattern))),
        view.unique_items()
            .then_some(Note::Value(ValueNote::UniqueItems)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the notes on the encoding of a string that its type does not express.
fn encoding(view: &SchemaView<'_>) -> Vec<TextNote> {
    let format = view.format().filter(|format| !is_carried(format));
    let encoding = view.content_encoding().filter(|name| *name != "base64");
    let media_type = view.content_media_type();
    let schema = view.content_schema().and_then(|node| node.follow());
    let schema = schema.map(|schema| TextNote::Schema(type_name(&schema)));
    [
        format.map(|format| TextNote::Format(format.to_owned())),
        encoding.map(|encoding| TextNote::Encoding(encoding.to_owned())),
        media_type.map(|media_type| TextNote::MediaType(media_type.to_owned())),
        schema,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Returns the note for an item that a fault of the document affects.
pub(super) fn fault(effect: &str) -> Note {
    Note::Fault(effect.to_owned())
}

/// Returns the values of an `enum` or `const`.
fn listed(view: &SchemaView<'_>) -> ListedValues {
    let values = view.enumeration();
    let shown = values.iter().take(MOST_LISTED);
    ListedValues {
        shown: shown.map(ToString::to_string).collect(),
        more: values.len().saturating_sub(MOST_LISTED),
    }
}

/// Returns the name of a schema's type, if it has one.
fn type_name(view: &SchemaView<'_>) -> Option<&'static str> {
    view.inferred_type().map(SchemaType::name)
}

/// Returns notes for keywords that the generated types do not check.
fn unchecked(view: &SchemaView<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if view.is_never() {
        notes.push(Note::Value(ValueNote::NoValue));
    } else if let Some(not) = view.not() {
        let excluded = not.follow().map(|not| listed(&not)).unwrap_or_default();
        notes.push(Note::Value(ValueNote::Not(excluded)));
    }
    let properties = view.properties().into_iter();
    let forbidden: Vec<String> = properties
        .filter(|(_, node)| node.follow().is_some_and(|view| view.is_never()))
        .map(|(name, _)| name.to_owned())
        .collect();
    if !forbidden.is_empty() {
        notes.push(Note::Object(ObjectNote::Forbidden(forbidden)));
    }
    let first = view.prefix_items();
    let first = first
        .iter()
        .map(|node| node.follow().and_then(|view| type_name(&view)));
    let first: Vec<Option<&'static str>> = first.collect();
    if !first.is_empty() && view.min_items() != Some(first.len()) {
        notes.push(Note::Value(ValueNote::FirstItems(first)));
    }
    if matches!(view.items(), SchemaOrBool::Closed) && view.prefix_items().is_empty() {
        notes.push(Note::Value(ValueNote::NoItems));
    }
    if view.conditional().iter().any(Option::is_some) {
        notes.push(Note::Value(ValueNote::Conditions));
    }
    if view.contains().is_some() {
        notes.push(Note::Value(ValueNote::Contains(CountRange {
            min: view.min_contains().or(Some(1)),
            max: view.max_contains(),
        })));
    }
    notes
}

/// Returns notes for keywords that make properties depend on each other.
fn dependent(view: &SchemaView<'_>) -> Vec<ObjectNote> {
    let required = view.dependent_required().into_iter();
    let mut notes: Vec<ObjectNote> = required
        .map(|(name, required)| ObjectNote::RequiredWith {
            name: name.to_owned(),
            required: required.into_iter().map(str::to_owned).collect(),
        })
        .collect();
    if !view.dependent_schemas().is_empty() {
        notes.push(ObjectNote::DependentSchemas);
    }
    let (one_of, any_of) = (view.one_of(), view.any_of());
    let branches = one_of.iter().chain(&any_of);
    let sets: Vec<Vec<String>> = branches.filter_map(required_set).collect();
    if !sets.is_empty() {
        notes.push(ObjectNote::RequiredSets(sets));
    }
    notes
}

/// Returns the names that a branch requires, if it has no other keywords.
pub(super) fn required_set(branch: &SchemaNode<'_>) -> Option<Vec<String>> {
    let view = branch.inline()?;
    let bare = view
        .declared_type()
        .is_none_or(|value_type| value_type == SchemaType::Object)
        && view.properties().is_empty()
        && view.all_of().is_empty()
        && view.one_of().is_empty()
        && view.any_of().is_empty()
        && view.enumeration().is_empty();
    (bare && !view.required().is_empty()).then(|| view.required().to_vec())
}

/// Returns `true` if the Rust type expresses the format.
fn is_carried(format: &str) -> bool {
    matches!(
        format,
        "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "double"
            | "uri"
            | "uuid"
            | "date"
            | "date-time"
            | "byte"
            | "binary"
            | "password"
    )
}
