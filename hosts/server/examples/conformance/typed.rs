//! From the text of facts to the values that a Rust program would hold, as the ruleset describes them.

use serde_json::Value;
use trutina_engine::value::date::Date;
use trutina_engine::wire::input::FACTS_LIMITS;
use trutina_engine::wire::json::{Json, read};
use trutina_server::{FactValue, Facts};

use crate::plain::{self, Why, plain};

/// The facts in the types that the ruleset's description gives them.
pub fn facts(text: &str, described: &Value) -> Result<Facts, Why> {
    let document = read(text.as_bytes(), FACTS_LIMITS).map_err(|_| "no JSON within the limits")?;
    if document.duplicate.is_some() {
        return Err("a key stands twice");
    }
    fields(&document.value, described.as_array().map_or(&[], Vec::as_slice))
}

fn fields(json: &Json<'_>, described: &[Value]) -> Result<Facts, Why> {
    let Json::Object(entries) = json else { return Err("no object") };
    let mut facts = Facts::new();
    for (name, json) in entries {
        let known = |fact: &&Value| [&fact["source"], &fact["name"]].iter().any(|key| *key == name.as_ref());
        let value = match described.iter().find(known) {
            Some(fact) => value(json, fact)?,
            None => untyped(json)?,
        };
        facts.insert(name.as_ref(), value);
    }
    Ok(facts)
}

/// What is of another type than the fact goes in as what it is: the engine refuses it.
fn value(json: &Json<'_>, described: &Value) -> Result<FactValue, Why> {
    let data_type = described["type"].as_str().unwrap_or_default();
    match (data_type, json) {
        ("integer", Json::Number(text)) => integer(text),
        ("decimal", Json::Text(text)) if is_number(text) => decimal(text),
        ("date", Json::Text(text)) => {
            Ok(Date::parse_iso(text.as_bytes()).map_or_else(|_| FactValue::text(text.as_ref()), FactValue::date))
        }
        ("list", Json::Array(elements)) => {
            let element = |json| value(json, &described["of"]);
            elements.iter().map(element).collect::<Result<Vec<_>, _>>().map(FactValue::list)
        }
        ("record", Json::Object(_)) => {
            fields(json, described["fields"].as_array().map_or(&[], Vec::as_slice)).map(FactValue::record)
        }
        ("series", Json::Array(observations)) => match series(observations, &described["of"])? {
            Some(series) => Ok(series),
            None => untyped(json),
        },
        _ => untyped(json),
    }
}

/// Observations, if they are some.
fn series(observations: &[Json<'_>], described: &Value) -> Result<Option<FactValue>, Why> {
    let mut dated = Vec::new();
    for json in observations {
        match observation(json, described)? {
            Some(observation) => dated.push(observation),
            None => return Ok(None),
        }
    }
    Ok(Some(FactValue::series(dated)))
}

fn observation(json: &Json<'_>, described: &Value) -> Result<Option<(Date, FactValue)>, Why> {
    let Json::Object(entries) = json else { return Ok(None) };
    let [(date, Json::Text(day)), (key, observed)] = entries.as_slice() else { return Ok(None) };
    match Date::parse_iso(day.as_bytes()) {
        Ok(day) if date == "date" && key == "value" => Ok(Some((day, value(observed, described)?))),
        _ => Ok(None),
    }
}

/// A fact that the ruleset does not know has the type that it seems to have.
fn untyped(json: &Json<'_>) -> Result<FactValue, Why> {
    match json {
        Json::Null => Ok(FactValue::missing()),
        Json::Boolean(value) => Ok(FactValue::boolean(*value)),
        Json::Number(text) => decimal(text),
        Json::Text(text) => Ok(FactValue::text(text.as_ref())),
        Json::Array(elements) => elements.iter().map(untyped).collect::<Result<Vec<_>, _>>().map(FactValue::list),
        Json::Object(_) => fields(json, &[]).map(FactValue::record),
    }
}

/// An integral number is an integer, however it is written.
fn integer(text: &str) -> Result<FactValue, Why> {
    let plain = plain(text)?;
    Ok(plain::integer(&plain).map_or_else(|| FactValue::decimal(plain.clone()), FactValue::integer))
}

fn decimal(text: &str) -> Result<FactValue, Why> {
    plain(text).map(FactValue::decimal)
}

/// Whether a text is a number as JSON writes it.
fn is_number(text: &str) -> bool {
    matches!(read(text.as_bytes(), FACTS_LIMITS), Ok(document) if document.value == Json::Number(text))
}
