//! Renders one diagnostic as text and as JSON.

use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{
    Annotation, AnnotationKind, Group, Level, Origin, Padding, Renderer, Snippet,
};
use serde_json::{Value, json};

use super::excerpt::{Excerpt, Mark, PLACEHOLDER, excerpt, fit_together, visible};
use crate::diagnostic::{Diagnostic, FileId, Location, More, Severity};
use crate::source::Sources;

/// Longer messages are truncated, because a name in a document can have any length.
const LONGEST_TEXT: usize = 500;

/// Returns the number of diagnostics that are not kept, as a JSON object on one line, or `None` if
/// all are kept.
pub(crate) fn more_json_line(more: More) -> Option<String> {
    let More { errors, warnings } = more;
    (more != More::default())
        .then(|| json!({ "more": { "errors": errors, "warnings": warnings } }).to_string())
}

/// Returns a diagnostic as a JSON object on one line.
///
/// Its members: `code`, `severity`, `message`, `label`, `file`, `line`, `column`, `endLine`,
/// `endColumn`, `scope` and `effect` (null unless it is a contained fault), `affected` (the first
/// operations), `affectedCount` (the number of all affected operations), `overlay` (the actions
/// that correct it), `help`, `related` (a list of objects with `label` and the same members for the
/// location) and `rendered`. Lines and columns start at 1, columns count characters, and the end is
/// exclusive. They are null for a file without text.
#[must_use]
pub fn to_json_line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut object = json!({
        "code": diagnostic.code.as_str(),
        "severity": match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": diagnostic.message,
        "label": diagnostic.label,
    });
    let related = diagnostic.related.iter().map(|(location, label)| {
        let mut object = json!({ "label": label });
        extend(&mut object, place(location, sources));
        object
    });
    let related: Vec<Value> = related.collect();
    extend(&mut object, place(&diagnostic.location, sources));
    let remedy = diagnostic.contained_remedy();
    let rest = json!({
        "scope": remedy.map(|remedy| remedy.scope.as_str()),
        "effect": remedy.map(|remedy| remedy.effect.as_str()),
        "overlay": remedy.map_or_else(Vec::new, |remedy| {
            let actions = remedy.overlay.iter().map(ToString::to_string);
            actions.collect::<Vec<_>>()
        }),
        "affected": remedy.map_or(&[][..], |remedy| remedy.affected.as_slice()),
        "affectedCount": remedy.map_or(0, |remedy| remedy.affected_count),
        "help": diagnostic.help,
        "related": related,
        "rendered": render_one(diagnostic, sources, false),
    });
    extend(&mut object, rest);
    object.to_string()
}

fn place(location: &Location, sources: &Sources) -> Value {
    let Some((file, span)) = shown_place(location, sources) else {
        let name = match location {
            Location::File(name) => Some(name),
            Location::Node(..) | Location::Span(..) => None,
        };
        return json!({
            "file": name, "line": null, "column": null, "endLine": null, "endColumn": null,
        });
    };
    let start = sources.line_column(file, span.start);
    let end = sources.line_column(file, span.end);
    json!({
        "file": sources.name(file),
        "line": start.line,
        "column": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn extend(object: &mut Value, other: Value) {
    if let (Value::Object(object), Value::Object(other)) = (object, other) {
        object.extend(other);
    }
}

/// Returns a location, truncated to its first line.
fn shown_place(location: &Location, sources: &Sources) -> Option<(FileId, Range<usize>)> {
    let (file, span) = sources.find(location)?;
    let line = sources.line_column(file, span.start).line;
    let end = sources.line_span(file, line).end;
    let end = span.end.min(end).max(span.start);
    Some((file, span.start..end))
}

pub(super) fn render_one(diagnostic: &Diagnostic, sources: &Sources, color: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(shown(&diagnostic.message))
        .id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    let excerpts = excerpts(diagnostic, sources);
    let mut origins = Vec::new();
    let mut hidden = BTreeSet::new();
    if let Location::File(name) = &diagnostic.location {
        group = group.element(Origin::path(shown(name))).element(Padding);
    }
    let mut rest = excerpts.into_iter().peekable();
    while let Some((file, marks)) = rest.next() {
        let Some(first) = marks.first() else { continue };
        let start = sources.line_column(file, first.span.start);
        let name = shown(sources.name(file));
        let origin = format!("{PLACEHOLDER}{}", origins.len());
        origins.push(format!("{name}:{}:{}", start.line, start.column));
        if sources.may_show(file) {
            group = group.element(snippet(&excerpt(sources, file, &marks), origin));
        } else {
            group = group.element(Origin::path(origin));
            if rest.peek().is_none() {
                group = group.element(Padding);
            }
            hidden.insert(name);
        }
    }
    for name in hidden {
        let note =
            format!("lines of `{name}` are not shown, because its name is not that of a document");
        group = group.element(Level::NOTE.message(note));
    }
    let remedy = diagnostic.contained_remedy();
    if let Some(remedy) = remedy {
        group = group.element(Level::NOTE.message(shown(&remedy.effect)));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(shown(help)));
    }
    let actions = remedy.map_or(&[][..], |remedy| remedy.overlay.as_slice());
    if !actions.is_empty() {
        let actions: Vec<String> = actions.iter().map(|action| format!("- {action}")).collect();
        let help = format!("or correct it in an overlay:\n{}", actions.join("\n"));
        group = group.element(Level::HELP.message(visible_lines(&help)));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    name_origins(&renderer.render(&[group]), &origins)
}

/// Returns the marks of a diagnostic, grouped by excerpt.
fn excerpts(diagnostic: &Diagnostic, sources: &Sources) -> Vec<(FileId, Vec<Mark>)> {
    let mut excerpts: Vec<(FileId, Vec<Mark>)> = Vec::new();
    let primary = (&diagnostic.location, &diagnostic.label);
    let related = diagnostic
        .related
        .iter()
        .map(|(location, label)| (location, label));
    for (location, label) in std::iter::once(primary).chain(related) {
        let Some((file, span)) = shown_place(location, sources) else {
            continue;
        };
        let mark = Mark {
            is_primary: excerpts.is_empty(),
            label: shown(label),
            span: span.clone(),
        };
        let together = excerpts.first_mut().filter(|(other, marks)| {
            let first = marks.first();
            *other == file
                && first.is_some_and(|first| fit_together(sources, file, &first.span, &span))
        });
        match together {
            Some((_, marks)) => marks.push(mark),
            None => excerpts.push((file, vec![mark])),
        }
    }
    excerpts
}

fn snippet<'a>(excerpt: &Excerpt, origin: String) -> Snippet<'a, Annotation<'a>> {
    let marks = excerpt.marks.iter().map(|mark| {
        let kind = if mark.is_primary {
            AnnotationKind::Primary
        } else {
            AnnotationKind::Context
        };
        let label = Some(mark.label.clone()).filter(|label| !label.is_empty());
        kind.span(mark.span.clone()).label(label)
    });
    Snippet::source(excerpt.text.clone())
        .path(origin)
        .line_start(excerpt.first_line)
        .annotations(marks)
}

/// Replaces the placeholders of locations in a rendered text.
///
/// The renderer would count columns in the excerpt, whose lines can be truncated.
fn name_origins(text: &str, origins: &[String]) -> String {
    let mut parts = text.split(PLACEHOLDER);
    let mut named = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ':');
        let (place, rest) = part
            .split_at_checked(end.unwrap_or(part.len()))
            .unwrap_or((part, ""));
        let index = place.split(':').next().and_then(|index| index.parse().ok());
        let origin = index.and_then(|index: usize| origins.get(index));
        named.push_str(origin.map_or("", String::as_str));
        named.push_str(rest);
    }
    named
}

/// Returns the lines of a text, each truncated and made visible.
fn visible_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(shown).collect();
    lines.join("\n")
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "...",
        None => visible(text),
    }
}

#[cfg(test)]
mod tests;
