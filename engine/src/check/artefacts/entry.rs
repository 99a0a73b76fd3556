//! Whether a cell's test fits the type of its column.

use super::axis::{End, between, is_value};
use super::suggestion;
use crate::diagnostic::codes::{TABLE_CELL_TYPE, TABLE_EMPTY_INTERVAL, UNKNOWN_ENUM_VALUE, UNKNOWN_SPECIAL};
use crate::diagnostic::{Diagnostic, Span};
use crate::ruleset::checked::{Type, TypeKind};
use crate::ruleset::{CellValue, InputEntry, UnaryTest, UnaryTests};

/// Reports what in a cell does not fit its column: T2006, T2013, T2404, T2407. `true` if nothing keeps it from loading.
pub(super) fn check_entry(entry: &InputEntry, ty: &Type, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let (UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests)) = &entry.test else { return true };
    let mut sound = true;
    for test in tests {
        sound &= match test {
            UnaryTest::Missing => true,
            UnaryTest::Special(name) => check_special(name, ty, entry.span, diagnostics),
            UnaryTest::Equal(value) => check_value(value, &ty.kind, entry.span, diagnostics),
            UnaryTest::Interval { lower, upper } => {
                let ends: Vec<&CellValue> = lower.iter().chain(upper).map(|(value, _)| value).collect();
                let fits = check_order(&ty.kind, entry.span, diagnostics)
                    && ends.iter().all(|value| check_value(value, &ty.kind, entry.span, diagnostics));
                if fits {
                    warn_of_empty(lower.as_ref(), upper.as_ref(), &ty.kind, entry.span, diagnostics);
                }
                fits
            }
        };
    }
    sound
}

/// Whether the column's fact has a special code of that name; T2013 otherwise.
pub(super) fn check_special(name: &str, ty: &Type, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let codes: Vec<&str> = ty.special.iter().flat_map(|codes| codes.iter()).map(|code| code.name.as_str()).collect();
    if codes.contains(&name) {
        return true;
    }
    let help = match codes.is_empty() {
        true => "declare it: `special = { no_record = -1 }` with the fact".to_owned(),
        false => suggestion(name, &codes),
    };
    diagnostics.push(
        Diagnostic::new(UNKNOWN_SPECIAL, span, format!("there is no special code `{name}` here")).with_help(help),
    );
    false
}

fn check_order(kind: &TypeKind, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let (what, help) = match kind {
        TypeKind::Enum(_) => ("the values of an enum have no order in cells", "list the values: `\"A\",\"B\"`"),
        TypeKind::Boolean => ("truth values have no order", "write `true` or `false`"),
        _ => return true,
    };
    diagnostics.push(Diagnostic::new(TABLE_CELL_TYPE, span, what).with_help(help));
    false
}

fn check_value(value: &CellValue, kind: &TypeKind, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let (shown, found) = describe(value);
    let (expected, help) = match (kind, value) {
        (TypeKind::Integer | TypeKind::Decimal { .. }, CellValue::Number(_))
        | (TypeKind::Text, CellValue::Text(_))
        | (TypeKind::Boolean, CellValue::Boolean(_))
        | (TypeKind::Date, CellValue::Date(_)) => return true,
        (TypeKind::Enum(domain), CellValue::Word(word) | CellValue::Text(word)) => {
            if domain.index_of(word).is_some() {
                return true;
            }
            let values: Vec<&str> = domain.values.iter().map(String::as_str).collect();
            let message = format!("`{word}` is none of the column's values");
            diagnostics.push(Diagnostic::new(UNKNOWN_ENUM_VALUE, span, message).with_help(suggestion(word, &values)));
            return false;
        }
        (TypeKind::Enum(_), _) => ("values of an enum", format!("put the value in quotes: `\"{shown}\"`")),
        (TypeKind::Integer | TypeKind::Decimal { .. }, _) => ("numbers", "write a number".to_owned()),
        (TypeKind::Text, CellValue::Word(_)) => ("text", format!("text stands in quotes: `\"{shown}\"`")),
        (TypeKind::Text, _) => ("text", format!("put it in quotes if it is a text: `\"{shown}\"`")),
        (TypeKind::Boolean, _) => {
            ("truth values", "write `true` or `false`, in small letters and without quotes".to_owned())
        }
        (TypeKind::Date, _) => ("dates", "write `date(\"2026-01-31\")`".to_owned()),
        // Other types are refused for the column as a whole.
        _ => return false,
    };
    let message = format!("{found} `{shown}` in a column of {expected}");
    diagnostics.push(Diagnostic::new(TABLE_CELL_TYPE, span, message).with_help(help));
    false
}

fn describe(value: &CellValue) -> (String, &'static str) {
    match value {
        CellValue::Number(number) => (crate::value::decimal::plain_text(*number), "the number"),
        CellValue::Text(text) => (text.clone(), "the text"),
        CellValue::Word(word) => (word.clone(), "the word"),
        CellValue::Boolean(value) => (value.to_string(), "the truth value"),
        CellValue::Date(date) => (date.to_string(), "the date"),
    }
}

type Side<'e> = Option<&'e (CellValue, bool)>;

/// Warns of an interval in which no value of the column lies, whatever the record.
fn warn_of_empty(lower: Side<'_>, upper: Side<'_>, kind: &TypeKind, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    let (Some((low, from)), Some((high, to))) = (lower, upper) else { return };
    let (Some(low), Some(high)) = (End::of_cell(low), End::of_cell(high)) else { return };
    let (message, help) = if low == high && !(*from && *to) {
        ("this interval holds no value".to_owned(), "close both ends to match the one value: `[5..5]`, or just `5`")
    } else {
        // Texts between two texts are not searched for.
        let within = *kind == TypeKind::Text || between(Some(&low), Some(&high), kind).is_some();
        if within || (*from && is_value(&low, kind)) || (*to && is_value(&high, kind)) {
            return;
        }
        let what = match kind {
            TypeKind::Integer => "integer".to_owned(),
            TypeKind::Decimal { scale } => format!("number with {scale} digits after the point"),
            _ => "value".to_owned(),
        };
        (format!("this interval holds no {what}"), "turn the bracket that is meant: `[18..19)` holds 18, `(18..19]` 19")
    };
    diagnostics.push(Diagnostic::new(TABLE_EMPTY_INTERVAL, span, message).with_help(help));
}
