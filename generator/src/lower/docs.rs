//! Documentation from a schema, with the facts that its type does not express.

use crate::document::{SchemaNode, SchemaOrBool, SchemaView};
use crate::ir::Docs;
pub(super) use crate::markdown::code;

use super::contradiction::article;

/// Maximum number of values that a sentence lists; further ones are counted.
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

/// Returns the docs of one variant of a branch that has a variant for each tag.
pub(super) fn of_tagged(branch: &str, tag: &str) -> Docs {
    let (branch, tag) = (code(branch), code(tag));
    Docs {
        description: Some(format!("The branch {branch} with the tag {tag}.")),
        ..Docs::default()
    }
}

/// Returns the text of an External Documentation Object.
pub(super) fn external(docs: &openapiv3::ExternalDocumentation) -> String {
    let words = docs.description.as_deref().map(str::trim);
    let words = words.filter(|words| !words.is_empty()).unwrap_or("More");
    format!("{words}: <{}>", docs.url)
}

/// Returns the docs of a parameter or header: those of its schema, and the facts that its type does
/// not express.
pub(super) fn of_value(node: &SchemaNode<'_>, name: &str) -> Docs {
    let inline: Vec<_> = node.inline().into_iter().collect();
    let meant: Vec<_> = node.follow().into_iter().collect();
    let mut docs = of_property(&inline, &meant, name);
    let default = meant.iter().find_map(SchemaView::default_value);
    if let Some(default) = default.filter(|default| !default.is_null()) {
        let text = code(&default.to_string());
        docs.notes.push(format!("Server default: {text}"));
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

/// Returns one line for each keyword that restricts a value beyond its type.
fn notes(view: &SchemaView<'_>) -> Vec<String> {
    let mut notes = limits(view);
    if let Some(names) = view.property_names().and_then(|node| node.follow()) {
        // A name is a string, which has no `propertyNames` of its own.
        let facts: Vec<String> = [listed(&names)]
            .into_iter()
            .filter(|list| !list.is_empty())
            .chain(limits(&names))
            .collect();
        let facts = if facts.is_empty() {
            "limited".to_owned()
        } else {
            facts.join("; ")
        };
        notes.push(format!(
            "Property names (`propertyNames`): {facts}; not checked."
        ));
    }
    notes.extend(dependent(view));
    notes
}

/// Returns the notes, except those about an object's properties.
fn limits(view: &SchemaView<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |line: String| notes.push(line);
    let count = |number: Option<usize>| number.map(|number| number.to_string());
    if let Some(range) = range(count(view.min_length()), count(view.max_length())) {
        note(format!("Length: {range} characters"));
    }
    if let Some(range) = range(count(view.min_items()), count(view.max_items())) {
        note(format!("Items: {range}"));
    }
    if let Some(range) = range(count(view.min_properties()), count(view.max_properties())) {
        note(format!("Properties: {range}"));
    }
    for (bound, inclusive, exclusive) in [
        (view.minimum(), "Minimum", "Exclusive minimum"),
        (view.maximum(), "Maximum", "Exclusive maximum"),
    ] {
        if let Some(bound) = bound {
            let name = if bound.exclusive {
                exclusive
            } else {
                inclusive
            };
            note(format!("{name}: {}", bound.value));
        }
    }
    if let Some(step) = view.multiple_of() {
        note(format!("Multiple of {step}"));
    }
    if let Some(pattern) = view.pattern() {
        note(format!("Pattern: {}", code(pattern)));
    }
    if view.unique_items() {
        note("Items are unique".to_owned());
    }
    if let Some(format) = view.format().filter(|format| !is_carried(format)) {
        note(format!("Format: {}", code(format)));
    }
    if let Some(encoding) = view.content_encoding().filter(|name| *name != "base64") {
        note(format!("Encoding: {}", code(encoding)));
    }
    if let Some(media_type) = view.content_media_type() {
        note(format!("Media type: {}", code(media_type)));
    }
    if let Some(schema) = view.content_schema().and_then(|node| node.follow()) {
        let kind = schema.inferred_type().map_or("a value", article);
        note(format!(
            "The text encodes {kind} (`contentSchema`); not checked."
        ));
    }
    if let Some(xml) = view.xml() {
        note(format!("In XML: {}", code(&xml.to_string())));
    }
    if let Some(docs) = view.external_docs() {
        note(external(docs));
    }
    notes.extend(unchecked(view));
    notes.extend(view.faults().map(fault));
    notes
}

/// Returns the note for an item that a fault of the document affects.
pub(super) fn fault(effect: &str) -> String {
    format!("Fault in the document: {effect}.")
}

fn range(least: Option<String>, most: Option<String>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {least}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    }
}

/// Returns the values of an `enum` or `const`, formatted as code.
fn listed(view: &SchemaView<'_>) -> String {
    let values = view.enumeration();
    let shown = values.iter().take(MOST_LISTED);
    let mut shown: Vec<String> = shown.map(|value| code(&value.to_string())).collect();
    if let Some(more) = values
        .len()
        .checked_sub(MOST_LISTED)
        .filter(|more| *more > 0)
    {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

/// Returns notes for keywords that the generated types do not check.
fn unchecked(view: &SchemaView<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    if view.is_never() {
        notes.push("No value is allowed.".to_owned());
    } else if let Some(not) = view.not() {
        let excluded = not.follow().map(|not| listed(&not)).unwrap_or_default();
        notes.push(if excluded.is_empty() {
            "The schema excludes some values (`not`); not checked.".to_owned()
        } else {
            format!("Not allowed: {excluded}; not checked.")
        });
    }
    let never: Vec<String> = view
        .properties()
        .into_iter()
        .filter(|(_, node)| node.follow().is_some_and(|view| view.is_never()))
        .map(|(name, _)| code(name))
        .collect();
    if !never.is_empty() {
        notes.push(format!("Not allowed: {}", never.join(", ")));
    }
    let first: Vec<&str> = view
        .prefix_items()
        .iter()
        .map(|node| {
            node.follow()
                .and_then(|view| view.inferred_type())
                .map_or("a value", article)
        })
        .collect();
    if !first.is_empty() && view.min_items() != Some(first.len()) {
        notes.push(format!("The first items, in order: {}", first.join(", ")));
    }
    if matches!(view.items(), SchemaOrBool::Closed) && view.prefix_items().is_empty() {
        notes.push("No item is allowed.".to_owned());
    }
    if view.conditional().iter().any(Option::is_some) {
        notes.push("Conditions (`if`, `then`, `else`) are not checked.".to_owned());
    }
    if view.contains().is_some() {
        let range = range(
            view.min_contains()
                .or(Some(1))
                .map(|least| least.to_string()),
            view.max_contains().map(|most| most.to_string()),
        );
        notes.push(format!(
            "Items that match `contains`: {}; not checked.",
            range.unwrap_or_default()
        ));
    }
    notes
}

/// Returns notes for keywords that make properties depend on each other.
fn dependent(view: &SchemaView<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    for (name, needed) in view.dependent_required() {
        notes.push(format!(
            "Required together with {}: {}",
            code(name),
            codes(&needed)
        ));
    }
    if !view.dependent_schemas().is_empty() {
        notes.push("Valid values depend on the properties that are present (`dependentSchemas`); not checked.".to_owned());
    }
    let sets: Vec<String> = view
        .one_of()
        .iter()
        .chain(&view.any_of())
        .filter_map(required_set)
        .collect();
    if !sets.is_empty() {
        notes.push(format!(
            "One of these sets of properties is required: {}",
            sets.join("; ")
        ));
    }
    notes
}

/// Returns the names that a branch requires, if it has no other keywords.
pub(super) fn required_set(branch: &SchemaNode<'_>) -> Option<String> {
    let view = branch.inline()?;
    let bare = view
        .declared_type()
        .is_none_or(|value_type| value_type == crate::document::SchemaType::Object)
        && view.properties().is_empty()
        && view.all_of().is_empty()
        && view.one_of().is_empty()
        && view.any_of().is_empty()
        && view.enumeration().is_empty();
    (bare && !view.required().is_empty()).then(|| codes(view.required()))
}

/// Returns names formatted as code, separated by commas.
fn codes(names: &[impl AsRef<str>]) -> String {
    let names: Vec<String> = names.iter().map(|name| code(name.as_ref())).collect();
    names.join(", ")
}

/// Returns true if the Rust type expresses the format.
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
