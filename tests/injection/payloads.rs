//! Texts that try to escape from their context.

/// The texts with their titles.
///
/// Code that would run contains `panic!`; code that would be compiled names undefined items.
pub const PAYLOADS: &[(&str, &str)] = &[
    ("a quote", r#"a"; compile_error!("it ran"); ""#),
    ("an apostrophe", "'a' 'static '"),
    (
        "the end of a raw text",
        r##"a"# ; compile_error!("it ran"); r#""##,
    ),
    (
        "the end of a longer raw text",
        r###"a"##; compile_error!("it ran"); r##""###,
    ),
    (
        "a backslash",
        r#"a\"; compile_error!("it ran"); "\u{110000}\x"#,
    ),
    ("a backslash at the end", "a\\"),
    (
        "the end of a comment",
        "a */ compile_error!(\"it ran\"); /* b",
    ),
    ("the start of a comment", "/* a // b /// c //! d /** e"),
    ("a line", "a\ncompile_error!(\"it ran\");"),
    ("a line of Windows", "a\r\ncompile_error!(\"it ran\");"),
    ("a carriage return", "a\rcompile_error!(\"it ran\");"),
    (
        "lines of other kinds",
        "a\u{85}compile_error!(\"it ran\");\u{2028}compile_error!(\"it ran\");\u{2029}\u{b}\u{c}b",
    ),
    ("NUL", "a\0b"),
    ("control characters", "a\u{1b}[2J\u{7}\u{8}\u{7f}\u{9b}b\tc"),
    (
        "directions",
        "a\u{202e}\u{2066}b\u{2069}\u{202c}\u{200f}\u{61c}c",
    ),
    ("a byte order mark", "\u{feff}a\u{feff}"),
    (
        "an attribute",
        "#![doc = include_str!(\"/etc/passwd\")]\n#[no_such_attribute]",
    ),
    ("a fence", "```\npanic!(\"it ran\");\n```"),
    (
        "a fence of Rust",
        "a\n\n````rust,should_panic\nfn main() {}\n````\n\n~~~edition2021\npanic!(\"it ran\");\n~~~",
    ),
    ("a fence that stays open", "a\n```rust\npanic!(\"it ran\");"),
    ("an indented block", "    panic!(\"it ran\");"),
    (
        "an indented block below words",
        "a\n\n    panic!(\"it ran\");\n\n\tpanic!(\"it ran\");",
    ),
    (
        "blocks in lists and quotes",
        "- a\n\n      panic!(\"it ran\");\n\n> ```\n> panic!(\"it ran\");\n> ```\n\n1. a\n   ```\n   panic!(\"it ran\");\n   ```\n\n[^a]:\n    ```\n    panic!(\"it ran\");\n    ```",
    ),
    (
        "HTML",
        "<pre><code>panic!(\"it ran\");</code></pre>\n<!-- --><script>alert(1)</script>\n<details>\n\n```\npanic!(\"it ran\");\n```",
    ),
    (
        "links",
        "[a](javascript:alert(1)) [b][nowhere] [crate::nowhere] <javascript:a> ![c](file:///etc/passwd)\n\n[nowhere]: file:///etc/passwd",
    ),
    (
        "braces",
        "{} {0} {:?} {a} {{ }} {self:?} %s %n ${HOME} $(id) $crate",
    ),
    ("an open brace", "{ ( ["),
    ("a closed brace", "} ) ]"),
    ("the folder above", "../../../etc/passwd"),
    ("a folder above on Windows", "..\\..\\windows"),
    ("an absolute path", "/etc/passwd"),
    ("a drive", "C:\\windows\\system32"),
    ("a device", "CON"),
    ("a device with an extension", "nul.txt"),
    ("an alternative stream", "a.rs::$DATA"),
    ("dots", ".."),
    ("dots and spaces at the end", "a. . "),
    (
        "a table of TOML",
        "a\"\n[dependencies]\nevil = \"1\"\n[patch.crates-io]\n#",
    ),
    ("longer quotes of TOML", "a\"\"\" ''' ]]"),
    ("a member of JSON", "a\", \"b\": {\"c\": \"d"),
    ("an entity", "&quot;&#96;&#96;&#96;&lt;&#10;"),
    (
        "entities that are lines",
        "a&#10;&#10;    panic!(&quot;it ran&quot;);&#x0d;&NewLine;&Tab;panic!();&#10;*&sol; b",
    ),
    (
        "entities of a fence",
        "<b>a&#10;&#96;&#96;&#96;&#10;panic!()&#10;&#96;&#96;&#96;</b> [&#10;    b](https://example.com/&#10;    panic!())",
    ),
    (
        "entities of other characters",
        "&#27;[2J&#0;&#8238;&#x2066;&rlm;",
    ),
    (
        "entities of entities",
        "<a href=\"&#10;&amp;#10;    panic!()\">&amp;#10;    panic!()</a>",
    ),
    ("keywords", "crate"),
    ("a word that cannot be raw", "self"),
    ("a type of the prelude", "String"),
    ("a macro", "concat!(env!(\"HOME\"))"),
    ("no letter", "!?*"),
    (
        "letters of another script",
        "\u{43a}\u{43b}\u{44e}\u{447} \u{1f600}",
    ),
    (
        "letters that look alike",
        "\u{455}\u{435}lf \u{ff53}\u{ff45}\u{ff4c}\u{ff46}",
    ),
    ("a digit", "1"),
];
