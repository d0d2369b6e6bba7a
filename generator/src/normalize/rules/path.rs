//! Path templates (OpenAPI 3.1, section 4.8.8.2): invalid characters and their likely intention.

/// Returns the index of the first of these characters outside of a parameter name.
pub(super) fn position_outside_braces(path: &str, signs: [char; 2]) -> Option<usize> {
    let mut in_name = false;
    path.char_indices().find_map(|(at, letter)| {
        in_name = letter == '{' || in_name && letter != '}';
        (!in_name && signs.contains(&letter)).then_some(at)
    })
}

/// Returns the first invalid percent-escape (RFC 3986, section 2.1).
pub(super) fn invalid_escape(path: &str) -> Option<&str> {
    path.match_indices('%').find_map(|(at, _)| {
        let rest = path.get(at..)?;
        let end = rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at);
        let escape = rest.get(..end)?;
        let is_good = escape.len() == 3 && escape.bytes().skip(1).all(|b| b.is_ascii_hexdigit());
        (!is_good).then_some(escape)
    })
}

/// Returns the path as a client would resolve its `.` and `..` (RFC 3986, section 5.2.4).
pub(super) fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => _ = kept.pop(),
            other => kept.push(other),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Returns the path with `:name` and `${name}`, as web frameworks and template strings write them,
/// replaced by `{name}`. Returns `None` if the path has none of the names.
pub(super) fn with_braces<'n>(path: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let names: Vec<&str> = names.collect();
    let segments = path
        .split('/')
        .map(|segment| match segment.strip_prefix(':') {
            Some(name) if names.contains(&name) => format!("{{{name}}}"),
            _ => segment.replace("${", "{"),
        });
    let meant = segments.collect::<Vec<_>>().join("/");
    (meant != path).then_some(meant)
}

/// Suggests a replacement for an expression of RFC 6570 or of a web framework, which OpenAPI does
/// not have.
pub(super) fn suggest_replacement(name: &str) -> Option<String> {
    if let Some(names) = name.strip_prefix(['?', '&']) {
        return Some(format!(
            "leave `{{{name}}}` out of the path, and declare `{}` with `in: query`",
            names.replace(',', "` and `")
        ));
    }
    let (plain, rest) = match name.split_once(':') {
        Some((plain, _)) => (plain, " with the pattern in its schema"),
        None => (name.trim_start_matches(['+', '#', '.', '/', ';']), ""),
    };
    let plain = plain.trim_end_matches(['*', '?']);
    (plain != name && !plain.is_empty())
        .then(|| format!("write `{{{plain}}}` in the path, and declare `{plain}`{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_names_with_braces() {
        let names = ["id", "key"];
        for (path, expected) in [
            ("/a/:id/b/:key", Some("/a/{id}/b/{key}")),
            ("/a/:other/:id", Some("/a/:other/{id}")),
            ("/a:id/{key}", None),
            ("/a/${id}/$b", Some("/a/{id}/$b")),
        ] {
            let found = with_braces(path, names.into_iter());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn resolves_dots() {
        for (path, expected) in [
            ("/a/../b", "/b"),
            ("/a/.", "/a"),
            ("/../..", "/"),
            ("/./a/b/..", "/a"),
        ] {
            assert_eq!(without_dots(path), expected, "{path}");
        }
    }

    #[test]
    fn finds_invalid_escapes() {
        for (path, expected) in [
            ("/a%20b", None),
            ("/100%", Some("%")),
            ("/%zz/%20", Some("%zz")),
            ("/%é", Some("%é")),
        ] {
            assert_eq!(invalid_escape(path), expected, "{path}");
        }
    }

    #[test]
    fn finds_queries_outside_of_names() {
        for (path, expected) in [("/a?b", Some(2)), ("/{?a}", None), ("/{?a}#b", Some(5))] {
            assert_eq!(
                position_outside_braces(path, ['?', '#']),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn knows_expressions_of_others() {
        for (name, expected) in [
            (
                "?limit",
                Some("leave `{?limit}` out of the path, and declare `limit` with `in: query`"),
            ),
            ("id*", Some("write `{id}` in the path, and declare `id`")),
            (
                "id:[0-9]+",
                Some("write `{id}` in the path, and declare `id` with the pattern in its schema"),
            ),
            ("id", None),
            ("*", None),
        ] {
            assert_eq!(suggest_replacement(name).as_deref(), expected, "{name}");
        }
    }
}
