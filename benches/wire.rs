//! How long does one decision take from JSON facts to canonical bytes?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use trutina_benches::{as_of, card, load};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::wire::canonical::write_decision;

fn bench(c: &mut Criterion) {
    let program = load(&card::files());
    let facts: Vec<String> = card::applicants(1_000).iter().map(card::facts).collect();
    let mut decider = Decider::new(&program);
    let mut bytes = Vec::new();
    let day = as_of();
    let mut next = (0..facts.len()).cycle();
    let mut group = c.benchmark_group("wire");
    for (name, level) in [("json_to_bytes", TraceLevel::None), ("json_to_bytes_full_trace", TraceLevel::Full)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                bytes.clear();
                let decision = decider.decide_json(facts[next.next().unwrap_or(0)].as_bytes(), day, level);
                write_decision(&decision, &mut bytes);
                black_box(bytes.len())
            });
        });
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
