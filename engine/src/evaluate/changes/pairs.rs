//! Two facts changed together: the pairs of distances of which neither can be less without the other being more.

use std::collections::VecDeque;

use super::chain::{Chain, Stretch};
use super::{Search, Spent, middle};
use crate::decision::changes::Change;

/// How many pairs of two ways are listed; those listed lie apart from each other.
const MOST_LISTED: usize = 8;

/// A rectangle of distances along two ways.
type Area = (Stretch, Stretch);

impl Search<'_> {
    /// Adds the pairs of two facts; false if some may be left out.
    pub(super) fn pairs_of(&mut self, first: &[Chain], second: &[Chain], pairs: &mut Vec<Change>) -> bool {
        let mut complete = true;
        for one in first {
            for other in second {
                let mut found = Vec::new();
                complete &= matches!(self.frontier(one, other, &mut found), Ok(true));
                found.sort_unstable();
                pairs.extend(found.into_iter().filter_map(|(near, far)| self.change(&[(one, near), (other, far)])));
            }
        }
        complete
    }

    /// Finds least pairs within the whole, from the middle outwards; false if there may be more.
    fn frontier(&mut self, one: &Chain, other: &Chain, found: &mut Vec<(i128, i128)>) -> Result<bool, Spent> {
        let mut areas: VecDeque<Area> = VecDeque::from([(one.whole(), other.whole())]);
        while let Some(((a, b), (c, d))) = areas.pop_front() {
            if a > b || c > d {
                continue;
            }
            if found.len() >= MOST_LISTED {
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
            let Some(first) = self.nearest(one, (a, middle), Some((other, second)))? else { return Ok(false) };
            found.push((first, second));
            areas.push_back(((a, first.saturating_sub(1)), (second.saturating_add(1), d)));
            areas.push_back(((middle.saturating_add(1), b), (c, second.saturating_sub(1))));
        }
        Ok(true)
    }

    /// The least distance of the first fact for which some distance of the second gives a better outcome.
    fn least(
        &mut self,
        (one, whole): (&Chain, Stretch),
        (other, across): (&Chain, Stretch),
    ) -> Result<Option<i128>, Spent> {
        let mut best: Option<i128> = None;
        let mut stack = vec![(whole, across)];
        while let Some(((near, far), (low, high))) = stack.pop() {
            let far = best.map_or(far, |best| far.min(best.saturating_sub(1)));
            if near > far {
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
