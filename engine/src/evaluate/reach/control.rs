//! Branches, loops, blocks and calls of functions: every way that may be taken is taken.

use super::value::{Reach, Truth};
use super::{Locals, Loop, Walk, fields};
use crate::evaluate::machine::Stop;
use crate::program::node::Items;
use crate::program::{Node, NodeId, Pattern};
use crate::value::slot::Slot;

/// The values and locals of the ways taken so far.
#[derive(Default)]
struct Ways {
    value: Option<Reach>,
    locals: Option<Locals>,
}

impl Walk<'_> {
    /// Takes a way from here and comes back; the locals are those before it.
    fn take(&mut self, ways: &mut Ways, node: Option<NodeId>) {
        if self.step(self.locals.len() >> 3).is_none() {
            return;
        }
        let before = self.locals.clone();
        if let Some(value) = node.map_or(Some(Reach::Exact(Slot::Missing)), |node| self.value(node)) {
            ways.value = self.join_optional(ways.value.take(), Some(value));
            ways.locals = Some(self.either(ways.locals.take()));
        }
        self.locals = before;
    }

    /// Goes on behind the ways; nothing if none of them gets there.
    fn meet(&mut self, ways: Ways) -> Option<Reach> {
        self.locals = ways.locals?;
        ways.value
    }

    pub(super) fn branches(&mut self, items: Items) -> Option<Reach> {
        let mut ways = Ways::default();
        let mut pairs = self.items(items).chunks_exact(2);
        for pair in pairs.by_ref() {
            let [condition, value] = pair else { return Some(Reach::Any) };
            let Some(truth) = self.truth(*condition) else { return self.meet(ways) };
            if truth.yes {
                self.take(&mut ways, Some(*value));
            }
            if !truth.no {
                return self.meet(ways);
            }
        }
        self.take(&mut ways, pairs.remainder().first().copied());
        self.meet(ways)
    }

    pub(super) fn switch(&mut self, subject: NodeId, arms: u32) -> Option<Reach> {
        let subject = self.value(subject)?;
        let switch = self.still.program.code.switches.get(arms as usize)?;
        let mut ways = Ways::default();
        for arm in &switch.arms {
            let fits = arm.patterns.iter().map(|pattern| fits(&subject, pattern));
            let fits = fits.fold(Truth::of(false), |any, one| Truth { yes: any.yes | one.yes, no: any.no & one.no });
            if !fits.yes {
                continue;
            }
            let guard = match arm.guard {
                Some(guard) => {
                    let before = self.locals.clone();
                    let guard = self.truth(guard);
                    self.locals = self.either(Some(before));
                    guard
                }
                None => Some(Truth::of(true)),
            };
            let Some(guard) = guard else {
                if fits.no {
                    continue;
                }
                return self.meet(ways);
            };
            if guard.yes {
                self.take(&mut ways, Some(arm.result));
            }
            if !guard.no && !fits.no {
                return self.meet(ways);
            }
        }
        if let Some(default) = switch.default {
            self.take(&mut ways, Some(default));
        }
        self.meet(ways)
    }

    pub(super) fn block(&mut self, statements: Items, result: Option<NodeId>) -> Option<Reach> {
        for statement in self.items(statements) {
            self.value(*statement)?;
        }
        result.map_or(Some(Reach::Exact(Slot::Missing)), |result| self.value(result))
    }

    pub(super) fn invoke(&mut self, body: NodeId, arguments: Items) -> Option<Reach> {
        let mut values = Vec::new();
        for pair in self.items(arguments).chunks_exact(2) {
            if let [local, value] = pair {
                values.push((*local, self.value(*value)?));
            }
        }
        for (local, value) in values {
            self.store(local, value);
        }
        self.body(body)
    }

    pub(super) fn statement(&mut self, node: Node) -> Option<Reach> {
        match node {
            Node::Store { local, value } => {
                let value = self.value(value)?;
                self.store(local, value);
                Some(Reach::Exact(Slot::Missing))
            }
            Node::ForRange { local, body, start, end } => {
                let constant = |index: u32| self.still.program.code.constants.get(index as usize).copied();
                let (Some(Slot::Integer(start)), Some(Slot::Integer(end))) = (constant(start), constant(end)) else {
                    return None;
                };
                self.turns(local, body, (start..end).map(|number| Reach::Exact(Slot::Integer(number))))
            }
            Node::ForList { local, list, body } => {
                let list = self.value(list)?;
                match self.elements(&list) {
                    Some(elements) => self.turns(local, body, elements.into_iter()),
                    None => self.lost(),
                }
            }
            Node::Return(value) => {
                let value = value.map_or(Some(Reach::Exact(Slot::Missing)), |value| self.value(value))?;
                self.stop(Stop::Return, value)
            }
            Node::Break => self.stop(Stop::Break, Reach::Any),
            Node::Continue => self.stop(Stop::Continue, Reach::Any),
            _ => None,
        }
    }

    /// A loop over nobody knows what: all that it may store may be anything, and it may return anything.
    fn lost(&mut self) -> Option<Reach> {
        for local in &mut self.locals {
            *local = Some(Reach::Any);
        }
        self.returned = Some(Reach::Any);
        Some(Reach::Any)
    }

    fn turns(&mut self, local: u32, body: NodeId, elements: impl Iterator<Item = Reach>) -> Option<Reach> {
        self.loops.push(Loop::default());
        let mut alive = true;
        for element in elements {
            self.store(local, element);
            let ended = self.value(body).is_none();
            let skipped = self.loops.last_mut().and_then(|turn| turn.skipped.take());
            match (ended, skipped) {
                (true, None) => {
                    alive = false;
                    break;
                }
                (true, Some(skipped)) => self.locals = skipped,
                (false, skipped) => self.locals = self.either(skipped),
            }
        }
        let left = self.loops.pop().and_then(|turn| turn.left);
        match (alive, left) {
            (true, left) => self.locals = self.either(left),
            (false, left) => self.locals = left?,
        }
        Some(Reach::Exact(Slot::Missing))
    }

    /// One field of a record.
    pub(super) fn field(&mut self, record: NodeId, index: u32) -> Option<Reach> {
        let record = self.value(record)?;
        let field = fields(&record, self.memory()).and_then(|fields| fields.into_iter().nth(index as usize));
        Some(field.unwrap_or(Reach::Any))
    }
}

fn fits(subject: &Reach, pattern: &Pattern) -> Truth {
    match *pattern {
        Pattern::Equal(constant) => {
            let constant = Reach::Exact(constant);
            if let (Some((low, high)), Some((number, _))) = (subject.numbers(), constant.numbers()) {
                return Truth { yes: low <= number && number <= high, no: low != number || high != number };
            }
            match (subject.symbols(), constant.symbols()) {
                (Some(one), Some(other)) => Truth { yes: one & other != 0, no: one != other },
                _ => Truth::BOTH,
            }
        }
        Pattern::Within(first, last) => super::truth::within(subject.numbers(), first.into(), last.into()),
    }
}
