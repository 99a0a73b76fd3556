//! The reference evaluator: slow, obvious, straight from the sentences of the contract.
//!
//! It walks the ruleset *as written*, with dynamic values and exact fractions, and shares no code with the engine's
//! rooms check, compile and evaluate, nor with its arithmetic, its dates or its reader of facts. What it meets only
//! in rulesets that `check` would refuse makes it panic.

mod ahead;
pub mod calendar;
mod calls;
mod cards;
mod evaluate;
pub mod facts;
pub mod host;
pub mod json;
pub mod number;
pub mod odds;
mod outcome;
mod tables;
pub mod value;

use std::cell::RefCell;
use std::collections::BTreeMap;

use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::{Code, NOT_IN_FORCE};
use trutina_engine::ruleset::Ruleset;
use trutina_engine::value::date::Date;

use calendar::Civil;
use evaluate::Machine;

/// What the reference decides: the parts of a decision record, each as its canonical JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// `outputs`
    pub outputs: String,
    /// `reasons`
    pub reasons: String,
    /// `hits`
    pub hits: String,
    /// Code and place of the error.
    pub error: Option<Failure>,
}

/// An error of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// T3xxx or T4xxx.
    pub code: Code,
    /// Where.
    pub at: At,
}

/// Where an error arose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum At {
    /// A JSON pointer into the facts.
    Pointer(String),
    /// File, line and column.
    Source(String, u32, u32),
    /// In the ruleset, not yet named.
    Span(Span),
    /// Nowhere in particular.
    Nowhere,
}

impl Failure {
    fn input(code: Code, pointer: &str) -> Self {
        Self { code, at: At::Pointer(pointer.to_owned()) }
    }

    fn at(code: Code, span: Span) -> Self {
        Self { code, at: At::Span(span) }
    }
}

/// Decides one record: facts as JSON text.
pub fn decide(ruleset: &Ruleset, facts: &str, as_of: Date) -> Answer {
    decide_counting(ruleset, facts, as_of, &Reached::default())
}

/// Decides one record and counts what was evaluated: operators, functions, statements, hit policies, error codes.
pub fn decide_counting(ruleset: &Ruleset, facts: &str, as_of: Date, reached: &Reached) -> Answer {
    match attempt(ruleset, facts, Civil::from_day_number(i64::from(as_of.days())), reached) {
        Ok(answer) => answer,
        Err(failure) => {
            reached.count(failure.code.to_string());
            outcome::failed(ruleset, failure)
        }
    }
}

/// The code of the error that comes first where arguments are evaluated before what they are arguments of.
pub fn error_arguments_first(ruleset: &Ruleset, facts: &str, as_of: Date) -> Option<Code> {
    let civil = Civil::from_day_number(i64::from(as_of.days()));
    let values = facts::read(&ruleset.facts, facts).ok()?;
    let reached = Reached::default();
    Machine::new(ruleset, values, civil, &reached).arguments_first().decide().err().map(|failure| failure.code)
}

/// What evaluations reached, and how often.
#[derive(Clone, Debug, Default)]
pub struct Reached(RefCell<BTreeMap<String, u64>>);

impl Reached {
    /// Once more.
    pub fn count(&self, what: impl Into<String>) {
        *self.0.borrow_mut().entry(what.into()).or_default() += 1;
    }

    /// All counts, by name.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.0.borrow().clone()
    }

    /// Adds the counts of another.
    pub fn add(&self, other: &Self) {
        for (what, times) in other.counts() {
            *self.0.borrow_mut().entry(what).or_default() += times;
        }
    }
}

fn attempt(ruleset: &Ruleset, facts: &str, as_of: Civil, reached: &Reached) -> Result<Answer, Failure> {
    let day = |date: Option<Date>| date.map(|date| Civil::from_day_number(i64::from(date.days())));
    let early = day(ruleset.manifest.effective_from).is_some_and(|from| as_of < from);
    let late = day(ruleset.manifest.effective_until).is_some_and(|until| as_of >= until);
    if early || late {
        return Err(Failure { code: NOT_IN_FORCE, at: At::Nowhere });
    }
    let values = facts::read(&ruleset.facts, facts)?;
    Machine::new(ruleset, values, as_of, reached).decide()
}
