//! Integers: 64 bits, every operation exact or an error.

use super::decimal::NumberError;

/// `a + b`. Error: `Overflow` beyond 64 bits.
///
/// ```
/// use trutina_engine::value::{decimal::NumberError, integer};
/// assert_eq!(integer::checked_add(2, 3), Ok(5));
/// assert_eq!(integer::checked_add(i64::MAX, 1), Err(NumberError::Overflow));
/// ```
pub fn checked_add(a: i64, b: i64) -> Result<i64, NumberError> {
    a.checked_add(b).ok_or(NumberError::Overflow)
}

/// `a − b`. Error: `Overflow` beyond 64 bits.
pub fn checked_sub(a: i64, b: i64) -> Result<i64, NumberError> {
    a.checked_sub(b).ok_or(NumberError::Overflow)
}

/// `a · b`. Error: `Overflow` beyond 64 bits.
pub fn checked_mul(a: i64, b: i64) -> Result<i64, NumberError> {
    a.checked_mul(b).ok_or(NumberError::Overflow)
}

/// `−a`. Error: `Overflow` for the least integer, whose negation needs 65 bits.
pub fn checked_neg(a: i64) -> Result<i64, NumberError> {
    a.checked_neg().ok_or(NumberError::Overflow)
}

/// The remainder of `a / b` truncated toward zero; it has the sign of `a`.
///
/// Errors: `DivisionByZero`; `Overflow` for the least integer by −1, because the quotient overflows (as in Rhai).
pub fn checked_rem(a: i64, b: i64) -> Result<i64, NumberError> {
    if b == 0 {
        return Err(NumberError::DivisionByZero);
    }
    a.checked_rem(b).ok_or(NumberError::Overflow)
}

/// `base` to the power of `exponent`; `0 ** 0` is 1.
///
/// Errors: `Overflow` beyond 64 bits and for an exponent of 2^32 or more (as in Rhai); `LostDigits` for a negative
/// exponent, whose result would be a fraction.
pub fn checked_pow(base: i64, exponent: i64) -> Result<i64, NumberError> {
    if exponent < 0 {
        return Err(NumberError::LostDigits);
    }
    let exponent = u32::try_from(exponent).map_err(|_| NumberError::Overflow)?;
    base.checked_pow(exponent).ok_or(NumberError::Overflow)
}

#[cfg(test)]
mod tests;
