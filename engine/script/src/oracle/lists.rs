//! Functions on lists, and what `in` means.

use rhai::{Array, Dynamic, Engine, EvalAltResult, FnPtr, ImmutableString, NativeCallContext};
use rust_decimal::Decimal;
use trutina_engine::diagnostic::codes;

use super::calendar::Civil;
use super::failure::Failure;
use super::numbers::{Fraction, rounded};
use super::value::Special;

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Equality of like-typed values; an integer with a decimal is one type.
pub fn equal(a: &Dynamic, b: &Dynamic) -> bool {
    if let (Some(a), Some(b)) = (number(a), number(b)) {
        return a == b;
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return a == b;
    }
    same::<ImmutableString>(a, b) || same::<Civil>(a, b) || same::<Special>(a, b) || a.is_unit() && b.is_unit()
}

fn same<T: Clone + PartialEq + 'static + Send + Sync>(a: &Dynamic, b: &Dynamic) -> bool {
    matches!((a.clone().try_cast::<T>(), b.clone().try_cast::<T>()), (Some(a), Some(b)) if a == b)
}

fn number(value: &Dynamic) -> Option<Decimal> {
    value.as_decimal().ok().or_else(|| value.as_int().ok().map(Decimal::from))
}

/// Adds as the interpreter's `+` does.
fn add(a: &Dynamic, b: &Dynamic) -> Answer<Dynamic> {
    let overflow = || Failure::new(codes::OVERFLOW, "the sum is too large").raise();
    if let (Ok(a), Ok(b)) = (a.as_int(), b.as_int()) {
        return a.checked_add(b).map(Dynamic::from).ok_or_else(overflow);
    }
    let (Some(a), Some(b)) = (number(a), number(b)) else { return Err(Failure::of_type("no numbers").raise()) };
    a.checked_add(b).map(Dynamic::from).ok_or_else(overflow)
}

/// The extreme by `better`; nothing for an empty list.
fn extreme(items: Array, less: bool) -> Answer<Dynamic> {
    let mut items = items.into_iter();
    let Some(mut best) = items.next() else { return Ok(Dynamic::UNIT) };
    for item in items {
        let smaller = match (number(&item), number(&best)) {
            (Some(item), Some(best)) => {
                if less {
                    item < best
                } else {
                    item > best
                }
            }
            _ => {
                let dates = (item.clone().try_cast::<Civil>(), best.clone().try_cast::<Civil>());
                let (Some(item), Some(best)) = dates else { return Err(Failure::of_type("nothing to order").raise()) };
                if less { item < best } else { item > best }
            }
        };
        if smaller {
            best = item;
        }
    }
    Ok(best)
}

fn sum(items: Array) -> Answer<Dynamic> {
    items.into_iter().try_fold(Dynamic::from(0_i64), |sum, item| add(&sum, &item))
}

fn avg(items: Array, scale: i64, mode: &str) -> Answer<Dynamic> {
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if count == 0 {
        return Ok(Dynamic::UNIT);
    }
    let total = sum(items)?;
    let total = Fraction::of(&total).ok_or_else(|| Failure::of_type("no numbers").raise())?;
    let average = total.divided_by(Fraction::ratio(count, 1)).map_err(Failure::raise)?;
    rounded(&average, scale, mode).map(Dynamic::from).map_err(Failure::raise)
}

/// Elements with whether the closure held for them, in order, until `stop` says so.
fn test(context: &NativeCallContext<'_>, closure: &FnPtr, item: &Dynamic) -> Answer<bool> {
    closure.call_within_context(context, (item.clone(),))
}

fn filter(context: &NativeCallContext<'_>, items: Array, closure: &FnPtr) -> Answer<Array> {
    let mut kept = Array::new();
    for item in items {
        if test(context, closure, &item)? {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Whether the closure answers `wanted` for some element; those behind it are not looked at.
fn some(context: &NativeCallContext<'_>, items: Array, closure: &FnPtr, wanted: bool) -> Answer<bool> {
    for item in items {
        if test(context, closure, &item)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn map(context: &NativeCallContext<'_>, items: Array, closure: &FnPtr) -> Answer<Array> {
    items.into_iter().map(|item| closure.call_within_context(context, (item,))).collect()
}

fn length(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Registers all of them.
pub fn register(engine: &mut Engine) {
    engine
        .register_iterator::<Array>()
        .register_fn("len", |items: Array| length(items.len()))
        .register_fn("count", |items: Array| length(items.len()))
        .register_fn("sum", sum)
        .register_fn("min", |items: Array| extreme(items, true))
        .register_fn("max", |items: Array| extreme(items, false))
        .register_fn("avg", |items: Array, scale: i64, mode: &str| avg(items, scale, mode))
        .register_fn("contains", |items: Array, item: Dynamic| items.iter().any(|other| equal(other, &item)))
        .register_fn("contains", |range: std::ops::Range<i64>, item: i64| range.contains(&item))
        .register_fn("contains", |range: std::ops::RangeInclusive<i64>, item: i64| range.contains(&item))
        .register_fn("filter", |context: NativeCallContext<'_>, items: Array, closure: FnPtr| {
            filter(&context, items, &closure)
        })
        .register_fn("count", |context: NativeCallContext<'_>, items: Array, closure: FnPtr| {
            filter(&context, items, &closure).map(|kept| length(kept.len()))
        })
        .register_fn("map", |context: NativeCallContext<'_>, items: Array, closure: FnPtr| {
            map(&context, items, &closure)
        })
        .register_fn("any", |context: NativeCallContext<'_>, items: Array, closure: FnPtr| {
            some(&context, items, &closure, true)
        })
        .register_fn("all", |context: NativeCallContext<'_>, items: Array, closure: FnPtr| {
            some(&context, items, &closure, false).map(|found| !found)
        });
}
