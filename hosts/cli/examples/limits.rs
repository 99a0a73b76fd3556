//! What is refused, and by which code: nothing that is wrong becomes a decision.

mod common;

use common::{Failure, files, first_error, load};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::{Decider, Engine};
use trutina_engine::program::Program;
use trutina_engine::value::date::Date;
use trutina_engine::wire::typed::Facts;
use trutina_script::Parser;

fn main() -> Result<(), Failure> {
    let rating = load("rulesets/retail-credit-rating")?;
    let prescreening = load("rulesets/retail-prescreening")?;
    let on = "2026-11-30";
    println!("unknown fact: {}", refused(&rating, applicant().integer("shoe_size", 43), on)?);
    println!("missing fact: {}", refused(&rating, applicant().missing("housing"), on)?);
    println!("wrong type: {}", refused(&rating, applicant().text("age_in_years", "23"), on)?);
    let wide = applicant().integer("credit_amount", i128::from(i64::MAX).saturating_add(1));
    println!("integer beyond 64 bits: {}", refused(&rating, wide, on)?);
    println!("unknown value: {}", refused(&rating, applicant().text("housing", "castle"), on)?);
    println!("out of range: {}", refused(&rating, applicant().integer("age_in_years", 121), on)?);
    println!("too many digits: {}", refused(&prescreening, visitor().decimal("monthly_income", "3200.005"), on)?);
    println!("not in force: {}", refused(&rating, applicant(), "2025-12-31")?);
    println!("mistake in the ruleset: {}", mistaken()?);
    Ok(())
}

/// The code of the error in which the decision ends.
fn refused(program: &Program, facts: Facts, as_of: &str) -> Result<String, Failure> {
    let decision = Decider::new(program).decide_facts(&facts, Date::parse_iso(as_of)?, TraceLevel::None);
    Ok(decision.error.ok_or("this was decided")?.code.to_string())
}

/// A quotient that would truncate: the code and the place at which the ruleset is refused.
fn mistaken() -> Result<String, Failure> {
    let mut files = files("rulesets/retail-credit-rating")?;
    let rules = String::from_utf8(files.remove("rules.rhai").unwrap_or_default())?;
    let rules = rules.replace("f.monthly_principal > param(", "f.amount / f.duration_months > param(");
    files.insert("rules.rhai".to_owned(), rules.into_bytes());
    let loaded = Engine::default().load(&files, &Parser);
    first_error(&loaded).ok_or_else(|| "the mistake was not found".into())
}

fn applicant() -> Facts {
    Facts::new()
        .integer("age_in_years", 23)
        .text("credit_history", "existing credits paid back duly till now")
        .text("housing", "rent")
        .integer("duration_in_month", 6)
        .text("savings_account_and_bonds", "500 <= ... < 1000 DM")
        .text("status_of_existing_checking_account", "... < 0 DM")
        .integer("credit_amount", 1352)
        .integer("installment_rate_in_percentage_of_disposable_income", 1)
        .text("present_employment_since", "unemployed")
        .text("property", "building society savings agreement/ life insurance")
        .text("purpose", "car (used)")
        .text("other_debtors_or_guarantors", "none")
        .text("other_installment_plans", "none")
}

fn visitor() -> Facts {
    Facts::new()
        .integer("amount", 5000)
        .integer("duration_months", 24)
        .integer("age", 34)
        .boolean("employed", true)
        .boolean("account_overdrawn", false)
        .boolean("other_plans", false)
        .boolean("owns_property", true)
        .boolean("guarantor", false)
        .boolean("co_applicant", false)
}
