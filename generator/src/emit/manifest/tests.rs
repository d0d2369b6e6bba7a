//! Tests that create, edit and reject manifests.

use indexmap::IndexMap;

use super::package::first_paragraph;
use super::*;
use crate::emit::dependencies::Needs;
use crate::ir::{Contact, Info, License, Server};

struct Input {
    info: Info,
    servers: Vec<Server>,
    needs: Needs,
}

fn input() -> Input {
    Input {
        info: Info {
            title: "Pets".to_owned(),
            version: "2.0.0".to_owned(),
            description: Some("# Pets\n\nAll of them.".to_owned()),
            contact: Some(Contact {
                email: Some("a@example.com".to_owned()),
                ..Contact::default()
            }),
            license: Some(License {
                name: "Apache 2.0".to_owned(),
                identifier: None,
                url: None,
            }),
            ..Info::default()
        },
        servers: vec![server("https://example.com/v2")],
        needs: Needs {
            dependencies: vec![
                dependency("bytes", "1", None),
                Dependency {
                    optional: true,
                    ..dependency("reqwest", "0.13", Some("rustls"))
                },
            ],
            dev_dependencies: Vec::new(),
            features: IndexMap::from([
                ("default".to_owned(), vec!["reqwest".to_owned()]),
                ("reqwest".to_owned(), vec!["dep:reqwest".to_owned()]),
            ]),
        },
    }
}

/// Returns a dependency with its default features, or with one feature instead.
fn dependency(name: &str, version: &str, feature: Option<&str>) -> Dependency {
    Dependency {
        name: name.to_owned(),
        version: version.to_owned(),
        features: feature.into_iter().map(str::to_owned).collect(),
        default_features: feature.is_none(),
        optional: false,
    }
}

fn server(url: &str) -> Server {
    Server {
        url: url.to_owned(),
        description: None,
        variables: Vec::new(),
    }
}

impl Input {
    fn borrow(&self) -> ManifestInput<'_> {
        ManifestInput {
            info: &self.info,
            servers: &self.servers,
            needs: &self.needs,
        }
    }
}

fn made(existing: Option<&str>, owned: &Owned, input: &Input) -> Manifest {
    let name = package_name(existing, None, "pets").expect("a package's manifest");
    manifest(existing, owned, &name, input.borrow()).expect("a package's manifest")
}

const FRESH: &str = r#"[package]
name = "pets"
version = "2.0.0"
edition = "2024"
description = "Pets"
authors = ["a@example.com"]
license = "Apache-2.0"

[package.metadata.openapi]
title = "Pets"
version = "2.0.0"
servers = ["https://example.com/v2"]

[features]
default = ["reqwest"]
reqwest = ["dep:reqwest"]

[dependencies]
bytes = "1"
reqwest = { version = "0.13", default-features = false, features = ["rustls"], optional = true }
"#;

#[test]
fn a_new_manifest() {
    let made = made(None, &Owned::default(), &input());
    assert_eq!(made.text, FRESH);
    assert_eq!(made.owned.dependencies, ["bytes", "reqwest"]);
}

#[test]
fn the_same_document_changes_nothing() {
    let first = made(None, &Owned::default(), &input());
    let second = made(Some(&first.text), &first.owned, &input());
    assert_eq!(second, first);
}

#[test]
fn keys_of_the_user_stay() {
    let existing = r#"# mine
[package]
version = "1.0.0" # bumped by the generator
name = "my-pets"
build = "../build.rs"
license = "MIT"
edition.workspace = true

[dependencies]
log = "0.4" # mine
reqwest = { path = "../reqwest", optional = true, default-features = true }
bytes = { workspace = true }
gone = "1"

[lints]
workspace = true

[features]
mine = []
default = [ "reqwest" ]

[build-dependencies]
generator = { path = "../generator", optional = true }
"#;
    let owned = Owned {
        dependencies: vec!["gone".to_owned()],
        ..Owned::default()
    };
    let mut input = input();
    input.info.license = None;
    input.info.description = None;
    input.info.contact = None;
    let made = made(Some(existing), &owned, &input);
    assert_eq!(
        made.text,
        r#"# mine
[package]
version = "2.0.0" # bumped by the generator
name = "my-pets"
build = "../build.rs"
license = "MIT"
edition.workspace = true

[package.metadata.openapi]
title = "Pets"
version = "2.0.0"
servers = ["https://example.com/v2"]

[dependencies]
log = "0.4" # mine
reqwest = { path = "../reqwest", optional = true, default-features = false, features = ["rustls"] }
bytes = { workspace = true }

[lints]
workspace = true

[features]
mine = []
default = [ "reqwest" ]
reqwest = ["dep:reqwest"]

[build-dependencies]
generator = { path = "../generator", optional = true }
"#
    );
}

#[test]
fn keys_that_are_no_longer_needed_are_removed() {
    let first = made(None, &Owned::default(), &input());
    let mut input = input();
    input.info.license = None;
    input.needs.dependencies = vec![dependency("bytes", "1", Some("std"))];
    input.needs.features = IndexMap::new();
    let second = made(Some(&first.text), &first.owned, &input);
    assert!(!second.text.contains("license"), "{}", second.text);
    assert!(!second.text.contains("reqwest"), "{}", second.text);
    assert!(!second.text.contains("[features]"), "{}", second.text);
    assert!(
        second
            .text
            .contains(r#"bytes = { version = "1", default-features = false, features = ["std"] }"#),
        "{}",
        second.text
    );
}

#[test]
fn text_of_the_document_stays_text() {
    let hostile = "a\"\n[dependencies]\nevil = '1'\u{202e}\u{0}\\";
    let input = Input {
        info: Info {
            title: hostile.to_owned(),
            version: hostile.to_owned(),
            description: Some(hostile.to_owned()),
            contact: Some(Contact {
                name: Some(hostile.to_owned()),
                email: Some(hostile.to_owned()),
                url: Some(hostile.to_owned()),
            }),
            homepage: Some(format!("https://example.com/{hostile}")),
            license: Some(License {
                name: hostile.to_owned(),
                identifier: None,
                url: None,
            }),
            ..Info::default()
        },
        servers: vec![server(hostile)],
        needs: Needs::default(),
    };
    let made = made(None, &Owned::default(), &input);
    let read: DocumentMut = made.text.parse().expect("what was written is TOML");
    assert!(read.get("dependencies").is_none(), "{}", made.text);
    assert_eq!(
        read["package"]["version"].as_str(),
        Some("0.1.0"),
        "{}",
        made.text
    );
    let keys: Vec<&str> = read["package"]
        .as_table()
        .into_iter()
        .flat_map(Table::iter)
        .map(|(key, _)| key)
        .collect();
    assert_eq!(
        keys,
        [
            "name",
            "version",
            "edition",
            "description",
            "authors",
            "homepage",
            "metadata"
        ]
    );
}

#[test]
fn a_long_description_is_cut_at_a_word() {
    let text = "word ".repeat(200);
    let short = first_paragraph(&text);
    assert!(short.ends_with("word…"), "{short}");
    assert!(short.chars().count() <= 301, "{short}");
}

#[test]
fn a_folder_name_becomes_a_valid_package_name() {
    for (folder, name) in [
        ("pets", "pets"),
        ("My Pets & more", "My-Pets-more"),
        ("2captcha", "api-2captcha"),
        ("", "generated"),
        ("…", "generated"),
        ("match", "match-api"),
        ("core", "core-api"),
    ] {
        assert_eq!(package_name(None, None, folder), Ok(name.to_owned()));
        assert_eq!(name_fault(name), None);
    }
}

#[test]
fn a_name_that_no_package_can_have_is_refused() {
    for asked in ["", "a b", "a\nb", "1a", "-a", "self", "test", "é", "a/b"] {
        assert!(
            package_name(None, Some(asked), "pets").is_err(),
            "{asked:?}"
        );
    }
    assert_eq!(
        package_name(Some(FRESH), Some("cats"), "dogs"),
        Ok("cats".to_owned())
    );
}

#[test]
fn a_package_does_not_depend_on_one_of_its_own_name() {
    let input = input();
    for name in ["bytes", "reqwest"] {
        let made = manifest(None, &Owned::default(), name, input.borrow());
        assert!(made.is_err(), "{name}");
    }
}

#[test]
fn an_invalid_manifest_is_an_error_with_a_location() {
    for (text, start) in [
        ("[package\nname = 1", 8),
        ("a = 1\n\n[workspace]\nmembers = []", 7),
        ("package = 1", 10),
        ("dependencies = []", 15),
    ] {
        let error = manifest(Some(text), &Owned::default(), "pets", input().borrow());
        let span = error.err().and_then(|error| error.span);
        assert_eq!(span.map(|span| span.start), Some(start), "{text:?}");
    }
}
