//! Security requirements.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::document::Rules;
use crate::diagnostic::{Diagnostic, code, nearest};
use crate::pointer::{Pointer, Trail};

impl<'v> Rules<'v, '_> {
    /// Reports requirements whose name is not in `components.securitySchemes` (OpenAPI 3.1, section
    /// 4.8.30).
    pub(super) fn check_security(&mut self, requirements: Option<&'v Value>, place: &Trail<'_>) {
        let schemes = self.root.pointer("/components/securitySchemes");
        let schemes = schemes.and_then(Value::as_object);
        let list = requirements.and_then(Value::as_array);
        for (index, requirement) in list.into_iter().flatten().enumerate() {
            let asked = requirement.as_object();
            self.check_credentials(asked, &place.index(index));
            for (name, scopes) in asked.into_iter().flatten() {
                if schemes.is_some_and(|schemes| schemes.contains_key(name)) {
                    self.check_scopes(name, scopes, &place.index(index).key(name));
                    continue;
                }
                let known = schemes.into_iter().flat_map(Map::keys);
                let known = known.map(String::as_str);
                let help = match nearest(name, known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("add `{name}` to `components.securitySchemes`"),
                };
                let at = place.index(index);
                self.report(
                    Diagnostic::error(
                        code::UNKNOWN_SECURITY_SCHEME,
                        at.key(name).pointer().key(),
                        format!("there is no security scheme `{name}`"),
                    )
                    .help(help),
                );
            }
        }
    }

    /// Returns a security scheme, with its `$ref` followed.
    fn scheme(&self, name: &str) -> Option<(&'v Value, Pointer)> {
        let at = Pointer::root().child("components").child("securitySchemes");
        let at = at.child(name);
        let scheme = self.root.pointer(at.as_str())?;
        self.follow(scheme, at)
    }

    /// Reports two credentials of one requirement that are sent in the same place, so that only one
    /// arrives.
    fn check_credentials(&mut self, asked: Option<&'v Map<String, Value>>, place: &Trail<'_>) {
        let mut places: HashMap<(String, String), &str> = HashMap::new();
        for name in asked.into_iter().flat_map(Map::keys) {
            let Some((scheme, _)) = self.scheme(name) else {
                continue;
            };
            let text = |field: &str| scheme.get(field).and_then(Value::as_str);
            let is_key = text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("apiKey"));
            let sent_in = match (text("in"), text("name")) {
                _ if text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("mutualTLS")) => {
                    continue;
                }
                (Some(location), Some(name)) if is_key => (location, name),
                _ if is_key => continue,
                _ => ("header", "Authorization"),
            };
            let (location, shown) = sent_in;
            let message =
                format!("the {location} `{shown}` of a request can hold only one credential");
            let folded = if location == "header" {
                shown.to_ascii_lowercase()
            } else {
                shown.to_owned()
            };
            if let Some(first) = places.insert((location.to_owned(), folded), name) {
                let first = place.key(first).pointer().key();
                self.report(
                    Diagnostic::warning(
                        code::CONFLICTING_CREDENTIALS,
                        place.key(name).pointer().key(),
                        message,
                    )
                    .label("only one of these credentials is sent")
                    .related(first, "the other one")
                    .help("if either credential is sufficient, write them as separate entries of `security`"),
                );
            }
        }
    }

    /// Reports scopes that a scheme does not list, if it lists any.
    fn check_scopes(&mut self, name: &str, asked: &'v Value, place: &Trail<'_>) {
        let Some((scheme, at)) = self.scheme(name) else {
            return;
        };
        let flows = scheme.get("flows").and_then(Value::as_object);
        let known: Vec<&str> = flows
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|flow| flow.get("scopes")?.as_object())
            .flat_map(|scopes| scopes.keys().map(String::as_str))
            .collect();
        if known.is_empty() {
            return;
        }
        for (index, scope) in asked.as_array().into_iter().flatten().enumerate() {
            let Some(scope) = scope.as_str().filter(|scope| !known.contains(scope)) else {
                continue;
            };
            if !self
                .unknown_scopes
                .insert((name.to_owned(), scope.to_owned()))
            {
                continue;
            }
            let message = format!(
                "no flow of `{name}` has the scope `{scope}`; the client does not request it"
            );
            let help = match nearest(scope, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("add it to the `scopes` of a flow of `{name}`"),
            };
            self.report(
                Diagnostic::warning(code::UNKNOWN_SCOPE, place.index(index).pointer(), message)
                    .related(at.child("flows").key(), "the scopes are listed here")
                    .help(help),
            );
        }
    }
}
