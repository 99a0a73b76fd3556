//! What would change a decision: the nearest values of the facts that a customer can act on.
//!
//! The search divides the values of a fact, or of two, into ranges, nearest first. A range over which no better outcome
//! is possible ([`super::reach`]) is left out whole; any other is divided again, down to single values, which are
//! decided. So what is found is the nearest there is, and where nothing is found and every range was looked at, nothing
//! would change it. Work is counted, not timed: every host finds the same.

mod chain;
mod pairs;

use super::reach::{MOST_FACTS, Reads, Still, may_be_better};
use super::{Scratch, evaluate};
use crate::decision::changes::{Change, ChangedFact, Changes, ChangesStatus};
use crate::decision::{TraceLevel, TraceValue};
use crate::program::Program;
use crate::record::Record;
use crate::schema::DataType;
use crate::value::Value;
use crate::value::date::Date;
use crate::value::slot::Slot;
use chain::{Chain, Stretch};
use pairs::Ways;

/// How many steps the search of one way may take; a step is about one operation of a rule.
const MOST_SINGLE: u64 = 400_000;

/// How many steps the search of all pairs may take.
const MOST_PAIRS: u64 = 4_000_000;

/// The search has used up its budget.
struct Spent;

/// Looks for what would give a better outcome than `record` has.
///
/// Facts without `actionable`, and values in directions that it does not name, are never proposed. A fact that is
/// missing or special is left as it is; then the search is not complete. An error is never better than an outcome.
#[must_use]
pub fn changes(program: &Program, record: &Record, as_of: Date, scratch: &mut Scratch) -> Changes {
    evaluate(program, record, as_of, TraceLevel::None, scratch);
    let outcome = program.outputs.iter().position(|output| output.name == "outcome");
    let now = outcome.and_then(|outcome| scratch.outcome.outputs.get(outcome)).copied();
    match (outcome, now) {
        (Some(_), Some(Slot::Enum(0))) => Changes::empty(ChangesStatus::BestAlready),
        (Some(outcome), Some(Slot::Enum(now))) => {
            let moving: Vec<u32> = (0..)
                .zip(&program.facts)
                .filter(|(_, fact)| fact.actionable.is_some())
                .map(|(index, _)| index)
                .collect();
            let searched = moving.get(..moving.len().min(MOST_FACTS)).unwrap_or(&[]);
            let Some(reads) = Reads::new(program, searched) else {
                return Changes { complete: false, ..Changes::empty(ChangesStatus::NoneFound) };
            };
            let changed = record.clone();
            let search = Search {
                program,
                record,
                changed,
                as_of,
                reads: &reads,
                moving: searched,
                outcome,
                now,
                scratch,
                left: 0,
            };
            search.run(moving.len() == searched.len())
        }
        _ => Changes::empty(ChangesStatus::NotDecided),
    }
}

struct Search<'a> {
    program: &'a Program,
    record: &'a Record,
    /// The record with changes.
    changed: Record,
    as_of: Date,
    reads: &'a Reads,
    /// Facts that may move.
    moving: &'a [u32],
    /// Index of the output `outcome`.
    outcome: usize,
    /// Its value now.
    now: u16,
    scratch: &'a mut Scratch,
    /// What is left of the budget.
    left: u64,
}

impl Search<'_> {
    fn run(mut self, all: bool) -> Changes {
        let mut complete = all;
        let mut single = Vec::new();
        let mut facts: Vec<Ways> = Vec::new();
        for fact in self.moving {
            let index = *fact as usize;
            let (Some(fact), Some(now)) = (self.program.facts.get(index), self.record.slots.get(index)) else {
                continue;
            };
            let Some(chains) = Chain::all(fact, index, *now) else {
                complete = false;
                continue;
            };
            match self.nearest_of(&chains, &mut single) {
                Ok(enough) => facts.push(Ways::new(chains, enough)),
                Err(Spent) => complete = false,
            }
        }
        self.left = MOST_PAIRS;
        let mut pairs = Vec::new();
        for (place, first) in facts.iter().enumerate() {
            for second in facts.get(place.saturating_add(1)..).unwrap_or(&[]) {
                complete &= self.pairs_of(first, second, &mut pairs);
            }
        }
        let status = match (single.is_empty() && pairs.is_empty(), complete) {
            (false, _) => ChangesStatus::Found,
            (true, true) => ChangesStatus::NothingWould,
            (true, false) => ChangesStatus::NoneFound,
        };
        Changes { status, complete, single, pairs }
    }

    /// Adds the nearest values of one fact, whichever way; several if they are equally near. Their distance, if any.
    fn nearest_of(&mut self, chains: &[Chain], single: &mut Vec<Change>) -> Result<Option<i128>, Spent> {
        let mut found = Vec::new();
        for chain in chains {
            self.left = MOST_SINGLE;
            if let Some(distance) = self.nearest(chain)? {
                found.push((distance, chain));
            }
        }
        let least = found.iter().map(|(distance, _)| *distance).min();
        found.retain(|(distance, _)| Some(*distance) == least);
        single.extend(found.into_iter().filter_map(|(distance, chain)| self.change(&[(chain, distance)])));
        Ok(least)
    }

    /// The least distance along a chain that gives a better outcome.
    fn nearest(&mut self, chain: &Chain) -> Result<Option<i128>, Spent> {
        let mut stack = vec![(1, chain.steps)];
        while let Some((near, far)) = stack.pop() {
            if !self.possible([(chain, (near, far))].iter())? {
                continue;
            }
            if near == far {
                return Ok(Some(near));
            }
            let middle = middle(near, far);
            stack.push((middle.saturating_add(1), far));
            stack.push((near, middle));
        }
        Ok(None)
    }

    /// Whether a better outcome is possible with facts in these stretches; single values are decided.
    fn possible<'c>(&mut self, axes: impl Iterator<Item = &'c (&'c Chain, Stretch)>) -> Result<bool, Spent> {
        // Lists among the facts are gone through again and again.
        let lists = u64::try_from(self.record.arena.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(lists.saturating_add(1)).ok_or(Spent)?;
        let axes: Vec<_> = axes.copied().collect();
        if axes.iter().all(|(_, (near, far))| near == far) {
            let steps: Vec<_> = axes.iter().map(|(chain, (near, _))| (*chain, *near)).collect();
            let nodes = u64::try_from(self.program.code.nodes.len()).unwrap_or(u64::MAX);
            self.left = self.left.checked_sub(nodes).ok_or(Spent)?;
            return Ok(self.decided(&steps).is_some());
        }
        let mut mask = 0;
        let mut moving = Vec::with_capacity(2);
        for (chain, stretch) in axes {
            let fact = u32::try_from(chain.fact).unwrap_or(u32::MAX);
            let bit = self.moving.iter().position(|moving| *moving == fact).and_then(|bit| u32::try_from(bit).ok());
            mask |= bit.map_or(0, |bit| 1_u64.wrapping_shl(bit));
            moving.push((fact, chain.reach(stretch)));
        }
        let still = Still {
            program: self.program,
            record: self.record,
            as_of: self.as_of,
            reads: self.reads,
            moving: &moving,
            mask,
            outcome: self.outcome,
        };
        may_be_better(still, self.now, &mut self.left, self.scratch).ok_or(Spent)
    }

    /// The better outcome that a change gives; nothing if it gives none.
    fn decided(&mut self, steps: &[(&Chain, i128)]) -> Option<u16> {
        for (chain, distance) in steps {
            let value = chain.at(*distance).filter(|value| !self.is_special(chain.fact, *value));
            match (value, self.changed.slots.get_mut(chain.fact)) {
                (Some(value), Some(place)) => *place = value,
                _ => {
                    self.restore(steps);
                    return None;
                }
            }
        }
        evaluate(self.program, &self.changed, self.as_of, TraceLevel::None, self.scratch);
        self.restore(steps);
        match self.scratch.outcome.outputs.get(self.outcome) {
            Some(Slot::Enum(outcome)) if *outcome < self.now => Some(*outcome),
            _ => None,
        }
    }

    fn restore(&mut self, steps: &[(&Chain, i128)]) {
        for (chain, _) in steps {
            if let (Some(place), Some(value)) =
                (self.changed.slots.get_mut(chain.fact), self.record.slots.get(chain.fact))
            {
                *place = *value;
            }
        }
    }

    /// Whether a value stands for a special code of its fact: then it is none.
    fn is_special(&self, fact: usize, value: Slot) -> bool {
        let Some(fact) = self.program.facts.get(fact) else { return true };
        let value = shown(value, &fact.spec.data_type);
        fact.spec.special.iter().any(|code| code.value == value)
    }

    /// A change, decided once more for its outcome.
    fn change(&mut self, steps: &[(&Chain, i128)]) -> Option<Change> {
        let outcome = self.decided(steps)?;
        let facts = steps.iter().map(|(chain, distance)| {
            let (fact, from) = (self.program.facts.get(chain.fact)?, self.record.slots.get(chain.fact)?);
            let value = |slot: Slot| match fact.sensitive {
                true => TraceValue::Masked,
                false => TraceValue::Shown(shown(slot, &fact.spec.data_type)),
            };
            Some(ChangedFact { fact: chain.fact, from: value(*from), to: value(chain.at(*distance)?) })
        });
        let facts = facts.collect::<Option<Vec<_>>>()?;
        let DataType::Enum(domain) = &self.program.outputs.get(self.outcome)?.data_type else { return None };
        Some(Change { facts, outcome: domain.text(outcome)?.to_owned() })
    }
}

/// The value in the middle of a stretch.
const fn middle(near: i128, far: i128) -> i128 {
    near.saturating_add(far.saturating_sub(near) >> 1)
}

/// The value of a fact that can move.
fn shown(slot: Slot, data_type: &DataType) -> Value {
    match (slot, data_type) {
        (Slot::Enum(symbol), DataType::Enum(domain)) => Value::Text(domain.text(symbol).unwrap_or_default().to_owned()),
        (Slot::Boolean(truth), _) => Value::Boolean(truth),
        (Slot::Integer(number), _) => Value::Integer(number),
        (Slot::Decimal(number), _) => Value::Decimal(number),
        (Slot::Date(date), _) => Value::Date(date),
        _ => Value::Missing,
    }
}
