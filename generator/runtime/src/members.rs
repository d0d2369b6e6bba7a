//! The members of a JSON object, in the order of reading or insertion.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::json_value::Json;

/// The maximum number of members without an index.
const FEW: usize = 16;

/// The members of an object. They keep their order, and their names are unique.
///
/// Two objects are equal if they have the same members in any order.
#[derive(Clone, Default)]
pub struct Members {
    list: Vec<(String, Json)>,
    /// `None` for few members. Boxed, because most objects are small.
    index: Option<Box<Index>>,
}

/// The positions in the list, sorted by name.
#[derive(Clone)]
struct Index(Vec<usize>);

impl Members {
    /// Returns an object without members.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns `true` if the object has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        let (_, value) = self.list.get(self.place(name).ok()?)?;
        Some(value)
    }

    /// Returns a mutable reference to the value of a name.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json> {
        let place = self.place(name).ok()?;
        let (_, value) = self.list.get_mut(place)?;
        Some(value)
    }

    /// Returns whether the object has a member of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Sets the value of a name and returns the previous one. A replaced member keeps its position;
    /// a new member is added at the end.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Json>) -> Option<Json> {
        let (name, value) = (name.into(), value.into());
        match self.place(&name) {
            Ok(place) => {
                let (_, before) = self.list.get_mut(place)?;
                Some(std::mem::replace(before, value))
            }
            Err(rank) => {
                self.list.push((name, value));
                match &mut self.index {
                    Some(index) => index.0.insert(rank, self.list.len() - 1),
                    None => self.build_index(),
                }
                None
            }
        }
    }

    /// Removes the member of a name and returns its value; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let place = self.place(name).ok()?;
        let (_, value) = self.list.remove(place);
        self.build_index();
        Some(value)
    }

    /// Returns the members in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Json)> + DoubleEndedIterator {
        self.list.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Returns the names in their order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator {
        self.list.iter().map(|(name, _)| name.as_str())
    }

    /// Returns the values in their order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Json> + DoubleEndedIterator {
        self.list.iter().map(|(_, value)| value)
    }

    /// Returns the position of a name, or the rank of an absent name in the index.
    fn place(&self, name: &str) -> Result<usize, usize> {
        let Some(index) = &self.index else {
            let place = self.list.iter().position(|(other, _)| other == name);
            return place.ok_or(0);
        };
        let rank = index
            .0
            .binary_search_by(|place| self.name(*place).cmp(name))?;
        index.0.get(rank).copied().ok_or(rank)
    }

    fn name(&self, place: usize) -> &str {
        self.list.get(place).map_or("", |(name, _)| name)
    }

    fn build_index(&mut self) {
        self.index = None;
        if self.list.len() > FEW {
            let mut places: Vec<usize> = (0..self.list.len()).collect();
            places.sort_by_key(|place| self.name(*place));
            self.index = Some(Box::new(Index(places)));
        }
    }

    /// Keeps the last value of each name, at the position of the first one.
    fn unite(list: Vec<(String, Json)>) -> Self {
        let is_repeated = if list.len() <= FEW {
            let names = |(at, (name, _)): (usize, &(String, Json))| {
                list.iter().take(at).any(|(other, _)| other == name)
            };
            list.iter().enumerate().any(names)
        } else {
            let mut names: Vec<&str> = list.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.windows(2).any(|pair| pair.first() == pair.last())
        };
        let mut members = Self {
            list: if is_repeated { last_values(list) } else { list },
            index: None,
        };
        members.build_index();
        members
    }
}

fn last_values(list: Vec<(String, Json)>) -> Vec<(String, Json)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<(String, Json)> = Vec::new();
    for (name, value) in list {
        let place = *places.entry(name.clone()).or_insert(kept.len());
        match kept.get_mut(place) {
            Some((_, before)) => *before = value,
            None => kept.push((name, value)),
        }
    }
    kept
}

impl<K: Into<String>, V: Into<Json>> FromIterator<(K, V)> for Members {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(members: I) -> Self {
        let members = members.into_iter();
        Self::unite(
            members
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

impl<K: Into<String>, V: Into<Json>> Extend<(K, V)> for Members {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, members: I) {
        for (name, value) in members {
            self.insert(name, value);
        }
    }
}

impl IntoIterator for Members {
    type Item = (String, Json);
    type IntoIter = std::vec::IntoIter<(String, Json)>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        let has = |(name, value): (&str, &Json)| other.get(name) == Some(value);
        self.len() == other.len() && self.iter().all(has)
    }
}

impl Eq for Members {}

/// Hashes in the order of the names, because equal objects can have different orders.
impl Hash for Members {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let mut members: Vec<(&str, &Json)> = self.iter().collect();
        members.sort_unstable_by_key(|(name, _)| *name);
        members.hash(state);
    }
}

impl fmt::Debug for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
