//! Generates a Rust crate from an OpenAPI document: request and response types, enums, default
//! functions and a client.
//!
//! In a build script:
//!
//! ```no_run
//! fn main() -> Result<(), generator::Error> {
//!     generator::Generator::new("spec/oauth.yml")
//!         .out_dir("generated")
//!         .package("oauth-client")
//!         .generate()?;
//!     Ok(())
//! }
//! ```

// A module with files of its own is `name.rs` beside `name/`.
#![warn(clippy::mod_module_files)]

mod analyze;
pub mod bundle;
pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod explain;
pub mod ident;
mod inline_code;
mod internal_extensions;
pub mod ir;
pub mod lower;
pub mod normalize;
mod number;
mod operation_list;
mod output_limits;
pub mod plan;
pub mod pointer;
pub mod proof;
mod repair;
mod report;
pub mod source;
pub mod spec;
mod threads;
mod values;
pub mod write;

use std::path::{Path, PathBuf};

pub use ir::ArrayForm;
pub use operation_list::{ListedOperation, ListedStream};
pub use report::{Detail, Error, Fault, Findings, Report, Untyped};

use crate::analyze::{Understood, analyze, repaired};
use crate::diagnostic::{Aborted, Code, Diagnostic, Diagnostics, Location, Policy, code};
use crate::emit::manifest::{
    ManifestError, ManifestInput, Owned, library_name, manifest, package_name,
};
use crate::emit::{Emitted, Options};
use crate::source::Sources;
use crate::write::{Files, Folder, MANIFEST, Plan};

/// Generates a crate from a document.
#[derive(Clone, Debug)]
pub struct Generator {
    input: Input,
    out_dir: PathBuf,
    package: Option<String>,
    tests: bool,
    emit_rerun_if_changed: bool,
    maps: Vec<(String, PathBuf)>,
    overlays: Vec<PathBuf>,
    policy: Policy,
    ref_root: Option<PathBuf>,
    options: lower::Options,
}

#[derive(Clone, Debug)]
enum Input {
    File(PathBuf),
    Text { name: String, text: Vec<u8> },
}

impl Generator {
    /// Creates a generator for a document: YAML, JSON, or a Markdown page that contains either.
    ///
    /// A relative path is resolved against the current folder. In a build script, this is the folder
    /// of the package.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self::with_input(Input::File(document.into()))
    }

    /// Creates a generator for a document in memory. `name` is its name in diagnostics.
    ///
    /// References to other files are resolved against the current folder, and must not lead out of
    /// it.
    pub fn from_text(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self::with_input(Input::Text {
            name: name.into(),
            text: text.into(),
        })
    }

    fn with_input(input: Input) -> Self {
        Self {
            input,
            out_dir: PathBuf::from("generated"),
            package: None,
            tests: true,
            emit_rerun_if_changed: std::env::var_os("OUT_DIR").is_some(),
            maps: Vec::new(),
            overlays: Vec::new(),
            policy: Policy::default(),
            ref_root: None,
            options: lower::Options::default(),
        }
    }

    /// Sets the output folder. The default is `generated`.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = folder.into();
        self
    }

    /// Sets the package name. By default, an existing `Cargo.toml` keeps its name, and a new one
    /// gets the name of the folder.
    #[must_use]
    pub fn package(mut self, name: impl Into<String>) -> Self {
        self.package = Some(name.into());
        self
    }

    /// Sets whether to generate tests in `tests`. The default is true.
    #[must_use]
    pub fn tests(mut self, enabled: bool) -> Self {
        self.tests = enabled;
        self
    }

    /// Sets whether [`generate`](Self::generate) prints the files that were read
    /// (`cargo::rerun-if-changed`) and a summary of the warnings (`cargo::warning`).
    ///
    /// The default is true in a build script, where `OUT_DIR` is set.
    #[must_use]
    pub fn emit_rerun_if_changed(mut self, enabled: bool) -> Self {
        self.emit_rerun_if_changed = enabled;
        self
    }

    /// Makes each fault in the document an error, so that nothing is written.
    ///
    /// By default, a fault is a warning, and only the smallest part of the document that contains it
    /// is corrected or left out.
    #[must_use]
    pub fn strict(mut self, enabled: bool) -> Self {
        self.policy.strict = enabled;
        self
    }

    /// Sets how the style `deepObject` encodes arrays, which the specification does not define.
    ///
    /// By default, items have indices: `expand[0]=a&expand[1]=b`.
    #[must_use]
    pub fn deep_object_arrays(mut self, form: ArrayForm) -> Self {
        self.options.deep_object_arrays = form;
        self
    }

    /// Makes each warning an error, so that nothing is written. Implies
    /// [`strict`](Self::strict), which does so for faults only. The default is false.
    #[must_use]
    pub fn deny_warnings(mut self, enabled: bool) -> Self {
        self.policy.deny_warnings = enabled;
        self
    }

    /// Maps a URL to a local file from which references to it are read.
    ///
    /// A URL that ends with a slash maps all URLs below it to a folder. Can be called several
    /// times; the longest matching URL is used.
    #[must_use]
    pub fn map(mut self, url: impl Into<String>, path: impl Into<PathBuf>) -> Self {
        self.maps.push((url.into(), path.into()));
        self
    }

    /// Applies an overlay (OpenAPI Overlay Specification 1.0 or 1.1) to the document before it is
    /// read. Can be called several times; overlays are applied in order.
    #[must_use]
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Self {
        self.overlays.push(path.into());
        self
    }

    /// Suppresses the warnings with this code. Errors are always reported.
    #[must_use]
    pub fn allow(mut self, code: Code) -> Self {
        self.policy.allowed.push(code);
        self
    }

    /// Sets the folder that contains all files of the document. References must not leave it.
    ///
    /// The default is the folder of the document, or the current folder if the document is below
    /// it.
    #[must_use]
    pub fn ref_root(mut self, folder: impl Into<PathBuf>) -> Self {
        self.ref_root = Some(folder.into());
        self
    }

    /// Generates the crate, and writes the files that differ: all of them or none.
    ///
    /// # Errors
    /// Returns an error with all diagnostics if the document is invalid, or if the folder cannot be
    /// written. The folder is then unchanged.
    pub fn generate(&self) -> Result<Report, Error> {
        let outcome = self.run(Folder::open, |plan, folder, diagnostics| {
            plan.apply(folder, diagnostics)
        });
        if self.emit_rerun_if_changed {
            let findings = match &outcome {
                Ok(report) => &report.findings,
                Err(error) => error.findings(),
            };
            findings.tell_cargo();
            if let Ok(report) = &outcome
                && report.written().any(|path| path == MANIFEST)
            {
                // Cargo has read the old one before running this build script.
                println!("cargo::warning=Cargo.toml has changed with the document: build again");
            }
        }
        outcome
    }

    /// Compares the crate with the folder, and writes nothing.
    ///
    /// # Errors
    /// Returns an error if the document is invalid, or if the folder cannot be read. Missing or stale
    /// files are not an error: they are in [`Report::files`].
    pub fn check(&self) -> Result<Report, Error> {
        self.run(Folder::look, |_, _, _| Ok(()))
    }

    /// Generates all files of a new crate in memory. Reads only the document from the disk.
    ///
    /// # Errors
    /// Returns an error if the document is invalid.
    pub fn generate_files(&self) -> Result<Files, Error> {
        let outcome = attempt(&self.policy, |sources, diagnostics| {
            let understood = self.understand(sources, diagnostics)?;
            let new = (None, &Owned::default());
            self.compose(&understood, new, sources, diagnostics)
        });
        outcome.map(|((files, _), _)| files)
    }

    /// Lists the operations of the document with the pagination, stream and idempotency key of each.
    /// Writes nothing.
    ///
    /// # Errors
    /// Returns an error if the document is invalid.
    pub fn list(&self) -> Result<(Vec<ListedOperation>, Findings), Error> {
        attempt(&self.policy, |sources, diagnostics| {
            let Understood { api, .. } = self.understand(sources, diagnostics)?;
            Ok(operation_list::operations(&api))
        })
    }

    fn run(
        &self,
        open: fn(&Path, &mut Sources, &mut Diagnostics) -> Result<Folder, Aborted>,
        finish: fn(&Plan, Folder, &mut Diagnostics) -> Result<(), Aborted>,
    ) -> Result<Report, Error> {
        let outcome = attempt(&self.policy, |sources, diagnostics| {
            let understood = self.understand(sources, diagnostics)?;
            let folder = open(&self.out_dir, sources, diagnostics)?;
            let existing = (folder.manifest(), folder.owned());
            let (files, owned) = self.compose(&understood, existing, sources, diagnostics)?;
            let plan = Plan::new(files, owned, &folder, diagnostics)?;
            finish(&plan, folder, diagnostics)?;
            let Understood { api, untyped, .. } = understood;
            let operations = api.groups.iter().map(|group| group.operations.len());
            let counts = (api.declared().count(), operations.sum());
            Ok((counts, plan.comparison, untyped))
        });
        outcome.map(|(((types, operations), files, untyped), findings)| Report {
            types,
            operations,
            files,
            findings,
            untyped,
        })
    }

    /// Runs the stages up to `proof`.
    ///
    /// After a fault, the document is repaired and read again. In a strict run, a stage ends with
    /// its errors.
    fn understand(
        &self,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<Understood, Aborted> {
        if let Some(folder) = &self.ref_root {
            if !folder.is_dir() {
                let name = folder.display().to_string();
                let message = format!("the reference root `{name}` is not a folder");
                diagnostics.push(
                    Diagnostic::error(code::NO_SUCH_FILE, Location::File(name), message)
                        .help("pass the folder that contains all files of the document"),
                );
                return Err(Aborted);
            }
            sources.set_reference_root(folder);
        }
        for (url, path) in &self.maps {
            sources.map(url, path);
        }
        let (root, mut value) = match &self.input {
            Input::File(path) => sources.read(path, diagnostics)?,
            Input::Text { name, text } => sources.read_text(name, text.clone(), diagnostics)?,
        };
        diagnostics.finish()?;
        for overlay in &self.overlays {
            sources.overlay(overlay, &mut value, diagnostics)?;
        }
        let overlaid = (!self.overlays.is_empty()).then(|| value.clone());
        let mut found = diagnostics.fork();
        let bundle = bundle::bundle(root, value, sources, &mut found);
        if !found.has_errors() {
            let digits = source::digits(&bundle.value, sources);
            let understood = analyze((bundle.value, digits), None, self.options, &mut found);
            if understood.is_ok() || diagnostics.is_strict() {
                diagnostics.extend(found);
                return understood;
            }
        } else if diagnostics.is_strict() {
            diagnostics.extend(found);
            return Err(Aborted);
        }
        let value = match overlaid {
            Some(value) => value,
            None => sources.parse(root, diagnostics)?,
        };
        repaired((root, value), self.options, sources, diagnostics)
    }

    /// Runs `emit`, and edits `Cargo.toml`. Returns the files, and the entries of `Cargo.toml` that
    /// the generator owns.
    fn compose(
        &self,
        Understood { api, tests, .. }: &Understood,
        (existing, owned): (Option<&str>, &Owned),
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Result<(Files, Owned), Aborted> {
        let mut refuse = |error: ManifestError| {
            let path = self.out_dir.join(MANIFEST);
            let location = location(&path, existing, error.span, sources);
            diagnostics.push(
                Diagnostic::error(code::INVALID_MANIFEST, location, error.message).help(error.help),
            );
            Aborted
        };
        let folder = std::path::absolute(&self.out_dir).unwrap_or_default();
        let folder = folder.file_name().unwrap_or_default().to_string_lossy();
        let package = package_name(existing, self.package.as_deref(), &folder);
        let package = package.map_err(&mut refuse)?;
        let options = Options {
            package: package.clone(),
            library: library_name(existing, &package),
            tests: self.tests,
        };
        let Emitted { files, needs } = emit::emit(api, tests, &options, write::format);
        let input = ManifestInput {
            info: &api.info,
            servers: &api.servers,
            needs: &needs,
        };
        let manifest = manifest(existing, owned, &package, input).map_err(refuse)?;
        let mut files = Files::new(files, diagnostics)?;
        files.insert(MANIFEST, manifest.text);
        Ok((files, manifest.owned))
    }
}

/// Runs stages on a thread, and returns their result with their diagnostics.
fn attempt<T: Send>(
    policy: &Policy,
    work: impl FnOnce(&mut Sources, &mut Diagnostics) -> Result<T, Aborted> + Send,
) -> Result<(T, Findings), Error> {
    let run = || {
        let mut sources = Sources::new();
        let mut diagnostics = Diagnostics::with_policy(policy.clone());
        let outcome = work(&mut sources, &mut diagnostics);
        (outcome, Findings::new(diagnostics, sources))
    };
    let (outcome, findings) =
        std::thread::scope(
            |scope| match threads::spawn(scope, run).map(threads::join) {
                Ok(done) => done,
                Err(error) => {
                    let mut diagnostics = Diagnostics::default();
                    let location = Location::File("generator".to_owned());
                    let message = format!("cannot start a thread: {error}");
                    diagnostics.push(Diagnostic::error(code::NO_THREAD, location, message));
                    (Err(Aborted), Findings::new(diagnostics, Sources::new()))
                }
            },
        );
    match outcome {
        Ok(made) => Ok((made, findings)),
        Err(Aborted) => Err(Error::new(findings)),
    }
}

/// Returns the location in a file that is not part of the document.
fn location(
    path: &Path,
    text: Option<&str>,
    span: Option<std::ops::Range<usize>>,
    sources: &mut Sources,
) -> Location {
    let name = path.display().to_string();
    match (text, span) {
        (Some(text), Some(span)) => Location::Span(sources.add_text(&name, text), span),
        _ => Location::File(name),
    }
}
