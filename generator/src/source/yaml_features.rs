//! Reports parts of a YAML file that JSON cannot express: tags, infinity and merge keys.

use std::ops::Range;

use super::file::{SourceFile, error};
use super::value_reader::{Fault, Reader};
use crate::diagnostic::{Diagnostic, FileId, Part, Remedy, Scope, code};

impl SourceFile {
    /// Reports the parts that JSON cannot express, with the value that is read instead.
    pub(super) fn yaml_features(&self, file: FileId, reader: Reader) -> Vec<(Diagnostic, Remedy)> {
        let mut found = Vec::new();
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
