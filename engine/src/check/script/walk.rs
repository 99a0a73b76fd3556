//! Walks over source trees and typed trees.

use crate::ruleset::checked::{self, Iterable, Statement as TypedStatement};
use crate::ruleset::script::{Block, Expr, ExprKind, Statement, StatementKind};
use crate::value::ordered::Set;

/// What a walk over a source tree meets.
pub(super) enum Node<'a> {
    Expr(&'a Expr),
    Statement(&'a Statement),
}

/// Visits everything in a block, outermost first.
pub(super) fn visit_block<'a>(block: &'a Block, visit: &mut dyn FnMut(Node<'a>)) {
    for statement in &block.statements {
        visit(Node::Statement(statement));
        match &statement.kind {
            StatementKind::Let { value, .. } | StatementKind::Assign { value, .. } => visit_expr(value, visit),
            StatementKind::Expression(value) | StatementKind::Return(Some(value)) => visit_expr(value, visit),
            StatementKind::For { iterable, body, .. } => {
                visit_expr(iterable, visit);
                visit_block(body, visit);
            }
            StatementKind::Return(None) | StatementKind::Break | StatementKind::Continue => {}
        }
    }
}

/// Visits everything in an expression, outermost first.
pub(super) fn visit_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    visit(Node::Expr(expr));
    match &expr.kind {
        ExprKind::Unit
        | ExprKind::Boolean(_)
        | ExprKind::Integer(_)
        | ExprKind::Decimal(_)
        | ExprKind::Text(_)
        | ExprKind::Variable(_) => {}
        ExprKind::Property { target: inner, .. } | ExprKind::Unary { operand: inner, .. } => visit_expr(inner, visit),
        ExprKind::Index { target: left, index: right }
        | ExprKind::Binary { left, right, .. }
        | ExprKind::Range { start: left, end: right, .. } => {
            visit_expr(left, visit);
            visit_expr(right, visit);
        }
        ExprKind::And(parts)
        | ExprKind::Or(parts)
        | ExprKind::Array(parts)
        | ExprKind::Call { arguments: parts, .. } => {
            parts.iter().for_each(|part| visit_expr(part, visit));
        }
        ExprKind::Map(fields) => fields.iter().for_each(|(_, value)| visit_expr(value, visit)),
        ExprKind::Closure(closure) => visit_block(&closure.body, visit),
        ExprKind::If { branches, otherwise } => {
            for (condition, block) in branches {
                visit_expr(condition, visit);
                visit_block(block, visit);
            }
            otherwise.iter().for_each(|block| visit_block(block, visit));
        }
        ExprKind::Switch(switch) => {
            visit_expr(&switch.subject, visit);
            for arm in &switch.arms {
                arm.guard.iter().for_each(|guard| visit_expr(guard, visit));
                visit_expr(&arm.result, visit);
            }
            switch.default.iter().for_each(|default| visit_expr(default, visit));
        }
        ExprKind::Block(block) => visit_block(block, visit),
    }
}

/// The names that a block assigns.
pub(super) fn assigned(block: &Block) -> Set<&str> {
    let mut names = Set::new();
    visit_block(block, &mut |node| names.extend(assigned_by(&node)));
    names
}

/// The names that an expression assigns, in blocks within it.
pub(super) fn assigned_within(expr: &Expr) -> Set<&str> {
    let mut names = Set::new();
    visit_expr(expr, &mut |node| names.extend(assigned_by(&node)));
    names
}

fn assigned_by<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node {
        Node::Statement(Statement { kind: StatementKind::Assign { name, .. }, .. }) => Some(name.name.as_str()),
        _ => None,
    }
}

/// Calls `change` on every expression of a typed tree, innermost first.
pub(super) fn change_all(expr: &mut checked::Expr, change: &mut dyn FnMut(&mut checked::Expr)) {
    children(expr, &mut |child| change_all(child, change));
    change(expr);
}

/// How many constants stand in a list, at least 1.
pub(super) fn size(expr: &checked::Expr) -> u64 {
    match &expr.kind {
        checked::ExprKind::List(items) | checked::ExprKind::Record(items) => {
            items.iter().fold(1_u64, |sum, item| sum.saturating_add(size(item)))
        }
        _ => 1,
    }
}

fn children(expr: &mut checked::Expr, visit: &mut dyn FnMut(&mut checked::Expr)) {
    use checked::ExprKind as Kind;
    match &mut expr.kind {
        Kind::Constant(_)
        | Kind::Fact(_)
        | Kind::Derived(_)
        | Kind::Local(_)
        | Kind::AsOf
        | Kind::Scorecard(_)
        | Kind::Has(_) => {}
        Kind::Field { record: inner, .. }
        | Kind::ToDecimal(inner)
        | Kind::ToInteger(inner)
        | Kind::ToEnum { value: inner, .. }
        | Kind::ToText(inner)
        | Kind::Not(inner)
        | Kind::Negate(inner)
        | Kind::IsMissing(inner)
        | Kind::IsSpecial { value: inner, .. }
        | Kind::InSet { value: inner, .. }
        | Kind::InRange { value: inner, .. }
        | Kind::CardScore(inner)
        | Kind::CardPoints { card: inner, .. }
        | Kind::Scale { value: inner, .. } => visit(inner),
        Kind::Index { list: left, index: right }
        | Kind::Compare { left, right, .. }
        | Kind::Arithmetic { left, right, .. }
        | Kind::Coalesce { value: left, default: right }
        | Kind::ValueOr { value: left, default: right }
        | Kind::InList { value: left, list: right } => {
            visit(left);
            visit(right);
        }
        Kind::And(parts)
        | Kind::Or(parts)
        | Kind::List(parts)
        | Kind::Record(parts)
        | Kind::Call { arguments: parts, .. }
        | Kind::Invoke { arguments: parts, .. }
        | Kind::Table { arguments: parts, .. } => parts.iter_mut().for_each(visit),
        Kind::Outputs(outputs) => outputs.iter_mut().flatten().for_each(visit),
        Kind::Aggregate { list, closure, .. } => {
            visit(list);
            if let Some((_, body)) = closure {
                visit(body);
            }
        }
        Kind::If { .. } | Kind::Switch { .. } | Kind::Block { .. } => children_of_branches(expr, visit),
    }
}

fn children_of_branches(expr: &mut checked::Expr, visit: &mut dyn FnMut(&mut checked::Expr)) {
    match &mut expr.kind {
        checked::ExprKind::If { branches, otherwise } => {
            for (condition, value) in branches {
                visit(condition);
                visit(value);
            }
            if let Some(otherwise) = otherwise {
                visit(otherwise);
            }
        }
        checked::ExprKind::Switch { subject, arms, default } => {
            visit(subject);
            for arm in arms {
                if let Some(guard) = &mut arm.guard {
                    visit(guard);
                }
                visit(&mut arm.result);
            }
            if let Some(default) = default {
                visit(default);
            }
        }
        checked::ExprKind::Block { statements, result } => {
            statements.iter_mut().for_each(|statement| children_of_statement(statement, visit));
            if let Some(result) = result {
                visit(result);
            }
        }
        _ => {}
    }
}

fn children_of_statement(statement: &mut TypedStatement, visit: &mut dyn FnMut(&mut checked::Expr)) {
    match statement {
        TypedStatement::Store(_, value) | TypedStatement::Evaluate(value) | TypedStatement::Return(Some(value)) => {
            visit(value);
        }
        TypedStatement::For { over, body, .. } => {
            if let Iterable::List(list) = over {
                visit(list);
            }
            body.iter_mut().for_each(|statement| children_of_statement(statement, visit));
        }
        TypedStatement::Return(None) | TypedStatement::Break | TypedStatement::Continue => {}
    }
}
