//! Whole crates out of hand-made IR values.

mod hard;
mod oauth;
pub(super) mod wide;

use std::path::Path;
use std::process::Command;

use super::{Contents, Emitted, Options, emit};
use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{
    Additional, Api, Docs, Field, Info, Name, Outcome, Presence, ResponseBody, ResponseCase,
    ResponseCodec, Server, Shape, Status, Struct, Type, TypeDef, TypePath,
};

fn options() -> Options {
    Options {
        package: "generated".to_owned(),
    }
}

fn words(text: &str) -> Docs {
    Docs {
        description: (!text.is_empty()).then(|| text.to_owned()),
        ..Docs::default()
    }
}

fn path(modules: &[&str], name: &str) -> TypePath {
    TypePath {
        modules: modules.iter().map(|name| ModuleName::new(name)).collect(),
        name: TypeName::new(name),
    }
}

fn named(modules: &[&str], name: &str) -> Type {
    Type::Named(path(modules, name))
}

fn vec_of(ty: Type) -> Type {
    Type::Vec(Box::new(ty))
}

fn field(wire: &str, ty: Type, presence: Presence, docs: &str) -> Field {
    Field {
        name: Name {
            wire: wire.to_owned(),
            rust: FieldName::new(wire),
        },
        ty,
        presence,
        default: None,
        docs: words(docs),
        deprecated: false,
    }
}

fn method(wire: &str) -> Name<MethodName> {
    Name {
        wire: wire.to_owned(),
        rust: MethodName::new(wire),
    }
}

fn define(path: TypePath, docs: &str, shape: Shape) -> TypeDef {
    TypeDef {
        path,
        docs: words(docs),
        deprecated: false,
        shape,
    }
}

fn structure(fields: Vec<Field>, additional: Additional) -> Shape {
    Shape::Struct(Struct { fields, additional })
}

fn server(url: &str) -> Server {
    Server {
        url: url.to_owned(),
        description: None,
        variables: Vec::new(),
    }
}

fn json_case(status: Status, variant: &str, ty: Type, docs: &str) -> ResponseCase {
    ResponseCase {
        status,
        variant: TypeName::new(variant),
        bodies: vec![ResponseBody {
            media_types: vec!["application/json".to_owned()],
            variant: TypeName::new(variant),
            codec: ResponseCodec::Json,
            ty,
        }],
        headers: Vec::new(),
        docs: words(docs),
    }
}

fn empty_case(status: Status, variant: &str, docs: &str) -> ResponseCase {
    ResponseCase {
        status,
        variant: TypeName::new(variant),
        bodies: Vec::new(),
        headers: Vec::new(),
        docs: words(docs),
    }
}

fn outcome(enum_name: Option<&str>, cases: Vec<ResponseCase>) -> Outcome {
    Outcome {
        enum_name: enum_name.map(TypeName::new),
        cases,
    }
}

fn api(types: Vec<TypeDef>) -> Api {
    Api {
        info: Info {
            title: "Test".to_owned(),
            version: "1".to_owned(),
            ..Info::default()
        },
        servers: vec![server("https://api.example.com")],
        schemes: Vec::new(),
        modules: Vec::new(),
        types,
        groups: Vec::new(),
    }
}

/// The formatted text of a file, or nothing where there is no such file.
fn file(emitted: &Emitted, path: &str) -> String {
    let file = emitted
        .files
        .iter()
        .find(|file| file.path == Path::new(path));
    match file.map(|file| &file.contents) {
        Some(Contents::Rust(tokens)) => {
            let file = syn::parse2(tokens.clone()).expect("the tokens are a file");
            prettyplease::unparse(&file)
        }
        Some(Contents::Text(text)) => text.clone(),
        None => String::new(),
    }
}

/// Writes a whole crate, with a manifest that denies what a person would not leave.
fn write(emitted: &Emitted, folder: &Path) {
    for one in &emitted.files {
        let path = folder.join(&one.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        let text = file(emitted, &one.path.to_string_lossy());
        std::fs::write(path, text).expect("the file is written");
    }
    let mut manifest = "[package]\nname = \"generated\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lints.rust]\nmissing_docs = \"warn\"\n\n[features]\n".to_owned();
    for (name, enables) in &emitted.needs.features {
        manifest += &format!("{name} = {enables:?}\n");
    }
    manifest += "\n[dependencies]\n";
    for dependency in &emitted.needs.dependencies {
        manifest += &format!(
            "{} = {{ version = {:?}, features = {:?}, default-features = {}, optional = {} }}\n",
            dependency.name,
            dependency.version,
            dependency.features,
            dependency.default_features,
            dependency.optional
        );
    }
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the manifest is written");
}

fn check(api: &Api, name: &str) {
    let folder = std::env::temp_dir().join("emitted").join(name);
    let _ = std::fs::remove_dir_all(folder.join("src"));
    write(&emit(api, &options()), &folder);
    for arguments in [
        &["clippy", "--all-features", "--", "-D", "warnings"][..],
        &["clippy", "--", "-D", "warnings"],
        &["doc", "--no-deps"],
        &["test", "--doc"],
    ] {
        let status = Command::new("cargo")
            .args(arguments)
            .current_dir(&folder)
            .env(
                "CARGO_TARGET_DIR",
                std::env::temp_dir().join("emitted/target"),
            )
            .env("RUSTDOCFLAGS", "-D warnings")
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cargo {arguments:?} in {}",
            folder.display()
        );
    }
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_oauth_crate_compiles_without_a_warning() {
    check(&oauth::api(), "oauth");
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_hard_crate_compiles_without_a_warning() {
    check(&hard::api(), "hard");
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_wide_crate_compiles_without_a_warning() {
    check(&wide::api(), "wide");
}

#[test]
#[ignore = "for looking at"]
fn show() {
    let emitted = emit(&oauth::api(), &options());
    for one in &emitted.files {
        if matches!(one.contents, Contents::Rust(_)) {
            println!(
                "=== {}\n{}",
                one.path.display(),
                file(&emitted, &one.path.to_string_lossy())
            );
        }
    }
}
