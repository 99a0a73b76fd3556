//! The decision: what was decided, why, and on request how.
//!
//! `wire` writes it as canonical bytes (DESIGN §4); nothing here depends on the order of hashing or on a locale.

pub mod changes;
pub mod outcome;

use std::fmt;

use crate::diagnostic::{Code, Span};
pub use crate::program::Identity;
use crate::schema::LocalText;
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{canonical_text, plain_text};

/// How much of the way to a decision is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum TraceLevel {
    /// Nothing.
    #[default]
    None,
    /// What counted.
    Reasons,
    /// Also what did not, with the test that failed.
    Full,
}

/// The result record of one evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// `id`, `version`, `digest` of the ruleset.
    pub ruleset: Identity,
    /// The date it speaks for.
    pub as_of: Date,
    /// One value per declared output, in declared order; `None` after an error. Under `on_error = "refer"`:
    /// `outcome` is `refer`, every other output missing.
    pub outputs: Option<Vec<OutputValue>>,
    /// Ranked.
    pub reasons: Vec<Reason>,
    /// Rules that held, in file order; empty after an error.
    pub hits: Vec<Hit>,
    /// Early-warning signals (none yet).
    pub signals: Vec<Hit>,
    /// Why there is no (or a referred) outcome.
    pub error: Option<DecisionError>,
    /// On request.
    pub trace: Option<Trace>,
}

impl Decision {
    /// The output of this name; nothing if the decision ended in an error or the ruleset has no such output.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<&OutputValue> {
        self.outputs.iter().flatten().find(|output| output.name == name)
    }
}

/// A named output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputValue {
    /// The output's name.
    pub name: String,
    /// Its value.
    pub value: Value,
    /// Digits to print a decimal with; `None` for all other types.
    pub scale: Option<u8>,
}

/// As the record writes it, without quotation marks: `approve`, `600`, `20000.00`, `2026-11-30`, `null` if missing.
impl fmt::Display for OutputValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, &self.value, self.scale)
    }
}

fn show(f: &mut fmt::Formatter<'_>, value: &Value, scale: Option<u8>) -> fmt::Result {
    match value {
        Value::Missing => f.write_str("null"),
        Value::Boolean(value) => write!(f, "{value}"),
        Value::Integer(value) => write!(f, "{value}"),
        Value::Decimal(value) => f.write_str(&match scale {
            Some(scale) => canonical_text(*value, u32::from(scale)),
            None => plain_text(*value),
        }),
        Value::Text(text) | Value::Special(text) => f.write_str(text),
        Value::Date(date) => write!(f, "{date}"),
        Value::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                f.write_str(if index == 0 { "[" } else { ", " })?;
                show(f, element, scale)?;
            }
            f.write_str(if elements.is_empty() { "[]" } else { "]" })
        }
        Value::Record(fields) => {
            for (index, (name, value)) in fields.iter().enumerate() {
                write!(f, "{}{name}: ", if index == 0 { "{" } else { ", " })?;
                show(f, value, None)?;
            }
            f.write_str(if fields.is_empty() { "{}" } else { "}" })
        }
    }
}

/// One reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// Its code.
    pub code: String,
    /// The difference from the baseline; absent where there is no card.
    pub points: Option<Points>,
    /// Texts by language.
    pub text: LocalText,
}

/// As the record writes them.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(points) => write!(f, "{points}"),
            Self::Decimal(points) => f.write_str(points),
        }
    }
}

/// Points of a scorecard's reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Points {
    /// A number in JSON.
    Integer(i64),
    /// A text in JSON, already in canonical digits.
    Decimal(String),
}

/// A rule that held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The rule's id.
    pub rule: String,
    /// Its effect.
    pub effect: String,
}

/// An error of the decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionError {
    /// T3xxx, T4xxx or T5xxx.
    pub code: Code,
    /// English; never quotes a sensitive value.
    pub message: String,
    /// Where.
    pub at: Place,
}

/// Where an error arose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the input: a JSON pointer.
    Pointer(String),
    /// In the ruleset.
    Source {
        /// Path in the ruleset.
        file: String,
        /// From 1.
        line: u32,
        /// From 1, in Unicode scalars.
        column: u32,
    },
    /// Nowhere in particular.
    Unknown,
}

/// The way to a decision. Sensitive values stand as [`TraceValue::Masked`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// SHA-256 of the canonical facts, so that a replay can prove that it saw the same.
    pub facts_digest: String,
    /// Derived facts in the order they were evaluated.
    pub derived: Vec<(String, TraceValue)>,
    /// Rules in file order; under `reasons` only those that held.
    pub rules: Vec<RuleTrace>,
    /// Scorecards in the order of their calls.
    pub scorecards: Vec<ScorecardTrace>,
    /// Scale look-ups in order.
    pub scales: Vec<ScaleTrace>,
    /// Table look-ups in order.
    pub tables: Vec<TableTrace>,
}

/// A value as a trace shows it.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceValue {
    /// Shown.
    Shown(Value),
    /// Sensitive.
    Masked,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleTrace {
    /// Its id.
    pub rule: String,
    /// Its effect.
    pub effect: String,
    /// Whether it held.
    pub held: bool,
    /// The comparisons made, in order; empty under `reasons`.
    pub tests: Vec<TestTrace>,
}

/// One comparison or test within a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct TestTrace {
    /// Where it stands.
    pub at: Span,
    /// Its operator or function, e.g. `<`, `in`, `is_missing`.
    pub test: String,
    /// The values it saw, left to right.
    pub values: Vec<TraceValue>,
    /// Whether it held.
    pub held: bool,
}

/// One scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct ScorecardTrace {
    /// Its name.
    pub scorecard: String,
    /// The total, as text in the card's digits, or an integer.
    pub score: Value,
    /// Every characteristic in order.
    pub characteristics: Vec<CharacteristicTrace>,
}

/// One characteristic.
#[derive(Clone, Debug, PartialEq)]
pub struct CharacteristicTrace {
    /// Its name.
    pub characteristic: String,
    /// What it saw.
    pub value: TraceValue,
    /// The attribute that matched, in words: `[26, 28)`, `rent`, `MISSING`.
    pub attribute: String,
    /// Line of the attribute in its file.
    pub line: u32,
    /// Its points.
    pub points: Value,
    /// Its reason code.
    pub reason: Option<String>,
}

/// One look-up in a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleTrace {
    /// Its name.
    pub scale: String,
    /// What was looked up.
    pub value: TraceValue,
    /// The band in words: `[600, 650)`.
    pub band: String,
    /// What it yielded.
    pub outputs: Vec<(String, Value)>,
}

/// One look-up in a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableTrace {
    /// Its name.
    pub table: String,
    /// What was looked up, by input clause.
    pub inputs: Vec<(String, TraceValue)>,
    /// Rows in file order; under `reasons` only those selected.
    pub rows: Vec<RowTrace>,
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowTrace {
    /// Its id.
    pub row: String,
    /// Whether all its cells matched.
    pub matched: bool,
    /// Whether the hit policy selected it.
    pub selected: bool,
    /// Out of force at `as_of`.
    pub out_of_force: bool,
    /// Every cell in order under `full`: clause, test as written, whether it matched.
    pub cells: Vec<CellTrace>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellTrace {
    /// The input clause.
    pub input: String,
    /// The test as written.
    pub test: String,
    /// Whether it matched.
    pub matched: bool,
}
