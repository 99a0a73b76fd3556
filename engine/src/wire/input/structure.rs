//! Facts from JSON values: scalars, lists, records and series.

use std::borrow::Cow;

use super::fault::Fault;
use super::scalar::{self, Written};
use crate::diagnostic::codes::{INPUT_TOO_LARGE, SERIES_DUPLICATE_PERIOD};
use crate::diagnostic::did_you_mean;
use crate::record::Record;
use crate::schema::ELEMENTS_MAX;
use crate::schema::{DataType, Field, Period, ValueSpec};
use crate::value::date::Date;
use crate::value::slot::{Slot, Stretch};
use crate::wire::json::Json;

type Entries<'a> = [(Cow<'a, str>, Json<'a>)];

/// Reads a datum; `None` stands for an absent field.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn datum(
    spec: &ValueSpec,
    json: Option<&Json<'_>>,
    sensitive: bool,
    record: &mut Record,
) -> Result<Slot, Box<Fault>> {
    match (json, &spec.data_type) {
        (None | Some(Json::Null), _) if spec.optional => Ok(Slot::Missing),
        (None | Some(Json::Null), _) => Err(Fault::missing()),
        (Some(Json::Boolean(value)), _) => scalar::read(spec, Written::Boolean(*value), sensitive, record),
        (Some(Json::Number(text)), _) => scalar::read(spec, Written::Number(text), sensitive, record),
        (Some(Json::Text(text)), _) => scalar::read(spec, Written::Text(text), sensitive, record),
        (Some(Json::Array(items)), DataType::List(element)) => list(element, items, sensitive, record),
        (Some(Json::Array(items)), DataType::Series { value, period }) => {
            series(value, *period, items, sensitive, record)
        }
        (Some(Json::Object(entries)), DataType::Record(fields)) => fields_of(fields, entries, sensitive, record),
        (Some(other), expected) => Err(Fault::wrong_type(scalar::expected(expected), other.kind())),
    }
}

/// Room for `count` slots in the arena.
fn reserve(record: &mut Record, count: usize) -> Stretch {
    let start = u32::try_from(record.arena.len()).unwrap_or(u32::MAX);
    record.arena.resize(record.arena.len().saturating_add(count), Slot::Missing);
    Stretch { start, len: u32::try_from(count).unwrap_or(u32::MAX) }
}

fn store(record: &mut Record, stretch: Stretch, index: usize, slot: Slot) {
    let start = usize::try_from(stretch.start).unwrap_or(usize::MAX);
    if let Some(place) = record.arena.get_mut(start.saturating_add(index)) {
        *place = slot;
    }
}

fn few_enough(items: &[Json<'_>]) -> Result<(), Box<Fault>> {
    if items.len() <= ELEMENTS_MAX {
        return Ok(());
    }
    Err(Fault::new(INPUT_TOO_LARGE, format!("{} elements, at most {ELEMENTS_MAX} are read", items.len())))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn list(element: &ValueSpec, items: &[Json<'_>], sensitive: bool, record: &mut Record) -> Result<Slot, Box<Fault>> {
    few_enough(items)?;
    let stretch = reserve(record, items.len());
    for (index, item) in items.iter().enumerate() {
        let slot = datum(element, Some(item), sensitive, record).map_err(|fault| fault.within(&index.to_string()))?;
        store(record, stretch, index, slot);
    }
    Ok(Slot::List(stretch))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn fields_of(
    fields: &[Field],
    entries: &Entries<'_>,
    sensitive: bool,
    record: &mut Record,
) -> Result<Slot, Box<Fault>> {
    let stretch = reserve(record, fields.len());
    for (index, field) in fields.iter().enumerate() {
        let key = input_key(field);
        let value = entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        let slot = datum(&field.spec, value, sensitive, record).map_err(|fault| fault.within(key))?;
        store(record, stretch, index, slot);
    }
    no_others(entries, fields.iter().map(input_key))?;
    Ok(Slot::Record(stretch))
}

fn input_key(field: &Field) -> &str {
    field.source.as_deref().unwrap_or(&field.name)
}

fn no_others<'k>(entries: &Entries<'_>, known: impl Iterator<Item = &'k str> + Clone) -> Result<(), Box<Fault>> {
    let Some((key, _)) = entries.iter().find(|(key, _)| !known.clone().any(|known| known == key)) else {
        return Ok(());
    };
    let hint = did_you_mean(key, known).map(|meant| format!("did you mean `{meant}`?"));
    Err(Fault::unknown("field", key, hint).within(key))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn series(
    value: &ValueSpec,
    period: Period,
    items: &[Json<'_>],
    sensitive: bool,
    record: &mut Record,
) -> Result<Slot, Box<Fault>> {
    few_enough(items)?;
    let mut observations: Vec<(Date, Slot)> = Vec::with_capacity(items.len());
    let mut periods: Vec<i32> = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let read = observation(value, item, sensitive, record).and_then(|(date, slot)| {
            let key = period_of(date, period);
            match periods.binary_search(&key) {
                Ok(_) => {
                    Err(Fault::new(SERIES_DUPLICATE_PERIOD, format!("a second value for the same {}", name(period))))
                }
                Err(place) => {
                    periods.insert(place, key);
                    Ok((date, slot))
                }
            }
        });
        observations.push(read.map_err(|fault| fault.within(&index.to_string()))?);
    }
    observations.sort_by_key(|(date, _)| *date);
    let stretch = reserve(record, items.len().saturating_mul(2));
    for (index, (date, slot)) in observations.iter().enumerate() {
        store(record, stretch, index, Slot::Date(*date));
        store(record, stretch, index.saturating_add(items.len()), *slot);
    }
    Ok(Slot::Series(Stretch { start: stretch.start, len: u32::try_from(items.len()).unwrap_or(u32::MAX) }))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn observation(
    value: &ValueSpec,
    item: &Json<'_>,
    sensitive: bool,
    record: &mut Record,
) -> Result<(Date, Slot), Box<Fault>> {
    let Json::Object(entries) = item else {
        return Err(Fault::wrong_type("an object `{\"date\": ..., \"value\": ...}`", item.kind()));
    };
    let find = |key: &str| entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
    let spec = ValueSpec::of(DataType::Date);
    let date = match datum(&spec, find("date"), sensitive, record).map_err(|fault| fault.within("date"))? {
        Slot::Date(date) => date,
        _ => return Err(Fault::missing().within("date")),
    };
    let slot = datum(value, find("value"), sensitive, record).map_err(|fault| fault.within("value"))?;
    no_others(entries, ["date", "value"].into_iter())?;
    Ok((date, slot))
}

const fn name(period: Period) -> &'static str {
    match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
        Period::Quarter => "quarter",
        Period::Year => "year",
    }
}

/// A number that two dates share exactly if they lie in one period. Weeks begin on Monday; 1970-01-01 was a Thursday.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn period_of(date: Date, period: Period) -> i32 {
    let (year, month, _) = date.civil();
    let month = i32::try_from(month).unwrap_or_default().saturating_sub(1);
    match period {
        Period::Day => date.days(),
        Period::Week => date.days().saturating_add(3).div_euclid(7),
        Period::Month => year.saturating_mul(12).saturating_add(month),
        Period::Quarter => year.saturating_mul(4).saturating_add(month.div_euclid(3)),
        Period::Year => year,
    }
}
