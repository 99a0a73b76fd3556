//! How long does a look-up in a table of 1,000 rows over two ranges take, the explanation recorded?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::Decimal;
use trutina_benches::turns::in_turns;
use trutina_benches::{as_of, load, records, rhai_engine, table};
use trutina_engine::decision::TraceLevel;
use trutina_engine::evaluate::{Scratch, evaluate};
use trutina_engine::value::slot::Slot;

const RECORDS: usize = 1_000;

fn bench(c: &mut Criterion) {
    let rows = table::rows();
    let facts = table::facts(RECORDS);
    let program = load(&table::files(&rows));
    let json: Vec<String> =
        facts.iter().map(|(income, age)| format!("{{\"income\":\"{income}\",\"age\":{age}}}")).collect();
    let records = records(&program, &json);
    let engine = rhai_engine();
    let ast = engine.compile(table::rhai_script(&rows)).expect("the script parses");
    let mut scratch = Scratch::new(&program);
    let day = as_of();
    for ((income, age), record) in facts.iter().zip(&records) {
        evaluate(&program, record, day, TraceLevel::Reasons, &mut scratch);
        let Some(Slot::Decimal(ours)) = scratch.outcome.outputs.first() else { panic!("no limit") };
        assert_eq!(Some(*ours), table::scan(&rows, *income, *age));
    }
    let by_hand = |record: usize| {
        let (income, age) = facts[record];
        black_box(table::scan(&rows, black_box(income), age));
    };
    let mut trutina = |record: usize| {
        evaluate(&program, black_box(&records[record]), day, TraceLevel::Reasons, &mut scratch);
        black_box(scratch.outcome.outputs.len());
    };
    let rhai = |record: usize| {
        let (income, age) = facts[record];
        let mut scope = rhai::Scope::new();
        scope.push_constant("income", income).push_constant("age", age);
        let limit: Decimal = engine.eval_ast_with_scope(&mut scope, &ast).expect("it runs");
        black_box(limit);
    };
    let mut next = (0..RECORDS).cycle();
    let mut group = c.benchmark_group("table_1000_rows");
    group.bench_function("hand_written_scan", |b| b.iter(|| by_hand(next.next().unwrap_or(0))));
    group.bench_function("trutina_with_explanation", |b| b.iter(|| trutina(next.next().unwrap_or(0))));
    group.sample_size(20);
    group.bench_function("rhai_interpreter_scope_variables", |b| b.iter(|| rhai(next.next().unwrap_or(0))));
    group.finish();
    in_turns("table_1000_rows", RECORDS / 10, by_hand, trutina, rhai);
}

criterion_group!(benches, bench);
criterion_main!(benches);
