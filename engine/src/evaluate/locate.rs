//! Where a value falls among the classes of a characteristic, a column or a scale.

use crate::program::locator::{Locator, LocatorKind, ordinal};
use crate::program::pool::Memory;
use crate::value::decimal::{Decimal, clamped_mantissa, floor_mantissa};
use crate::value::slot::{Slot, TextRef};

/// The class of a value; nothing if it is not of the type the locator divides.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn class(locator: &Locator, slot: &Slot, memory: Memory<'_>) -> Option<u32> {
    match *slot {
        Slot::Missing => return Some(locator.missing()),
        Slot::Special(code) => return Some(locator.special(code)),
        _ => {}
    }
    match &locator.kind {
        LocatorKind::Whole => Some(0),
        LocatorKind::Ordinal(cuts) => among(cuts, ordinal(*slot)?),
        LocatorKind::Symbol => u32::try_from(ordinal(*slot)?).ok().filter(|class| *class < locator.values),
        LocatorKind::Fixed(scale, cuts) => {
            // No cut is the least i64: clamping moves no number across one.
            if let Slot::Decimal(number) = slot
                && number.scale() == u32::from(*scale)
            {
                return among(cuts, clamped_mantissa(number));
            }
            let mantissa = mantissa(slot, *scale)?.clamp(i64::MIN.into(), i64::MAX.into());
            among(cuts, i64::try_from(mantissa).ok()?)
        }
        LocatorKind::FixedWide(scale, cuts) => among(cuts, mantissa(slot, *scale)?),
        LocatorKind::Doubled(scale, cuts) => among(cuts, doubled(slot, *scale)?),
        LocatorKind::Text(texts) => text(texts, *slot, memory),
    }
}

/// How many ascending cuts a number reaches. Few are counted without a branch, many are searched.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn among<T: PartialOrd + Copy>(cuts: &[T], number: T) -> Option<u32> {
    if cuts.len() <= FEW {
        return Some(cuts.iter().map(|cut| u32::from(*cut <= number)).fold(0, u32::wrapping_add));
    }
    u32::try_from(cuts.partition_point(|cut| *cut <= number)).ok()
}

const FEW: usize = 16;

/// The mantissa of a number at a scale that has room for its digits; numbers beyond 128 bits stay beyond every cut.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn mantissa(slot: &Slot, scale: u8) -> Option<i128> {
    let scale = u32::from(scale);
    match slot {
        Slot::Decimal(number) if number.scale() == scale => Some(number.mantissa()),
        Slot::Decimal(number) => Some(raised(*number, scale)),
        Slot::Integer(number) => Some(raised(Decimal::from(*number), scale)),
        _ => None,
    }
}

/// floor(x · 10^scale), saturating.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn raised(number: Decimal, scale: u32) -> i128 {
    let Some(more) = scale.checked_sub(number.scale()) else { return floor_mantissa(number, scale) };
    let unit = 10_i128.checked_pow(more);
    let exact = unit.and_then(|unit| unit.checked_mul(number.mantissa()));
    exact.unwrap_or(if number.is_sign_negative() { i128::MIN } else { i128::MAX })
}

/// Twice the floor at a scale, and one more where digits are left over.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn doubled(slot: &Slot, scale: u8) -> Option<i128> {
    let number = match *slot {
        Slot::Decimal(number) => number,
        Slot::Integer(number) => Decimal::from(number),
        _ => return None,
    };
    let scale = u32::from(scale);
    let floor = raised(number, scale);
    let exact = number.scale() <= scale || crate::value::decimal::rescale_exact(number, scale).is_some();
    Some(floor.saturating_mul(2).saturating_add(i128::from(!exact)))
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn text(texts: &[TextRef], slot: Slot, memory: Memory<'_>) -> Option<u32> {
    let wanted = memory.text(slot)?;
    let found = texts.binary_search_by(|text| memory.text(Slot::Text(*text)).unwrap_or("").cmp(wanted));
    let class = match found {
        Ok(place) => place.checked_mul(2)?.checked_add(1)?,
        Err(place) => place.checked_mul(2)?,
    };
    u32::try_from(class).ok()
}
