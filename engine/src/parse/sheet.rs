//! A CSV artefact in memory: header and rows, each cell with its place.

use std::ops::Range;

use super::csv::{Reader, Record, header_problems};
use super::sink::{Sink, suggestion};
use super::text::count;
use crate::diagnostic::codes::{CSV_HEADER, CSV_SPREADSHEET, CSV_UNKNOWN_COLUMN};
use crate::diagnostic::{FileId, Span};

/// One cell.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Its text, without the quotes of CSV.
    pub(super) text: String,
    /// As it stands in the file, if that differs.
    raw: Option<String>,
    file: FileId,
    line: u32,
    column: u32,
}

impl Cell {
    fn of(record: &Record<'_>, index: usize, file: FileId) -> Self {
        let text = record.get(index).unwrap_or_default().to_owned();
        let raw = record.raw(index).filter(|_| record.is_quoted(index)).map(str::to_owned);
        let (line, column) = record.position(index);
        Self { text, raw, file, line, column }
    }

    /// The whole cell.
    pub(super) fn span(&self) -> Span {
        let (end_line, end_column) = advance(self.raw.as_deref().unwrap_or(&self.text), self.line, self.column);
        Span { file: self.file, line: self.line, column: self.column, end_line, end_column }
    }

    /// A range of bytes of the cell's text, where it stands in the file.
    pub(super) fn part(&self, range: Range<usize>) -> Span {
        let (line, column) = self.place(range.start);
        let (end_line, end_column) = self.place(range.end.max(range.start));
        Span { file: self.file, line, column, end_line, end_column }
    }

    /// Where a byte of the cell's text stands in the file.
    pub(super) fn place(&self, offset: usize) -> (u32, u32) {
        let head: String = self.text.char_indices().take_while(|(at, _)| *at < offset).map(|(_, c)| c).collect();
        match self.raw {
            None => advance(&head, self.line, self.column),
            Some(_) => {
                let doubled = head.replace('"', "\"\"");
                advance(&doubled, self.line, self.column.saturating_add(1))
            }
        }
    }

    /// Whether places within the cell differ from those of its text counted from its beginning.
    pub(super) const fn is_quoted(&self) -> bool {
        self.raw.is_some()
    }
}

/// Line and column behind `text`, which begins at `line` and `column`.
fn advance(text: &str, line: u32, column: u32) -> (u32, u32) {
    match text.rsplit_once('\n') {
        None => (line, column.saturating_add(count(text.chars().count()))),
        Some((head, tail)) => {
            let lines = memchr::memchr_iter(b'\n', head.as_bytes()).count().saturating_add(1);
            (line.saturating_add(count(lines)), count(tail.chars().count()).saturating_add(1))
        }
    }
}

/// A CSV artefact.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) file: FileId,
    pub(super) header: Vec<Cell>,
    /// Rows with the right number of cells.
    pub(super) rows: Vec<Vec<Cell>>,
    /// Whether these are all the rows.
    pub(super) complete: bool,
}

/// A column that an artefact knows.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) required: bool,
}

impl Column {
    pub(super) fn required(name: impl Into<String>) -> Self {
        Self { name: name.into(), required: true }
    }

    pub(super) fn optional(name: impl Into<String>) -> Self {
        Self { name: name.into(), required: false }
    }
}

impl Sheet {
    /// Reads a file; every problem is reported, rows that have one are left out. `None` without a sound header.
    pub(super) fn read(file: FileId, text: &str, sink: &mut Sink) -> Option<Self> {
        let mut reader = Reader::new();
        reader.feed(text.as_bytes());
        reader.finish();
        let header = match reader.next_record() {
            Some(Ok(record)) => {
                let problems = header_problems(&record);
                let sound = problems.is_empty();
                problems.into_iter().for_each(|problem| sink.push(problem.diagnostic(file)));
                let cells = (0..record.len()).map(|index| Cell::of(&record, index, file)).collect();
                sound.then_some(cells)?
            }
            Some(Err(problem)) => {
                sink.push(problem.diagnostic(file));
                return None;
            }
            None => {
                sink.error_with(
                    CSV_HEADER,
                    Span::at(file, 1, 1),
                    "the file is empty",
                    "the first line names the columns",
                );
                return None;
            }
        };
        let mut sheet = Self { file, header, rows: Vec::new(), complete: true };
        while !sink.is_full(file) {
            match reader.next_record() {
                None => break,
                Some(Err(problem)) => {
                    sheet.complete = false;
                    sink.push(problem.diagnostic(file));
                }
                Some(Ok(record)) if record.len() > 1 && record.iter().all(str::is_empty) => {
                    let (line, column) = record.position(0);
                    let help = "spreadsheets leave such lines where rows were cleared: delete the row, not its cells";
                    sink.error_with(CSV_SPREADSHEET, Span::at(file, line, column), "a row without any value", help);
                }
                Some(Ok(record)) => {
                    sheet.rows.push((0..record.len()).map(|index| Cell::of(&record, index, file)).collect());
                }
            }
        }
        Some(sheet)
    }

    /// Where each known column stands; unknown columns and missing ones are reported. `None` if a required one is missing.
    pub(super) fn columns(&self, known: &[Column], sink: &mut Sink) -> Option<Vec<Option<usize>>> {
        for cell in &self.header {
            if known.iter().any(|column| column.name == cell.text) {
                continue;
            }
            let arrow = format!("->{}", cell.text.trim());
            let help = match known.iter().find(|column| column.name == arrow) {
                Some(_) => format!("an output column's header begins with an arrow: `{arrow}`"),
                None => suggestion(cell.text.trim(), known.iter().map(|column| column.name.as_str())),
            };
            sink.error_with(CSV_UNKNOWN_COLUMN, cell.span(), format!("unknown column `{}`", cell.text), help);
        }
        let place = |column: &Column| self.header.iter().position(|cell| cell.text == column.name);
        let places: Vec<Option<usize>> = known.iter().map(place).collect();
        let mut complete = true;
        for (column, place) in known.iter().zip(&places) {
            if column.required && place.is_none() {
                let help = format!("add the column `{}` to the first line", column.name);
                let message = format!("the column `{}` is missing", column.name);
                sink.error_with(CSV_HEADER, Span::at(self.file, 1, 1), message, help);
                complete = false;
            }
        }
        complete.then_some(places)
    }
}

/// The cell of a row in a column that may be absent.
pub(super) fn cell(row: &[Cell], place: Option<usize>) -> Option<&Cell> {
    place.and_then(|index| row.get(index)).filter(|cell| !cell.text.is_empty())
}

/// A row, from its first cell to the end of its last.
pub(super) fn row_span(row: &[Cell]) -> Span {
    match (row.first(), row.last()) {
        (Some(first), Some(last)) => {
            let (start, end) = (first.span(), last.span());
            Span { end_line: end.end_line, end_column: end.end_column, ..start }
        }
        _ => Span::default(),
    }
}
