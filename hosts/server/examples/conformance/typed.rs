//! From the text of facts to the values that a Rust program would hold, as the ruleset describes them.

use serde_json::Value;
use trutina_engine::value::date::Date;
use trutina_engine::wire::input::FACTS_LIMITS;
use trutina_engine::wire::json::{Json, read};
use trutina_server::{FactValue, Facts};

/// Why facts cannot be written in Rust's types.
pub type Why = &'static str;

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

fn value(json: &Json<'_>, described: &Value) -> Result<FactValue, Why> {
    let data_type = described["type"].as_str().unwrap_or_default();
    match (data_type, json) {
        (_, Json::Null) => Ok(FactValue::missing()),
        ("boolean", Json::Boolean(value)) => Ok(FactValue::boolean(*value)),
        ("integer", Json::Number(text)) => integer(text),
        ("decimal", Json::Number(text)) => decimal(text),
        ("decimal", Json::Text(text)) => decimal(text),
        ("text" | "enum", Json::Text(text)) => Ok(FactValue::text(text.as_ref())),
        ("date", Json::Text(text)) => Date::parse_iso(text.as_bytes()).map(FactValue::date).map_err(|_| "no date"),
        ("list", Json::Array(elements)) => {
            let element = |json| value(json, &described["of"]);
            elements.iter().map(element).collect::<Result<Vec<_>, _>>().map(FactValue::list)
        }
        ("record", Json::Object(_)) => {
            fields(json, described["fields"].as_array().map_or(&[], Vec::as_slice)).map(FactValue::record)
        }
        ("series", Json::Array(observations)) => {
            let observation = |json| observation(json, &described["of"]);
            observations.iter().map(observation).collect::<Result<Vec<_>, _>>().map(FactValue::series)
        }
        _ => Err("another type than the fact has"),
    }
}

fn observation(json: &Json<'_>, described: &Value) -> Result<(Date, FactValue), Why> {
    match json {
        Json::Object(entries) => match entries.as_slice() {
            [(date, Json::Text(day)), (key, json)] if date == "date" && key == "value" => {
                Ok((Date::parse_iso(day.as_bytes()).map_err(|_| "no date")?, value(json, described)?))
            }
            _ => Err("no observation"),
        },
        _ => Err("no observation"),
    }
}

/// A fact that the ruleset does not know has the type that it seems to have.
fn untyped(json: &Json<'_>) -> Result<FactValue, Why> {
    match json {
        Json::Null => Ok(FactValue::missing()),
        Json::Boolean(value) => Ok(FactValue::boolean(*value)),
        Json::Number(text) => integer(text).or_else(|_| decimal(text)),
        Json::Text(text) => Ok(FactValue::text(text.as_ref())),
        Json::Array(elements) => elements.iter().map(untyped).collect::<Result<Vec<_>, _>>().map(FactValue::list),
        Json::Object(_) => fields(json, &[]).map(FactValue::record),
    }
}

fn integer(text: &str) -> Result<FactValue, Why> {
    text.parse::<i128>().map(FactValue::integer).map_err(|_| "no integer")
}

/// A text that a decimal type would print.
fn decimal(text: &str) -> Result<FactValue, Why> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if plain { Ok(FactValue::decimal(text)) } else { Err("no plain decimal") }
}
