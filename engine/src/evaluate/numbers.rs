//! Arithmetic: exact or an error.

use std::cmp::Ordering;

use super::machine::{Machine, Stop};
use crate::diagnostic::{Code, codes};
use crate::program::NodeId;
use crate::ruleset::checked::ArithmeticOp;
use crate::value::decimal::{self, Decimal, NumberError};
use crate::value::integer;
use crate::value::slot::Slot;

/// The code of an error of arithmetic.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn number_code(error: NumberError) -> Code {
    match error {
        NumberError::Overflow => codes::OVERFLOW,
        NumberError::DivisionByZero => codes::DIVISION_BY_ZERO,
        NumberError::LostDigits => codes::LOST_DIGITS,
    }
}

/// The order of two numbers, whatever their types; nothing if one is none.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
pub(super) fn order_numbers(left: Slot, right: Slot) -> Option<Ordering> {
    match (left, right) {
        (Slot::Integer(left), Slot::Integer(right)) => Some(left.cmp(&right)),
        (Slot::Decimal(left), Slot::Decimal(right)) => Some(left.cmp(&right)),
        (Slot::Integer(left), Slot::Decimal(right)) => Some(Decimal::from(left).cmp(&right)),
        (Slot::Decimal(left), Slot::Integer(right)) => Some(left.cmp(&Decimal::from(right))),
        _ => None,
    }
}

impl Machine<'_> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn integer_arithmetic(&mut self, id: NodeId, op: ArithmeticOp, l: NodeId, r: NodeId) -> Result<Slot, Stop> {
        let left = self.integer(l)?;
        let right = self.integer(r)?;
        let result = match op {
            ArithmeticOp::Add => integer::checked_add(left, right),
            ArithmeticOp::Subtract => integer::checked_sub(left, right),
            ArithmeticOp::Multiply => integer::checked_mul(left, right),
            ArithmeticOp::Remainder => integer::checked_rem(left, right),
            ArithmeticOp::Power => integer::checked_pow(left, right),
        };
        result.map(Slot::Integer).map_err(|error| self.fail_number(id, error))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn decimal_arithmetic(&mut self, id: NodeId, op: ArithmeticOp, l: NodeId, r: NodeId) -> Result<Slot, Stop> {
        let left = self.decimal(l)?;
        let right = self.decimal(r)?;
        let result = match op {
            ArithmeticOp::Add => decimal::checked_add(left, right),
            ArithmeticOp::Subtract => decimal::checked_sub(left, right),
            ArithmeticOp::Multiply => decimal::checked_mul(left, right),
            ArithmeticOp::Remainder | ArithmeticOp::Power => return Err(self.broken(id)),
        };
        result.map(Slot::Decimal).map_err(|error| self.fail_number(id, error))
    }
}
