//! `oneOf` and `anyOf` with a property that identifies the branch: a macro for a table of branches,
//! and its helpers.

use std::fmt;

use serde::de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;

use super::json;
use super::tree::Tree;
use super::union::Raw;
use super::union_score;

impl Raw {
    /// Returns the value of the property that identifies the branch: a string, or the text of
    /// another scalar. `None` if there is no such value.
    #[must_use]
    pub fn tag(&self, name: &'static str) -> Option<String> {
        let mut found = None;
        let mut deserializer = serde_json::Deserializer::from_str(self.text());
        // The error only stops reading at the tag.
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
    /// Returns an error if it does not match the branch.
    pub fn branch<T: DeserializeOwned, E: de::Error>(&self) -> Result<T, E> {
        json::read_inner(self.text()).map_err(E::custom)
    }

    /// Reads the value as a branch that need not declare the tag `name`.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not match the branch.
    pub fn branch_without_tag<T: DeserializeOwned, E: de::Error>(
        &self,
        name: &'static str,
    ) -> Result<T, E> {
        union_score::with_tag(name, || self.branch())
    }

    /// Returns the error for a tag without a branch.
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

/// Writes a branch and its tag. The type of the branch does not write the tag.
///
/// # Errors
///
/// Returns an error if the serializer fails, or if the branch is not an object.
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
            // A type that keeps unknown properties also keeps the tag.
            entries.retain(|(other, _)| other != name);
            entries.insert(0, (name.to_owned(), text));
            Tree::Map(entries)
        }
        _ => return Err(no_place(name)),
    };
    tagged.serialize(serializer)
}

/// Writes a branch with a type that can write the tag.
///
/// If the type writes no tag, or null, `value` is written, if any.
///
/// # Errors
///
/// Returns an error if the serializer fails, if the branch is not an object, or if it writes no tag
/// or that of another branch.
pub fn write_checked<T: Serialize, S: Serializer>(
    branch: &T,
    name: &'static str,
    tags: &'static [&'static str],
    value: Option<Tree>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut tagged = Tree::of(branch).map_err(ser::Error::custom)?;
    let found = match &mut tagged {
        Tree::Struct(entries) => {
            let mut entries = entries.iter_mut();
            entries
                .find(|entry| entry.0 == name)
                .map(|entry| &mut entry.1)
        }
        Tree::Map(entries) => {
            let mut entries = entries.iter_mut();
            entries
                .find(|entry| entry.0 == name)
                .map(|entry| &mut entry.1)
        }
        _ => return Err(no_place(name)),
    };
    let found = found.filter(|found| !found.is_nothing());
    if let Some(found) = found {
        let tag = found.scalar();
        if !tag.as_deref().is_some_and(|tag| tags.contains(&tag)) {
            return Err(wrong_tag(name, tag, tags));
        }
        return tagged.serialize(serializer);
    }
    let value = value.ok_or_else(|| wrong_tag(name, None, tags))?;
    match &mut tagged {
        Tree::Struct(entries) => {
            entries.retain(|(other, _)| *other != name);
            entries.insert(0, (name, value));
        }
        Tree::Map(entries) => {
            entries.retain(|(other, _)| other != name);
            entries.insert(0, (name.to_owned(), value));
        }
        _ => return Err(no_place(name)),
    }
    tagged.serialize(serializer)
}

#[cold]
fn no_place<E: ser::Error>(name: &'static str) -> E {
    E::custom(format_args!(
        "the tag `{name}` can only be written in an object"
    ))
}

#[cold]
fn wrong_tag<E: ser::Error>(name: &'static str, tag: Option<String>, tags: &[&str]) -> E {
    match tag {
        Some(tag) => E::custom(format_args!(
            "the tag `{name}` is {tag:?}, which selects another branch: expected {tags:?}"
        )),
        None => E::custom(format_args!(
            "the tag `{name}` is missing: expected one of {tags:?}"
        )),
    }
}

/// Implements `Serialize` and `Deserialize` for a union, from a table with a row for each branch.
///
/// Each row lists the tags of a branch. By default, the branch's type does not have the tag
/// property, and the first tag is written. With `writes_tag`, the type always writes one of the
/// tags. With `checks_tag`, it is an error if the type writes another tag or none. With
/// `checks_tag(value)`, `value` replaces a missing tag.
/// `other(Other)`: the variant `Other(Json)` keeps other values.
macro_rules! tagged_union {
    ($type:ty, $name:literal $(, other($other:ident))? {
        $($variant:ident: $($tag:literal)|+ $($writes:ident $(($value:literal))?)?,)*
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
                            ::core::result::Result::map(
                                $crate::runtime::tagged_union::tagged_union!(
                                    @branch raw, $name $(, $writes)?
                                ),
                                Self::$variant,
                            )
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
                            @write branch, serializer, $name, [$($tag),+]
                            $($writes $(($value))?)?
                        ),
                    )*
                    $(Self::$other(value) => ::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }
    };
    (@branch $raw:ident, $name:literal, writes_tag) => { $raw.branch() };
    (@branch $raw:ident, $name:literal $(, checks_tag)?) => { $raw.branch_without_tag($name) };
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*], $other:ident) => {
        ::core::result::Result::map($raw.json(), Self::$other)
    };
    (@other $raw:ident, $name:literal, $tag:ident, [$($tags:literal),*]) => {
        $raw.no_branch($name, $tag, &[$($tags),*])
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$($tags:literal),+] writes_tag) => {
        ::serde::Serialize::serialize($branch, $serializer)
    };
    (
        @write $branch:ident, $serializer:ident, $name:literal, [$($tags:literal),+]
        checks_tag $(($value:literal))?
    ) => {
        $crate::runtime::tagged_union::write_checked(
            $branch,
            $name,
            &[$($tags),+],
            $crate::runtime::tagged_union::tagged_union!(@value $($value)?),
            $serializer,
        )
    };
    (@value) => {
        ::core::option::Option::None
    };
    (@value $value:literal) => {
        ::core::result::Result::ok($crate::runtime::tree::Tree::of(&$value))
    };
    (@write $branch:ident, $serializer:ident, $name:literal, [$tag:literal $(, $tags:literal)*]) => {
        $crate::runtime::tagged_union::write($branch, $name, $tag, $serializer)
    };
}

pub(crate) use tagged_union;
