//! Items of the runtime that several files name.

use crate::emit::scope::Item;

pub(super) const REJECTION: Item = Item::runtime("Rejection");

pub(super) const REPLY: Item = Item::runtime("Reply");
