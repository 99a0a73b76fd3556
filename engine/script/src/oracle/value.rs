//! Values between the script and the rest of the tests.

use std::collections::BTreeMap;

use rhai::{Array, Dynamic, ImmutableString, Map};
use rust_decimal::Decimal;

use super::calendar::Civil;

/// A value with its type, as the interpreter has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `()`
    Missing,
    /// A special code, by name.
    Special(String),
    /// A truth value.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A decimal; equal whatever its trailing zeros.
    Decimal(Decimal),
    /// A text, or a value of an enum.
    Text(String),
    /// A civil date.
    Date(Civil),
    /// A list; a series is the list of its values in order of date.
    List(Vec<Value>),
    /// A record.
    Record(BTreeMap<String, Value>),
}

/// A special code inside the interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Special(pub ImmutableString);

/// Into the interpreter.
pub fn to_dynamic(value: Value) -> Dynamic {
    match value {
        Value::Missing => Dynamic::UNIT,
        Value::Special(name) => Dynamic::from(Special(name.into())),
        Value::Boolean(truth) => truth.into(),
        Value::Integer(number) => number.into(),
        Value::Decimal(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Date(date) => Dynamic::from(date),
        Value::List(items) => items.into_iter().map(to_dynamic).collect::<Array>().into(),
        Value::Record(fields) => {
            fields.into_iter().map(|(name, value)| (name.into(), to_dynamic(value))).collect::<Map>().into()
        }
    }
}

/// Out of the interpreter; `None` for what no decision holds, such as a closure.
pub fn from_dynamic(value: Dynamic) -> Option<Value> {
    let value = value.flatten();
    if value.is_unit() {
        return Some(Value::Missing);
    }
    if let Some(Special(name)) = value.clone().try_cast::<Special>() {
        return Some(Value::Special(name.to_string()));
    }
    if let Some(date) = value.clone().try_cast::<Civil>() {
        return Some(Value::Date(date));
    }
    if let Ok(truth) = value.as_bool() {
        return Some(Value::Boolean(truth));
    }
    if let Ok(number) = value.as_int() {
        return Some(Value::Integer(number));
    }
    if let Ok(number) = value.as_decimal() {
        return Some(Value::Decimal(number));
    }
    if let Some(text) = value.clone().try_cast::<ImmutableString>() {
        return Some(Value::Text(text.to_string()));
    }
    if let Some(items) = value.clone().try_cast::<Array>() {
        return items.into_iter().map(from_dynamic).collect::<Option<_>>().map(Value::List);
    }
    let fields = value.try_cast::<Map>()?;
    let fields = fields.into_iter().map(|(name, value)| Some((name.to_string(), from_dynamic(value)?)));
    fields.collect::<Option<_>>().map(Value::Record)
}
