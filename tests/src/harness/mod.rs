//! Runs a case on the engine and on the oracles, and says where they differ.

pub mod bundles;
pub mod cells;
pub mod checks;
pub mod corpus;
pub mod edits;
pub mod faults;
pub mod fuzz;
pub mod pages;
pub mod run;
pub mod trials;

use std::collections::BTreeMap;

use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::codes::{Code, REGISTRY};
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::parse;
use trutina_engine::program::Program;
use trutina_engine::ruleset::Ruleset;
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;

use crate::reference::json::Json;
use crate::reference::{Answer, At, Failure};

/// The files of a ruleset by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Loads a ruleset as a host does.
///
/// # Errors
///
/// All diagnostics that are errors, one per line: `rules.rhai:3:7 T2101 message`.
pub fn load(files: &Files) -> Result<Program, String> {
    let loaded = Engine::default().load(files, &Parser);
    let line = |found: &trutina_engine::diagnostic::Diagnostic| {
        let span = found.span.unwrap_or_default();
        let path = loaded.sources.path(span.file);
        format!("{path}:{}:{} {} {}", span.line, span.column, found.code, found.message)
    };
    let errors: Vec<String> = loaded.diagnostics.iter().filter(|found| found.is_error()).map(line).collect();
    loaded.program.filter(|_| errors.is_empty()).ok_or_else(|| errors.join("\n"))
}

/// The ruleset as written, for the reference evaluator.
pub fn as_written(files: &Files) -> Option<Ruleset> {
    parse::parse(files, &Parser).ruleset
}

/// A date of the harness's own data.
pub fn date(text: &str) -> Date {
    Date::parse_iso(text).expect("a date")
}

/// Decides on the engine and reads its canonical bytes back.
pub fn decide(decider: &mut Decider<'_>, facts: &str, as_of: Date, level: TraceLevel) -> Answer {
    answer_of(&decider.decide_json(facts.as_bytes(), as_of, level))
}

/// The parts of a decision that are compared, out of its canonical bytes.
pub fn answer_of(decision: &Decision) -> Answer {
    let mut bytes = Vec::new();
    write_decision(decision, &mut bytes);
    let text = String::from_utf8(bytes).expect("UTF-8");
    let parts = members(&text);
    let part = |key: &str| parts.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone()).expect("a member");
    let error = match Json::parse(&part("error")).expect("JSON") {
        Json::Null => None,
        error => Some(failure_of(&error)),
    };
    Answer { outputs: part("outputs"), reasons: part("reasons"), hits: part("hits"), error }
}

fn failure_of(error: &Json) -> Failure {
    let text = |json: Option<&Json>| match json {
        Some(Json::Text(text)) => text.clone(),
        other => panic!("a text was expected, not {other:?}"),
    };
    let number = |json: Option<&Json>| match json {
        Some(Json::Number(text)) => text.parse().expect("a small number"),
        other => panic!("a number was expected, not {other:?}"),
    };
    let at = match error.get("at") {
        Some(at) if at.get("pointer").is_some() => At::Pointer(text(at.get("pointer"))),
        Some(at) if at.get("file").is_some() => {
            At::Source(text(at.get("file")), number(at.get("line")), number(at.get("column")))
        }
        _ => At::Nowhere,
    };
    Failure { code: code(&text(error.get("code"))), at }
}

/// The registered code of this name, `T4001`.
pub fn code(text: &str) -> Code {
    REGISTRY.iter().map(|info| info.code).find(|code| code.to_string() == text).expect("a registered code")
}

/// The members of a canonical JSON object with their texts as they stand.
pub fn members(object: &str) -> Vec<(String, String)> {
    let inner = object.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).expect("an object");
    let (mut depth, mut quoted, mut escaped, mut start) = (0, false, false, 0);
    let mut parts = Vec::new();
    for (index, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => {
                parts.push(&inner[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    if start < inner.len() {
        parts.push(&inner[start..]);
    }
    let member = |part: &&str| {
        let end = part[1..].find('"').expect("a key") + 1;
        (part[1..end].to_owned(), part[end + 2..].to_owned())
    };
    parts.iter().map(member).collect()
}
