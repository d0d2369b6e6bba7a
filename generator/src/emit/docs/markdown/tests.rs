use pulldown_cmark::CodeBlockKind;

use super::*;

fn markdown(text: &str) -> String {
    let lines = safe(text);
    assert!(lines.iter().all(|line| !line.contains('\n')), "{lines:?}");
    lines.join("\n")
}

#[test]
fn text_keeps_its_shape() {
    for text in [
        "A text.\n\nAnother.",
        "- a\n- b\n  - c\n  - d\n- e",
        "- a\n\n  b\n\n- c",
        "1. a\n2. b",
        "7. a\n8. b",
        "> a\n> b\n>\n> - c",
        "# A\n\ntext\n\n## B",
        "| a | b |\n| --- | --: |\n| `x\\|y` | 1 |",
        "**a** *b* ~~c~~ `d` [e](https://a.example)",
        "a\\\nb",
        "- [ ] a\n- [x] b",
        "a\n\n---\n\nb",
        "- a\n- b\n\n* c",
        "<https://a.example> and <a@b.example>",
    ] {
        assert_eq!(markdown(text), text);
    }
}

#[test]
fn code_blocks_are_shown_and_never_run() {
    for (text, shown) in [
        ("```\nlet x;\n```", "```text\nlet x;\n```"),
        ("```rust\nlet x;\n```", "```text\nlet x;\n```"),
        ("~~~json\n{}\n~~~", "```json\n{}\n```"),
        (
            "a\n\n    std::process::exit(1)",
            "a\n\n```text\nstd::process::exit(1)\n```",
        ),
        ("- a\n\n      b", "- a\n\n  ```text\n  b\n  ```"),
        ("````\n```\nx\n````", "````text\n```\nx\n````"),
        ("```\nunclosed", "```text\nunclosed\n```"),
    ] {
        assert_eq!(markdown(text), shown);
    }
}

#[test]
fn text_that_rustdoc_would_warn_about_is_rewritten() {
    for (text, shown) in [
        ("see [Widget] and a[0]", "see \\[Widget\\] and a\\[0\\]"),
        ("[here](/docs/x)", "here (`/docs/x`)"),
        ("[here](#there)", "here"),
        ("see https://a.example/b_c.", "see <https://a.example/b_c>."),
        ("GET https://{host}/b", "GET `https://{host}/b`"),
        ("a <br> b <Foo>", "a\\\nb \\<Foo>"),
        (
            "![logo](https://a.example/x.png)",
            "[logo](https://a.example/x.png)",
        ),
        ("a\r\nb\tc", "a\nb    c"),
    ] {
        assert_eq!(markdown(text), shown);
    }
}

/// Pieces of text that mean something in Markdown or in HTML.
const PIECES: &[&str] = &[
    "a",
    " ",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "1. ",
    "3) ",
    "> ",
    "# ",
    "```",
    "~~~",
    "`",
    "*",
    "**",
    "_",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "<b>",
    "</b>",
    "<br>",
    "<script>",
    "<ul><li>",
    "https://a.example/x",
    "|",
    "\n|---|\n",
    "---",
    "===",
    "\\",
    "&lt;",
    "&#10;",
    "&#96;&#96;&#96;",
    "&#x202e;",
    "&",
    "!",
    "[x]: y",
    "\t",
    "\r",
    "\0",
    "\u{202e}",
    "é",
    "rust",
    "~~",
    "<!--",
    "-->",
    "<a href='http://x'>",
    "</a>",
    "<p>",
    "[^1]",
    ":",
    "+ ",
    "x@y.example",
    "$",
];

#[test]
fn whatever_the_text_the_result_is_harmless() {
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        // A linear congruential generator (Knuth, MMIX).
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or_default() % below
    };
    for _ in 0..20_000 {
        let length = 1 + random(14);
        let text: String = (0..length).map(|_| PIECES[random(PIECES.len())]).collect();
        assert_harmless(&text, &markdown(&text));
    }
}

/// Parses the result like rustdoc.
fn assert_harmless(text: &str, shown: &str) {
    let mut options = options();
    options.insert(Options::ENABLE_FOOTNOTES | Options::ENABLE_SMART_PUNCTUATION);
    let broken = std::cell::RefCell::new(Vec::new());
    let callback = |link: pulldown_cmark::BrokenLink<'_>| {
        broken.borrow_mut().push(link.reference.to_string());
        None
    };
    let (mut in_link, mut in_code) = (0, false);
    let parser = Parser::new_with_broken_link_callback(shown, options, Some(callback));
    for event in TextMergeStream::new(parser) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => panic!("HTML: {text:?} -> {shown:?}"),
            Event::Start(Tag::CodeBlock(kind)) => {
                let harmless = matches!(&kind, CodeBlockKind::Fenced(info) if !info.is_empty() && &**info != "rust");
                assert!(harmless, "code: {text:?} -> {shown:?}");
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Link { dest_url, .. }) => {
                in_link += 1;
                let absolute = dest_url.contains("://") || dest_url.contains('@');
                assert!(absolute, "link: {text:?} -> {shown:?}");
            }
            Event::End(TagEnd::Link) => in_link -= 1,
            Event::Text(found) if in_link == 0 && !in_code => {
                assert!(!found.contains("https://a"), "URL: {text:?} -> {shown:?}");
            }
            _ => {}
        }
    }
    assert!(
        broken.borrow().is_empty(),
        "reference: {text:?} -> {shown:?}"
    );
    let dangerous = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
    assert!(!shown.contains(dangerous), "{text:?} -> {shown:?}");
}
