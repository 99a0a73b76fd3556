//! One column's values, cut into pieces that every test of the column holds for as a whole or not at all.
//!
//! A column of numbers with the ends 18 and 65 has the pieces below 18, 18, between, 65, above 65, then missing and the
//! special codes. What a row matches is a set of pieces, and questions about values become questions about sets.

use rust_decimal::Decimal;

use super::bits::Bits;
use crate::ruleset::checked::{Type, TypeKind};
use crate::ruleset::{CellValue, UnaryTest, UnaryTests};
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{ceil_mantissa, floor_mantissa, from_mantissa, plain_text, rescale_exact, to_i64_exact};

/// A value that has an order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Number(Decimal),
    Date(Date),
    Text(String),
}

impl End {
    pub(super) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(Self::Number(Decimal::from(*number))),
            Value::Decimal(number) => Some(Self::Number(*number)),
            Value::Date(date) => Some(Self::Date(*date)),
            _ => None,
        }
    }

    pub(super) fn of_cell(value: &CellValue) -> Option<Self> {
        match value {
            CellValue::Number(number) => Some(Self::Number(*number)),
            CellValue::Date(date) => Some(Self::Date(*date)),
            CellValue::Text(text) => Some(Self::Text(text.clone())),
            CellValue::Word(_) | CellValue::Boolean(_) => None,
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Number(number) => plain_text(*number),
            Self::Date(date) => date.to_string(),
            Self::Text(text) => format!("\"{text}\""),
        }
    }
}

/// What the pieces of an axis are made of.
#[derive(Clone, Debug)]
enum Pieces {
    /// Sorted ends; piece 2i + 1 is the i-th end, piece 2i what lies below it.
    Ordered(Vec<End>),
    /// The values of an enum, or `false` and `true`.
    Listed(Vec<String>),
}

/// The values of one column.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) name: String,
    kind: TypeKind,
    pieces: Pieces,
    special: Vec<String>,
    /// Pieces that hold a value at all: within the domain, and representable.
    pub(super) alive: Bits,
}

impl Axis {
    /// The axis of a column of `ty` whose tests have the given ends, within `min` and `max` where they are known.
    pub(super) fn new(
        name: &str,
        ty: &Type,
        ends: impl IntoIterator<Item = End>,
        min: Option<End>,
        max: Option<End>,
    ) -> Self {
        let pieces = match &ty.kind {
            TypeKind::Enum(domain) => Pieces::Listed(domain.values.clone()),
            TypeKind::Boolean => Pieces::Listed(vec!["false".to_owned(), "true".to_owned()]),
            _ => {
                let mut all: Vec<End> = ends.into_iter().chain(min.clone()).chain(max.clone()).collect();
                all.sort();
                all.dedup();
                Pieces::Ordered(all)
            }
        };
        let codes = ty.special.iter().flat_map(|codes| codes.iter()).map(|code| code.name.clone());
        let special: Vec<String> = codes.collect();
        let mut axis = Self { name: name.to_owned(), kind: ty.kind.clone(), pieces, special, alive: Bits::none(0) };
        axis.alive = Bits::none(axis.size());
        for piece in 0..axis.values() {
            let within = min.as_ref().is_none_or(|min| !axis.is_below(piece, min))
                && max.as_ref().is_none_or(|max| !axis.is_above(piece, max));
            if within && axis.witness(piece).is_some() {
                axis.alive.insert(piece);
            }
        }
        if ty.missing {
            axis.alive.insert(axis.missing());
        }
        let first = axis.missing().saturating_add(1);
        axis.alive.insert_range(first, first.saturating_add(axis.special.len()));
        axis
    }

    /// What the values are.
    pub(super) const fn kind(&self) -> &TypeKind {
        &self.kind
    }

    /// Pieces that are values.
    pub(super) fn values(&self) -> usize {
        match &self.pieces {
            Pieces::Ordered(ends) => ends.len().saturating_mul(2).saturating_add(1),
            Pieces::Listed(values) => values.len(),
        }
    }

    /// The piece that is the missing value; the special codes follow it.
    pub(super) fn missing(&self) -> usize {
        self.values()
    }

    pub(super) fn special(&self, name: &str) -> Option<usize> {
        let index = self.special.iter().position(|code| code == name)?;
        Some(self.missing().saturating_add(1).saturating_add(index))
    }

    /// All pieces, values, missing and codes.
    pub(super) fn size(&self) -> usize {
        self.missing().saturating_add(1).saturating_add(self.special.len())
    }

    fn ends(&self) -> &[End] {
        match &self.pieces {
            Pieces::Ordered(ends) => ends,
            Pieces::Listed(_) => &[],
        }
    }

    /// The ends around a piece of an ordered axis: `(lower, upper)`, equal for a single value.
    fn around(&self, piece: usize) -> (Option<&End>, Option<&End>) {
        let index = piece / 2;
        if piece % 2 == 1 {
            return (self.ends().get(index), self.ends().get(index));
        }
        (index.checked_sub(1).and_then(|below| self.ends().get(below)), self.ends().get(index))
    }

    fn is_below(&self, piece: usize, min: &End) -> bool {
        match self.around(piece) {
            (_, None) => false,
            (lower, Some(upper)) => upper < min || (upper == min && lower != Some(upper)),
        }
    }

    fn is_above(&self, piece: usize, max: &End) -> bool {
        match self.around(piece) {
            (None, _) => false,
            (Some(lower), upper) => lower > max || (lower == max && upper != Some(lower)),
        }
    }

    /// The pieces from `lower` to `upper`, each with whether it belongs to the interval.
    pub(super) fn interval(&self, lower: Option<(&End, bool)>, upper: Option<(&End, bool)>) -> Bits {
        let place = |end: &End| self.ends().binary_search(end).unwrap_or_else(|index| index).saturating_mul(2);
        let from = lower.map_or(0, |(end, closed)| place(end).saturating_add(if closed { 1 } else { 2 }));
        let to = upper.map_or(self.values(), |(end, closed)| place(end).saturating_add(if closed { 2 } else { 1 }));
        let mut bits = Bits::none(self.size());
        bits.insert_range(from, to);
        bits
    }

    /// The piece that is this value of a listed axis.
    pub(super) fn listed(&self, text: &str) -> Option<usize> {
        match &self.pieces {
            Pieces::Listed(values) => values.iter().position(|value| value == text),
            Pieces::Ordered(_) => None,
        }
    }

    /// The pieces of one test.
    fn test(&self, test: &UnaryTest) -> Bits {
        let mut bits = Bits::none(self.size());
        match test {
            UnaryTest::Missing => bits.insert(self.missing()),
            UnaryTest::Special(name) => self.special(name).into_iter().for_each(|piece| bits.insert(piece)),
            UnaryTest::Equal(CellValue::Boolean(value)) => {
                self.listed(&value.to_string()).into_iter().for_each(|piece| bits.insert(piece));
            }
            UnaryTest::Equal(CellValue::Word(text) | CellValue::Text(text))
                if matches!(self.pieces, Pieces::Listed(_)) =>
            {
                self.listed(text).into_iter().for_each(|piece| bits.insert(piece));
            }
            UnaryTest::Equal(value) => {
                if let Some(end) = End::of_cell(value) {
                    return self.interval(Some((&end, true)), Some((&end, true)));
                }
            }
            UnaryTest::Interval { lower, upper } => {
                let end = |side: &Option<(CellValue, bool)>| {
                    side.as_ref().and_then(|(value, closed)| Some((End::of_cell(value)?, *closed)))
                };
                let (lower, upper) = (end(lower), end(upper));
                return self.interval(
                    lower.as_ref().map(|(end, closed)| (end, *closed)),
                    upper.as_ref().map(|(end, closed)| (end, *closed)),
                );
            }
        }
        bits
    }

    /// The living pieces that a cell holds for.
    pub(super) fn tests(&self, tests: &UnaryTests) -> Bits {
        let mut bits = match tests {
            UnaryTests::Any => return self.alive.clone(),
            UnaryTests::OneOf(tests) | UnaryTests::NoneOf(tests) => {
                let mut bits = Bits::none(self.size());
                tests.iter().for_each(|test| bits.add(&self.test(test)));
                bits
            }
        };
        if let UnaryTests::NoneOf(_) = tests {
            // No value of the list, and never a special code.
            let mut rest = Bits::none(self.size());
            rest.insert_range(0, self.missing().saturating_add(1));
            rest.drop_all(&bits);
            bits = rest;
        }
        bits.keep(&self.alive);
        bits
    }

    /// A concrete value of a piece, in words; `None` if there is none.
    pub(super) fn witness(&self, piece: usize) -> Option<String> {
        if piece == self.missing() {
            return Some("missing".to_owned());
        }
        if let Some(code) = piece.checked_sub(self.missing().saturating_add(1)) {
            return self.special.get(code).map(|name| format!("special(\"{name}\")"));
        }
        match &self.pieces {
            Pieces::Listed(values) => {
                let value = values.get(piece)?;
                Some(if self.kind == TypeKind::Boolean { value.clone() } else { format!("\"{value}\"") })
            }
            Pieces::Ordered(_) => match (self.around(piece), piece % 2) {
                ((Some(value), _), 1) => is_value(value, &self.kind).then(|| value.show()),
                ((lower, upper), _) => between(lower, upper, &self.kind).map(|value| value.show()),
            },
        }
    }

    /// `name = value`
    pub(super) fn show(&self, piece: usize) -> String {
        format!("{} = {}", self.name, self.witness(piece).unwrap_or_default())
    }
}

/// Digits after the point of the numbers of a type.
fn scale_of(kind: &TypeKind) -> u32 {
    match kind {
        TypeKind::Decimal { scale } => u32::from(*scale),
        _ => 0,
    }
}

/// Whether a value of this type can be equal to an end.
pub(super) fn is_value(end: &End, kind: &TypeKind) -> bool {
    match (end, kind) {
        (End::Number(number), TypeKind::Integer) => to_i64_exact(*number).is_some(),
        (End::Number(number), TypeKind::Decimal { .. }) => rescale_exact(*number, scale_of(kind)).is_some(),
        (End::Date(_), TypeKind::Date) | (End::Text(_), TypeKind::Text) => true,
        _ => false,
    }
}

/// Some value of a type strictly between two ends. Of texts not every one is found.
pub(super) fn between(lower: Option<&End>, upper: Option<&End>, kind: &TypeKind) -> Option<End> {
    let found = match kind {
        TypeKind::Integer | TypeKind::Decimal { .. } => number_between(lower, upper, scale_of(kind)),
        TypeKind::Date => date_between(lower, upper),
        TypeKind::Text => text_between(lower, upper),
        _ => None,
    }?;
    is_value(&found, kind).then_some(found)
}

fn number_between(lower: Option<&End>, upper: Option<&End>, scale: u32) -> Option<End> {
    let mantissa = match (lower, upper) {
        (Some(End::Number(lower)), _) => floor_mantissa(*lower, scale).checked_add(1)?,
        (None, Some(End::Number(upper))) => ceil_mantissa(*upper, scale).checked_sub(1)?,
        _ => 0,
    };
    let found = End::Number(from_mantissa(mantissa, scale).ok()?);
    upper.is_none_or(|upper| found < *upper).then_some(found)
}

fn date_between(lower: Option<&End>, upper: Option<&End>) -> Option<End> {
    let date = match (lower, upper) {
        (Some(End::Date(lower)), _) => lower.add_days(1).ok()?,
        (None, Some(End::Date(upper))) => upper.add_days(-1).ok()?,
        _ => Date::from_days(0).ok()?,
    };
    let found = End::Date(date);
    upper.is_none_or(|upper| found < *upper).then_some(found)
}

fn text_between(lower: Option<&End>, upper: Option<&End>) -> Option<End> {
    let low = match lower {
        Some(End::Text(text)) => text.as_str(),
        _ => "",
    };
    let candidates = [
        "other".to_owned(),
        "OTHER".to_owned(),
        String::new(),
        format!("{low}a"),
        format!("{low} "),
        format!("{low}\u{1}"),
    ];
    let fits = |text: &String| {
        let found = End::Text(text.clone());
        lower.is_none_or(|lower| found > *lower) && upper.is_none_or(|upper| found < *upper)
    };
    candidates.into_iter().find(fits).map(End::Text)
}
