//! Lists, records, and the functions over lists and series.

use super::functions::widened;
use super::machine::{Machine, Stop};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::AggregateFunction;
use crate::value::decimal::{self, Decimal};
use crate::value::integer;
use crate::value::slot::{Slot, Stretch};

/// A function over the elements `at`, through a closure where there is one.
#[derive(Clone, Copy)]
struct Over {
    id: NodeId,
    at: Stretch,
    closure: Option<(u32, NodeId)>,
}

impl Machine<'_> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn collection(&mut self, id: NodeId) -> Result<Slot, Stop> {
        match *self.node(id) {
            Node::List(items) => self.gather(id, self.items(items)).map(Slot::List),
            Node::Record(items) => self.gather(id, self.items(items)).map(Slot::Record),
            Node::Outputs(items) => {
                let record = self.gather(id, self.items(items))?;
                self.scratch.outputs_node = Some(id);
                Ok(Slot::Record(record))
            }
            Node::Aggregate { function, decimal, list, closure } => {
                let at = self.elements(list)?;
                let slot = self.aggregate(function, decimal, Over { id, at, closure })?;
                if self.recording
                    && let Slot::Boolean(held) = slot
                {
                    self.note(id, Slot::List(at), None, held);
                }
                Ok(slot)
            }
            _ => Err(self.broken(id)),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn gather(&mut self, id: NodeId, items: &[NodeId]) -> Result<Stretch, Stop> {
        let base = self.scratch.stack.len();
        for item in items {
            let value = self.slot(*item)?;
            self.scratch.stack.push(value);
        }
        self.keep(id, base)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn aggregate(&mut self, function: AggregateFunction, decimal: bool, over: Over) -> Result<Slot, Stop> {
        match function {
            AggregateFunction::Len => Ok(Slot::Integer(over.at.len.into())),
            AggregateFunction::Count if over.closure.is_none() => Ok(Slot::Integer(over.at.len.into())),
            AggregateFunction::Count => self.count(over),
            AggregateFunction::All => self.find(over, false).map(|found| Slot::Boolean(!found)),
            AggregateFunction::Any => self.find(over, true).map(Slot::Boolean),
            AggregateFunction::Sum => self.sum(over, decimal),
            AggregateFunction::Avg(scale, mode) => {
                if over.at.len == 0 {
                    return Ok(Slot::Missing);
                }
                let Slot::Decimal(sum) = self.sum(over, true)? else { return Err(self.broken(over.id)) };
                let mean = decimal::div(sum, Decimal::from(over.at.len), scale.into(), mode);
                mean.map(Slot::Decimal).map_err(|error| self.fail_number(over.id, error))
            }
            AggregateFunction::Min => self.extreme(over, false).map(|slot| widened(slot, decimal)),
            AggregateFunction::Max => self.extreme(over, true).map(|slot| widened(slot, decimal)),
            AggregateFunction::Filter => self.filter(over),
            AggregateFunction::Map => self.map(over),
        }
    }

    /// One element.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn nth(&mut self, over: Over, index: u32) -> Result<Slot, Stop> {
        self.element(over.at, index).ok_or_else(|| self.broken(over.id))
    }

    /// One element through the closure.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn value(&mut self, over: Over, index: u32) -> Result<Slot, Stop> {
        let element = self.nth(over, index)?;
        match over.closure {
            Some((local, body)) => {
                self.store(local, element);
                self.body(body)
            }
            None => Ok(element),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn satisfied(&mut self, over: Over, index: u32) -> Result<bool, Stop> {
        let value = self.value(over, index)?;
        self.boolean(over.id, value)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn count(&mut self, over: Over) -> Result<Slot, Stop> {
        let mut count = 0_i64;
        for index in 0..over.at.len {
            count = count.saturating_add(i64::from(self.satisfied(over, index)?));
        }
        Ok(Slot::Integer(count))
    }

    /// Whether some element's truth is `wanted`; stops at the first.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn find(&mut self, over: Over, wanted: bool) -> Result<bool, Stop> {
        for index in 0..over.at.len {
            if self.satisfied(over, index)? == wanted {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn sum(&mut self, over: Over, decimal: bool) -> Result<Slot, Stop> {
        let mut sum = widened(Slot::Integer(0), decimal);
        for index in 0..over.at.len {
            let value = self.value(over, index)?;
            sum = self.add(over.id, sum, value)?;
        }
        Ok(sum)
    }

    /// An exact sum; a decimal if one operand is.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn add(&mut self, id: NodeId, left: Slot, right: Slot) -> Result<Slot, Stop> {
        let sum = match (left, right) {
            (Slot::Integer(left), Slot::Integer(right)) => integer::checked_add(left, right).map(Slot::Integer),
            (Slot::Decimal(left), Slot::Decimal(right)) => decimal::checked_add(left, right).map(Slot::Decimal),
            (Slot::Decimal(one), Slot::Integer(other)) | (Slot::Integer(other), Slot::Decimal(one)) => {
                decimal::checked_add(one, Decimal::from(other)).map(Slot::Decimal)
            }
            _ => return Err(self.broken(id)),
        };
        sum.map_err(|error| self.fail_number(id, error))
    }

    fn extreme(&mut self, over: Over, greatest: bool) -> Result<Slot, Stop> {
        let mut best = Slot::Missing;
        for index in 0..over.at.len {
            let value = self.value(over, index)?;
            let better = match best {
                Slot::Missing => true,
                _ if greatest => self.order(over.id, value, best)?.is_gt(),
                _ => self.order(over.id, value, best)?.is_lt(),
            };
            if better {
                best = value;
            }
        }
        Ok(best)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn filter(&mut self, over: Over) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        for index in 0..over.at.len {
            let element = self.nth(over, index)?;
            if self.satisfied(over, index)? {
                self.scratch.stack.push(element);
            }
        }
        self.keep(over.id, base).map(Slot::List)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn map(&mut self, over: Over) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        for index in 0..over.at.len {
            let value = self.value(over, index)?;
            self.scratch.stack.push(value);
        }
        self.keep(over.id, base).map(Slot::List)
    }
}
