//! Runs a program over one record. No allocation in the steady state, nothing kept from one decision to the next.

mod aggregate;
mod card;
mod changes;
mod control;
mod finish;
mod functions;
mod locate;
mod machine;
mod numbers;
mod odds;
mod reach;
mod table;
mod truth;

use crate::decision::TraceLevel;
use crate::decision::outcome::{Failure, Outcome, Subject};
use crate::diagnostic::codes;
use crate::program::Program;
use crate::record::Record;
use crate::value::date::Date;
use crate::value::slot::Slot;
pub use changes::changes;
use machine::{Machine, Stop};

/// The evaluator's memory. One per thread and program; every decision starts from a clean one.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    /// What the last evaluation found.
    pub outcome: Outcome,
    /// Number of the current decision: what carries another number is stale.
    decision: u64,
    locals: Vec<Slot>,
    derived: Vec<(u64, Slot)>,
    cards: Vec<CardMemory>,
    effects: Vec<bool>,
    reasons: Vec<u64>,
    stack: Vec<Slot>,
    returned: Slot,
    outputs_node: Option<u32>,
    rows: Vec<u64>,
    ordered: Vec<(u32, Slot)>,
    points: card::PointsMemory,
    odds: odds::OddsMemory,
}

#[derive(Clone, Copy, Debug, Default)]
struct CardMemory {
    decision: u64,
    score: Slot,
    attributes: u32,
}

impl Scratch {
    /// Memory for a program.
    #[must_use]
    pub fn new(program: &Program) -> Self {
        let mut scratch = Self::default();
        scratch.begin(program);
        scratch
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn begin(&mut self, program: &Program) {
        self.outcome.clear();
        self.decision = self.decision.wrapping_add(1);
        self.locals.clear();
        self.locals.resize(program.locals as usize, Slot::Missing);
        self.derived.resize(program.derived.len(), (0, Slot::Missing));
        self.cards.resize(program.scorecards.len(), CardMemory::default());
        self.effects.clear();
        self.effects.resize(program.effects.len(), false);
        self.reasons.resize(program.reasons.len(), 0);
        self.stack.clear();
        self.returned = Slot::Missing;
        self.outputs_node = None;
    }
}

/// Decides one record as of a date. The result is `scratch.outcome`; errors of the decision stand there, too.
///
/// All rules run in file order, then `decide`. The first error ends the decision; then there are no outputs, hits or
/// reasons. `T3014` if the ruleset is not in force at `as_of`.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub fn evaluate(program: &Program, record: &Record, as_of: Date, level: TraceLevel, scratch: &mut Scratch) {
    scratch.begin(program);
    if !in_force(program, as_of) {
        scratch.outcome.error = Some(Failure { code: codes::NOT_IN_FORCE, subject: Subject::Nothing, span: None });
        return;
    }
    let mut machine = Machine::new(program, record, as_of, level == TraceLevel::Full, scratch);
    let stopped = run(&mut machine);
    if stopped.is_err() {
        let outcome = &mut scratch.outcome;
        outcome.outputs.clear();
        outcome.hits.clear();
        outcome.reasons.clear();
        outcome.error.get_or_insert(Failure { code: codes::INTERNAL, subject: Subject::Nothing, span: None });
    }
}

fn in_force(program: &Program, as_of: Date) -> bool {
    program.effective_from.is_none_or(|from| from <= as_of) && program.effective_until.is_none_or(|until| as_of < until)
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn run(machine: &mut Machine<'_>) -> Result<(), Stop> {
    machine.rules()?;
    let decided = machine.body(machine.program.decide)?;
    machine.finish(decided)
}
