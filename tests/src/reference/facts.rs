//! Facts from JSON: types, digits, domains, special codes, and the first error in the declared order.

use std::collections::BTreeSet;

use num_traits::ToPrimitive;
use trutina_engine::diagnostic::codes::{
    Code, DUPLICATE_KEY, INPUT_DATE, INPUT_DIGITS, INPUT_DOMAIN, INPUT_ENUM, INPUT_MISSING, INPUT_NOT_OBJECT,
    INPUT_SYNTAX, INPUT_TIMESTAMP, INPUT_TOO_LARGE, INPUT_TYPE, SERIES_DUPLICATE_PERIOD, UNKNOWN_INPUT,
};
use trutina_engine::schema::{DataType, Fact, Field, Period, ValueSpec};

use super::Failure;
use super::calendar::Civil;
use super::json::Json;
use super::number::{self, Number};
use super::value::{Value, from_written};

/// Reads the facts of one record, in declared order.
pub fn read(facts: &[Fact], text: &str) -> Result<Vec<Value>, Failure> {
    let document = Json::parse(text).ok_or_else(|| Failure::input(INPUT_SYNTAX, ""))?;
    let Json::Object(members) = &document else { return Err(Failure::input(INPUT_NOT_OBJECT, "")) };
    if let Some(at) = duplicate(&document, "") {
        return Err(Failure::input(DUPLICATE_KEY, &at));
    }
    let mut values = Vec::new();
    for fact in facts {
        values.push(datum(&fact.spec, document.get(fact.input_key()), &pointer("", fact.input_key()))?);
    }
    let known = |key: &String| facts.iter().any(|fact| fact.input_key() == key);
    match members.iter().find(|(key, _)| !known(key)) {
        Some((key, _)) => Err(Failure::input(UNKNOWN_INPUT, &pointer("", key))),
        None => Ok(values),
    }
}

fn pointer(parent: &str, key: &str) -> String {
    format!("{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The first key of the document that stands twice in its object.
fn duplicate(json: &Json, at: &str) -> Option<String> {
    match json {
        Json::Array(items) => {
            items.iter().enumerate().find_map(|(index, item)| duplicate(item, &format!("{at}/{index}")))
        }
        Json::Object(members) => {
            let mut keys = BTreeSet::new();
            members.iter().find_map(|(key, value)| {
                let here = pointer(at, key);
                if keys.insert(key) { duplicate(value, &here) } else { Some(here) }
            })
        }
        _ => None,
    }
}

fn datum(spec: &ValueSpec, json: Option<&Json>, at: &str) -> Result<Value, Failure> {
    let json = match json {
        None | Some(Json::Null) if spec.optional => return Ok(Value::Missing),
        None | Some(Json::Null) => return Err(Failure::input(INPUT_MISSING, at)),
        Some(json) => json,
    };
    if let Some(name) = special(spec, json) {
        return Ok(Value::Special(name));
    }
    let value = typed(&spec.data_type, json, at)?;
    let bound = |bound: &Option<trutina_engine::value::Value>| bound.as_ref().map(from_written);
    let too_low = bound(&spec.min).is_some_and(|min| value.order(&min).is_lt());
    let too_high = bound(&spec.max).is_some_and(|max| value.order(&max).is_gt());
    if too_low || too_high { Err(Failure::input(INPUT_DOMAIN, at)) } else { Ok(value) }
}

/// The special code that this input stands for.
fn special(spec: &ValueSpec, json: &Json) -> Option<String> {
    let read = match (&spec.data_type, json) {
        (DataType::Integer, Json::Number(text)) => Value::Decimal(number::parse(text)?),
        (DataType::Decimal { .. }, Json::Number(text) | Json::Text(text)) => Value::Decimal(number::parse(text)?),
        (DataType::Date, Json::Text(text)) => Civil::parse(text).map_or_else(|| Value::Text(text.clone()), Value::Date),
        (DataType::Text | DataType::Enum(_), Json::Text(text)) => Value::Text(text.clone()),
        _ => return None,
    };
    spec.special.iter().find(|code| from_written(&code.value).equals(&read)).map(|code| code.name.clone())
}

fn typed(data_type: &DataType, json: &Json, at: &str) -> Result<Value, Failure> {
    let fail = |code: Code| Failure::input(code, at);
    match (data_type, json) {
        (DataType::Boolean, Json::Boolean(value)) => Ok(Value::Boolean(*value)),
        (DataType::Integer, Json::Number(text)) => integer(text).map(Value::Integer).map_err(fail),
        (DataType::Decimal { scale }, Json::Number(text) | Json::Text(text)) => {
            decimal(text, u32::from(*scale)).map(Value::Decimal).map_err(fail)
        }
        (DataType::Text, Json::Text(text)) => Ok(Value::Text(text.clone())),
        (DataType::Enum(domain), Json::Text(text)) if domain.values.contains(text) => Ok(Value::Text(text.clone())),
        (DataType::Enum(_), Json::Text(_)) => Err(fail(INPUT_ENUM)),
        (DataType::Date, Json::Text(text)) => date(text).map(Value::Date).map_err(fail),
        (DataType::List(element), Json::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(index, item)| datum(element, Some(item), &format!("{at}/{index}")))
            .collect::<Result<_, _>>()
            .map(Value::List),
        (DataType::Record(fields), Json::Object(members)) => record(fields, json, members, at),
        (DataType::Series { value, period }, Json::Array(items)) => series(value, *period, items, at),
        _ => Err(fail(INPUT_TYPE)),
    }
}

fn integer(text: &str) -> Result<Number, Code> {
    let number = number::parse(text).ok_or(INPUT_TYPE)?;
    if !number.is_integer() {
        return Err(INPUT_TYPE);
    }
    if number.to_integer().to_i64().is_some() { Ok(number) } else { Err(INPUT_TOO_LARGE) }
}

fn decimal(text: &str, scale: u32) -> Result<Number, Code> {
    let number = number::parse(text).ok_or(INPUT_TYPE)?;
    if number::digits(&number).is_none_or(|digits| digits > scale) {
        return Err(INPUT_DIGITS);
    }
    if number::fits(&number, scale) { Ok(number) } else { Err(INPUT_TOO_LARGE) }
}

fn date(text: &str) -> Result<Civil, Code> {
    let timestamp = |text: &str| {
        text.get(..10).is_some_and(|head| Civil::parse(head).is_some()) && text[10..].starts_with(['T', 't', ' '])
    };
    Civil::parse(text).ok_or_else(|| if timestamp(text) { INPUT_TIMESTAMP } else { INPUT_DATE })
}

fn record(fields: &[Field], json: &Json, members: &[(String, Json)], at: &str) -> Result<Value, Failure> {
    let mut values = Vec::new();
    for field in fields {
        let key = field.source.as_deref().unwrap_or(&field.name);
        values.push((field.name.clone(), datum(&field.spec, json.get(key), &pointer(at, key))?));
    }
    let known = |key: &String| fields.iter().any(|field| field.source.as_ref().unwrap_or(&field.name) == key);
    match members.iter().find(|(key, _)| !known(key)) {
        Some((key, _)) => Err(Failure::input(UNKNOWN_INPUT, &pointer(at, key))),
        None => Ok(Value::Record(values)),
    }
}

fn series(spec: &ValueSpec, period: Period, items: &[Json], at: &str) -> Result<Value, Failure> {
    let date_field = Field { name: "date".to_owned(), source: None, spec: ValueSpec::of(DataType::Date) };
    let value_field = Field { name: "value".to_owned(), source: None, spec: spec.clone() };
    let fields = [date_field, value_field];
    let mut observations: Vec<(Civil, Value)> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{at}/{index}");
        let Json::Object(members) = item else { return Err(Failure::input(INPUT_TYPE, &at)) };
        let Value::Record(mut read) = record(&fields, item, members, &at)? else { unreachable!("a record was read") };
        let (value, date) = (read.pop().expect("two fields").1, read.pop().expect("two fields").1.date());
        if observations.iter().any(|(other, _)| period_of(*other, period) == period_of(date, period)) {
            return Err(Failure::input(SERIES_DUPLICATE_PERIOD, &at));
        }
        observations.push((date, value));
    }
    observations.sort_by_key(|(date, _)| *date);
    Ok(Value::List(observations.into_iter().map(|(_, value)| value).collect()))
}

fn period_of(date: Civil, period: Period) -> (i64, i64) {
    match period {
        Period::Day => (0, date.day_number()),
        // 1970-01-01 was a Thursday: three days after its Monday.
        Period::Week => (0, (date.day_number() + 3).div_euclid(7)),
        Period::Month => (date.year, date.month),
        Period::Quarter => (date.year, (date.month - 1) / 3),
        Period::Year => (date.year, 0),
    }
}
