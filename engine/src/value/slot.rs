//! The value as the evaluator holds it: small, copyable, typed by the program.

use rust_decimal::Decimal;

use super::date::Date;

/// A stretch of an arena: `len` elements from `start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    /// First element.
    pub start: u32,
    /// Number of elements.
    pub len: u32,
}

/// One datum during evaluation. Texts, lists and records live in arenas; the slot names a stretch of them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Slot {
    /// Missing, a value of its own.
    #[default]
    Missing,
    /// A special code, by its index among the fact's declared ones.
    Special(u8),
    /// A truth value.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// An exact decimal; a decimal fact stands at its declared scale.
    Decimal(Decimal),
    /// A value of an enum, by its index in the domain that the program knows.
    Enum(u16),
    /// A civil date.
    Date(Date),
    /// UTF-8 bytes in a text arena (see `record::Record`; the program's constants have an arena of their own).
    Text(TextRef),
    /// Elements in the slot arena.
    List(Stretch),
    /// Fields in the slot arena, in declared order.
    Record(Stretch),
    /// `len` dates in the slot arena, followed by `len` values, sorted by date.
    Series(Stretch),
}

/// Where a text lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRef {
    /// In the record's text.
    Record(Stretch),
    /// In the program's constants.
    Program(Stretch),
}
