//! Once its memory is warm, a decision allocates nothing: rules, card, scale, table, ranked reasons and the events behind
//! the explanation included.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::BTreeMap;
use std::path::Path;

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Engine;
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::program::Program;
use trutina_engine::record::Record;
use trutina_engine::schema::DataType;
use trutina_engine::value::date::Date;
use trutina_engine::value::slot::Slot;

fn pack() -> Program {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/retail-credit-rating");
    let files: BTreeMap<String, Vec<u8>> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    let loaded = Engine::default().load(&files, &trutina_script::Parser);
    loaded.program.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics))
}

/// The published applicants as records.
fn applicants(program: &Program) -> Vec<Record> {
    let path = format!("{}/data/german-credit/rows_scored.csv", env!("CARGO_MANIFEST_DIR"));
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.deserialize().map(Result::unwrap);
    rows.map(|row: BTreeMap<String, String>| {
        let slots = program.facts.iter().map(|fact| match &fact.spec.data_type {
            DataType::Integer => Slot::Integer(row[fact.input_key()].parse().unwrap()),
            DataType::Enum(domain) => Slot::Enum(domain.index_of(&row[fact.input_key()]).unwrap()),
            other => panic!("{}", other.name()),
        });
        Record { slots: slots.collect(), ..Record::default() }
    })
    .collect()
}

#[test]
fn a_decision_allocates_nothing() {
    let program = pack();
    let applicants = applicants(&program);
    let as_of = Date::parse_iso("2026-11-30").unwrap();
    let mut scratch = Scratch::new(&program);
    for level in [TraceLevel::None, TraceLevel::Full] {
        let mut decide_all = || {
            for applicant in &applicants {
                evaluate(&program, applicant, as_of, level, &mut scratch);
                assert_eq!(scratch.outcome.error, None);
                assert!(!scratch.outcome.events.attributes.is_empty());
            }
        };
        // Twice: the first results of the odds are let go, and computed once more.
        decide_all();
        decide_all();
        let counted = allocation_counter::measure(&mut decide_all);
        assert_eq!(counted.count_total, 0, "{level:?}");
    }
    // The counter counts.
    assert_ne!(allocation_counter::measure(|| drop(Scratch::new(&program))).count_total, 0);
}
