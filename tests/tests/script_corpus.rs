//! `tests/corpus/script`: what loads and what does not, in every disguise. Its README says what a case holds.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::{BTreeMap, BTreeSet};

use trutina_engine::diagnostic::{Diagnostic, Sources};
use trutina_engine::engine::Engine;
use trutina_tests::harness::trials::{Place, Trial, trials};

/// Every error of a load, with the sources that name its file.
fn errors(files: &BTreeMap<String, String>) -> (Vec<Diagnostic>, Sources) {
    let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    let loaded = Engine::default().load(&files, &trutina_script::Parser);
    let errors = loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    (errors, loaded.sources)
}

fn fault(trial: &Trial) -> Option<String> {
    let (errors, sources) = errors(&trial.files);
    let found: Vec<(String, Place)> = errors
        .iter()
        .map(|error| {
            let span = error.span.unwrap_or_default();
            (error.code.to_string(), (sources.path(span.file).to_owned(), span.line, span.column))
        })
        .collect();
    let describe = || {
        let found: Vec<_> =
            errors.iter().zip(&found).map(|(e, (_, p))| format!("{} {p:?} {}", e.code, e.message)).collect();
        format!("{}\n  expected {:?} at {:?}\n  found {found:#?}", trial.name, trial.code, trial.places)
    };
    let Some(code) = &trial.code else { return (!found.is_empty()).then(describe) };
    // A quote inside a quoted cell is doubled, so columns behind it are not those of the expression.
    let cell = trial.files.values().any(|text| text.contains("\"\"")) || trial.any;
    let right_code = !found.is_empty() && found.iter().all(|(found, _)| found == code);
    let right_place = cell || found.iter().map(|(_, place)| place.clone()).collect::<BTreeSet<_>>() == trial.places;
    (!(right_code && right_place)).then(describe)
}

#[test]
fn every_surprise_is_refused_in_every_disguise() {
    let trials = trials();
    assert!(trials.len() > 800, "{} trials", trials.len());
    let faults: Vec<String> = trials.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{} of {}\n{}", faults.len(), trials.len(), faults.join("\n"));
}
