//! Decision tables over ranges: the rows that may match and those that must.

use super::Walk;
use super::artefact::Classes;
use super::value::Reach;
use crate::evaluate::locate::class;
use crate::program::artefact::{ColumnIndex, RowOutputs, RowProgram, RowSets, TableProgram, dense_set};
use crate::program::node::Items;
use crate::ruleset::{Aggregation, HitPolicy, NoMatch};
use crate::value::slot::Slot;

/// Rows in file order.
struct Rows<'p> {
    /// Those that may match.
    may: Vec<&'p RowProgram>,
    /// Per row of `may`: it must match.
    must: Vec<bool>,
}

impl Walk<'_> {
    pub(super) fn table(&mut self, index: u32, arguments: Items) -> Option<Reach> {
        let values = self.gather(arguments)?;
        let table = self.still.program.tables.get(index as usize)?;
        self.step(table.rows.len())?;
        let mut classes: Vec<Classes> = Vec::with_capacity(values.len());
        for (column, value) in table.columns.iter().zip(&values) {
            classes.push(self.classes(&column.index.locator, value, classes_of(&column.index, table.words)));
        }
        if let Some(validity) = &table.validity {
            let day = class(&validity.locator, &Slot::Date(self.still.as_of), self.memory()).unwrap_or(0);
            classes.push(vec![(day, day)]);
        }
        let rows = matching(table, &classes);
        self.policy(table, &rows)
    }

    fn policy(&mut self, table: &TableProgram, rows: &Rows<'_>) -> Option<Reach> {
        let certain = rows.must.iter().filter(|must| **must).count();
        let nothing = |walk: &mut Self| if certain == 0 { walk.nothing(table) } else { None };
        match table.hit_policy {
            HitPolicy::Unique if certain > 1 => None,
            HitPolicy::Unique | HitPolicy::Any if certain > 0 => {
                let row = rows.may.iter().zip(&rows.must).find(|(_, must)| **must).map(|(row, _)| *row)?;
                self.row(row)
            }
            HitPolicy::First => {
                let mut result = nothing(self);
                for (row, must) in rows.may.iter().zip(&rows.must) {
                    let row = self.row(row);
                    result = self.join_optional(result, row);
                    if *must {
                        break;
                    }
                }
                result
            }
            HitPolicy::Unique | HitPolicy::Any | HitPolicy::Priority => {
                let mut result = nothing(self);
                for row in &rows.may {
                    let row = self.row(row);
                    result = self.join_optional(result, row);
                }
                result
            }
            HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List) => Some(Reach::Any),
            HitPolicy::Collect(Aggregation::Count) => {
                let most = i128::try_from(rows.may.len()).unwrap_or(i128::MAX);
                let least = i128::try_from(certain).unwrap_or(0);
                let empty = nothing(self);
                let counted = if most == 0 { None } else { Reach::integers(least.max(1), most) };
                self.join_optional(counted.map(|counted| Reach::Record(vec![counted])), empty)
            }
            HitPolicy::Collect(_) => Some(Reach::Record(vec![Reach::Any])),
        }
    }

    /// What a row gives; nothing if that is an error.
    fn row(&mut self, row: &RowProgram) -> Option<Reach> {
        match row.outputs {
            RowOutputs::Constant(record) => Some(Reach::Exact(record)),
            RowOutputs::Computed(items) => self.gather(items).map(Reach::Record),
        }
    }

    /// What a table without a match gives; nothing if that is an error.
    fn nothing(&mut self, table: &TableProgram) -> Option<Reach> {
        let count = matches!(table.hit_policy, HitPolicy::Collect(Aggregation::Count));
        match (table.no_match, &table.default_row) {
            (NoMatch::Default, Some(_)) if count => Some(Reach::Record(vec![Reach::Exact(Slot::Integer(1))])),
            (NoMatch::Default, Some(row)) => self.row(row),
            (NoMatch::Missing, _) if count => Some(Reach::Record(vec![Reach::Exact(Slot::Integer(0))])),
            (NoMatch::Missing, _) => Some(Reach::Record(vec![Reach::Exact(Slot::Missing); table.outputs.len()])),
            _ => None,
        }
    }
}

/// How many classes a column has, or one more than any row selects.
fn classes_of(column: &ColumnIndex, words: u32) -> usize {
    match &column.rows {
        RowSets::Dense(sets) => sets.len().checked_div(words as usize).unwrap_or(0),
        RowSets::PerRow { ranges, .. } => {
            ranges.iter().map(|(_, last)| *last as usize).max().unwrap_or(0).saturating_add(2)
        }
    }
}

fn matching<'p>(table: &'p TableProgram, classes: &[Classes]) -> Rows<'p> {
    let columns = table.columns.iter().map(|column| &column.index).chain(&table.validity).zip(classes);
    let count = table.rows.len();
    let (mut may, mut must) = (vec![true; count], vec![true; count]);
    for (column, classes) in columns.filter(|(column, _)| !column.always) {
        let places = may.iter_mut().zip(&mut must).zip(0_u32..);
        match &column.rows {
            RowSets::Dense(sets) => {
                let (some, all) = dense(sets, classes, table.words);
                places.for_each(|((may, must), row)| {
                    *may &= bit(&some, row);
                    *must &= bit(&all, row);
                });
            }
            RowSets::PerRow { starts, ranges } => places.for_each(|((may, must), row)| {
                let end = |row: u32| starts.get(row as usize).copied().unwrap_or(0) as usize;
                let own = ranges.get(end(row)..end(row.saturating_add(1))).unwrap_or(&[]);
                *may &= classes.iter().any(|(first, last)| own.iter().any(|(from, to)| from <= last && first <= to));
                *must &= classes.iter().all(|(first, last)| own.iter().any(|(from, to)| from <= first && last <= to));
            }),
        }
    }
    let chosen = table.rows.iter().zip(may).zip(must).filter(|((_, may), _)| *may);
    let (may, must) = chosen.map(|((row, _), must)| (row, must)).unzip();
    Rows { may, must }
}

/// The rows that match some of the classes, and those that match all.
fn dense(sets: &[u64], classes: &Classes, words: u32) -> (Vec<u64>, Vec<u64>) {
    let (mut some, mut all) = (vec![0_u64; words as usize], vec![u64::MAX; words as usize]);
    for class in classes.iter().flat_map(|(first, last)| *first..=*last) {
        let set = dense_set(sets, class, words);
        for ((some, all), place) in some.iter_mut().zip(&mut all).zip(0_usize..) {
            let word = set.get(place).copied().unwrap_or(0);
            *some |= word;
            *all &= word;
        }
    }
    (some, all)
}

fn bit(set: &[u64], row: u32) -> bool {
    set.get((row >> 6) as usize).is_some_and(|word| word.wrapping_shr(row & 63) & 1 == 1)
}
