//! Writes parameters in a path, a query, a header or a cookie (OpenAPI 3.1, section "Style Values";
//! RFC 6570).
//!
//! Nothing is sent for null or an empty array, so an optional parameter can be passed as
//! `&Option<T>`. A value inside a list or an object has to be a string, a number or a boolean: the
//! styles cannot encode other values.

use serde::ser::Serialize;

use super::error::EncodeError;
use super::json;
use super::percent;
use super::request::Parts;
use super::tree::Tree;

/// The styles of a path parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStyle {
    /// `blue,black`
    Simple,
    /// `.blue.black`
    Label,
    /// `;color=blue;color=black`
    Matrix,
}

/// The styles of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStyle {
    /// `color=blue&color=black`
    Form,
    /// `color=blue%20black`
    SpaceDelimited,
    /// `color=blue%7Cblack`
    PipeDelimited,
    /// `color%5BR%5D=100&color%5BG%5D=200`, and for an array `color%5B0%5D=blue`
    DeepObject,
    /// As `DeepObject`, but an array is `color%5B%5D=blue`
    DeepObjectBrackets,
    /// As `DeepObject`, but an array is `color=blue&color=black`
    DeepObjectRepeat,
}

impl Parts {
    /// Sets a path parameter in the default style: `simple`, not exploded.
    pub fn path<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.styled_path(name, value, PathStyle::Simple, false);
    }

    /// Sets a path parameter, which cannot be empty.
    pub fn styled_path<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
        style: PathStyle,
        explode: bool,
    ) {
        match Flat::of(value) {
            Ok(flat) => self.path_text(name, path_text(name, &flat, style, explode)),
            Err(error) => self.fail(at("path", name, error)),
        }
    }

    /// Adds a query parameter in the default style: `form`, exploded.
    pub fn query<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.styled_query(name, value, QueryStyle::Form, true, false);
    }

    /// Adds a query parameter.
    pub fn styled_query<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
        style: QueryStyle,
        explode: bool,
        allow_reserved: bool,
    ) {
        self.input("query", name);
        let pairs = Tree::of(value)
            .map_err(|error| error.to_string())
            .and_then(|tree| query_pairs(name, tree, style, explode, allow_reserved));
        match pairs {
            Ok(pairs) => self.query_text(&pairs.join("&")),
            Err(error) => self.fail(at("query", name, error)),
        }
    }

    /// Sets a header in the style `simple`. Its text is not percent-encoded, and has no line breaks
    /// or other control characters.
    pub fn header<T: Serialize + ?Sized>(&mut self, name: &str, value: &T, explode: bool) {
        self.input("header", name);
        match Flat::of(value) {
            Ok(Flat::Nothing) => {}
            Ok(flat) => self.header_text(name, &flat.simple(explode, str::to_owned)),
            Err(error) => self.fail(at("header", name, error)),
        }
    }

    /// Adds a cookie in the style `form`.
    pub fn cookie<T: Serialize + ?Sized>(&mut self, name: &str, value: &T, explode: bool) {
        match Flat::of(value) {
            // Exploded values are separate cookies: `&` does not join cookies.
            Ok(flat) => {
                self.cookie_text(&form_pairs(name, &flat, explode, ",", percent::encode).join("; "))
            }
            Err(error) => self.fail(at("cookie", name, error)),
        }
    }

    /// Sets a path parameter as JSON text.
    pub fn path_json<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        match json_text("path", name, value) {
            Ok(text) => self.path_text(name, percent::encode(&text)),
            Err(error) => self.fail(error),
        }
    }

    /// Adds a query parameter as JSON text.
    pub fn query_json<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.input("query", name);
        match json_text("query", name, value) {
            Ok(text) => self.query_text(&pair(name, &percent::encode(&text))),
            Err(error) => self.fail(error),
        }
    }

    /// Sets a header as JSON text.
    pub fn header_json<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.input("header", name);
        match json_text("header", name, value) {
            Ok(text) => self.header_text(name, &text),
            Err(error) => self.fail(error),
        }
    }

    /// Adds a cookie as JSON text.
    pub fn cookie_json<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        match json_text("cookie", name, value) {
            Ok(text) => self.cookie_text(&pair(name, &percent::encode(&text))),
            Err(error) => self.fail(error),
        }
    }
}

fn at(place: &str, name: &str, error: impl ToString) -> EncodeError {
    let name = name.escape_debug();
    EncodeError::new(format!("the {place} parameter `{name}`"), error.to_string())
}

fn json_text<T: Serialize + ?Sized>(
    place: &str,
    name: &str,
    value: &T,
) -> Result<String, EncodeError> {
    let text = json::write(value).map_err(|error| at(place, name, error.message()))?;
    String::from_utf8(text).map_err(|error| at(place, name, error))
}

/// A value without nested lists or objects.
enum Flat {
    Nothing,
    Scalar(String),
    List(Vec<String>),
    Pairs(Vec<(String, String)>),
}

/// Returns the properties of an object that have a value.
fn entries(tree: Tree) -> Result<impl Iterator<Item = (String, Tree)>, String> {
    let entries = tree.into_entries().ok_or("a file is not a parameter")?;
    let entries = entries.into_iter().filter(|(_, value)| !value.is_nothing());
    Ok(entries.map(|(name, value)| (name.into_owned(), value)))
}

const NESTED: &str = "the style cannot encode a list or an object inside another one";

impl Flat {
    fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, String> {
        Self::of_tree(Tree::of(value).map_err(|error| error.to_string())?)
    }

    /// Omits nested nulls (RFC 6570, section 2.3: undefined values).
    fn of_tree(tree: Tree) -> Result<Self, String> {
        let scalar = |tree: &Tree| tree.scalar().ok_or_else(|| NESTED.to_owned());
        let flat = match tree {
            Tree::List(items) => {
                let items = items.iter().filter(|item| !item.is_nothing());
                Self::List(items.map(scalar).collect::<Result<_, _>>()?)
            }
            tree if tree.is_nothing() => Self::Nothing,
            tree => match tree.scalar() {
                Some(text) => Self::Scalar(text),
                None => Self::Pairs(
                    entries(tree)?
                        .map(|(name, value)| Ok((name, scalar(&value)?)))
                        .collect::<Result<_, String>>()?,
                ),
            },
        };
        Ok(match flat {
            Self::List(items) if items.is_empty() => Self::Nothing,
            Self::Pairs(pairs) if pairs.is_empty() => Self::Nothing,
            flat => flat,
        })
    }

    /// Joins the values with a separator, and exploded names to their values with `=`.
    fn joined(&self, separator: &str, explode: bool, encode: fn(&str) -> String) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Scalar(text) => encode(text),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(|item| encode(item)).collect();
                items.join(separator)
            }
            Self::Pairs(pairs) => {
                let between = if explode { "=" } else { separator };
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(name, value)| format!("{}{between}{}", encode(name), encode(value)))
                    .collect();
                pairs.join(separator)
            }
        }
    }

    fn simple(&self, explode: bool, encode: fn(&str) -> String) -> String {
        self.joined(",", explode, encode)
    }
}

fn path_text(name: &str, flat: &Flat, style: PathStyle, explode: bool) -> String {
    let encode = percent::encode;
    match (style, flat) {
        (_, Flat::Nothing) => String::new(),
        (PathStyle::Simple, flat) => flat.simple(explode, encode),
        (PathStyle::Label, flat) => {
            let separator = if explode { "." } else { "," };
            format!(".{}", flat.joined(separator, explode, encode))
        }
        (PathStyle::Matrix, Flat::List(items)) if explode => {
            items.iter().map(|item| matrix(name, item)).collect()
        }
        (PathStyle::Matrix, Flat::Pairs(pairs)) if explode => pairs
            .iter()
            .map(|(name, value)| matrix(name, value))
            .collect(),
        (PathStyle::Matrix, Flat::Scalar(text)) => matrix(name, text),
        (PathStyle::Matrix, flat) => {
            format!(";{}={}", encode(name), flat.simple(false, encode))
        }
    }
}

/// Returns `;name=value`, or `;name` for an empty value (RFC 6570, section 3.2.7).
fn matrix(name: &str, value: &str) -> String {
    let name = percent::encode(name);
    match value {
        "" => format!(";{name}"),
        value => format!(";{name}={}", percent::encode(value)),
    }
}

/// Joins a name to a value that is already encoded.
fn pair(name: &str, value: &str) -> String {
    format!("{}={value}", percent::encode(name))
}

/// Returns the pairs of a value in a query or a form.
///
/// # Errors
///
/// Returns an error if the style cannot encode the value.
pub(crate) fn query_pairs(
    name: &str,
    tree: Tree,
    style: QueryStyle,
    explode: bool,
    allow_reserved: bool,
) -> Result<Vec<String>, String> {
    let encode = if allow_reserved {
        encode_but_reserved
    } else {
        percent::encode
    };
    let separator = match style {
        QueryStyle::Form => ",",
        QueryStyle::SpaceDelimited => "%20",
        QueryStyle::PipeDelimited => "%7C",
        QueryStyle::DeepObject | QueryStyle::DeepObjectBrackets | QueryStyle::DeepObjectRepeat => {
            let mut pairs = Vec::new();
            deep_object(&mut pairs, percent::encode(name), tree, style, encode)?;
            return Ok(pairs);
        }
    };
    let flat = Flat::of_tree(tree)?;
    Ok(form_pairs(name, &flat, explode, separator, encode))
}

fn form_pairs(
    name: &str,
    flat: &Flat,
    explode: bool,
    separator: &str,
    encode: fn(&str) -> String,
) -> Vec<String> {
    match flat {
        Flat::Nothing => Vec::new(),
        Flat::List(items) if explode => {
            items.iter().map(|item| pair(name, &encode(item))).collect()
        }
        Flat::Pairs(pairs) if explode => pairs
            .iter()
            .map(|(name, value)| pair(name, &encode(value)))
            .collect(),
        flat => vec![pair(name, &flat.joined(separator, false, encode))],
    }
}

/// Adds pairs such as `name[a]=1&name[b][c]=2`. The specification only defines objects of single
/// values. Nested values are written as servers with this style read them: `name[0]=1`,
/// `name[0][price]=2`.
fn deep_object(
    pairs: &mut Vec<String>,
    name: String,
    tree: Tree,
    style: QueryStyle,
    encode: fn(&str) -> String,
) -> Result<(), String> {
    match tree {
        Tree::List(items) => {
            let items = items.into_iter().filter(|item| !item.is_nothing());
            for (index, item) in items.enumerate() {
                let name = match style {
                    QueryStyle::DeepObjectBrackets => format!("{name}%5B%5D"),
                    QueryStyle::DeepObjectRepeat if item.scalar().is_none() => {
                        return Err(NESTED.to_owned());
                    }
                    QueryStyle::DeepObjectRepeat => name.clone(),
                    _ => format!("{name}%5B{index}%5D"),
                };
                deep_object(pairs, name, item, style, encode)?;
            }
        }
        tree if tree.is_nothing() => {}
        tree => match tree.scalar() {
            Some(value) => pairs.push(format!("{name}={}", encode(&value))),
            None => {
                for (key, value) in entries(tree)? {
                    let name = format!("{name}%5B{}%5D", percent::encode(&key));
                    deep_object(pairs, name, value, style, encode)?;
                }
            }
        },
    }
    Ok(())
}

/// Encodes as RFC 6570's reserved expansion (section 3.2.3), but also encodes characters that end
/// the value or are illegal in a query: `#`, `&`, `+`, `[` and `]`.
fn encode_but_reserved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        percent::encode_into(&mut out, before, is_plain);
        let digits = after.as_bytes().get(..2).unwrap_or_default();
        let encoded = digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
        out.push_str(if encoded { "%" } else { "%25" });
        rest = after;
    }
    percent::encode_into(&mut out, rest, is_plain);
    out
}

fn is_plain(byte: u8) -> bool {
    percent::is_unreserved(byte) || b":/?@!$'()*,;=".contains(&byte)
}
