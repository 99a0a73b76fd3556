//! `*.scale.csv`: bands over one number.

use rust_decimal::Decimal;

use super::cells::parse_literal;
use super::figures;
use super::json;
use super::manifest::ScaleSettings;
use super::names::warn_of_oddity;
use super::sheet::{Cell, Column, Sheet, cell, row_span};
use super::sink::{Sink, suggestion};
use crate::diagnostic::codes::{BAD_NUMBER, BAD_VALUE, SCALE_BAND, UNKNOWN_ENUM_VALUE};
use crate::diagnostic::{FileId, Span};
use crate::ruleset::{Band, CellValue, Scale};
use crate::schema::DataType;
use crate::value::Value;
use crate::value::decimal::{rescale_exact, to_i64_exact};

/// Reads one scale; bands with a mistake are left out.
pub(super) fn read(settings: &ScaleSettings, file: FileId, text: &str, sink: &mut Sink) -> Option<Scale> {
    let sheet = Sheet::read(file, text, sink)?;
    let mut known = vec![Column::required("from"), Column::required("to")];
    known.extend(settings.outputs.iter().map(|output| Column::required(output.name.clone())));
    let columns = sheet.columns(&known, sink)?;
    let mut bands = Vec::new();
    for row in &sheet.rows {
        bands.extend(band(settings, row, &columns, sink));
    }
    if sheet.rows.is_empty() {
        sink.error_with(SCALE_BAND, Span::at(file, 1, 1), "a scale without bands", "add a row per band");
    }
    let complete = sheet.complete && bands.len() == sheet.rows.len();
    Some(Scale {
        name: settings.named.name.clone(),
        outputs: settings.outputs.clone(),
        bands,
        complete,
        span: settings.named.span,
    })
}

fn band(settings: &ScaleSettings, row: &[Cell], columns: &[Option<usize>], sink: &mut Sink) -> Option<Band> {
    let (ends, places) = columns.split_at_checked(2)?;
    let [from, to] = *ends else { return None };
    let from = end(cell(row, from), "-inf", sink);
    let to = end(cell(row, to), "inf", sink);
    let mut values = Vec::new();
    for (output, place) in settings.outputs.iter().zip(places) {
        values.push(match cell(row, *place) {
            Some(found) => value(found, &output.data_type, sink),
            None if output.optional => Some(Value::Missing),
            None => {
                let at = place.and_then(|index| row.get(index)).map_or_else(Span::default, Cell::span);
                let help = format!("write a value, or declare `{}` as `optional = true`", output.name);
                sink.error_with(SCALE_BAND, at, format!("`{}` is empty", output.name), help);
                None
            }
        });
    }
    Some(Band { from: from?, to: to?, values: values.into_iter().collect::<Option<_>>()?, span: row_span(row) })
}

#[allow(clippy::option_option, reason = "wrong, open and given are three things")]
fn end(found: Option<&Cell>, open: &str, sink: &mut Sink) -> Option<Option<Decimal>> {
    let Some(found) = found else { return Some(None) };
    if found.text == open {
        return Some(None);
    }
    if found.text.to_ascii_lowercase().contains("inf") || found.text.contains('∞') {
        let help = format!("the open end is written `{open}` here, or left blank");
        sink.error_with(BAD_NUMBER, found.span(), format!("`{}` at this end of a band", found.text), help);
        return None;
    }
    match figures::number(&found.text) {
        Ok(number) => Some(Some(number)),
        Err(complaint) => {
            sink.error_with(complaint.code, found.span(), complaint.message, complaint.help);
            None
        }
    }
}

/// A cell as a value of its column's type.
fn value(found: &Cell, data_type: &DataType, sink: &mut Sink) -> Option<Value> {
    let (text, span) = (found.text.as_str(), found.span());
    match data_type {
        DataType::Enum(domain) => {
            let word = if text.starts_with('"') { unquoted(found, sink)? } else { text.to_owned() };
            if domain.index_of(&word).is_none() {
                let help = suggestion(&word, domain.values.iter().map(String::as_str));
                sink.error_with(UNKNOWN_ENUM_VALUE, span, format!("`{word}` is none of the column's values"), help);
                return None;
            }
            Some(Value::Text(word))
        }
        DataType::Text => {
            let plain = if text.starts_with('"') { unquoted(found, sink)? } else { text.to_owned() };
            warn_of_oddity(&plain, span, sink);
            Some(Value::Text(plain))
        }
        DataType::Boolean => match text {
            "true" => Some(Value::Boolean(true)),
            "false" => Some(Value::Boolean(false)),
            other => {
                let message = format!("`{other}` is neither `true` nor `false`");
                sink.error_with(BAD_VALUE, span, message, suggestion(&other.to_ascii_lowercase(), ["true", "false"]));
                None
            }
        },
        DataType::Date => {
            let inner = text.strip_prefix("date(\"").and_then(|rest| rest.strip_suffix("\")")).unwrap_or(text);
            complain(figures::date(inner).map(Value::Date), span, sink)
        }
        DataType::Integer | DataType::Decimal { .. } => {
            let number = complain(figures::number(text), span, sink)?;
            number_of(number, data_type, span, sink)
        }
        DataType::List(element) => {
            let json = json::read_cell(found, sink)?;
            list(&json, &element.data_type, found, sink)
        }
        DataType::Record(_) | DataType::Series { .. } => None,
    }
}

fn number_of(number: Decimal, data_type: &DataType, span: Span, sink: &mut Sink) -> Option<Value> {
    let (value, help) = match data_type {
        DataType::Decimal { scale } => {
            let help = format!("the column has {scale} digits after the point");
            (rescale_exact(number, u32::from(*scale)).map(Value::Decimal), help)
        }
        _ => (to_i64_exact(number).map(Value::Integer), "the column holds integers".to_owned()),
    };
    if value.is_none() {
        sink.error_with(BAD_NUMBER, span, format!("`{number}` does not fit the column"), help);
    }
    value
}

fn complain<T>(read: Result<T, figures::Complaint>, span: Span, sink: &mut Sink) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(complaint) => {
            sink.error_with(complaint.code, span, complaint.message, complaint.help);
            None
        }
    }
}

fn unquoted(found: &Cell, sink: &mut Sink) -> Option<String> {
    match parse_literal(&found.text) {
        Ok(CellValue::Text(text)) => Some(text),
        Ok(_) => None,
        Err(error) => {
            sink.error_with(error.code, found.part(error.range), error.message, error.help.unwrap_or_default());
            None
        }
    }
}

/// A JSON list as a value; its elements follow the rules of JSON, dates and decimals may be texts.
fn list(node: &json::Node, element: &DataType, found: &Cell, sink: &mut Sink) -> Option<Value> {
    let json::Kind::Array(elements) = &node.kind else {
        let help = "write a JSON list: `[\"a\", \"b\"]`";
        sink.error_with(BAD_VALUE, found.part(node.range.clone()), "a value where the column holds lists", help);
        return None;
    };
    let mut values = Vec::new();
    let mut sound = true;
    for node in elements {
        let value = list_element(node, element, found, sink);
        sound &= value.is_some();
        values.extend(value);
    }
    sound.then_some(Value::List(values))
}

fn list_element(node: &json::Node, element: &DataType, found: &Cell, sink: &mut Sink) -> Option<Value> {
    let span = found.part(node.range.clone());
    match (&node.kind, element) {
        (json::Kind::Boolean(value), DataType::Boolean) => Some(Value::Boolean(*value)),
        (json::Kind::Number(text), DataType::Integer | DataType::Decimal { .. })
        | (json::Kind::Text(text), DataType::Decimal { .. }) => {
            number_of(complain(figures::number(text), span, sink)?, element, span, sink)
        }
        (json::Kind::Text(text), DataType::Date) => complain(figures::date(text).map(Value::Date), span, sink),
        (json::Kind::Text(text), DataType::Text) => Some(Value::Text(text.clone())),
        (json::Kind::Text(text), DataType::Enum(domain)) if domain.index_of(text).is_some() => {
            Some(Value::Text(text.clone()))
        }
        (json::Kind::Text(text), DataType::Enum(domain)) => {
            let help = suggestion(text, domain.values.iter().map(String::as_str));
            sink.error_with(UNKNOWN_ENUM_VALUE, span, format!("`{text}` is none of the column's values"), help);
            None
        }
        _ => {
            let message = format!("{} in a list of the type {}", node.kind.name(), element.name());
            sink.error_with(BAD_VALUE, span, message, "give every element the type of the column");
            None
        }
    }
}
