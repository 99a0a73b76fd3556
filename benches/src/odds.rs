//! Points to double the odds by hand: series in `rust_decimal`, some 26 digits, rounded at the end. That is not certain to
//! be the real number rounded once, but near enough for a reader of the benches to compare the times.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::Random;

/// Points to double the odds, base score and base odds of the benches.
pub const SCALE: (i64, i64, i64) = (20, 600, 50);

/// 1,000 odds from 0.01 to some 300, and 1,000 scores from 300 to 850 with two digits.
#[must_use]
pub fn figures() -> (Vec<Decimal>, Vec<Decimal>) {
    let mut random = Random::new(11);
    let mut figure = |from: i64, span: u64| Decimal::new(from + i64::try_from(random.below(span)).unwrap_or(0), 2);
    ((0..1_000).map(|_| figure(1, 30_000)).collect(), (0..1_000).map(|_| figure(30_000, 55_000)).collect())
}

fn half_up(number: Decimal, scale: u32) -> Decimal {
    let mut rounded = number.round_dp_with_strategy(scale, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(scale);
    rounded
}

/// `2 · artanh z`, the logarithm of `(1 + z) / (1 − z)`.
fn ln_of_ratio(z: Decimal) -> Decimal {
    let square = z * z;
    let (mut power, mut sum, mut k) = (z, Decimal::ZERO, Decimal::ONE);
    while !power.is_zero() {
        sum += power / k;
        power *= square;
        k += Decimal::TWO;
    }
    sum * Decimal::TWO
}

/// `ln 2` to 28 digits.
const LN_2: Decimal = Decimal::from_parts(0xAA7A_65BF, 0x81F5_2F01, 0x1665_943F, false, 28);

fn log2(mut number: Decimal) -> Decimal {
    let mut whole = Decimal::ZERO;
    while number >= Decimal::TWO {
        number /= Decimal::TWO;
        whole += Decimal::ONE;
    }
    while number < Decimal::ONE {
        number *= Decimal::TWO;
        whole -= Decimal::ONE;
    }
    whole + ln_of_ratio((number - Decimal::ONE) / (number + Decimal::ONE)) / LN_2
}

fn exp2(number: Decimal) -> Decimal {
    let whole = number.floor();
    let x = (number - whole) * LN_2;
    let (mut term, mut sum, mut k) = (Decimal::ONE, Decimal::ZERO, Decimal::ONE);
    while !term.is_zero() {
        sum += term;
        term = term * x / k;
        k += Decimal::ONE;
    }
    let shift = i64::try_from(whole).unwrap_or(0);
    let factor = Decimal::from(1_u64 << shift.unsigned_abs().min(62));
    if shift < 0 { sum / factor } else { sum * factor }
}

/// `base + pdo · log₂(odds / base_odds)`, four digits.
#[must_use]
pub fn score(odds: Decimal) -> Decimal {
    let (pdo, base, base_odds) = SCALE;
    half_up(Decimal::from(base) + Decimal::from(pdo) * log2(odds / Decimal::from(base_odds)), 4)
}

fn odds_unrounded(score: Decimal) -> Decimal {
    let (pdo, base, base_odds) = SCALE;
    Decimal::from(base_odds) * exp2((score - Decimal::from(base)) / Decimal::from(pdo))
}

/// `base_odds · 2^((score − base) / pdo)`, four digits.
#[must_use]
pub fn odds(score: Decimal) -> Decimal {
    half_up(odds_unrounded(score), 4)
}

/// `1 / (1 + odds)`, six digits.
#[must_use]
pub fn pd(score: Decimal) -> Decimal {
    half_up(Decimal::ONE / (Decimal::ONE + odds_unrounded(score)), 6)
}
