//! Finds the OpenAPI document in a Markdown page: a fenced code block (`CommonMark` 0.31, section
//! 4.5) of YAML or JSON.

use std::ops::Range;

use super::format::Format;

/// A fenced block that contains an OpenAPI document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its bytes in the page, without the fences.
    pub(super) body: Range<usize>,
    pub(super) format: Format,
}

/// Returns the blocks of a page that contain an OpenAPI document.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    scan(text).0
}

/// Returns whether a text of unknown format is a page, and not a document with a code block in a
/// description.
pub(super) fn is_page(text: &str) -> bool {
    let (blocks, has_version_outside) = scan(text);
    !blocks.is_empty() && !has_version_outside
}

/// Returns the blocks, and whether a line outside of all blocks is an `openapi` key.
fn scan(text: &str) -> (Vec<Block>, bool) {
    let mut blocks = Vec::new();
    let mut has_version_outside = false;
    let mut open: Option<(Fence, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match (&open, Fence::parse(line)) {
            (None, Some(fence)) => open = Some((fence, at)),
            (None, None) => has_version_outside |= is_version(line),
            (Some((opening, body)), Some(fence)) if fence.closes(opening) => {
                blocks.extend(block(text, opening, *body..start));
                open = None;
            }
            (Some(_), _) => {}
        }
    }
    // An unclosed block ends with the page (section 4.5).
    if let Some((opening, body)) = open {
        blocks.extend(block(text, &opening, body..text.len()));
    }
    (blocks, has_version_outside)
}

fn block(text: &str, fence: &Fence, body: Range<usize>) -> Option<Block> {
    let format = match fence.language.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Format::Yaml,
        "json" => Format::Json,
        _ => return None,
    };
    let content = text.get(body.clone())?;
    is_openapi(content).then_some(Block { body, format })
}

/// Returns whether the outermost mapping has a key `openapi` or `swagger`.
fn is_openapi(content: &str) -> bool {
    if content.trim_start().starts_with('{') {
        return content.contains("\"openapi\"") || content.contains("\"swagger\"");
    }
    let mut lines = content.lines().filter(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with('#') && line != "---"
    });
    let Some(first) = lines.next() else {
        return false;
    };
    let indent = first.len() - first.trim_start().len();
    std::iter::once(first)
        .chain(lines)
        .filter_map(|line| line.get(indent..))
        .any(is_version)
}

fn is_version(line: &str) -> bool {
    let line = line.trim_start_matches(['"', '\'']);
    ["openapi", "swagger"].iter().any(|key| {
        line.strip_prefix(key).is_some_and(|rest| {
            let rest = rest.trim_start_matches(['"', '\'']).trim_start();
            rest.starts_with(':')
        })
    })
}

#[derive(Debug)]
struct Fence<'a> {
    indent: usize,
    mark: char,
    length: usize,
    /// The first word of the info string.
    language: &'a str,
    has_info: bool,
}

impl<'a> Fence<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = line.trim_start_matches(mark);
        let length = line.len() - info.len();
        // Otherwise it is a code span.
        if length < 3 || (mark == '`' && info.contains('`')) {
            return None;
        }
        let info = info.trim();
        let language = info.split([' ', '\t', '{', ',']).next().unwrap_or_default();
        Some(Self {
            indent,
            mark,
            length,
            language,
            has_info: !info.is_empty(),
        })
    }

    fn closes(&self, opening: &Self) -> bool {
        self.indent <= opening.indent + 3
            && self.mark == opening.mark
            && self.length >= opening.length
            && !self.has_info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Pets\n\n```sh\ncurl x\n```\n\n````yaml https://example.com/a.yml post /a\nopenapi: 3.1.0\ninfo:\n  description: |\n    ```\n    code\n    ```\n````\n\n~~~json\n{\"a\": 1}\n~~~\n";

    #[test]
    fn finds_the_document_between_longer_fences() {
        let found = blocks(PAGE);
        assert_eq!(found.len(), 1);
        let body = &PAGE[found[0].body.clone()];
        assert!(body.starts_with("openapi: 3.1.0\n"), "{body}");
        assert!(body.ends_with("    ```\n"), "{body}");
        assert_eq!(found[0].format, Format::Yaml);
    }

    #[test]
    fn finds_json_tildes_indented_and_unclosed_blocks() {
        let found = blocks("~~~json title=\"x\"\n{\"openapi\": \"3.1.0\"}\n~~~\n");
        assert_eq!(found[0].format, Format::Json);
        let found = blocks("- item\n\n    ```yml\n    info: {}\n    \"openapi\": 3.1.0\n    ```\n");
        assert_eq!(found.len(), 1);
        assert_eq!(blocks("```yaml\nopenapi: 3.0.0").len(), 1);
    }

    #[test]
    fn skips_blocks_that_are_not_documents() {
        assert!(blocks("```yaml\na:\n  openapi: 1\n```\n").is_empty());
        assert!(blocks("```yaml\n# nothing\n```\n").is_empty());
        assert!(blocks("```rust\nopenapi: 1\n```\n").is_empty());
    }

    #[test]
    fn distinguishes_a_page_from_a_document_with_a_code_block() {
        assert!(is_page(PAGE));
        assert!(!is_page(
            "openapi: 3.1.0\ninfo:\n  description: |\n    ```yaml\n    openapi: 3.0.0\n    ```\n"
        ));
        assert!(!is_page(
            "info:\n  description: |\n    ```yaml\n    openapi: 3.0.0\n    ```\nopenapi: 3.1.0\n"
        ));
        assert!(!is_page("just text\n"));
    }
}
