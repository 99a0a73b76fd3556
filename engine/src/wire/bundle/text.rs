//! Bytes as text: hexadecimal, base64, digests.

use sha2::{Digest as _, Sha256};

use crate::parse::digest_text;

/// Bytes of a digest.
pub(super) const DIGEST_BYTES: usize = 32;

/// SHA-256.
pub(super) fn sha256(bytes: &[u8]) -> [u8; DIGEST_BYTES] {
    Sha256::digest(bytes).into()
}

/// `sha256:` and 64 hexadecimal digits.
pub(super) fn digest(bytes: &[u8]) -> String {
    digest_text(&sha256(bytes))
}

/// The bytes that an even number of hexadecimal digits stand for.
pub(super) fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let mut digits = text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()));
    let mut bytes = Vec::new();
    while let Some(high) = digits.next() {
        bytes.push(high?.checked_mul(16)?.checked_add(digits.next()??)?);
    }
    Some(bytes)
}

/// The bytes that base64 stands for, padded as it must be (RFC 4648).
#[must_use]
pub fn bytes_of_base64(text: &str) -> Option<Vec<u8>> {
    let body = text.trim_end_matches('=');
    let padding = text.len().saturating_sub(body.len());
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for character in body.bytes() {
        let value = match character {
            b'A'..=b'Z' => character.wrapping_sub(b'A'),
            b'a'..=b'z' => character.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => character.wrapping_sub(b'0').wrapping_add(52),
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits.wrapping_shl(6) | u32::from(value);
        held = held.wrapping_add(6);
        if held >= 8 {
            held = held.wrapping_sub(8);
            bytes.push(u8::try_from(bits.wrapping_shr(held) & 0xff).ok()?);
        }
    }
    let left_over = bits & 1_u32.wrapping_shl(held).wrapping_sub(1);
    (left_over == 0 && held.checked_div(2)? == u32::try_from(padding).ok()?).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{bytes_of_base64, bytes_of_hex};

    #[test]
    fn base64_has_one_spelling() {
        for (text, bytes) in
            [("", &b""[..]), ("Zg==", b"f"), ("Zm8=", b"fo"), ("Zm9v", b"foo"), ("+/+/", b"\xfb\xff\xbf")]
        {
            assert_eq!(bytes_of_base64(text).as_deref(), Some(bytes), "{text}");
        }
        for bad in ["Zh==", "Zm9=", "Zg=", "Zg", "Zg===", "Z===", "Zm9v!", "Zm 9v", "===="] {
            assert_eq!(bytes_of_base64(bad), None, "{bad}");
        }
    }

    #[test]
    fn hexadecimal_digits_come_in_pairs() {
        assert_eq!(bytes_of_hex("00fF").as_deref(), Some(&[0, 255][..]));
        assert_eq!(bytes_of_hex("0"), None);
        assert_eq!(bytes_of_hex("0g"), None);
    }
}
