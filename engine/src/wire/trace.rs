//! The trace as canonical bytes. Sensitive values stand as `{"masked":true}`, special codes as `{"special":"name"}`.

use crate::decision::{
    CellTrace, CharacteristicTrace, RowTrace, RuleTrace, ScaleTrace, ScorecardTrace, TableTrace, TestTrace, Trace,
    TraceValue,
};
use crate::value::Value;

use super::canonical::{array, boolean, field, null, object, write_integer, write_string, write_value};

/// Appends a trace.
#[inline(never)]
pub fn write_trace(out: &mut Vec<u8>, trace: &Trace) {
    object(out, |out| {
        field(out, "facts_digest", |out| match trace.facts_digest.as_str() {
            "" => null(out),
            digest => write_string(out, digest),
        });
        field(out, "derived", |out| {
            array(out, &trace.derived, |out, (name, value)| {
                object(out, |out| {
                    field(out, "name", |out| write_string(out, name));
                    field(out, "value", |out| trace_value(out, value));
                });
            });
        });
        field(out, "rules", |out| array(out, &trace.rules, rule));
        field(out, "scorecards", |out| array(out, &trace.scorecards, scorecard));
        field(out, "scales", |out| array(out, &trace.scales, scale));
        field(out, "tables", |out| array(out, &trace.tables, table));
    });
}

fn trace_value(out: &mut Vec<u8>, value: &TraceValue) {
    match value {
        TraceValue::Shown(value) => write_value(out, value, None),
        TraceValue::Masked => object(out, |out| field(out, "masked", |out| boolean(out, true))),
    }
}

fn rule(out: &mut Vec<u8>, rule: &RuleTrace) {
    object(out, |out| {
        field(out, "rule", |out| write_string(out, &rule.rule));
        field(out, "effect", |out| write_string(out, &rule.effect));
        field(out, "held", |out| boolean(out, rule.held));
        field(out, "tests", |out| array(out, &rule.tests, test));
    });
}

fn test(out: &mut Vec<u8>, test: &TestTrace) {
    object(out, |out| {
        field(out, "line", |out| write_integer(out, i64::from(test.at.line)));
        field(out, "column", |out| write_integer(out, i64::from(test.at.column)));
        field(out, "test", |out| write_string(out, &test.test));
        field(out, "values", |out| array(out, &test.values, trace_value));
        field(out, "held", |out| boolean(out, test.held));
    });
}

fn scorecard(out: &mut Vec<u8>, card: &ScorecardTrace) {
    object(out, |out| {
        field(out, "scorecard", |out| write_string(out, &card.scorecard));
        field(out, "score", |out| write_value(out, &card.score, None));
        field(out, "characteristics", |out| array(out, &card.characteristics, characteristic));
    });
}

fn characteristic(out: &mut Vec<u8>, characteristic: &CharacteristicTrace) {
    object(out, |out| {
        field(out, "characteristic", |out| write_string(out, &characteristic.characteristic));
        field(out, "value", |out| trace_value(out, &characteristic.value));
        field(out, "attribute", |out| write_string(out, &characteristic.attribute));
        field(out, "line", |out| write_integer(out, i64::from(characteristic.line)));
        field(out, "points", |out| write_value(out, &characteristic.points, None));
        field(out, "reason", |out| match &characteristic.reason {
            Some(reason) => write_string(out, reason),
            None => null(out),
        });
    });
}

fn named_values(out: &mut Vec<u8>, values: &[(String, Value)]) {
    object(out, |out| values.iter().for_each(|(name, value)| field(out, name, |out| write_value(out, value, None))));
}

fn scale(out: &mut Vec<u8>, scale: &ScaleTrace) {
    object(out, |out| {
        field(out, "scale", |out| write_string(out, &scale.scale));
        field(out, "value", |out| trace_value(out, &scale.value));
        field(out, "band", |out| write_string(out, &scale.band));
        field(out, "outputs", |out| named_values(out, &scale.outputs));
    });
}

fn table(out: &mut Vec<u8>, table: &TableTrace) {
    object(out, |out| {
        field(out, "table", |out| write_string(out, &table.table));
        field(out, "inputs", |out| {
            object(out, |out| {
                table.inputs.iter().for_each(|(name, value)| field(out, name, |out| trace_value(out, value)))
            });
        });
        field(out, "rows", |out| array(out, &table.rows, row));
    });
}

fn row(out: &mut Vec<u8>, row: &RowTrace) {
    object(out, |out| {
        field(out, "row", |out| write_string(out, &row.row));
        field(out, "matched", |out| boolean(out, row.matched));
        field(out, "selected", |out| boolean(out, row.selected));
        field(out, "out_of_force", |out| boolean(out, row.out_of_force));
        field(out, "cells", |out| array(out, &row.cells, cell));
    });
}

fn cell(out: &mut Vec<u8>, cell: &CellTrace) {
    object(out, |out| {
        field(out, "input", |out| write_string(out, &cell.input));
        field(out, "test", |out| write_string(out, &cell.test));
        field(out, "matched", |out| boolean(out, cell.matched));
    });
}
