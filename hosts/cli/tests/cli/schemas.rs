//! The JSON Schemas that ship, against what the command really prints.

use serde_json::Value;

use crate::support::{account, first, json, read, trutina_with};

fn schema(name: &str) -> Value {
    json(&read(format!("{}/../../engine/schemas/{name}", env!("CARGO_MANIFEST_DIR"))))
}

/// Where a value breaks a schema; a keyword that is not understood here is a failure of the test.
fn breach(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    schema.as_object().unwrap().iter().find_map(|(keyword, rule)| match keyword.as_str() {
        "$schema" | "title" | "description" | "$defs" => None,
        "$ref" => {
            let target = rule.as_str().unwrap();
            match target.strip_prefix('#') {
                Some(pointer) => breach(root, root.pointer(pointer).unwrap(), value, at),
                None => {
                    let other = self::schema(target);
                    breach(&other, &other, value, at)
                }
            }
        }
        "type" => {
            let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
            let fits = names.iter().any(|name| is_of(value, name.as_str().unwrap()));
            (!fits).then(|| format!("{at}: {value} is not {rule}"))
        }
        "anyOf" => {
            let fits = rule.as_array().unwrap().iter().any(|one| breach(root, one, value, at).is_none());
            (!fits).then(|| format!("{at}: {value} fits none of {rule}"))
        }
        "required" => {
            let object = value.as_object()?;
            let missing = rule.as_array().unwrap().iter().find(|key| !object.contains_key(key.as_str().unwrap()))?;
            Some(format!("{at}: {missing} is missing"))
        }
        "properties" => value
            .as_object()?
            .iter()
            .find_map(|(key, value)| breach(root, rule.get(key)?, value, &format!("{at}/{key}"))),
        "additionalProperties" => {
            let others = value
                .as_object()?
                .iter()
                .filter(|(key, _)| schema.pointer("/properties").and_then(|known| known.get(key)).is_none());
            others.into_iter().find_map(|(key, value)| match rule {
                Value::Bool(false) => Some(format!("{at}/{key} is not allowed")),
                rule => breach(root, rule, value, &format!("{at}/{key}")),
            })
        }
        "items" => {
            let items = value.as_array()?.iter().enumerate();
            items.into_iter().find_map(|(index, item)| breach(root, rule, item, &format!("{at}/{index}")))
        }
        "maxItems" => (value.as_array()?.len() as u64 > rule.as_u64().unwrap()).then(|| format!("{at}: too long")),
        "minimum" => (value.as_i64()? < rule.as_i64().unwrap()).then(|| format!("{at}: too small")),
        "pattern" => {
            (!matches(rule.as_str().unwrap(), value.as_str()?)).then(|| format!("{at}: {value} is not {rule}"))
        }
        other => Some(format!("the keyword {other} is not understood")),
    })
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// The patterns that the schemas use.
fn matches(pattern: &str, text: &str) -> bool {
    let hex = |text: &str| text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let shape = |text: &str| text.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect::<String>();
    match pattern {
        "^sha256:[0-9a-f]{64}$" => text.strip_prefix("sha256:").is_some_and(hex),
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" => shape(text) == "9999-99-99",
        "^T[0-9]{4}$" => shape(text) == "T9999",
        "^[a-z0-9-]+$" => !text.is_empty() && text.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-')),
        other => panic!("{other}"),
    }
}

fn check(name: &str, value: &Value) {
    let schema = schema(name);
    assert_eq!(breach(&schema, &schema, value, ""), None, "{value}");
}

#[test]
fn real_records_fit_the_schemas() {
    let first = first();
    let lines = "{\"age\":30,\"monthly_income\":8000,\"monthly_debt\":9000,\"housing\":\"own\"}\n{\"age\":1}\n{";
    let loans = "{\"客户\":\"L\",\"balance\":-1,\"opened\":\"2026-01-01\",\"active\":true,\"loans\":[{\"amount\":1,\"due\":\"2026-01-01\"}]}\n{\"客户\":\"L\",\"balance\":-1,\"opened\":\"2026-01-01\",\"divisor\":0}";
    let mut seen = 0;
    for (ruleset, facts) in [(first.as_str(), lines), (account(), loans)] {
        for trace in [&[][..], &["--trace", "reasons"], &["--trace", "full"]] {
            let mut arguments = vec!["decide", ruleset, "--facts", "-", "--as-of", "2026-11-30"];
            arguments.extend(trace);
            for line in trutina_with(&arguments, facts).stdout.lines() {
                check("decision.schema.json", &json(line));
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 15);
}

#[test]
fn real_cases_fit_the_schema() {
    check("cases.schema.json", &json(&read(format!("{}/cases/all.json", account()))));
    check("cases.schema.json", &json(&read(format!("{}/cases/first.json", first()))));
}

#[test]
fn the_schemas_can_refuse() {
    let schema = schema("decision.schema.json");
    let good = trutina_with(&["decide", account(), "--facts", "-", "--as-of", "2026-11-30"], "{}").stdout;
    let good = json(&good);
    for (pointer, bad) in [
        ("/as_of", "30.11.2026"),
        ("/ruleset/digest", "sha256:0"),
        ("/error/code", "X1"),
        ("/hits", "none"),
        ("/actions", "x"),
    ] {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = Value::from(bad);
        assert!(breach(&schema, &schema, &record, "").is_some(), "{pointer}");
    }
    let mut record = good;
    record.as_object_mut().unwrap().insert("more".to_owned(), Value::Null);
    assert!(breach(&schema, &schema, &record, "").is_some());
}
