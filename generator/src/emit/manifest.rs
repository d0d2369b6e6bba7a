//! `Cargo.toml`: sets the entries that come from the document, and keeps all others.

mod input;
mod package;

use heck::ToSnakeCase;
pub use input::{ManifestError, ManifestInput};
pub use package::name_fault;
use toml_edit::{Array, Document, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::dependencies::Dependency;

/// The keys that the generator added to a manifest and may remove again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// Keys of `[package]`.
    pub package: Vec<String>,
    /// Keys of `[dependencies]`.
    pub dependencies: Vec<String>,
    /// Keys of `[dev-dependencies]`.
    pub dev_dependencies: Vec<String>,
    /// Keys of `[features]`.
    pub features: Vec<String>,
}

/// A manifest, with the keys that the generator added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The text of `Cargo.toml`.
    pub text: String,
    /// The keys that the next run may remove.
    pub owned: Owned,
}

/// Returns the package's name: the requested one, or that of the existing manifest, or a valid form
/// of the folder's name.
///
/// # Errors
/// If the existing text is not the manifest of a package, or the requested name is invalid.
pub fn package_name(
    existing: Option<&str>,
    asked: Option<&str>,
    folder: &str,
) -> Result<String, ManifestError> {
    let document = read(existing.unwrap_or_default())?;
    let name = document.get("package").and_then(|it| it.get("name"));
    match (asked, name.and_then(Item::as_str)) {
        (Some(name), _) => package::check_name(name).map(|()| name.to_owned()),
        (None, Some(name)) => Ok(name.to_owned()),
        (None, None) => Ok(package::legal_name(folder)),
    }
}

/// Returns the library's name: the one in `[lib]`, or the package's name in snake case.
#[must_use]
pub fn library_name(existing: Option<&str>, package: &str) -> String {
    let document = read(existing.unwrap_or_default()).ok();
    let named = document.as_ref().and_then(|document| {
        let name = document.get("lib")?.get("name")?;
        name.as_str().map(str::to_owned)
    });
    named.unwrap_or_else(|| {
        if package.contains(char::is_uppercase) {
            package.to_snake_case()
        } else {
            package.replace('-', "_")
        }
    })
}

/// Creates a `Cargo.toml`, or edits the existing one.
///
/// `owned` is the result of the last run. Entries with `workspace = true` are the user's choice and
/// stay unchanged.
///
/// # Errors
/// If the existing text is not the manifest of a package, or the package would depend on one with
/// the same name.
pub fn manifest(
    existing: Option<&str>,
    owned: &Owned,
    name: &str,
    input: ManifestInput<'_>,
) -> Result<Manifest, ManifestError> {
    let mut document = read(existing.unwrap_or_default())?;
    package::check_clash(name, input.needs)?;
    let table = section(document.as_table_mut(), "package")?;
    let package = package::keys(name, input);
    let mut next = Owned {
        package: package.keys().map(|key| (*key).to_owned()).collect(),
        ..Owned::default()
    };
    remove_unneeded(table, &owned.package, &next.package);
    for (key, new) in package {
        set(table, key, new);
    }
    metadata(table, input)?;
    let library = library_name(existing, name);
    if library != name.replace('-', "_") {
        let table = section(document.as_table_mut(), "lib")?;
        if !table.contains_key("name") {
            set(table, "name", library.into());
        }
    }

    next.features = input.needs.features.keys().cloned().collect();
    own(
        &mut document,
        "features",
        &owned.features,
        &next.features,
        |table| {
            for (name, on) in &input.needs.features {
                let on: Array = on.iter().map(String::as_str).collect();
                set(table, name, on.into());
            }
        },
    )?;
    for (kind, wanted, before, now) in [
        (
            "dependencies",
            &input.needs.dependencies,
            &owned.dependencies,
            &mut next.dependencies,
        ),
        (
            "dev-dependencies",
            &input.needs.dev_dependencies,
            &owned.dev_dependencies,
            &mut next.dev_dependencies,
        ),
    ] {
        *now = wanted.iter().map(|one| one.name.clone()).collect();
        own(&mut document, kind, before, now, |table| {
            for dependency in wanted {
                depend(table, dependency);
            }
        })?;
    }
    Ok(Manifest {
        text: document.to_string(),
        owned: next,
    })
}

/// Updates a section: removes the keys of the last run and adds those of this run.
fn own(
    document: &mut DocumentMut,
    section: &str,
    before: &[String],
    now: &[String],
    put: impl FnOnce(&mut dyn TableLike),
) -> Result<(), ManifestError> {
    if now.is_empty() && document.get(section).is_none() {
        return Ok(());
    }
    let table = self::section(document.as_table_mut(), section)?;
    remove_unneeded(table, before, now);
    put(table);
    if table.is_empty() && !before.is_empty() {
        document.remove(section);
    }
    Ok(())
}

/// Removes keys that the generator added and that are no longer needed.
fn remove_unneeded(table: &mut dyn TableLike, before: &[String], now: &[String]) {
    for key in before {
        if !now.contains(key) && !is_inherited(table.get(key)) {
            table.remove(key);
        }
    }
}

fn read(text: &str) -> Result<DocumentMut, ManifestError> {
    let document = Document::parse(text).map_err(|error| ManifestError {
        message: format!("this is not TOML: {}", error.message()),
        span: error.span(),
        help: "correct it, or choose another folder with `--out`".to_owned(),
    })?;
    let workspace = document.get("workspace");
    if let Some(workspace) = workspace
        && document.get("package").is_none()
    {
        return Err(ManifestError {
            message: "this is the manifest of a workspace, not of a package".to_owned(),
            span: workspace.span().or(Some(0..0)),
            help: "choose a folder inside it with `--out`".to_owned(),
        });
    }
    for kind in ["package", "features", "dependencies", "dev-dependencies"] {
        if let Some(item) = document.get(kind)
            && !item.is_table_like()
        {
            return Err(ManifestError {
                message: format!("`{kind}` is not a table"),
                span: item.span().or(Some(0..0)),
                help: format!("write `[{kind}]`"),
            });
        }
    }
    Ok(document.into_mut())
}

/// Returns a table of the manifest, creating it if it is missing.
fn section<'a>(
    table: &'a mut dyn TableLike,
    key: &str,
) -> Result<&'a mut dyn TableLike, ManifestError> {
    table
        .entry(key)
        .or_insert_with(|| Item::Table(Table::new()))
        .as_table_like_mut()
        .ok_or_else(|| ManifestError {
            message: format!("`{key}` is not a table"),
            span: Some(0..0),
            help: "correct it, or choose another folder with `--out`".to_owned(),
        })
}

fn metadata(package: &mut dyn TableLike, input: ManifestInput<'_>) -> Result<(), ManifestError> {
    let metadata = package
        .entry("metadata")
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        })
        .as_table_like_mut()
        .ok_or_else(|| ManifestError {
            message: "`package.metadata` is not a table".to_owned(),
            span: Some(0..0),
            help: "write `[package.metadata]`".to_owned(),
        })?;
    let table = section(metadata, "openapi")?;
    set(table, "title", package::one_line(&input.info.title).into());
    set(
        table,
        "version",
        package::one_line(&input.info.version).into(),
    );
    let servers: Array = input
        .servers
        .iter()
        .map(|server| package::one_line(&server.url))
        .collect();
    set(table, "servers", servers.into());
    Ok(())
}

fn is_inherited(item: Option<&Item>) -> bool {
    let inherits = item
        .and_then(Item::as_table_like)
        .and_then(|table| table.get("workspace"));
    inherits.and_then(Item::as_bool) == Some(true)
}

/// Sets a key. A key that already has the value keeps its formatting and comments.
fn set(table: &mut dyn TableLike, key: &str, new: Value) {
    match table.get_mut(key) {
        Some(item) if is_inherited(Some(item)) => {}
        Some(Item::Value(old)) => {
            if plain(old) != plain(&new) {
                let decor = old.decor().clone();
                *old = new;
                *old.decor_mut() = decor;
            }
        }
        _ => {
            table.insert(key, value(new));
        }
    }
}

/// Returns a value without its formatting.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{:?}", text.value()),
        Value::Array(array) => array.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string().trim().to_owned(),
    }
}

fn depend(table: &mut dyn TableLike, dependency: &Dependency) {
    let features: Array = dependency.features.iter().map(String::as_str).collect();
    let keys: Vec<(&str, Value)> = [
        ("version", Some(Value::from(dependency.version.as_str()))),
        (
            "default-features",
            (!dependency.default_features).then(|| false.into()),
        ),
        ("features", (!features.is_empty()).then(|| features.into())),
        ("optional", dependency.optional.then(|| true.into())),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, value?)))
    .collect();
    let mut old = table.get_mut(&dependency.name);
    if is_inherited(old.as_deref()) {
        return;
    }
    if let Some(existing) = old.as_deref_mut().and_then(Item::as_table_like_mut) {
        let count = existing.len();
        for key in ["default-features", "features", "optional"] {
            if !keys.iter().any(|(wanted, _)| *wanted == key) {
                existing.remove(key);
            }
        }
        // Keep the source if the user takes the package from elsewhere.
        let elsewhere = existing.contains_key("path") || existing.contains_key("git");
        for (key, new) in keys {
            if key != "version" || !elsewhere {
                set(existing, key, new);
            }
        }
        // Adding or removing a key leaves irregular spaces in an inline table.
        if existing.len() != count
            && let Some(inline) = old.and_then(Item::as_inline_table_mut)
        {
            inline.fmt();
        }
        return;
    }
    let new = if keys.len() == 1 {
        dependency.version.as_str().into()
    } else {
        Value::InlineTable(keys.into_iter().collect::<InlineTable>())
    };
    set(table, &dependency.name, new);
}

#[cfg(test)]
mod tests;
