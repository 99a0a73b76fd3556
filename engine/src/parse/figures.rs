//! Numbers and dates as artefacts write them, and what spreadsheets make of them: recognised, explained, never interpreted.

use rust_decimal::Decimal;

use crate::diagnostic::Code;
use crate::diagnostic::codes::{BAD_DATE, BAD_NUMBER, CSV_SPREADSHEET};
use crate::value::date::{Date, ParseDateError};
use crate::value::decimal::{ParseNumberError, parse_decimal};

/// Why a text is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// T1206 to T1208.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub help: String,
}

impl Complaint {
    fn new(code: Code, message: String, help: impl Into<String>) -> Self {
        Self { code, message, help: help.into() }
    }
}

/// The number that `text` writes: `-?(0|[1-9][0-9]*)(\.[0-9]+)?`, nothing else. Errors: T1206, T1207.
///
/// ```
/// use trutina_engine::parse::figures::number;
/// assert_eq!(number("-1200.50").unwrap().to_string(), "-1200.50");
/// assert!(number("1,200.50").unwrap_err().help.contains("1200.50"));
/// ```
pub fn number(text: &str) -> Result<Decimal, Complaint> {
    let exponent = text.contains(['e', 'E']);
    match parse_decimal(text) {
        Ok(number) if !exponent => Ok(number),
        Ok(_) => Err(explain(text).unwrap_or_else(|| not_a_number(text))),
        Err(ParseNumberError::TooLarge) if !exponent => Err(Complaint::new(
            BAD_NUMBER,
            format!("`{text}` is beyond what a decimal holds"),
            "a decimal holds 28 digits",
        )),
        Err(ParseNumberError::TooManyDigits) if !exponent => Err(Complaint::new(
            BAD_NUMBER,
            format!("`{text}` has more digits than a decimal holds"),
            "at most 28 digits may stand after the point, and 28 digits always fit in all",
        )),
        Err(_) => Err(explain(text).unwrap_or_else(|| not_a_number(text))),
    }
}

fn not_a_number(text: &str) -> Complaint {
    Complaint::new(BAD_NUMBER, format!("`{text}` is not a number"), "write digits with a point, as in `-1200.50`")
}

/// The civil date that `text` writes as `YYYY-MM-DD`. Errors: T1206, T1208.
pub fn date(text: &str) -> Result<Date, Complaint> {
    Date::parse_iso(text).map_err(|error| {
        let (message, help) = match error {
            ParseDateError::NoSuchDay => (format!("`{text}` is no day of the calendar"), "write a day that exists"),
            ParseDateError::Timestamp => {
                (format!("`{text}` is a point in time, not a civil date"), "write the day alone, as in `2026-01-31`")
            }
            ParseDateError::Notation | ParseDateError::Syntax => match explain(text) {
                Some(complaint) => return complaint,
                None => (format!("`{text}` is not a date"), "write it as `2026-01-31`"),
            },
        };
        Complaint::new(BAD_DATE, message, help)
    })
}

/// What a spreadsheet or an input method made of a cell, if that is what it looks like. It is T1206, always.
#[must_use]
pub fn explain(text: &str) -> Option<Complaint> {
    let found: [Look; 9] =
        [spreadsheet_error, blanks, full_width, grouped, exponent, slashed_date, formula, decorated, unusual_digits];
    let (message, help) = found.iter().find_map(|look| look(text))?;
    Some(Complaint::new(CSV_SPREADSHEET, message, help))
}

/// Recognises one habit: what is wrong, and how to mend it.
type Look = fn(&str) -> Option<(String, String)>;

fn spreadsheet_error(text: &str) -> Option<(String, String)> {
    const ERRORS: [&str; 9] = ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"];
    let narrow = text.len() > 1 && text.bytes().all(|byte| byte == b'#');
    if narrow {
        return Some((
            format!("`{text}` is what a spreadsheet shows in a column that is too narrow"),
            "widen the column and save again".to_owned(),
        ));
    }
    ERRORS.contains(&text.trim()).then(|| {
        (
            format!("`{text}` is a spreadsheet's error value"),
            "mend the formula in the spreadsheet, or write the figure".to_owned(),
        )
    })
}

fn blanks(text: &str) -> Option<(String, String)> {
    let trimmed = text.trim();
    (trimmed != text && !trimmed.is_empty())
        .then(|| ("blanks around the value".to_owned(), format!("write `{trimmed}` without them")))
}

/// Full-width forms, as Chinese and Japanese input methods write them.
fn full_width(text: &str) -> Option<(String, String)> {
    let ascii = |character: char| match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code.wrapping_sub(0xFEE0)),
        0x3002 => Some('.'),
        0x3001 => Some(','),
        0x3000 => Some(' '),
        _ => None,
    };
    text.chars().any(|character| ascii(character).is_some()).then(|| {
        let plain: String = text.chars().map(|character| ascii(character).unwrap_or(character)).collect();
        (format!("`{text}` is written with full-width characters"), format!("write `{plain}`"))
    })
}

/// `1,200.50`, `1 200,50`, `1'200`
fn grouped(text: &str) -> Option<(String, String)> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let allowed = text.chars().all(|c| c.is_ascii_digit() || ",.'_ \u{A0}\u{202F}’-".contains(c));
    if digits == 0 || !allowed || !text.contains([',', '\'', '_', ' ', '\u{A0}', '\u{202F}', '’']) {
        return None;
    }
    let comma = text.split_once(',').filter(|(_, tail)| tail.len() != 3 && tail.bytes().all(|b| b.is_ascii_digit()));
    if let Some((head, tail)) = comma {
        let whole: String = head.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        let message = format!("`{text}` is written with a decimal comma or separators");
        return Some((message, format!("write a point and no separators, as in `{whole}.{tail}`")));
    }
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || "-.".contains(*c)).collect();
    Some((
        format!("`{text}` is written with separators between its digits"),
        format!("write `{plain}` if that is meant"),
    ))
}

fn exponent(text: &str) -> Option<(String, String)> {
    let (head, tail) = text.split_once(['e', 'E'])?;
    let figures = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    (figures(head) && figures(tail)).then(|| {
        let help = "write all digits; in a spreadsheet, format the column as a number and check that none were lost";
        (format!("`{text}` is written with an exponent, as spreadsheets shorten long numbers"), help.to_owned())
    })
}

/// `2026/1/1`, `1.1.2026`, `1-Jan-26`, `20260101日`
fn slashed_date(text: &str) -> Option<(String, String)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if matches!(Date::parse_iso(text), Ok(_) | Err(ParseDateError::NoSuchDay)) {
        return None;
    }
    let parts: Vec<&str> = text.split(['/', '.', '-', '年', '月']).collect();
    let numeric = |part: &&str| !part.is_empty() && part.trim_end_matches('日').bytes().all(|b| b.is_ascii_digit());
    let foreign = text.contains(['/', '年', '月']) || text.matches('.').count() == 2;
    let short = text.matches('-').count() == 2 && !text.starts_with('-') && !text.ends_with('-');
    let lower = text.to_ascii_lowercase();
    let named = parts.len() >= 2
        && lower.split(['-', ' ', '/']).any(|part| MONTHS.contains(&part))
        && text.bytes().any(|b| b.is_ascii_digit());
    (named || (parts.len() >= 3 && parts.iter().take(3).all(numeric) && (foreign || short))).then(|| {
        let help = "write dates as `2026-01-31`; a spreadsheet changes them to the notation of its country";
        (format!("`{text}` looks like a date in another notation"), help.to_owned())
    })
}

fn formula(text: &str) -> Option<(String, String)> {
    text.starts_with('=').then(|| {
        let help = "write the value; an expression of a table's output stands between backticks";
        (format!("`{text}` looks like a spreadsheet's formula"), help.to_owned())
    })
}

/// Currency signs, percent signs, brackets for negative numbers, quotes of typographers.
fn decorated(text: &str) -> Option<(String, String)> {
    let bare = text.trim_matches(|c: char| "¥$€£₹元万%‰()“”‘’\"' ".contains(c));
    let number = !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit() || b",.-".contains(&b));
    if bare == text || !number {
        return None;
    }
    let help = match text {
        _ if text.contains(['%', '‰']) => "write the fraction itself, as in `0.35` for 35 per cent",
        _ if text.contains('万') => "write the number in full; 万 is ten thousand",
        _ if text.contains(['“', '”', '‘', '’']) => "use straight quotes",
        _ if text.starts_with('(') => "write a negative number with a minus sign",
        _ => "write the number alone; units stand in `ruleset.toml`",
    };
    Some((format!("`{text}` is a number with something around it"), help.to_owned()))
}

/// `+5`, `.5`, `5.`, `007`, and signs that are no hyphen-minus.
fn unusual_digits(text: &str) -> Option<(String, String)> {
    if let Some(rest) = text.strip_prefix(['−', '–', '—', '﹣']) {
        return rest
            .starts_with(|c: char| c.is_ascii_digit())
            .then(|| (format!("`{text}` begins with a dash that is no minus sign"), format!("write `-{rest}`")));
    }
    let bare = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = bare.bytes().all(|b| b.is_ascii_digit() || b == b'.') && bare.bytes().any(|b| b.is_ascii_digit());
    if !digits || bare.matches('.').count() > 1 {
        return None;
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let (whole, fraction) = bare.split_once('.').unwrap_or((bare, ""));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let plain = if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
    let message = format!("`{text}` is not how numbers are written here");
    (plain != text).then(|| (message, format!("write `{plain}`, or put it in quotes if it is a text")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_figures_are_read() {
        for text in ["0", "-1", "12.50", "79228162514264337593543950335", "0.0000000000000000000000000001"] {
            assert_eq!(number(text).unwrap().to_string(), text);
        }
        assert_eq!(date("2026-02-28").unwrap().to_string(), "2026-02-28");
    }

    #[test]
    fn what_spreadsheets_do_is_explained() {
        let cases = [
            ("１２", "write `12`"),
            ("1,200.50", "1200.50"),
            ("1,5", "1.5"),
            ("1 200", "1200"),
            ("2026/1/1", "2026-01-31"),
            ("1-Jan-26", "2026-01-31"),
            ("Jan-26", "2026-01-31"),
            ("2026年1月1日", "2026-01-31"),
            ("2026-1-1", "2026-01-31"),
            ("1.2E+07", "all digits"),
            ("1e3", "all digits"),
            ("#NAME?", "formula"),
            ("####", "widen"),
            ("=A1*2", "backticks"),
            ("35%", "0.35"),
            ("¥100", "ruleset.toml"),
            ("(5)", "minus"),
            (" 5", "write `5`"),
            ("−5", "write `-5`"),
            ("+5", "write `5`"),
            (".5", "write `0.5`"),
            ("5.", "write `5`"),
            ("007", "write `7`"),
            ("1。5", "write `1.5`"),
        ];
        for (text, help) in cases {
            let complaint = number(text).unwrap_err();
            assert_eq!(complaint.code, CSV_SPREADSHEET, "{text}");
            assert!(complaint.help.contains(help), "{text}: {complaint:?}");
        }
        for text in ["", "abc", "1e", "1.2.", "NaN", "inf", "--1"] {
            assert_eq!(number(text).unwrap_err().code, BAD_NUMBER, "{text}");
        }
        assert_eq!(number("79228162514264337593543950336").unwrap_err().code, BAD_NUMBER);
        assert_eq!(date("2026-02-30").unwrap_err().code, BAD_DATE);
        assert_eq!(date("2026-02-03T00:00:00Z").unwrap_err().code, BAD_DATE);
        assert_eq!(date("2026/2/3").unwrap_err().code, CSV_SPREADSHEET);
    }

    proptest! {
        #[test]
        fn nothing_stops_it_and_no_number_has_an_exponent(text in "[0-9eE+.,/ '#=%年-]{0,12}|.{0,10}") {
            if number(&text).is_ok() {
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_digit() || b"-.".contains(&byte)));
            }
            let _ = date(&text);
        }
    }
}
