//! CSV after RFC 4180, strictly, in chunks: fields are borrowed, every field knows its place, every fault is reported.
//!
//! Ordinary CSV readers are lenient: an unclosed quote swallows the rows behind it, a blank line vanishes. Here both are
//! problems, and reading goes on at the next line. Hosts read portfolios with it, `parse` reads artefacts.
//!
//! ```
//! use trutina_engine::parse::csv::Reader;
//! let mut reader = Reader::new();
//! reader.feed(b"name,amount\n\"Li, Na\",1");
//! reader.feed(b"00\n");
//! reader.finish();
//! let header = reader.next_record().unwrap().unwrap();
//! assert_eq!(header.iter().collect::<Vec<_>>(), ["name", "amount"]);
//! let row = reader.next_record().unwrap().unwrap();
//! assert_eq!(row.get(0), Some("Li, Na"));
//! assert_eq!(row.get(1), Some("100"));
//! assert_eq!(row.position(1), (2, 10));
//! assert!(reader.next_record().is_none());
//! ```

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr3};

use super::limits::RECORD_BYTES_MAX;
use super::text::{Lines, count, explain_encoding};
use crate::diagnostic::codes::{
    CSV_BLANK_LINE, CSV_FIELD_COUNT, CSV_HEADER, CSV_LINE_END, CSV_QUOTING, CSV_SPREADSHEET, LINE_TOO_LONG, NOT_UTF8,
};
use crate::diagnostic::{Code, Diagnostic, FileId, Span};
use crate::value::ordered::Set;

/// What is wrong with a record; the record is skipped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// T1002, T1201 to T1204, T1206, T1210 or T5006.
    pub code: Code,
    /// From 1.
    pub line: u32,
    /// From 1, in Unicode scalars.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<&'static str>,
}

impl Problem {
    /// As a diagnostic of `file`.
    #[must_use]
    pub fn diagnostic(self, file: FileId) -> Diagnostic {
        let found = Diagnostic::new(self.code, Span::at(file, self.line, self.column), self.message);
        match self.help {
            Some(help) => found.with_help(help),
            None => found,
        }
    }
}

/// One field of a record.
#[derive(Clone, Debug)]
struct Field {
    /// Where it begins and ends in the raw record, quotes included.
    raw: Range<usize>,
    /// Its text: in the unescaped text if `escaped`, else in the raw record.
    text: Range<usize>,
    quoted: bool,
    escaped: bool,
}

/// A record that borrows from its reader.
#[derive(Clone, Copy, Debug)]
pub struct Record<'r> {
    raw: &'r str,
    unescaped: &'r str,
    fields: &'r [Field],
    line: u32,
}

impl<'r> Record<'r> {
    /// Number of fields.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a record has at least one field")]
    pub const fn len(&self) -> usize {
        self.fields.len()
    }

    /// The text of a field, without its quotes.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<&'r str> {
        let field = self.fields.get(index)?;
        let source = if field.escaped { self.unescaped } else { self.raw };
        source.get(field.text.clone())
    }

    /// The texts of all fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &'r str> {
        let record = *self;
        (0..self.len()).map(move |index| record.get(index).unwrap_or_default())
    }

    /// The record as it stands in the file, without the end of its line.
    #[must_use]
    pub const fn text(&self) -> &'r str {
        self.raw
    }

    /// Where the text of each field stands in [`Record::text`]; nothing if a field has doubled quotes.
    pub fn places(&self) -> Option<impl Iterator<Item = (usize, usize)>> {
        let places = self.fields.iter().map(|field| (field.text.start, field.text.end));
        self.unescaped.is_empty().then_some(places)
    }

    /// A field as it stands in the file, quotes included.
    #[must_use]
    pub fn raw(&self, index: usize) -> Option<&'r str> {
        self.raw.get(self.fields.get(index)?.raw.clone())
    }

    /// Whether a field stands in quotes.
    #[must_use]
    pub fn is_quoted(&self, index: usize) -> bool {
        self.fields.get(index).is_some_and(|field| field.quoted)
    }

    /// The line the record begins in, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Line and column where a field begins; for an index behind the last field, where the record ends.
    #[must_use]
    pub fn position(&self, index: usize) -> (u32, u32) {
        let start = self.fields.get(index).map_or(self.raw.len(), |field| field.raw.start);
        let (line, column) = Lines::new(self.raw).position(start);
        (self.line.saturating_add(line).saturating_sub(1), column)
    }
}

/// Reads records from chunks of bytes. It does no input of its own: the caller feeds it.
#[derive(Clone, Debug)]
pub struct Reader {
    buffer: Vec<u8>,
    /// Bytes of `buffer` that are done with.
    done: usize,
    /// The line at `done`, from 1.
    line: u32,
    begun: bool,
    finished: bool,
    /// After a problem: drop everything up to the next line feed.
    skipping: bool,
    width: Option<usize>,
    fields: Vec<Field>,
    unescaped: Vec<u8>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// What a look at the bytes found.
enum Scan {
    /// A record: its end, and the end of its line.
    Record(usize, usize),
    /// An empty line, up to there.
    Blank(usize),
    /// It does not end within these bytes; where a quote is open, if one is.
    Incomplete(Option<usize>),
    /// Something is wrong at the first place; reading resumes at the line after the second.
    Bad(usize, usize, &'static str, &'static str),
}

const UNCLOSED: (&str, &str) =
    ("this quote is never closed", "close it, or double it (`\"\"`) within a field that stands in quotes");

impl Reader {
    /// A reader that has seen nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            buffer: Vec::new(),
            done: 0,
            line: 1,
            begun: false,
            finished: false,
            skipping: false,
            width: None,
            fields: Vec::new(),
            unescaped: Vec::new(),
        }
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.done.min(self.buffer.len()));
        self.done = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// Says that there are no more bytes.
    pub const fn finish(&mut self) {
        self.finished = true;
    }

    /// The next record or the problem in its place. `None`: feed more bytes, or, after [`Reader::finish`], the end.
    ///
    /// The first record sets the number of fields of all others (see also [`header_problems`]). After a problem the
    /// next line is tried.
    pub fn next_record(&mut self) -> Option<Result<Record<'_>, Problem>> {
        if !self.begin() || !self.skip() {
            return None;
        }
        // No record is seen beyond its greatest length, whatever the chunks: what is found does not depend on them.
        let end = self.done.saturating_add(RECORD_BYTES_MAX).min(self.buffer.len());
        let last = self.finished && end == self.buffer.len();
        let bytes = self.buffer.get(self.done..end).unwrap_or_default();
        if bytes.is_empty() {
            return None;
        }
        self.fields.clear();
        self.unescaped.clear();
        match scan(bytes, last, &mut self.fields, &mut self.unescaped) {
            Scan::Record(end, next) => Some(self.record(end, next)),
            Scan::Blank(next) => {
                let line = self.line;
                self.advance(next);
                let help = Some("remove the line");
                let message = "a blank line".to_owned();
                Some(Err(Problem { code: CSV_BLANK_LINE, line, column: 1, message, help }))
            }
            Scan::Bad(at, resume, message, help) => Some(Err(self.refuse(CSV_QUOTING, at, resume, message, help))),
            Scan::Incomplete(open) => self.wait(open),
        }
    }

    /// Removes a BOM. `false`: it cannot be seen yet whether there is one.
    fn begin(&mut self) -> bool {
        if !self.begun {
            if self.buffer.len() < 3 && !self.finished {
                return false;
            }
            self.begun = true;
            if self.buffer.starts_with(b"\xEF\xBB\xBF") {
                self.done = 3;
            }
        }
        true
    }

    /// Drops the rest of a line in which there was a problem. `false`: its end has not come yet.
    fn skip(&mut self) -> bool {
        if self.skipping {
            let bytes = self.buffer.get(self.done..).unwrap_or_default();
            match memchr(b'\n', bytes) {
                Some(at) => self.advance(at.saturating_add(1)),
                None => {
                    self.done = self.buffer.len();
                    return false;
                }
            }
            self.skipping = false;
        }
        true
    }

    /// Passes over `length` bytes, counting lines.
    fn advance(&mut self, length: usize) {
        let end = self.done.saturating_add(length).min(self.buffer.len());
        let passed = self.buffer.get(self.done..end).unwrap_or_default();
        self.line = self.line.saturating_add(count(memchr_iter(b'\n', passed).count()));
        self.done = end;
    }

    fn wait(&mut self, open: Option<usize>) -> Option<Result<Record<'_>, Problem>> {
        let waiting = self.buffer.len().saturating_sub(self.done);
        if waiting < RECORD_BYTES_MAX {
            return None;
        }
        let problem = match open {
            Some(at) => self.refuse(CSV_QUOTING, at, at, UNCLOSED.0, UNCLOSED.1),
            None => self.refuse(LINE_TOO_LONG, 0, 0, "this record is longer than one MiB", "split the line"),
        };
        Some(Err(problem))
    }

    /// Reports what is wrong at `at` and goes on at the line after `resume` (both relative to the record).
    fn refuse(&mut self, code: Code, at: usize, resume: usize, message: &str, help: &'static str) -> Problem {
        let bytes = self.buffer.get(self.done..).unwrap_or_default();
        let head = String::from_utf8_lossy(bytes.get(..at).unwrap_or(bytes));
        let (line, column) = Lines::new(&head).position(head.len());
        let line = self.line.saturating_add(line).saturating_sub(1);
        self.advance(resume);
        self.skipping = true;
        Problem { code, line, column, message: message.to_owned(), help: Some(help) }
    }

    /// The record of `end` bytes, once it is seen to be text with the right number of fields.
    fn record(&mut self, end: usize, next: usize) -> Result<Record<'_>, Problem> {
        let (start, line) = (self.done, self.line);
        if self.fields.iter().any(|field| field.quoted) {
            self.advance(next);
        } else {
            self.line = self.line.saturating_add(u32::from(next > end)); // only fields in quotes run over lines
            self.done = self.done.saturating_add(next);
        }
        let raw = self.buffer.get(start..start.saturating_add(end)).unwrap_or_default();
        let (Ok(raw), Ok(unescaped)) = (std::str::from_utf8(raw), std::str::from_utf8(&self.unescaped)) else {
            return Err(not_utf8(raw, line));
        };
        let record = Record { raw, unescaped, fields: &self.fields, line };
        if let Some(problem) = lone_carriage_return(record) {
            return Err(problem);
        }
        let width = *self.width.get_or_insert(record.len());
        if record.len() == width { Ok(record) } else { Err(wrong_width(record, width)) }
    }
}

/// Finds the fields of the first record. `last`: nothing follows these bytes.
fn scan(bytes: &[u8], last: bool, fields: &mut Vec<Field>, unescaped: &mut Vec<u8>) -> Scan {
    match bytes {
        [b'\n', ..] => return Scan::Blank(1),
        [b'\r', b'\n', ..] => return Scan::Blank(2),
        _ => {}
    }
    let mut at = 0;
    loop {
        let found = if bytes.get(at) == Some(&b'"') {
            quoted(bytes, at, last, fields, unescaped)
        } else {
            unquoted(bytes, at, last, fields)
        };
        match found {
            Ok(next) => at = next,
            Err(scan) => return scan,
        }
    }
}

/// Reads a field without quotes that begins at `at`: the start of the next, or the end of it all.
#[inline]
fn unquoted(bytes: &[u8], at: usize, last: bool, fields: &mut Vec<Field>) -> Result<usize, Scan> {
    let rest = bytes.get(at..).unwrap_or_default();
    let found = memchr3(b',', b'\n', b'"', rest).map(|offset| at.saturating_add(offset));
    let stop = found.unwrap_or(bytes.len());
    let mut push = |end: usize| fields.push(Field { raw: at..end, text: at..end, quoted: false, escaped: false });
    match bytes.get(stop) {
        Some(b',') => {
            push(stop);
            Ok(stop.saturating_add(1))
        }
        Some(b'\n') => {
            let end =
                if stop > at && bytes.get(stop.wrapping_sub(1)) == Some(&b'\r') { stop.wrapping_sub(1) } else { stop };
            push(end);
            Err(Scan::Record(end, stop.saturating_add(1)))
        }
        Some(_) => Err(Scan::Bad(
            stop,
            stop,
            "a quote within a field that does not begin with one",
            "put the whole field in quotes and double those within it: `\"a \"\"b\"\"\"`",
        )),
        None if last => {
            push(stop);
            Err(Scan::Record(stop, stop))
        }
        None => Err(Scan::Incomplete(None)),
    }
}

/// Reads a field whose opening quote stands at `open`: the start of the next, or the end of it all.
fn quoted(
    bytes: &[u8],
    open: usize,
    last: bool,
    fields: &mut Vec<Field>,
    unescaped: &mut Vec<u8>,
) -> Result<usize, Scan> {
    let text_start = unescaped.len();
    let mut piece = open.saturating_add(1);
    let mut escaped = false;
    let close = loop {
        let Some(quote) = memchr(b'"', bytes.get(piece..).unwrap_or_default()).map(|at| piece.saturating_add(at))
        else {
            return Err(if last {
                Scan::Bad(open, open, UNCLOSED.0, UNCLOSED.1)
            } else {
                Scan::Incomplete(Some(open))
            });
        };
        match bytes.get(quote.saturating_add(1)) {
            Some(b'"') => {
                unescaped.extend_from_slice(bytes.get(piece..=quote).unwrap_or_default());
                piece = quote.saturating_add(2);
                escaped = true;
            }
            None if !last => return Err(Scan::Incomplete(Some(open))),
            _ => break quote,
        }
    };
    let end = close.saturating_add(1);
    let text = if escaped {
        unescaped.extend_from_slice(bytes.get(piece..close).unwrap_or_default());
        text_start..unescaped.len()
    } else {
        piece..close
    };
    fields.push(Field { raw: open..end, text, quoted: true, escaped });
    match (bytes.get(end), bytes.get(end.saturating_add(1))) {
        (Some(b','), _) => Ok(end.saturating_add(1)),
        (Some(b'\n'), _) => Err(Scan::Record(end, end.saturating_add(1))),
        (Some(b'\r'), Some(b'\n')) => Err(Scan::Record(end, end.saturating_add(2))),
        (None, _) => Err(Scan::Record(end, end)),
        (Some(b'\r'), None) if !last => Err(Scan::Incomplete(None)),
        _ => Err(Scan::Bad(
            end,
            open,
            "something follows the closing quote of this field",
            "double the quotes within a field (`\"\"`), or find the quote that opened too early",
        )),
    }
}

fn not_utf8(raw: &[u8], line: u32) -> Problem {
    let sound = std::str::from_utf8(raw).map_or_else(|error| error.valid_up_to(), str::len);
    let head = String::from_utf8_lossy(raw.get(..sound).unwrap_or_default());
    let (down, column) = Lines::new(&head).position(head.len());
    let (message, help) = explain_encoding(raw);
    let line = line.saturating_add(down).saturating_sub(1);
    Problem { code: NOT_UTF8, line, column, message: message.to_owned(), help: Some(help) }
}

/// A carriage return that ends no line, outside quotes.
fn lone_carriage_return(record: Record<'_>) -> Option<Problem> {
    memchr(b'\r', record.raw.as_bytes())?;
    let index = (0..record.len())
        .find(|index| !record.is_quoted(*index) && record.get(*index).is_some_and(|text| text.contains('\r')))?;
    let (line, column) = record.position(index);
    let message = "a carriage return within a field".to_owned();
    let help = Some("end lines with a line feed, or with carriage return and line feed");
    Some(Problem { code: CSV_LINE_END, line, column, message, help })
}

fn wrong_width(record: Record<'_>, width: usize) -> Problem {
    let fields = record.len();
    if fields > width && record.iter().skip(width).all(str::is_empty) {
        let (line, column) = record.position(width);
        let message = format!("{} empty fields behind the last column", fields.saturating_sub(width));
        let help =
            Some("spreadsheets leave trailing commas where a column was cleared: delete the column, not its cells");
        return Problem { code: CSV_SPREADSHEET, line, column, message, help };
    }
    let (line, column) = record.position(width.min(fields));
    let message = format!("{fields} fields where the header has {width}");
    let help = Some("a field that holds a comma stands in quotes");
    Problem { code: CSV_FIELD_COUNT, line, column, message, help }
}

/// What is wrong with a record as a header: names that are empty or stand twice.
#[must_use]
pub fn header_problems(header: &Record<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = Set::new();
    for (index, name) in header.iter().enumerate() {
        let (line, column) = header.position(index);
        let mut push =
            |code, message: String, help| problems.push(Problem { code, line, column, message, help: Some(help) });
        if !name.trim().is_empty() {
            if !seen.insert(name) {
                push(CSV_HEADER, format!("a second column `{name}`"), "each column needs a name of its own");
            }
        } else if header.iter().skip(index).all(|name| name.trim().is_empty()) && index > 0 {
            push(
                CSV_SPREADSHEET,
                "empty columns at the end of the header".to_owned(),
                "spreadsheets leave trailing commas where a column was cleared: delete the column, not its cells",
            );
            break;
        } else {
            push(CSV_HEADER, "a column without a name".to_owned(), "name it, or delete the column");
        }
    }
    problems
}

#[cfg(test)]
mod tests;
