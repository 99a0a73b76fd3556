//! Locators: every value of their type has a class.

use super::slots::Slots;
use super::{Check, FaultRef, demand};
use crate::program::locator::{Locator, LocatorKind};
use crate::ruleset::checked::{Type, TypeKind};
use crate::value::decimal::MAX_SCALE;
use crate::value::slot::TextRef;

const WRONG_TYPE: FaultRef = &"a value has no place among the classes of its column";

/// How many classes a locator has for a type: values, missing, special codes.
pub(super) fn classes(locator: &Locator, ty: &Type) -> usize {
    let specials = ty.special.as_ref().map_or(0, |codes| codes.len());
    (locator.values as usize).saturating_add(1).saturating_add(specials)
}

/// Checks that a locator divides every value of a type.
pub(super) fn check(locator: &Locator, ty: &Type, slots: &Slots<'_>) -> Check {
    let values = locator.values as usize;
    let nothing = matches!(ty.kind, TypeKind::Unit | TypeKind::Never);
    let number = nothing || matches!(ty.kind, TypeKind::Integer | TypeKind::Decimal { .. });
    let ordinal = nothing || matches!(ty.kind, TypeKind::Integer | TypeKind::Date);
    let above = |cuts: usize| demand(cuts.checked_add(1) == Some(values), &"cuts make another number of classes");
    match &locator.kind {
        LocatorKind::Whole => demand(values == 1, &"a whole has one class"),
        LocatorKind::Ordinal(cuts) => {
            demand(ordinal && ascend(cuts), WRONG_TYPE)?;
            above(cuts.len())
        }
        LocatorKind::Fixed(scale, cuts) => {
            // Numbers beyond 64 bits are clamped: no cut may be the least of them.
            let clamped = cuts.first().is_none_or(|cut| *cut != i64::MIN);
            demand(number && clamped && ascend(cuts) && is_scale(*scale), WRONG_TYPE)?;
            above(cuts.len())
        }
        LocatorKind::FixedWide(scale, cuts) | LocatorKind::Doubled(scale, cuts) => {
            demand(number && ascend(cuts) && is_scale(*scale), WRONG_TYPE)?;
            above(cuts.len())
        }
        LocatorKind::Symbol => match &ty.kind {
            TypeKind::Enum(domain) => demand(domain.values.len() == values, WRONG_TYPE),
            TypeKind::Boolean => demand(values == 2, WRONG_TYPE),
            _ => demand(nothing, WRONG_TYPE),
        },
        LocatorKind::Text(texts) => {
            demand(nothing || matches!(ty.kind, TypeKind::Text), WRONG_TYPE)?;
            check_texts(texts, slots)?;
            above(texts.len().saturating_mul(2))
        }
    }
}

fn is_scale(scale: u8) -> bool {
    u32::from(scale) <= MAX_SCALE
}

fn ascend<T: PartialOrd>(cuts: &[T]) -> bool {
    cuts.windows(2).all(|pair| matches!(pair, [a, b] if a < b))
}

fn check_texts(texts: &[TextRef], slots: &Slots<'_>) -> Check {
    let mut before = None;
    for text in texts {
        let text = match text {
            TextRef::Program(at) => slots.text_of(*at),
            TextRef::Record(_) => None,
        };
        demand(text.is_some() && before < text, &"the texts of a column do not ascend")?;
        before = text;
    }
    Ok(())
}
