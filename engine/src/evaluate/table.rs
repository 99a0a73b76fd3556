//! Decision tables: the rows that match by intersection of sets, then the hit policy.

use std::cmp::Ordering;

use super::functions::widened;
use super::locate::class;
use super::machine::{Machine, Stop};
use crate::decision::outcome::{Subject, TableEvent};
use crate::diagnostic::codes;
use crate::program::NodeId;
use crate::program::artefact::{ColumnIndex, RowOutputs, RowProgram, RowSets, TableProgram, dense_set};
use crate::program::node::Items;
use crate::ruleset::{Aggregation, HitPolicy, NoMatch};
use crate::schema::DataType;
use crate::value::slot::Slot;

/// One look-up on its way.
#[derive(Clone, Copy)]
struct Lookup<'p> {
    id: NodeId,
    index: u32,
    table: &'p TableProgram,
    /// Its place among the table events.
    event: usize,
    /// First of its rows among the events.
    rows: u32,
    /// How many rows matched.
    matched: u32,
}

impl Machine<'_> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn table(&mut self, id: NodeId, index: u32, arguments: Items) -> Result<Slot, Stop> {
        let program = self.program;
        let Some(table) = program.tables.get(index as usize) else { return Err(self.broken(id)) };
        let base = self.scratch.stack.len();
        for argument in self.items(arguments) {
            let value = self.slot(*argument)?;
            self.scratch.stack.push(value);
        }
        let (values, classes) = self.classify(id, table, base)?;
        self.intersect(table, classes as usize);
        let rows = u32::try_from(self.scratch.outcome.events.rows.len()).unwrap_or(u32::MAX);
        let first_only = matches!(table.hit_policy, HitPolicy::First);
        let matched = self.collect_rows(first_only);
        let event = self.scratch.outcome.events.tables.len();
        let lookup = Lookup { id, index, table, event, rows, matched };
        self.scratch.outcome.events.tables.push(TableEvent {
            table: index,
            values,
            classes,
            rows,
            selected: 0,
            node: id,
        });
        if matched > 0 {
            return self.policy(lookup);
        }
        self.nothing_matched(lookup)
    }

    /// Moves the arguments to the events and finds their classes.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn classify(&mut self, id: NodeId, table: &TableProgram, base: usize) -> Result<(u32, u32), Stop> {
        let events = &mut self.scratch.outcome.events;
        let values = u32::try_from(events.values.len()).unwrap_or(u32::MAX);
        let classes = u32::try_from(events.classes.len()).unwrap_or(u32::MAX);
        events.values.extend(self.scratch.stack.drain(base..));
        for (column, place) in table.columns.iter().zip(values..) {
            let value = self.scratch.outcome.events.values.get(place as usize).copied().unwrap_or_default();
            let Some(class) = class(&column.index.locator, &value, self.memory()) else { return Err(self.broken(id)) };
            self.scratch.outcome.events.classes.push(class);
        }
        if let Some(validity) = &table.validity {
            let class = class(&validity.locator, &Slot::Date(self.as_of), self.memory()).unwrap_or(0);
            self.scratch.outcome.events.classes.push(class);
        }
        Ok((values, classes))
    }

    /// The set of matching rows.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn intersect(&mut self, table: &TableProgram, classes: usize) {
        let rows = &mut self.scratch.rows;
        rows.clear();
        rows.resize(table.words as usize, u64::MAX);
        let surplus = table.words.wrapping_mul(64).wrapping_sub(u32::try_from(table.rows.len()).unwrap_or(0));
        if let Some(last) = rows.last_mut() {
            *last = u64::MAX.wrapping_shr(surplus);
        }
        let classes = self.scratch.outcome.events.classes.get(classes..).unwrap_or(&[]);
        let columns = table.columns.iter().map(|column| &column.index).chain(&table.validity);
        for (column, class) in columns.zip(classes).filter(|(column, _)| !column.always) {
            narrow(rows, column, *class, table.words);
        }
    }

    /// Lists the matching rows, or the first of them.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn collect_rows(&mut self, first_only: bool) -> u32 {
        let found = &mut self.scratch.outcome.events.rows;
        let before = found.len();
        for (word, place) in self.scratch.rows.iter().zip(0_u32..) {
            let mut rest = *word;
            while rest != 0 {
                found.push(place.wrapping_mul(64).wrapping_add(rest.trailing_zeros()));
                if first_only {
                    return 1;
                }
                rest &= rest.wrapping_sub(1);
            }
        }
        u32::try_from(found.len().saturating_sub(before)).unwrap_or(u32::MAX)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn nothing_matched(&mut self, lookup: Lookup<'_>) -> Result<Slot, Stop> {
        let table = lookup.table;
        match (table.no_match, &table.default_row) {
            (NoMatch::Default, Some(_)) => {
                // The number of rows stands for the default row.
                self.scratch.outcome.events.rows.push(u32::try_from(table.rows.len()).unwrap_or(u32::MAX));
                self.policy(Lookup { matched: 1, ..lookup })
            }
            (NoMatch::Missing, _) => self.nothing(lookup),
            _ => Err(self.fail_about(lookup.id, codes::NO_ROW_MATCHES, Subject::Table { table: lookup.index })),
        }
    }

    /// What a table without a match gives under `missing`.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn nothing(&mut self, lookup: Lookup<'_>) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        match lookup.table.hit_policy {
            HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List) => {
                self.keep(lookup.id, base).map(Slot::List)
            }
            HitPolicy::Collect(Aggregation::Count) => self.single(lookup, Slot::Integer(0)),
            _ => {
                self.scratch.stack.resize(base.saturating_add(lookup.table.outputs.len()), Slot::Missing);
                self.keep(lookup.id, base).map(Slot::Record)
            }
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn policy(&mut self, lookup: Lookup<'_>) -> Result<Slot, Stop> {
        match lookup.table.hit_policy {
            HitPolicy::Unique if lookup.matched > 1 => {
                let (first, second) = (self.row_at(lookup, 0), self.row_at(lookup, 1));
                let subject = Subject::Rows { table: lookup.index, first, second };
                Err(self.fail_about(lookup.id, codes::UNIQUE_VIOLATED, subject))
            }
            HitPolicy::Unique | HitPolicy::First => {
                self.select(lookup, 1);
                self.outputs(lookup, self.row_at(lookup, 0))
            }
            HitPolicy::Any => self.agreed(lookup),
            HitPolicy::Priority => self.ordered(lookup, true),
            HitPolicy::OutputOrder => self.ordered(lookup, false),
            HitPolicy::RuleOrder | HitPolicy::Collect(Aggregation::List) => self.listed(lookup),
            HitPolicy::Collect(aggregation) => self.aggregated(lookup, aggregation),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn select(&mut self, lookup: Lookup<'_>, selected: u32) {
        if let Some(event) = self.scratch.outcome.events.tables.get_mut(lookup.event) {
            event.selected = selected;
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn row_at(&self, lookup: Lookup<'_>, place: u32) -> u32 {
        self.scratch.outcome.events.rows.get(lookup.rows.saturating_add(place) as usize).copied().unwrap_or(u32::MAX)
    }

    /// The outputs of a row, as a record.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn outputs(&mut self, lookup: Lookup<'_>, row: u32) -> Result<Slot, Stop> {
        let Some(row) = row_of(lookup.table, row) else { return Err(self.broken(lookup.id)) };
        match row.outputs {
            RowOutputs::Constant(record) => Ok(record),
            RowOutputs::Computed(items) => {
                let base = self.scratch.stack.len();
                for node in self.items(items) {
                    let value = self.slot(*node)?;
                    self.scratch.stack.push(value);
                }
                self.keep(lookup.id, base).map(Slot::Record)
            }
        }
    }

    /// A record of the table's only output.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn single(&mut self, lookup: Lookup<'_>, value: Slot) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        self.scratch.stack.push(value);
        self.keep(lookup.id, base).map(Slot::Record)
    }

    /// The outputs of all rows that match, in the order of the file, on the stack.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn outputs_of_all(&mut self, lookup: Lookup<'_>) -> Result<(), Stop> {
        for place in 0..lookup.matched {
            let record = self.outputs(lookup, self.row_at(lookup, place))?;
            self.scratch.stack.push(record);
        }
        Ok(())
    }

    /// `any`: all rows that match must agree in all outputs.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn agreed(&mut self, lookup: Lookup<'_>) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        self.outputs_of_all(lookup)?;
        let records = self.scratch.stack.get(base..).unwrap_or(&[]);
        let first = records.first().copied().unwrap_or_default();
        let differs = records.iter().position(|other| !self.same(first, *other));
        self.scratch.stack.truncate(base);
        if let Some(place) = differs {
            let second = self.row_at(lookup, u32::try_from(place).unwrap_or(u32::MAX));
            let subject = Subject::Rows { table: lookup.index, first: self.row_at(lookup, 0), second };
            return Err(self.fail_about(lookup.id, codes::ANY_VIOLATED, subject));
        }
        self.select(lookup, 1);
        Ok(first)
    }

    /// `rule_order` and `collect(list)`: all rows that match, in the order of the file.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn listed(&mut self, lookup: Lookup<'_>) -> Result<Slot, Stop> {
        self.select(lookup, lookup.matched);
        let base = self.scratch.stack.len();
        self.outputs_of_all(lookup)?;
        self.keep(lookup.id, base).map(Slot::List)
    }

    /// `priority` and `output_order`: by the enum outputs from left to right, then in the order of the file.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn ordered(&mut self, lookup: Lookup<'_>, highest_only: bool) -> Result<Slot, Stop> {
        let base = self.scratch.stack.len();
        self.outputs_of_all(lookup)?;
        let mut ordered = std::mem::take(&mut self.scratch.ordered);
        ordered.clear();
        let records = self.scratch.stack.get(base..).unwrap_or(&[]);
        ordered
            .extend(records.iter().zip(0..lookup.matched).map(|(record, place)| (self.row_at(lookup, place), *record)));
        ordered.sort_unstable_by(|left, right| self.rank_order(lookup.table, *left, *right));
        let selected = if highest_only { 1 } else { lookup.matched };
        self.scratch.stack.truncate(base);
        for ((row, record), place) in ordered.iter().zip(lookup.rows..) {
            if let Some(event) = self.scratch.outcome.events.rows.get_mut(place as usize) {
                *event = *row;
            }
            self.scratch.stack.push(*record);
        }
        self.scratch.ordered = ordered;
        self.select(lookup, selected);
        if highest_only {
            let best = self.scratch.stack.get(base).copied().unwrap_or_default();
            self.scratch.stack.truncate(base);
            return Ok(best);
        }
        self.keep(lookup.id, base).map(Slot::List)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn rank_order(&self, table: &TableProgram, left: (u32, Slot), right: (u32, Slot)) -> Ordering {
        let memory = self.memory();
        let fields = |slot| memory.elements(slot).unwrap_or(&[]);
        // A missing value ranks behind all others.
        let rank = |slot: &Slot| if let Slot::Enum(rank) = slot { u32::from(*rank) } else { u32::MAX };
        let columns = table.outputs.iter().zip(fields(left.1).iter().zip(fields(right.1)));
        let enums = columns.filter(|(output, _)| matches!(output.data_type, DataType::Enum(_)));
        let order = enums.map(|(_, (left, right))| rank(left).cmp(&rank(right))).find(|order| order.is_ne());
        order.unwrap_or_else(|| left.0.cmp(&right.0))
    }

    /// `collect` with an aggregation of the only output; missing values do not count, but their rows do.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn aggregated(&mut self, lookup: Lookup<'_>, aggregation: Aggregation) -> Result<Slot, Stop> {
        self.select(lookup, lookup.matched);
        let base = self.scratch.stack.len();
        self.outputs_of_all(lookup)?;
        if aggregation == Aggregation::Count {
            self.scratch.stack.truncate(base);
            return self.single(lookup, Slot::Integer(lookup.matched.into()));
        }
        let mut result = Slot::Missing;
        for place in base..self.scratch.stack.len() {
            let record = self.scratch.stack.get(place).copied().unwrap_or_default();
            let value = self.memory().elements(record).and_then(|fields| fields.first().copied()).unwrap_or_default();
            result = match (result, value) {
                (_, Slot::Missing) => result,
                (Slot::Missing, first) => first,
                (sum, value) if aggregation == Aggregation::Sum => self.add(lookup.id, sum, value)?,
                (best, value) => {
                    let order = self.order(lookup.id, value, best)?;
                    let better = if aggregation == Aggregation::Min { order.is_lt() } else { order.is_gt() };
                    if better { value } else { best }
                }
            };
        }
        self.scratch.stack.truncate(base);
        self.single(lookup, widened(result, lookup.table.decimal))
    }
}

/// A row by number; the number of rows stands for the default row.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn row_of(table: &TableProgram, row: u32) -> Option<&RowProgram> {
    table.rows.get(row as usize).or(table.default_row.as_ref())
}

/// Keeps the rows that match a class of a column.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn narrow(rows: &mut [u64], column: &ColumnIndex, class: u32, words: u32) {
    match &column.rows {
        RowSets::Dense(sets) => {
            for (row, set) in rows.iter_mut().zip(dense_set(sets, class, words)) {
                *row &= set;
            }
        }
        RowSets::PerRow { .. } => {
            for (word, place) in rows.iter_mut().zip(0_u32..) {
                let mut rest = *word;
                while rest != 0 {
                    let bit = rest.trailing_zeros();
                    if !column.matches(place.wrapping_mul(64).wrapping_add(bit), class, words) {
                        *word &= !1_u64.wrapping_shl(bit);
                    }
                    rest &= rest.wrapping_sub(1);
                }
            }
        }
    }
}
