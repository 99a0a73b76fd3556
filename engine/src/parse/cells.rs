//! The unary tests of DMN's S-FEEL, as they stand in the input cells of a decision table, and the literals of output
//! cells.
//!
//! ```text
//! tests    = "-" | "not" "(" list ")" | list
//! list     = test { "," test }
//! test     = interval | ( "<" | "<=" | ">" | ">=" ) endpoint | "null" | special | literal
//! interval = ( "[" | "(" | "]" ) endpoint ".." endpoint ( "]" | ")" | "[" )
//! special  = "special" "(" string ")"
//! literal  = number | string | "true" | "false" | "date" "(" string ")" | word
//! ```
//!
//! A word is an enum's value without quotes. Times, durations and `=` as a test are refused on purpose.

mod literals;
mod write;

use std::ops::Range;

pub use write::{write_unary_test, write_unary_tests, write_value};

use crate::diagnostic::Code;
use crate::diagnostic::codes::{CELL_INVERTED_INTERVAL, CELL_SYNTAX, CELL_UNSUPPORTED, CSV_SPREADSHEET};
use crate::ruleset::{CellValue, UnaryTest, UnaryTests};

/// Why a cell cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellError {
    /// T1206 to T1208, T1301 to T1303.
    pub code: Code,
    /// Where, in bytes of the cell's text.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

/// Reads an input cell. Errors: T1206 to T1208 (figures), T1301 (syntax), T1302 (inverted ends), T1303 (unsupported).
///
/// ```
/// use trutina_engine::parse::cells::{parse_unary_tests, write_unary_tests};
/// let tests = parse_unary_tests(r#"[18..65), null, special("closed")"#).unwrap();
/// assert_eq!(write_unary_tests(&tests), r#"[18..65), null, special("closed")"#);
/// assert_eq!(parse_unary_tests("[5..1]").unwrap_err().code.to_string(), "T1302");
/// ```
pub fn parse_unary_tests(text: &str) -> Result<UnaryTests, CellError> {
    let mut cell = Cell { text, at: 0 };
    cell.blanks();
    if cell.rest().is_empty() {
        return Err(cell.error(CELL_SYNTAX, 0..text.len(), "an empty input cell", "write `-` for any value"));
    }
    if text.trim() == "-" {
        return Ok(UnaryTests::Any);
    }
    if cell.negation() {
        let tests = cell.list()?;
        cell.expect(')', "close `not(` with `)`")?;
        cell.end()?;
        return Ok(UnaryTests::NoneOf(tests));
    }
    let tests = cell.list()?;
    cell.end()?;
    Ok(UnaryTests::OneOf(tests))
}

/// Reads an output cell that is a literal. Errors as in [`parse_unary_tests`].
///
/// ```
/// use trutina_engine::parse::cells::parse_literal;
/// use trutina_engine::ruleset::CellValue;
/// assert_eq!(parse_literal("refer"), Ok(CellValue::Word("refer".to_owned())));
/// assert!(parse_literal("1,200.50").is_err());
/// ```
pub fn parse_literal(text: &str) -> Result<CellValue, CellError> {
    let mut cell = Cell { text, at: 0 };
    cell.blanks();
    let start = cell.at;
    let value = cell.literal(true)?;
    if let CellValue::Word(word) = &value
        && word == "null"
    {
        let help = "leave the cell empty for a missing value";
        return Err(cell.error(CELL_SYNTAX, start..cell.at, "`null` as an output", help));
    }
    cell.end()?;
    Ok(value)
}

struct Cell<'t> {
    text: &'t str,
    at: usize,
}

type Outcome<T> = Result<T, CellError>;

/// An end of an interval: its bracket says whether the value belongs to it.
const STARTS: [(char, bool); 3] = [('[', true), ('(', false), (']', false)];
const ENDS: [(char, bool); 3] = [(']', true), (')', false), ('[', false)];

impl<'t> Cell<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        let blank = rest.len().saturating_sub(rest.trim_start().len());
        self.at = self.at.saturating_add(blank);
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at = self.at.saturating_add(token.len());
        }
        found
    }

    fn error(&self, code: Code, range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> CellError {
        CellError { code, range, message: message.into(), help: Some(help.into()) }
    }

    /// Where reading stopped: one character, or the end.
    fn here(&self) -> Range<usize> {
        self.at..self.at.saturating_add(self.peek().map_or(0, char::len_utf8))
    }

    /// Something that no test begins or goes on with.
    fn unexpected(&self, help: &str) -> CellError {
        let Some(found) = self.peek() else {
            return self.error(CELL_SYNTAX, self.here(), "the cell ends too early", help);
        };
        let look_alike = match found {
            '≤' => Some("<="),
            '≥' => Some(">="),
            '≠' => Some("not(...)"),
            '–' | '—' | '−' | '－' => Some("-"),
            '“' | '”' | '„' | '＂' => Some("\""),
            '‘' | '’' | '＇' => Some("'"),
            '、' | '，' => Some(","),
            '【' => Some("["),
            '】' => Some("]"),
            _ => None,
        };
        let plain = look_alike.map(str::to_owned).or_else(|| {
            let code = u32::from(found);
            let ascii = (0xFF01..=0xFF5E).contains(&code).then(|| char::from_u32(code.wrapping_sub(0xFEE0))).flatten();
            ascii.map(String::from)
        });
        match plain {
            Some(plain) => self.error(
                CSV_SPREADSHEET,
                self.here(),
                format!("`{found}` is not read here"),
                format!("write `{plain}`"),
            ),
            None => self.error(CELL_SYNTAX, self.here(), format!("unexpected `{found}`"), help),
        }
    }

    fn expect(&mut self, token: char, help: &str) -> Outcome<()> {
        self.blanks();
        let mut buffer = [0; 4];
        if self.eat(token.encode_utf8(&mut buffer)) { Ok(()) } else { Err(self.unexpected(help)) }
    }

    fn end(&mut self) -> Outcome<()> {
        self.blanks();
        if self.rest().is_empty() {
            return Ok(());
        }
        if self.rest().starts_with("..") {
            let help = "put brackets around the interval: `[18..65)` is 18 and more, below 65";
            return Err(self.error(CELL_SYNTAX, self.here(), "an interval without brackets", help));
        }
        Err(self.unexpected(
            "separate the tests of a list with commas; a cell holds tests of its column's value, not a formula",
        ))
    }

    /// `not(`
    fn negation(&mut self) -> bool {
        let start = self.at;
        if self.eat("not") {
            self.blanks();
            if self.eat("(") {
                return true;
            }
        }
        self.at = start;
        false
    }

    fn list(&mut self) -> Outcome<Vec<UnaryTest>> {
        let mut tests = Vec::new();
        loop {
            self.blanks();
            tests.push(self.test()?);
            self.grouped_digits()?;
            self.blanks();
            if !self.eat(",") {
                return Ok(tests);
            }
        }
    }

    /// `1,200` is a list to S-FEEL and a number to a spreadsheet: nobody is to guess.
    fn grouped_digits(&self) -> Outcome<()> {
        let head = self.text.get(..self.at).unwrap_or_default();
        let before = head.bytes().rev().take_while(u8::is_ascii_digit).count();
        let whole = !head.get(..head.len().saturating_sub(before)).unwrap_or_default().ends_with('.');
        let Some(tail) = self.rest().strip_prefix(',') else { return Ok(()) };
        let after = tail.bytes().take_while(u8::is_ascii_digit).count();
        if !(whole && (1..=3).contains(&before) && after == 3) {
            return Ok(());
        }
        let start = self.at.saturating_sub(before);
        let end = self.at.saturating_add(4);
        let shown = self.text.get(start..end).unwrap_or_default();
        let help = "write a number without separators, and a list with a blank after each comma";
        Err(self.error(
            CSV_SPREADSHEET,
            start..end,
            format!("`{shown}` may be a number with separators or a list"),
            help,
        ))
    }

    fn test(&mut self) -> Outcome<UnaryTest> {
        let start = self.at;
        if let Some((_, included)) = STARTS.iter().find(|(bracket, _)| self.peek() == Some(*bracket)) {
            self.at = self.at.saturating_add(1);
            return self.interval(start, *included);
        }
        for wrong in ["==", "!=", "<>", "=<", "=>", "="] {
            if self.rest().starts_with(wrong) {
                let help = match wrong {
                    "!=" | "<>" => "write `not(...)`",
                    "=<" => "write `<=`",
                    "=>" => "write `>=`",
                    _ => "write the value alone: a cell that holds `5` matches 5",
                };
                let range = start..start.saturating_add(wrong.len());
                return Err(self.error(CELL_UNSUPPORTED, range, format!("`{wrong}` is not a unary test here"), help));
            }
        }
        for (operator, below, included) in
            [("<=", true, true), ("<", true, false), (">=", false, true), (">", false, false)]
        {
            if self.eat(operator) {
                self.blanks();
                let end = Some((self.endpoint()?, included));
                let open = None;
                let (lower, upper) = if below { (open, end) } else { (end, open) };
                return Ok(UnaryTest::Interval { lower, upper });
            }
        }
        if self.rest().starts_with('-')
            && !self.rest().get(1..).is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        {
            return Err(self.error(
                CELL_SYNTAX,
                self.here(),
                "`-` within a list",
                "`-` stands alone in its cell and matches everything",
            ));
        }
        if let Some(name) = self.special()? {
            return Ok(UnaryTest::Special(name));
        }
        Ok(match self.literal(false)? {
            CellValue::Word(word) if word == "null" => UnaryTest::Missing,
            value => UnaryTest::Equal(value),
        })
    }

    fn interval(&mut self, start: usize, lower_included: bool) -> Outcome<UnaryTest> {
        self.blanks();
        let open = "both ends of an interval are given; open ends are written `>= 18` or `< 65`";
        if self.rest().starts_with("..") {
            return Err(self.error(CELL_SYNTAX, self.here(), "the interval has no lower end", open));
        }
        let lower = self.endpoint()?;
        self.blanks();
        if !self.eat("..") {
            return Err(self.unexpected("an interval is written `[18..65)`, with two dots between its ends"));
        }
        self.blanks();
        if ENDS.iter().any(|(bracket, _)| self.peek() == Some(*bracket)) {
            return Err(self.error(CELL_SYNTAX, self.here(), "the interval has no upper end", open));
        }
        let upper = self.endpoint()?;
        self.blanks();
        let Some((_, upper_included)) = ENDS.iter().find(|(bracket, _)| self.peek() == Some(*bracket)) else {
            return Err(self.unexpected("close the interval with `]` (the end belongs to it) or `)` (it does not)"));
        };
        self.at = self.at.saturating_add(1);
        let range = start..self.at;
        match compare(&lower, &upper) {
            None => Err(self.error(
                CELL_SYNTAX,
                range,
                "the ends of the interval are of different types",
                "give both the same type",
            )),
            Some(std::cmp::Ordering::Greater) => {
                let message = format!(
                    "the interval begins at {} and ends below it, at {}",
                    write_value(&lower),
                    write_value(&upper)
                );
                Err(self.error(CELL_INVERTED_INTERVAL, range, message, "swap its ends"))
            }
            Some(_) => {
                Ok(UnaryTest::Interval { lower: Some((lower, lower_included)), upper: Some((upper, *upper_included)) })
            }
        }
    }

    fn endpoint(&mut self) -> Outcome<CellValue> {
        let start = self.at;
        let value = self.literal(false)?;
        let problem = match &value {
            CellValue::Boolean(_) => "truth values have no order",
            CellValue::Word(word) if word == "null" => "`null` has no order",
            _ => return Ok(value),
        };
        Err(self.error(CELL_SYNTAX, start..self.at, problem, "write the value alone"))
    }

    /// `special("name")`
    fn special(&mut self) -> Outcome<Option<String>> {
        let start = self.at;
        if self.eat("special") {
            self.blanks();
            if self.eat("(") {
                self.blanks();
                let help = "write the name in quotes: `special(\"no_record\")`";
                if !self.rest().starts_with(['"', '\'']) {
                    return Err(self.unexpected(help));
                }
                let name = self.string()?;
                self.expect(')', help)?;
                return Ok(Some(name));
            }
        }
        self.at = start;
        Ok(None)
    }
}

/// The order of two values of one type; words are not compared here, their order is not known.
fn compare(a: &CellValue, b: &CellValue) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (CellValue::Number(a), CellValue::Number(b)) => Some(a.cmp(b)),
        (CellValue::Text(a), CellValue::Text(b)) => Some(a.cmp(b)),
        (CellValue::Date(a), CellValue::Date(b)) => Some(a.cmp(b)),
        (CellValue::Word(_), CellValue::Word(_)) => Some(std::cmp::Ordering::Equal),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
