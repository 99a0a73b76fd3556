use super::*;
use NumberError::{DivisionByZero, LostDigits, Overflow};

#[test]
fn results_are_exact_or_errors() {
    assert_eq!(checked_sub(i64::MIN, 1), Err(Overflow));
    assert_eq!(checked_sub(3, 5), Ok(-2));
    assert_eq!(checked_mul(i64::MAX, 2), Err(Overflow));
    assert_eq!(checked_mul(i64::MIN, -1), Err(Overflow));
    assert_eq!(checked_mul(-4, 5), Ok(-20));
    assert_eq!(checked_neg(i64::MIN), Err(Overflow));
    assert_eq!(checked_neg(7), Ok(-7));
}

#[test]
fn remainders_have_the_sign_of_the_dividend() {
    assert_eq!(checked_rem(7, 3), Ok(1));
    assert_eq!(checked_rem(-7, 3), Ok(-1));
    assert_eq!(checked_rem(7, -3), Ok(1));
    assert_eq!(checked_rem(7, 0), Err(DivisionByZero));
    assert_eq!(checked_rem(i64::MIN, -1), Err(Overflow));
}

#[test]
fn powers() {
    assert_eq!(checked_pow(2, 62), Ok(1 << 62));
    assert_eq!(checked_pow(2, 63), Err(Overflow));
    assert_eq!(checked_pow(-2, 63), Ok(i64::MIN));
    assert_eq!(checked_pow(0, 0), Ok(1));
    assert_eq!(checked_pow(1, 1 << 32), Err(Overflow));
    assert_eq!(checked_pow(2, -1), Err(LostDigits));
}
