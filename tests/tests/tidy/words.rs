//! Words that do not belong in the repository: leftover markers, paths of one machine, talk about the place of work.

use crate::tree::{Finding, Source};

/// Each word stands in two halves, so that this file does not find itself.
const BANNED: [(&str, &str, &str); 15] = [
    ("TO", "DO", "a leftover marker"),
    ("FIX", "ME", "a leftover marker"),
    ("XX", "X", "a leftover marker"),
    ("HA", "CK", "a leftover marker"),
    ("dbg", "!", "a leftover of debugging"),
    ("/ro", "ot/", "a path of one machine"),
    ("/wo", "rk/", "a path of one machine"),
    ("/ho", "me/", "a path of one machine"),
    ("/tm", "p/w/", "a path of one machine"),
    ("sub", "agent", "talk about the place of work"),
    ("this ses", "sion", "talk about the place of work"),
    ("another ses", "sion", "talk about the place of work"),
    ("language mo", "del", "talk about the place of work"),
    ("BRIEF", ".md", "a document outside the repository"),
    ("DESIGN", ".md", "a document outside the repository"),
];

/// Texts of others, kept as they are, and files that tools write.
pub fn is_foreign(path: &str) -> bool {
    path == "LICENSE" || path == "Cargo.lock" || path.starts_with("tests/data/")
}

/// Banned words, as whole words where they are words.
pub fn banned(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, line) in source.text.lines().enumerate() {
        for (head, tail, what) in BANNED {
            let word = format!("{head}{tail}");
            if contains_word(line, &word) {
                found.push(source.finding(number + 1, format!("`{word}`: {what}")));
            }
        }
    }
    found
}

/// Whether `word` occurs with no letter or digit directly before or after a letter of its own ends.
fn contains_word(line: &str, word: &str) -> bool {
    let clings = |own: Option<char>, other: Option<char>| {
        own.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !clings(word.chars().next(), before) && !clings(word.chars().next_back(), after)
    })
}

#[test]
fn a_banned_word_is_found() {
    for (head, tail, _) in BANNED {
        let bad = Source::new("x.md", &format!("first\nsee {head}{tail} here"));
        assert_eq!(banned(&bad).len(), 1, "{head}{tail}");
        assert_eq!(banned(&bad)[0].line, 2);
    }
}

#[test]
fn part_of_a_word_is_not_found() {
    let good = ["T2XX", "X mas", "HACKNEY", "/homework", "the server's session"].join("\n");
    assert!(banned(&Source::new("x.md", &good)).is_empty());
}
