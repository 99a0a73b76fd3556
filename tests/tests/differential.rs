//! The engine against the reference evaluator and against the Rhai interpreter, on generated rulesets and facts.
//!
//! 2,000 cases by default; `TRUTINA_CASES=100000` for the long run. The seeds are the numbers of the cases, so a run is
//! the same everywhere; `TRUTINA_FIRST` moves the first. A failure is minimised and kept under `corpus/found`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand; its report is for people"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use trutina_tests::generate::choices::minimise;
use trutina_tests::generate::{self, Case};
use trutina_tests::harness::corpus;
use trutina_tests::harness::run::{Difference, Verdict, run};
use trutina_tests::reference::Reached;

const CASES: u64 = 2_000;

/// Operators, statements and functions that a run must reach.
const LANGUAGE: &[&str] = &[
    "Add",
    "Subtract",
    "Multiply",
    "Remainder",
    "Power",
    "Equal",
    "NotEqual",
    "Less",
    "LessEqual",
    "Greater",
    "GreaterEqual",
    "In",
    "NotIn",
    "Coalesce",
    "And",
    "Or",
    "unary Not",
    "unary Negate",
    "unary Plus",
    "[]",
    "if",
    "switch",
    "let",
    "const",
    "for",
    "break",
    "continue",
    "return",
    "assign Add",
    "assign Subtract",
    "assign Multiply",
    "helper",
    "round()",
    "div()",
    "min()",
    "max()",
    "abs()",
    "clamp()",
    "is_missing()",
    "is_special()",
    "value_or()",
    "date()",
    "as_of()",
    "days_between()",
    "months_between()",
    "add_days()",
    "add_months()",
    "age_in_years()",
    "year_fraction()",
    "score_from_good_odds()",
    "good_odds_from_score()",
    "pd_from_score()",
    "len()",
    "sum()",
    "count()",
    "avg()",
    "all()",
    "any()",
    "filter()",
    "map()",
    "starts_with()",
    "ends_with()",
    "contains()",
    "param()",
    "table()",
    "scale()",
    "scorecard()",
    "matrix()",
    "has()",
];

/// Hit policies and what follows where nothing matches.
const POLICIES: &[&str] = &[
    "Unique",
    "Any",
    "Priority",
    "First",
    "RuleOrder",
    "OutputOrder",
    "Collect(List)",
    "Collect(Sum)",
    "Collect(Min)",
    "Collect(Max)",
    "Collect(Count)",
    "no match Error",
    "no match Missing",
    "no match Default",
];

/// Errors of a decision.
const CODES: &[&str] = &[
    "T3001", "T3002", "T3003", "T3004", "T3005", "T3006", "T3007", "T3008", "T3009", "T3010", "T3011", "T3012",
    "T3013", "T3014", "T4001", "T4002", "T4003", "T4004", "T4005", "T4006", "T4007", "T4008", "T4009", "T4011",
    "T4012", "T4013",
];

/// Least share of generated rulesets that load, in per cent.
const ACCEPTED_LEAST: u64 = 90;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[derive(Default)]
struct Tally {
    accepted: AtomicU64,
    refusals: Mutex<BTreeMap<String, (u64, u64)>>,
    failures: Mutex<Vec<(u64, Box<Difference>)>>,
    reached: Mutex<BTreeMap<String, u64>>,
}

/// Runs the cases on all processors; the order does not matter, every case is a function of its seed.
fn run_all(first: u64, cases: u64) -> Tally {
    let (tally, next) = (Tally::default(), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let reached = Reached::default();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= cases || tally.failures.lock().unwrap().len() > 3 {
                        break;
                    }
                    note(&tally, first + index, &reached);
                }
                let mut all = tally.reached.lock().unwrap();
                for (what, times) in reached.counts() {
                    *all.entry(what).or_default() += times;
                }
            });
        }
    });
    tally
}

fn note(tally: &Tally, seed: u64, reached: &Reached) {
    match run(&generate::from_seed(seed), reached) {
        Verdict::Refused(errors) => {
            let mut refusals = tally.refusals.lock().unwrap();
            let message = errors.lines().next().unwrap_or("").split_once(' ').map_or("", |(_, rest)| rest).to_owned();
            refusals.entry(message).or_insert((0, seed)).0 += 1;
        }
        Verdict::Same => _ = tally.accepted.fetch_add(1, Ordering::Relaxed),
        Verdict::Different(difference) => tally.failures.lock().unwrap().push((seed, difference)),
    }
}

/// The smallest case that still shows the difference, kept in the corpus.
fn explain(seed: u64, difference: &Difference) -> String {
    let differs = |case: &Case| match run(case, &Reached::default()) {
        Verdict::Different(difference) => Some(difference),
        _ => None,
    };
    let fails = |choices: &[u32]| differs(&generate::from_choices(choices)).is_some();
    let choices = minimise(&generate::from_seed(seed).choices, 400, fails);
    let mut case = generate::from_choices(&choices);
    let mut difference = differs(&case).unwrap_or_else(|| Box::new(difference.clone()));
    let one = Case { records: vec![case.records[difference.record].clone()], ..case.clone() };
    if let Some(same) = differs(&one) {
        (case, difference) = (one, same);
    }
    let path = corpus::keep(&case, &difference);
    let mut text = format!("seed {seed}, minimised and kept as {}\n{difference}\n", path.display());
    for (path, bytes) in &case.files {
        let _ = writeln!(text, "== {path}\n{}", String::from_utf8_lossy(bytes));
    }
    let _ = writeln!(text, "== facts\n{}", case.records[difference.record.min(case.records.len() - 1)]);
    text
}

#[test]
fn engine_reference_and_interpreter_agree() {
    let (first, cases) = (number("TRUTINA_FIRST", 0), number("TRUTINA_CASES", CASES));
    let tally = run_all(first, cases);
    let reached = tally.reached.lock().unwrap();
    let accepted = tally.accepted.load(Ordering::Relaxed);
    let refusals = tally.refusals.lock().unwrap();
    println!("{cases} cases of {} records, {accepted} accepted", generate::RECORDS);
    for (message, (times, seed)) in refusals.iter() {
        println!("  refused {times} times, first with seed {seed}: {message}");
    }
    for (what, times) in reached.iter() {
        println!("  {what}: {times}");
    }
    if let Some((seed, difference)) = tally.failures.lock().unwrap().iter().min_by_key(|(seed, _)| *seed) {
        panic!("{}", explain(*seed, difference));
    }
    assert!(accepted * 100 >= cases * ACCEPTED_LEAST, "only {accepted} of {cases} rulesets load");
    if cases >= CASES {
        let wanted = LANGUAGE.iter().chain(POLICIES).chain(CODES);
        let absent: Vec<&&str> = wanted.filter(|what| !reached.contains_key(**what)).collect();
        assert!(absent.is_empty(), "never reached: {absent:?}");
    }
}

#[test]
fn what_was_found_stays_found() {
    for (path, json) in corpus::files_in("found") {
        match run(&corpus::found(&json), &Reached::default()) {
            Verdict::Same | Verdict::Refused(_) => {}
            Verdict::Different(difference) => panic!("{}: {difference}", path.display()),
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..proptest::prelude::ProptestConfig::default() })]

    /// The same property with choices of proptest's own making and its shrinking.
    #[test]
    fn any_choices_agree(case in generate::strategy()) {
        if let Verdict::Different(difference) = run(&case, &Reached::default()) {
            panic!("{difference}");
        }
    }
}
