//! Reports values of a file that are not allowed in a document, with the value that is read
//! instead.

use std::collections::HashMap;
use std::ops::Range;

use super::file::{SourceFile, error};
use super::value::{Fault, Reader, Repeat};
use crate::diagnostic::{Diagnostic, FileId, Location, Part, Remedy, Scope, code};
use crate::pointer::Pointer;

impl SourceFile {
    pub(super) fn no_document(&self, file: FileId) -> Diagnostic {
        let start = self.body.start;
        let message = format!("`{}` contains no document", self.name);
        error(file, code::EMPTY_DOCUMENT, start..start, message)
            .help("an OpenAPI document begins with a line like `openapi: 3.1.0`")
    }

    /// Reports values of a file that are not allowed in a document, with the value that is read
    /// instead.
    pub(super) fn check(
        &self,
        file: FileId,
        reader: Reader,
        repeats: &[(Pointer, Repeat)],
    ) -> Vec<(Diagnostic, Remedy)> {
        let mut found = self.repeated_keys(file, repeats);
        for (at, fault) in reader.into_faults() {
            let name = at.last().unwrap_or_default();
            let effect = match &fault {
                Fault::Tag(_) => format!("the value of `{name}` is read without its tag"),
                Fault::NotFinite(_) => format!("the value of `{name}` is read as `null`"),
                Fault::Merge => "this `<<` is ignored".to_owned(),
            };
            let remedy = Remedy::without_edits(Scope::Keyword, effect);
            let span = self.find(&at, Part::Value);
            found.push((fault.diagnostic(file, span), remedy));
        }
        found
    }

    fn repeated_keys(
        &self,
        file: FileId,
        repeats: &[(Pointer, Repeat)],
    ) -> Vec<(Diagnostic, Remedy)> {
        if repeats.is_empty() {
            return Vec::new();
        }
        let places = repeats
            .iter()
            .map(|(at, repeat)| (self.find(at, Part::Key).start, *repeat));
        let places: HashMap<usize, Repeat> = places.collect();
        let told = |(first, second, key): (Range<usize>, Range<usize>, String)| {
            let repeat = places.get(&second.start).copied();
            let effect = match repeat.unwrap_or(Repeat::Last) {
                Repeat::Same => format!("both values of `{key}` are the same"),
                Repeat::Last => format!("the last value of `{key}` is used"),
                Repeat::Merged if key == "<<" => "both are merged".to_owned(),
                Repeat::Merged => format!("the operations of both `{key}` are used"),
            };
            let message = format!("the key `{key}` is defined twice in one object");
            let help = if key == "<<" {
                "merge several mappings with a list: `<<: [*one, *other]`"
            } else {
                "remove one of the two, or give it another name"
            };
            let error = error(file, code::DUPLICATE_KEY, second, message)
                .label("defined again here")
                .related(Location::Span(file, first), "first declared here")
                .help(help);
            (error, Remedy::without_edits(Scope::Keyword, effect))
        };
        let found = self.tree().duplicate_keys().into_iter();
        found.map(told).collect()
    }
}

impl Fault {
    fn diagnostic(self, file: FileId, span: Range<usize>) -> Diagnostic {
        match self {
            Self::Tag(tag) => {
                let tag = tag.trim_start_matches('!');
                let message =
                    format!("the YAML tag `!{tag}` has no meaning in an OpenAPI document");
                error(file, code::YAML_TAG, span, message)
                    .label("tagged value")
                    .help("remove the tag; refer to other files with `$ref`")
            }
            Self::NotFinite(value) => {
                let message = if value.is_nan() {
                    "NaN is not a JSON number"
                } else {
                    "infinity is not a JSON number"
                };
                error(file, code::NUMBER_NOT_FINITE, span, message)
                    .help("write a number, or put the text in quotes")
            }
            Self::Merge => error(file, code::MERGE_KEY, span, "`<<` can merge mappings only")
                .help("write an alias of a mapping, such as `<<: *name`, or a list of them"),
        }
    }
}
