//! Two facts changed together: the pairs of distances of which neither can be less without the other being more,
//! whichever ways the facts go.

use std::collections::VecDeque;

use super::chain::{Chain, Stretch};
use super::{Search, Spent, middle};
use crate::decision::changes::Change;

/// How many pairs of distances are listed of two facts; those listed lie apart from each other. Where facts go several
/// ways equally far, each is listed, as of one fact.
const MOST_LISTED: usize = 8;

/// A rectangle of distances of two facts.
type Area = (Stretch, Stretch);

/// Distances of two facts, and the ways they go.
type Found = (i128, i128, usize, usize);

/// The ways of a fact, and how far it may go in a pair.
pub(super) struct Ways {
    chains: Vec<Chain>,
    far: i128,
}

impl Ways {
    /// A fact that is enough alone at some distance goes less far in a pair: so far, the other need not change at all.
    pub(super) fn new(chains: Vec<Chain>, enough: Option<i128>) -> Self {
        let end = chains.iter().map(|chain| chain.steps).max().unwrap_or(0);
        Self { far: enough.map_or(end, |enough| enough.saturating_sub(1)), chains }
    }
}

impl Search<'_> {
    /// Adds the pairs of two facts; false if some may be left out.
    pub(super) fn pairs_of(&mut self, first: &Ways, second: &Ways, pairs: &mut Vec<Change>) -> bool {
        let mut found = Vec::new();
        let complete = matches!(self.frontier(first, second, &mut found), Ok(true));
        found.sort_unstable();
        pairs.extend(found.into_iter().filter_map(|(near, far, one, other)| {
            self.change(&[(first.chains.get(one)?, near), (second.chains.get(other)?, far)])
        }));
        complete
    }

    /// Finds least pairs within the whole, from the middle outwards; false if there may be more.
    fn frontier(&mut self, one: &Ways, other: &Ways, found: &mut Vec<Found>) -> Result<bool, Spent> {
        let mut areas: VecDeque<Area> = VecDeque::from([((1, one.far), (1, other.far))]);
        let mut listed = 0_usize;
        while let Some(((a, b), (c, d))) = areas.pop_front() {
            if a > b || c > d {
                continue;
            }
            if listed >= MOST_LISTED {
                // Whether anything is left out only matters where something is.
                if self.least((one, (a, b)), (other, (c, d)))?.is_some() {
                    return Ok(false);
                }
                continue;
            }
            let middle = middle(a, b);
            // The least change of the second fact with the first in the nearer half, then the least of the first.
            let Some(second) = self.least((other, (c, d)), (one, (a, middle)))? else {
                areas.push_back(((middle.saturating_add(1), b), (c, d)));
                continue;
            };
            let Some(first) = self.least((one, (a, middle)), (other, (second, second)))? else { return Ok(false) };
            listed = listed.saturating_add(1);
            areas.push_back(((a, first.saturating_sub(1)), (second.saturating_add(1), d)));
            areas.push_back(((middle.saturating_add(1), b), (c, second.saturating_sub(1))));
            for (place, left) in (0..).zip(&one.chains) {
                for (beside, right) in (0..).zip(&other.chains) {
                    let there = first <= left.steps && second <= right.steps;
                    if there && self.possible([(left, (first, first)), (right, (second, second))].iter())? {
                        found.push((first, second, place, beside));
                    }
                }
            }
        }
        Ok(true)
    }

    /// The least distance of the first fact for which some distance of the second gives a better outcome.
    fn least(
        &mut self,
        (one, whole): (&Ways, Stretch),
        (other, across): (&Ways, Stretch),
    ) -> Result<Option<i128>, Spent> {
        let mut best: Option<i128> = None;
        for one in &one.chains {
            for other in &other.chains {
                let across = (across.0, across.1.min(other.steps));
                let far = best.map_or(whole.1, |best| best.saturating_sub(1)).min(one.steps);
                best = self.least_along((one, (whole.0, far)), (other, across))?.or(best);
            }
        }
        Ok(best)
    }

    /// The same along one way of each.
    fn least_along(
        &mut self,
        (one, whole): (&Chain, Stretch),
        (other, across): (&Chain, Stretch),
    ) -> Result<Option<i128>, Spent> {
        let mut best: Option<i128> = None;
        let mut stack = vec![(whole, across)];
        while let Some(((near, far), (low, high))) = stack.pop() {
            let far = best.map_or(far, |best| far.min(best.saturating_sub(1)));
            if near > far || low > high {
                continue;
            }
            if !self.possible([(one, (near, far)), (other, (low, high))].iter())? {
                continue;
            }
            if near == far && low == high {
                best = Some(near);
            } else if far.saturating_sub(near) >= high.saturating_sub(low) {
                let middle = middle(near, far);
                stack.push(((middle.saturating_add(1), far), (low, high)));
                stack.push(((near, middle), (low, high)));
            } else {
                let middle = middle(low, high);
                stack.push(((near, far), (middle.saturating_add(1), high)));
                stack.push(((near, far), (low, middle)));
            }
        }
        Ok(best)
    }
}
