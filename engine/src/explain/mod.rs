//! Words an outcome: texts, names, printed points, the trace. It judges nothing and evaluates nothing.

mod trace;
pub mod values;
mod words;

use crate::decision::outcome::{Failure, Outcome, RankedReason};
use crate::decision::{Decision, DecisionError, Hit, OutputValue, Place, Points, Reason, TraceLevel};
use crate::program::Program;
use crate::program::artefact::PointsForm;
use crate::program::pool::Memory;
use crate::record::Record;
use crate::ruleset::OnError;
use crate::schema::DataType;
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::{Decimal, RoundingMode, canonical_text, div, from_mantissa};
use values::Words;

/// The decision record of an outcome. `record` and `program` are those the outcome was evaluated with.
///
/// The trace's `facts_digest` stays empty: the caller knows the facts as they came in.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[must_use]
pub fn decide(program: &Program, record: &Record, as_of: Date, level: TraceLevel, outcome: &Outcome) -> Decision {
    let words = Words { program, memory: Memory { pool: &program.code.pool, record, arena: &outcome.arena } };
    let trace = match level {
        TraceLevel::None => None,
        _ => Some(trace::trace(&words, level, outcome)),
    };
    if let Some(failure) = &outcome.error {
        return Decision { trace, ..failed(program, as_of, word_error(&words, as_of, failure)) };
    }
    Decision {
        ruleset: program.identity.clone(),
        as_of,
        outputs: Some(word_outputs(&words, outcome)),
        reasons: outcome.reasons.iter().filter_map(|reason| word_reason(program, reason)).collect(),
        hits: outcome.hits.iter().filter_map(|hit| word_hit(program, *hit)).collect(),
        signals: Vec::new(),
        error: None,
        trace,
    }
}

#[cold]
fn word_error(words: &Words<'_>, as_of: Date, failure: &Failure) -> DecisionError {
    let place = failure.span.map_or(Place::Unknown, |span| Place::Source {
        file: words.program.path(span.file).to_owned(),
        line: span.line,
        column: span.column,
    });
    DecisionError { code: failure.code, message: words::message(words, as_of, failure), at: place }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn word_outputs(words: &Words<'_>, outcome: &Outcome) -> Vec<OutputValue> {
    let worded = words.program.outputs.iter().zip(&outcome.outputs).map(|(output, slot)| OutputValue {
        name: output.name.clone(),
        value: words.declared(*slot, &output.data_type),
        scale: decimal_scale(&output.data_type),
    });
    worded.collect()
}

/// The decision that ends in an error, of the input or of the evaluation. Under `on_error = "refer"` the outcome is
/// `refer` (T3 and T4 only: limits never refer) and every other output is missing.
#[cold]
#[must_use]
pub fn failed(program: &Program, as_of: Date, error: DecisionError) -> Decision {
    let refers = program.on_error == OnError::Refer && (3000..5000).contains(&error.code.number());
    let outputs = program.outputs.iter().map(|output| OutputValue {
        name: output.name.clone(),
        value: if output.name == "outcome" { Value::Text("refer".to_owned()) } else { Value::Missing },
        scale: decimal_scale(&output.data_type),
    });
    Decision {
        ruleset: program.identity.clone(),
        as_of,
        outputs: refers.then(|| outputs.collect()),
        reasons: Vec::new(),
        hits: Vec::new(),
        signals: Vec::new(),
        error: Some(error),
        trace: None,
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
fn decimal_scale(data_type: &DataType) -> Option<u8> {
    match data_type {
        DataType::Decimal { scale } => Some(*scale),
        DataType::List(of) => decimal_scale(&of.data_type),
        _ => None,
    }
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn word_hit(program: &Program, rule: u32) -> Option<Hit> {
    let rule = program.rules.get(rule as usize)?;
    Some(Hit { rule: rule.id.clone(), effect: effect(program, rule.effect) })
}

fn effect(program: &Program, effect: u16) -> String {
    program.effects.get(usize::from(effect)).cloned().unwrap_or_default()
}

#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline(never)]
fn word_reason(program: &Program, reason: &RankedReason) -> Option<Reason> {
    let line = program.reasons.get(reason.code as usize)?;
    let points = match reason.points {
        None => None,
        Some((card, difference)) => Some(points(program.scorecards.get(card as usize)?.points, difference)?),
    };
    Some(Reason { code: line.code.clone(), points, text: line.text.clone() })
}

/// A difference as it is printed: exact, but for means, which are rounded half up to 4 digits.
fn points(form: PointsForm, difference: i128) -> Option<Points> {
    if form.denominator == 1 && form.integer {
        return i64::try_from(difference).ok().map(Points::Integer);
    }
    let quotient = quotient(difference, form)?;
    Some(Points::Decimal(canonical_text(quotient, form.digits.into())))
}

fn quotient(difference: i128, form: PointsForm) -> Option<Decimal> {
    let (above, below) = (from_mantissa(difference, 0), from_mantissa(form.denominator, 0));
    if let (Ok(above), Ok(below)) = (above, below) {
        return div(above, below, form.digits.into(), RoundingMode::HalfUp).ok();
    }
    // Beyond a decimal's digits: differences are not negative, so half up is plain rounding.
    let raised = 10_i128.checked_pow(form.digits.into())?.checked_mul(difference)?;
    let half = form.denominator.checked_div(2)?;
    from_mantissa(raised.checked_add(half)?.checked_div(form.denominator)?, form.digits.into()).ok()
}
