//! Reading takes a limited time, and a limited stack.

use super::*;

/// Two branches that both read the union again.
#[derive(Clone, Debug, PartialEq)]
enum Twin {
    A(Box<Left>),
    B(Box<Right>),
    Other(Json),
}

#[derive(Clone, Debug, PartialEq)]
struct Left {
    next: Twin,
}

#[derive(Clone, Debug, PartialEq)]
struct Right {
    next: Twin,
}

object! { Left, open { "next" next: required, } }
object! { Right, open { "next" next: required, } }
untagged_union! { Twin, other(Other) { A: struct, B: struct, } }

#[derive(Clone, Debug, PartialEq)]
enum Pair {
    A(Box<OpenPair>),
    B(Box<OpenPair>),
}

#[derive(Clone, Debug, PartialEq)]
struct OpenPair {
    next: Option<Pair>,
}

object! { OpenPair, open { "next" next: optional, } }
untagged_union! { Pair { A: struct, B: struct, } }

/// A union that contains only itself.
#[derive(Clone, Debug, PartialEq)]
struct Endless(Box<Loop>);

#[derive(Clone, Debug, PartialEq)]
enum Loop {
    Again(Endless),
}

newtype! { Endless }
untagged_union! { Loop { Again: any, } }

fn nested(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", "{\"next\":".repeat(depth), "}".repeat(depth))
}

#[test]
fn reading_a_union_takes_a_limited_time() {
    let begin = Instant::now();
    // Both branches skip `x`, so each of 100 levels would try both.
    let text = nested(100, r#"{"next":5,"x":1}"#);
    let _ = json::read::<Twin>(text.as_bytes());
    let _ = json::read::<Pair>(text.as_bytes());
    assert!(json::read::<Loop>(b"{}").is_err());
    assert!(
        begin.elapsed() < Duration::from_secs(20),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn a_server_cannot_overflow_the_stack() {
    for depth in [127, 129, 10_000, 1_000_000] {
        let dog = format!(
            "{}null{}",
            r#"{"kind":"dog","tricks":[],"owner":"#.repeat(depth),
            "}".repeat(depth)
        );
        let read = json::read::<Pet>(dog.as_bytes());
        assert_eq!(read.is_ok(), depth <= 128, "{depth}");
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(json::read::<Id>(lists.as_bytes()).is_ok(), depth <= 128);
        assert!(json::read::<Id>("[".repeat(depth).as_bytes()).is_err());
    }
}
