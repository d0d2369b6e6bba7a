//! Repairs misspelled paths and methods.

use serde_json::Value;

use super::describe::quoted;
use crate::diagnostic::{Edit, Remedy, Scope};
use crate::pointer::Pointer;
use crate::spec::{METHODS, ObjectKind, type_at};

/// Returns the remedy that renames a member of an object, or `None` if the new key exists.
fn renamed(
    document: &Value,
    old: &Pointer,
    key: &str,
    scope: Scope,
    effect: String,
) -> Option<Remedy> {
    let new = old.parent()?.child(key);
    if document.pointer(new.as_str()).is_some() {
        return None;
    }
    let value = document.pointer(old.as_str())?.clone();
    Some(Remedy::with_edits(
        scope,
        vec![Edit::Remove(old.clone()), Edit::Set(new, value)],
        effect,
    ))
}

/// Returns the remedy for a path without a leading slash or with unescaped characters.
pub(super) fn path(document: &Value, at: &Pointer) -> Option<Remedy> {
    if at.parent()?.as_str() != "/paths" {
        return None;
    }
    let path = at.last()?;
    let meant = meant_path(&path).filter(|meant| *meant != path)?;
    let effect = format!("the path {} is read as {}", quoted(&path), quoted(&meant));
    renamed(document, at, &meant, Scope::Path, effect)
}

fn meant_path(path: &str) -> Option<String> {
    if path.contains("://") || path.contains(|c: char| c.is_control() || c == '\\') {
        return None;
    }
    let is_escape = |rest: &str| {
        let digits = rest.as_bytes().get(..2).unwrap_or_default();
        digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit)
    };
    let mut meant = String::new();
    let path = &path.trim().replace("{{", "{").replace("}}", "}");
    if !path.starts_with('/') {
        meant.push('/');
    }
    for (index, letter) in path.char_indices() {
        match letter {
            ' ' => meant.push_str("%20"),
            '%' if !is_escape(path.get(index + 1..).unwrap_or_default()) => meant.push_str("%25"),
            letter => meant.push(letter),
        }
    }
    Some(meant)
}

/// Returns the remedy for a key of a path item, or of `additionalOperations`, that is not a method.
pub(super) fn method(document: &Value, at: &Pointer) -> Option<Remedy> {
    let holder = at.parent()?;
    let key = at.last()?;
    let lower = key.to_ascii_lowercase();
    let is_known = METHODS.contains(&lower.as_str());
    let is_additional = holder.last().as_deref() == Some("additionalOperations");
    let item = if is_additional {
        holder.parent()?
    } else {
        holder
    };
    if type_at(&item).kind() != Some(ObjectKind::PathItem) {
        return None;
    }
    let path = item.last().unwrap_or_default();
    let effect = format!(
        "the method {} of {} is read as {}",
        quoted(&key),
        quoted(&path),
        quoted(&lower)
    );
    if is_known && !is_additional {
        return renamed(document, at, &lower, Scope::Operation, effect);
    }
    let field = item.child(&lower);
    if is_known && document.pointer(field.as_str()).is_none() {
        let value = document.pointer(at.as_str())?.clone();
        return Some(Remedy::with_edits(
            Scope::Operation,
            vec![Edit::Remove(at.clone()), Edit::Set(field, value)],
            effect,
        ));
    }
    let name = format!("{} {path}", key.to_uppercase());
    let effect = format!("the operation {} is left out", quoted(&name));
    Some(Remedy::new(
        Scope::Operation,
        Edit::Remove(at.clone()),
        effect,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrects_a_path() {
        for (path, meant) in [
            ("pets", Some("/pets")),
            ("", Some("/")),
            ("/my pets", Some("/my%20pets")),
            (" /pets ", Some("/pets")),
            ("/pets/{{id}}", Some("/pets/{id}")),
            ("/100%/a%20b", Some("/100%25/a%20b")),
            ("/é%", Some("/é%25")),
            ("https://example.com/pets", None),
            ("/a\\b", None),
            ("/a\nb", None),
        ] {
            assert_eq!(meant_path(path).as_deref(), meant, "{path}");
        }
    }
}
