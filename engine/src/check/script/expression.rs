//! Expressions: literals, names, fields, arrays, maps, and the way to everything else.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::diagnostic::codes::{ARGUMENTS, NESTING_TOO_DEEP, TYPE_MISMATCH, UNKNOWN_FACT, UNKNOWN_FIELD, UNKNOWN_NAME};
use crate::ruleset::checked::{Expr, ExprKind, Type, TypeKind};
use crate::ruleset::script::{self as source, BinaryOp, Ident, UnaryOp};
use crate::value::{Decimal, Value};

use super::body::{Binding, BodyKind};
use super::flow::{Path, Root};
use super::statement::Want;
use super::types::{NEVER, UNIT, has_value, size_of};
use super::{Checker, MOST_DEPTH, constant};

/// Types of more parts than this are refused.
const MOST_PARTS: u64 = 4_096;

/// A constant of a type.
pub(super) fn constant_of(value: Value, ty: Type, span: Span) -> Expr {
    Expr::new(ExprKind::Constant(value), ty, span)
}

/// A boolean expression.
pub(super) fn boolean(kind: ExprKind, span: Span) -> Expr {
    Expr::new(kind, Type::plain(TypeKind::Boolean), span)
}

impl<'r> Checker<'r> {
    /// Types an expression whose value is used. `None` after an error, which has been reported.
    pub(super) fn expr(&mut self, expr: &'r source::Expr) -> Option<Expr> {
        self.charge(1);
        self.spend(1);
        let mark = self.body.parameters.len();
        let typed = self.nested(expr.span, |checker| checker.expr_kind(expr));
        self.note_parameters(mark, typed.as_ref());
        typed
    }

    /// Goes one level deeper, unless there are too many of them or too much was done already.
    pub(super) fn nested(&mut self, span: Span, check: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        if self.depth >= MOST_DEPTH {
            self.report_too_deep(span);
            return None;
        }
        if self.is_exhausted(span) {
            return None;
        }
        self.depth = self.depth.saturating_add(1);
        let typed = check(self);
        self.depth = self.depth.saturating_sub(1);
        typed
    }

    /// Keeps which parameters went into an expression, which may be a constant by now.
    fn note_parameters(&mut self, mark: usize, typed: Option<&Expr>) {
        let Some(typed) = typed else { return };
        if matches!(typed.kind, ExprKind::Invoke { .. }) {
            // Its arguments stand in the tree and are noted; whether the result depends on them the function says.
            self.body.parameters.truncate(mark);
        } else if let Some(used) = self.body.parameters.get(mark..) {
            self.parameters.note(typed.span, used);
        }
    }

    #[inline(never)]
    fn report_too_deep(&mut self, span: Span) {
        self.complain(
            NESTING_TOO_DEEP,
            span,
            format!("blocks, expressions and calls nest more than {MOST_DEPTH} deep here"),
            "let fewer functions and derived facts build on each other",
        );
    }

    fn expr_kind(&mut self, expr: &'r source::Expr) -> Option<Expr> {
        match &expr.kind {
            source::ExprKind::Unit
            | source::ExprKind::Boolean(_)
            | source::ExprKind::Integer(_)
            | source::ExprKind::Decimal(_)
            | source::ExprKind::Text(_) => self.literal(expr),
            source::ExprKind::Variable(name) => self.variable(name, expr.span),
            source::ExprKind::Property { target, name } => self.property(target, name),
            source::ExprKind::Index { target, index } => self.index(expr.span, target, index),
            source::ExprKind::Unary { op: UnaryOp::Not, operand } => self.not(expr.span, operand),
            source::ExprKind::Unary { op, operand } => self.sign(expr.span, *op, operand),
            source::ExprKind::Binary { op, left, right } => self.binary_expression(expr.span, *op, left, right),
            source::ExprKind::And(parts) => self.chain(expr.span, parts, true),
            source::ExprKind::Or(parts) => self.chain(expr.span, parts, false),
            source::ExprKind::Range { .. } => self.misplaced_range(expr.span),
            source::ExprKind::Array(items) => self.array(expr.span, items),
            source::ExprKind::Map(fields) => self.map(expr.span, fields),
            source::ExprKind::Call { name, arguments, method } => self.call(name, arguments, *method),
            source::ExprKind::Closure(_) => self.misplaced_closure(expr.span),
            source::ExprKind::If { .. } | source::ExprKind::Switch(_) | source::ExprKind::Block(_) => {
                self.tail(expr, Want::Value)
            }
        }
    }

    #[inline(never)]
    fn literal(&mut self, expr: &'r source::Expr) -> Option<Expr> {
        let (value, ty) = match &expr.kind {
            source::ExprKind::Boolean(value) => (Value::Boolean(*value), Type::plain(TypeKind::Boolean)),
            source::ExprKind::Integer(value) => (Value::Integer(*value), Type::plain(TypeKind::Integer)),
            source::ExprKind::Decimal(value) => (Value::Decimal(*value), decimal_type(*value)),
            source::ExprKind::Text(text) => (Value::Text(text.clone()), self.domains.literal(text)),
            _ => (Value::Missing, UNIT),
        };
        Some(constant_of(value, ty, expr.span))
    }

    #[inline(never)]
    fn variable(&mut self, name: &str, span: Span) -> Option<Expr> {
        match self.lookup(name) {
            Some((Binding::Poisoned, _)) => None,
            Some((Binding::Local(id, _), _)) => self.read_local(id, span),
            Some((Binding::Facts, _)) => Some(valueless(TypeKind::Facts, span)),
            Some((Binding::Hits, _)) => Some(valueless(TypeKind::Hits, span)),
            Some((Binding::Card(card), _)) => {
                Some(Expr::new(ExprKind::Scorecard(card), Type::plain(TypeKind::Card(card)), span))
            }
            None => self.named_constant(name, span),
        }
    }

    /// Reports a name that stands for nothing.
    pub(super) fn report_unknown_variable(&mut self, name: &str, span: Span) {
        let known = self.visible_names();
        let help = if self.names.facts.contains_key(name) || self.names.derived.contains_key(name) {
            format!("a fact is read as `f.{name}`")
        } else if name == "f" && self.body.kind == BodyKind::Function {
            "a helper function gets the facts as an argument".to_owned()
        } else {
            self.suggest(name, known.into_iter(), "declare it with `let`")
        };
        self.complain(UNKNOWN_NAME, span, format!("there is no variable `{name}` here"), help);
    }

    #[inline(never)]
    fn property(&mut self, target: &'r source::Expr, name: &'r Ident) -> Option<Expr> {
        if let source::ExprKind::Property { target: card, name: points } = &target.kind
            && points.name == "points"
        {
            let card = self.expr(card)?;
            if let TypeKind::Card(index) = card.ty.kind {
                return self.card_points(card, index, name);
            }
            let record = self.property_of(card, points)?;
            return self.property_of(record, name);
        }
        let target = self.expr(target)?;
        self.property_of(target, name)
    }

    /// `target.name`
    pub(super) fn property_of(&mut self, target: Expr, name: &Ident) -> Option<Expr> {
        match &target.ty.kind {
            TypeKind::Facts => self.fact(name),
            TypeKind::Card(index) => {
                let index = *index;
                self.card_property(target, index, name)
            }
            TypeKind::Record(_) => {
                let record = self.present(target)?;
                self.record_field(record, name)
            }
            TypeKind::Unit => self.present(target),
            _ => {
                let help = match &target.ty.kind {
                    TypeKind::List(_) | TypeKind::Series(_) | TypeKind::Text if name.name == "len" => {
                        "write `len()` with parentheses".to_owned()
                    }
                    TypeKind::Hits => "ask `hits.has(\"...\")`".to_owned(),
                    TypeKind::List(_) => "read the fields of its elements: `.map(|x| x....)`".to_owned(),
                    _ => "only facts, cards and records have fields".to_owned(),
                };
                let message = format!("{} has no field `{}`", self.domains.describe(&target.ty), name.name);
                self.complain(UNKNOWN_FIELD, name.span, message, help);
                None
            }
        }
    }

    fn record_field(&mut self, record: Expr, name: &Ident) -> Option<Expr> {
        let TypeKind::Record(fields) = &record.ty.kind else { return None };
        let fields = Arc::clone(fields);
        let Some(index) = fields.iter().position(|(field, _)| *field == name.name) else {
            let help = self.suggest(&name.name, fields.iter().map(|(field, _)| field.as_str()), "it has no such field");
            self.complain(UNKNOWN_FIELD, name.span, format!("the record has no field `{}`", name.name), help);
            return None;
        };
        let mut field = super::coerce::field_of(record, index)?;
        field.span = name.span;
        if let Some(path) = Path::of(&field) {
            let known = self.body.flow.get(&path);
            field.ty = known.narrow(field.ty.clone());
        }
        Some(field)
    }

    /// `f.name`: a fact or a derived fact.
    fn fact(&mut self, name: &Ident) -> Option<Expr> {
        let span = name.span;
        if let Some(&index) = self.names.facts.get(name.name.as_str()) {
            let known = self.body.flow.get(&Path::root(Root::Fact(index)));
            let ty = known.narrow(self.facts.get(index)?.clone());
            return Some(Expr::new(ExprKind::Fact(index), ty, span));
        }
        if let Some(&index) = self.names.derived.get(name.name.as_str()) {
            let ty = self.derived_at(index, span)?;
            let known = self.body.flow.get(&Path::root(Root::Derived(index)));
            return Some(Expr::new(ExprKind::Derived(index), known.narrow(ty), span));
        }
        let known: Vec<&str> = self.names.fields_of_facts().collect();
        let help =
            self.suggest(&name.name, known.into_iter(), "declare it under `[facts]` in ruleset.toml, or `derive` it");
        self.complain(UNKNOWN_FACT, span, format!("there is no fact and no derived fact `{}`", name.name), help);
        None
    }

    #[inline(never)]
    fn index(&mut self, span: Span, target: &'r source::Expr, index: &'r source::Expr) -> Option<Expr> {
        let list = self.expr(target);
        let index = self.expr(index);
        let list = list?;
        let TypeKind::List(element) = &list.ty.kind else {
            let message = format!("only a list has elements by number, this is {}", self.domains.describe(&list.ty));
            let help = "read a field with a dot: `f.age`";
            self.complain(TYPE_MISMATCH, span, message, help);
            return None;
        };
        let ty = (**element).clone();
        let list = self.present(list);
        let index = self.of_kind(index?, |kind| matches!(kind, TypeKind::Integer), "an index", "an integer");
        Some(Expr::new(ExprKind::Index { list: list?, index: index? }, ty, span))
    }

    #[inline(never)]
    fn not(&mut self, span: Span, operand: &'r source::Expr) -> Option<Expr> {
        let operand = self.condition(operand)?;
        Some(boolean(ExprKind::Not(operand), span))
    }

    #[inline(never)]
    fn sign(&mut self, span: Span, op: UnaryOp, operand: &'r source::Expr) -> Option<Expr> {
        let operand = self.expr(operand)?;
        let operand = self.number(operand, "a sign")?;
        if op == UnaryOp::Plus {
            return Some(operand);
        }
        if let ExprKind::Constant(value) = &operand.kind {
            return match constant::negate(value) {
                Ok(value) => Some(constant_of(value, operand.into_parts().ty, span)),
                Err(error) => self.report_constant(span, error),
            };
        }
        let ty = operand.ty.clone();
        Some(Expr::new(ExprKind::Negate(operand), ty, span))
    }

    #[inline(never)]
    fn misplaced_range(&mut self, span: Span) -> Option<Expr> {
        self.complain(
            TYPE_MISMATCH,
            span,
            "a range is no value: it stands in `for i in 0..12` and `x in 1..5` only",
            "write it where it is used",
        );
        None
    }

    #[inline(never)]
    fn misplaced_closure(&mut self, span: Span) -> Option<Expr> {
        self.complain(
            ARGUMENTS,
            span,
            "a closure is no value: it stands as the argument of a list's function only",
            "write it within `map`, `filter`, `all`, `any` or `count`; for anything else write a `fn`",
        );
        None
    }

    #[inline(never)]
    fn array(&mut self, span: Span, items: &'r [source::Expr]) -> Option<Expr> {
        let typed: Vec<Option<Expr>> = items.iter().map(|item| self.expr(item)).collect();
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        self.list_of(span, typed)
    }

    /// A list of expressions whose types are joined.
    pub(super) fn list_of(&mut self, span: Span, items: Vec<Expr>) -> Option<Expr> {
        let mut element = NEVER;
        for item in &items {
            if !has_value(&item.ty.kind) {
                self.present(item.clone())?;
            }
            element = self.join_or_report(&element, &item.ty, item.span)?;
        }
        let items: Option<Vec<Expr>> = items.into_iter().map(|item| self.coerce(item, &element)).collect();
        let ty = Type::plain(TypeKind::List(Box::new(element)));
        self.sized(Expr::new(ExprKind::List(items?), ty, span))
    }

    /// Refuses values whose types have too many parts.
    pub(super) fn sized(&mut self, expr: Expr) -> Option<Expr> {
        let size = size_of(&expr.ty, MOST_PARTS);
        self.charge(size);
        if size < MOST_PARTS {
            return Some(expr);
        }
        let message = format!("this value has {MOST_PARTS} parts or more");
        self.complain(NESTING_TOO_DEEP, expr.span, message, "put fewer records into each other");
        None
    }

    #[inline(never)]
    fn map(&mut self, span: Span, fields: &'r [(Ident, source::Expr)]) -> Option<Expr> {
        let values: Vec<Option<Expr>> = fields
            .iter()
            .map(|(_, value)| {
                let value = self.expr(value)?;
                if has_value(&value.ty.kind) { Some(value) } else { self.present(value) }
            })
            .collect();
        let values: Vec<Expr> = values.into_iter().collect::<Option<_>>()?;
        let types =
            fields.iter().zip(&values).map(|((name, _), value)| (name.name.clone(), value.ty.clone())).collect();
        let ty = Type::plain(TypeKind::Record(Arc::new(types)));
        self.sized(Expr::new(ExprKind::Record(values), ty, span))
    }

    #[inline(never)]
    fn binary_expression(
        &mut self,
        span: Span,
        op: BinaryOp,
        left: &'r source::Expr,
        right: &'r source::Expr,
    ) -> Option<Expr> {
        match op {
            BinaryOp::In | BinaryOp::NotIn => self.membership(span, op, left, right),
            BinaryOp::Coalesce => self.coalesce(span, left, right),
            _ => {
                let typed_left = self.expr(left);
                let typed_right = self.expr(right);
                self.refuse_chained(span, op, left, right, typed_left.as_ref(), typed_right.as_ref())?;
                self.binary(span, op, typed_left, typed_right)
            }
        }
    }
}

/// Something that is known at load and has no value at run time.
pub(super) fn valueless(kind: TypeKind, span: Span) -> Expr {
    Expr::new(ExprKind::Block { statements: Vec::new(), result: None }, Type::plain(kind), span)
}

/// The type of a decimal constant: its own digits.
pub(super) fn decimal_type(value: Decimal) -> Type {
    Type::plain(TypeKind::Decimal { scale: u8::try_from(value.scale()).unwrap_or(28) })
}
