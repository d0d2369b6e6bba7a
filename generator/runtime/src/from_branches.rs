//! `From` for the branches of a union: a macro that takes their names and types.

/// Implements `From` for each branch of a union. A boxed branch is listed by the type in the box.
macro_rules! from_branches {
    ($union:ident { $($branch:ident($type:ty)),* $(,)? }) => {$(
        impl ::core::convert::From<$type> for $union {
            fn from(value: $type) -> Self {
                // `into` boxes the value if necessary.
                Self::$branch(::core::convert::Into::into(value))
            }
        }
    )*};
}

pub(crate) use from_branches;
