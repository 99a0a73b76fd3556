//! A portfolio of 1,000 rows with eight columns of every scalar type, and what hand-written code makes of a row.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::{Files, Random};

/// Rows of the portfolio.
pub const ROWS: usize = 1_000;
/// Columns of a row.
pub const COLUMNS: usize = 8;
const SEGMENTS: [&str; 4] = ["retail", "affluent", "small_business", "corporate"];
const NAMES: [&str; 4] = ["Zoë Müller", "\"Smith, \"\"Jo\"\"\"", "王小明", "A. Jones"];

/// A ruleset with these columns as facts; it decides nothing to speak of.
#[must_use]
pub fn files() -> Files {
    let manifest = "language = 1\nid = \"bench-rows\"\nversion = \"1.0.0\"\n[outputs]\nage = { type = \"integer\" }\n\
        [facts.age]\ntype = \"integer\"\nmin = 0\nmax = 120\n\
        [facts.months]\ntype = \"integer\"\noptional = true\nspecial = { unknown = -1 }\n\
        [facts.income]\ntype = \"decimal\"\nscale = 2\nmin = 0\n\
        [facts.rate]\ntype = \"decimal\"\nscale = 6\n\
        [facts.segment]\ntype = \"enum\"\nvalues = [\"retail\", \"affluent\", \"small_business\", \"corporate\"]\n\
        [facts.active]\ntype = \"boolean\"\n\
        [facts.opened]\ntype = \"date\"\n\
        [facts.name]\ntype = \"text\"\n";
    let rules = "fn decide(f, hits) { #{ age: f.age } }\n";
    [("ruleset.toml", manifest), ("rules.rhai", rules)]
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// The portfolio as CSV; a quarter of the names stands in quotes, a quarter of the months is blank.
#[must_use]
pub fn csv() -> String {
    let mut random = Random::new(7);
    let mut text = String::from("age,months,income,rate,segment,active,opened,name\n");
    for _ in 0..ROWS {
        let months = match random.below(4) {
            0 => String::new(),
            1 => "-1".to_owned(),
            _ => random.below(240).to_string(),
        };
        let _ = writeln!(
            text,
            "{},{months},{}.{:02},0.{:06},{},{},20{:02}-{:02}-{:02},{}",
            random.below(100),
            random.below(20_000),
            random.below(100),
            random.below(1_000_000),
            SEGMENTS[usize::try_from(random.below(4)).unwrap_or(0)],
            random.below(2) == 0,
            random.below(26),
            random.below(12) + 1,
            random.below(28) + 1,
            NAMES[usize::try_from(random.below(4)).unwrap_or(0)],
        );
    }
    text
}

/// Months on book, by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Months {
    /// The cell was blank.
    Missing,
    /// −1
    Unknown,
    /// A number.
    Known(i64),
}

/// One row by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// 0 to 120.
    pub age: i64,
    /// May be missing.
    pub months: Months,
    /// Two digits, not negative.
    pub income: Decimal,
    /// Six digits.
    pub rate: Decimal,
    /// Index of the segment.
    pub segment: u16,
    /// A truth value.
    pub active: bool,
    /// Year, month, day of a day that exists.
    pub opened: (i32, u32, u32),
    /// The name.
    pub name: String,
}

/// What hand-written code makes of the cells of a row: the same checks, with the standard library and `rust_decimal`.
/// The name's memory is used again.
pub fn by_hand<'c>(cell: impl Fn(usize) -> &'c str, mut name: String) -> Option<Row> {
    let age: i64 = cell(0).parse().ok().filter(|age| (0..=120).contains(age))?;
    let months = match cell(1) {
        "" => Months::Missing,
        "-1" => Months::Unknown,
        text => Months::Known(text.parse().ok()?),
    };
    name.clear();
    name.push_str(cell(7));
    Some(Row {
        age,
        months,
        income: decimal(cell(2), 2).filter(|income| !income.is_sign_negative())?,
        rate: decimal(cell(3), 6)?,
        segment: SEGMENTS.iter().position(|known| *known == cell(4)).and_then(|index| u16::try_from(index).ok())?,
        active: match cell(5) {
            "true" => true,
            "false" => false,
            _ => return None,
        },
        opened: date(cell(6))?,
        name,
    })
}

fn decimal(text: &str, scale: u32) -> Option<Decimal> {
    let mut number = Decimal::from_str_exact(text).ok().filter(|number| number.scale() <= scale)?;
    number.rescale(scale);
    Some(number)
}

fn date(text: &str) -> Option<(i32, u32, u32)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) || parts.next().is_some() {
        return None;
    }
    let (year, month, day): (i32, u32, u32) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    (1..=days).contains(&day).then_some((year, month, day))
}
