//! Unicode's composed form (NFC), and which characters are combining marks.
//!
//! A library knows both, but brings 64 KB of tables into the WebAssembly module, which hardly shrink when it is
//! compressed. Here the same facts take 5 KB. Tests write them from that library and compare the two on every character.

use std::sync::LazyLock;

/// Two tables, column after column, which compresses better than row after row: runs of characters of one class (the gap
/// before each, its length, its class), and pairs that compose (the whole, its first and its second part, each as the
/// difference from the row before).
const DATA: &[u8] = include_bytes!("composition.bin");

/// Decoded when a text asks first. Most rulesets never do: see `is_calm`.
static TABLES: LazyLock<Tables> = LazyLock::new(|| Tables::decoded(DATA));

/// Classes beyond the canonical combining classes, which end at 240: a character that no composed text holds,
const NEVER: u8 = 241;
/// the same, being a mark,
const NEVER_MARK: u8 = 242;
/// a letter that may join the one before it, as marks may,
const JOINING: u8 = 243;
/// and a mark of the combining class 0.
#[cfg(test)]
const MARK: u8 = 244;

/// Whether a text is in Unicode's composed form (NFC).
///
/// Decomposes, orders and composes by the rules of Unicode's annex 15, if a look at each character leaves doubts.
pub(super) fn is_composed(text: &str) -> bool {
    let mut doubtful = false;
    let mut before = (0, 0);
    for character in text.chars().map(u32::from) {
        let class = class(character);
        let combining = combining(class);
        let wrong = match (class, combining) {
            (NEVER | NEVER_MARK, _) => true,
            (0, _) => is_syllable(before.0, character),
            // what is of class 0 joins its neighbour or nothing
            (_, 0) => TABLES.joined(before.0, TABLES.head(character)).is_some(),
            _ => combining < before.1,
        };
        if wrong {
            return false;
        }
        doubtful = doubtful || (combining != 0 && TABLES.last_with(character).is_some());
        before = (character, combining);
    }
    !doubtful || recomposed(text).into_iter().eq(text.chars().map(u32::from))
}

/// Whether a character is a combining mark, which belongs to the letter before it.
pub(super) fn is_mark(character: char) -> bool {
    !matches!(class(u32::from(character)), 0 | NEVER | JOINING)
}

/// The canonical combining class, or one of the classes beyond.
fn class(character: u32) -> u8 {
    if is_calm(character) {
        return 0;
    }
    let runs = &TABLES.runs;
    let run = runs.get(runs.partition_point(|run| run.last < character));
    run.filter(|run| run.first <= character).map_or(0, |run| run.class)
}

/// Latin, kana, Chinese and Korean characters that are all of class 0, so that most texts leave without the tables.
fn is_calm(character: u32) -> bool {
    matches!(character, ..0x300 | 0x309B..=0xA66E | 0xAC00..=0xF8FF)
}

fn combining(class: u8) -> u8 {
    if class < NEVER { class } else { 0 }
}

/// Whether two characters are parts of one Korean syllable, which only neighbours are: a consonant and a vowel, or a
/// syllable without a last consonant and a last consonant.
fn is_syllable(first: u32, second: u32) -> bool {
    match second {
        0x1161..=0x1175 => (0x1100..=0x1112).contains(&first),
        0x11A8..=0x11C2 => (0xAC00..=0xD7A3).contains(&first) && first.wrapping_sub(0xAC00).is_multiple_of(28),
        _ => false,
    }
}

/// The composed form, but for Korean syllables, of a text without characters that no composed text holds.
fn recomposed(text: &str) -> Vec<u32> {
    let mut parts: Vec<(u8, u32)> = Vec::new();
    for character in text.chars() {
        decompose(u32::from(character), &mut parts);
    }
    composed(&parts)
}

/// Adds the parts of a character, marks in the order of their classes.
fn decompose(character: u32, parts: &mut Vec<(u8, u32)>) {
    let mut rest = character;
    let mut seconds = Vec::new();
    while let Some(pair) = TABLES.pair_of(rest) {
        seconds.push(pair.second);
        rest = pair.first;
    }
    for part in std::iter::once(rest).chain(seconds.into_iter().rev()) {
        let class = combining(class(part));
        // a mark moves before the marks of higher classes; a starter (class 0) moves nowhere
        let above = parts.iter().rev().take_while(|(other, _)| class != 0 && *other > class).count();
        parts.insert(parts.len().saturating_sub(above), (class, part));
    }
}

/// Every starter takes up the marks and letters behind it that it composes with, unless something stands between.
fn composed(parts: &[(u8, u32)]) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    let mut starter: Option<usize> = None;
    let mut between: Option<u8> = None;
    for (class, part) in parts {
        let free = between.is_none_or(|other| other != 0 && other < *class);
        let base = starter.and_then(|at| out.get_mut(at)).filter(|_| free);
        if let Some((base, joined)) = base.and_then(|base| TABLES.joined(*base, *part).map(|joined| (base, joined))) {
            *base = joined;
            continue;
        }
        if *class == 0 {
            starter = Some(out.len());
            between = None;
        } else {
            between = Some(*class);
        }
        out.push(*part);
    }
    out
}

struct Tables {
    /// In order.
    runs: Vec<Run>,
    /// In order of the wholes.
    pairs: Vec<Pair>,
    /// Every second part in order, and the last pair that it is in.
    seconds: Vec<(u32, usize)>,
}

/// Characters of one class; what stands in no run is of class 0.
#[derive(Clone, Default)]
struct Run {
    first: u32,
    last: u32,
    class: u8,
}

/// A character and the two that it is composed of. The first may be composed itself.
#[derive(Clone, Default)]
struct Pair {
    whole: u32,
    first: u32,
    second: u32,
    /// The pair before this one with the same second part.
    before: Option<usize>,
}

impl Tables {
    fn decoded(data: &[u8]) -> Self {
        let mut data = Numbers(data.iter());
        let mut runs = vec![Run::default(); data.count()];
        for run in &mut runs {
            run.first = data.number();
        }
        let mut end = 0_u32;
        for run in &mut runs {
            run.first = run.first.wrapping_add(end);
            run.last = run.first.wrapping_add(data.number());
            end = run.last;
        }
        for run in &mut runs {
            run.class = data.byte();
        }
        let mut pairs = vec![Pair::default(); data.count()];
        data.differences(pairs.iter_mut().map(|pair| &mut pair.whole));
        data.differences(pairs.iter_mut().map(|pair| &mut pair.first));
        data.differences(pairs.iter_mut().map(|pair| &mut pair.second));
        let mut seconds: Vec<(u32, usize)> = Vec::new();
        for (at, pair) in pairs.iter_mut().enumerate() {
            match place_of(pair.second, &seconds) {
                Ok(place) => pair.before = seconds.get_mut(place).map(|(_, last)| std::mem::replace(last, at)),
                Err(place) => seconds.insert(place, (pair.second, at)),
            }
        }
        Self { runs, pairs, seconds }
    }

    fn pair_of(&self, whole: u32) -> Option<&Pair> {
        self.pairs.get(self.pairs.binary_search_by_key(&whole, |pair| pair.whole).ok()?)
    }

    fn joined(&self, first: u32, second: u32) -> Option<u32> {
        let mut at = self.last_with(second);
        while let Some(pair) = at.and_then(|at| self.pairs.get(at)) {
            if pair.first == first {
                return Some(pair.whole);
            }
            at = pair.before;
        }
        None
    }

    /// What a character begins with when it is taken apart.
    fn head(&self, character: u32) -> u32 {
        let mut head = character;
        while let Some(pair) = self.pair_of(head) {
            head = pair.first;
        }
        head
    }

    /// The last pair with this second part.
    fn last_with(&self, second: u32) -> Option<usize> {
        self.seconds.get(place_of(second, &self.seconds).ok()?).map(|(_, last)| *last)
    }
}

fn place_of(second: u32, seconds: &[(u32, usize)]) -> Result<usize, usize> {
    seconds.binary_search_by_key(&second, |(other, _)| *other)
}

/// Numbers of seven bits a byte, the highest first; every byte but a number's last has its top bit set.
struct Numbers<'d>(std::slice::Iter<'d, u8>);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        self.0.next().copied().unwrap_or_default()
    }

    fn number(&mut self) -> u32 {
        let mut number = 0_u32;
        loop {
            let byte = self.byte();
            number = number << 7 | u32::from(byte & 0x7F);
            if byte < 0x80 {
                return number;
            }
        }
    }

    fn count(&mut self) -> usize {
        usize::try_from(self.number()).unwrap_or_default()
    }

    /// A column of differences, whose sign is the lowest bit.
    fn differences<'c>(&mut self, column: impl Iterator<Item = &'c mut u32>) {
        let mut last = 0_u32;
        for field in column {
            let number = self.number();
            last = last.wrapping_add(number >> 1 ^ (number & 1).wrapping_neg());
            *field = last;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "tests")]
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, is_combining_mark};
    use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

    /// The class that the library's answers amount to.
    fn class_by_library(character: char) -> u8 {
        let quick = is_nfc_quick(std::iter::once(character));
        let is_korean = matches!(character, '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}');
        match (quick, is_combining_mark(character), canonical_combining_class(character)) {
            (IsNormalized::No, false, _) => NEVER,
            (IsNormalized::No, true, _) => NEVER_MARK,
            (IsNormalized::Maybe, false, 0) if !is_korean => JOINING,
            (_, true, 0) => MARK,
            (_, _, class) => class,
        }
    }

    /// The two parts of a character, by the library.
    fn pair_by_library(whole: char) -> Option<[char; 3]> {
        let mut parts = Vec::new();
        decompose_canonical(whole, |part| parts.push(part));
        let (second, firsts) = parts.split_last()?;
        let first = firsts.iter().copied().reduce(|base, part| compose(base, part).unwrap_or(base))?;
        (compose(first, *second) == Some(whole) && !('가'..='힣').contains(&whole)).then_some([whole, first, *second])
    }

    fn pairs_by_library() -> Vec<[char; 3]> {
        ('\0'..=char::MAX).filter_map(pair_by_library).collect()
    }

    fn put_number(number: u32, out: &mut Vec<u8>) {
        let length = (1..5).find(|length| number >> (7 * length) == 0).unwrap();
        out.extend((0..length).rev().map(|at| (number >> (7 * at)) as u8 & 0x7F | u8::from(at > 0) << 7));
    }

    fn put_differences(column: impl Iterator<Item = char>, out: &mut Vec<u8>) {
        let mut last = 0;
        for character in column.map(|character| i32::try_from(u32::from(character)).unwrap()) {
            let difference = character - last;
            put_number((difference << 1 ^ difference >> 31).cast_unsigned(), out);
            last = character;
        }
    }

    /// `composition.bin`, written from what the library says.
    fn written() -> Vec<u8> {
        let mut runs: Vec<Run> = Vec::new();
        for character in '\0'..=char::MAX {
            let (class, code) = (class_by_library(character), u32::from(character));
            match runs.last_mut() {
                Some(run) if run.last + 1 == code && run.class == class => run.last = code,
                _ if class != 0 => runs.push(Run { first: code, last: code, class }),
                _ => {}
            }
        }
        let mut out = Vec::new();
        put_number(u32::try_from(runs.len()).unwrap(), &mut out);
        let ends = std::iter::once(0).chain(runs.iter().map(|run| run.last));
        runs.iter().zip(ends).for_each(|(run, end)| put_number(run.first - end, &mut out));
        runs.iter().for_each(|run| put_number(run.last - run.first, &mut out));
        out.extend(runs.iter().map(|run| run.class));
        let pairs = pairs_by_library();
        put_number(u32::try_from(pairs.len()).unwrap(), &mut out);
        put_differences(pairs.iter().map(|[whole, ..]| *whole), &mut out);
        put_differences(pairs.iter().map(|[_, first, _]| *first), &mut out);
        put_differences(pairs.iter().map(|[.., second]| *second), &mut out);
        out
    }

    #[test]
    fn the_data_are_the_librarys() {
        let written = written();
        #[expect(clippy::disallowed_methods, reason = "tests write what they compare with")]
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/parse/composition.bin"), &written).unwrap();
            return;
        }
        assert!(
            written == DATA,
            "unicode-normalization gives other data than composition.bin; \
             `UPDATE_GOLDEN=1 cargo test -p trutina-engine composition` writes the file anew, then test again"
        );
    }

    fn assert_alike(text: &str) {
        assert_eq!(is_composed(text), text.nfc().eq(text.chars()), "{}", text.escape_unicode());
    }

    /// Every character alone, and those that are not plain letters to the library in the company of others, too.
    #[test]
    fn every_character_is_what_the_library_says() {
        for character in '\0'..=char::MAX {
            let code = u32::from(character);
            let class = class(code);
            assert_eq!(class, class_by_library(character), "{code:X}");
            assert_eq!(is_mark(character), is_combining_mark(character), "{code:X}");
            let quick = is_nfc_quick(std::iter::once(character));
            let joins_syllable = ['\u{1100}', '가'].map(|first| is_syllable(u32::from(first), code)).contains(&true);
            if quick != IsNormalized::No {
                assert_eq!(combining(class), canonical_combining_class(character), "{code:X}");
                let doubtful = joins_syllable || (class != 0 && TABLES.last_with(TABLES.head(code)).is_some());
                assert_eq!(doubtful, quick == IsNormalized::Maybe, "{code:X}");
            }
            let mut parts = Vec::new();
            decompose_canonical(character, |part| parts.push(part));
            if class == 0 && !joins_syllable && parts == [character] {
                assert!(is_composed(character.encode_utf8(&mut [0; 4])), "{code:X}");
                continue;
            }
            assert_alike(&String::from(character));
            assert_alike(&String::from_iter(['a', character]));
            assert_alike(&String::from_iter([character, '\u{323}']));
            assert_alike(&String::from_iter(['e', character, '\u{301}']));
        }
    }

    /// Every character that is part of another or has parts, with every second part, neighbours or not.
    #[test]
    fn every_pair_is_what_the_library_says() {
        let pairs = pairs_by_library();
        let hangul =
            "\u{1100}\u{1112}\u{1113}\u{1160}\u{1161}\u{1175}\u{1176}\u{11A7}\u{11A8}\u{11C2}\u{11C3}가각갛개힣힤";
        let firsts: BTreeSet<char> = pairs.iter().flatten().copied().chain(hangul.chars()).collect();
        let seconds: BTreeSet<char> = pairs.iter().map(|[.., second]| *second).chain(hangul.chars()).collect();
        for first in &firsts {
            for second in &seconds {
                assert_alike(&String::from_iter([*first, *second]));
                assert_alike(&String::from_iter([*first, '\u{330}', *second]));
            }
        }
        for [whole, first, second] in pairs {
            assert!(!is_composed(&String::from_iter([first, second])), "{whole}");
            assert_eq!(TABLES.joined(first.into(), second.into()), Some(whole.into()), "{whole}");
        }
    }

    /// Letters and marks that compose, reorder and block one another, Hangul, and what stays apart.
    fn knotty() -> impl Strategy<Value = String> {
        let pool = "aeoqsAKΩが각한\u{1100}\u{1161}\u{11a8}\u{301}\u{323}\u{307}\u{328}\u{304}\u{345}\u{93c}\u{915}\u{958}\u{e9}\u{1ed9}\u{212b}\u{1e69}\u{3099}\u{fb1d}\u{1d15e}\u{110ba}\u{11099}";
        let pool: Vec<char> = pool.chars().collect();
        proptest::collection::vec(proptest::sample::select(pool), 0..9).prop_map(|chars| chars.into_iter().collect())
    }

    /// Parts of pairs and marks of every script, as they come.
    fn parts() -> impl Strategy<Value = String> {
        let marks = ('\0'..=char::MAX).filter(|character| is_combining_mark(*character));
        let pool: Vec<char> = pairs_by_library().into_iter().flatten().chain(marks).collect();
        proptest::collection::vec(proptest::sample::select(pool), 0..9).prop_map(|chars| chars.into_iter().collect())
    }

    /// Words of one script each: Latin, Greek, Cyrillic, Hebrew and Arabic, the scripts of India, Tibetan, Burmese,
    /// Korean, Japanese, and beyond the first plane.
    const SCRIPTS: &str = "[a-zÀ-ɏ\u{300}-\u{345}Ḁ-ỿ]{0,9}|[Ͱ-Ͽἀ-῿\u{300}-\u{345}]{0,9}|[Ѐ-ӿ\u{300}-\u{30f}]{0,9}\
        |[\u{591}-ۿ]{0,9}|[\u{900}-\u{97f}]{0,9}|[\u{980}-\u{9ff}]{0,9}|[\u{b00}-\u{bff}]{0,9}|[\u{c00}-\u{d7f}]{0,9}\
        |[\u{d80}-\u{ddf}]{0,9}|[\u{f00}-\u{fbf}]{0,9}|[\u{1000}-\u{103f}]{0,9}|[\u{1100}-\u{11ff}가-갛]{0,9}\
        |[\u{3040}-\u{30ff}]{0,9}|[\u{11080}-\u{1115f}]{0,9}|[\u{11340}-\u{113cf}\u{114a0}-\u{115bf}]{0,9}";

    proptest! {
        #[test]
        fn composed_is_what_the_library_composes(
            knotty in knotty(), parts in parts(), script in SCRIPTS, any in "\\PC{0,8}",
        ) {
            for text in [knotty, parts, script, any] {
                prop_assert_eq!(is_composed(&text), text.nfc().eq(text.chars()), "{:?}", text);
                let whole: String = text.nfc().collect();
                prop_assert!(is_composed(&whole), "{:?}", whole);
                let apart: String = text.nfd().collect();
                prop_assert_eq!(is_composed(&apart), apart == whole, "{:?}", apart);
            }
        }
    }
}
