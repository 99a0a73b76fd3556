//! Scorecards: attributes in order, points, and PMML's reasons.

use num_traits::{Signed, Zero};
use trutina_engine::diagnostic::Span;
use trutina_engine::diagnostic::codes::UNSCORABLE;
use trutina_engine::ruleset::{
    Attribute, AttributePredicate, BaselineMethod, BoundText, Characteristic, ReasonCodeAlgorithm, Scorecard,
};

use super::calendar::Civil;
use super::evaluate::{Machine, Step, exact, fail};
use super::number::{self, Number, from_decimal, whole};
use super::value::Value;

/// What a card yields.
pub struct CardResult {
    /// The total.
    pub score: Value,
    /// Per characteristic.
    pub points: Vec<(String, Value)>,
    /// Code and points as JSON, ranked, at most `most`.
    pub reasons: Vec<(String, String)>,
}

impl Machine<'_> {
    /// `scorecard("name", f)`: evaluated at the first call.
    pub fn scorecard(&mut self, name: &str, span: Span) -> Step {
        let index = self.ruleset.scorecards.iter().position(|card| card.name == name).expect("a card");
        if !self.cards.iter().any(|(other, _)| *other == index) {
            let ruleset = self.ruleset;
            let card = &ruleset.scorecards[index];
            let mut chosen = Vec::new();
            for characteristic in &card.characteristics {
                let value = self.fact(&characteristic.name)?;
                let matching =
                    characteristic.attributes.iter().find(|attribute| matches(characteristic, attribute, &value));
                let Some(attribute) = matching else { return fail(UNSCORABLE, span) };
                chosen.push((characteristic, attribute));
            }
            let result = total(card, &chosen, span)?;
            self.cards.push((index, result));
        }
        Ok(Value::Card(index))
    }
}

/// Whether an attribute of a characteristic matches a value. `ELSE` takes a special code only if it has no row of its own.
fn matches(characteristic: &Characteristic, attribute: &Attribute, value: &Value) -> bool {
    match (&attribute.predicate, value) {
        (AttributePredicate::Missing, value) => *value == Value::Missing,
        (_, Value::Missing) => false,
        (AttributePredicate::Else, Value::Special(code)) => !characteristic
            .attributes
            .iter()
            .any(|other| matches!(&other.predicate, AttributePredicate::Special(own) if own == code)),
        (AttributePredicate::Else, _) => true,
        (AttributePredicate::Special(wanted), Value::Special(code)) => wanted == code,
        (AttributePredicate::Special(_), _) | (_, Value::Special(_)) => false,
        (AttributePredicate::Interval { lower, upper }, value) => {
            let above = lower.as_ref().is_none_or(|lower| bound(lower).order(value).is_le());
            let below = upper.as_ref().is_none_or(|upper| bound(upper).order(value).is_gt());
            above && below
        }
        (AttributePredicate::Values(words), value) => words.iter().any(|word| is_category(word, value)),
    }
}

fn bound(bound: &BoundText) -> Value {
    match bound {
        BoundText::Number(decimal) => Value::Decimal(from_decimal(*decimal)),
        BoundText::Date(date) => Value::Date(Civil::from_day_number(i64::from(date.days()))),
    }
}

fn is_category(word: &str, value: &Value) -> bool {
    match value {
        Value::Boolean(value) => word == if *value { "true" } else { "false" },
        Value::Text(text) => word == text,
        Value::Date(date) => Civil::parse(word) == Some(*date),
        number => number::parse(word).as_ref() == Some(number.number()),
    }
}

fn total(
    card: &Scorecard,
    chosen: &[(&Characteristic, &Attribute)],
    span: Span,
) -> Result<CardResult, super::evaluate::Flow> {
    let typed =
        |figure: Number| if card.points_scale.is_none() { Value::Integer(figure) } else { Value::Decimal(figure) };
    let mut score = from_decimal(card.initial_score);
    let mut points = Vec::new();
    for (characteristic, attribute) in chosen {
        let partial = from_decimal(attribute.partial_score);
        score += &partial;
        points.push((characteristic.name.clone(), typed(partial)));
    }
    let score = exact(typed(score), span)?;
    Ok(CardResult { score, points, reasons: reasons(card, chosen) })
}

fn baseline(method: BaselineMethod, characteristic: &Characteristic) -> Number {
    let points: Vec<Number> =
        characteristic.attributes.iter().map(|attribute| from_decimal(attribute.partial_score)).collect();
    match method {
        BaselineMethod::Max => points.into_iter().max().expect("a row"),
        BaselineMethod::Min => points.into_iter().min().expect("a row"),
        BaselineMethod::Mean => {
            let count = whole(i64::try_from(points.len()).expect("a length"));
            points.into_iter().sum::<Number>() / count
        }
        BaselineMethod::Given => from_decimal(characteristic.baseline.expect("a given baseline")),
    }
}

/// Differences from the baseline, summed by code; negatives dropped; the greatest first, ties in document order.
fn reasons(card: &Scorecard, chosen: &[(&Characteristic, &Attribute)]) -> Vec<(String, String)> {
    let settings = card.reasons;
    let mut sums: Vec<(String, Number)> = Vec::new();
    for (characteristic, attribute) in chosen {
        let Some(code) = &attribute.reason else { continue };
        let (base, partial) = (baseline(settings.baseline, characteristic), from_decimal(attribute.partial_score));
        let difference = match settings.algorithm {
            ReasonCodeAlgorithm::PointsBelow => base - partial,
            ReasonCodeAlgorithm::PointsAbove => partial - base,
        };
        match sums.iter_mut().find(|(other, _)| other == code) {
            Some((_, sum)) => *sum += difference,
            None => sums.push((code.clone(), difference)),
        }
    }
    sums.retain(|(_, sum)| sum.is_positive() || (settings.keep_zero && sum.is_zero()));
    sums.sort_by(|(_, a), (_, b)| b.cmp(a));
    sums.truncate(settings.most as usize);
    sums.into_iter().map(|(code, sum)| (code, points_text(card, &sum))).collect()
}

fn points_text(card: &Scorecard, points: &Number) -> String {
    if card.reasons.baseline == BaselineMethod::Mean {
        return format!("\"{}\"", number::fixed_text(&number::round(points, 4, "half_up"), 4));
    }
    match card.points_scale {
        None => number::fixed_text(points, 0),
        Some(scale) => format!("\"{}\"", number::fixed_text(points, u32::from(scale))),
    }
}
