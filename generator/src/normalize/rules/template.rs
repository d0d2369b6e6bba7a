//! Checks path templates against the parameters of their operations.

use std::collections::HashSet;

use serde_json::Value;

use super::document::{Operation, Parameter, Rules, operations};
use super::path::{
    invalid_escape, position_outside_braces, suggest_replacement, with_braces, without_dots,
};
use crate::diagnostic::{Diagnostic, Edit, Remedy, Scope, code, nearest};
use crate::pointer::Pointer;

/// The locations of parameters, including those of OpenAPI 2.0.
const LOCATIONS: [&str; 6] = ["query", "header", "path", "cookie", "body", "formdata"];

impl<'v> Rules<'v, '_> {
    /// Returns the names in a path template (OpenAPI 3.1, section 4.8.2), or `None` if its braces
    /// do not match.
    pub(super) fn template_names(&mut self, path: &'v str, at: &Pointer) -> Option<Vec<&'v str>> {
        let mut names = Vec::new();
        let mut known = HashSet::new();
        let mut rest = path;
        let fault = loop {
            let Some(start) = rest.find(['{', '}']) else {
                break None;
            };
            let (_, after) = rest.split_at(start);
            let Some((name, after)) = after
                .strip_prefix('{')
                .and_then(|after| after.split_once('}'))
            else {
                break Some("the braces of path `{}` do not match".to_owned());
            };
            if name.is_empty() || name.contains('{') {
                break Some("a name is missing between the braces of path `{}`".to_owned());
            }
            if !known.insert(name) {
                break Some(format!("`{name}` appears twice in path `{{}}`"));
            }
            names.push(name);
            rest = after;
        };
        let Some(fault) = fault else {
            return Some(names);
        };
        self.report(
            Diagnostic::error(code::INVALID_PATH, at.key(), fault.replacen("{}", path, 1))
                .help("write each parameter once, by its name in braces: `/pets/{id}`"),
        );
        None
    }

    /// Reports characters that a path cannot contain, and parts that are not sent (RFC 3986,
    /// section 3.3).
    pub(super) fn check_characters(&mut self, path: &'v str, at: &Pointer) {
        let parts = path.split(['{', '}']).step_by(2);
        let outside = parts.collect::<Vec<_>>().join("{}");
        let literal = outside.split(['?', '#']).next().unwrap_or_default();
        let sign = literal
            .chars()
            .find(|c| c.is_control() || c.is_whitespace() || *c == '\\');
        if let Some(sign) = sign {
            let text = sign.to_string();
            let encoded =
                percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC);
            self.report(
                Diagnostic::error(
                    code::INVALID_PATH,
                    at.key(),
                    format!("path `{path}` contains a character that is not allowed in paths"),
                )
                .label(format!("`{}` is not allowed", sign.escape_default()))
                .help(format!("write `{encoded}` if that is meant")),
            );
        }
        if let Some(escape) = invalid_escape(literal) {
            let message = format!("path `{path}` contains an invalid percent escape");
            self.report(
                Diagnostic::error(code::INVALID_PATH, at.key(), message)
                    .label(format!("`{escape}` is not an escape"))
                    .help("write `%25` if a percent sign is meant"),
            );
        }
        if literal
            .split('/')
            .any(|segment| matches!(segment, "." | ".."))
        {
            self.report(
                Diagnostic::error(
                    code::INVALID_PATH,
                    at.key(),
                    format!("path `{path}` has a segment `.` or `..`"),
                )
                .label("would be resolved to another path")
                .help(format!("write `{}`", without_dots(path))),
            );
        }
        if let Some(end) = position_outside_braces(path, ['?', '#']) {
            let (_, after) = path.split_at(end);
            let is_sent = after.starts_with('?');
            let (message, help) = if is_sent {
                let message =
                    format!("a path cannot contain a query: `{after}` is sent with every request");
                (message, "write a query parameter with a default")
            } else {
                let message = format!("a path cannot contain a fragment: `{after}` is not sent");
                (message, "remove it, or write `%23` if that is meant")
            };
            let warning = Diagnostic::warning(code::COERCED, at.key(), message);
            self.report(warning.help(help));
        }
    }

    /// Reports `/pets/:id` instead of `/pets/{id}`, if a path parameter has that name, and
    /// `/pets/${id}`.
    pub(super) fn check_other_templates(
        &mut self,
        path: &'v str,
        at: &Pointer,
        item: &'v Value,
        pointer: &Pointer,
    ) {
        if !path.contains("/:") && !path.contains("${") {
            return;
        }
        let lists = operations(item, pointer).into_iter();
        let lists = lists.map(|operation| operation.value.get("parameters"));
        let lists = std::iter::once(item.get("parameters")).chain(lists);
        let parameters = lists.flat_map(|list| self.parameters_of(list));
        let names = parameters.filter(|one| one.get("in") == Some(&Value::from("path")));
        let names = names.filter_map(|one| one.get("name")?.as_str());
        let Some(meant) = with_braces(path, names) else {
            return;
        };
        let new = at.parent().map(|paths| paths.child(&meant));
        let Some(new) = new.filter(|new| self.root.pointer(new.as_str()).is_none()) else {
            return;
        };
        let value = self.root.pointer(at.as_str()).cloned().unwrap_or_default();
        let edits = vec![Edit::Remove(at.clone()), Edit::Set(new, value)];
        let effect = format!("the path `{path}` is read as `{meant}`");
        let message = format!("a parameter of path `{path}` is not in braces alone");
        self.report(
            Diagnostic::error(code::INVALID_PATH, at.key(), message)
                .help(format!("write `{meant}`"))
                .remedy(Remedy::with_edits(Scope::Path, edits, effect)),
        );
    }

    /// Reports names in the template without a path parameter, and path parameters missing from the
    /// template.
    pub(super) fn check_declared(
        &mut self,
        (path, at): (&str, &Pointer),
        names: &[&str],
        operation: &Operation<'v>,
        shared: &[Parameter<'v>],
        own: &[Parameter<'v>],
    ) {
        let in_path = |parameter: &&Parameter<'v>| parameter.location.eq_ignore_ascii_case("path");
        let method = operation.method.to_ascii_uppercase();
        let declared = shared.iter().chain(own).filter(in_path);
        let declared: HashSet<&str> = declared.map(|parameter| parameter.name).collect();
        let wanted: HashSet<&str> = names.iter().copied().collect();
        let unused = shared.iter().chain(own).filter(in_path);
        let unused = unused.filter(|parameter| !wanted.contains(parameter.name));
        let unused: Vec<_> = unused.collect();
        for name in names {
            if declared.contains(name) {
                continue;
            }
            if self.correct_location(name, (path, at), own)
                || self.is_without_place(name, operation)
            {
                continue;
            }
            let error = Diagnostic::error(
                code::UNDECLARED_PATH_PARAMETER,
                operation.pointer.key(),
                format!("path parameter `{name}` of {method} `{path}` is not declared"),
            )
            .label(format!("no parameter `{name}` here"))
            .related(at.key(), "the path");
            self.report(suggest_declaration(error, name, &unused));
        }
        for parameter in own.iter().filter(in_path) {
            if !wanted.contains(parameter.name) {
                let name = parameter.name;
                self.report(
                    Diagnostic::warning(
                        code::UNUSED_PATH_PARAMETER,
                        &parameter.pointer,
                        format!(
                            "path parameter `{name}` is not in the path `{path}` and is not sent"
                        ),
                    )
                    .related(at.key(), "the path")
                    .help(format!(
                        "write `{{{name}}}` in the path, or remove the parameter"
                    )),
                );
            }
        }
    }

    /// Corrects a parameter in the query that has a name of the template, the only possible
    /// intention.
    fn correct_location(
        &mut self,
        name: &str,
        (path, path_at): (&str, &Pointer),
        own: &[Parameter<'v>],
    ) -> bool {
        let mut same = own.iter().filter(|parameter| parameter.name == name);
        let (Some(parameter), None) = (same.next(), same.next()) else {
            return false;
        };
        let at = parameter.pointer.child("in");
        let is_written_here = self.root.pointer(at.as_str()).is_some();
        if parameter.location != "query" || !is_written_here {
            return false;
        }
        let message = format!(
            "`{name}` is in the path `{path}`, but has `in: query`; it is read as `in: path`"
        );
        let warning = Diagnostic::warning(code::COERCED, &at, message);
        let warning = warning.related(path_at.key(), "the path");
        self.report(warning.help("write `in: path`"));
        self.locations_to_correct.push(at);
        true
    }

    /// Returns `true` if a parameter with a name of the template has no location or an unknown one,
    /// which the walk reports.
    fn is_without_place(&self, name: &str, operation: &Operation<'v>) -> bool {
        let item = operation.pointer.parent();
        let item = item.and_then(|item| self.root.pointer(item.as_str()));
        let lists = [
            item.and_then(|item| item.get("parameters")),
            operation.value.get("parameters"),
        ];
        let mut parameters = lists.into_iter().flat_map(|list| self.parameters_of(list));
        parameters.any(|one| {
            let text = |key: &str| one.get(key).and_then(Value::as_str);
            let is_known = |place: &str| {
                let place = place.trim().to_ascii_lowercase();
                LOCATIONS.contains(&place.as_str())
            };
            text("name") == Some(name) && !text("in").is_some_and(is_known)
        })
    }
}

/// Adds a help to the error for a path parameter that is not declared.
fn suggest_declaration(error: Diagnostic, name: &str, unused: &[&Parameter<'_>]) -> Diagnostic {
    let meant = nearest(name, unused.iter().map(|parameter| parameter.name));
    let meant = unused.iter().find(|other| Some(other.name) == meant);
    match (meant, suggest_replacement(name)) {
        (Some(other), _) => error
            .related(other.pointer.child("name"), "declared under this name")
            .help(format!("write `{{{}}}` in the path", other.name)),
        (None, Some(help)) => error.help(help),
        (None, None) => error.help(format!(
            "add a parameter with `name: {name}`, `in: path` and `required: true`"
        )),
    }
}
