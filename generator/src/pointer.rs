//! JSON pointers (RFC 6901), which identify nodes from `source` to `lower`.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

/// A JSON pointer into the bundled document; the empty pointer is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses a pointer, without the `#` of a URI fragment.
    ///
    /// Returns `None` if the text is neither empty nor begins with `/` (RFC 6901, section 3).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// Returns the target of a `$ref` within the document (RFC 6901, section 6).
    ///
    /// Returns `None` for an anchor or another file.
    #[must_use]
    pub fn from_reference(text: &str) -> Option<Self> {
        let fragment = text.strip_prefix('#')?;
        if !fragment.contains('%') {
            return Self::parse(fragment);
        }
        Self::parse(&percent_decode_str(fragment).decode_utf8_lossy())
    }

    /// Returns the text of a `$ref` to the node, within the document.
    #[must_use]
    pub fn to_reference(&self) -> String {
        format!("#{}", self.0.replace('%', "%25"))
    }

    /// Returns the pointer to a child: a key of an object or an index of an array.
    #[must_use]
    pub fn child(&self, token: impl Token) -> Self {
        self.below(&[&token.text()])
    }

    /// Returns the pointer with these tokens appended.
    #[must_use]
    pub fn below(&self, tokens: &[&str]) -> Self {
        // Escapes can make it longer.
        let length = tokens.iter().map(|token| 1 + token.len()).sum::<usize>();
        let mut text = String::with_capacity(self.0.len() + length);
        text.push_str(&self.0);
        for token in tokens {
            text.push('/');
            if token.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
                text.push_str(&token.replace('~', "~0").replace('/', "~1"));
            } else {
                text.push_str(token);
            }
        }
        Self(text)
    }

    /// Returns the pointer to the parent, or `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// Returns the unescaped reference tokens, from the root.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        let tokens = self.0.split('/').skip(1);
        tokens.map(|token| unescape(token).into_owned())
    }

    /// Returns the last token, unescaped: the key or index of the node.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        let (_, token) = self.0.rsplit_once('/')?;
        Some(unescape(token).into_owned())
    }

    /// Returns whether this node is `other` or is below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(&other.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the pointer relative to `ancestor`.
    ///
    /// Returns `None` if this node is not below `ancestor`.
    #[must_use]
    pub fn strip_prefix(&self, ancestor: &Self) -> Option<Self> {
        Self::parse(self.0.strip_prefix(&ancestor.0)?)
    }

    /// Returns the pointer with the tokens of another one appended.
    #[must_use]
    pub fn join(&self, way: &Self) -> Self {
        Self(format!("{}{}", self.0, way.0))
    }

    /// Returns the pointer as text, without the `#` of a URI fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A reference token: the key of an object or the index of an array.
pub trait Token {
    /// Returns the unescaped token.
    fn text(&self) -> Cow<'_, str>;
}

impl Token for str {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Token for String {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Token for usize {
    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl<T: Token + ?Sized> Token for &T {
    fn text(&self) -> Cow<'_, str> {
        (*self).text()
    }
}

/// The path to a visited node, on the stack. A pointer is allocated only if it is needed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trail<'a> {
    /// The start of the visit.
    Start(&'a Pointer),
    /// A member of an object.
    Key(&'a Trail<'a>, &'a str),
    /// An item of an array.
    Index(&'a Trail<'a>, usize),
}

impl<'a> Trail<'a> {
    /// Returns the path to the value of a key.
    pub(crate) fn key(&'a self, key: &'a str) -> Trail<'a> {
        Trail::Key(self, key)
    }

    /// Returns the path to an item.
    pub(crate) fn index(&'a self, index: usize) -> Trail<'a> {
        Trail::Index(self, index)
    }

    /// Returns the key of the node, or `None` for an item.
    pub(crate) fn last(&self) -> Option<&'a str> {
        match self {
            Self::Key(_, key) => Some(key),
            _ => None,
        }
    }

    /// Returns the name of the property, if the node is one in `properties`.
    pub(crate) fn property(&self) -> Option<&'a str> {
        match self {
            Self::Key(Self::Key(_, "properties"), name) => Some(name),
            _ => None,
        }
    }

    /// Returns the name of the node for messages.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Start(_) => "the document".to_owned(),
            Self::Key(_, key) => format!("`{key}`"),
            Self::Index(parent, _) => format!("an entry of {}", parent.title()),
        }
    }

    /// Returns the pointer to the node.
    pub(crate) fn pointer(&self) -> Pointer {
        // As deep as the document is nested, which the reader limits.
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(parent, key) => parent.pointer().child(key),
            Self::Index(parent, index) => parent.pointer().child(index),
        }
    }
}

/// Unescapes a reference token (RFC 6901, section 4).
pub(crate) fn unescape(token: &str) -> Cow<'_, str> {
    if !token.contains('~') {
        return Cow::Borrowed(token);
    }
    Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_unescapes() {
        let pointer = Pointer::root().child("a/b").child("~1").child(0);
        assert_eq!(pointer.as_str(), "/a~1b/~01/0");
        assert_eq!(pointer.tokens().collect::<Vec<_>>(), ["a/b", "~1", "0"]);
        assert_eq!(pointer.last().as_deref(), Some("0"));
        let parent = pointer.parent().expect("not the root");
        assert_eq!(parent.last().as_deref(), Some("~1"));
        assert_eq!(Pointer::root().parent(), None);
        assert_eq!(Pointer::root().last(), None);
        assert_eq!(Pointer::parse("a"), None);
    }

    #[test]
    fn relates_ancestors() {
        let [a, ab, abc] = ["/a", "/ab", "/a/b"].map(|text| Pointer::parse(text).expect("pointer"));
        assert!(abc.is_within(&a) && a.is_within(&a) && a.is_within(&Pointer::root()));
        assert!(!ab.is_within(&a));
        assert_eq!(abc.strip_prefix(&a), Pointer::parse("/b"));
        assert_eq!(ab.strip_prefix(&a), None);
        assert_eq!(a.join(&Pointer::root().child("b")), abc);
    }
}
