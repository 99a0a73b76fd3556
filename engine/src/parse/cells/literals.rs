//! The literals of cells: numbers, texts, words, truth values, dates.

use rust_decimal::Decimal;

use super::super::composition::is_mark;
use super::super::figures;
use super::{Cell, CellError, Outcome};
use crate::diagnostic::Code;
use crate::diagnostic::codes::{CELL_SYNTAX, CELL_UNSUPPORTED, CSV_SPREADSHEET};
use crate::ruleset::CellValue;
use crate::value::date::Date;

impl<'t> Cell<'t> {
    /// `output`: the literal of an output cell, where a word may be anything.
    pub(super) fn literal(&mut self, output: bool) -> Outcome<CellValue> {
        match self.peek() {
            Some('"' | '\'') => Ok(CellValue::Text(self.string()?)),
            Some('-' | '+' | '.' | '0'..='9') => Ok(CellValue::Number(self.number(output)?)),
            Some('@') => Err(self.error(
                CELL_UNSUPPORTED,
                self.here(),
                "`@` literals are not supported",
                "write `date(\"2026-01-31\")`",
            )),
            Some('`') => {
                let help = "expressions stand in output cells; compute the value in a `derive` and test it here";
                Err(self.error(CELL_UNSUPPORTED, self.here(), "an expression in an input cell", help))
            }
            Some('?') => Err(self.error(
                CELL_UNSUPPORTED,
                self.here(),
                "`?` is not supported",
                "write the test without it: `< 25`",
            )),
            Some('#') => Err(self.figure(CELL_SYNTAX)),
            Some(first) if first.is_alphabetic() || first == '_' => self.word_or_call(),
            _ => {
                Err(self.unexpected("a test is a value, a comparison such as `< 25` or an interval such as `[18..65)`"))
            }
        }
    }

    /// The characters up to the next separator.
    fn token(&self) -> &'t str {
        let rest = self.rest();
        let stop =
            rest.find([',', ')', ']', '[', '(', ' ', '\n', '\t', '"', '\'', '<', '>', '=', '`']).unwrap_or(rest.len());
        let token = rest.get(..stop).unwrap_or(rest);
        token.find("..").and_then(|dots| token.get(..dots)).unwrap_or(token)
    }

    fn figure(&self, otherwise: Code) -> CellError {
        let token = self.token();
        let range = self.at..self.at.saturating_add(token.len());
        match figures::explain(token) {
            Some(complaint) => {
                CellError { code: complaint.code, range, message: complaint.message, help: Some(complaint.help) }
            }
            None => self.error(otherwise, range, format!("`{token}` is not a number"), "put text in quotes: `\"A+\"`"),
        }
    }

    fn number(&mut self, output: bool) -> Outcome<Decimal> {
        let whole = self.text.trim();
        if output && let Some(complaint) = figures::explain(whole) {
            let CellError { range, .. } = self.unexpected("");
            return Err(CellError {
                code: complaint.code,
                range,
                message: complaint.message,
                help: Some(complaint.help),
            });
        }
        let token = self.token();
        // S-FEEL writes `.5` too.
        let standard = match token.split_at_checked(token.find('.').unwrap_or(token.len())) {
            Some((sign @ ("" | "-"), fraction)) if !output => figures::number(&format!("{sign}0{fraction}")),
            _ => figures::number(token),
        };
        let range = self.at..self.at.saturating_add(token.len());
        match standard {
            Ok(number) => {
                self.at = range.end;
                Ok(number)
            }
            Err(_) if Date::parse_iso(token).is_ok() => {
                Err(self.error(CELL_SYNTAX, range, "a date without `date(...)`", format!("write `date(\"{token}\")`")))
            }
            Err(complaint)
                if complaint.code == CSV_SPREADSHEET
                    || token.bytes().all(|b| b.is_ascii_digit() || b"-.".contains(&b)) =>
            {
                Err(CellError { code: complaint.code, range, message: complaint.message, help: Some(complaint.help) })
            }
            Err(_) => Err(self.figure(CELL_SYNTAX)),
        }
    }

    /// A text in double or single quotes.
    pub(super) fn string(&mut self) -> Outcome<String> {
        let start = self.at;
        let quote = self.peek().unwrap_or('"');
        let mut at = start.saturating_add(1);
        let mut out = String::new();
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(character) = rest.chars().next() else {
                return Err(self.error(
                    CELL_SYNTAX,
                    start..self.text.len(),
                    "this text has no closing quote",
                    "close it",
                ));
            };
            if character == quote {
                self.at = at.saturating_add(1);
                return Ok(out);
            }
            let (value, length) = match character {
                '\\' => unescape(rest).ok_or_else(|| {
                    let help = "write `\\\\` for a backslash; `\\\"`, `\\n`, `\\t`, `\\r` and `\\u4E2D` are known";
                    self.error(CELL_SYNTAX, at..at.saturating_add(1), "an unknown escape in a text", help)
                })?,
                other => (other, other.len_utf8()),
            };
            out.push(value);
            at = at.saturating_add(length);
        }
    }

    fn word_or_call(&mut self) -> Outcome<CellValue> {
        let start = self.at;
        let rest = self.rest();
        let stop =
            rest.find(|c: char| !(c.is_alphanumeric() || "_-+./&% ".contains(c) || is_mark(c))).unwrap_or(rest.len());
        let word = rest.get(..stop).unwrap_or(rest);
        let word = word.find("..").and_then(|dots| word.get(..dots)).unwrap_or(word).trim_end();
        self.at = start.saturating_add(word.len());
        let end = self.at;
        self.blanks();
        if !self.rest().starts_with('(') {
            self.at = end;
            return Ok(match word {
                "true" => CellValue::Boolean(true),
                "false" => CellValue::Boolean(false),
                _ => CellValue::Word(word.to_owned()),
            });
        }
        let range = start..end;
        match word {
            "date" => self.date(start),
            "time" | "duration" | "date and time" | "years and months duration" => Err(self.error(
                CELL_UNSUPPORTED,
                range,
                format!("`{word}` is not supported"),
                "cells know civil dates: `date(\"2026-01-31\")`",
            )),
            "not" => Err(self.error(
                CELL_SYNTAX,
                range,
                "`not(...)` within a list",
                "`not(...)` stands alone in its cell and takes a list: `not(\"A\",\"B\")`",
            )),
            _ => Err(self.error(
                CELL_SYNTAX,
                range,
                format!("`{word}(` is no function of cells"),
                "a text that holds a bracket stands in quotes; only `date`, `special` and `not` are known",
            )),
        }
    }

    fn date(&mut self, start: usize) -> Outcome<CellValue> {
        self.at = self.at.saturating_add(1);
        self.blanks();
        let help = "write `date(\"2026-01-31\")`";
        if !self.rest().starts_with(['"', '\'']) {
            return Err(self.error(CELL_UNSUPPORTED, start..self.here().end, "a date is written as one text", help));
        }
        let text = self.string()?;
        self.expect(')', help)?;
        match figures::date(&text) {
            Ok(date) => Ok(CellValue::Date(date)),
            Err(complaint) => Err(CellError {
                code: complaint.code,
                range: start..self.at,
                message: complaint.message,
                help: Some(complaint.help),
            }),
        }
    }
}

/// The character that an escape at the head of `text` stands for, and the bytes it takes.
fn unescape(text: &str) -> Option<(char, usize)> {
    let simple = |character| Some((character, 2));
    match text.as_bytes().get(1)? {
        b'"' => simple('"'),
        b'\'' => simple('\''),
        b'\\' => simple('\\'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'U' => Some((char::from_u32(hexadecimal(text.get(2..8)?)?)?, 8)),
        b'u' => {
            let first = hexadecimal(text.get(2..6)?)?;
            if let Some(character) = char::from_u32(first) {
                return Some((character, 6));
            }
            let second = text.get(6..12)?.strip_prefix("\\u").and_then(hexadecimal)?;
            let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            let character = char::decode_utf16(units).next()?.ok()?;
            (character.len_utf16() == 2).then_some((character, 12))
        }
        _ => None,
    }
}

fn hexadecimal(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}
