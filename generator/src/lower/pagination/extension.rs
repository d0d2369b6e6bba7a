//! Rule 0: extensions that describe the pagination of an operation.

mod declared;
mod resolve;
mod vendors;

use serde_json::Value;

use self::declared::{DeclaredPagination, Fault};
use self::resolve::resolve;
use self::vendors::{dropshot, fern, microsoft, ours, speakeasy};
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::document::{Document, OperationEntry, PathEntry};
use crate::ir::Pagination;
use crate::pointer::Pointer;

/// The extensions that are read, in order of precedence. The first is ours; Datadog's has the same
/// name.
const EXTENSIONS: [(&str, Reader); 5] = [
    ("x-pagination", ours),
    ("x-speakeasy-pagination", speakeasy),
    ("x-ms-pageable", microsoft),
    ("x-dropshot-pagination", |_| Ok(Some(dropshot()))),
    ("x-fern-pagination", fern),
];

type Reader = fn(&Value) -> Result<Option<DeclaredPagination>, Fault>;

/// The decision of the extensions of an operation.
pub(super) enum Decision {
    /// There is no extension: the rules decide.
    Undecided,
    /// The operation is not paginated, or the extension is faulty and was reported.
    NotPaged,
    /// The operation is paginated.
    Paged(Box<Pagination>),
}

/// Reads the extensions of an operation.
pub(super) fn decide<'d>(
    document: &'d Document,
    path: &PathEntry<'d>,
    entry: &OperationEntry<'d>,
    diagnostics: &mut Diagnostics,
) -> Decision {
    let extensions = &entry.operation.extensions;
    for (name, read) in EXTENSIONS {
        let Some(value) = extensions.get(name) else {
            continue;
        };
        let decided = match value {
            Value::Bool(false) | Value::Null => return Decision::NotPaged,
            value => read(value).and_then(|declared| match declared {
                None => Ok(None),
                Some(declared) => resolve(document, path, entry, name, &declared).map(Some),
            }),
        };
        match decided {
            Ok(None) => return Decision::NotPaged,
            Ok(Some(pagination)) => return Decision::Paged(Box::new(pagination)),
            Err(fault) => {
                let at = fault
                    .key
                    .iter()
                    .fold(entry.pointer.child(name), |at: Pointer, key| at.child(key));
                let finding = Diagnostic::warning(code::UNKNOWN_PAGE, at, fault.message)
                    .label("the operation has no method for all pages");
                diagnostics.push(match fault.help {
                    Some(help) => finding.help(help),
                    None => finding,
                });
                return Decision::NotPaged;
            }
        }
    }
    Decision::Undecided
}
