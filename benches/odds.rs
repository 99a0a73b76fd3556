//! How long do score, odds and probability of default take, the real number rounded once?

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rust_decimal::Decimal;
use trutina_benches::odds as by_hand;
use trutina_engine::value::decimal::RoundingMode::HalfUp;
use trutina_engine::value::odds::{OddsError, good_odds_from_score, pd_from_score, score_from_good_odds};

fn score(odds: Decimal) -> Result<Decimal, OddsError> {
    let (pdo, base, base_odds) = by_hand::SCALE;
    score_from_good_odds(odds, pdo.into(), base.into(), base_odds.into(), 4, HalfUp)
}

fn odds(score: Decimal) -> Result<Decimal, OddsError> {
    let (pdo, base, base_odds) = by_hand::SCALE;
    good_odds_from_score(score, pdo.into(), base.into(), base_odds.into(), 4, HalfUp)
}

fn pd(score: Decimal) -> Result<Decimal, OddsError> {
    let (pdo, base, base_odds) = by_hand::SCALE;
    pd_from_score(score, pdo.into(), base.into(), base_odds.into(), 6, HalfUp)
}

type Exact = fn(Decimal) -> Result<Decimal, OddsError>;
type Plain = fn(Decimal) -> Decimal;

fn compare(c: &mut Criterion, name: &str, exact: Exact, plain: Plain, figures: &[Decimal]) {
    for figure in figures {
        assert_eq!(exact(*figure), Ok(plain(*figure)), "{name}({figure})");
    }
    let mut group = c.benchmark_group(name);
    let mut next = (0..figures.len()).cycle();
    group.bench_function("by_hand_in_series", |b| {
        b.iter(|| plain(black_box(figures[next.next().unwrap_or(0)])));
    });
    group.bench_function("trutina_rounded_once", |b| {
        b.iter(|| exact(black_box(figures[next.next().unwrap_or(0)])));
    });
    group.finish();
}

fn bench(c: &mut Criterion) {
    let (odds_given, scores) = by_hand::figures();
    compare(c, "score_from_good_odds", score, by_hand::score, &odds_given);
    compare(c, "good_odds_from_score", odds, by_hand::odds, &scores);
    compare(c, "pd_from_score", pd, by_hand::pd, &scores);
}

criterion_group!(benches, bench);
criterion_main!(benches);
