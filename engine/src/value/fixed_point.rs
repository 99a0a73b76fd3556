//! ln and 2^x in binary fixed point, with proved error bounds: what [`super::odds`] rounds correctly with.
//!
//! A [`Fixed`] of precision `p` stands for a real number within (`value` ± `error`) / 2^p. One unit is 2^−p. Everything
//! is an integer, so every host computes the same bits. Precisions are 32 at least.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "big integers grow instead of overflowing, no divisor is zero, and the term counts are small"
)]

use num_bigint::{BigInt, Sign};

/// A real number within (`value` ± `error`) / 2^p, for the precision `p` it was asked for.
pub(super) struct Fixed {
    pub value: BigInt,
    pub error: BigInt,
}

impl Fixed {
    /// The least and the greatest number it may stand for, times 2^p.
    pub(super) fn ends(&self) -> [BigInt; 2] {
        [&self.value - &self.error, &self.value + &self.error]
    }
}

/// floor(ln 2 · 2^256), least significant 32 bits first.
const LN_2: [u32; 8] =
    [0x8baa_fa2b, 0x8a0d_175b, 0x7298_b62d, 0x40f3_4326, 0x03f2_f6af, 0xc9e3_b398, 0xd1cf_79ab, 0xb172_17f7];

/// ln 2.
pub(super) fn ln_2(precision: u64) -> Fixed {
    match 256_u64.checked_sub(precision) {
        Some(surplus) => Fixed { value: BigInt::from_slice(Sign::Plus, &LN_2) >> surplus, error: BigInt::from(1) },
        None => ln_2_series(precision),
    }
}

fn ln_2_series(precision: u64) -> Fixed {
    atanh_doubled(&BigInt::from(1), &BigInt::from(3), precision) // (2 − 1) / (2 + 1)
}

/// The base-2 logarithm of `above` / `below`, both positive; without error if it is an integer.
pub(super) fn log_2(above: &BigInt, below: &BigInt, precision: u64) -> Fixed {
    // m = above / below / 2^k in [2/3, 4/3]: at first between 1/2 and 2, by counting bits.
    let mut k = signed_bits(above) - signed_bits(below);
    let (mut a, mut b) = aligned(above, below, k);
    if &a * 3 > &b * 4 {
        k += 1;
        (a, b) = aligned(above, below, k);
    } else if &a * 3 < &b * 2 {
        k -= 1;
        (a, b) = aligned(above, below, k);
    }
    let whole = BigInt::from(k) << precision;
    if a == b {
        return Fixed { value: whole, error: BigInt::ZERO };
    }
    // ln m = 2·atanh((m − 1) / (m + 1)), and |(m − 1) / (m + 1)| <= 1/5.
    let natural = atanh_doubled(&(&a - &b), &(&a + &b), precision);
    let ln_2 = ln_2(precision);
    // |ln m| < 0.41 and ln 2 > 0.69: the quotient is off by at most (e₁ + 0.6·e₂) / 0.69 + 1 < 2·(e₁ + e₂) + 1.
    let fraction = (natural.value << precision) / &ln_2.value;
    Fixed { value: whole + fraction, error: (natural.error + ln_2.error) * 2 + 1 }
}

/// 2^(`above` / `below`) for a fraction in [0, 1); without error if it is 0.
pub(super) fn exp_2(above: &BigInt, below: &BigInt, precision: u64) -> Fixed {
    let one = BigInt::from(1) << precision;
    if above.sign() == Sign::NoSign {
        return Fixed { value: one, error: BigInt::ZERO };
    }
    // x = above / below · ln 2 < 0.7, off by at most e + 2.
    let ln_2 = ln_2(precision);
    let x = (((above << precision) / below) * ln_2.value) >> precision;
    // Σ xʲ/j!. Each term is truncated twice and inherits 0.7/j of its predecessor's error: off by less than 2.2 units.
    let (mut sum, mut term, mut terms) = (one.clone(), one, 0_u32);
    while term.sign() != Sign::NoSign {
        terms += 1;
        term *= &x;
        term >>= precision;
        term /= terms;
        sum += &term;
    }
    // 2.2 units a term, 2 for the tail behind a last term below 2.2, and e^0.7 < 2.1 times the error of x.
    Fixed { value: sum, error: (ln_2.error + 3 + terms) * 3 }
}

/// 2·atanh(`above` / `below`), for at most 1/3 in magnitude.
fn atanh_doubled(above: &BigInt, below: &BigInt, precision: u64) -> Fixed {
    // On magnitudes, because a shifted negative number never becomes zero.
    let mut power: BigInt = (BigInt::from(above.magnitude().clone()) << precision) / below;
    let square: BigInt = (&power * &power) >> precision;
    let (mut sum, mut terms) = (power.clone(), 0_u32);
    // Σ t^(2j+1) / (2j+1). With t off by 1 unit, t² is off by 2/3 + 1 and each power by 1/9 of its predecessor's error
    // + 1/3 · 5/3 + 1 < 1.8; each term after the first by 1.8/3 + 1 = 1.6; the tail behind a last power below 1.8 is
    // below 2. That is less than 2 units a term, and doubled less than 4.
    while power.sign() != Sign::NoSign {
        terms += 1;
        power *= &square;
        power >>= precision;
        sum += &power / (2 * terms + 1);
    }
    let value = if above.sign() == Sign::Minus { -sum } else { sum };
    Fixed { value: value * 2, error: BigInt::from(4 * (terms + 1)) }
}

/// `above` and `below` · 2^`k`, both integers.
fn aligned(above: &BigInt, below: &BigInt, k: i64) -> (BigInt, BigInt) {
    let shift = k.unsigned_abs();
    if k < 0 { (above << shift, below.clone()) } else { (above.clone(), below << shift) }
}

fn signed_bits(number: &BigInt) -> i64 {
    i64::try_from(number.bits()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
