//! The arguments of the command line.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use generator::ArrayForm;
use generator::diagnostic::code::{ALL, named};
use generator::diagnostic::{Code, nearest};
use generator::emit::manifest::name_fault;

/// Generates a Rust crate from an OpenAPI document
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub generate: Generate,
}

#[derive(Subcommand)]
pub enum Command {
    /// Generate the crate of a document (the default command)
    Generate(Generate),
    /// List the operations of a document with their pagination, streams and idempotency keys
    List(List),
    /// Explain the code of a diagnostic; without a code, list all codes
    Explain(Explain),
}

#[derive(Args)]
pub struct List {
    /// The document: YAML, JSON, or a Markdown page that contains either; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "spec/oauth.yml")]
    pub document: PathBuf,
    /// The folder that references may lead to
    #[arg(long, value_name = "DIR")]
    pub ref_root: Option<PathBuf>,
    /// Read references to a URL from a local file, or from a folder if the URL ends with a slash;
    /// can be repeated
    #[arg(long, value_name = "URL=FILE", value_parser = mapping)]
    pub map: Vec<(String, PathBuf)>,
    /// Apply an overlay to the document before it is read; can be repeated
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// The format of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: ListFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Text for people
    #[default]
    Text,
    /// A JSON array with an object for each operation
    Json,
}

#[derive(Args)]
pub struct Explain {
    /// The code, such as `unresolved-reference`
    #[arg(value_name = "CODE", value_parser = code)]
    pub code: Option<Code>,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Generate {
    /// The document: YAML, JSON, or a Markdown page that contains either; `-` reads standard input
    #[arg(value_name = "SPEC", default_value = "spec/oauth.yml")]
    pub document: PathBuf,
    /// The output folder
    #[arg(long, value_name = "DIR", default_value = "generated")]
    pub out: PathBuf,
    /// The package name [default: the name in DIR/Cargo.toml, or the name of the folder]
    #[arg(long, value_name = "PACKAGE", value_parser = package_name)]
    pub name: Option<String>,
    /// Generate no tests
    #[arg(long)]
    pub no_tests: bool,
    /// The folder that references may lead to [default: the folder of the document, or the current
    /// folder if the document is below it]
    #[arg(long, value_name = "DIR")]
    pub ref_root: Option<PathBuf>,
    /// Write nothing; list missing, stale and obsolete files, and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// List each location where a type of the generated crate is any JSON value, and why
    #[arg(long)]
    pub report_untyped: bool,
    /// Read references to a URL from a local file, or from a folder if the URL ends with a slash; can
    /// be repeated
    #[arg(long, value_name = "URL=FILE", value_parser = mapping)]
    pub map: Vec<(String, PathBuf)>,
    /// Apply an overlay to the document before it is read; can be repeated
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Write an overlay with an action for each fault in the document
    #[arg(long, value_name = "FILE")]
    pub write_overlay: Option<PathBuf>,
    /// Treat each fault in the document as an error, instead of leaving out the part that contains it
    #[arg(long)]
    pub strict: bool,
    /// The encoding of arrays in the style `deepObject`
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub deep_object_arrays: Arrays,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// Suppress warnings with this code; can be repeated
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub allow: Vec<Code>,
    /// The warnings to show [default: grouped, or all with --strict]
    #[arg(long, value_name = "WHICH", value_enum)]
    pub warnings: Option<Warnings>,
    /// List each fault in the document that affects the crate, and what the crate does instead
    #[arg(long)]
    pub report_faults: bool,
    /// The format of diagnostics and of the summary
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub message_format: MessageFormat,
    /// When to use colors in diagnostics
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Warnings {
    /// The first two warnings of each kind, and how many more there are
    Grouped,
    /// Each warning
    All,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object per line
    Json,
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Arrays {
    /// `expand[0]=a&expand[1]=b`
    #[default]
    Indices,
    /// `expand[]=a&expand[]=b`
    Brackets,
    /// `expand=a&expand=b`
    Repeat,
}

impl From<Arrays> for ArrayForm {
    fn from(arrays: Arrays) -> Self {
        match arrays {
            Arrays::Indices => Self::Indices,
            Arrays::Brackets => Self::Brackets,
            Arrays::Repeat => Self::Repeat,
        }
    }
}

#[derive(Clone, Copy, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub fn is_on(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            // https://no-color.org, and terminals without colors.
            Self::Auto => {
                let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                io::stderr().is_terminal() && !is_set("NO_COLOR") && !dumb
            }
        }
    }
}

/// Splits `URL=FILE` at the last equals sign, which is more likely in a URL than in a file name.
pub fn mapping(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((url, path)) if url.contains("://") && !path.is_empty() => {
            Ok((url.to_owned(), PathBuf::from(path)))
        }
        _ => Err("expected a URL and a path, such as \
                  `https://example.com/pets.yml=vendor/pets.yml`"
            .to_owned()),
    }
}

pub fn code(name: &str) -> Result<Code, String> {
    named(name).ok_or_else(|| {
        let codes = ALL.iter().map(|code| code.as_str());
        match nearest(name, codes) {
            Some(meant) => format!("unknown code; did you mean `{meant}`?"),
            None => "unknown code; `generator explain` lists them".to_owned(),
        }
    })
}

pub fn package_name(name: &str) -> Result<String, String> {
    name_fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}
