//! `*.table.csv` and `*.matrix.csv`: decision tables.

use super::cells::{CellError, parse_literal, parse_unary_tests};
use super::figures;
use super::json;
use super::manifest::TableSettings;
use super::names::warn_of_oddity;
use super::respan::respan;
use super::sheet::{Cell, Column, Sheet, cell, row_span};
use super::sink::Sink;
use crate::diagnostic::codes::{BAD_VALUE, CELL_SYNTAX, CSV_HEADER, CSV_NO_ROWS, DUPLICATE_ID, TABLE_DEFAULT_ROW};
use crate::diagnostic::{Diagnostic, FileId, Span};
use crate::ruleset::script::{Expr, ExprKind, Ident, ScriptParser};
use crate::ruleset::{
    CellValue, DecisionTable, InputClause, InputEntry, NoMatch, OutputCell, OutputEntry, TableRow, UnaryTest,
    UnaryTests,
};
use crate::schema::{DataType, Output};
use crate::value::date::Date;
use crate::value::ordered::Map;

/// Reads one table or matrix; rows with a mistake are left out. `None` without a sound header.
pub(super) fn read(
    settings: &TableSettings,
    file: FileId,
    text: &str,
    parser: &dyn ScriptParser,
    sink: &mut Sink,
) -> Option<DecisionTable> {
    let sheet = Sheet::read(file, text, sink)?;
    if sheet.rows.is_empty() && sheet.complete {
        sink.error_with(CSV_NO_ROWS, Span::at(file, 1, 1), "a table without rows", "add a row per rule");
    }
    let mut table = DecisionTable {
        name: settings.named.name.clone(),
        matrix: settings.matrix,
        hit_policy: settings.hit_policy,
        inputs: Vec::new(),
        outputs: settings.outputs.clone(),
        no_match: settings.no_match,
        rows: Vec::new(),
        default_row: None,
        complete: sheet.complete,
        span: settings.named.span,
    };
    if settings.matrix {
        matrix(settings, &sheet, &mut table, parser, sink)?;
    } else {
        rows(settings, &sheet, &mut table, parser, sink)?;
    }
    Some(table)
}

/// Where the columns of a table stand.
struct Columns {
    id: Option<usize>,
    inputs: Vec<Option<usize>>,
    outputs: Vec<Option<usize>>,
    reason: Option<usize>,
    valid_from: Option<usize>,
    valid_until: Option<usize>,
}

fn columns(settings: &TableSettings, sheet: &Sheet, sink: &mut Sink) -> Option<Columns> {
    let mut known = vec![Column::optional("id")];
    known.extend(settings.inputs.iter().map(Column::required));
    known.extend(settings.outputs.iter().map(|output| Column::required(format!("->{}", output.name))));
    known.extend(["reason", "valid_from", "valid_until", "note"].map(Column::optional));
    let places = sheet.columns(&known, sink)?;
    let (id, rest) = places.split_first()?;
    let (inputs, rest) = rest.split_at_checked(settings.inputs.len())?;
    let (outputs, rest) = rest.split_at_checked(settings.outputs.len())?;
    let [reason, valid_from, valid_until, _note] = *rest else { return None };
    Some(Columns { id: *id, inputs: inputs.to_vec(), outputs: outputs.to_vec(), reason, valid_from, valid_until })
}

fn rows(
    settings: &TableSettings,
    sheet: &Sheet,
    table: &mut DecisionTable,
    parser: &dyn ScriptParser,
    sink: &mut Sink,
) -> Option<()> {
    let columns = columns(settings, sheet, sink)?;
    for (name, place) in settings.inputs.iter().zip(&columns.inputs) {
        let span = place.and_then(|index| sheet.header.get(index)).map_or(settings.named.span, Cell::span);
        table.inputs.push(InputClause { name: name.clone(), span });
    }
    let mut ids = Map::new();
    for (number, cells) in sheet.rows.iter().enumerate() {
        let Some(row) = row(settings, &columns, cells, number, parser, sink) else {
            table.complete = false;
            continue;
        };
        if let Some(first) = ids.insert(row.id.clone(), row.span) {
            let at = columns.id.and_then(|index| cells.get(index)).map_or(row.span, Cell::span);
            let found = Diagnostic::new(DUPLICATE_ID, at, format!("a second row with the id `{}`", row.id));
            sink.push(
                found
                    .with_help("traces, diffs and comments name rows by id: give each its own")
                    .with_related(first, "first here"),
            );
            continue;
        }
        if settings.no_match == NoMatch::Default && row.id == "default" {
            table.default_row = Some(row);
        } else {
            table.rows.push(row);
        }
    }
    if settings.no_match == NoMatch::Default && table.default_row.is_none() && table.complete {
        let help = "add a row with the id `default` and `-` in every input, or change `no_match`";
        sink.error_with(
            TABLE_DEFAULT_ROW,
            Span::at(sheet.file, 1, 1),
            "`no_match = \"default\"` without a row `default`",
            help,
        );
    }
    Some(())
}

fn row(
    settings: &TableSettings,
    columns: &Columns,
    cells: &[Cell],
    number: usize,
    parser: &dyn ScriptParser,
    sink: &mut Sink,
) -> Option<TableRow> {
    let span = row_span(cells);
    let id = match (columns.id, cell(cells, columns.id)) {
        (None, _) => Some(number.saturating_add(1).to_string()),
        (Some(_), Some(id)) => {
            warn_of_oddity(&id.text, id.span(), sink);
            Some(id.text.clone())
        }
        (Some(_), None) => {
            sink.error_with(
                BAD_VALUE,
                span,
                "a row without an id",
                "traces, diffs and comments name rows by id: give it one",
            );
            None
        }
    };
    let entry = |place: &Option<usize>| place.and_then(|index| cells.get(index));
    let inputs: Vec<_> = columns.inputs.iter().map(|place| input(entry(place)?, sink)).collect();
    let outputs: Vec<_> = columns
        .outputs
        .iter()
        .zip(&settings.outputs)
        .map(|(place, output)| output_entry(entry(place)?, output, parser, sink))
        .collect();
    let reason = cell(cells, columns.reason).map(|reason| reason.text.clone());
    let valid_from = validity(cell(cells, columns.valid_from), sink);
    let valid_until = validity(cell(cells, columns.valid_until), sink);
    let (valid_from, valid_until) = (valid_from?, valid_until?);
    if let (Some(from), Some(until)) = (valid_from, valid_until)
        && from >= until
    {
        let at = cell(cells, columns.valid_until).map_or(span, Cell::span);
        sink.error_with(
            BAD_VALUE,
            at,
            "the row ends before it begins",
            "`valid_until` is the first day no longer in force",
        );
        return None;
    }
    let inputs = inputs.into_iter().collect::<Option<_>>()?;
    let outputs = outputs.into_iter().collect::<Option<_>>()?;
    Some(TableRow { id: id?, inputs, outputs, reason, valid_from, valid_until, span })
}

#[allow(clippy::option_option, reason = "wrong, open and given are three things")]
fn validity(found: Option<&Cell>, sink: &mut Sink) -> Option<Option<Date>> {
    let Some(found) = found else { return Some(None) };
    match figures::date(&found.text) {
        Ok(date) => Some(Some(date)),
        Err(complaint) => {
            sink.error_with(complaint.code, found.span(), complaint.message, complaint.help);
            None
        }
    }
}

fn report(error: CellError, found: &Cell, sink: &mut Sink) {
    sink.error_with(error.code, found.part(error.range), error.message, error.help.unwrap_or_default());
}

fn input(found: &Cell, sink: &mut Sink) -> Option<InputEntry> {
    match parse_unary_tests(&found.text) {
        Ok(test) => {
            warn_of_texts(&test, found, sink);
            Some(InputEntry { test, text: found.text.clone(), span: found.span() })
        }
        Err(error) => {
            report(error, found, sink);
            None
        }
    }
}

/// Warns of texts in a cell that are not what they look like.
fn warn_of_texts(tests: &UnaryTests, found: &Cell, sink: &mut Sink) {
    let (UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests)) = tests else { return };
    for test in tests {
        let values: Vec<&CellValue> = match test {
            UnaryTest::Equal(value) => vec![value],
            UnaryTest::Interval { lower, upper } => lower.iter().chain(upper).map(|(value, _)| value).collect(),
            UnaryTest::Missing | UnaryTest::Special(_) => Vec::new(),
        };
        for value in values {
            if let CellValue::Text(text) | CellValue::Word(text) = value {
                warn_of_oddity(text, found.span(), sink);
            }
        }
    }
}

fn output_entry(found: &Cell, output: &Output, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<OutputEntry> {
    let value = output_cell(found, &output.data_type, parser, sink)?;
    Some(OutputEntry { value, text: found.text.clone(), span: found.span() })
}

fn output_cell(found: &Cell, data_type: &DataType, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<OutputCell> {
    let text = found.text.trim();
    if found.text.is_empty() {
        return Some(OutputCell::Missing);
    }
    if let Some(rest) = found.text.strip_prefix('`') {
        return expression(found, rest, parser, sink).map(OutputCell::Expression);
    }
    match data_type {
        DataType::Enum(domain) if domain.index_of(text).is_some() => {
            return Some(OutputCell::Literal(CellValue::Word(text.to_owned())));
        }
        DataType::Date if text.starts_with(|first: char| first.is_ascii_digit()) => {
            return match figures::date(text) {
                Ok(date) => Some(OutputCell::Literal(CellValue::Date(date))),
                Err(complaint) => {
                    sink.error_with(complaint.code, found.span(), complaint.message, complaint.help);
                    None
                }
            };
        }
        DataType::List(element) => {
            let node = json::read_cell(found, sink)?;
            return Some(OutputCell::Expression(literal(&node, &element.data_type, found)));
        }
        _ => {}
    }
    match parse_literal(&found.text) {
        Ok(value) => {
            if let CellValue::Text(text) | CellValue::Word(text) = &value {
                warn_of_oddity(text, found.span(), sink);
            }
            Some(OutputCell::Literal(value))
        }
        Err(error) => {
            report(error, found, sink);
            None
        }
    }
}

/// A strict Rhai expression between backticks; `rest` is the cell behind the first.
fn expression(found: &Cell, rest: &str, parser: &dyn ScriptParser, sink: &mut Sink) -> Option<Expr> {
    let Some(inner) = rest.strip_suffix('`').filter(|inner| !inner.contains('`') && !inner.trim().is_empty()) else {
        let help = "an expression begins and ends with a backtick and holds none: `` `f.need * 0.5` ``";
        sink.error_with(CELL_SYNTAX, found.span(), "this is no expression between backticks", help);
        return None;
    };
    let (line, column) = found.place(1);
    let origin = Span::at(found.span().file, line, column);
    let before = sink.list().len();
    let mut expression = parser.parse_expression(origin, inner, sink.list());
    if found.is_quoted() && inner.contains('"') {
        respan(found, inner, origin, expression.as_mut(), sink.list().get_mut(before..).unwrap_or_default());
    }
    expression
}

/// A JSON value as the expression that yields it.
fn literal(node: &json::Node, element: &DataType, found: &Cell) -> Expr {
    let span = found.part(node.range.clone());
    let kind = match &node.kind {
        json::Kind::Null => ExprKind::Unit,
        json::Kind::Boolean(value) => ExprKind::Boolean(*value),
        json::Kind::Number(text) => number(text),
        json::Kind::Text(text) if *element == DataType::Date => ExprKind::Call {
            name: Ident { name: "date".to_owned(), span },
            arguments: vec![Expr { kind: ExprKind::Text(text.clone()), span }],
            method: false,
        },
        json::Kind::Text(text) => match (element, figures::number(text)) {
            (DataType::Decimal { .. }, Ok(number)) => ExprKind::Decimal(number),
            _ => ExprKind::Text(text.clone()),
        },
        json::Kind::Array(elements) => {
            ExprKind::Array(elements.iter().map(|node| literal(node, element, found)).collect())
        }
        json::Kind::Object(entries) => {
            let field = |entry: &json::Entry| {
                let name = Ident { name: entry.key.clone(), span: found.part(entry.range.clone()) };
                (name, literal(&entry.value, element, found))
            };
            ExprKind::Map(entries.iter().map(field).collect())
        }
    };
    Expr { kind, span }
}

/// A JSON number as a literal; one that neither type holds stays a text, which no number type takes.
fn number(text: &str) -> ExprKind {
    match (text.parse::<i64>(), figures::number(text)) {
        (Ok(integer), _) => ExprKind::Integer(integer),
        (_, Ok(number)) => ExprKind::Decimal(number),
        _ => ExprKind::Text(text.to_owned()),
    }
}

/// A grid: the first column holds the tests of the rows, the header those of the columns.
fn matrix(
    settings: &TableSettings,
    sheet: &Sheet,
    table: &mut DecisionTable,
    parser: &dyn ScriptParser,
    sink: &mut Sink,
) -> Option<()> {
    let ([row_name, column_name], [output]) = (settings.inputs.as_slice(), settings.outputs.as_slice()) else {
        return None;
    };
    let (corner, heads) = sheet.header.split_first()?;
    if corner.text != *row_name {
        let help = format!("the first cell names the input of the rows: `{row_name}`");
        sink.error_with(CSV_HEADER, corner.span(), format!("`{}` is not the input of the rows", corner.text), help);
    }
    if heads.is_empty() {
        sink.error_with(CSV_HEADER, corner.span(), "a matrix without columns", "the header holds a test per column");
    }
    let column_span = heads.first().map_or(corner.span(), Cell::span);
    table.inputs = vec![
        InputClause { name: row_name.clone(), span: corner.span() },
        InputClause { name: column_name.clone(), span: column_span },
    ];
    let heads: Vec<Option<InputEntry>> = heads.iter().map(|head| input(head, sink)).collect();
    for (number, cells) in sheet.rows.iter().enumerate() {
        let Some((first, cells)) = cells.split_first() else { continue };
        let row_entry = input(first, sink);
        for (index, (head, found)) in heads.iter().zip(cells).enumerate() {
            let entry = output_entry(found, output, parser, sink);
            let (Some(row_entry), Some(head), Some(entry)) = (&row_entry, head, entry) else {
                table.complete = false;
                continue;
            };
            table.rows.push(TableRow {
                id: format!("r{}c{}", number.saturating_add(1), index.saturating_add(1)),
                inputs: vec![row_entry.clone(), head.clone()],
                outputs: vec![entry],
                reason: None,
                valid_from: None,
                valid_until: None,
                span: found.span(),
            });
        }
    }
    Some(())
}
