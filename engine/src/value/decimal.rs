//! Decimals: a coefficient below 2^96 with 0 to 28 digits after the point. Every operation here is exact, rounds the
//! exact result once as it is told to, or is an error; there is no negative zero.
//!
//! [`Decimal`] is only the container: its own operators round silently and are not used. Its order is exact.

use ethnum::{I256, U256};

pub use super::number_text::{
    ParseNumberError, canonical_text, parse_decimal, parse_fixed, parse_fixed_mantissa, parse_integer,
    parse_plain_integer, plain_text, write_canonical, write_plain,
};
use super::rounding::Remainder;
pub use super::rounding::RoundingMode;
pub use rust_decimal::Decimal;

/// The most digits a decimal has after the point.
pub const MAX_SCALE: u32 = 28;

/// The greatest coefficient of a decimal, 2^96 − 1: every number of 28 digits fits.
pub const MAX_COEFFICIENT: i128 = 79_228_162_514_264_337_593_543_950_335;

/// Where thresholds end: no coefficient of a decimal, at any scale, reaches 2^100.
pub const THRESHOLD_LIMIT: i128 = 1 << 100;

/// Why an operation on numbers has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberError {
    /// The result is too large for its type.
    #[error("the result is too large")]
    Overflow,
    /// The divisor is zero.
    #[error("division by zero")]
    DivisionByZero,
    /// The exact result has more digits than a number can hold; it is not rounded silently.
    #[error("the exact result has more digits than a decimal holds")]
    LostDigits,
}

/// The mantissa in 64 bits; one beyond them becomes the least or the greatest `i64`. Cheaper than the 128 bits of
/// [`Decimal::mantissa`], most of all where there are no such registers.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub(crate) fn clamped_mantissa(number: &Decimal) -> i64 {
    let parts = number.unpack();
    let low = i64::try_from(u64::from(parts.lo) | u64::from(parts.mid) << 32);
    match low {
        Ok(size) if parts.hi == 0 && parts.negative => size.wrapping_neg(),
        Ok(size) if parts.hi == 0 => size,
        _ => beyond(parts.negative),
    }
}

/// Out of line, that the common way is a straight one.
#[cold]
#[inline(never)]
const fn beyond(negative: bool) -> i64 {
    if negative { i64::MIN } else { i64::MAX }
}

/// `mantissa` · 10^−`scale`. Errors: `Overflow` for a mantissa of 2^96 or more, `LostDigits` for a scale above 28.
///
/// ```
/// use trutina_engine::value::decimal::{from_mantissa, plain_text};
/// assert_eq!(plain_text(from_mantissa(-150, 2).unwrap()), "-1.50");
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn from_mantissa(mantissa: i128, scale: u32) -> Result<Decimal, NumberError> {
    if scale > MAX_SCALE {
        return Err(NumberError::LostDigits);
    }
    assemble(mantissa, scale).ok_or(NumberError::Overflow)
}

/// `a + b`, exact, with the larger of the two scales where that fits, else with fewer trailing zeros.
///
/// Errors: `Overflow` if the whole part needs 2^96 or more, `LostDigits` if there is no room for all the digits.
///
/// ```
/// use trutina_engine::value::decimal::{checked_add, parse_decimal};
/// let sum = checked_add(parse_decimal("0.1").unwrap(), parse_decimal("0.2").unwrap());
/// assert_eq!(sum, Ok(parse_decimal("0.3").unwrap()));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn checked_add(a: Decimal, b: Decimal) -> Result<Decimal, NumberError> {
    add_mantissas(a.mantissa(), a.scale(), b.mantissa(), b.scale())
}

/// `a − b`; scale and errors as in [`checked_add`].
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn checked_sub(a: Decimal, b: Decimal) -> Result<Decimal, NumberError> {
    add_mantissas(a.mantissa(), a.scale(), b.mantissa().wrapping_neg(), b.scale())
}

/// `a · b`, exact, with the sum of the scales where that fits, else with fewer trailing zeros; errors as in
/// [`checked_add`].
///
/// ```
/// use trutina_engine::value::decimal::{NumberError, checked_mul, parse_decimal};
/// let tiny = parse_decimal("0.00000000000000000001").unwrap();
/// assert_eq!(checked_mul(tiny, tiny), Err(NumberError::LostDigits));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn checked_mul(a: Decimal, b: Decimal) -> Result<Decimal, NumberError> {
    let scale = a.scale().wrapping_add(b.scale()); // at most 56
    match (i64::try_from(a.mantissa()), i64::try_from(b.mantissa())) {
        (Ok(a), Ok(b)) => fit(i128::from(a).wrapping_mul(i128::from(b)), scale),
        _ => mul_wide(a.mantissa(), b.mantissa(), scale),
    }
}

/// `−a`. Always exact; the negation of zero is zero.
#[inline]
#[must_use]
pub fn neg(a: Decimal) -> Decimal {
    from_mantissa(a.mantissa().wrapping_neg(), a.scale()).unwrap_or(a)
}

/// `|a|`. Always exact.
#[inline]
#[must_use]
pub fn abs(a: Decimal) -> Decimal {
    if a.is_sign_negative() { neg(a) } else { a }
}

/// Whether `x` has no digits other than zero after the point.
#[must_use]
pub fn is_integer(x: Decimal) -> bool {
    rescale_exact(x, 0).is_some()
}

/// `x` as an integer, if it is one and fits 64 bits.
#[must_use]
pub fn to_i64_exact(x: Decimal) -> Option<i64> {
    i64::try_from(rescale_exact(x, 0)?.mantissa()).ok()
}

/// The same number with exactly `scale` digits after the point, if that is possible without rounding.
///
/// ```
/// use trutina_engine::value::decimal::{parse_decimal, plain_text, rescale_exact};
/// assert_eq!(plain_text(rescale_exact(parse_decimal("1.500").unwrap(), 2).unwrap()), "1.50");
/// assert_eq!(rescale_exact(parse_decimal("1.505").unwrap(), 2), None);
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[must_use]
pub fn rescale_exact(x: Decimal, scale: u32) -> Option<Decimal> {
    let mantissa = x.mantissa();
    let rescaled = match scale.checked_sub(x.scale()) {
        Some(0) => return Some(x),
        Some(more) => mantissa.checked_mul(pow10(more)?)?,
        None => {
            let unit = pow10(x.scale().wrapping_sub(scale))?;
            if mantissa.checked_rem(unit)? != 0 {
                return None;
            }
            mantissa.checked_div(unit)?
        }
    };
    from_mantissa(rescaled, scale).ok()
}

/// `x` rounded once to `scale` digits after the point. A number that has no more digits than that is unchanged; it is
/// given `scale` digits if it fits, else as many as fit.
///
/// ```
/// use trutina_engine::value::decimal::{RoundingMode, parse_decimal, plain_text, round};
/// let text = |x, scale, mode| plain_text(round(parse_decimal(x).unwrap(), scale, mode));
/// assert_eq!(text("2.5", 0, RoundingMode::HalfUp), "3");
/// assert_eq!(text("2.5", 0, RoundingMode::HalfEven), "2");
/// assert_eq!(text("-0.3333", 0, RoundingMode::Ceiling), "0");
/// assert_eq!(text("7", 2, RoundingMode::Down), "7.00");
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[must_use]
pub fn round(x: Decimal, scale: u32, mode: RoundingMode) -> Decimal {
    let digits = x.scale();
    let mantissa = x.mantissa();
    let Some(dropped) = digits.checked_sub(scale) else {
        return (digits..=scale.min(MAX_SCALE)).rev().find_map(|s| rescale_exact(x, s)).unwrap_or(x);
    };
    let rounded = pow10(dropped)
        .and_then(|unit| round_ratio(mantissa.unsigned_abs(), unit.unsigned_abs(), mantissa < 0, mode))
        .and_then(|magnitude| from_mantissa(signed(magnitude, mantissa < 0)?, scale).ok());
    rounded.unwrap_or(x) // dropping digits always fits
}

/// The exact quotient `a / b` rounded once to exactly `scale` digits after the point.
///
/// Errors: `DivisionByZero`; `Overflow` if the result at that scale needs 2^96 or more; `LostDigits` for a scale above
/// 28.
///
/// ```
/// use trutina_engine::value::decimal::{RoundingMode, div, parse_decimal, plain_text};
/// let d = |text| parse_decimal(text).unwrap();
/// assert_eq!(plain_text(div(d("500"), d("239.640"), 2, RoundingMode::HalfUp).unwrap()), "2.09");
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn div(a: Decimal, b: Decimal, scale: u32, mode: RoundingMode) -> Result<Decimal, NumberError> {
    if b.is_zero() {
        return Err(NumberError::DivisionByZero);
    }
    if scale > MAX_SCALE || a.is_zero() {
        return from_mantissa(0, scale);
    }
    let negative = a.is_sign_negative() != b.is_sign_negative();
    let (above, below) = (a.mantissa().unsigned_abs(), b.mantissa().unsigned_abs());
    // a / b · 10^scale = above · 10^(b's scale + scale) / (below · 10^(a's scale))
    let raise = b.scale().wrapping_add(scale); // at most 56
    let (above_zeros, below_zeros) = (raise.saturating_sub(a.scale()), a.scale().saturating_sub(raise));
    let narrow = scale_up(above, above_zeros).zip(scale_up(below, below_zeros));
    let magnitude = match narrow.and_then(|(n, d)| round_ratio(n, d, negative, mode)) {
        Some(magnitude) => magnitude,
        None => div_wide(above, above_zeros, below, below_zeros, negative, mode)?,
    };
    from_mantissa(signed(magnitude, negative).ok_or(NumberError::Overflow)?, scale)
}

/// The greatest mantissa at `scale` that is not above `c`: floor(c · 10^scale). A number `m` · 10^−`scale` is `<= c`
/// exactly if `m` is at most this. Beyond ±2^100, which no decimal's mantissa reaches, the result is ±2^100.
///
/// ```
/// use trutina_engine::value::decimal::{ceil_mantissa, floor_mantissa, parse_decimal};
/// let c = parse_decimal("25.5").unwrap();
/// assert_eq!((floor_mantissa(c, 0), ceil_mantissa(c, 0)), (25, 26));
/// ```
#[must_use]
pub fn floor_mantissa(c: Decimal, scale: u32) -> i128 {
    threshold(c, scale, RoundingMode::Floor)
}

/// The least mantissa at `scale` that is not below `c`: ceil(c · 10^scale); clamped as in [`floor_mantissa`].
#[must_use]
pub fn ceil_mantissa(c: Decimal, scale: u32) -> i128 {
    threshold(c, scale, RoundingMode::Ceiling)
}

fn threshold(c: Decimal, scale: u32, mode: RoundingMode) -> i128 {
    if c.scale() > scale {
        return round(c, scale, mode).mantissa();
    }
    let raised = pow10(scale.wrapping_sub(c.scale())).and_then(|unit| c.mantissa().checked_mul(unit));
    match raised {
        Some(mantissa) => mantissa.clamp(-THRESHOLD_LIMIT, THRESHOLD_LIMIT),
        None if c.is_zero() => 0,
        None if c.is_sign_negative() => -THRESHOLD_LIMIT,
        None => THRESHOLD_LIMIT,
    }
}

/// 10^`exponent`, up to 10^38.
#[inline]
pub(super) fn pow10(exponent: u32) -> Option<i128> {
    #[expect(clippy::indexing_slicing, reason = "computed by the compiler, which checks the bounds")]
    const POWERS: [i128; 39] = {
        let mut powers = [1; 39];
        let mut i = 1;
        while i < powers.len() {
            powers[i] = powers[i - 1] * 10;
            i += 1;
        }
        powers
    };
    POWERS.get(usize::try_from(exponent).ok()?).copied()
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn add_mantissas(a: i128, a_scale: u32, b: i128, b_scale: u32) -> Result<Decimal, NumberError> {
    if a_scale == b_scale {
        return fit(a.wrapping_add(b), a_scale); // both below 2^96
    }
    let scale = a_scale.max(b_scale);
    let raise = |m: i128, from: u32| match scale.wrapping_sub(from) {
        few @ 0..=9 => pow10(few).map(|unit| m.wrapping_mul(unit)), // 2^96 · 10^9 < 2^126
        many => pow10(many).and_then(|unit| m.checked_mul(unit)),
    };
    match raise(a, a_scale).zip(raise(b, b_scale)).and_then(|(a, b)| a.checked_add(b)) {
        Some(sum) => fit(sum, scale),
        None => add_wide(a, scale.wrapping_sub(a_scale), b, scale.wrapping_sub(b_scale), scale),
    }
}

#[cold]
#[inline(never)]
fn add_wide(a: i128, a_zeros: u32, b: i128, b_zeros: u32, scale: u32) -> Result<Decimal, NumberError> {
    // Below 2^96 · 10^28 < 2^190 each: neither the products nor the sum leave 256 bits.
    let raise = |m: i128, zeros: u32| I256::from(m).wrapping_mul(I256::new(10).wrapping_pow(zeros));
    fit_wide(raise(a, a_zeros).wrapping_add(raise(b, b_zeros)), scale)
}

#[cold]
#[inline(never)]
fn mul_wide(a: i128, b: i128, scale: u32) -> Result<Decimal, NumberError> {
    // Two factors below 2^96: the product stays below 2^192.
    fit_wide(I256::from(a).wrapping_mul(I256::from(b)), scale)
}

/// The decimal of these parts, if there is one. `Decimal`'s own constructor for this costs as much as an addition.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn assemble(mantissa: i128, scale: u32) -> Option<Decimal> {
    let magnitude = mantissa.unsigned_abs();
    if scale > MAX_SCALE || magnitude > MAX_COEFFICIENT.unsigned_abs() {
        return None;
    }
    // The casts take 32 bits each.
    let (low, middle, high) = (magnitude as u32, (magnitude >> 32) as u32, (magnitude >> 64) as u32);
    Some(Decimal::from_parts(low, middle, high, mantissa < 0, scale))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn fit(mantissa: i128, scale: u32) -> Result<Decimal, NumberError> {
    match assemble(mantissa, scale) {
        Some(x) => Ok(x),
        None => fit_wide(I256::from(mantissa), scale),
    }
}

/// The same number with as few trailing zeros dropped as it takes to be a decimal.
#[cold]
#[inline(never)]
fn fit_wide(mantissa: I256, scale: u32) -> Result<Decimal, NumberError> {
    let most = U256::from(MAX_COEFFICIENT.unsigned_abs());
    let ten = U256::new(10);
    let negative = mantissa.is_negative();
    let mut magnitude = mantissa.unsigned_abs();
    let mut digits = scale;
    while digits > MAX_SCALE || magnitude > most {
        let lost = magnitude.checked_rem(ten) != Some(U256::ZERO);
        if lost || digits == 0 {
            let whole = ten.checked_pow(digits).and_then(|unit| magnitude.checked_div(unit));
            return Err(if whole > Some(most) { NumberError::Overflow } else { NumberError::LostDigits });
        }
        magnitude = magnitude.wrapping_div(ten);
        digits = digits.wrapping_sub(1);
    }
    from_mantissa(signed(magnitude.as_u128(), negative).ok_or(NumberError::Overflow)?, digits)
}

/// The slow path of [`div`], for operands beyond 128 bits.
#[cold]
#[inline(never)]
fn div_wide(
    above: u128,
    above_zeros: u32,
    below: u128,
    below_zeros: u32,
    negative: bool,
    mode: RoundingMode,
) -> Result<u128, NumberError> {
    let raise = |m: u128, zeros: u32| U256::new(10).checked_pow(zeros).and_then(|unit| unit.checked_mul(U256::from(m)));
    // Only one of the two is raised: the divisor stays below 2^96 · 10^28 < 2^190, and a dividend beyond 2^256 stands
    // over a divisor below 2^96.
    let numerator = raise(above, above_zeros).ok_or(NumberError::Overflow)?;
    let denominator = raise(below, below_zeros).ok_or(NumberError::Overflow)?;
    let quotient = numerator.checked_div(denominator).ok_or(NumberError::DivisionByZero)?;
    if quotient > U256::from(MAX_COEFFICIENT.unsigned_abs()) {
        return Err(NumberError::Overflow);
    }
    let rest = numerator.checked_rem(denominator).ok_or(NumberError::DivisionByZero)?;
    let remainder = Remainder::new(rest == U256::ZERO, rest.cmp(&denominator.wrapping_sub(rest)));
    let magnitude = quotient.as_u128();
    let away = mode.moves_away(negative, magnitude & 1 == 1, remainder);
    Ok(magnitude.saturating_add(u128::from(away)))
}

/// above / below, rounded to an integer; nothing if `below` is zero.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn round_ratio(above: u128, below: u128, negative: bool, mode: RoundingMode) -> Option<u128> {
    let (quotient, rest) = match (u64::try_from(above), u64::try_from(below)) {
        // 64-bit division is many times faster
        (Ok(above), Ok(below)) => (u128::from(above.checked_div(below)?), u128::from(above.checked_rem(below)?)),
        _ => (above.checked_div(below)?, above.checked_rem(below)?),
    };
    let remainder = Remainder::new(rest == 0, rest.cmp(&below.wrapping_sub(rest)));
    let away = mode.moves_away(negative, quotient & 1 == 1, remainder);
    quotient.checked_add(u128::from(away))
}

/// `magnitude` · 10^`zeros`, if that fits.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub(super) fn scale_up(magnitude: u128, zeros: u32) -> Option<u128> {
    let unit = pow10(zeros)?.unsigned_abs();
    match (u64::try_from(magnitude), u64::try_from(unit)) {
        (Ok(_), Ok(_)) => Some(magnitude.wrapping_mul(unit)), // without the cost of checking 128 bits
        _ => magnitude.checked_mul(unit),
    }
}

#[inline]
pub(super) fn signed(magnitude: u128, negative: bool) -> Option<i128> {
    let mantissa = i128::try_from(magnitude).ok()?;
    Some(if negative { mantissa.wrapping_neg() } else { mantissa })
}

#[cfg(test)]
mod tests;
