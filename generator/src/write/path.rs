//! The paths of generated files.

use std::path::{Component, Path};

use crate::diagnostic::{Code, Diagnostic, Location};

/// The path of the list of generated files in the crate.
pub const LIST: &str = ".generated.toml";

/// The path of the manifest in the crate. It is edited, not replaced.
pub const MANIFEST: &str = "Cargo.toml";

/// Returns a path as text, if it stays in its folder and is valid on all systems.
pub(super) fn relative(path: &Path) -> Result<String, String> {
    let mut names = Vec::new();
    for component in path.components() {
        let name = match component {
            Component::Normal(name) => name.to_str().ok_or("its path is not Unicode")?,
            _ => return Err("its path leaves the folder".to_owned()),
        };
        let stem = name.split('.').next().unwrap_or(name);
        let reserved = RESERVED
            .iter()
            .any(|device| device.eq_ignore_ascii_case(stem));
        let illegal = |c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c);
        if reserved || name.len() > 255 || name.ends_with(['.', ' ']) || name.contains(illegal) {
            return Err(format!("not every system allows a file named {name:?}"));
        }
        names.push(name);
    }
    if names.is_empty() {
        return Err("its path is empty".to_owned());
    }
    Ok(names.join("/"))
}

/// The names of devices, which no file on Windows can have, with any extension.
const RESERVED: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Returns an error about a file that is not part of the document.
pub(super) fn fault(code: Code, path: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, Location::File(path.display().to_string()), message)
}
