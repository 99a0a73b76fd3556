//! What `decide` returns: one value per declared output, in its declared type.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{MISSING_UNHANDLED, OUTPUT_MISSING, TYPE_MISMATCH, UNKNOWN_FIELD};
use crate::ruleset::checked::{Expr, ExprKind, Statement, Type, TypeKind};
use crate::ruleset::script::{self as source, Block};
use crate::schema::Output;

use super::Checker;
use super::coerce::field_of;
use super::statement::Want;
use super::types::{has_value, is_number, is_textual, output_type};

impl<'r> Checker<'r> {
    /// The body of `decide`.
    pub(super) fn decide_body(&mut self, block: &'r Block) -> Option<Expr> {
        self.body.frame.outputs = true;
        let value = self.block(block, Want::Outputs)?;
        Some(value.with_type(Type::plain(TypeKind::Outputs)))
    }

    /// An expression that `decide` returns.
    #[inline(never)]
    pub(super) fn outputs(&mut self, expr: &'r source::Expr) -> Option<Expr> {
        if let source::ExprKind::Map(fields) = &expr.kind {
            let mut values = Vec::with_capacity(fields.len());
            for (name, value) in fields {
                let value = self.expr(value);
                values.push((name.name.as_str(), name.span, value));
            }
            return self.output_record(expr.span, values, Vec::new());
        }
        let value = self.expr(expr)?;
        let TypeKind::Record(fields) = &value.ty.kind else {
            let message = format!(
                "`decide` returns the outputs, `#{{ name: value }}`, this is {}",
                self.domains.describe(&value.ty)
            );
            self.complain(TYPE_MISMATCH, expr.span, message, "write `#{ outcome: ..., ... }`");
            return None;
        };
        let fields = std::sync::Arc::clone(fields);
        let value = self.present(value)?;
        let (record, statement) = self.stored_once(value);
        let values = fields
            .iter()
            .enumerate()
            .map(|(index, (name, _))| (name.as_str(), expr.span, field_of(record.clone(), index)));
        self.output_record(expr.span, values.collect(), statement.into_iter().collect())
    }

    fn output_record(
        &mut self,
        span: Span,
        values: Vec<(&str, Span, Option<Expr>)>,
        mut statements: Vec<Statement>,
    ) -> Option<Expr> {
        let outputs = &self.ruleset.outputs;
        let mut slots: Vec<Option<Expr>> = vec![None; outputs.len()];
        let mut given = vec![false; outputs.len()];
        let order: Vec<Option<usize>> = values.iter().map(|(name, ..)| self.names.outputs.get(name).copied()).collect();
        let in_order = order.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
        let mut failed = false;
        for ((name, at, value), position) in values.into_iter().zip(order) {
            let Some((position, output)) = position.and_then(|position| Some((position, outputs.get(position)?)))
            else {
                self.report_unknown_output(name, at);
                failed = true;
                continue;
            };
            if let Some(given) = given.get_mut(position) {
                *given = true;
            }
            let value = value.and_then(|value| self.decided_value(value, output));
            failed |= value.is_none();
            let value = value.map(|value| if in_order { value } else { self.in_turn(value, &mut statements) });
            if let Some(slot) = slots.get_mut(position) {
                *slot = value;
            }
        }
        let absent: Vec<&str> = outputs
            .iter()
            .zip(&given)
            .filter(|(output, given)| !**given && !output.optional)
            .map(|(output, _)| output.name.as_str())
            .collect();
        if !absent.is_empty() {
            let (outputs, are) = if absent.len() == 1 { ("output", "is") } else { ("outputs", "are") };
            let message = format!("the {outputs} `{}` {are} not given", absent.join("`, `"));
            self.complain(OUTPUT_MISSING, span, message, "give each, or declare it `optional = true`");
            failed = true;
        }
        if failed {
            return None;
        }
        let ty = Type::plain(TypeKind::Outputs);
        let record = Expr::new(ExprKind::Outputs(slots), ty.clone(), span);
        if statements.is_empty() {
            return Some(record);
        }
        Some(Expr::new(ExprKind::Block { statements, result: Some(record) }, ty, span))
    }

    /// Keeps the author's order of evaluation where the outputs are declared in another.
    fn in_turn(&mut self, value: Expr, statements: &mut Vec<Statement>) -> Expr {
        if matches!(value.kind, ExprKind::Constant(_)) {
            return value;
        }
        if matches!(value.kind, ExprKind::Derived(_)) {
            // Its value is remembered once it is read; it must be read, and may fail, in its turn.
            statements.push(Statement::Evaluate(value.clone()));
            return value;
        }
        let (value, statement) = self.stored_once(value);
        statements.extend(statement);
        value
    }

    fn report_unknown_output(&mut self, name: &str, span: Span) {
        let known: Vec<&str> = self.names.outputs.keys().copied().collect();
        let help = self.suggest(name, known.into_iter(), "declare it under `[outputs]` in ruleset.toml");
        self.complain(UNKNOWN_FIELD, span, format!("there is no output `{name}`"), help);
    }

    /// A value of what `decide` returns. A whole decimal becomes an integer when all outputs are computed, as a decimal gets
    /// its digits then: what goes wrong while they are computed goes wrong first.
    fn decided_value(&mut self, value: Expr, output: &Output) -> Option<Expr> {
        let declared = output_type(output);
        let whole = |kind: &TypeKind| matches!(kind, TypeKind::Decimal { scale: 0 });
        let later = match (&value.ty.kind, &declared.kind) {
            (from, TypeKind::Integer) if whole(from) => Some(from.clone()),
            (TypeKind::List(from), TypeKind::List(to)) if whole(&from.kind) && to.kind == TypeKind::Integer => {
                Some(TypeKind::List(Box::new(Type { kind: from.kind.clone(), ..(**to).clone() })))
            }
            _ => None,
        };
        let to = later.map_or(declared.clone(), |kind| Type { kind, ..declared });
        self.output_as(value, output, &to)
    }

    /// A value in the type of an output.
    pub(super) fn output_value(&mut self, value: Expr, output: &Output) -> Option<Expr> {
        self.output_as(value, output, &output_type(output))
    }

    fn output_as(&mut self, value: Expr, output: &Output, to: &Type) -> Option<Expr> {
        if value.ty.missing && !to.missing && has_value(&value.ty.kind) {
            let message = format!("this may be missing, the output `{}` may not", output.name);
            let help = "give a default, `x ?? default`, or declare the output `optional = true`";
            self.complain(MISSING_UNHANDLED, value.span, message, help);
            return None;
        }
        let (from, kind) = (&value.ty.kind, &to.kind);
        let alike = matches!(from, TypeKind::Unit)
            || (is_number(from) && is_number(kind))
            || (is_textual(from)
                && matches!(
                    (from, kind),
                    (TypeKind::Enum(_), TypeKind::Enum(_) | TypeKind::Text) | (_, TypeKind::Text)
                ))
            || std::mem::discriminant(from) == std::mem::discriminant(kind);
        if !alike && has_value(from) {
            let plain = super::types::present(&value.ty);
            let message = format!(
                "the output `{}` is {}, this is {}",
                output.name,
                self.domains.describe(&super::types::present(to)),
                self.domains.describe(&plain)
            );
            self.complain(TYPE_MISMATCH, value.span, message, "give a value of the output's type");
            return None;
        }
        let value = if has_value(from) { value } else { self.present(value)? };
        self.coerce(value, to)
    }
}
