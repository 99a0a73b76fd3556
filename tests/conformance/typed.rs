//! Facts in JSON as the typed facts of a Rust program, by the types that the ruleset declares.

use trutina_engine::schema::{DataType, Fact, Field, ValueSpec};
use trutina_engine::value::date::Date;
use trutina_engine::wire::typed::{FactValue, Facts};
use trutina_tests::reference::json::Json;

use crate::plain::{Why, integer, plain};

const NOT_JSON: Why = "not JSON";
const NO_OBJECT: Why = "facts that are no object";
const TWICE: Why = "a key stands twice";

/// The facts of a ruleset.
///
/// # Errors
///
/// Why a program that holds typed values cannot say this.
pub fn facts(text: &str, declared: &[Fact]) -> Result<Facts, Why> {
    let Json::Object(members) = Json::parse(text).ok_or(NOT_JSON)? else { return Err(NO_OBJECT) };
    let spec = |key: &str| declared.iter().find(|fact| fact.input_key() == key).map(|fact| &fact.spec);
    object(&members, spec)
}

fn object<'s>(members: &[(String, Json)], spec: impl Fn(&str) -> Option<&'s ValueSpec>) -> Result<Facts, Why> {
    let mut facts = Facts::new();
    for (key, json) in members {
        if facts.get(key).is_some() {
            return Err(TWICE);
        }
        facts.insert(key, value(json, spec(key))?);
    }
    Ok(facts)
}

fn value(json: &Json, spec: Option<&ValueSpec>) -> Result<FactValue, Why> {
    let data_type = spec.map(|spec| &spec.data_type);
    Ok(match (json, data_type) {
        (Json::Null, _) => FactValue::missing(),
        (Json::Boolean(truth), _) => FactValue::boolean(*truth),
        (Json::Number(text), Some(DataType::Integer)) => match integer(&plain(text)?) {
            Some(number) => FactValue::integer(number),
            None => FactValue::decimal(plain(text)?),
        },
        (Json::Number(text), _) => FactValue::decimal(plain(text)?),
        (Json::Text(text), Some(DataType::Decimal { .. })) if is_number(text) => FactValue::decimal(plain(text)?),
        (Json::Text(text), Some(DataType::Date)) => {
            Date::parse_iso(text).map_or_else(|_| FactValue::text(text), FactValue::date)
        }
        (Json::Text(text), _) => FactValue::text(text),
        (Json::Array(items), Some(DataType::Series { value: spec, .. })) => match series(items, spec)? {
            Some(series) => series,
            None => list(items, None)?,
        },
        (Json::Array(items), Some(DataType::List(element))) => list(items, Some(element))?,
        (Json::Array(items), _) => list(items, None)?,
        (Json::Object(members), Some(DataType::Record(fields))) => {
            FactValue::record(object(members, |key| field(fields, key))?)
        }
        (Json::Object(members), _) => FactValue::record(object(members, |_| None)?),
    })
}

fn field<'s>(fields: &'s [Field], key: &str) -> Option<&'s ValueSpec> {
    fields.iter().find(|field| field.source.as_deref().unwrap_or(&field.name) == key).map(|field| &field.spec)
}

fn list(items: &[Json], element: Option<&ValueSpec>) -> Result<FactValue, Why> {
    Ok(FactValue::list(items.iter().map(|item| value(item, element)).collect::<Result<Vec<_>, _>>()?))
}

/// Observations, if they are some.
fn series(items: &[Json], spec: &ValueSpec) -> Result<Option<FactValue>, Why> {
    let mut observations = Vec::new();
    for item in items {
        let Json::Object(members) = item else { return Ok(None) };
        let [(first, Json::Text(date)), (second, observed)] = members.as_slice() else { return Ok(None) };
        let Some(date) = Date::parse_iso(date).ok().filter(|_| first == "date" && second == "value") else {
            return Ok(None);
        };
        observations.push((date, value(observed, Some(spec))?));
    }
    Ok(Some(FactValue::series(observations)))
}

fn is_number(text: &str) -> bool {
    matches!(Json::parse(text), Some(Json::Number(number)) if number == text)
}

#[cfg(test)]
mod tests {
    use super::facts;
    use trutina_engine::wire::typed::Facts;

    #[test]
    fn what_has_no_typed_form_is_named() {
        assert_eq!(facts("{\"a\":1,\"a\":2}", &[]), Err("a key stands twice"));
        assert_eq!(facts("{\"a\":{\"b\":1,\"b\":2}}", &[]), Err("a key stands twice"));
        assert_eq!(facts("{\"a\":1", &[]), Err("not JSON"));
        assert_eq!(facts("[1]", &[]), Err("facts that are no object"));
        assert_eq!(facts("{\"a\":1.50}", &[]), Ok(Facts::new().decimal("a", "1.50")));
    }
}
