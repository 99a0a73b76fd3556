//! Every case of `tests/corpus/check` (see `FORMAT.md` there): what loads, and what does not, where and why.

use serde_json::Value;
use trutina_engine::check::check;
use trutina_engine::compile::compile;
use trutina_engine::diagnostic::{Diagnostic, Sources};
use trutina_engine::parse::parse;
use trutina_script::Parser;
use trutina_tests::harness::Files;
use trutina_tests::harness::checks::{Check, cases};

/// An artefact that nothing calls: shown only to the cases that speak of it, most use few of the common ones.
const UNUSED: &str = "T2409";

fn shown(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let Some(span) = diagnostic.span else { return diagnostic.code.to_string() };
    let path = sources.path(span.file);
    let file = if path == "rules.rhai" { String::new() } else { format!("{path} ") };
    format!("{} {file}{}:{}", diagnostic.code, span.line, span.column)
}

fn run(files: &Files) -> (Vec<Diagnostic>, Sources, bool) {
    let parsed = parse(files, &Parser);
    let mut diagnostics = parsed.diagnostics;
    let mut loaded = false;
    if let Some(ruleset) = parsed.ruleset {
        let (checked, more) = check(ruleset);
        loaded = checked.is_some() && !diagnostics.iter().any(Diagnostic::is_error);
        if let Some(checked) = checked.filter(|_| loaded) {
            // What the check accepts can be compiled; a refusal stands in the list and no case expects it.
            diagnostics.extend(compile(&checked).err().into_iter().flatten());
        }
        diagnostics.extend(more);
    }
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    (diagnostics, parsed.sources, loaded)
}

/// What is wrong with a case, if anything.
fn fault(check: &Check) -> Option<String> {
    let case = &check.case;
    let (diagnostics, sources, loaded) = run(&check.files);
    let wanted: Vec<&str> =
        case.get("expect").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let unused = wanted.iter().any(|line| line.contains(UNUSED));
    let mut diagnostics = diagnostics;
    diagnostics.retain(|diagnostic| unused || diagnostic.code.to_string() != UNUSED);
    let found: Vec<String> = diagnostics.iter().map(|diagnostic| shown(diagnostic, &sources)).collect();
    let words: Vec<String> = diagnostics
        .iter()
        .map(|each| format!("{}; help: {}", each.message, each.help.as_deref().unwrap_or("none")))
        .collect();
    if found != wanted {
        return Some(format!("expected {wanted:?}, found {found:?}: {words:#?}"));
    }
    let errors = diagnostics.iter().any(Diagnostic::is_error);
    if loaded == errors {
        return Some(format!("errors: {errors}, loaded: {loaded}"));
    }
    let first = words.first().map_or("", String::as_str);
    for key in ["help", "message"] {
        if let Some(part) = case.get(key).and_then(Value::as_str)
            && !first.contains(part)
        {
            return Some(format!("`{part}` is not in: {first}"));
        }
    }
    let mute = diagnostics.iter().find(|diagnostic| diagnostic.help.is_none());
    mute.map(|diagnostic| format!("no help: {}", diagnostic.message))
}

#[test]
fn every_case_gives_the_diagnostics_it_lists() {
    let cases = cases();
    let faulty = |check: &Check| fault(check).map(|fault| format!("{}: {fault}", check.name));
    let faults: Vec<String> = cases.iter().filter_map(faulty).collect();
    assert!(cases.len() > 20, "only {} cases were found", cases.len());
    assert!(faults.is_empty(), "{} of {} cases fail:\n{}", faults.len(), cases.len(), faults.join("\n"));
}
