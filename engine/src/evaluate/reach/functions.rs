//! Arithmetic and functions over ranges: by their ends where they rise or fall, else anything.

use super::Walk;
use super::value::Reach;
use crate::program::node::Items;
use crate::program::{Node, NodeId};
use crate::ruleset::checked::{ArithmeticOp, Function};
use crate::value::date::{Date, age_in_years, days_between, months_between};
use crate::value::decimal::{self, Decimal, NumberError, RoundingMode};
use crate::value::odds::{good_odds_from_score, pd_from_score, score_from_good_odds};
use crate::value::slot::Slot;

type Number = Result<Decimal, NumberError>;

impl Walk<'_> {
    pub(super) fn integer_arithmetic(&mut self, op: ArithmeticOp, left: NodeId, right: NodeId) -> Option<Reach> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let (Some((a, b)), Some((c, d))) = (left.whole(), right.whole()) else { return Some(Reach::Any) };
        let [a, b, c, d] = [a, b, c, d].map(i128::from);
        match op {
            ArithmeticOp::Add => Reach::integers(a.saturating_add(c), b.saturating_add(d)),
            ArithmeticOp::Subtract => Reach::integers(a.saturating_sub(d), b.saturating_sub(c)),
            ArithmeticOp::Multiply => {
                let products = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| x.saturating_mul(y));
                Reach::integers(least(products), greatest(products))
            }
            ArithmeticOp::Remainder if c == d && c != 0 => {
                let most = c.saturating_abs().saturating_sub(1);
                Reach::integers(if a < 0 { most.saturating_neg() } else { 0 }, if b > 0 { most } else { 0 })
            }
            ArithmeticOp::Power if c == d && a >= 0 => {
                let power = |base: i128| u32::try_from(c).map_or(i128::MAX, |exponent| base.saturating_pow(exponent));
                Reach::integers(power(a), power(b))
            }
            ArithmeticOp::Remainder | ArithmeticOp::Power => Some(Reach::Any),
        }
    }

    pub(super) fn decimal_arithmetic(&mut self, op: ArithmeticOp, left: NodeId, right: NodeId) -> Option<Reach> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        let (Some((a, b)), Some((c, d))) = (left.numbers(), right.numbers()) else { return Some(Reach::Any) };
        Some(match op {
            ArithmeticOp::Add => between(decimal::checked_add(a, c), decimal::checked_add(b, d)),
            ArithmeticOp::Subtract => between(decimal::checked_sub(a, d), decimal::checked_sub(b, c)),
            ArithmeticOp::Multiply if !a.is_sign_negative() && !c.is_sign_negative() => {
                between(decimal::checked_mul(a, c), decimal::checked_mul(b, d))
            }
            ArithmeticOp::Multiply => {
                let products = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| decimal::checked_mul(x, y));
                spanned(&products)
            }
            ArithmeticOp::Remainder | ArithmeticOp::Power => Reach::Any,
        })
    }

    /// A sum; a decimal if one operand is.
    pub(super) fn add(&self, left: &Reach, right: &Reach) -> Option<Reach> {
        if let (Some((a, b)), Some((c, d))) = (left.whole(), right.whole()) {
            let sum = |one: i64, other: i64| i128::from(one).saturating_add(other.into());
            return Reach::integers(sum(a, c), sum(b, d));
        }
        let (Some((a, b)), Some((c, d))) = (left.numbers(), right.numbers()) else { return Some(Reach::Any) };
        Some(between(decimal::checked_add(a, c), decimal::checked_add(b, d)))
    }

    pub(super) fn call(&mut self, function: Function, decimal: bool, arguments: Items) -> Option<Reach> {
        let values = self.gather(arguments)?;
        let result = match (function, values.as_slice()) {
            (Function::Round(scale, mode), [x]) => x.numbers().map(|(low, high)| {
                Reach::Decimals(decimal::round(low, scale.into(), mode), decimal::round(high, scale.into(), mode))
            }),
            (Function::Div(scale, mode), [a, b]) => quotient(a, b, scale, mode),
            (Function::Abs, [x]) => absolute(x)?,
            (Function::Min | Function::Max, [a, b]) => extreme(function == Function::Max, decimal, a, b),
            (Function::Clamp, [x, Reach::Exact(low), Reach::Exact(high)]) => {
                let (low, high) = (Reach::Exact(*low), Reach::Exact(*high));
                let raised = extreme(true, decimal, x, &low);
                raised.and_then(|raised| extreme(false, decimal, &raised, &high))
            }
            (
                Function::ScoreFromGoodOdds(..) | Function::GoodOddsFromScore(..) | Function::PdFromScore(..),
                [first, Reach::Exact(b), Reach::Exact(c), Reach::Exact(d)],
            ) => odds(function, first, [*b, *c, *d]),
            (Function::DaysBetween | Function::MonthsBetween | Function::AgeInYears, [from, to]) => {
                distance(function, from, to)
            }
            (Function::AddDays | Function::AddMonths | Function::AddMonthsEndOfMonth, [date, number]) => {
                moved(function, date, number)
            }
            _ => None,
        };
        Some(result.unwrap_or(Reach::Any))
    }

    pub(super) fn conversion(&mut self, node: Node) -> Option<Reach> {
        match node {
            Node::Field { record, index } => self.field(record, index),
            Node::Index { list, index } => {
                self.value(list)?;
                self.value(index)?;
                Some(Reach::Any)
            }
            Node::ToDecimal(value) => self.convert(value, |value| match value {
                Reach::Integers(low, high) => Some(Reach::Decimals(Decimal::from(*low), Decimal::from(*high))),
                Reach::Exact(Slot::Integer(number)) => Some(Reach::Exact(Slot::Decimal(Decimal::from(*number)))),
                other => Some(other.clone()),
            }),
            Node::ToInteger(value) => self.convert(value, |value| match value {
                Reach::Decimals(..) | Reach::Exact(Slot::Decimal(_)) => value.floored(),
                other => Some(other.clone()),
            }),
            Node::ToEnum { value, map } => {
                let map = self.items(map);
                self.convert(value, |value| match value {
                    Reach::Exact(Slot::Enum(_)) | Reach::Symbols(_) => Some(mapped(value, map)),
                    other => Some(other.clone()),
                })
            }
            Node::ToText { value, .. } => self.convert(value, |_| Some(Reach::Any)),
            Node::NegateInteger(value) => {
                let value = self.value(value)?;
                let Some((low, high)) = value.whole() else { return Some(Reach::Any) };
                let negated = |number: i64| i128::from(number).saturating_neg();
                Reach::integers(negated(high), negated(low))
            }
            Node::NegateDecimal(value) => {
                let value = self.value(value)?;
                let negated = value.numbers().map(|(low, high)| Reach::Decimals(decimal::neg(high), decimal::neg(low)));
                Some(negated.unwrap_or(Reach::Any))
            }
            Node::Coalesce { value, default } => match self.value(value)? {
                Reach::Exact(Slot::Missing) => self.value(default),
                Reach::Maybe(inner) => {
                    let before = self.locals.clone();
                    let default = self.value(default);
                    self.locals = self.either(Some(before));
                    self.join_optional(Some(*inner), default)
                }
                other => Some(other),
            },
            Node::ValueOr { value, default } => {
                let (value, default) = (self.value(value)?, self.value(default)?);
                Some(match value {
                    Reach::Exact(Slot::Missing | Slot::Special(_)) => default,
                    Reach::Maybe(inner) => match *inner {
                        Reach::Exact(Slot::Special(_)) => default,
                        inner => self.join(inner, default),
                    },
                    other => other,
                })
            }
            _ => Some(Reach::Any),
        }
    }

    /// Converts a value; missing and special codes pass.
    fn convert(&mut self, value: NodeId, convert: impl Fn(&Reach) -> Option<Reach>) -> Option<Reach> {
        match self.value(value)? {
            Reach::Maybe(inner) => Some(match convert(&inner) {
                Some(inner) => Reach::Maybe(Box::new(inner)),
                None => Reach::Exact(Slot::Missing),
            }),
            passing @ Reach::Exact(Slot::Missing | Slot::Special(_)) => Some(passing),
            other => convert(&other),
        }
    }
}

fn least(numbers: [i128; 4]) -> i128 {
    numbers.into_iter().min().unwrap_or(i128::MIN)
}

fn greatest(numbers: [i128; 4]) -> i128 {
    numbers.into_iter().max().unwrap_or(i128::MAX)
}

/// Between two results; an end without one is as far away as numbers go.
fn between(low: Number, high: Number) -> Reach {
    Reach::Decimals(low.unwrap_or(Decimal::MIN), high.unwrap_or(Decimal::MAX))
}

/// Between the least and the greatest of some results.
pub(super) fn spanned(results: &[Number]) -> Reach {
    let Ok(numbers) = results.iter().copied().collect::<Result<Vec<_>, _>>() else {
        return Reach::Decimals(Decimal::MIN, Decimal::MAX);
    };
    match (numbers.iter().min(), numbers.iter().max()) {
        (Some(low), Some(high)) => Reach::Decimals(*low, *high),
        _ => Reach::Any,
    }
}

/// A quotient rises or falls with each operand, unless the divisor may be zero.
fn quotient(a: &Reach, b: &Reach, scale: u8, mode: RoundingMode) -> Option<Reach> {
    let ((a, b), (c, d)) = (a.numbers()?, b.numbers()?);
    let zero = Decimal::from(0);
    if c <= zero && zero <= d {
        return None;
    }
    Some(spanned(&[(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| decimal::div(x, y, scale.into(), mode))))
}

fn absolute(x: &Reach) -> Option<Option<Reach>> {
    if let Some((low, high)) = x.whole() {
        let (low, high) = (i128::from(low), i128::from(high));
        let nearest = if low <= 0 && high >= 0 { 0 } else { low.saturating_abs().min(high.saturating_abs()) };
        return Reach::integers(nearest, low.saturating_abs().max(high.saturating_abs())).map(Some);
    }
    let Some((low, high)) = x.numbers() else { return Some(None) };
    let (one, other) = (decimal::abs(low), decimal::abs(high));
    let zero = Decimal::from(0);
    let nearest = if low <= zero && zero <= high { zero } else { one.min(other) };
    Some(Some(Reach::Decimals(nearest, one.max(other))))
}

/// The greater or the smaller of two: numbers, or dates.
pub(super) fn extreme(greater: bool, decimal: bool, a: &Reach, b: &Reach) -> Option<Reach> {
    fn pick<T: Ord>(greater: bool, one: T, other: T) -> T {
        if greater { one.max(other) } else { one.min(other) }
    }
    if let (Some((a, b)), Some((c, d)), false) = (a.whole(), b.whole(), decimal) {
        return Reach::integers(pick(greater, a, c).into(), pick(greater, b, d).into());
    }
    if let (Some((a, b)), Some((c, d))) = (a.numbers(), b.numbers()) {
        return Some(Reach::Decimals(pick(greater, a, c), pick(greater, b, d)));
    }
    let ((a, b), (c, d)) = (a.calendar()?, b.calendar()?);
    Some(Reach::dates(pick(greater, a, c), pick(greater, b, d)))
}

/// Scores, odds and probabilities rise or fall with their first operand.
fn odds(function: Function, first: &Reach, others: [Slot; 3]) -> Option<Reach> {
    let [b, c, d] = others.map(|slot| Reach::Exact(slot).numbers().map(|(number, _)| number));
    let (b, c, d) = (b?, c?, d?);
    let at = |x: Decimal| match function {
        Function::ScoreFromGoodOdds(scale, mode) => score_from_good_odds(x, b, c, d, scale.into(), mode).ok(),
        Function::GoodOddsFromScore(scale, mode) => good_odds_from_score(x, b, c, d, scale.into(), mode).ok(),
        Function::PdFromScore(scale, mode) => pd_from_score(x, b, c, d, scale.into(), mode).ok(),
        _ => None,
    };
    let (low, high) = first.numbers()?;
    let (low, high) = (at(low)?, at(high)?);
    Some(Reach::Decimals(low.min(high), low.max(high)))
}

/// From one date to another: falls with the first, rises with the second.
fn distance(function: Function, from: &Reach, to: &Reach) -> Option<Reach> {
    let ((a, b), (c, d)) = (from.calendar()?, to.calendar()?);
    let count = |from: Date, to: Date| match function {
        Function::DaysBetween => Some(days_between(from, to)),
        Function::MonthsBetween => Some(months_between(from, to)),
        _ => age_in_years(from, to).ok(),
    };
    // Nobody has an age before birth: there the age is an error, and the least one that is none is 0.
    let shortest = count(b, c).unwrap_or(0);
    Reach::integers(shortest.into(), count(a, d)?.into())
}

/// A date later or earlier: rises with both.
fn moved(function: Function, date: &Reach, number: &Reach) -> Option<Reach> {
    let ((a, b), (c, d)) = (date.calendar()?, number.whole()?);
    let later = |date: Date, number: i64| match function {
        Function::AddDays => date.add_days(number),
        Function::AddMonths => date.add_months(number),
        _ => date.add_months_end_of_month(number),
    };
    Some(Reach::dates(later(a, c).unwrap_or(Date::MIN), later(b, d).unwrap_or(Date::MAX)))
}

/// Enum values in another domain.
fn mapped(value: &Reach, map: &[u32]) -> Reach {
    if let Reach::Exact(Slot::Enum(old)) = value {
        let new = map.get(usize::from(*old)).and_then(|new| u16::try_from(*new).ok());
        return new.map_or(Reach::Any, |new| Reach::Exact(Slot::Enum(new)));
    }
    let Some(old) = value.symbols() else { return Reach::Any };
    let chosen = map.iter().zip(0_u32..64).filter(|(_, place)| old.wrapping_shr(*place) & 1 == 1);
    let new = chosen.map(|(new, _)| 1_u64.checked_shl(*new)).collect::<Option<Vec<_>>>();
    new.map_or(Reach::Any, |new| Reach::Symbols(new.into_iter().fold(0, |all, one| all | one)))
}
