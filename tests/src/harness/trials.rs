//! The corpus of scripts, `tests/corpus/script`: what loads and what does not, in every disguise.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

/// Where a problem is expected: file, line, column.
pub type Place = (String, u32, u32);

/// One ruleset of the corpus and what must come of it.
#[derive(Clone, Debug)]
pub struct Trial {
    /// Where it comes from.
    pub name: String,
    /// The ruleset.
    pub files: BTreeMap<String, String>,
    /// The code of its errors; nothing if it loads.
    pub code: Option<String>,
    /// Where they stand.
    pub places: BTreeSet<Place>,
    /// Any of the places is enough, and only the first error counts.
    pub any: bool,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/script")
}

fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(folder().join(name)).expect("a file of the corpus");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

fn list<'a>(value: &'a Value, key: &str) -> Vec<&'a str> {
    value.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Every trial, in order of file.
pub fn trials() -> Vec<Trial> {
    let (base, disguises) = (read("base.json"), read("disguises.json"));
    let mut names: Vec<String> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names.retain(|name| name.ends_with(".json") && name != "base.json" && name != "disguises.json");
    let mut trials = Vec::new();
    for file in names {
        for case in read(&file)["cases"].as_array().expect("cases") {
            let kind = text(case, "type").unwrap_or_default();
            for expression in list(case, "expressions") {
                for disguise in disguises[kind].as_array().unwrap_or_else(|| panic!("{file}: no type `{kind}`")) {
                    let name = text(disguise, "name").unwrap();
                    if !list(case, "not_in").contains(&name) {
                        trials.push(disguised(&file, case, expression, disguise, &base));
                    }
                }
            }
            for rules in list(case, "rules") {
                trials.push(trial(&file, case, rules, text(case, "decide"), rules.to_owned(), &BTreeMap::new(), &base));
            }
        }
    }
    trials
}

fn disguised(file: &str, case: &Value, expression: &str, disguise: &Value, base: &Value) -> Trial {
    let rules = text(disguise, "rules").unwrap().replace('$', expression);
    let decide = text(disguise, "decide").map(|decide| decide.replace('$', expression));
    let mut cells = BTreeMap::new();
    if let Some(cell) = text(disguise, "cell") {
        cells.insert(cell.to_owned(), format!("\"`{}`\"", expression.replace('"', "\"\"")));
    }
    let name = format!("{expression} [{}]", text(disguise, "name").unwrap());
    trial(file, case, &rules, decide.as_deref(), name, &cells, base)
}

fn trial(
    file: &str,
    case: &Value,
    rules: &str,
    decide: Option<&str>,
    name: String,
    cells: &BTreeMap<String, String>,
    base: &Value,
) -> Trial {
    let decide = decide.or_else(|| text(base, "decide")).unwrap();
    let mut files = BTreeMap::new();
    let mut places = BTreeSet::new();
    for (path, lines) in base["files"].as_object().unwrap() {
        let lines: Vec<&str> = lines.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let cell = |kind: &str, otherwise: &str| cells.get(kind).map_or(otherwise, String::as_str).to_owned();
        let content = lines
            .join("\n")
            .replace("$RULES", &format!("{rules}\n{decide}"))
            .replace("$BOOLEAN_CELL", &cell("boolean", "true"))
            .replace("$NUMBER_CELL", &cell("number", "1"));
        places.extend(marks(path, &content));
        files.insert(path.clone(), content.replace('¦', "") + "\n");
    }
    Trial {
        name: format!("{file}: {}: {name}", text(case, "name").unwrap()),
        files,
        code: text(case, "code").map(str::to_owned),
        places,
        any: text(case, "marks") == Some("any"),
    }
}

/// Where the marks stand once they are taken out.
fn marks(path: &str, content: &str) -> Vec<Place> {
    let mut places = Vec::new();
    for (number, line) in content.split('\n').enumerate() {
        for (before, (at, _)) in line.char_indices().filter(|(_, c)| *c == '¦').enumerate() {
            let column = line[..at].chars().count() - before + 1;
            places.push((path.to_owned(), u32::try_from(number + 1).unwrap(), u32::try_from(column).unwrap()));
        }
    }
    places
}
