//! Where a value falls: the classes into which cut points, symbols and texts divide a characteristic or a column.

use crate::value::slot::Slot;
use crate::value::slot::TextRef;

/// Divides values into classes `0..values`; then comes the class of missing, then one per special code.
#[derive(Clone, Debug, PartialEq)]
pub struct Locator {
    /// How present values are divided.
    pub kind: LocatorKind,
    /// How many classes present values have.
    pub values: u32,
}

/// How present values are divided.
#[derive(Clone, Debug, PartialEq)]
pub enum LocatorKind {
    /// All in one class.
    Whole,
    /// By ordinal (integers, dates): class i is what `i` ascending cuts are not above.
    Ordinal(Vec<i64>),
    /// Numbers with at most so many digits, by their mantissa at this scale; all cuts fit 64 bits.
    Fixed(u8, Vec<i64>),
    /// The same with cuts beyond 64 bits.
    FixedWide(u8, Vec<i128>),
    /// Numbers with any digits, by twice the floor of their mantissa at this scale, and one more if digits are left over.
    Doubled(u8, Vec<i128>),
    /// The ordinal (enums, booleans) is the class.
    Symbol,
    /// Texts against ascending ones (constants of the program): class `2i + 1` is text i, the even ones lie between.
    Text(Vec<TextRef>),
}

impl Locator {
    /// The class of missing.
    #[must_use]
    pub const fn missing(&self) -> u32 {
        self.values
    }

    /// The class of a special code.
    #[must_use]
    pub fn special(&self, code: u8) -> u32 {
        self.values.saturating_add(1).saturating_add(u32::from(code))
    }
}

/// The ordinal of a slot: an integer, a date's days, 0 or 1, an enum's index.
#[inline]
#[must_use]
pub fn ordinal(slot: Slot) -> Option<i64> {
    match slot {
        Slot::Integer(x) => Some(x),
        Slot::Enum(x) => Some(i64::from(x)),
        Slot::Date(x) => Some(i64::from(x.days())),
        Slot::Boolean(x) => Some(i64::from(x)),
        _ => None,
    }
}
