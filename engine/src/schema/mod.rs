//! What a fact, an output or a parameter may be: types, domains, units, special codes.

use std::sync::Arc;

use crate::diagnostic::Span;
use crate::value::Value;

mod domain;

pub use domain::EnumDomain;

/// Most elements of a list or series that is a fact; the worst case of a decision is computed with it.
pub const ELEMENTS_MAX: usize = 10_000;

/// A text in several languages, in the order of the file: `[("en", "Loan duration"), ("zh-CN", "贷款期限")]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalText(pub Vec<(String, String)>);

impl LocalText {
    /// The text in `language`, else in English, else the first.
    #[must_use]
    pub fn get(&self, language: &str) -> Option<&str> {
        let find = |wanted: &str| self.0.iter().find(|(language, _)| language == wanted).map(|(_, text)| text.as_str());
        find(language).or_else(|| find("en")).or_else(|| self.0.first().map(|(_, text)| text.as_str()))
    }
}

/// The type of a datum as it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DataType {
    /// `true` or `false`.
    Boolean,
    /// i64.
    Integer,
    /// Decimal with at most `scale` digits after the point; facts and outputs are kept at exactly that scale.
    Decimal {
        /// 0 to 28.
        scale: u8,
    },
    /// Any text.
    Text,
    /// One of the declared values.
    Enum(Arc<EnumDomain>),
    /// A civil date.
    Date,
    /// A list; the elements may be records.
    List(Box<ValueSpec>),
    /// Named fields in declared order; only as the element of a list.
    Record(Arc<Vec<Field>>),
    /// A time series: one value per period, sorted by date.
    Series {
        /// The type and domain of the values.
        value: Box<ValueSpec>,
        /// What one observation stands for.
        period: Period,
    },
}

impl DataType {
    /// The word used in `ruleset.toml`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Text => "text",
            Self::Enum(_) => "enum",
            Self::Date => "date",
            Self::List(_) => "list",
            Self::Record(_) => "record",
            Self::Series { .. } => "series",
        }
    }
}

/// The period of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// One value per day.
    Day,
    /// One value per ISO week (Monday first).
    Week,
    /// One value per calendar month.
    Month,
    /// One value per calendar quarter.
    Quarter,
    /// One value per calendar year.
    Year,
}

/// Type and domain of one datum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSpec {
    /// The type.
    pub data_type: DataType,
    /// Least value, inclusive (integers, decimals, dates).
    pub min: Option<Value>,
    /// Greatest value, inclusive.
    pub max: Option<Value>,
    /// Absent or null is missing; otherwise it is an input error.
    pub optional: bool,
    /// Special codes, in declared order: no values, outside `min`, `max` and the enum's domain.
    pub special: Vec<SpecialCode>,
}

impl ValueSpec {
    /// A required datum without bounds or special codes.
    #[must_use]
    pub const fn of(data_type: DataType) -> Self {
        Self { data_type, min: None, max: None, optional: false, special: Vec::new() }
    }
}

/// A special code: a name and the input value that stands for it (`no_record = -1`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialCode {
    /// The name used in tables, cards and rules.
    pub name: String,
    /// The input value: integer, decimal, text or date (an enum's as text).
    pub value: Value,
}

/// One field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name in rules.
    pub name: String,
    /// Foreign name in the input, if it differs.
    pub source: Option<String>,
    /// Type and domain.
    pub spec: ValueSpec,
}

/// In which direction a customer can change a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actionable {
    /// It can grow.
    Increase,
    /// It can shrink.
    Decrease,
    /// Either.
    Any,
}

/// A typed input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Name in rules, tables and cards.
    pub name: String,
    /// Column or key in the input, if it differs from the name.
    pub source: Option<String>,
    /// Type and domain.
    pub spec: ValueSpec,
    /// Unit, for people.
    pub unit: Option<String>,
    /// Label, for people.
    pub label: LocalText,
    /// Whether and how it may be named in "what would change it".
    pub actionable: Option<Actionable>,
    /// Masked in traces, errors and logs.
    pub sensitive: bool,
    /// Where it is declared.
    pub span: Span,
}

impl Fact {
    /// The key under which the input carries it.
    #[must_use]
    pub fn input_key(&self) -> &str {
        self.source.as_deref().unwrap_or(&self.name)
    }
}

/// A typed output of the decision, or an output column of a scale or table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Name in the decision.
    pub name: String,
    /// Boolean, integer, decimal, text, enum, date, or a list of one of them.
    pub data_type: DataType,
    /// May be missing (`null`).
    pub optional: bool,
    /// Where it is declared.
    pub span: Span,
}

/// A constant that risk teams tune.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Name in `param("...")`.
    pub name: String,
    /// Type; a decimal has the digits of its value.
    pub data_type: DataType,
    /// The value.
    pub value: Value,
    /// Where it is declared.
    pub span: Span,
}
