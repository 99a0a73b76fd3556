//! The parts of the decision record, in canonical text.

use trutina_engine::diagnostic::codes::{Code, OVERFLOW};
use trutina_engine::ruleset::{OnError, Ruleset};
use trutina_engine::schema::{DataType, Output};

use super::evaluate::Machine;
use super::json::quote;
use super::number::{fits, fixed_text, integer};
use super::value::Value;
use super::{Answer, At, Failure};

/// A decision without an error; `given` is what `decide` returned.
pub fn decided(machine: &Machine<'_>, given: &Value) -> Result<Answer, Failure> {
    let Value::Record(fields) = given else { panic!("decide returned {given:?}") };
    let mut outputs = Vec::new();
    for output in &machine.ruleset.outputs {
        let value = fields.iter().find(|(name, _)| *name == output.name).map_or(&Value::Missing, |(_, value)| value);
        let place = machine.map_spans.iter().find(|(name, _)| *name == output.name);
        let overflow = || Failure { code: OVERFLOW, at: place.map_or(At::Nowhere, |(_, span)| At::Span(*span)) };
        outputs.push(format!("{}:{}", quote(&output.name), output_text(output, value).ok_or_else(overflow)?));
    }
    Ok(Answer {
        outputs: format!("{{{}}}", outputs.join(",")),
        reasons: format!("[{}]", reasons(machine).join(",")),
        hits: hits_text(&machine.hits),
        error: None,
    })
}

/// The outputs that another evaluator of the script returned, as canonical text.
///
/// # Errors
///
/// `T4001` where one has no text.
pub fn outputs_of(ruleset: &Ruleset, value_of: impl Fn(&str) -> Option<Value>) -> Result<String, Code> {
    let mut outputs = Vec::new();
    for output in &ruleset.outputs {
        let value = value_of(&output.name).unwrap_or(Value::Missing);
        outputs.push(format!("{}:{}", quote(&output.name), output_text(output, &value).ok_or(OVERFLOW)?));
    }
    Ok(format!("{{{}}}", outputs.join(",")))
}

/// Rules that held, as canonical text.
pub fn hits_text(hits: &[(String, String)]) -> String {
    let text = |(rule, effect): &(String, String)| format!("{{\"rule\":{},\"effect\":{}}}", quote(rule), quote(effect));
    format!("[{}]", hits.iter().map(text).collect::<Vec<_>>().join(","))
}

/// A decision that ended in an error.
pub fn failed(ruleset: &Ruleset, failure: Failure) -> Answer {
    let at = match failure.at {
        At::Span(span) => At::Source(ruleset.sources.path(span.file).to_owned(), span.line, span.column),
        other => other,
    };
    let outputs = match ruleset.manifest.on_error {
        OnError::Error => "null".to_owned(),
        OnError::Refer => {
            let text = |output: &Output| {
                format!("{}:{}", quote(&output.name), if output.name == "outcome" { "\"refer\"" } else { "null" })
            };
            format!("{{{}}}", ruleset.outputs.iter().map(text).collect::<Vec<_>>().join(","))
        }
    };
    let error = Some(Failure { code: failure.code, at });
    Answer { outputs, reasons: "[]".to_owned(), hits: "[]".to_owned(), error }
}

/// Nothing if the text would need 2^96 or more, or an integer is beyond i64.
fn output_text(output: &Output, value: &Value) -> Option<String> {
    if *value == Value::Missing {
        assert!(output.optional, "`{}` is missing", output.name);
        return Some("null".to_owned());
    }
    text(&output.data_type, value)
}

fn text(data_type: &DataType, value: &Value) -> Option<String> {
    Some(match (data_type, value) {
        (DataType::Boolean, Value::Boolean(value)) => value.to_string(),
        (DataType::Integer, value) => fixed_text(&integer(value.number().clone()).ok()?, 0),
        (DataType::Decimal { scale }, value) if fits(value.number(), u32::from(*scale)) => {
            quote(&fixed_text(value.number(), u32::from(*scale)))
        }
        (DataType::Decimal { .. }, _) => return None,
        (DataType::Text, Value::Text(text)) => quote(text),
        (DataType::Enum(domain), Value::Text(text)) => {
            assert!(domain.values.contains(text), "`{text}` is outside the domain");
            quote(text)
        }
        (DataType::Date, Value::Date(date)) => quote(&date.text()),
        (DataType::List(element), Value::List(items)) => {
            let items: Vec<String> = items.iter().map(|item| text(&element.data_type, item)).collect::<Option<_>>()?;
            format!("[{}]", items.join(","))
        }
        (data_type, value) => panic!("{value:?} is no {}", data_type.name()),
    })
}

/// Rules that held by severity, then rows, then the cards' own; each code once.
fn reasons(machine: &Machine<'_>) -> Vec<String> {
    let severity = effects(machine.ruleset);
    let rank = |effect: &String| severity.iter().position(|other| other == effect).expect("an effect");
    let mut held: Vec<&(String, String)> = machine.hits.iter().collect();
    held.sort_by_key(|(_, effect)| std::cmp::Reverse(rank(effect)));
    let rules = held.into_iter().map(|(rule, _)| (rule.clone(), None));
    let rows = machine.table_reasons.iter().map(|code| (code.clone(), None));
    let cards = machine
        .cards
        .iter()
        .flat_map(|(_, card)| card.reasons.iter().map(|(code, points)| (code.clone(), Some(points))));
    let mut seen: Vec<String> = Vec::new();
    let mut texts = Vec::new();
    for (code, points) in rules.chain(rows).chain(cards) {
        let Some(reason) = machine.ruleset.reasons.iter().find(|reason| reason.code == code) else { continue };
        if seen.contains(&code) {
            continue;
        }
        let points = points.map_or_else(String::new, |points| format!("\"points\":{points},"));
        let languages: Vec<String> =
            reason.text.0.iter().map(|(language, text)| format!("{}:{}", quote(language), quote(text))).collect();
        texts.push(format!("{{\"code\":{},{points}\"text\":{{{}}}}}", quote(&code), languages.join(",")));
        seen.push(code);
    }
    texts
}

/// The best outcome, then `effects`, then the other outcomes.
fn effects(ruleset: &Ruleset) -> Vec<String> {
    let outcome = ruleset.outputs.iter().find(|output| output.name == "outcome").map(|output| &output.data_type);
    let outcomes = match outcome {
        Some(DataType::Enum(domain)) => domain.values.clone(),
        _ => Vec::new(),
    };
    outcomes.iter().take(1).chain(&ruleset.manifest.effects).chain(outcomes.iter().skip(1)).cloned().collect()
}
