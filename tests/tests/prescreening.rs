//! The pack `retail-prescreening` against the full ruleset `retail-credit-rating`, over the 1,000 published applicants:
//! it encourages nobody whom the full ruleset knocks out, and nearly everybody whom it approves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop at the first thing it does not understand"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::canonical::write_decision;
use trutina_script::Parser;

const FULL: &str = "retail-credit-rating";
const PRESCREENING: &str = "retail-prescreening";

type Row = BTreeMap<String, String>;

fn folder(pack: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets").join(pack)
}

fn program(pack: &str) -> Program {
    let entries = std::fs::read_dir(folder(pack)).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file()).map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(&path).unwrap())
    });
    let loaded = Engine::default().load(&files.collect(), &Parser);
    assert!(!loaded.has_errors(), "{:#?}", loaded.diagnostics);
    loaded.program.expect("a program")
}

fn applicants() -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder(FULL).join("portfolio.csv")).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// The full ruleset's facts: what reads like a whole number is one.
fn full_facts(row: &Row) -> Value {
    let columns = row.iter().filter(|(column, _)| !["applicant", "creditability"].contains(&column.as_str()));
    let value = |text: &String| text.parse::<i64>().map_or_else(|_| Value::from(text.clone()), Value::from);
    Value::from(columns.map(|(column, text)| (column.clone(), value(text))).collect::<Map<_, _>>())
}

/// What the same applicant would tell on the page, as the model card maps it. The data knows no income.
fn page_facts(row: &Row) -> Value {
    let number = |column: &str| row[column].parse::<i64>().expect("a whole number");
    json!({
        "amount": number("credit_amount"),
        "duration_months": number("duration_in_month"),
        "age": number("age_in_years"),
        "employed": row["present_employment_since"] != "unemployed",
        "account_overdrawn": row["status_of_existing_checking_account"] == "... < 0 DM",
        "other_plans": row["other_installment_plans"] != "none",
        "owns_property": row["property"] != "unknown / no property",
        "guarantor": row["other_debtors_or_guarantors"] == "guarantor",
        "co_applicant": row["other_debtors_or_guarantors"] == "co-applicant",
    })
}

fn decide(decider: &mut Decider<'_>, facts: &Value) -> Value {
    let as_of = Date::parse_iso("2026-11-30").unwrap();
    let decision = decider.decide_json(facts.to_string().as_bytes(), as_of, TraceLevel::None);
    let mut bytes = Vec::new();
    write_decision(&decision, &mut bytes);
    let record: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(record["error"], Value::Null, "{facts}");
    record
}

fn outcome(record: &Value) -> &str {
    record["outputs"]["outcome"].as_str().unwrap()
}

fn knocked_out(record: &Value) -> bool {
    record["hits"].as_array().unwrap().iter().any(|hit| hit["effect"] == "decline")
}

#[test]
fn over_the_portfolio_it_encourages_no_knock_out_and_nearly_all_whom_the_bank_approves() {
    let (full, page) = (program(FULL), program(PRESCREENING));
    let (mut full, mut page) = (Decider::new(&full), Decider::new(&page));
    let mut table: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut knocked = 0;
    for row in applicants() {
        let (bank, screen) = (decide(&mut full, &full_facts(&row)), decide(&mut page, &page_facts(&row)));
        if knocked_out(&bank) {
            knocked += 1;
            assert_eq!(outcome(&screen), "discourage", "{}", row["applicant"]);
        }
        *table.entry((outcome(&bank).to_owned(), outcome(&screen).to_owned())).or_default() += 1;
    }
    let count = |bank: &str, screen: &str| *table.get(&(bank.to_owned(), screen.to_owned())).unwrap_or(&0);
    let columns = ["encourage", "uncertain", "discourage"];
    let counted = ["approve", "refer", "decline"].map(|bank| columns.map(|screen| count(bank, screen)));
    let approved: usize = counted[0].iter().sum();
    assert!(counted[0][0] * 10 >= approved * 9, "{counted:?}");
    // The model card prints these.
    assert_eq!((counted, knocked), (MODEL_CARD, KNOCKED_OUT));
}

/// The bank's outcome down (approve, refer, decline), the page's across (encourage, uncertain, discourage).
const MODEL_CARD: [[usize; 3]; 3] = [[514, 0, 0], [274, 72, 0], [80, 35, 25]];
const KNOCKED_OUT: usize = 25;

/// Beyond the portfolio: every applicant pushed over each knock-out of the full ruleset in turn.
#[test]
fn no_knock_out_is_encouraged_beyond_the_portfolio_either() {
    let (full, page) = (program(FULL), program(PRESCREENING));
    let (mut full, mut page) = (Decider::new(&full), Decider::new(&page));
    let pushes: [(&str, &[(&str, &str)]); 3] = [
        ("K01", &[("age_in_years", "17")]),
        ("K02", &[("credit_amount", "15001")]),
        (
            "K03",
            &[
                ("status_of_existing_checking_account", "... < 0 DM"),
                ("present_employment_since", "unemployed"),
                ("other_debtors_or_guarantors", "guarantor"),
            ],
        ),
    ];
    for row in applicants().iter().step_by(3) {
        for (rule, changes) in pushes {
            let mut row = row.clone();
            row.extend(changes.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())));
            let bank = decide(&mut full, &full_facts(&row));
            assert!(bank["hits"].as_array().unwrap().iter().any(|hit| hit["rule"] == rule), "{rule}");
            assert_eq!(outcome(&decide(&mut page, &page_facts(&row))), "discourage", "{rule}");
        }
    }
}

/// A policy figure that the two packs share has one value, and a fact they share one type, domain and unit.
#[test]
fn what_both_packs_name_means_the_same() {
    let (full, page) = (program(FULL), program(PRESCREENING));
    let mut shared = Vec::new();
    for ours in &page.parameters {
        if let Some(theirs) = full.parameters.iter().find(|parameter| parameter.name == ours.name) {
            assert_eq!((&ours.data_type, &ours.value), (&theirs.data_type, &theirs.value), "{}", ours.name);
            shared.push(ours.name.as_str());
        }
    }
    for name in ["amount", "duration_months", "age"] {
        let find = |program: &Program| program.facts.iter().find(|fact| fact.name == name).unwrap().clone();
        let (ours, theirs) = (find(&page), find(&full));
        assert_eq!((ours.spec, ours.unit, ours.actionable), (theirs.spec, theirs.unit, theirs.actionable), "{name}");
    }
    assert_eq!(shared, ["age_min", "age_at_end_max", "amount_max", "large_amount", "monthly_principal_max"]);
}
