//! From one type to another without changing the value, and the demands that operands make.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::diagnostic::codes::{
    MISSING_UNHANDLED, NO_VALUE, OUTPUT_DIGITS, SPECIAL_UNHANDLED, TYPE_MISMATCH, UNKNOWN_ENUM_VALUE,
};
use crate::ruleset::checked::{AggregateFunction, Expr, ExprKind, Statement, Type, TypeKind};
use crate::schema::EnumDomain;
use crate::value::{Decimal, Value};

use super::Checker;
use super::types::{Fields, has_value, is_number, is_textual};

impl Checker<'_> {
    /// The type of a value that has one of two types; a conflict is reported at `span`.
    pub(super) fn join_or_report(&mut self, a: &Type, b: &Type, span: Span) -> Option<Type> {
        match self.domains.join_types(a, b) {
            Ok(ty) => Some(ty),
            Err(error) => {
                let help = match &error {
                    super::types::JoinError::Unknown(value, domain) => {
                        let known = Arc::clone(domain);
                        self.suggest(
                            value,
                            known.values.iter().map(String::as_str),
                            "see the declared values in ruleset.toml",
                        )
                    }
                    _ => "let all branches and all `return`s give values of one type".to_owned(),
                };
                self.complain(error.code(), span, error.words(&self.domains, a, b), help);
                None
            }
        }
    }

    /// The value as one of type `to`; a value that does not fit is reported.
    pub(super) fn coerce(&mut self, value: Expr, to: &Type) -> Option<Expr> {
        if value.ty == *to {
            return Some(value);
        }
        if value.ty.missing && !to.missing {
            return self.report_missing(&value);
        }
        if value.ty.special.is_some() && value.ty.special != to.special {
            return self.report_special(&value);
        }
        let ty = Type { kind: to.kind.clone(), missing: value.ty.missing, special: value.ty.special.clone() };
        let mut result = self.coerce_kind(value, ty)?;
        result.ty.missing = to.missing;
        result.ty.special.clone_from(&to.special);
        Some(result)
    }

    fn coerce_kind(&mut self, value: Expr, ty: Type) -> Option<Expr> {
        match (&value.ty.kind, &ty.kind) {
            (from, to) if from == to => Some(value),
            (TypeKind::Unit | TypeKind::Never, _) => Some(value.with_type(ty)),
            (TypeKind::Integer, TypeKind::Decimal { .. }) => Some(to_decimal(value, ty)),
            (TypeKind::Decimal { scale: from }, TypeKind::Decimal { scale: to }) if from <= to => {
                Some(value.with_type(ty))
            }
            (TypeKind::Decimal { scale: 0 }, TypeKind::Integer) => Some(self.integral(value, ty)),
            (TypeKind::Decimal { .. }, TypeKind::Decimal { .. } | TypeKind::Integer) => self.report_digits(&value, &ty),
            (TypeKind::Enum(_), TypeKind::Enum(domain)) => {
                let domain = Arc::clone(domain);
                self.coerce_enum(value, &domain)
            }
            (TypeKind::Enum(_), TypeKind::Text) => Some(to_text(value, ty)),
            (TypeKind::List(_), TypeKind::List(element)) => {
                let element = (**element).clone();
                self.coerce_list(value, element)
            }
            (TypeKind::Record(_), TypeKind::Record(fields)) => {
                let fields = Arc::clone(fields);
                self.coerce_record(value, &fields)
            }
            _ => {
                let message =
                    format!("expected {}, found {}", self.domains.describe(&ty), self.domains.describe(&value.ty));
                self.complain(TYPE_MISMATCH, value.span, message, "give a value of the expected type");
                None
            }
        }
    }

    fn integral(&mut self, value: Expr, ty: Type) -> Expr {
        if let ExprKind::Constant(Value::Decimal(number)) = &value.kind
            && let Some(integer) = crate::value::decimal::to_i64_exact(*number)
        {
            return Expr::new(ExprKind::Constant(Value::Integer(integer)), ty, value.span);
        }
        let span = value.span;
        Expr::new(ExprKind::ToInteger(value), ty, span)
    }

    fn report_digits(&mut self, value: &Expr, to: &Type) -> Option<Expr> {
        let (from, most) = (super::types::scale_of(&value.ty.kind), super::types::scale_of(&to.kind));
        let message = format!("this can have {from} digits after the point, {most} fit");
        self.complain(OUTPUT_DIGITS, value.span, message, format!("round it: `round(..., {most}, \"half_up\")`"));
        None
    }

    /// An enum value in another domain that holds all its values.
    pub(super) fn coerce_enum(&mut self, value: Expr, domain: &Arc<EnumDomain>) -> Option<Expr> {
        let TypeKind::Enum(from) = &value.ty.kind else { return Some(value) };
        let from = Arc::clone(from);
        self.charge(u64::try_from(from.values.len()).unwrap_or(u64::MAX));
        if let ExprKind::Constant(Value::Text(text)) = &value.kind
            && domain.index_of(text).is_none()
        {
            let text = text.clone();
            return self.report_enum_value(&text, value.span, domain);
        }
        let ty = Type { kind: TypeKind::Enum(Arc::clone(domain)), ..value.ty.clone() };
        if matches!(value.kind, ExprKind::Constant(_)) || Arc::ptr_eq(&from, domain) || *from == **domain {
            return Some(value.with_type(ty));
        }
        let mut map = Vec::with_capacity(from.values.len());
        for text in &from.values {
            match domain.index_of(text) {
                Some(index) => map.push(index),
                None => return self.report_enum_value(text, value.span, domain),
            }
        }
        let span = value.span;
        Some(Expr::new(ExprKind::ToEnum { value, map }, ty, span))
    }

    /// Reports a text that is none of the values of a domain.
    pub(super) fn report_enum_value<T>(&mut self, text: &str, span: Span, domain: &Arc<EnumDomain>) -> Option<T> {
        let known = Arc::clone(domain);
        let help =
            self.suggest(text, known.values.iter().map(String::as_str), "see the declared values in ruleset.toml");
        self.complain(UNKNOWN_ENUM_VALUE, span, format!("`{text}` is none of the values that are possible here"), help);
        None
    }

    fn coerce_list(&mut self, value: Expr, element: Type) -> Option<Expr> {
        let ty = Type { kind: TypeKind::List(Box::new(element.clone())), ..value.ty.clone() };
        let span = value.span;
        if matches!(value.kind, ExprKind::List(_)) {
            let ExprKind::List(items) = value.into_parts().kind else { return None };
            let items: Option<Vec<Expr>> = items.into_iter().map(|item| self.coerce(item, &element)).collect();
            return Some(Expr::new(ExprKind::List(items?), ty, span));
        }
        let TypeKind::List(from) = &value.ty.kind else { return None };
        let local = self.new_local((**from).clone());
        let item = self.coerce(self.read_local(local, span)?, &element)?;
        if matches!(item.kind, ExprKind::Local(_)) {
            return Some(value.with_type(ty));
        }
        let closure = Some((local, item));
        Some(Expr::new(ExprKind::Aggregate { function: AggregateFunction::Map, list: value, closure }, ty, span))
    }

    fn coerce_record(&mut self, value: Expr, fields: &Arc<Fields>) -> Option<Expr> {
        let TypeKind::Record(from) = &value.ty.kind else { return None };
        let from = Arc::clone(from);
        let ty = Type { kind: TypeKind::Record(Arc::clone(fields)), ..value.ty.clone() };
        let span = value.span;
        let (local, statement) = self.stored_once(value);
        let mut values = Vec::with_capacity(fields.len());
        for (name, to) in fields.iter() {
            let index = from.iter().position(|(other, _)| other == name)?;
            values.push(self.coerce(field_of(local.clone(), index)?, to)?);
        }
        let record = Expr::new(ExprKind::Record(values), ty.clone(), span);
        let kind = ExprKind::Block { statements: statement.into_iter().collect(), result: Some(record) };
        Some(Expr::new(kind, ty, span))
    }

    /// A value that is read several times: a local as it is, anything else behind a statement that stores it.
    pub(super) fn stored_once(&mut self, value: Expr) -> (Expr, Option<Statement>) {
        if matches!(value.kind, ExprKind::Local(_) | ExprKind::Derived(_)) {
            return (value, None);
        }
        let (ty, span) = (value.ty.clone(), value.span);
        let id = self.new_local(ty.clone());
        (Expr::new(ExprKind::Local(id), ty, span), Some(Statement::Store(id, value)))
    }

    fn report_missing<T>(&mut self, value: &Expr) -> Option<T> {
        let name = self.name_of(value);
        let message = match &value.ty.kind {
            TypeKind::Unit => "`()` is missing and nothing else: with it every comparison is silently false".to_owned(),
            _ => format!("{name} may be missing: it would silently compare false both ways"),
        };
        let help = format!("write `{} ?? <value>`, or ask `is_missing(...)` first", short(&name));
        self.complain(MISSING_UNHANDLED, value.span, message, help);
        None
    }

    fn report_special<T>(&mut self, value: &Expr) -> Option<T> {
        let name = self.name_of(value);
        let codes = value
            .ty
            .special
            .as_ref()
            .map(|codes| codes.iter().map(|code| format!("`{}`", code.name)).collect::<Vec<_>>().join(", "));
        let message = format!("{name} may be a special code ({}), which is no value", codes.unwrap_or_default());
        let help = format!("write `value_or({}, <value>)`, or ask `is_special(...)` first", short(&name));
        self.complain(SPECIAL_UNHANDLED, value.span, message, help);
        None
    }

    /// How the author may call a value.
    fn name_of(&self, value: &Expr) -> String {
        match &value.kind {
            ExprKind::Fact(index) => {
                self.ruleset.facts.get(*index).map_or_else(String::new, |fact| format!("`f.{}`", fact.name))
            }
            ExprKind::Derived(index) => {
                self.names.derives.get(*index).map_or_else(String::new, |(name, _)| format!("`f.{}`", name.name))
            }
            ExprKind::Field { record, index } => match &record.ty.kind {
                TypeKind::Record(fields) => {
                    fields.get(*index).map_or_else(String::new, |(name, _)| format!("`{name}`"))
                }
                _ => "this value".to_owned(),
            },
            _ => "this value".to_owned(),
        }
    }

    /// Demands a value: neither missing nor special nor something without value at run time.
    pub(super) fn present(&mut self, value: Expr) -> Option<Expr> {
        if !has_value(&value.ty.kind) {
            let message = format!("{} as a whole are no value", self.domains.describe(&value.ty));
            self.complain(TYPE_MISMATCH, value.span, message, "name the field that is meant");
            return None;
        }
        if matches!(value.ty.kind, TypeKind::Never) {
            self.complain(
                NO_VALUE,
                value.span,
                "this never gives a value",
                "put the `return` into a statement of its own",
            );
            return None;
        }
        if value.ty.missing {
            return self.report_missing(&value);
        }
        if value.ty.special.is_some() {
            return self.report_special(&value);
        }
        Some(value)
    }

    /// Demands a number.
    pub(super) fn number(&mut self, value: Expr, what: &str) -> Option<Expr> {
        self.of_kind(value, is_number, what, "a number")
    }

    /// Demands a text or an enum value, and gives a text.
    pub(super) fn text(&mut self, value: Expr, what: &str) -> Option<Expr> {
        let value = self.of_kind(value, is_textual, what, "a text")?;
        Some(match value.ty.kind {
            TypeKind::Enum(_) => to_text(value, Type::plain(TypeKind::Text)),
            _ => value,
        })
    }

    /// Demands a present value of certain kinds.
    pub(super) fn of_kind(
        &mut self,
        value: Expr,
        right: fn(&TypeKind) -> bool,
        what: &str,
        wanted: &str,
    ) -> Option<Expr> {
        let plain = super::types::present(&value.ty);
        if right(&plain.kind) || !has_value(&plain.kind) || matches!(plain.kind, TypeKind::Unit | TypeKind::Never) {
            return self.present(value);
        }
        let message = format!("{what} needs {wanted}, this is {}", self.domains.describe(&plain));
        self.complain(TYPE_MISMATCH, value.span, message, format!("give {wanted}"));
        None
    }
}

/// A name within an expression of the help.
fn short(name: &str) -> &str {
    match name {
        "this value" => "x",
        name => name.trim_matches('`'),
    }
}

/// An integer as a decimal.
pub(super) fn to_decimal(value: Expr, ty: Type) -> Expr {
    let span = value.span;
    let kind = match value.kind {
        ExprKind::Constant(Value::Integer(integer)) => ExprKind::Constant(Value::Decimal(Decimal::from(integer))),
        _ => ExprKind::ToDecimal(value),
    };
    Expr::new(kind, ty, span)
}

/// An integer as a decimal, a decimal as it is.
pub(super) fn widened(value: Expr) -> Expr {
    match value.ty.kind {
        TypeKind::Integer => to_decimal(value, Type::plain(TypeKind::Decimal { scale: 0 })),
        _ => value,
    }
}

/// An enum value as text.
pub(super) fn to_text(value: Expr, ty: Type) -> Expr {
    let span = value.span;
    match value.kind {
        ExprKind::Constant(_) => value.with_type(ty),
        _ => Expr::new(ExprKind::ToText(value), ty, span),
    }
}

/// A field of a record by index.
pub(super) fn field_of(record: Expr, index: usize) -> Option<Expr> {
    let TypeKind::Record(fields) = &record.ty.kind else { return None };
    let ty = fields.get(index)?.1.clone();
    let span = record.span;
    Some(Expr::new(ExprKind::Field { record, index }, ty, span))
}
