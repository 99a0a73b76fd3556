//! What a portfolio came to, in figures that a credit officer takes in at a glance.

use std::collections::BTreeMap;
use std::time::Duration;

use trutina_engine::decision::outcome::Outcome;
use trutina_engine::decision::{DecisionError, Place};
use trutina_engine::diagnostic::Code;
use trutina_engine::program::Program;
use trutina_engine::schema::{DataType, Output};
use trutina_engine::value::date::Date;
use trutina_engine::value::decimal::{RoundingMode, canonical_text, div, from_mantissa};
use trutina_engine::value::slot::Slot;

use crate::failure::grouped;
use crate::table::{Align, Table};

/// Distinct values of a score that are told apart; a median is shown as long as there are no more.
const SCORES_MAX: usize = 65_536;

/// Reasons shown.
const REASONS_SHOWN: usize = 8;

/// Values of an enum up to which its distribution is shown.
const VALUES_SHOWN: usize = 24;

/// Width of the longest bar.
const BAR: u64 = 24;

/// Counts over rows; those of two stretches add up, in any order.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Rows.
    pub rows: u64,
    /// Rows that ended in an error.
    pub errors: u64,
    outputs: Vec<Column>,
    /// Per reason code: rows that have it.
    reasons: Vec<u64>,
    /// Per rule: rows for which it held.
    hits: Vec<u64>,
    codes: BTreeMap<Code, u64>,
    first: BTreeMap<Code, (u64, String)>,
}

/// What is counted of an output.
#[derive(Clone, Debug, Default)]
struct Column {
    missing: u64,
    /// Per value of an enum; `false` and `true` of a boolean.
    values: Vec<u64>,
    number: Option<Number>,
    /// It is the score, whose values are told apart.
    score: bool,
}

/// Figures of a numeric output, as mantissas at its scale.
#[derive(Clone, Debug)]
struct Number {
    count: u64,
    sum: i128,
    least: i128,
    greatest: i128,
    /// Rows per value, while there are few enough values.
    distinct: Option<BTreeMap<i128, u64>>,
    /// Values that are not yet among the distinct ones: a whole chunk of them is sorted in less time than each is looked up.
    fresh: Vec<i128>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(program: &Program) -> Self {
        let column = |output: &Output| Column {
            score: output.name == "score",
            values: match &output.data_type {
                DataType::Enum(domain) => vec![0; domain.values.len()],
                DataType::Boolean => vec![0; 2],
                _ => Vec::new(),
            },
            ..Column::default()
        };
        Self {
            outputs: program.outputs.iter().map(column).collect(),
            reasons: vec![0; program.reasons.len()],
            hits: vec![0; program.rules.len()],
            ..Self::default()
        }
    }

    /// Counts a row.
    pub fn count(&mut self, outcome: Option<&Outcome>, failure: Option<Code>) {
        self.rows = self.rows.saturating_add(1);
        if let Some(code) = failure {
            self.errors = self.errors.saturating_add(1);
            bump(self.codes.entry(code).or_default());
            return;
        }
        let Some(outcome) = outcome else { return };
        for (column, slot) in self.outputs.iter_mut().zip(&outcome.outputs) {
            column.count(*slot);
        }
        for reason in &outcome.reasons {
            at(&mut self.reasons, usize::try_from(reason.code).unwrap_or(usize::MAX));
        }
        for rule in &outcome.hits {
            at(&mut self.hits, usize::try_from(*rule).unwrap_or(usize::MAX));
        }
    }

    /// Whether no example of this code is kept yet.
    pub fn is_new(&self, code: Code) -> bool {
        !self.first.contains_key(&code)
    }

    /// Keeps an example.
    pub fn remember(&mut self, error: &DecisionError, row: u64) {
        let place = match &error.at {
            Place::Pointer(pointer) if !pointer.is_empty() => format!(" at {pointer}"),
            Place::Source { file, line, column } => format!(" at {file}:{line}:{column}"),
            _ => String::new(),
        };
        self.first.insert(error.code, (row, format!("{}{place}", error.message)));
    }

    /// Adds the counts of another stretch.
    pub fn add(&mut self, other: Self) {
        self.rows = self.rows.saturating_add(other.rows);
        self.errors = self.errors.saturating_add(other.errors);
        add_all(&mut self.reasons, &other.reasons);
        add_all(&mut self.hits, &other.hits);
        for (mine, theirs) in self.outputs.iter_mut().zip(other.outputs) {
            mine.add(theirs);
        }
        for (code, count) in other.codes {
            let mine = self.codes.entry(code).or_default();
            *mine = mine.saturating_add(count);
        }
        for (code, example) in other.first {
            let mine = self.first.entry(code).or_insert_with(|| example.clone());
            if example.0 < mine.0 {
                *mine = example;
            }
        }
    }
}

impl Column {
    fn count(&mut self, slot: Slot) {
        match slot {
            Slot::Missing | Slot::Special(_) => bump(&mut self.missing),
            Slot::Enum(index) => at(&mut self.values, usize::from(index)),
            Slot::Boolean(value) => at(&mut self.values, usize::from(value)),
            Slot::Integer(value) => Number::count(&mut self.number, i128::from(value), self.score),
            Slot::Decimal(value) => Number::count(&mut self.number, value.mantissa(), self.score),
            _ => {}
        }
    }

    fn add(&mut self, other: Self) {
        self.missing = self.missing.saturating_add(other.missing);
        add_all(&mut self.values, &other.values);
        match (&mut self.number, other.number) {
            (Some(mine), Some(theirs)) => mine.add(theirs),
            (mine @ None, Some(mut theirs)) => {
                theirs.settle();
                *mine = Some(theirs);
            }
            (_, None) => {}
        }
    }
}

impl Number {
    fn count(number: &mut Option<Self>, value: i128, keep_values: bool) {
        let distinct = || keep_values.then(BTreeMap::new);
        let empty =
            || Self { count: 0, sum: 0, least: value, greatest: value, distinct: distinct(), fresh: Vec::new() };
        let number = number.get_or_insert_with(empty);
        number.count = number.count.saturating_add(1);
        number.sum = number.sum.saturating_add(value);
        number.least = number.least.min(value);
        number.greatest = number.greatest.max(value);
        if number.distinct.is_some() {
            number.fresh.push(value);
        }
    }

    /// Takes the fresh values among the distinct ones.
    fn settle(&mut self) {
        self.fresh.sort_unstable();
        if let Some(values) = &mut self.distinct {
            for run in self.fresh.chunk_by(i128::eq) {
                let place = values.entry(run.first().copied().unwrap_or_default()).or_default();
                *place = place.saturating_add(u64::try_from(run.len()).unwrap_or(0));
            }
        }
        self.fresh.clear();
        self.distinct = self.distinct.take().filter(|values| values.len() <= SCORES_MAX);
    }

    fn add(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        self.least = self.least.min(other.least);
        self.greatest = self.greatest.max(other.greatest);
        self.distinct = match (self.distinct.take(), other.distinct) {
            (Some(mut mine), Some(theirs)) => {
                for (value, count) in theirs {
                    let place = mine.entry(value).or_default();
                    *place = place.saturating_add(count);
                }
                Some(mine).filter(|all| all.len() <= SCORES_MAX)
            }
            _ => None,
        };
    }

    /// The middle value; of two the lower.
    fn median(&self) -> Option<i128> {
        let half = self.count.div_ceil(2);
        let mut seen = 0_u64;
        self.distinct.as_ref()?.iter().find_map(|(value, count)| {
            seen = seen.saturating_add(*count);
            (seen >= half).then_some(*value)
        })
    }
}

fn bump(count: &mut u64) {
    *count = count.saturating_add(1);
}

fn at(counts: &mut [u64], index: usize) {
    if let Some(count) = counts.get_mut(index) {
        bump(count);
    }
}

fn add_all(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine = mine.saturating_add(*theirs);
    }
}

/// The summary, line by line.
pub fn lines(program: &Program, tally: &Tally, as_of: Date, took: Duration) -> Vec<String> {
    let identity = &program.identity;
    let mut lines = vec![
        format!("{} {}, as of {as_of}", identity.id, identity.version),
        format!("{} rows in {}{}", grouped(tally.rows), duration(took), rate(tally.rows, took)),
    ];
    let decided = tally.rows.saturating_sub(tally.errors);
    for (output, column) in program.outputs.iter().zip(&tally.outputs) {
        let names: Vec<&str> = match &output.data_type {
            DataType::Enum(domain) if domain.values.len() <= VALUES_SHOWN => {
                domain.values.iter().map(String::as_str).collect()
            }
            DataType::Boolean => vec!["false", "true"],
            _ => continue,
        };
        section(&mut lines, &output.name, distribution(&names, column, decided));
    }
    section(&mut lines, "figures", figures(program, tally));
    section(&mut lines, "reasons, by how many have them", reasons(program, tally, decided));
    section(&mut lines, "rules that held", rules(program, tally, decided));
    section(&mut lines, "errors", errors(tally));
    lines
}

fn section(lines: &mut Vec<String>, title: &str, table: Table) {
    if !table.is_empty() {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(table.lines(2));
    }
}

fn distribution(names: &[&str], column: &Column, decided: u64) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Left]);
    let most = column.values.iter().copied().max().unwrap_or(0);
    let mut row = |name: &str, count: u64| {
        let length =
            if count == 0 { 0 } else { count.saturating_mul(BAR).checked_div(most.max(count)).unwrap_or(0).max(1) };
        let bar = "█".repeat(usize::try_from(length).unwrap_or(0));
        table.row([name.to_owned(), grouped(count), share(count, decided), bar]);
    };
    for (name, count) in names.iter().zip(&column.values) {
        row(name, *count);
    }
    if column.missing > 0 {
        row("(none)", column.missing);
    }
    table
}

fn figures(program: &Program, tally: &Tally) -> Table {
    let align = [Align::Left, Align::Right, Align::Right, Align::Right, Align::Right, Align::Right, Align::Right];
    let mut table = Table::with_header(&align, &["", "rows", "least", "median", "mean", "greatest", "total"]);
    for (output, column) in program.outputs.iter().zip(&tally.outputs) {
        let Some(number) = &column.number else { continue };
        let scale = match output.data_type {
            DataType::Decimal { scale } => u32::from(scale),
            _ => 0,
        };
        let text = |mantissa: i128| {
            from_mantissa(mantissa, scale).map_or_else(|_| "…".to_owned(), |x| grouped(canonical_text(x, scale)))
        };
        let mean = from_mantissa(number.sum, scale)
            .and_then(|sum| div(sum, number.count.into(), scale.saturating_add(1).min(28), RoundingMode::HalfUp))
            .map_or_else(|_| "…".to_owned(), |mean| grouped(canonical_text(mean, scale.saturating_add(1).min(28))));
        let median = number.median().map(text).unwrap_or_default();
        let figures =
            [grouped(number.count), text(number.least), median, mean, text(number.greatest), text(number.sum)];
        table.row(std::iter::once(output.name.clone()).chain(figures));
    }
    table
}

fn reasons(program: &Program, tally: &Tally, decided: u64) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right, Align::Left]);
    let mut ranked: Vec<(usize, u64)> =
        tally.reasons.iter().copied().enumerate().filter(|(_, count)| *count > 0).collect();
    ranked.sort_by_key(|(index, count)| (std::cmp::Reverse(*count), *index));
    for (index, count) in ranked.iter().take(REASONS_SHOWN) {
        let Some(reason) = program.reasons.get(*index) else { continue };
        let text = reason.text.get("en").unwrap_or("").to_owned();
        table.row([reason.code.clone(), grouped(*count), share(*count, decided), text]);
    }
    if let Some(more) = ranked.len().checked_sub(REASONS_SHOWN).filter(|more| *more > 0) {
        table.row([format!("and {more} more"), String::new(), String::new(), String::new()]);
    }
    table
}

fn rules(program: &Program, tally: &Tally, decided: u64) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Left, Align::Right, Align::Right]);
    for (rule, count) in program.rules.iter().zip(&tally.hits).filter(|(_, count)| **count > 0) {
        let effect = program.effects.get(usize::from(rule.effect)).cloned().unwrap_or_default();
        table.row([rule.id.clone(), effect, grouped(*count), share(*count, decided)]);
    }
    table
}

fn errors(tally: &Tally) -> Table {
    let mut table = Table::new(&[Align::Left, Align::Left, Align::Right, Align::Left]);
    for (code, count) in &tally.codes {
        let example = tally.first.get(code).map(|(row, message)| format!("first in row {}: {message}", grouped(row)));
        table.row([code.to_string(), code.name().to_owned(), grouped(*count), example.unwrap_or_default()]);
    }
    table
}

/// `61.2 %`
fn share(count: u64, of: u64) -> String {
    let tenths = u128::from(count)
        .saturating_mul(2000)
        .saturating_add(u128::from(of))
        .checked_div(u128::from(of).saturating_mul(2));
    let tenths = tenths.unwrap_or(0);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn duration(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis().max(1)),
        1..60 => format!("{}.{} s", took.as_secs(), took.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn rate(rows: u64, took: Duration) -> String {
    let per_second = u128::from(rows).saturating_mul(1_000_000).checked_div(took.as_micros().max(1)).unwrap_or(0);
    format!(", {} rows/s", grouped(per_second))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_half_up() {
        assert_eq!(
            [share(1, 3), share(2, 3), share(1, 1000), share(0, 0), share(5, 5)],
            ["33.3 %", "66.7 %", "0.1 %", "0.0 %", "100.0 %"]
        );
    }

    #[test]
    fn figures_do_not_depend_on_how_rows_are_split() {
        let values: Vec<i64> = (0..100).map(|n| (n * 37) % 61).collect();
        let figures = |split: usize| {
            let mut sum = Column { score: true, ..Column::default() };
            for part in values.chunks(split) {
                let mut column = sum.clone();
                column.number = None;
                part.iter().for_each(|value| column.count(Slot::Integer(*value)));
                sum.add(column);
            }
            let number = sum.number.unwrap();
            (number.count, number.sum, number.least, number.greatest, number.median())
        };
        for split in [1, 13, 50] {
            assert_eq!(figures(split), figures(100));
        }
        let mut sorted = values.clone();
        sorted.sort_unstable();
        assert_eq!(figures(100).4, sorted.get(49).copied().map(i128::from));
    }
}
