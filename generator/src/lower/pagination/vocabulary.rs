//! The names that documents use for pagination.
//!
//! They are compared folded: in lower case, without `_`, `-`, `[`, `]`, `.` and `@`.

/// Returns a name in the form of the lists in this file.
pub(super) fn fold(name: &str) -> String {
    let kept = name.chars().filter(|c| !"_-[].@ ".contains(*c));
    kept.flat_map(char::to_lowercase).collect()
}

macro_rules! words {
    ($($(#[doc = $doc:literal])* $function:ident: $($word:literal)*;)*) => {$(
        $(#[doc = $doc])*
        pub(super) fn $function(folded: &str) -> bool {
            matches!(folded, $($word)|*)
        }
    )*};
}

words! {
    /// Objects of a response with information about the page.
    is_container: "meta" "metadata" "pagination" "paging" "page" "pages" "pageinfo" "cursors"
        "responsemetadata" "nextpage" "resultinfo" "listmetadata" "paginginfo" "paginationinfo"
        "pagemetadata" "paginationmetadata" "pagemeta" "paginationmeta" "links" "next";
    /// Objects that wrap the list of a response and the information about it.
    is_envelope: "data" "result" "results" "response" "embedded" "payload";
    /// Lists that are not the list of the operation.
    is_side_list: "errors" "warnings" "links" "messages" "included";
    /// Parameters that are cursors, whatever their type.
    is_cursor: "cursor" "pagetoken" "nexttoken" "paginationtoken" "continuationtoken" "marker"
        "pagecursor" "after" "startingafter" "pageafter" "bookmark" "scrollid" "nextpagetoken"
        "nextcursor" "continuation";
    /// Names that always mean a cursor: a response with one of them contains the next cursor.
    is_plain_cursor: "cursor" "pagetoken" "nexttoken" "paginationtoken" "continuationtoken"
        "pagecursor" "bookmark" "scrollid" "nextpagetoken" "nextcursor" "continuation";
    /// Parameters that are cursors if they are text.
    is_text_cursor: "page" "offset" "start";
    /// The cursor of the next page in a response.
    is_next_cursor: "nextcursor" "nextpagetoken" "nexttoken" "nextmarker" "endcursor" "nextpage";
    /// The parameter that names the last item.
    is_last_id_parameter: "startingafter" "after" "afterid";
    /// The id of the last item in a response.
    is_last_id: "lastid" "last";
    /// The flag for more pages.
    is_has_more: "hasmore" "hasnext" "more" "hasnextpage" "nextpage";
    /// The number of pages.
    is_page_count: "totalpages" "pages" "pagecount" "lastpage" "totalpagecount" "pagestotal";
    /// Parameters that are page numbers.
    is_page_number: "page" "pagenumber" "pageno" "pagenum" "pageindex" "currentpage";
    /// The number of the page in its response.
    is_own_number: "page" "pagenumber" "pageno" "pagenum" "pageindex" "currentpage" "number";
    /// Parameters that count the items before the page.
    is_offset: "offset" "skip" "start" "startat" "startindex" "pageoffset" "$skip" "$offset"
        "resultoffset" "startingindex";
    /// Parameters that set the size of a page.
    is_size: "perpage" "pagesize" "limit" "size" "count" "maxresults" "top" "$top" "pagelimit"
        "itemsperpage" "resultsperpage" "maxitems" "pagelength" "take";
    /// Names that always mean the URL of the next page.
    is_next_url: "nexturl" "nextpageurl" "nextpageuri" "nexturi";
    /// Names that mean the URL of the next page if the schema also indicates a URL.
    is_next: "next" "nextpage";
    /// The URL of the next page in the `OData` protocol.
    is_next_link: "nextlink" "odatanextlink";
}

/// Returns the rank of a list's name. The list with the lowest rank is that of the operation.
pub(super) fn list_rank(folded: &str) -> Option<usize> {
    const LISTS: [&str; 12] = [
        "data",
        "items",
        "results",
        "records",
        "value",
        "entries",
        "values",
        "resources",
        "hits",
        "objects",
        "list",
        "documents",
    ];
    LISTS.iter().position(|name| *name == folded)
}

/// Returns `true` if a number is the total number of items.
pub(super) fn is_total(folded: &str) -> bool {
    const OTHERS: [&str; 9] = [
        "amount", "price", "byte", "time", "cost", "size", "duration", "page", "value",
    ];
    matches!(folded, "found" | "count")
        || folded.starts_with("total") && !OTHERS.iter().any(|other| folded.contains(other))
}

/// Returns `true` if a text mentions URLs, apart from the links in it.
pub(super) fn mentions_url(words: &str) -> bool {
    let text = without_links(words);
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let mut parts = parts.filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let is_one = ["url", "urls", "uri", "uris"]
            .iter()
            .any(|word| part.eq_ignore_ascii_case(word));
        // "URL-encoded" describes an encoding, not a URL.
        let is_encoding = parts.peek().is_some_and(|next| {
            ["encoded", "safe", "encoding"]
                .iter()
                .any(|word| next.eq_ignore_ascii_case(word))
        });
        if is_one && !is_encoding {
            return true;
        }
    }
    false
}

/// Removes the targets of Markdown links, and URLs.
fn without_links(words: &str) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some((before, after)) = rest.split_once("](") {
        out.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
        out.push(' ');
    }
    out.push_str(rest);
    let words = out.split_whitespace();
    let kept: Vec<&str> = words.filter(|word| !word.contains("://")).collect();
    kept.join(" ")
}

/// Returns the number of the first page that a text mentions.
pub(super) fn first_page(words: &str) -> Option<u64> {
    let text = words
        .to_lowercase()
        .replace(['-', '`', '*', '"', '\''], " ");
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    let says = |number: &str, digit: &str| {
        let bases = ["based", "indexed", "index"];
        let starts = [
            "start at",
            "starts at",
            "starting at",
            "start from",
            "starts from",
            "starting from",
            "starts with",
            "starting with",
            "begins at",
            "beginning at",
            "begins with",
            "first page is",
            "first page is page",
            "defaults to",
            "default is",
            "default:",
        ];
        [number, digit].iter().any(|number| {
            let ends = |found: usize, length: usize| {
                let after = text.get(found + length..).unwrap_or_default();
                !after.starts_with(|c: char| c.is_alphanumeric())
            };
            let is_based = bases.iter().any(|base| {
                let phrase = format!("{number} {base}");
                text.match_indices(&phrase).any(|(at, _)| {
                    let before = text.get(..at).unwrap_or_default();
                    !before.ends_with(|c: char| c.is_alphanumeric())
                })
            });
            is_based
                || starts.iter().any(|start| {
                    let phrase = format!("{start} {number}");
                    let mut found = text.match_indices(&phrase);
                    found.any(|(at, _)| ends(at, phrase.len()))
                })
        })
    };
    match (says("zero", "0"), says("one", "1")) {
        (true, false) => Some(0),
        (false, true) => Some(1),
        _ => None,
    }
}

/// Returns `true` if a text mentions a cursor or a token.
pub(super) fn mentions_cursor(words: &str) -> bool {
    let text = words.to_lowercase();
    text.contains("cursor") || text.contains("token")
}

/// Returns `true` if a text describes an offset that counts pages.
pub(super) fn counts_pages(words: &str) -> bool {
    let text = words.to_lowercase();
    [
        "pages to skip",
        "page number",
        "number of pages",
        "page index",
    ]
    .iter()
    .any(|phrase| text.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folded() {
        for (name, folded) in [
            ("page[number]", "pagenumber"),
            ("@odata.nextLink", "odatanextlink"),
            ("next_page_token", "nextpagetoken"),
            ("Starting-After", "startingafter"),
        ] {
            assert_eq!(fold(name), folded);
        }
    }

    #[test]
    fn a_text_mentions_a_url_unless_only_its_links_do() {
        for (words, says) in [
            ("The URL of the next page", true),
            ("Next page's URI.", true),
            ("A cursor. See [the docs](https://example.com/url)", false),
            ("See https://example.com/url/x for cursors", false),
            ("A URL-safe text", false),
            ("URL encoded cursor", false),
            ("currently", false),
        ] {
            assert_eq!(mentions_url(words), says, "{words}");
        }
    }

    #[test]
    fn a_text_defines_the_first_page() {
        for (words, first) in [
            ("Zero-based page number", Some(0)),
            ("The page, 1-indexed", Some(1)),
            ("Page number, starting at 1.", Some(1)),
            ("Page number (starts from 0)", Some(0)),
            ("Starting at 10", None),
            ("Page 11-based", None),
            ("Which page", None),
        ] {
            assert_eq!(first_page(words), first, "{words}");
        }
    }

    #[test]
    fn a_total_is_of_items() {
        for (name, is) in [
            ("total", true),
            ("totalresults", true),
            ("count", true),
            ("totalamount", false),
            ("totalbytes", false),
            ("totaltime", false),
            ("subtotal", false),
        ] {
            assert_eq!(is_total(name), is, "{name}");
        }
    }
}
