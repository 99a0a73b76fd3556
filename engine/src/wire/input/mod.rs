//! One customer's facts, from JSON or from text cells, to a [`Record`].
//!
//! Every number is read from its text. Which error is reported when there are several is fixed:
//!
//! 1. what is no JSON object at all (T3001, T3002, T5003, T5004);
//! 2. a key that stands twice anywhere in the document (T3003), the first in its order: such a document is ambiguous,
//!    whatever else may be wrong with it;
//! 3. the first fact, in declared order, that is missing or not what it should be; within a list the first element,
//!    within a record the first declared field and then its first unknown field; within a series the first
//!    observation, a second value for its period included;
//! 4. the first unknown field in the order of the document (T3004).
//!
//! A fact is read from the field named by its `source`, else by its name. Special codes are recognised before the type
//! and the domain are looked at. `null`, an absent field and an empty cell are missing.

mod cell;
pub mod columns;
mod fault;
mod scalar;
mod structure;

use std::borrow::Cow;

use super::json::{self, Json, JsonLimits};
use crate::decision::{DecisionError, Place};
use crate::diagnostic::codes::{DUPLICATE_KEY, INPUT_NOT_OBJECT};
use crate::diagnostic::did_you_mean;
use crate::record::Record;
use crate::schema::Fact;
use crate::value::same;

pub use cell::RowReader;
use fault::Fault;

/// Bounds on one record of facts.
pub const FACTS_LIMITS: JsonLimits = JsonLimits { bytes_max: 4 << 20, depth_max: 32 };

/// Reads facts from JSON: any number of records.
#[derive(Clone, Debug)]
pub struct FactsReader<'p> {
    facts: &'p [Fact],
    /// Fields that are no facts and are passed over, in order.
    others: Vec<String>,
    limits: JsonLimits,
}

impl<'p> FactsReader<'p> {
    /// A reader for these facts.
    #[must_use]
    pub const fn new(facts: &'p [Fact], limits: JsonLimits) -> Self {
        Self { facts, others: Vec::new(), limits }
    }

    /// The same reader, which passes over these fields unless they are facts.
    #[must_use]
    pub fn passing_over(mut self, others: impl IntoIterator<Item = String>) -> Self {
        let facts = self.facts;
        self.others.extend(others.into_iter().filter(|other| facts.iter().all(|fact| fact.input_key() != other)));
        self.others.sort_unstable();
        self
    }

    /// Reads one JSON object into `record`, whose memory is used again. After an error the record is empty.
    ///
    /// Errors: T3001 to T3013, T5003, T5004, each with a JSON pointer.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn read_bytes(&self, bytes: &[u8], record: &mut Record) -> Result<(), DecisionError> {
        record.clear();
        let document = json::read(bytes, self.limits).map_err(|error| DecisionError {
            code: error.code,
            message: error.message,
            at: Place::Pointer(String::new()),
        })?;
        if let Some(pointer) = document.duplicate {
            return Err(duplicate(pointer));
        }
        self.read(&document.value, record)
    }

    /// Reads facts from a JSON value without duplicate keys.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn read(&self, facts: &Json<'_>, record: &mut Record) -> Result<(), DecisionError> {
        record.clear();
        let Json::Object(entries) = facts else {
            let message = format!("facts are one JSON object, this is {}", facts.kind());
            return Err(DecisionError { code: INPUT_NOT_OBJECT, message, at: Place::Pointer(String::new()) });
        };
        let read = self.read_entries(entries, record);
        read.map_err(|fault| {
            record.clear();
            fault.into_error()
        })
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn read_entries(&self, entries: &[(Cow<'_, str>, Json<'_>)], record: &mut Record) -> Result<(), Box<Fault>> {
        let mut lookup = Lookup::new(entries);
        let mut known = 0_usize;
        for fact in self.facts {
            let value = lookup.find(fact.input_key());
            known = known.saturating_add(usize::from(value.is_some()));
            let slot = structure::datum(&fact.spec, value, fact.sensitive, record)
                .map_err(|fault| fault.within(fact.input_key()))?;
            record.slots.push(slot);
        }
        if known == entries.len() {
            return Ok(());
        }
        // No key stands twice, so whoever is neither known nor passed over shows in the numbers alone.
        let is_other = |key: &str| self.others.binary_search_by(|other| other.as_str().cmp(key)).is_ok();
        let passed = entries.iter().filter(|(key, _)| is_other(key)).count();
        if known.saturating_add(passed) == entries.len() {
            return Ok(());
        }
        let mut keys: Vec<&str> = self.facts.iter().map(Fact::input_key).collect();
        keys.sort_unstable();
        match entries.iter().find(|(key, _)| !is_other(key) && keys.binary_search(&key.as_ref()).is_err()) {
            None => Ok(()),
            Some((key, _)) => Err(Fault::unknown("field", key, self.suggestion(key)).within(key)),
        }
    }

    /// What an unknown key may have meant.
    #[cold]
    fn suggestion(&self, key: &str) -> Option<String> {
        suggest(self.facts, key)
    }
}

/// What an unknown field or column may have meant, in words: `did you mean "age"?`.
#[must_use]
pub fn suggest(facts: &[Fact], key: &str) -> Option<String> {
    if let Some(fact) = facts.iter().find(|fact| fact.name == key) {
        return Some(format!("the fact `{key}` is read from `{}`", fact.input_key()));
    }
    if let Some(meant) = did_you_mean(key, facts.iter().map(Fact::input_key)) {
        return Some(format!("did you mean `{meant}`?"));
    }
    let meant = did_you_mean(key, facts.iter().map(|fact| fact.name.as_str()))?;
    let fact = facts.iter().find(|fact| fact.name == meant)?;
    Some(format!("did you mean `{}`?", fact.input_key()))
}

/// The error for a key that stands twice.
#[cold]
fn duplicate(pointer: String) -> DecisionError {
    let key = pointer.rsplit('/').next().unwrap_or("").replace("~1", "/").replace("~0", "~");
    DecisionError {
        code: DUPLICATE_KEY,
        message: format!("`{key}` stands twice in one object"),
        at: Place::Pointer(pointer),
    }
}

/// In so many entries, and so many times, a key is looked for one by one: for a few facts that are absent this is faster
/// than an order of the entries.
const FEW: usize = 48;
const TIMES: u32 = 16;

/// Finds entries by key; they mostly stand in declared order, so the next one is tried first.
struct Lookup<'e, 'a> {
    entries: &'e [(Cow<'a, str>, Json<'a>)],
    next: usize,
    searched: u32,
    /// Entry indexes by key, made when entries were not where they were expected.
    sorted: Option<Vec<(&'e str, usize)>>,
}

impl<'e, 'a> Lookup<'e, 'a> {
    fn new(entries: &'e [(Cow<'a, str>, Json<'a>)]) -> Self {
        Self { entries, next: 0, searched: 0, sorted: None }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn find(&mut self, key: &str) -> Option<&'e Json<'a>> {
        let index = match self.entries.get(self.next) {
            Some((name, _)) if same(name, key) => self.next,
            _ if self.searched < TIMES && self.entries.len() <= FEW => {
                self.searched = self.searched.saturating_add(1);
                self.entries.iter().position(|(name, _)| same(name, key))?
            }
            _ => {
                let entries = self.entries;
                let sorted = self.sorted.get_or_insert_with(|| {
                    let mut all: Vec<_> =
                        entries.iter().enumerate().map(|(index, (name, _))| (name.as_ref(), index)).collect();
                    all.sort_unstable();
                    all
                });
                let place = sorted.binary_search_by(|(name, _)| (*name).cmp(key)).ok()?;
                sorted.get(place)?.1
            }
        };
        self.next = index.saturating_add(1);
        self.entries.get(index).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests;
