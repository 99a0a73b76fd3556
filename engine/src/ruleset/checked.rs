//! The ruleset after judgement: every name resolved, every expression typed, nothing left to guess.
//!
//! `check` makes it, `compile` lowers it. It is a tree on purpose: small, typed, total. Function bodies are
//! instantiated per tuple of argument types; since recursion does not load, every local has one place for ever.

use super::Ruleset;
use super::dependency::Dependencies;
pub use super::typed::{Expr, Typed};
pub use super::types::{Type, TypeKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::value::Value;
use crate::value::date::DayCount;
use crate::value::decimal::RoundingMode;

/// A ruleset that may be compiled.
#[derive(Clone, Debug)]
pub struct CheckedRuleset {
    /// What the author wrote.
    pub ruleset: Ruleset,
    /// All effects a rule may have, mildest first: the best outcome, then `effects`, then the other outcomes.
    pub effects: Vec<String>,
    /// Derived facts in file order.
    pub derived: Vec<CheckedDerived>,
    /// Derived facts by index, each after those that it seems to read: who follows it need not descend through chains.
    pub derive_order: Vec<usize>,
    /// Rules in file order.
    pub rules: Vec<CheckedRule>,
    /// The body of `decide`; its type is [`TypeKind::Outputs`].
    pub decide: Expr,
    /// Instances of helper functions.
    pub functions: Vec<FunctionInstance>,
    /// The type of every local, by [`LocalId`].
    pub locals: Vec<Type>,
    /// One entry per scorecard of the ruleset, in its order.
    pub scorecards: Vec<CheckedScorecard>,
    /// One entry per table of the ruleset, in its order.
    pub tables: Vec<CheckedTable>,
    /// What each part depends on.
    pub dependencies: Dependencies,
    /// Warnings and hints; errors never get here.
    pub warnings: Vec<Diagnostic>,
}

/// A derived fact.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedDerived {
    /// Its name.
    pub name: String,
    /// Its value, evaluated when first read and at most once.
    pub body: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedRule {
    /// Its id.
    pub id: String,
    /// Index in [`CheckedRuleset::effects`].
    pub effect: u16,
    /// A boolean that is never missing.
    pub body: Expr,
    /// Where it is declared.
    pub span: Span,
}

/// A helper function with known argument types.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionInstance {
    /// Its name.
    pub name: String,
    /// Where its arguments go; arguments that are the facts, the hits or a card have no place and are left out.
    pub parameters: Vec<LocalId>,
    /// Its body; `Return` within ends this body.
    pub body: Expr,
}

/// What a characteristic or a bare name reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// A fact, by its index in `Ruleset::facts`.
    Fact(usize),
    /// A derived fact, by its index in `CheckedRuleset::derived`.
    Derived(usize),
}

/// A scorecard whose characteristics are bound to facts.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedScorecard {
    /// Per characteristic of the ruleset's card: what it reads and of which type.
    pub inputs: Vec<(Input, Type)>,
    /// Digits of the score and of all points; 0 with integer points.
    pub scale: u8,
}

/// A table whose columns have types.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedTable {
    /// Per input clause: its type, as the fact of that name or the calls give it. Missing and special codes included.
    pub inputs: Vec<Type>,
    /// Per row and output: a constant or an expression, already coerced to the output's type.
    pub rows: Vec<Vec<Expr>>,
    /// The default row's outputs.
    pub default_row: Option<Vec<Expr>>,
    /// Whether anything calls it.
    pub called: bool,
}

/// Index of a local variable: one place per variable in the whole ruleset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// Typed expressions. Operands are evaluated from left to right; `And`, `Or`, `If`, `Switch` and `Coalesce` only as
/// far as needed.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant of the expression's type (an enum's as text).
    Constant(Value),
    /// A fact by index.
    Fact(usize),
    /// A derived fact by index.
    Derived(usize),
    /// A local.
    Local(LocalId),
    /// The date the decision speaks for.
    AsOf,
    /// A field of a record by index.
    Field {
        /// A record; never missing.
        record: Expr,
        /// Position in the record type.
        index: usize,
    },
    /// `list[i]`; an index out of range is T4012.
    Index {
        /// The list.
        list: Expr,
        /// Integer; negative ones count from the end, as in Rhai.
        index: Expr,
    },
    /// An integer widened to a decimal of scale 0 or more. This and the next three let missing and special codes pass.
    ToDecimal(Expr),
    /// A decimal that is known to be integral (scale 0), as an integer; beyond i64 it is T4001.
    ToInteger(Expr),
    /// An enum value moved to the domain of the expression's type: entry i is the new index of old index i.
    ToEnum {
        /// Of another domain.
        value: Expr,
        /// New indexes.
        map: Vec<u16>,
    },
    /// An enum value as text.
    ToText(Expr),
    /// `!x`
    Not(Expr),
    /// `-x`
    Negate(Expr),
    /// All hold; evaluation stops at the first that does not.
    And(Vec<Expr>),
    /// One holds; evaluation stops at the first that does.
    Or(Vec<Expr>),
    /// Both operands present and of one family: numbers (integer and decimal mix freely), text, dates; for `Equal` and
    /// `NotEqual` also booleans, enums of one domain.
    Compare {
        /// Which.
        op: Comparison,
        /// Left.
        left: Expr,
        /// Right.
        right: Expr,
    },
    /// Numbers; integer if the type says so, else decimal (integer operands widen by themselves).
    Arithmetic {
        /// Which.
        op: ArithmeticOp,
        /// Left.
        left: Expr,
        /// Right.
        right: Expr,
    },
    /// A function of the language.
    Call {
        /// Which, with its constant settings.
        function: Function,
        /// Its other arguments.
        arguments: Vec<Expr>,
    },
    /// `is_missing(x)` or `x == ()`
    IsMissing(Expr),
    /// `is_special(x)`, `is_special(x, "name")`: the index of the code, or any.
    IsSpecial {
        /// The fact.
        value: Expr,
        /// Which code.
        code: Option<u8>,
    },
    /// `a ?? b`: b where a is missing. A special code passes.
    Coalesce {
        /// May be missing.
        value: Expr,
        /// Instead.
        default: Expr,
    },
    /// `value_or(a, b)`: b where a is missing or special. Both arguments are evaluated (it is a function).
    ValueOr {
        /// May be missing or special.
        value: Expr,
        /// Instead.
        default: Expr,
    },
    /// `value in [constants]`, all of one family.
    InSet {
        /// Present.
        value: Expr,
        /// Constants of the value's family (an enum's as texts).
        set: Vec<Value>,
    },
    /// `value in start..end` of integers.
    InRange {
        /// An integer.
        value: Expr,
        /// First.
        start: i64,
        /// Last or behind the last.
        end: i64,
        /// `..=`
        inclusive: bool,
    },
    /// `value in list` or `list.contains(value)`.
    InList {
        /// Present.
        value: Expr,
        /// A list of the same family.
        list: Expr,
    },
    /// The first branch whose condition holds. Without `otherwise` the value is `()`.
    If {
        /// Conditions and values.
        branches: Vec<(Expr, Expr)>,
        /// Else.
        otherwise: Option<Expr>,
    },
    /// The first arm with a matching pattern and a guard that holds.
    Switch {
        /// Present; evaluated once.
        subject: Expr,
        /// In order.
        arms: Vec<SwitchArm>,
        /// `_`; absent where the arms are exhaustive.
        default: Option<Expr>,
    },
    /// Statements, then the value.
    Block {
        /// In order.
        statements: Vec<Statement>,
        /// Its value; `None` is `()`.
        result: Option<Expr>,
    },
    /// A call of [`CheckedRuleset::functions`]; arguments without a value at run time are left out.
    Invoke {
        /// Which instance.
        function: usize,
        /// One per parameter of the instance. All are evaluated before the first is stored.
        arguments: Vec<Expr>,
    },
    /// A function over a list or a series.
    Aggregate {
        /// Which.
        function: AggregateFunction,
        /// A list or a series (its values, in order of date).
        list: Expr,
        /// The closure's parameter and body.
        closure: Option<(LocalId, Expr)>,
    },
    /// `[a, b]` as a value.
    List(Vec<Expr>),
    /// `#{ a: 1 }` as a value that is not the outputs: fields in the order of the type.
    Record(Vec<Expr>),
    /// Evaluates a scorecard, once per decision; its type is [`TypeKind::Card`].
    Scorecard(usize),
    /// The score of a card.
    CardScore(Expr),
    /// The points of one characteristic of a card.
    CardPoints {
        /// The card.
        card: Expr,
        /// Index of the characteristic.
        characteristic: usize,
    },
    /// Looks a number up in a scale: a record of its columns.
    Scale {
        /// Which.
        scale: usize,
        /// A number, present.
        value: Expr,
    },
    /// Looks a table (or matrix) up: a record, or a list of records under `rule_order`, `output_order` and
    /// `collect(list)`. A matrix is wrapped in [`ExprKind::Field`] 0.
    Table {
        /// Index in `Ruleset::tables`.
        table: usize,
        /// One per input clause; may be missing or special.
        arguments: Vec<Expr>,
    },
    /// `hits.has(effect)`: index in [`CheckedRuleset::effects`].
    Has(u16),
    /// `#{ outcome: ..., score: ... }` returned by `decide`: one entry per declared output, in declared order, coerced
    /// to its type; `None` where an optional output is left out.
    Outputs(Vec<Option<Expr>>),
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// Stores a value; also an assignment.
    Store(LocalId, Expr),
    /// Evaluates for control flow or errors.
    Evaluate(Expr),
    /// Runs the body per element.
    For {
        /// The loop variable.
        local: LocalId,
        /// What it runs over.
        over: Iterable,
        /// The body.
        body: Vec<Statement>,
    },
    /// Ends the function, closure, rule, derived fact or `decide` it stands in.
    Return(Option<Expr>),
    /// Leaves the loop.
    Break,
    /// Goes on with the next element.
    Continue,
}

/// What a loop runs over.
#[derive(Clone, Debug, PartialEq)]
pub enum Iterable {
    /// Constant ends; `end` is exclusive.
    Range {
        /// First.
        start: i64,
        /// Behind the last.
        end: i64,
    },
    /// A list or series value.
    List(Expr),
}

/// One arm of a switch.
#[derive(Clone, Debug, PartialEq)]
pub struct SwitchArm {
    /// Alternatives.
    pub patterns: Vec<Pattern>,
    /// `if guard`
    pub guard: Option<Expr>,
    /// Its value.
    pub result: Expr,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A constant of the subject's family (an enum's as text).
    Value(Value),
    /// Integers from `start` to `end` exclusive; `i128` so that `..=i64::MAX` fits.
    Range {
        /// First.
        start: i128,
        /// Behind the last.
        end: i128,
    },
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators explain themselves")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// Arithmetic operators; exact or an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the operators explain themselves")]
pub enum ArithmeticOp {
    Add,
    Subtract,
    Multiply,
    /// Integers only; sign of the dividend.
    Remainder,
    /// Integers only; the right operand is a constant, not negative.
    Power,
}

/// Functions of the language with their constant settings, arguments in their order. Where a number function yields a
/// decimal, its number arguments are decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `round(x)`
    Round(u8, RoundingMode),
    /// `div(a, b)`
    Div(u8, RoundingMode),
    /// `min(a, b)`
    Min,
    /// `max(a, b)`
    Max,
    /// `abs(x)`
    Abs,
    /// `clamp(x, low, high)`; low > high is T4013.
    Clamp,
    /// `days_between(a, b)`
    DaysBetween,
    /// `months_between(a, b)`
    MonthsBetween,
    /// `add_days(d, n)`
    AddDays,
    /// `add_months(d, n)`
    AddMonths,
    /// `add_months(d, n, "end_of_month")`
    AddMonthsEndOfMonth,
    /// `age_in_years(birth, on)`
    AgeInYears,
    /// `year_fraction(a, b)`
    YearFraction(DayCount, u8, RoundingMode),
    /// `score_from_good_odds(odds, pdo, base_score, base_good_odds)`
    ScoreFromGoodOdds(u8, RoundingMode),
    /// `good_odds_from_score(score, pdo, base_score, base_good_odds)`
    GoodOddsFromScore(u8, RoundingMode),
    /// `pd_from_score(score, pdo, base_score, base_good_odds)`
    PdFromScore(u8, RoundingMode),
    /// `starts_with(text, prefix)`
    StartsWith,
    /// `ends_with(text, suffix)`
    EndsWith,
    /// `contains(text, part)`
    Contains,
    /// `len(text)` in Unicode scalars
    TextLen,
}

/// Functions over lists and series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AggregateFunction {
    /// Number of elements.
    Len,
    /// Exact sum; 0 of nothing.
    Sum,
    /// Least; missing of nothing.
    Min,
    /// Greatest; missing of nothing.
    Max,
    /// Exact mean rounded once; missing of nothing.
    Avg(u8, RoundingMode),
    /// How many satisfy the closure (without one: how many there are).
    Count,
    /// Whether all do; stops at the first that does not.
    All,
    /// Whether any does; stops at the first that does.
    Any,
    /// Those that do.
    Filter,
    /// The closure's values.
    Map,
}
