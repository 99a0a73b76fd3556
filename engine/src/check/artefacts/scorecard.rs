//! Scorecards: attributes against the types of their characteristics, what no attribute matches, what none can reach.

use super::axis::{Axis, End};
use super::bits::Bits;
use super::entry::check_special;
use super::{check_reason, suggestion};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::codes::{
    CARD_ATTRIBUTE, CARD_MISSING_ROW, CARD_NOT_MONOTONE, CARD_OPEN_DOMAIN, CARD_UNREACHABLE, UNKNOWN_ENUM_VALUE,
};
use crate::ruleset::checked::{CheckedScorecard, Input, Type, TypeKind};
use crate::ruleset::{Attribute, AttributePredicate, BoundText, Characteristic, Ruleset};
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::parse_decimal;

/// Judges a card whose characteristics read `inputs` (in their order; `None` where that is unknown and was reported).
///
/// Errors: T2006 (category not in the enum), T2013 (special code), T2014 (reason), T2201 (attribute against type, empty
/// bin), T2202 (optional without `MISSING`). Warnings: T2203 (open domain), T2204 (out of reach), T2205 (not monotone).
pub fn check_scorecard(
    ruleset: &Ruleset,
    index: usize,
    inputs: &[Option<(Input, Type)>],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CheckedScorecard> {
    let card = ruleset.scorecards.get(index)?;
    let mut sound = true;
    for (characteristic, input) in card.characteristics.iter().zip(inputs) {
        for attribute in &characteristic.attributes {
            if let Some(reason) = &attribute.reason {
                sound &= check_reason(reason, attribute.span, &ruleset.reasons, diagnostics);
            }
        }
        sound &= match input {
            Some((input, ty)) => check_characteristic(ruleset, characteristic, *input, ty, card.complete, diagnostics),
            None => false,
        };
    }
    let inputs: Option<Vec<(Input, Type)>> = inputs.iter().cloned().collect();
    let inputs = inputs.filter(|_| sound)?;
    Some(CheckedScorecard { inputs, scale: card.points_scale.unwrap_or_default() })
}

fn check_characteristic(
    ruleset: &Ruleset,
    characteristic: &Characteristic,
    input: Input,
    ty: &Type,
    complete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let name = &characteristic.name;
    if !is_scalar(&ty.kind) {
        let message = format!("`{name}` is no single value");
        let help = "derive a number or a category from it and score that";
        diagnostics.push(Diagnostic::new(CARD_ATTRIBUTE, characteristic.span, message).with_help(help));
        return false;
    }
    let checked: Vec<bool> =
        characteristic.attributes.iter().map(|attribute| check_attribute(name, attribute, ty, diagnostics)).collect();
    let mut sound = checked.iter().all(|sound| *sound);
    let has_missing = characteristic.attributes.iter().any(|found| found.predicate == AttributePredicate::Missing);
    if ty.missing && !has_missing && complete {
        let message = format!("`{name}` may be missing and has no row `MISSING`");
        let help = format!("add `{name},,,MISSING,<points>,<reason>`; `ELSE` never matches a missing value");
        diagnostics.push(Diagnostic::new(CARD_MISSING_ROW, characteristic.span, message).with_help(help));
        sound = false;
    }
    if sound {
        let axis = axis(ruleset, characteristic, input, ty);
        warn_of_reach(characteristic, &axis, complete, diagnostics);
        hint_at_order(characteristic, diagnostics);
    }
    sound
}

const fn is_scalar(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::Boolean
            | TypeKind::Integer
            | TypeKind::Decimal { .. }
            | TypeKind::Text
            | TypeKind::Enum(_)
            | TypeKind::Date
    )
}

fn check_attribute(name: &str, attribute: &Attribute, ty: &Type, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let span = attribute.span;
    let mut refuse = |message: String, help: &str| {
        diagnostics.push(Diagnostic::new(CARD_ATTRIBUTE, span, message).with_help(help));
        false
    };
    match &attribute.predicate {
        AttributePredicate::Missing | AttributePredicate::Else => true,
        AttributePredicate::Special(code) => check_special(code, ty, span, diagnostics),
        AttributePredicate::Interval { lower, upper } => {
            let dated = |bound: &BoundText| matches!(bound, BoundText::Date(_));
            let (any_date, any_number) = lower
                .iter()
                .chain(upper)
                .fold((false, false), |(dates, numbers), bound| (dates || dated(bound), numbers || !dated(bound)));
            match &ty.kind {
                TypeKind::Integer | TypeKind::Decimal { .. } if any_date => {
                    refuse(format!("a date as a bound of `{name}`, which is a number"), "write numbers")
                }
                TypeKind::Date if any_number => {
                    refuse(format!("a number as a bound of `{name}`, which is a date"), "write dates: `2026-01-31`")
                }
                TypeKind::Integer | TypeKind::Decimal { .. } | TypeKind::Date => {
                    let empty =
                        matches!((end(lower.as_ref()), end(upper.as_ref())), (Some(low), Some(high)) if low >= high);
                    !empty
                        || refuse(
                            "this bin holds no value".to_owned(),
                            "`lower` belongs to a bin and `upper` does not: `lower` is below `upper`",
                        )
                }
                _ => refuse(
                    format!("a bin of `{name}`, which has categories"),
                    "write the categories in `value`; any other value is `ELSE`",
                ),
            }
        }
        AttributePredicate::Values(values) => {
            let sound: Vec<bool> =
                values.iter().map(|value| check_category(name, value, attribute, ty, diagnostics)).collect();
            !sound.contains(&false)
        }
    }
}

fn check_category(
    name: &str,
    value: &str,
    attribute: &Attribute,
    ty: &Type,
    diagnostics: &mut Vec<Diagnostic>,
) -> bool {
    let (expected, help) = match &ty.kind {
        TypeKind::Text => return true,
        TypeKind::Enum(domain) if domain.index_of(value).is_some() => return true,
        TypeKind::Enum(domain) => {
            let values: Vec<&str> = domain.values.iter().map(String::as_str).collect();
            let message = format!("`{value}` is none of the values of `{name}`");
            let found = Diagnostic::new(UNKNOWN_ENUM_VALUE, attribute.span, message);
            diagnostics.push(found.with_help(suggestion(value, &values)));
            return false;
        }
        TypeKind::Boolean if matches!(value, "true" | "false") => return true,
        TypeKind::Boolean => ("a truth value", "write `true` or `false`"),
        TypeKind::Date if Date::parse_iso(value).is_ok() => return true,
        TypeKind::Date => ("a date", "write dates: `2026-01-31`"),
        _ if plain_number(value).is_some() => return true,
        _ => ("a number", "write a number, or a bin in `lower` and `upper`"),
    };
    let message = format!("the category `{value}` of `{name}`, which is {expected}");
    diagnostics.push(Diagnostic::new(CARD_ATTRIBUTE, attribute.span, message).with_help(help));
    false
}

/// A number without exponent.
fn plain_number(text: &str) -> Option<End> {
    parse_decimal(text).ok().filter(|_| !text.contains(['e', 'E'])).map(End::Number)
}

fn end(bound: Option<&BoundText>) -> Option<End> {
    bound.map(|bound| match bound {
        BoundText::Number(number) => End::Number(*number),
        BoundText::Date(date) => End::Date(*date),
    })
}

/// A category as an end of an ordered axis.
fn category_end(value: &str, kind: &TypeKind) -> Option<End> {
    match kind {
        TypeKind::Text => Some(End::Text(value.to_owned())),
        TypeKind::Date => Date::parse_iso(value).ok().map(End::Date),
        TypeKind::Integer | TypeKind::Decimal { .. } => plain_number(value),
        _ => None,
    }
}

fn axis(ruleset: &Ruleset, characteristic: &Characteristic, input: Input, ty: &Type) -> Axis {
    let ends = characteristic.attributes.iter().flat_map(|attribute| match &attribute.predicate {
        AttributePredicate::Interval { lower, upper } => {
            [lower, upper].into_iter().filter_map(|side| end(side.as_ref())).collect()
        }
        AttributePredicate::Values(values) => values.iter().filter_map(|value| category_end(value, &ty.kind)).collect(),
        _ => Vec::new(),
    });
    let spec = match input {
        Input::Fact(index) => ruleset.facts.get(index).map(|fact| &fact.spec),
        Input::Derived(_) => None,
    };
    let bound = |value: Option<&Value>| value.and_then(End::of_value);
    let (min, max) = spec.map_or((None, None), |spec| (bound(spec.min.as_ref()), bound(spec.max.as_ref())));
    Axis::new(&characteristic.name, ty, ends, min, max)
}

/// The pieces of an attribute; `own` are the special codes that have rows of their own.
fn pieces(axis: &Axis, predicate: &AttributePredicate, own: &[usize], kind: &TypeKind) -> Bits {
    let mut bits = Bits::none(axis.size());
    match predicate {
        AttributePredicate::Interval { lower, upper } => {
            let (low, high) = (end(lower.as_ref()), end(upper.as_ref()));
            bits = axis.interval(low.as_ref().map(|low| (low, true)), high.as_ref().map(|high| (high, false)));
        }
        AttributePredicate::Values(values) => {
            for value in values {
                axis.listed(value).into_iter().for_each(|piece| bits.insert(piece));
                if let Some(end) = category_end(value, kind) {
                    bits.add(&axis.interval(Some((&end, true)), Some((&end, true))));
                }
            }
        }
        AttributePredicate::Missing => bits.insert(axis.missing()),
        AttributePredicate::Special(name) => axis.special(name).into_iter().for_each(|piece| bits.insert(piece)),
        AttributePredicate::Else => {
            bits = Bits::all(axis.size());
            let mut others = Bits::none(axis.size());
            others.insert(axis.missing());
            own.iter().for_each(|piece| others.insert(*piece));
            bits.drop_all(&others);
        }
    }
    bits.keep(&axis.alive);
    bits
}

fn warn_of_reach(characteristic: &Characteristic, axis: &Axis, complete: bool, diagnostics: &mut Vec<Diagnostic>) {
    let name = &characteristic.name;
    let own: Vec<usize> = characteristic
        .attributes
        .iter()
        .filter_map(|attribute| match &attribute.predicate {
            AttributePredicate::Special(code) => axis.special(code),
            _ => None,
        })
        .collect();
    let mut open = axis.alive.clone();
    for attribute in &characteristic.attributes {
        let matched = pieces(axis, &attribute.predicate, &own, axis.kind());
        let mut reached = matched.clone();
        reached.keep(&open);
        if reached.is_empty() {
            let why = match (&attribute.predicate, matched.is_empty()) {
                (AttributePredicate::Missing, true) => format!("`{name}` is never missing"),
                (_, true) => format!("no value of `{name}` is meant by this row"),
                (_, false) => "the rows before match all that this one could".to_owned(),
            };
            let help = "the first row that matches wins; remove this one or move it up";
            diagnostics.push(Diagnostic::new(CARD_UNREACHABLE, attribute.span, why).with_help(help));
        }
        open.drop_all(&matched);
    }
    if let Some(piece) = open.first().filter(|_| complete) {
        let message = format!("no row matches {}: the score could not be computed", axis.show(piece));
        let help = format!("widen a bin or add a row `{name},,,ELSE,<points>,<reason>`");
        diagnostics.push(Diagnostic::new(CARD_OPEN_DOMAIN, characteristic.span, message).with_help(help));
    }
}

/// Bins in order whose points neither only rise nor only fall: often right, sometimes a slip.
fn hint_at_order(characteristic: &Characteristic, diagnostics: &mut Vec<Diagnostic>) {
    let mut bins: Vec<(Option<End>, &Attribute)> = characteristic
        .attributes
        .iter()
        .filter_map(|attribute| match &attribute.predicate {
            AttributePredicate::Interval { lower, .. } => Some((end(lower.as_ref()), attribute)),
            _ => None,
        })
        .collect();
    bins.sort_by(|(a, _), (b, _)| a.cmp(b));
    let steps = || {
        bins.windows(2).filter_map(|pair| match pair {
            [(_, a), (_, b)] => Some((a.partial_score.cmp(&b.partial_score), *b)),
            _ => None,
        })
    };
    let rises = steps().any(|(order, _)| order.is_lt());
    let falls = steps().any(|(order, _)| order.is_gt());
    if rises && falls {
        let first = steps().find(|(order, _)| !order.is_eq()).map(|(order, _)| order);
        let turn = steps().find(|(order, _)| !order.is_eq() && Some(*order) != first);
        let span = turn.map_or(characteristic.span, |(_, attribute)| attribute.span);
        let message = format!("the points of `{}` rise and fall from bin to bin", characteristic.name);
        diagnostics.push(
            Diagnostic::new(CARD_NOT_MONOTONE, span, message)
                .with_help("that may be right; if not, look at the figures here"),
        );
    }
}
