//! Decision tables: per column the rows that each class of values selects.

use super::super::builder::{Builder, index};
use super::super::classes::{Axis, Selection, classes};
use super::too_many_digits;
use crate::program::TableProgram;
use crate::program::artefact::{ColumnIndex, ColumnProgram, RowOutputs, RowProgram, RowSets};
use crate::program::locator::Locator;
use crate::ruleset::checked::{CheckedTable, Expr, ExprKind, Type, TypeKind};
use crate::ruleset::{CellValue, DecisionTable, InputEntry, TableRow, UnaryTest, UnaryTests};
use crate::schema::DataType;
use crate::value::Value;
use crate::value::slot::Slot;

/// Sets of rows beyond this many 64-bit words per column are kept row by row instead: 16 MiB.
const MOST_WORDS: usize = 2 << 20;

pub(super) fn compile(builder: &mut Builder<'_>, table: &DecisionTable, types: &CheckedTable) -> TableProgram {
    let words = table.rows.len().div_ceil(64);
    let columns: Vec<_> = if types.called {
        types.inputs.iter().enumerate().map(|(column, ty)| compile_column(builder, table, column, ty, words)).collect()
    } else {
        Vec::new()
    };
    let rows = table.rows.iter().zip(&types.rows).map(|(row, outputs)| compile_row(builder, row, outputs)).collect();
    let default_row = table.default_row.as_ref().zip(types.default_row.as_ref());
    TableProgram {
        name: table.name.clone(),
        matrix: table.matrix,
        hit_policy: table.hit_policy,
        no_match: table.no_match,
        outputs: table.outputs.clone(),
        columns,
        validity: validity(builder, table, words),
        words: index(words),
        rows,
        default_row: default_row.map(|(row, outputs)| compile_row(builder, row, outputs)),
        decimal: table.outputs.first().is_some_and(|output| matches!(output.data_type, DataType::Decimal { .. })),
        span: table.span,
    }
}

fn compile_row(builder: &mut Builder<'_>, row: &TableRow, outputs: &[Expr]) -> RowProgram {
    let constants: Option<Vec<Slot>> = outputs
        .iter()
        .map(|output| match &output.kind {
            ExprKind::Constant(value) => Some(builder.slot(value, &output.ty)),
            _ => None,
        })
        .collect();
    let outputs = match constants {
        Some(slots) => RowOutputs::Constant(Slot::Record(builder.stretch(&slots))),
        None => {
            let nodes: Vec<_> = outputs.iter().map(|output| builder.expression(output)).collect();
            RowOutputs::Computed(builder.items(&nodes))
        }
    };
    RowProgram {
        id: row.id.clone(),
        outputs,
        reason: row.reason.as_deref().and_then(|code| builder.reason(code)),
        valid_from: row.valid_from,
        valid_until: row.valid_until,
        span: row.span,
    }
}

fn compile_column(
    builder: &mut Builder<'_>,
    table: &DecisionTable,
    column: usize,
    ty: &Type,
    words: usize,
) -> ColumnProgram {
    let entries: Vec<&InputEntry> = table.rows.iter().filter_map(|row| row.inputs.get(column)).collect();
    let constants: Vec<Value> = entries.iter().flat_map(|entry| constants(&entry.test, ty)).collect();
    let axis = Axis::new(ty, false, &constants.iter().collect::<Vec<_>>());
    let mut selections = Vec::new();
    for entry in &entries {
        selections.push(select(&entry.test, &axis, ty).unwrap_or_else(|| {
            too_many_digits(builder, entry.span);
            Selection::default()
        }));
    }
    let locator = axis.divide(&selections.iter().collect::<Vec<_>>(), builder);
    let specials = ty.special.as_ref().map_or(0, |codes| index(codes.len()));
    ColumnProgram {
        name: table.inputs.get(column).map(|clause| clause.name.clone()).unwrap_or_default(),
        ty: ty.clone(),
        index: column_index(locator, &selections, specials, words),
        texts: entries.iter().map(|entry| entry.text.clone()).collect(),
    }
}

/// The rows in force, by date; nothing where no row is dated.
fn validity(builder: &mut Builder<'_>, table: &DecisionTable, words: usize) -> Option<ColumnIndex> {
    let dated = |row: &TableRow| row.valid_from.is_some() || row.valid_until.is_some();
    if !table.rows.iter().any(dated) {
        return None;
    }
    let select = |row: &TableRow| Selection {
        ranges: vec![(
            row.valid_from.map_or(i128::MIN, |date| date.days().into()),
            row.valid_until.map_or(i128::MAX, |date| i128::from(date.days()).saturating_sub(1)),
        )],
        ..Selection::default()
    };
    let selections: Vec<_> = table.rows.iter().map(select).collect();
    let locator = Axis::Ordinal.divide(&selections.iter().collect::<Vec<_>>(), builder);
    Some(column_index(locator, &selections, 0, words))
}

fn column_index(locator: Locator, selections: &[Selection], specials: u32, words: usize) -> ColumnIndex {
    let total = locator.values.saturating_add(1).saturating_add(specials);
    let ranges: Vec<Vec<(u32, u32)>> = selections.iter().map(|selection| all_classes(selection, &locator)).collect();
    let always =
        ranges.iter().all(|ranges| matches!(ranges.as_slice(), [(0, last)] if *last == total.saturating_sub(1)));
    let size = (total as usize).saturating_mul(words);
    let rows = if always {
        RowSets::Dense(Vec::new())
    } else if size <= MOST_WORDS {
        RowSets::Dense(dense(&ranges, total as usize, words))
    } else {
        let mut starts = vec![0];
        let mut flat = Vec::new();
        for ranges in ranges {
            flat.extend(ranges);
            starts.push(index(flat.len()));
        }
        RowSets::PerRow { starts, ranges: flat }
    };
    ColumnIndex { locator, always, rows }
}

/// Present values, missing and special codes: all classes a row matches, as ascending ranges that do not touch.
fn all_classes(selection: &Selection, locator: &Locator) -> Vec<(u32, u32)> {
    let mut chosen = classes(selection, locator);
    chosen.extend(selection.missing.then(|| (locator.missing(), locator.missing())));
    chosen.extend(selection.specials.iter().map(|code| (locator.special(*code), locator.special(*code))));
    chosen.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (first, last) in chosen {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

/// One set per class. A sweep over the classes turns rows on and off, so that wide intervals cost no more than narrow.
fn dense(ranges: &[Vec<(u32, u32)>], total: usize, words: usize) -> Vec<u64> {
    let mut toggles: Vec<(u32, u32)> = Vec::new();
    for (row, ranges) in ranges.iter().enumerate() {
        for (first, last) in ranges {
            toggles.push((*first, index(row)));
            toggles.push((last.saturating_add(1), index(row)));
        }
    }
    toggles.sort_unstable();
    let mut sets = Vec::with_capacity(total.saturating_mul(words));
    let mut current = vec![0_u64; words];
    let mut toggles = toggles.into_iter().peekable();
    for class in 0..index(total) {
        while let Some((_, row)) = toggles.next_if(|(at, _)| *at <= class) {
            if let Some(word) = current.get_mut((row >> 6) as usize) {
                *word ^= 1_u64.wrapping_shl(row & 63);
            }
        }
        sets.extend_from_slice(&current);
    }
    sets
}

fn constants(tests: &UnaryTests, ty: &Type) -> Vec<Value> {
    let tests = match tests {
        UnaryTests::Any => &[][..],
        UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests) => tests.as_slice(),
    };
    let of_test = |test: &UnaryTest| match test {
        UnaryTest::Equal(value) => vec![value.clone()],
        UnaryTest::Interval { lower, upper } => {
            [lower, upper].into_iter().flatten().map(|(value, _)| value.clone()).collect()
        }
        UnaryTest::Missing | UnaryTest::Special(_) => Vec::new(),
    };
    tests.iter().flat_map(of_test).filter_map(|value| cell_value(&value, ty)).collect()
}

/// A literal as a value of the column's type.
fn cell_value(cell: &CellValue, ty: &Type) -> Option<Value> {
    match (cell, &ty.kind) {
        (CellValue::Number(number), TypeKind::Integer | TypeKind::Decimal { .. }) => Some(Value::Decimal(*number)),
        (CellValue::Text(text) | CellValue::Word(text), TypeKind::Enum(_) | TypeKind::Text) => {
            Some(Value::Text(text.clone()))
        }
        (CellValue::Boolean(truth), TypeKind::Boolean) => Some(Value::Boolean(*truth)),
        (CellValue::Date(date), TypeKind::Date) => Some(Value::Date(*date)),
        _ => None,
    }
}

fn select(tests: &UnaryTests, axis: &Axis, ty: &Type) -> Option<Selection> {
    let special_codes = ty.special.as_ref().map_or(0, |codes| u8::try_from(codes.len()).unwrap_or(u8::MAX));
    let (tests, inverted) = match tests {
        UnaryTests::Any => {
            let specials = (0..special_codes).collect();
            return Some(Selection { ranges: Vec::new(), inverted: true, missing: true, specials });
        }
        UnaryTests::OneOf(tests) => (tests, false),
        UnaryTests::NoneOf(tests) => (tests, true),
    };
    let mut selection = Selection { inverted, missing: inverted, ..Selection::default() };
    for test in tests {
        match test {
            UnaryTest::Missing => selection.missing = !inverted,
            UnaryTest::Special(name) if !inverted => selection.specials.extend(special(name, ty)),
            UnaryTest::Special(_) => {}
            UnaryTest::Equal(value) => {
                let (floor, ceil) = axis.place(&cell_value(value, ty)?, ty)?;
                selection.ranges.extend((floor == ceil).then_some((floor, ceil)));
            }
            UnaryTest::Interval { lower, upper } => {
                let end = |(value, inclusive): &(CellValue, bool)| {
                    Some((axis.place(&cell_value(value, ty)?, ty)?, *inclusive))
                };
                let low = match lower {
                    None => i128::MIN,
                    Some(bound) => match end(bound)? {
                        ((_, ceil), true) => ceil,
                        ((floor, _), false) => floor.checked_add(1)?,
                    },
                };
                let high = match upper {
                    None => i128::MAX,
                    Some(bound) => match end(bound)? {
                        ((floor, _), true) => floor,
                        ((_, ceil), false) => ceil.checked_sub(1)?,
                    },
                };
                selection.ranges.push((low, high));
            }
        }
    }
    Some(selection)
}

fn special(name: &str, ty: &Type) -> Option<u8> {
    let place = ty.special.as_ref()?.iter().position(|code| code.name == name)?;
    u8::try_from(place).ok()
}
