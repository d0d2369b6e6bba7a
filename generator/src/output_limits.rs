//! The limits on the size of the output. They bound each number in a document that becomes a count.

use std::cell::Cell;

use serde_json::Value;

/// The maximum number of values in an example made from a schema.
pub(crate) const EXAMPLE_VALUES: usize = 100;

/// The maximum size of the text in an example made from a schema, in bytes.
pub(crate) const EXAMPLE_BYTES: usize = 10_000;

/// The maximum number of schemas that are visited to make one example.
pub(crate) const EXAMPLE_STEPS: usize = 1_000;

/// The maximum number of schemas that are visited to make all examples.
pub(crate) const ALL_EXAMPLE_STEPS: usize = 5_000_000;

/// The maximum number of values in the requests and responses of all generated tests, and in the
/// examples of schemas that are tested.
pub(crate) const TEST_VALUES: usize = 1_000_000;

/// The maximum size of the text in these, in bytes.
pub(crate) const TEST_BYTES: usize = 64 * 1024 * 1024;

/// The maximum number of parts of all operations: parameters, media types, headers and responses.
pub(crate) const OPERATION_PARTS: usize = 400_000;

/// The number of parts that an operation itself counts as.
pub(crate) const PARTS_OF_AN_OPERATION: usize = 4;

/// The maximum number of paths, webhooks and other path items.
pub(crate) const PATHS: usize = 40_000;

/// The size of a description that counts as one part, in bytes.
pub(crate) const TEXT_OF_A_PART: usize = 500;

/// The maximum number of entries of a list of an operation, such as `parameters` and `content`.
pub(crate) const LONGEST_LIST: usize = 1_000;

/// The maximum number of fields, variants and default values of all types.
pub(crate) const TYPE_PARTS: usize = 300_000;

/// The number of parts that a webhook or a callback counts as.
pub(crate) const PARTS_OF_A_WEBHOOK: usize = 10;

/// The number of parts that a type itself counts as.
pub(crate) const PARTS_OF_A_TYPE: usize = 4;

/// The maximum number of errors, and of warnings, that are kept. Further ones are counted.
pub(crate) const FINDINGS: usize = 10_000;

/// The maximum size of the errors, and of the warnings, that are kept, in bytes.
pub(crate) const FINDING_BYTES: usize = 64 * 1024 * 1024;

/// The maximum length of a text in a diagnostic, in bytes.
pub(crate) const FINDING_TEXT: usize = 2_000;

/// The maximum length of a name or pattern in a text that is shortened, in bytes.
pub(crate) const FINDING_NAME: usize = 200;

/// The remaining budget for values and text.
#[derive(Debug)]
pub(crate) struct Room {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

/// The state of a [`Room`], to restore it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    values: usize,
    bytes: usize,
}

impl Room {
    /// Creates a budget of values and bytes of text.
    pub(crate) fn new(values: usize, bytes: usize) -> Self {
        Self {
            values: Cell::new(values),
            bytes: Cell::new(bytes),
        }
    }

    /// Takes from the budget. Returns `None`, and empties the budget, if it is not enough.
    pub(crate) fn take(&self, values: usize, bytes: usize) -> Option<()> {
        let values = self.values.get().checked_sub(values);
        let bytes = self.bytes.get().checked_sub(bytes);
        let left = values.zip(bytes);
        let (values, bytes) = left.unwrap_or_default();
        self.values.set(values);
        self.bytes.set(bytes);
        left.map(|_| ())
    }

    /// Takes the size of several copies of a value from the budget.
    pub(crate) fn take_copies(&self, value: &Value, copies: usize) -> Option<()> {
        if copies == 0 {
            return Some(());
        }
        let size = size(value, self.values.get(), self.bytes.get());
        let (values, bytes) = size.unwrap_or((usize::MAX, usize::MAX));
        self.take(values.saturating_mul(copies), bytes.saturating_mul(copies))
    }

    /// Returns the remaining number of values.
    pub(crate) fn values(&self) -> usize {
        self.values.get()
    }

    /// Returns the state, for [`restore`](Self::restore).
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            values: self.values.get(),
            bytes: self.bytes.get(),
        }
    }

    /// Returns the budget that was taken since a mark.
    pub(crate) fn restore(&self, mark: Mark) {
        self.values.set(mark.values);
        self.bytes.set(mark.bytes);
    }
}

/// Returns the number of values and bytes of text in a value, or `None` if it has more than the
/// limits.
pub(crate) fn size(value: &Value, most_values: usize, most_bytes: usize) -> Option<(usize, usize)> {
    let (mut values, mut bytes) = (0, 0);
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        values += 1;
        match value {
            Value::String(text) => bytes += text.len(),
            Value::Array(items) if items.len() <= most_values => queue.extend(items),
            Value::Object(members) if members.len() <= most_values => {
                for (name, value) in members {
                    bytes += name.len();
                    queue.push(value);
                }
            }
            Value::Array(_) | Value::Object(_) => return None,
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        if values > most_values || bytes > most_bytes {
            return None;
        }
    }
    Some((values, bytes))
}

/// Returns the number of values in a value.
pub(crate) fn count(value: &Value) -> usize {
    let mut count = 0;
    let mut queue = vec![value];
    while let Some(value) = queue.pop() {
        count += 1;
        match value {
            Value::Array(items) => queue.extend(items),
            Value::Object(members) => queue.extend(members.values()),
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_has_a_size() {
        let value = json!({ "ab": [1, "cde", null], "f": {} });
        assert_eq!(size(&value, 10, 10), Some((6, 6)));
        assert_eq!(size(&value, 6, 6), Some((6, 6)));
        assert_eq!(size(&value, 5, 6), None);
        assert_eq!(size(&value, 6, 5), None);
        assert_eq!(count(&value), 6);
    }

    #[test]
    fn budget_is_taken_and_restored() {
        let room = Room::new(10, 10);
        let mark = room.mark();
        assert_eq!(room.take_copies(&json!("abc"), 3), Some(()));
        assert_eq!(room.take_copies(&json!("abc"), 1), None);
        assert_eq!(room.take(2, 0), None);
        assert_eq!(room.take(1, 0), None);
        room.restore(mark);
        assert_eq!(room.take_copies(&json!("abc"), usize::MAX), None);
        assert_eq!(room.take_copies(&json!("abc"), 0), Some(()));
        room.restore(mark);
        assert_eq!(room.take(10, 10), Some(()));
    }
}
