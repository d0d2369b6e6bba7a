//! Bodies of `application/x-www-form-urlencoded`.

use serde::ser::Serialize;

use super::error::EncodeError;
use super::parameter::{QueryStyle, query_pairs};
use super::request::Parts;
use super::tree::Tree;

/// The encoding of a form property whose Encoding Object differs from the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormField {
    name: &'static str,
    written: Written,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Styled {
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    },
    Json,
}

impl FormField {
    /// Writes the property like a query parameter: by `style`, `explode` and `allowReserved`.
    #[must_use]
    pub const fn styled(
        name: &'static str,
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    ) -> Self {
        let written = Written::Styled {
            style,
            explode,
            allow_reserved,
        };
        Self { name, written }
    }

    /// Writes the property as JSON: by `contentType`.
    #[must_use]
    pub const fn json(name: &'static str) -> Self {
        let written = Written::Json;
        Self { name, written }
    }
}

impl Parts {
    /// Sets a form body: a pair for each property and for each item of a list. Objects are JSON.
    pub fn form<T: Serialize + ?Sized>(
        &mut self,
        media_type: &str,
        value: &T,
        fields: &[FormField],
    ) {
        match pairs(value, fields) {
            Ok(pairs) => self.content(media_type, pairs.join("&").into()),
            Err(error) => self.fail(error),
        }
    }
}

fn pairs<T: Serialize + ?Sized>(
    value: &T,
    fields: &[FormField],
) -> Result<Vec<String>, EncodeError> {
    let tree = Tree::of(value).map_err(EncodeError::body)?;
    let Some(entries) = tree.into_entries() else {
        return Err(EncodeError::body("only an object can be a form"));
    };
    let mut pairs = Vec::new();
    for (name, value) in entries {
        let field = fields.iter().find(|field| field.name == name);
        let written = match field.map(|field| field.written) {
            Some(Written::Styled {
                style,
                explode,
                allow_reserved,
            }) => query_pairs(&name, value, style, explode, allow_reserved),
            Some(Written::Json) => json(value)
                .and_then(|value| query_pairs(&name, value, QueryStyle::Form, true, false)),
            None => plain(&name, value),
        };
        pairs.extend(written.map_err(|error| {
            let name = name.escape_debug();
            EncodeError::new(format!("the form's property `{name}`"), error)
        })?);
    }
    Ok(pairs)
}

/// Returns a value as JSON text; an absent value stays absent.
fn json(value: Tree) -> Result<Tree, String> {
    match value {
        Tree::Absent => Ok(Tree::Absent),
        value => serde_json::to_string(&value)
            .map(Tree::Text)
            .map_err(|error| error.to_string()),
    }
}

/// Applies the default of the Encoding Object: strings are unchanged, objects are JSON.
fn plain(name: &str, value: Tree) -> Result<Vec<String>, String> {
    let text = |value: Tree| match value {
        value @ (Tree::List(_) | Tree::Struct(_) | Tree::Map(_)) => json(value),
        value => Ok(value),
    };
    let value = match value {
        Tree::List(items) => Tree::List(items.into_iter().map(text).collect::<Result<_, _>>()?),
        value => text(value)?,
    };
    query_pairs(name, value, QueryStyle::Form, true, false)
}
