//! Every case of `tests/corpus/check` (see `FORMAT.md` there): what loads, and what does not, where and why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trutina_engine::check::check;
use trutina_engine::compile::compile;
use trutina_engine::diagnostic::{Diagnostic, Sources};
use trutina_engine::parse::parse;
use trutina_script::Parser;

/// An artefact that nothing calls: shown only to the cases that speak of it, most use few of the common ones.
const UNUSED: &str = "T2409";

type Files = BTreeMap<String, Vec<u8>>;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/check")
}

fn lines(value: &Value) -> String {
    match value {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).map(|line| format!("{line}\n")).collect(),
        Value::String(text) => format!("{text}\n"),
        _ => String::new(),
    }
}

/// The files of the group, or the common ones.
fn base_files() -> Files {
    let folder = corpus().join("base");
    let mut files = Files::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if let (Ok(name), Ok(bytes)) = (entry.file_name().into_string(), std::fs::read(entry.path())) {
            files.insert(name, bytes);
        }
    }
    files
}

fn add_files(files: &mut Files, value: &Value) {
    for (name, text) in value.as_object().into_iter().flatten() {
        files.insert(name.clone(), lines(text).into_bytes());
    }
}

/// `rules.rhai` of a case.
fn rules(case: &Value) -> String {
    let decide = "fn decide(f, hits) {\n    #{ outcome: \"approve\" }\n}\n";
    let head = lines(case.get("head").unwrap_or(&Value::Null));
    let text = |key: &str| case.get(key).map(lines);
    if let Some(value) = text("value") {
        format!("derive(\"probe\", |f|\n{value});\n{decide}{head}")
    } else if let Some(condition) = text("condition") {
        format!("rule(\"PROBE\", \"refer\", |f|\n{condition});\n{decide}{head}")
    } else if let Some(body) = text("decide") {
        format!("fn decide(f, hits) {{\n{body}}}\n{head}")
    } else {
        text("rules").unwrap_or_default()
    }
}

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
fn fault(files: &Files, case: &Value) -> Option<String> {
    let mut files = files.clone();
    files.insert("rules.rhai".to_owned(), rules(case).into_bytes());
    add_files(&mut files, case.get("files").unwrap_or(&Value::Null));
    let (diagnostics, sources, loaded) = run(&files);
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
    let mut faults = Vec::new();
    let mut cases = 0;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(corpus())
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let group: Value = match serde_json::from_str(&text) {
            Ok(group) => group,
            Err(error) => {
                faults.push(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let mut files = if group.pointer("/files/ruleset.toml").is_some() { Files::new() } else { base_files() };
        add_files(&mut files, group.get("files").unwrap_or(&Value::Null));
        for case in group.get("cases").and_then(Value::as_array).into_iter().flatten() {
            cases += 1;
            if let Some(fault) = fault(&files, case) {
                let name = case.get("name").and_then(Value::as_str).unwrap_or("?");
                faults.push(format!("{}: {name}: {fault}", path.file_stem().unwrap_or_default().display()));
            }
        }
    }
    assert!(cases > 20, "only {cases} cases were found");
    assert!(faults.is_empty(), "{} of {cases} cases fail:\n{}", faults.len(), faults.join("\n"));
}
