//! Diagnostics about references.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::Value;

use super::broken::Broken;
use super::reference_syntax::Outside;
use super::referenced_files::{Failure, Files, Index, MAX_HOPS, Target};
use super::scan::Found;
use crate::diagnostic::{Code, Diagnostic, Location, code, nearest};
use crate::pointer::Pointer;
use crate::source::OutsideRoot;
use crate::spec::{FieldType, ObjectKind, type_at};

/// The maximum number of other locations that are shown for the same reference.
const MOST_PLACES: usize = 3;

/// The maximum number of findings with a suggestion, because comparing names takes time.
const MOST_SUGGESTIONS: usize = 50;

/// The findings so far: one for each distinct wrong reference of a file.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    found: IndexMap<Key, Diagnostic>,
    /// The ambiguous anchors that references use.
    ambiguous: HashSet<(Index, Pointer)>,
    /// All wrong references, including those that are not reported again.
    pub(super) broken: Vec<Broken>,
}

/// The file and the text of a reference, and the expected kind if its target has another one.
type Key = (Index, String, Option<ObjectKind>);

impl Complaints {
    pub(super) fn report(self, files: &mut Files<'_>) {
        for mut diagnostic in self.found.into_values() {
            // A node that is reached in several ways has only one location.
            let mut shown = vec![files.sources.find(&diagnostic.location)];
            diagnostic.related.retain(|(location, _)| {
                let place = files.sources.find(location);
                let is_new = !shown.contains(&place);
                shown.push(place);
                is_new
            });
            files.diagnostics.push(diagnostic);
        }
        for (file, name, [first, second]) in files.repeated_anchors() {
            if self.ambiguous.contains(&(file, first.clone())) {
                continue;
            }
            let message = format!("two schemas have the `$anchor` `{name}`");
            let at = |pointer: &Pointer| files.location(&(file, pointer.child("$anchor")));
            let diagnostic = Diagnostic::warning(code::DUPLICATE_ANCHOR, at(&second), message)
                .label("defined again here")
                .related(at(&first), "first declared here")
                .help("give each schema its own name");
            files.diagnostics.push(diagnostic);
        }
    }

    /// Reports an unresolved reference.
    pub(super) fn add(&mut self, files: &Files<'_>, found: &Found, file: Index, failure: Failure) {
        let meant = match &failure {
            Failure::Missing { wanted, .. } => around(files, found, wanted),
            _ => None,
        };
        self.note(found, None, meant);
        let can_suggest = self.found.len() < MOST_SUGGESTIONS;
        if let Failure::Ambiguous(file, [first, _]) = &failure {
            self.ambiguous.insert((*file, first.clone()));
        }
        let mut text = found.text.as_str();
        if let Failure::Unreadable(_) | Failure::OutsideRoot(_) = failure {
            // Reported once for each file, whatever the fragment.
            text = text.split('#').next().unwrap_or_default();
        }
        self.once((file, text.to_owned(), None), found, || {
            describe(files, found, file, failure, can_suggest)
        });
    }

    /// Reports a reference to an object of another kind.
    pub(super) fn wrong_kind(
        &mut self,
        files: &Files<'_>,
        found: &Found,
        expected: ObjectKind,
        actual: Option<ObjectKind>,
        target: &Target,
    ) {
        let key = (target.0, found.text.clone(), Some(expected));
        self.once(key, found, || {
            let expected = expected.noun();
            let actual = actual.map_or("something else", ObjectKind::noun);
            let message = match found.text.as_str() {
                "" => format!("an empty reference refers to {actual}, not {expected}"),
                text => format!("`{text}` is {actual}, not {expected}"),
            };
            Some(
                error(code::WRONG_REFERENCE, found, message)
                    .label(format!("expected {expected}"))
                    .related(files.location(target), "the target of the reference")
                    .help(format!("refer to {expected}, or write it in place")),
            )
        });
    }

    /// Records a wrong reference, whether or not it is reported again.
    pub(super) fn note(
        &mut self,
        found: &Found,
        leads_to: Option<&Pointer>,
        meant: Option<Pointer>,
    ) {
        self.broken.push(Broken {
            at: found.at.clone(),
            is_mapping: found.is_mapping,
            text: found.text.clone(),
            leads_to: leads_to.cloned(),
            meant,
        });
    }

    /// Reports that copies of copies exceed the limit.
    pub(super) fn too_large(&mut self, found: &Found) {
        self.once((0, found.text.clone(), None), found, || {
            let message = "references expand this document beyond the limit";
            Some(
                error(code::TOO_LARGE, found, message)
                    .label("the limit is reached here")
                    .help(
                        "refer to single schemas, parameters and responses instead of whole maps",
                    ),
            )
        });
    }

    /// Reports copies that contain one another.
    pub(super) fn too_deep(&mut self, found: &Found) {
        self.once((0, found.text.clone(), None), found, || {
            let message = "inlined references are nested too deeply";
            Some(
                error(code::TOO_DEEP, found, message)
                    .label("the limit is reached here")
                    .help("use fewer levels of references"),
            )
        });
    }

    /// Reports a `$ref` that cannot be merged with the members beside it.
    pub(super) fn beside(&mut self, found: &Found) {
        self.note(found, None, None);
        self.once((0, found.text.clone(), None), found, || {
            let message = "this reference cannot be merged with the members beside it";
            Some(
                error(code::WRONG_REFERENCE, found, message)
                    .label("has members beside it")
                    .help("move the members to the target of the reference"),
            )
        });
    }

    fn once(&mut self, key: Key, found: &Found, make: impl FnOnce() -> Option<Diagnostic>) {
        if let Some(known) = self.found.get_mut(&key) {
            let is_first = known.location == found.location();
            if !is_first && known.related.len() < MOST_PLACES {
                known
                    .related
                    .push((found.location(), "and here".to_owned()));
            }
        } else if let Some(diagnostic) = make() {
            self.found.insert(key, diagnostic);
        }
    }
}

/// Returns the diagnostic for an unresolved reference, or `None` if it was reported before.
fn describe(
    files: &Files<'_>,
    found: &Found,
    file: Index,
    failure: Failure,
    can_suggest: bool,
) -> Option<Diagnostic> {
    Some(match failure {
        Failure::Outside(outside) => outside_reference(found, outside),
        Failure::OutsideRoot(outside) => outside_root(found, &outside),
        Failure::LongPointer(length) => {
            let message =
                format!("a reference has {length} parts, more than a document has levels");
            error(code::TOO_DEEP, found, message)
                .label("not found")
                .help("refer to a schema by its path, such as `#/components/schemas/Pet`")
        }
        Failure::Unreadable(unreadable) => {
            let diagnostic = unreadable.at(found.location()).label("needed here");
            // A bare name probably does not mean a file.
            let is_name = !found.text.contains(['.', '/', '#']);
            match like_component(files, found).filter(|_| can_suggest && is_name) {
                Some(other) => diagnostic.help(format!("did you mean `{other}`?")),
                None => diagnostic,
            }
        }
        Failure::Reported => return None,
        Failure::Missing { wanted, deepest } => {
            let diagnostic = missing(files, found, file, &wanted);
            if let Some((escape, help)) = bad_escape(&found.text) {
                let label = format!("`{escape}` is not an escape");
                return Some(diagnostic.label(label).help(help));
            }
            let help = if can_suggest {
                suggestion(files, found, &wanted, &deepest)
            } else {
                None
            };
            match help {
                Some(help) => diagnostic.help(help),
                None => definition(files, diagnostic, &wanted, &deepest),
            }
        }
        Failure::NoAnchor(target) => {
            let name = files.name(target);
            let message = format!("no schema in `{name}` is named `{}`", found.text);
            let help = like_component(files, found).filter(|_| can_suggest);
            error(code::UNRESOLVED_REFERENCE, found, message).help(match help {
                Some(other) => format!("did you mean `{other}`?"),
                None => {
                    "refer to a schema by its path, such as `#/components/schemas/Pet`".to_owned()
                }
            })
        }
        Failure::Ambiguous(target, named) => ambiguous(files, found, target, &named),
        Failure::TooLong => {
            let message = format!("a chain of more than {MAX_HOPS} references begins here");
            error(code::TOO_DEEP, found, message)
                .label("the limit is reached here")
                .help("refer to the target, not to another reference")
        }
        Failure::Circular(circle) => circular(files, found, &circle),
    })
}

/// Returns the error for an anchor that two schemas have.
fn ambiguous(files: &Files<'_>, found: &Found, target: Index, named: &[Pointer; 2]) -> Diagnostic {
    let message = format!("`{}` is ambiguous", found.text);
    let [first, second] = named
        .each_ref()
        .map(|at| files.location(&(target, at.child("$anchor"))));
    error(code::DUPLICATE_ANCHOR, found, message)
        .label("two schemas have this name")
        .related(first, "first declared here")
        .related(second, "declared again here")
        .help("give each schema its own `$anchor`, or refer to one of them by its path")
}

fn error(code: Code, found: &Found, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, found.location(), message)
}

fn outside_reference(found: &Found, outside: Outside) -> Diagnostic {
    let text = &found.text;
    match outside {
        Outside::Remote => {
            let path = text.split('#').next().unwrap_or_default();
            let name = path.rsplit('/').find(|name| !name.is_empty());
            let fragment = text
                .find('#')
                .and_then(|at| text.get(at..))
                .unwrap_or_default();
            let name = name.unwrap_or("other.yml");
            error(
                code::REMOTE_REFERENCE,
                found,
                "remote references are not followed",
            )
            .label("on another host")
            .help(format!(
                "download `{path}` and write `./{name}{fragment}`, or leave the document as it is and add `--map {path}={name}`"
            ))
        }
        Outside::Absolute if text.starts_with("/components/") => {
            let message = "a reference within this document has to begin with `#`";
            error(code::ABSOLUTE_REFERENCE, found, message)
                .label("read as a file path")
                .help(format!("write `#{text}`"))
        }
        Outside::Absolute => {
            let message = "a reference to a file must be a relative path";
            error(code::ABSOLUTE_REFERENCE, found, message)
                .label("not relative")
                .help("write the path relative to the folder of this file, such as `./schemas/pet.yml`")
        }
    }
}

fn outside_root(found: &Found, outside: &OutsideRoot) -> Diagnostic {
    let path = found.text.split('#').next().unwrap_or_default();
    let OutsideRoot { folder } = outside;
    let folder = match folder {
        Some(folder) => format!("the folder `{folder}`"),
        None => "the current folder".to_owned(),
    };
    let message = format!("`{path}` is outside of {folder}, and is not read");
    error(code::OUTSIDE_REFERENCE, found, message)
        .label("outside of the folder")
        .help(
            "pass the folder that contains all files of the document with `--ref-root DIR`, \
             or move the file",
        )
}

fn missing(files: &Files<'_>, found: &Found, file: Index, (target, wanted): &Target) -> Diagnostic {
    let message = if *target == file {
        format!("`#{wanted}` does not exist")
    } else {
        format!("`#{wanted}` does not exist in `{}`", files.name(*target))
    };
    error(code::UNRESOLVED_REFERENCE, found, message).label("not found")
}

/// Returns an invalid escape of a reference (RFC 3986, section 2.1; RFC 6901, section 3), and a
/// help.
fn bad_escape(text: &str) -> Option<(&str, &'static str)> {
    let (_, fragment) = text.split_once('#')?;
    let escape = |sign: char, length: usize, is_good: fn(&str) -> bool| {
        fragment.match_indices(sign).find_map(|(at, _)| {
            let rest = fragment.get(at..)?;
            let end = rest
                .char_indices()
                .nth(length)
                .map_or(rest.len(), |(at, _)| at);
            let escape = rest.get(..end)?;
            (!is_good(escape)).then_some(escape)
        })
    };
    let is_hex =
        |text: &str| text.len() == 3 && text.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
    if let Some(escape) = escape('%', 3, is_hex) {
        return Some((escape, "write `%25` for a percent sign"));
    }
    let escape = escape('~', 2, |text| matches!(text, "~0" | "~1"))?;
    Some((escape, "write `~0` for `~` and `~1` for `/` in a name"))
}

/// Returns where the missing target has to be defined.
fn definition(
    files: &Files<'_>,
    diagnostic: Diagnostic,
    (file, wanted): &Target,
    deepest: &Pointer,
) -> Diagnostic {
    let tokens: Vec<String> = wanted.tokens().collect();
    if let [components, section, name] = tokens.as_slice()
        && components == "components"
    {
        let help = format!("add `{name}` to `components.{section}`, or refer to something else");
        return diagnostic.help(help);
    }
    let token = wanted
        .strip_prefix(deepest)
        .and_then(|rest| rest.tokens().next());
    match token {
        Some(token) if *deepest != Pointer::root() => diagnostic
            .related(
                files.location(&(*file, deepest.clone())),
                format!("has no `{token}`"),
            )
            .help("define it there, or refer to something else"),
        _ => diagnostic.help("define it there, or refer to something else"),
    }
}

/// Returns the target of a reference relative to an enclosing schema: if that has an `$id`, `#` is
/// that schema.
fn around(files: &Files<'_>, found: &Found, (file, wanted): &Target) -> Option<Pointer> {
    let mut around = found.at.parent().filter(|_| *file == 0);
    while let Some(schema) = around {
        let there = schema.join(wanted);
        if schema != Pointer::root() && files.node(&(*file, there.clone())).is_some() {
            return Some(there);
        }
        around = schema.parent();
    }
    None
}

/// Returns the same reference with the most similar name.
fn suggestion(
    files: &Files<'_>,
    found: &Found,
    (file, wanted): &Target,
    deepest: &Pointer,
) -> Option<String> {
    let target = (*file, wanted.clone());
    if let Some(there) = around(files, found, &target) {
        return Some(format!("did you mean `#{there}`?"));
    }
    let rest = wanted.strip_prefix(deepest)?;
    let mut rest = rest.tokens();
    let token = rest.next()?;
    let Value::Object(map) = files.node(&(*file, deepest.clone()))? else {
        return None;
    };
    let path = found.text.split('#').next().unwrap_or_default();
    if deepest.child("") == *wanted {
        return Some(format!("remove the slash at the end: `{path}#{deepest}`"));
    }
    if let Some(name) = nearest(&token, map.keys().map(String::as_str)) {
        let there = deepest.child(name);
        let whole = rest.fold(there.clone(), |pointer, token| pointer.child(token));
        let exists = |pointer: &Pointer| files.node(&(*file, pointer.clone())).is_some();
        let best = if exists(&whole) { whole } else { there };
        return (*file != 0 || best != found.at).then(|| format!("did you mean `{path}#{best}`?"));
    }
    let other = like_component(files, found).filter(|_| *file == 0)?;
    Some(format!("did you mean `{other}`?"))
}

/// Returns a component of the root whose name is similar to the last part of a reference.
fn like_component(files: &Files<'_>, found: &Found) -> Option<String> {
    let section = found.ty.kind()?.section()?;
    let last = found.text.rsplit(['/', '#']).next()?;
    let at = Pointer::root().child("components").child(section);
    let Value::Object(map) = files.node(&(0, at.clone()))? else {
        return None;
    };
    let there = at.child(nearest(last, map.keys().map(String::as_str))?);
    // The reference itself is not a suggestion.
    (there != found.at).then(|| format!("#{there}"))
}

/// Returns the error for a `$ref` in `properties`, which is the name of a property there.
pub(crate) fn reference_as_property(location: impl Into<Location>, text: &str) -> Diagnostic {
    let message = "property `$ref` is neither an object nor a boolean, but a string";
    Diagnostic::error(code::NOT_A_SCHEMA, location, message)
        .label("expected a schema")
        .help(format!(
            "to have the properties of another schema, write `allOf: [{{ $ref: '{text}' }}]` beside \
             `properties`"
        ))
}

fn circular(files: &Files<'_>, found: &Found, circle: &[Target]) -> Diagnostic {
    const MOST: usize = 4;
    let is_schema = |(_, target): &Target| type_at(target).kind() == Some(ObjectKind::Schema);
    let is_property = found.at.last().as_deref() == Some("properties");
    if is_property && found.ty == FieldType::Map(ObjectKind::Schema) && circle.iter().all(is_schema)
    {
        return reference_as_property(found.location(), &found.text);
    }
    let mut names: Vec<String> = circle
        .iter()
        .take(MOST)
        .map(|(file, pointer)| match file {
            0 => format!("`#{pointer}`"),
            _ => format!("`{}#{pointer}`", files.name(*file)),
        })
        .collect();
    let (message, help) = if let [one] = names.as_slice() {
        let help = "replace it with the value that is meant";
        (format!("{one} refers to itself"), help)
    } else {
        if circle.len() > MOST {
            names.push("..".to_owned());
        }
        names.extend(names.first().cloned());
        let names = names.join(" -> ");
        let help = "replace one of them with a value";
        let message = format!("these references form a cycle: {names}");
        (message, help)
    };
    let mut diagnostic = error(code::CIRCULAR_REFERENCE, found, message)
        .label("refers to itself")
        .help(help);
    let here = files.sources.origin(&found.text_node());
    let others = circle
        .iter()
        .map(|(file, pointer)| (*file, pointer.child("$ref")));
    let others =
        others.filter(|(file, pointer)| here.as_ref() != Some(&(files.id(*file), pointer.clone())));
    for target in others.take(MOST_PLACES) {
        diagnostic = diagnostic.related(files.location(&target), "continues here");
    }
    diagnostic
}
