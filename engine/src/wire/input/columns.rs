//! Facts from a batch of columns, `columns/1`: what a host that holds typed values sends without writing them as text.
//!
//! The layout stands in `ABI.md`. A value is judged as the same value in JSON would be, with the same words: what is neither
//! within its domain at first sight nor of exactly the declared digits is written as text and read again.

use std::borrow::Cow;

use super::fault::Fault;
use super::structure;
use crate::decision::DecisionError;
use crate::diagnostic::codes::{DUPLICATE_KEY, INPUT_ENUM, INPUT_SYNTAX};
use crate::record::Record;
use crate::schema::{DataType, Fact};
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{canonical_text, from_mantissa};
use crate::value::slot::Slot;
use crate::wire::json::{self, Json};

/// Where parts of a batch begin: multiples of this.
pub const ALIGNMENT: usize = 8;

/// How the values of a column lie in memory; numbers are little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 8 bytes: an integer, or the mantissa of a decimal.
    I64,
    /// 16 bytes: the same where 8 are too few.
    I128,
    /// 4 bytes: days since 1970-01-01.
    I32,
    /// 2 bytes: the index of an enum value in declared order.
    U16,
    /// 1 byte: 0 or 1.
    U8,
    /// 4 bytes per row and 4 more: where the text of a row begins, and at last where the last one ends.
    Text,
    /// The same, and each text is a JSON value: lists, records, series.
    Json,
}

impl Kind {
    /// By the name it has in a header.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "i64" => Self::I64,
            "i128" => Self::I128,
            "i32" => Self::I32,
            "u16" => Self::U16,
            "u8" => Self::U8,
            "text" => Self::Text,
            "json" => Self::Json,
            _ => return None,
        })
    }

    const fn width(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::U16 => 2,
            Self::I32 | Self::Text | Self::Json => 4,
            Self::I64 => 8,
            Self::I128 => 16,
        }
    }

    /// Whether values of this type may travel so.
    #[must_use]
    pub const fn carries(self, data_type: &DataType) -> bool {
        match data_type {
            DataType::Integer => matches!(self, Self::I64 | Self::Json),
            DataType::Decimal { .. } => matches!(self, Self::I64 | Self::I128 | Self::Text | Self::Json),
            DataType::Boolean => matches!(self, Self::U8 | Self::Json),
            DataType::Date => matches!(self, Self::I32 | Self::Text | Self::Json),
            DataType::Enum(_) => matches!(self, Self::U16 | Self::Text | Self::Json),
            DataType::Text => matches!(self, Self::Text | Self::Json),
            DataType::List(_) | DataType::Record(_) | DataType::Series { .. } => matches!(self, Self::Json),
        }
    }
}

/// A column as the header describes it; places count from the first byte after the header.
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// Index of the fact.
    pub fact: usize,
    /// How its values lie.
    pub kind: Kind,
    /// Digits after the point of a decimal's mantissas.
    pub scale: u32,
    /// Where the values, or the beginnings of the texts, lie.
    pub values: usize,
    /// Where the texts themselves lie.
    pub texts: usize,
    /// Where the bitmap of present rows lies, bit 0 of byte 0 first; without one every row is present.
    pub validity: Option<usize>,
}

/// A column whose parts were found within the batch.
#[derive(Clone, Copy, Debug)]
struct Column<'b> {
    kind: Kind,
    scale: u32,
    values: &'b [u8],
    texts: &'b [u8],
    validity: Option<&'b [u8]>,
}

/// Reads the rows of a batch; at most one column per fact.
#[derive(Clone, Debug)]
pub struct ColumnReader<'p, 'b> {
    facts: &'p [Fact],
    /// Per fact, in declared order.
    columns: Vec<Option<Column<'b>>>,
}

impl<'p, 'b> ColumnReader<'p, 'b> {
    /// A reader for these columns of `rows` rows in `body`.
    ///
    /// Errors, in words: the index of the column and what is wrong with it: a part that is not aligned or does not lie in
    /// the body, texts that do not follow one another, a second column of a fact.
    pub fn new(
        facts: &'p [Fact],
        described: &[Described],
        rows: usize,
        body: &'b [u8],
    ) -> Result<Self, (usize, String)> {
        let mut columns: Vec<Option<Column<'b>>> = vec![None; facts.len()];
        for (index, one) in described.iter().enumerate() {
            let column = column(one, rows, body).map_err(|why| (index, why))?;
            match columns.get_mut(one.fact) {
                Some(place @ None) => *place = Some(column),
                _ => return Err((index, "a fact has one column".to_owned())),
            }
        }
        Ok(Self { facts, columns })
    }

    /// Reads one row. After an error the record is empty.
    ///
    /// Errors: as for JSON, T3001 to T3013; the pointer begins with the fact's field.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn read(&self, row: usize, record: &mut Record) -> Result<(), DecisionError> {
        record.clear();
        for (fact, column) in self.facts.iter().zip(&self.columns) {
            match read_value(fact, column.as_ref(), row, record) {
                Ok(slot) => record.slots.push(slot),
                Err(fault) => {
                    record.clear();
                    return Err(fault.within(fact.input_key()).into_error());
                }
            }
        }
        Ok(())
    }
}

fn column<'b>(one: &Described, rows: usize, body: &'b [u8]) -> Result<Column<'b>, String> {
    let is_text = matches!(one.kind, Kind::Text | Kind::Json);
    let entries = if is_text { rows.saturating_add(1) } else { rows };
    let values = part(body, one.values, entries.saturating_mul(one.kind.width()), "the values")?;
    let validity = one.validity.map(|at| part(body, at, rows.div_ceil(8), "the bitmap")).transpose()?;
    let texts = if is_text { sound_texts(values, one.texts, body)? } else { &[] };
    Ok(Column { kind: one.kind, scale: one.scale, values, texts, validity })
}

fn part<'b>(body: &'b [u8], at: usize, len: usize, what: &str) -> Result<&'b [u8], String> {
    if !at.is_multiple_of(ALIGNMENT) {
        return Err(format!("{what} begin at {at}, which is no multiple of {ALIGNMENT}"));
    }
    at.checked_add(len)
        .and_then(|end| body.get(at..end))
        .ok_or_else(|| format!("{what} would take {len} bytes from {at}; the batch has {} bytes", body.len()))
}

/// The texts of a column, one behind the other.
fn sound_texts<'b>(beginnings: &[u8], at: usize, body: &'b [u8]) -> Result<&'b [u8], String> {
    let mut last = 0;
    for beginning in beginnings.chunks_exact(4) {
        let next = usize::try_from(integer(beginning)).unwrap_or(usize::MAX);
        if next < last {
            return Err("the beginnings of the texts do not ascend".to_owned());
        }
        last = next;
    }
    part(body, at, last, "the texts")
}

/// An unsigned number of up to 16 bytes.
fn integer(bytes: &[u8]) -> u128 {
    bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}

impl<'b> Column<'b> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn is_present(&self, row: usize) -> bool {
        let Some(validity) = self.validity else { return true };
        validity.get(row >> 3).is_some_and(|byte| (byte >> (row & 7)) & 1 == 1)
    }

    /// The bytes of a row's value.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn bytes(&self, row: usize) -> &'b [u8] {
        let width = self.kind.width();
        let start = row.saturating_mul(width);
        self.values.get(start..start.saturating_add(width)).unwrap_or(&[])
    }

    /// A number with its sign; the value's own width is filled up.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn number(&self, row: usize) -> i128 {
        let bytes = self.bytes(row);
        let unused = 128_usize.saturating_sub(bytes.len().saturating_mul(8));
        let raw = i128::from_le_bytes(integer(bytes).to_le_bytes());
        let shift = u32::try_from(unused).unwrap_or(0);
        raw.wrapping_shl(shift).wrapping_shr(shift)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn text(&self, row: usize) -> Result<&'b str, Box<Fault>> {
        let at = |row| usize::try_from(integer(self.bytes(row))).unwrap_or(usize::MAX);
        let bytes = self.texts.get(at(row)..at(row.saturating_add(1))).unwrap_or(&[]);
        std::str::from_utf8(bytes).map_err(|_| Fault::new(INPUT_SYNTAX, "this is not UTF-8"))
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn read_value(fact: &Fact, column: Option<&Column<'_>>, row: usize, record: &mut Record) -> Result<Slot, Box<Fault>> {
    let Some(column) = column.filter(|column| column.is_present(row)) else {
        return structure::datum(&fact.spec, None, fact.sensitive, record);
    };
    match plain(fact, column, row) {
        Some(slot) => Ok(slot),
        None => judged(fact, column, row, record),
    }
}

/// A value that is judged as its JSON would be.
// Apart from the loop over the facts, for HotSpot leaves a method of more than 8,000 bytecodes to its interpreter.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn judged(fact: &Fact, column: &Column<'_>, row: usize, record: &mut Record) -> Result<Slot, Box<Fault>> {
    let datum =
        |value: Option<&Json<'_>>, record: &mut Record| structure::datum(&fact.spec, value, fact.sensitive, record);
    match column.kind {
        Kind::Json => {
            let text = column.text(row)?;
            let document = json::read(text.as_bytes(), super::FACTS_LIMITS)
                .map_err(|error| Fault::new(error.code, error.message))?;
            if document.duplicate.is_some() {
                return Err(Fault::new(DUPLICATE_KEY, "a key stands twice in one object"));
            }
            datum(Some(&document.value), record)
        }
        Kind::Text => datum(Some(&Json::Text(Cow::Borrowed(column.text(row)?))), record),
        Kind::U8 => match column.number(row) {
            flag @ (0 | 1) => datum(Some(&Json::Boolean(flag == 1)), record),
            _ => datum(Some(&Json::Number(&(column.number(row) & 0xff).to_string())), record),
        },
        Kind::U16 => {
            let index = usize::try_from(integer(column.bytes(row))).unwrap_or(usize::MAX);
            match &fact.spec.data_type {
                DataType::Enum(domain) => match domain.values.get(index) {
                    Some(value) => datum(Some(&Json::Text(Cow::Borrowed(value))), record),
                    None => Err(Fault::new(INPUT_ENUM, format!("there is no declared value with the index {index}"))),
                },
                _ => datum(None, record),
            }
        }
        Kind::I32 => {
            let day = i32::try_from(column.number(row)).ok().and_then(|days| Date::from_days(days).ok());
            let text = day.map_or_else(|| column.number(row).to_string(), |day| day.to_string());
            datum(Some(&Json::Text(Cow::Owned(text))), record)
        }
        Kind::I64 | Kind::I128 => datum(Some(&Json::Number(&spelled(column.number(row), column.scale))), record),
    }
}

/// A number by its digits, of whatever size.
fn spelled(mantissa: i128, scale: u32) -> String {
    if let Ok(number) = from_mantissa(mantissa, scale) {
        return canonical_text(number, scale);
    }
    format!("{mantissa}e-{scale}")
}

/// A value that needs no second look: of the declared digits, within the bounds, and the fact has no special codes.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn plain(fact: &Fact, column: &Column<'_>, row: usize) -> Option<Slot> {
    let spec = &fact.spec;
    if !spec.special.is_empty() {
        return None;
    }
    let within = |value: Value| {
        let (low, high) = (spec.min.as_ref(), spec.max.as_ref());
        low.is_none_or(|low| at_most(low, &value)) && high.is_none_or(|high| at_most(&value, high))
    };
    match (&spec.data_type, column.kind) {
        (DataType::Integer, Kind::I64) if column.scale == 0 => {
            let value = i64::try_from(column.number(row)).ok()?;
            within(Value::Integer(value)).then_some(Slot::Integer(value))
        }
        (DataType::Decimal { scale }, Kind::I64 | Kind::I128) if column.scale == u32::from(*scale) => {
            let value = from_mantissa(column.number(row), column.scale).ok()?;
            within(Value::Decimal(value)).then_some(Slot::Decimal(value))
        }
        (DataType::Boolean, Kind::U8) => match column.number(row) {
            0 => Some(Slot::Boolean(false)),
            1 => Some(Slot::Boolean(true)),
            _ => None,
        },
        (DataType::Enum(domain), Kind::U16) => {
            let index = u16::try_from(integer(column.bytes(row))).ok()?;
            (usize::from(index) < domain.values.len()).then_some(Slot::Enum(index))
        }
        (DataType::Date, Kind::I32) => {
            let day = Date::from_days(i32::try_from(column.number(row)).ok()?).ok()?;
            within(Value::Date(day)).then_some(Slot::Date(day))
        }
        _ => None,
    }
}

fn at_most(low: &Value, high: &Value) -> bool {
    match (low, high) {
        (Value::Integer(low), Value::Integer(high)) => low <= high,
        (Value::Decimal(low), Value::Decimal(high)) => low <= high,
        (Value::Date(low), Value::Date(high)) => low <= high,
        // mixed bounds take the way of all texts
        _ => false,
    }
}
