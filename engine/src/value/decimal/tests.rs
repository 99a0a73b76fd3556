#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "tests: the reference works on big integers"
)]

use super::*;
use num_bigint::{BigInt, Sign};
use proptest::prelude::*;
use std::cmp::Ordering;

fn d(text: &str) -> Decimal {
    parse_decimal(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

// The reference: integers over powers of ten, nothing shared with the code under test.

fn ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

fn most() -> BigInt {
    (BigInt::from(1) << 96) - 1
}

fn magnitude(x: &BigInt) -> BigInt {
    BigInt::from(x.magnitude().clone())
}

fn floor_div(above: &BigInt, below: &BigInt) -> BigInt {
    let (above, below) = if below.sign() == Sign::Minus { (-above, -below) } else { (above.clone(), below.clone()) };
    let quotient = &above / &below;
    if &quotient * &below > above { quotient - 1 } else { quotient }
}

/// The integer that `above / below` rounds to, by the definition of each mode.
fn reference_round(above: &BigInt, below: &BigInt, mode: RoundingMode) -> BigInt {
    let low = floor_div(above, below);
    if &low * below == *above {
        return low;
    }
    let high = &low + 1;
    let negative = (above.sign() == Sign::Minus) != (below.sign() == Sign::Minus);
    let (inner, outer) = if negative { (&high, &low) } else { (&low, &high) };
    // above / below against the middle, low + 1/2
    let middle = (&low * 2 + 1) * magnitude(below);
    let twice: BigInt = above * 2 * if below.sign() == Sign::Minus { -1 } else { 1 };
    let nearest = |tie: BigInt| match twice.cmp(&middle) {
        Ordering::Less => low.clone(),
        Ordering::Greater => high.clone(),
        Ordering::Equal => tie,
    };
    match mode {
        RoundingMode::Floor => low.clone(),
        RoundingMode::Ceiling => high.clone(),
        RoundingMode::Down => inner.clone(),
        RoundingMode::Up => outer.clone(),
        RoundingMode::HalfUp => nearest(outer.clone()),
        RoundingMode::HalfEven => nearest(if low.bit(0) { high.clone() } else { low.clone() }),
    }
}

/// `above` / 10^`digits` as a decimal: the most digits up to `digits` with which it fits.
fn reference_fit(above: &BigInt, digits: u32) -> Result<(BigInt, u32), NumberError> {
    let fits = |scale: &u32| {
        let scaled = above * ten(*scale);
        let exact = (&scaled / ten(digits)) * ten(digits) == scaled;
        (exact && magnitude(&scaled) / ten(digits) <= most()).then(|| scaled / ten(digits))
    };
    let found = (0..=digits.min(28)).rev().find_map(|scale| Some((fits(&scale)?, scale)));
    found.ok_or(match magnitude(above) / ten(digits) > most() {
        true => NumberError::Overflow,
        false => NumberError::LostDigits,
    })
}

fn parts(x: Decimal) -> (BigInt, u32) {
    assert!(!(x.is_zero() && x.is_sign_negative()), "negative zero");
    (BigInt::from(x.mantissa()), x.scale())
}

/// Coefficients of every length, with trailing zeros, near powers of ten and of two.
fn coefficient() -> impl Strategy<Value = i128> {
    let any_length = (0_u32..=96, any::<u128>()).prop_map(|(bits, value)| value & ((1_u128 << bits) - 1));
    let near =
        |base: u128| (0_u128..5).prop_map(move |off| (base + 2).saturating_sub(off).min(MAX_COEFFICIENT as u128));
    let power = (0_u32..=28).prop_flat_map(move |exponent| near(10_u128.pow(exponent)));
    let zeros = (0_u128..1000, 0_u32..=25).prop_map(|(value, zeros)| value * 10_u128.pow(zeros));
    let positive =
        prop_oneof![4 => any_length, 2 => power, 2 => zeros, 1 => near(1 << 96), 1 => near(1 << 64), 1 => 0_u128..100];
    (positive, any::<bool>()).prop_map(|(value, negative)| if negative { -(value as i128) } else { value as i128 })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    let scale = prop_oneof![3 => 0_u32..=4, 2 => 0_u32..=28, 1 => Just(28_u32)];
    (coefficient(), scale).prop_map(|(mantissa, scale)| from_mantissa(mantissa, scale).unwrap())
}

fn mode() -> impl Strategy<Value = RoundingMode> {
    prop::sample::select(RoundingMode::ALL.to_vec())
}

/// Two decimals, often with related values.
fn pair() -> impl Strategy<Value = (Decimal, Decimal)> {
    let near = (decimal(), -2_i128..=2, 0_u32..=28).prop_map(|(a, off, scale)| {
        let b = rescale_exact(a, scale).unwrap_or(a);
        (a, from_mantissa(b.mantissa() + off, b.scale()).unwrap_or(b))
    });
    prop_oneof![3 => (decimal(), decimal()), 1 => near]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_and_products_are_exact_or_errors((a, b) in pair()) {
        let ((m, s), (n, t)) = (parts(a), parts(b));
        let scale = s.max(t);
        let (left, right) = (&m * ten(scale - s), &n * ten(scale - t));
        prop_assert_eq!(checked_add(a, b).map(parts), reference_fit(&(&left + &right), scale));
        prop_assert_eq!(checked_sub(a, b).map(parts), reference_fit(&(&left - &right), scale));
        prop_assert_eq!(checked_mul(a, b).map(parts), reference_fit(&(&m * &n), s + t));
        prop_assert_eq!(parts(neg(a)), (-&m, s));
        prop_assert_eq!(parts(abs(a)), (magnitude(&m), s));
    }

    #[test]
    fn order_is_exact((a, b) in pair()) {
        let ((m, s), (n, t)) = (parts(a), parts(b));
        let expected = (m * ten(t)).cmp(&(n * ten(s)));
        prop_assert_eq!(a.cmp(&b), expected);
        prop_assert_eq!(a == b, expected == Ordering::Equal);
    }

    #[test]
    fn quotients_are_rounded_once((a, b) in pair(), scale in 0_u32..=28, mode in mode()) {
        let ((m, s), (n, t)) = (parts(a), parts(b));
        let expected = if b.is_zero() {
            Err(NumberError::DivisionByZero)
        } else {
            let units = reference_round(&(m * ten(t + scale)), &(n * ten(s)), mode);
            if magnitude(&units) > most() { Err(NumberError::Overflow) } else { Ok((units, scale)) }
        };
        prop_assert_eq!(div(a, b, scale, mode).map(parts), expected);
    }

    #[test]
    fn roundings_are_exact(x in decimal(), scale in 0_u32..=28, mode in mode()) {
        let (m, s) = parts(x);
        let expected = if s > scale {
            (reference_round(&m, &ten(s - scale), mode), scale)
        } else {
            (s..=scale).rev().map(|t| (&m * ten(t - s), t)).find(|(m, _)| magnitude(m) <= most()).unwrap()
        };
        prop_assert_eq!(parts(round(x, scale, mode)), expected);
    }

    /// A tie, and its neighbours on either side, are what roundings get wrong.
    #[test]
    fn ties_are_rounded_by_the_mode(whole in -1000_i128..1000, scale in 0_u32..=20, off in -1_i128..=1, mode in mode()) {
        let above = (whole * 10 + 5) * 10_i128.pow(5) + off;
        let x = from_mantissa(above, scale + 6).unwrap();
        let expected = reference_round(&above.into(), &ten(6), mode);
        prop_assert_eq!(parts(round(x, scale, mode)), (expected.clone(), scale));
        prop_assert_eq!(div(x, Decimal::ONE, scale, mode).map(parts), Ok((expected, scale)));
    }

    #[test]
    fn rescaling_keeps_the_number(x in decimal(), scale in 0_u32..=30) {
        let (m, s) = parts(x);
        let up = &m * ten(scale);
        let fits = scale <= 28 && &up / ten(s) * ten(s) == up && magnitude(&up) / ten(s) <= most();
        prop_assert_eq!(rescale_exact(x, scale).map(parts), fits.then(|| (up / ten(s), scale)));
        prop_assert_eq!(is_integer(x), &m / ten(s) * ten(s) == m);
        let whole = i64::try_from(&m / ten(s)).ok().filter(|_| is_integer(x));
        prop_assert_eq!(to_i64_exact(x), whole);
    }

    #[test]
    fn thresholds_decide_like_the_constant(c in decimal(), mantissa in coefficient(), scale in 0_u32..=28) {
        let x = from_mantissa(mantissa, scale).unwrap();
        prop_assert_eq!(mantissa <= floor_mantissa(c, scale), x <= c);
        prop_assert_eq!(mantissa >= ceil_mantissa(c, scale), x >= c);
        let (m, s) = parts(c);
        let limit = BigInt::from(THRESHOLD_LIMIT);
        let clamped = |number: BigInt| number.clamp(-&limit, limit.clone());
        prop_assert_eq!(BigInt::from(floor_mantissa(c, scale)), clamped(reference_round(&(&m * ten(scale)), &ten(s), RoundingMode::Floor)));
        prop_assert_eq!(BigInt::from(ceil_mantissa(c, scale)), clamped(reference_round(&(&m * ten(scale)), &ten(s), RoundingMode::Ceiling)));
    }
}

#[test]
fn scales_beyond_a_decimal_are_refused_or_harmless() {
    let x = d("5.5");
    assert_eq!(div(x, x, 29, RoundingMode::Up), Err(NumberError::LostDigits));
    assert_eq!(div(Decimal::ZERO, x, u32::MAX, RoundingMode::Up), Err(NumberError::LostDigits));
    assert_eq!(plain_text(round(x, u32::MAX, RoundingMode::Up)), "5.5000000000000000000000000000");
    assert_eq!(rescale_exact(x, u32::MAX), None);
    assert_eq!((floor_mantissa(x, u32::MAX), ceil_mantissa(neg(x), 60)), (THRESHOLD_LIMIT, -THRESHOLD_LIMIT));
    assert_eq!(floor_mantissa(Decimal::ZERO, u32::MAX), 0);
    assert_eq!(from_mantissa(1 << 96, 0), Err(NumberError::Overflow));
}

#[test]
fn results_are_errors_where_rust_decimal_would_round() {
    let small = d("0.00000000000000000001");
    assert_eq!(checked_mul(small, small), Err(NumberError::LostDigits));
    assert_eq!(checked_mul(d("79228162514264337593543950335"), d("1.1")), Err(NumberError::Overflow));
    assert_eq!(checked_add(d("79228162514264337593543950335"), d("0.1")), Err(NumberError::LostDigits));
    assert_eq!(checked_add(d("79228162514264337593543950335"), d("1.0")), Err(NumberError::Overflow));
    // Trailing zeros are given up, not digits.
    let half = d("0.50000000000000");
    assert_eq!(parts(checked_mul(checked_mul(half, half).unwrap(), half).unwrap()), (ten(27) / 8 * 10, 28));
    assert_eq!(plain_text(checked_mul(d("-0.0"), d("5")).unwrap()), "0.0");
    assert_eq!(plain_text(checked_add(d("0.1"), d("-0.10")).unwrap()), "0.00");
    assert_eq!(plain_text(div(d("-0.1"), d("100"), 1, RoundingMode::Down).unwrap()), "0.0");
}

#[test]
fn a_quotient_is_not_rounded_twice() {
    // 1/3 · 1.5 and its like: a quotient of 28 digits that ends in 5 is no tie.
    let a = d("0.4999999999999999999999999999");
    let b = d("0.9999999999999999999999999999");
    assert_eq!(plain_text(div(a, b, 0, RoundingMode::HalfUp).unwrap()), "0");
    assert_eq!(plain_text(div(b, d("2"), 0, RoundingMode::HalfUp).unwrap()), "0");
}

#[test]
fn general_decimal_arithmetic_testcases() {
    let mut run = 0;
    for line in include_str!("../../../../tests/data/numbers/dectest.csv").lines().skip(1) {
        let [id, operation, mode, a, b, expected] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let (a, b, wanted) = (d(a), d(b), d(expected));
        let mode = RoundingMode::from_name(mode).unwrap();
        let result = match operation {
            "quantize" => Ok(round(a, b.scale(), mode)),
            "divide" => div(a, b, wanted.scale(), mode),
            "add" => checked_add(a, b).map(|sum| round(sum, wanted.scale(), mode)),
            "subtract" => checked_sub(a, b).map(|rest| round(rest, wanted.scale(), mode)),
            "multiply" => checked_mul(a, b).map(|product| round(product, wanted.scale(), mode)),
            other => panic!("{other}"),
        };
        // Sums of operands far apart are representable in the testcases, but not always in 28 digits.
        if result == Err(NumberError::LostDigits) && matches!(operation, "add" | "subtract") {
            continue;
        }
        assert_eq!(result.map(parts), Ok(parts(wanted)), "{id}");
        run += 1;
    }
    assert_eq!(run, 2705);
}

#[test]
fn dmn_tck_rounding_cases() {
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../../../tests/data/published/tck_rounding.json")).unwrap();
    assert_eq!(cases.len(), 16);
    for case in cases {
        let expression = case["expression"].as_str().unwrap();
        let (function, arguments) = expression.trim_end_matches(')').split_once('(').unwrap();
        let mut arguments = arguments.split(',').map(|a| a.rsplit(':').next().unwrap().trim());
        let x = d(arguments.next().unwrap());
        let scale = arguments.next().map_or(0, |scale| scale.parse().unwrap());
        let mode = match function {
            "floor" => RoundingMode::Floor,
            "ceiling" => RoundingMode::Ceiling,
            "round down" => RoundingMode::Down,
            other => panic!("{other}"),
        };
        assert_eq!(round(x, scale, mode), d(case["expected"]["num"].as_str().unwrap()), "{expression}");
    }
}

/// Regulation (EC) 1103/97: to the nearest cent, an exact half up. The second column tells half up from half even.
#[test]
fn euro_conversions() {
    let euro =
        |amount: &str, rate: &str, scale| plain_text(div(d(amount), d(rate), scale, RoundingMode::HalfUp).unwrap());
    assert_eq!(euro("500", "239.640", 4), "2.0865"); // published, truncated, as 2.0864
    assert_eq!(euro("500", "239.640", 2), "2.09");
    assert_eq!(euro("1000", "239.640", 4), "4.1729");
    assert_eq!(euro("1000", "239.640", 2), "4.17");
    for (amount, half_up, half_even) in [("24.785", "24.79", "24.78"), ("24.784", "24.78", "24.78")] {
        assert_eq!(plain_text(round(d(amount), 2, RoundingMode::HalfUp)), half_up);
        assert_eq!(plain_text(round(d(amount), 2, RoundingMode::HalfEven)), half_even);
    }
}

#[test]
fn modes_have_the_names_of_the_language() {
    for mode in RoundingMode::ALL {
        assert_eq!(RoundingMode::from_name(mode.name()), Some(mode));
    }
    for wrong in ["", "half", "HALF_UP", "half-up", "bankers"] {
        assert_eq!(RoundingMode::from_name(wrong), None);
    }
}

#[test]
fn a_clamped_mantissa_is_the_mantissa_within_64_bits() {
    let edge = i128::from(i64::MAX);
    for size in [0, 1, 1 << 32, edge - 1, edge, edge + 1, edge + 2, (1 << 64) - 1, 1 << 64, (1 << 96) - 1] {
        for mantissa in [size, -size] {
            let number = from_mantissa(mantissa, 2).unwrap();
            let clamped = mantissa.clamp(i64::MIN.into(), edge);
            assert_eq!(i128::from(clamped_mantissa(&number)), clamped, "{mantissa}");
        }
    }
}
