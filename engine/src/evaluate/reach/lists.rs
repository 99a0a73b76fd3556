//! Lists, and the functions over them.

use super::Walk;
use super::functions::{extreme, spanned};
use super::value::{Reach, Truth};
use crate::program::NodeId;
use crate::ruleset::checked::AggregateFunction;
use crate::value::decimal::{self, Decimal};
use crate::value::slot::Slot;

impl Walk<'_> {
    /// The elements of a list whose length is known.
    pub(super) fn elements(&self, list: &Reach) -> Option<Vec<Reach>> {
        match list.present() {
            Reach::List(elements) => Some(elements.clone()),
            Reach::Exact(slot @ (Slot::List(_) | Slot::Series(_))) => {
                self.memory().elements(*slot).map(|elements| elements.iter().copied().map(Reach::Exact).collect())
            }
            _ => None,
        }
    }

    pub(super) fn aggregate(
        &mut self,
        function: AggregateFunction,
        decimal: bool,
        list: NodeId,
        closure: Option<(u32, NodeId)>,
    ) -> Option<Reach> {
        let list = self.value(list)?;
        let Some(elements) = self.elements(&list) else { return Some(Reach::Any) };
        match (function, closure) {
            (AggregateFunction::Len, _) | (AggregateFunction::Count, None) => {
                Reach::integers(length(&elements), length(&elements))
            }
            (AggregateFunction::Count | AggregateFunction::All | AggregateFunction::Any, Some(closure)) => {
                self.tested(function, elements, closure)
            }
            (AggregateFunction::Map, Some((local, body))) => {
                let mut values = Vec::with_capacity(elements.len());
                for element in elements {
                    self.store(local, element);
                    values.push(self.body(body)?);
                }
                Some(Reach::List(values))
            }
            (AggregateFunction::Sum, None) => self.sum(decimal, &elements),
            (AggregateFunction::Avg(scale, mode), None) if !elements.is_empty() => {
                let Some((low, high)) = self.sum(true, &elements)?.numbers() else { return Some(Reach::Any) };
                let count = Decimal::from(u64::try_from(elements.len()).unwrap_or(u64::MAX));
                Some(spanned(&[low, high].map(|sum| decimal::div(sum, count, scale.into(), mode))))
            }
            (AggregateFunction::Min | AggregateFunction::Max, None) if !elements.is_empty() => {
                let greater = function == AggregateFunction::Max;
                let mut elements = elements.into_iter();
                let first = elements.next()?;
                let best = elements.try_fold(first, |best, one| extreme(greater, decimal, &best, &one));
                Some(best.unwrap_or(Reach::Any))
            }
            _ => Some(Reach::Any),
        }
    }

    fn sum(&self, decimal: bool, elements: &[Reach]) -> Option<Reach> {
        let zero = if decimal { Slot::Decimal(Decimal::from(0)) } else { Slot::Integer(0) };
        elements.iter().try_fold(Reach::Exact(zero), |sum, element| self.add(&sum, element))
    }

    /// `count`, `all` and `any` by a closure.
    fn tested(
        &mut self,
        function: AggregateFunction,
        elements: Vec<Reach>,
        (local, body): (u32, NodeId),
    ) -> Option<Reach> {
        let (mut least, mut most) = (0_i128, 0_i128);
        // All so far hold, or none does; then one more is looked at.
        let (mut goes_on, mut stopped) = (true, false);
        for element in elements {
            self.store(local, element);
            let Some(truth) = self.body(body).map(|value| value.truth()) else {
                // An earlier element may have ended the search before this one's error.
                return stopped.then(|| Truth::of(function == AggregateFunction::Any).into());
            };
            least = least.saturating_add(i128::from(!truth.no));
            most = most.saturating_add(i128::from(truth.yes));
            match function {
                AggregateFunction::All => (goes_on, stopped) = (truth.yes, stopped || truth.no),
                AggregateFunction::Any => (goes_on, stopped) = (truth.no, stopped || truth.yes),
                _ => {}
            }
            if !goes_on {
                break;
            }
        }
        match function {
            AggregateFunction::All => Some(Truth { yes: goes_on, no: stopped }.into()),
            AggregateFunction::Any => Some(Truth { yes: stopped, no: goes_on }.into()),
            _ => Reach::integers(least, most),
        }
    }
}

fn length(elements: &[Reach]) -> i128 {
    i128::try_from(elements.len()).unwrap_or(i128::MAX)
}
