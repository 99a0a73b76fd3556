//! Messages of errors: English, lower case, never a sensitive value.

use super::values::Words;
use crate::decision::TraceValue;
use crate::decision::outcome::{Failure, Subject};
use crate::diagnostic::{Code, codes};
use crate::program::artefact::TableProgram;
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::plain_text;

pub(super) fn message(words: &Words<'_>, as_of: Date, failure: &Failure) -> String {
    let program = words.program;
    match failure.subject {
        Subject::Nothing if failure.code == codes::NOT_IN_FORCE => not_in_force(words, as_of),
        Subject::Nothing => plain(failure.code).to_owned(),
        Subject::Card { card } => {
            let name = program.scorecards.get(card as usize).map_or("", |card| card.name.as_str());
            format!("the score of scorecard `{name}` is too large")
        }
        Subject::Characteristic { card, characteristic, value } => {
            let Some(card) = program.scorecards.get(card as usize) else { return plain(failure.code).to_owned() };
            let Some(characteristic) = card.characteristics.get(characteristic as usize) else {
                return plain(failure.code).to_owned();
            };
            let value = words.typed(value, &characteristic.ty);
            let shown = if characteristic.sensitive { String::new() } else { format!(" {}", text(&value)) };
            format!(
                "no attribute of `{}` in scorecard `{}` matches its value{shown}: the score is undefined",
                characteristic.name, card.name
            )
        }
        Subject::Scale { scale, node, value } => {
            let name = program.scales.get(scale as usize).map_or("", |scale| scale.name.as_str());
            match words.seen(value, node) {
                TraceValue::Masked => format!("the value lies outside all bands of scale `{name}`"),
                TraceValue::Shown(value) => format!("{} lies outside all bands of scale `{name}`", text(&value)),
            }
        }
        Subject::Table { table } => {
            format!("no row of {} matches", table_name(program.tables.get(table as usize)))
        }
        Subject::Rows { table, first, second } => {
            let table = program.tables.get(table as usize);
            let id = |row: u32| {
                let row = table.and_then(|table| table.rows.get(row as usize));
                row.map_or("", |row| row.id.as_str())
            };
            let fault = if failure.code == codes::ANY_VIOLATED {
                "match, but their outputs differ"
            } else {
                "match, but only one row may"
            };
            format!("rows `{}` and `{}` of {} {fault}", id(first), id(second), table_name(table))
        }
        Subject::Output { output } => {
            let output = program.outputs.get(output as usize);
            let name = output.map_or("", |output| output.name.as_str());
            format!("output `{name}` cannot be written with the digits it is declared with")
        }
    }
}

fn table_name(table: Option<&TableProgram>) -> String {
    match table {
        Some(table) if table.matrix => format!("matrix `{}`", table.name),
        Some(table) => format!("table `{}`", table.name),
        None => "the table".to_owned(),
    }
}

fn not_in_force(words: &Words<'_>, as_of: Date) -> String {
    let program = words.program;
    let id = &program.identity.id;
    match (program.effective_from, program.effective_until) {
        (Some(from), _) if as_of < from => {
            format!("ruleset `{id}` is in force from {from}, not yet at {as_of}")
        }
        (_, Some(until)) => format!("ruleset `{id}` is no longer in force from {until} on; asked for {as_of}"),
        _ => format!("ruleset `{id}` is not in force at {as_of}"),
    }
}

fn plain(code: Code) -> &'static str {
    const MESSAGES: &[(Code, &str)] = &[
        (codes::OVERFLOW, "the result is too large"),
        (codes::DIVISION_BY_ZERO, "division by zero"),
        (codes::LOST_DIGITS, "the exact result has more digits than a decimal holds"),
        (
            codes::DATE_RANGE,
            "there is no such date or age: a date outside the years 1 to 9999, or a birth in the future",
        ),
        (codes::ODDS_DOMAIN, "odds must be above zero and the points to double the odds must not be zero"),
        (codes::INDEX_RANGE, "the list has no element at this index"),
        (codes::CLAMP_BOUNDS, "the lower bound is above the upper bound"),
        (codes::DECISION_TOO_LARGE, "the decision makes more list elements than the engine keeps"),
    ];
    let found = MESSAGES.iter().find(|(known, _)| *known == code);
    found.map_or("the program is damaged: this is an error of the engine", |(_, message)| message)
}

/// A value within a message.
fn text(value: &Value) -> String {
    match value {
        Value::Missing => "missing".to_owned(),
        Value::Special(name) => format!("special code `{name}`"),
        Value::Boolean(truth) => truth.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => plain_text(*number),
        Value::Text(text) => format!("`{text}`"),
        Value::Date(date) => date.to_string(),
        Value::List(_) => "a list".to_owned(),
        Value::Record(_) => "a record".to_owned(),
    }
}
