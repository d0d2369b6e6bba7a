//! Regular expressions (JSON Schema 2020-12, Core, section 6.4: ECMA-262).

use std::collections::HashSet;

use regress::{Flags, Regex};
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Edit, Remedy, Scope, code};
use crate::normalize::reporter::Reporter;
use crate::pointer::Trail;
use crate::repair::schema_name;

/// The longest expression to parse, in bytes: the time can be quadratic in the length.
const LONGEST: usize = 2_000;

/// Limits on the alternatives and the group depth of a parsed expression: the parser recurses to
/// the sum of both.
const MOST_ALTERNATIVES: usize = 500;
const DEEPEST_GROUP: usize = 100;

/// Reports a `pattern` or a key of `patternProperties` that is not a regular expression, before the
/// schemas below them are visited.
pub(crate) fn check_patterns(
    reporter: &mut Reporter<'_>,
    map: &Map<String, Value>,
    place: &Trail<'_>,
) {
    if let Some(Value::String(pattern)) = map.get("pattern")
        && let Some(fault) = fault(pattern)
    {
        let at = place.key("pattern").pointer();
        let message = "`pattern` is not a regular expression";
        let error = Diagnostic::error(code::INVALID_PATTERN, at, message);
        reporter.push(error.label(fault).help(help(pattern)));
    }
    if let Some(Value::Object(patterns)) = map.get("patternProperties") {
        check_property_patterns(reporter, patterns, place);
    }
}

/// Reports the first key that is not a regular expression. Since the intended names are unknown,
/// each such key is read as a pattern for any name.
fn check_property_patterns(
    reporter: &mut Reporter<'_>,
    patterns: &Map<String, Value>,
    schema: &Trail<'_>,
) {
    let faults: Vec<(&String, String)> = patterns
        .keys()
        .filter_map(|key| Some((key, fault(key)?)))
        .collect();
    let Some((first, fault)) = faults.first() else {
        return;
    };
    let at = schema.key("patternProperties");
    let message = "a key of `patternProperties` is not a regular expression";
    let of = schema_name(&schema.pointer());
    let effect = match faults.len() - 1 {
        0 => format!("`{first}` of {of} is read as a pattern that matches any name"),
        1 => {
            format!("`{first}` of {of}, and another key, are read as patterns that match any name")
        }
        more => {
            format!(
                "`{first}` of {of}, and {more} more keys, are read as patterns that match any name"
            )
        }
    };
    let keys: HashSet<&str> = faults.iter().map(|(key, _)| key.as_str()).collect();
    let meant = Value::Object(with_any_name(patterns, &keys));
    let edit = Edit::Set(at.pointer(), meant);
    let error = Diagnostic::error(
        code::INVALID_PATTERN,
        at.key(first).pointer().key(),
        message,
    );
    let error = error.label(fault.clone()).help(help(first));
    reporter.push(error.remedy(Remedy::new(Scope::Keyword, edit, effect)));
}

/// Returns `patternProperties` with distinct patterns for any name instead of these keys.
fn with_any_name(patterns: &Map<String, Value>, keys: &HashSet<&str>) -> Map<String, Value> {
    let others = (1_usize..).map(|count| format!("(.*){{{count}}}"));
    let names = std::iter::once(".*".to_owned()).chain(others);
    let mut names = names.filter(|name| !patterns.contains_key(name));
    let members = patterns.iter().map(|(key, value)| {
        let name = if keys.contains(key.as_str()) {
            names.next()
        } else {
            None
        };
        (name.unwrap_or_else(|| key.clone()), value.clone())
    });
    members.collect()
}

/// Returns the reason why a text is not a regular expression of ECMA-262, with or without the flag
/// `u`.
///
/// JSON Schema requires the flag, but many expressions are written without it in mind. Returns
/// `None` for an expression that is too large to parse.
fn fault(pattern: &str) -> Option<String> {
    if !is_parsed(pattern) {
        return None;
    }
    let parse = |unicode: bool| {
        let flags = Flags {
            unicode,
            no_opt: true,
            ..Flags::default()
        };
        Regex::with_flags(pattern, flags)
    };
    let error = parse(false).err()?;
    parse(true).err()?;
    let text = error.text.trim_end_matches('.');
    let mut characters = text.chars();
    let first = characters.next()?.to_lowercase();
    Some(first.chain(characters).collect())
}

/// Returns `true` if an expression is small enough to parse.
fn is_parsed(pattern: &str) -> bool {
    let (mut depth, mut deepest, mut alternatives) = (0_usize, 0_usize, 1_usize);
    let mut is_in_class = false;
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' => _ = signs.next(),
            '[' => is_in_class = true,
            ']' => is_in_class = false,
            '(' if !is_in_class => depth += 1,
            ')' if !is_in_class => depth = depth.saturating_sub(1),
            '|' => alternatives += 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    pattern.len() <= LONGEST && deepest <= DEEPEST_GROUP && alternatives <= MOST_ALTERNATIVES
}

fn help(pattern: &str) -> &'static str {
    if pattern.contains("(?P<") {
        "write a named group as `(?<name>..)`"
    } else if pattern.starts_with("(?") && pattern.contains("i)") {
        "inline flags such as `(?i)` are not part of ECMA-262: write both letters, as in `[Aa]`"
    } else {
        "write an ECMA-262 (JavaScript) regular expression"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_ecma_262_has_with_the_flag_u_or_without_it() {
        for pattern in [
            "",
            r"^\d{3}-\w+$",
            r"^(?<!a)b(?=c)(?!d)",
            r"^\/v1\/[\w-]+$",
            r"[\w-.]",
            r"[\d-x]",
            r"\_\-\:\@",
            r"^[\p{L}\p{N} _-]+$",
            r"\p{Script=Greek}",
            r"\u{1F600}",
            r"(?<year>\d{4})-\k<year>",
            r"^(?i:abc)$",
            "[\u{1F600}-\u{1F64F}]",
            r"^[^\s\p{C}]+$",
            r"\Aabc\z",
            "[[:alpha:]]",
            "a{,3}",
            "]{}",
        ] {
            assert_eq!(fault(pattern), None, "{pattern}");
        }
        let nested = r"([)]\)".repeat(280) + &")".repeat(280);
        assert_eq!(fault(&nested), None);
    }

    #[test]
    fn says_what_is_wrong_with_others() {
        for (pattern, says) in [
            ("[a-z", "unbalanced bracket"),
            ("(a", "unbalanced parenthesis"),
            ("a)", "unbalanced parenthesis"),
            ("*.json", "invalid atom character"),
            ("a{3,1}", "invalid quantifier"),
            ("(?i)abc", "invalid group modifier"),
            ("(?P<year>a)", "invalid group modifier"),
            ("a++", "invalid atom character"),
            ("\\", "incomplete escape"),
        ] {
            assert_eq!(fault(pattern).as_deref(), Some(says), "{pattern}");
        }
    }

    #[test]
    fn a_huge_expression_takes_neither_a_deep_stack_nor_a_long_time() {
        let nested = |open: &str, times: usize| open.repeat(times) + &")".repeat(times);
        for pattern in [
            "(".repeat(1 << 20),
            "[".repeat(1 << 20),
            "a|".repeat(1 << 20),
            "a|".repeat(MOST_ALTERNATIVES - 1),
            "a?".repeat(1 << 20),
            nested("(", 1 << 20),
            nested("(a|", DEEPEST_GROUP),
            nested("(?=", DEEPEST_GROUP),
            nested("(a|", 1 << 20),
            nested("([)]", DEEPEST_GROUP + 1),
            nested(r"(\)", DEEPEST_GROUP + 1),
            r"[^\p{L}\w]".repeat(LONGEST / 10),
            "(?<a>x)|".repeat(LONGEST / 8),
        ] {
            let _ = fault(&pattern);
        }
    }
}
