//! Places within expressions of CSV cells: a quote is written twice there, so columns behind it move.

use super::sheet::Cell;
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::script::{Block, Closure, Expr, ExprKind, Ident, Statement, StatementKind, Switch, SwitchPattern};
use crate::value::ordered::Map;

/// Moves every place in `expression` and `diagnostics`, which count from `origin` as if `inner` stood there as it is, to
/// where it stands in the file. `inner` is the cell without its first character.
pub(super) fn respan(
    cell: &Cell,
    inner: &str,
    origin: Span,
    expression: Option<&mut Expr>,
    diagnostics: &mut [Diagnostic],
) {
    let mut places = Map::new();
    let (mut line, mut column) = (origin.line, origin.column);
    for (offset, character) in inner.char_indices().chain([(inner.len(), ' ')]) {
        places.insert((line, column), cell.place(offset.saturating_add(1)));
        if character == '\n' {
            line = line.saturating_add(1);
            column = 1;
        } else {
            column = column.saturating_add(1);
        }
    }
    let mut shift = |span: &mut Span| {
        let place = |line, column| places.get(&(line, column)).copied().unwrap_or((line, column));
        let (start, end) = (place(span.line, span.column), place(span.end_line, span.end_column));
        *span = Span { file: span.file, line: start.0, column: start.1, end_line: end.0, end_column: end.1 };
    };
    for found in diagnostics {
        found.span.iter_mut().for_each(&mut shift);
        found.related.iter_mut().for_each(|related| shift(&mut related.span));
    }
    if let Some(expression) = expression {
        walk(expression, &mut shift);
    }
}

type Shift<'s> = &'s mut dyn FnMut(&mut Span);

fn ident(ident: &mut Ident, shift: Shift<'_>) {
    shift(&mut ident.span);
}

fn all(expressions: &mut [Expr], shift: Shift<'_>) {
    for expression in expressions {
        walk(expression, shift);
    }
}

fn walk(expression: &mut Expr, shift: Shift<'_>) {
    shift(&mut expression.span);
    match &mut expression.kind {
        ExprKind::Unit
        | ExprKind::Boolean(_)
        | ExprKind::Integer(_)
        | ExprKind::Decimal(_)
        | ExprKind::Text(_)
        | ExprKind::Variable(_) => {}
        ExprKind::Property { target, name } => {
            walk(target, shift);
            ident(name, shift);
        }
        ExprKind::Index { target: a, index: b }
        | ExprKind::Binary { left: a, right: b, .. }
        | ExprKind::Range { start: a, end: b, .. } => {
            walk(a, shift);
            walk(b, shift);
        }
        ExprKind::Unary { operand, .. } => walk(operand, shift),
        ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Array(list) => all(list, shift),
        ExprKind::Map(entries) => {
            for (name, value) in entries {
                ident(name, shift);
                walk(value, shift);
            }
        }
        ExprKind::Call { name, arguments, .. } => {
            ident(name, shift);
            all(arguments, shift);
        }
        ExprKind::Closure(found) => closure(found, shift),
        ExprKind::If { branches, otherwise } => {
            for (condition, body) in branches {
                walk(condition, shift);
                block(body, shift);
            }
            otherwise.iter_mut().for_each(|body| block(body, shift));
        }
        ExprKind::Switch(found) => switch(found, shift),
        ExprKind::Block(body) => block(body, shift),
    }
}

fn closure(closure: &mut Closure, shift: Shift<'_>) {
    shift(&mut closure.span);
    closure.parameters.iter_mut().for_each(|parameter| ident(parameter, shift));
    block(&mut closure.body, shift);
}

fn switch(switch: &mut Switch, shift: Shift<'_>) {
    walk(&mut switch.subject, shift);
    for arm in &mut switch.arms {
        shift(&mut arm.span);
        for pattern in &mut arm.patterns {
            if let SwitchPattern::Literal(literal) = pattern {
                walk(literal, shift);
            }
        }
        arm.guard.iter_mut().for_each(|guard| walk(guard, shift));
        walk(&mut arm.result, shift);
    }
    switch.default.iter_mut().for_each(|default| walk(default, shift));
}

fn block(block: &mut Block, shift: Shift<'_>) {
    shift(&mut block.span);
    for found in &mut block.statements {
        statement(found, shift);
    }
}

fn statement(statement: &mut Statement, shift: Shift<'_>) {
    shift(&mut statement.span);
    match &mut statement.kind {
        StatementKind::Let { name, value, .. } | StatementKind::Assign { name, value, .. } => {
            ident(name, shift);
            walk(value, shift);
        }
        StatementKind::Expression(value) | StatementKind::Return(Some(value)) => walk(value, shift),
        StatementKind::For { name, iterable, body } => {
            ident(name, shift);
            walk(iterable, shift);
            block(body, shift);
        }
        StatementKind::Return(None) | StatementKind::Break | StatementKind::Continue => {}
    }
}
