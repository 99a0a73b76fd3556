//! What would change a decision, as canonical bytes.

use crate::decision::TraceValue;
use crate::decision::changes::{Change, ChangedFact, Changes};
use crate::program::Program;
use crate::schema::DataType;

use super::canonical::{array, boolean, field, null, object, write_string, write_value};

/// Appends `{status, complete, single, pairs}`: each of `single` is `{fact, from, to, unit, outcome}`, each of `pairs`
/// `{facts, outcome}` with two `{fact, from, to, unit}`. Facts go by their names, values stand as in a decision
/// (decimals as text in their digits), a sensitive fact's as `{"masked":true}`.
pub fn write_changes(out: &mut Vec<u8>, program: &Program, changes: &Changes) {
    object(out, |out| {
        field(out, "status", |out| write_string(out, changes.status.name()));
        field(out, "complete", |out| boolean(out, changes.complete));
        field(out, "single", |out| {
            array(out, &changes.single, |out, change| {
                object(out, |out| {
                    change.facts.iter().for_each(|changed| write_fact(out, program, changed));
                    field(out, "outcome", |out| write_string(out, &change.outcome));
                });
            });
        });
        field(out, "pairs", |out| array(out, &changes.pairs, |out, change| write_pair(out, program, change)));
    });
}

fn write_pair(out: &mut Vec<u8>, program: &Program, change: &Change) {
    object(out, |out| {
        field(out, "facts", |out| {
            array(out, &change.facts, |out, changed| object(out, |out| write_fact(out, program, changed)));
        });
        field(out, "outcome", |out| write_string(out, &change.outcome));
    });
}

fn write_fact(out: &mut Vec<u8>, program: &Program, changed: &ChangedFact) {
    let Some(fact) = program.facts.get(changed.fact) else { return };
    let scale = match fact.spec.data_type {
        DataType::Decimal { scale } => Some(scale),
        _ => None,
    };
    field(out, "fact", |out| write_string(out, &fact.name));
    for (key, value) in [("from", &changed.from), ("to", &changed.to)] {
        field(out, key, |out| match value {
            TraceValue::Shown(value) => write_value(out, value, scale),
            TraceValue::Masked => object(out, |out| field(out, "masked", |out| boolean(out, true))),
        });
    }
    field(out, "unit", |out| match &fact.unit {
        Some(unit) => write_string(out, unit),
        None => null(out),
    });
}
