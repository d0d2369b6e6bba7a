//! Rust code as text: expressions for values, and statements formatted like rustfmt.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::emit::proof::text::is_hidden;
use crate::ir::{Type, TypePath, Value};

/// The maximum width of a line, and of the arguments or method calls on one line.
const WIDTH: usize = 100;
pub(super) const SHORT: usize = 60;

/// Returns a string literal: a raw one if it contains quotation marks.
pub(super) fn literal(text: &str) -> String {
    if text.chars().any(|c| is_hidden(c) && c != '\n') {
        return format!("\"{}\"", text.escape_default());
    }
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// Returns `let name = value;`, on two lines if that avoids a long line.
pub(super) fn binding(name: &str, value: &str) -> String {
    let first = value.lines().next().unwrap_or_default();
    // A semicolon follows.
    let width = first.chars().count() + 1;
    let one = "    let  = ".len() + name.len() + width;
    if one > WIDTH && width + 8 <= WIDTH {
        format!("    let {name} =\n        {value};\n")
    } else {
        format!("    let {name} = {value};\n")
    }
}

/// Returns a call as a statement, on one line if it is short.
pub(super) fn call(before: &str, function: &str, arguments: &[String], after: &str) -> String {
    let joined = arguments.join(", ");
    if joined.chars().count() <= SHORT {
        let call = format!("{function}({joined}){after}");
        let broken = function.replacen('.', "\n        .", 1);
        let forms = [
            format!("    {before}{call}"),
            format!("    {}\n        {call}", before.trim_end()),
            format!("    {before}{broken}({joined}){after}"),
        ];
        let fits = |form: &String| form.lines().all(|line| line.chars().count() <= WIDTH);
        if let Some(form) = forms.into_iter().find(fits) {
            return form + "\n";
        }
    }
    let mut out = format!("    {before}{function}(\n");
    for argument in arguments {
        let _ = writeln!(out, "        {argument},");
    }
    let _ = writeln!(out, "    ){after}");
    out
}

/// Returns the assertion that an answer is read as a case: a pattern with an optional condition.
pub(super) fn reads(case: &str, check: Option<&str>) -> String {
    let check = check.map(|check| format!("if {check}"));
    let tail = check.iter().map(|check| format!(" {check}"));
    let line = format!(
        "    server::reads!(got, {case}{});\n",
        tail.collect::<String>()
    );
    if line.chars().count() <= WIDTH + 1 {
        return line;
    }
    let tail = check.iter().map(|check| format!("\n            {check}"));
    let tail: String = tail.collect();
    format!("    server::reads!(\n        got,\n        {case}{tail}\n    );\n")
}

/// Returns a short expression for a value, or `None` if the value must be given as JSON.
///
/// `is_into` is true for an `impl Into` argument. `modules` collects the modules that the
/// expression uses.
pub(super) fn short(
    value: &Value,
    is_into: bool,
    modules: &mut BTreeSet<&'static str>,
) -> Option<String> {
    expression(value, is_into)
        .filter(|text| text.chars().count() < SHORT)
        .inspect(|text| {
            if text.contains("types::") {
                modules.insert("types");
            }
        })
}

fn expression(value: &Value, is_into: bool) -> Option<String> {
    Some(match value {
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        // More digits could be those of pi, for which clippy suggests a constant.
        Value::Float(value) if value.abs() < 1e9 && (value * 10.0).fract() == 0.0 => {
            format!("{value:?}")
        }
        Value::String(text) | Value::Secret(text) | Value::File(text) if is_into => literal(text),
        Value::String(text) => format!("{}.to_owned()", literal(text)),
        Value::Uuid(text) | Value::DateTime(text) => parsed(text),
        Value::Uri(text) if is_plain_uri(text) => parsed(text),
        Value::Date(year, month, day) => parsed(&format!("{year:04}-{month:02}-{day:02}")),
        Value::Variant(path, name) => format!("{}::{}", type_path(path), name.as_str()),
        Value::Vec(items) if !items.is_empty() => {
            let items = items.iter().map(|item| expression(item, false));
            format!("vec![{}]", items.collect::<Option<Vec<_>>>()?.join(", "))
        }
        _ => return None,
    })
}

fn parsed(text: &str) -> String {
    format!("{}.parse().unwrap()", literal(text))
}

/// Returns `true` if a text is certainly a URI (RFC 3986, section 3).
fn is_plain_uri(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c);
    text.starts_with("http") && text.contains("://") && text.chars().all(is_plain)
}

fn type_path(TypePath { modules, name }: &TypePath) -> String {
    let mut text = "types::".to_owned();
    for module in modules {
        let _ = write!(text, "{}::", module.as_str());
    }
    text.push_str(name.as_str());
    text
}

/// Returns the type to read JSON as, for an argument that is `impl Into` of its type.
pub(super) fn read_as(ty: &Type, modules: &mut BTreeSet<&'static str>) -> String {
    match ty {
        Type::Box(ty) => read_as(ty, modules),
        Type::Named(path) => {
            modules.insert("types");
            type_path(path)
        }
        Type::String => "String".to_owned(),
        Type::Secret => of_runtime("Secret", modules),
        Type::Bytes => of_runtime("File", modules),
        Type::Json => of_runtime("Json", modules),
        _ => "_".to_owned(),
    }
}

fn of_runtime(name: &str, modules: &mut BTreeSet<&'static str>) -> String {
    modules.insert("runtime");
    format!("runtime::{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A test file of a tag has no other names than those that it imports.
    #[test]
    fn a_type_of_the_runtime_is_imported() {
        for (ty, written) in [
            (Type::Secret, "runtime::Secret"),
            (Type::Bytes, "runtime::File"),
            (Type::Json, "runtime::Json"),
        ] {
            let mut modules = BTreeSet::new();
            assert_eq!(read_as(&ty, &mut modules), written);
            assert!(modules.contains("runtime"), "{written}");
        }
    }
}
