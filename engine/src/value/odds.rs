//! Score, odds and probability of default by points to double the odds.
//!
//! `score = base_score + pdo · log₂(odds / base_good_odds)`; odds are good : bad, so a higher score is a better risk
//! where `pdo` is positive; `pd = 1 / (1 + odds)`. Each function yields the real number rounded once: the number is
//! enclosed ever more tightly until both ends round alike (Ziv's strategy). That ends, because a result is either
//! rational, which is recognised and computed exactly (log₂ of a rational number is rational only for a power of 2, and
//! 2 to a rational power only for an integer power), or irrational, and then no rounding boundary.
#![expect(
    clippy::arithmetic_side_effects,
    reason = "big integers grow instead of overflowing, no divisor is zero, and the precisions are small"
)]

use super::decimal::{Decimal, MAX_SCALE, NumberError, RoundingMode, from_mantissa};
use super::fixed_point::{exp_2, ln_2, log_2};
use super::rounding::Remainder;
use num_bigint::{BigInt, Sign};

/// The most digits after the point that a score, odds or a probability of default may be asked for.
pub const MAX_ODDS_SCALE: u32 = 12;

/// Why there is no score, no odds or no probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum OddsError {
    /// The points to double the odds are zero.
    #[error("the points to double the odds must not be zero")]
    ZeroPdo,
    /// Odds are zero or negative.
    #[error("odds must be above zero")]
    OddsNotPositive,
    /// More digits asked for than these functions give.
    #[error("more digits after the point than can be asked for")]
    ScaleTooLarge,
    /// The result is too large for a decimal.
    #[error("the result is too large")]
    Overflow,
}

impl From<NumberError> for OddsError {
    fn from(error: NumberError) -> Self {
        match error {
            NumberError::LostDigits => Self::ScaleTooLarge,
            NumberError::DivisionByZero => Self::ZeroPdo,
            NumberError::Overflow => Self::Overflow,
        }
    }
}

/// The score of a customer with good : bad `odds`: `base_score + pdo · log₂(odds / base_good_odds)`, rounded once to
/// exactly `scale` digits (at most 12).
///
/// Errors: `ZeroPdo`, `OddsNotPositive`, `ScaleTooLarge`, `Overflow`.
///
/// ```
/// use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
/// use trutina_engine::value::odds::score_from_good_odds;
/// let d = |n: i64| Decimal::from(n);
/// let score = score_from_good_odds(d(100), d(20), d(600), d(50), 2, RoundingMode::HalfUp).unwrap();
/// assert_eq!(plain_text(score), "620.00");
/// ```
pub fn score_from_good_odds(
    odds: Decimal,
    pdo: Decimal,
    base_score: Decimal,
    base_good_odds: Decimal,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, OddsError> {
    check(pdo, base_good_odds, scale)?;
    positive(odds)?;
    score(odds, pdo, base_score, base_good_odds, scale, mode)
}

/// The good : bad odds that `score` stands for: `base_good_odds · 2^((score − base_score) / pdo)`, rounded once to
/// exactly `scale` digits (at most 12).
///
/// Errors: `ZeroPdo`, `OddsNotPositive`, `ScaleTooLarge`, `Overflow`. Odds too small for the scale round to 0, or as
/// the mode says.
///
/// ```
/// use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
/// use trutina_engine::value::odds::good_odds_from_score;
/// let d = |n: i64| Decimal::from(n);
/// let odds = good_odds_from_score(d(550), d(20), d(600), d(50), 4, RoundingMode::HalfUp).unwrap();
/// assert_eq!(plain_text(odds), "8.8388");
/// ```
pub fn good_odds_from_score(
    score: Decimal,
    pdo: Decimal,
    base_score: Decimal,
    base_good_odds: Decimal,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, OddsError> {
    check(pdo, base_good_odds, scale)?;
    let exponent = Exponent::new(score, pdo, base_score);
    match exponent.size() {
        // 2^200 · 2^−94 and more: beyond any decimal
        Size::Huge => Err(OddsError::Overflow),
        // 2^−200 · 2^96 and less, and not zero
        Size::Tiny => rounded(&Ratio::new(1, 4), scale, mode),
        Size::Usual => certain(scale, mode, |guard| {
            let digits = exponent.bits_of_odds(base_good_odds) + 4 * u64::from(scale);
            exponent.odds(base_good_odds, guard + digits).map(|odds| odds.times(&power_of_10(scale)))
        }),
    }
}

/// The probability of default that `score` stands for, a fraction: `1 / (1 + odds)` with the odds of
/// [`good_odds_from_score`], unrounded, and the whole rounded once to exactly `scale` digits (at most 12).
///
/// Errors: `ZeroPdo`, `OddsNotPositive`, `ScaleTooLarge`.
///
/// ```
/// use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
/// use trutina_engine::value::odds::pd_from_score;
/// let d = |n: i64| Decimal::from(n);
/// let pd = pd_from_score(d(500), d(20), d(600), d(50), 6, RoundingMode::HalfUp).unwrap();
/// assert_eq!(plain_text(pd), "0.390244");
/// ```
pub fn pd_from_score(
    score: Decimal,
    pdo: Decimal,
    base_score: Decimal,
    base_good_odds: Decimal,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, OddsError> {
    check(pdo, base_good_odds, scale)?;
    let exponent = Exponent::new(score, pdo, base_score);
    let unit = power_of_10(scale);
    match exponent.size() {
        // odds above 2^106: above 0 by less than a quarter of any digit asked for
        Size::Huge => rounded(&Ratio::new(1, 4), scale, mode),
        // odds below 2^−104: below 1 by as little
        Size::Tiny => rounded(&Ratio::new(unit * 4 - 1, 4), scale, mode),
        Size::Usual => certain(scale, mode, |guard| {
            exponent
                .odds(base_good_odds, guard + 4 * u64::from(scale))
                .map(|odds| Ratio::new(&unit * &odds.below, odds.above + odds.below))
        }),
    }
}

/// `pdo / ln 2`, the points by which the score rises when ln(odds) rises by 1, rounded once to exactly `scale` digits
/// (at most 28).
///
/// Errors: `ScaleTooLarge`, `Overflow`.
///
/// ```
/// use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
/// let factor = trutina_engine::value::odds::factor(Decimal::from(20), 25, RoundingMode::HalfUp).unwrap();
/// assert_eq!(plain_text(factor), "28.8539008177792681471984936");
/// ```
pub fn factor(pdo: Decimal, scale: u32, mode: RoundingMode) -> Result<Decimal, OddsError> {
    within(scale, MAX_SCALE)?;
    let above = BigInt::from(pdo.mantissa()) * power_of_10(scale);
    let below = power_of_10(pdo.scale());
    certain(scale, mode, |guard| {
        let precision = guard + above.bits();
        ln_2(precision).ends().map(|ln_2| Ratio::new(&above << precision, &below * ln_2))
    })
}

/// The score at odds of 1 : 1, `base_score − factor · ln(base_good_odds)`, rounded once to exactly `scale` digits (at
/// most 28).
///
/// Errors: `ZeroPdo`, `OddsNotPositive`, `ScaleTooLarge`, `Overflow`.
///
/// ```
/// use trutina_engine::value::decimal::{Decimal, RoundingMode, plain_text};
/// use trutina_engine::value::odds::offset;
/// let d = |n: i64| Decimal::from(n);
/// assert_eq!(plain_text(offset(d(20), d(600), d(50), 4, RoundingMode::HalfUp).unwrap()), "487.1229");
/// ```
pub fn offset(
    pdo: Decimal,
    base_score: Decimal,
    base_good_odds: Decimal,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, OddsError> {
    check(pdo, base_good_odds, 0)?;
    within(scale, MAX_SCALE)?;
    score(Decimal::ONE, pdo, base_score, base_good_odds, scale, mode)
}

fn check(pdo: Decimal, base_good_odds: Decimal, scale: u32) -> Result<(), OddsError> {
    within(scale, MAX_ODDS_SCALE)?;
    if pdo.is_zero() {
        return Err(OddsError::ZeroPdo);
    }
    positive(base_good_odds)
}

fn within(scale: u32, most: u32) -> Result<(), OddsError> {
    if scale <= most { Ok(()) } else { Err(OddsError::ScaleTooLarge) }
}

fn positive(odds: Decimal) -> Result<(), OddsError> {
    if odds.mantissa() > 0 { Ok(()) } else { Err(OddsError::OddsNotPositive) }
}

fn score(
    odds: Decimal,
    pdo: Decimal,
    base_score: Decimal,
    base_good_odds: Decimal,
    scale: u32,
    mode: RoundingMode,
) -> Result<Decimal, OddsError> {
    let above = BigInt::from(odds.mantissa()) * power_of_10(base_good_odds.scale());
    let below = BigInt::from(base_good_odds.mantissa()) * power_of_10(odds.scale());
    // Over one divisor: 10^(base_score's scale + pdo's scale).
    let divisor = power_of_10(base_score.scale() + pdo.scale());
    let base = BigInt::from(base_score.mantissa()) * power_of_10(pdo.scale() + scale);
    let slope = BigInt::from(pdo.mantissa()) * power_of_10(base_score.scale() + scale);
    certain(scale, mode, |guard| {
        let precision = guard + slope.bits();
        let (base, divisor) = (&base << precision, &divisor << precision);
        log_2(&above, &below, precision).ends().map(|log_2| Ratio::new(&base + &slope * log_2, divisor.clone()))
    })
}

/// A fraction; `below` is positive.
struct Ratio {
    above: BigInt,
    below: BigInt,
}

impl Ratio {
    fn new(above: impl Into<BigInt>, below: impl Into<BigInt>) -> Self {
        Self { above: above.into(), below: below.into() }
    }

    fn times(self, factor: &BigInt) -> Self {
        Self { above: self.above * factor, below: self.below }
    }

    fn round(&self, mode: RoundingMode) -> BigInt {
        let negative = self.above.sign() == Sign::Minus;
        let (above, below) = (self.above.magnitude(), self.below.magnitude());
        let (quotient, rest) = (above / below, above % below);
        let remainder = Remainder::new(rest.bits() == 0, rest.cmp(&(below - &rest)));
        let away = mode.moves_away(negative, quotient.bit(0), remainder);
        let magnitude = BigInt::from(quotient + u8::from(away));
        if negative { -magnitude } else { magnitude }
    }
}

/// The power of 2 that scales the odds, (score − base_score) / pdo, as a whole number and a fraction of [0, 1).
struct Exponent {
    whole: BigInt,
    above: BigInt,
    below: BigInt,
}

enum Size {
    /// Below −200.
    Tiny,
    Usual,
    /// 201 and more.
    Huge,
}

impl Exponent {
    fn new(score: Decimal, pdo: Decimal, base_score: Decimal) -> Self {
        let at = |x: Decimal, zeros: u32| BigInt::from(x.mantissa()) * power_of_10(zeros);
        let above = at(score, base_score.scale() + pdo.scale()) - at(base_score, score.scale() + pdo.scale());
        let below = at(pdo, score.scale() + base_score.scale());
        let (above, below) = if below.sign() == Sign::Minus { (-above, -below) } else { (above, below) };
        let (mut whole, mut rest) = (&above / &below, &above % &below);
        if rest.sign() == Sign::Minus {
            whole -= 1;
            rest += &below;
        }
        Self { whole, above: rest, below }
    }

    fn size(&self) -> Size {
        match i64::try_from(&self.whole) {
            Ok(-200..=200) => Size::Usual,
            _ if self.whole.sign() == Sign::Minus => Size::Tiny,
            _ => Size::Huge,
        }
    }

    /// A bound on how many bits the odds have before the point.
    fn bits_of_odds(&self, base_good_odds: Decimal) -> u64 {
        let base = BigInt::from(base_good_odds.mantissa()).bits();
        let whole = u64::try_from(&self.whole).unwrap_or_default();
        base.saturating_sub(3 * u64::from(base_good_odds.scale())) + whole + 1 // 10 > 2^3
    }

    /// The two ends between which the odds lie. For exponents of usual size.
    fn odds(&self, base_good_odds: Decimal, precision: u64) -> [Ratio; 2] {
        let whole = i64::try_from(&self.whole).unwrap_or_default();
        let shift = whole.unsigned_abs();
        let (up, down) = if whole < 0 { (0, shift) } else { (shift, 0) };
        let base = BigInt::from(base_good_odds.mantissa()) << up;
        let below = power_of_10(base_good_odds.scale()) << (precision + down);
        let power = exp_2(&self.above, &self.below, precision);
        power.ends().map(|power| Ratio::new(&base * power, below.clone()))
    }
}

/// How many bits beyond the last digit the first attempt computes: it decides all but one in some 2^25 results.
const FIRST_GUARD: u64 = 32;

/// The rounded number that both ends agree on, enclosed as tightly as that takes.
fn certain(scale: u32, mode: RoundingMode, ends: impl Fn(u64) -> [Ratio; 2]) -> Result<Decimal, OddsError> {
    let mut guard = FIRST_GUARD;
    loop {
        let [one, other] = ends(guard);
        let number = one.round(mode);
        if number == other.round(mode) {
            return decimal(&number, scale);
        }
        guard *= 2;
    }
}

fn rounded(units: &Ratio, scale: u32, mode: RoundingMode) -> Result<Decimal, OddsError> {
    decimal(&units.round(mode), scale)
}

fn decimal(units: &BigInt, scale: u32) -> Result<Decimal, OddsError> {
    let mantissa = i128::try_from(units).map_err(|_| OddsError::Overflow)?;
    Ok(from_mantissa(mantissa, scale)?)
}

fn power_of_10(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

#[cfg(test)]
mod tests;
