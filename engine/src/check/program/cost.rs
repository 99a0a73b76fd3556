//! The worst case of one decision: how deeply the evaluator descends, and how many steps it takes.

use super::bodies::{Bodies, Root};
use super::nodes::items;
use super::slots::Slots;
use super::{Check, demand};
use crate::check::script::{LIST_LENGTH, MOST_COST};
use crate::program::artefact::{ColumnIndex, RowSets};
use crate::program::{CardProgram, Code, Node, NodeId, Program, TableProgram, operands};
use crate::ruleset::HitPolicy;
use crate::ruleset::checked::Function;
use crate::value::slot::Slot;

/// Bytes of a text that are compared in one step.
const TEXT_STEP: u64 = 256;

/// Depth and steps.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    depth: u32,
    steps: u64,
}

struct Costs<'c, 'p> {
    program: &'p Program,
    bodies: &'c Bodies<'p>,
    /// The longest list there can be.
    list: u64,
    /// Steps of one operation on texts.
    text: u64,
    nodes: Vec<Cost>,
    /// Bodies, tables, cards.
    units: Vec<Cost>,
    /// Per table: all its cells together, and the dearest.
    cells: Vec<(Cost, u64)>,
}

pub(super) fn check(program: &Program, bodies: &Bodies<'_>, slots: &Slots<'_>) -> Check {
    let mut list = slots.longest.max(LIST_LENGTH);
    for node in &program.code.nodes {
        if let Node::List(items) = node {
            list = list.max(items.len.into());
        }
    }
    for table in &program.tables {
        list = list.max(length(table.rows.len()));
    }
    let text = slots.text.checked_div(TEXT_STEP).unwrap_or(0).saturating_add(1);
    let nodes = vec![Cost::default(); program.code.nodes.len()];
    let units = vec![Cost::default(); bodies.order.len()];
    let cells = vec![(Cost::default(), 0); program.tables.len()];
    let mut costs = Costs { program, bodies, list, text, nodes, units, cells };
    for unit in &bodies.order {
        let cost = costs.unit(*unit)?;
        demand(cost.depth <= super::MOST_DEPTH, super::TOO_DEEP)?;
        costs.add_cell(*unit, cost);
        if let Some(place) = costs.units.get_mut(*unit) {
            *place = cost;
        }
    }
    demand(costs.total() <= MOST_COST, &"a decision may take too many steps")
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A product that stays at the greatest number. Out of line: WebAssembly has no product of 128 bits, which tells.
#[inline(never)]
const fn times(one: u64, other: u64) -> u64 {
    one.saturating_mul(other)
}

impl Costs<'_, '_> {
    /// Everything that one decision may run through: every rule, and every derived fact and card once.
    fn total(&self) -> u64 {
        let program = self.program;
        let reasons = times(length(program.effects.len()), length(program.rules.len()));
        let mut total = u64::from(program.locals).saturating_add(reasons).saturating_add(length(program.outputs.len()));
        for (body, cost) in self.bodies.list.iter().zip(&self.units) {
            if matches!(body.root, Root::Rule | Root::Derived(_) | Root::Decide) {
                total = total.saturating_add(cost.steps);
            }
        }
        for card in &program.scorecards {
            total = total.saturating_add(card_steps(card));
        }
        total
    }

    fn unit(&mut self, unit: usize) -> Check<Cost> {
        let bodies = self.bodies;
        if let Some(body) = bodies.list.get(unit) {
            for id in &body.nodes {
                let cost = self.node(*id)?;
                if let Some(place) = self.nodes.get_mut(*id as usize) {
                    *place = cost;
                }
            }
            return Ok(self.cost_of(body.node));
        }
        let (tables, artefact) = (self.program.tables.len(), unit.saturating_sub(bodies.list.len()));
        match self.program.tables.get(artefact) {
            Some(table) => Ok(self.table(table, artefact)),
            None => Ok(self.card(artefact.saturating_sub(tables))),
        }
    }

    /// The cost of a cell is part of its table's.
    fn add_cell(&mut self, unit: usize, cost: Cost) {
        let Some(Root::Cell { table, .. }) = self.bodies.list.get(unit).map(|body| body.root) else { return };
        if let Some((all, dearest)) = self.cells.get_mut(table as usize) {
            all.depth = all.depth.max(cost.depth);
            all.steps = all.steps.saturating_add(cost.steps);
            *dearest = cost.steps.max(*dearest);
        }
    }

    fn cost_of(&self, node: NodeId) -> Cost {
        self.nodes.get(node as usize).copied().unwrap_or_default()
    }

    /// All rows under the policies that take all, else the dearest, and the sets of rows.
    fn table(&self, table: &TableProgram, index: usize) -> Cost {
        let all = !matches!(table.hit_policy, HitPolicy::Unique | HitPolicy::First);
        let (mut cells, dearest) = self.cells.get(index).copied().unwrap_or_default();
        let sum = cells.steps;
        let width = length(table.outputs.len());
        let lists = table.outputs.iter().any(|output| matches!(output.data_type, crate::schema::DataType::List(_)));
        let width = if lists { times(width, self.list) } else { width };
        cells.steps = if all {
            sum.saturating_add(times(length(table.rows.len()), width.saturating_add(1)))
        } else {
            times(dearest, width.max(1)).saturating_add(length(table.rows.len()))
        };
        for column in &table.columns {
            cells.steps = cells.steps.saturating_add(column_steps(&column.index, table));
        }
        if let Some(validity) = &table.validity {
            cells.steps = cells.steps.saturating_add(column_steps(validity, table));
        }
        cells.depth = cells.depth.saturating_add(1);
        cells
    }

    /// What a card reads is counted where it stands; it is read once.
    fn card(&self, card: usize) -> Cost {
        let characteristics = self.program.scorecards.get(card).map_or(&[][..], |card| &card.characteristics);
        let inputs = characteristics.iter().filter_map(|characteristic| match characteristic.input {
            crate::ruleset::checked::Input::Derived(derived) => self.units.get(derived),
            crate::ruleset::checked::Input::Fact(_) => None,
        });
        let depth = inputs.map(|cost| cost.depth).max().unwrap_or(0).saturating_add(1);
        Cost { depth, steps: 1 }
    }

    fn node(&self, id: NodeId) -> Check<Cost> {
        let code = &self.program.code;
        let Some(node) = code.nodes.get(id as usize).copied() else { return Ok(Cost::default()) };
        let mut cost = Cost::default();
        operands(code, node, &mut |operand| {
            let of = self.cost_of(operand);
            cost.depth = cost.depth.max(of.depth);
            cost.steps = cost.steps.saturating_add(of.steps);
        });
        if let Some(called) = self.bodies.called(self.program, node) {
            let called = self.units.get(called).copied().unwrap_or_default();
            cost.depth = cost.depth.max(called.depth);
            if matches!(node, Node::Table { .. } | Node::Invoke { .. }) {
                cost.steps = cost.steps.saturating_add(called.steps);
            }
        }
        let steps = cost.steps.saturating_add(self.own_steps(code, node)?);
        Ok(Cost { depth: cost.depth.saturating_add(1), steps })
    }

    /// What a node adds to its operands: turns of its body, elements, texts.
    fn own_steps(&self, code: &Code, node: Node) -> Check<u64> {
        let turns = |body: Option<NodeId>, count: u64| {
            let steps = body.map_or(0, |body| self.cost_of(body).steps);
            times(steps.saturating_add(1), count)
        };
        Ok(match node {
            Node::ForRange { body, start, end, .. } => turns(Some(body), turns_of(code, start, end)),
            Node::ForList { body, .. } => turns(Some(body), self.list),
            Node::Aggregate { closure, .. } => turns(closure.map(|(_, body)| body), self.list),
            Node::InList { .. } => times(self.list, self.text),
            Node::InConstants { set, .. } => times(length(items(code, set)?.len()), self.text),
            Node::Compare { .. } => self.text,
            Node::Call {
                function: Function::Contains | Function::StartsWith | Function::EndsWith | Function::TextLen,
                ..
            } => times(self.text, 2),
            Node::Switch { arms, .. } => {
                let switch = code.switches.get(arms as usize);
                let patterns = switch.map_or(0, |switch| switch.arms.iter().map(|arm| arm.patterns.len()).sum());
                times(length(patterns), self.text)
            }
            Node::Scale { .. } => 20,
            _ => 1,
        })
    }
}

fn turns_of(code: &Code, start: u32, end: u32) -> u64 {
    let number = |constant: u32| match code.constants.get(constant as usize) {
        Some(Slot::Integer(number)) => i128::from(*number),
        _ => 0,
    };
    u64::try_from(number(end).saturating_sub(number(start)).max(0)).unwrap_or(u64::MAX)
}

fn column_steps(column: &ColumnIndex, table: &TableProgram) -> u64 {
    match &column.rows {
        _ if column.always => 1,
        RowSets::Dense(_) => u64::from(table.words).saturating_add(20),
        RowSets::PerRow { ranges, .. } => length(ranges.len()).saturating_add(length(table.rows.len())),
    }
}

/// Attributes, and the ranking of reasons.
fn card_steps(card: &CardProgram) -> u64 {
    let characteristics = length(card.characteristics.len());
    let compared = if card.shared_codes { characteristics } else { 0 };
    let ranked = characteristics.min(card.most.into()).saturating_add(compared).saturating_add(20);
    times(characteristics, ranked)
}
