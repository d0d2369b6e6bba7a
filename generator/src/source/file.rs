//! A file of a document: its text, its lines and its nodes.

use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;

use super::file_limits::{Limit, MAX_YAML_VALUES};
use super::format::Format;
use super::spans::Tree;
use super::syntax_error::SyntaxError;
use super::value_reader::Reader;
use super::{json, markdown_page, yaml};
use crate::diagnostic::{Diagnostic, FileId, Location, Part, Remedy, code};
use crate::pointer::Pointer;

/// The value of a file, and its faults with their remedies.
pub(super) type Parsed = (Value, Vec<(Diagnostic, Remedy)>);

/// A file.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The name in diagnostics: the path as it was given, with `/` as separator.
    pub(super) name: String,
    /// The path that it was read from; `None` for standard input and for texts.
    pub(super) path: Option<PathBuf>,
    /// True if diagnostics must not quote its lines: a document refers to it, and it may be a
    /// private file.
    pub(super) is_hidden: bool,
    pub(super) text: String,
    /// The location and value of the first byte that is not UTF-8.
    pub(super) not_utf8: Option<(Range<usize>, u8)>,
    /// The range of the document in the text, without a byte order mark and the page around it.
    pub(super) body: Range<usize>,
    pub(super) format: Format,
    pub(super) tree: OnceLock<Tree>,
    pub(super) lines: OnceLock<Vec<usize>>,
    /// The number of values that were read.
    pub(super) values: usize,
    /// The number of characters before each block of the text.
    pub(super) characters: OnceLock<Vec<usize>>,
}

impl SourceFile {
    pub(super) fn new(name: String, path: Option<PathBuf>, bytes: Vec<u8>) -> Self {
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

    pub(super) fn parse(
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
            _ => !is_bracketed && markdown_page::is_page(text),
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
    pub(super) fn enter_page(&mut self, file: FileId) -> Result<(), Vec<Diagnostic>> {
        let blocks = markdown_page::blocks(&self.text);
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

    pub(super) fn read(
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
        let mut found = self.duplicate_keys(file, &repeats);
        found.extend(self.yaml_features(file, reader));
        Ok((value, found))
    }

    fn no_document(&self, file: FileId) -> Diagnostic {
        let start = self.body.start;
        let message = format!("`{}` contains no document", self.name);
        error(file, code::EMPTY_DOCUMENT, start..start, message)
            .help("an OpenAPI document begins with a line like `openapi: 3.1.0`")
    }

    pub(super) fn syntax_error(&self, file: FileId, fault: SyntaxError) -> Diagnostic {
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
    pub(super) fn place(&self, span: &Range<usize>) -> Range<usize> {
        let body = self.text.get(self.body.clone()).unwrap_or_default();
        let end = body.trim_end().len();
        let (start, end) = if span.start < end {
            (span.start, span.end.min(body.len()).max(span.start))
        } else {
            (end, end)
        };
        self.body.start + start..self.body.start + end
    }

    pub(super) fn tree(&self) -> &Tree {
        self.tree.get_or_init(|| self.new_tree())
    }

    pub(super) fn new_tree(&self) -> Tree {
        match self.format {
            Format::Yaml => Tree::yaml(&self.text, self.body.clone()),
            Format::Json => Tree::json(&self.text, self.body.clone()),
        }
    }

    /// Returns the byte range to mark for a node of this file.
    pub(super) fn find(&self, pointer: &Pointer, part: Part) -> Range<usize> {
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
}

pub(super) fn not_utf8(file: FileId, span: Range<usize>, byte: u8, text: &str) -> Diagnostic {
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

pub(super) fn error(
    file: FileId,
    code: crate::diagnostic::Code,
    span: Range<usize>,
    message: impl Into<String>,
) -> Diagnostic {
    Diagnostic::error(code, Location::Span(file, span), message)
}

/// Formats a path for diagnostics, the same on all systems.
pub(super) fn display(path: &Path) -> String {
    let mut text = String::new();
    for component in path.components() {
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        match component {
            Component::RootDir => text.push('/'),
            other => text.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    text
}
