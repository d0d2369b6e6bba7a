//! A serializer that fails with the number of properties that it is given. A format that writes the
//! number first depends on it.

use std::fmt;

use serde::Serialize;

pub(super) struct Count;

/// The number of properties; `None` if the serializer was not given one.
#[derive(Debug)]
pub(super) struct Counted(pub(super) Option<usize>);

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Counted {}

impl serde::ser::Error for Counted {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(None)
    }
}

macro_rules! others {
    ($($method:ident($($type:ty),*),)*) => { $(fn $method(self, $(_: $type),*) -> Result<(), Counted> { Err(Counted(None)) })* };
}

type No = serde::ser::Impossible<(), Counted>;

impl serde::Serializer for Count {
    type Ok = ();
    type Error = Counted;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = No;
    type SerializeStructVariant = No;
    others! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_str(&str), serialize_bytes(&[u8]),
        serialize_none(), serialize_unit(), serialize_unit_struct(&'static str),
        serialize_unit_variant(&'static str, u32, &'static str),
    }
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Counted> {
        Err(Counted(None))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<(), Counted> {
        Err(Counted(None))
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Counted> {
        Err(Counted(None))
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<No, Counted> {
        Err(Counted(None))
    }
    fn serialize_tuple(self, _: usize) -> Result<No, Counted> {
        Err(Counted(None))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<No, Counted> {
        Err(Counted(None))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, Counted> {
        Err(Counted(None))
    }
    fn serialize_map(self, length: Option<usize>) -> Result<No, Counted> {
        Err(Counted(length))
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<No, Counted> {
        Err(Counted(Some(length)))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<No, Counted> {
        Err(Counted(None))
    }
}
