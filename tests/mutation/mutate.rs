//! Changes to a document, as text and as a tree. Every number is valid for every document, because
//! it is taken modulo the number of choices.

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

/// A document with its changes.
#[derive(Clone, Debug)]
pub enum Case {
    Text(usize, Vec<TextChange>),
    Tree(usize, Vec<TreeChange>, Format),
}

#[derive(Clone, Copy, Debug)]
pub enum Format {
    Json,
    Yaml,
}

#[derive(Clone, Debug)]
pub enum TextChange {
    Byte(usize, u8),
    Insert(usize, usize),
    Cut(usize, usize),
    Truncate(usize),
    DropLine(usize),
    DuplicateLine(usize),
    SwapLines(usize, usize),
    Indent(usize, usize),
    ReplaceWord(usize, usize),
    SpliceLines(usize, usize, usize),
}

#[derive(Clone, Debug)]
pub enum TreeChange {
    Drop(usize),
    Duplicate(usize),
    Swap(usize, usize),
    Retype(usize, usize),
    Rename(usize, usize),
    Add(usize, usize, usize),
    Refer(usize, usize),
    Splice(usize, usize, usize),
    Deepen(usize, usize),
}

/// Pieces of YAML, JSON and OpenAPI that are valid or nearly valid.
const TOKENS: &[&str] = &[
    "&a ",
    "*a",
    "<<: *a\n",
    "!!binary ",
    "!!str ",
    "null",
    "~",
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "'",
    "\"",
    "\\",
    "|\n",
    ">-\n",
    "\t",
    "\u{feff}",
    "\0",
    "%YAML 2.0\n",
    "---\n",
    "...\n",
    "1e999",
    "9223372036854775808",
    "-0",
    ".nan",
    ".inf",
    "0x10",
    "2001-01-01",
    "#",
    "? ",
    ",",
    "\r",
    "\n",
    "$ref: '#/components/schemas'",
    "$ref: '#'",
    "{$ref: ''}",
    "nullable: true",
    "type: [array, 'null']",
    "\u{2028}",
    "😀",
    "é",
    "<<",
    "=",
    "@",
    "`",
    "true",
    "yes",
    "openapi: 3.0.0\n",
    "x-a: ",
    "{}",
    "[]",
];

/// Keys that are valid or nearly valid.
const KEYS: &[&str] = &[
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "items",
    "prefixItems",
    "properties",
    "type",
    "enum",
    "const",
    "default",
    "$defs",
    "discriminator",
    "mapping",
    "propertyName",
    "additionalProperties",
    "patternProperties",
    "required",
    "format",
    "nullable",
    "minimum",
    "exclusiveMinimum",
    "multipleOf",
    "maxLength",
    "pattern",
    "readOnly",
    "writeOnly",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "propertyNames",
    "dependentRequired",
    "contains",
    "contentSchema",
    "in",
    "name",
    "schema",
    "schemas",
    "content",
    "style",
    "explode",
    "allowReserved",
    "parameters",
    "requestBody",
    "responses",
    "headers",
    "encoding",
    "links",
    "callbacks",
    "webhooks",
    "servers",
    "variables",
    "security",
    "tags",
    "example",
    "examples",
    "200",
    "default",
    "4XX",
    "get",
    "post",
    "application/json",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "text/event-stream",
    "*/*",
    "",
    "/",
    "/{a}",
    "{",
    "~1",
    "self",
    "é",
    "x-a",
    "operationId",
    "description",
    "title",
    "deprecated",
    "components",
    "paths",
];

/// Returns any changes of any document; the first documents are selected more often.
pub fn cases(first: usize, documents: usize) -> impl Strategy<Value = Case> {
    let any = move || {
        prop_oneof![
            4 => number().prop_map(move |at| at % first.max(1)),
            1 => number().prop_map(move |at| at % documents),
        ]
    };
    let text = prop::collection::vec(text_changes(), 1..4);
    let tree = prop::collection::vec(tree_changes(), 1..5);
    let format = prop_oneof![Just(Format::Json), Just(Format::Yaml)];
    prop_oneof![
        1 => (any(), text).prop_map(|(at, changes)| Case::Text(at, changes)),
        2 => (any(), tree, format)
            .prop_map(|(at, changes, format)| Case::Tree(at, changes, format)),
    ]
}

fn number() -> impl Strategy<Value = usize> + Clone {
    any::<u32>().prop_map(|number| number as usize)
}

fn text_changes() -> impl Strategy<Value = TextChange> {
    use TextChange::*;
    let n = number;
    prop_oneof![
        (n(), any::<u8>()).prop_map(|(at, byte)| Byte(at, byte)),
        (n(), n()).prop_map(|(at, token)| Insert(at, token)),
        (n(), 1..40_usize).prop_map(|(at, length)| Cut(at, length)),
        n().prop_map(Truncate),
        n().prop_map(DropLine),
        n().prop_map(DuplicateLine),
        (n(), n()).prop_map(|(one, other)| SwapLines(one, other)),
        (n(), 0..12_usize).prop_map(|(at, width)| Indent(at, width)),
        (n(), n()).prop_map(|(at, key)| ReplaceWord(at, key)),
        (n(), n(), 1..20_usize).prop_map(|(at, from, count)| SpliceLines(at, from, count)),
    ]
}

fn tree_changes() -> impl Strategy<Value = TreeChange> {
    use TreeChange::*;
    let n = number;
    prop_oneof![
        n().prop_map(Drop),
        n().prop_map(Duplicate),
        (n(), n()).prop_map(|(one, other)| Swap(one, other)),
        (n(), n()).prop_map(|(at, kind)| Retype(at, kind)),
        (n(), n()).prop_map(|(at, key)| Rename(at, key)),
        (n(), n(), n()).prop_map(|(at, key, from)| Add(at, key, from)),
        (n(), n()).prop_map(|(at, target)| Refer(at, target)),
        (n(), n(), n()).prop_map(|(at, document, from)| Splice(at, document, from)),
        (n(), prop_oneof![8 => 1..6_usize, 1 => 6..150_usize])
            .prop_map(|(at, levels)| Deepen(at, levels)),
    ]
}

/// An original document.
pub struct Seed {
    pub name: String,
    pub text: String,
    pub value: Option<Value>,
}

impl Seed {
    /// Returns `true` if the document has no warnings.
    pub fn is_valid(&self) -> bool {
        !self.is_bad() && !self.name.starts_with("tests/doubtful")
    }

    pub fn is_bad(&self) -> bool {
        self.name.starts_with("tests/bad")
    }
}

impl Case {
    /// Returns the changed document.
    pub fn document(&self, seeds: &[Seed]) -> Vec<u8> {
        match self {
            Self::Text(at, changes) => {
                let mut text = seeds[*at].text.clone().into_bytes();
                for change in changes {
                    change.apply(&mut text);
                }
                text
            }
            Self::Tree(at, changes, format) => {
                let Some(mut value) = seeds[*at].value.clone() else {
                    return seeds[*at].text.clone().into_bytes();
                };
                for change in changes {
                    change.apply(&mut value, seeds);
                }
                match format {
                    Format::Json => value.to_string().into_bytes(),
                    Format::Yaml => serde_yaml::to_string(&value)
                        .unwrap_or_default()
                        .into_bytes(),
                }
            }
        }
    }
}

impl TextChange {
    fn apply(&self, text: &mut Vec<u8>) {
        let length = text.len().max(1);
        let end = text.len();
        match *self {
            Self::Byte(at, byte) => {
                if let Some(place) = text.get_mut(at % length) {
                    *place = byte;
                }
            }
            Self::Insert(at, token) => {
                let at = (at % length).min(end);
                text.splice(at..at, TOKENS[token % TOKENS.len()].bytes());
            }
            Self::Cut(at, count) => {
                let at = (at % length).min(end);
                text.drain(at..(at + count).min(end));
            }
            Self::Truncate(at) => text.truncate(at % length),
            Self::ReplaceWord(at, key) => {
                let at = (at % length).min(end);
                let is_word = |byte: &u8| byte.is_ascii_alphanumeric();
                let before = text[..at]
                    .iter()
                    .rev()
                    .take_while(|byte| is_word(byte))
                    .count();
                let after = text[at..].iter().take_while(|byte| is_word(byte)).count();
                text.splice(at - before..at + after, KEYS[key % KEYS.len()].bytes());
            }
            _ => {
                let mut lines: Vec<Vec<u8>> = text
                    .split(|byte| *byte == b'\n')
                    .map(<[u8]>::to_vec)
                    .collect();
                self.apply_to_lines(&mut lines);
                *text = lines.join(&b'\n');
            }
        }
    }

    fn apply_to_lines(&self, lines: &mut Vec<Vec<u8>>) {
        let count = lines.len();
        match *self {
            Self::DropLine(at) => {
                lines.remove(at % count);
            }
            Self::DuplicateLine(at) => lines.insert(at % count, lines[at % count].clone()),
            Self::SwapLines(one, other) => lines.swap(one % count, other % count),
            Self::Indent(at, width) => {
                let line = &mut lines[at % count];
                let words = line.trim_ascii_start().to_vec();
                *line = [vec![b' '; width], words].concat();
            }
            Self::SpliceLines(at, from, length) => {
                let from = from % count;
                let copy = lines[from..(from + length).min(count)].to_vec();
                let at = at % count;
                lines.splice(at..at, copy);
            }
            _ => {}
        }
    }
}

impl TreeChange {
    #[expect(clippy::too_many_lines, reason = "one arm for each kind of change")]
    fn apply(&self, root: &mut Value, seeds: &[Seed]) {
        let count = pointers(root).len();
        let pick = |root: &Value, at: usize| pointers(root).swap_remove(at % count);
        match *self {
            Self::Drop(at) => edit_parent(root, &pick(root, at), |parent, key| match parent {
                Value::Object(object) => _ = object.shift_remove(key),
                Value::Array(list) => _ = key.parse().map(|at: usize| list.remove(at)),
                _ => {}
            }),
            Self::Duplicate(at) => edit_parent(root, &pick(root, at), |parent, key| match parent {
                Value::Object(object) => {
                    let copy = object.get(key).cloned().unwrap_or_default();
                    object.insert(format!("{key}2"), copy);
                }
                Value::Array(list) => {
                    let copy = key.parse().ok().and_then(|at: usize| list.get(at).cloned());
                    list.extend(copy);
                }
                _ => {}
            }),
            Self::Swap(one, other) => {
                let (one, other) = (pick(root, one), pick(root, other));
                let copies = (get(root, &one), get(root, &other));
                // Nesting one in the other would grow without limit.
                if !one.starts_with(&other) && !other.starts_with(&one) {
                    set(root, &one, copies.1);
                    set(root, &other, copies.0);
                }
            }
            Self::Retype(at, kind) => set(root, &pick(root, at), value(kind)),
            Self::Rename(at, key) => edit_parent(root, &pick(root, at), |parent, old| {
                if let Value::Object(object) = parent {
                    rename(object, old, KEYS[key % KEYS.len()]);
                }
            }),
            Self::Add(at, key, from) => {
                let copy = get(root, &pick(root, from));
                let place = pick(root, at);
                match root.pointer_mut(&place) {
                    Some(Value::Object(object)) => {
                        object.insert(KEYS[key % KEYS.len()].to_owned(), copy);
                    }
                    Some(Value::Array(list)) => list.push(copy),
                    _ => {}
                }
            }
            Self::Refer(at, target) => {
                let target = pick(root, target);
                let reference = serde_json::json!({ "$ref": format!("#{target}") });
                set(root, &pick(root, at), reference);
            }
            Self::Splice(at, document, from) => {
                if let Some(other) = &seeds[document % seeds.len()].value {
                    let places = pointers(other);
                    let copy = get(other, &places[from % places.len()]);
                    set(root, &pick(root, at), copy);
                }
            }
            Self::Deepen(at, levels) => {
                let place = pick(root, at);
                let mut deep = get(root, &place);
                for level in 0..levels {
                    deep = match at % 4 {
                        0 => serde_json::json!([deep]),
                        1 => serde_json::json!({ "allOf": [deep] }),
                        2 => serde_json::json!({ "type": "array", "items": deep }),
                        _ => serde_json::json!({ "properties": { format!("p{level}"): deep } }),
                    };
                }
                set(root, &place, deep);
            }
        }
    }
}

/// Returns the pointers of all nodes, the root first.
fn pointers(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut queue = vec![(String::new(), root)];
    while let Some((place, value)) = queue.pop() {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    queue.push((format!("{place}/{key}"), value));
                }
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    queue.push((format!("{place}/{at}"), value));
                }
            }
            _ => {}
        }
        found.push(place);
    }
    found
}

fn get(root: &Value, place: &str) -> Value {
    root.pointer(place).cloned().unwrap_or_default()
}

fn set(root: &mut Value, place: &str, value: Value) {
    if let Some(node) = root.pointer_mut(place) {
        *node = value;
    }
}

fn edit_parent(root: &mut Value, place: &str, edit: impl FnOnce(&mut Value, &str)) {
    let Some((parent, key)) = place.rsplit_once('/') else {
        return;
    };
    if let Some(parent) = root.pointer_mut(parent) {
        edit(parent, &key.replace("~1", "/").replace("~0", "~"));
    }
}

/// Renames a key, keeping the order.
fn rename(object: &mut Map<String, Value>, old: &str, new: &str) {
    let pairs = std::mem::take(object).into_iter();
    object.extend(pairs.map(|(key, value)| {
        let key = if key == old { new.to_owned() } else { key };
        (key, value)
    }));
}

/// Returns a value of some kind.
fn value(kind: usize) -> Value {
    let number = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::Bool(false),
        Value::from(0),
        Value::from(-1),
        Value::from(u64::MAX),
        Value::from(i64::MIN),
        number(0.5),
        number(1e300),
        number(-0.0),
        Value::from(""),
        Value::from("a"),
        Value::from("string"),
        Value::from("null"),
        Value::from("#/components/schemas/a"),
        Value::from("\0\u{202e}\n"),
        Value::from("("),
        Value::from("https://{a}"),
        Value::from("x".repeat(3000)),
        serde_json::json!([]),
        serde_json::json!([[]]),
        serde_json::json!({}),
        serde_json::json!({ "": {} }),
        serde_json::json!({ "$ref": "#" }),
        serde_json::json!(["string", "null", "integer", "object"]),
        serde_json::json!([null, 1, "1", 1.5, {}, []]),
        serde_json::json!({ "type": ["object", "array"], "items": true }),
    ];
    values[kind % values.len()].clone()
}
