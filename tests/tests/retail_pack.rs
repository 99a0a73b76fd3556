//! The pack `retail-credit-rating` under the engine and under the reference evaluator: the 1,000 published applicants and
//! the pack's own cases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::parse;
use trutina_engine::program::Program;
use trutina_engine::ruleset::{Case, Ruleset};
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;
use trutina_tests::reference::{Answer, decide};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/retail-credit-rating")
}

/// The files of the ruleset and of its cases, by path.
fn files() -> BTreeMap<String, Vec<u8>> {
    let top = [
        "ruleset.toml",
        "rules.rhai",
        "reasons.csv",
        "application.scorecard.csv",
        "master.scale.csv",
        "limit.table.csv",
    ];
    let cases = std::fs::read_dir(folder().join("cases")).unwrap().map(|entry| entry.unwrap().file_name());
    let cases = cases.map(|name| format!("cases/{}", name.to_str().unwrap()));
    top.map(str::to_owned)
        .into_iter()
        .chain(cases)
        .map(|path| (path.clone(), std::fs::read(folder().join(&path)).unwrap()))
        .collect()
}

fn ruleset() -> (Ruleset, Vec<Case>) {
    let files = files();
    let mut parsed = parse::parse(&files, &Parser);
    let (cases, mut faults) = parse::parse_cases(&files, &mut parsed.sources);
    faults.extend(parsed.diagnostics);
    assert!(faults.is_empty(), "{faults:#?}");
    (parsed.ruleset.expect("a ruleset"), cases)
}

/// A row of a CSV file, by column.
fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join(file)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The facts of an applicant as JSON; what reads like a whole number is one.
fn facts(row: &BTreeMap<String, String>) -> String {
    let columns = row.iter().filter(|(column, _)| !["applicant", "creditability"].contains(&column.as_str()));
    let value = |text: &String| text.parse::<i64>().map_or_else(|_| Value::from(text.clone()), Value::from);
    Value::from(columns.map(|(column, text)| (column.clone(), value(text))).collect::<Map<_, _>>()).to_string()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// One member of each element of a list.
fn members(list: &str, key: &str) -> Vec<String> {
    json(list).as_array().unwrap().iter().map(|entry| entry[key].as_str().unwrap().to_owned()).collect()
}

fn as_of() -> Date {
    Date::parse_iso("2026-11-30").unwrap()
}

#[test]
fn every_applicant_gets_the_published_score_and_reasons() {
    let (ruleset, _) = ruleset();
    let (applicants, expected) = (rows("portfolio.csv"), rows("portfolio_expected.csv"));
    assert_eq!((applicants.len(), expected.len()), (1000, 1000));
    let mut sum = 0;
    for (applicant, expected) in applicants.iter().zip(&expected) {
        let answer = decide(&ruleset, &facts(applicant), as_of());
        assert_eq!(answer.error, None, "{}", applicant["applicant"]);
        let score = json(&answer.outputs)["score"].as_i64().unwrap();
        assert_eq!(score.to_string(), expected["score"], "{}", applicant["applicant"]);
        let codes = members(&answer.reasons, "code");
        let card: Vec<_> = codes.iter().filter(|code| code.starts_with('R')).collect();
        let published: Vec<_> = (1..=4).map(|place| &expected[&format!("reason_{place}")]).collect();
        assert_eq!(card, published, "{}", applicant["applicant"]);
        sum += score;
    }
    assert_eq!(sum, 472_608);
}

fn program() -> Program {
    let loaded = Engine::default().load(&files(), &Parser);
    assert!(!loaded.has_errors(), "{:#?}", loaded.diagnostics);
    loaded.program.expect("a program")
}

fn record(decider: &mut Decider<'_>, facts: &str, level: TraceLevel) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_decision(&decider.decide_json(facts.as_bytes(), as_of(), level), &mut bytes);
    bytes
}

#[test]
fn engine_and_reference_agree_on_every_applicant() {
    let ((ruleset, _), program) = (ruleset(), program());
    let mut decider = Decider::new(&program);
    for applicant in rows("portfolio.csv") {
        let facts = facts(&applicant);
        let ours = json(&String::from_utf8(record(&mut decider, &facts, TraceLevel::None)).unwrap());
        let reference = decide(&ruleset, &facts, as_of());
        let theirs = [("outputs", reference.outputs), ("reasons", reference.reasons), ("hits", reference.hits)];
        for (key, text) in theirs {
            assert_eq!(ours[key], json(&text), "{}: {key}", applicant["applicant"]);
        }
        assert_eq!(ours["error"], Value::Null);
    }
}

#[test]
fn a_trace_changes_no_other_byte() {
    let program = program();
    let mut decider = Decider::new(&program);
    for applicant in rows("portfolio.csv").iter().step_by(7) {
        let plain = record(&mut decider, &facts(applicant), TraceLevel::None);
        let head = plain.strip_suffix(b"null}").expect("a record ends with its trace");
        for level in [TraceLevel::Reasons, TraceLevel::Full] {
            let traced = record(&mut decider, &facts(applicant), level);
            assert!(traced.starts_with(head) && traced.len() > plain.len(), "{}", applicant["applicant"]);
        }
    }
}

#[test]
fn nothing_survives_from_one_record_to_the_next() {
    let program = program();
    let applicants: Vec<String> = rows("portfolio.csv").iter().map(facts).collect();
    let mut decider = Decider::new(&program);
    let alone: Vec<_> =
        applicants.iter().map(|facts| record(&mut Decider::new(&program), facts, TraceLevel::None)).collect();
    let forwards: Vec<_> = applicants.iter().map(|facts| record(&mut decider, facts, TraceLevel::None)).collect();
    let mut backwards: Vec<_> =
        applicants.iter().rev().map(|facts| record(&mut decider, facts, TraceLevel::None)).collect();
    backwards.reverse();
    assert!(alone == forwards && alone == backwards);
}

/// Compares what a case lists, and nothing else.
fn failures(case: &Case, answer: &Answer) -> Vec<String> {
    let mut failures = Vec::new();
    for (key, text) in &case.expect {
        let (expected, found) = match key.as_str() {
            "outputs" => {
                let (expected, found) = (json(text), json(&answer.outputs));
                let listed = expected.as_object().unwrap().keys().map(|name| (name.clone(), found[name].clone()));
                (expected.clone(), Value::from(listed.collect::<Map<_, _>>()))
            }
            "hits" => (json(text), Value::from(members(&answer.hits, "rule"))),
            "reasons" => (json(text), Value::from(members(&answer.reasons, "code"))),
            "error" => {
                (json(text), answer.error.as_ref().map_or(Value::Null, |error| Value::from(error.code.to_string())))
            }
            other => panic!("`{other}` is nothing that a case expects"),
        };
        if expected != found {
            failures.push(format!("{}: {key}: expected {expected}, found {found}", case.name));
        }
    }
    failures
}

#[test]
fn every_case_is_reproduced() {
    let (ruleset, cases) = ruleset();
    let failures: Vec<String> =
        cases.iter().flat_map(|case| failures(case, &decide(&ruleset, &case.facts, case.as_of))).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_wrong_expectation_is_found() {
    let (ruleset, cases) = ruleset();
    let answer = decide(&ruleset, &cases[0].facts, cases[0].as_of);
    for (key, text) in [("outputs", r#"{"score":1}"#), ("hits", r#"["X"]"#), ("reasons", "[]"), ("error", r#""T3001""#)]
    {
        let wrong = Case { expect: vec![(key.to_owned(), text.to_owned())], ..cases[0].clone() };
        assert_eq!(failures(&wrong, &answer).len(), 1, "{key}");
    }
}

/// The figures of the model card and of the list of packs are those of the files.
#[test]
fn the_prose_counts_right() {
    let (_, cases) = ruleset();
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let list = read(folder().join("../README.md"));
    assert!(list.contains(&format!("| 2026-01-01 | {} |", cases.len())), "rulesets/README.md counts the cases wrongly");
    let card = read(folder().join("README.md"));
    for (path, bytes) in files().iter().filter(|(path, _)| path.starts_with("cases/")) {
        let count = json(std::str::from_utf8(bytes).unwrap())["cases"].as_array().unwrap().len();
        let row = card.lines().find(|line| line.starts_with(&format!("| `{path}` |")));
        assert!(row.is_some_and(|row| row.ends_with(&format!("| {count} |"))), "README.md counts {path} wrongly");
    }
}

#[test]
fn the_model_card_shows_the_grades_of_the_portfolio() {
    let (ruleset, _) = ruleset();
    let mut grades: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for applicant in rows("portfolio.csv") {
        let answer = decide(&ruleset, &facts(&applicant), as_of());
        let grade = json(&answer.outputs)["grade"].as_str().unwrap().to_owned();
        let (count, bad) = grades.entry(grade).or_default();
        *count += 1;
        *bad += usize::from(applicant["creditability"] == "1");
    }
    let card = std::fs::read_to_string(folder().join("README.md")).unwrap();
    assert_eq!(grades.len(), 8);
    for (grade, (count, bad)) in &grades {
        let rate = (2000 * bad + count) / (2 * count);
        let end = format!("| {count} | {bad} | 0.{rate:03} |");
        let row = card.lines().find(|line| line.starts_with(&format!("| {grade} |")));
        assert!(row.is_some_and(|row| row.ends_with(&end)), "{grade}: the row ends {end}");
    }
}
