//! What a program can decide while one or two facts move within ranges.
//!
//! Every answer covers all that can happen, and perhaps more: a condition that may hold or not is both, a branch that
//! may be taken is taken too, errors are left out, and whatever is not understood is [`Reach::Any`]. So an outcome that
//! is not among the answers is impossible within the ranges. Whatever does not depend on a moving fact is left to the
//! evaluator itself.

mod artefact;
mod control;
mod functions;
mod lists;
mod reads;
mod table;
mod truth;
mod value;

use super::Scratch;
use super::machine::{Machine, Stop};
use crate::program::node::Items;
use crate::program::pool::Memory;
use crate::program::{Node, NodeId, Program};
use crate::record::Record;
use crate::value::date::Date;
use crate::value::slot::Slot;

pub(super) use reads::{MOST_FACTS, Reads};
pub(super) use value::Reach;
use value::{Truth, fields, join};

/// The locals at one point: nothing where none was stored yet.
type Locals = Vec<Option<Reach>>;

/// What is known of a card: its score and the points of each characteristic; nothing if it cannot be scored.
type CardReach = Option<(Reach, Vec<Reach>)>;

/// Where a loop may be left, and where a turn of it.
#[derive(Default)]
struct Loop {
    left: Option<Locals>,
    skipped: Option<Locals>,
}

/// What stands still during one walk.
#[derive(Clone, Copy)]
pub(super) struct Still<'a> {
    pub program: &'a Program,
    /// The facts as they are; those that move are not read from here.
    pub record: &'a Record,
    pub as_of: Date,
    pub reads: &'a Reads,
    /// Facts that move, with their ranges.
    pub moving: &'a [(u32, Reach)],
    /// Their bits in `reads`.
    pub mask: u64,
    /// Index of the output `outcome`.
    pub outcome: usize,
}

/// One walk over a program.
pub(super) struct Walk<'a> {
    still: Still<'a>,
    scratch: &'a mut Scratch,
    locals: Locals,
    derived: Vec<Option<Option<Reach>>>,
    cards: Vec<Option<CardReach>>,
    effects: Vec<Truth>,
    returned: Option<Reach>,
    loops: Vec<Loop>,
    /// Steps that are left.
    left: u64,
    /// There were too few.
    spent: bool,
}

/// Whether an outcome before the value `than` of its enum is possible; nothing if that takes more than `left` steps,
/// of which those taken are subtracted.
pub(super) fn may_be_better(still: Still<'_>, than: u16, left: &mut u64, scratch: &mut Scratch) -> Option<bool> {
    let program = still.program;
    scratch.begin(program);
    let mut walk = Walk {
        still,
        scratch,
        locals: vec![None; program.locals as usize],
        derived: vec![None; program.derived.len()],
        cards: vec![None; program.scorecards.len()],
        effects: vec![Truth::of(false); program.effects.len()],
        returned: None,
        loops: Vec::new(),
        left: *left,
        spent: false,
    };
    let decided = walk.decide();
    *left = walk.left;
    if walk.spent {
        return None;
    }
    let Some(decided) = decided else { return Some(false) };
    let fields = fields(&decided, walk.memory());
    match fields.as_ref().and_then(|fields| fields.get(still.outcome)).and_then(Reach::symbols) {
        Some(possible) => Some(possible & 1_u64.checked_shl(than.into()).unwrap_or(0).wrapping_sub(1) != 0),
        None => Some(true),
    }
}

impl<'a> Walk<'a> {
    /// What `decide` may return; nothing if every way there ends in an error.
    fn decide(&mut self) -> Option<Reach> {
        let program = self.still.program;
        for rule in &program.rules {
            let held = self.body(rule.body)?.truth();
            if let Some(effect) = self.effects.get_mut(usize::from(rule.effect)) {
                effect.yes |= held.yes;
                effect.no &= held.no;
            }
        }
        self.body(program.decide)
    }

    fn memory(&self) -> Memory<'_> {
        let Still { program, record, .. } = self.still;
        Memory { pool: &program.code.pool, record, arena: &self.scratch.outcome.arena }
    }

    fn node(&self, id: NodeId) -> Node {
        self.still.program.code.nodes.get(id as usize).copied().unwrap_or(Node::Broken)
    }

    fn items(&self, items: Items) -> &'a [u32] {
        let start = items.start as usize;
        self.still.program.code.items.get(start..start.saturating_add(items.len as usize)).unwrap_or(&[])
    }

    fn join(&self, one: Reach, other: Reach) -> Reach {
        join(one, other, self.memory())
    }

    fn join_optional(&self, one: Option<Reach>, other: Option<Reach>) -> Option<Reach> {
        match (one, other) {
            (Some(one), Some(other)) => Some(self.join(one, other)),
            (one, other) => one.or(other),
        }
    }

    /// The locals after one of two ways. What only one way stored is not read afterwards without being stored again.
    fn join_locals(&self, one: Locals, other: Locals) -> Locals {
        one.into_iter().zip(other).map(|(one, other)| self.join_optional(one, other)).collect()
    }

    /// What a body may give, `return` included.
    fn body(&mut self, body: NodeId) -> Option<Reach> {
        let outer = self.returned.take();
        let loops = std::mem::take(&mut self.loops);
        let value = self.value(body);
        self.loops = loops;
        let returned = std::mem::replace(&mut self.returned, outer);
        self.join_optional(value, returned)
    }

    /// What a node may be; nothing if control never gets past it.
    fn value(&mut self, id: NodeId) -> Option<Reach> {
        self.step(1)?;
        let node = self.node(id);
        match node {
            Node::Fact(fact) => return Some(self.fact(fact)),
            Node::Local(local) => return Some(self.local(local)),
            _ => {}
        }
        if let Some(done) = self.evaluated(id) {
            return done;
        }
        match node {
            Node::Derived(derived) => self.derive(derived),
            Node::If(items) => self.branches(items),
            Node::Block { statements, result } => self.block(statements, result),
            Node::Switch { subject, arms } => self.switch(subject, arms),
            Node::Invoke { body, arguments } => self.invoke(body, arguments),
            Node::Store { .. }
            | Node::ForRange { .. }
            | Node::ForList { .. }
            | Node::Return(_)
            | Node::Break
            | Node::Continue => self.statement(node),
            Node::Integer { op, left, right } => self.integer_arithmetic(op, left, right),
            Node::Decimal { op, left, right } => self.decimal_arithmetic(op, left, right),
            Node::Call { function, decimal, arguments } => self.call(function, decimal, arguments),
            Node::Field { .. }
            | Node::Index { .. }
            | Node::ToDecimal(_)
            | Node::ToInteger(_)
            | Node::ToEnum { .. }
            | Node::ToText { .. }
            | Node::NegateInteger(_)
            | Node::NegateDecimal(_)
            | Node::Coalesce { .. }
            | Node::ValueOr { .. } => self.conversion(node),
            Node::List(items) => self.gather(items).map(Reach::List),
            Node::Record(items) => self.gather(items).map(Reach::Record),
            Node::Outputs(items) => self.outputs(items),
            Node::Aggregate { function, decimal, list, closure } => self.aggregate(function, decimal, list, closure),
            Node::Scorecard(_)
            | Node::CardScore { .. }
            | Node::CardPoints { .. }
            | Node::Scale { .. }
            | Node::Table { .. } => self.artefact(node),
            Node::Broken => None,
            _ => self.truth_of(node).map(Reach::from),
        }
    }

    /// Counts work; nothing if there has been too much.
    fn step(&mut self, steps: usize) -> Option<()> {
        let left = u64::try_from(steps).ok().and_then(|steps| self.left.checked_sub(steps));
        self.spent |= left.is_none();
        self.left = left.unwrap_or(0);
        left.map(|_| ())
    }

    fn fact(&self, fact: u32) -> Reach {
        let moving = self.still.moving.iter().find(|(moving, _)| *moving == fact);
        let still = || self.still.record.slots.get(fact as usize).copied().unwrap_or_default();
        moving.map_or_else(|| Reach::Exact(still()), |(_, reach)| reach.clone())
    }

    fn local(&self, local: u32) -> Reach {
        self.locals.get(local as usize).cloned().flatten().unwrap_or(Reach::Any)
    }

    fn store(&mut self, local: u32, value: Reach) {
        if let Some(place) = self.locals.get_mut(local as usize) {
            *place = Some(value);
        }
    }

    fn derive(&mut self, derived: u32) -> Option<Reach> {
        if let Some(Some(known)) = self.derived.get(derived as usize) {
            return known.clone();
        }
        let source = self.still.program.derived.get(derived as usize)?;
        let value = self.body(source.body);
        if let Some(place) = self.derived.get_mut(derived as usize) {
            *place = Some(value.clone());
        }
        value
    }

    /// Lets the evaluator do what depends on nothing that moves; nothing if something does.
    fn evaluated(&mut self, id: NodeId) -> Option<Option<Reach>> {
        let Still { program, record, as_of, reads, mask, .. } = self.still;
        if reads.facts(id) & (mask | reads::HITS) != 0 {
            return None;
        }
        let own = bits(reads.locals(id));
        for local in own.clone() {
            let slot = match self.locals.get(local) {
                Some(Some(Reach::Exact(slot))) => *slot,
                Some(None) => Slot::Missing,
                _ => return None,
            };
            *self.scratch.locals.get_mut(local)? = slot;
        }
        let mut machine = Machine::new(program, record, as_of, false, self.scratch);
        let result = machine.slot(id);
        for local in own {
            let slot = self.scratch.locals.get(local).copied().unwrap_or_default();
            if let Some(place) = self.locals.get_mut(local) {
                *place = Some(Reach::Exact(slot));
            }
        }
        Some(match result {
            Ok(slot) => Some(Reach::Exact(slot)),
            Err(stop) => self.stop(stop, Reach::Exact(self.scratch.returned)),
        })
    }

    /// Control goes elsewhere.
    fn stop(&mut self, stop: Stop, returned: Reach) -> Option<Reach> {
        match stop {
            Stop::Error => {}
            Stop::Return => {
                let before = self.returned.take();
                self.returned = self.join_optional(before, Some(returned));
            }
            Stop::Break => {
                let before = self.loops.last_mut().and_then(|turn| turn.left.take());
                let left = self.either(before);
                if let Some(turn) = self.loops.last_mut() {
                    turn.left = Some(left);
                }
            }
            Stop::Continue => {
                let before = self.loops.last_mut().and_then(|turn| turn.skipped.take());
                let skipped = self.either(before);
                if let Some(turn) = self.loops.last_mut() {
                    turn.skipped = Some(skipped);
                }
            }
        }
        None
    }

    /// The locals here, or those of another way to the same place.
    fn either(&self, other: Option<Locals>) -> Locals {
        match other {
            Some(other) => self.join_locals(self.locals.clone(), other),
            None => self.locals.clone(),
        }
    }

    fn gather(&mut self, items: Items) -> Option<Vec<Reach>> {
        self.items(items).iter().map(|item| self.value(*item)).collect()
    }

    /// What `decide` returns. Only the outcome is asked for.
    fn outputs(&mut self, items: Items) -> Option<Reach> {
        let items = self.items(items);
        let outcome = self.still.outcome;
        let value = items.get(outcome).map_or(Some(Reach::Any), |item| self.value(*item))?;
        let values = (0..items.len()).map(|place| if place == outcome { value.clone() } else { Reach::Any });
        Some(Reach::Record(values.collect()))
    }
}

/// The places of the bits that are set.
fn bits(words: &[u64]) -> impl Iterator<Item = usize> + Clone + '_ {
    words.iter().zip(0_usize..).flat_map(|(word, place)| {
        let set = (0..64_usize).filter(move |bit| word.wrapping_shr(u32::try_from(*bit).unwrap_or(0)) & 1 == 1);
        set.map(move |bit| place.saturating_mul(64).saturating_add(bit))
    })
}
