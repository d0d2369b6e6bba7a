//! The data that a value serializes to, before it becomes text: for parameters, forms and
//! comparisons, which need its structure.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use serde::ser::{self, Serialize, SerializeStruct, Serializer};
use serde_json::value::RawValue;

/// A value as in JSON, with its properties in the order of serialization.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// An omitted property.
    Absent,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number without a fraction.
    Integer(i128),
    /// A finite number.
    Float(f64),
    /// A number with exactly these digits.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Tree>),
    /// An object with declared properties. Some can be [`Absent`](Self::Absent).
    Struct(Vec<(&'static str, Tree)>),
    /// Any other object.
    Map(Vec<(String, Tree)>),
    /// A value that cannot be serialized, such as a file, by its number in another list.
    Attached(usize),
}

impl Tree {
    /// The name of the newtype that turns a number into an [`Attached`](Self::Attached).
    pub const ATTACHED: &'static str = "$attached";

    /// The name of the newtype that turns the text of a value into a [`Number`](Self::Number).
    const NUMBER: &'static str = "$number";

    /// Serializes a value.
    ///
    /// # Errors
    ///
    /// Returns an error if JSON cannot represent the value, such as a number that is not finite.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, TreeError> {
        value.serialize(Planter)
    }

    /// Returns a string, number or boolean as text, or else `None`.
    #[must_use]
    pub fn scalar(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Integer(value) => Some(value.to_string()),
            Self::Float(value) => Some(float_text(*value)),
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Returns the properties of an object, or else `None`.
    #[must_use]
    pub fn into_entries(self) -> Option<Vec<(Cow<'static, str>, Tree)>> {
        match self {
            Self::Struct(entries) => Some(
                entries
                    .into_iter()
                    .map(|(name, value)| (Cow::Borrowed(name), value))
                    .collect(),
            ),
            Self::Map(entries) => Some(
                entries
                    .into_iter()
                    .map(|(name, value)| (Cow::Owned(name), value))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Returns `true` if there is no value.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }
}

/// Returns a float as in JSON, without a zero fraction.
pub(super) fn float_text(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 {
        format!("{value:.0}")
    } else {
        // If two texts are equally short and near, Rust may choose the other one.
        serde_json::Number::from_f64(value)
            .map_or_else(|| format!("{value:?}"), |number| number.to_string())
    }
}

/// Writes the JSON of the original value.
impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Null => serializer.serialize_unit(),
            Self::Attached(_) => Err(ser::Error::custom("a file inside of a JSON text")),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => match (i64::try_from(*value), u64::try_from(*value)) {
                (Ok(value), _) => serializer.serialize_i64(value),
                (_, Ok(value)) => serializer.serialize_u64(value),
                _ => serializer.serialize_i128(*value),
            },
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Number(text) => Digits(text).serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Struct(entries) => {
                let shown = entries.iter().filter(|(_, value)| *value != Self::Absent);
                let mut object = serializer.serialize_struct("object", shown.count())?;
                for (name, value) in entries {
                    match value {
                        Self::Absent => object.skip_field(name)?,
                        value => object.serialize_field(name, value)?,
                    }
                }
                object.end()
            }
            Self::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

/// A number with exactly these digits.
///
/// Only `serde_json` can write any digits. If an `f64` has the same digits, it is written instead,
/// so that other formats also get a number.
#[derive(Clone, Copy, Debug)]
pub struct Digits<'a>(pub &'a str);

impl Serialize for Digits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Tree::NUMBER, &Verbatim(self.0))
    }
}

struct Verbatim<'a>(&'a str);

impl Serialize for Verbatim<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !EXACT.get()
            && is_short(self.0)
            && let Ok(value) = self.0.parse()
        {
            return serializer.serialize_f64(value);
        }
        let text: &RawValue = serde_json::from_str(self.0).map_err(ser::Error::custom)?;
        text.serialize(serializer)
    }
}

/// Returns `true` if each format writes an `f64` with these digits: up to 15 are exact.
fn is_short(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let Some((whole, fraction)) = text.split_once('.') else {
        return false;
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    // Smaller numbers are written with an exponent.
    let is_large = whole != "0" || fraction == "0" || !fraction.starts_with("0000");
    is_digits(whole)
        && is_digits(fraction)
        && whole.len() + fraction.len() <= 15
        && is_large
        && (fraction == "0" || !fraction.ends_with('0'))
}

thread_local! {
    /// True if the serializer is known to accept any digits of a number.
    static EXACT: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function that writes to `serde_json` or to a [`Tree`].
pub(super) fn exactly<R>(write: impl FnOnce() -> R) -> R {
    /// Restores the previous value, also if writing panics.
    struct Scope(bool);

    impl Drop for Scope {
        fn drop(&mut self) {
            EXACT.set(self.0);
        }
    }

    let _scope = Scope(EXACT.replace(true));
    write()
}

/// An error for a value that JSON cannot represent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeError(String);

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TreeError {}

impl ser::Error for TreeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

struct Planter;

macro_rules! integers {
    ($($method:ident $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<Tree, TreeError> {
            Ok(Tree::Integer(value.into()))
        })*
    };
}

impl Serializer for Planter {
    type Ok = Tree;
    type Error = TreeError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries<String>;
    type SerializeStruct = Entries<&'static str>;
    type SerializeStructVariant = Entries<&'static str>;

    integers! {
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64,
    }

    fn serialize_bool(self, value: bool) -> Result<Tree, TreeError> {
        Ok(Tree::Bool(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Tree, TreeError> {
        // By its own shortest text: 0.1, not 0.10000000149.
        match format!("{value:?}").parse() {
            Ok(value) => self.serialize_f64(value),
            Err(error) => Err(ser::Error::custom(error)),
        }
    }

    fn serialize_f64(self, value: f64) -> Result<Tree, TreeError> {
        if value.is_finite() {
            Ok(Tree::Float(value))
        } else {
            Err(TreeError(format!("{value} is not a JSON number")))
        }
    }

    fn serialize_char(self, value: char) -> Result<Tree, TreeError> {
        Ok(Tree::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Tree, TreeError> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Tree, TreeError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, TreeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Tree, TreeError> {
        Ok(Tree::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Tree, TreeError> {
        Ok(Tree::Text(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Tree, TreeError> {
        if name == Tree::NUMBER {
            // The text is the only entry that a raw value serializes.
            return match exactly(|| value.serialize(self))? {
                Tree::Struct(entries) => match entries.into_iter().next() {
                    Some((_, Tree::Text(text))) => Ok(Tree::Number(text)),
                    _ => Err(ser::Error::custom("a number without digits")),
                },
                tree => Ok(tree),
            };
        }
        match value.serialize(self)? {
            Tree::Integer(number) if name == Tree::ATTACHED => {
                Ok(Tree::Attached(usize::try_from(number).unwrap_or_default()))
            }
            tree => Ok(tree),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Tree, TreeError> {
        let value = value.serialize(self)?;
        Ok(Tree::Map(vec![(variant.to_owned(), value)]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, TreeError> {
        Ok(Items::new(None, length.unwrap_or_default()))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, TreeError> {
        Ok(Items::new(None, length))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Items, TreeError> {
        Ok(Items::new(None, length))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, TreeError> {
        Ok(Items::new(Some(variant), length))
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Entries<String>, TreeError> {
        Ok(Entries::new(None, 0))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStruct, TreeError> {
        Ok(Entries::new(None, length))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Self::SerializeStructVariant, TreeError> {
        Ok(Entries::new(Some(variant), length))
    }
}

struct Items {
    variant: Option<&'static str>,
    items: Vec<Tree>,
}

impl Items {
    fn new(variant: Option<&'static str>, length: usize) -> Self {
        // The length is not trusted.
        Self {
            variant,
            items: Vec::with_capacity(length.min(1024)),
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
        self.items.push(Tree::of(value)?);
        Ok(())
    }

    fn finish(self) -> Tree {
        let list = Tree::List(self.items);
        match self.variant {
            None => list,
            Some(variant) => Tree::Map(vec![(variant.to_owned(), list)]),
        }
    }
}

macro_rules! items {
    ($($trait:ident $method:ident,)*) => {
        $(impl ser::$trait for Items {
            type Ok = Tree;
            type Error = TreeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
                self.push(value)
            }

            fn end(self) -> Result<Tree, TreeError> {
                Ok(self.finish())
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

struct Entries<N> {
    variant: Option<&'static str>,
    entries: Vec<(N, Tree)>,
    key: Option<N>,
}

impl<N> Entries<N> {
    fn new(variant: Option<&'static str>, length: usize) -> Self {
        Self {
            variant,
            entries: Vec::with_capacity(length.min(1024)),
            key: None,
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, name: N, value: &T) -> Result<(), TreeError> {
        self.entries.push((name, Tree::of(value)?));
        Ok(())
    }
}

impl ser::SerializeMap for Entries<String> {
    type Ok = Tree;
    type Error = TreeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), TreeError> {
        match Tree::of(key)?.scalar() {
            Some(key) => {
                self.key = Some(key);
                Ok(())
            }
            None => Err(ser::Error::custom("the name of a property is not text")),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), TreeError> {
        match self.key.take() {
            Some(key) => self.push(key, value),
            None => Err(ser::Error::custom("a property without a name")),
        }
    }

    fn end(self) -> Result<Tree, TreeError> {
        Ok(Tree::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries<&'static str> {
    type Ok = Tree;
    type Error = TreeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), TreeError> {
        self.push(name, value)
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), TreeError> {
        self.entries.push((name, Tree::Absent));
        Ok(())
    }

    fn end(self) -> Result<Tree, TreeError> {
        Ok(Tree::Struct(self.entries))
    }
}

impl ser::SerializeStructVariant for Entries<&'static str> {
    type Ok = Tree;
    type Error = TreeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), TreeError> {
        self.push(name, value)
    }

    fn end(self) -> Result<Tree, TreeError> {
        let object = Tree::Struct(self.entries);
        match self.variant {
            None => Ok(object),
            Some(variant) => Ok(Tree::Map(vec![(variant.to_owned(), object)])),
        }
    }
}
