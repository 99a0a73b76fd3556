//! Dynamic values: what a customer's record and a script hold, without static types.

use std::cmp::Ordering;

use num_traits::ToPrimitive;
use trutina_engine::value::Value as Written;

use super::calendar::Civil;
use super::number::{Number, from_decimal, whole};

/// A value at run time.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `()`
    Missing,
    /// A special code, by name.
    Special(String),
    /// `true`, `false`
    Boolean(bool),
    /// An i64.
    Integer(Number),
    /// A decimal.
    Decimal(Number),
    /// A text or an enum's value.
    Text(String),
    /// A civil date.
    Date(Civil),
    /// A list, or the values of a series in order of date.
    List(Vec<Value>),
    /// Named fields.
    Record(Vec<(String, Value)>),
    /// `f`
    Facts,
    /// `hits`
    Hits,
    /// What `scorecard(...)` gives: the card's index.
    Card(usize),
    /// `card.points`
    CardPoints(usize),
}

impl Value {
    /// An integer.
    pub fn integer(n: i64) -> Self {
        Self::Integer(whole(n))
    }

    /// The number, whatever its type.
    pub fn number(&self) -> &Number {
        match self {
            Self::Integer(number) | Self::Decimal(number) => number,
            other => panic!("a number was expected, not {other:?}"),
        }
    }

    /// The truth value.
    pub fn boolean(&self) -> bool {
        match self {
            Self::Boolean(value) => *value,
            other => panic!("a boolean was expected, not {other:?}"),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            other => panic!("a text was expected, not {other:?}"),
        }
    }

    /// The date.
    pub fn date(&self) -> Civil {
        match self {
            Self::Date(date) => *date,
            other => panic!("a date was expected, not {other:?}"),
        }
    }

    /// The elements.
    pub fn list(&self) -> &[Value] {
        match self {
            Self::List(items) => items,
            other => panic!("a list was expected, not {other:?}"),
        }
    }

    /// A small integer setting.
    pub fn small(&self) -> u32 {
        self.number().to_integer().to_u32().expect("a small integer")
    }

    /// Whether it is a number.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Decimal(_))
    }

    /// Order of two present values of one family.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.chars().cmp(b.chars()),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            _ => self.number().cmp(other.number()),
        }
    }

    /// Equality of two values of one family; numbers by number, missing equals missing.
    pub fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (a, b) if a.is_number() && b.is_number() => a.number() == b.number(),
            (a, b) => a == b,
        }
    }
}

/// A literal of the ruleset.
pub fn from_written(value: &Written) -> Value {
    match value {
        Written::Missing => Value::Missing,
        Written::Special(name) => Value::Special(name.clone()),
        Written::Boolean(value) => Value::Boolean(*value),
        Written::Integer(n) => Value::integer(*n),
        Written::Decimal(decimal) => Value::Decimal(from_decimal(*decimal)),
        Written::Text(text) => Value::Text(text.clone()),
        Written::Date(date) => Value::Date(Civil::from_day_number(i64::from(date.days()))),
        Written::List(items) => Value::List(items.iter().map(from_written).collect()),
        Written::Record(fields) => {
            Value::Record(fields.iter().map(|(name, value)| (name.clone(), from_written(value))).collect())
        }
    }
}
