//! The functions of the language.

use std::cmp::Ordering;

use super::machine::{Machine, Stop};
use super::numbers::order_numbers;
use crate::diagnostic::codes;
use crate::program::locator::ordinal;
use crate::program::{Node, NodeId};
use crate::ruleset::checked::Function;
use crate::value::date::{DateError, age_in_years, days_between, months_between, year_fraction};
use crate::value::decimal::{self, Decimal};
use crate::value::integer;
use crate::value::odds::{OddsError, good_odds_from_score, pd_from_score, score_from_good_odds};
use crate::value::slot::Slot;

impl Machine<'_> {
    #[inline(never)]
    // The families stand apart, for HotSpot leaves a method of more than 8,000 bytecodes to its interpreter.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn call(&mut self, id: NodeId) -> Result<Slot, Stop> {
        let Node::Call { function, decimal, arguments } = *self.node(id) else { return Err(self.broken(id)) };
        let arguments = self.items(arguments);
        match function {
            Function::Round(..) | Function::Div(..) | Function::Abs => self.rounding(id, function, arguments),
            Function::Min | Function::Max | Function::Clamp => {
                let slot = self.extremes(id, function, arguments)?;
                Ok(widened(slot, decimal))
            }
            Function::StartsWith | Function::EndsWith | Function::Contains | Function::TextLen => {
                self.text_function(id, function, arguments)
            }
            Function::ScoreFromGoodOdds(..) | Function::GoodOddsFromScore(..) | Function::PdFromScore(..) => {
                self.odds(id, function, arguments)
            }
            _ => self.date_function(id, function, arguments),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn rounding(&mut self, id: NodeId, function: Function, arguments: &[NodeId]) -> Result<Slot, Stop> {
        match (function, arguments) {
            (Function::Round(scale, mode), [x]) => {
                let x = self.decimal(*x)?;
                Ok(Slot::Decimal(decimal::round(x, scale.into(), mode)))
            }
            (Function::Div(scale, mode), [a, b]) => {
                let (a, b) = (self.decimal(*a)?, self.decimal(*b)?);
                decimal::div(a, b, scale.into(), mode).map(Slot::Decimal).map_err(|error| self.fail_number(id, error))
            }
            (Function::Abs, [x]) => match self.slot(*x)? {
                Slot::Decimal(x) => Ok(Slot::Decimal(decimal::abs(x))),
                Slot::Integer(x) if x >= 0 => Ok(Slot::Integer(x)),
                Slot::Integer(x) => {
                    integer::checked_neg(x).map(Slot::Integer).map_err(|error| self.fail_number(id, error))
                }
                _ => Err(self.broken(id)),
            },
            _ => Err(self.broken(id)),
        }
    }

    #[inline(never)]
    fn extremes(&mut self, id: NodeId, function: Function, arguments: &[NodeId]) -> Result<Slot, Stop> {
        match (function, arguments) {
            (Function::Min, [a, b]) => {
                let (a, b) = (self.slot(*a)?, self.slot(*b)?);
                Ok(if self.order(id, b, a)?.is_lt() { b } else { a })
            }
            (Function::Max, [a, b]) => {
                let (a, b) = (self.slot(*a)?, self.slot(*b)?);
                Ok(if self.order(id, b, a)?.is_gt() { b } else { a })
            }
            (Function::Clamp, [x, low, high]) => {
                let (x, low, high) = (self.slot(*x)?, self.slot(*low)?, self.slot(*high)?);
                if self.order(id, low, high)?.is_gt() {
                    return Err(self.fail(id, codes::CLAMP_BOUNDS));
                }
                if self.order(id, x, low)?.is_lt() {
                    return Ok(low);
                }
                Ok(if self.order(id, x, high)?.is_gt() { high } else { x })
            }
            _ => Err(self.broken(id)),
        }
    }

    /// The order of two values of one family.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn order(&mut self, id: NodeId, left: Slot, right: Slot) -> Result<Ordering, Stop> {
        if let Some(order) = order_numbers(left, right) {
            return Ok(order);
        }
        let memory = self.memory();
        let texts = memory.text(left).zip(memory.text(right)).map(|(left, right)| left.cmp(right));
        let order = texts.or_else(|| Some(ordinal(left)?.cmp(&ordinal(right)?)));
        order.ok_or_else(|| self.broken(id))
    }

    #[inline(never)]
    fn text_function(&mut self, id: NodeId, function: Function, arguments: &[NodeId]) -> Result<Slot, Stop> {
        if let (Function::TextLen, [text]) = (function, arguments) {
            let characters = self.text(*text)?.chars().count();
            return Ok(Slot::Integer(i64::try_from(characters).unwrap_or(i64::MAX)));
        }
        let [left, right] = arguments else { return Err(self.broken(id)) };
        let left_slot = self.slot(*left)?;
        let right_slot = self.slot(*right)?;
        let memory = self.memory();
        let Some((text, part)) = memory.text(left_slot).zip(memory.text(right_slot)) else {
            return Err(self.broken(id));
        };
        let held = match function {
            Function::StartsWith => text.starts_with(part),
            Function::EndsWith => text.ends_with(part),
            _ => text.contains(part),
        };
        if self.recording {
            self.note(id, left_slot, Some(right_slot), held);
        }
        Ok(Slot::Boolean(held))
    }

    /// Scores, odds and probabilities: real numbers to any number of digits, so known ones are answered from memory.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn odds(&mut self, id: NodeId, function: Function, arguments: &[NodeId]) -> Result<Slot, Stop> {
        let [a, b, c, d] = arguments else { return Err(self.broken(id)) };
        let operands = [self.decimal(*a)?, self.decimal(*b)?, self.decimal(*c)?, self.decimal(*d)?];
        if let Some(known) = self.scratch.odds.find(function, &operands) {
            return Ok(Slot::Decimal(known));
        }
        let [a, b, c, d] = operands;
        let result = match function {
            Function::ScoreFromGoodOdds(scale, mode) => score_from_good_odds(a, b, c, d, scale.into(), mode),
            Function::GoodOddsFromScore(scale, mode) => good_odds_from_score(a, b, c, d, scale.into(), mode),
            Function::PdFromScore(scale, mode) => pd_from_score(a, b, c, d, scale.into(), mode),
            _ => return Err(self.broken(id)),
        };
        match result {
            Ok(number) => {
                self.scratch.odds.keep(function, operands, number);
                Ok(Slot::Decimal(number))
            }
            Err(OddsError::Overflow) => Err(self.fail(id, codes::OVERFLOW)),
            Err(OddsError::ZeroPdo | OddsError::OddsNotPositive | OddsError::ScaleTooLarge) => {
                Err(self.fail(id, codes::ODDS_DOMAIN))
            }
        }
    }

    #[inline(never)]
    fn date_function(&mut self, id: NodeId, function: Function, arguments: &[NodeId]) -> Result<Slot, Stop> {
        let [first, second] = arguments else { return Err(self.broken(id)) };
        let date = self.date(*first)?;
        let result = match function {
            Function::DaysBetween => return Ok(Slot::Integer(days_between(date, self.date(*second)?))),
            Function::MonthsBetween => return Ok(Slot::Integer(months_between(date, self.date(*second)?))),
            Function::YearFraction(count, scale, mode) => {
                let end = self.date(*second)?;
                let fraction = year_fraction(date, end, count, scale.into(), mode).map(Slot::Decimal);
                return fraction.map_err(|error| self.fail_number(id, error));
            }
            Function::AgeInYears => age_in_years(date, self.date(*second)?).map(Slot::Integer),
            Function::AddDays => date.add_days(self.integer(*second)?).map(Slot::Date),
            Function::AddMonths => date.add_months(self.integer(*second)?).map(Slot::Date),
            Function::AddMonthsEndOfMonth => date.add_months_end_of_month(self.integer(*second)?).map(Slot::Date),
            _ => return Err(self.broken(id)),
        };
        result.map_err(|(DateError::OutOfRange | DateError::NotYetBorn)| self.fail(id, codes::DATE_RANGE))
    }

    /// Conversions and what stands in for a missing value.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn conversion(&mut self, id: NodeId) -> Result<Slot, Stop> {
        match *self.node(id) {
            Node::Index { list, index } => self.index(id, list, index),
            Node::ToDecimal(value) => match self.slot(value)? {
                Slot::Integer(number) => Ok(Slot::Decimal(Decimal::from(number))),
                other => Ok(other),
            },
            Node::ToInteger(value) => match self.slot(value)? {
                Slot::Decimal(number) => match decimal::to_i64_exact(number) {
                    Some(number) => Ok(Slot::Integer(number)),
                    None => Err(self.fail(id, codes::OVERFLOW)),
                },
                other => Ok(other),
            },
            Node::ToEnum { value, map } => match self.slot(value)? {
                Slot::Enum(old) => {
                    let new = self.items(map).get(usize::from(old)).and_then(|new| u16::try_from(*new).ok());
                    new.map(Slot::Enum).ok_or_else(|| self.broken(id))
                }
                other => Ok(other),
            },
            Node::ToText { value, texts } => match self.slot(value)? {
                Slot::Enum(symbol) => match self.items(texts).get(usize::from(symbol)) {
                    Some(constant) => Ok(*self.constant(*constant)),
                    None => Err(self.broken(id)),
                },
                other => Ok(other),
            },
            Node::NegateInteger(value) => {
                let number = self.integer(value)?;
                integer::checked_neg(number).map(Slot::Integer).map_err(|error| self.fail_number(id, error))
            }
            Node::NegateDecimal(value) => Ok(Slot::Decimal(decimal::neg(self.decimal(value)?))),
            Node::Coalesce { value, default } => match self.slot(value)? {
                Slot::Missing => self.slot(default),
                other => Ok(other),
            },
            Node::ValueOr { value, default } => {
                let value = self.slot(value)?;
                let default = self.slot(default)?;
                Ok(if matches!(value, Slot::Missing | Slot::Special(_)) { default } else { value })
            }
            _ => Err(self.broken(id)),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn field(&mut self, id: NodeId, record: NodeId, index: u32) -> Result<Slot, Stop> {
        let at = self.elements(record)?;
        if let Some(field) = self.memory().stretch(at).and_then(|fields| fields.get(index as usize)) {
            return Ok(*field);
        }
        Err(self.broken(id))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn index(&mut self, id: NodeId, list: NodeId, index: NodeId) -> Result<Slot, Stop> {
        let at = self.elements(list)?;
        let index = self.integer(index)?;
        let from_start = if index < 0 { i64::from(at.len).saturating_add(index) } else { index };
        let element = u32::try_from(from_start).ok().and_then(|index| self.element(at, index));
        element.ok_or_else(|| self.fail(id, codes::INDEX_RANGE))
    }
}

/// An integer where the result is a decimal.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn widened(slot: Slot, decimal: bool) -> Slot {
    match slot {
        Slot::Integer(number) if decimal => Slot::Decimal(Decimal::from(number)),
        other => other,
    }
}
