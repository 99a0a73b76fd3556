//! Conditions: `!`, `&&`, `||`, and what they tell about facts and variables.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{NO_VALUE, NOT_BOOLEAN};
use crate::ruleset::checked::{Comparison, Expr, ExprKind, Type, TypeKind};
use crate::ruleset::script as source;
use crate::value::Value;

use super::body::Binding;
use super::flow::{Known, Learned, Path, Root};
use super::types::{has_value, is_never, is_unit};
use super::{Checker, walk};

impl<'r> Checker<'r> {
    /// Demands a boolean that is never missing.
    pub(super) fn condition_value(&mut self, value: Expr) -> Option<Expr> {
        if matches!(value.ty.kind, TypeKind::Boolean) {
            return self.present(value);
        }
        let (code, message) = if is_never(&value.ty) {
            (NO_VALUE, "this never gives a value".to_owned())
        } else if is_unit(&value.ty) || has_value(&value.ty.kind) {
            (NOT_BOOLEAN, format!("a condition is true or false, this is {}", self.domains.describe(&value.ty)))
        } else {
            (NOT_BOOLEAN, "a condition is true or false".to_owned())
        };
        self.complain(code, value.span, message, "compare it with something");
        None
    }

    /// An expression that has to be a condition.
    pub(super) fn condition(&mut self, condition: &'r source::Expr) -> Option<Expr> {
        let value = self.expr(condition)?;
        self.condition_value(value)
    }

    /// `a && b && c`, `a || b || c`: each operand knows what the ones before it tell.
    pub(super) fn chain(&mut self, span: Span, parts: &'r [source::Expr], all: bool) -> Option<Expr> {
        let mark = self.body.flow.mark();
        let mut operands = Vec::with_capacity(parts.len());
        let mut failed = false;
        for part in parts {
            match self.condition(part) {
                Some(operand) => {
                    self.learn(part, &operand, all);
                    operands.push(operand);
                }
                None => failed = true,
            }
            self.body.flow.dead = false;
        }
        self.body.flow.rollback(mark);
        parts.iter().for_each(|part| self.forget_assigned(part));
        if failed {
            return None;
        }
        let kind = if all { ExprKind::And(operands) } else { ExprKind::Or(operands) };
        Some(Expr::new(kind, Type::plain(TypeKind::Boolean), span))
    }

    /// Learns what a condition tells when it holds, or when it does not; nothing of variables that it assigns itself.
    pub(super) fn learn(&mut self, written: &'r source::Expr, condition: &Expr, holds: bool) {
        let mut learned = self.learned(condition, holds);
        let assigned = self.assigned_in(written);
        if !assigned.is_empty() {
            learned.retain(|root| !matches!(root, Root::Local(local) if assigned.contains(&local)));
        }
        self.body.flow.learn(&learned);
    }

    /// What was known of the variables that an expression assigns is known no more: it may have run, or not.
    pub(super) fn forget_assigned(&mut self, written: &'r source::Expr) {
        for local in self.assigned_in(written) {
            self.body.flow.forget(local);
        }
    }

    fn assigned_in(&self, written: &'r source::Expr) -> Vec<u32> {
        let names = walk::assigned_within(written);
        let locals = names.into_iter().filter_map(|name| match self.lookup(name) {
            Some((Binding::Local(id, _), _)) => Some(id.0),
            _ => None,
        });
        locals.collect()
    }

    /// What a condition tells when it holds, or when it does not.
    pub(super) fn learned(&mut self, condition: &Expr, holds: bool) -> Learned {
        self.charge(1);
        let mut learned = Learned::default();
        match &condition.kind {
            ExprKind::Not(inner) => return self.learned(inner, !holds),
            ExprKind::IsMissing(value) => {
                let known = if holds { Known::NOT_SPECIAL } else { Known::PRESENT };
                learned_of(&mut learned, value, known);
            }
            ExprKind::IsSpecial { value, code } => {
                let known = match (holds, code) {
                    (true, _) => Known::PRESENT,
                    (false, None) => Known::NOT_SPECIAL,
                    (false, Some(code)) => Known::not_code(*code),
                };
                learned_of(&mut learned, value, known);
            }
            ExprKind::Compare { op, left, right } => {
                if let Some((inner, wanted)) = compared_with_boolean(*op, left, right) {
                    return self.learned(inner, wanted == holds);
                }
            }
            ExprKind::And(parts) => return self.learned_of_chain(parts, true, holds),
            ExprKind::Or(parts) => return self.learned_of_chain(parts, false, holds),
            ExprKind::Block { statements, result: Some(result) } if statements.is_empty() => {
                return self.learned(result, holds);
            }
            _ => {}
        }
        learned
    }

    fn learned_of_chain(&mut self, parts: &[Expr], all: bool, holds: bool) -> Learned {
        let mut so_far = Learned::default();
        let mut common: Option<Learned> = None;
        for part in parts {
            if all != holds {
                let ends_here = self.learned(part, holds);
                match &mut common {
                    None => common = Some(ends_here),
                    Some(common) => {
                        let steps = common.retain_common(&so_far, &ends_here);
                        self.charge(u64::try_from(steps).unwrap_or(u64::MAX));
                    }
                }
            }
            let goes_on = self.learned(part, all);
            so_far.extend(&goes_on);
        }
        if all == holds { so_far } else { common.unwrap_or_default() }
    }
}

fn learned_of(learned: &mut Learned, value: &Expr, known: Known) {
    if let Some(path) = Path::of(value) {
        learned.add(path, known);
    }
}

/// `x == true`, `x != false`: the other side and the value it must have.
fn compared_with_boolean<'a>(op: Comparison, left: &'a Expr, right: &'a Expr) -> Option<(&'a Expr, bool)> {
    let equal = match op {
        Comparison::Equal => true,
        Comparison::NotEqual => false,
        _ => return None,
    };
    match (&left.kind, &right.kind) {
        (_, ExprKind::Constant(Value::Boolean(value))) => Some((left, *value == equal)),
        (ExprKind::Constant(Value::Boolean(value)), _) => Some((right, *value == equal)),
        _ => None,
    }
}
