//! A decision in words, in English and in Chinese.

mod common;

use common::{Failure, load, path};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::value::date::Date;
use trutina_engine::wire::words::{Language, explain};

fn main() -> Result<(), Failure> {
    let program = load("rulesets/retail-credit-rating")?;
    let as_of = Date::parse_iso("2026-11-30")?;
    let facts = std::fs::read(path("hosts/cli/samples/applicant.json"))?;
    let decision = Decider::new(&program).decide_json(&facts, as_of, TraceLevel::Reasons);
    print!("{}", explain(&program, &decision, Language::English));
    println!();
    print!("{}", explain(&program, &decision, Language::Chinese));
    Ok(())
}
