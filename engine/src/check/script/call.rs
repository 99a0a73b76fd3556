//! Calls: which function a name means, and the functions with rules of their own.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::diagnostic::codes::{
    ARGUMENTS, CONSTANT_ERROR, TYPE_MISMATCH, UNKNOWN_FUNCTION, UNKNOWN_PARAMETER, UNKNOWN_SPECIAL,
};
use crate::ruleset::checked::{Expr, ExprKind, Type, TypeKind};
use crate::ruleset::script::{self as source, Ident};
use crate::schema::SpecialCode;
use crate::value::Value;
use crate::value::date::{Date, ParseDateError};

use super::body::BodyKind;
use super::expression::{boolean, constant_of, decimal_type};
use super::types::kind_of;
use super::{Checker, aggregate, builtin};

impl<'r> Checker<'r> {
    /// `name(arguments)` or `receiver.name(arguments)`
    #[inline(never)]
    pub(super) fn call(&mut self, name: &'r Ident, arguments: &'r [source::Expr], method: bool) -> Option<Expr> {
        match name.name.as_str() {
            "is_missing" => self.is_missing(name, arguments),
            "is_special" => self.is_special(name, arguments),
            "value_or" => self.value_or(name, arguments),
            "param" => self.param(name, arguments),
            "date" => self.date(name, arguments),
            "as_of" => self.as_of(name, arguments),
            "has" => self.has(name, arguments),
            "scorecard" => self.scorecard(name, arguments),
            "scale" => self.scale(name, arguments),
            "table" => self.table(name, arguments, false),
            "matrix" => self.table(name, arguments, true),
            text if aggregate::is_aggregate(text) => self.list_function(name, arguments, method),
            text if builtin::is_builtin(text) => self.call_builtin(name.span, text, None, arguments),
            text => match self.names.functions.get(text).copied() {
                Some(function) if text != "decide" && !method => self.invoke(name, function, arguments),
                found => self.report_unknown_function(name, arguments, found.is_some()),
            },
        }
    }

    fn report_unknown_function(
        &mut self,
        name: &'r Ident,
        arguments: &'r [source::Expr],
        exists: bool,
    ) -> Option<Expr> {
        for argument in arguments {
            if !matches!(argument.kind, source::ExprKind::Closure(_)) {
                self.expr(argument);
            }
        }
        let text = &name.name;
        let (message, help) = if text == "decide" {
            ("`decide` is called by the engine only".to_owned(), "put what is shared into a helper function".to_owned())
        } else if exists {
            (format!("`{text}` is called with a dot"), format!("call helper functions as `{text}(...)`"))
        } else {
            let mut known: Vec<&'r str> = self.names.functions.keys().copied().collect();
            for known_name in builtin::names() {
                known.push(known_name);
            }
            let help = self.suggest(text, known.into_iter(), "see the functions of the language");
            (format!("there is no function `{text}`"), help)
        };
        self.complain(UNKNOWN_FUNCTION, name.span, message, help);
        None
    }

    /// Types the arguments of a function that takes a fixed number of them.
    fn exactly<const N: usize>(
        &mut self,
        name: &Ident,
        arguments: &'r [source::Expr],
        usage: &str,
    ) -> Option<[Expr; N]> {
        let typed: Vec<Option<Expr>> = arguments.iter().map(|argument| self.expr(argument)).collect();
        if typed.len() != N {
            self.report_usage(name, usage, typed.len());
            return None;
        }
        let typed: Vec<Expr> = typed.into_iter().collect::<Option<_>>()?;
        typed.try_into().ok()
    }

    /// Reports a wrong number of arguments.
    pub(super) fn report_usage(&mut self, name: &Ident, usage: &str, given: usize) {
        let message = format!("`{}` does not take {given} arguments", name.name);
        self.complain(ARGUMENTS, name.span, message, format!("write `{usage}`"));
    }

    #[inline(never)]
    fn is_missing(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [value] = self.exactly(name, arguments, "is_missing(x)")?;
        let value = self.askable(value)?;
        Some(boolean(ExprKind::IsMissing(value), name.span))
    }

    #[inline(never)]
    fn is_special(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let (mut value, code) = if arguments.len() == 1 {
            let [value] = self.exactly(name, arguments, "is_special(x)")?;
            (value, None)
        } else {
            let [value, code] = self.exactly(name, arguments, "is_special(x, \"name\")")?;
            let span = code.span;
            (value, Some((self.constant_text(code, "the name of a special code")?, span)))
        };
        let Some(codes) = self.declared_special(&value) else {
            let message = format!("this has no special codes, it is {}", self.domains.describe(&value.ty));
            self.complain(UNKNOWN_SPECIAL, value.span, message, "declare them: `special = { no_record = -1 }`");
            return None;
        };
        let code = match code {
            None => None,
            Some((code, span)) => Some(self.special_code(&codes, &code, span)?),
        };
        value.ty.special = Some(codes);
        Some(boolean(ExprKind::IsSpecial { value, code }, name.span))
    }

    fn special_code(&mut self, codes: &Arc<Vec<SpecialCode>>, name: &str, span: Span) -> Option<u8> {
        if let Some(index) = codes.iter().position(|code| code.name == name) {
            return u8::try_from(index).ok();
        }
        let help = self.suggest(name, codes.iter().map(|code| code.name.as_str()), "declare it under `special`");
        self.complain(UNKNOWN_SPECIAL, span, format!("there is no special code `{name}` here"), help);
        None
    }

    /// The special codes that something may have by its declaration, whatever is known of it here.
    fn declared_special(&self, value: &Expr) -> Option<Arc<Vec<SpecialCode>>> {
        let declared = match &value.kind {
            ExprKind::Fact(index) => self.facts.get(*index).map(|ty| &ty.special),
            ExprKind::Derived(index) => match self.derived.get(*index) {
                Some(super::Visit::Done(Some(body))) => Some(&body.ty.special),
                _ => None,
            },
            ExprKind::Local(id) => self.local_type(*id).map(|ty| &ty.special),
            ExprKind::Field { record, index } => match &record.ty.kind {
                TypeKind::Record(fields) => fields.get(*index).map(|(_, ty)| &ty.special),
                _ => None,
            },
            _ => None,
        };
        declared.unwrap_or(&value.ty.special).clone()
    }

    #[inline(never)]
    fn value_or(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [value, default] = self.exactly(name, arguments, "value_or(x, default)")?;
        let (value, default) = (self.askable(value), self.askable(default));
        let (value, default) = (value?, default?);
        let ty = self.join_or_report(&super::types::present(&value.ty), &default.ty, default.span)?;
        let loose = Type { kind: ty.kind.clone(), ..value.ty.clone() };
        let value = self.coerce(value, &loose)?;
        let default = self.coerce(default, &ty)?;
        let kind = ExprKind::ValueOr { value, default };
        Some(Expr::new(kind, ty, name.span))
    }

    #[inline(never)]
    fn param(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [parameter] = self.exactly(name, arguments, "param(\"name\")")?;
        let span = parameter.span;
        let parameter = self.constant_text(parameter, "the name of a parameter")?;
        let Some(&index) = self.names.parameters.get(parameter.as_str()) else {
            let known: Vec<&str> = self.names.parameters.keys().copied().collect();
            let help = self.suggest(&parameter, known.into_iter(), "declare it under `[parameters]` in ruleset.toml");
            self.complain(UNKNOWN_PARAMETER, span, format!("there is no parameter `{parameter}`"), help);
            return None;
        };
        let declared = self.ruleset.parameters.get(index)?;
        self.body.parameters.extend(u32::try_from(index));
        let ty = match &declared.value {
            Value::Decimal(value) => decimal_type(*value),
            _ => Type::plain(kind_of(&declared.data_type)),
        };
        Some(constant_of(declared.value.clone(), ty, name.span))
    }

    #[inline(never)]
    fn date(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [text] = self.exactly(name, arguments, "date(\"2026-01-31\")")?;
        let span = text.span;
        let text = self.constant_text(text, "the text of a date")?;
        match Date::parse_iso(&text) {
            Ok(date) => Some(constant_of(Value::Date(date), Type::plain(TypeKind::Date), name.span)),
            Err(error) => {
                let message = match error {
                    ParseDateError::NoSuchDay => format!("the calendar has no day `{text}`"),
                    ParseDateError::Timestamp => format!("`{text}` has a time, a date is a civil day"),
                    ParseDateError::Notation => format!("the date `{text}` is not written as YYYY-MM-DD"),
                    ParseDateError::Syntax => format!("`{text}` is no date"),
                };
                self.complain(CONSTANT_ERROR, span, message, "write `date(\"2026-01-31\")`");
                None
            }
        }
    }

    #[inline(never)]
    fn as_of(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [] = self.exactly(name, arguments, "as_of()")?;
        self.refuse_in_constant(name.span, "`as_of()`")?;
        Some(Expr::new(ExprKind::AsOf, Type::plain(TypeKind::Date), name.span))
    }

    #[inline(never)]
    fn has(&mut self, name: &Ident, arguments: &'r [source::Expr]) -> Option<Expr> {
        let [hits, effect] = self.exactly(name, arguments, "hits.has(\"decline\")")?;
        if hits.ty.kind != TypeKind::Hits {
            let message = format!("`has` asks the hits, this is {}", self.domains.describe(&hits.ty));
            self.complain(TYPE_MISMATCH, hits.span, message, "write `hits.has(\"decline\")` in `decide`");
            return None;
        }
        let span = effect.span;
        let effect = Ident { name: self.constant_text(effect, "the effect")?, span };
        let index = self.effect(&effect)?;
        Some(boolean(ExprKind::Has(index), name.span))
    }

    /// The text of a constant.
    pub(super) fn constant_text(&mut self, value: Expr, what: &str) -> Option<String> {
        let span = value.span;
        match value.into_parts().kind {
            ExprKind::Constant(Value::Text(text)) => Some(text),
            _ => self.report_not_constant(span, what),
        }
    }

    /// Whether artefacts may be called here.
    pub(super) fn artefact_allowed(&mut self, name: &Ident) -> Option<()> {
        if self.body.kind == BodyKind::Constant {
            self.refuse_in_constant(name.span, "a call of an artefact")
        } else {
            Some(())
        }
    }
}
