//! A stretch of a portfolio on its way to a worker: rows copied out of the reader's buffer, so that reading goes on.

use trutina_engine::diagnostic::Code;
use trutina_engine::parse::csv;

/// Most rows of a chunk.
const ROWS_MAX: usize = 2048;

/// Bytes after which a chunk is full.
const BYTES_MAX: usize = 1 << 20;

/// Rows in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Its place in the order of chunks, from 0.
    pub sequence: u64,
    /// The number of its first row, from 1.
    pub first_row: u64,
    /// The text of all cells.
    text: String,
    /// All lines; they may be no text.
    lines: Vec<u8>,
    /// Where cells begin and end in the text.
    cells: Vec<(u32, u32)>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug)]
pub enum Row {
    /// Cells of a CSV row, from this index on.
    Cells(usize),
    /// A line of NDJSON: where it begins and ends.
    Line(usize, usize),
    /// What is wrong with it.
    Problem(Code, String),
}

impl Chunk {
    /// Makes it an empty chunk that begins with this row.
    pub fn restart(&mut self, sequence: u64, first_row: u64) {
        (self.sequence, self.first_row) = (sequence, first_row);
        self.text.clear();
        self.lines.clear();
        self.cells.clear();
        self.rows.clear();
    }

    /// Whether it is time for the next one.
    pub const fn is_full(&self) -> bool {
        self.rows.len() >= ROWS_MAX || self.text.len() >= BYTES_MAX || self.lines.len() >= BYTES_MAX
    }

    /// Adds a row of cells.
    pub fn push_record(&mut self, record: &csv::Record<'_>) {
        self.rows.push(Row::Cells(self.cells.len()));
        let base = self.text.len();
        let place = |start, end| (offset(start), offset(end));
        if let Some(places) = record.places() {
            self.text.push_str(record.text());
            let moved = |at: usize| base.saturating_add(at);
            self.cells.extend(places.map(|(start, end)| place(moved(start), moved(end))));
            return;
        }
        for cell in record.iter() {
            let start = self.text.len();
            self.text.push_str(cell);
            self.cells.push(place(start, self.text.len()));
        }
    }

    /// Adds a line.
    pub fn push_line(&mut self, line: &[u8]) {
        let start = self.lines.len();
        self.lines.extend_from_slice(line);
        self.rows.push(Row::Line(start, self.lines.len()));
    }

    /// Adds a row that cannot be read.
    pub fn push_problem(&mut self, code: Code, message: String) {
        self.rows.push(Row::Problem(code, message));
    }

    /// The text of a column of a row whose cells begin at `first`.
    #[inline]
    pub fn cell(&self, first: usize, column: usize) -> &str {
        let place = self.cells.get(first.saturating_add(column));
        place.and_then(|(start, end)| self.text.get(index(*start)..index(*end))).unwrap_or("")
    }

    /// A line.
    pub fn line(&self, start: usize, end: usize) -> &[u8] {
        self.lines.get(start..end).unwrap_or_default()
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
