//! The primitives of a serialised program: every value has exactly one encoding, and nothing is read that is not there.
//!
//! Whole numbers are little-endian base 128 in the fewest bytes, signed ones folded (0, -1, 1, -2, ...). A length is
//! never believed beyond the bytes that are left, so that what is allocated stays a small multiple of what came in.

use std::sync::Arc;

use crate::schema::EnumDomain;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, from_mantissa};

/// Types and values within one another, beyond what the checker lets through.
const DEPTH_MAX: u32 = 256;

/// The bit beside a decimal's scale that says it is negative; zero may be, too.
const NEGATIVE: u8 = 0x80;

/// Different domains of which equal ones are found: more than a ruleset has, few enough to be kept in a list.
const DOMAINS_MAX: usize = 4096;

/// Bytes on their way to becoming a program.
///
/// Reading never fails on the spot: after the first fault nothing is left to be read, and whatever is asked for is zero,
/// empty, or the first of its kinds, none of which holds its like. So reading comes to its end at once, and only
/// [`Reader::finish`] tells whether what came out is what went in. The code for giving up half-way, which would have to
/// stand behind every field, would be half of the reader.
#[derive(Debug)]
pub(super) struct Reader<'b> {
    bytes: &'b [u8],
    /// Nothing was wrong so far.
    sound: bool,
    depth: u32,
    /// Ascending.
    domains: Vec<Arc<EnumDomain>>,
}

impl<'b> Reader<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, sound: true, depth: 0, domains: Vec::new() }
    }

    /// Whether everything has been read and nothing was wrong.
    pub const fn finish(&self) -> bool {
        self.sound && self.bytes.is_empty()
    }

    /// Ends reading unless this holds.
    pub fn demand(&mut self, holds: bool) {
        if !holds {
            self.sound = false;
            self.bytes = &[];
        }
    }

    pub fn byte(&mut self) -> u8 {
        if let Some((first, rest)) = self.bytes.split_first() {
            self.bytes = rest;
            return *first;
        }
        self.demand(false);
        0
    }

    fn take(&mut self, length: usize) -> &'b [u8] {
        if let Some((taken, rest)) = self.bytes.split_at_checked(length) {
            self.bytes = rest;
            return taken;
        }
        self.demand(false);
        &[]
    }

    /// A whole number of at most `bits` bits, 64 at most, in the fewest bytes.
    pub fn number(&mut self, bits: u32) -> u64 {
        u64::try_from(self.wide(bits)).unwrap_or_default()
    }

    /// A whole number of at most `bits` bits in the fewest bytes.
    fn wide(&mut self, bits: u32) -> u128 {
        let mut number = 0_u128;
        let mut shift = 0_u32;
        loop {
            let byte = self.byte();
            let part = u128::from(byte & 0x7f);
            let room = u128::MAX.wrapping_shr(128_u32.saturating_sub(bits.saturating_sub(shift)));
            self.demand(shift < bits && part <= room && (byte != 0 || shift == 0));
            number |= part.wrapping_shl(shift);
            shift = shift.wrapping_add(7);
            if byte & 0x80 == 0 || !self.sound {
                return if self.sound { number } else { 0 };
            }
        }
    }

    /// How many elements follow, each of at least one byte.
    fn length(&mut self) -> usize {
        let length = usize::try_from(self.number(32)).unwrap_or(usize::MAX);
        self.demand(length <= self.bytes.len());
        if self.sound { length } else { 0 }
    }

    /// Begins something of several kinds, which may hold its like; the number of its kind.
    pub fn begin(&mut self) -> u8 {
        self.depth = self.depth.saturating_add(1);
        self.demand(self.depth <= DEPTH_MAX);
        self.byte()
    }

    /// Ends what was begun.
    pub fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
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
    /// Reads it; [`Reader::finish`] tells whether it was there.
    fn read(reader: &mut Reader<'_>) -> Self;
}

macro_rules! whole_numbers {
    ($($number:ty, $bits:literal;)*) => { $(
        impl Coded for $number {
            fn write(&self, out: &mut Vec<u8>) {
                write_number(u128::try_from(*self).unwrap_or(u128::MAX), out);
            }
            fn read(reader: &mut Reader<'_>) -> Self {
                Self::try_from(reader.number($bits)).unwrap_or_default()
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

    fn read(reader: &mut Reader<'_>) -> Self {
        let folded = reader.wide(128);
        folded.wrapping_shr(1).cast_signed() ^ (folded & 1).cast_signed().wrapping_neg()
    }
}

/// As that of 128 bits; what has 64 bits has 64 folded.
impl Coded for i64 {
    fn write(&self, out: &mut Vec<u8>) {
        i128::from(*self).write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let folded = reader.number(64);
        folded.wrapping_shr(1).cast_signed() ^ (folded & 1).cast_signed().wrapping_neg()
    }
}

impl Coded for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let byte = reader.byte();
        reader.demand(byte <= 1);
        byte == 1
    }
}

impl Coded for Date {
    fn write(&self, out: &mut Vec<u8>) {
        i64::from(self.days()).write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let date = i32::try_from(i64::read(reader)).ok().and_then(|days| Self::from_days(days).ok());
        reader.demand(date.is_some());
        date.unwrap_or(Self::MIN)
    }
}

/// The scale with the sign, then the coefficient without it.
impl Coded for Decimal {
    fn write(&self, out: &mut Vec<u8>) {
        let scale = u8::try_from(self.scale()).unwrap_or_default();
        out.push(if self.is_sign_negative() { scale | NEGATIVE } else { scale });
        write_number(self.mantissa().unsigned_abs(), out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let head = reader.byte();
        let scale = u32::from(head & !NEGATIVE);
        // Of at most 96 bits, so that it fits.
        let coefficient = reader.wide(96).cast_signed();
        let mut number = from_mantissa(coefficient, scale).unwrap_or_default();
        number.set_sign_negative(head & NEGATIVE != 0);
        reader.demand(number.scale() == scale);
        number
    }
}

impl Coded for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let length = reader.length();
        let text = std::str::from_utf8(reader.take(length));
        reader.demand(text.is_ok());
        text.unwrap_or_default().to_owned()
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.len().write(out);
        self.iter().for_each(|element| element.write(out));
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        // It grows with what was read, not with what was promised.
        let mut elements = Self::new();
        let length = reader.length();
        while reader.sound && elements.len() < length {
            elements.push(T::read(reader));
        }
        elements
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        bool::read(reader).then(|| T::read(reader))
    }
}

impl<T: Coded> Coded for Box<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_ref().write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self::new(T::read(reader))
    }
}

impl<T: Coded> Coded for Arc<Vec<T>> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_ref().write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        Self::new(Vec::read(reader))
    }
}

/// Equal domains become one: they are compared often, and fast where they are the same.
impl Coded for Arc<EnumDomain> {
    fn write(&self, out: &mut Vec<u8>) {
        self.values.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        let values = Vec::read(reader);
        match reader.domains.binary_search_by(|known| known.values.cmp(&values)) {
            Ok(place) => reader.domains.get(place).cloned().unwrap_or_default(),
            Err(place) => {
                let domain = Self::new(EnumDomain::new(values));
                if reader.domains.len() < DOMAINS_MAX {
                    reader.domains.insert(place, Self::clone(&domain));
                }
                domain
            }
        }
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Self {
        (A::read(reader), B::read(reader))
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
            fn read(reader: &mut Reader<'_>) -> Self {
                Self { $($field: Coded::read(reader)),* }
            }
        }
    };
}

/// An enum as the number of its variant in one byte, then what the variant holds. The first one holds nothing of its own
/// kind: it is what a reader gives that has come upon a fault.
macro_rules! coded_enum {
    ($name:ty {
        0 $first:ident $(($($first_item:ident),*))? $({ $($first_field:ident),* })?;
        $($tag:literal $variant:ident $(($($item:ident),*))? $({ $($field:ident),* })?;)*
    }) => {
        impl Coded for $name {
            fn write(&self, out: &mut Vec<u8>) {
                match self {
                    Self::$first $(($($first_item),*))? $({ $($first_field),* })? => {
                        out.push(0);
                        $($($first_item.write(out);)*)?
                        $($($first_field.write(out);)*)?
                    }
                    $(Self::$variant $(($($item),*))? $({ $($field),* })? => {
                        out.push($tag);
                        $($($item.write(out);)*)?
                        $($($field.write(out);)*)?
                    })*
                }
            }
            fn read(reader: &mut Reader<'_>) -> Self {
                let tag = reader.begin();
                let read = match tag {
                    $($tag => Self::$variant
                        $(($({ let $item = Coded::read(reader); $item }),*))?
                        $({ $($field: Coded::read(reader)),* })?,)*
                    _ => {
                        reader.demand(tag == 0);
                        Self::$first
                            $(($({ let $first_item = Coded::read(reader); $first_item }),*))?
                            $({ $($first_field: Coded::read(reader)),* })?
                    }
                };
                reader.end();
                read
            }
        }
    };
}

pub(super) use {coded_enum, coded_struct};

#[cfg(test)]
mod tests;
