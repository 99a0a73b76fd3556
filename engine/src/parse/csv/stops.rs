//! Where fields without quotes end: at a comma, a line feed or a quote, looked for eight bytes at a time.

const EACH: u64 = 0x0101_0101_0101_0101;
const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;

/// Eight bytes, and which of them end a field.
pub(super) struct Stops<'b> {
    bytes: &'b [u8],
    /// Where the eight bytes begin.
    word: usize,
    /// The high bit of each byte that ends a field.
    found: u64,
}

impl<'b> Stops<'b> {
    /// Looks from the first byte on.
    #[inline]
    pub const fn new(bytes: &'b [u8]) -> Self {
        let mut stops = Self { bytes, word: 0, found: 0 };
        stops.load();
        stops
    }

    /// The first stop at `at` or behind it. No call asks about a place before that of the call before it.
    #[inline]
    pub const fn next(&mut self, at: usize) -> Option<usize> {
        if at.saturating_sub(self.word) >= 8 {
            self.word = at;
            self.load();
        }
        let passed = at.saturating_sub(self.word).wrapping_mul(8) & 63;
        let mut found = self.found & u64::MAX << passed;
        while found == 0 {
            let next = self.word.saturating_add(8);
            if next >= self.bytes.len() {
                return None;
            }
            self.word = next;
            self.load();
            found = self.found;
        }
        Some(self.word.saturating_add(found.trailing_zeros() as usize >> 3))
    }

    #[inline]
    const fn load(&mut self) {
        let (_, rest) = match self.bytes.split_at_checked(self.word) {
            Some(parts) => parts,
            None => (self.bytes, &[] as &[u8]),
        };
        let word = match rest.first_chunk::<8>() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => fewer(rest),
        };
        self.found = equal(word, b',') | equal(word, b'\n') | equal(word, b'"');
    }
}

/// Up to seven bytes, and zeros behind them.
#[cold]
const fn fewer(bytes: &[u8]) -> u64 {
    let mut word = 0;
    let mut rest = bytes;
    while let [before @ .., last] = rest {
        word = word << 8 | *last as u64;
        rest = before;
    }
    word
}

/// The high bit of each byte that is `byte`, and no other.
#[inline]
const fn equal(word: u64, byte: u8) -> u64 {
    let differs = word ^ EACH.wrapping_mul(byte as u64);
    !((differs & LOW).wrapping_add(LOW) | differs | LOW)
}

#[cfg(test)]
mod tests {
    use super::Stops;
    use proptest::prelude::*;

    fn all(bytes: &[u8]) -> Vec<usize> {
        let mut stops = Stops::new(bytes);
        let mut at = 0_usize;
        std::iter::from_fn(|| {
            let stop = stops.next(at)?;
            at = stop.saturating_add(1);
            Some(stop)
        })
        .collect()
    }

    fn slowly(bytes: &[u8]) -> Vec<usize> {
        let stops = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b',' | b'\n' | b'"'));
        stops.map(|(at, _)| at).collect()
    }

    proptest! {
        #[test]
        fn finds_what_a_slow_search_finds(
            bytes in prop::collection::vec(prop::sample::select(&b",,\n\"-!#\x0b\x8a\xac\xa2ab\0\x7f\x80\xff"[..]), 0..64),
        ) {
            prop_assert_eq!(all(&bytes), slowly(&bytes));
        }

        #[test]
        fn finds_the_next_one_from_any_place(
            bytes in prop::collection::vec(prop::sample::select(&b",\n\"abcdef"[..]), 0..64),
            steps in prop::collection::vec(0_usize..12, 0..20),
        ) {
            let mut stops = Stops::new(&bytes);
            let mut at = 0_usize;
            for step in steps {
                at = at.saturating_add(step);
                prop_assert_eq!(stops.next(at), slowly(&bytes).into_iter().find(|stop| *stop >= at), "from {}", at);
            }
        }
    }
}
