//! `oneOf` and `anyOf` with a property that tells the branches apart: a macro that takes a table, and
//! the helpers that it calls.

use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;

use super::json;
use super::tree::Tree;
use super::union::Raw;

impl Raw {
    /// The value of the property that tells the branches apart: a string, or
    /// the text of another scalar. `None` where there is none.
    #[must_use]
    pub fn tag(&self, name: &'static str) -> Option<String> {
        let mut found = None;
        let mut deserializer = serde_json::Deserializer::from_str(self.text());
        // The error is how reading stops at the tag.
        let _ = deserializer.deserialize_map(TagReader {
            name,
            found: &mut found,
        });
        found
    }

    /// Reads the value as a branch.
    ///
    /// # Errors
    ///
    /// If it is none.
    pub fn branch<T: DeserializeOwned, E: de::Error>(&self) -> Result<T, E> {
        json::read_inner(self.text()).map_err(E::custom)
    }

    /// The error for a tag that no branch has.
    #[cold]
    pub fn no_branch<T, E: de::Error>(
        &self,
        name: &'static str,
        tag: Option<String>,
        tags: &'static [&'static str],
    ) -> Result<T, E> {
        Err(match tag {
            Some(tag) => E::unknown_variant(&tag, tags),
            None if self.text().starts_with('{') => E::missing_field(name),
            None => E::custom("invalid type: expected an object"),
        })
    }
}

struct TagReader<'a> {
    name: &'static str,
    found: &'a mut Option<String>,
}

impl<'de> Visitor<'de> for TagReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == self.name {
                *self.found = match map.next_value()? {
                    Value::String(tag) => Some(tag),
                    tag @ (Value::Bool(_) | Value::Number(_)) => Some(tag.to_string()),
                    _ => None,
                };
                return Err(de::Error::custom("the tag is found"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Writes a branch with its tag, which its own type does not write.
///
/// # Errors
///
/// As the serializer, or if the branch is not an object.
pub fn write<T: Serialize, S: Serializer>(
    branch: &T,
    name: &'static str,
    tag: &'static str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = Tree::Text(tag.to_owned());
    let tagged = match Tree::of(branch).map_err(ser::Error::custom)? {
        Tree::Struct(mut entries) => {
            entries.insert(0, (name, text));
            Tree::Struct(entries)
        }
        Tree::Map(mut entries) => {
            // A type that keeps unknown properties has kept the tag, too.
            entries.retain(|(other, _)| other != name);
            entries.insert(0, (name.to_owned(), text));
            Tree::Map(entries)
        }
        _ => {
            return Err(ser::Error::custom(format_args!(
                "the tag `{name}` has no place in what is not an object"
            )));
        }
    };
    tagged.serialize(serializer)
}

/// `Serialize` and `Deserialize` for a union: a table with a row for each branch.
///
/// Each row lists the values of the property that mean it, with the word
/// `writes_tag` where the branch's type has the property itself.
/// `other(Other)`: the variant `Other(Json)` keeps the rest.
macro_rules! tagged_union {
    ($type:ty, $name:literal $(, other($other:ident))? {
        $($variant:ident: $($tag:literal)|+ $($writes:ident)?,)*
    }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let raw = $crate::runtime::union::Raw::read(deserializer)?;
                let tag = raw.tag($name);
                match tag.as_deref() {
                    $(
                        ::core::option::Option::Some($($tag)|+) => {
                            ::core::result::Result::map(raw.branch(), Self::$variant)
                        }
                    )*
                    _ => $crate::runtime::tagged_union::tagged_union!(
                        @other raw, $name, tag, [$($($tag),+),*] $(, $other)?
                    ),
                }
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(
                        Self::$variant(branch) => $crate::runtime::tagged_union::tagged_union!(
                            @write branch, serializer, $name, [$($tag),+] $($writes)?
                        ),
                    )*
                    $(Self::$other(value) => ::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }
    };
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*], $other:ident) => {
        ::core::result::Result::map($raw.json(), Self::$other)
    };
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*]) => {
        $raw.no_branch($name, $tag, &[$($tags),*])
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$($tags:literal),+] writes_tag) => {
        ::serde::Serialize::serialize($branch, $serializer)
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$tag:literal $(, $tags:literal)*]) => {
        $crate::runtime::tagged_union::write($branch, $name, $tag, $serializer)
    };
}

pub(crate) use tagged_union;
