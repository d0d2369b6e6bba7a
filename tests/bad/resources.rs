//! Documents designed to take time and memory. Each run ends within the limits, with a result or
//! with a diagnostic for the exceeded limit.

use std::fmt::Write as _;
use std::fs::File;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Place, Ran, cargo, write};

pub(super) const HEAD: &str = "\
openapi: 3.1.0
info: { title: Large, version: 1.0.0 }
paths: {}
";

/// The maximum time per document, for an unoptimized generator on a busy machine.
const LONGEST: Duration = Duration::from_secs(100);

/// The maximum memory in KiB, including address space.
const MOST_MEMORY: usize = 3 << 20;

pub(super) fn components(mut schemas: impl FnMut(&mut String)) -> String {
    let mut text = format!("{HEAD}components:\n  schemas:\n");
    schemas(&mut text);
    text
}

/// Returns `count` schemas, each created from its number.
pub(super) fn schemas(count: usize, each: impl Fn(usize) -> String) -> String {
    components(|text| {
        for number in 0..count {
            writeln!(text, "    S{number}: {}", each(number)).expect("text");
        }
    })
}

pub(super) fn reference(number: usize) -> String {
    format!("{{ $ref: '#/components/schemas/S{number}' }}")
}

/// Runs the generator on a text, within the limits of time and memory.
pub(super) fn run(name: &str, text: &str, more: &[&str]) -> Ran {
    let place = Place::empty();
    write(&place.folder.path().join(name), text.as_bytes());
    run_in(&place, name, more)
}

fn run_in(place: &Place, name: &str, more: &[&str]) -> Ran {
    let arguments = [&[name, "--out", "large"], more].concat();
    run_with(place, &arguments)
}

/// Runs the generator in a folder, within the limits of time and memory.
pub(super) fn run_with(place: &Place, arguments: &[&str]) -> Ran {
    let name = arguments.join(" ");
    let start = Instant::now();
    let mut child = Command::new("sh")
        .args([
            "-c",
            &format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\""),
        ])
        .arg(env!("CARGO_BIN_EXE_generator"))
        .args(arguments)
        .current_dir(place.folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    while child.try_wait().expect("it can be asked").is_none() {
        if start.elapsed() > LONGEST {
            child.kill().expect("it can be ended");
            panic!("{name} takes longer than {LONGEST:?}");
        }
        sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("it ended");
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Asserts that the document is rejected with this code and nothing else fails.
pub(super) fn refused(name: &str, text: &str, code: &str) {
    let ran = run(name, text, &["--strict"]);
    let start = format!("error[{code}]: ");
    assert!(ran.stderr.starts_with(&start), "{name}: {}", ran.stderr);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{name}");
    assert!(ran.stderr.len() < 10_000, "{name}: {}", ran.stderr.len());
}

pub(super) fn generated(name: &str, text: &str) {
    let ran = run(name, text, &[]);
    assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
}

#[test]
fn aliases_that_multiply() {
    let mut lists = format!("{HEAD}x-a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    let mut maps = format!("{HEAD}x-a0: &a0 {{ a: 1 }}\n");
    for number in 1..40 {
        let last = number - 1;
        let aliases = [format!("*a{last}"), format!("*a{last}")].join(", ");
        writeln!(lists, "x-a{number}: &a{number} [{aliases}]").expect("text");
        writeln!(
            maps,
            "x-a{number}: &a{number} {{ <<: [{aliases}], k{number}: 1 }}"
        )
        .expect("text");
    }
    refused("lists.yaml", &lists, "too-many-aliases");
    refused("maps.yaml", &maps, "too-many-aliases");
    refused(
        "itself.yaml",
        &format!("{HEAD}x-a: &a [*a, *a]\n"),
        "too-deep",
    );
}

#[test]
fn nesting() {
    const DEPTH: usize = 100_000;
    let lists = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let maps = format!("{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH));
    refused("flow.yaml", &format!("{HEAD}x-a: {lists}\n"), "too-deep");
    refused("maps.yaml", &format!("{HEAD}x-a: {maps}\n"), "too-deep");
    refused(
        "lists.json",
        &format!("{{\"openapi\":\"3.1.0\",\"x-a\":{lists}}}"),
        "too-deep",
    );
    refused(
        "maps.json",
        &format!("{{\"openapi\":\"3.1.0\",\"x-a\":{maps}}}"),
        "too-deep",
    );
    refused("open.json", &"[".repeat(DEPTH), "too-deep");
    let mut block = format!("{HEAD}x-a:\n");
    for level in 1..2_000 {
        writeln!(block, "{}a:", " ".repeat(level)).expect("text");
    }
    refused("block.yaml", &block, "too-deep");
    let dashes = "- ".repeat(DEPTH);
    refused(
        "dashes.yaml",
        &format!("{HEAD}x-a:\n  {dashes}1\n"),
        "too-deep",
    );
}

#[test]
fn references_in_a_row() {
    let count = cargo::size(10_000);
    let forward = schemas(count, |number| match number {
        0 => "{ type: string }".to_owned(),
        _ => reference(number - 1),
    });
    refused("forward.yaml", &forward, "too-deep");
    let backward = schemas(count, |number| match number {
        last if last + 1 == count => "{ type: string }".to_owned(),
        _ => reference(number + 1),
    });
    refused("backward.yaml", &backward, "too-deep");
    let circle = schemas(count, |number| reference((number + 1) % count));
    refused("circle.yaml", &circle, "circular-reference");
    generated("circle.yaml", &circle);
    let nowhere = schemas(count, |number| reference(number + count));
    refused("nowhere.yaml", &nowhere, "unresolved-reference");
    generated("nowhere.yaml", &nowhere);
}

#[test]
fn branches_that_multiply() {
    let diamond = |keyword: &str, count| {
        schemas(count, |number| {
            if number == 0 {
                return "{ type: object, properties: { a: { type: string } } }".to_owned();
            }
            let branch = reference(number - 1);
            format!("{{ {keyword}: [{branch}, {branch}] }}")
        })
    };
    refused("all_of.yaml", &diamond("allOf", 60), "too-large");
    generated("any_of.yaml", &diamond("anyOf", 60));
    let chain = |keyword: &str, count| {
        schemas(count, |number| {
            let branch = match number + 1 {
                next if next < count => reference(next),
                _ => "{ type: object }".to_owned(),
            };
            format!(
                "{{ {keyword}: [{branch}, {{ properties: {{ a{number}: {{ type: string }} }} }}] }}"
            )
        })
    };
    refused(
        "all_of_chain.yaml",
        &chain("allOf", cargo::size(5_000)),
        "too-deep",
    );
    refused(
        "one_of_chain.yaml",
        &chain("oneOf", cargo::size(5_000)),
        "too-deep",
    );
    generated("short_chain.yaml", &chain("allOf", 100));
    let properties = schemas(100, |number| {
        let next = reference((number + 1) % 100);
        format!("{{ type: object, properties: {{ a: {next}, b: {next} }} }}")
    });
    generated("properties.yaml", &properties);
    let items = schemas(3_000, |number| {
        format!(
            "{{ type: array, items: {} }}",
            reference((number + 1) % 3_000)
        )
    });
    generated("items.yaml", &items);
}

#[test]
fn parents_that_list_their_children_in_a_row() {
    let rows = |listed: fn(usize) -> String| {
        components(|text| {
            for number in 0..100 {
                let (next, listed) = ((number + 1) % 100, listed(number));
                writeln!(
                    text,
                    "    S{number}: {{ properties: {{ p{number}: {{ type: string }} }}, oneOf: [{listed}] }}"
                )
                .expect("text");
                writeln!(
                    text,
                    "    C{number}: {{ allOf: [{}, {{ properties: {{ q{number}: {{ type: string }} }} }}] }}",
                    reference(next)
                )
                .expect("text");
            }
        })
    };
    let child = |number| format!("{{ $ref: '#/components/schemas/C{number}' }}");
    generated("one.yaml", &rows(child));
    generated(
        "two.yaml",
        &rows(|number| {
            format!(
                "{{ $ref: '#/components/schemas/C{number}' }}, {{ $ref: '#/components/schemas/C{}' }}",
                (number + 7) % 100
            )
        }),
    );
    let all = (0..12).map(|number| format!("{{ $ref: '#/components/schemas/C{number}' }}"));
    let all = all.collect::<Vec<_>>().join(", ");
    let every = components(|text| {
        for number in 0..12 {
            writeln!(
                text,
                "    S{number}: {{ properties: {{ p{number}: {{ type: string }} }}, oneOf: [{all}] }}"
            )
            .expect("text");
            writeln!(
                text,
                "    C{number}: {{ allOf: [{}], required: [p] }}",
                reference(number)
            )
            .expect("text");
        }
    });
    generated("every.yaml", &every);
}

#[test]
fn alternatives_beside_shared_keywords() {
    let branches = |number| {
        format!(
            "{{ type: object, required: [a{number}], properties: {{ a{number}: {{ type: string }} }} }}"
        )
    };
    let text = components(|text| {
        text.push_str(
            "    Pet:\n      type: object\n      properties: { name: { type: string } }\n",
        );
        text.push_str("      oneOf:\n");
        for number in 0..2_000 {
            writeln!(text, "        - {}", branches(number)).expect("text");
        }
    });
    generated("beside.yaml", &text);
}

#[test]
fn schemas_that_are_no_components_in_a_row() {
    let text = schemas(3_000, |number| {
        let next = match number + 1 {
            3_000 => "{ type: string }".to_owned(),
            next => format!("{{ $ref: '#/components/schemas/S{next}/properties/a' }}"),
        };
        format!(
            "{{ type: object, properties: {{ a: {{ type: object, properties: {{ b: {next} }} }} }} }}"
        )
    });
    generated("deep.yaml", &text);
}

#[test]
fn names_that_are_as_their_own_object() {
    let text = schemas(1, |_| {
        format!("{{ type: object, propertyNames: {} }}", reference(0))
    });
    generated("names.yaml", &text);
}

#[test]
fn unions_of_unions_with_a_discriminator() {
    let text = components(|text| {
        for level in 0..12 {
            for number in 0..5 {
                let next = (0..5).map(|other| {
                    format!("{{ $ref: '#/components/schemas/L{}N{other}' }}", level + 1)
                });
                let next = next.collect::<Vec<_>>().join(", ");
                writeln!(
                    text,
                    "    L{level}N{number}: {{ oneOf: [{next}], discriminator: {{ propertyName: k }} }}"
                )
                .expect("text");
            }
        }
        for number in 0..5 {
            writeln!(text, "    L12N{number}: {{ type: object, required: [k] }}").expect("text");
        }
    });
    generated("unions.yaml", &text);
}

#[test]
fn defaults_that_hold_their_own_type() {
    for default in ["[{ a: [] }]", "[{ a: [{ a: [] }] }]", "[{}]", "[]"] {
        let text = schemas(1, |_| {
            let items = reference(0);
            format!(
                "{{ type: object, properties: {{ a: {{ type: array, items: {items}, default: {default} }} }} }}"
            )
        });
        generated("default.yaml", &text);
    }
}

#[test]
fn many_values_of_an_enum() {
    let text = components(|text| {
        text.push_str("    Pet:\n      type: string\n      enum:\n");
        for number in 0..100_000 {
            writeln!(text, "        - value {number}").expect("text");
        }
    });
    generated("enum.yaml", &text);
}

#[test]
fn many_branches() {
    let branches = |number| {
        format!(
            "{{ type: object, required: [a{number}], properties: {{ a{number}: {{ type: string }} }} }}"
        )
    };
    let text = components(|text| {
        text.push_str("    Pet:\n      oneOf:\n");
        for number in 0..cargo::size(5_000) {
            writeln!(text, "        - {}", branches(number)).expect("text");
        }
    });
    generated("branches.yaml", &text);
}

#[test]
fn many_names_that_are_alike() {
    let names = |number: usize| format!("a{}{}", "-".repeat(number % 50), "_".repeat(number / 50));
    let text = components(|text| {
        for number in 0..5_000 {
            let name = names(number);
            writeln!(text, "    {name}: {{ enum: [{name}, {name}-] }}").expect("text");
        }
    });
    generated("alike.yaml", &text);
}

#[test]
fn patterns_that_take_a_machine_long() {
    for pattern in [
        "^(a+)+$",
        "(a|aa)*b",
        "a{1,99999}{1,99999}",
        "(((((x*)*)*)*)*)*y",
        "(?=a*)*",
    ] {
        let value = "a".repeat(10_000);
        let text = schemas(1, |_| {
            format!(
                "{{ type: string, pattern: '{pattern}', default: {value}, example: {value}, \
                 patternProperties: {{ '{pattern}': {{ type: string, default: {value} }} }} }}"
            )
        });
        generated("pattern.yaml", &text);
    }
}

#[test]
fn a_text_of_some_megabytes() {
    let text = "a b ".repeat(1 << 20);
    let yaml = HEAD.replace(
        "title: Large",
        &format!("title: Large, description: \"{text}\""),
    );
    generated("text.yaml", &yaml);
    let json = format!(
        "{{\"openapi\":\"3.1.0\",\"info\":{{\"title\":\"{text}\",\"version\":\"1\"}},\"paths\":{{}}}}"
    );
    generated("text.json", &json);
}

#[test]
fn many_operations() {
    operations(1_000);
}

#[test]
#[ignore = "takes minutes unoptimised"]
fn very_many_operations() {
    operations(50_000);
}

fn operations(count: usize) {
    let mut text = HEAD.replace("paths: {}", "paths:");
    for number in 0..count {
        writeln!(
            text,
            "  /p{number}: {{ get: {{ operationId: get{number}, responses: {{ '204': {{ description: None }} }} }} }}"
        )
        .expect("text");
    }
    generated("operations.yaml", &text);
}

#[test]
#[ignore = "takes a minute unoptimised"]
fn a_million_references_in_a_row() {
    let text = schemas(1_000_000, |number| match number {
        0 => "{ type: string }".to_owned(),
        _ => reference(number - 1),
    });
    // The limit is reported before the references are followed.
    refused("references.yaml", &text, "too-large");
}

#[test]
fn many_faults_are_counted() {
    let text = schemas(2_000, |_| "{ type: strng }".to_owned());
    let ran = run("faults.yaml", &text, &["--strict"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.stderr.matches("error[unknown-type]").count(), 20);
    let end = ran.stderr.trim_end();
    assert!(end.ends_with("... and 1980 more errors"), "{end}");
}

/// Faults of one kind are repaired in a few passes, not one pass each.
#[test]
fn many_faults_take_a_few_passes() {
    const MANY: usize = 500;
    let mut text = String::from("openapi: 3.1.0\ninfo: { title: Large, version: '1' }\npaths:\n");
    for number in 0..MANY {
        writeln!(
            text,
            "  /p{number}/{{id}}:\n    get:\n      operationId: same\n      security: [{{ nobody: [] }}]\n      \
             parameters: [{{ $ref: '#/components/parameters/P{number}' }}, {{ name: a, in: query }}]\n      \
             responses: {{ 2OO: {{ description: None }} }}"
        )
        .expect("text");
    }
    text.push_str("components:\n  parameters:\n");
    for number in 0..MANY {
        writeln!(
            text,
            "    P{number}: {{ name: 'b c', in: header, schema: {{ type: string }} }}"
        )
        .expect("text");
    }
    text.push_str("  schemas:\n");
    for number in 0..MANY {
        writeln!(
            text,
            "    S{number}:\n      allOf: [{{ $ref: '#/components/schemas/S{number}' }}, {{ type: thing }}]"
        )
        .expect("text");
    }
    generated("many.yaml", &text);
}

#[test]
fn text_that_is_slow_to_parse() {
    for (name, text) in [
        ("brackets", "[".repeat(50_000)),
        ("quotes", "> ".repeat(50_000)),
        ("stars", "*a_ ".repeat(50_000)),
        ("links", "[a](".repeat(50_000)),
        (
            "ticks",
            (1..300).map(|length| "`".repeat(length) + " ").collect(),
        ),
        ("angles", "<a ".repeat(50_000)),
        ("word", "a".repeat(1_000_000)),
    ] {
        let text = HEAD.replace(
            "title: Large",
            &format!("title: Large, description: \"{text}\""),
        );
        generated(&format!("{name}.yaml"), &text);
    }
}

#[test]
fn a_file_of_many_gigabytes() {
    let place = Place::empty();
    let file = File::create(place.folder.path().join("large.yaml")).expect("a file");
    // A sparse file, which takes no disk space.
    file.set_len(8 << 30).expect("a large file");
    let ran = run_in(&place, "large.yaml", &["--strict"]);
    assert_eq!(ran.code, Some(1));
    insta::assert_snapshot!(ran.stderr, @r"
    error[file-too-large]: `large.yaml` is larger than 64 MiB
    --> large.yaml
     |
     = help: split the document into files that refer to one another with `$ref`
    ");
}

#[test]
#[ignore = "takes half a minute unoptimised"]
fn more_values_than_are_read() {
    let mut text = format!("{HEAD}x-list: [");
    for _ in 0..600_000 {
        text.push_str("0,0,0,0,0,0,0,0,0,0,");
    }
    text.push_str("0]\n");
    refused("values.yaml", &text, "too-large");
}

/// A schema is read once, however many references lead to it and to its parts.
#[test]
fn references_to_schemas_outside_of_components() {
    const LEVELS: usize = 50;
    let mut inner = "{ enum: [0".to_owned();
    inner.push_str(&", 0".repeat(100_000));
    inner.push_str("] }");
    for _ in 0..LEVELS {
        inner = format!("{{ not: {inner} }}");
    }
    let mut text = components(|text| {
        for level in 0..LEVELS {
            let way = "/not".repeat(level);
            writeln!(text, "    S{level}: {{ $ref: '#/x-outside{way}' }}").expect("text");
        }
    });
    writeln!(text, "x-outside: {inner}").expect("text");
    generated("references.yaml", &text);
}

/// A path item with a `$ref` and other fields is a copy of the target with these fields.
#[test]
fn copies_of_objects_outside_of_components() {
    const LEVELS: usize = 20;
    let zeros = ", 0".repeat(200_000);
    let content = format!("{{ application/json: {{ example: [0{zeros}] }} }}");
    let mut inner = format!("{{ post: {{ requestBody: {{ content: {content} }} }} }}");
    for _ in 0..LEVELS {
        inner = format!("{{ post: {{ callbacks: {{ a: {{ x: {inner} }} }} }} }}");
    }
    let mut text = HEAD.replace("paths: {}\n", "paths:\n");
    for level in 0..LEVELS {
        let way = "/post/callbacks/a/x".repeat(level);
        let to = format!("{{ summary: One, $ref: '#/x-outside{way}' }}");
        writeln!(text, "  /p{level}: {to}").expect("text");
    }
    writeln!(text, "x-outside: {inner}").expect("text");
    refused("copies.yaml", &text, "too-many-copies");
}
