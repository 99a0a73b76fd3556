//! Constant texts, lists and records of a program, and where every address of the evaluator points.

use crate::record::Record;
use crate::value::slot::{Slot, Stretch, TextRef};

/// From here on addresses of elements point into the program's own arena.
pub const PROGRAM_BASE: u32 = 1 << 31;

/// Constant texts, lists and records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pool {
    /// All texts, one behind the other.
    pub text: String,
    /// Elements of constant lists and records.
    pub arena: Vec<Slot>,
}

impl Pool {
    /// A text of the program.
    #[must_use]
    pub fn text(&self, at: Stretch) -> &str {
        let start = at.start as usize;
        self.text.get(start..start.saturating_add(at.len as usize)).unwrap_or("")
    }
}

/// The three arenas a slot may point into: the record's from 0, then the decision's own, and the program's from
/// [`PROGRAM_BASE`]. A stretch never crosses from one to the next.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'a> {
    /// The program's.
    pub pool: &'a Pool,
    /// The record's.
    pub record: &'a Record,
    /// The decision's.
    pub arena: &'a [Slot],
}

impl<'a> Memory<'a> {
    /// The text behind a slot; nothing if it holds none.
    #[inline]
    #[must_use]
    pub fn text(&self, slot: Slot) -> Option<&'a str> {
        match slot {
            Slot::Text(TextRef::Record(at)) => Some(self.record.text(at)),
            Slot::Text(TextRef::Program(at)) => Some(self.pool.text(at)),
            _ => None,
        }
    }

    /// The elements of a list, the fields of a record, or the values of a series.
    #[inline]
    #[must_use]
    pub fn elements(&self, slot: Slot) -> Option<&'a [Slot]> {
        self.stretch(values_of(slot)?)
    }

    /// The slots of a stretch.
    #[inline]
    #[must_use]
    pub fn stretch(&self, at: Stretch) -> Option<&'a [Slot]> {
        let (arena, start) = if at.start >= PROGRAM_BASE {
            (self.pool.arena.as_slice(), at.start.wrapping_sub(PROGRAM_BASE) as usize)
        } else {
            let start = at.start as usize;
            match start.checked_sub(self.record.arena.len()) {
                None => (self.record.arena.as_slice(), start),
                Some(own) => (self.arena, own),
            }
        };
        if at.len == 0 {
            return Some(&[]);
        }
        arena.get(start..start.checked_add(at.len as usize)?)
    }
}

/// Where the elements of a list, the fields of a record or the values of a series stand.
#[inline]
#[must_use]
pub fn values_of(slot: Slot) -> Option<Stretch> {
    match slot {
        Slot::List(at) | Slot::Record(at) => Some(at),
        Slot::Series(at) => Some(Stretch { start: at.start.wrapping_add(at.len), len: at.len }),
        _ => None,
    }
}
