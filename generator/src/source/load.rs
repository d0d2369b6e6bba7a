//! Loads files from the disk and standard input, within limits.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use super::file::display;
use super::file_limits::{MAX_COPIED_TEXT, MAX_FILE_SIZE, MAX_SIZE_OF_ALL};
use super::sources::{STANDARD_INPUT, Sources};
use crate::diagnostic::{Code, Diagnostic, FileId, Location, code, nearest};

/// The reason why a file cannot be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    code: Code,
    message: String,
    help: String,
}

impl Unreadable {
    /// Converts it to an error at the location that refers to the file.
    pub(crate) fn at(self, location: Location) -> Diagnostic {
        Diagnostic::error(self.code, location, self.message).help(self.help)
    }
}

/// The maximum number of unreadable files for which the folder is searched for a similar name.
const MOST_SUGGESTIONS: usize = 50;

impl Sources {
    /// Loads the file that the user names; `-` is standard input.
    pub(super) fn load_root(&mut self, path: &Path) -> Result<FileId, Unreadable> {
        if path == Path::new(STANDARD_INPUT) {
            let name = "<stdin>";
            let bytes = read_limited(io::stdin().lock(), name)?;
            return Ok(self.add(name.to_owned(), None, bytes));
        }
        self.load(path, false)
    }

    /// Loads a file that a document refers to. Pipes and devices are rejected, because reading them
    /// may not end.
    ///
    /// The lines of a file that is not named like a document are hidden: it can be a secret, and
    /// the diagnostics of a foreign document can be public.
    pub(crate) fn load_regular(&mut self, path: &Path) -> Result<FileId, Unreadable> {
        if let Some(file) = self.loaded.get(path) {
            return Ok(*file);
        }
        let file = self
            .load(path, true)
            .inspect_err(|_| self.unreadable += 1)?;
        self.loaded.insert(path.to_owned(), file);
        if let Some(source) = self.files.get_mut(file.0) {
            source.is_hidden = !is_named_like_a_document(path);
        }
        Ok(file)
    }

    /// Returns the text of a file to copy into the document. The total length of copies is limited.
    pub(crate) fn text_to_copy(&mut self, path: &Path) -> Option<String> {
        let file = self.load_regular(path).ok()?;
        let text = self.valid_text(file)?;
        let copied = self.copied + text.len();
        if copied > MAX_COPIED_TEXT {
            return None;
        }
        let text = text.to_owned();
        self.copied = copied;
        Some(text)
    }

    fn load(&mut self, path: &Path, only_regular: bool) -> Result<FileId, Unreadable> {
        let name = display(path);
        let suggests = self.unreadable < MOST_SUGGESTIONS;
        let read = |error| unreadable(path, &name, &error, suggests);
        let check = |metadata: Metadata| {
            if metadata.is_dir() {
                return Err(folder(path, &name));
            }
            if only_regular && !metadata.is_file() {
                return Err(Unreadable {
                    code: code::NOT_A_FILE,
                    message: format!("`{name}` is not a regular file"),
                    help: "save its contents in a regular file".to_owned(),
                });
            }
            if metadata.len() > MAX_FILE_SIZE {
                return Err(too_large(&name));
            }
            Ok(())
        };
        // Checked before opening, because opening a pipe waits for its other end.
        check(fs::metadata(path).map_err(read)?)?;
        let file = open(path, only_regular).map_err(read)?;
        // Checked again, because another file may have replaced it.
        check(file.metadata().map_err(read)?)?;
        let bytes = read_limited(file, &name)?;
        let together = self.size + bytes.len() as u64;
        if together > MAX_SIZE_OF_ALL {
            return Err(Unreadable {
                code: code::FILE_TOO_LARGE,
                message: format!(
                    "with `{name}`, the files of the document have {} MiB; the limit is {} MiB",
                    together.div_ceil(1 << 20),
                    MAX_SIZE_OF_ALL >> 20
                ),
                help: "remove parts that the document does not need".to_owned(),
            });
        }
        self.size = together;
        Ok(self.add(name, Some(path.to_owned()), bytes))
    }
}

/// Opens a file. A file that a document refers to is opened without blocking: some system files
/// claim to be regular but block until an event.
fn open(path: &Path, only_regular: bool) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(all(
        target_os = "linux",
        any(target_arch = "x86_64", target_arch = "aarch64")
    ))]
    if only_regular {
        use std::os::unix::fs::OpenOptionsExt as _;
        const O_NONBLOCK: i32 = 0o4000;
        options.custom_flags(O_NONBLOCK);
    }
    let _ = only_regular;
    options.open(path)
}

fn is_named_like_a_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let known = ["yaml", "yml", "json", "md", "markdown", "mdx"];
    extension.is_some_and(|own| known.iter().any(|other| own.eq_ignore_ascii_case(other)))
}

fn read_limited(reader: impl Read, name: &str) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    let read = reader.take(MAX_FILE_SIZE + 1).read_to_end(&mut bytes);
    match read {
        Err(error) => Err(unreadable(Path::new(name), name, &error, false)),
        Ok(length) if length as u64 > MAX_FILE_SIZE => Err(too_large(name)),
        Ok(_) => Ok(bytes),
    }
}

fn unreadable(path: &Path, name: &str, error: &io::Error, suggests: bool) -> Unreadable {
    let (code, reason) = match error.kind() {
        io::ErrorKind::NotFound => (code::NO_SUCH_FILE, "there is no such file".to_owned()),
        io::ErrorKind::NotADirectory => (
            code::NO_SUCH_FILE,
            "a part of the path is a file, not a folder".to_owned(),
        ),
        io::ErrorKind::PermissionDenied => {
            (code::UNREADABLE_FILE, "permission is denied".to_owned())
        }
        kind => (code::UNREADABLE_FILE, kind.to_string()),
    };
    let other = suggests.then(|| neighbor(path)).flatten();
    let help = match other {
        Some(other) if code == code::NO_SUCH_FILE => format!("did you mean `{other}`?"),
        _ if code == code::NO_SUCH_FILE => "check the path".to_owned(),
        _ => "check that you have permission to read it".to_owned(),
    };
    Unreadable {
        code,
        message: format!("cannot read `{name}`: {reason}"),
        help,
    }
}

fn folder(path: &Path, name: &str) -> Unreadable {
    let mut documents = names(path);
    documents.retain(|name| {
        let extension = Path::new(name).extension();
        extension.is_some_and(|e| e == "yml" || e == "yaml" || e == "json")
    });
    let likely = documents.iter().find(|name| name.contains("openapi"));
    Unreadable {
        code: code::NOT_A_FILE,
        message: format!("`{name}` is a folder"),
        help: match likely.or(documents.first()) {
            Some(document) => format!(
                "name the document in it, such as `{}`",
                display(&path.join(document))
            ),
            None => "name the document in it".to_owned(),
        },
    }
}

fn too_large(name: &str) -> Unreadable {
    Unreadable {
        code: code::FILE_TOO_LARGE,
        message: format!("`{name}` is larger than {} MiB", MAX_FILE_SIZE >> 20),
        help: "split the document into files that refer to one another with `$ref`".to_owned(),
    }
}

/// Returns the document in the same folder with the most similar name.
fn neighbor(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent()?;
    let here = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    let mut names = names(here);
    names.retain(|name| is_named_like_a_document(Path::new(name)));
    let found = nearest(name, names.iter().map(String::as_str))?;
    Some(display(&folder.join(found)))
}

/// Returns the sorted names in a folder, or none if it cannot be read.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}
