//! Classes: cut points, symbols and texts of a characteristic or a column, and which of them each test selects.

use super::builder::{Builder, index};
use crate::program::locator::{Locator, LocatorKind};
use crate::ruleset::checked::{Type, TypeKind};
use crate::value::Value;
use crate::value::decimal::{Decimal, ceil_mantissa, floor_mantissa};
use crate::value::ordered::Set;

/// What a test selects, before classes are known: ranges of whole numbers (both ends inclusive) that stand for ordinals,
/// mantissas or texts, and the values that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Selection {
    pub ranges: Vec<(i128, i128)>,
    /// All present values but those in `ranges`.
    pub inverted: bool,
    pub missing: bool,
    pub specials: Vec<u8>,
}

/// How values become whole numbers.
#[derive(Clone, Debug)]
pub(super) enum Axis {
    Ordinal,
    /// Mantissas at a scale that has room for every digit of the value.
    Fixed(u8),
    /// Twice the floor at a scale, and one more for what is left over.
    Doubled(u8),
    /// Enum values and booleans; so many.
    Symbol(u32),
    /// Positions among these texts.
    Text(Vec<String>),
}

impl Axis {
    /// The axis of a type, given all constants it is compared with. `declared`: a decimal stands at its scale.
    pub fn new(ty: &Type, declared: bool, constants: &[&Value]) -> Self {
        match &ty.kind {
            TypeKind::Decimal { scale } if declared || *scale <= 9 => Self::Fixed(*scale),
            TypeKind::Decimal { .. } => Self::Doubled(digits(constants)),
            TypeKind::Enum(domain) => Self::Symbol(index(domain.values.len())),
            TypeKind::Boolean => Self::Symbol(2),
            TypeKind::Text => {
                let texts = constants.iter().filter_map(|value| match value {
                    Value::Text(text) => Some(text.clone()),
                    _ => None,
                });
                Self::Text(texts.collect::<Set<_>>().into_iter().collect())
            }
            _ => Self::Ordinal,
        }
    }

    /// An axis for any number.
    pub fn numbers(constants: &[&Value]) -> Self {
        Self::Doubled(digits(constants))
    }

    /// The greatest whole number not above `value` and the least not below it; the same if it is one.
    pub fn place(&self, value: &Value, ty: &Type) -> Option<(i128, i128)> {
        match (self, value) {
            (Self::Text(texts), Value::Text(text)) => {
                let place = texts.binary_search(text).ok()?;
                let class = i128::try_from(place).ok()?.saturating_mul(2).saturating_add(1);
                Some((class, class))
            }
            (Self::Fixed(scale), value) => {
                let number = number(value)?;
                let raised = raise(number, *scale);
                match raised {
                    Some(mantissa) => Some((mantissa, mantissa)),
                    None => {
                        let scale = u32::from(*scale);
                        Some((floor_mantissa(number, scale), ceil_mantissa(number, scale)))
                    }
                }
            }
            (Self::Doubled(scale), value) => {
                let number = raise(number(value)?, *scale)?.checked_mul(2)?;
                Some((number, number))
            }
            (Self::Ordinal | Self::Symbol(_), value) => super::compare::ordinals(value, ty),
            (Self::Text(_), _) => None,
        }
    }

    /// Where each selection's classes begin and end, and how values find them.
    pub fn divide(&self, selections: &[&Selection], builder: &mut Builder<'_>) -> Locator {
        let mut cuts = Set::new();
        for (low, high) in selections.iter().flat_map(|selection| &selection.ranges) {
            if low > high {
                continue;
            }
            cuts.extend((*low != i128::MIN).then_some(*low));
            cuts.extend(high.checked_add(1));
        }
        let cuts: Vec<i128> = cuts.into_iter().collect();
        let classes = index(cuts.len()).saturating_add(1);
        let narrow: Option<Vec<i64>> =
            cuts.iter().map(|cut| i64::try_from(*cut).ok().filter(|cut| *cut != i64::MIN)).collect();
        let (kind, values) = match self {
            Self::Symbol(symbols) => (LocatorKind::Symbol, *symbols),
            Self::Text(texts) => {
                let texts: Vec<_> = texts.iter().map(|text| builder.text(text)).collect();
                let classes = index(texts.len()).saturating_mul(2).saturating_add(1);
                (LocatorKind::Text(texts), classes)
            }
            _ if cuts.is_empty() => (LocatorKind::Whole, 1),
            Self::Ordinal => match narrow {
                Some(cuts) => (LocatorKind::Ordinal(cuts), classes),
                None => (LocatorKind::FixedWide(0, cuts), classes),
            },
            Self::Fixed(scale) => match narrow {
                Some(cuts) => (LocatorKind::Fixed(*scale, cuts), classes),
                None => (LocatorKind::FixedWide(*scale, cuts), classes),
            },
            Self::Doubled(scale) => (LocatorKind::Doubled(*scale, cuts), classes),
        };
        Locator { kind, values }
    }
}

/// `x` · 10^`scale`, if that is a whole number that fits.
fn raise(x: Decimal, scale: u8) -> Option<i128> {
    let more = u32::from(scale).checked_sub(x.scale())?;
    10_i128.checked_pow(more)?.checked_mul(x.mantissa())
}

pub(super) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Integer(number) => Some(Decimal::from(*number)),
        Value::Decimal(number) => Some(number.normalize()),
        _ => None,
    }
}

/// The most digits after the point that any constant needs.
fn digits(constants: &[&Value]) -> u8 {
    let scales = constants.iter().filter_map(|value| number(value)).map(|number| number.scale());
    u8::try_from(scales.max().unwrap_or(0)).unwrap_or(28)
}

/// Ascending, disjoint ranges of classes of present values, both ends inclusive.
pub(super) fn classes(selection: &Selection, locator: &Locator) -> Vec<(u32, u32)> {
    let mut chosen: Vec<(u32, u32)> = selection
        .ranges
        .iter()
        .filter(|(low, high)| low <= high)
        .map(|(low, high)| (class_of(*low, locator), class_of(*high, locator)))
        .collect();
    chosen.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (first, last) in chosen {
        match merged.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
            _ => merged.push((first, last)),
        }
    }
    if selection.inverted { complement(&merged, locator.values) } else { merged }
}

fn complement(ranges: &[(u32, u32)], values: u32) -> Vec<(u32, u32)> {
    let mut rest = Vec::new();
    let mut next = 0;
    for (first, last) in ranges {
        rest.extend((next < *first).then(|| (next, first.saturating_sub(1))));
        next = last.saturating_add(1);
    }
    rest.extend((next < values).then(|| (next, values.saturating_sub(1))));
    rest
}

/// The class of a whole number of the axis.
fn class_of(number: i128, locator: &Locator) -> u32 {
    let last = i128::from(locator.values.saturating_sub(1));
    let narrow = |cuts: &[i64]| cuts.partition_point(|cut| i128::from(*cut) <= number);
    match &locator.kind {
        LocatorKind::Whole => 0,
        LocatorKind::Symbol | LocatorKind::Text(_) => u32::try_from(number.clamp(0, last)).unwrap_or(0),
        LocatorKind::Ordinal(cuts) | LocatorKind::Fixed(_, cuts) => index(narrow(cuts)),
        LocatorKind::FixedWide(_, cuts) | LocatorKind::Doubled(_, cuts) => {
            index(cuts.partition_point(|cut| *cut <= number))
        }
    }
}
