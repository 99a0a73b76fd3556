//! Scorecards, scales and tables.

mod card;
mod scale;
mod table;

use super::builder::Builder;
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::program::{CardProgram, ScaleProgram, TableProgram};
use crate::ruleset::BoundText;
use crate::value::Value;
use crate::value::decimal::plain_text;

pub(super) fn scorecards(builder: &mut Builder<'_>) -> Vec<CardProgram> {
    let checked = builder.checked;
    let cards = checked.ruleset.scorecards.iter().zip(&checked.scorecards);
    cards.filter_map(|(card, types)| card::compile(builder, card, types)).collect()
}

pub(super) fn scales(builder: &mut Builder<'_>) -> Vec<ScaleProgram> {
    let checked = builder.checked;
    checked.ruleset.scales.iter().map(|scale| scale::compile(builder, scale)).collect()
}

pub(super) fn tables(builder: &mut Builder<'_>) -> Vec<TableProgram> {
    let checked = builder.checked;
    let tables = checked.ruleset.tables.iter().zip(&checked.tables);
    tables.map(|(table, types)| table::compile(builder, table, types)).collect()
}

fn bound_value(bound: &BoundText) -> Value {
    match bound {
        BoundText::Number(number) => Value::Decimal(*number),
        BoundText::Date(date) => Value::Date(*date),
    }
}

/// `[26, 28)`, `(-inf, 26)`, `[28, inf)`
fn interval_label(lower: Option<&BoundText>, upper: Option<&BoundText>) -> String {
    let text = |bound: &BoundText| match bound {
        BoundText::Number(number) => plain_text(*number),
        BoundText::Date(date) => date.to_string(),
    };
    let lower = lower.map_or_else(|| "(-inf".to_owned(), |bound| format!("[{}", text(bound)));
    let upper = upper.map_or_else(|| "inf".to_owned(), text);
    format!("{lower}, {upper})")
}

fn too_many_digits(builder: &mut Builder<'_>, span: Span) {
    let message = "figures that lie so far apart, with so many digits, cannot be compared exactly in one place";
    let help = "bring the figures to one unit with fewer digits";
    builder.diagnostics.push(Diagnostic::new(codes::RULESET_TOO_LARGE, span, message).with_help(help));
}
