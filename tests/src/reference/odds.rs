//! Points to double the odds with plain series over big fractions: about a hundred digits, then one rounding.
//!
//! `log2` of a fraction is a fraction only for powers of two, and `2^t` of a fraction only for integers: those cases are
//! exact here, and everything else is irrational, so that no tie can arise and a hundred digits decide.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::number::{Number, power_of_ten, whole};

const WORKING_DIGITS: u32 = 110;

fn one() -> BigInt {
    power_of_ten(WORKING_DIGITS)
}

fn to_fixed(number: &Number) -> BigInt {
    (number * one()).round().to_integer()
}

fn from_fixed(fixed: BigInt) -> Number {
    Number::new(fixed, one())
}

/// `ln m` for m in [1, 2): twice the area tangent of (m − 1)/(m + 1).
fn ln_fixed(m: &Number) -> BigInt {
    let z = to_fixed(&((m - Number::one()) / (m + Number::one())));
    let square = &z * &z / one();
    let (mut power, mut sum, mut k): (BigInt, BigInt, i64) = (z, BigInt::zero(), 1);
    while !power.is_zero() {
        sum += &power / k;
        power = &power * &square / one();
        k += 2;
    }
    sum * 2
}

/// `ln 2`
fn ln_two_fixed() -> BigInt {
    let z = one() / 3;
    let (mut power, mut sum, mut k): (BigInt, BigInt, i64) = (z, BigInt::zero(), 1);
    while !power.is_zero() {
        sum += &power / k;
        power /= 9;
        k += 2;
    }
    sum * 2
}

/// `log2 q` of a positive number.
pub fn log2(q: &Number) -> Number {
    let two = whole(2);
    let (mut m, mut exponent) = (q.clone(), 0);
    while m >= two {
        m /= &two;
        exponent += 1;
    }
    while m < Number::one() {
        m *= &two;
        exponent -= 1;
    }
    if m.is_one() {
        return whole(exponent);
    }
    whole(exponent) + Number::new(ln_fixed(&m), ln_two_fixed())
}

/// `2^t`; beyond ±1,000 an answer that is merely far too large or far too small.
pub fn exp2(t: &Number) -> Number {
    let t = t.clone().clamp(whole(-1_000), whole(1_000));
    let integer = t.floor().to_integer().to_i32().unwrap_or(0);
    let fraction = &t - t.floor();
    let scaled = if fraction.is_zero() { Number::one() } else { exp_fixed(&fraction) };
    scaled * BigRational::from_integer(BigInt::from(2)).pow(integer)
}

/// `2^f` for f in (0, 1) by the exponential series.
fn exp_fixed(f: &Number) -> Number {
    let x = to_fixed(f) * ln_two_fixed() / one();
    let (mut term, mut sum, mut k): (BigInt, BigInt, i64) = (one(), BigInt::zero(), 1);
    while !term.is_zero() {
        sum += &term;
        term = &term * &x / one() / k;
        k += 1;
    }
    from_fixed(sum)
}

/// The four figures of a points-to-double-the-odds scale are usable.
pub fn in_domain(first_is_odds: bool, first: &Number, pdo: &Number, base_good_odds: &Number) -> bool {
    !pdo.is_zero() && base_good_odds.is_positive() && (!first_is_odds || first.is_positive())
}

/// `base_score + pdo · log2(odds / base_good_odds)`
pub fn score_from_good_odds(odds: &Number, pdo: &Number, base_score: &Number, base_good_odds: &Number) -> Number {
    base_score + pdo * log2(&(odds / base_good_odds))
}

/// `base_good_odds · 2^((score − base_score) / pdo)`
pub fn good_odds_from_score(score: &Number, pdo: &Number, base_score: &Number, base_good_odds: &Number) -> Number {
    base_good_odds * exp2(&((score - base_score) / pdo))
}

/// `1 / (1 + good odds)`
pub fn pd_from_score(score: &Number, pdo: &Number, base_score: &Number, base_good_odds: &Number) -> Number {
    (Number::one() + good_odds_from_score(score, pdo, base_score, base_good_odds)).recip()
}
