//! `oneOf` and `anyOf` without a property that selects the branch: a macro for a table of branches,
//! and its helpers.
//!
//! The first byte of a value excludes most branches. The names of an object give a minimum of what
//! a branch leaves unexplained. So usually only the best branch is tried.

use std::cell::OnceCell;
use std::fmt;

use serde::de::{self, Deserializer};

use super::json;
use super::json_value::Json;
use super::object_reader::{Object, Others};
use super::union::{self, Names, Raw};
use super::union_score::{self, Score, Tags};

/// A set of JSON kinds that the values of a branch can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u8);

#[allow(missing_docs, reason = "the name of each constant is its kind")]
impl Kinds {
    pub const NONE: Self = Self(0);
    pub const NULL: Self = Self(1);
    pub const BOOLEAN: Self = Self(2);
    pub const NUMBER: Self = Self(4);
    pub const STRING: Self = Self(8);
    pub const ARRAY: Self = Self(16);
    pub const OBJECT: Self = Self(32);
    pub const ANY: Self = Self(63);

    /// Returns the kinds of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn contains(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the kind of a JSON text.
    fn new(text: &str) -> Self {
        match text.as_bytes().first() {
            Some(b'n') => Self::NULL,
            Some(b't' | b'f') => Self::BOOLEAN,
            Some(b'"') => Self::STRING,
            Some(b'[') => Self::ARRAY,
            Some(b'{') => Self::OBJECT,
            _ => Self::NUMBER,
        }
    }
}

/// The known facts about a branch's objects.
#[derive(Clone, Copy, Debug)]
pub enum Content {
    /// No facts.
    Unknown,
    /// Its properties.
    Properties {
        /// The names.
        names: &'static [&'static str],
        /// True for each required name.
        required: &'static [bool],
        /// The handling of other properties.
        others: Others,
    },
    /// All properties are kept, and none is declared.
    Map,
    /// Any value is kept unchanged.
    Any,
}

impl Content {
    /// Returns the properties of the type in a variant.
    pub const fn of<T: Object<'static>, U>(_variant: fn(T) -> U) -> Self {
        Self::Properties {
            names: T::NAMES,
            required: T::REQUIRED,
            others: T::OTHERS,
        }
    }
}

/// A branch of a union, read as the union's type.
#[derive(Debug)]
pub struct Branch<U: 'static> {
    /// The name of the variant.
    pub name: &'static str,
    /// The JSON kinds of its values.
    pub kinds: Kinds,
    /// The known facts about its objects.
    pub content: Content,
    /// Reads it from JSON text. The error is for [`json::unpack`].
    pub read: fn(&str) -> Result<U, String>,
}

/// Reads the branch that explains a value best, or keeps the value as JSON.
///
/// # Errors
///
/// Returns the errors of [`Raw::read`].
pub fn read_open<'de, D: Deserializer<'de>, U>(
    deserializer: D,
    branches: &'static [Branch<U>],
    other: fn(Json) -> U,
) -> Result<U, D::Error> {
    let raw = Raw::read(deserializer)?;
    match choose(&raw, branches).map_err(de::Error::custom)? {
        Some(branch) => Ok(branch),
        None => raw.json().map(other),
    }
}

/// Reads the branch that explains a value best.
///
/// # Errors
///
/// Returns the errors of [`Raw::read`], or an error if the value matches no branch.
pub fn read_closed<'de, D: Deserializer<'de>, U>(
    deserializer: D,
    branches: &'static [Branch<U>],
) -> Result<U, D::Error> {
    let raw = Raw::read(deserializer)?;
    match choose(&raw, branches).map_err(de::Error::custom)? {
        Some(branch) => Ok(branch),
        None => any(&raw, branches),
    }
}

/// Returns the branch that explains a value best, or the first of equals; `None` if no branch can
/// be read.
fn choose<U>(raw: &Raw, branches: &[Branch<U>]) -> Result<Option<U>, &'static str> {
    let kind = Kinds::new(raw.text());
    let text = Text::new(raw);
    let mut candidates = branches.iter().filter(|branch| branch.kinds.contains(kind));
    match (candidates.next(), candidates.next()) {
        (None, _) => Ok(None),
        (Some(only), None) => text.only(only),
        (Some(_), Some(_)) => text.best(branches, kind),
    }
}

/// The text of a value that branches try to read.
struct Text<'r> {
    raw: &'r Raw,
    /// The text with integers such as `5.0` written as digits only, if any.
    plain: OnceCell<Option<String>>,
}

impl<'r> Text<'r> {
    fn new(raw: &'r Raw) -> Self {
        Self {
            raw,
            plain: OnceCell::new(),
        }
    }

    /// Reads a branch, or returns `None` if it cannot be read.
    fn read<U>(&self, branch: &Branch<U>) -> Result<Option<U>, &'static str> {
        self.raw.spend()?;
        let read = |text| union_score::attempt(|| (branch.read)(text));
        let value = read(self.raw.text()).ok();
        Ok(value.or_else(|| read(self.plain()?).ok()))
    }

    /// Returns the text with `5.0` as an integer, as in a plain struct.
    fn plain(&self) -> Option<&str> {
        let plain = self
            .plain
            .get_or_init(|| json::without_zero_fractions(self.raw.text()));
        plain.as_deref()
    }

    /// Reads the only branch with values of this kind. Unexplained parts count for the outer union,
    /// if any.
    fn only<U>(&self, branch: &Branch<U>) -> Result<Option<U>, &'static str> {
        let value = self.read(branch)?;
        if value.is_some() && union_score::is_measuring() {
            let names = match branch.content {
                Content::Map => Names::new(self.raw.text()),
                _ => Names::default(),
            };
            union_score::add(branch.content.kept(self.raw, &names));
        }
        Ok(value)
    }

    /// Reads the best of several branches with values of this kind.
    fn best<U>(&self, branches: &[Branch<U>], kind: Kinds) -> Result<Option<U>, &'static str> {
        let tags = union_score::take_tags();
        let names = if kind == Kinds::OBJECT {
            Names::new(self.raw.text())
        } else {
            Names::default()
        };
        let least =
            |branch: &Branch<U>, limit| branch.content.least(&names, &tags, self.raw, limit);
        let read = |branch: &Branch<U>| -> Result<Option<(Score, U)>, &'static str> {
            let (value, score) = union_score::measure(tags, || self.read(branch));
            let kept = || branch.content.kept(self.raw, &names);
            Ok(value?.map(|value| (score.plus(kept()), value)))
        };
        let candidates = || {
            let branches = branches.iter().enumerate();
            branches.filter(|(_, branch)| branch.kinds.contains(kind))
        };
        // Usually, the branch with the lowest possible score is the best one.
        let Some((expected, at, branch)) = most_promising(candidates(), least) else {
            return Ok(None);
        };
        let mut best = read(branch)?.map(|(score, value)| ((score, at), value));
        if best
            .as_ref()
            .is_none_or(|((score, _), _)| *score != expected)
        {
            let mut others: Vec<_> = candidates()
                .filter(|(position, _)| *position != at)
                .filter_map(|(position, branch)| {
                    Some(((least(branch, usize::MAX)?, position), branch))
                })
                .collect();
            others.sort_unstable_by_key(|(least, _)| *least);
            for ((least, position), branch) in others {
                if best
                    .as_ref()
                    .is_some_and(|(score, _)| *score < (least, position))
                {
                    break;
                }
                if let Some((score, value)) = read(branch)?
                    && best
                        .as_ref()
                        .is_none_or(|(least, _)| (score, position) < *least)
                {
                    best = Some(((score, position), value));
                }
            }
        }
        Ok(best.map(|((score, _), value)| {
            union_score::add(score);
            value
        }))
    }
}

/// Returns the branch with the lowest possible score, after this score and the branch's position.
fn most_promising<'b, U>(
    candidates: impl Iterator<Item = (usize, &'b Branch<U>)>,
    least: impl Fn(&Branch<U>, usize) -> Option<Score>,
) -> Option<(Score, usize, &'b Branch<U>)> {
    let mut first: Option<(Score, usize, &Branch<U>)> = None;
    for (position, branch) in candidates {
        let limit = first
            .as_ref()
            .map_or(usize::MAX, |(score, ..)| score.unexplained);
        if let Some(score) = least(branch, limit)
            && first.as_ref().is_none_or(|(least, ..)| score < *least)
        {
            first = Some((score, position, branch));
            if score == Score::default() {
                break;
            }
        }
    }
    first
}

impl Content {
    /// Returns the lowest possible score of a value; `None` if it cannot be read, or exceeds the
    /// limit of unexplained values.
    fn least(&self, names: &Names<'_>, tags: &Tags, raw: &Raw, limit: usize) -> Option<Score> {
        let Self::Properties {
            names: declared,
            required,
            others,
        } = self
        else {
            return Some(self.kept(raw, names));
        };
        let mut score = Score::default();
        let mut missing = required.iter().filter(|required| **required).count();
        // Most texts have the properties in the declared order.
        let mut next = 0;
        for (name, weight) in &names.0 {
            let name = name.as_ref();
            let row = if declared.get(next) == Some(&name) {
                Some(next)
            } else {
                declared.iter().position(|one| *one == name)
            };
            if let Some(row) = row {
                next = row + 1;
                missing = missing.saturating_sub(usize::from(required.get(row) == Some(&true)));
                continue;
            }
            if tags.contains(&Some(name)) {
                continue;
            }
            match others {
                Others::Skipped => score.unexplained += weight,
                Others::Unexpected => {
                    score.unexplained += weight;
                    score.invalid += 1;
                }
                Others::Refused => return None,
                Others::Kept => score.undeclared += 1,
            }
            if score.unexplained > limit {
                return None;
            }
        }
        (missing == 0).then_some(score)
    }

    /// Returns the score of kept values that reading does not count.
    fn kept(&self, raw: &Raw, names: &Names<'_>) -> Score {
        let undeclared = match self {
            Self::Unknown | Self::Properties { .. } => 0,
            Self::Map => names.0.len(),
            Self::Any => union::weight(raw.text()),
        };
        Score {
            undeclared,
            ..Score::default()
        }
    }
}

/// Returns the first branch that can be read, whatever its kinds.
///
/// # Errors
///
/// Returns the errors of all branches if there is none.
#[cold]
fn any<U, E: de::Error>(raw: &Raw, branches: &[Branch<U>]) -> Result<U, E> {
    let mut failures = Vec::with_capacity(branches.len());
    for branch in branches {
        let read = match raw.spend() {
            Ok(()) => union_score::attempt(|| (branch.read)(raw.text())),
            Err(message) => Err(message.to_owned()),
        };
        match read {
            Ok(value) => return Ok(value),
            Err(message) => failures.push((branch.name, message)),
        }
    }
    Err(E::custom(Failures(&failures)))
}

struct Failures<'a>(&'a [(&'static str, String)]);

impl fmt::Display for Failures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("none of the alternatives")?;
        for (i, (name, message)) in self.0.iter().take(8).enumerate() {
            let separator = if i == 0 { ": " } else { "; " };
            let (path, message) = json::unpack(message);
            let at = if path.is_empty() { "" } else { " at " };
            write!(f, "{separator}not `{name}`{at}{path}, {message}")?;
        }
        Ok(())
    }
}

/// Implements `Serialize` and `Deserialize` for a union, from a table with a row for each branch.
///
/// Each row lists the JSON kinds of the branch's values: `null`, `boolean`, `number`, `string`,
/// `array`, `object`. Alone, `struct` is an object with a table of properties, `map` is an object
/// without declared properties, and `any` is any value.
/// `other(Other)`: the variant `Other(Json)` keeps a value that no branch reads.
macro_rules! untagged_union {
    ($type:ty $(, other($other:ident))? { $($variant:ident: $($kind:ident)|+,)* }) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::runtime::untagged_union::untagged_union!(
                    @read $type, deserializer, [$($variant: [$($kind)|+],)*] $(, $other)?
                )
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(branch) => ::serde::Serialize::serialize(branch, serializer),)*
                    $(Self::$other(value) => ::serde::Serialize::serialize(value, serializer),)?
                }
            }
        }
    };
    (@read $type:ty, $deserializer:ident, $rows:tt, $other:ident) => {{
        const BRANCHES: &[$crate::runtime::untagged_union::Branch<$type>] =
            $crate::runtime::untagged_union::untagged_union!(@rows $type, read_silently, $rows);
        $crate::runtime::untagged_union::read_open($deserializer, BRANCHES, Self::$other)
    }};
    (@read $type:ty, $deserializer:ident, $rows:tt) => {{
        const BRANCHES: &[$crate::runtime::untagged_union::Branch<$type>] =
            $crate::runtime::untagged_union::untagged_union!(@rows $type, read_inner, $rows);
        $crate::runtime::untagged_union::read_closed($deserializer, BRANCHES)
    }};
    (@rows $type:ty, $read:ident, [$($variant:ident: $kinds:tt,)*]) => {
        &[$($crate::runtime::untagged_union::Branch {
            name: ::core::stringify!($variant),
            kinds: $crate::runtime::untagged_union::untagged_union!(@kinds $kinds),
            content: $crate::runtime::untagged_union::untagged_union!(
                @content $kinds, <$type>::$variant
            ),
            read: |text| {
                ::core::result::Result::map(
                    $crate::runtime::json::$read(text),
                    <$type>::$variant,
                )
            },
        }),*]
    };
    (@kinds [$($kind:ident)|+]) => {
        $crate::runtime::untagged_union::Kinds::NONE
            $(.or($crate::runtime::untagged_union::untagged_union!(@kind $kind)))+
    };
    (@kind null) => { $crate::runtime::untagged_union::Kinds::NULL };
    (@kind boolean) => { $crate::runtime::untagged_union::Kinds::BOOLEAN };
    (@kind number) => { $crate::runtime::untagged_union::Kinds::NUMBER };
    (@kind string) => { $crate::runtime::untagged_union::Kinds::STRING };
    (@kind array) => { $crate::runtime::untagged_union::Kinds::ARRAY };
    (@kind any) => { $crate::runtime::untagged_union::Kinds::ANY };
    // `object`, `struct`, `map`
    (@kind $object:ident) => { $crate::runtime::untagged_union::Kinds::OBJECT };
    (@content [struct], $variant:expr) => {
        $crate::runtime::untagged_union::Content::of($variant)
    };
    (@content [map], $variant:expr) => { $crate::runtime::untagged_union::Content::Map };
    (@content [any], $variant:expr) => { $crate::runtime::untagged_union::Content::Any };
    (@content $kinds:tt, $variant:expr) => { $crate::runtime::untagged_union::Content::Unknown };
}

pub(crate) use untagged_union;
