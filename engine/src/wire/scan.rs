//! Bytes looked at eight at a time: where something special stands in a text of JSON, where a line ends, which keys may be equal.

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

/// Where the first line feed stands.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn first_newline(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut at = 0_usize;
    for word in words {
        let found = below(1, u64::from_le_bytes(*word) ^ EACH.wrapping_mul(0x0a)) & HIGH;
        if found != 0 {
            return Some(at.wrapping_add(found.trailing_zeros() as usize >> 3));
        }
        at = at.wrapping_add(8);
    }
    rest.iter().position(|byte| *byte == b'\n').map(|place| at.wrapping_add(place))
}

/// What stands between line feeds.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn split_lines(mut text: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    while let Some((line, rest)) = first_newline(text).and_then(|at| text.split_at_checked(at)) {
        lines.push(line);
        text = rest.get(1..).unwrap_or_default();
    }
    lines.push(text);
    lines
}

/// A number below 512 that equal keys share and few others.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(super) fn bucket(key: &str) -> usize {
    let bytes = key.as_bytes();
    let mixed = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => u64::from_le_bytes(*first).rotate_left(5) ^ u64::from_le_bytes(*last),
        _ => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55) as usize
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
    use super::{bucket, first_newline, first_special, split_lines};
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
        fn a_line_ends_at_its_first_line_feed(bytes in prop::collection::vec(prop::sample::select(&[b'a', 0, 9, 10, 11, 0x8a][..]), 0..40)) {
            prop_assert_eq!(first_newline(&bytes), bytes.iter().position(|byte| *byte == b'\n'));
            prop_assert!(bytes.split(|byte| *byte == b'\n').eq(split_lines(&bytes)));
        }

        #[test]
        fn a_bucket_is_small(key in ".{0,20}") {
            prop_assert!(bucket(&key) < 512);
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
