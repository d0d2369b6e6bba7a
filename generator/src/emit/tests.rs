//! Tests that emit whole crates from hand-written IR values.

mod hard;
mod oauth;
pub(crate) mod wide;

use std::path::Path;
use std::process::Command;

use super::manifest::{ManifestInput, Owned, manifest};
use super::{Emitted, Options, emit};
use crate::diagnostic::Diagnostics;
use crate::ident::{FieldName, MethodName, ModuleName, TypeName};
use crate::ir::{
    Additional, Api, Docs, Field, Info, Name, Outcome, Presence, ResponseBody, ResponseCase,
    ResponseCodec, Server, Shape, Status, Struct, Type, TypeDef, TypePath,
};
use crate::proof::model::{CallExample, OperationTests, Tests};
use crate::write::format;
use crate::write::{File, Files};

fn options() -> Options {
    Options {
        package: "generated".to_owned(),
        library: "generated".to_owned(),
        tests: true,
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
        same_as: None,
    }
}

fn structure(fields: Vec<Field>, additional: Additional) -> Shape {
    Shape::Struct(Struct {
        constants: Vec::new(),
        fields,
        additional,
    })
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
        security: Vec::new(),
        modules: Vec::new(),
        types,
        groups: Vec::new(),
        chapters: Vec::new(),
        webhooks: Vec::new(),
        server_variables: Vec::new(),
        secret_names: Vec::new(),
    }
}

/// Returns the tests of a crate whose operations have these example calls.
fn examples(calls: impl IntoIterator<Item = (&'static str, CallExample)>) -> Tests {
    let operations = calls.into_iter().map(|(name, call)| {
        let tests = OperationTests {
            example: Some(call),
            tests: Ok(Vec::new()),
        };
        (MethodName::new(name), tests)
    });
    Tests {
        operations: operations.collect(),
        ..Tests::default()
    }
}

/// Returns the files of the crate, formatted.
fn files(api: &Api, tests: &Tests) -> Files {
    let Emitted { files, needs } = emit(api, tests, &options(), format);
    let mut diagnostics = Diagnostics::default();
    let mut files = Files::new(files, &mut diagnostics).expect("the tokens are files");
    let input = ManifestInput {
        info: &api.info,
        servers: &api.servers,
        needs: &needs,
    };
    let made = manifest(None, &Owned::default(), "generated", input).expect("there is a manifest");
    files.insert("Cargo.toml", made.text);
    files
}

/// Compiles a whole crate and its docs with warnings denied.
fn check(api: &Api, tests: &Tests, name: &str) {
    let work = std::env::temp_dir().join("emitted");
    let folder = work.join(name);
    let _ = std::fs::remove_dir_all(folder.join("src"));
    for File { path, text } in files(api, tests).iter() {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        let text = if path.ends_with("Cargo.toml") {
            format!("{text}\n[workspace]\n")
        } else {
            text.to_owned()
        };
        std::fs::write(path, text).expect("the file is written");
    }
    for arguments in [
        &["clippy", "--all-features", "--", "-D", "warnings"][..],
        &["clippy", "--", "-D", "warnings"],
        &["clippy", "--no-default-features", "--", "-D", "warnings"],
        &["doc", "--no-deps"],
        &["test", "--doc"],
    ] {
        let status = Command::new("cargo")
            .args(arguments)
            .current_dir(&folder)
            .env("CARGO_TARGET_DIR", work.join("target"))
            .env("RUSTDOCFLAGS", "-D warnings")
            .status();
        let folder = folder.display();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cargo {arguments:?} in {folder}"
        );
    }
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_oauth_crate_compiles_without_a_warning() {
    check(&oauth::api(), &oauth::tests(), "oauth");
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_hard_crate_compiles_without_a_warning() {
    check(&hard::api(), &hard::tests(), "hard");
}

#[test]
#[ignore = "runs cargo on a whole crate"]
fn the_wide_crate_compiles_without_a_warning() {
    check(&wide::api(), &Tests::default(), "wide");
}

#[test]
fn the_hard_crate_reads_as_a_person_would_write_it() {
    for File { path, text } in files(&hard::api(), &hard::tests()).iter() {
        // All crates have the same runtime files.
        let is_same = path.starts_with("src/runtime") && !path.ends_with("mod.rs");
        if !is_same && path != Path::new("Cargo.toml") {
            let name = path.to_string_lossy().replace(['/', '.'], "_");
            insta::assert_snapshot!(name, text);
        }
    }
}

#[test]
fn each_default_function_documents_how_to_write_its_value() {
    let files = files(&oauth::api(), &oauth::tests());
    let mut files = files.iter();
    let types = files.find(|file| file.path == Path::new("src/types.rs"));
    let text = &types.expect("the crate has types").text;
    let functions = text.matches("pub fn default_").count();
    assert!(functions > 0);
    let ways = text.matches("ClientBuilder::explicit_defaults").count();
    assert_eq!(ways, functions);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let api = wide::api();
    let files = || files(&api, &Tests::default());
    assert!(files().iter().eq(files().iter()));
}

#[test]
fn a_tag_of_many_operations_is_a_folder_of_files_by_path() {
    let mut api = oauth::api();
    let group = api.groups.first_mut().expect("the document has a tag");
    let one = group
        .operations
        .first()
        .expect("it has an operation")
        .clone();
    for index in 0..100 {
        let noun = ["pets", "shops", "type"][index % 3];
        let mut operation = one.clone();
        operation.path = format!("/oauth/{{tenant}}/{noun}/{index}");
        operation.method_name = MethodName::new(&format!("do {index}"));
        operation.type_name = TypeName::new(&format!("Do {index}"));
        operation.failure.enum_name = Some(TypeName::new(&format!("Do {index} failure")));
        group.operations.push(operation);
    }
    let files = files(&api, &oauth::tests());
    let text = |name: &str| {
        let path = format!("src/operations/oauth_protocol/{name}.rs");
        let mut files = files.iter();
        let file = files.find(|file| file.path == Path::new(&path));
        file.map(|file| file.text).expect("there is such a file")
    };
    assert!(
        text("mod").contains("#[path = \"pets.rs\"]\nmod pets_;"),
        "{}",
        text("mod")
    );
    assert!(text("mod").contains("pub use pets_::*;"), "{}", text("mod"));
    assert!(text("pets").contains("pub struct Do0;") || text("pets").contains("pub struct Do0 {"));
    assert!(text("type").contains("pub fn do_2("));
    assert!(text("register").contains("pub struct RegisterOAuthClient"));
    // All operations and failures are alike.
    let shared = "pub type Do1Failure = failures::Failure400Or429;";
    assert!(text("shops").contains(shared), "{}", text("shops"));
}
