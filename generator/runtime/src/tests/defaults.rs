//! Writing properties that equal their default.

use crate::runtime::codec::object;
use crate::runtime::defaults::explicit_defaults;

#[derive(Clone, Debug, PartialEq)]
struct Options {
    plain: i64,
    nullable: Option<i64>,
    preset: i64,
    nullable_preset: Option<i64>,
    of_server: i64,
}

impl Options {
    fn default_plain() -> i64 {
        1
    }

    fn default_nullable() -> Option<i64> {
        Some(2)
    }

    fn default_preset() -> i64 {
        3
    }

    fn default_nullable_preset() -> Option<i64> {
        Some(4)
    }

    fn default_of_server() -> i64 {
        5
    }
}

object! { Options, open {
    "plain" plain: default(default_plain),
    "nullable" nullable: default_nullable(default_nullable),
    "preset" preset: preset(default_preset),
    "nullable_preset" nullable_preset: preset_nullable(default_nullable_preset),
    "of_server" of_server: server_default(default_of_server),
} }

fn written(text: &str) -> String {
    let options: Options = serde_json::from_str(text).unwrap();
    serde_json::to_string(&options).unwrap()
}

#[test]
fn defaults_are_written_if_enabled() {
    assert_eq!(written("{}"), r#"{"preset":3,"nullable_preset":4}"#);
    let all = r#"{"plain":1,"nullable":2,"preset":3,"nullable_preset":4}"#;
    assert_eq!(explicit_defaults(|| written("{}")), all);
    for text in [
        r#"{"plain":0,"nullable":null,"preset":0,"nullable_preset":null,"of_server":0}"#,
        r#"{"plain":2,"nullable":1,"preset":2,"nullable_preset":1,"of_server":1}"#,
    ] {
        assert_eq!(written(text), text);
        assert_eq!(explicit_defaults(|| written(text)), text);
    }
}

#[test]
fn explicit_defaults_end_with_the_function() {
    let few = written("{}");
    let nested = explicit_defaults(|| {
        explicit_defaults(|| ());
        written("{}")
    });
    assert_ne!(nested, few);
    let panicking = std::panic::catch_unwind(|| explicit_defaults(|| panic!("on purpose")));
    assert!(panicking.is_err());
    assert_eq!(written("{}"), few);
}
