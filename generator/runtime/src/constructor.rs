//! Constructors of types: a macro that takes a list of the arguments.

/// Implements `new` for a struct. Its arguments are the properties without another source of a
/// value; `sets` lists the values of the others.
#[allow(unused_macros, reason = "not every document has such a type")]
macro_rules! constructor {
    (
        $type:ident($($argument:ident: $argument_type:ty),* $(,)?)
        $(sets($($property:ident: $value:expr),* $(,)?))?
    ) => {
        impl $type {
            /// Takes the required properties; the others are absent or have their default.
            #[allow(clippy::too_many_arguments, reason = "the schema requires so many")]
            #[must_use]
            pub fn new($($argument: $argument_type),*) -> Self {
                Self {
                    $($argument: ::core::convert::Into::into($argument),)*
                    $($($property: $value,)*)?
                }
            }
        }
    };
}

#[allow(
    unused_imports,
    reason = "used by the types that have required properties"
)]
pub(crate) use constructor;
