//! What no ruleset and no customer can bring about: a program that is damaged in memory.
#![allow(clippy::unwrap_used, reason = "tests stop at once")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use trutina_engine::decision::{Decision, TraceLevel};
use trutina_engine::diagnostic::codes::INTERNAL;
use trutina_engine::engine::Engine;
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pages/base")
}

fn program() -> Program {
    let read = |name: &str| (name.to_owned(), fs::read(base().join(name)).unwrap());
    let files: BTreeMap<String, Vec<u8>> = ["ruleset.toml", "rules.rhai", "reasons.csv"].map(read).into();
    Engine::default().load(&files, &trutina_script::Parser).program.unwrap()
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
