//! Runs the stages from `normalize` to `proof`, and repairs a faulty document until they succeed.

use std::collections::BTreeMap;

use crate::diagnostic::{Aborted, Diagnostic, Diagnostics, FileId, Severity};
use crate::document::Document;
use crate::ir::Api;
use crate::lower::{self, Lowered};
use crate::proof::{self, Tests};
use crate::repair::{self, Repair};
use crate::source::{self, Sources};
use crate::{bundle, normalize};

/// The crate to generate, before it is emitted.
pub(crate) struct Understood {
    pub api: Api,
    pub tests: Tests,
    /// The schemas whose type is any JSON value.
    pub untyped: Vec<lower::Untyped>,
}

/// Runs the stages from `normalize` to `proof`. Each reports all its errors before the next one
/// starts.
pub(crate) fn analyze(
    (value, digits): (serde_json::Value, BTreeMap<String, String>),
    repair: Option<&Repair>,
    options: lower::Options,
    diagnostics: &mut Diagnostics,
) -> Result<Understood, Aborted> {
    if let Some(error) = Document::beyond_limits(&value) {
        diagnostics.push(error);
        return Err(Aborted);
    }
    let normalized = normalize::normalize(value, diagnostics);
    diagnostics.finish()?;
    let document = Document::read(normalized, diagnostics).ok_or(Aborted)?;
    let document = document.with_digits(digits);
    let document = match repair {
        Some(repair) => document.with_faults(repair.notes(), repair.summary()),
        None => document,
    };
    diagnostics.finish()?;
    let lowered = lower::lower(&document, options, diagnostics);
    let Lowered {
        api,
        untyped,
        origins,
        ..
    } = lowered;
    let tests = proof::plan(&document, &api, &origins, options, diagnostics);
    diagnostics.finish()?;
    Ok(Understood {
        api,
        tests,
        untyped,
    })
}

/// Repairs a faulty document until it can be read.
pub(crate) fn repaired(
    (root, value): (FileId, serde_json::Value),
    options: lower::Options,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Result<Understood, Aborted> {
    let mut found = diagnostics.fork();
    let bundle = bundle::bundle(root, value, sources, &mut found);
    let mut repair = Repair::new(bundle.value);
    let mut stop = |errors: Vec<Diagnostic>| {
        for error in errors {
            diagnostics.push(error);
        }
        Aborted
    };
    if let Some(error) = Document::beyond_limits(repair.value()) {
        return Err(stop(vec![error]));
    }
    let (errors, warnings) = split(found.take());
    if !errors.is_empty() {
        let contained = repair.references(errors, &bundle.broken, sources);
        contained.map_err(&mut stop)?;
    }
    for pass_number in 0.. {
        let mut pass = found.fork();
        let digits = source::digits(repair.value(), sources);
        let value = repair.value().clone();
        let outcome = analyze((value, digits), Some(&repair), options, &mut pass);
        if let Ok(understood) = outcome {
            let mut own = pass.take();
            own.retain(|warning| warning.is_contained() || !repair.has_caused(warning));
            let faults = repair.into_faults();
            for warning in warnings.into_iter().chain(faults).chain(own) {
                diagnostics.push(warning);
            }
            return Ok(understood);
        }
        let (errors, _) = split(pass.take());
        if pass_number == repair::MOST_PASSES {
            return Err(stop(errors));
        }
        repair.contain(errors, sources).map_err(&mut stop)?;
    }
    Err(Aborted)
}

/// Splits diagnostics into errors and warnings.
fn split(list: Vec<Diagnostic>) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    list.into_iter()
        .partition(|diagnostic| diagnostic.severity == Severity::Error)
}
