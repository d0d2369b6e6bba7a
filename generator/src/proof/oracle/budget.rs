//! The size budget that the tests of all operations share.

use crate::output_limits::Room;
use crate::proof::model::{Argument, WireAnswer, WireBody, WireTest};

/// Returns the tests of an operation if they fit into the budget.
pub(super) fn within(
    room: &Room,
    make: impl FnOnce() -> Result<Vec<WireTest>, String>,
) -> Result<Vec<WireTest>, String> {
    let too_large = || "the examples of all operations are too large together".to_owned();
    if room.values() == 0 {
        return Err(too_large());
    }
    let tests = make()?;
    let taken = tests.iter().try_for_each(|test| take(room, test));
    taken.map(|()| tests).ok_or_else(too_large)
}

fn take(room: &Room, test: &WireTest) -> Option<()> {
    let arguments = test.parameters.iter().flatten().chain(&test.body);
    for argument in arguments {
        take_argument(room, argument)?;
    }
    take_body(room, &test.request.body)?;
    for answer in &test.answers {
        let WireAnswer {
            headers,
            body,
            read,
            ..
        } = answer;
        take_body(room, body)?;
        let of_headers = headers.iter().map(|header| &header.read);
        let of_body = read.iter().filter_map(|(_, read)| read.as_ref());
        for json in of_headers.chain(of_body) {
            room.take_copies(json, 1)?;
        }
    }
    Some(())
}

fn take_argument(room: &Room, mut argument: &Argument) -> Option<()> {
    while let Argument::Choice(_, _, inner) | Argument::Files(inner, ..) = argument {
        argument = inner;
    }
    match argument {
        // The value also occurs as a Rust expression.
        Argument::Value { json, .. } => room.take_copies(json, 2),
        Argument::Content(_, text) => room.take(1, text.len()),
        Argument::Choice(..) | Argument::Files(..) => Some(()),
    }
}

fn take_body(room: &Room, body: &WireBody) -> Option<()> {
    match body {
        WireBody::Empty => Some(()),
        WireBody::Json(json) => room.take_copies(json, 1),
        WireBody::Text(text) => room.take(1, text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_further_tests_are_created_without_budget() {
        let room = Room::new(2, 100);
        let small = || Ok(Vec::new());
        assert_eq!(within(&room, small).map(|tests| tests.len()), Ok(0));
        assert_eq!(room.take(3, 0), None);
        assert!(within(&room, small).is_err());
    }
}
