//! The name of a ruleset's content.

use sha2::{Digest as _, Sha256};

use super::text::normalise;
use crate::value::ordered::Map;

/// `sha256:` and 64 hexadecimal digits over files.
///
/// Per file, in the order of their paths as bytes, the hash takes in: the length of the path in bytes as 64 bits little
/// endian, the path in UTF-8, the length of the content likewise, the content. The content is taken after removal of a
/// BOM and with CRLF turned into LF, and nothing else is changed. No two different sets of files give the same input.
///
/// ```
/// use trutina_engine::parse::digest_of;
/// let unix = digest_of([("a.csv", b"x\n".as_slice())]);
/// let windows = digest_of([("a.csv", b"\xEF\xBB\xBFx\r\n".as_slice())]);
/// assert_eq!(unix, windows);
/// assert_ne!(unix, digest_of([("a.cs", b"vx\n".as_slice())]));
/// ```
#[must_use]
pub fn digest_of<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> String {
    let ordered: Map<&str, &[u8]> = files.into_iter().collect();
    digest_in_order(ordered.iter().map(|(path, bytes)| (*path, *bytes)))
}

/// As [`digest_of`], of files whose paths ascend.
pub(crate) fn digest_in_order<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> String {
    let mut hash = Sha256::new();
    for (path, bytes) in files {
        let content = normalise(bytes);
        for part in [path.as_bytes(), content.as_ref()] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part);
        }
    }
    digest_text(&hash.finalize())
}

/// `sha256:` and hexadecimal digits.
pub(crate) fn digest_text(hash: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in hash {
        for digit in [byte >> 4, byte & 0xf] {
            text.extend(char::from_digit(digit.into(), 16));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::digest_of;

    #[test]
    fn the_layout_is_fixed() {
        // printf '\1\0\0\0\0\0\0\0a\2\0\0\0\0\0\0\0x\n' | sha256sum
        let expected = "sha256:23203e7f8bde85297020dcf1c4ac450a1eee95d8ba452ff46784ae20a901a5d3";
        assert_eq!(digest_of([("a", b"x\r\n".as_slice())]), expected);
    }

    #[test]
    fn order_does_not_matter_and_borders_do() {
        let one = digest_of([("a", b"1".as_slice()), ("b", b"2".as_slice())]);
        assert_eq!(one, digest_of([("b", b"2".as_slice()), ("a", b"1".as_slice())]));
        assert_ne!(one, digest_of([("a", b"1b2".as_slice())]));
    }
}
