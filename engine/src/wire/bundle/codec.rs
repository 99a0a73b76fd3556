//! The primitives of a serialised program: every value has exactly one encoding, and nothing is read that is not there.
//!
//! Whole numbers are little-endian base 128 in the fewest bytes, signed ones folded (0, -1, 1, -2, ...). A length is
//! never believed beyond the bytes that are left, so that what is allocated stays a small multiple of what came in.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::schema::EnumDomain;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, MAX_COEFFICIENT, MAX_SCALE, from_mantissa};

/// Types and values within one another, beyond what the checker lets through.
const DEPTH_MAX: u32 = 256;

/// The bit beside a decimal's scale that says it is negative; zero may be, too.
const NEGATIVE: u8 = 0x80;

/// Bytes on their way to becoming a program.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    depth: u32,
    domains: BTreeMap<Vec<String>, Arc<EnumDomain>>,
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, depth: 0, domains: BTreeMap::new() }
    }

    /// Whether everything has been read.
    pub fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(taken)
    }

    /// A whole number of at most `bits` bits, in the fewest bytes.
    pub fn number(&mut self, bits: u32) -> Option<u128> {
        let mut number = 0_u128;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte()?;
            let part = u128::from(byte & 0x7f);
            if shift >= bits || part > u128::MAX.wrapping_shr(128_u32.saturating_sub(bits.saturating_sub(shift))) {
                return None;
            }
            number |= part.checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return (byte != 0 || shift == 0).then_some(number);
            }
            shift = shift.checked_add(7)?;
        }
    }

    /// How many elements follow, each of at least one byte.
    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number(32)?).ok().filter(|length| *length <= self.bytes.len())
    }

    /// Reads something that may hold its like.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= DEPTH_MAX)?;
        let found = read(self);
        self.depth = self.depth.saturating_sub(1);
        found
    }
}

/// Appends a whole number.
pub(super) fn write_number(mut number: u128, out: &mut Vec<u8>) {
    while let Ok(low) = u8::try_from(number & 0x7f) {
        number = number.wrapping_shr(7);
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// What a program is made of.
pub(super) trait Coded: Sized {
    /// Appends it.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it; nothing if this is no encoding.
    fn read(reader: &mut Reader<'_>) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($number:ty, $bits:literal;)*) => { $(
        impl Coded for $number {
            fn write(&self, out: &mut Vec<u8>) {
                write_number(u128::try_from(*self).unwrap_or(u128::MAX), out);
            }
            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                Self::try_from(reader.number($bits)?).ok()
            }
        }
    )* };
}

whole_numbers! { u8, 8; u16, 16; u32, 32; u64, 64; usize, 32; }

/// 0, -1, 1, -2, ... as 0, 1, 2, 3, ...
impl Coded for i128 {
    fn write(&self, out: &mut Vec<u8>) {
        write_number((self.wrapping_shl(1) ^ self.wrapping_shr(127)).cast_unsigned(), out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let folded = reader.number(128)?;
        Some(folded.wrapping_shr(1).cast_signed() ^ (folded & 1).cast_signed().wrapping_neg())
    }
}

impl Coded for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        i128::from(*self).write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Self::try_from(i128::read(reader)?).ok()
    }
}

impl Coded for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Coded for Date {
    fn write(&self, out: &mut Vec<u8>) {
        i64::from(self.days()).write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Self::from_days(i32::try_from(i64::read(reader)?).ok()?).ok()
    }
}

/// The scale with the sign, then the coefficient without it.
impl Coded for Decimal {
    fn write(&self, out: &mut Vec<u8>) {
        let scale = u8::try_from(self.scale()).unwrap_or_default();
        out.push(if self.is_sign_negative() { scale | NEGATIVE } else { scale });
        write_number(self.mantissa().unsigned_abs(), out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let head = reader.byte()?;
        let scale = u32::from(head & !NEGATIVE);
        let coefficient = i128::try_from(reader.number(96)?).ok().filter(|number| *number <= MAX_COEFFICIENT)?;
        let mut number = (scale <= MAX_SCALE).then(|| from_mantissa(coefficient, scale).ok())??;
        number.set_sign_negative(head & NEGATIVE != 0);
        (number.scale() == scale).then_some(number)
    }
}

impl Coded for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let length = reader.length()?;
        Some(std::str::from_utf8(reader.take(length)?).ok()?.to_owned())
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        self.iter().for_each(|element| element.write(out));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        // It grows with what was read, not with what was promised.
        let mut elements = Self::new();
        for _ in 0..reader.length()? {
            elements.push(T::read(reader)?);
        }
        Some(elements)
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        if bool::read(reader)? { T::read(reader).map(Some) } else { Some(None) }
    }
}

impl<T: Coded> Coded for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_ref().write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        T::read(reader).map(Self::new)
    }
}

impl<T: Coded> Coded for Arc<Vec<T>> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_ref().write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Vec::read(reader).map(Self::new)
    }
}

/// Equal domains become one: they are compared often, and fast where they are the same.
impl Coded for Arc<EnumDomain> {
    fn write(&self, out: &mut Vec<u8>) {
        self.values.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let values = Vec::read(reader)?;
        let domain =
            reader.domains.entry(values).or_insert_with_key(|values| Self::new(EnumDomain::new(values.clone())));
        Some(Self::clone(domain))
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(reader)?, B::read(reader)?))
    }
}

/// A struct as its fields in the given order. A field that is not named does not compile: it changes the format.
macro_rules! coded_struct {
    ($name:ty { $($field:ident),* $(,)? }) => {
        impl Coded for $name {
            fn write(&self, out: &mut Vec<u8>) {
                let Self { $($field),* } = self;
                $($field.write(out);)*
            }
            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                Some(Self { $($field: Coded::read(reader)?),* })
            }
        }
    };
}

/// An enum as the number of its variant in one byte, then what the variant holds.
macro_rules! coded_enum {
    ($name:ty { $($tag:literal $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?;)* }) => {
        impl Coded for $name {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($tag);
                        $($($item.write(out);)*)?
                        $($($field.write(out);)*)?
                    })*
                }
            }
            fn read(reader: &mut Reader<'_>) -> Option<Self> {
                reader.nested(|reader| {
                    Some(match reader.byte()? {
                        $($tag => Self::$variant
                            $(($({ let $item = Coded::read(reader)?; $item }),*))?
                            $({ $($field: Coded::read(reader)?),* })?,)*
                        _ => return None,
                    })
                })
            }
        }
    };
}

pub(super) use {coded_enum, coded_struct};

#[cfg(test)]
mod tests;
