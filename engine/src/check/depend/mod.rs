//! What depends on what: a walk over the typed trees that follows values through variables, helper functions and the
//! conditions above them. It may name too much, never too little.
//!
//! Everything a value can flow through is a node of a graph: variables, arguments, conditions, results. One walk links
//! each node to what it reads, whatever the order of the statements; what a part depends on is then what its node
//! reaches.

mod graph;
mod walk;

use crate::diagnostic::Span;
use crate::ruleset::checked::{CheckedRuleset, Input, LocalId};
use crate::ruleset::dependency::{Dependencies, Source};
use crate::value::ordered::{Map, Set};

use walk::Walk;

/// Which parameters went into which constants. In the typed trees parameters are constants already.
#[derive(Debug, Default)]
pub(super) struct ParameterUses {
    /// Per typed expression, by its place.
    expressions: Map<Span, Set<u32>>,
    /// Per loop over a range, by its variable: those of the range's ends.
    loops: Map<LocalId, Set<u32>>,
}

impl ParameterUses {
    /// Notes the parameters that were used within an expression.
    pub(super) fn note(&mut self, span: Span, parameters: &[u32]) {
        if !parameters.is_empty() {
            self.expressions.or_default(span).extend(parameters.iter().copied());
        }
    }

    /// Notes the parameters that were used for the ends of a loop.
    pub(super) fn note_loop(&mut self, local: LocalId, parameters: &[u32]) {
        if !parameters.is_empty() {
            self.loops.or_default(local).extend(parameters.iter().copied());
        }
    }

    /// The parameters within the expression at a place.
    pub(super) fn of(&self, span: Span) -> impl Iterator<Item = u32> + '_ {
        self.expressions.get(&span).into_iter().flatten().copied()
    }

    fn of_loop(&self, local: LocalId) -> impl Iterator<Item = u32> + '_ {
        self.loops.get(&local).into_iter().flatten().copied()
    }
}

/// What each part of a ruleset depends on.
pub(super) fn dependencies(checked: &CheckedRuleset, parameters: &ParameterUses) -> Dependencies {
    let mut walk = Walk::new(checked, parameters);
    let derived: Vec<usize> = checked.derived.iter().map(|derived| walk.root(&derived.body)).collect();
    let rules: Vec<usize> = checked.rules.iter().map(|rule| walk.root(&rule.body)).collect();
    walk.root(&checked.decide);
    for (index, table) in checked.tables.iter().enumerate() {
        walk.cells(index, table.rows.iter().chain(&table.default_row).flatten());
    }
    let (graph, places) = walk.finish();
    let all = |nodes: &mut dyn Iterator<Item = usize>| nodes.map(|node| graph.sources(node)).collect();
    let nodes = Dependencies {
        derived: all(&mut derived.into_iter()),
        rules: all(&mut rules.into_iter()),
        scorecards: Vec::new(),
        scales: all(&mut places.scales()),
        tables: all(&mut places.tables()),
        outputs: all(&mut places.outputs()),
    };
    Dependencies { scorecards: checked.scorecards.iter().map(|card| read_by(&card.inputs)).collect(), ..nodes }
}

fn read_by<T>(inputs: &[(Input, T)]) -> Vec<Source> {
    let source = |input: &Input| match input {
        Input::Fact(index) => Source::Fact(number(*index)),
        Input::Derived(index) => Source::Derived(number(*index)),
    };
    inputs.iter().map(|(input, _)| source(input)).collect::<Set<_>>().into_iter().collect()
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
