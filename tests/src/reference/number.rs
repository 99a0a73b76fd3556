//! Exact fractions, and the one question a decimal asks: can it be represented?

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use trutina_engine::diagnostic::codes::{Code, LOST_DIGITS, OVERFLOW};
use trutina_engine::value::Decimal;

/// An exact number.
pub type Number = BigRational;

/// Most digits after the point.
pub const SCALE_MOST: u32 = 28;

/// An integer as a number.
pub fn whole(n: i64) -> Number {
    Number::from_integer(BigInt::from(n))
}

/// `10^n`
pub fn power_of_ten(n: u32) -> BigInt {
    BigInt::from(10).pow(n)
}

/// A figure of the ruleset.
pub fn from_decimal(decimal: Decimal) -> Number {
    Number::new(BigInt::from(decimal.mantissa()), power_of_ten(decimal.scale()))
}

/// Reads a number in JSON's grammar: `-0`, `12`, `1.50`, `1e-1`; `None` if it is not one.
pub fn parse(text: &str) -> Option<Number> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (rest, 0),
    };
    let (integer, fraction) = match mantissa.split_once('.') {
        Some((integer, fraction)) if !fraction.is_empty() => (integer, fraction),
        Some(_) => return None,
        None => (mantissa, ""),
    };
    let digits_only = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if integer.is_empty() || !digits_only(integer) || !digits_only(fraction) {
        return None;
    }
    if integer.len() > 1 && integer.starts_with('0') {
        return None;
    }
    let coefficient: BigInt = format!("{integer}{fraction}").parse().ok()?;
    if coefficient.is_zero() {
        return Some(Number::zero());
    }
    let scale = i64::try_from(fraction.len()).ok()?.saturating_sub(exponent);
    // Beyond a few hundred digits every answer is the same: far too large, or far too many digits.
    let scale = scale.clamp(-5_000, 5_000);
    let ten = power_of_ten(u32::try_from(scale.unsigned_abs()).ok()?);
    let value = if scale >= 0 { Number::new(coefficient, ten) } else { Number::from_integer(coefficient * ten) };
    Some(if negative { -value } else { value })
}

fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX / 2).min(i64::MAX / 2);
    Some(if text.starts_with('-') { -size } else { size })
}

/// Digits after the point that the exact number needs; `None` if no number of them is enough.
pub fn digits(number: &Number) -> Option<u32> {
    let mut rest = number.denom().clone();
    let mut count = |prime: u32| {
        let prime = BigInt::from(prime);
        let mut times = 0;
        while rest.is_multiple_of(&prime) {
            rest /= &prime;
            times += 1;
        }
        times
    };
    let needed = count(2).max(count(5));
    rest.is_one().then_some(needed)
}

fn coefficient_limit() -> BigInt {
    BigInt::from(1) << 96
}

/// Whether a decimal can hold the number exactly: a coefficient below 2^96 and at most 28 digits after the point.
///
/// # Errors
///
/// `T4001` if its integer part is too large, `T4003` if only its digits after the point are.
pub fn representable(number: Number) -> Result<Number, Code> {
    if number.abs() >= Number::from_integer(coefficient_limit()) {
        return Err(OVERFLOW);
    }
    match digits(&number) {
        Some(scale) if scale <= SCALE_MOST && fits(&number, scale) => Ok(number),
        _ => Err(LOST_DIGITS),
    }
}

/// Whether the number, written with exactly `scale` digits after the point, has a coefficient below 2^96.
pub fn fits(number: &Number, scale: u32) -> bool {
    (number.abs() * power_of_ten(scale)).to_integer() < coefficient_limit()
}

/// An i64.
///
/// # Errors
///
/// `T4001` beyond i64.
pub fn integer(number: Number) -> Result<Number, Code> {
    if number.is_integer() && number.to_integer().to_i64().is_some() { Ok(number) } else { Err(OVERFLOW) }
}

/// Rounds once; `mode` is one of the six words of the language.
pub fn round(number: &Number, scale: u32, mode: &str) -> Number {
    let ten = power_of_ten(scale);
    let scaled = number * &ten;
    let below = scaled.floor().to_integer();
    let above = scaled.ceil().to_integer();
    let half = Number::new(BigInt::from(1), BigInt::from(2));
    let fraction = &scaled - scaled.floor();
    let toward_zero = if scaled.is_negative() { above.clone() } else { below.clone() };
    let away = if scaled.is_negative() { below.clone() } else { above.clone() };
    let nearest = |tie: BigInt| match fraction.cmp(&half) {
        std::cmp::Ordering::Less => below.clone(),
        std::cmp::Ordering::Greater => above.clone(),
        std::cmp::Ordering::Equal => tie,
    };
    let rounded = match mode {
        "half_up" => nearest(away),
        "half_even" => nearest(if below.is_even() { below.clone() } else { above.clone() }),
        "down" => toward_zero,
        "up" => away,
        "floor" => below,
        "ceiling" => above,
        other => panic!("no rounding mode `{other}`"),
    };
    Number::new(rounded, ten)
}

/// The number with exactly `scale` digits after the point; it must not need more.
pub fn fixed_text(number: &Number, scale: u32) -> String {
    let scaled = number * power_of_ten(scale);
    assert!(scaled.is_integer(), "`{number}` has more than {scale} digits after the point");
    let coefficient = scaled.to_integer();
    let sign = if coefficient.is_negative() { "-" } else { "" };
    let width = scale as usize + 1;
    let digits = format!("{:0>width$}", coefficient.abs().to_string());
    let (integer, fraction) = digits.split_at(digits.len() - scale as usize);
    if scale == 0 { format!("{sign}{integer}") } else { format!("{sign}{integer}.{fraction}") }
}
