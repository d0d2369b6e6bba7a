//! The treatment of `null` by a schema.

/// The treatment of `null` by a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nullability {
    /// Allows `null` explicitly: by `nullable`, `null` in `type` or `enum`, or a branch that does.
    Stated,
    /// Allows any value of any type.
    Any,
    /// Does not allow `null`.
    Refused,
}

impl Nullability {
    /// Combines schemas that all apply to a value: each must allow `null`.
    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Any;
        for part in parts {
            match part {
                Self::Refused => return Self::Refused,
                Self::Stated => all = Self::Stated,
                Self::Any => {}
            }
        }
        all
    }

    /// Combines the branches of a `oneOf` or `anyOf`: one must allow `null`.
    pub(super) fn any(branches: impl IntoIterator<Item = Self>) -> Self {
        let mut any = Self::Refused;
        for branch in branches {
            match branch {
                Self::Stated => return Self::Stated,
                Self::Any => any = Self::Any,
                Self::Refused => {}
            }
        }
        any
    }
}
