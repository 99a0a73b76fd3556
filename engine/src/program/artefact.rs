//! Compiled scorecards, scales and decision tables.

use super::locator::Locator;
use super::node::Items;
use crate::diagnostic::Span;
use crate::ruleset::checked::{Input, Type};
use crate::ruleset::{HitPolicy, NoMatch};
use crate::schema::Output;
use crate::value::date::Date;
use crate::value::slot::Slot;

/// No attribute, no row, no code.
pub const NONE: u32 = u32::MAX;

/// A compiled scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct CardProgram {
    /// Its name.
    pub name: String,
    /// The score before any characteristic, a mantissa at `scale`.
    pub initial: i128,
    /// Digits of the score and of all points.
    pub scale: u8,
    /// The score is an integer.
    pub integer: bool,
    /// In document order.
    pub characteristics: Vec<CharacteristicProgram>,
    /// Distinct reason codes of the card, indexes in `Program::reasons`, in document order.
    pub codes: Vec<u32>,
    /// Some code stands in more than one characteristic.
    pub shared_codes: bool,
    /// At most so many reasons.
    pub most: u32,
    /// Codes that lost nothing are kept.
    pub keep_zero: bool,
    /// How differences become printed points.
    pub points: PointsForm,
    /// Where it is declared.
    pub span: Span,
}

/// Differences from the baseline are kept exactly, as integers over one denominator for the whole card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointsForm {
    /// What a difference is divided by, after raising it by `digits` digits.
    pub denominator: i128,
    /// Digits printed.
    pub digits: u8,
    /// Printed as an integer.
    pub integer: bool,
}

/// A compiled characteristic.
#[derive(Clone, Debug, PartialEq)]
pub struct CharacteristicProgram {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub input: Input,
    /// Its type.
    pub ty: Type,
    /// It depends on a sensitive fact.
    pub sensitive: bool,
    /// Divides its values.
    pub locator: Locator,
    /// Index of the attribute by class; [`NONE`] where nothing matches.
    pub attribute_of_class: Vec<u32>,
    /// In the order of the file.
    pub attributes: Vec<AttributeProgram>,
    /// Per attribute: when it matches, in words.
    pub labels: Vec<String>,
    /// Its first row.
    pub span: Span,
}

/// A compiled attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeProgram {
    /// Mantissa at the card's scale.
    pub points: i128,
    /// Difference from the baseline over the card's denominator.
    pub difference: i128,
    /// Index in [`CardProgram::codes`], or [`NONE`].
    pub code: u32,
    /// Its row.
    pub span: Span,
}

/// A compiled scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleProgram {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub outputs: Vec<Output>,
    /// Divides numbers, whatever their digits.
    pub locator: Locator,
    /// Index of the band by class; [`NONE`] outside.
    pub band_of_class: Vec<u32>,
    /// In the order of the file.
    pub bands: Vec<BandProgram>,
    /// Where it is declared.
    pub span: Span,
}

/// One band.
#[derive(Clone, Debug, PartialEq)]
pub struct BandProgram {
    /// A constant record of the columns.
    pub record: Slot,
    /// In words: `[600, 650)`.
    pub label: String,
    /// Its row.
    pub span: Span,
}

/// A compiled decision table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableProgram {
    /// Its name.
    pub name: String,
    /// Called by `matrix`.
    pub matrix: bool,
    /// Which rows win.
    pub hit_policy: HitPolicy,
    /// What happens if none does.
    pub no_match: NoMatch,
    /// Typed outputs.
    pub outputs: Vec<Output>,
    /// In the order of the arguments.
    pub columns: Vec<ColumnProgram>,
    /// The dates at which rows come into force or leave it; `None` if no row is dated.
    pub validity: Option<ColumnIndex>,
    /// 64-bit words of a set of rows.
    pub words: u32,
    /// In the order of the file.
    pub rows: Vec<RowProgram>,
    /// The row `default`.
    pub default_row: Option<RowProgram>,
    /// The single output under an aggregation is a decimal.
    pub decimal: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A compiled input clause.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProgram {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Which rows match which class of values.
    pub index: ColumnIndex,
    /// Per row: the test as written.
    pub texts: Vec<String>,
}

/// Which rows match which class of values.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnIndex {
    /// Divides values.
    pub locator: Locator,
    /// Every row matches every value: nothing to do.
    pub always: bool,
    /// How the rows of a class are kept.
    pub rows: RowSets,
}

/// How the rows of a class are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowSets {
    /// `words` 64-bit words per class, one class behind the other.
    Dense(Vec<u64>),
    /// Per row: ascending ranges of classes `[first, last]`; for columns whose sets would take too much memory.
    PerRow {
        /// Row i has the ranges from `starts[i]` to `starts[i + 1]`.
        starts: Vec<u32>,
        /// First and last class.
        ranges: Vec<(u32, u32)>,
    },
}

/// A compiled row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowProgram {
    /// Its id.
    pub id: String,
    /// What it yields.
    pub outputs: RowOutputs,
    /// Index in `Program::reasons`.
    pub reason: Option<u32>,
    /// First day in force.
    pub valid_from: Option<Date>,
    /// First day no longer in force.
    pub valid_until: Option<Date>,
    /// Its row in the file.
    pub span: Span,
}

/// What a row yields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowOutputs {
    /// A constant record.
    Constant(Slot),
    /// One node per output.
    Computed(Items),
}

/// The set of rows that a class selects, where it is kept densely.
#[must_use]
pub fn dense_set(sets: &[u64], class: u32, words: u32) -> &[u64] {
    let start = (class as usize).saturating_mul(words as usize);
    sets.get(start..start.saturating_add(words as usize)).unwrap_or(&[])
}

impl ColumnIndex {
    /// Whether a row matches a class; `words` as in [`TableProgram::words`].
    #[must_use]
    pub fn matches(&self, row: u32, class: u32, words: u32) -> bool {
        if self.always {
            return true;
        }
        match &self.rows {
            RowSets::Dense(sets) => {
                let word = dense_set(sets, class, words).get((row >> 6) as usize).copied().unwrap_or(0);
                word.wrapping_shr(row & 63) & 1 == 1
            }
            RowSets::PerRow { starts, ranges } => {
                let start = starts.get(row as usize).copied().unwrap_or(0) as usize;
                let end = starts.get((row as usize).saturating_add(1)).copied().unwrap_or(0) as usize;
                let own = ranges.get(start..end).unwrap_or(&[]);
                own.iter().any(|(first, last)| *first <= class && class <= *last)
            }
        }
    }
}
