//! Which nodes, derived facts and characteristics depend on sensitive facts: a trace masks them.

use super::builder::Builder;
use crate::program::{CardProgram, Node, NodeId, operands};
use crate::ruleset::checked::Input;

/// Marks nodes and characteristics. Values flow through locals too, so it runs until nothing more is marked.
pub(super) fn mark(builder: &mut Builder<'_>, scorecards: &mut [CardProgram]) {
    let facts: Vec<bool> = builder.checked.ruleset.facts.iter().map(|fact| fact.sensitive).collect();
    builder.code.sensitive = vec![false; builder.code.nodes.len()];
    if !facts.contains(&true) {
        return;
    }
    let bodies: Vec<NodeId> = (0..builder.checked.derived.len()).map(|derived| builder.derived(derived)).collect();
    let mut locals = vec![false; builder.checked.locals.len()];
    loop {
        let before = (count(&builder.code.sensitive), count(&locals));
        for id in 0..builder.code.nodes.len() {
            mark_node(builder, id, &facts, &bodies, &mut locals, scorecards);
        }
        if before == (count(&builder.code.sensitive), count(&locals)) {
            break;
        }
    }
    for characteristic in scorecards.iter_mut().flat_map(|card| &mut card.characteristics) {
        characteristic.sensitive = match characteristic.input {
            Input::Fact(fact) => facts.get(fact).copied().unwrap_or(true),
            Input::Derived(derived) => bodies.get(derived).is_none_or(|body| builder.code.is_sensitive(*body)),
        };
    }
}

fn count(marks: &[bool]) -> usize {
    marks.iter().filter(|mark| **mark).count()
}

fn mark_node(
    builder: &mut Builder<'_>,
    id: usize,
    facts: &[bool],
    bodies: &[NodeId],
    locals: &mut [bool],
    scorecards: &[CardProgram],
) {
    let Some(node) = builder.code.nodes.get(id).copied() else { return };
    let mut sensitive = false;
    operands(&builder.code, node, &mut |operand| sensitive |= builder.code.is_sensitive(operand));
    sensitive |= match node {
        Node::Fact(fact)
        | Node::FactWithin { fact, .. }
        | Node::FactDecimalWithin { fact, .. }
        | Node::FactDecimalNarrow { fact, .. }
        | Node::FactIn { fact, .. } => facts.get(fact as usize).copied().unwrap_or(true),
        Node::Derived(derived) => bodies.get(derived as usize).is_none_or(|body| builder.code.is_sensitive(*body)),
        Node::Local(local) => locals.get(local as usize).copied().unwrap_or(true),
        Node::CardPoints { scorecard, characteristic, .. } => {
            let card = scorecards.get(scorecard as usize);
            let input = card.and_then(|card| card.characteristics.get(characteristic as usize)).map(|c| c.input);
            match input {
                Some(Input::Fact(fact)) => facts.get(fact).copied().unwrap_or(true),
                Some(Input::Derived(derived)) => {
                    bodies.get(derived).is_none_or(|body| builder.code.is_sensitive(*body))
                }
                None => true,
            }
        }
        _ => false,
    };
    if sensitive {
        flow(builder, id, node, locals);
    }
    if let Some(mark) = builder.code.sensitive.get_mut(id) {
        *mark |= sensitive;
    }
}

/// Where a sensitive node's value, or the choice it makes, goes on.
fn flow(builder: &Builder<'_>, id: usize, node: Node, locals: &mut [bool]) {
    let mut taint = |local: u32| {
        if let Some(mark) = locals.get_mut(local as usize) {
            *mark = true;
        }
    };
    match node {
        Node::Store { local, .. } | Node::ForList { local, .. } | Node::Aggregate { closure: Some((local, _)), .. } => {
            taint(local);
        }
        Node::Invoke { arguments, .. } => {
            let start = arguments.start as usize;
            let items = builder.code.items.get(start..start.saturating_add(arguments.len as usize)).unwrap_or(&[]);
            for pair in items.chunks_exact(2) {
                if let [local, value] = pair
                    && builder.code.is_sensitive(*value)
                {
                    taint(*local);
                }
            }
        }
        // What a branch stores tells which branch it was.
        Node::If(_) | Node::Switch { .. } => {
            let begin = builder.begins.get(id).copied().unwrap_or(0) as usize;
            for inner in builder.code.nodes.get(begin..id).unwrap_or(&[]) {
                if let Node::Store { local, .. } = inner {
                    taint(*local);
                }
            }
        }
        _ => {}
    }
}
