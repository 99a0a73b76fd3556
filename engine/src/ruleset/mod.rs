//! The ruleset as the author wrote it: every artefact parsed, every figure with its place, nothing judged yet.

pub mod checked;
pub mod dependency;
pub mod script;
pub mod typed;
pub mod types;

use rust_decimal::Decimal;

use crate::diagnostic::{Sources, Span};
use crate::schema::{Fact, LocalText, Output, Parameter};
use crate::value::Value;
use crate::value::date::Date;
use script::Script;

/// A ruleset, parsed.
#[derive(Clone, Debug)]
pub struct Ruleset {
    /// The files it was read from.
    pub sources: Sources,
    /// Identity and settings from `ruleset.toml`.
    pub manifest: Manifest,
    /// Facts in declared order.
    pub facts: Vec<Fact>,
    /// Parameters in declared order.
    pub parameters: Vec<Parameter>,
    /// Outputs in declared order.
    pub outputs: Vec<Output>,
    /// Scorecards in declared order.
    pub scorecards: Vec<Scorecard>,
    /// Scales in declared order.
    pub scales: Vec<Scale>,
    /// Decision tables in declared order.
    pub tables: Vec<DecisionTable>,
    /// `reasons.csv` in file order.
    pub reasons: Vec<Reason>,
    /// `rules.rhai`.
    pub script: Script,
    /// `sha256:` and 64 hexadecimal digits over the files that decide.
    pub digest: String,
}

/// Identity and settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the ruleset language.
    pub language: i64,
    /// `retail-credit-rating`
    pub id: String,
    /// `1.0.0`
    pub version: String,
    /// For people.
    pub title: LocalText,
    /// What a rule may say beside the values of `outcome`, least severe first.
    pub effects: Vec<String>,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// First day no longer in force.
    pub effective_until: Option<Date>,
    /// What an input or evaluation error does to the outcome.
    pub on_error: OnError,
}

/// `on_error` of the manifest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnError {
    /// The decision has no outputs.
    #[default]
    Error,
    /// The decision also says `refer`.
    Refer,
}

/// One line of `reasons.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// Texts by language, in the order of the columns.
    pub text: LocalText,
    /// Where.
    pub span: Span,
}

/// A scorecard as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// Name in `scorecard("...", f)`.
    pub name: String,
    /// Points before any characteristic.
    pub initial_score: Decimal,
    /// Digits of all points: `None` = integers.
    pub points_scale: Option<u8>,
    /// How reasons are drawn from points.
    pub reasons: ReasonSettings,
    /// Characteristics in order of first appearance.
    pub characteristics: Vec<Characteristic>,
    /// Every row could be read; otherwise what is missing may have been in the others.
    pub complete: bool,
    /// Where it is declared.
    pub span: Span,
}

/// How a card ranks its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonSettings {
    /// Which difference counts.
    pub algorithm: ReasonCodeAlgorithm,
    /// What points are compared with.
    pub baseline: BaselineMethod,
    /// At most so many reasons.
    pub most: u32,
    /// Keep codes that lost no points.
    pub keep_zero: bool,
}

/// PMML's reason-code algorithms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasonCodeAlgorithm {
    /// baseline − points
    PointsBelow,
    /// points − baseline
    PointsAbove,
}

/// The baseline of a characteristic, taken over all its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaselineMethod {
    /// Greatest points.
    Max,
    /// Least points.
    Min,
    /// Unweighted mean, an exact fraction.
    Mean,
    /// The column `baseline`.
    Given,
}

/// One characteristic: a fact or derived fact and its attributes, tried in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Characteristic {
    /// The fact.
    pub name: String,
    /// In the order of the file; the first that matches wins.
    pub attributes: Vec<Attribute>,
    /// The column `baseline`, one figure per characteristic.
    pub baseline: Option<Decimal>,
    /// Its first row.
    pub span: Span,
}

/// One row of a scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// When it matches.
    pub predicate: AttributePredicate,
    /// Its points.
    pub partial_score: Decimal,
    /// Its reason code; `None` if blank.
    pub reason: Option<String>,
    /// Its row.
    pub span: Span,
}

/// What a row of a scorecard matches.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributePredicate {
    /// `[lower, upper)` of numbers or dates; `None` is open.
    Interval {
        /// Inclusive.
        lower: Option<BoundText>,
        /// Exclusive.
        upper: Option<BoundText>,
    },
    /// One of these categories, as texts (`true`, `false` for booleans, plain numbers for numeric facts).
    Values(Vec<String>),
    /// Missing and nothing else.
    Missing,
    /// Any present value.
    Else,
    /// The special code of this name.
    Special(String),
}

/// A bound of an interval of a card or scale: a number or a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoundText {
    /// An exact number.
    Number(Decimal),
    /// A date.
    Date(Date),
}

/// A scale as written: bands over one number.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// Name in `scale("...", x)`.
    pub name: String,
    /// Typed columns, in the order of `ruleset.toml`.
    pub outputs: Vec<Output>,
    /// In the order of the file.
    pub bands: Vec<Band>,
    /// Every row could be read; otherwise what is missing may have been in the others.
    pub complete: bool,
    /// Where it is declared.
    pub span: Span,
}

/// One band `[from, to)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Inclusive; `None` = −∞.
    pub from: Option<Decimal>,
    /// Exclusive; `None` = ∞.
    pub to: Option<Decimal>,
    /// One value per output, typed by it; [`Value::Missing`] where the cell is empty.
    pub values: Vec<Value>,
    /// Its row.
    pub span: Span,
}

/// A decision table as written.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionTable {
    /// Name in `table("...", ...)`, or in `matrix("...", row, column)`.
    pub name: String,
    /// Written as a grid in `*.matrix.csv`: two inputs, one output, called by `matrix`. Matrices are tables with this
    /// flag; they have names of their own.
    pub matrix: bool,
    /// Which rows win.
    pub hit_policy: HitPolicy,
    /// The input clauses' names, in the order of `ruleset.toml`, which is the order of the arguments.
    pub inputs: Vec<InputClause>,
    /// Typed outputs, in the order of `ruleset.toml`.
    pub outputs: Vec<Output>,
    /// What happens if no row matches.
    pub no_match: NoMatch,
    /// Rows in the order of the file, without the default row.
    pub rows: Vec<TableRow>,
    /// The row with the id `default` under `no_match = "default"`.
    pub default_row: Option<TableRow>,
    /// Every row could be read; otherwise what is missing may have been in the others.
    pub complete: bool,
    /// Where it is declared.
    pub span: Span,
}

/// One input column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputClause {
    /// Its name; the fact of that name gives its type, else the arguments at its calls.
    pub name: String,
    /// Where it stands in the table's header.
    pub span: Span,
}

/// DMN's hit policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitPolicy {
    /// At most one row matches.
    Unique,
    /// Several may match if they agree.
    Any,
    /// The highest by the order of the output values.
    Priority,
    /// The first in the order of the file.
    First,
    /// All, in the order of the file.
    RuleOrder,
    /// All, by the order of the output values.
    OutputOrder,
    /// All, aggregated.
    Collect(Aggregation),
}

/// What `collect` makes of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregation {
    /// A list in the order of the file.
    List,
    /// Exact sum.
    Sum,
    /// Least.
    Min,
    /// Greatest.
    Max,
    /// How many rows.
    Count,
}

/// What a table does if no row matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMatch {
    /// An error of the decision.
    Error,
    /// Missing outputs, the empty list, or 0 for a count.
    Missing,
    /// The row `default`.
    Default,
}

/// One row of a decision table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Its id, or its number from 1 where the table has no ids.
    pub id: String,
    /// One input entry per input clause.
    pub inputs: Vec<InputEntry>,
    /// One output entry per output.
    pub outputs: Vec<OutputEntry>,
    /// Its reason code.
    pub reason: Option<String>,
    /// First day in force.
    pub valid_from: Option<Date>,
    /// First day no longer in force.
    pub valid_until: Option<Date>,
    /// Its row in the file.
    pub span: Span,
}

/// A unary test with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct InputEntry {
    /// What it matches.
    pub test: UnaryTests,
    /// As written.
    pub text: String,
    /// The cell.
    pub span: Span,
}

/// A DMN S-FEEL cell.
#[derive(Clone, Debug, PartialEq)]
pub enum UnaryTests {
    /// `-`: everything, missing and special codes included.
    Any,
    /// One of these.
    OneOf(Vec<UnaryTest>),
    /// None of these; never a special code, and missing only without `null` among them.
    NoneOf(Vec<UnaryTest>),
}

/// One positive unary test.
#[derive(Clone, Debug, PartialEq)]
pub enum UnaryTest {
    /// `null`
    Missing,
    /// `special("name")`
    Special(String),
    /// Equal to this value.
    Equal(CellValue),
    /// Within this interval; at least one end is given.
    Interval {
        /// Lower end and whether it belongs to the interval.
        lower: Option<(CellValue, bool)>,
        /// Upper end and whether it belongs to the interval.
        upper: Option<(CellValue, bool)>,
    },
}

/// A literal in a cell, before its column's type is known.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// A number, exact.
    Number(Decimal),
    /// A text in quotes.
    Text(String),
    /// A word without quotes: an enum value.
    Word(String),
    /// `true`, `false`
    Boolean(bool),
    /// `date("2026-01-01")`
    Date(Date),
}

/// An output cell.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputEntry {
    /// What it yields.
    pub value: OutputCell,
    /// As written.
    pub text: String,
    /// The cell.
    pub span: Span,
}

/// What an output cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputCell {
    /// Empty: missing.
    Missing,
    /// A literal, still untyped.
    Literal(CellValue),
    /// A strict Rhai expression between backticks.
    Expression(script::Expr),
}

/// One verification case of `cases/*.json`; facts and expectations stay JSON text, canonical or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The date it speaks for.
    pub as_of: Date,
    /// The facts, a JSON object.
    pub facts: String,
    /// `outputs`, `hits`, `reasons`, `error` as JSON texts, as far as given.
    pub expect: Vec<(String, String)>,
}
