//! The corpus of checks, `tests/corpus/check`: rulesets with the diagnostics that they give.

use std::path::PathBuf;

use serde_json::Value;

use super::{Files, corpus};

/// A ruleset and what is expected of it.
#[derive(Clone, Debug)]
pub struct Check {
    /// The file's stem and the case's name.
    pub name: String,
    /// The whole ruleset.
    pub files: Files,
    /// The case as it is written.
    pub case: Value,
}

/// Every case, in order of file.
pub fn cases() -> Vec<Check> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(corpus::folder("check")).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let group: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut common = if group.pointer("/files/ruleset.toml").is_some() { Files::new() } else { base_files() };
        add_files(&mut common, group.get("files").unwrap_or(&Value::Null));
        for case in group.get("cases").and_then(Value::as_array).into_iter().flatten() {
            let mut files = common.clone();
            files.insert("rules.rhai".to_owned(), rules(case).into_bytes());
            add_files(&mut files, case.get("files").unwrap_or(&Value::Null));
            let name = case.get("name").and_then(Value::as_str).unwrap_or("?");
            let name = format!("{}: {name}", path.file_stem().unwrap_or_default().display());
            cases.push(Check { name, files, case: case.clone() });
        }
    }
    cases
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
    let folder = corpus::folder("check").join("base");
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
