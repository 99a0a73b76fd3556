//! The end of a decision: outputs at their scale, reasons in their order.

use super::machine::{Machine, Stop};
use crate::decision::outcome::{RankedReason, Subject};
use crate::diagnostic::codes;
use crate::program::{Node, NodeId};
use crate::schema::DataType;
use crate::value::decimal::{Decimal, rescale_exact, to_i64_exact};
use crate::value::slot::{Slot, Stretch};

impl Machine<'_> {
    /// Takes what `decide` returned.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn finish(&mut self, decided: Slot) -> Result<(), Stop> {
        let program = self.program;
        let Slot::Record(at) = decided else { return Err(self.broken(program.decide)) };
        let place = self.scratch.outputs_node.unwrap_or(program.decide);
        for (output, index) in program.outputs.iter().zip(0_u32..) {
            let Some(value) = self.element(at, index) else { return Err(self.broken(place)) };
            let fixed = match (&output.data_type, value) {
                (_, Slot::Missing) if !output.optional => return Err(self.broken(place)),
                (DataType::List(of), Slot::List(list)) => match of.data_type {
                    DataType::Integer if !matches!(self.element(list, 0), Some(Slot::Decimal(_))) => Some(value),
                    DataType::Decimal { .. } | DataType::Integer => self.fix_list(place, list, &of.data_type)?,
                    _ => Some(value),
                },
                (data_type, value) => fix(value, data_type),
            };
            let Some(fixed) = fixed else {
                let node = self.output_node(place, index);
                return Err(self.fail_about(node, codes::OVERFLOW, Subject::Output { output: index }));
            };
            self.scratch.outcome.outputs.push(fixed);
        }
        self.rule_reasons();
        self.row_reasons();
        self.card_reasons();
        Ok(())
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn output_node(&self, outputs: NodeId, index: u32) -> NodeId {
        match *self.node(outputs) {
            Node::Outputs(items) => self.items(items).get(index as usize).copied().unwrap_or(outputs),
            _ => outputs,
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn fix_list(&mut self, node: NodeId, list: Stretch, of: &DataType) -> Result<Option<Slot>, Stop> {
        let base = self.scratch.stack.len();
        for index in 0..list.len {
            let Some(fixed) = self.element(list, index).and_then(|element| fix(element, of)) else {
                return Ok(None);
            };
            self.scratch.stack.push(fixed);
        }
        self.keep(node, base).map(Slot::List).map(Some)
    }

    /// Reasons of the rules that held: most severe effect first, then file order.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn rule_reasons(&mut self) {
        let program = self.program;
        for effect in (0..program.effects.len()).rev() {
            if !self.scratch.effects.get(effect).copied().unwrap_or(false) {
                continue;
            }
            for hit in 0..self.scratch.outcome.hits.len() {
                let rule = self.scratch.outcome.hits.get(hit).and_then(|rule| program.rules.get(*rule as usize));
                let Some(rule) = rule.filter(|rule| usize::from(rule.effect) == effect) else { continue };
                if let Some(code) = rule.reason {
                    self.reason(RankedReason { code, points: None });
                }
            }
        }
    }

    /// Reasons of the selected rows of the tables, in the order of the calls.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn row_reasons(&mut self) {
        let program = self.program;
        for call in 0..self.scratch.outcome.events.tables.len() {
            let Some(event) = self.scratch.outcome.events.tables.get(call).copied() else { continue };
            let Some(table) = program.tables.get(event.table as usize) else { continue };
            for place in event.rows..event.rows.saturating_add(event.selected) {
                let row = self.scratch.outcome.events.rows.get(place as usize).map(|row| *row as usize);
                let row = row.and_then(|row| table.rows.get(row).or(table.default_row.as_ref()));
                if let Some(code) = row.and_then(|row| row.reason) {
                    self.reason(RankedReason { code, points: None });
                }
            }
        }
    }

    /// Adds a reason unless its code has been given.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn reason(&mut self, reason: RankedReason) {
        let decision = self.scratch.decision;
        if let Some(given) = self.scratch.reasons.get_mut(reason.code as usize)
            && *given != decision
        {
            *given = decision;
            self.scratch.outcome.reasons.push(reason);
        }
    }
}

/// A number as its type has it, a decimal with exactly `scale` digits; what is no number stays as it is.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn fix(slot: Slot, data_type: &DataType) -> Option<Slot> {
    match (data_type, slot) {
        (DataType::Decimal { scale }, Slot::Decimal(number)) => {
            rescale_exact(number, (*scale).into()).map(Slot::Decimal)
        }
        (DataType::Decimal { scale }, Slot::Integer(number)) => {
            rescale_exact(Decimal::from(number), (*scale).into()).map(Slot::Decimal)
        }
        (DataType::Decimal { .. }, Slot::Missing) => Some(Slot::Missing),
        (DataType::Decimal { .. }, _) => None,
        (DataType::Integer, Slot::Decimal(number)) => to_i64_exact(number).map(Slot::Integer),
        (_, slot) => Some(slot),
    }
}
