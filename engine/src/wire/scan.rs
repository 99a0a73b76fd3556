//! How far a text of JSON goes on without anything special in it: eight bytes at a time.

const EACH: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the first quote, backslash or control character below U+0020 stands.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn first_special(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0_usize;
    for word in words {
        let found = specials(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(at.wrapping_add(found.trailing_zeros() as usize >> 3));
        }
        at = at.wrapping_add(8);
    }
    rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).map(|place| at.wrapping_add(place))
}

/// The high bit of the first special byte, counted from the lowest; bytes behind it may carry one for nothing.
#[cfg_attr(trutina_wasm, optimize(speed))]
const fn specials(word: u64) -> u64 {
    let control = below(0x20, word);
    let quote = below(1, word ^ EACH.wrapping_mul(0x22));
    let backslash = below(1, word ^ EACH.wrapping_mul(0x5c));
    (control | quote | backslash) & HIGH
}

#[cfg_attr(trutina_wasm, optimize(speed))]
const fn below(limit: u64, word: u64) -> u64 {
    word.wrapping_sub(EACH.wrapping_mul(limit)) & !word
}

#[cfg(test)]
mod tests {
    use super::first_special;
    use proptest::prelude::*;

    fn slowly(bytes: &[u8]) -> Option<usize> {
        bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))
    }

    proptest! {
        #[test]
        fn finds_what_a_slow_search_finds(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert_eq!(first_special(&bytes), slowly(&bytes));
        }

        #[test]
        fn finds_what_stands_among_plain_bytes(
            plain in prop::collection::vec(prop::sample::select(&[0x20_u8, 0x21, 0x23, 0x5b, 0x5d, 0x7f, 0x80, 0xa2, 0xdc, 0xff][..]), 0..40),
            special in prop::sample::select(&[0_u8, 1, 0x1f, b'"', b'\\'][..]),
        ) {
            prop_assert_eq!(first_special(&plain), None);
            let bytes = [&plain[..], &[special], &plain[..]].concat();
            prop_assert_eq!(first_special(&bytes), Some(plain.len()));
        }
    }
}
