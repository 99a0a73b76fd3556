//! One evaluation: the dispatch over nodes, names, and what an error leaves behind.

use super::Scratch;
use super::numbers::number_code;
use crate::decision::outcome::{Failure, Subject, TestEvent};
use crate::diagnostic::{Code, codes};
use crate::program::node::Items;
use crate::program::pool::{Memory, values_of};
use crate::program::{Node, NodeId, Program};
use crate::record::Record;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, NumberError};
use crate::value::slot::{Slot, Stretch, TextRef};

/// Why evaluation does not go on where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The decision ends; the error stands in the outcome.
    Error,
    /// The body ends; its value stands in `Scratch::returned`.
    Return,
    /// The loop ends.
    Break,
    /// The loop's turn ends.
    Continue,
}

pub(super) struct Machine<'a> {
    pub program: &'a Program,
    nodes: &'a [Node],
    facts: &'a [Slot],
    pub record: &'a Record,
    pub as_of: Date,
    /// A full trace is wanted.
    pub full: bool,
    /// Tests are noted: within rules, in a full trace.
    pub recording: bool,
    pub scratch: &'a mut Scratch,
}

impl<'a> Machine<'a> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn new(program: &'a Program, record: &'a Record, as_of: Date, full: bool, scratch: &'a mut Scratch) -> Self {
        let (nodes, facts) = (program.code.nodes.as_slice(), record.slots.as_slice());
        Self { program, nodes, facts, record, as_of, full, recording: false, scratch }
    }

    /// A node, by reference: copying one costs more than most nodes do.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn node(&self, node: NodeId) -> &'a Node {
        self.nodes.get(node as usize).unwrap_or(&Node::Broken)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn items(&self, items: Items) -> &'a [u32] {
        let start = items.start as usize;
        self.program.code.items.get(start..start.wrapping_add(items.len as usize)).unwrap_or(&[])
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn memory(&self) -> Memory<'_> {
        Memory { pool: &self.program.code.pool, record: self.record, arena: &self.scratch.outcome.arena }
    }

    /// The value of a node. Whatever is more than a look goes on elsewhere, as the last thing done: what only looks then
    /// saves no registers.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn slot(&mut self, node: NodeId) -> Result<Slot, Stop> {
        match *self.node(node) {
            Node::Constant(constant) => Ok(*self.constant(constant)),
            Node::Fact(fact) => Ok(*self.fact(fact)),
            Node::Derived(derived) => self.derived(derived),
            Node::Local(local) => Ok(*self.local(local)),
            Node::AsOf => Ok(Slot::Date(self.as_of)),
            Node::Integer { op, left, right } => self.integer_arithmetic(node, op, left, right),
            Node::Decimal { op, left, right } => self.decimal_arithmetic(node, op, left, right),
            Node::If(items) => self.branches(items),
            Node::Block { statements, result } => self.block(statements, result),
            Node::Call { .. } => self.call(node),
            Node::Invoke { body, arguments } => self.invoke(node, body, arguments),
            Node::Switch { subject, arms } => self.switch(node, subject, arms),
            Node::Field { record, index } => self.field(node, record, index),
            Node::Index { .. }
            | Node::ToDecimal(_)
            | Node::ToInteger(_)
            | Node::ToEnum { .. }
            | Node::ToText { .. }
            | Node::NegateInteger(_)
            | Node::NegateDecimal(_)
            | Node::Coalesce { .. }
            | Node::ValueOr { .. } => self.conversion(node),
            Node::Store { .. }
            | Node::ForRange { .. }
            | Node::ForList { .. }
            | Node::Return(_)
            | Node::Break
            | Node::Continue => self.statement(node),
            Node::List(_) | Node::Record(_) | Node::Outputs(_) | Node::Aggregate { .. } => self.collection(node),
            Node::Scorecard(_)
            | Node::CardScore { .. }
            | Node::CardPoints { .. }
            | Node::Scale { .. }
            | Node::Table { .. } => self.artefact(node),
            _ => self.truth_slot(node),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn truth_slot(&mut self, node: NodeId) -> Result<Slot, Stop> {
        self.truth_of(node, self.node(node)).map(Slot::Boolean)
    }

    /// A constant, by reference: a slot copied out of an option is written in pieces and read as a whole, which the
    /// processor waits for.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn constant(&self, constant: u32) -> &'a Slot {
        self.program.code.constants.get(constant as usize).unwrap_or(&Slot::Missing)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    fn local(&self, local: u32) -> &Slot {
        self.scratch.locals.get(local as usize).unwrap_or(&Slot::Missing)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn fact(&self, fact: u32) -> &'a Slot {
        self.facts.get(fact as usize).unwrap_or(&Slot::Missing)
    }

    /// A derived fact, evaluated when first read.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn derived(&mut self, derived: u32) -> Result<Slot, Stop> {
        match self.scratch.derived.get(derived as usize) {
            Some((decision, value)) if *decision == self.scratch.decision => Ok(*value),
            _ => self.derive(derived),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn derive(&mut self, derived: u32) -> Result<Slot, Stop> {
        let Some(source) = self.program.derived.get(derived as usize) else { return Err(self.broken(0)) };
        let recording = std::mem::take(&mut self.recording);
        let value = self.body(source.body)?;
        self.recording = recording;
        if let Some(place) = self.scratch.derived.get_mut(derived as usize) {
            *place = (self.scratch.decision, value);
        }
        self.scratch.outcome.events.derived.push((derived, value));
        Ok(value)
    }

    /// The value of a body, `return` included.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn body(&mut self, body: NodeId) -> Result<Slot, Stop> {
        match self.slot(body) {
            Err(Stop::Return) => Ok(self.scratch.returned),
            done => done,
        }
    }

    /// The truth of a body, `return` included.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn condition_body(&mut self, body: NodeId) -> Result<bool, Stop> {
        match self.truth(body) {
            Err(Stop::Return) => self.boolean(body, self.scratch.returned),
            done => done,
        }
    }

    /// All rules, in file order.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn rules(&mut self) -> Result<(), Stop> {
        let program = self.program;
        for (rule, place) in program.rules.iter().zip(0_u32..) {
            self.recording = self.full;
            let held = self.condition_body(rule.body);
            self.recording = false;
            if self.full {
                let tests = u32::try_from(self.scratch.outcome.events.tests.len()).unwrap_or(u32::MAX);
                self.scratch.outcome.events.rules.push((tests, held == Ok(true)));
            }
            if held? {
                self.scratch.outcome.hits.push(place);
                if let Some(effect) = self.scratch.effects.get_mut(usize::from(rule.effect)) {
                    *effect = true;
                }
            }
        }
        Ok(())
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn boolean(&mut self, node: NodeId, slot: Slot) -> Result<bool, Stop> {
        match slot {
            Slot::Boolean(truth) => Ok(truth),
            _ => Err(self.broken(node)),
        }
    }

    /// The value of a node as an integer.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn integer(&mut self, node: NodeId) -> Result<i64, Stop> {
        match self.slot(node)? {
            Slot::Integer(number) => Ok(number),
            _ => Err(self.broken(node)),
        }
    }

    /// The value of a node as a decimal; integers widen.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn decimal(&mut self, node: NodeId) -> Result<Decimal, Stop> {
        match self.slot(node)? {
            Slot::Decimal(number) => Ok(number),
            Slot::Integer(number) => Ok(Decimal::from(number)),
            _ => Err(self.broken(node)),
        }
    }

    /// The value of a node as a date.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn date(&mut self, node: NodeId) -> Result<Date, Stop> {
        match self.slot(node)? {
            Slot::Date(date) => Ok(date),
            _ => Err(self.broken(node)),
        }
    }

    /// The value of a node as a text.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn text(&mut self, node: NodeId) -> Result<&'a str, Stop> {
        match self.slot(node)? {
            Slot::Text(TextRef::Record(at)) => Ok(self.record.text(at)),
            Slot::Text(TextRef::Program(at)) => Ok(self.program.code.pool.text(at)),
            _ => Err(self.broken(node)),
        }
    }

    /// Where the elements of a list, record or series stand.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn elements(&mut self, node: NodeId) -> Result<Stretch, Stop> {
        let slot = self.slot(node)?;
        values_of(slot).ok_or_else(|| self.broken(node))
    }

    /// One element of a stretch.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn element(&self, at: Stretch, index: u32) -> Option<Slot> {
        self.memory().stretch(at)?.get(index as usize).copied()
    }

    /// Moves what lies on the stack from `base` on into the arena.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn keep(&mut self, node: NodeId, base: usize) -> Result<Stretch, Stop> {
        let arena = &mut self.scratch.outcome.arena;
        let start = self.record.arena.len().saturating_add(arena.len());
        let made = self.scratch.stack.get(base..).unwrap_or(&[]);
        let len = u32::try_from(made.len()).unwrap_or(u32::MAX);
        match u32::try_from(start) {
            Ok(start) if start.saturating_add(len) < MOST_ELEMENTS => {
                arena.extend_from_slice(made);
                self.scratch.stack.truncate(base);
                Ok(Stretch { start, len })
            }
            _ => Err(self.fail(node, codes::DECISION_TOO_LARGE)),
        }
    }

    /// Notes a test.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn note(&mut self, node: NodeId, left: Slot, right: Option<Slot>, held: bool) {
        self.scratch.outcome.events.tests.push(TestEvent { node, left, right, held });
    }

    /// Ends the decision with an error at a node.
    #[cold]
    pub fn fail(&mut self, node: NodeId, code: Code) -> Stop {
        self.fail_about(node, code, Subject::Nothing)
    }

    #[cold]
    pub fn fail_about(&mut self, node: NodeId, code: Code, subject: Subject) -> Stop {
        let span = Some(self.program.code.span_of(node));
        self.scratch.outcome.error.get_or_insert(Failure { code, subject, span });
        Stop::Error
    }

    /// Ends the decision with an error of arithmetic.
    #[cold]
    pub fn fail_number(&mut self, node: NodeId, error: NumberError) -> Stop {
        self.fail(node, number_code(error))
    }

    /// The program is not what the compiler makes.
    #[cold]
    pub fn broken(&mut self, node: NodeId) -> Stop {
        self.fail(node, codes::INTERNAL)
    }
}

/// Elements of the lists and records of one decision, the facts' own included: 16,777,216, in 400 MiB.
const MOST_ELEMENTS: u32 = 1 << 24;
