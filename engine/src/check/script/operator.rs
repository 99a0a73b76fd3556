//! Arithmetic: exact or an error, and nothing that truncates.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{DIVISION_OPERATOR, POWER_OPERATOR, REMAINDER_OPERATOR, TYPE_MISMATCH};
use crate::ruleset::checked::{ArithmeticOp, Comparison, Expr, ExprKind, Type, TypeKind};
use crate::ruleset::script::BinaryOp;
use crate::value::Value;

use super::expression::{constant_of, decimal_type};
use super::types::{Domains, has_value, is_number, scale_of};
use super::{Checker, constant};

impl Checker<'_> {
    /// An operator on two typed operands; a left operand in error silences it.
    pub(super) fn binary(&mut self, span: Span, op: BinaryOp, left: Option<Expr>, right: Option<Expr>) -> Option<Expr> {
        let comparison = match op {
            BinaryOp::Divide => {
                self.complain(
                    DIVISION_OPERATOR,
                    span,
                    "`/` truncates integers and rounds decimals silently",
                    "write `div(a, b, scale, \"half_up\")`",
                );
                return None;
            }
            BinaryOp::Add => return self.arithmetic(span, ArithmeticOp::Add, left?, right?),
            BinaryOp::Subtract => return self.arithmetic(span, ArithmeticOp::Subtract, left?, right?),
            BinaryOp::Multiply => return self.arithmetic(span, ArithmeticOp::Multiply, left?, right?),
            BinaryOp::Remainder => return self.remainder(span, left?, right?),
            BinaryOp::Power => return self.power(span, left?, right?),
            BinaryOp::Equal => Comparison::Equal,
            BinaryOp::NotEqual => Comparison::NotEqual,
            BinaryOp::Less => Comparison::Less,
            BinaryOp::LessEqual => Comparison::LessEqual,
            BinaryOp::Greater => Comparison::Greater,
            BinaryOp::GreaterEqual => Comparison::GreaterEqual,
            BinaryOp::In | BinaryOp::NotIn | BinaryOp::Coalesce => return None,
        };
        self.compare(span, comparison, left?, right?)
    }

    fn remainder(&mut self, span: Span, left: Expr, right: Expr) -> Option<Expr> {
        let (left, right) = (self.present(left), self.present(right));
        let (left, right) = (left?, right?);
        if left.ty.kind != TypeKind::Integer || right.ty.kind != TypeKind::Integer {
            let message =
                format!("`%` is for integers only, here it stands between {}", between(&self.domains, &left, &right));
            self.complain(REMAINDER_OPERATOR, span, message, "use integers on both sides");
            return None;
        }
        self.arithmetic(span, ArithmeticOp::Remainder, left, right)
    }

    fn power(&mut self, span: Span, left: Expr, right: Expr) -> Option<Expr> {
        let (left, right) = (self.present(left), self.present(right));
        let (left, right) = (left?, right?);
        let constant = matches!(right.kind, ExprKind::Constant(Value::Integer(exponent)) if exponent >= 0);
        if left.ty.kind != TypeKind::Integer || !constant {
            self.complain(
                POWER_OPERATOR,
                span,
                "`**` takes an integer to the power of a constant integer that is not negative",
                "write the product out: `x * x`",
            );
            return None;
        }
        self.arithmetic(span, ArithmeticOp::Power, left, right)
    }

    fn arithmetic(&mut self, span: Span, op: ArithmeticOp, left: Expr, right: Expr) -> Option<Expr> {
        if let Some(help) = misuse(op, &left.ty.kind, &right.ty.kind) {
            let message = format!(
                "{} is for numbers, here it stands between {}",
                sign(op),
                between(&self.domains, &left, &right)
            );
            self.complain(TYPE_MISMATCH, span, message, help);
            return None;
        }
        let (left, right) = (self.number(left, sign(op)), self.number(right, sign(op)));
        let (left, right) = (left?, right?);
        if let (ExprKind::Constant(a), ExprKind::Constant(b)) = (&left.kind, &right.kind) {
            return match constant::arithmetic(op, a, b) {
                Ok(value) => {
                    let ty = match &value {
                        Value::Decimal(number) => decimal_type(*number),
                        _ => Type::plain(TypeKind::Integer),
                    };
                    Some(constant_of(value, ty, span))
                }
                Err(error) => self.report_constant(span, error),
            };
        }
        let kind = match (&left.ty.kind, &right.ty.kind) {
            (TypeKind::Integer, TypeKind::Integer) => TypeKind::Integer,
            (a, b) => {
                let (a, b) = (scale_of(a), scale_of(b));
                let scale = if op == ArithmeticOp::Multiply { a.saturating_add(b).min(28) } else { a.max(b) };
                TypeKind::Decimal { scale }
            }
        };
        let kind_of = ExprKind::Arithmetic { op, left, right };
        Some(Expr::new(kind_of, Type::plain(kind), span))
    }
}

const fn sign(op: ArithmeticOp) -> &'static str {
    match op {
        ArithmeticOp::Add => "`+`",
        ArithmeticOp::Subtract => "`-`",
        ArithmeticOp::Multiply => "`*`",
        ArithmeticOp::Remainder => "`%`",
        ArithmeticOp::Power => "`**`",
    }
}

fn between(domains: &Domains, left: &Expr, right: &Expr) -> String {
    format!("{} and {}", domains.describe(&left.ty), domains.describe(&right.ty))
}

/// What to write instead of arithmetic on things that are no numbers.
fn misuse(op: ArithmeticOp, left: &TypeKind, right: &TypeKind) -> Option<&'static str> {
    let quiet =
        |kind: &TypeKind| is_number(kind) || !has_value(kind) || matches!(kind, TypeKind::Unit | TypeKind::Never);
    if quiet(left) && quiet(right) {
        return None;
    }
    Some(match (op, left, right) {
        (ArithmeticOp::Subtract, TypeKind::Date, TypeKind::Date) => "write `days_between(earlier, later)`",
        (ArithmeticOp::Add | ArithmeticOp::Subtract, TypeKind::Date, _) => {
            "write `add_days(date, n)` or `add_months(date, n)`"
        }
        (ArithmeticOp::Add, TypeKind::Text | TypeKind::Enum(_), _)
        | (ArithmeticOp::Add, _, TypeKind::Text | TypeKind::Enum(_)) => {
            "texts are not built in decisions; compare numbers with numbers"
        }
        _ => "use numbers on both sides",
    })
}
