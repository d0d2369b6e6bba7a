//! The value that selects a page.

use serde_json::{Value as Json, json};

use crate::ir::PageParameter;

/// The value of the input that selects a page.
#[derive(Clone, Copy)]
pub(super) struct PageValue<'v> {
    pub parameter: &'v PageParameter,
    pub value: &'v Json,
}

/// Sets or removes the value at a path, creating the objects on the path. Returns `None` if another
/// value is on the path.
pub(super) fn set(mut json: &mut Json, path: &[String], value: Option<Json>) -> Option<()> {
    let Some((last, way)) = path.split_last() else {
        *json = value.unwrap_or_default();
        return Some(());
    };
    for name in way {
        if json.is_null() {
            *json = json!({});
        }
        json = match json {
            Json::Object(members) => members.entry(name.clone()).or_insert(Json::Null),
            Json::Array(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    if json.is_null() {
        *json = json!({});
    }
    let members = json.as_object_mut()?;
    match value {
        Some(value) => {
            members.insert(last.clone(), value);
        }
        None => {
            members.shift_remove(last);
        }
    }
    Some(())
}
