//! One customer: typed facts in, outputs and reasons out.

mod common;

use common::{Failure, load};
use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;
use trutina_engine::value::date::Date;
use trutina_engine::wire::typed::Facts;

fn main() -> Result<(), Failure> {
    let program = load("rulesets/retail-credit-rating")?;
    let as_of = Date::parse_iso("2026-11-30")?;
    let decision = Decider::new(&program).decide_facts(&applicant(), as_of, TraceLevel::None);
    if let Some(error) = decision.error {
        return Err(format!("{}: {}", error.code, error.message).into());
    }
    for name in ["outcome", "score", "grade", "limit"] {
        let output = decision.output(name).ok_or("the ruleset has no such output")?;
        println!("{name}: {output}");
    }
    for reason in &decision.reasons {
        let points = reason.points.as_ref().map_or("-".to_owned(), ToString::to_string);
        println!("{} {points} {}", reason.code, reason.text.get("en").unwrap_or_default());
    }
    Ok(())
}

/// The applicant of hosts/cli/samples/applicant.json.
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
