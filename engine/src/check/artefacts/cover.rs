//! Rows as boxes over axes: do they leave a point uncovered, and which of them overlap?

use super::axis::Axis;
use super::bits::Bits;
use crate::value::ordered::{Map, Set};

/// Rows of sets of pieces, one per axis.
pub(super) struct Boxes<'a> {
    pub(super) axes: &'a [Axis],
    pub(super) rows: Vec<Vec<Bits>>,
}

/// A point: one piece per axis.
pub(super) type Point = Vec<usize>;

/// The answer of a search that may be cut short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// No point is uncovered.
    Covered,
    /// This one is.
    Open(Point),
    /// The search would take too long.
    Cut,
}

/// Steps that the searches of one table may take together, each about a word of a set.
pub(super) const WORK_MAX: usize = 20_000_000;

/// Axes that a search goes through: one call within the other each.
const AXES_MAX: usize = 100;

/// Counts down the steps that are left.
pub(super) struct Work(pub(super) usize);

impl Work {
    fn spend(&mut self, steps: usize) -> bool {
        let enough = self.0 >= steps;
        self.0 = self.0.saturating_sub(steps);
        enough
    }
}

impl Boxes<'_> {
    /// Whether a row can match anything at all.
    pub(super) fn is_empty(&self, row: usize) -> bool {
        self.rows.get(row).is_none_or(|cells| cells.iter().any(Bits::is_empty))
    }

    /// A point that two rows share.
    pub(super) fn common(&self, a: usize, b: usize) -> Option<Point> {
        let (a, b) = (self.rows.get(a)?, self.rows.get(b)?);
        a.iter().zip(b).map(|(a, b)| a.first_common(b)).collect()
    }

    /// Every pair of rows that share a point, the earlier row first; at most one per later row. `None`: cut short.
    pub(super) fn overlaps(
        &self,
        matters: &dyn Fn(usize, usize) -> bool,
        work: &mut Work,
    ) -> Option<Vec<(usize, usize)>> {
        let axis = self.sharpest_axis();
        let reach = |row: usize| {
            let cell = self.rows.get(row).and_then(|cells| cells.get(axis));
            cell.and_then(|cell| Some((cell.first()?, cell.last()?)))
        };
        let mut order: Vec<(usize, usize, usize)> = (0..self.rows.len())
            .filter(|row| !self.is_empty(*row))
            .filter_map(|row| reach(row).map(|(first, last)| (first, last, row)))
            .collect();
        order.sort_unstable();
        let mut found: Map<usize, usize> = Map::new();
        let mut active: Vec<(usize, usize)> = Vec::new();
        for (first, last, row) in order {
            active.retain(|(other_last, _)| *other_last >= first);
            for (_, other) in &active {
                if !work.spend(self.axes.len().saturating_mul(4)) {
                    return None;
                }
                let (early, late) = (row.min(*other), row.max(*other));
                let known = found.get(&late).is_some_and(|known| *known <= early);
                if !known && matters(early, late) && self.common(early, late).is_some() {
                    found.insert(late, early);
                }
            }
            active.push((last, row));
        }
        Some(found.iter().map(|(late, early)| (*early, *late)).collect())
    }

    /// The axis on which rows begin at the most different places.
    fn sharpest_axis(&self) -> usize {
        let begins = |axis: usize| {
            let firsts = self.rows.iter().filter_map(|cells| cells.get(axis)?.first());
            firsts.collect::<Set<usize>>().len()
        };
        (0..self.axes.len()).max_by_key(|axis| begins(*axis)).unwrap_or_default()
    }

    /// Looks for a point of `within` (one set per axis) that none of `rows` covers.
    pub(super) fn uncovered(&self, within: &[Bits], rows: &Bits, work: &mut Work) -> Search {
        if self.axes.len() > AXES_MAX {
            return Search::Cut;
        }
        let mut order: Vec<usize> = (0..self.axes.len()).collect();
        order.sort_by_key(|axis| within.get(*axis).map_or(0, |set| set.iter().count()));
        let mut hunt = Hunt { boxes: self, within, order, seen: Vec::new(), point: vec![0; self.axes.len()] };
        hunt.seen.resize_with(self.axes.len(), Set::new);
        match hunt.level(0, rows, work) {
            None => Search::Cut,
            Some(true) => Search::Covered,
            Some(false) => Search::Open(hunt.point),
        }
    }

    /// All living points.
    pub(super) fn everything(&self) -> Vec<Bits> {
        self.axes.iter().map(|axis| axis.alive.clone()).collect()
    }
}

struct Hunt<'b> {
    boxes: &'b Boxes<'b>,
    within: &'b [Bits],
    /// Axes from the one with the fewest pieces to the one with the most.
    order: Vec<usize>,
    /// Sets of rows that are known to cover the axes from a level on.
    seen: Vec<Set<Bits>>,
    point: Point,
}

impl Hunt<'_> {
    /// Whether `rows` cover all axes from `level` on; `None`: cut short. The point is set where they do not.
    fn level(&mut self, level: usize, rows: &Bits, work: &mut Work) -> Option<bool> {
        let Some(axis) = self.order.get(level).copied() else { return Some(!rows.is_empty()) };
        let within = self.within.get(axis)?;
        if self.seen.get(level).is_some_and(|seen| seen.contains(rows)) {
            return Some(true);
        }
        let last = level.saturating_add(1) == self.order.len();
        let mut rest = within.clone();
        if last {
            for row in rows.iter() {
                if !work.spend(rest.width().saturating_add(1)) {
                    return None;
                }
                rest.drop_all(self.cell(row, axis)?);
            }
            if let Some(open) = rest.first() {
                *self.point.get_mut(axis)? = open;
                return Some(false);
            }
        } else {
            for piece in within.iter() {
                let mut narrowed = Bits::none(self.boxes.rows.len());
                for row in rows.iter() {
                    if !work.spend(1) {
                        return None;
                    }
                    if self.cell(row, axis)?.contains(piece) {
                        narrowed.insert(row);
                    }
                }
                if !self.level(level.saturating_add(1), &narrowed, work)? {
                    *self.point.get_mut(axis)? = piece;
                    return Some(false);
                }
            }
        }
        self.seen.get_mut(level)?.insert(rows.clone());
        Some(true)
    }

    fn cell(&self, row: usize, axis: usize) -> Option<&Bits> {
        self.boxes.rows.get(row)?.get(axis)
    }
}

#[cfg(test)]
mod tests;
