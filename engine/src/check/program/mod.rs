//! Judges a compiled program without data: what comes from a file is believed in nothing.
//!
//! The evaluator takes for granted what the compiler guarantees: indexes within their lists, operands of the right type,
//! missing values asked for before they are used, loops with an end. Here is a rule for each of these. What passes can
//! be decided with on any facts: it neither stops nor hangs its host, and never ends in T6003.

mod artefacts;
mod bodies;
mod cost;
mod declarations;
mod kinds;
mod learn;
mod locators;
mod nodes;
mod slots;
mod walk;
mod walk_control;
mod walk_lists;
mod walk_values;

use crate::program::Program;

/// Steps after which a program counts as too entangled to be verified.
const MOST_WORK: u64 = 200_000_000;

/// How deeply nodes may nest, derived facts, functions, cards and tables included: as the compiler has it.
const MOST_DEPTH: u32 = 600;

/// What is wrong with a program, for engineers.
pub type Fault = &'static str;

/// What is wrong, while it is handed up: one word, which stays in a register, where a text has two, which go through
/// memory at every `?`.
type FaultRef = &'static Fault;

/// Nothing, or what is wrong.
type Check<T = ()> = Result<T, FaultRef>;

/// Verifies a program: declarations, pools, nodes, artefacts, then every body with its types, then depth and cost.
///
/// The fault says which rule is broken. A program that this engine's compiler made has none, short of the most extreme
/// nesting.
pub fn verify(program: &Program) -> Result<(), Fault> {
    check(program).map_err(|broken| *broken)
}

fn check(program: &Program) -> Check {
    let mut work = Work(0);
    declarations::check(program)?;
    let slots = slots::Slots::of(program, &mut work)?;
    nodes::check(program, &slots)?;
    let bodies = bodies::Bodies::find(program)?;
    let outputs = artefacts::check(program, &slots, &mut work)?;
    cost::check(program, &bodies, &slots)?;
    walk::check(program, &bodies, &slots, &outputs, &mut work)
}

/// Whether the evaluator would descend deeper into a compiled program than its stack is made for, on some host: through
/// derived facts, functions, cards and tables, each of which may be harmless on its own.
#[must_use]
pub fn nests_too_deeply(program: &Program) -> bool {
    let mut work = Work(0);
    let slots = slots::Slots::of(program, &mut work);
    let cost = slots.and_then(|slots| cost::check(program, &bodies::Bodies::find(program)?, &slots));
    cost == Err(TOO_DEEP)
}

/// The fault of a program whose parts build on each other too deeply.
const TOO_DEEP: FaultRef = &"nodes nest too deeply, through what they call";

/// Steps of the verification itself.
struct Work(u64);

impl Work {
    #[inline(never)]
    fn charge(&mut self, steps: usize) -> Check {
        self.0 = self.0.saturating_add(u64::try_from(steps).unwrap_or(u64::MAX));
        demand(self.0 <= MOST_WORK, &"it is too entangled to be verified")
    }
}

fn demand(holds: bool, fault: FaultRef) -> Check {
    if holds { Ok(()) } else { Err(fault) }
}

/// An index as the program keeps it, within a list.
fn within<T>(list: &[T], index: u32, fault: FaultRef) -> Check<&T> {
    list.get(index as usize).ok_or(fault)
}
