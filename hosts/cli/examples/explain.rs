//! A decision in words, in English and in Chinese, and what would change it; then the same for a program to read.

mod common;

use common::{Failure, load, path};
use trutina_engine::decision::changes::ChangedFact;
use trutina_engine::decision::{OutputValue, TraceLevel, TraceValue};
use trutina_engine::engine::Decider;
use trutina_engine::program::Program;
use trutina_engine::schema::DataType;
use trutina_engine::value::date::Date;
use trutina_engine::wire::words::{Language, explain, explain_changes};

const VISITOR: &[u8] = br#"{"amount":12000,"duration_months":10,"age":34,"employed":true,"account_overdrawn":false,
    "other_plans":false,"owns_property":false,"guarantor":false,"co_applicant":false}"#;

fn main() -> Result<(), Failure> {
    let program = load("rulesets/retail-credit-rating")?;
    let as_of = Date::parse_iso("2026-11-30")?;
    let facts = std::fs::read(path("hosts/cli/samples/applicant.json"))?;
    let mut decider = Decider::new(&program);
    let decision = decider.decide_json(&facts, as_of, TraceLevel::Reasons);
    let changes = decider.changes_json(&facts, as_of);
    for language in [Language::English, Language::Chinese] {
        print!("{}{}", explain(&program, &decision, language), explain_changes(&program, &changes, language));
        println!();
    }

    let prescreening = load("rulesets/retail-prescreening")?;
    let changes = Decider::new(&prescreening).changes_json(VISITOR, as_of);
    println!("retail-prescreening: {}, complete: {}", changes.status.name(), changes.complete);
    for change in changes.single.iter().chain(&changes.pairs) {
        let steps: Vec<String> = change.facts.iter().map(|changed| step(&prescreening, changed)).collect();
        println!("  {}: {}", steps.join(", "), change.outcome);
    }
    Ok(())
}

/// `amount 12000 -> 9999 DEM`
fn step(program: &Program, changed: &ChangedFact) -> String {
    let Some(fact) = program.facts.get(changed.fact) else { return String::new() };
    let scale = match fact.spec.data_type {
        DataType::Decimal { scale } => Some(scale),
        _ => None,
    };
    let shown = |value: &TraceValue| match value {
        TraceValue::Shown(value) => OutputValue { name: String::new(), value: value.clone(), scale }.to_string(),
        TraceValue::Masked => "(not told)".to_owned(),
    };
    let unit = fact.unit.as_ref().map_or_else(String::new, |unit| format!(" {unit}"));
    format!("{} {} -> {}{unit}", fact.name, shown(&changed.from), shown(&changed.to))
}
