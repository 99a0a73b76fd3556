//! How long does one decision of a 20-characteristic scorecard take, ranked reasons included?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::Decimal;
use trutina_benches::turns::in_turns;
use trutina_benches::{as_of, card, load, records, rhai_engine, rhai_eval};
use trutina_engine::decision::TraceLevel;
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::value::slot::Slot;

const APPLICANTS: usize = 1_000;

/// The three forms must agree before they are timed.
fn agree(c: &mut Criterion) {
    let applicants = card::applicants(APPLICANTS);
    let program = load(&card::files());
    let records = records(&program, &applicants.iter().map(card::facts).collect::<Vec<_>>());
    let hand = card::HandWritten::default();
    let engine = rhai_engine();
    let ast = engine.compile(card::rhai_script()).expect("the script parses");
    let mut scratch = Scratch::new(&program);
    for (applicant, record) in applicants.iter().zip(&records) {
        let (score, reasons, len) = hand.score(applicant);
        evaluate(&program, record, as_of(), TraceLevel::None, &mut scratch);
        let Some(Slot::Integer(ours)) = scratch.outcome.outputs.first() else { panic!("no score") };
        assert_eq!(Decimal::from(*ours), score);
        let codes: Vec<&str> =
            scratch.outcome.reasons.iter().map(|r| program.reasons[r.code as usize].code.as_str()).collect();
        let wanted: Vec<String> = reasons[..len].iter().map(|(index, _)| code(usize::from(*index))).collect();
        assert_eq!(codes, wanted);
        let theirs = rhai_eval(&engine, &ast, &mut card::rhai_scope(applicant));
        assert_eq!(*ours, theirs);
    }
    time(c, &applicants);
}

fn code(index: usize) -> String {
    if index < card::NUMERIC { format!("N{index:02}") } else { format!("C{}", index - card::NUMERIC) }
}

fn time(c: &mut Criterion, applicants: &[card::Applicant]) {
    let program = load(&card::files());
    let records = records(&program, &applicants.iter().map(card::facts).collect::<Vec<_>>());
    let hand = card::HandWritten::default();
    let mut scratch = Scratch::new(&program);
    let engine = rhai_engine();
    let ast = engine.compile(card::rhai_script()).expect("the script parses");
    let mut scopes: Vec<_> = applicants.iter().map(card::rhai_scope).collect();
    let day = as_of();
    let by_hand = |applicant: usize| {
        black_box(hand.score(black_box(&applicants[applicant])));
    };
    let mut trutina = |applicant: usize| {
        evaluate(&program, black_box(&records[applicant]), day, TraceLevel::None, &mut scratch);
        black_box(scratch.outcome.reasons.len());
    };
    let mut rhai = |applicant: usize| {
        black_box(rhai_eval(&engine, &ast, &mut scopes[applicant]));
    };
    let mut next = (0..APPLICANTS).cycle();
    let mut group = c.benchmark_group("scorecard_20");
    group.bench_function("hand_written_rust_decimal", |b| b.iter(|| by_hand(next.next().unwrap_or(0))));
    group.bench_function("trutina", |b| b.iter(|| trutina(next.next().unwrap_or(0))));
    group.bench_function("rhai_interpreter_scope_variables", |b| b.iter(|| rhai(next.next().unwrap_or(0))));
    group.finish();
    in_turns("scorecard_20", APPLICANTS, by_hand, trutina, rhai);
}

criterion_group!(benches, agree);
criterion_main!(benches);
