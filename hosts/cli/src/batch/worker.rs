//! A chunk of rows in, a chunk of decisions out. Nothing here depends on threads or on how rows fall into chunks.

use std::borrow::Cow;

use trutina_engine::decision::outcome::Outcome;
use trutina_engine::decision::{Decision, DecisionError, Place};
use trutina_engine::diagnostic::Code;
use trutina_engine::engine::Decider;
use trutina_engine::program::Program;
use trutina_engine::program::pool::Memory;
use trutina_engine::ruleset::OnError;
use trutina_engine::schema::{DataType, Output};
use trutina_engine::value::date::Date;
use trutina_engine::value::decimal::write_canonical;
use trutina_engine::value::slot::Slot;
use trutina_engine::wire::canonical::{array, quoted, write_decision_with_id, write_integer, write_string};
use trutina_engine::wire::input::{FACTS_LIMITS, FactsReader, RowReader};
use trutina_engine::wire::json::{self, Json};

use super::chunk::{Chunk, Row};
use super::columns::Columns;
use super::summary::Tally;

/// How rows are read.
#[derive(Clone, Debug)]
pub enum Reading<'p> {
    /// Cells.
    Csv(RowReader<'p>),
    /// JSON objects.
    Ndjson(FactsReader<'p>),
}

/// How decisions are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writing {
    /// One row each.
    Csv,
    /// One decision record each.
    Ndjson,
}

/// What all workers share.
#[derive(Clone, Debug)]
pub struct Plan<'p> {
    /// What decides.
    pub program: &'p Program,
    /// For which day.
    pub as_of: Date,
    /// How rows are read.
    pub reading: Reading<'p>,
    /// How decisions are written.
    pub writing: Writing,
    /// Which columns the output takes from a CSV input.
    pub columns: Columns,
    /// The field that names a customer, of an NDJSON input.
    pub id: Option<String>,
    /// The fields to copy, of an NDJSON input.
    pub keep: Vec<String>,
    /// Per output and enum value: the text as a CSV cell.
    pub cells: Vec<Vec<Vec<u8>>>,
    /// No reason code needs quotes in a cell.
    pub plain_reasons: bool,
}

/// A worker's own memory.
pub struct Worker<'p> {
    plan: &'p Plan<'p>,
    decider: Decider<'p>,
}

/// What became of a chunk.
#[derive(Debug, Default)]
pub struct Done {
    /// Its place in the order of chunks.
    pub sequence: u64,
    /// Bytes for the output.
    pub bytes: Vec<u8>,
    /// What the summary counts.
    pub tally: Tally,
}

impl<'p> Worker<'p> {
    /// A worker.
    pub fn new(plan: &'p Plan<'p>) -> Self {
        Self { plan, decider: Decider::new(plan.program) }
    }

    /// Decides all rows of a chunk.
    pub fn decide(&mut self, chunk: &Chunk) -> Done {
        let mut done =
            Done { sequence: chunk.sequence, bytes: Vec::with_capacity(1 << 16), tally: Tally::new(self.plan.program) };
        for (number, row) in (chunk.first_row..).zip(&chunk.rows) {
            self.row(chunk, number, row, &mut done);
        }
        done
    }

    fn row(&mut self, chunk: &Chunk, number: u64, row: &Row, done: &mut Done) {
        let plan = self.plan;
        match (row, &plan.reading) {
            (Row::Cells(first), Reading::Csv(reader)) => {
                let cell = |column: usize| chunk.cell(*first, column);
                let read = self.decider.evaluate_cells(reader, cell, plan.as_of);
                let named = Named {
                    id: plan.columns.id.map(cell),
                    kept: &|index| {
                        Cow::Borrowed(plan.columns.keep.get(index).map_or("", |column| chunk.cell(*first, *column)))
                    },
                };
                self.write(number, &named, read, done);
            }
            (Row::Line(start, end), Reading::Ndjson(reader)) => {
                self.line(chunk.line(*start, *end), reader, number, done)
            }
            (Row::Problem(code, message), _) => {
                let error = DecisionError { code: *code, message: message.clone(), at: Place::Unknown };
                let named = Named { id: None, kept: &|_| Cow::Borrowed("") };
                self.write(number, &named, Err(error), done);
            }
            _ => {} // a source yields rows of its own kind only
        }
    }

    fn line(&mut self, line: &[u8], reader: &FactsReader<'p>, number: u64, done: &mut Done) {
        let named_fields = self.plan.id.is_some() || !self.plan.keep.is_empty();
        let document = if named_fields { json::read(line, FACTS_LIMITS).ok() } else { None };
        let value = document.as_ref().map(|document| &document.value);
        let text = |key: &str| value.and_then(|value| value.get(key)).map(plain).unwrap_or_default();
        let read = self.decider.evaluate_json(reader, line, self.plan.as_of);
        let id = self.plan.id.as_ref().map(|key| text(key));
        let keep = &self.plan.keep;
        let kept = |index: usize| Cow::Owned(keep.get(index).map(|key| text(key)).unwrap_or_default());
        let named = Named { id: id.as_deref(), kept: &kept };
        self.write(number, &named, read, done);
    }

    fn write(&mut self, number: u64, named: &Named<'_>, read: Result<(), DecisionError>, done: &mut Done) {
        let failure = match &read {
            Ok(()) => self.decider.outcome().error.as_ref().map(|failure| failure.code),
            Err(error) => Some(error.code),
        };
        let outcome = read.is_ok().then(|| self.decider.outcome());
        done.tally.count(outcome, failure);
        let fresh = failure.is_some_and(|code| done.tally.is_new(code));
        let worded = (fresh || self.plan.writing == Writing::Ndjson).then(|| self.word(&read));
        if let (true, Some(error)) = (fresh, worded.as_ref().and_then(|decision| decision.error.as_ref())) {
            done.tally.remember(error, number);
        }
        let id = named.id.map_or_else(|| Cow::Owned(number.to_string()), Cow::Borrowed);
        match (self.plan.writing, worded) {
            (Writing::Ndjson, Some(decision)) => {
                write_decision_with_id(&decision, &id, &mut done.bytes);
                done.bytes.push(b'\n');
            }
            _ => self.write_csv(&id, named, read.is_ok(), failure, &mut done.bytes),
        }
    }

    fn word(&mut self, read: &Result<(), DecisionError>) -> Decision {
        match read {
            Ok(()) => self.decider.word(self.plan.as_of),
            Err(error) => self.decider.refuse(error.clone(), self.plan.as_of),
        }
    }

    fn write_csv(&self, id: &str, named: &Named<'_>, evaluated: bool, error: Option<Code>, out: &mut Vec<u8>) {
        let plan = self.plan;
        write_cell(out, id);
        for index in 0..plan.columns.keep.len().max(plan.keep.len()) {
            out.push(b',');
            write_cell(out, &(named.kept)(index));
        }
        let outcome = self.decider.outcome();
        let memory = self.decider.memory();
        let decided = evaluated && error.is_none();
        let refers = |code: Code| plan.program.on_error == OnError::Refer && (3000..5000).contains(&code.number());
        let referred = error.is_some_and(refers);
        for (index, output) in plan.program.outputs.iter().enumerate() {
            out.push(b',');
            let slot = if decided { outcome.outputs.get(index).copied().unwrap_or_default() } else { Slot::Missing };
            match plan.cells.get(index) {
                _ if referred && output.name == "outcome" => out.extend_from_slice(b"refer"),
                cells => write_output(out, output, slot, cells.map_or(&[], Vec::as_slice), &memory),
            }
        }
        out.push(b',');
        if decided {
            write_reasons(out, plan, outcome);
        }
        out.push(b',');
        if let Some(code) = error {
            out.extend_from_slice(code.to_string().as_bytes());
        }
        out.push(b'\n');
    }
}

/// What the output takes from a row of the input.
struct Named<'a> {
    id: Option<&'a str>,
    kept: &'a dyn Fn(usize) -> Cow<'a, str>,
}

/// A JSON value as the text of a cell.
fn plain(value: &Json<'_>) -> String {
    match value {
        Json::Null => String::new(),
        Json::Boolean(true) => "true".to_owned(),
        Json::Boolean(false) => "false".to_owned(),
        Json::Number(text) => (*text).to_owned(),
        Json::Text(text) => text.to_string(),
        other => {
            let mut bytes = Vec::new();
            write_json(&mut bytes, other);
            String::from_utf8_lossy(&bytes).into_owned()
        }
    }
}

fn write_json(out: &mut Vec<u8>, value: &Json<'_>) {
    match value {
        Json::Array(items) => array(out, items, write_json),
        Json::Object(entries) => {
            out.push(b'{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write_string(out, key);
                out.push(b':');
                write_json(out, value);
            }
            out.push(b'}');
        }
        Json::Null => out.extend_from_slice(b"null"),
        Json::Text(text) => write_string(out, text),
        other => out.extend_from_slice(plain(other).as_bytes()),
    }
}

fn write_reasons(out: &mut Vec<u8>, plan: &Plan<'_>, outcome: &Outcome) {
    let known = &plan.program.reasons;
    let reasons = outcome.reasons.iter().filter_map(|one| known.get(usize::try_from(one.code).ok()?));
    let codes = reasons.map(|reason| reason.code.as_str());
    if !plan.plain_reasons {
        return write_cell(out, &codes.collect::<Vec<_>>().join("|"));
    }
    for (index, code) in codes.enumerate() {
        if index > 0 {
            out.push(b'|');
        }
        out.extend_from_slice(code.as_bytes());
    }
}

fn write_output(out: &mut Vec<u8>, output: &Output, slot: Slot, cells: &[Vec<u8>], memory: &Memory<'_>) {
    match (slot, &output.data_type) {
        (Slot::Boolean(value), _) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        (Slot::Integer(value), _) => write_integer(out, value),
        (Slot::Decimal(value), DataType::Decimal { scale }) => write_canonical(out, value, u32::from(*scale)),
        (Slot::Enum(index), _) => out.extend_from_slice(cells.get(usize::from(index)).map_or(&[], Vec::as_slice)),
        (Slot::Date(date), _) => date.write_iso(out),
        (Slot::Text(_), _) => write_cell(out, memory.text(slot).unwrap_or("")),
        (Slot::List(_), DataType::List(element)) => {
            let mut text = Vec::new();
            let elements = memory.elements(slot).unwrap_or(&[]);
            array(&mut text, elements, |out, slot| write_element(out, &element.data_type, *slot, memory));
            write_cell(out, &String::from_utf8_lossy(&text));
        }
        _ => {} // missing
    }
}

/// An element of a list, as JSON.
fn write_element(out: &mut Vec<u8>, data_type: &DataType, slot: Slot, memory: &Memory<'_>) {
    match (slot, data_type) {
        (Slot::Boolean(value), _) => out.extend_from_slice(if value { b"true" } else { b"false" }),
        (Slot::Integer(value), _) => write_integer(out, value),
        (Slot::Decimal(value), DataType::Decimal { scale }) => {
            quoted(out, |out| write_canonical(out, value, u32::from(*scale)))
        }
        (Slot::Enum(index), DataType::Enum(domain)) => write_string(out, domain.text(index).unwrap_or("")),
        (Slot::Date(date), _) => quoted(out, |out| date.write_iso(out)),
        (Slot::Text(_), _) => write_string(out, memory.text(slot).unwrap_or("")),
        _ => out.extend_from_slice(b"null"),
    }
}

/// A cell of a CSV file, in quotes where it needs them.
pub fn write_cell(out: &mut Vec<u8>, text: &str) {
    if !needs_quotes(text) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Whether a text stands in quotes as a cell.
pub fn needs_quotes(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'"' | b',' | b'\n' | b'\r'))
}
