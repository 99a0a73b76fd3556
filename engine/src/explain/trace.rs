//! The trace: worded from the events of the evaluation that decided, and from the very sets of rows it used.

use super::effect;
use super::values::{Words, masked};
use crate::decision::outcome::{CardEvent, Outcome, ScaleEvent, TableEvent, TestEvent};
use crate::decision::{
    CellTrace, CharacteristicTrace, RowTrace, RuleTrace, ScaleTrace, ScorecardTrace, TableTrace, TestTrace, Trace,
    TraceLevel, TraceValue,
};
use crate::program::artefact::{CardProgram, CharacteristicProgram, NONE, RowProgram, TableProgram};
use crate::program::{Node, NodeId};
use crate::value::Value;
use crate::value::decimal::from_mantissa;
use crate::value::slot::Slot;

#[inline(never)]
pub(super) fn trace(words: &Words<'_>, level: TraceLevel, outcome: &Outcome) -> Trace {
    let events = &outcome.events;
    let full = level == TraceLevel::Full;
    Trace {
        facts_digest: String::new(),
        derived: events.derived.iter().filter_map(|(derived, value)| word_derived(words, *derived, *value)).collect(),
        rules: if full { all_rules(words, outcome) } else { held_rules(words, outcome) },
        scorecards: events.cards.iter().filter_map(|card| word_card(words, outcome, *card)).collect(),
        scales: events.scales.iter().filter_map(|scale| word_scale(words, *scale)).collect(),
        tables: events.tables.iter().filter_map(|table| word_table(words, outcome, *table, full)).collect(),
    }
}

fn word_derived(words: &Words<'_>, derived: u32, value: Slot) -> Option<(String, TraceValue)> {
    let source = words.program.derived.get(derived as usize)?;
    Some((source.name.clone(), masked(source.sensitive, words.typed(value, &source.ty))))
}

fn held_rules(words: &Words<'_>, outcome: &Outcome) -> Vec<RuleTrace> {
    let held = outcome.hits.iter().filter_map(|hit| words.program.rules.get(*hit as usize));
    held.map(|rule| RuleTrace {
        rule: rule.id.clone(),
        effect: effect(words.program, rule.effect),
        held: true,
        tests: Vec::new(),
    })
    .collect()
}

/// Every rule that was evaluated, each with its own stretch of the tests.
fn all_rules(words: &Words<'_>, outcome: &Outcome) -> Vec<RuleTrace> {
    let mut rest = outcome.events.tests.as_slice();
    let mut before = 0;
    let mut rules = Vec::new();
    for (rule, (after, held)) in words.program.rules.iter().zip(&outcome.events.rules) {
        let own = (after.saturating_sub(before) as usize).min(rest.len());
        let (tests, others) = rest.split_at_checked(own).unwrap_or((&[], rest));
        (rest, before) = (others, *after);
        rules.push(RuleTrace {
            rule: rule.id.clone(),
            effect: effect(words.program, rule.effect),
            held: *held,
            tests: tests.iter().filter_map(|test| word_test(words, test)).collect(),
        });
    }
    rules
}

fn word_test(words: &Words<'_>, event: &TestEvent) -> Option<TestTrace> {
    let code = &words.program.code;
    let test = code.test_of(event.node)?;
    let (left, right) = match (test.right, event.right) {
        (Some(right), Some(value)) => (event.left, Some((value, right))),
        // A comparison with a constant notes only the other operand.
        (Some(right), None) => match (constant(words, test.left), constant(words, right)) {
            (Some(left), None) => (left, Some((event.left, right))),
            (_, Some(value)) => (event.left, Some((value, right))),
            (None, None) => (event.left, None),
        },
        (None, _) => (event.left, None),
    };
    let mut values = vec![words.seen(left, test.left)];
    values.extend(right.map(|(value, node)| words.seen(value, node)));
    Some(TestTrace { at: code.span_of(event.node), test: test.kind.name().to_owned(), values, held: event.held })
}

fn constant(words: &Words<'_>, node: NodeId) -> Option<Slot> {
    let code = &words.program.code;
    match code.nodes.get(node as usize)? {
        Node::Constant(constant) => code.constants.get(*constant as usize).copied(),
        Node::ToDecimal(inner) => constant(words, *inner),
        _ => None,
    }
}

fn word_card(words: &Words<'_>, outcome: &Outcome, event: CardEvent) -> Option<ScorecardTrace> {
    let card = words.program.scorecards.get(event.card as usize)?;
    let attributes = outcome.events.attributes.get(event.attributes as usize..)?;
    let values = outcome.events.values.get(event.values as usize..)?;
    let rows = card.characteristics.iter().zip(attributes.iter().zip(values));
    Some(ScorecardTrace {
        scorecard: card.name.clone(),
        score: words.plain(event.score),
        characteristics: rows
            .filter_map(|(characteristic, (attribute, value))| {
                word_characteristic(words, card, characteristic, *attribute, *value)
            })
            .collect(),
    })
}

fn word_characteristic(
    words: &Words<'_>,
    card: &CardProgram,
    characteristic: &CharacteristicProgram,
    attribute: u32,
    value: Slot,
) -> Option<CharacteristicTrace> {
    let found = characteristic.attributes.get(attribute as usize)?;
    let code = if found.code == NONE { None } else { card.codes.get(found.code as usize) };
    let reason = code.and_then(|code| words.program.reasons.get(*code as usize));
    let points = match i64::try_from(found.points) {
        Ok(points) if card.integer => Value::Integer(points),
        _ => Value::Decimal(from_mantissa(found.points, card.scale.into()).ok()?),
    };
    let label = characteristic.labels.get(attribute as usize).cloned().unwrap_or_default();
    Some(CharacteristicTrace {
        characteristic: characteristic.name.clone(),
        value: masked(characteristic.sensitive, words.typed(value, &characteristic.ty)),
        attribute: label,
        line: found.span.line,
        points,
        reason: reason.map(|reason| reason.code.clone()),
    })
}

fn word_scale(words: &Words<'_>, event: ScaleEvent) -> Option<ScaleTrace> {
    let scale = words.program.scales.get(event.scale as usize)?;
    let band = scale.bands.get(event.band as usize)?;
    let slots = words.memory.elements(band.record)?;
    let outputs = scale.outputs.iter().zip(slots);
    Some(ScaleTrace {
        scale: scale.name.clone(),
        value: words.seen(event.value, event.node),
        band: band.label.clone(),
        outputs: outputs
            .map(|(output, slot)| (output.name.clone(), words.declared(*slot, &output.data_type)))
            .collect(),
    })
}

fn word_table(words: &Words<'_>, outcome: &Outcome, event: TableEvent, full: bool) -> Option<TableTrace> {
    let table = words.program.tables.get(event.table as usize)?;
    let values = outcome.events.values.get(event.values as usize..)?;
    let classes = outcome.events.classes.get(event.classes as usize..)?;
    let rows = event.rows as usize;
    let selected = outcome.events.rows.get(rows..rows.saturating_add(event.selected as usize)).unwrap_or(&[]);
    let inputs = table.columns.iter().zip(values).zip(arguments(words, event.node));
    let inputs = inputs.map(|((column, value), node)| {
        let masks = node.is_none_or(|node| words.program.code.is_sensitive(node));
        (column.name.clone(), masked(masks, words.typed(*value, &column.ty)))
    });
    let mut traced = Vec::new();
    for (row, index) in table.rows.iter().zip(0_u32..) {
        let chosen = selected.contains(&index);
        if full || chosen {
            traced.push(word_row(table, row, index, classes, chosen, full));
        }
    }
    let past = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    if let Some(row) = table.default_row.as_ref().filter(|_| selected.contains(&past)) {
        let id = row.id.clone();
        traced.push(RowTrace { row: id, matched: true, selected: true, out_of_force: false, cells: Vec::new() });
    }
    Some(TableTrace { table: table.name.clone(), inputs: inputs.collect(), rows: traced })
}

/// The operands of a look-up, one per column; nothing where the node is not one.
fn arguments<'a>(words: &'a Words<'_>, node: NodeId) -> impl Iterator<Item = Option<NodeId>> + 'a {
    let code = &words.program.code;
    let items = match code.nodes.get(node as usize) {
        Some(Node::Table { arguments, .. }) => {
            let start = arguments.start as usize;
            code.items.get(start..start.saturating_add(arguments.len as usize)).unwrap_or(&[])
        }
        _ => &[],
    };
    items.iter().copied().map(Some).chain(std::iter::repeat(None))
}

fn word_row(
    table: &TableProgram,
    row: &RowProgram,
    index: u32,
    classes: &[u32],
    selected: bool,
    full: bool,
) -> RowTrace {
    let words = table.words;
    let mut matched = true;
    let mut cells = Vec::new();
    for (column, class) in table.columns.iter().zip(classes) {
        let held = column.index.matches(index, *class, words);
        matched &= held;
        if full {
            let test = column.texts.get(index as usize).cloned().unwrap_or_default();
            cells.push(CellTrace { input: column.name.clone(), test, matched: held });
        }
    }
    let validity = table.validity.as_ref().zip(classes.get(table.columns.len()));
    let out_of_force = validity.is_some_and(|(validity, class)| !validity.matches(index, *class, words));
    RowTrace { row: row.id.clone(), matched: matched && !out_of_force, selected, out_of_force, cells }
}
