//! Reports keys that occur twice in one object. `value_reader.rs` decides which value is read.

use std::collections::HashMap;
use std::ops::Range;

use super::file::{SourceFile, error};
use super::value_reader::Repeat;
use crate::diagnostic::{Diagnostic, FileId, Location, Part, Remedy, Scope, code};
use crate::pointer::Pointer;

impl SourceFile {
    /// Reports the duplicate keys of a file, with the value that is read.
    pub(super) fn duplicate_keys(
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
