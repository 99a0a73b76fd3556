#![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests: the reference works on big integers")]

use super::*;
use ParseNumberError::{Fraction, Syntax, TooLarge, TooManyDigits};
use num_bigint::BigInt;
use proptest::prelude::*;

#[test]
fn only_json_numbers_are_numbers() {
    let wrong = [
        "",
        "-",
        "+5",
        ".5",
        "5.",
        "-.5",
        "01",
        "-01",
        "00",
        "1_000",
        "1,200.50",
        "0x10",
        "1e",
        "1e+",
        "1e+-5",
        "1e5.0",
        "1.5e",
        " 1",
        "1 ",
        "--1",
        "1-",
        "1.2.3",
        "NaN",
        "inf",
        "Infinity",
        "1e5e5",
        "１２",
        "1\n",
        "1.e5",
        "e5",
        "-e5",
        "0123456789012345678901234567890",
        "1234567890123456789012345678901234567890x",
        "1.",
        "1\0",
    ];
    for text in wrong {
        assert_eq!(parse_decimal(text), Err(Syntax), "{text}");
        assert_eq!(parse_integer(text), Err(Syntax), "{text}");
        assert_eq!(parse_fixed(text, 2), Err(Syntax), "{text}");
    }
}

#[test]
fn one_number_has_many_spellings() {
    for text in ["0.1", "1e-1", "0.10", "1E-1", "10e-2", "0.001e2", "0.1000000000000000000000000000000000000000"] {
        assert_eq!(plain_text(rescale_exact(parse_decimal(text).unwrap(), 1).unwrap()), "0.1", "{text}");
    }
    for text in ["32000", "32000.0", "3.2e4", "32e3", "3200000e-2", "32000.000000000000000000000000000000000"] {
        assert_eq!(parse_integer(text), Ok(32_000), "{text}");
        assert_eq!(parse_decimal(text).map(|x| plain_text(rescale_exact(x, 0).unwrap())), Ok("32000".to_owned()));
    }
}

#[test]
fn zero_is_zero_whatever_its_sign_and_exponent() {
    for text in ["0", "-0", "0.00", "-0.0", "0e99999999999999", "-0e-99999999999999999999999", "0.000e5", "0E+0"] {
        let x = parse_decimal(text).unwrap();
        assert!(x.is_zero() && !x.is_sign_negative(), "{text}");
        assert_eq!(parse_integer(text), Ok(0), "{text}");
        assert_eq!(parse_fixed(text, 2).map(plain_text), Ok("0.00".to_owned()), "{text}");
    }
}

#[test]
fn errors_say_which_limit_was_passed() {
    assert_eq!(
        parse_decimal("79228162514264337593543950335").map(plain_text).unwrap(),
        "79228162514264337593543950335"
    );
    assert_eq!(parse_decimal("79228162514264337593543950336"), Err(TooLarge));
    assert_eq!(parse_decimal("-79228162514264337593543950336.5"), Err(TooLarge));
    assert_eq!(parse_decimal("79228162514264337593543950335.5"), Err(TooManyDigits));
    assert_eq!(parse_decimal("7.9228162514264337593543950336"), Err(TooManyDigits));
    assert_eq!(parse_decimal("1e28").map(plain_text).unwrap(), "10000000000000000000000000000");
    assert_eq!(parse_decimal("1e29"), Err(TooLarge));
    assert_eq!(parse_decimal("1e-28").map(plain_text).unwrap(), "0.0000000000000000000000000001");
    assert_eq!(parse_decimal("1e-29"), Err(TooManyDigits));
    assert_eq!(parse_decimal("10e-29").map(plain_text).unwrap(), "0.0000000000000000000000000001");
    assert_eq!(parse_integer("9223372036854775807"), Ok(i64::MAX));
    assert_eq!(parse_integer("9223372036854775808"), Err(TooLarge));
    assert_eq!(parse_integer("-9223372036854775808"), Ok(i64::MIN));
    assert_eq!(parse_integer("-9223372036854775809"), Err(TooLarge));
    assert_eq!(parse_integer("0.5"), Err(Fraction));
    assert_eq!(parse_integer("1e-400"), Err(Fraction));
    assert_eq!(parse_fixed("1e30", 2), Err(TooLarge));
    assert_eq!(parse_fixed("792281625142643375935439503.36", 2), Err(TooLarge));
    assert_eq!(
        parse_fixed("792281625142643375935439503.35", 2).map(plain_text).unwrap(),
        "792281625142643375935439503.35"
    );
    assert_eq!(parse_fixed("1.005", 2), Err(TooManyDigits));
    assert_eq!(parse_fixed("1", 29), Err(TooManyDigits));
    assert_eq!(parse_fixed_mantissa("1", u32::MAX), Err(TooManyDigits));
}

/// Each must come back at once: no work in proportion to the exponent.
#[test]
fn monstrous_texts_are_cheap() {
    let digits = "9".repeat(100_000);
    let zeros = "0".repeat(100_000);
    for text in
        ["1e999999999", "1e9223372036854775807", "1e99999999999999999999999999", &digits, &format!("{digits}e-5")]
    {
        assert_eq!(parse_decimal(text), Err(TooLarge));
        assert_eq!(parse_integer(text), Err(TooLarge));
        assert_eq!(parse_fixed(text, 2), Err(TooLarge));
    }
    for text in ["1e-999999999", "1e-99999999999999999999999999", &format!("0.{digits}"), &format!("{digits}e-100000")]
    {
        assert_eq!(parse_decimal(text), Err(TooManyDigits));
        assert_eq!(parse_integer(text), Err(Fraction));
        assert_eq!(parse_fixed(text, 2), Err(TooManyDigits));
    }
    assert_eq!(parse_integer(format!("1.5{zeros}e1")), Ok(15));
    assert_eq!(parse_integer(format!("1{zeros}e-100000")), Ok(1));
    assert_eq!(parse_decimal(format!("0.{zeros}1e100001")).map(plain_text).unwrap(), "1");
}

#[test]
fn texts_are_canonical() {
    let text = |mantissa: i128, scale, shown| canonical_text(from_mantissa(mantissa, scale).unwrap(), shown);
    assert_eq!(text(2_000_000, 2, 2), "20000.00");
    assert_eq!(text(5, 0, 3), "5.000");
    assert_eq!(text(-5, 3, 3), "-0.005");
    assert_eq!(text(-1500, 3, 0), "-1.500"); // not rounded
    assert_eq!(text(-1500, 3, 1), "-1.5");
    assert_eq!(text(0, 28, 0), "0");
    assert_eq!(text(MAX_COEFFICIENT, 0, 2), "79228162514264337593543950335.00");
    assert_eq!(text(-MAX_COEFFICIENT, 28, 28), "-7.9228162514264337593543950335");
    let mut negative_zero = Decimal::new(0, 2);
    negative_zero.set_sign_negative(true);
    assert_eq!((plain_text(negative_zero), canonical_text(negative_zero, 2)), ("0.00".to_owned(), "0.00".to_owned()));
    let mut out = b"x=".to_vec();
    write_canonical(&mut out, Decimal::new(15, 1), 2);
    write_plain(&mut out, Decimal::new(-7, 0));
    assert_eq!(out, b"x=1.50-7");
}

/// A number in the grammar, with its value as an integer and a power of ten.
fn spelling() -> impl Strategy<Value = (String, BigInt, i64)> {
    let whole = prop_oneof![2 => "0|[1-9][0-9]{0,8}", 1 => "[1-9][0-9]{0,40}", 1 => "[1-9]0{0,35}"];
    let fraction =
        prop_oneof![2 => "[0-9]{0,8}", 1 => "[0-9]{0,40}", 1 => "[0-9]{0,12}0{0,30}", 1 => "0{0,30}[0-9]{0,2}"];
    let exponent = prop_oneof![3 => Just(None), 2 => (-40_i64..40).prop_map(Some), 1 => (-5_i64..5).prop_map(Some)];
    let style = (any::<bool>(), any::<bool>(), any::<bool>());
    (whole, fraction, exponent, style).prop_map(|(whole, fraction, exponent, (negative, capital, plus))| {
        let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
        let point = if fraction.is_empty() { "" } else { "." };
        let sign = if negative { "-" } else { "" };
        let power = exponent.map_or(String::new(), |exponent| {
            format!("{}{}{exponent}", if capital { "E" } else { "e" }, if plus && exponent >= 0 { "+" } else { "" })
        });
        let scale = exponent.unwrap_or(0) - i64::try_from(fraction.len()).unwrap();
        (format!("{sign}{whole}{point}{fraction}{power}"), if negative { -digits } else { digits }, scale)
    })
}

fn ten(exponent: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(exponent.max(0)).unwrap())
}

/// value · 10^power · 10^scale truncated to an integer, and whether it was one.
fn at_scale(value: &BigInt, power: i64, scale: i64) -> (BigInt, bool) {
    let (above, below) = (value * ten(power + scale), ten(-power - scale));
    (&above / &below, &above % &below == BigInt::ZERO)
}

fn above(value: &BigInt, most: u128) -> bool {
    *value.magnitude() > most.into()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decimals_are_read_exactly((text, value, power) in spelling()) {
        let fits = (0..=28).rev().find_map(|scale| match at_scale(&value, power, scale) {
            (coefficient, true) if scale <= (-power).max(0) && !above(&coefficient, DECIMAL_MOST) => Some((coefficient, scale)),
            _ => None,
        });
        let expected = fits.ok_or(if above(&at_scale(&value, power, 0).0, DECIMAL_MOST) { TooLarge } else { TooManyDigits });
        let result = parse_decimal(&text).map(|x| (BigInt::from(x.mantissa()), i64::from(x.scale())));
        prop_assert_eq!(result, expected, "{}", text);
    }

    #[test]
    fn integers_are_read_exactly((text, value, power) in spelling()) {
        let (whole, exact) = at_scale(&value, power, 0);
        let expected = match i64::try_from(whole) {
            Err(_) => Err(TooLarge),
            Ok(_) if !exact => Err(Fraction),
            Ok(value) => Ok(value),
        };
        prop_assert_eq!(parse_integer(&text), expected, "{}", text);
    }

    #[test]
    fn fixed_decimals_are_read_exactly((text, value, power) in spelling(), scale in prop_oneof![0_u32..5, 0_u32..=28]) {
        let (coefficient, exact) = at_scale(&value, power, scale.into());
        let expected = match above(&coefficient, DECIMAL_MOST) {
            true => Err(TooLarge),
            false if !exact => Err(TooManyDigits),
            false => Ok((coefficient, scale)),
        };
        let result = parse_fixed(&text, scale).map(|x| (BigInt::from(x.mantissa()), x.scale()));
        prop_assert_eq!(result, expected, "{}", text);
    }

    #[test]
    fn any_bytes_are_answered(text in prop::collection::vec(prop::sample::select(b"0123456789.-+eE x\xff".to_vec()), 0..12)) {
        // serde_json keeps the text of a raw value and knows the grammar; of these bytes, only numbers are values.
        let raw = serde_json::from_slice::<Box<serde_json::value::RawValue>>(&text).is_ok();
        let grammar = raw && !text.contains(&b' ');
        prop_assert_eq!(parse_decimal(&text) != Err(Syntax), grammar);
        prop_assert_eq!(parse_integer(&text) != Err(Syntax), grammar);
        prop_assert_eq!(parse_fixed(&text, 2) != Err(Syntax), grammar);
    }

    #[test]
    fn texts_are_read_back(bits in any::<u128>(), cut in 32_u32..128, scale in 0_u32..=28, shown in 0_u32..=28) {
        let x = from_mantissa(i128::try_from(bits >> cut).unwrap(), scale).unwrap();
        let text = plain_text(x);
        let back = parse_decimal(&text).unwrap();
        prop_assert_eq!((back.mantissa(), back.scale()), (x.mantissa(), x.scale()));
        prop_assert_eq!(&text, &x.to_string());
        let canonical = canonical_text(x, shown);
        let digits = canonical.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let wanted = if rescale_exact(x, shown).is_some() || shown >= scale { shown } else { scale };
        prop_assert_eq!(digits, usize::try_from(wanted).unwrap());
        prop_assert!(canonical.starts_with(&text) || text.starts_with(&canonical));
    }
}
