//! Blocks and statements: variables, loops, early returns.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{ASSIGNMENT, CAPTURE_MUTATED, LOOP_UNBOUNDED, NO_VALUE, NOT_IN_LANGUAGE, VALUE_UNUSED};
use crate::ruleset::checked::{Expr, ExprKind, Iterable, Statement, TypeKind};
use crate::ruleset::script::{self as source, BinaryOp, Ident, StatementKind};

use super::body::{Binding, Role};
use super::types::{NEVER, UNIT, has_value, is_never};
use super::{Checker, LIST_LENGTH, walk};

/// What is to become of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// It is used.
    Value,
    /// It is dropped.
    Unused,
    /// It is what `decide` returns.
    Outputs,
}

impl<'r> Checker<'r> {
    /// A block; with [`Want::Unused`] its type is `()`.
    pub(super) fn block(&mut self, block: &'r source::Block, want: Want) -> Option<Expr> {
        self.nested(block.span, |checker| checker.statements(block, want))
    }

    fn statements(&mut self, block: &'r source::Block, want: Want) -> Option<Expr> {
        let mark = self.scope_mark();
        let mut statements = Vec::with_capacity(block.statements.len());
        let mut result = None;
        let mut failed = false;
        let last = block.statements.len().saturating_sub(1);
        for (position, statement) in block.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Expression(expr) if position == last && want != Want::Unused => {
                    result = self.tail(expr, want);
                    failed = result.is_none();
                }
                _ => self.statement(statement, &mut statements),
            }
        }
        self.leave_scope(mark);
        if failed {
            return None;
        }
        let dead = self.body.flow.dead;
        if result.is_none() && want != Want::Unused && !dead {
            self.report_no_value(block);
            return None;
        }
        let ty = match &result {
            _ if dead => NEVER,
            Some(result) => result.ty.clone(),
            None => UNIT,
        };
        match result {
            Some(result) if statements.is_empty() => Some(result),
            result => {
                let kind = ExprKind::Block { statements, result };
                Some(Expr::new(kind, ty, block.span))
            }
        }
    }

    fn report_no_value(&mut self, block: &source::Block) {
        let span = block.statements.last().map_or(block.span, |statement| statement.span);
        self.complain(
            NO_VALUE,
            span,
            "this path ends without a value: it would silently give `()`",
            "end it with the value that is meant, or with `()` if missing is meant",
        );
    }

    /// An expression at the end of a block or as a statement.
    pub(super) fn tail(&mut self, expr: &'r source::Expr, want: Want) -> Option<Expr> {
        match (&expr.kind, want) {
            (source::ExprKind::If { branches, otherwise }, _) => {
                self.if_expression(expr.span, branches, otherwise.as_ref(), want)
            }
            (source::ExprKind::Switch(switch), _) => self.switch_expression(expr.span, switch, want),
            (source::ExprKind::Block(block), _) => self.block(block, want),
            (_, Want::Value) => self.expr(expr),
            (_, Want::Outputs) => self.outputs(expr),
            (_, Want::Unused) => {
                let value = self.expr(expr)?;
                self.warn_unused(expr, &value);
                Some(value)
            }
        }
    }

    fn warn_unused(&mut self, expr: &source::Expr, value: &Expr) {
        let useless = matches!(
            value.kind,
            ExprKind::Constant(_)
                | ExprKind::Fact(_)
                | ExprKind::Local(_)
                | ExprKind::Compare { .. }
                | ExprKind::Arithmetic { .. }
        );
        if useless {
            let help = "remove it; to store a value write `=`, to return one write `return`";
            self.complain(VALUE_UNUSED, expr.span, "this value is not used", help);
        }
    }

    fn statement(&mut self, statement: &'r source::Statement, out: &mut Vec<Statement>) {
        self.charge(1);
        self.spend(1);
        match &statement.kind {
            StatementKind::Let { name, value, constant } => self.let_statement(name, value, *constant, out),
            StatementKind::Assign { name, op, value } => {
                out.extend(self.assign_statement(statement.span, name, *op, value));
            }
            StatementKind::Expression(expr) => {
                let value = self.tail(expr, Want::Unused);
                out.extend(value.map(Statement::Evaluate));
            }
            StatementKind::For { name, iterable, body } => out.extend(self.for_statement(name, iterable, body)),
            StatementKind::Return(value) => out.extend(self.return_statement(statement.span, value.as_ref())),
            StatementKind::Break => out.extend(self.leave_loop(statement.span, "break", Statement::Break)),
            StatementKind::Continue => out.extend(self.leave_loop(statement.span, "continue", Statement::Continue)),
        }
    }

    fn let_statement(&mut self, name: &'r Ident, value: &'r source::Expr, constant: bool, out: &mut Vec<Statement>) {
        let Some(value) = self.expr(value) else {
            self.bind(name, Binding::Poisoned);
            return;
        };
        let binding = match value.ty.kind {
            TypeKind::Facts => Binding::Facts,
            TypeKind::Hits => Binding::Hits,
            TypeKind::Card(card) => {
                out.push(Statement::Evaluate(value));
                Binding::Card(card)
            }
            _ if is_never(&value.ty) => {
                out.push(Statement::Evaluate(value));
                Binding::Poisoned
            }
            _ => match self.declare(name.span, value) {
                None => Binding::Poisoned,
                Some((id, value)) => {
                    out.push(Statement::Store(id, value));
                    Binding::Local(id, if constant { Role::Constant } else { Role::Variable(name.span) })
                }
            },
        };
        self.bind(name, binding);
    }

    fn assign_statement(
        &mut self,
        span: Span,
        name: &'r Ident,
        op: Option<BinaryOp>,
        value: &'r source::Expr,
    ) -> Option<Statement> {
        let found = self.lookup(&name.name);
        let value = self.expr(value);
        let Some((binding, captured)) = found else {
            if self.names.constants.contains_key(name.name.as_str()) {
                self.refuse_assignment(name, "is a constant");
            } else {
                self.report_unknown_variable(&name.name, name.span);
            }
            return None;
        };
        let (id, key) = match binding {
            Binding::Local(_, _) | Binding::Poisoned if captured => {
                self.complain(
                    CAPTURE_MUTATED,
                    name.span,
                    format!("`{}` is a variable from outside the closure", name.name),
                    "closures do not change what is outside: use a `for` loop",
                );
                return None;
            }
            Binding::Local(id, Role::Variable(key)) => (id, key),
            Binding::Local(_, role) => {
                self.refuse_assignment(
                    name,
                    match role {
                        Role::Constant => "is a constant",
                        Role::Loop => "is the variable of a loop",
                        Role::Parameter | Role::Variable(_) => "is a parameter",
                    },
                );
                return None;
            }
            Binding::Facts | Binding::Hits | Binding::Card(_) => {
                self.refuse_assignment(name, "stands for the facts, the hits or a card");
                return None;
            }
            Binding::Poisoned => return None,
        };
        let value = match op {
            None => value?,
            Some(op) => {
                let old = self.read_local(id, name.span);
                self.binary(span, op, old, value)?
            }
        };
        if !has_value(&value.ty.kind) {
            let message = format!("a variable cannot be given {}", self.domains.describe(&value.ty));
            self.complain(ASSIGNMENT, span, message, "use a new variable");
            return None;
        }
        self.assign(id, key, value).map(|value| Statement::Store(id, value))
    }

    fn refuse_assignment(&mut self, name: &Ident, why: &str) {
        self.complain(
            ASSIGNMENT,
            name.span,
            format!("`{}` {why} and is not assigned", name.name),
            "use a variable: `let ... = ...;`",
        );
    }

    fn return_statement(&mut self, span: Span, value: Option<&'r source::Expr>) -> Option<Statement> {
        let value = match value {
            None => {
                self.complain(
                    NO_VALUE,
                    span,
                    "`return;` silently gives `()`",
                    "return the value that is meant, or `return ();` if missing is meant",
                );
                self.returned(None)
            }
            Some(value) if self.body.frame.outputs => self.tail(value, Want::Outputs),
            Some(value) => {
                let value = self.expr(value);
                self.returned(value)
            }
        };
        self.body.flow.dead = true;
        value.map(|value| Statement::Return(Some(value)))
    }

    fn leave_loop(&mut self, span: Span, word: &str, statement: Statement) -> Option<Statement> {
        self.body.flow.dead = true;
        if self.body.frame.loops > 0 {
            return Some(statement);
        }
        self.complain(NOT_IN_LANGUAGE, span, format!("`{word}` stands outside of a loop"), "remove it");
        None
    }

    fn for_statement(
        &mut self,
        name: &'r Ident,
        iterable: &'r source::Expr,
        body: &'r source::Block,
    ) -> Option<Statement> {
        let used = self.body.parameters.len();
        let over = self.iterable(iterable);
        let (times, element) = match &over {
            None => (1, None),
            Some(Iterable::Range { start, end }) => {
                let times = i128::from(*end).saturating_sub(i128::from(*start)).max(0);
                let integer = crate::ruleset::checked::Type::plain(TypeKind::Integer);
                (u64::try_from(times).unwrap_or(u64::MAX), Some(integer))
            }
            Some(Iterable::List(list)) => match &list.ty.kind {
                TypeKind::List(element) | TypeKind::Series(element) => (LIST_LENGTH, Some((**element).clone())),
                _ => (LIST_LENGTH, None),
            },
        };
        for assigned in walk::assigned(body) {
            if let Some((Binding::Local(id, _), _)) = self.lookup(assigned) {
                self.body.flow.forget(id.0);
            }
        }
        let (flow_mark, mark, dead) = (self.body.flow.mark(), self.scope_mark(), self.body.flow.dead);
        let before = std::mem::take(&mut self.body.cost);
        let local = element.map(|element| self.new_local(element));
        if let (Some(local), Some(used)) = (local, self.body.parameters.get(used..)) {
            self.parameters.note_loop(local, used);
        }
        self.bind(name, local.map_or(Binding::Poisoned, |id| Binding::Local(id, Role::Loop)));
        self.body.frame.loops = self.body.frame.loops.saturating_add(1);
        let block = self.block(body, Want::Unused);
        self.body.frame.loops = self.body.frame.loops.saturating_sub(1);
        self.leave_scope(mark);
        self.body.flow.rollback(flow_mark);
        self.body.flow.dead = dead;
        self.body.cost = before.saturating_add(self.body.cost.saturating_add(1).saturating_mul(times));
        self.refuse_costly(name.span);
        let body = match block?.into_parts().kind {
            ExprKind::Block { statements, .. } => statements,
            _ => Vec::new(),
        };
        Some(Statement::For { local: local?, over: over?, body })
    }

    /// What a loop runs over: a list or a range with constant ends.
    fn iterable(&mut self, iterable: &'r source::Expr) -> Option<Iterable> {
        if let source::ExprKind::Range { start, end, inclusive } = &iterable.kind {
            let start = self.range_end(start, LOOP_UNBOUNDED);
            let end = self.range_end(end, LOOP_UNBOUNDED);
            let end = end?;
            return Some(Iterable::Range { start: start?, end: if *inclusive { end.saturating_add(1) } else { end } });
        }
        let list = self.expr(iterable)?;
        if !matches!(list.ty.kind, TypeKind::List(_) | TypeKind::Series(_)) {
            let message = format!(
                "a loop runs over a list or a range with constant ends, this is {}",
                self.domains.describe(&list.ty)
            );
            self.complain(LOOP_UNBOUNDED, iterable.span, message, "write `for x in f.list` or `for i in 0..12`");
            return None;
        }
        self.present(list).map(Iterable::List)
    }
}
