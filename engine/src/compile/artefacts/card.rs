//! Scorecards: attributes by class, points as mantissas, differences over one denominator.

use super::super::builder::{Builder, index};
use super::super::classes::{Axis, Selection, classes};
use super::{bound_value, interval_label, too_many_digits};
use crate::program::CardProgram;
use crate::program::artefact::{AttributeProgram, CharacteristicProgram, NONE, PointsForm};
use crate::ruleset::checked::{CheckedScorecard, Input, Type, TypeKind};
use crate::ruleset::{
    Attribute, AttributePredicate, BaselineMethod, Characteristic, ReasonCodeAlgorithm, ReasonSettings, Scorecard,
};
use crate::schema::DataType;
use crate::value::Value;
use crate::value::decimal::{Decimal, parse_decimal};
use crate::value::ordered::Set;

pub(super) fn compile(builder: &mut Builder<'_>, card: &Scorecard, types: &CheckedScorecard) -> Option<CardProgram> {
    let Some(figures) = Figures::new(card, types.scale) else {
        too_many_digits(builder, card.span);
        return None;
    };
    let codes = reason_codes(builder, card);
    let mut characteristics = Vec::new();
    for (characteristic, (input, ty)) in card.characteristics.iter().zip(&types.inputs) {
        characteristics.push(compile_characteristic(builder, card, characteristic, *input, ty, &figures, &codes)?);
    }
    Some(CardProgram {
        name: card.name.clone(),
        initial: raise(card.initial_score, types.scale)?,
        scale: types.scale,
        integer: card.points_scale.is_none(),
        shared_codes: shares_codes(card),
        characteristics,
        codes,
        most: card.reasons.most,
        keep_zero: card.reasons.keep_zero,
        points: figures.form,
        span: card.span,
    })
}

fn reason_codes(builder: &Builder<'_>, card: &Scorecard) -> Vec<u32> {
    let mut codes: Vec<u32> = Vec::new();
    let attributes = card.characteristics.iter().flat_map(|characteristic| &characteristic.attributes);
    for code in attributes.filter_map(|attribute| builder.reason(attribute.reason.as_deref()?)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    codes
}

fn shares_codes(card: &Scorecard) -> bool {
    let mut seen = Set::new();
    card.characteristics.iter().any(|characteristic| {
        let own: Set<_> = characteristic.attributes.iter().filter_map(|attribute| attribute.reason.as_ref()).collect();
        own.into_iter().any(|code| !seen.insert(code))
    })
}

fn compile_characteristic(
    builder: &mut Builder<'_>,
    card: &Scorecard,
    characteristic: &Characteristic,
    input: Input,
    ty: &Type,
    figures: &Figures,
    codes: &[u32],
) -> Option<CharacteristicProgram> {
    let declared = match input {
        Input::Fact(fact) => {
            let fact = builder.checked.ruleset.facts.get(fact);
            fact.is_some_and(|fact| matches!(fact.spec.data_type, DataType::Decimal { .. }))
        }
        Input::Derived(_) => false,
    };
    let constants: Vec<_> = characteristic.attributes.iter().flat_map(|attribute| constants(attribute, ty)).collect();
    let axis = Axis::new(ty, declared, &constants.iter().collect::<Vec<_>>());
    let mut selections = Vec::new();
    for attribute in &characteristic.attributes {
        match select(attribute, characteristic, &axis, ty) {
            Some(selection) => selections.push(selection),
            None => {
                too_many_digits(builder, attribute.span);
                return None;
            }
        }
    }
    let locator = axis.divide(&selections.iter().collect::<Vec<_>>(), builder);
    let specials = ty.special.as_ref().map_or(0, |codes| codes.len());
    let mut attribute_of_class = vec![NONE; (locator.values as usize).saturating_add(1).saturating_add(specials)];
    let mut claim = |class: u32, attribute: usize| {
        if let Some(place) = attribute_of_class.get_mut(class as usize).filter(|place| **place == NONE) {
            *place = index(attribute);
        }
    };
    for (attribute, selection) in selections.iter().enumerate() {
        for (first, last) in classes(selection, &locator) {
            (first..=last).for_each(|class| claim(class, attribute));
        }
        selection.specials.iter().for_each(|code| claim(locator.special(*code), attribute));
        if selection.missing {
            claim(locator.missing(), attribute);
        }
    }
    let baseline = figures.baseline(card, characteristic)?;
    let mut attributes = Vec::new();
    for attribute in &characteristic.attributes {
        let code = attribute.reason.as_deref().and_then(|code| builder.reason(code));
        attributes.push(AttributeProgram {
            points: raise(attribute.partial_score, figures.card_scale)?,
            difference: figures.difference(card.reasons, attribute.partial_score, baseline)?,
            code: code.and_then(|code| codes.iter().position(|known| *known == code)).map_or(NONE, index),
            span: attribute.span,
        });
    }
    Some(CharacteristicProgram {
        name: characteristic.name.clone(),
        input,
        ty: ty.clone(),
        sensitive: false,
        locator,
        attribute_of_class,
        attributes,
        labels: characteristic.attributes.iter().map(label).collect(),
        span: characteristic.span,
    })
}

fn constants(attribute: &Attribute, ty: &Type) -> Vec<Value> {
    match &attribute.predicate {
        AttributePredicate::Interval { lower, upper } => {
            [lower, upper].into_iter().flatten().map(bound_value).collect()
        }
        AttributePredicate::Values(values) => values.iter().filter_map(|text| category(text, ty)).collect(),
        _ => Vec::new(),
    }
}

/// A category as a value of the characteristic's type.
fn category(text: &str, ty: &Type) -> Option<Value> {
    match ty.kind {
        TypeKind::Integer | TypeKind::Decimal { .. } => parse_decimal(text).ok().map(Value::Decimal),
        TypeKind::Boolean => Some(Value::Boolean(text == "true")),
        TypeKind::Date => crate::value::date::Date::parse_iso(text).ok().map(Value::Date),
        _ => Some(Value::Text(text.to_owned())),
    }
}

fn select(attribute: &Attribute, characteristic: &Characteristic, axis: &Axis, ty: &Type) -> Option<Selection> {
    let mut selection = Selection::default();
    match &attribute.predicate {
        AttributePredicate::Interval { lower, upper } => {
            let place = |bound: &Value| axis.place(bound, ty).map(|(_, ceil)| ceil);
            let low = lower.as_ref().map(bound_value).map_or(Some(i128::MIN), |bound| place(&bound))?;
            let high =
                upper.as_ref().map(bound_value).map_or(Some(i128::MAX), |bound| place(&bound)?.checked_sub(1))?;
            selection.ranges.push((low, high));
        }
        AttributePredicate::Values(values) => {
            for value in values.iter().filter_map(|text| category(text, ty)) {
                let (floor, ceil) = axis.place(&value, ty)?;
                selection.ranges.extend((floor == ceil).then_some((floor, ceil)));
            }
        }
        AttributePredicate::Missing => selection.missing = true,
        AttributePredicate::Else => {
            selection.inverted = true;
            selection.specials = codes_without_row(characteristic, ty);
        }
        AttributePredicate::Special(name) => selection.specials.extend(special(name, ty)),
    }
    Some(selection)
}

fn special(name: &str, ty: &Type) -> Option<u8> {
    let place = ty.special.as_ref()?.iter().position(|code| code.name == name)?;
    u8::try_from(place).ok()
}

/// The special codes that `ELSE` stands for.
fn codes_without_row(characteristic: &Characteristic, ty: &Type) -> Vec<u8> {
    let rows: Vec<_> = characteristic
        .attributes
        .iter()
        .filter_map(|attribute| match &attribute.predicate {
            AttributePredicate::Special(name) => special(name, ty),
            _ => None,
        })
        .collect();
    let codes = ty.special.as_ref().map_or(0, |codes| codes.len());
    (0..u8::try_from(codes).unwrap_or(u8::MAX)).filter(|code| !rows.contains(code)).collect()
}

fn label(attribute: &Attribute) -> String {
    match &attribute.predicate {
        AttributePredicate::Interval { lower, upper } => interval_label(lower.as_ref(), upper.as_ref()),
        AttributePredicate::Values(values) => values.join("|"),
        AttributePredicate::Missing => "MISSING".to_owned(),
        AttributePredicate::Else => "ELSE".to_owned(),
        AttributePredicate::Special(name) => format!("SPECIAL:{name}"),
    }
}

/// `x` as a mantissa at `scale`; `None` if it has more digits or does not fit.
fn raise(x: Decimal, scale: u8) -> Option<i128> {
    let x = x.normalize();
    let more = u32::from(scale).checked_sub(x.scale())?;
    10_i128.checked_pow(more)?.checked_mul(x.mantissa())
}

/// Exact differences: mantissas at `scale`, over the least common multiple of the numbers of rows where baselines are
/// means.
struct Figures {
    card_scale: u8,
    scale: u8,
    multiple: i128,
    form: PointsForm,
}

impl Figures {
    fn new(card: &Scorecard, card_scale: u8) -> Option<Self> {
        let given = card.characteristics.iter().filter_map(|characteristic| characteristic.baseline);
        let given = match card.reasons.baseline {
            BaselineMethod::Given => given.map(|figure| figure.normalize().scale()).max().unwrap_or(0),
            _ => 0,
        };
        let scale = card_scale.max(u8::try_from(given).ok()?);
        let mean = card.reasons.baseline == BaselineMethod::Mean;
        let rows = card.characteristics.iter().map(|characteristic| characteristic.attributes.len());
        let multiple = if mean { rows.map(|rows| rows as i128).try_fold(1, least_common_multiple)? } else { 1 };
        let digits = if mean { 4 } else { scale };
        let denominator = 10_i128.checked_pow(scale.into())?.checked_mul(multiple)?;
        // Numerators must leave room for the digits printed.
        let form = PointsForm { denominator, digits, integer: digits == 0 && card.points_scale.is_none() };
        Some(Self { card_scale, scale, multiple, form })
    }

    /// The baseline over the card's denominator.
    fn baseline(&self, card: &Scorecard, characteristic: &Characteristic) -> Option<i128> {
        let points: Option<Vec<i128>> =
            characteristic.attributes.iter().map(|attribute| raise(attribute.partial_score, self.scale)).collect();
        let points = points?;
        match card.reasons.baseline {
            BaselineMethod::Max => points.into_iter().max().unwrap_or(0),
            BaselineMethod::Min => points.into_iter().min().unwrap_or(0),
            BaselineMethod::Given => raise(characteristic.baseline.unwrap_or_default(), self.scale)?,
            BaselineMethod::Mean => {
                let rows = i128::try_from(points.len()).ok()?.max(1);
                let sum = points.into_iter().try_fold(0_i128, i128::checked_add)?;
                return sum.checked_mul(self.multiple.checked_div(rows)?);
            }
        }
        .checked_mul(self.multiple)
    }

    fn difference(&self, settings: ReasonSettings, points: Decimal, baseline: i128) -> Option<i128> {
        let points = raise(points, self.scale)?.checked_mul(self.multiple)?;
        let difference = match settings.algorithm {
            ReasonCodeAlgorithm::PointsBelow => baseline.checked_sub(points)?,
            ReasonCodeAlgorithm::PointsAbove => points.checked_sub(baseline)?,
        };
        // Sums of a card's differences and their printed form stay within 128 bits.
        difference.checked_mul(1_000_000_000)?;
        Some(difference)
    }
}

fn least_common_multiple(a: i128, b: i128) -> Option<i128> {
    let (mut x, mut y) = (a, b.max(1));
    while y != 0 {
        (x, y) = (y, x.checked_rem(y)?);
    }
    a.checked_div(x)?.checked_mul(b.max(1))
}
