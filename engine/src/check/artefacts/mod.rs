//! Scorecards, scales and decision tables, judged without data: types of cells, gaps, overlaps, rows out of reach.
//!
//! Every finding about values comes with a witness: a concrete value per column that shows it.

mod axis;
mod bits;
mod cover;
mod entry;
mod scale;
mod scorecard;
mod table;

pub use scale::check_scale;
pub use scorecard::check_scorecard;
pub use table::check_table;

use crate::diagnostic::codes::UNKNOWN_REASON;
use crate::diagnostic::{Diagnostic, Span, did_you_mean};
use crate::ruleset::Reason;

/// Whether a reason code has a line in `reasons.csv`; T2014 otherwise.
fn check_reason(code: &str, span: Span, reasons: &[Reason], diagnostics: &mut Vec<Diagnostic>) -> bool {
    if reasons.iter().any(|reason| reason.code == code) {
        return true;
    }
    let help = match did_you_mean(code, reasons.iter().map(|reason| reason.code.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("add a line `{code},...` to `reasons.csv`"),
    };
    diagnostics.push(Diagnostic::new(UNKNOWN_REASON, span, format!("the reason `{code}` has no text")).with_help(help));
    false
}

/// What was meant, or what there is.
fn suggestion(word: &str, candidates: &[&str]) -> String {
    match did_you_mean(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if candidates.is_empty() => "there are none".to_owned(),
        None => {
            let all: Vec<String> = candidates.iter().take(20).map(|name| format!("`{name}`")).collect();
            format!("known here: {}", all.join(", "))
        }
    }
}
