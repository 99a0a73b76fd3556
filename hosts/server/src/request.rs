//! Requests made of a Rust program's own values.

use trutina_engine::decision::TraceLevel;
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::{array, boolean, field, null, object, write_integer, write_string};
use trutina_engine::wire::json::Json;
use trutina_engine::wire::typed::Facts;

/// A request for one decision.
///
/// ```
/// use trutina_engine::{decision::TraceLevel, value::date::Date, wire::typed::Facts};
/// let facts = Facts::new().integer("age", 34).decimal("monthly_income", "3200.00");
/// let request = trutina_server::decide_request(1, &facts, Date::new(2026, 11, 30).unwrap(), TraceLevel::None);
/// assert_eq!(request, br#"{"handle":1,"as_of":"2026-11-30","facts":{"age":34,"monthly_income":3200.00},"trace":"none"}"#);
/// ```
#[must_use]
pub fn decide_request(handle: i64, facts: &Facts, as_of: Date, trace: TraceLevel) -> Vec<u8> {
    let mut out = Vec::new();
    object(&mut out, |out| {
        field(out, "handle", |out| write_integer(out, handle));
        field(out, "as_of", |out| write_string(out, &as_of.to_string()));
        field(out, "facts", |out| write_json(out, &facts.json()));
        let level = match trace {
            TraceLevel::None => "none",
            TraceLevel::Reasons => "reasons",
            TraceLevel::Full => "full",
        };
        field(out, "trace", |out| write_string(out, level));
    });
    out
}

/// Numbers stand as they were written: a digit that is lost here is lost for good.
fn write_json(out: &mut Vec<u8>, json: &Json<'_>) {
    match json {
        Json::Null => null(out),
        Json::Boolean(value) => boolean(out, *value),
        Json::Number(text) => out.extend_from_slice(text.as_bytes()),
        Json::Text(text) => write_string(out, text),
        Json::Array(elements) => array(out, elements, write_json),
        Json::Object(entries) => object(out, |out| {
            for (name, value) in entries {
                field(out, name, |out| write_json(out, value));
            }
        }),
    }
}
