//! Nodes one by one, reached or not: every index within its list, operands before operators.

use super::declarations::check_span;
use super::slots::Slots;
use super::{Check, FaultRef, demand, within};
use crate::program::node::Items;
use crate::program::{Code, Node, NodeId, Pattern, Program, operands};
use crate::ruleset::checked::{AggregateFunction, Function};
use crate::value::decimal::MAX_SCALE;
use crate::value::odds::MAX_ODDS_SCALE;
use crate::value::slot::Slot;

const OUTSIDE: FaultRef = &"a stretch of items lies outside the items";

pub(super) fn check(program: &Program, slots: &Slots<'_>) -> Check {
    let code = &program.code;
    let count = code.nodes.len();
    let lists = [code.spans.len(), code.types.len(), code.sensitive.len()];
    demand(lists.iter().all(|length| *length == count), &"something is not said of every node")?;
    code.spans.iter().try_for_each(|span| check_span(program, *span))?;
    code.types.iter().try_for_each(|ty| within(&code.type_pool, *ty, &"a node has no type").map(|_| ()))?;
    check_tests(code)?;
    let mut depths: Vec<u32> = Vec::with_capacity(count);
    for (node, id) in code.nodes.iter().zip(0..) {
        check_node(program, *node, slots)?;
        let (mut ordered, mut depth) = (true, 0_u32);
        operands(code, *node, &mut |operand| {
            ordered &= operand < id;
            depth = depth.max(depths.get(operand as usize).copied().unwrap_or(0));
        });
        demand(ordered, &"an operand stands behind its operator")?;
        demand(depth < super::MOST_DEPTH, &"nodes nest too deeply")?;
        depths.push(depth.saturating_add(1));
    }
    let last = u32::try_from(count).map_err(|_| &"there are too many nodes")?;
    let rules = program.rules.iter().all(|rule| rule.body < last);
    let derived = program.derived.iter().all(|derived| derived.body < last);
    demand(rules && derived && program.decide < last, &"a body is no node")
}

fn check_tests(code: &Code) -> Check {
    let last = code.nodes.len();
    let known = |node: NodeId| (node as usize) < last;
    let ascending = code.tests.windows(2).all(|pair| matches!(pair, [a, b] if a.node < b.node));
    let sound = code.tests.iter().all(|test| known(test.node) && known(test.left) && test.right.is_none_or(known));
    demand(ascending && sound, &"a test is one of no node")
}

/// The items of a stretch. Out of line: nearly every kind of node has some.
#[inline(never)]
pub(super) fn items(code: &Code, items: Items) -> Check<&[u32]> {
    let start = items.start as usize;
    let end = start.checked_add(items.len as usize).ok_or(OUTSIDE)?;
    code.items.get(start..end).ok_or(OUTSIDE)
}

fn check_node(program: &Program, node: Node, slots: &Slots<'_>) -> Check {
    let code = &program.code;
    let constant = |constant: u32| within(&code.constants, constant, &"a constant is none").copied();
    let count = |length: usize, index: u32| demand((index as usize) < length, &"an index lies outside its list");
    match node {
        Node::Broken => Err(&"a node is broken"),
        Node::Constant(index) => constant(index).map(|_| ()),
        Node::Fact(fact) | Node::FactWithin { fact, .. } | Node::FactIn { fact, .. } => {
            count(program.facts.len(), fact)
        }
        Node::FactDecimalNarrow { fact, .. } => count(program.facts.len(), fact),
        Node::FactDecimalWithin { fact, bounds, .. } => {
            count(program.facts.len(), fact)?;
            count(code.bounds.len(), bounds)
        }
        Node::Derived(derived) => count(program.derived.len(), derived),
        Node::Local(local) | Node::Store { local, .. } | Node::ForList { local, .. } => local_of(program, local),
        Node::ForRange { local, start, end, .. } => {
            let integers = matches!((constant(start)?, constant(end)?), (Slot::Integer(_), Slot::Integer(_)));
            demand(integers, &"a range has ends that are no integers")?;
            local_of(program, local)
        }
        Node::ToEnum { map, .. } => items(code, map).map(|_| ()),
        Node::ToText { texts, .. } => items(code, texts)?
            .iter()
            .try_for_each(|index| demand(matches!(constant(*index)?, Slot::Text(_)), &"an enum's value has no text")),
        Node::SymbolIn { masks, .. } => {
            let end = (masks.start as usize).checked_add(masks.len as usize);
            demand(end.is_some_and(|end| end <= code.masks.len()), &"a set lies outside the sets")
        }
        Node::InConstants { set, .. } => items(code, set)?.iter().try_for_each(|index| constant(*index).map(|_| ())),
        Node::And(list) | Node::Or(list) | Node::If(list) | Node::List(list) | Node::Record(list) => {
            items(code, list).map(|_| ())
        }
        Node::Outputs(list) | Node::Block { statements: list, .. } => items(code, list).map(|_| ()),
        Node::Call { function, arguments, .. } => {
            demand(settings(function), &"a function has settings that there are not")?;
            items(code, arguments).map(|_| ())
        }
        Node::Switch { arms, .. } => check_switch(program, arms, slots),
        Node::Invoke { arguments, .. } => {
            let arguments = items(code, arguments)?;
            demand(arguments.len().is_multiple_of(2), &"a call has half an argument")?;
            arguments.iter().step_by(2).try_for_each(|local| local_of(program, *local))
        }
        Node::Aggregate { function, closure, .. } => {
            demand(aggregate_settings(function), &"a function over a list has settings that there are not")?;
            closure.map_or(Ok(()), |(local, _)| local_of(program, local))
        }
        Node::Scorecard(card) | Node::CardScore { scorecard: card, .. } => count(program.scorecards.len(), card),
        Node::CardPoints { scorecard, characteristic, .. } => {
            let card = within(&program.scorecards, scorecard, &"a scorecard is none")?;
            count(card.characteristics.len(), characteristic)
        }
        Node::Scale { scale, .. } => count(program.scales.len(), scale),
        Node::Table { table, arguments } => {
            count(program.tables.len(), table)?;
            items(code, arguments).map(|_| ())
        }
        Node::Has(effect) => count(program.effects.len(), effect.into()),
        _ => Ok(()),
    }
}

fn local_of(program: &Program, local: u32) -> Check {
    demand(local < program.locals, &"a local has no place")
}

fn check_switch(program: &Program, arms: u32, slots: &Slots<'_>) -> Check {
    let switch = within(&program.code.switches, arms, &"a switch has no arms")?;
    let sound = |pattern: &Pattern| match pattern {
        Pattern::Equal(Slot::Text(crate::value::slot::TextRef::Program(at))) => slots.text_of(*at).is_some(),
        Pattern::Equal(slot) => matches!(slot, Slot::Boolean(_) | Slot::Integer(_) | Slot::Enum(_)),
        Pattern::Within(..) => true,
    };
    demand(switch.arms.iter().all(|arm| arm.patterns.iter().all(sound)), &"an arm matches what there is not")
}

fn settings(function: Function) -> bool {
    match function {
        Function::Round(scale, _) | Function::Div(scale, _) | Function::YearFraction(_, scale, _) => {
            u32::from(scale) <= MAX_SCALE
        }
        Function::ScoreFromGoodOdds(scale, _)
        | Function::GoodOddsFromScore(scale, _)
        | Function::PdFromScore(scale, _) => u32::from(scale) <= MAX_ODDS_SCALE,
        _ => true,
    }
}

fn aggregate_settings(function: AggregateFunction) -> bool {
    !matches!(function, AggregateFunction::Avg(scale, _) if u32::from(scale) > MAX_SCALE)
}
