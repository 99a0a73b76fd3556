//! A portfolio: the first 100 rows of a CSV file, each cell as the type of its fact, counted by outcome.

mod common;

use std::collections::BTreeMap;

use common::{Failure, load, path};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::parse::csv::{Reader, Record};
use trutina_engine::program::Program;
use trutina_engine::schema::DataType;
use trutina_engine::value::date::Date;
use trutina_engine::wire::typed::{FactValue, Facts};

const ROWS: usize = 100;
const OUTCOMES: [&str; 3] = ["approve", "refer", "decline"];

fn main() -> Result<(), Failure> {
    let program = load("rulesets/retail-credit-rating")?;
    let as_of = Date::parse_iso("2026-11-30")?;
    let customers = portfolio(&program)?;
    // One decider per thread: it uses its memory again.
    let mut decider = Decider::new(&program);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for facts in &customers {
        let decision = decider.decide_facts(facts, as_of, TraceLevel::None);
        let counted = match (&decision.error, decision.output("outcome")) {
            (Some(error), _) => error.code.to_string(),
            (None, outcome) => outcome.ok_or("the ruleset has no outcome")?.to_string(),
        };
        let count = counts.entry(counted).or_default();
        *count = count.saturating_add(1);
    }
    println!("{} decisions", customers.len());
    for outcome in OUTCOMES {
        println!("{outcome}: {}", counts.remove(outcome).unwrap_or_default());
    }
    for (code, count) in counts {
        println!("{code}: {count}");
    }
    Ok(())
}

fn portfolio(program: &Program) -> Result<Vec<Facts>, Failure> {
    let mut reader = Reader::new();
    reader.feed(&std::fs::read(path("rulesets/retail-credit-rating/portfolio.csv"))?);
    reader.finish();
    let header = reader.next_record().ok_or("no header")?.map_err(|problem| problem.message)?;
    let columns: Vec<String> = header.iter().map(str::to_owned).collect();
    let mut customers = Vec::new();
    while let Some(row) = reader.next_record().filter(|_| customers.len() < ROWS) {
        customers.push(facts(program, &columns, &row.map_err(|problem| problem.message)?)?);
    }
    Ok(customers)
}

/// The cells that are facts; the customer's number and what became of the loan are none. An empty cell is missing.
fn facts(program: &Program, columns: &[String], row: &Record<'_>) -> Result<Facts, Failure> {
    let mut facts = Facts::new();
    for (column, cell) in columns.iter().zip(row.iter()).filter(|(_, cell)| !cell.is_empty()) {
        let Some(fact) = program.facts.iter().find(|fact| fact.input_key() == column) else { continue };
        let value = match &fact.spec.data_type {
            DataType::Integer => FactValue::integer(cell.parse::<i64>()?),
            DataType::Decimal { .. } => FactValue::decimal(cell),
            DataType::Boolean => FactValue::boolean(cell == "true"),
            DataType::Date => FactValue::date(Date::parse_iso(cell)?),
            _ => FactValue::text(cell),
        };
        facts.insert(column, value);
    }
    Ok(facts)
}
