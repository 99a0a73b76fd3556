//! The harness bites: every seeded fault is found, each within 2,000 cases.
#![allow(clippy::print_stdout, clippy::panic, reason = "the report is for people; a test stops at once")]

use trutina_tests::generate;
use trutina_tests::harness::faults::FAULTS;
use trutina_tests::harness::run::{Verdict, run_with_fault};

const WITHIN: u64 = 2_000;
const LEAST: usize = 12;

#[test]
fn every_seeded_fault_is_found() {
    assert!(FAULTS.len() >= LEAST);
    let mut unfound = Vec::new();
    for fault in FAULTS {
        let found = (0..WITHIN)
            .find(|seed| matches!(run_with_fault(&generate::from_seed(*seed), fault), Verdict::Different(_)));
        match found {
            Some(seed) => println!("found after {} cases: {}", seed + 1, fault.name),
            None => unfound.push(fault.name),
        }
    }
    assert!(unfound.is_empty(), "not found within {WITHIN} cases: {unfound:?}");
}

#[test]
fn no_fault_is_found_where_there_is_none() {
    let healthy = trutina_tests::harness::faults::HEALTHY;
    for seed in 0..20 {
        if let Verdict::Different(difference) = run_with_fault(&generate::from_seed(seed), &healthy) {
            panic!("seed {seed}: {difference}");
        }
    }
}
