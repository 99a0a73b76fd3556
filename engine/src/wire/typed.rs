//! Facts as a Rust program holds them: typed values by name, without a detour over text or binary floats.

use std::borrow::Cow;

use crate::value::date::Date;
use crate::value::decimal::{ParseNumberError, parse_decimal};

use super::json::Json;

/// One customer's facts, in the order in which they were given.
///
/// Whether they are the ruleset's facts, of the right types and within their domains, is judged when they are decided
/// on, in the words and with the codes of facts that came as JSON. A fact given twice has its last value.
///
/// ```
/// use trutina_engine::value::date::Date;
/// use trutina_engine::wire::typed::{FactValue, Facts};
/// let facts = Facts::new()
///     .integer("age", 34)
///     .decimal("monthly_income", "3200.00")
///     .text("housing", "rent")
///     .date("employed_since", Date::new(2019, 4, 1).unwrap())
///     .boolean("guarantor", false)
///     .missing("bureau_score")
///     .list("products", [FactValue::text("deposit"), FactValue::text("card")])
///     .list("loans", [FactValue::record(Facts::new().decimal("balance", "120.50"))])
///     .series("balance_eom", [(Date::new(2026, 10, 31).unwrap(), FactValue::decimal("812.40"))]);
/// assert_eq!(facts.get("age"), Some(&FactValue::integer(34)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    entries: Vec<(String, FactValue)>,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactValue(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Missing,
    Boolean(bool),
    /// In JSON's grammar.
    Number(String),
    Text(String),
    List(Vec<FactValue>),
    Record(Facts),
}

impl FactValue {
    /// Missing, which only an optional fact may be.
    #[must_use]
    pub const fn missing() -> Self {
        Self(Kind::Missing)
    }

    /// A truth value.
    #[must_use]
    pub const fn boolean(value: bool) -> Self {
        Self(Kind::Boolean(value))
    }

    /// An integer of any width; what does not fit 64 bits is refused when it is decided on.
    #[must_use]
    pub fn integer(value: impl Into<i128>) -> Self {
        Self(Kind::Number(value.into().to_string()))
    }

    /// An exact decimal, written with a point: `3200.00`. There is no way in for a binary float: round and write it
    /// first, and know that you did. A text that is no number is refused when it is decided on.
    #[must_use]
    pub fn decimal(text: impl Into<String>) -> Self {
        let text = text.into();
        match parse_decimal(&text) {
            Err(ParseNumberError::Syntax) => Self(Kind::Text(text)),
            _ => Self(Kind::Number(text)),
        }
    }

    /// A text, or a value of an enum.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self(Kind::Text(text.into()))
    }

    /// A civil date.
    #[must_use]
    pub fn date(date: Date) -> Self {
        Self(Kind::Text(date.to_string()))
    }

    /// A list.
    #[must_use]
    pub fn list(elements: impl IntoIterator<Item = Self>) -> Self {
        Self(Kind::List(elements.into_iter().collect()))
    }

    /// A record, as the element of a list.
    #[must_use]
    pub const fn record(fields: Facts) -> Self {
        Self(Kind::Record(fields))
    }

    /// A time series: one value per period, in any order.
    #[must_use]
    pub fn series(observations: impl IntoIterator<Item = (Date, Self)>) -> Self {
        let observation = |(date, value): (Date, Self)| {
            let fields = vec![("date".to_owned(), Self::date(date)), ("value".to_owned(), value)];
            Self::record(Facts { entries: fields })
        };
        Self::list(observations.into_iter().map(observation))
    }

    fn json(&self) -> Json<'_> {
        match &self.0 {
            Kind::Missing => Json::Null,
            Kind::Boolean(value) => Json::Boolean(*value),
            Kind::Number(text) => Json::Number(text),
            Kind::Text(text) => Json::Text(Cow::Borrowed(text)),
            Kind::List(elements) => Json::Array(elements.iter().map(Self::json).collect()),
            Kind::Record(fields) => fields.json(),
        }
    }
}

impl Facts {
    /// No facts yet.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// Gives a fact its value. The name is that of the input: a fact's `source` where it has one.
    pub fn insert(&mut self, name: impl Into<String>, value: FactValue) {
        let name = name.into();
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name, value)),
        }
    }

    /// The value that a fact was given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FactValue> {
        self.entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn with(mut self, name: impl Into<String>, value: FactValue) -> Self {
        self.insert(name, value);
        self
    }

    /// With a fact that is missing; leaving it out says the same.
    #[must_use]
    pub fn missing(self, name: impl Into<String>) -> Self {
        self.with(name, FactValue::missing())
    }

    /// With a truth value.
    #[must_use]
    pub fn boolean(self, name: impl Into<String>, value: bool) -> Self {
        self.with(name, FactValue::boolean(value))
    }

    /// With an integer.
    #[must_use]
    pub fn integer(self, name: impl Into<String>, value: impl Into<i128>) -> Self {
        self.with(name, FactValue::integer(value))
    }

    /// With an exact decimal, written with a point: see [`FactValue::decimal`].
    #[must_use]
    pub fn decimal(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.with(name, FactValue::decimal(text))
    }

    /// With a text, or a value of an enum.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.with(name, FactValue::text(text))
    }

    /// With a civil date.
    #[must_use]
    pub fn date(self, name: impl Into<String>, date: Date) -> Self {
        self.with(name, FactValue::date(date))
    }

    /// With a list.
    #[must_use]
    pub fn list(self, name: impl Into<String>, elements: impl IntoIterator<Item = FactValue>) -> Self {
        self.with(name, FactValue::list(elements))
    }

    /// With a time series.
    #[must_use]
    pub fn series(self, name: impl Into<String>, observations: impl IntoIterator<Item = (Date, FactValue)>) -> Self {
        self.with(name, FactValue::series(observations))
    }

    /// The same facts as the JSON object that they stand for.
    #[must_use]
    pub fn json(&self) -> Json<'_> {
        Json::Object(self.entries.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), value.json())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::{FactValue, Facts};
    use crate::wire::json::Json;

    #[test]
    fn numbers_keep_every_digit() {
        let facts = Facts::new().decimal("a", "0.10").integer("b", u64::MAX).decimal("c", "1,5").integer("d", -7);
        let json = facts.json();
        assert_eq!(json.get("a"), Some(&Json::Number("0.10")));
        assert_eq!(json.get("b"), Some(&Json::Number("18446744073709551615")));
        assert_eq!(json.get("c"), Some(&Json::Text("1,5".into())), "no number: the decision says so");
        assert_eq!(json.get("d"), Some(&Json::Number("-7")));
    }

    #[test]
    fn the_last_value_of_a_fact_counts() {
        let mut facts = Facts::new().text("a", "x").missing("b");
        facts.insert("a", FactValue::boolean(true));
        let expected = vec![("a".into(), Json::Boolean(true)), ("b".into(), Json::Null)];
        assert_eq!(facts.json(), Json::Object(expected));
    }
}
