//! The ways in which one fact can move: values in order of their distance from the present one.

use crate::evaluate::reach::Reach;
use crate::schema::{Actionable, DataType, Fact};
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, MAX_COEFFICIENT, ceil_mantissa, floor_mantissa, from_mantissa};
use crate::value::slot::Slot;

/// What a fact's ordinals stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grid {
    Boolean,
    Integer,
    Enum,
    Date,
    /// Mantissas at a scale.
    Decimal(u8),
}

/// One way for a fact: `steps` values, the first one unit away from `from`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// Index of the fact.
    pub fact: usize,
    grid: Grid,
    from: i128,
    up: bool,
    /// How many values there are.
    pub steps: i128,
}

/// Distances along a chain, both inclusive, from 1.
pub(super) type Stretch = (i128, i128);

impl Chain {
    /// The ways for a fact that has a value now, towards smaller values first; nothing if its value cannot be moved:
    /// it is missing or special, or its type has no order.
    pub fn all(fact: &Fact, index: usize, now: Slot) -> Option<Vec<Self>> {
        let (up, down) = match fact.actionable? {
            Actionable::Increase => (true, false),
            Actionable::Decrease => (false, true),
            Actionable::Any => (true, true),
        };
        let (grid, from) = place(fact, now)?;
        let (low, high) = domain(fact, grid);
        let chain = |from: i128, up: bool, steps: i128| Self { fact: index, grid, from, up, steps };
        if grid == Grid::Enum && up && down {
            // No value of a category is nearer than another: each is a way of its own.
            let others = (low..=high).filter(|value| *value != from);
            return Some(others.map(|value| chain(value.saturating_sub(1), true, 1)).collect());
        }
        let downwards = down.then(|| chain(from, false, from.saturating_sub(low)));
        let upwards = up.then(|| chain(from, true, high.saturating_sub(from)));
        Some(downwards.into_iter().chain(upwards).filter(|chain| chain.steps > 0).collect())
    }

    const fn ordinal(&self, distance: i128) -> i128 {
        if self.up { self.from.saturating_add(distance) } else { self.from.saturating_sub(distance) }
    }

    /// The value at a distance.
    pub fn at(&self, distance: i128) -> Option<Slot> {
        let ordinal = self.ordinal(distance);
        match self.grid {
            Grid::Boolean => Some(Slot::Boolean(ordinal == 1)),
            Grid::Integer => i64::try_from(ordinal).ok().map(Slot::Integer),
            Grid::Enum => u16::try_from(ordinal).ok().map(Slot::Enum),
            Grid::Date => Date::from_days(i32::try_from(ordinal).ok()?).ok().map(Slot::Date),
            Grid::Decimal(scale) => from_mantissa(ordinal, scale.into()).ok().map(Slot::Decimal),
        }
    }

    /// The values of a stretch.
    pub fn reach(&self, (near, far): Stretch) -> Reach {
        if near == far {
            return self.at(near).map_or(Reach::Any, Reach::Exact);
        }
        let (one, other) = (self.ordinal(near), self.ordinal(far));
        let (low, high) = (one.min(other), one.max(other));
        match self.grid {
            Grid::Boolean => Reach::Truths,
            Grid::Integer => Reach::integers(low, high).unwrap_or(Reach::Any),
            Grid::Enum => {
                let symbols = (low..=high).map(|symbol| 1_u64.checked_shl(u32::try_from(symbol).ok()?));
                let mask = symbols.collect::<Option<Vec<_>>>();
                mask.map_or(Reach::Any, |mask| Reach::Symbols(mask.into_iter().fold(0, |all, one| all | one)))
            }
            Grid::Date => match (self.at(near.max(far)), self.at(near.min(far))) {
                (Some(Slot::Date(one)), Some(Slot::Date(other))) => Reach::dates(one.min(other), one.max(other)),
                _ => Reach::Any,
            },
            Grid::Decimal(scale) => {
                let end = |mantissa: i128| from_mantissa(mantissa, scale.into()).ok();
                end(low).zip(end(high)).map_or(Reach::Any, |(low, high)| Reach::Decimals(low, high))
            }
        }
    }
}

/// The value of a fact on its grid.
fn place(fact: &Fact, now: Slot) -> Option<(Grid, i128)> {
    match (&fact.spec.data_type, now) {
        (DataType::Boolean, Slot::Boolean(truth)) => Some((Grid::Boolean, truth.into())),
        (DataType::Integer, Slot::Integer(number)) => Some((Grid::Integer, number.into())),
        (DataType::Enum(_), Slot::Enum(symbol)) => Some((Grid::Enum, symbol.into())),
        (DataType::Date, Slot::Date(date)) => Some((Grid::Date, date.days().into())),
        (DataType::Decimal { scale }, Slot::Decimal(number)) => Some((Grid::Decimal(*scale), number.mantissa())),
        _ => None,
    }
}

/// The first and the last value of a fact's domain.
fn domain(fact: &Fact, grid: Grid) -> (i128, i128) {
    let scale = if let Grid::Decimal(scale) = grid { u32::from(scale) } else { 0 };
    let (least, greatest) = match grid {
        Grid::Boolean => (0, 1),
        Grid::Integer => (i64::MIN.into(), i64::MAX.into()),
        Grid::Enum => match &fact.spec.data_type {
            DataType::Enum(domain) => (0, i128::try_from(domain.values.len()).unwrap_or(0).saturating_sub(1)),
            _ => (0, 0),
        },
        Grid::Date => (Date::MIN.days().into(), Date::MAX.days().into()),
        Grid::Decimal(_) => (MAX_COEFFICIENT.saturating_neg(), MAX_COEFFICIENT),
    };
    let bound = |value: &Value, round: fn(Decimal, u32) -> i128| match value {
        Value::Integer(number) => Some(round(Decimal::from(*number), scale)),
        Value::Decimal(number) => Some(round(*number, scale)),
        Value::Date(date) => Some(date.days().into()),
        _ => None,
    };
    let low = fact.spec.min.as_ref().and_then(|min| bound(min, ceil_mantissa));
    let high = fact.spec.max.as_ref().and_then(|max| bound(max, floor_mantissa));
    (low.map_or(least, |low| low.max(least)), high.map_or(greatest, |high| high.min(greatest)))
}
