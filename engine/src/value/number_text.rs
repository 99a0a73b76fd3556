//! Numbers from text and to text: JSON's number grammar, read exactly.

use super::decimal::{Decimal, MAX_COEFFICIENT, MAX_SCALE, from_mantissa, rescale_exact, scale_up, signed};

/// Why a text is not the number that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ParseNumberError {
    /// Not written as a JSON number.
    #[error("not a number as JSON writes it")]
    Syntax,
    /// Beyond what the type holds.
    #[error("too large")]
    TooLarge,
    /// More digits after the point than allowed (trailing zeros do not count).
    #[error("too many digits after the point")]
    TooManyDigits,
    /// A fraction where an integer was asked for.
    #[error("not an integer")]
    Fraction,
}

/// The exact decimal that `text` writes in JSON's number grammar: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
///
/// The digits after the point stay as written as far as they fit a decimal (`1.50` keeps two); zeros that do not fit
/// are dropped. Errors: `Syntax`; `TooLarge` from 2^96 on; `TooManyDigits` where digits would be lost.
///
/// ```
/// use trutina_engine::value::decimal::{ParseNumberError, parse_decimal};
/// assert_eq!(parse_decimal("0.1"), parse_decimal("1e-1"));
/// assert_eq!(parse_decimal("0.1"), parse_decimal("0.10"));
/// assert_eq!(parse_decimal("+5"), Err(ParseNumberError::Syntax));
/// assert_eq!(parse_decimal("1e999999999"), Err(ParseNumberError::TooLarge));
/// assert_eq!(parse_decimal("1e-29"), Err(ParseNumberError::TooManyDigits));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn parse_decimal(text: impl AsRef<[u8]>) -> Result<Decimal, ParseNumberError> {
    let text = text.as_ref();
    if let Some(short) = Short::scan(text) {
        return decimal(u128::from(short.digits), short.negative, short.scale);
    }
    let literal = Literal::scan(text).ok_or(ParseNumberError::Syntax)?;
    let written = literal.scale();
    let least = written.saturating_sub(literal.trailing_zeros()).max(0);
    let Ok(mut coefficient) = literal.coefficient(least.min(i64::from(MAX_SCALE)), DECIMAL_MOST) else {
        return Err(literal.coefficient(0, DECIMAL_MOST).err().unwrap_or(ParseNumberError::TooManyDigits));
    };
    // Give back the trailing zeros that fit.
    let mut scale = u32::try_from(least).unwrap_or(MAX_SCALE).min(MAX_SCALE);
    while scale < MAX_SCALE && i64::from(scale) < written {
        let Some(longer) = coefficient.checked_mul(10).filter(|c| *c <= DECIMAL_MOST) else { break };
        coefficient = longer;
        scale = scale.saturating_add(1);
    }
    decimal(coefficient, literal.negative, scale)
}

/// The integer that `text` writes in JSON's number grammar; `32000.0` and `3.2e4` are 32000.
///
/// Errors: `Syntax`; `TooLarge` beyond 64 bits; `Fraction`.
///
/// ```
/// use trutina_engine::value::decimal::{ParseNumberError, parse_integer};
/// assert_eq!(parse_integer("3.2e4"), Ok(32_000));
/// assert_eq!(parse_integer("1.5"), Err(ParseNumberError::Fraction));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn parse_integer(text: impl AsRef<[u8]>) -> Result<i64, ParseNumberError> {
    let text = text.as_ref();
    match parse_plain_integer(text) {
        Some(value) => Ok(value),
        None => parse_long_integer(text),
    }
}

/// [`parse_integer`] for what most integers are: at most 19 digits, with a minus sign or without, no point and no
/// exponent. Nothing for the rest, which may be an integer all the same.
///
/// ```
/// use trutina_engine::value::decimal::parse_plain_integer;
/// assert_eq!(parse_plain_integer(b"-12"), Some(-12));
/// assert_eq!(parse_plain_integer(b"1e3"), None);
/// assert_eq!(parse_plain_integer(b"012"), None);
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
#[must_use]
pub fn parse_plain_integer(text: &[u8]) -> Option<i64> {
    let Short { negative, digits, scale: 0 } = Short::scan(text)? else { return None };
    let magnitude = i64::try_from(digits).ok()?;
    Some(if negative { magnitude.wrapping_neg() } else { magnitude })
}

fn parse_long_integer(text: &[u8]) -> Result<i64, ParseNumberError> {
    let literal = Literal::scan(text).ok_or(ParseNumberError::Syntax)?;
    let most = u128::from(i64::MIN.unsigned_abs());
    let magnitude = literal.coefficient(0, most).map_err(|error| match error {
        ParseNumberError::TooManyDigits => ParseNumberError::Fraction,
        other => other,
    });
    let value = signed(magnitude?, literal.negative).ok_or(ParseNumberError::TooLarge)?;
    i64::try_from(value).map_err(|_| ParseNumberError::TooLarge)
}

/// The decimal that `text` writes, with exactly `scale` digits after the point; `1.500` fits two digits.
///
/// Errors: `Syntax`; `TooLarge` if the coefficient at that scale needs 2^96 or more; `TooManyDigits`, also for a scale
/// above 28.
///
/// ```
/// use trutina_engine::value::decimal::{ParseNumberError, parse_fixed, plain_text};
/// assert_eq!(plain_text(parse_fixed("1.5", 2).unwrap()), "1.50");
/// assert_eq!(plain_text(parse_fixed(b"1.500", 2).unwrap()), "1.50");
/// assert_eq!(parse_fixed("1.505", 2), Err(ParseNumberError::TooManyDigits));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub fn parse_fixed(text: impl AsRef<[u8]>, scale: u32) -> Result<Decimal, ParseNumberError> {
    from_mantissa(parse_fixed_mantissa(text, scale)?, scale).map_err(|_| ParseNumberError::TooManyDigits)
}

/// [`parse_fixed`] as the bare mantissa: the value times 10^`scale`.
///
/// ```
/// use trutina_engine::value::decimal::parse_fixed_mantissa;
/// assert_eq!(parse_fixed_mantissa("-1.5", 2), Ok(-150));
/// ```
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn parse_fixed_mantissa(text: impl AsRef<[u8]>, scale: u32) -> Result<i128, ParseNumberError> {
    let text = text.as_ref();
    if scale > MAX_SCALE {
        return Err(ParseNumberError::TooManyDigits);
    }
    if let Some(short) = Short::scan(text)
        && let Some(zeros) = scale.checked_sub(short.scale)
    {
        let magnitude = scale_up(u128::from(short.digits), zeros).filter(|magnitude| *magnitude <= DECIMAL_MOST);
        return magnitude.and_then(|m| signed(m, short.negative)).ok_or(ParseNumberError::TooLarge);
    }
    let literal = Literal::scan(text).ok_or(ParseNumberError::Syntax)?;
    let magnitude = literal.coefficient(i64::from(scale), DECIMAL_MOST)?;
    signed(magnitude, literal.negative).ok_or(ParseNumberError::TooLarge)
}

/// `x` with exactly `scale` digits after the point. Nothing is rounded: a number that has more digits than that is
/// written with all of them (use [`rescale_exact`] where that is an error). There is no negative zero.
///
/// ```
/// use trutina_engine::value::decimal::{canonical_text, parse_decimal};
/// assert_eq!(canonical_text(parse_decimal("-20000").unwrap(), 2), "-20000.00");
/// assert_eq!(canonical_text(parse_decimal("1.500").unwrap(), 2), "1.50");
/// ```
#[must_use]
pub fn canonical_text(x: Decimal, scale: u32) -> String {
    text(|out| write_canonical(out, x, scale))
}

/// [`canonical_text`] appended to `out`, without an allocation of its own.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn write_canonical(out: &mut Vec<u8>, x: Decimal, scale: u32) {
    let shown = match x.scale() > scale {
        true => rescale_exact(x, scale).unwrap_or(x),
        false => x,
    };
    write_plain(out, shown);
    let missing = scale.saturating_sub(shown.scale());
    if missing > 0 {
        if shown.scale() == 0 {
            out.push(b'.');
        }
        out.extend(std::iter::repeat_n(b'0', usize::try_from(missing).unwrap_or_default()));
    }
}

/// `x` with the digits it has; there is no negative zero.
///
/// ```
/// use trutina_engine::value::decimal::{parse_decimal, plain_text};
/// assert_eq!(plain_text(parse_decimal("-1.50").unwrap()), "-1.50");
/// ```
#[must_use]
pub fn plain_text(x: Decimal) -> String {
    text(|out| write_plain(out, x))
}

/// [`plain_text`] appended to `out`, without an allocation of its own.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn write_plain(out: &mut Vec<u8>, x: Decimal) {
    let mantissa = x.mantissa();
    let scale = usize::try_from(x.scale()).unwrap_or_default();
    let mut buffer = [b'0'; 32]; // a decimal has 29 digits at most, and a zero before the point at least
    let length = digits_from_the_right(&mut buffer, mantissa.unsigned_abs()).max(scale.saturating_add(1));
    let digits = buffer.get(buffer.len().saturating_sub(length)..).unwrap_or_default();
    let (whole, fraction) = digits.split_at_checked(length.saturating_sub(scale)).unwrap_or_default();
    if mantissa < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(whole);
    if !fraction.is_empty() {
        out.push(b'.');
        out.extend_from_slice(fraction);
    }
}

/// Writes the digits of `value` right-aligned, and says how many there are.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn digits_from_the_right(buffer: &mut [u8; 32], value: u128) -> usize {
    const CHUNK: u128 = 10_u128.pow(18);
    let mut slots = buffer.iter_mut().rev();
    match u64::try_from(value) {
        Ok(value) => push_digits(&mut slots, value, 0),
        // A coefficient below 2^96 is less than 10^11 chunks.
        Err(_) => {
            let low = push_digits(&mut slots, u64::try_from(value % CHUNK).unwrap_or_default(), 18);
            let high = push_digits(&mut slots, u64::try_from(value / CHUNK).unwrap_or_default(), 0);
            low.saturating_add(high)
        }
    }
}

/// The digits of `value`, the last one first, and at least `width` of them.
fn push_digits<'b>(slots: &mut impl Iterator<Item = &'b mut u8>, value: u64, width: usize) -> usize {
    let (mut rest, mut written) = (value, 0_usize);
    while rest > 0 || written < width {
        let Some(slot) = slots.next() else { break };
        *slot = b'0' | u8::try_from(rest % 10).unwrap_or_default();
        rest /= 10;
        written = written.wrapping_add(1);
    }
    written
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::with_capacity(32);
    write(&mut out);
    String::from_utf8(out).unwrap_or_default() // digits, sign and point are ASCII
}

const DECIMAL_MOST: u128 = MAX_COEFFICIENT.unsigned_abs();

fn decimal(coefficient: u128, negative: bool, scale: u32) -> Result<Decimal, ParseNumberError> {
    let mantissa = signed(coefficient, negative).ok_or(ParseNumberError::TooLarge)?;
    from_mantissa(mantissa, scale).map_err(|_| ParseNumberError::TooLarge)
}

/// A plain number of at most 19 characters after the sign, the common case: no exponent, and its digits fit 64 bits.
#[derive(Clone, Copy)]
struct Short {
    negative: bool,
    digits: u64,
    scale: u32,
}

impl Short {
    /// Nothing if the text is longer, has an exponent or is no number: [`Literal`] then decides.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    fn scan(text: &[u8]) -> Option<Self> {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        if rest.len() > 19 {
            return None;
        }
        let (whole, after) = gather(0, rest);
        let width = rest.len().wrapping_sub(after.len());
        if width == 0 || (width > 1 && rest.first() == Some(&b'0')) {
            return None;
        }
        let (digits, scale) = match after {
            [] => (whole, 0),
            [b'.', fraction @ ..] if !fraction.is_empty() => match gather(whole, fraction) {
                (digits, []) => (digits, u32::try_from(fraction.len()).ok()?),
                _ => return None,
            },
            _ => return None,
        };
        Some(Self { negative, digits, scale })
    }
}

/// Reads digits behind those of `number`, 19 in all at most; and what follows them.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
const fn gather(mut number: u64, mut rest: &[u8]) -> (u64, &[u8]) {
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        number = number.wrapping_mul(10).wrapping_add((*digit & 0x0f) as u64);
        rest = after;
    }
    (number, rest)
}

/// A number as it is written, of any length.
struct Literal<'t> {
    negative: bool,
    whole: &'t [u8],
    fraction: &'t [u8],
    /// Saturated: a text long enough to make up for such an exponent does not fit any memory.
    exponent: i64,
}

impl<'t> Literal<'t> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn scan(text: &'t [u8]) -> Option<Self> {
        let (negative, rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (whole, rest) = digits(rest)?;
        if whole.len() > 1 && whole.first() == Some(&b'0') {
            return None;
        }
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => digits(rest)?,
            rest => (Default::default(), rest),
        };
        let (sign, rest) = match rest {
            [] => return Some(Self { negative, whole, fraction, exponent: 0 }),
            [b'e' | b'E', b'-', rest @ ..] => (-1, rest),
            [b'e' | b'E', b'+', rest @ ..] | [b'e' | b'E', rest @ ..] => (1, rest),
            _ => return None,
        };
        let (figures, []) = digits(rest)? else { return None };
        let exponent = figures.iter().fold(0_i64, |e, b| e.saturating_mul(10).saturating_add(i64::from(b & 0x0f)));
        Some(Self { negative, whole, fraction, exponent: exponent.saturating_mul(sign) })
    }

    fn all(&self) -> impl DoubleEndedIterator<Item = u8> {
        self.whole.iter().chain(self.fraction).copied()
    }

    /// Digits after the point once the exponent is applied; negative if the number ends before the point.
    fn scale(&self) -> i64 {
        length(self.fraction).saturating_sub(self.exponent)
    }

    /// How many zeros the digits end in; without limit for zero itself.
    fn trailing_zeros(&self) -> i64 {
        match self.all().rev().position(|digit| digit != b'0') {
            Some(zeros) => i64::try_from(zeros).unwrap_or(i64::MAX),
            None => i64::MAX,
        }
    }

    /// The magnitude times 10^`scale`. `TooLarge` if its whole part is above `most` (below 2^124), else `TooManyDigits`
    /// if it has a fraction.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn coefficient(&self, scale: i64, most: u128) -> Result<u128, ParseNumberError> {
        let push = |value: u128, digit: u8| {
            let longer = value.wrapping_mul(10).wrapping_add(u128::from(digit & 0x0f));
            if longer > most { Err(ParseNumberError::TooLarge) } else { Ok(longer) }
        };
        let zeros = scale.saturating_sub(self.scale());
        let dropped = usize::try_from(zeros.saturating_neg()).unwrap_or(if zeros < 0 { usize::MAX } else { 0 });
        let kept = self.whole.len().saturating_add(self.fraction.len()).saturating_sub(dropped);
        let mut value = self.all().take(kept).try_fold(0, push)?;
        if self.all().skip(kept).any(|digit| digit != b'0') {
            return Err(ParseNumberError::TooManyDigits);
        }
        for _ in 0..zeros {
            if value == 0 {
                break;
            }
            value = push(value, b'0')?;
        }
        Ok(value)
    }
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

/// One or more digits, and what follows them.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn digits(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    if end == 0 { None } else { text.split_at_checked(end) }
}

#[cfg(test)]
mod tests;
