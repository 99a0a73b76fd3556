//! The Rhai interpreter as an oracle: what an accepted `rules.rhai` means where it comes from.
//!
//! The script runs as it stands on Rhai's own interpreter, with the functions of strict Rhai registered. They compute
//! with big integers and a calendar of their own and share nothing with the engine's arithmetic; `+ - *` and
//! comparisons are the interpreter's own. What the script asks of other artefacts, the [`Host`] answers.
//!
//! For tests only: a hostile script can hang or abort the process here, and no host of Trutina contains this module.
//!
//! ```
//! use std::collections::BTreeMap;
//! use trutina_script::oracle::{self, Failure, Host, Value};
//!
//! struct NoArtefacts;
//! impl Host for NoArtefacts {}
//!
//! let rules = r#"
//!     derive("twice", |f| f.age * 2);
//!     rule("K01", "decline", |f| f.twice < 36);
//!     fn decide(f, hits) { #{ outcome: if hits.has("decline") { "decline" } else { "approve" } } }
//! "#;
//! let facts = BTreeMap::from([("age".to_owned(), Value::Integer(17))]);
//! let outcome = oracle::run(rules, facts, "2026-11-30", NoArtefacts).unwrap();
//! assert_eq!(outcome.outputs["outcome"], Value::Text("decline".into()));
//! assert_eq!(outcome.rules, [("K01".to_owned(), "decline".to_owned(), true)]);
//! assert_eq!(outcome.derived["twice"], Value::Integer(34));
//! ```

mod calendar;
mod facts;
mod failure;
mod functions;
mod lists;
mod numbers;
mod run;
#[cfg(test)]
mod tests;
mod value;

pub use calendar::Civil;
pub use failure::{Failure, Kind};
pub use run::{Outcome, run};
pub use value::Value;

/// Reads a fact of the customer, derived facts included.
pub type ReadFact<'a> = &'a dyn Fn(&str) -> Result<Value, Failure>;

/// Answers what the script asks of parameters, cards, scales and tables.
///
/// Every method may be called while another one is still reading facts, so a host keeps its state behind `&self`.
pub trait Host: Send + Sync + 'static {
    /// `param("name")`
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn parameter(&self, name: &str) -> Result<Value, Failure> {
        Err(Failure::unknown("parameter", name))
    }

    /// `scorecard("name", f)`: a record.
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn scorecard(&self, name: &str, facts: ReadFact<'_>) -> Result<Value, Failure> {
        let _ = facts;
        Err(Failure::unknown("scorecard", name))
    }

    /// `scale("name", x)`: a record.
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn scale(&self, name: &str, number: Value) -> Result<Value, Failure> {
        let _ = number;
        Err(Failure::unknown("scale", name))
    }

    /// `table("name", ...)`: a record, or a list of records.
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn table(&self, name: &str, arguments: Vec<Value>, facts: ReadFact<'_>) -> Result<Value, Failure> {
        let _ = (arguments, facts);
        Err(Failure::unknown("table", name))
    }

    /// `matrix("name", row, column)`
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn matrix(&self, name: &str, row: Value, column: Value, facts: ReadFact<'_>) -> Result<Value, Failure> {
        let _ = (row, column, facts);
        Err(Failure::unknown("matrix", name))
    }

    /// `score_from_good_odds`, `good_odds_from_score` and `pd_from_score`: logarithms are not the oracle's business.
    ///
    /// # Errors
    ///
    /// Whatever ends the decision.
    fn odds(&self, function: &str, arguments: Vec<Value>) -> Result<Value, Failure> {
        let _ = arguments;
        Err(Failure::unknown("function", function))
    }
}
