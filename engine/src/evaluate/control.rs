//! Branches, loops, blocks and calls of functions.

use super::machine::{Machine, Stop};
use super::numbers::order_numbers;
use crate::program::node::Items;
use crate::program::{Node, NodeId, Pattern};
use crate::value::slot::Slot;

impl Machine<'_> {
    /// Conditions and values in turn, then perhaps the value otherwise.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn branches(&mut self, items: Items) -> Result<Slot, Stop> {
        let mut pairs = self.items(items).chunks_exact(2);
        for pair in pairs.by_ref() {
            if let [condition, value] = pair
                && self.truth(*condition)?
            {
                return self.slot(*value);
            }
        }
        match pairs.remainder() {
            [otherwise] => self.slot(*otherwise),
            _ => Ok(Slot::Missing),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn block(&mut self, statements: Items, result: Option<NodeId>) -> Result<Slot, Stop> {
        for statement in self.items(statements) {
            self.slot(*statement)?;
        }
        match result {
            Some(result) => self.slot(result),
            None => Ok(Slot::Missing),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn switch(&mut self, id: NodeId, subject: NodeId, arms: u32) -> Result<Slot, Stop> {
        let program = self.program;
        let subject = self.slot(subject)?;
        let Some(switch) = program.code.switches.get(arms as usize) else { return Err(self.broken(id)) };
        for arm in &switch.arms {
            if !arm.patterns.iter().any(|pattern| self.fits(subject, pattern)) {
                continue;
            }
            if let Some(guard) = arm.guard
                && !self.truth(guard)?
            {
                continue;
            }
            return self.slot(arm.result);
        }
        match switch.default {
            Some(default) => self.slot(default),
            None => Err(self.broken(id)),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn fits(&self, subject: Slot, pattern: &Pattern) -> bool {
        match *pattern {
            Pattern::Equal(constant) => match (subject, constant) {
                (Slot::Enum(left), Slot::Enum(right)) => left == right,
                _ => self.same(subject, constant),
            },
            Pattern::Within(first, last) => {
                let from = |bound| order_numbers(subject, Slot::Integer(bound));
                from(first).is_some_and(|order| order.is_ge()) && from(last).is_some_and(|order| order.is_le())
            }
        }
    }

    /// All arguments are evaluated before the first is stored.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn invoke(&mut self, id: NodeId, body: NodeId, arguments: Items) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        let arguments = self.items(arguments);
        for pair in arguments.chunks_exact(2) {
            let [_, value] = pair else { return Err(self.broken(id)) };
            let value = self.slot(*value)?;
            self.scratch.stack.push(value);
        }
        let scratch = &mut *self.scratch;
        for (pair, value) in arguments.chunks_exact(2).zip(scratch.stack.drain(base..)) {
            if let [local, _] = pair
                && let Some(place) = scratch.locals.get_mut(*local as usize)
            {
                *place = value;
            }
        }
        self.body(body)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn store(&mut self, local: u32, value: Slot) {
        if let Some(place) = self.scratch.locals.get_mut(local as usize) {
            *place = value;
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn statement(&mut self, id: NodeId) -> Result<Slot, Stop> {
        match *self.node(id) {
            Node::Store { local, value } => {
                let value = self.slot(value)?;
                self.store(local, value);
                Ok(Slot::Missing)
            }
            Node::ForRange { local, body, start, end } => self.for_range(id, local, body, start, end),
            Node::ForList { local, list, body } => self.for_list(id, local, list, body),
            Node::Return(value) => {
                self.scratch.returned = match value {
                    Some(value) => self.slot(value)?,
                    None => Slot::Missing,
                };
                Err(Stop::Return)
            }
            Node::Break => Err(Stop::Break),
            Node::Continue => Err(Stop::Continue),
            _ => Err(self.broken(id)),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn for_range(&mut self, id: NodeId, local: u32, body: NodeId, start: u32, end: u32) -> Result<Slot, Stop> {
        let (Slot::Integer(start), Slot::Integer(end)) = (*self.constant(start), *self.constant(end)) else {
            return Err(self.broken(id));
        };
        for number in start..end {
            self.store(local, Slot::Integer(number));
            if self.turn(body)? {
                break;
            }
        }
        Ok(Slot::Missing)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn for_list(&mut self, id: NodeId, local: u32, list: NodeId, body: NodeId) -> Result<Slot, Stop> {
        let at = self.elements(list)?;
        for index in 0..at.len {
            let Some(element) = self.element(at, index) else { return Err(self.broken(id)) };
            self.store(local, element);
            if self.turn(body)? {
                break;
            }
        }
        Ok(Slot::Missing)
    }

    /// One turn of a loop; true if it was the last.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn turn(&mut self, body: NodeId) -> Result<bool, Stop> {
        match self.slot(body) {
            Ok(_) | Err(Stop::Continue) => Ok(false),
            Err(Stop::Break) => Ok(true),
            Err(stop) => Err(stop),
        }
    }
}
