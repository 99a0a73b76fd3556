//! Conditions.

use std::cmp::Ordering;

use super::machine::{Machine, Stop};
use super::numbers::order_numbers;
use crate::program::locator::ordinal;
use crate::program::node::{Family, Items};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::Comparison;
use crate::value::decimal::{Decimal, clamped_mantissa};
use crate::value::slot::Slot;

impl Machine<'_> {
    /// The truth of a node. The commonest tests are decided here, without a call.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn truth(&mut self, id: NodeId) -> Result<bool, Stop> {
        let node = self.node(id);
        match self.fact_holds(node) {
            Some(held) => Ok(held),
            None => self.truth_of(id, node),
        }
    }

    /// The same for tests of facts alone, where they need not be noted; nothing for other nodes.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(always)]
    fn fact_holds(&self, node: &Node) -> Option<bool> {
        if self.recording { None } else { self.fact_between(node) }
    }

    /// Whether a fact lies between constant bounds; nothing for other nodes, and for a fact of another type.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(always)]
    fn fact_between(&self, node: &Node) -> Option<bool> {
        match node {
            Node::FactDecimalNarrow { fact, negate, low, high } => match self.fact(*fact) {
                Slot::Decimal(number) => Some(narrow(number, *low, *high) != *negate),
                _ => None,
            },
            Node::FactWithin { fact, negate, low, high } => {
                let number = ordinal(*self.fact(*fact))?;
                Some(((*low <= number) & (number <= *high)) != *negate)
            }
            _ => None,
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn truth_of(&mut self, id: NodeId, node: &Node) -> Result<bool, Stop> {
        match *node {
            Node::And(items) => self.all(items),
            Node::Or(items) => self.any(items),
            Node::Not(value) => Ok(!self.truth(value)?),
            Node::FactWithin { .. } | Node::FactDecimalWithin { .. } | Node::FactDecimalNarrow { .. } => {
                self.fact_test(id, node)
            }
            Node::FactIn { fact, mask } => self.fact_in(id, fact, mask),
            Node::Within { value, negate, low, high } => self.within(id, value, negate, low, high),
            Node::Compare { family, op, left, right } => self.compare(id, family, op, left, right),
            Node::SymbolIn { value, masks } => self.symbol_in(id, value, masks),
            Node::InConstants { value, set } => self.in_constants(id, value, set),
            Node::InList { value, list } => self.in_list(id, value, list),
            Node::IsMissing(value) => self.is_missing(id, value),
            Node::IsSpecial { value, code } => self.is_special(id, value, code),
            Node::Has(effect) => Ok(self.scratch.effects.get(usize::from(effect)).copied().unwrap_or(false)),
            Node::Broken => Err(self.broken(id)),
            _ => self.plain_truth(id),
        }
    }

    /// A truth value that is no test in itself: a fact, a local, a function's result.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn plain_truth(&mut self, id: NodeId) -> Result<bool, Stop> {
        let slot = self.slot(id)?;
        let truth = self.boolean(id, slot)?;
        if self.recording
            && matches!(self.node(id), Node::Fact(_) | Node::Derived(_) | Node::Local(_) | Node::Field { .. })
        {
            self.note(id, slot, None, truth);
        }
        Ok(truth)
    }

    /// A fact against constant bounds, with a note of the test where one is wanted.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn fact_test(&mut self, id: NodeId, node: &Node) -> Result<bool, Stop> {
        let (fact, held) = match *node {
            Node::FactWithin { fact, .. } | Node::FactDecimalNarrow { fact, .. } => (fact, self.fact_between(node)),
            Node::FactDecimalWithin { fact, negate, bounds } => {
                match (self.fact(fact), self.program.code.bounds.get(bounds as usize)) {
                    (Slot::Decimal(number), Some((low, high))) => {
                        let mantissa = number.mantissa();
                        (fact, Some((*low <= mantissa && mantissa <= *high) != negate))
                    }
                    _ => (fact, None),
                }
            }
            _ => return Err(self.broken(id)),
        };
        let Some(held) = held else { return Err(self.broken(id)) };
        if self.recording {
            self.note(id, *self.fact(fact), None, held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn fact_in(&mut self, id: NodeId, fact: u32, mask: u64) -> Result<bool, Stop> {
        let slot = self.fact(fact);
        let symbol = match *slot {
            Slot::Enum(symbol) => u32::from(symbol),
            Slot::Boolean(truth) => u32::from(truth),
            _ => return Err(self.broken(id)),
        };
        let held = mask.checked_shr(symbol).unwrap_or(0) & 1 == 1;
        if self.recording {
            self.note(id, *slot, None, held);
        }
        Ok(held)
    }

    /// Tests of facts cannot fail and cost less than a wrongly foreseen branch: after one that does not hold they are
    /// made all the same, and counted, up to the first node that is none.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn all(&mut self, items: Items) -> Result<bool, Stop> {
        let mut failed = 0_u32;
        for item in self.items(items) {
            let node = self.node(*item);
            match self.fact_holds(node) {
                Some(holds) => failed = failed.wrapping_add(u32::from(!holds)),
                None if failed > 0 || !self.truth_of(*item, node)? => return Ok(false),
                None => {}
            }
        }
        Ok(failed == 0)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn any(&mut self, items: Items) -> Result<bool, Stop> {
        let mut held = 0_u32;
        for item in self.items(items) {
            let node = self.node(*item);
            match self.fact_holds(node) {
                Some(holds) => held = held.wrapping_add(u32::from(holds)),
                None if held > 0 || self.truth_of(*item, node)? => return Ok(true),
                None => {}
            }
        }
        Ok(held > 0)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn within(&mut self, id: NodeId, value: NodeId, negate: bool, low: i64, high: i64) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let Some(number) = ordinal(slot) else { return Err(self.broken(id)) };
        let held = (low <= number && number <= high) != negate;
        if self.recording {
            self.note(id, slot, None, held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn compare(&mut self, id: NodeId, family: Family, op: Comparison, l: NodeId, r: NodeId) -> Result<bool, Stop> {
        let left = self.slot(l)?;
        let right = self.slot(r)?;
        let order = match family {
            Family::Integer | Family::Ordinal => {
                ordinal(left).zip(ordinal(right)).map(|(left, right)| left.cmp(&right))
            }
            Family::Number => order_numbers(left, right),
            Family::Text => {
                let memory = self.memory();
                memory.text(left).zip(memory.text(right)).map(|(left, right)| left.cmp(right))
            }
        };
        let Some(order) = order else { return Err(self.broken(id)) };
        let held = holds(op, order);
        if self.recording {
            self.note(id, left, Some(right), held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn symbol_in(&mut self, id: NodeId, value: NodeId, masks: Items) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let symbol = ordinal(slot).and_then(|symbol| u32::try_from(symbol).ok());
        let Some(symbol) = symbol else { return Err(self.broken(id)) };
        let word = symbol >> 6;
        let mask = if word < masks.len {
            self.program.code.masks.get(masks.start.saturating_add(word) as usize).copied().unwrap_or(0)
        } else {
            0
        };
        let held = mask.wrapping_shr(symbol & 63) & 1 == 1;
        if self.recording {
            self.note(id, slot, None, held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn in_constants(&mut self, id: NodeId, value: NodeId, set: Items) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let held = self.items(set).iter().any(|constant| self.same(slot, *self.constant(*constant)));
        if self.recording {
            self.note(id, slot, None, held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn in_list(&mut self, id: NodeId, value: NodeId, list: NodeId) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let list_slot = self.slot(list)?;
        let Some(elements) = self.memory().elements(list_slot) else { return Err(self.broken(id)) };
        let held = elements.iter().any(|element| self.same(slot, *element));
        if self.recording {
            self.note(id, slot, Some(list_slot), held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn is_missing(&mut self, id: NodeId, value: NodeId) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let held = slot == Slot::Missing;
        if self.recording {
            self.note(id, slot, None, held);
        }
        Ok(held)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn is_special(&mut self, id: NodeId, value: NodeId, code: Option<u8>) -> Result<bool, Stop> {
        let slot = self.slot(value)?;
        let held = matches!(slot, Slot::Special(found) if code.is_none_or(|code| code == found));
        if self.recording {
            self.note(id, slot, None, held);
        }
        Ok(held)
    }

    /// Equality of type and value: numbers by number, texts by text, lists and records element by element.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn same(&self, left: Slot, right: Slot) -> bool {
        if let Some(order) = order_numbers(left, right) {
            return order == Ordering::Equal;
        }
        let memory = self.memory();
        if let (Some(left), Some(right)) = (memory.text(left), memory.text(right)) {
            return left == right;
        }
        match (memory.elements(left), memory.elements(right)) {
            (Some(left), Some(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(left, right)| self.same(*left, *right))
            }
            _ => left == right,
        }
    }
}

/// Whether the mantissa of a decimal lies between bounds that no clamped number equals.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn narrow(number: &Decimal, low: i64, high: i64) -> bool {
    let clamped = clamped_mantissa(number);
    (low <= clamped) & (clamped <= high)
}

/// Whether operands in this order satisfy an operator.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn holds(op: Comparison, order: Ordering) -> bool {
    match op {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterEqual => order.is_ge(),
    }
}
