//! Parser, engine and door behind one export, so that nothing of them is stripped away.
//!
//! The module is built to be looked at: `cargo xtask wasm` fails if it imports anything.

use std::collections::BTreeMap;

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Engine;
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;

macro_rules! pack {
    ($($name:literal)*) => {
        [$(($name, include_bytes!(concat!("../../../rulesets/retail-credit-rating/", $name)).as_slice()),)*]
    };
}

const FACTS: &[u8] = include_bytes!("../../../hosts/cli/samples/applicant.json");

/// Loads the shipped pack, decides the sample applicant for a day (counted from 1970-01-01) with a full trace, and gives
/// a checksum of the record's bytes; -1 if the pack does not load or there is no such day.
#[unsafe(no_mangle)]
pub extern "C" fn trutina_probe(day: i32) -> i64 {
    let files = pack! {
        "ruleset.toml" "rules.rhai" "reasons.csv" "application.scorecard.csv" "master.scale.csv" "limit.table.csv"
    };
    let files: BTreeMap<String, Vec<u8>> = files.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).into();
    let engine = Engine::default();
    let (Some(program), Ok(as_of)) = (engine.load(&files, &Parser).program, Date::from_days(day)) else { return -1 };
    let decision = engine.decide(&program, FACTS, as_of, TraceLevel::Full);
    let mut bytes = Vec::new();
    write_decision(&decision, &mut bytes);
    bytes.iter().fold(0_i64, |sum, byte| sum.wrapping_mul(31).wrapping_add(i64::from(*byte))).wrapping_abs()
}
