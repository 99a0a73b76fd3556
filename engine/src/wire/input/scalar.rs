//! One scalar: special code, type, domain, in that order.

use super::fault::{Fault, shown};
use crate::diagnostic::codes::{
    INPUT_DATE, INPUT_DIGITS, INPUT_DOMAIN, INPUT_ENUM, INPUT_TIMESTAMP, INPUT_TOO_LARGE, INPUT_TYPE,
};
use crate::diagnostic::did_you_mean;
use crate::record::Record;
use crate::schema::{DataType, EnumDomain, ValueSpec};
use crate::value::date::{Date, ParseDateError};
use crate::value::decimal::{ParseNumberError, parse_decimal, parse_fixed, parse_integer, plain_text};
use crate::value::slot::Slot;
use crate::value::{Decimal, Value};

/// A scalar as the input writes it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    /// JSON's `true`, `false`.
    Boolean(bool),
    /// A JSON number.
    Number(&'a str),
    /// A JSON string.
    Text(&'a str),
    /// A cell of a text file, not empty: what it is depends on the fact.
    Cell(&'a str),
}

impl<'a> Written<'a> {
    const fn text(self) -> &'a str {
        match self {
            Self::Boolean(true) => "true",
            Self::Boolean(false) => "false",
            Self::Number(text) | Self::Text(text) | Self::Cell(text) => text,
        }
    }

    const fn is_cell(self) -> bool {
        matches!(self, Self::Cell(_))
    }

    fn in_words(self, sensitive: bool) -> String {
        let kind = match self {
            Self::Boolean(_) => "the boolean",
            Self::Number(_) => "the number",
            Self::Text(_) => "the string",
            Self::Cell(_) => "",
        };
        match (sensitive, kind) {
            (true, "") => "what the cell holds".to_owned(),
            (true, kind) => kind.replace("the ", "a "),
            (false, "") => shown(self.text(), false),
            (false, kind) => format!("{kind} {}", shown(self.text(), false)),
        }
    }
}

/// Reads a scalar of this type and domain. Errors: T3006 to T3012.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub(super) fn read(
    spec: &ValueSpec,
    written: Written<'_>,
    sensitive: bool,
    record: &mut Record,
) -> Result<Slot, Box<Fault>> {
    if !spec.special.is_empty()
        && let Some(code) = special(spec, written)
    {
        return Ok(code);
    }
    let slot = match (&spec.data_type, written) {
        (DataType::Integer, Written::Number(text) | Written::Cell(text)) => integer(text, written, sensitive)?,
        (DataType::Decimal { scale }, Written::Number(text) | Written::Text(text) | Written::Cell(text)) => {
            decimal(text, *scale, written, sensitive)?
        }
        (DataType::Enum(domain), Written::Text(text) | Written::Cell(text)) => match domain.index_of(text) {
            Some(index) => Slot::Enum(index),
            None => return Err(not_in_domain(domain, text, sensitive)),
        },
        (DataType::Boolean, Written::Boolean(value)) => Slot::Boolean(value),
        (DataType::Boolean, Written::Cell("true")) => Slot::Boolean(true),
        (DataType::Boolean, Written::Cell("false")) => Slot::Boolean(false),
        (DataType::Date, Written::Text(text) | Written::Cell(text)) => date(text, sensitive)?,
        (DataType::Text, Written::Text(text) | Written::Cell(text)) => record.push_text(text),
        (other, _) => return Err(Fault::wrong_type(expected(other), &written.in_words(sensitive))),
    };
    if spec.min.is_some() || spec.max.is_some() {
        bounds(spec, slot, written, sensitive)?;
    }
    Ok(slot)
}

/// What a fact of this type expects, in words.
pub(super) const fn expected(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Boolean => "a boolean (`true` or `false`)",
        DataType::Integer => "an integer",
        DataType::Decimal { .. } => "a number",
        DataType::Text => "a text",
        DataType::Enum(_) => "one of the declared values, as a text,",
        DataType::Date => "a date written as \"YYYY-MM-DD\"",
        DataType::List(_) => "an array",
        DataType::Record(_) => "an object",
        DataType::Series { .. } => "an array of observations `{\"date\": ..., \"value\": ...}`",
    }
}

#[cold]
fn special(spec: &ValueSpec, written: Written<'_>) -> Option<Slot> {
    let number = |text: &str| parse_decimal(text).ok();
    let is = |value: &Value| match (value, written) {
        (Value::Integer(code), Written::Number(text) | Written::Cell(text)) => {
            number(text) == Some(Decimal::from(*code))
        }
        (Value::Decimal(code), Written::Number(text) | Written::Cell(text)) => number(text) == Some(*code),
        (Value::Integer(code), Written::Text(text)) => {
            matches!(spec.data_type, DataType::Decimal { .. }) && number(text) == Some(Decimal::from(*code))
        }
        (Value::Decimal(code), Written::Text(text)) => {
            matches!(spec.data_type, DataType::Decimal { .. }) && number(text) == Some(*code)
        }
        (Value::Text(code), Written::Text(text) | Written::Cell(text)) => code == text,
        (Value::Date(code), Written::Text(text) | Written::Cell(text)) => Date::parse_iso(text) == Ok(*code),
        (Value::Boolean(code), Written::Boolean(value)) => *code == value,
        (Value::Boolean(code), Written::Cell(text)) => text == if *code { "true" } else { "false" },
        _ => false,
    };
    let index = spec.special.iter().position(|code| is(&code.value))?;
    u8::try_from(index).ok().map(Slot::Special)
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn integer(text: &str, written: Written<'_>, sensitive: bool) -> Result<Slot, Box<Fault>> {
    if written.is_cell() && has_exponent(text) {
        return Err(no_number("an integer", written, sensitive));
    }
    parse_integer(text).map(Slot::Integer).map_err(|error| match error {
        ParseNumberError::Syntax => no_number("an integer", written, sensitive),
        ParseNumberError::TooLarge => {
            Fault::new(INPUT_TOO_LARGE, format!("{} is too large for an integer of 64 bits", shown(text, sensitive)))
        }
        ParseNumberError::Fraction | ParseNumberError::TooManyDigits => {
            Fault::new(INPUT_TYPE, format!("an integer is expected here, {} has a fraction", shown(text, sensitive)))
        }
    })
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn decimal(text: &str, scale: u8, written: Written<'_>, sensitive: bool) -> Result<Slot, Box<Fault>> {
    if written.is_cell() && has_exponent(text) {
        return Err(no_number("a number", written, sensitive));
    }
    parse_fixed(text, u32::from(scale)).map(Slot::Decimal).map_err(|error| match error {
        ParseNumberError::Syntax => no_number("a number", written, sensitive),
        ParseNumberError::TooLarge => Fault::new(
            INPUT_TOO_LARGE,
            format!("{} is too large for a decimal with {scale} digits after the point", shown(text, sensitive)),
        ),
        ParseNumberError::TooManyDigits | ParseNumberError::Fraction => {
            let digits = if scale == 1 { "digit" } else { "digits" };
            let message = format!(
                "{} has more than {scale} {digits} after the point; round it before it comes in",
                shown(text, sensitive)
            );
            Fault::new(INPUT_DIGITS, message)
        }
    })
}

fn has_exponent(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'e' | b'E'))
}

#[cold]
fn no_number(expected: &str, written: Written<'_>, sensitive: bool) -> Box<Fault> {
    let text = written.text();
    let found = written.in_words(sensitive);
    match artefact(text).filter(|_| !matches!(written, Written::Boolean(_) | Written::Number(_))) {
        Some(why) => Fault::new(INPUT_TYPE, format!("{expected} is expected here, not {found}: {why}")),
        None => Fault::wrong_type(expected, &found),
    }
}

/// Why a text that means a number to people is none here: what spreadsheets and locales make of numbers.
fn artefact(text: &str) -> Option<&'static str> {
    type Row = (fn(&str) -> bool, &'static str);
    let rows: [Row; 8] = [
        (|t| t.starts_with('#'), "a spreadsheet wrote an error here"),
        (|t| t.chars().any(|c| ('\u{ff10}'..='\u{ff19}').contains(&c)), "these are full-width digits"),
        (|t| parse_decimal(t).is_ok() && has_exponent(t), "a spreadsheet shortened it, write all its digits"),
        (
            |t| t.contains(',') && t.contains(|c: char| c.is_ascii_digit()),
            "numbers have no thousands separator, and a point before the fraction",
        ),
        (|t| t.trim() != t && parse_decimal(t.trim()).is_ok(), "take the spaces away"),
        (|t| t.ends_with('%'), "write the fraction, not the per cent"),
        (|t| t.strip_prefix('+').is_some_and(|rest| parse_decimal(rest).is_ok()), "a number has no plus sign"),
        (|t| t.starts_with(['$', '¥', '€', '£']), "write the number without its currency"),
    ];
    rows.iter().find(|(is, _)| is(text)).map(|(_, why)| *why)
}

#[cold]
fn not_in_domain(domain: &EnumDomain, text: &str, sensitive: bool) -> Box<Fault> {
    const FEW: usize = 8;
    if sensitive {
        return Fault::new(INPUT_ENUM, "the value is none of the declared values");
    }
    let hint = match did_you_mean(text, domain.values.iter().map(String::as_str)) {
        Some(meant) => format!("; did you mean `{meant}`?"),
        None if domain.values.len() <= FEW => format!("; it must be one of `{}`", domain.values.join("`, `")),
        None => String::new(),
    };
    Fault::new(INPUT_ENUM, format!("{} is none of the declared values{hint}", shown(text, false)))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn date(text: &str, sensitive: bool) -> Result<Slot, Box<Fault>> {
    Date::parse_iso(text).map(Slot::Date).map_err(|error| {
        let it = shown(text, sensitive);
        match error {
            ParseDateError::Timestamp => Fault::new(
                INPUT_TIMESTAMP,
                format!("{it} is a timestamp; by the civil-date rule a date is `YYYY-MM-DD` in the bank's own calendar, and the sender decides which day it was"),
            ),
            ParseDateError::Notation => Fault::new(INPUT_DATE, format!("{it} is not written as `YYYY-MM-DD`")),
            ParseDateError::NoSuchDay => Fault::new(INPUT_DATE, format!("the calendar has no day {it}")),
            ParseDateError::Syntax => Fault::new(INPUT_DATE, format!("{it} is not a date written as `YYYY-MM-DD`")),
        }
    })
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn bounds(spec: &ValueSpec, slot: Slot, written: Written<'_>, sensitive: bool) -> Result<(), Box<Fault>> {
    if let Some(min) = &spec.min
        && is_less(slot, min)
    {
        return Err(outside(written, "below the least allowed", min, sensitive));
    }
    if let Some(max) = &spec.max
        && is_greater(slot, max)
    {
        return Err(outside(written, "above the most allowed", max, sensitive));
    }
    Ok(())
}

/// Whether a value lies within the bounds of its domain.
#[inline]
pub(super) fn is_within(spec: &ValueSpec, slot: Slot) -> bool {
    !spec.min.as_ref().is_some_and(|min| is_less(slot, min))
        && !spec.max.as_ref().is_some_and(|max| is_greater(slot, max))
}

#[cold]
fn outside(written: Written<'_>, how: &str, bound: &Value, sensitive: bool) -> Box<Fault> {
    let bound = match bound {
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => plain_text(*number),
        Value::Date(date) => date.to_string(),
        _ => String::new(),
    };
    Fault::new(INPUT_DOMAIN, format!("{} is {how}, `{bound}`", shown(written.text(), sensitive)))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn is_less(slot: Slot, bound: &Value) -> bool {
    match (slot, bound) {
        (Slot::Integer(a), Value::Integer(b)) => a < *b,
        (Slot::Integer(a), Value::Decimal(b)) => Decimal::from(a) < *b,
        (Slot::Decimal(a), Value::Decimal(b)) => a < *b,
        (Slot::Decimal(a), Value::Integer(b)) => a < Decimal::from(*b),
        (Slot::Date(a), Value::Date(b)) => a < *b,
        _ => false,
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn is_greater(slot: Slot, bound: &Value) -> bool {
    match (slot, bound) {
        (Slot::Integer(a), Value::Integer(b)) => a > *b,
        (Slot::Integer(a), Value::Decimal(b)) => Decimal::from(a) > *b,
        (Slot::Decimal(a), Value::Decimal(b)) => a > *b,
        (Slot::Decimal(a), Value::Integer(b)) => a > Decimal::from(*b),
        (Slot::Date(a), Value::Date(b)) => a > *b,
        _ => false,
    }
}
