//! Conditions: whether they may hold, and whether they may not.

use super::Walk;
use super::value::{Reach, Truth};
use crate::program::node::{Family, Items};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::Comparison;
use crate::value::slot::Slot;

impl Walk<'_> {
    /// The truth of a node; nothing if control never gets past it.
    pub(super) fn truth(&mut self, id: NodeId) -> Option<Truth> {
        self.value(id).map(|value| value.truth())
    }

    pub(super) fn truth_of(&mut self, node: Node) -> Option<Truth> {
        match node {
            Node::And(items) => self.chain(items, true),
            Node::Or(items) => self.chain(items, false),
            Node::Not(value) => self.truth(value).map(Truth::not),
            Node::FactWithin { fact, negate, low, high } => {
                Some(within(self.fact(fact).ordinals(), low, high).not_if(negate))
            }
            Node::FactDecimalNarrow { fact, negate, low, high } => {
                let low = if low == i64::MIN { i128::MIN } else { low.into() };
                let high = if high == i64::MAX { i128::MAX } else { high.into() };
                Some(within(mantissas(&self.fact(fact)), low, high).not_if(negate))
            }
            Node::FactDecimalWithin { fact, negate, bounds } => {
                let (low, high) = self.still.program.code.bounds.get(bounds as usize).copied()?;
                Some(within(mantissas(&self.fact(fact)), low, high).not_if(negate))
            }
            Node::FactIn { fact, mask } => Some(among(self.fact(fact).symbols(), mask)),
            Node::Within { value, negate, low, high } => {
                let value = self.value(value)?;
                Some(within(value.ordinals(), low, high).not_if(negate))
            }
            Node::Compare { family, op, left, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                Some(compare(family, op, &left, &right))
            }
            Node::SymbolIn { value, masks } => {
                let value = self.value(value)?;
                let single = self.still.program.code.masks.get(masks.start as usize).filter(|_| masks.len == 1);
                Some(single.map_or(Truth::BOTH, |mask| among(value.symbols(), *mask)))
            }
            Node::InConstants { value, set } => self.in_constants(value, set),
            Node::InList { value, list } => {
                self.value(value)?;
                self.value(list)?;
                Some(Truth::BOTH)
            }
            Node::IsMissing(value) => Some(match self.value(value)? {
                Reach::Exact(Slot::Missing) => Truth::of(true),
                Reach::Maybe(_) | Reach::Any => Truth::BOTH,
                _ => Truth::of(false),
            }),
            Node::IsSpecial { value, code } => Some(match self.value(value)? {
                Reach::Exact(Slot::Special(found)) => Truth::of(code.is_none_or(|code| code == found)),
                Reach::Any => Truth::BOTH,
                Reach::Maybe(inner) if matches!(*inner, Reach::Any | Reach::Exact(Slot::Special(_))) => Truth::BOTH,
                _ => Truth::of(false),
            }),
            Node::Has(effect) => Some(self.effects.get(usize::from(effect)).copied().unwrap_or(Truth::BOTH)),
            _ => Some(Truth::BOTH),
        }
    }

    /// `&&` (`through` is true) and `||`: goes on as long as parts are `through`, stops at the first that is not.
    fn chain(&mut self, items: Items, through: bool) -> Option<Truth> {
        let (mut certain, mut stopped) = (true, false);
        for item in self.items(items) {
            let before = (!certain).then(|| self.locals.clone());
            let truth = self.truth(*item);
            if let Some(before) = before {
                self.locals = self.either(Some(before));
            }
            let Some(truth) = truth else { return stopped.then_some(Truth::of(!through)) };
            let (goes_on, stops) = if through { (truth.yes, truth.no) } else { (truth.no, truth.yes) };
            stopped |= stops;
            if !goes_on {
                return Some(Truth::of(!through));
            }
            certain &= !stops;
        }
        Some(if stopped { Truth::BOTH } else { Truth::of(through) })
    }

    fn in_constants(&mut self, value: NodeId, set: Items) -> Option<Truth> {
        let value = self.value(value)?;
        let constants = self.items(set).iter().filter_map(|constant| {
            let slot = self.still.program.code.constants.get(*constant as usize).copied()?;
            Some(Reach::Exact(slot))
        });
        let possible = |constant: Reach| match (value.numbers(), constant.numbers()) {
            (Some((low, high)), Some((number, _))) => low <= number && number <= high,
            _ => true,
        };
        let mut constants = constants;
        Some(if constants.any(possible) { Truth::BOTH } else { Truth::of(false) })
    }
}

/// Mantissas of a decimal fact, which stands at its declared scale.
fn mantissas(fact: &Reach) -> Option<(i128, i128)> {
    fact.numbers().map(|(low, high)| (low.mantissa(), high.mantissa()))
}

/// Whether numbers lie between two bounds, both inclusive.
pub(super) fn within<T: PartialOrd>(numbers: Option<(T, T)>, low: T, high: T) -> Truth {
    match numbers {
        Some((least, greatest)) => Truth { yes: least <= high && low <= greatest, no: least < low || greatest > high },
        None => Truth::BOTH,
    }
}

fn among(symbols: Option<u64>, mask: u64) -> Truth {
    symbols.map_or(Truth::BOTH, |symbols| Truth { yes: symbols & mask != 0, no: symbols & !mask != 0 })
}

fn compare(family: Family, op: Comparison, left: &Reach, right: &Reach) -> Truth {
    match family {
        Family::Text => Truth::BOTH,
        Family::Number => {
            left.numbers().zip(right.numbers()).map_or(Truth::BOTH, |(left, right)| order(op, left, right))
        }
        Family::Integer | Family::Ordinal => {
            if let (Some(one), Some(other), Comparison::Equal | Comparison::NotEqual) =
                (left.symbols(), right.symbols(), op)
            {
                let same = Truth { yes: one & other != 0, no: one != other || !one.is_power_of_two() };
                return same.not_if(op == Comparison::NotEqual);
            }
            left.ordinals().zip(right.ordinals()).map_or(Truth::BOTH, |(left, right)| order(op, left, right))
        }
    }
}

fn order<T: PartialOrd>(op: Comparison, (a, b): (T, T), (c, d): (T, T)) -> Truth {
    match op {
        Comparison::Less => Truth { yes: a < d, no: b >= c },
        Comparison::LessEqual => Truth { yes: a <= d, no: b > c },
        Comparison::Greater => Truth { yes: b > c, no: a <= d },
        Comparison::GreaterEqual => Truth { yes: b >= c, no: a < d },
        Comparison::Equal => Truth { yes: a <= d && c <= b, no: !(a == b && c == d && a == c) },
        Comparison::NotEqual => order(Comparison::Equal, (a, b), (c, d)).not(),
    }
}
