//! The functions of strict Rhai, registered with the interpreter.

use std::any::TypeId;
use std::cmp::Ordering;
use std::sync::Arc;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext};
use rust_decimal::Decimal;
use trutina_engine::diagnostic::codes;

use super::calendar::Civil;
use super::facts::{Facts, Hits};
use super::failure::Failure;
use super::numbers::{Fraction, div, round, rounded};
use super::value::{Special, Value, from_dynamic, to_dynamic};
use super::{Host, lists};

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Most arguments of `table`, its name included.
const MOST_ARGUMENTS: usize = 12;

/// Registers everything that a script may call.
pub fn register(engine: &mut Engine, facts: &Facts, as_of: Civil, host: &Arc<dyn Host>) {
    numbers(engine);
    texts(engine);
    dates(engine, as_of);
    missing(engine);
    lists::register(engine);
    artefacts(engine, facts, host);
    engine
        .register_indexer_get(|context: NativeCallContext<'_>, facts: &mut Facts, name: ImmutableString| {
            facts.read(&context, &name)
        })
        .register_fn("has", |hits: Hits, effect: &str| hits.has(effect));
}

fn numbers(engine: &mut Engine) {
    engine
        .register_fn("div", |a: Dynamic, b: Dynamic, scale: i64, mode: &str| {
            div(&a, &b, scale, mode).map_err(Failure::raise)
        })
        .register_fn("round", |x: Dynamic, scale: i64, mode: &str| round(&x, scale, mode).map_err(Failure::raise))
        .register_fn("min", |a: Dynamic, b: Dynamic| pick(a, b, Ordering::Less))
        .register_fn("max", |a: Dynamic, b: Dynamic| pick(a, b, Ordering::Greater))
        .register_fn("abs", |x: i64| {
            x.checked_abs().ok_or_else(|| Failure::new(codes::OVERFLOW, "no such integer").raise())
        })
        .register_fn("abs", |x: Decimal| x.abs())
        .register_fn("+", |x: i64| x)
        .register_fn("+", |x: Decimal| x) // both in the interpreter's standard packages, not among its built-in operators
        .register_fn("clamp", |x: Dynamic, low: Dynamic, high: Dynamic| clamp(x, low, high));
}

fn number(value: &Dynamic) -> Answer<Decimal> {
    let number = value.as_decimal().or_else(|_| value.as_int().map(Decimal::from));
    number.map_err(|kind| Failure::of_type(format!("a number is wanted, not {kind}")).raise())
}

/// One of two numbers or dates, the first if `wanted` or equal; of mixed numbers a decimal.
fn pick(a: Dynamic, b: Dynamic, wanted: Ordering) -> Answer<Dynamic> {
    if let (Some(x), Some(y)) = (a.clone().try_cast::<Civil>(), b.clone().try_cast::<Civil>()) {
        return Ok(if x.cmp(&y) == wanted { a } else { b });
    }
    let mixed = a.is_int() != b.is_int();
    let (x, y) = (number(&a)?, number(&b)?);
    let (chosen, value) = if x.cmp(&y) == wanted { (a, x) } else { (b, y) };
    Ok(if mixed { value.into() } else { chosen })
}

fn clamp(x: Dynamic, low: Dynamic, high: Dynamic) -> Answer<Dynamic> {
    if number(&low)? > number(&high)? {
        return Err(Failure::new(codes::CLAMP_BOUNDS, "the lower bound is above the upper").raise());
    }
    let all_integers = x.is_int() && low.is_int() && high.is_int();
    let value = number(&x)?.max(number(&low)?).min(number(&high)?);
    Ok(if all_integers { i64::try_from(value).map_or(Dynamic::UNIT, Dynamic::from) } else { value.into() })
}

fn texts(engine: &mut Engine) {
    engine
        .register_fn("len", |text: &str| i64::try_from(text.chars().count()).unwrap_or(i64::MAX))
        .register_fn("starts_with", |text: &str, part: &str| text.starts_with(part))
        .register_fn("ends_with", |text: &str, part: &str| text.ends_with(part))
        .register_fn("contains", |text: &str, part: &str| text.contains(part));
}

fn dates(engine: &mut Engine, as_of: Civil) {
    let out_of_range = || Failure::new(codes::DATE_RANGE, "no such date").raise();
    engine
        .register_fn("date", |text: &str| {
            Civil::parse(text).ok_or_else(|| Failure::of_type(format!("`{text}` is no date")).raise())
        })
        .register_fn("as_of", move || as_of)
        .register_fn("days_between", |a: Civil, b: Civil| a.days_until(b))
        .register_fn("months_between", |a: Civil, b: Civil| a.months_until(b))
        .register_fn("add_days", move |date: Civil, days: i64| date.add_days(days).ok_or_else(out_of_range))
        .register_fn("add_months", move |date: Civil, n: i64| date.add_months(n, false).ok_or_else(out_of_range))
        .register_fn("add_months", move |date: Civil, n: i64, rule: &str| {
            date.add_months(n, rule == "end_of_month").ok_or_else(out_of_range)
        })
        .register_fn(
            "age_in_years",
            move |birth: Civil, on: Civil| {
                if on < birth { Err(out_of_range()) } else { Ok(birth.age_on(on)) }
            },
        )
        .register_fn("year_fraction", |a: Civil, b: Civil, convention: &str, scale: i64, mode: &str| {
            let (days, year) = a
                .year_fraction(b, convention)
                .ok_or_else(|| Failure::of_type(format!("unknown convention `{convention}`")).raise())?;
            rounded(&Fraction::ratio(days, year), scale, mode).map_err(Failure::raise)
        });
    engine
        .register_fn("==", |a: Civil, b: Civil| a == b)
        .register_fn("!=", |a: Civil, b: Civil| a != b)
        .register_fn("<", |a: Civil, b: Civil| a < b)
        .register_fn("<=", |a: Civil, b: Civil| a <= b)
        .register_fn(">", |a: Civil, b: Civil| a > b)
        .register_fn(">=", |a: Civil, b: Civil| a >= b);
}

fn missing(engine: &mut Engine) {
    engine
        .register_fn("is_missing", |value: Dynamic| value.is_unit())
        .register_fn("is_special", |value: Dynamic| value.is::<Special>())
        .register_fn("is_special", |value: Dynamic, name: &str| {
            value.try_cast::<Special>().is_some_and(|special| special.0.as_str() == name)
        })
        .register_fn(
            "value_or",
            |value: Dynamic, default: Dynamic| {
                if value.is_unit() || value.is::<Special>() { default } else { value }
            },
        );
}

fn value(dynamic: &Dynamic) -> Answer<Value> {
    from_dynamic(dynamic.clone()).ok_or_else(|| Failure::of_type("a value is wanted").raise())
}

fn answer(result: Result<Value, Failure>) -> Answer<Dynamic> {
    result.map(to_dynamic).map_err(Failure::raise)
}

fn artefacts(engine: &mut Engine, facts: &Facts, host: &Arc<dyn Host>) {
    let with = Arc::clone(host);
    engine.register_fn("param", move |name: &str| answer(with.parameter(name)));
    let with = Arc::clone(host);
    engine.register_fn("scale", move |name: &str, x: Dynamic| answer(with.scale(name, value(&x)?)));
    let with = Arc::clone(host);
    engine.register_fn("scorecard", move |context: NativeCallContext<'_>, name: &str, facts: Facts| {
        answer(with.scorecard(name, &|fact| facts.read_value(&context, fact)))
    });
    let (with, read) = (Arc::clone(host), facts.clone());
    engine.register_fn("matrix", move |context: NativeCallContext<'_>, name: &str, row: Dynamic, column: Dynamic| {
        answer(with.matrix(name, value(&row)?, value(&column)?, &|fact| read.read_value(&context, fact)))
    });
    for count in 2..=MOST_ARGUMENTS {
        let (with, read) = (Arc::clone(host), facts.clone());
        engine.register_raw_fn("table", vec![TypeId::of::<Dynamic>(); count], move |context, arguments| {
            let mut values = arguments.iter().map(|argument| value(argument));
            let Some(Value::Text(name)) = values.next().transpose()? else {
                return Err(Failure::of_type("the name of a table is a text").raise());
            };
            let values = values.collect::<Answer<Vec<Value>>>()?;
            answer(with.table(&name, values, &|fact| read.read_value(&context, fact)))
        });
    }
    for (name, count) in [("score_from_good_odds", 6), ("good_odds_from_score", 6), ("pd_from_score", 6)] {
        let with = Arc::clone(host);
        engine.register_raw_fn(name, vec![TypeId::of::<Dynamic>(); count], move |_context, arguments| {
            let values = arguments.iter().map(|argument| value(argument)).collect::<Answer<Vec<Value>>>()?;
            answer(with.odds(name, values))
        });
    }
}
