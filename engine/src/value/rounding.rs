//! Rounding modes, and the one decision every rounding in the engine makes.

use std::cmp::Ordering;
use std::fmt;

/// How a number that lies between two representable ones is rounded. Nothing rounds without naming one of these.
///
/// ```
/// use trutina_engine::value::decimal::{RoundingMode, parse_decimal, plain_text, round};
/// let x = parse_decimal("-24.785").unwrap();
/// assert_eq!(plain_text(round(x, 2, RoundingMode::HalfUp)), "-24.79");
/// assert_eq!(plain_text(round(x, 2, RoundingMode::HalfEven)), "-24.78");
/// assert_eq!(RoundingMode::from_name("half_up"), Some(RoundingMode::HalfUp));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RoundingMode {
    /// To the nearest; a tie goes away from zero (commercial rounding, 四舍五入).
    HalfUp,
    /// To the nearest; a tie goes to the even digit (statistics).
    HalfEven,
    /// Toward zero (truncation).
    Down,
    /// Away from zero.
    Up,
    /// Toward minus infinity.
    Floor,
    /// Toward plus infinity.
    Ceiling,
}

/// What the division left over, as far as rounding is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remainder {
    Zero,
    BelowHalf,
    Half,
    AboveHalf,
}

impl Remainder {
    /// `against_rest` compares the remainder with divisor − remainder: no doubling, so nothing can overflow.
    pub(super) fn new(is_zero: bool, against_rest: Ordering) -> Self {
        match (is_zero, against_rest) {
            (true, _) => Self::Zero,
            (false, Ordering::Less) => Self::BelowHalf,
            (false, Ordering::Equal) => Self::Half,
            (false, Ordering::Greater) => Self::AboveHalf,
        }
    }
}

impl RoundingMode {
    /// All modes, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::HalfUp, Self::HalfEven, Self::Down, Self::Up, Self::Floor, Self::Ceiling];

    /// The mode that a ruleset names, or nothing.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }

    /// The name that rulesets use: `half_up`, `half_even`, `down`, `up`, `floor` or `ceiling`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::Down => "down",
            Self::Up => "up",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
        }
    }

    /// Whether the truncated magnitude moves one unit away from zero.
    pub(super) fn moves_away(self, negative: bool, odd: bool, remainder: Remainder) -> bool {
        match self {
            _ if remainder == Remainder::Zero => false,
            Self::HalfUp => remainder != Remainder::BelowHalf,
            Self::HalfEven => remainder == Remainder::AboveHalf || (remainder == Remainder::Half && odd),
            Self::Down => false,
            Self::Up => true,
            Self::Floor => negative,
            Self::Ceiling => !negative,
        }
    }
}

impl fmt::Display for RoundingMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
