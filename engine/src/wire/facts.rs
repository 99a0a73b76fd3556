//! Facts as canonical bytes, and their digest.

use sha2::{Digest, Sha256};

use crate::record::Record;
use crate::schema::{DataType, Fact, ValueSpec};
use crate::value::slot::{Slot, Stretch, TextRef};

use super::canonical::{array, boolean, field, null, object, quoted, write_integer, write_string};
use crate::value::decimal::write_plain;

/// Appends the facts as they were read: one JSON object, every fact under its name in declared order.
///
/// A missing fact is `null`, a special code `{"special":"name"}`, an integer a number, a decimal text with exactly the
/// fact's digits, an enum's value and a date text, a series an array of `{"date","value"}` by date. However the input
/// wrote a fact (`0.1`, `"0.10"`, `1e-1`, under its source or in a cell), it is written here in one way.
pub fn write_facts(facts: &[Fact], record: &Record, out: &mut Vec<u8>) {
    object(out, |out| {
        for (fact, slot) in facts.iter().zip(&record.slots) {
            field(out, &fact.name, |out| write_slot(&fact.spec, *slot, record, out));
        }
    });
}

/// `sha256:` and the SHA-256 of [`write_facts`] in hexadecimal: a replay that saw the same facts has the same digest.
#[must_use]
pub fn facts_digest(facts: &[Fact], record: &Record) -> String {
    let mut bytes = Vec::with_capacity(512);
    write_facts(facts, record, &mut bytes);
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(&bytes) {
        for half in [byte >> 4, byte & 0x0f] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
    text
}

fn write_slot(spec: &ValueSpec, slot: Slot, record: &Record, out: &mut Vec<u8>) {
    match slot {
        Slot::Missing => null(out),
        Slot::Special(index) => {
            let name = spec.special.get(usize::from(index)).map_or("", |code| code.name.as_str());
            object(out, |out| field(out, "special", |out| write_string(out, name)));
        }
        Slot::Boolean(value) => boolean(out, value),
        Slot::Integer(value) => write_integer(out, value),
        Slot::Decimal(value) => quoted(out, |out| write_plain(out, value)),
        Slot::Enum(index) => match &spec.data_type {
            DataType::Enum(domain) => write_string(out, domain.text(index).unwrap_or("")),
            _ => null(out),
        },
        Slot::Date(date) => quoted(out, |out| date.write_iso(out)),
        Slot::Text(TextRef::Record(at)) => write_string(out, record.text(at)),
        Slot::Text(TextRef::Program(_)) => null(out), // facts are never texts of the program
        Slot::List(at) => match &spec.data_type {
            DataType::List(element) => {
                array(out, record.elements(at), |out, slot| write_slot(element, *slot, record, out));
            }
            _ => null(out),
        },
        Slot::Record(at) => match &spec.data_type {
            DataType::Record(fields) => object(out, |out| {
                for (one, slot) in fields.iter().zip(record.elements(at)) {
                    field(out, &one.name, |out| write_slot(&one.spec, *slot, record, out));
                }
            }),
            _ => null(out),
        },
        Slot::Series(at) => match &spec.data_type {
            DataType::Series { value, .. } => write_series(value, at, record, out),
            _ => null(out),
        },
    }
}

fn write_series(value: &ValueSpec, at: Stretch, record: &Record, out: &mut Vec<u8>) {
    let all = record.elements(Stretch { start: at.start, len: at.len.saturating_mul(2) });
    let (dates, values) = all.split_at(all.len() / 2);
    let pairs: Vec<(Slot, Slot)> = dates.iter().copied().zip(values.iter().copied()).collect();
    let date = ValueSpec::of(DataType::Date);
    array(out, &pairs, |out, (day, slot)| {
        object(out, |out| {
            field(out, "date", |out| write_slot(&date, *day, record, out));
            field(out, "value", |out| write_slot(value, *slot, record, out));
        });
    });
}
