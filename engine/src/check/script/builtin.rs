//! The functions of the language whose arguments are plain values and constants: one table.

use crate::diagnostic::Span;
use crate::diagnostic::codes::{ARGUMENTS, ROUNDING_MODE};
use crate::ruleset::checked::{Expr, ExprKind, Function, Type, TypeKind};
use crate::ruleset::script as source;
use crate::value::Value;
use crate::value::date::DayCount;
use crate::value::decimal::RoundingMode;

use super::Checker;
use super::coerce::widened;
use super::types::scale_of;

/// What an argument has to be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameter {
    Number,
    Integer,
    Date,
    Text,
    /// A constant scale, at most so many digits.
    Scale(u8),
    Mode,
    DayCount,
    EndOfMonth,
}

/// The type of the result.
#[derive(Clone, Copy)]
enum Yields {
    Boolean,
    Integer,
    Date,
    /// A decimal with the constant scale.
    Scale,
    /// A decimal if an argument is one, with the most digits of all.
    Widest,
}

/// The constant settings of a call.
#[derive(Clone, Copy)]
struct Settings {
    scale: u8,
    mode: RoundingMode,
    day_count: DayCount,
}

struct Signature {
    name: &'static str,
    usage: &'static str,
    parameters: &'static [Parameter],
    yields: Yields,
    make: fn(Settings) -> Function,
}

use Parameter::{Date, DayCount as Count, EndOfMonth, Integer, Mode, Number, Scale, Text};

const ODDS: &[Parameter] = &[Number, Number, Number, Number, Scale(12), Mode];

const fn row(
    name: &'static str,
    usage: &'static str,
    parameters: &'static [Parameter],
    yields: Yields,
    make: fn(Settings) -> Function,
) -> Signature {
    Signature { name, usage, parameters, yields, make }
}

/// In the order of the documentation.
static SIGNATURES: &[Signature] = &[
    row("div", "div(a, b, scale, mode)", &[Number, Number, Scale(28), Mode], Yields::Scale, |s| {
        Function::Div(s.scale, s.mode)
    }),
    row("round", "round(x, scale, mode)", &[Number, Scale(28), Mode], Yields::Scale, |s| {
        Function::Round(s.scale, s.mode)
    }),
    row("min", "min(a, b)", &[Number, Number], Yields::Widest, |_| Function::Min),
    row("max", "max(a, b)", &[Number, Number], Yields::Widest, |_| Function::Max),
    row("abs", "abs(x)", &[Number], Yields::Widest, |_| Function::Abs),
    row("clamp", "clamp(x, low, high)", &[Number, Number, Number], Yields::Widest, |_| Function::Clamp),
    row("days_between", "days_between(a, b)", &[Date, Date], Yields::Integer, |_| Function::DaysBetween),
    row("months_between", "months_between(a, b)", &[Date, Date], Yields::Integer, |_| Function::MonthsBetween),
    row("add_days", "add_days(date, n)", &[Date, Integer], Yields::Date, |_| Function::AddDays),
    row("add_months", "add_months(date, n)", &[Date, Integer], Yields::Date, |_| Function::AddMonths),
    row("add_months", "add_months(date, n, \"end_of_month\")", &[Date, Integer, EndOfMonth], Yields::Date, |_| {
        Function::AddMonthsEndOfMonth
    }),
    row("age_in_years", "age_in_years(birth, on)", &[Date, Date], Yields::Integer, |_| Function::AgeInYears),
    row(
        "year_fraction",
        "year_fraction(a, b, day_count, scale, mode)",
        &[Date, Date, Count, Scale(28), Mode],
        Yields::Scale,
        |s| Function::YearFraction(s.day_count, s.scale, s.mode),
    ),
    row(
        "score_from_good_odds",
        "score_from_good_odds(odds, pdo, base_score, base_good_odds, scale, mode)",
        ODDS,
        Yields::Scale,
        |s| Function::ScoreFromGoodOdds(s.scale, s.mode),
    ),
    row(
        "good_odds_from_score",
        "good_odds_from_score(score, pdo, base_score, base_good_odds, scale, mode)",
        ODDS,
        Yields::Scale,
        |s| Function::GoodOddsFromScore(s.scale, s.mode),
    ),
    row(
        "pd_from_score",
        "pd_from_score(score, pdo, base_score, base_good_odds, scale, mode)",
        ODDS,
        Yields::Scale,
        |s| Function::PdFromScore(s.scale, s.mode),
    ),
    row("starts_with", "starts_with(text, prefix)", &[Text, Text], Yields::Boolean, |_| Function::StartsWith),
    row("ends_with", "ends_with(text, suffix)", &[Text, Text], Yields::Boolean, |_| Function::EndsWith),
    row("contains", "contains(text, part)", &[Text, Text], Yields::Boolean, |_| Function::Contains),
    row("len", "len(text)", &[Text], Yields::Integer, |_| Function::TextLen),
];

/// Functions with rules of their own.
pub(super) const FORMS: &[&str] = &[
    "all",
    "any",
    "as_of",
    "avg",
    "count",
    "date",
    "filter",
    "has",
    "is_missing",
    "is_special",
    "map",
    "matrix",
    "param",
    "scale",
    "scorecard",
    "sum",
    "table",
    "value_or",
];

/// Whether a name belongs to the language.
pub(super) fn is_builtin(name: &str) -> bool {
    FORMS.contains(&name) || SIGNATURES.iter().any(|signature| signature.name == name)
}

/// Whether a name stands in the table.
pub(super) fn has_signature(name: &str) -> bool {
    SIGNATURES.iter().any(|signature| signature.name == name)
}

/// All names of the language.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FORMS.iter().copied().chain(SIGNATURES.iter().map(|signature| signature.name))
}

impl<'r> Checker<'r> {
    /// A call of a function of the table; the first argument may be typed already.
    #[inline(never)]
    pub(super) fn call_builtin(
        &mut self,
        span: Span,
        name: &str,
        first: Option<Option<Expr>>,
        arguments: &'r [source::Expr],
    ) -> Option<Expr> {
        let mut typed: Vec<Option<Expr>> = Vec::with_capacity(arguments.len());
        let given = usize::from(first.is_some());
        typed.extend(first);
        for argument in arguments.iter().skip(given) {
            typed.push(self.expr(argument));
        }
        let of_name = || SIGNATURES.iter().filter(|signature| signature.name == name);
        let Some(signature) = of_name().find(|signature| signature.parameters.len() == typed.len()) else {
            let usage = of_name().next().map_or("", |signature| signature.usage);
            return self.report_arguments(span, name, usage, typed.len());
        };
        self.call_signature(span, signature, typed)
    }

    fn report_arguments(&mut self, span: Span, name: &str, usage: &str, given: usize) -> Option<Expr> {
        let rounds = (name == "round" && given < 3) || (name == "div" && given < 4);
        let (code, message) = if rounds {
            (ROUNDING_MODE, format!("`{name}` names its scale and its rounding mode, nothing rounds silently"))
        } else {
            (ARGUMENTS, format!("`{name}` does not take {given} arguments"))
        };
        self.complain(code, span, message, format!("write `{usage}`"));
        None
    }

    fn call_signature(&mut self, span: Span, signature: &Signature, typed: Vec<Option<Expr>>) -> Option<Expr> {
        let mut settings = Settings { scale: 0, mode: RoundingMode::HalfUp, day_count: DayCount::Act365f };
        let mut arguments = Vec::with_capacity(typed.len());
        let mut failed = false;
        for (argument, parameter) in typed.into_iter().zip(signature.parameters) {
            let done = argument.and_then(|argument| {
                if matches!(parameter, Number | Integer | Date | Text) {
                    self.plain_argument(argument, *parameter, signature.name).map(|argument| arguments.push(argument))
                } else {
                    self.setting(argument, *parameter, &mut settings)
                }
            });
            failed |= done.is_none();
        }
        if failed {
            return None;
        }
        let kind = match signature.yields {
            Yields::Boolean => TypeKind::Boolean,
            Yields::Integer => TypeKind::Integer,
            Yields::Date => TypeKind::Date,
            Yields::Scale => TypeKind::Decimal { scale: settings.scale },
            Yields::Widest if arguments.iter().all(|argument| argument.ty.kind == TypeKind::Integer) => {
                TypeKind::Integer
            }
            Yields::Widest => TypeKind::Decimal {
                scale: arguments.iter().map(|argument| scale_of(&argument.ty.kind)).max().unwrap_or(0),
            },
        };
        if matches!(kind, TypeKind::Decimal { .. }) && signature.parameters.contains(&Number) {
            arguments = arguments.into_iter().map(widened).collect();
        }
        let function = (signature.make)(settings);
        Some(Expr::new(ExprKind::Call { function, arguments }, Type::plain(kind), span))
    }

    fn plain_argument(&mut self, argument: Expr, parameter: Parameter, name: &str) -> Option<Expr> {
        let what = format!("`{name}`");
        match parameter {
            Integer => self.of_kind(argument, |kind| matches!(kind, TypeKind::Integer), &what, "an integer"),
            Date => self.of_kind(argument, |kind| matches!(kind, TypeKind::Date), &what, "a date"),
            Text => self.text(argument, &what),
            _ => self.number(argument, &what),
        }
    }

    fn setting(&mut self, argument: Expr, parameter: Parameter, settings: &mut Settings) -> Option<()> {
        let span = argument.span;
        let ExprKind::Constant(value) = argument.into_parts().kind else {
            return self.report_not_constant(span, "a scale, a rounding mode or a day count");
        };
        match (parameter, value) {
            (Scale(most), Value::Integer(scale)) => match u8::try_from(scale) {
                Ok(scale) if scale <= most => settings.scale = scale,
                _ => {
                    let message = format!("a scale is 0 to {most} digits after the point here, not {scale}");
                    self.complain(ARGUMENTS, span, message, "choose fewer digits");
                    return None;
                }
            },
            (Mode, Value::Text(text)) => match RoundingMode::from_name(&text) {
                Some(mode) => settings.mode = mode,
                None => {
                    return self.report_setting(
                        &text,
                        "rounding mode",
                        RoundingMode::ALL.map(RoundingMode::name).as_slice(),
                        span,
                    );
                }
            },
            (Count, Value::Text(text)) => match DayCount::from_name(&text) {
                Some(day_count) => settings.day_count = day_count,
                None => {
                    return self.report_setting(&text, "day count", DayCount::ALL.map(DayCount::name).as_slice(), span);
                }
            },
            (EndOfMonth, Value::Text(text)) if text == "end_of_month" => {}
            (EndOfMonth, Value::Text(text)) => return self.report_setting(&text, "setting", &["end_of_month"], span),
            (Scale(_), _) => return self.report_setting_type(span, "a scale is a constant integer"),
            (Mode, _) => {
                return self.report_setting_type(span, "a rounding mode is a constant text, `half_up` for one");
            }
            _ => return self.report_setting_type(span, "this setting is a constant text"),
        }
        Some(())
    }

    /// The constant scale and rounding mode of an average.
    pub(super) fn scale_and_mode(&mut self, scale: Expr, mode: Expr) -> Option<(u8, RoundingMode)> {
        let mut settings = Settings { scale: 0, mode: RoundingMode::HalfUp, day_count: DayCount::Act365f };
        let scale = self.setting(scale, Scale(28), &mut settings);
        let mode = self.setting(mode, Mode, &mut settings);
        scale.and(mode).map(|()| (settings.scale, settings.mode))
    }

    fn report_setting(&mut self, text: &str, what: &str, known: &[&str], span: Span) -> Option<()> {
        let code = if what == "rounding mode" { ROUNDING_MODE } else { ARGUMENTS };
        let all = format!("one of `{}`", known.join("`, `"));
        let help = self.suggest(text, known.iter().copied(), &all);
        self.complain(code, span, format!("`{text}` is no {what}"), help);
        None
    }

    fn report_setting_type(&mut self, span: Span, message: &str) -> Option<()> {
        self.complain(ARGUMENTS, span, message, "see the order of the arguments");
        None
    }
}
