//! JSON numbers in plain notation. The runner of the sandbox has this file, too.

/// Why facts have no typed form.
pub type Why = &'static str;

const EXPONENT: Why = "a number of thousands of digits";

/// The integer that a number in plain notation is.
pub fn integer(plain: &str) -> Option<i128> {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    whole.parse().ok().filter(|_| fraction.bytes().all(|digit| digit == b'0'))
}

/// A JSON number without exponent; the digits after the point stay as they were written.
///
/// # Errors
///
/// The number would have thousands of digits.
pub fn plain(text: &str) -> Result<String, Why> {
    const MOST: i64 = 2_000;
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let exponent: i64 = exponent.parse().ok().filter(|e: &i64| e.abs() <= MOST).ok_or(EXPONENT)?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let scale = fraction.len() as i64 - exponent;
    let is_zero = digits.bytes().all(|digit| digit == b'0');
    let sign = if is_zero { "" } else { sign };
    if scale <= 0 {
        let zeros = if is_zero { 0 } else { scale.unsigned_abs() as usize };
        let digits = format!("{digits}{}", "0".repeat(zeros));
        let digits = digits.trim_start_matches('0');
        return Ok(format!("{sign}{}", if digits.is_empty() { "0" } else { digits }));
    }
    let scale = scale as usize;
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let whole = whole.trim_start_matches('0');
    Ok(format!("{sign}{}.{fraction}", if whole.is_empty() { "0" } else { whole }))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn numbers_lose_their_exponent_and_nothing_else() {
        let numbers = [
            ("5", "5"),
            ("-5.0", "-5.0"),
            ("1e1", "10"),
            ("1.50e1", "15.0"),
            ("1.5E+3", "1500"),
            ("12e-3", "0.012"),
            ("-1e-3", "-0.001"),
            ("0e5", "0"),
            ("-0.0", "0.0"),
            ("0.10", "0.10"),
        ];
        for (written, expected) in numbers {
            assert_eq!(plain(written), Ok(expected.to_owned()), "{written}");
        }
        assert!(plain("1e9999").is_err());
    }
}
