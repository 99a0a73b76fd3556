//! How long does a program of 1,000 rules take to load: parse, check and compile?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use trutina_benches::{card, load, rules, table};

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("load");
    group.sample_size(20);
    let thousand = rules::files(&rules::thresholds(1_000));
    group.bench_function("rules_1000", |b| b.iter(|| black_box(load(black_box(&thousand)))));
    let card = card::files();
    group.bench_function("scorecard_20", |b| b.iter(|| black_box(load(black_box(&card)))));
    let table = table::files(&table::rows());
    group.bench_function("table_1000_rows", |b| b.iter(|| black_box(load(black_box(&table)))));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
