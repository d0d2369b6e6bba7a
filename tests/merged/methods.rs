//! Inherent methods of `Client` and `ClientBuilder` as methods of traits.

use std::fmt::Write as _;

/// Returns a source file in which each `impl Client` is a trait and its implementation. Adds the
/// paths of the traits, which are in a module or exported there.
pub fn split(text: &str, module: &str, traits: &mut Vec<String>, count: &mut usize) -> String {
    let mut changed = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let ty = line
            .strip_prefix("impl ")
            .and_then(|line| line.strip_suffix(" {"));
        let Some(ty @ ("Client" | "ClientBuilder")) = ty else {
            if line != "impl Client {}" {
                changed.push_str(line);
                changed.push('\n');
            }
            continue;
        };
        let name = format!("Methods{count}");
        *count += 1;
        let block = lines.by_ref().take_while(|line| *line != "}");
        changed.push_str(&as_trait(&name, ty, block));
        traits.push(format!("{module}::{name}"));
    }
    changed
}

/// Returns a trait with the items of an `impl` block, and its implementation.
fn as_trait<'a>(name: &str, ty: &str, block: impl Iterator<Item = &'a str>) -> String {
    let mut declared = format!("pub trait {name}: Sized {{\n");
    let mut implemented = format!("impl {name} for {ty} {{\n");
    // True while the lines are those of a signature, or of a constant's type.
    let mut is_head = true;
    for line in block {
        let is_outer = line.starts_with("    ") && !line.starts_with("     ");
        let item = line.trim_start();
        if is_outer && item.starts_with("pub ") {
            is_head = true;
        }
        if item.starts_with("///") || is_outer && item.starts_with("#[") {
            let _ = writeln!(declared, "{line}");
            continue;
        }
        let line = if is_outer {
            line.replacen("pub ", "", 1)
        } else {
            line.to_owned()
        };
        let _ = writeln!(implemented, "{line}");
        if is_head {
            let end = line.find(" = ").filter(|_| item.starts_with("pub const"));
            let end = end.or_else(|| line.strip_suffix(" {").map(str::len));
            match end {
                Some(end) => {
                    let _ = writeln!(declared, "{};", &line[..end]);
                    is_head = false;
                }
                None => _ = writeln!(declared, "{line}"),
            }
        }
    }
    format!("{declared}}}\n\n{implemented}}}\n")
}

/// Returns the module with the traits of a fixture.
pub fn module(traits: &[String]) -> String {
    let mut text = "\n/// The methods of the client.\npub mod methods {\n".to_owned();
    for path in traits {
        let _ = writeln!(text, "    pub use super::{path} as _;");
    }
    text + "}\n"
}
