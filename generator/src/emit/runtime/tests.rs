//! The crate `runtime` equals the runtime of a generated crate that uses every feature.

use std::collections::BTreeSet;

use syn::Item;
use toml_edit::{DocumentMut, Item as Entry};

use super::{FILES, RuntimeFeatures, module};
use crate::emit::dependencies::{CRATES, needs};

const LIBRARY: &str = include_str!("../../../runtime/src/lib.rs");
const MANIFEST: &str = include_str!("../../../runtime/Cargo.toml");

fn everything() -> RuntimeFeatures {
    let files = FILES.iter().flat_map(|file| file.needed_by);
    let crates = CRATES.iter().flat_map(|one| one.needed_by);
    let features = CRATES.iter().flat_map(|one| one.features_for);
    let features = features.flat_map(|(uses, _)| *uses);
    RuntimeFeatures(files.chain(crates).chain(features).copied().collect())
}

/// Returns the module declarations and the exports, formatted.
fn items(file: syn::File) -> BTreeSet<String> {
    let format = |item| {
        prettyplease::unparse(&syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        })
    };
    let is_public = |item: &Item| match item {
        Item::Mod(item) => matches!(item.vis, syn::Visibility::Public(_)),
        Item::Use(_) => true,
        _ => false,
    };
    file.items
        .into_iter()
        .filter(is_public)
        .map(format)
        .collect()
}

#[test]
fn the_crate_has_the_modules_and_exports_that_are_generated() {
    let generated = syn::parse2(module(&everything())).expect("it is Rust");
    let library = syn::parse_str(LIBRARY).expect("it is Rust");
    assert_eq!(items(library), items(generated));
}

#[test]
fn the_crate_has_the_dependencies_and_features_that_are_generated() {
    let manifest: DocumentMut = MANIFEST.parse().expect("it is TOML");
    let needs = needs(&everything());
    let mut dependencies = BTreeSet::new();
    for needed in &needs.dependencies {
        // Missing: dependencies that only the types of a document need.
        let Some(entry) = manifest["dependencies"].get(&needed.name) else {
            continue;
        };
        dependencies.insert(needed.name.as_str());
        let version = entry.as_str().or_else(|| entry.get("version")?.as_str());
        assert_eq!(version, Some(needed.version.as_str()), "{}", needed.name);
        let is = |key, default| entry.get(key).and_then(Entry::as_bool).unwrap_or(default);
        assert_eq!(is("default-features", true), needed.default_features);
        assert_eq!(is("optional", false), needed.optional);
        assert_eq!(texts(entry.get("features")), needed.features);
    }
    let table = manifest["dependencies"].as_table().expect("a table");
    let own: BTreeSet<_> = table.iter().map(|(name, _)| name).collect();
    assert_eq!(own, dependencies);

    for (feature, enabled) in &needs.features {
        let entry = manifest["features"].get(feature);
        // `runtime` enables more of them by default.
        if feature != "default" {
            assert_eq!(texts(entry), *enabled, "{feature}");
        }
    }
}

fn texts(list: Option<&Entry>) -> Vec<String> {
    let list = list.and_then(Entry::as_array).into_iter().flatten();
    list.filter_map(|text| text.as_str().map(str::to_owned))
        .collect()
}
