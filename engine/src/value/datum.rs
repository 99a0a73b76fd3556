//! A datum on its own: a literal, a parameter, an output. The evaluator works on [`super::slot::Slot`]s.

use rust_decimal::Decimal;

use super::date::Date;

/// A typed value.
///
/// Equality is of type and value; decimals compare by number, whatever their trailing zeros.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// Missing: absent or `null`.
    #[default]
    Missing,
    /// A special code, by name.
    Special(String),
    /// `true` or `false`.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// A text, or an enum's value where the domain gives the type.
    Text(String),
    /// A civil date.
    Date(Date),
    /// A list.
    List(Vec<Value>),
    /// Named fields in declared order.
    Record(Vec<(String, Value)>),
}
