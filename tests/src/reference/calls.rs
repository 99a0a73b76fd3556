//! The functions of the language.

use num_traits::{Signed, ToPrimitive, Zero};
use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::{
    CLAMP_BOUNDS, DATE_RANGE, DIVISION_BY_ZERO, ODDS_DOMAIN, OUTSIDE_SCALE, OVERFLOW,
};
use trutina_engine::ruleset::script::{BinaryOp, Closure, Expr, ExprKind};

use super::calendar::{self, Civil};
use super::evaluate::{Flow, Machine, Step, arithmetic, exact, fail};
use super::number::{self, Number, from_decimal, whole};
use super::odds;
use super::value::{Value, from_written};

impl Machine<'_> {
    /// `name(arguments)`
    pub fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Step {
        if let Some(function) = self.ruleset.script.functions.iter().find(|function| function.name.name == name) {
            let values = self.arguments(arguments)?;
            return self.invoke(function, values);
        }
        if let Some(Expr { kind: ExprKind::Closure(closure), .. }) = arguments.last() {
            let list = self.expr(&arguments[0])?;
            return self.with_closure(name, list.list(), closure);
        }
        let values = self.arguments(arguments)?;
        match name {
            "param" => Ok(self.parameter(values[0].text())),
            "as_of" => Ok(Value::Date(self.as_of)),
            "has" => Ok(Value::Boolean(self.hits.iter().any(|(_, effect)| effect == values[1].text()))),
            "scorecard" => self.scorecard(values[0].text(), span),
            "scale" => self.scale(values[0].text(), values[1].number(), span),
            "table" => self.table(values[0].text(), false, &values[1..], span),
            "matrix" => self.table(values[0].text(), true, &values[1..], span),
            _ => plain(name, &values, span),
        }
    }

    fn arguments(&mut self, arguments: &[Expr]) -> Result<Vec<Value>, Flow> {
        arguments.iter().map(|argument| self.expr(argument)).collect()
    }

    pub fn parameter(&self, name: &str) -> Value {
        let parameter = self.ruleset.parameters.iter().find(|parameter| parameter.name == name).expect("a parameter");
        from_written(&parameter.value)
    }

    fn with_closure(&mut self, name: &str, list: &[Value], closure: &Closure) -> Step {
        let mut kept = Vec::new();
        for item in list {
            let value = self.apply(closure, item.clone())?;
            match name {
                "map" => kept.push(value),
                "all" if !value.boolean() => return Ok(Value::Boolean(false)),
                "any" if value.boolean() => return Ok(Value::Boolean(true)),
                "filter" | "count" if value.boolean() => kept.push(item.clone()),
                _ => {}
            }
        }
        match name {
            "map" | "filter" => Ok(Value::List(kept)),
            "count" => Ok(length(&kept)),
            "all" => Ok(Value::Boolean(true)),
            "any" => Ok(Value::Boolean(false)),
            other => panic!("no function `{other}` with a closure"),
        }
    }

    pub fn scale(&mut self, name: &str, x: &Number, span: Span) -> Step {
        let scale = self.ruleset.scales.iter().find(|scale| scale.name == name).expect("a scale");
        let band = scale.bands.iter().find(|band| {
            let above = band.from.is_none_or(|from| from_decimal(from) <= *x);
            let below = band.to.is_none_or(|to| *x < from_decimal(to));
            above && below
        });
        let Some(band) = band else { return fail(OUTSIDE_SCALE, span) };
        let names = scale.outputs.iter().map(|output| output.name.clone());
        Ok(Value::Record(names.zip(band.values.iter().map(from_written)).collect()))
    }
}

fn length<T>(items: &[T]) -> Value {
    Value::integer(i64::try_from(items.len()).expect("a length"))
}

/// Functions of their arguments alone.
pub fn plain(name: &str, values: &[Value], span: Span) -> Step {
    match name {
        "is_missing" => Ok(Value::Boolean(values[0] == Value::Missing)),
        "is_special" => Ok(Value::Boolean(match (&values[0], values.get(1)) {
            (Value::Special(code), Some(wanted)) => code == wanted.text(),
            (Value::Special(_), None) => true,
            _ => false,
        })),
        "value_or" => Ok(match &values[0] {
            Value::Missing | Value::Special(_) => values[1].clone(),
            present => present.clone(),
        }),
        "starts_with" => Ok(Value::Boolean(values[0].text().starts_with(values[1].text()))),
        "ends_with" => Ok(Value::Boolean(values[0].text().ends_with(values[1].text()))),
        "contains" => Ok(Value::Boolean(match &values[0] {
            Value::Text(text) => text.contains(values[1].text()),
            list => list.list().iter().any(|item| item.equals(&values[1])),
        })),
        "len" => Ok(match &values[0] {
            Value::Text(text) => length(&text.chars().collect::<Vec<_>>()),
            list => length(list.list()),
        }),
        "count" => Ok(length(values[0].list())),
        "sum" | "min" | "max" | "avg" if matches!(values[0], Value::List(_)) => aggregate(name, values, span),
        "date" | "add_days" | "add_months" | "days_between" | "months_between" | "age_in_years" | "year_fraction" => {
            dates(name, values, span)
        }
        _ => numbers(name, values, span),
    }
}

fn aggregate(name: &str, values: &[Value], span: Span) -> Step {
    let items = values[0].list();
    let first_where = |better: fn(std::cmp::Ordering) -> bool| {
        let pick = |best: &Value, item: &Value| if better(item.order(best)) { item.clone() } else { best.clone() };
        items.iter().skip(1).fold(items.first().cloned().unwrap_or(Value::Missing), |best, item| pick(&best, item))
    };
    match name {
        "min" => Ok(first_where(std::cmp::Ordering::is_lt)),
        "max" => Ok(first_where(std::cmp::Ordering::is_gt)),
        "sum" => items.iter().try_fold(Value::integer(0), |sum, item| arithmetic(BinaryOp::Add, &sum, item, span)),
        _ if items.is_empty() => Ok(Value::Missing),
        _ => {
            let total: Number = items.iter().map(|item| item.number().clone()).sum();
            let count = whole(i64::try_from(items.len()).expect("a length"));
            rounded(&(total / count), &values[1], &values[2], span)
        }
    }
}

/// Rounds once to exactly so many digits; a result that a decimal cannot hold with all of them is too large.
fn rounded(exact_result: &Number, scale: &Value, mode: &Value, span: Span) -> Step {
    let result = number::round(exact_result, scale.small(), mode.text());
    if number::fits(&result, scale.small()) { Ok(Value::Decimal(result)) } else { fail(OVERFLOW, span) }
}

/// An integer if all arguments are, else a decimal.
fn same_type(values: &[Value], result: Number) -> Value {
    if values.iter().all(|value| matches!(value, Value::Integer(_))) {
        Value::Integer(result)
    } else {
        Value::Decimal(result)
    }
}

fn numbers(name: &str, values: &[Value], span: Span) -> Step {
    let x = |index: usize| values[index].number();
    match name {
        "round" if number::digits(x(0)) <= Some(values[1].small()) => Ok(Value::Decimal(x(0).clone())),
        "round" => rounded(x(0), &values[1], &values[2], span),
        "div" if x(1).is_zero() => fail(DIVISION_BY_ZERO, span),
        "div" => rounded(&(x(0) / x(1)), &values[2], &values[3], span),
        "min" => Ok(same_type(values, x(0).min(x(1)).clone())),
        "max" => Ok(same_type(values, x(0).max(x(1)).clone())),
        "abs" => exact(same_type(values, x(0).abs()), span),
        "clamp" if x(1) > x(2) => fail(CLAMP_BOUNDS, span),
        "clamp" => Ok(same_type(values, x(0).max(x(1)).min(x(2)).clone())),
        "score_from_good_odds" | "good_odds_from_score" | "pd_from_score" => {
            let from_odds = name == "score_from_good_odds";
            if !odds::in_domain(from_odds, x(0), x(1), x(3)) {
                return fail(ODDS_DOMAIN, span);
            }
            let function = match name {
                "score_from_good_odds" => odds::score_from_good_odds,
                "good_odds_from_score" => odds::good_odds_from_score,
                _ => odds::pd_from_score,
            };
            rounded(&function(x(0), x(1), x(2), x(3)), &values[4], &values[5], span)
        }
        other => panic!("no function `{other}`"),
    }
}

fn dates(name: &str, values: &[Value], span: Span) -> Step {
    let within = |date: Civil| if date.in_range() { Ok(Value::Date(date)) } else { fail(DATE_RANGE, span) };
    if name == "date" {
        return Ok(Value::Date(Civil::parse(values[0].text()).expect("a date literal")));
    }
    let a = values[0].date();
    match name {
        "days_between" => Ok(Value::integer(values[1].date().day_number() - a.day_number())),
        "months_between" => Ok(Value::integer(calendar::months_between(a, values[1].date()))),
        "age_in_years" if values[1].date() < a => fail(DATE_RANGE, span),
        "age_in_years" => Ok(Value::integer(calendar::age_in_years(a, values[1].date()))),
        "year_fraction" => {
            let b = values[1].date();
            let days = b.day_number() - a.day_number();
            let (days, year) = match values[2].text() {
                "act/360" => (days, 360),
                "act/365f" => (days, 365),
                "30/360" => (calendar::days_thirty_360(a, b, false), 360),
                "30e/360" => (calendar::days_thirty_360(a, b, true), 360),
                other => panic!("no day count `{other}`"),
            };
            rounded(&(whole(days) / whole(year)), &values[3], &values[4], span)
        }
        _ => {
            // Ten thousand years in days or months lead out of the calendar from anywhere.
            let n = values[1].number().to_integer().to_i64().expect("an i64").clamp(-4_000_000, 4_000_000);
            if name == "add_days" {
                within(Civil::from_day_number(a.day_number() + n))
            } else {
                within(a.add_months(n, values.len() > 2))
            }
        }
    }
}
