//! An API with so many types that they are split into files.

use super::{define, field, hard, named, path, structure};
use crate::ir::{Additional, Api, Presence};

/// Returns the hard API with many additional types: some used by one operation, most by all.
pub(crate) fn api() -> Api {
    let mut api = hard::api();
    for index in 0..400 {
        let of_one = index < 3;
        let name = format!("{} {index}", if of_one { "own" } else { "wide" });
        let fields = (0..8).map(|n| {
            field(
                &format!("field {n}"),
                named(&[], "Color"),
                Presence::Optional,
                "Words.",
            )
        });
        let shape = structure(fields.collect(), Additional::Ignored);
        api.types.push(define(path(&[], &name), "", shape));
        let operations = api
            .groups
            .iter_mut()
            .flat_map(|group| &mut group.operations);
        if let Some(last) = operations.last().filter(|_| of_one) {
            last.parameters
                .push(hard::optional(&name, named(&[], &name)));
        }
    }
    api
}
