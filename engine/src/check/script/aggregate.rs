//! Functions over lists and series, and their closures.

use crate::diagnostic::codes::{ARGUMENTS, TYPE_MISMATCH};
use crate::ruleset::checked::{AggregateFunction, Expr, ExprKind, LocalId, Type, TypeKind};
use crate::ruleset::script::{self as source, Ident};
use crate::value::decimal::RoundingMode;

use super::body::{Binding, Role};
use super::types::{is_number, optional};
use super::{Checker, LIST_LENGTH, builtin};

/// Whether a function may be one over lists.
pub(super) fn is_aggregate(name: &str) -> bool {
    matches!(name, "len" | "sum" | "min" | "max" | "count" | "avg" | "all" | "any" | "filter" | "map" | "contains")
}

/// How each is called.
fn usage(name: &str) -> &'static str {
    match name {
        "len" => "list.len()",
        "sum" => "list.sum()",
        "min" => "list.min()",
        "max" => "list.max()",
        "count" => "list.count(|x| condition)",
        "avg" => "list.avg(scale, mode)",
        "all" => "list.all(|x| condition)",
        "any" => "list.any(|x| condition)",
        "filter" => "list.filter(|x| condition)",
        "map" => "list.map(|x| value)",
        _ => "list.contains(value)",
    }
}

impl<'r> Checker<'r> {
    /// A function that lists have; texts and numbers have some of the same name.
    #[inline(never)]
    pub(super) fn list_function(
        &mut self,
        name: &'r Ident,
        arguments: &'r [source::Expr],
        method: bool,
    ) -> Option<Expr> {
        let Some(receiver) = arguments.first() else {
            self.report_usage(name, usage(&name.name), 0);
            return None;
        };
        if let (source::ExprKind::Range { start, end, inclusive }, "contains", [_, value]) =
            (&receiver.kind, name.name.as_str(), arguments)
        {
            let value = self.expr(value);
            return self.in_range(name.span, value, start, end, *inclusive);
        }
        let receiver = self.expr(receiver);
        let list =
            receiver.as_ref().map(|receiver| matches!(receiver.ty.kind, TypeKind::List(_) | TypeKind::Series(_)));
        match list {
            Some(true) => self.aggregate(name, receiver?, arguments),
            Some(false) if builtin::has_signature(&name.name) => {
                self.call_builtin(name.span, &name.name, Some(receiver), arguments)
            }
            Some(false) => {
                let receiver = receiver?;
                let message =
                    format!("`{}` is for lists and series, this is {}", name.name, self.domains.describe(&receiver.ty));
                let help = format!("write `{}`", usage(&name.name));
                self.complain(TYPE_MISMATCH, if method { receiver.span } else { name.span }, message, help);
                None
            }
            None => {
                for argument in arguments.iter().skip(1) {
                    if !matches!(argument.kind, source::ExprKind::Closure(_)) {
                        self.expr(argument);
                    }
                }
                None
            }
        }
    }

    fn aggregate(&mut self, name: &'r Ident, list: Expr, arguments: &'r [source::Expr]) -> Option<Expr> {
        let (TypeKind::List(element) | TypeKind::Series(element)) = &list.ty.kind else { return None };
        let element = (**element).clone();
        let filled = matches!(&list.kind, ExprKind::List(items) if !items.is_empty());
        let list = self.present(list)?;
        self.spend(LIST_LENGTH);
        let rest = arguments.get(1..).unwrap_or_default();
        let (function, closure, ty) = match (name.name.as_str(), rest) {
            ("contains", [value]) => {
                let value = self.expr(value)?;
                return self.contained(name.span, value, list);
            }
            ("len", []) => (AggregateFunction::Len, None, Type::plain(TypeKind::Integer)),
            ("count", []) => (AggregateFunction::Count, None, Type::plain(TypeKind::Integer)),
            ("sum", []) => (AggregateFunction::Sum, None, self.element_number(name, &element)?),
            ("min", []) => (AggregateFunction::Min, None, optional(self.element_number(name, &element)?, !filled)),
            ("max", []) => (AggregateFunction::Max, None, optional(self.element_number(name, &element)?, !filled)),
            ("avg", [scale, mode]) => {
                let number = self.element_number(name, &element);
                let (scale, mode) = self.rounding(scale, mode)?;
                number?;
                let ty = optional(Type::plain(TypeKind::Decimal { scale }), !filled);
                (AggregateFunction::Avg(scale, mode), None, ty)
            }
            (
                "count" | "all" | "any" | "filter" | "map",
                [source::Expr { kind: source::ExprKind::Closure(closure), .. }],
            ) => {
                let list_type = Type::plain(TypeKind::List(Box::new(element.clone())));
                let (local, body) = self.closure(closure, element)?;
                return self.with_closure(name, list, list_type, local, body);
            }
            _ => {
                self.report_usage(name, usage(&name.name), rest.len());
                return None;
            }
        };
        Some(Expr::new(ExprKind::Aggregate { function, list, closure }, ty, name.span))
    }

    fn with_closure(&mut self, name: &Ident, list: Expr, list_type: Type, local: LocalId, body: Expr) -> Option<Expr> {
        let (function, ty) = match name.name.as_str() {
            "map" => {
                let body = self.storable_in_list(body)?;
                let ty = Type::plain(TypeKind::List(Box::new(body.ty.clone())));
                let closure = Some((local, body));
                let kind = ExprKind::Aggregate { function: AggregateFunction::Map, list, closure };
                return self.sized(Expr::new(kind, ty, name.span));
            }
            "count" => (AggregateFunction::Count, Type::plain(TypeKind::Integer)),
            "all" => (AggregateFunction::All, Type::plain(TypeKind::Boolean)),
            "any" => (AggregateFunction::Any, Type::plain(TypeKind::Boolean)),
            _ => (AggregateFunction::Filter, list_type),
        };
        let body = self.condition_value(body)?;
        let ty = if function == AggregateFunction::Filter { self.filtered(ty, local, &body) } else { ty };
        let closure = Some((local, body));
        Some(Expr::new(ExprKind::Aggregate { function, list, closure }, ty, name.span))
    }

    /// The elements that a filter lets through, with what it tells about them.
    fn filtered(&mut self, list: Type, local: LocalId, condition: &Expr) -> Type {
        let TypeKind::List(element) = &list.kind else { return list };
        let mut element = (**element).clone();
        let learned = self.learned(condition, true);
        for (field, known) in learned.of_local(local.0) {
            match (field, &mut element.kind) {
                (None, _) => element = known.narrow(element),
                (Some(field), TypeKind::Record(fields)) => {
                    if let Some((_, ty)) = std::sync::Arc::make_mut(fields).get_mut(field) {
                        *ty = known.narrow(ty.clone());
                    }
                }
                _ => {}
            }
        }
        Type::plain(TypeKind::List(Box::new(element)))
    }

    fn storable_in_list(&mut self, body: Expr) -> Option<Expr> {
        if super::types::is_unit(&body.ty) { Some(body) } else { self.storable(body) }
    }

    /// A closure over the elements of a list.
    fn closure(&mut self, closure: &'r source::Closure, element: Type) -> Option<(LocalId, Expr)> {
        let [parameter] = closure.parameters.as_slice() else {
            let message = format!("the closure takes one element, here it has {} parameters", closure.parameters.len());
            self.complain(ARGUMENTS, closure.span, message, "write `|x| ...`");
            return None;
        };
        let (mark, flow, dead) = (self.scope_mark(), self.body.flow.mark(), self.body.flow.dead);
        let before = std::mem::take(&mut self.body.cost);
        let local = self.new_local(element);
        self.bind(parameter, Binding::Local(local, Role::Parameter));
        let body = self.returning(closure.span, mark, &closure.body);
        self.leave_scope(mark);
        self.body.flow.rollback(flow);
        self.body.flow.dead = dead;
        self.body.cost = before.saturating_add(self.body.cost.saturating_add(1).saturating_mul(LIST_LENGTH));
        self.refuse_costly(closure.span);
        Some((local, body?))
    }

    /// Demands that the elements are numbers that are always there.
    fn element_number(&mut self, name: &Ident, element: &Type) -> Option<Type> {
        let stand_in = Expr::new(ExprKind::AsOf, element.clone(), name.span);
        if is_number(&element.kind) {
            return self.present(stand_in).map(|value| value.into_parts().ty);
        }
        let message = format!(
            "`{}` is for lists of numbers, the elements are each {}",
            name.name,
            self.domains.describe(element)
        );
        let help = format!("write `.map(|x| x.field).{}()`", name.name);
        self.complain(TYPE_MISMATCH, name.span, message, help);
        None
    }

    fn rounding(&mut self, scale: &'r source::Expr, mode: &'r source::Expr) -> Option<(u8, RoundingMode)> {
        let (scale, mode) = (self.expr(scale), self.expr(mode));
        self.scale_and_mode(scale?, mode?)
    }
}
