#![expect(clippy::arithmetic_side_effects, reason = "tests: the numbers are small or big integers")]

use super::*;
use proptest::prelude::*;

/// The ends at a precision enclose those at a much higher one, so they enclose the number: the error bound holds.
fn encloses(number: impl Fn(u64) -> Fixed, precision: u64, more: u64) {
    let ([low, high], [lower, higher]) = (number(precision).ends(), number(precision + more).ends());
    assert!(low << more <= lower && higher <= high << more, "precision {precision}");
}

#[test]
fn ln_2_has_its_published_digits() {
    // OEIS A002162, as 10^38 · ln 2
    let digits = BigInt::from(69_314_718_055_994_530_941_723_212_145_817_656_807_u128);
    let [low, high] = ln_2(200).ends().map(|end| (end * BigInt::from(10).pow(38)) >> 200);
    assert_eq!((low, high), (digits.clone(), digits));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn error_bounds_hold(above in 1_u128.., below in 1_u128.., cut in 0_u32..128, precision in 32_u64..400, more in 64_u64..500) {
        let (above, below) = (BigInt::from((above >> cut).max(1)), BigInt::from(below));
        encloses(ln_2, precision, more);
        encloses(ln_2_series, precision, more);
        encloses(|p| log_2(&above, &below, p), precision, more);
        encloses(|p| log_2(&below, &above, p), precision, more);
        encloses(|p| log_2(&(&below + 1), &below, p), precision, more);
        encloses(|p| exp_2(&(&above % &below), &below, p), precision, more);
    }

    /// log₂ and 2^x are computed from different series, and undo each other.
    #[test]
    fn powers_undo_logarithms(above in 0_u64.., precision in 80_u64..300) {
        let below = BigInt::from(1) << 64;
        let [low, high] = exp_2(&BigInt::from(above), &below, precision).ends();
        let one = BigInt::from(1) << precision;
        let [lowest, _] = log_2(&low, &one, precision).ends();
        let [_, highest] = log_2(&high, &one, precision).ends();
        let exact = BigInt::from(above) << precision;
        prop_assert!(lowest * &below <= exact && exact <= highest * &below);
    }
}

/// The constant is the series, bit by bit: the enclosures at 400 bits end in the same 256.
#[test]
fn the_constant_is_ln_2() {
    let [low, high] = ln_2_series(400).ends().map(|end| end >> 144);
    assert_eq!(low, high);
    assert_eq!(low, BigInt::from_slice(Sign::Plus, &LN_2));
}

#[test]
fn whole_logarithms_and_powers_have_no_error() {
    for k in 0..200_u32 {
        let (above, below) = (BigInt::from(12345) << k, BigInt::from(12345));
        assert_eq!(log_2(&above, &below, 70).ends(), [BigInt::from(k) << 70, BigInt::from(k) << 70]);
        assert_eq!(
            log_2(&below, &above, 70).ends(),
            [BigInt::from(-i64::from(k)) << 70, BigInt::from(-i64::from(k)) << 70]
        );
    }
    assert_eq!(exp_2(&BigInt::ZERO, &BigInt::from(3), 70).ends(), [BigInt::from(1) << 70, BigInt::from(1) << 70]);
}
