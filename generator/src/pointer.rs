//! JSON pointers (RFC 6901): the name of every node from `source` to `lower`.

use std::borrow::Cow;
use std::fmt;

/// A JSON pointer into the bundled document; the empty pointer is the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the text form, without the `#` of a URI fragment.
    ///
    /// `None` where the text is neither empty nor begins with `/` (RFC 6901, section 3).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        (text.is_empty() || text.starts_with('/')).then(|| Self(text.to_owned()))
    }

    /// The node below this one under an object's key or an array's index.
    #[must_use]
    pub fn child(&self, token: impl Token) -> Self {
        self.below(&[&token.text()])
    }

    /// The node that has these tokens on the way from this one.
    #[must_use]
    pub fn below(&self, tokens: &[&str]) -> Self {
        // What has to be escaped is longer.
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

    /// The node that holds this one; the root has none.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/')?;
        Some(Self(parent.to_owned()))
    }

    /// The reference tokens, unescaped, from the root downwards.
    pub fn tokens(&self) -> impl Iterator<Item = String> {
        let tokens = self.0.split('/').skip(1);
        tokens.map(|token| unescape(token).into_owned())
    }

    /// The last token, unescaped: the key or index under which the node stands.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        let (_, token) = self.0.rsplit_once('/')?;
        Some(unescape(token).into_owned())
    }

    /// Whether this node is `other` or stands below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0
            .strip_prefix(&other.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The way from `ancestor` down to this node.
    ///
    /// `None` where this node does not stand below it.
    #[must_use]
    pub fn strip_prefix(&self, ancestor: &Self) -> Option<Self> {
        Self::parse(self.0.strip_prefix(&ancestor.0)?)
    }

    /// The node that has this way from the node `self`.
    #[must_use]
    pub fn join(&self, way: &Self) -> Self {
        Self(format!("{}{}", self.0, way.0))
    }

    /// The text form, without the `#` of a URI fragment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a node stands under in the one that holds it: an object's key, or an array's index.
pub trait Token {
    /// The token as it is, not escaped.
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

/// The way to a node that is being visited: it costs nothing until a pointer is needed.
#[derive(Clone, Copy)]
pub(crate) enum Trail<'a> {
    /// Where the visit began.
    Start(&'a Pointer),
    /// A member of an object.
    Key(&'a Trail<'a>, &'a str),
    /// An item of an array.
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    pub(crate) fn pointer(&self) -> Pointer {
        // As deep as the document is nested, which the reader limits.
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(parent, key) => parent.pointer().child(key),
            Self::Index(parent, index) => parent.pointer().child(index),
        }
    }
}

/// A reference token as it is meant (RFC 6901, section 4).
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
