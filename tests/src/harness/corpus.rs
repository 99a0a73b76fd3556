//! Cases as data: reading, and writing what was found.

use std::path::{Path, PathBuf};

use super::Files;
use super::run::Difference;
use crate::generate::Case;
use crate::reference::json::{Json, quote};

/// A folder of the corpus.
pub fn folder(room: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(room)
}

/// The JSON files of a folder, by name.
pub fn files_in(room: &str) -> Vec<(PathBuf, Json)> {
    let Ok(entries) = std::fs::read_dir(folder(room)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let json = Json::parse(&text).unwrap_or_else(|| panic!("{} is not JSON", path.display()));
        (path, json)
    };
    paths.into_iter().map(read).collect()
}

/// A text member.
pub fn text(json: &Json, key: &str) -> String {
    match json.get(key) {
        Some(Json::Text(text)) => text.clone(),
        other => panic!("`{key}` is a text, not {other:?}"),
    }
}

/// The files of a ruleset: an object of texts, or of arrays of lines.
pub fn ruleset_files(json: &Json) -> Files {
    let Json::Object(members) = json else { panic!("`files` is an object") };
    let content = |value: &Json| match value {
        Json::Text(text) => text.clone().into_bytes(),
        Json::Array(lines) => lines.iter().map(|line| as_text(line) + "\n").collect::<String>().into_bytes(),
        other => panic!("a file is a text or an array of lines, not {other:?}"),
    };
    members.iter().map(|(path, value)| (path.clone(), content(value))).collect()
}

fn as_text(json: &Json) -> String {
    match json {
        Json::Text(text) => text.clone(),
        other => panic!("a line is a text, not {other:?}"),
    }
}

/// JSON again, compact; numbers as they were written.
pub fn write(json: &Json) -> String {
    let all = |items: Vec<String>| items.join(",");
    match json {
        Json::Null => "null".to_owned(),
        Json::Boolean(value) => value.to_string(),
        Json::Number(text) => text.clone(),
        Json::Text(text) => quote(text),
        Json::Array(items) => format!("[{}]", all(items.iter().map(write).collect())),
        Json::Object(members) => {
            format!(
                "{{{}}}",
                all(members.iter().map(|(key, value)| format!("{}:{}", quote(key), write(value))).collect())
            )
        }
    }
}

/// A document of the corpus as people read it: facts and expectations on one line, files line by line.
pub fn pretty(json: &Json) -> String {
    pretty_at(json, 0) + "\n"
}

fn pretty_at(json: &Json, depth: usize) -> String {
    let (pad, end) = ("  ".repeat(depth + 1), "  ".repeat(depth));
    match json {
        Json::Object(members) if depth <= 2 && !members.is_empty() => {
            let member = |(key, value): &(String, Json)| {
                let value =
                    if matches!(key.as_str(), "facts" | "expect") { write(value) } else { pretty_at(value, depth + 1) };
                format!("{pad}{}: {value}", quote(key))
            };
            format!("{{\n{}\n{end}}}", members.iter().map(member).collect::<Vec<_>>().join(",\n"))
        }
        Json::Array(items)
            if !items.is_empty() && (depth <= 1 || items.iter().all(|item| matches!(item, Json::Text(_)))) =>
        {
            let items: Vec<String> = items.iter().map(|item| format!("{pad}{}", pretty_at(item, depth + 1))).collect();
            format!("[\n{}\n{end}]", items.join(",\n"))
        }
        other => write(other),
    }
}

/// Keeps a minimised case under `corpus/found`, so that it is decided in every run from now on.
pub fn keep(case: &Case, difference: &Difference) -> PathBuf {
    let lines = |text: &[u8]| {
        let text = String::from_utf8_lossy(text).into_owned();
        let lines: Vec<String> = text.lines().map(quote).collect();
        format!("[\n      {}\n    ]", lines.join(",\n      "))
    };
    let files: Vec<String> =
        case.files.iter().map(|(path, bytes)| format!("    {}: {}", quote(path), lines(bytes))).collect();
    let records: Vec<String> = case.records.iter().map(|record| format!("    {}", quote(record))).collect();
    let document = format!(
        "{{\n  \"name\": {},\n  \"as_of\": {},\n  \"files\": {{\n{}\n  }},\n  \"records\": [\n{}\n  ]\n}}\n",
        quote(&difference.to_string()),
        quote(&case.as_of),
        files.join(",\n"),
        records.join(",\n")
    );
    let digest = document
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let path = folder("found").join(format!("{digest:016x}.json"));
    std::fs::create_dir_all(folder("found")).expect("a folder");
    std::fs::write(&path, document).expect("a file");
    path
}

/// A case kept under `corpus/found`.
pub fn found(json: &Json) -> Case {
    let Some(Json::Array(records)) = json.get("records") else { panic!("`records` is an array") };
    Case {
        choices: Vec::new(),
        files: ruleset_files(json.get("files").expect("files")),
        as_of: text(json, "as_of"),
        records: records.iter().map(as_text).collect(),
    }
}
