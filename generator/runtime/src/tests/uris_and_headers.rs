//! URIs, base URLs, redirects, media types, response headers.

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::runtime::header;
use crate::runtime::json;
use crate::runtime::response::Reply;
use crate::runtime::text_enum::text_enum;
use crate::runtime::uri::Uri;
use crate::runtime::url::{BaseUrl, redirect};

#[test]
fn a_uri_is_kept_byte_for_byte() {
    for text in [
        "https://example.com",
        "https://example.com/",
        "HTTPS://EXAMPLE.com:443/%7e/../a?b=c#d",
        "http://localhost:3000/callback",
        "com.example.app:/oauth2redirect",
        "urn:ietf:wg:oauth:2.0:oob",
        "mailto:a@example.com",
        "http://[::1]:8080/x",
        "data:,",
        "a:",
        "https://example.com?q=a/b?c",
    ] {
        let uri: Uri = text.parse().unwrap();
        assert_eq!(uri.as_str(), text);
        let written = json::write(&uri).unwrap();
        assert_eq!(written, format!("{text:?}").into_bytes());
        assert_eq!(json::read::<Uri>(&written).unwrap(), uri);
    }
    // Text from a server is not checked, and is kept unchanged.
    for text in ["", "/relative", "not a uri", "https://ex ample.com/ü"] {
        let read = json::read::<Uri>(format!("{text:?}").as_bytes()).unwrap();
        assert_eq!(read, text);
        assert_eq!(read, Uri::verbatim(text));
    }
}

#[test]
fn an_invalid_uri_is_rejected_with_the_position() {
    for (text, position, reason) in [
        ("", 0, "no scheme"),
        ("example.com/a", 0, "no scheme"),
        ("/a:b", 0, "has to begin with a letter"),
        ("1a:b", 0, "has to begin with a letter"),
        (":b", 0, "has to begin with a letter"),
        ("ht_tp://a", 2, "not allowed in a scheme"),
        ("https://a b", 9, "percent-encoded"),
        ("https://a/ü", 10, "percent-encoded"),
        ("https://a/\n", 10, "percent-encoded"),
        ("https://a/%4", 10, "hexadecimal"),
        ("https://a/%zz", 10, "hexadecimal"),
        ("https://a/%", 10, "hexadecimal"),
        ("https://a/[1]", 10, "percent-encoded"),
        ("https://a#b#c", 11, "second `#`"),
        ("https://a/\\", 10, "percent-encoded"),
    ] {
        let error = text.parse::<Uri>().unwrap_err();
        assert_eq!(error.position(), position, "{text}");
        assert!(error.to_string().contains(reason), "{text}: {error}");
    }
}

#[test]
fn a_base_url_has_optional_parts() {
    for (base, path, query, expected) in [
        ("https://example.com", "/a", "", "https://example.com/a"),
        (
            "https://example.com/",
            "/a",
            "b=c",
            "https://example.com/a?b=c",
        ),
        (
            "https://example.com/v2",
            "/a",
            "",
            "https://example.com/v2/a",
        ),
        (
            "https://example.com/v2/",
            "/",
            "",
            "https://example.com/v2/",
        ),
        (
            "http://localhost:8080//",
            "/a",
            "",
            "http://localhost:8080/a",
        ),
        ("HTTP://[::1]:80/x", "/a", "", "http://[::1]:80/x/a"),
        ("https://example.com", "", "", "https://example.com/"),
    ] {
        assert_eq!(BaseUrl::parse(base).unwrap().join(path, query), expected);
    }
}

#[test]
fn an_invalid_base_url_is_rejected() {
    for (text, reason) in [
        ("", "does not begin with `https://`"),
        ("example.com", "does not begin with `https://`"),
        (
            "/v2",
            "is relative: set the base URL, such as `https://example.com/v2`",
        ),
        ("ftp://example.com", "neither an http nor an https"),
        ("file:///etc/passwd", "neither an http nor an https"),
        ("https://", "is not a URL"),
        ("https:///a", "is not a URL"),
        ("https://example.com?a=b", "has a query"),
        ("https://example.com/#a", "has a fragment"),
        ("https://example.com:port", "no legal host and port"),
        ("https://example.com:99999", "no legal host and port"),
        ("https://exa mple.com", "is not a URL"),
        ("https://{host}/", "is not a URL"),
        ("https://example.com/\nHost: a", "is not a URL"),
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(error.contains(reason), "{text:?}: {error}");
    }
    for text in [
        "https://user:hunter2@example.com",
        "user:hunter2@example.com",
        "ftp://user:hunter2@example.com",
        "https:/user:hunter2@example.com",
        "https://example.com?key=hunter2",
        "https://example.com/#hunter2",
        "example.com?key=hunter2",
    ] {
        let error = BaseUrl::parse(text).unwrap_err();
        assert!(!error.contains("hunter2"), "{text}: {error}");
    }
    let error = BaseUrl::parse("https://user:hunter2@example.com").unwrap_err();
    assert!(error.contains("user name"), "{error}");
}

#[test]
fn a_redirect_stays_on_its_origin() {
    let from = "https://example.com/a/b?c=d".parse().unwrap();
    for (location, expected) in [
        ("/x", Some("https://example.com/x")),
        ("y?z", Some("https://example.com/a/y?z")),
        ("?z", Some("https://example.com/a/b?z")),
        ("", Some("https://example.com/a/b")),
        ("https://example.com/x#f", Some("https://example.com/x")),
        (
            "https://EXAMPLE.com:443/x",
            Some("https://EXAMPLE.com:443/x"),
        ),
        ("//example.com/x", Some("https://example.com/x")),
        ("x/y:z", Some("https://example.com/a/x/y:z")),
        ("//other.example/x", None),
        ("https://other.example/x", None),
        ("http://example.com/x", None),
        ("https://example.com:444/x", None),
        ("https://example.com.evil.example/", None),
        ("https://example.com@evil.example/", None),
        ("https://user@example.com/", None),
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("///evil.example", None),
        ("\\\\evil.example", None),
        ("https://", None),
        (
            "https://example.com#@evil.example/",
            Some("https://example.com/"),
        ),
        ("//user:hunter2@example.com/x", None),
        ("//evil.example:443\\@example.com/x", None),
        ("/\\evil.example", None),
        ("\\/evil.example", None),
        ("https:\\\\evil.example", None),
        ("https:/evil.example", None),
        ("https:evil.example", None),
        ("http://example.com:443/x", None),
        ("https://example.com.:443/x", None),
        ("https://example.com%2eevil.example/", None),
        ("https://[::1]/x", None),
        ("https://[fe80::1%25eth0]/x", None),
        ("https://[example.com]/x", None),
        ("\thttps://evil.example/", None),
        (" //evil.example/", None),
        ("/x\r\nHost: evil.example", None),
    ] {
        let target = redirect(&from, location).map(|uri| uri.to_string());
        assert_eq!(target.as_deref(), expected, "{location}");
    }
}

#[test]
fn a_redirect_stays_on_an_ip_address() {
    let from = "http://[::1]:8080/a".parse().unwrap();
    for (location, expected) in [
        ("//[::1]:8080/x", Some("http://[::1]:8080/x")),
        ("//[::1]/x", None),
        ("//[::2]:8080/x", None),
        ("//[::1%25lo]:8080/x", None),
        ("//[::1%lo]:8080/x", None),
        ("//::1:8080/x", None),
    ] {
        let target = redirect(&from, location).map(|uri| uri.to_string());
        assert_eq!(target.as_deref(), expected, "{location}");
    }
}

fn reply(content_type: Option<&'static str>) -> Reply {
    let mut headers = HeaderMap::new();
    if let Some(content_type) = content_type {
        headers.insert("content-type", HeaderValue::from_static(content_type));
    }
    Reply::new(StatusCode::OK, headers, "5")
}

#[test]
fn media_types_are_compared_by_their_essence() {
    for (actual, documented, expected) in [
        ("application/json", "application/json", true),
        ("application/JSON; charset=utf-8", "application/json", true),
        ("application/json", "application/json; charset=utf-8", true),
        ("application/problem+json", "application/problem+json", true),
        ("application/problem+json", "application/json", false),
        ("image/png", "image/*", true),
        ("IMAGE/png", "image/*", true),
        ("text/html", "*/*", true),
        ("application/hal+json", "application/*+json", true),
        ("application/json", "application/*+json", true),
        ("application/xml", "application/*+json", false),
        ("application/hal+json", "*/*+json", true),
        ("application/vnd.a.b+xml", "application/vnd.*.b+*", true),
        ("application/vnd.a+xml", "application/vnd.*.b+*", false),
        ("application/vnd.a", "application/vnd.a*a", false),
        ("text/html", "image/*", false),
        ("text/html", "application/json", false),
    ] {
        assert_eq!(
            reply(Some(actual)).is(documented),
            expected,
            "{actual} {documented}"
        );
    }
    assert!(reply(None).is("application/json"));
    assert_eq!(reply(None).json::<i64>().unwrap(), 5);
    assert_eq!(reply(None).text().unwrap(), "5");
    assert!(
        Reply::new(StatusCode::OK, HeaderMap::new(), &b"a\xff"[..])
            .text()
            .is_err()
    );
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Tier {
    Free,
}

text_enum! { Tier, closed { "free" Free, } }

#[test]
fn headers_become_values() {
    let mut headers = HeaderMap::new();
    let mut add = |name, value| headers.append(name, HeaderValue::from_static(value));
    add("x-limit", "100");
    add("x-ratio", " 0.5 ");
    add("x-flag", "true");
    add("x-list", "1, 2");
    add("x-list", "3");
    add("x-text", "a, b");
    add("x-tier", "free");
    add("x-bad", "secret");
    add("x-empty", "");
    assert_eq!(header::optional(&headers, "X-Limit"), Ok(Some(100_i64)));
    assert_eq!(header::optional(&headers, "x-ratio"), Ok(Some(0.5_f64)));
    assert_eq!(header::optional(&headers, "x-flag"), Ok(Some(true)));
    assert_eq!(
        header::optional(&headers, "x-list"),
        Ok(Some(vec![1_u8, 2, 3]))
    );
    assert_eq!(
        header::optional(&headers, "x-text"),
        Ok(Some("a, b".to_owned()))
    );
    assert_eq!(header::optional(&headers, "x-tier"), Ok(Some(Tier::Free)));
    assert_eq!(
        header::optional(&headers, "x-limit"),
        Ok(Some(Some(100_u16)))
    );
    assert_eq!(
        header::optional(&headers, "x-empty"),
        Ok(Some(Vec::<String>::new()))
    );
    assert_eq!(header::optional::<String>(&headers, "x-none"), Ok(None));
    let error = header::optional::<i64>(&headers, "x-bad").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header `x-bad`: it is not an integer of 64 bits"
    );
    assert!(header::optional::<u8>(&headers, "x-list").is_err());
}

header::headers! { Pages {
    limit: i64 = required("X-Limit"),
    /// In JSON.
    list: Option<Vec<u8>> = optional_json("X-List"),
} }

#[test]
fn a_table_of_headers() {
    let mut headers = HeaderMap::new();
    assert_eq!(
        Pages::limit(&headers).unwrap_err().to_string(),
        "the header `X-Limit`: it is missing"
    );
    assert_eq!(Pages::list(&headers), Ok(None));
    headers.insert("x-limit", HeaderValue::from_static("3"));
    headers.insert("x-list", HeaderValue::from_static("[1, 2]"));
    assert_eq!(Pages::limit(&headers), Ok(3));
    assert_eq!(Pages::list(&headers), Ok(Some(vec![1, 2])));
}
