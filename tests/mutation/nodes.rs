//! Single nodes of valid documents are removed, renamed and retyped: most of these documents result
//! in a crate, and a warning names every part that is missing in it.
//!
//! `MUTATION_NODES` is the number of documents in a long run; `MUTATION_SEED` selects another
//! sequence.

use std::collections::BTreeSet;

use generator::Generator;
use serde_json::{Map, Value, json};

use super::{Seed, cargo, checked, compile, parallel, seeds, setting};

/// The number of changed documents without `MUTATION_NODES`, in complete tests and otherwise.
const MANY: u32 = 200;
const FEW: u32 = 60;

/// The minimum percentage of documents that result in a crate.
const LEAST: usize = 95;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Change {
    Remove,
    Rename,
    Retype(usize),
}

/// The public items of a crate.
struct Seen {
    /// `GET /pets`
    operations: BTreeSet<String>,
    /// The names of the declared types, in lower case.
    types: BTreeSet<String>,
    files: Vec<(String, String)>,
    /// All diagnostics.
    words: String,
}

/// Collects the pointers of all nodes except the root.
fn nodes(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut visit = |key: String, value: &Value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        nodes(value, &at, found);
    };
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| visit(key.clone(), value)),
        Value::Array(list) => {
            let items = list.iter().enumerate();
            items.for_each(|(index, value)| visit(index.to_string(), value));
        }
        _ => {}
    }
}

/// Returns the changed document, or `None` if the change has no effect.
fn changed(value: &Value, at: &str, change: Change) -> Option<Value> {
    let mut changed = value.clone();
    let (holder, key) = at.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    let node = changed.pointer(at)?.clone();
    match (changed.pointer_mut(holder)?, change) {
        (Value::Object(map), Change::Remove) => _ = map.shift_remove(&key),
        (Value::Array(list), Change::Remove) => _ = list.remove(key.parse().ok()?),
        (Value::Object(map), Change::Rename) => {
            let renamed = std::mem::take(map).into_iter().map(|(name, value)| {
                if name == key {
                    (format!("{name}z"), value)
                } else {
                    (name, value)
                }
            });
            *map = renamed.collect::<Map<_, _>>();
        }
        (_, Change::Retype(kind)) => {
            let others = [
                Value::Null,
                json!(true),
                json!(7),
                json!("text"),
                json!(["text"]),
                json!({ "text": "text" }),
            ];
            let other = others[kind % others.len()].clone();
            if std::mem::discriminant(&other) == std::mem::discriminant(&node) {
                return None;
            }
            *changed.pointer_mut(at)? = other;
        }
        _ => return None,
    }
    Some(changed)
}

/// Generates from a document. The inner error is the reason why it is rejected.
fn seen(document: &Value) -> Result<Result<Seen, String>, String> {
    let generator = Generator::from_text("document.json", document.to_string())
        .package("mutant")
        .out_dir("../target/no-such-folder/mutant");
    let report = match generator.check() {
        Ok(report) => report,
        Err(error) => {
            let first = error.findings().list().first();
            return Ok(Err(
                first.map_or_else(String::new, |first| first.message.clone())
            ));
        }
    };
    let mut words = String::new();
    for found in report.findings.list() {
        words += &found.message;
        if let Some(remedy) = &found.remedy {
            words += &remedy.effect;
        }
        words.push('\n');
    }
    let files = generator
        .generate_files()
        .map_err(|error| error.to_string())?;
    let files = files.iter();
    let files = files.map(|file| (file.path.display().to_string(), file.text.to_owned()));
    let files = checked(files.collect())?;
    let mut seen = Seen {
        operations: BTreeSet::new(),
        types: BTreeSet::new(),
        files,
        words,
    };
    for (path, text) in &seen.files {
        if path.starts_with("src/operations") {
            for line in text
                .lines()
                .filter(|line| line.contains("ENDPOINT: Endpoint = "))
            {
                seen.operations.extend(endpoint(line));
            }
        }
        // A large file of types is split.
        if path.starts_with("src/types") {
            let declared = text.lines().filter_map(|line| {
                let rest = line.strip_prefix("pub ")?;
                let rest = ["struct ", "enum ", "type "]
                    .iter()
                    .find_map(|kind| rest.strip_prefix(kind))?;
                Some(folded(rest.split(['(', '{', ';', '=', ' ', '<']).next()?))
            });
            seen.types.extend(declared);
        }
    }
    Ok(Ok(seen))
}

/// Returns `Endpoint::get("/pets")` as `GET /pets`.
fn endpoint(line: &str) -> Option<String> {
    let (_, call) = line.split_once("Endpoint::")?;
    let (method, rest) = call.split_once('(')?;
    let mut texts = rest.split('"').skip(1).step_by(2);
    let first = texts.next()?;
    Some(match texts.next() {
        Some(path) => format!("{first} {path}"),
        None => format!("{} {first}", method.to_uppercase()),
    })
}

fn folded(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_lowercase()
}

/// Returns the items that the crate of a changed document lacks without a warning.
fn lost(original: &Seen, document: &Value, at: &str, changed: &Seen) -> Vec<String> {
    let is_part = |part: &str| {
        part == at
            || part
                .strip_prefix(at)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    let escaped = |text: &str| text.replace('~', "~0").replace('/', "~1");
    let mut lost = Vec::new();
    for operation in original.operations.difference(&changed.operations) {
        let (method, path) = operation.split_once(' ').unwrap_or_default();
        let own = format!("/paths/{}/{}", escaped(path), method.to_lowercase());
        let more = format!("/paths/{}/additionalOperations/{method}", escaped(path));
        let shared = at.starts_with("/components/pathItems") || at.contains("$ref");
        let is_named = changed.words.contains(&format!("`{operation}`"))
            || changed.words.contains(&format!("`{path}`"));
        if !(is_part(&own) || is_part(&more) || is_named || shared) {
            lost.push(operation.clone());
        }
    }
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    for name in schemas.into_iter().flat_map(Map::keys) {
        let own = format!("/components/schemas/{}", escaped(name));
        let is_lost =
            original.types.contains(&folded(name)) && !changed.types.contains(&folded(name));
        if is_lost && !is_part(&own) && !changed.words.contains(&format!("`{name}`")) {
            lost.push(name.clone());
        }
    }
    lost
}

/// A document with a changed node.
struct Case<'a> {
    name: String,
    document: Value,
    original: &'a Seen,
    value: &'a Value,
    /// The pointer of the changed node.
    at: String,
}

/// Changes random nodes of random documents.
fn documents<'a>(valid: &'a [(&Seed, &'a Value, Seen)]) -> Vec<Case<'a>> {
    let cases = if cargo::is_thorough() { MANY } else { FEW };
    let cases = setting("MUTATION_NODES").unwrap_or(cases);
    let mut state = u64::from(setting("MUTATION_SEED").unwrap_or_default());
    // A linear congruential generator, so that each run uses the same numbers.
    let mut number = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below.max(1)
    };
    let mut documents = Vec::new();
    while documents.len() < cases as usize {
        let (seed, value, original) = &valid[number(valid.len())];
        let mut all = Vec::new();
        nodes(value, "", &mut all);
        let at = all.swap_remove(number(all.len()));
        let change = match number(3) {
            0 => Change::Remove,
            1 => Change::Rename,
            _ => Change::Retype(number(6)),
        };
        let Some(document) = changed(value, &at, change) else {
            continue;
        };
        let name = format!("{}: {change:?} {at}", seed.name);
        documents.push(Case {
            name,
            document,
            original,
            value,
            at,
        });
    }
    documents
}

#[test]
fn a_changed_node_only_affects_its_part() {
    let seeds: Vec<Seed> = seeds();
    let valid: Vec<&Seed> = seeds.iter().filter(|seed| seed.is_valid()).collect();
    let valid = parallel::map(&valid, |seed| {
        let value = seed.value.as_ref()?;
        Some((*seed, value, seen(value).ok()?.ok()?))
    });
    let valid: Vec<(&Seed, &Value, Seen)> = valid.into_iter().flatten().collect();
    let documents = documents(&valid);
    let outcomes = parallel::map(&documents, |case| {
        let outcome = seen(&case.document)?;
        Ok::<_, String>(outcome.map(|changed| {
            let lost = lost(case.original, case.value, &case.at, &changed);
            (changed, lost)
        }))
    });
    let (tried, mut made) = (documents.len(), 0);
    let mut faults: Vec<String> = Vec::new();
    let mut refused = Vec::new();
    let mut sample = Vec::new();
    for (Case { name, .. }, outcome) in documents.iter().zip(outcomes) {
        match outcome {
            Err(fault) => faults.push(format!("{name}: {fault}")),
            Ok(Err(reason)) => refused.push(format!("{name}: {reason}")),
            Ok(Ok((changed, lost))) => {
                made += 1;
                if !lost.is_empty() {
                    faults.push(format!("{name}: {lost:?} is missing, and nothing says so"));
                }
                if made % 50 == 1 && sample.len() < 40 {
                    sample.push(changed.files);
                }
            }
        }
    }
    println!("{made} of {tried} documents with a changed node give a crate");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(
        made * 100 >= tried * LEAST,
        "refused:\n{}",
        refused.join("\n")
    );
    if setting("MUTATION_NODES").is_some() {
        println!("refused:\n{}", refused.join("\n"));
        compile(&sample);
    }
}
