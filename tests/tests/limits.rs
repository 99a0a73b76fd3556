//! Limits that no page of `engine/errors` can show, and what no ruleset and no customer can bring about: a program that is
//! damaged in memory.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::codes::{DECISION_TOO_LARGE, INTERNAL, NESTING_TOO_DEEP, PROBLEMS_OMITTED};
use trutina_engine::engine::Engine;
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pages/base")
}

fn files() -> BTreeMap<String, Vec<u8>> {
    ["ruleset.toml", "rules.rhai", "reasons.csv"]
        .map(|name| (name.to_owned(), fs::read(base().join(name)).unwrap()))
        .into()
}

fn program() -> Program {
    Engine::default().load(&files(), &trutina_script::Parser).program.unwrap()
}

fn decide(program: &Program) -> Decision {
    let facts = fs::read(base().join("facts.json")).unwrap();
    Engine::default().decide(program, &facts, Date::parse_iso("2026-11-30").unwrap(), TraceLevel::None)
}

/// Without its last instructions, however many, a program decides as before (it did not need them) or ends in T6003:
/// it never stops the host, and it never gives another answer.
#[test]
fn a_damaged_program_decides_nothing() {
    let sound = program();
    let expected = decide(&sound);
    assert!(expected.error.is_none());
    let mut internal = 0;
    for kept in 0..sound.code.nodes.len() {
        let mut damaged = sound.clone();
        damaged.code.nodes.truncate(kept);
        let decision = decide(&damaged);
        if let Some(error) = &decision.error {
            assert_eq!(error.code, INTERNAL, "{kept} instructions kept: {error:?}");
            assert!(decision.outputs.is_none() && decision.hits.is_empty() && decision.reasons.is_empty());
            internal += 1;
        } else {
            assert_eq!(decision.outputs, expected.outputs, "{kept} instructions kept");
        }
    }
    assert!(internal > 0);
}

#[test]
fn a_thousand_problems_are_enough() {
    let mut files = files();
    let rows = "K02\n".repeat(1_500);
    files.insert("reasons.csv".to_owned(), format!("code,en\n{rows}").into_bytes());
    let found = Engine::default().load(&files, &trutina_script::Parser).diagnostics;
    let (omitted, listed): (Vec<_>, Vec<_>) = found.iter().partition(|problem| problem.code == PROBLEMS_OMITTED);
    assert_eq!((listed.len(), omitted.len()), (1_000, 1));
    assert_eq!(omitted[0].span.unwrap().line, 1_002, "the first that is not listed");
}

/// Each derived fact looks a table up with the one before: none is deep, all of them together are.
#[test]
fn tables_and_derived_facts_may_build_on_each_other_so_deeply_and_no_deeper() {
    const TABLE: &str = "[tables.step]\nfile = \"step.table.csv\"\nhit = \"first\"\ninputs = [\"age\"]\n\
        outputs = { v = { type = \"integer\" } }\nno_match = \"error\"\n";
    let load = |steps: usize| {
        let mut files = files();
        files.get_mut("ruleset.toml").unwrap().extend(TABLE.bytes());
        files.insert("step.table.csv".to_owned(), b"id,age,->v\n1,-,1\n".to_vec());
        let step = |n: usize| format!("derive(\"d{n}\", |f| table(\"step\", f.d{}).v);\n", n - 1);
        let chain: String = (1..=steps).map(step).collect();
        let rules = String::from_utf8(files["rules.rhai"].clone()).unwrap().replace("f.age", &format!("f.d{steps}"));
        files.insert("rules.rhai".to_owned(), format!("derive(\"d0\", |f| f.age);\n{chain}{rules}").into_bytes());
        Engine::default().load(&files, &trutina_script::Parser)
    };
    let sound = load(100);
    assert!(!sound.has_errors(), "{:?}", sound.diagnostics);
    assert!(decide(&sound.program.unwrap()).error.is_none());
    let deep = load(700);
    assert!(deep.program.is_none());
    let errors: Vec<_> = deep.diagnostics.iter().filter(|found| found.is_error()).map(|found| found.code).collect();
    assert_eq!(errors, [NESTING_TOO_DEEP]);
}

/// 4,000 elements give 16,000,000 pairs, 4,200 give 17,640,000.
#[test]
fn a_decision_keeps_so_many_elements_and_no_more() {
    let mut files = files();
    let toml = "on_error = \"refer\"\n".to_owned()
        + std::str::from_utf8(&files["ruleset.toml"]).unwrap()
        + "pairs = { type = \"integer\" }\n[facts.marks]\ntype = \"list\"\nof = \"integer\"\n";
    files.insert("ruleset.toml".to_owned(), toml.into_bytes());
    let rules = "fn decide(f, hits) { let all = f.marks.map(|a| f.marks.map(|b| b)); #{ outcome: \"approve\", pairs: all.len() } }";
    files.insert("rules.rhai".to_owned(), rules.as_bytes().to_vec());
    let loaded = Engine::default().load(&files, &trutina_script::Parser);
    let program = loaded.program.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let facts = fs::read_to_string(base().join("facts.json")).unwrap();
    let head = facts.trim_end().strip_suffix('}').unwrap();
    let decide = |marks: usize| {
        let facts = format!("{head},\"marks\":[{}]}}", vec!["1"; marks].join(","));
        Engine::default().decide(&program, facts.as_bytes(), Date::parse_iso("2026-11-30").unwrap(), TraceLevel::None)
    };
    assert!(decide(4_000).error.is_none());
    let too_large = decide(4_200);
    assert_eq!(too_large.error.unwrap().code, DECISION_TOO_LARGE);
    assert!(too_large.outputs.is_none(), "a limit never becomes an outcome");
}
