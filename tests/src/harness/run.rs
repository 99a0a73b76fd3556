//! One generated case on every evaluator.

use std::fmt;
use std::sync::Arc;

use trutina_engine::decision::TraceLevel;
use trutina_engine::engine::Decider;

use super::faults::Fault;
use super::{as_written, date, decide, load};
use crate::generate::Case;
use crate::reference::host::{Interpreted, agrees, interpret};
use crate::reference::{self, Answer, Reached};

/// What became of a case.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The ruleset did not load; the errors.
    Refused(String),
    /// Every record was decided alike.
    Same,
    /// A record was not.
    Different(Box<Difference>),
}

/// Two evaluators that do not agree.
#[derive(Clone, Debug)]
pub struct Difference {
    /// Index of the record.
    pub record: usize,
    /// Which two.
    pub between: &'static str,
    /// What the engine decided.
    pub fast: Answer,
    /// What the other decided.
    pub other: Answer,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "record {}: {} differ", self.record, self.between)?;
        writeln!(f, "  engine: {:?}", self.fast)?;
        write!(f, "  other:  {:?}", self.other)
    }
}

/// Runs a case: engine against reference and interpreter, with memory used again against fresh memory, with a trace against without.
pub fn run(case: &Case, reached: &Reached) -> Verdict {
    let program = match load(&case.files) {
        Ok(program) => program,
        Err(errors) => return Verdict::Refused(errors),
    };
    let ruleset = Arc::new(as_written(&case.files).expect("what loads is read"));
    let as_of = date(&case.as_of);
    let mut decider = Decider::new(&program);
    for (record, facts) in case.records.iter().enumerate() {
        let fast = decide(&mut decider, facts, as_of, TraceLevel::None);
        let differs =
            |between, other| Verdict::Different(Box::new(Difference { record, between, fast: fast.clone(), other }));
        let reference = reference::decide_counting(&ruleset, facts, as_of, reached);
        if fast != reference {
            return differs("engine and reference", reference);
        }
        let rules = &case.files["rules.rhai"];
        if fast.error.as_ref().is_none_or(|failure| failure.code.number() >= 4000)
            && let Some(interpreted) = interpret(&ruleset, &String::from_utf8_lossy(rules), facts, as_of)
        {
            reached.count(if interpreted == Interpreted::Excused {
                "interpreter excused"
            } else {
                "interpreter asked"
            });
            let first = || reference::error_arguments_first(&ruleset, facts, as_of);
            if !agrees(&fast, &interpreted, first) {
                let other = Answer { hits: format!("{interpreted:?}"), ..fast.clone() };
                return differs("engine and interpreter", other);
            }
        }
        let traced = decide(&mut Decider::new(&program), facts, as_of, TraceLevel::Full);
        if fast != traced {
            return differs("memory used again without a trace, and fresh memory with a full trace", traced);
        }
    }
    Verdict::Same
}

/// Runs a case with a fault on the engine's side. Places are not compared: a fault in a source moves them.
pub fn run_with_fault(case: &Case, fault: &Fault) -> Verdict {
    let mut files = case.files.clone();
    let mut changed = (fault.files)(&mut files);
    let (Ok(program), Some(ruleset)) = (load(&files), load(&case.files).ok().and_then(|_| as_written(&case.files)))
    else {
        return Verdict::Refused(String::new());
    };
    let as_of = date(&case.as_of);
    let mut decider = Decider::new(&program);
    let mut previous: Option<&String> = None;
    for (record, facts) in case.records.iter().enumerate() {
        let spoilt = (fault.facts)(facts, previous);
        previous = Some(facts);
        changed |= spoilt != *facts;
        let mut fast = decide(&mut decider, &spoilt, as_of, TraceLevel::None);
        changed |= (fault.answer)(&mut fast);
        let reference = reference::decide(&ruleset, facts, as_of);
        if changed && without_place(&fast) != without_place(&reference) {
            return Verdict::Different(Box::new(Difference { record, between: fault.name, fast, other: reference }));
        }
    }
    Verdict::Same
}

fn without_place(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    if let Some(failure) = &mut answer.error {
        failure.at = reference::At::Nowhere;
    }
    answer
}
