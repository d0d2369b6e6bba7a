//! Reads files as JSON values and finds the location of each node: YAML, JSON, or a Markdown page
//! that contains the document.

mod digits;
mod fault;
mod guard;
mod json;
mod load;
mod markdown;
mod overlay;
mod spans;
mod value;
mod within;
pub(crate) mod yaml;

pub use digits::digits;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

pub(crate) use self::load::Unreadable;
use self::overlay::Places;
use self::spans::Tree;
use self::value::Reader;
pub(crate) use self::within::OutsideRoot;
use crate::diagnostic::{Aborted, Diagnostic, Diagnostics, FileId, Location, Part, Remedy, code};
use crate::pointer::Pointer;

/// The maximum nesting depth of mappings and lists.
pub const MAX_DEPTH: usize = 128;

/// The maximum size of a file, in bytes.
pub const MAX_FILE_SIZE: u64 = 64 * 1024 * 1024;

/// The maximum number of mappings, lists, keys and scalars in a file.
pub const MAX_VALUES: usize = 5_000_000;

/// The maximum number in a YAML file, which takes more memory to read.
pub const MAX_YAML_VALUES: usize = 4_000_000;

/// The maximum number in all files of a document.
pub const MAX_VALUES_OF_ALL: usize = 5_000_000;

/// The maximum total size of all files of a document, in bytes.
pub const MAX_SIZE_OF_ALL: u64 = 128 * 1024 * 1024;

/// The maximum total length of the pointers to all values of a file, in bytes. A long key is part
/// of the pointer to each value below it.
pub const MAX_POINTERS: usize = 1024 * 1024 * 1024;

/// The maximum total length of the text files that are copied into the document, in bytes.
pub(crate) const MAX_COPIED_TEXT: usize = 16 * 1024 * 1024;

/// The path that means standard input.
pub const STANDARD_INPUT: &str = "-";

/// The format of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Yaml,
    Json,
}

/// All files that were read, and the origins of the nodes of the bundle.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// The origin of nodes of the bundle: a file and a node in it.
    origins: BTreeMap<Pointer, (FileId, Pointer)>,
    /// Nodes of the root document that overlays have changed.
    overlaid: Places,
    /// The local files for URLs, or folders for URLs that end with a slash.
    maps: Vec<(String, PathBuf)>,
    /// The folder that references may not leave, if the user names one.
    reference_root: Option<PathBuf>,
    roots: OnceLock<within::Roots>,
    /// The bytes of all files that were read.
    size: u64,
    /// The files that references lead to, because a faulty document is bundled twice.
    loaded: HashMap<PathBuf, FileId>,
    /// The bytes of all texts that were copied into the document.
    copied: usize,
    /// The number of failed reads of referenced files.
    unreadable: usize,
}

/// A file.
#[derive(Debug)]
struct SourceFile {
    /// The name in diagnostics: the path as it was given, with `/` as separator.
    name: String,
    /// The path that it was read from; `None` for standard input and for texts.
    path: Option<PathBuf>,
    /// True if diagnostics must not quote its lines: a document refers to it, and it may be a
    /// private file.
    is_hidden: bool,
    text: String,
    /// The location and value of the first byte that is not UTF-8.
    not_utf8: Option<(Range<usize>, u8)>,
    /// The range of the document in the text, without a byte order mark and the page around it.
    body: Range<usize>,
    format: Format,
    tree: OnceLock<Tree>,
    lines: OnceLock<Vec<usize>>,
    /// The number of values that were read.
    values: usize,
    /// The number of characters before each block of the text.
    characters: OnceLock<Vec<usize>>,
}

/// The size in bytes of the blocks in which characters are counted, because a whole file can be one
/// line.
const BLOCK: usize = 1024;

/// A location for users and editors. Lines and columns start at 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Sources {
    /// Creates an empty set of files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the folder that references may lead to, instead of the folder of the document.
    pub fn set_reference_root(&mut self, folder: impl Into<PathBuf>) {
        self.reference_root = Some(folder.into());
    }

    /// Reads a file; `-` is standard input.
    ///
    /// The first file that is read is the root of the bundle.
    ///
    /// # Errors
    /// Returns [`Aborted`] if there is no value, with the reasons in `diagnostics`.
    pub fn read(
        &mut self,
        path: impl AsRef<Path>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(FileId, Value), Aborted> {
        let file = match self.load_root(path.as_ref()) {
            Ok(file) => file,
            Err(unreadable) => {
                let name = load::display(path.as_ref());
                diagnostics.push(unreadable.at(Location::File(name)));
                return Err(Aborted);
            }
        };
        self.parse(file, diagnostics).map(|value| (file, value))
    }

    /// Reads a text as the contents of a file with this name.
    ///
    /// # Errors
    /// Returns [`Aborted`] if there is no value, with the reasons in `diagnostics`.
    pub fn read_text(
        &mut self,
        name: &str,
        text: impl Into<Vec<u8>>,
        diagnostics: &mut Diagnostics,
    ) -> Result<(FileId, Value), Aborted> {
        let file = self.add(name.to_owned(), None, text.into());
        self.parse(file, diagnostics).map(|value| (file, value))
    }

    /// Maps a URL to a local file from which references to it are read. A URL that ends with a
    /// slash and a folder map all files below them.
    pub fn map(&mut self, url: impl Into<String>, path: impl Into<PathBuf>) {
        self.maps.push((url.into(), path.into()));
    }

    /// Returns the local file for a reference, and the fragment of the reference, or `None` if its
    /// URL is not mapped.
    ///
    /// The longest matching URL is used.
    pub(crate) fn mapped<'t>(&self, reference: &'t str) -> Option<(PathBuf, &'t str)> {
        let end = reference.find('#').unwrap_or(reference.len());
        let (url, fragment) = reference.split_at_checked(end)?;
        let fits = self.maps.iter().filter_map(|(known, path)| {
            if url == known {
                return Some((known.len(), path.clone()));
            }
            let rest = url.strip_prefix(known.as_str())?;
            let is_below = known.ends_with('/') && !rest.split('/').any(|part| part == "..");
            is_below.then(|| (known.len(), path.join(rest)))
        });
        let (_, path) = fits.max_by_key(|(length, _)| *length)?;
        Some((path, fragment))
    }

    /// Adds a text that is not part of the document, for diagnostics about it.
    pub fn add_text(&mut self, name: &str, text: &str) -> FileId {
        self.add(name.to_owned(), None, text.into())
    }

    /// Returns the paths of all files that were read from the disk, in this order. A build script
    /// has to watch them.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|file| file.path.as_deref())
    }

    /// Returns the name of a file in diagnostics.
    #[must_use]
    pub fn name(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.name)
    }

    /// Returns the whole text of a file, with U+FFFD for bytes that are not UTF-8.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        self.get(file).map_or("", |file| &file.text)
    }

    /// Returns the text of a file, or `None` if it is not UTF-8.
    pub(crate) fn valid_text(&self, file: FileId) -> Option<&str> {
        let source = self.get(file).filter(|source| source.not_utf8.is_none())?;
        source.text.get(source.body.clone())
    }

    /// Returns the file and the byte range of a location.
    ///
    /// Returns `None` for a file without a text.
    #[must_use]
    pub fn find(&self, location: &Location) -> Option<(FileId, Range<usize>)> {
        match location {
            Location::File(_) => None,
            Location::Span(file, span) => Some((*file, span.clone())),
            Location::Node(pointer, part) => {
                let (file, pointer) = match part {
                    Part::Key => self.member(pointer)?,
                    Part::Value => self.origin(pointer)?,
                };
                let source = self.get(file)?;
                Some((file, source.find(&pointer, *part)))
            }
        }
    }

    /// Returns the line and column of a byte of a file.
    #[must_use]
    pub fn line_column(&self, file: FileId, byte: usize) -> LineColumn {
        let Some(source) = self.get(file) else {
            return LineColumn { line: 1, column: 1 };
        };
        let line = source.line(byte);
        let start = source.line_span(line).start;
        let before = source.characters_before(byte.max(start)) - source.characters_before(start);
        LineColumn {
            line,
            column: before + 1,
        }
    }

    /// Returns the byte range of a line without its line break. Lines start at 1.
    pub(crate) fn line_span(&self, file: FileId, line: usize) -> Range<usize> {
        self.get(file).map_or(0..0, |source| source.line_span(line))
    }

    /// Returns whether diagnostics may quote lines of a file.
    pub(crate) fn may_show(&self, file: FileId) -> bool {
        self.get(file).is_none_or(|file| !file.is_hidden)
    }

    /// Records that the node `at` of the bundle is the node `pointer` of a file.
    pub(crate) fn add_origin(&mut self, at: Pointer, file: FileId, pointer: Pointer) {
        self.origins.insert(at, (file, pointer));
    }

    /// Records that nodes below a node of the bundle moved. `moved` returns the new location, or
    /// `None` if the node was removed.
    pub(crate) fn move_origins(
        &mut self,
        below: &Pointer,
        moved: impl Fn(&Pointer) -> Option<Pointer>,
    ) {
        let affected = self.origins.range(below.clone()..).map(|(at, _)| at);
        let affected = affected.take_while(|at| at.as_str().starts_with(below.as_str()));
        let affected = affected.filter(|at| at.is_within(below));
        let affected: Vec<Pointer> = affected.cloned().collect();
        let origins = affected.into_iter().filter_map(|at| {
            let origin = self.origins.remove(&at)?;
            Some((moved(&at)?, origin))
        });
        let origins: Vec<_> = origins.collect();
        self.origins.extend(origins);
    }

    /// Returns the origin of a node of the bundle: a file and a node in it.
    pub(crate) fn origin(&self, pointer: &Pointer) -> Option<(FileId, Pointer)> {
        let mut at = Some(pointer.clone());
        while let Some(outer) = at {
            if let Some((file, origin)) = self.origins.get(&outer) {
                let rest = pointer.strip_prefix(&outer)?;
                return Some(self.written(*file, origin.join(&rest)));
            }
            at = outer.parent();
        }
        (!self.files.is_empty()).then(|| self.written(FileId(0), pointer.clone()))
    }

    /// Returns the file and node that the key of a member comes from. The value of the member may
    /// be a copy of what a reference leads to; the key is then where the reference is.
    pub(crate) fn member(&self, pointer: &Pointer) -> Option<(FileId, Pointer)> {
        let (file, own) = self.origin(pointer)?;
        if !self.origins.contains_key(pointer) {
            return Some((file, own));
        }
        let Some(holder) = pointer.parent() else {
            return Some((file, own));
        };
        let (outer_file, outer) = self.origin(&holder)?;
        if file == outer_file && own.parent().as_ref() == Some(&outer) {
            return Some((file, own));
        }
        let written = outer.child(pointer.last()?);
        // An object with `$ref` can have members of its own.
        let is_written = self.get(outer_file)?.tree().has(&written);
        Some(if is_written {
            (outer_file, written)
        } else {
            (file, own)
        })
    }

    /// Returns the file and node that a node of a file comes from, which can be an overlay.
    fn written(&self, file: FileId, pointer: Pointer) -> (FileId, Pointer) {
        match self.overlaid.find(&pointer) {
            Some(place) if file == FileId(0) => place,
            _ => (file, pointer),
        }
    }

    /// Returns the path of a file, if it has one.
    pub(crate) fn path(&self, file: FileId) -> Option<&Path> {
        self.get(file)?.path.as_deref()
    }

    /// Returns the byte range to mark for a node of a file (not of the bundle).
    pub(crate) fn span(&self, file: FileId, pointer: &Pointer) -> Range<usize> {
        let source = self.get(file);
        source.map_or(0..0, |source| source.find(pointer, Part::Value))
    }

    /// Returns the location of a node of a file, or of the overlay that added it.
    pub(crate) fn place(&self, file: FileId, pointer: &Pointer) -> Location {
        let (file, pointer) = self.written(file, pointer.clone());
        Location::Span(file, self.span(file, &pointer))
    }

    fn get(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(file.0)
    }

    /// Parses a loaded file.
    pub(crate) fn parse(
        &mut self,
        file: FileId,
        diagnostics: &mut Diagnostics,
    ) -> Result<Value, Aborted> {
        // The file itself may have been parsed before.
        let others = self.files.iter().enumerate();
        let others = others.filter(|(index, _)| *index != file.0);
        let before: usize = others.map(|(_, other)| other.values).sum();
        let limit = Limit {
            most: (MAX_VALUES_OF_ALL - before.min(MAX_VALUES_OF_ALL)).min(MAX_VALUES),
            before,
        };
        let Some(source) = self.files.get_mut(file.0) else {
            return Err(Aborted);
        };
        match source.parse(file, limit, diagnostics.is_strict()) {
            Ok((value, found)) => {
                let mut is_contained = true;
                for (error, remedy) in found {
                    is_contained &= diagnostics.fault(error, || remedy);
                }
                if is_contained {
                    Ok(value)
                } else {
                    Err(Aborted)
                }
            }
            Err(found) => {
                for diagnostic in found {
                    diagnostics.push(diagnostic);
                }
                Err(Aborted)
            }
        }
    }

    fn add(&mut self, name: String, path: Option<PathBuf>, bytes: Vec<u8>) -> FileId {
        self.files.push(SourceFile::new(name, path, bytes));
        FileId(self.files.len() - 1)
    }
}

impl SourceFile {
    fn new(name: String, path: Option<PathBuf>, bytes: Vec<u8>) -> Self {
        let (text, not_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes().get(at).copied().unwrap_or_default();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                let width = char::REPLACEMENT_CHARACTER.len_utf8();
                (text, Some((at..at + width, byte)))
            }
        };
        let start = if text.starts_with('\u{FEFF}') {
            '\u{FEFF}'.len_utf8()
        } else {
            0
        };
        Self {
            name,
            path,
            is_hidden: false,
            not_utf8,
            body: start..text.len(),
            text,
            format: Format::Yaml,
            tree: OnceLock::new(),
            lines: OnceLock::new(),
            values: 0,
            characters: OnceLock::new(),
        }
    }

    fn parse(
        &mut self,
        file: FileId,
        limit: Limit,
        is_strict: bool,
    ) -> Result<Parsed, Vec<Diagnostic>> {
        if let Some((span, byte)) = &self.not_utf8 {
            return Err(vec![not_utf8(file, span.clone(), *byte, &self.text)]);
        }
        let name = self.path.as_deref().unwrap_or(Path::new(&self.name));
        let extension = name.extension().and_then(|extension| extension.to_str());
        let extension = extension.unwrap_or_default().to_ascii_lowercase();
        let text = self.text.get(self.body.clone()).unwrap_or_default();
        let is_bracketed = text.trim_start().starts_with(['{', '[']);
        let is_page = match extension.as_str() {
            "md" | "markdown" | "mdx" => true,
            "json" | "yaml" | "yml" => false,
            _ => !is_bracketed && markdown::is_page(text),
        };
        if is_page {
            self.enter_page(file)?;
            return self.read(file, self.format, limit, is_strict);
        }
        if extension == "json" {
            return self.read(file, Format::Json, limit, is_strict);
        }
        if !is_bracketed {
            return self.read(file, Format::Yaml, limit, is_strict);
        }
        // A YAML file can be JSON, which is faster to read, or only begin like JSON.
        let is_likely_json = text.trim_start_matches(['{', '[', ' ', '\t', '\r', '\n']);
        let is_likely_json = is_likely_json.starts_with('"');
        self.read(file, Format::Json, limit, is_strict)
            .or_else(|of_json| {
                self.read(file, Format::Yaml, limit, is_strict)
                    .map_err(|of_yaml| if is_likely_json { of_json } else { of_yaml })
            })
    }

    /// Narrows the body to the one document in a page.
    fn enter_page(&mut self, file: FileId) -> Result<(), Vec<Diagnostic>> {
        let blocks = markdown::blocks(&self.text);
        match blocks.as_slice() {
            [block] => {
                self.body = block.body.clone();
                self.format = block.format;
                Ok(())
            }
            [] => {
                let first = self.body.start..self.line_span(1).end.max(self.body.start);
                let message = "this page contains no OpenAPI document";
                Err(vec![
                    error(file, code::NO_DOCUMENT_IN_PAGE, first, message).help(
                        "put the document into a fenced block that begins with ```yaml or ```json, \
                         or pass the document itself",
                    ),
                ])
            }
            [first, second, ..] => {
                let message = format!("this page contains {} OpenAPI documents", blocks.len());
                let first = Location::Span(file, self.first_line(&first.body));
                let second = self.first_line(&second.body);
                Err(vec![
                    error(file, code::NO_DOCUMENT_IN_PAGE, second, message)
                        .label("another one begins here")
                        .related(first, "the first one begins here")
                        .help("save one of them in its own file"),
                ])
            }
        }
    }

    fn read(
        &mut self,
        file: FileId,
        format: Format,
        limit: Limit,
        is_strict: bool,
    ) -> Result<Parsed, Vec<Diagnostic>> {
        self.format = format;
        self.tree = OnceLock::new();
        let text = self.text.get(self.body.clone()).unwrap_or_default();
        let limit = match format {
            Format::Yaml => Limit {
                most: limit.most.min(MAX_YAML_VALUES),
                ..limit
            },
            Format::Json => limit,
        };
        let reader = Reader::new(format == Format::Yaml, text.len(), limit);
        let read = match format {
            Format::Json => json::read(&reader, text),
            Format::Yaml => yaml::read(&reader, text),
        };
        let value = match read {
            Ok(value) => value,
            Err(fault) => return Err(vec![self.syntax_error(file, *fault)]),
        };
        self.values = reader.values();
        if value.is_null() {
            return Err(vec![self.no_document(file)]);
        }
        let repeats = reader.take_repeats();
        if !repeats.is_empty() && !is_strict {
            self.tree = OnceLock::from(self.new_tree().prefer_last());
        }
        let found = self.check(file, reader, &repeats);
        Ok((value, found))
    }

    fn syntax_error(&self, file: FileId, fault: SyntaxError) -> Diagnostic {
        let mut diagnostic = error(file, fault.code, self.place(&fault.span), fault.message)
            .label(fault.label)
            .help(fault.help);
        if let Some((span, label)) = fault.related {
            diagnostic = diagnostic.related(Location::Span(file, self.place(&span)), label);
        }
        diagnostic
    }

    /// Converts a byte range of the body to one of the file. A range after the last line with text
    /// becomes the end of that line.
    fn place(&self, span: &Range<usize>) -> Range<usize> {
        let body = self.text.get(self.body.clone()).unwrap_or_default();
        let end = body.trim_end().len();
        let (start, end) = if span.start < end {
            (span.start, span.end.min(body.len()).max(span.start))
        } else {
            (end, end)
        };
        self.body.start + start..self.body.start + end
    }

    fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| self.new_tree())
    }

    fn new_tree(&self) -> Tree {
        match self.format {
            Format::Yaml => Tree::yaml(&self.text, self.body.clone()),
            Format::Json => Tree::json(&self.text, self.body.clone()),
        }
    }

    /// Returns the byte range to mark for a node of this file.
    fn find(&self, pointer: &Pointer, part: Part) -> Range<usize> {
        let start = self.body.start;
        let span = self.tree().find(pointer, part).unwrap_or(start..start);
        let rest = self.text.get(span.start..).unwrap_or_default();
        if !span.is_empty() {
            span
        } else if rest.starts_with(['{', '[']) {
            span.start..span.start + 1
        } else {
            self.first_line(&span)
        }
    }

    /// Returns the start of each line.
    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            let breaks = self.text.match_indices('\n').map(|(at, _)| at + 1);
            let mark = if self.text.starts_with('\u{FEFF}') {
                '\u{FEFF}'.len_utf8()
            } else {
                0
            };
            std::iter::once(mark).chain(breaks).collect()
        })
    }

    /// Returns the line of a byte. Lines start at 1.
    fn line(&self, byte: usize) -> usize {
        self.lines().partition_point(|&start| start <= byte).max(1)
    }

    fn line_span(&self, line: usize) -> Range<usize> {
        let start = self.lines().get(line.saturating_sub(1));
        let start = start.copied().unwrap_or(self.text.len());
        let end = self
            .lines()
            .get(line)
            .map_or(self.text.len(), |next| next - 1);
        let text = self.text.get(start..end).unwrap_or_default();
        start..start + text.trim_end_matches('\r').len()
    }

    /// Returns the number of characters before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let begins = |byte: &&u8| !matches!(**byte, 0x80..=0xBF);
        let bytes = self.text.as_bytes();
        let counts = self.characters.get_or_init(|| {
            let blocks = bytes.chunks(BLOCK);
            let counts = blocks.scan(0, |count, block| {
                let before = *count;
                *count += block.iter().filter(begins).count();
                Some(before)
            });
            counts.collect()
        });
        let byte = byte.min(bytes.len());
        let block = (byte / BLOCK).min(counts.len().saturating_sub(1));
        let before = counts.get(block).copied().unwrap_or_default();
        let rest = bytes.get(block * BLOCK..byte).unwrap_or_default();
        before + rest.iter().filter(begins).count()
    }

    fn first_line(&self, span: &Range<usize>) -> Range<usize> {
        span.start..self.line_span(self.line(span.start)).end.max(span.start)
    }
}

/// The value of a file, and its faults with their remedies.
type Parsed = (Value, Vec<(Diagnostic, Remedy)>);

/// A syntax error. Its ranges are bytes of the body.
#[derive(Debug)]
struct SyntaxError {
    code: crate::diagnostic::Code,
    span: Range<usize>,
    message: String,
    label: String,
    help: String,
    related: Option<(Range<usize>, &'static str)>,
}

fn too_deep(span: Range<usize>) -> SyntaxError {
    SyntaxError {
        code: code::TOO_DEEP,
        span,
        message: format!("the document is nested deeper than {MAX_DEPTH} levels"),
        label: "the limit is reached here".to_owned(),
        help: "move inner parts into `components` and refer to them with `$ref`".to_owned(),
        related: None,
    }
}

/// The limit on the number of values of a file.
#[derive(Clone, Copy, Debug)]
struct Limit {
    most: usize,
    /// The number of values of other files.
    before: usize,
}

impl Limit {
    /// The limit for the first file.
    #[cfg(test)]
    const FIRST: Self = Self {
        most: MAX_VALUES,
        before: 0,
    };
}

fn too_many(span: Range<usize>, limit: Limit) -> SyntaxError {
    let Limit { most, before } = limit;
    SyntaxError {
        code: code::TOO_LARGE,
        span,
        message: if most < MAX_YAML_VALUES {
            format!(
                "the files of the document have more than {MAX_VALUES_OF_ALL} values together: \
                 there are {before} before this file, which has more than {most}"
            )
        } else {
            format!("the document has more than {most} values")
        },
        label: "the limit is reached here".to_owned(),
        help: "split the document into files that refer to one another with `$ref`".to_owned(),
        related: None,
    }
}

fn long_pointers(span: Range<usize>) -> SyntaxError {
    SyntaxError {
        code: code::TOO_LARGE,
        span,
        message: format!(
            "the paths of keys to all values have more than {} MiB in total",
            MAX_POINTERS >> 20
        ),
        label: "the limit is reached here".to_owned(),
        help: "shorten the keys that have many values below them".to_owned(),
        related: None,
    }
}

/// Returns the range of the character that contains a byte; an empty range at the end.
fn character(text: &str, byte: usize) -> Range<usize> {
    let start = text.floor_char_boundary(byte);
    let found = text.get(start..).and_then(|rest| rest.chars().next());
    start..start + found.map_or(0, char::len_utf8)
}

fn not_utf8(file: FileId, span: Range<usize>, byte: u8, text: &str) -> Diagnostic {
    let message = format!("the file is not UTF-8: unexpected byte 0x{byte:02X}");
    // UTF-16 begins with FF FE or FE FF, or has a NUL beside each ASCII letter.
    let help = if span.start == 0 && matches!(byte, 0xFE | 0xFF) || text.contains('\0') {
        "this looks like UTF-16; save the file as UTF-8"
    } else {
        "save the file as UTF-8"
    };
    error(file, code::NOT_UTF8, span, message)
        .label("here")
        .help(help)
}

fn error(
    file: FileId,
    code: crate::diagnostic::Code,
    span: Range<usize>,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, Location::Span(file, span), message)
}

#[cfg(test)]
mod tests;
