//! The header `Link` and single values of a JSON text.

use http::HeaderMap;

use crate::runtime::{json_pointer, link_header};

#[test]
fn the_target_of_a_relation_is_found() {
    for (values, target) in [
        (&["</a>; rel=next"][..], Some("/a")),
        (
            &["<https://x/a?b=c,d;e>; rel=\"next\""],
            Some("https://x/a?b=c,d;e"),
        ),
        (&["</a>; rel=prev, </b>; rel=next"], Some("/b")),
        (&["</a>; rel=prev", "</b>; rel=next"], Some("/b")),
        (&["</a>; rel=\"prev next\""], Some("/a")),
        (&["</a>; rel=\"prev\"; rel=\"next\""], None),
        (&["</a>;REL=NEXT"], Some("/a")),
        (&["</a> ; rel = next"], Some("/a")),
        (
            &["</a>; title=\"x, </b>; rel=next\"; rel=prev, </c>; rel=next"],
            Some("/c"),
        ),
        (&["</a>; title=\"\\\"; rel=next\"; rel=last"], None),
        (&["</a>; flag; rel=next"], Some("/a")),
        (&["</a>; rel=next; anchor=\"/other\""], None),
        (&[", ,</a>; rel=next"], Some("/a")),
        (&["<>; rel=next"], Some("")),
        (&["</a>; rel=nextpage"], None),
        (&["/a; rel=next"], None),
        (&["</a"], None),
        (&[""], None),
        (&["</a>; rel=\"next"], Some("/a")),
        (&[], None),
    ] {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("link", value.parse().unwrap());
        }
        assert_eq!(
            link_header::target(&headers, "next").as_deref(),
            target,
            "{values:?}"
        );
    }
}

#[test]
fn a_pointer_leads_to_a_value() {
    let text = br#"{"a":{"b/c":[1,2,{"x":"\u0041"}],"":null},"n":1.50,"a~":true,"n":2}"#;
    for (pointer, value) in [
        ("/a/b~1c", Some(r#"[1,2,{"x":"\u0041"}]"#)),
        ("/a/", Some("null")),
        ("/n", Some("2")),
        ("/a~0", Some("true")),
        ("/a/b", None),
        ("/n/x", None),
        ("/z/y", None),
    ] {
        let found = json_pointer::at(text, pointer).map(|value| value.get());
        assert_eq!(found, value, "{pointer}");
    }
    assert!(json_pointer::at(text, "").is_some());
    assert!(json_pointer::at(b"{", "/a").is_none());
    let list = json_pointer::at(text, "/a/b~1c").unwrap();
    let (count, last) = json_pointer::last(list).unwrap();
    assert_eq!((count, last.unwrap().get()), (3, r#"{"x":"\u0041"}"#));
    let x = json_pointer::at(last.unwrap().get().as_bytes(), "/x").unwrap();
    assert_eq!(json_pointer::text(x).as_deref(), Some("A"));
    assert!(json_pointer::last(x).is_none());
    assert_eq!(json_pointer::items(list).len(), 3);
}
