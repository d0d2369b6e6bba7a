//! Links, which are kept if their target is absolute.

use pulldown_cmark::LinkType;

use super::escape::code;

/// The source of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkKind {
    /// A text with a target.
    Text,
    /// A bare URL.
    Url,
    /// An e-mail address.
    Email,
    /// An image, converted to a link, since documentation pages should not load external content.
    Image,
}

impl LinkKind {
    pub(super) fn new(link: LinkType) -> Self {
        match link {
            LinkType::Autolink => Self::Url,
            LinkType::Email => Self::Email,
            _ => Self::Text,
        }
    }
}

/// Returns a link whose text is already Markdown.
pub(super) fn write(
    text: &str,
    target: &str,
    kind: LinkKind,
    in_link: bool,
    in_table: bool,
) -> String {
    if in_link {
        return text.to_owned();
    }
    let can_stand =
        !target.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '\\' | '|'));
    let is_url = target.starts_with("http://") || target.starts_with("https://");
    match kind {
        LinkKind::Email if can_stand => format!("<{target}>"),
        // Rustdoc warns about a URL that is neither a link nor code.
        LinkKind::Url if is_url && !can_stand && in_table => code(target).replace('|', "\\|"),
        LinkKind::Url if is_url && !can_stand => code(target),
        LinkKind::Url | LinkKind::Email if !(is_url && can_stand) => text.to_owned(),
        LinkKind::Url => format!("<{target}>"),
        _ if is_url && can_stand && (text.trim().is_empty() || text == target) => {
            format!("<{target}>")
        }
        _ if is_url => format!("[{text}]({})", destination(target)),
        // Without a dot, rustdoc would read the address as the name of an item.
        _ if target.starts_with("mailto:") && target.contains('.') => {
            format!("[{text}]({})", destination(target))
        }
        _ if target.is_empty() || target.starts_with('#') => text.to_owned(),
        // A relative link would be broken here.
        _ if in_table => text.to_owned(),
        _ => format!("{text} ({})", code(target)),
    }
}

fn destination(target: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&',;=%+".contains(c);
    if target.chars().all(plain) {
        return target.to_owned();
    }
    let mut out = String::from("<");
    for character in target.chars() {
        match character {
            ' ' => out.push_str("%20"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '`' => out.push_str("%60"),
            '|' => out.push_str("%7C"),
            character => out.push(character),
        }
    }
    out.push('>');
    out
}
