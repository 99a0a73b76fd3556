//! What a value may be while facts move within ranges: always a superset of what it is, never less.

use crate::program::locator::ordinal;
use crate::program::pool::Memory;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, ceil_mantissa, floor_mantissa};
use crate::value::slot::Slot;

/// What a value may be.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::evaluate) enum Reach {
    /// This value.
    Exact(Slot),
    /// An integer between two, both inclusive.
    Integers(i64, i64),
    /// A date between two, in days, both inclusive.
    Dates(i64, i64),
    /// Some of the first 64 values of an enum.
    Symbols(u64),
    /// Either truth value.
    Truths,
    /// A decimal between two, both inclusive.
    Decimals(Decimal, Decimal),
    /// A record of such values.
    Record(Vec<Reach>),
    /// A list of so many values.
    List(Vec<Reach>),
    /// One of these, or missing.
    Maybe(Box<Reach>),
    /// Anything.
    Any,
}

/// What a condition may be; never neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub yes: bool,
    pub no: bool,
}

impl Truth {
    pub const BOTH: Self = Self { yes: true, no: true };

    pub const fn of(truth: bool) -> Self {
        Self { yes: truth, no: !truth }
    }

    pub const fn not(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    pub const fn not_if(self, negate: bool) -> Self {
        if negate { self.not() } else { self }
    }
}

impl From<Truth> for Reach {
    fn from(truth: Truth) -> Self {
        match (truth.yes, truth.no) {
            (true, false) => Self::Exact(Slot::Boolean(true)),
            (false, true) => Self::Exact(Slot::Boolean(false)),
            _ => Self::Truths,
        }
    }
}

impl Reach {
    /// Without the chance that it is missing.
    pub fn present(&self) -> &Self {
        match self {
            Self::Maybe(inner) => inner,
            other => other,
        }
    }

    /// An integer between two wide bounds; nothing if all of them overflow.
    pub fn integers(low: i128, high: i128) -> Option<Self> {
        let (least, greatest) = (i128::from(i64::MIN), i128::from(i64::MAX));
        let low = i64::try_from(low.max(least)).ok()?;
        let high = i64::try_from(high.min(greatest)).ok()?;
        (low <= high).then_some(if low == high { Self::Exact(Slot::Integer(low)) } else { Self::Integers(low, high) })
    }

    /// A date between two.
    pub fn dates(low: Date, high: Date) -> Self {
        if low == high { Self::Exact(Slot::Date(low)) } else { Self::Dates(low.days().into(), high.days().into()) }
    }

    /// Its truth.
    pub(super) fn truth(&self) -> Truth {
        match self.present() {
            Self::Exact(Slot::Boolean(truth)) => Truth::of(*truth),
            _ => Truth::BOTH,
        }
    }

    /// Least and greatest ordinal.
    pub fn ordinals(&self) -> Option<(i64, i64)> {
        match self.present() {
            Self::Exact(slot) => ordinal(*slot).map(|number| (number, number)),
            Self::Integers(low, high) | Self::Dates(low, high) => Some((*low, *high)),
            Self::Symbols(mask) => {
                let high = 63_u32.checked_sub(mask.leading_zeros())?;
                Some((mask.trailing_zeros().into(), high.into()))
            }
            Self::Truths => Some((0, 1)),
            _ => None,
        }
    }

    /// The ordinals as a set, if all lie below 64.
    pub fn symbols(&self) -> Option<u64> {
        match self.present() {
            Self::Exact(slot) => 1_u64.checked_shl(u32::try_from(ordinal(*slot)?).ok()?),
            Self::Symbols(mask) => Some(*mask),
            Self::Truths => Some(3),
            _ => None,
        }
    }

    /// Least and greatest number.
    pub fn numbers(&self) -> Option<(Decimal, Decimal)> {
        match self.present() {
            Self::Exact(Slot::Integer(number)) => Some((Decimal::from(*number), Decimal::from(*number))),
            Self::Exact(Slot::Decimal(number)) => Some((*number, *number)),
            Self::Integers(low, high) => Some((Decimal::from(*low), Decimal::from(*high))),
            Self::Decimals(low, high) => Some((*low, *high)),
            _ => None,
        }
    }

    /// Least and greatest integer.
    pub fn whole(&self) -> Option<(i64, i64)> {
        match self.present() {
            Self::Exact(Slot::Integer(number)) => Some((*number, *number)),
            Self::Integers(low, high) => Some((*low, *high)),
            _ => None,
        }
    }

    /// First and last date.
    pub fn calendar(&self) -> Option<(Date, Date)> {
        let date = |days: i64| Date::from_days(i32::try_from(days).ok()?).ok();
        match self.present() {
            Self::Exact(Slot::Date(day)) => Some((*day, *day)),
            Self::Dates(low, high) => date(*low).zip(date(*high)),
            _ => None,
        }
    }

    /// A whole number of decimals as an integer.
    pub fn floored(&self) -> Option<Self> {
        let (low, high) = self.numbers()?;
        Self::integers(ceil_mantissa(low, 0), floor_mantissa(high, 0))
    }

    /// The least and the greatest value as slots, for what is ordered.
    pub fn ends(&self) -> Option<(Slot, Slot)> {
        match self.present() {
            Self::Exact(slot) => Some((*slot, *slot)),
            Self::Integers(low, high) => Some((Slot::Integer(*low), Slot::Integer(*high))),
            Self::Decimals(low, high) => Some((Slot::Decimal(*low), Slot::Decimal(*high))),
            Self::Dates(..) => self.calendar().map(|(low, high)| (Slot::Date(low), Slot::Date(high))),
            _ => None,
        }
    }
}

/// The fields of a record.
pub(super) fn fields(record: &Reach, memory: Memory<'_>) -> Option<Vec<Reach>> {
    match record.present() {
        Reach::Record(fields) => Some(fields.clone()),
        Reach::Exact(slot @ Slot::Record(_)) => {
            memory.elements(*slot).map(|fields| fields.iter().copied().map(Reach::Exact).collect())
        }
        _ => None,
    }
}

/// What is one or the other.
pub(super) fn join(one: Reach, other: Reach, memory: Memory<'_>) -> Reach {
    if one == other {
        return one;
    }
    match (one, other) {
        (Reach::Any, _) | (_, Reach::Any) => Reach::Any,
        (Reach::Exact(Slot::Missing), maybe @ Reach::Maybe(_))
        | (maybe @ Reach::Maybe(_), Reach::Exact(Slot::Missing)) => maybe,
        (Reach::Exact(Slot::Missing), value) | (value, Reach::Exact(Slot::Missing)) => Reach::Maybe(Box::new(value)),
        (Reach::Maybe(one), Reach::Maybe(other)) => Reach::Maybe(Box::new(join(*one, *other, memory))),
        (Reach::Maybe(one), other) | (other, Reach::Maybe(one)) => Reach::Maybe(Box::new(join(*one, other, memory))),
        (one, other) => joined(&one, &other, memory).unwrap_or(Reach::Any),
    }
}

fn joined(one: &Reach, other: &Reach, memory: Memory<'_>) -> Option<Reach> {
    if let (Some((a, b)), Some((c, d))) = (one.whole(), other.whole()) {
        return Reach::integers(a.min(c).into(), b.max(d).into());
    }
    if let (Some((a, b)), Some((c, d))) = (one.numbers(), other.numbers()) {
        return Some(Reach::Decimals(a.min(c), b.max(d)));
    }
    if let (Some((a, b)), Some((c, d))) = (one.calendar(), other.calendar()) {
        return Some(Reach::dates(a.min(c), b.max(d)));
    }
    let boolean = |reach: &Reach| matches!(reach, Reach::Truths | Reach::Exact(Slot::Boolean(_)));
    if boolean(one) && boolean(other) {
        return Some(Reach::Truths);
    }
    let symbol = |reach: &Reach| matches!(reach, Reach::Symbols(_) | Reach::Exact(Slot::Enum(_)));
    if symbol(one) && symbol(other) {
        return one.symbols().zip(other.symbols()).map(|(one, other)| Reach::Symbols(one | other));
    }
    let (one, other) = (fields(one, memory)?, fields(other, memory)?);
    let pairs = one.into_iter().zip(other).map(|(one, other)| join(one, other, memory));
    Some(Reach::Record(pairs.collect()))
}
