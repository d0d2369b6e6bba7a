//! The `[package]` section: the name, and the values from the document's `info`.

use indexmap::IndexMap;
use toml_edit::{Array, Value};

use super::input::{ManifestError, ManifestInput};
use crate::emit::dependencies::Needs;

/// Returns the keys of `[package]` that come from the document.
pub(super) fn keys(name: &str, input: ManifestInput<'_>) -> IndexMap<&'static str, Value> {
    let mut keys = IndexMap::new();
    keys.insert("name", name.into());
    let version = semver::Version::parse(&input.info.version);
    let version = version.map_or_else(|_| "0.1.0".to_owned(), |version| version.to_string());
    keys.insert("version", version.into());
    keys.insert("edition", "2024".into());
    let description = input.info.description.as_deref().map(first_paragraph);
    if let Some(text) = description.filter(|text| !text.is_empty()) {
        keys.insert("description", text.into());
    }
    let contact = input.info.contact.as_ref();
    let name = contact.and_then(|it| it.name.as_deref()).map(one_line);
    let email = contact.and_then(|it| it.email.as_deref()).map(one_line);
    let author = match (name, email) {
        (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
        (name, email) => name.or(email),
    };
    if let Some(author) = author.filter(|author| !author.is_empty()) {
        keys.insert("authors", Value::from(Array::from_iter([author])));
    }
    if let Some(url) = input.info.homepage.as_deref() {
        keys.insert("homepage", url.into());
    }
    let license = input.info.license.as_ref();
    let license = license.map(|it| it.identifier.as_ref().unwrap_or(&it.name));
    if let Some(license) = license.and_then(|it| spdx_expression(it)) {
        keys.insert("license", license.into());
    }
    keys
}

/// Checks a requested name.
///
/// # Errors
/// If the name is invalid for a package.
pub(super) fn check_name(name: &str) -> Result<(), ManifestError> {
    match name_fault(name) {
        None => Ok(()),
        Some(fault) => Err(ManifestError {
            message: format!("invalid package name `{}`: {fault}", one_line(name)),
            span: None,
            help: format!("use `{}`", legal_name(name)),
        }),
    }
}

/// Checks that a package does not have the name of a dependency.
///
/// # Errors
/// If it does: within the package, the name would be ambiguous.
pub(super) fn check_clash(name: &str, needs: &Needs) -> Result<(), ManifestError> {
    let normal = |name: &str| name.replace('-', "_").to_ascii_lowercase();
    let mut dependencies = needs.dependencies.iter().chain(&needs.dev_dependencies);
    if dependencies.all(|dependency| normal(&dependency.name) != normal(name)) {
        return Ok(());
    }
    Err(ManifestError {
        message: format!(
            "the package cannot be named `{name}`: it depends on a package with that name"
        ),
        span: None,
        help: format!("choose another name, such as `--name {name}-api`"),
    })
}

/// Returns the reason why Cargo or rustc rejects a package's name, or `None` if it is valid.
#[must_use]
pub fn name_fault(name: &str) -> Option<String> {
    let Some(first) = name.chars().next() else {
        return Some("it is empty".to_owned());
    };
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if let Some(c) = name.chars().find(|c| !legal(*c)) {
        return Some(format!("{c:?} is not a letter, a digit, `-` or `_`"));
    }
    if !first.is_ascii_alphabetic() {
        return Some("it does not begin with a letter".to_owned());
    }
    let identifier = name.replace('-', "_");
    if syn::parse_str::<syn::Ident>(&identifier).is_err() {
        return Some("it is a Rust keyword".to_owned());
    }
    // Cargo rejects the first; the others hide names that the generated code uses.
    ["test", "core", "std", "alloc", "proc_macro"]
        .contains(&identifier.as_str())
        .then(|| "a built-in crate has that name".to_owned())
}

/// Returns a valid name for a package, derived from any text.
pub(super) fn legal_name(text: &str) -> String {
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: Vec<&str> = text
        .split(|c| !legal(c))
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = words.join("-");
    if name.is_empty() {
        return "generated".to_owned();
    }
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert_str(0, "api-");
    }
    if name_fault(&name).is_some() {
        name.push_str("-api");
    }
    name
}

/// Returns text without line breaks, control characters and invisible direction marks.
pub(super) fn one_line(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = text
        .chars()
        .filter(|c| !hidden(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the first paragraph of a description, shortened to the usual length in a manifest.
pub(super) fn first_paragraph(text: &str) -> String {
    const LIMIT: usize = 300;
    let lines = text.lines().map(|line| line.trim_start_matches('#').trim());
    let paragraph: Vec<&str> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect();
    let paragraph = one_line(&paragraph.join(" "));
    let mut short = String::new();
    for word in paragraph.split(' ') {
        if short.chars().count() + word.chars().count() >= LIMIT {
            short.push('…');
            break;
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.push_str(word);
    }
    short
}

/// Returns the SPDX expression of a license that is written as an expression, or as an identifier or
/// a name in any case.
fn spdx_expression(license: &str) -> Option<String> {
    const NAMES: &[(&str, &str)] = &[
        ("apache 2.0", "Apache-2.0"),
        ("apache license, version 2.0", "Apache-2.0"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
    ];
    let license = one_line(license);
    if spdx::Expression::parse(&license).is_ok() {
        return Some(license);
    }
    let identifiers = spdx::identifiers::LICENSES.iter();
    identifiers
        .flat_map(|known| [(known.name, known.name), (known.full_name, known.name)])
        .chain(NAMES.iter().copied())
        .find(|(name, _)| name.eq_ignore_ascii_case(&license))
        .map(|(_, expression)| expression.to_owned())
}

#[cfg(test)]
mod tests {
    use super::spdx_expression;

    #[test]
    fn licenses_are_spdx_expressions() {
        for (written, expected) in [
            ("MIT", Some("MIT")),
            ("mit license", Some("MIT")),
            ("Apache 2.0", Some("Apache-2.0")),
            ("Apache License, Version 2.0", Some("Apache-2.0")),
            ("BSL-1.0", Some("BSL-1.0")),
            (
                "(MIT OR Apache-2.0) AND BSD-3-Clause",
                Some("(MIT OR Apache-2.0) AND BSD-3-Clause"),
            ),
            ("MIT OR", None),
            ("Proprietary", None),
            ("", None),
        ] {
            assert_eq!(spdx_expression(written).as_deref(), expected, "{written}");
        }
    }
}
