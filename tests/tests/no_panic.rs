//! No input makes the engine panic: arbitrary bytes, and sound files with a few bytes changed, as every file of a ruleset.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "tests stop at once")]

use proptest::prelude::*;
use trutina_tests::generate;
use trutina_tests::harness::{fuzz, load};

/// Words that get further into the readers than random bytes do.
const WORDS: &[&str] = &[
    "[facts.x]",
    "type = \"integer\"",
    "scale = 99",
    "\"",
    "\"\"",
    ",",
    "\n",
    "\r\n",
    "\u{feff}",
    "-inf",
    "MISSING",
    "SPECIAL:",
    "[1..2)",
    "not(",
    "]0..1[",
    "date(\"2026-01-31\")",
    "`f.d`",
    "|f| ",
    "rule(\"R\", \"decline\", ",
    "fn decide(f, hits) {",
    "#{",
    "}",
    "(",
    ")",
    "switch f.e {",
    "=>",
    "if ",
    "else",
    "for i in 0..9",
    "..=",
    "??",
    "9223372036854775808",
    "1e999999999",
    "-9e-9",
    "0.1",
    "\\u0000",
    "\\ud800",
    "[",
    "]",
    "{",
    "null",
    "true",
    ":",
    "{\"n\":",
    "１２",
    "客户",
    "\u{0}",
    "/*",
    "//",
    "1 / 2",
    "eval(\"\")",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let word = prop::sample::select(WORDS).prop_map(|word| word.as_bytes().to_vec());
    let piece = prop_oneof![4 => word, 1 => prop::collection::vec(any::<u8>(), 0..6)];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn of_the_manifest(bytes in text()) {
        fuzz::toml(&bytes);
    }

    #[test]
    fn of_a_scorecard(bytes in text()) {
        fuzz::csv(&bytes);
    }

    #[test]
    fn of_a_cell(bytes in text()) {
        fuzz::cells(&bytes);
    }

    #[test]
    fn of_the_script(bytes in text()) {
        fuzz::script(&bytes);
    }

    #[test]
    fn of_the_facts(bytes in text()) {
        fuzz::facts(&bytes);
    }

    #[test]
    fn of_an_edited_bundle(edits in prop::collection::vec(any::<u8>(), 4..16)) {
        fuzz::bundle(&edits);
    }

    #[test]
    fn of_an_edited_program(edits in prop::collection::vec(any::<u8>(), 4..16)) {
        fuzz::program(&edits);
    }

    /// A sound ruleset with one stretch of one file overwritten.
    #[test]
    fn of_a_damaged_ruleset(seed in 0_u64..500, at in any::<prop::sample::Index>(), file in any::<prop::sample::Index>(), patch in text()) {
        let mut files = generate::from_seed(seed).files;
        let path = files.keys().nth(file.index(files.len())).unwrap().clone();
        let bytes = files.get_mut(&path).unwrap();
        let start = at.index(bytes.len() + 1);
        let end = (start + patch.len() / 2).min(bytes.len());
        bytes.splice(start..end, patch);
        let _ = load(&files);
    }
}

/// Edits reach what lies below the digests: some of them are refused there, some change nothing that matters.
#[test]
fn edits_get_below_the_digests() {
    for judge in [fuzz::bundle, fuzz::program] {
        let accepted = (0_u16..2_000).filter(|at| judge(&[&[2][..], &at.to_le_bytes(), &[1]].concat())).count();
        assert!((20..1_900).contains(&accepted), "{accepted} of 2,000 are accepted");
    }
}
