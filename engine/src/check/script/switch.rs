//! `if` and `switch`: branches that meet again in one type.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::diagnostic::codes::{NO_VALUE, SWITCH_MIXED, SWITCH_NOT_EXHAUSTIVE, TYPE_MISMATCH};
use crate::ruleset::checked::{Expr, ExprKind, Pattern, SwitchArm, Type, TypeKind};
use crate::ruleset::script::{self as source, SwitchPattern};
use crate::value::Value;
use crate::value::ordered::Set;

use super::Checker;
use super::flow::Merge;
use super::statement::Want;
use super::types::{NEVER, UNIT, end_of, is_never};

impl<'r> Checker<'r> {
    /// `if a {} else if b {} else {}`
    #[inline(never)]
    pub(super) fn if_expression(
        &mut self,
        span: Span,
        branches: &'r [(source::Expr, source::Block)],
        otherwise: Option<&'r source::Block>,
        want: Want,
    ) -> Option<Expr> {
        let (base, dead) = (self.body.flow.mark(), self.body.flow.dead);
        let mut merge = Merge::default();
        let mut typed = Vec::with_capacity(branches.len());
        for (written, block) in branches {
            let condition = self.condition(written);
            let mark = self.body.flow.mark();
            if let Some(condition) = &condition {
                self.learn(written, condition, true);
            }
            let value = self.block(block, want);
            self.end_branch(base, mark, &mut merge);
            if let Some(condition) = &condition {
                self.learn(written, condition, false);
            }
            typed.push((condition, value));
        }
        let mark = self.body.flow.mark();
        let last = otherwise.map(|block| self.block(block, want));
        self.end_branch(base, mark, &mut merge);
        self.body.flow.meet_again(base, merge);
        self.body.flow.dead |= dead;
        if last.is_none() && want != Want::Unused {
            self.complain(
                NO_VALUE,
                span,
                "this `if` has no `else`: it would silently give `()`",
                "add `else { ... }`, with `()` in it if missing is meant",
            );
            return None;
        }
        let (conditions, mut values): (Vec<_>, Vec<_>) = typed.into_iter().unzip();
        let has_last = last.is_some();
        values.extend(last);
        let (mut values, mut ty) = self.joined(values, want)?;
        let conditions: Vec<Expr> = conditions.into_iter().collect::<Option<_>>()?;
        let otherwise = if has_last { values.pop() } else { None };
        if !has_last {
            ty = UNIT;
        }
        let branches = conditions.into_iter().zip(values).collect();
        Some(Expr::new(ExprKind::If { branches, otherwise }, ty, span))
    }

    fn end_branch(&mut self, base: usize, mark: usize, merge: &mut Merge) {
        let steps = self.body.flow.end_branch(base, mark, merge);
        self.charge(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    /// The values of branches in their common type.
    fn joined(&mut self, values: Vec<Option<Expr>>, want: Want) -> Option<(Vec<Expr>, Type)> {
        let values: Vec<Expr> = values.into_iter().collect::<Option<_>>()?;
        if want != Want::Value {
            let ends = values.iter().all(|value| is_never(&value.ty));
            let ty = match want {
                _ if ends => NEVER,
                Want::Outputs => Type::plain(TypeKind::Outputs),
                _ => UNIT,
            };
            return Some((values, ty));
        }
        let mut ty = NEVER;
        for value in &values {
            ty = self.join_or_report(&ty, &value.ty, end_of(value))?;
        }
        let values: Option<Vec<Expr>> = values
            .into_iter()
            .map(|value| if is_never(&value.ty) { Some(value) } else { self.coerce(value, &ty) })
            .collect();
        Some((values?, ty))
    }

    /// `switch subject { ... }`
    #[inline(never)]
    pub(super) fn switch_expression(&mut self, span: Span, switch: &'r source::Switch, want: Want) -> Option<Expr> {
        let subject = self.expr(&switch.subject);
        let subject = subject.and_then(|subject| self.present(subject));
        let subject = self.switch_subject(subject, switch);
        let (base, dead) = (self.body.flow.mark(), self.body.flow.dead);
        let mut merge = Merge::default();
        let mut patterns = Vec::with_capacity(switch.arms.len());
        let mut guards = Vec::with_capacity(switch.arms.len());
        let mut values = Vec::with_capacity(switch.arms.len());
        for arm in &switch.arms {
            let mark = self.body.flow.mark();
            patterns.push(self.patterns(subject.as_ref(), arm));
            let guard = arm.guard.as_ref().map(|guard| self.condition(guard));
            if let (Some(written), Some(Some(guard))) = (&arm.guard, &guard) {
                self.learn(written, guard, true);
            }
            guards.push(guard);
            values.push(self.tail(&arm.result, want));
            self.end_branch(base, mark, &mut merge);
            arm.guard.iter().for_each(|guard| self.forget_assigned(guard));
        }
        let mark = self.body.flow.mark();
        let default = switch.default.as_ref().map(|default| self.tail(default, want));
        if default.is_some() {
            self.end_branch(base, mark, &mut merge);
        }
        self.body.flow.meet_again(base, merge);
        self.body.flow.dead |= dead;
        let exhaustive = self.check_exhaustive(span, switch, subject.as_ref(), default.is_some());
        let has_default = default.is_some();
        values.extend(default);
        let (mut values, ty) = self.joined(values, want)?;
        let subject = subject?;
        exhaustive?;
        let default = if has_default { values.pop() } else { None };
        let patterns: Vec<Vec<Pattern>> = patterns.into_iter().collect::<Option<_>>()?;
        let mut arms = Vec::with_capacity(values.len());
        for ((patterns, guard), result) in patterns.into_iter().zip(guards).zip(values) {
            let guard = match guard {
                None => None,
                Some(guard) => Some(guard?),
            };
            arms.push(SwitchArm { patterns, guard, result });
        }
        Some(Expr::new(ExprKind::Switch { subject, arms, default }, ty, span))
    }

    /// Demands a subject that Rhai's `switch` can match: it matches by hash, so decimals never match integers.
    fn switch_subject(&mut self, subject: Option<Expr>, switch: &'r source::Switch) -> Option<Expr> {
        let subject = subject?;
        match &subject.ty.kind {
            TypeKind::Boolean | TypeKind::Integer | TypeKind::Text => Some(subject),
            TypeKind::Enum(domain) if self.domains.is_open(domain) => {
                let mut domain = Arc::clone(domain);
                for text in literals(switch) {
                    let TypeKind::Enum(literal) = self.domains.literal(text).kind else { continue };
                    domain = self.domains.union(&domain, &literal);
                }
                self.coerce_enum(subject, &domain)
            }
            TypeKind::Enum(_) => Some(subject),
            TypeKind::Decimal { .. } => {
                self.complain(
                    SWITCH_MIXED,
                    subject.span,
                    "`switch` matches by hash: a decimal never matches an integer, nor 1.0 always 1.00",
                    "compare the decimal with `if`",
                );
                None
            }
            _ => {
                let message = format!(
                    "`switch` is for integers, texts, enums and booleans, this is {}",
                    self.domains.describe(&subject.ty)
                );
                self.complain(TYPE_MISMATCH, subject.span, message, "use `if`");
                None
            }
        }
    }

    fn patterns(&mut self, subject: Option<&Expr>, arm: &'r source::SwitchArm) -> Option<Vec<Pattern>> {
        let subject = subject?;
        let patterns: Vec<Option<Pattern>> =
            arm.patterns.iter().map(|pattern| self.pattern(subject, pattern, arm.span)).collect();
        patterns.into_iter().collect()
    }

    fn pattern(&mut self, subject: &Expr, pattern: &'r SwitchPattern, span: Span) -> Option<Pattern> {
        let literal = match pattern {
            SwitchPattern::Range { start, end, inclusive } => {
                if subject.ty.kind != TypeKind::Integer {
                    return self.report_pattern(subject, "a range", span);
                }
                let end = i128::from(*end).saturating_add(i128::from(*inclusive));
                return Some(Pattern::Range { start: i128::from(*start), end });
            }
            SwitchPattern::Literal(literal) => literal,
        };
        match (&subject.ty.kind, &literal.kind) {
            (TypeKind::Integer, source::ExprKind::Integer(value)) => Some(Pattern::Value(Value::Integer(*value))),
            (TypeKind::Boolean, source::ExprKind::Boolean(value)) => Some(Pattern::Value(Value::Boolean(*value))),
            (TypeKind::Text, source::ExprKind::Text(text)) => Some(Pattern::Value(Value::Text(text.clone()))),
            (TypeKind::Enum(domain), source::ExprKind::Text(text)) => {
                let domain = Arc::clone(domain);
                match domain.index_of(text) {
                    Some(_) => Some(Pattern::Value(Value::Text(text.clone()))),
                    None => self.report_enum_value(text, literal.span, &domain),
                }
            }
            (TypeKind::Integer, source::ExprKind::Decimal(_)) => {
                self.complain(
                    SWITCH_MIXED,
                    literal.span,
                    "`switch` matches by hash: an integer never matches a decimal",
                    "write an integer",
                );
                None
            }
            _ => self.report_pattern(subject, "this", literal.span),
        }
    }

    fn report_pattern<T>(&mut self, subject: &Expr, what: &str, span: Span) -> Option<T> {
        let message = format!("{what} never matches {}", self.domains.describe(&subject.ty));
        self.complain(TYPE_MISMATCH, span, message, "write a literal of the subject's type");
        None
    }

    /// Without `_` the arms must cover every value.
    fn check_exhaustive(
        &mut self,
        span: Span,
        switch: &source::Switch,
        subject: Option<&Expr>,
        default: bool,
    ) -> Option<()> {
        if default {
            return Some(());
        }
        let covered = || switch.arms.iter().filter(|arm| arm.guard.is_none()).flat_map(|arm| &arm.patterns);
        let texts: Set<&str> = covered().filter_map(text_of).collect();
        let open: Vec<String> = match subject.map(|subject| &subject.ty.kind) {
            None => return Some(()),
            Some(TypeKind::Enum(domain)) => {
                domain.values.iter().filter(|value| !texts.contains(value.as_str())).cloned().collect()
            }
            Some(TypeKind::Boolean) => {
                let of = |wanted: bool| {
                    covered().any(|pattern| matches!(pattern, SwitchPattern::Literal(literal) if literal.kind == source::ExprKind::Boolean(wanted)))
                };
                [true, false].into_iter().filter(|value| !of(*value)).map(|value| value.to_string()).collect()
            }
            Some(_) => vec!["any other value".to_owned()],
        };
        if open.is_empty() {
            return Some(());
        }
        let shown: Vec<&str> = open.iter().take(5).map(String::as_str).collect();
        let message = format!("this `switch` gives `()` for `{}`", shown.join("`, `"));
        self.complain(SWITCH_NOT_EXHAUSTIVE, span, message, "add the missing values, or `_ => ...`");
        None
    }
}

fn text_of(pattern: &SwitchPattern) -> Option<&str> {
    match pattern {
        SwitchPattern::Literal(source::Expr { kind: source::ExprKind::Text(text), .. }) => Some(text),
        _ => None,
    }
}

fn literals(switch: &source::Switch) -> impl Iterator<Item = &str> {
    switch.arms.iter().flat_map(|arm| &arm.patterns).filter_map(text_of)
}
