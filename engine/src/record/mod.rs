//! One customer's facts as the program reads them.

use crate::value::slot::{Slot, Stretch, TextRef};

/// One record: a slot per fact in declared order, and the arenas behind texts, lists and series.
///
/// It is filled by `wire`, which has checked types and domains, and may be reused: [`Record::clear`] keeps the memory.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// One per fact, in declared order.
    pub slots: Vec<Slot>,
    /// Elements of lists, fields of records, dates and values of series.
    pub arena: Vec<Slot>,
    /// All texts, one behind the other.
    pub text: String,
}

impl Record {
    /// Forgets the facts, keeps the memory.
    pub fn clear(&mut self) {
        self.slots.clear();
        self.arena.clear();
        self.text.clear();
    }

    /// Stores a text.
    pub fn push_text(&mut self, text: &str) -> Slot {
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.text.push_str(text);
        Slot::Text(TextRef::Record(Stretch { start, len }))
    }

    /// A text of this record.
    #[must_use]
    pub fn text(&self, at: Stretch) -> &str {
        let start = at.start as usize;
        self.text.get(start..start.saturating_add(at.len as usize)).unwrap_or("")
    }

    /// Elements of this record's arena.
    #[must_use]
    pub fn elements(&self, at: Stretch) -> &[Slot] {
        let start = at.start as usize;
        self.arena.get(start..start.saturating_add(at.len as usize)).unwrap_or(&[])
    }
}
