//! Comparisons, `in` and `??`: only like is compared with like.

use std::sync::Arc;

use crate::diagnostic::codes::{CHAINED_COMPARISON, CONSTANT_REQUIRED, TYPE_MISMATCH};
use crate::diagnostic::{Code, Span};
use crate::ruleset::checked::{Comparison, Expr, ExprKind, Function, Type, TypeKind};
use crate::ruleset::script::{self as source, BinaryOp};
use crate::schema::EnumDomain;
use crate::value::{Decimal, Value};

use super::Checker;
use super::coerce::to_text;
use super::expression::boolean;
use super::types::{has_value, is_number, is_textual, is_unit, present};

impl<'r> Checker<'r> {
    /// `1 < 2 < 3` compares a boolean with a number.
    pub(super) fn refuse_chained(
        &mut self,
        span: Span,
        op: BinaryOp,
        left: &source::Expr,
        right: &source::Expr,
        typed_left: Option<&Expr>,
        typed_right: Option<&Expr>,
    ) -> Option<()> {
        if !is_comparison(op) {
            return Some(());
        }
        let compares =
            |expr: &source::Expr| matches!(expr.kind, source::ExprKind::Binary { op, .. } if is_comparison(op));
        let truth = |typed: Option<&Expr>| typed.is_none_or(|expr| matches!(expr.ty.kind, TypeKind::Boolean));
        let equality = matches!(op, BinaryOp::Equal | BinaryOp::NotEqual);
        let chained = |nested: &source::Expr, other: Option<&Expr>| compares(nested) && !(equality && truth(other));
        if !chained(left, typed_right) && !chained(right, typed_left) {
            return Some(());
        }
        self.complain(
            CHAINED_COMPARISON,
            span,
            "a chained comparison compares a truth value with what follows",
            "write `a < b && b < c`",
        );
        None
    }

    /// A comparison of two typed operands.
    pub(super) fn compare(&mut self, span: Span, op: Comparison, left: Expr, right: Expr) -> Option<Expr> {
        let equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
        if equality && (is_unit(&left.ty) || is_unit(&right.ty)) {
            return self.compare_with_unit(span, op, left, right);
        }
        if !comparable(op, &present(&left.ty), &present(&right.ty)) {
            return self.report_incomparable(span, op, &left, &right);
        }
        let (left, right) = (self.present(left), self.present(right));
        let (left, right) = self.aligned(left?, right?)?;
        Some(boolean(ExprKind::Compare { op, left, right }, span))
    }

    fn compare_with_unit(&mut self, span: Span, op: Comparison, left: Expr, right: Expr) -> Option<Expr> {
        let value = if is_unit(&right.ty) { left } else { right };
        let value = self.askable(value)?;
        let test = boolean(ExprKind::IsMissing(value), span);
        Some(if op == Comparison::Equal { test } else { boolean(ExprKind::Not(test), span) })
    }

    /// Something of which it may be asked whether it is missing.
    pub(super) fn askable(&mut self, value: Expr) -> Option<Expr> {
        if has_value(&value.ty.kind) { Some(value) } else { self.present(value) }
    }

    fn report_incomparable(&mut self, span: Span, op: Comparison, left: &Expr, right: &Expr) -> Option<Expr> {
        let (a, b) = (self.domains.describe(&present(&left.ty)), self.domains.describe(&present(&right.ty)));
        let both = |kind: fn(&TypeKind) -> bool| kind(&left.ty.kind) && kind(&right.ty.kind);
        let (message, help) = if both(|kind| matches!(kind, TypeKind::Boolean)) {
            ("truth values have no order".to_owned(), "write `a && !b` or the like")
        } else if both(is_textual) {
            ("enum values have no order here: Rhai would compare their letters".to_owned(), "use `==` or `in [...]`")
        } else if !has_value(&left.ty.kind) || !has_value(&right.ty.kind) {
            (format!("{a} cannot be compared with {b}"), "name the field that is meant")
        } else if both(|kind| matches!(kind, TypeKind::List(_) | TypeKind::Record(_) | TypeKind::Series(_))) {
            (format!("{a} cannot be compared as a whole"), "compare the elements or fields that matter")
        } else {
            let silently = if op == Comparison::NotEqual { "true" } else { "false" };
            (format!("{a} is compared with {b}: that would silently be {silently}"), "compare values of one type")
        };
        self.complain(TYPE_MISMATCH, span, message, help);
        None
    }

    /// Two present operands brought to one family: texts with texts, enums in one domain.
    fn aligned(&mut self, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
        let text = || Type::plain(TypeKind::Text);
        match (&left.ty.kind, &right.ty.kind) {
            (TypeKind::Enum(_), TypeKind::Text) => Some((to_text(left, text()), right)),
            (TypeKind::Text, TypeKind::Enum(_)) => Some((left, to_text(right, text()))),
            (TypeKind::Enum(a), TypeKind::Enum(b)) => {
                let (a, b) = (Arc::clone(a), Arc::clone(b));
                let domain = self.common_domain(&left, &a, &right, &b)?;
                let (left, right) = (self.coerce_enum(left, &domain), self.coerce_enum(right, &domain));
                Some((left?, right?))
            }
            _ => Some((left, right)),
        }
    }

    /// The domain in which two enum values are compared. The values of a declared domain, and of a variable all of whose
    /// values are known, are all there are.
    fn common_domain(
        &mut self,
        left: &Expr,
        a: &Arc<EnumDomain>,
        right: &Expr,
        b: &Arc<EnumDomain>,
    ) -> Option<Arc<EnumDomain>> {
        let constant = |expr: &Expr| matches!(expr.kind, ExprKind::Constant(_));
        match (self.domains.is_literal(a), self.domains.is_literal(b)) {
            (false, true) => return Some(Arc::clone(a)),
            (true, false) => return Some(Arc::clone(b)),
            (false, false) if a == b => return Some(Arc::clone(a)),
            (false, false) => {
                self.complain(
                    TYPE_MISMATCH,
                    right.span,
                    "the two enums have different values: they are never comparable",
                    "declare both with the same values in the same order",
                );
                return None;
            }
            (true, true) => {}
        }
        if constant(right) && !constant(left) && !self.domains.is_open(a) {
            return Some(Arc::clone(a));
        }
        if constant(left) && !constant(right) && !self.domains.is_open(b) {
            return Some(Arc::clone(b));
        }
        Some(self.domains.union(a, b))
    }

    /// `value in set`, `value !in set`.
    pub(super) fn membership(
        &mut self,
        span: Span,
        op: BinaryOp,
        value: &'r source::Expr,
        set: &'r source::Expr,
    ) -> Option<Expr> {
        let value = self.expr(value);
        let found = match &set.kind {
            source::ExprKind::Range { start, end, inclusive } => self.in_range(span, value, start, end, *inclusive),
            _ => {
                let set = self.expr(set);
                self.contained(span, value?, set?)
            }
        }?;
        Some(if op == BinaryOp::NotIn { boolean(ExprKind::Not(found), span) } else { found })
    }

    /// `value in start..end`
    pub(super) fn in_range(
        &mut self,
        span: Span,
        value: Option<Expr>,
        start: &'r source::Expr,
        end: &'r source::Expr,
        inclusive: bool,
    ) -> Option<Expr> {
        let start = self.range_end(start, CONSTANT_REQUIRED);
        let end = self.range_end(end, CONSTANT_REQUIRED);
        let value = value?;
        if is_number(&value.ty.kind) && value.ty.kind != TypeKind::Integer {
            let message = "a range holds integers, this is a decimal: Rhai would stop with an error";
            self.complain(TYPE_MISMATCH, value.span, message, "write `x >= 1 && x < 5`");
            return None;
        }
        let value = self.of_kind(value, |kind| matches!(kind, TypeKind::Integer), "a range", "an integer")?;
        Some(boolean(ExprKind::InRange { value, start: start?, end: end?, inclusive }, span))
    }

    /// A constant end of a range.
    pub(super) fn range_end(&mut self, end: &'r source::Expr, code: Code) -> Option<i64> {
        let end = self.expr(end)?;
        if let ExprKind::Constant(Value::Integer(value)) = end.kind {
            return Some(value);
        }
        let message = "the ends of a range are constant integers";
        self.complain(code, end.span, message, "use literals, constants or parameters of type integer");
        None
    }

    /// Whether a value lies in a list, or a text in a text.
    pub(super) fn contained(&mut self, span: Span, value: Expr, set: Expr) -> Option<Expr> {
        match &set.ty.kind {
            TypeKind::List(_) | TypeKind::Series(_) => {}
            TypeKind::Text | TypeKind::Enum(_) => return self.part_of_text(span, value, set),
            _ => {
                let message =
                    format!("`in` looks into a list, a range or a text, this is {}", self.domains.describe(&set.ty));
                self.complain(TYPE_MISMATCH, set.span, message, "write `x in [a, b]`");
                return None;
            }
        }
        let set = self.present(set)?;
        if let ExprKind::List(items) = &set.kind
            && let Some(constants) = constants_of(items)
        {
            return self.in_constants(span, value, items, constants);
        }
        let (TypeKind::List(element) | TypeKind::Series(element)) = &set.ty.kind else { return None };
        let element = Expr::new(ExprKind::AsOf, (**element).clone(), set.span);
        if !comparable(Comparison::Equal, &present(&value.ty), &present(&element.ty)) {
            return self.report_incomparable(span, Comparison::Equal, &value, &element);
        }
        let (value, element) = (self.present(value), self.present(element));
        let (value, element) = self.aligned(value?, element?)?;
        let list = self.coerce(set, &Type::plain(TypeKind::List(Box::new(element.into_parts().ty))))?;
        Some(boolean(ExprKind::InList { value, list }, span))
    }

    fn in_constants(&mut self, span: Span, value: Expr, items: &[Expr], constants: Vec<Value>) -> Option<Expr> {
        let mut failed = false;
        for item in items {
            if !comparable(Comparison::Equal, &present(&value.ty), &present(&item.ty)) {
                self.report_incomparable(item.span, Comparison::Equal, &value, item);
                failed = true;
            } else if matches!(item.kind, ExprKind::Constant(Value::Missing)) {
                failed |= self.present(item.clone()).is_none();
            }
        }
        let mut value = self.present(value)?;
        if failed {
            return None;
        }
        if let TypeKind::Enum(domain) = &value.ty.kind {
            let mut domain = Arc::clone(domain);
            let widening = self.domains.is_literal(&domain)
                && (self.domains.is_open(&domain) || matches!(value.kind, ExprKind::Constant(_)));
            for item in items {
                match (&item.ty.kind, &item.kind) {
                    (TypeKind::Enum(other), _) if widening => domain = self.domains.union(&domain, &Arc::clone(other)),
                    (_, ExprKind::Constant(Value::Text(text))) if domain.index_of(text).is_none() => {
                        failed = true;
                        self.report_enum_value::<()>(text, item.span, &domain);
                    }
                    _ => {}
                }
            }
            value = self.coerce_enum(value, &domain)?;
        }
        let set = constants.into_iter().filter_map(|constant| like(&value.ty.kind, constant)).collect();
        (!failed).then(|| boolean(ExprKind::InSet { value, set }, span))
    }

    /// `part in text`
    fn part_of_text(&mut self, span: Span, part: Expr, text: Expr) -> Option<Expr> {
        if let TypeKind::Enum(domain) = &text.ty.kind
            && (!self.domains.is_literal(domain) || matches!(part.ty.kind, TypeKind::Enum(_)))
        {
            let message = "`in` would look for letters within this text";
            self.complain(TYPE_MISMATCH, span, message, "write `==`, or `in [...]` with brackets");
            return None;
        }
        let (text, part) = (self.text(text, "`in`"), self.text(part, "`in` within a text"));
        Some(boolean(ExprKind::Call { function: Function::Contains, arguments: vec![text?, part?] }, span))
    }

    /// `value ?? default`
    pub(super) fn coalesce(&mut self, span: Span, value: &'r source::Expr, other: &'r source::Expr) -> Option<Expr> {
        let value = self.expr(value);
        let (mark, dead) = (self.body.flow.mark(), self.body.flow.dead);
        let default = self.expr(other);
        self.body.flow.rollback(mark);
        self.body.flow.dead = dead;
        self.forget_assigned(other);
        let (value, default) = (self.askable(value?)?, self.askable(default?)?);
        let inner = Type { missing: false, ..value.ty.clone() };
        let ty = self.join_or_report(&inner, &default.ty, default.span)?;
        let optional = Type { missing: value.ty.missing, ..ty.clone() };
        let value = self.coerce(value, &optional)?;
        let default = if super::types::is_never(&default.ty) { default } else { self.coerce(default, &ty)? };
        Some(Expr::new(ExprKind::Coalesce { value, default }, ty, span))
    }
}

const fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual)
}

/// Whether two present values may be compared. What is no value is let through to be reported as such.
fn comparable(op: Comparison, left: &Type, right: &Type) -> bool {
    let equality = matches!(op, Comparison::Equal | Comparison::NotEqual);
    match (&left.kind, &right.kind) {
        (TypeKind::Unit | TypeKind::Never, other) | (other, TypeKind::Unit | TypeKind::Never) => has_value(other),
        (a, b) if is_number(a) && is_number(b) => true,
        (TypeKind::Enum(_), TypeKind::Enum(_)) => equality,
        (TypeKind::Enum(a), TypeKind::Text) | (TypeKind::Text, TypeKind::Enum(a)) => equality || a.values.len() == 1,
        (TypeKind::Text, TypeKind::Text) | (TypeKind::Date, TypeKind::Date) => true,
        (TypeKind::Boolean, TypeKind::Boolean) => equality,
        _ => false,
    }
}

/// The values of a list of constants.
fn constants_of(items: &[Expr]) -> Option<Vec<Value>> {
    items
        .iter()
        .map(|item| match &item.kind {
            ExprKind::Constant(value) if *value != Value::Missing || item.ty.missing => Some(value.clone()),
            _ => None,
        })
        .collect()
}

/// A constant in the family of a kind; `None` if it can never be equal to a value of the kind.
fn like(kind: &TypeKind, value: Value) -> Option<Value> {
    match (kind, value) {
        (TypeKind::Integer, Value::Decimal(number)) => crate::value::decimal::to_i64_exact(number).map(Value::Integer),
        (TypeKind::Decimal { .. }, Value::Integer(number)) => Some(Value::Decimal(Decimal::from(number))),
        (_, value) => Some(value),
    }
}
