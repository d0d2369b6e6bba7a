use super::*;
use crate::diagnostic::{Diagnostics, Edit, Policy, Remedy, Scope, code};
use crate::pointer::Pointer;
use crate::report::{Detail, render};

fn read(name: &str, text: &str) -> (Sources, Diagnostics) {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::with_policy(Policy {
        strict: true,
        ..Policy::default()
    });
    let _ = sources.read_text(name, text, &mut diagnostics);
    (sources, diagnostics)
}

fn shown_findings(name: &str, text: &str) -> String {
    let (sources, diagnostics) = read(name, text);
    render(diagnostics.list(), &sources, Detail::Grouped, false)
}

fn pointer(text: &str) -> Pointer {
    Pointer::parse(text).expect("a pointer")
}

#[test]
fn shows_both_places_in_their_lines() {
    let text = "info:\n  title: x\n  license:\n    name: y\n  title: z\n";
    assert_eq!(
        shown_findings("spec/a.yml", text),
        "\
error[duplicate-key]: the key `title` is defined twice in one object
 --> spec/a.yml:5:3
  |
2 |   title: x
  |   ----- first declared here
...
5 |   title: z
  |   ^^^^^ defined again here
  |
  = help: remove one of the two, or give it another name

"
    );
}

#[test]
fn shows_places_of_the_page_around_the_document() {
    let text = "# x\n\n- y\n\n  ```yaml\n  openapi: 3\n  a: !x 1\n  ```\n";
    assert_eq!(
        shown_findings("a.md", text),
        "\
error[yaml-tag]: the YAML tag `!x` has no meaning in an OpenAPI document
 --> a.md:7:6
  |
7 |   a: !x 1
  |      ^^^^ tagged value
  |
  = help: remove the tag; refer to other files with `$ref`

"
    );
}

#[test]
fn shows_only_the_file_without_text() {
    let finding = Diagnostic::error(
        code::NO_SUCH_FILE,
        Location::File("a\u{1b}[31m.yml".to_owned()),
        "cannot read it",
    );
    assert_eq!(
        render(
            &[finding.help("look")],
            &Sources::new(),
            Detail::Grouped,
            false
        ),
        "\
error[no-such-file]: cannot read it
--> a\\u{1b}[31m.yml
 |
 = help: look

"
    );
}

#[test]
fn cuts_long_lines_and_keeps_their_columns() {
    let filler = "\"x\": [1, 2, 3], ".repeat(200_000);
    let text = format!("{{\"first\": 1, {filler}\"last\": 2}}");
    let mut sources = Sources::new();
    let (_, _) = sources
        .read_text("a.yml", "{}", &mut Diagnostics::default())
        .expect("a document");
    let _ = sources.read_text("long.json", text.clone(), &mut Diagnostics::default());
    let file = FileId(1);
    let at = text.find("\"last\"").expect("the key");
    let finding = Diagnostic::error(code::TAB, Location::Span(file, at..at + 6), "m")
        .label("here")
        .related(Location::Span(file, 1..8), "there");
    let shown = render(&[finding], &sources, Detail::Grouped, false);
    let place = format!(" --> long.json:1:{}\n", at + 1);
    assert!(shown.contains(&place), "{shown}");
    assert!(shown.contains("\"last\": 2}\n"), "{shown}");
    assert!(shown.contains("::: long.json:1:2\n"), "{shown}");
    assert!(shown.contains("^^^^^^ here"), "{shown}");
    assert!(shown.contains("------- there"), "{shown}");
    assert!(shown.len() < 1000, "{}", shown.len());
}

#[test]
fn makes_hidden_characters_visible() {
    let (sources, _) = read("a.yml", "a: \"\u{202e}x\u{7}\u{200b}é\u{9b}\"\tb\n");
    let finding = Diagnostic::warning(
        code::TAB,
        Location::Span(FileId(0), 7..8),
        "x\u{1b}\n\u{202e}",
    )
    .label("\u{1b}[0m")
    .help("\u{85}\tx");
    let shown = render(&[finding], &sources, Detail::Grouped, false);
    assert!(
        shown
            .chars()
            .all(|c| c == '\n' || c == 'é' || (' '..='~').contains(&c)),
        "{shown:?}"
    );
    assert!(
        shown.contains("warning[tab]: x\\u{1b}\\n\\u{202e}\n --> a.yml:1:6\n"),
        "{shown}"
    );
    assert!(
        shown.contains("1 | a: \"\\u{202e}x\\u{7}\\u{200b}é\\u{9b}\"    b"),
        "{shown}"
    );
    assert!(shown.contains("^ \\u{1b}[0m"), "{shown}");
}

#[test]
fn puts_errors_first_and_counts_the_rest() {
    let text = "a: 1\nb: 2\n".repeat(20);
    let (sources, _) = read("a.yml", &text);
    let at = |line: usize| Location::Span(FileId(0), line * 5..line * 5 + 1);
    let mut list: Vec<_> = (0..20)
        .rev()
        .map(|line| Diagnostic::warning(code::TAB, at(line), "w"))
        .collect();
    list.extend(
        (0..10)
            .rev()
            .map(|line| Diagnostic::error(code::TAB, at(line), "e")),
    );
    let shown = render(&list, &sources, Detail::Grouped, false);
    let lines = shown
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--> a.yml:"));
    let lines: Vec<_> = lines
        .map(|place| place.split(':').next().unwrap_or(""))
        .collect();
    assert_eq!(
        lines,
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "1", "2"]
    );
    let end = ".. and 18 more like it (all: `--warnings all`)\n\n\
               20 warnings (all: `--warnings all`):\n  tab  20\n";
    assert!(shown.ends_with(end), "{shown}");
    let all = render(&list, &sources, Detail::All, false);
    assert_eq!(all.matches("--> a.yml:").count(), 30);
}

#[test]
fn faults_come_before_texts_and_examples_are_only_counted() {
    let (sources, _) = read("a.yml", "a: 1\nb: 2\nc: 3\nd: 4\n");
    let at = |line: usize| Location::Span(FileId(0), line * 5..line * 5 + 1);
    let remedy = |scope| Remedy::new(scope, Edit::Remove(Pointer::root()), "it is left out");
    let list = [
        Diagnostic::warning(code::INVALID_EXAMPLE, at(0), "example"),
        Diagnostic::error(code::WRONG_TYPE, at(1), "text").contained(remedy(Scope::Annotation)),
        Diagnostic::warning(code::COERCED, at(2), "warning"),
        Diagnostic::error(code::UNKNOWN_TYPE, at(3), "fault").contained(remedy(Scope::Schema)),
    ];
    let shown = render(&list, &sources, Detail::Grouped, false);
    let titles = shown.lines().filter(|line| line.starts_with("warning["));
    let titles: Vec<_> = titles.collect();
    assert_eq!(
        titles,
        [
            "warning[unknown-type]: fault",
            "warning[coerced]: warning",
            "warning[wrong-type]: text"
        ]
    );
    assert!(shown.contains("= note: it is left out"), "{shown}");
    assert!(shown.contains("  invalid-example  1\n"), "{shown}");
    let all = render(&list, &sources, Detail::All, false);
    assert!(all.contains("warning[invalid-example]: example"), "{all}");
}

#[test]
fn warnings_of_ten_codes_are_shown() {
    let (sources, _) = read("a.yml", "a: 1\n");
    let list: Vec<_> = code::ALL
        .iter()
        .filter(|code| **code != code::INVALID_EXAMPLE)
        .take(12)
        .map(|code| Diagnostic::warning(*code, Location::Span(FileId(0), 0..1), "w"))
        .collect();
    let shown = render(&list, &sources, Detail::Grouped, false);
    assert_eq!(shown.matches("warning[").count(), 10);
    assert!(
        shown.contains("12 warnings (all: `--warnings all`):\n"),
        "{shown}"
    );
}

#[test]
fn writes_one_json_object_per_line() {
    let (sources, _) = read("a.yml", "é: 1\nb:\n  \"ö\": [x]\n");
    let finding = Diagnostic::error(code::TAB, pointer("/b/ö/0"), "m")
        .label("l")
        .help("h")
        .related(pointer("/é").key(), "r");
    let line = to_json_line(&finding, &sources);
    assert!(!line.contains('\n'));
    let mut object: Value = serde_json::from_str(&line).expect("JSON");
    let rendered = object["rendered"].take();
    assert!(
        rendered
            .as_str()
            .is_some_and(|text| text.contains(" --> a.yml:3:9\n")),
        "{rendered}"
    );
    assert_eq!(
        object,
        json!({
            "code": "tab", "severity": "error", "message": "m", "label": "l", "help": "h",
            "scope": null, "effect": null, "affected": [], "affectedCount": 0, "overlay": [],
            "file": "a.yml", "line": 3, "column": 9, "endLine": 3, "endColumn": 10,
            "related": [{
                "label": "r",
                "file": "a.yml", "line": 1, "column": 1, "endLine": 1, "endColumn": 2,
            }],
            "rendered": null,
        })
    );
}

#[test]
fn uses_colors_only_on_request() {
    let (sources, diagnostics) = read("a.yml", "a: @\n");
    let plain = render(diagnostics.list(), &sources, Detail::Grouped, false);
    let coloured = render(diagnostics.list(), &sources, Detail::Grouped, true);
    assert!(!plain.contains('\u{1b}') && coloured.contains("\u{1b}["));
    assert!(coloured.contains("a.yml:1:4"), "{coloured}");
}
