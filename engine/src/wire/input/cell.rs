//! Facts from the cells of a text file.

use super::fault::Fault;
use super::scalar::{self, Written};
use super::{FACTS_LIMITS, duplicate, structure};
use crate::decision::DecisionError;
use crate::diagnostic::codes::INPUT_TYPE;
use crate::record::Record;
use crate::schema::{DataType, Fact, ValueSpec};
use crate::value::decimal::parse_plain_integer;
use crate::value::slot::Slot;
use crate::wire::json;

/// Reads rows of text cells as facts; prepared once per header. Scalar facts cost no allocation.
///
/// An empty cell is missing, whatever the type. Numbers are written as in JSON but without exponent (which is what a
/// spreadsheet leaves of a long number), booleans are `true` and `false`; lists and series are JSON.
#[derive(Clone, Debug)]
pub struct RowReader<'p> {
    facts: &'p [Fact],
    /// Per fact, in declared order: its column.
    columns: Vec<Option<usize>>,
}

impl<'p> RowReader<'p> {
    /// A reader for rows under this header. Columns that are no facts are passed over; the host judges them.
    #[must_use]
    pub fn new<'h>(facts: &'p [Fact], header: impl Iterator<Item = &'h str> + Clone) -> Self {
        let columns = facts.iter().map(|fact| header.clone().position(|name| name == fact.input_key())).collect();
        Self { facts, columns }
    }

    /// Facts without a column, in declared order.
    pub fn absent(&self) -> impl Iterator<Item = &'p Fact> {
        self.facts.iter().zip(&self.columns).filter(|(_, column)| column.is_none()).map(|(fact, _)| fact)
    }

    /// Reads one row; `cell(column)` is the text of a cell. After an error the record is empty.
    ///
    /// Errors: as for JSON; the pointer begins with the column's name.
    #[inline]
    pub fn read<'c>(&self, cell: impl Fn(usize) -> &'c str, record: &mut Record) -> Result<(), DecisionError> {
        record.clear();
        for (fact, column) in self.facts.iter().zip(&self.columns) {
            let text = column.map_or("", &cell);
            if push_plain(&fact.spec, text, record) {
                continue;
            }
            match read_cell(fact, text, record) {
                Ok(slot) => record.slots.push(slot),
                Err(error) => {
                    record.clear();
                    return Err(*error);
                }
            }
        }
        Ok(())
    }
}

/// Reads what most cells are, a value of an enum or a short integer within its bounds, straight into its place: on its
/// way through a result a slot is written in pieces and read as a whole, which the processor waits for. `false` leaves
/// the cell, which may be sound, to [`read_cell`].
#[inline]
fn push_plain(spec: &ValueSpec, text: &str, record: &mut Record) -> bool {
    match &spec.data_type {
        _ if text.is_empty() || !spec.special.is_empty() => return false,
        DataType::Enum(domain) => match domain.index_of(text) {
            Some(index) => record.slots.push(Slot::Enum(index)),
            None => return false,
        },
        DataType::Integer => match parse_plain_integer(text.as_bytes()) {
            Some(number) if scalar::is_within(spec, Slot::Integer(number)) => record.slots.push(Slot::Integer(number)),
            _ => return false,
        },
        _ => return false,
    }
    true
}

#[inline]
fn read_cell(fact: &Fact, text: &str, record: &mut Record) -> Result<Slot, Box<DecisionError>> {
    let wrap = |fault: Box<Fault>| Box::new(fault.within(fact.input_key()).into_error());
    if text.is_empty() {
        return if fact.spec.optional { Ok(Slot::Missing) } else { Err(wrap(Fault::missing())) };
    }
    match fact.spec.data_type {
        DataType::List(_) | DataType::Record(_) | DataType::Series { .. } => read_json(fact, text, record),
        _ => scalar::read(&fact.spec, Written::Cell(text), fact.sensitive, record).map_err(wrap),
    }
}

fn read_json(fact: &Fact, text: &str, record: &mut Record) -> Result<Slot, Box<DecisionError>> {
    let wrap = |fault: Box<Fault>| Box::new(fault.within(fact.input_key()).into_error());
    let document = json::read(text.as_bytes(), FACTS_LIMITS).map_err(|error| {
        let message = format!("{} is expected here as JSON: {}", scalar::expected(&fact.spec.data_type), error.message);
        let code = if error.line == 0 { error.code } else { INPUT_TYPE };
        wrap(Fault::new(code, message))
    })?;
    if let Some(inner) = document.duplicate {
        let mut pointer = String::new();
        json::push_pointer(&mut pointer, fact.input_key());
        pointer.push_str(&inner);
        return Err(Box::new(duplicate(pointer)));
    }
    structure::datum(&fact.spec, Some(&document.value), fact.sensitive, record).map_err(wrap)
}
