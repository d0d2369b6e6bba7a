//! The command line of the generator.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::{Args, Parser, Subcommand, ValueEnum};
use generator::diagnostic::code::{ALL, named};
use generator::diagnostic::{Code, Scope, nearest};
use generator::emit::manifest::name_fault;
use generator::explain::page;
use generator::{ArrayForm, Detail, Fault, Findings, Generator, Report, Untyped};

/// A run makes many small allocations, for tokens and syntax trees. With this allocator it takes about a
/// third less time than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Generates a Rust crate from an OpenAPI document
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    generate: Generate,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the crate of a document (the default command)
    Generate(Generate),
    /// List the operations of a document with their pagination, streams and idempotency keys
    List(List),
    /// Explain the code of a diagnostic; without a code, list all codes
    Explain(Explain),
}

#[derive(Args)]
struct List {
    /// The document: YAML, JSON, or a Markdown page with either in it; `-` is standard input
    #[arg(value_name = "SPEC", default_value = "spec/oauth.yml")]
    document: PathBuf,
    /// The folder that references may lead to
    #[arg(long, value_name = "DIR")]
    ref_root: Option<PathBuf>,
    /// Read references to a URL in a local file; may be given several times
    #[arg(long, value_name = "URL=FILE", value_parser = mapping)]
    map: Vec<(String, PathBuf)>,
    /// Change the document by an overlay before it is read; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// How to write the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: ListFormat,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ListFormat {
    /// For people
    #[default]
    Text,
    /// A JSON array with an object for each operation
    Json,
}

#[derive(Args)]
struct Explain {
    /// The code, such as `unresolved-reference`
    #[arg(value_name = "CODE", value_parser = code)]
    code: Option<Code>,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
struct Generate {
    /// The document: YAML, JSON, or a Markdown page with either in it; `-` is standard input
    #[arg(value_name = "SPEC", default_value = "spec/oauth.yml")]
    document: PathBuf,
    /// The output folder
    #[arg(long, value_name = "DIR", default_value = "generated")]
    out: PathBuf,
    /// The package name [default: the name in DIR/Cargo.toml, or the name of the folder]
    #[arg(long, value_name = "PACKAGE", value_parser = package_name)]
    name: Option<String>,
    /// Generate no tests
    #[arg(long)]
    no_tests: bool,
    /// The folder that references may lead to [default: the folder of the document, or the current
    /// folder if the document is below it]
    #[arg(long, value_name = "DIR")]
    ref_root: Option<PathBuf>,
    /// Write nothing; list missing, stale and obsolete files, and exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// List each location where a type of the generated crate is any JSON value, and why
    #[arg(long)]
    report_untyped: bool,
    /// Read references to a URL from a local file, or from a folder if the URL ends with a slash; can
    /// be repeated
    #[arg(long, value_name = "URL=FILE", value_parser = mapping)]
    map: Vec<(String, PathBuf)>,
    /// Apply an overlay to the document before it is read; can be repeated
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Write an overlay with an action for each fault in the document
    #[arg(long, value_name = "FILE")]
    write_overlay: Option<PathBuf>,
    /// Treat each fault in the document as an error, instead of leaving out the part that contains it
    #[arg(long)]
    strict: bool,
    /// The encoding of arrays in the style `deepObject`
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    deep_object_arrays: Arrays,
    /// Treat warnings as errors
    #[arg(long)]
    deny_warnings: bool,
    /// Suppress warnings with this code; can be repeated
    #[arg(long, value_name = "CODE", value_parser = code)]
    allow: Vec<Code>,
    /// The warnings to show [default: grouped; all with --strict]
    #[arg(long, value_name = "WHICH", value_enum)]
    warnings: Option<Warnings>,
    /// List each fault in the document that affects the crate, and what the crate does instead
    #[arg(long)]
    report_faults: bool,
    /// The format of diagnostics and of the summary
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    message_format: MessageFormat,
    /// When to use colors in diagnostics
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Warnings {
    /// The first of each kind, and their number
    Grouped,
    /// Each warning
    All,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum MessageFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object per line
    Json,
}

#[derive(Clone, Copy, Default, ValueEnum)]
enum Arrays {
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
enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

fn main() -> ExitCode {
    let CommandLine { command, generate } = CommandLine::parse();
    let done = match command.unwrap_or(Command::Generate(generate)) {
        Command::Generate(arguments) => run(&arguments),
        Command::List(arguments) => list(&arguments),
        Command::Explain(arguments) => explain(&arguments),
    };
    match done {
        Ok(code) => code,
        // The reader has closed the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // There is no other way to report it.
            let _ = writeln!(io::stderr(), "error: the output cannot be written: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Generate) -> io::Result<ExitCode> {
    let start = Instant::now();
    let mut generator = Generator::new(&arguments.document)
        .out_dir(&arguments.out)
        .tests(!arguments.no_tests)
        .emit_rerun_if_changed(false)
        .strict(arguments.strict)
        .deny_warnings(arguments.deny_warnings)
        .deep_object_arrays(arguments.deep_object_arrays.into());
    for (url, path) in &arguments.map {
        generator = generator.map(url, path);
    }
    for overlay in &arguments.overlay {
        generator = generator.overlay(overlay);
    }
    for code in &arguments.allow {
        generator = generator.allow(*code);
    }
    if let Some(name) = &arguments.name {
        generator = generator.package(name);
    }
    if let Some(folder) = &arguments.ref_root {
        generator = generator.ref_root(folder);
    }
    let outcome = if arguments.check {
        generator.check()
    } else {
        generator.generate()
    };
    let report = match outcome {
        Ok(report) => report,
        Err(error) => {
            show(arguments, error.findings())?;
            return Ok(ExitCode::FAILURE);
        }
    };
    if !arguments.report_faults {
        show(arguments, &report.findings)?;
    }
    if let Some(path) = &arguments.write_overlay {
        write_overlay(path, &report)?;
    }
    let mut output = faults(arguments, &report);
    output += &untyped(arguments, &report);
    output += &match (arguments.message_format, arguments.check) {
        (MessageFormat::Json, _) => json(&report),
        (MessageFormat::Human, true) => differences(arguments, &report),
        (MessageFormat::Human, false) => {
            let seconds = start.elapsed().as_secs_f64();
            summary(arguments, &report, seconds)
        }
    };
    // The exit code depends on the files alone, even if the output cannot be written.
    let code = if arguments.check && !report.files.is_up_to_date() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    };
    match io::stdout().write_all(output.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(code),
    }
}

fn list(arguments: &List) -> io::Result<ExitCode> {
    let mut generator = Generator::new(&arguments.document);
    for (url, path) in &arguments.map {
        generator = generator.map(url, path);
    }
    for overlay in &arguments.overlay {
        generator = generator.overlay(overlay);
    }
    if let Some(folder) = &arguments.ref_root {
        generator = generator.ref_root(folder);
    }
    let (operations, findings) = match generator.list() {
        Ok(listed) => listed,
        Err(error) => {
            write!(
                io::stderr(),
                "{}",
                error.findings().render(Color::Auto.is_on())
            )?;
            return Ok(ExitCode::FAILURE);
        }
    };
    write!(io::stderr(), "{}", findings.render(Color::Auto.is_on()))?;
    let text = match arguments.format {
        ListFormat::Text => operations.iter().map(ToString::to_string).collect(),
        ListFormat::Json => {
            let lines = operations
                .iter()
                .map(|operation| operation.to_json().to_string());
            let lines: Vec<String> = lines.collect();
            format!("[\n{}\n]\n", lines.join(",\n"))
        }
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn explain(arguments: &Explain) -> io::Result<ExitCode> {
    let text = if let Some(code) = arguments.code {
        format!("{code}\n\n{}\n", page(code))
    } else {
        let codes = ALL.iter().map(|code| {
            let first = page(*code).lines().next();
            format!("{code}: {}\n", first.unwrap_or_default())
        });
        codes.collect()
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the diagnostics to standard error.
fn show(arguments: &Generate, findings: &Findings) -> io::Result<()> {
    let color = arguments.color.is_on();
    let mut stderr = io::BufWriter::new(io::stderr().lock());
    let detail = |detail| findings.render_with(detail, color);
    let written = match (arguments.message_format, arguments.warnings) {
        (MessageFormat::Json, _) => findings
            .json_lines()
            .try_for_each(|line| writeln!(stderr, "{line}")),
        (MessageFormat::Human, None) => write!(stderr, "{}", findings.render(color)),
        (MessageFormat::Human, Some(Warnings::All)) => write!(stderr, "{}", detail(Detail::All)),
        (MessageFormat::Human, Some(Warnings::Grouped)) => {
            write!(stderr, "{}", detail(Detail::Grouped))
        }
    };
    match written.and_then(|()| stderr.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// The summary of a run, in one line.
fn summary(arguments: &Generate, report: &Report, seconds: f64) -> String {
    let removed = match report.files.obsolete.len() {
        0 => String::new(),
        number => format!(", {number} removed"),
    };
    format!(
        "{}: {}, {}{}; {} written, {} unchanged{removed}; {seconds:.2} s\n",
        arguments.out.display(),
        count(report.types, "type"),
        count(report.operations, "operation"),
        affected(&report.findings.faults()),
        count(report.written().count(), "file"),
        report.files.unchanged.len(),
    )
}

/// Writes the overlay for `--write-overlay`. An existing file is not overwritten.
fn write_overlay(path: &Path, report: &Report) -> io::Result<()> {
    let Some(text) = report.findings.overlay() else {
        return writeln!(
            io::stderr(),
            "no fault in the document can be corrected by an overlay"
        );
    };
    let file = fs::File::create_new(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| io::Error::new(error.kind(), format!("`{}`: {error}", path.display())))
}

/// The number of parts of each kind that faults in the document affect.
fn affected(faults: &[Fault]) -> String {
    let mut scopes: BTreeMap<Scope, usize> = BTreeMap::new();
    for fault in faults {
        *scopes.entry(fault.scope).or_default() += 1;
    }
    let counts = scopes.into_iter();
    let counts = counts.map(|(scope, number)| count(number, &scope.as_str().replace('-', " ")));
    let counts: Vec<String> = counts.collect();
    match counts.as_slice() {
        [] => String::new(),
        [first @ .., last] if !first.is_empty() => format!(
            "; {} and {last} affected by faults in the document (see the warnings)",
            first.join(", ")
        ),
        only => format!(
            "; {} affected by faults in the document (see the warnings)",
            only.join("")
        ),
    }
}

/// The faults for `--report-faults`, one per line.
fn faults(arguments: &Generate, report: &Report) -> String {
    let mut lines = String::new();
    let faults = arguments.report_faults.then(|| report.findings.faults());
    for fault in faults.into_iter().flatten() {
        match arguments.message_format {
            MessageFormat::Human => lines += &fault.to_string(),
            MessageFormat::Json => {
                let fault = serde_json::json!({
                    "code": fault.code.as_str(), "scope": fault.scope.as_str(),
                    "message": fault.message, "effect": fault.effect, "affected": fault.affected,
                    "affectedCount": fault.affected_count,
                    "file": fault.file, "line": fault.line, "column": fault.column,
                });
                lines += &serde_json::json!({ "fault": fault }).to_string();
            }
        }
        lines.push('\n');
    }
    lines
}

/// The differences for `--check`, one file per line.
fn differences(arguments: &Generate, report: &Report) -> String {
    let files = &report.files;
    if files.is_up_to_date() {
        let files = count(files.unchanged.len(), "file");
        return format!("{}: up to date, {files}\n", arguments.out.display());
    }
    let kinds = [
        ("missing", &files.missing),
        ("stale", &files.stale),
        ("obsolete", &files.obsolete),
        ("edited and obsolete", &files.kept),
    ];
    let lines = kinds.into_iter().flat_map(|(kind, paths)| {
        let line = move |path| format!("{kind}: {}\n", arguments.out.join(path).display());
        paths.iter().map(line)
    });
    lines.collect()
}

/// The locations for `--report-untyped`, one per line.
fn untyped(arguments: &Generate, report: &Report) -> String {
    let mut lines = String::new();
    let places = arguments.report_untyped.then(|| report.untyped());
    for place in places.into_iter().flatten() {
        match arguments.message_format {
            MessageFormat::Human => lines += &place.to_string(),
            MessageFormat::Json => {
                let Untyped {
                    file,
                    line,
                    column,
                    reason,
                } = place;
                let place = serde_json::json!({
                    "file": file, "line": line, "column": column, "reason": reason,
                });
                lines += &serde_json::json!({ "untyped": place }).to_string();
            }
        }
        lines.push('\n');
    }
    lines
}

/// The summary as JSON, without values that differ between two runs.
fn json(report: &Report) -> String {
    let files = &report.files;
    let summary = serde_json::json!({
        "types": report.types,
        "operations": report.operations,
        "faults": report.findings.faults().len(),
        "missing": files.missing,
        "stale": files.stale,
        "unchanged": files.unchanged,
        "obsolete": files.obsolete,
        "kept": files.kept,
    });
    format!("{summary}\n")
}

fn count(number: usize, thing: &str) -> String {
    match (number, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some("securit")) => format!("{number} security parts"),
        (_, Some(stem)) => format!("{number} {stem}ies"),
        (_, None) => format!("{number} {thing}s"),
    }
}

impl Color {
    fn is_on(self) -> bool {
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

/// Splits `URL=FILE` at the last equals sign: one is likelier in a URL than in a file name.
fn mapping(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((url, path)) if url.contains("://") && !path.is_empty() => {
            Ok((url.to_owned(), PathBuf::from(path)))
        }
        _ => Err("expected a URL and a path, such as \
                  `https://example.com/pets.yml=vendor/pets.yml`"
            .to_owned()),
    }
}

fn code(name: &str) -> Result<Code, String> {
    named(name).ok_or_else(|| {
        let codes = ALL.iter().map(|code| code.as_str());
        match nearest(name, codes) {
            Some(meant) => format!("unknown code; did you mean `{meant}`?"),
            None => "unknown code; `generator explain` lists them".to_owned(),
        }
    })
}

fn package_name(name: &str) -> Result<String, String> {
    name_fault(name).map_or_else(|| Ok(name.to_owned()), Err)
}
