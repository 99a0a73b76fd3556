//! Cells back to text, in one notation.

use crate::ruleset::{CellValue, UnaryTest, UnaryTests};
use crate::value::decimal::plain_text;

/// A cell in canonical notation; reading it again gives the same tests.
#[must_use]
pub fn write_unary_tests(tests: &UnaryTests) -> String {
    let list = |tests: &[UnaryTest]| tests.iter().map(write_unary_test).collect::<Vec<_>>().join(", ");
    match tests {
        UnaryTests::Any => "-".to_owned(),
        UnaryTests::OneOf(tests) => list(tests),
        UnaryTests::NoneOf(tests) => format!("not({})", list(tests)),
    }
}

/// One test in canonical notation.
#[must_use]
pub fn write_unary_test(test: &UnaryTest) -> String {
    match test {
        UnaryTest::Missing => "null".to_owned(),
        UnaryTest::Special(name) => format!("special({})", quote(name)),
        UnaryTest::Equal(value) => write_value(value),
        UnaryTest::Interval { lower: None, upper: None } => "-".to_owned(),
        UnaryTest::Interval { lower: Some((value, included)), upper: None } => {
            format!("{} {}", if *included { ">=" } else { ">" }, write_value(value))
        }
        UnaryTest::Interval { lower: None, upper: Some((value, included)) } => {
            format!("{} {}", if *included { "<=" } else { "<" }, write_value(value))
        }
        UnaryTest::Interval { lower: Some((lower, from)), upper: Some((upper, to)) } => {
            let (open, close) = (if *from { '[' } else { '(' }, if *to { ']' } else { ')' });
            format!("{open}{}..{}{close}", write_value(lower), write_value(upper))
        }
    }
}

/// One literal in canonical notation.
#[must_use]
pub fn write_value(value: &CellValue) -> String {
    match value {
        CellValue::Number(number) => plain_text(*number),
        CellValue::Text(text) => quote(text),
        CellValue::Word(word) => word.clone(),
        CellValue::Boolean(value) => value.to_string(),
        CellValue::Date(date) => format!("date(\"{date}\")"),
    }
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
