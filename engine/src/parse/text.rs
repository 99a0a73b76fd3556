//! From bytes to text: UTF-8, line ends, positions, and characters that look like others.

use std::borrow::Cow;

use super::composition::is_composed;
use crate::diagnostic::{FileId, Span};

/// Bytes after removal of a BOM and with CRLF turned into LF; nothing else changes. This is what a digest is taken of.
#[must_use]
pub fn normalise(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if line_end(bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((head, tail)) = line_end(rest).and_then(|at| rest.split_at_checked(at)) {
        out.extend_from_slice(head);
        rest = tail.strip_prefix(b"\r").unwrap_or(tail);
        // the line feed stays in `rest`
        let (line_feed, after) = rest.split_at_checked(1).unwrap_or((rest, &[]));
        out.extend_from_slice(line_feed);
        rest = after;
    }
    out.extend_from_slice(rest);
    Cow::Owned(out)
}

/// Where the first CRLF begins.
fn line_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\r', bytes).find(|at| bytes.get(at.saturating_add(1)) == Some(&b'\n'))
}

/// Why bytes are not UTF-8, in words: what is wrong and how to mend it.
#[must_use]
pub fn explain_encoding(bytes: &[u8]) -> (&'static str, &'static str) {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return ("this is UTF-16, not UTF-8", "save the file as UTF-8");
    }
    if looks_like_gb18030(bytes) {
        return (
            "this is not UTF-8; the bytes look like GB18030 (GBK, GB2312)",
            "save the file as UTF-8 (in a spreadsheet: `CSV UTF-8`), or convert it from GB18030",
        );
    }
    ("this is not UTF-8", "save the file as UTF-8; text in GB18030 or another encoding must be converted first")
}

/// Whether every sequence beyond ASCII is one of GB18030's two or four bytes.
#[must_use]
pub fn looks_like_gb18030(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let mut found = false;
    loop {
        rest = match rest {
            [] => return found,
            [0..=0x7F, tail @ ..] => tail,
            [0x81..=0xFE, 0x40..=0x7E | 0x80..=0xFE, tail @ ..] => {
                found = true;
                tail
            }
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, tail @ ..] => {
                found = true;
                tail
            }
            _ => return false,
        };
    }
}

/// Turns byte offsets of a text into lines and columns.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    /// Offset of each line's first byte.
    starts: Vec<usize>,
    /// Columns that stood before each line's first character in the file (shorthand manifests).
    shifts: Vec<u32>,
}

impl<'t> Lines<'t> {
    /// Lines of a whole file.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at.saturating_add(1)))
            .collect();
        Self { text, starts, shifts: Vec::new() }
    }

    /// Lines of a text whose lines lost so many leading columns each.
    #[must_use]
    pub fn shifted(text: &'t str, shifts: Vec<u32>) -> Self {
        Self { shifts, ..Self::new(text) }
    }

    /// Line and column of a byte offset, both from 1.
    #[must_use]
    pub fn position(&self, offset: usize) -> (u32, u32) {
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or_default();
        let end = self.floor(offset);
        let columns = self.text.get(start..end).map_or(0, |head| head.chars().count());
        let shift = self.shifts.get(index).copied().unwrap_or_default();
        (count(index).saturating_add(1), count(columns).saturating_add(1).saturating_add(shift))
    }

    /// The span of a range of bytes.
    #[must_use]
    pub fn span(&self, file: FileId, range: std::ops::Range<usize>) -> Span {
        let (line, column) = self.position(range.start);
        let (end_line, end_column) = self.position(range.end.max(range.start));
        Span { file, line, column, end_line, end_column }
    }

    /// The nearest boundary of a character at or before `offset`.
    fn floor(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while at > 0 && !self.text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        at
    }
}

/// A number of lines or columns, as spans hold it.
#[must_use]
pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What is odd about a text that is compared character by character, if anything: `holds the invisible character U+200B`.
///
/// ```
/// use trutina_engine::parse::text::oddity;
/// assert_eq!(oddity("plain 文字"), None);
/// assert!(oddity("zero\u{200B}width").unwrap().contains("U+200B"));
/// assert!(oddity("cafe\u{301}").unwrap().contains("NFC"));
/// ```
#[must_use]
pub fn oddity(text: &str) -> Option<String> {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return None;
    }
    if let Some(found) = text.chars().find(|character| is_invisible(*character)) {
        return Some(format!("holds the invisible character U+{:04X}", u32::from(found)));
    }
    (!is_composed(text)).then(|| {
        "is not in Unicode's composed form (NFC), so that it may differ from a text that looks the same".to_owned()
    })
}

/// Characters without a shape of their own, and blanks other than the space.
fn is_invisible(character: char) -> bool {
    let blank = character.is_whitespace() && !matches!(character, ' ' | '\n' | '\t');
    let control = character.is_control() && !matches!(character, '\n' | '\t');
    blank
        || control
        || matches!(u32::from(character),
            0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB
            | 0xE0000..=0xE0FFF)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bom_and_crlf_go_and_nothing_else() {
        assert_eq!(normalise(b"\xEF\xBB\xBFa\r\nb\rc\n\r\n").as_ref(), b"a\nb\rc\n\n");
        assert_eq!(normalise(b"\r\r\n\n").as_ref(), b"\r\n\n");
    }

    #[test]
    fn encodings_are_named() {
        assert!(explain_encoding(b"\xC0\xED\xB2\xC6").0.contains("GB18030"));
        assert!(explain_encoding(b"\xFF\xFEa\0").0.contains("UTF-16"));
        assert!(explain_encoding(b"caf\xE9").1.contains("GB18030"));
    }

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("ab\n理财x\n");
        assert_eq!(lines.position(0), (1, 1));
        assert_eq!(lines.position(3), (2, 1));
        assert_eq!(lines.position(9), (2, 3));
        assert_eq!(lines.position(11), (3, 1));
        assert_eq!(Lines::shifted("a\nb", vec![4, 3]).position(2), (2, 4));
    }

    proptest! {
        #[test]
        fn normalise_equals_the_plain_replacement(text in "[a\r\n\u{FEFF}]{0,40}") {
            let plain = text.strip_prefix('\u{FEFF}').unwrap_or(&text).replace("\r\n", "\n");
            let normal = normalise(text.as_bytes()).into_owned();
            prop_assert_eq!(String::from_utf8(normal).unwrap(), plain);
        }

        #[test]
        fn arbitrary_bytes_do_not_stop_it(bytes in any::<Vec<u8>>(), at in 0_usize..200) {
            let _ = explain_encoding(&bytes);
            let text = String::from_utf8_lossy(&normalise(&bytes)).into_owned();
            let (line, column) = Lines::new(&text).position(at);
            prop_assert!(line >= 1 && column >= 1);
            let _ = oddity(&text);
        }
    }
}
