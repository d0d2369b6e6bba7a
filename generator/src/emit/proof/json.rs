//! JSON of the document in the source of tests.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::Value;

use super::names::file_stem;
use super::text::is_hidden;
use crate::emit::generated_file::{GeneratedFile, text};

/// The maximum length of JSON in source; longer JSON is in a separate file.
const LONGEST: usize = 16_000;

/// The maximum number of `#` in a raw string.
const MOST_HASHES: usize = 255;

/// The long JSON values of a test: constants without duplicates.
pub(super) struct Constants {
    /// The maximum length of inline JSON; longer JSON is a constant.
    longest: usize,
    /// The constants by text.
    known: IndexMap<String, Constant>,
    stems: HashSet<String>,
    uses: HashMap<usize, Uses>,
}

struct Constant {
    stem: String,
    /// The file that contains it.
    file: usize,
    is_shared: bool,
}

/// The constants of a file, by index.
#[derive(Default)]
struct Uses {
    own: Vec<usize>,
    of_others: BTreeSet<usize>,
}

impl Constants {
    pub fn of_more_than(longest: usize) -> Self {
        Self {
            longest,
            known: IndexMap::new(),
            stems: HashSet::new(),
            uses: HashMap::new(),
        }
    }

    /// Returns the expression for the text of a value in one of the files: a literal, or the name
    /// of a constant derived from its group and place.
    pub fn text(&mut self, value: &Value, file: usize, group: &str, at: &str) -> String {
        if let Some(literal) = within(value, self.longest) {
            return literal;
        }
        let pretty = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
        let uses = self.uses.entry(file).or_default();
        let (stems, position) = (&mut self.stems, self.known.len());
        let entry = self.known.entry(visible(pretty));
        let position = match &entry {
            Entry::Occupied(known) => known.index(),
            Entry::Vacant(_) => {
                uses.own.push(position);
                position
            }
        };
        let constant = entry.or_insert_with(|| Constant {
            stem: file_stem(group, at, stems),
            file,
            is_shared: false,
        });
        if constant.file != file {
            constant.is_shared = true;
            uses.of_others.insert(position);
        }
        constant.name()
    }

    /// Returns the constants that a file uses from others: the file and the name.
    pub fn imports(&self, file: usize) -> impl Iterator<Item = (usize, String)> {
        let used = self.uses.get(&file).into_iter();
        let used = used.flat_map(|uses| &uses.of_others);
        let used = used.filter_map(|position| self.known.get_index(*position));
        used.map(|(_, constant)| (constant.file, constant.name()))
    }

    /// Returns the constants for the end of a file. Long ones are added to `files`, in a folder
    /// below `tests`; `place` has the path to it from that file.
    pub fn definitions(
        &self,
        file: usize,
        place: (&str, &str),
        files: &mut Vec<GeneratedFile<'static>>,
    ) -> String {
        let own = self.uses.get(&file).into_iter().flat_map(|uses| &uses.own);
        let own = own.filter_map(|position| self.known.get_index(*position));
        own.map(|(json, constant)| {
            let visibility = if constant.is_shared {
                "pub(super) "
            } else {
                ""
            };
            definition(visibility, constant, json, place, files)
        })
        .collect()
    }

    /// Returns the constants of all files, for a single combined file.
    pub fn all_definitions(
        &self,
        place: (&str, &str),
        files: &mut Vec<GeneratedFile<'static>>,
    ) -> String {
        let all = self.known.iter();
        all.map(|(json, constant)| definition("", constant, json, place, files))
            .collect()
    }
}

impl Constant {
    fn name(&self) -> String {
        self.stem.to_ascii_uppercase()
    }
}

fn definition(
    visibility: &str,
    constant: &Constant,
    json: &str,
    (folder, way): (&str, &str),
    files: &mut Vec<GeneratedFile<'static>>,
) -> String {
    let short = (json.len() <= LONGEST).then(|| raw_string(json)).flatten();
    let value = short.unwrap_or_else(|| {
        let name = format!("{}.json", constant.stem);
        let contents = format!("{json}\n");
        files.push(text(&format!("tests/{folder}/{name}"), contents));
        format!("include_str!(\"{way}{name}\")")
    });
    let name = constant.name();
    format!("\n{visibility}const {name}: &str = {value};\n")
}

/// Returns a string literal with the text of a value, if it is not longer than `longest`.
pub(super) fn within(value: &Value, longest: usize) -> Option<String> {
    let json = visible(value.to_string());
    (json.chars().count() <= longest)
        .then(|| raw_string(&json))
        .flatten()
}

/// Escapes invisible characters in JSON, which only occur in strings.
fn visible(json: String) -> String {
    if json.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// Returns a string literal with unchanged text, or `None` if there is none.
fn raw_string(text: &str) -> Option<String> {
    if !text.contains(['"', '\\']) {
        return Some(format!("\"{text}\""));
    }
    let runs = text.split('"').skip(1);
    let longest = runs.map(|rest| rest.bytes().take_while(|byte| *byte == b'#').count());
    let hashes = "#".repeat(longest.max().unwrap_or_default() + 1);
    (hashes.len() <= MOST_HASHES).then(|| format!("r{hashes}\"{text}\"{hashes}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_text_leaves_its_literal() {
        for (value, start) in [
            (json!(12), "\"12"),
            (json!("a"), "r#\"\"a"),
            (json!("a\"#b"), "r##\"\"a"),
            (json!("\"##\n"), "r###\"\"\\\""),
            (json!("\u{202e}\u{7f}"), "r#\"\"\\u202e\\u007f"),
        ] {
            let literal = within(&value, 160).expect("it is short");
            assert!(literal.starts_with(start), "{literal}");
            let read = syn::parse_str::<syn::LitStr>(&literal).expect("a literal");
            let read: Value = serde_json::from_str(&read.value()).expect("JSON");
            assert_eq!(read, value);
        }
    }

    #[test]
    fn long_json_is_a_constant_in_the_first_file_that_uses_it() {
        let mut constants = Constants::of_more_than(10);
        let long = json!("long enough");
        assert_eq!(constants.text(&json!(1), 0, "a", "/b"), "\"1\"");
        assert_eq!(constants.text(&long, 0, "a", "/b"), "A_B");
        assert_eq!(constants.text(&long, 1, "c", "/d"), "A_B");
        let imports: Vec<_> = constants.imports(1).collect();
        assert_eq!(imports, [(0, "A_B".to_owned())]);
        assert_eq!(constants.imports(0).count(), 0);

        let mut files = Vec::new();
        let place = ("x", "../x/");
        let shared = "\npub(super) const A_B: &str = r#\"\"long enough\"\"#;\n";
        assert_eq!(constants.definitions(0, place, &mut files), shared);
        assert_eq!(constants.definitions(1, place, &mut files), "");
        let all = constants.all_definitions(place, &mut files);
        assert_eq!(all, shared.replace("pub(super) ", ""));
        assert!(files.is_empty());
    }

    #[test]
    fn very_long_json_or_json_with_many_hashes_is_in_a_file() {
        for value in [
            json!("x".repeat(LONGEST)),
            json!(["\"", "#".repeat(MOST_HASHES)]),
        ] {
            let mut constants = Constants::of_more_than(10);
            constants.text(&value, 0, "a", "/b");
            let mut files = Vec::new();
            let definition = constants.all_definitions(("x", "../x/"), &mut files);
            let expected = "\nconst A_B: &str = include_str!(\"../x/a_b.json\");\n";
            assert_eq!(definition, expected);
            let paths: Vec<_> = files.iter().map(|file| file.path.as_path()).collect();
            assert_eq!(paths, [std::path::Path::new("tests/x/a_b.json")]);
        }
    }
}
