//! Words for what the TOML parser stumbles over.

use std::ops::Range;

/// A syntax error in our words.
pub(super) struct Complaint {
    /// The bytes it is about.
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: String,
}

/// Words an error of the parser.
pub(super) fn complaint(message: &str, text: &str, range: Range<usize>) -> Complaint {
    let message = lower_first(message.trim_end_matches('.'));
    let rest = text.get(range.start..).unwrap_or_default();
    let help = "use straight quotes, `=` and `,` as on a US keyboard".to_owned();
    if rest.starts_with(['“', '”', '‘', '’']) {
        return Complaint { range, message: "text stands in straight quotes".to_owned(), help };
    }
    if rest.starts_with(['＝', '，']) {
        return Complaint { range, message: "a full-width sign".to_owned(), help };
    }
    if message.contains("values must be quoted") {
        return value_complaint(text, range);
    }
    if ["invalid float", "invalid boolean", "invalid mantissa", "invalid fraction", "invalid exponent"]
        .iter()
        .chain(&["invalid date", "invalid time", "invalid hexadecimal", "invalid octal", "invalid binary"])
        .chain(&["invalid decimal", "invalid integer"])
        .any(|start| message.starts_with(start))
    {
        let word = word_around(text, &range);
        return value_complaint(text, word);
    }
    let open = message.starts_with("invalid basic string") || message.starts_with("invalid literal string");
    let (message, help) = match message {
        message if message.contains("duplicate key") => (message, "each key stands once in its section; remove one"),
        message if open && message.contains("expected") => {
            let message = if message.contains("escape") { message } else { "this text is not closed".to_owned() };
            (message, "close the text with the quote it begins with; write a backslash within it as `\\\\`")
        }
        message if message.starts_with("unexpected key or value") => (
            "something follows the value on its line".to_owned(),
            "a line is `key = value`; a decimal is text with a point: `\"1.5\"`",
        ),
        message => (message, "a line is `key = value`, a section begins with `[name]`"),
    };
    Complaint { range, message, help: help.to_owned() }
}

/// A value that is none: text without quotes, a number or date that is damaged.
fn value_complaint(text: &str, range: Range<usize>) -> Complaint {
    let found = text.get(range.clone()).unwrap_or_default().trim();
    let (message, help) = match found.chars().next() {
        Some(first) if first.is_ascii_digit() || "+-.".contains(first) => (
            format!("`{found}` is neither a number nor a date"),
            "an integer is digits alone, `1200`, a decimal is text, `\"0.45\"`, a date is `2026-01-31`".to_owned(),
        ),
        Some(_) if !found.contains(['"', '\\']) => {
            (format!("the text `{found}` has no quotes"), format!("write `\"{found}\"`"))
        }
        _ => ("this value has no quotes".to_owned(), "write text in quotes, `\"...\"`".to_owned()),
    };
    Complaint { range, message, help }
}

/// The word that a range lies in or touches.
fn word_around(text: &str, range: &Range<usize>) -> Range<usize> {
    let ends = |character: char| character.is_whitespace() || "=,[]{}#\"'".contains(character);
    let before = text.get(..range.start).unwrap_or_default();
    let start = before.char_indices().rev().find(|(_, character)| ends(*character));
    let start = start.map_or(0, |(position, character)| position.saturating_add(character.len_utf8()));
    let after = text.get(range.start..).unwrap_or_default();
    let end = after.find(ends).map_or(text.len(), |length| range.start.saturating_add(length));
    start..end.max(range.end)
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().into_iter().map(|first| first.to_ascii_lowercase()).chain(characters).collect()
}
