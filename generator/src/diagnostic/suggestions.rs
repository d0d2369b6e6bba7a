//! Finds similar names, for "did you mean".

use std::cell::Cell;

/// Longer names are not compared.
const LONGEST: usize = 100;

/// The maximum number of names that a name is compared with.
const MOST: usize = 20_000;

/// The maximum number of pairs of characters that are compared for one suggestion.
const PAIRS: usize = 1_000_000;

/// The maximum for all suggestions of a thread. Each run has its own thread.
const ALL_PAIRS: usize = 20_000_000;

thread_local! {
    static LEFT: Cell<usize> = const { Cell::new(ALL_PAIRS) };
}

/// Returns the name of `names` that is most similar to `name`.
///
/// Returns `None` if none is similar, or if comparing names has taken too long so far.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let left_of_all = LEFT.get();
    let allowed = left_of_all.min(PAIRS);
    let mut left = allowed;
    let found = nearest_within(&mut left, name, names);
    LEFT.set(left_of_all - (allowed - left));
    found
}

fn nearest_within<'a>(
    left: &mut usize,
    name: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let length = name.chars().count();
    let limit = length.max(3) / 3;
    let folded = fold(name);
    let own = letters(name);
    let mut take = |pairs| {
        let rest = left.checked_sub(pairs)?;
        *left = rest;
        Some(())
    };
    let mut best: Option<(usize, &str)> = None;
    for other in names.into_iter().take(MOST) {
        if other.len() > LONGEST || other.len().abs_diff(name.len()) > limit.max(3) {
            continue;
        }
        // Reading a name takes time too.
        if take(other.len()).is_none() {
            break;
        }
        let distance = if folded == fold(other) {
            0
        } else if unlike(&own, &letters(other)) > limit {
            continue;
        } else if take(name.len() * other.len()).is_none() {
            break;
        } else {
            strsim::damerau_levenshtein(name, other)
        };
        // Every character differs, so it is not a misspelling.
        let is_like = distance <= limit && distance < length;
        if is_like && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, other));
        }
    }
    best.map(|(_, other)| other)
}

fn fold(text: &str) -> String {
    text.to_lowercase().replace(['_', '-', ' ', '.'], "")
}

/// Returns how often each byte occurs in a text.
fn letters(text: &str) -> [u8; 256] {
    let mut counts = [0_u8; 256];
    for byte in text.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count = count.saturating_add(1);
        }
    }
    counts
}

/// Returns a lower bound of the number of characters that differ between two texts. A character has
/// at most four bytes.
fn unlike(one: &[u8; 256], other: &[u8; 256]) -> usize {
    let pairs = || one.iter().zip(other);
    let more: usize = pairs()
        .map(|(a, b)| usize::from(a.saturating_sub(*b)))
        .sum();
    let fewer: usize = pairs()
        .map(|(a, b)| usize::from(b.saturating_sub(*a)))
        .sum();
    more.max(fewer).div_ceil(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name() {
        let names = ["Pet", "Pets", "pet_owner", "Österreich", "Zebra"];
        for (name, expected) in [
            ("Pett", Some("Pet")),
            ("PetOwner", Some("pet_owner")),
            ("Osterreich", Some("Österreich")),
            ("zebra", Some("Zebra")),
            ("Elephant", None),
            ("a", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, names), expected, "{name}");
        }
        let long = "x".repeat(1_000_000);
        assert_eq!(nearest(&long, [long.as_str()]), None);
    }

    #[test]
    fn limits_the_time_for_many_similar_names() {
        let end = "x".repeat(90);
        let names: Vec<String> = (0..20_000)
            .map(|number| format!("N{number:05}{end}"))
            .collect();
        let name = format!("M12345{end}");
        let mut compared = 0;
        for _ in 0..100 {
            let found = nearest(&name, names.iter().map(String::as_str));
            assert!(found.is_none_or(|found| found.ends_with(&end)));
            compared += usize::from(found.is_some());
        }
        assert!((1..100).contains(&compared));
        assert!(LEFT.get() < PAIRS);
    }
}
