//! Constants: named ones, arithmetic on them, and the places that ask for one.

use crate::diagnostic::codes::{CONSTANT_ERROR, CONSTANT_REQUIRED, UNKNOWN_NAME};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::checked::{ArithmeticOp, Expr, ExprKind};
use crate::value::decimal::NumberError;
use crate::value::{Decimal, Value, decimal, integer};

use super::body::BodyKind;
use super::{Checker, walk};

impl Checker<'_> {
    /// Types the named constants in file order; one may use those before it.
    pub(super) fn check_constants(&mut self) {
        for constant in &self.ruleset.script.constants {
            let value = self.in_body(BodyKind::Constant, &mut |checker| {
                let value = checker.expr(&constant.value)?;
                checker.storable(value)
            });
            self.constants.push(value);
        }
    }

    /// A named constant where it is read.
    pub(super) fn named_constant(&mut self, name: &str, span: Span) -> Option<Expr> {
        let Some(&index) = self.names.constants.get(name) else {
            self.report_unknown_variable(name, span);
            return None;
        };
        let declared = self.ruleset.script.constants.get(index)?;
        if matches!(self.body.kind, BodyKind::Function | BodyKind::Decide) {
            // As in Rhai: a function sees its parameters and nothing around it; closures at the top of the file do.
            let message = format!("a function does not see the constant `{name}`, only its parameters");
            self.report(
                Diagnostic::new(UNKNOWN_NAME, span, message)
                    .with_help("write the value, pass it to the function, or make it a parameter, `param(\"name\")`")
                    .with_related(declared.name.span, "declared here"),
            );
            return None;
        }
        let Some(value) = self.constants.get(index).filter(|_| declared.name.span <= span) else {
            self.report(
                Diagnostic::new(UNKNOWN_NAME, span, format!("the constant `{name}` is declared further down"))
                    .with_help("move the constant to the head of the file")
                    .with_related(declared.name.span, "declared here"),
            );
            return None;
        };
        let mut value = value.clone()?;
        self.charge(walk::size(&value));
        self.body.parameters.extend(self.parameters.of(value.span));
        if matches!(value.kind, ExprKind::Constant(_)) {
            value.span = span;
        }
        Some(value)
    }

    /// Reports that a place needs a constant.
    pub(super) fn report_not_constant<T>(&mut self, span: Span, what: &str) -> Option<T> {
        self.complain(
            CONSTANT_REQUIRED,
            span,
            format!("{what} is a constant"),
            "write a literal, a `const` or a `param(\"...\")`",
        );
        None
    }

    /// Reports arithmetic on constants that has no result.
    pub(super) fn report_constant<T>(&mut self, span: Span, error: NumberError) -> Option<T> {
        self.complain(
            CONSTANT_ERROR,
            span,
            format!("this constant has no value: {error}"),
            "every decision would end in this error: change the figures",
        );
        None
    }

    /// Refuses what no constant may depend on.
    pub(super) fn refuse_in_constant(&mut self, span: Span, what: &str) -> Option<()> {
        if self.body.kind != BodyKind::Constant {
            return Some(());
        }
        self.report_not_constant(
            span,
            &format!("the value of a `const` is fixed at load, {what} is not: what stands here"),
        )
    }
}

/// −value
pub(super) fn negate(value: &Value) -> Result<Value, NumberError> {
    match value {
        Value::Integer(number) => integer::checked_neg(*number).map(Value::Integer),
        Value::Decimal(number) => Ok(Value::Decimal(decimal::neg(*number))),
        other => Ok(other.clone()),
    }
}

/// An operator on two numbers.
pub(super) fn arithmetic(op: ArithmeticOp, a: &Value, b: &Value) -> Result<Value, NumberError> {
    if let (Value::Integer(a), Value::Integer(b)) = (a, b) {
        let function = match op {
            ArithmeticOp::Add => integer::checked_add,
            ArithmeticOp::Subtract => integer::checked_sub,
            ArithmeticOp::Multiply => integer::checked_mul,
            ArithmeticOp::Remainder => integer::checked_rem,
            ArithmeticOp::Power => integer::checked_pow,
        };
        return function(*a, *b).map(Value::Integer);
    }
    let (a, b) = (number(a), number(b));
    match op {
        ArithmeticOp::Subtract => decimal::checked_sub(a, b),
        ArithmeticOp::Multiply => decimal::checked_mul(a, b),
        _ => decimal::checked_add(a, b),
    }
    .map(Value::Decimal)
}

fn number(value: &Value) -> Decimal {
    match value {
        Value::Decimal(number) => *number,
        Value::Integer(number) => Decimal::from(*number),
        _ => Decimal::ZERO,
    }
}
