//! How long do fifty threshold rules written in Rhai take?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use trutina_benches::turns::in_turns;
use trutina_benches::{as_of, load, records, rhai_engine, rhai_eval, rules};
use trutina_engine::decision::TraceLevel;
use trutina_engine::evaluate::{Scratch, evaluate};

const RECORDS: usize = 1_000;

fn bench(c: &mut Criterion) {
    let thresholds = rules::thresholds(rules::RULES);
    let facts = rules::facts(RECORDS);
    let program = load(&rules::files(&thresholds));
    let records = records(&program, &facts.iter().map(rules::json).collect::<Vec<_>>());
    let engine = rhai_engine();
    let ast = engine.compile(rules::rhai_script(&thresholds)).expect("the script parses");
    let mut scopes: Vec<_> = facts.iter().map(rules::rhai_scope).collect();
    let mut scratch = Scratch::new(&program);
    let day = as_of();
    for ((facts, record), scope) in facts.iter().zip(&records).zip(&mut scopes) {
        let held = rules::by_hand(&thresholds, facts);
        evaluate(&program, record, day, TraceLevel::None, &mut scratch);
        let ours = scratch.outcome.hits.iter().fold(0_u64, |bits, rule| bits | 1 << *rule);
        assert_eq!(ours, held);
        let theirs = rhai_eval(&engine, &ast, scope);
        assert_eq!(theirs, i64::from(held.count_ones()));
    }
    let by_hand = |record: usize| {
        black_box(rules::by_hand(&thresholds, black_box(&facts[record])));
    };
    let mut trutina = |record: usize| {
        evaluate(&program, black_box(&records[record]), day, TraceLevel::None, &mut scratch);
        black_box(scratch.outcome.hits.len());
    };
    let mut rhai = |record: usize| {
        black_box(rhai_eval(&engine, &ast, &mut scopes[record]));
    };
    let mut next = (0..RECORDS).cycle();
    let mut group = c.benchmark_group("rules_50");
    group.bench_function("hand_written_rust_decimal", |b| b.iter(|| by_hand(next.next().unwrap_or(0))));
    group.bench_function("trutina", |b| b.iter(|| trutina(next.next().unwrap_or(0))));
    group.bench_function("rhai_interpreter_scope_variables", |b| b.iter(|| rhai(next.next().unwrap_or(0))));
    group.finish();
    in_turns("rules_50", RECORDS, by_hand, trutina, rhai);
}

criterion_group!(benches, bench);
criterion_main!(benches);
