//! Scorecards and scales.

use super::locate::class;
use super::machine::{Machine, Stop};
use crate::decision::outcome::{CardEvent, RankedReason, ScaleEvent, Subject};
use crate::diagnostic::codes;
use crate::program::artefact::{CardProgram, NONE};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::Input;
use crate::value::decimal::from_mantissa;
use crate::value::slot::Slot;

/// Where a card's reasons are ranked.
#[derive(Clone, Debug, Default)]
pub(super) struct PointsMemory {
    /// Codes in document order of their first characteristic, with their summed differences.
    sums: Vec<(u32, i128)>,
    /// The best so far, best first.
    ranked: Vec<(u32, i128)>,
}

impl Machine<'_> {
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    pub fn artefact(&mut self, id: NodeId) -> Result<Slot, Stop> {
        match *self.node(id) {
            Node::Scorecard(card) => self.card(id, card).map(|_| Slot::Missing),
            Node::CardScore { card, scorecard } => {
                self.slot(card)?;
                self.card(id, scorecard)
            }
            Node::CardPoints { card, scorecard, characteristic } => {
                self.slot(card)?;
                self.card(id, scorecard)?;
                self.card_points(id, scorecard, characteristic)
            }
            Node::Scale { scale, value } => self.scale(id, scale, value),
            Node::Table { table, arguments } => self.table(id, table, arguments),
            _ => Err(self.broken(id)),
        }
    }

    /// The score of a card, evaluated at most once per decision.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn card(&mut self, id: NodeId, card: u32) -> Result<Slot, Stop> {
        match self.scratch.cards.get(card as usize) {
            Some(memory) if memory.decision == self.scratch.decision => Ok(memory.score),
            _ => self.evaluate_card(id, card),
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn evaluate_card(&mut self, id: NodeId, index: u32) -> Result<Slot, Stop> {
        let program = self.program;
        let Some(card) = program.scorecards.get(index as usize) else { return Err(self.broken(id)) };
        let events = &mut self.scratch.outcome.events;
        let (attributes, values) = (events.attributes.len(), events.values.len());
        let count = card.characteristics.len();
        // The places are taken first: a derived fact may evaluate another card in between.
        events.attributes.resize(attributes.saturating_add(count), NONE);
        events.values.resize(values.saturating_add(count), Slot::Missing);
        let mut total = Some(card.initial);
        for (place, characteristic) in card.characteristics.iter().enumerate() {
            let value = match characteristic.input {
                Input::Fact(fact) => self.fact(u32::try_from(fact).unwrap_or(u32::MAX)),
                Input::Derived(derived) => &self.derived(u32::try_from(derived).unwrap_or(u32::MAX))?,
            };
            let class = class(&characteristic.locator, value, self.memory());
            let attribute = class.and_then(|class| characteristic.attribute_of_class.get(class as usize));
            let found = attribute.and_then(|attribute| characteristic.attributes.get(*attribute as usize));
            let (Some(attribute), Some(found)) = (attribute, found) else {
                let characteristic = u32::try_from(place).unwrap_or(u32::MAX);
                let subject = Subject::Characteristic { card: index, characteristic, value: *value };
                return Err(self.fail_about(id, codes::UNSCORABLE, subject));
            };
            total = total.and_then(|total| total.checked_add(found.points));
            let events = &mut self.scratch.outcome.events;
            if let Some(slot) = events.attributes.get_mut(attributes.wrapping_add(place)) {
                *slot = *attribute;
            }
            if let Some(slot) = events.values.get_mut(values.wrapping_add(place)) {
                *slot = *value;
            }
        }
        let Some(score) = total.and_then(|total| points_slot(card, total)) else {
            return Err(self.fail_about(id, codes::OVERFLOW, Subject::Card { card: index }));
        };
        self.remember(index, score, attributes, values);
        Ok(score)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn remember(&mut self, card: u32, score: Slot, attributes: usize, values: usize) {
        let attributes = u32::try_from(attributes).unwrap_or(u32::MAX);
        let values = u32::try_from(values).unwrap_or(u32::MAX);
        self.scratch.outcome.events.cards.push(CardEvent { card, score, attributes, values });
        if let Some(memory) = self.scratch.cards.get_mut(card as usize) {
            memory.decision = self.scratch.decision;
            memory.score = score;
            memory.attributes = attributes;
        }
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn card_points(&mut self, id: NodeId, card: u32, characteristic: u32) -> Result<Slot, Stop> {
        let program = self.program;
        let points = (|| {
            let source = program.scorecards.get(card as usize)?;
            let memory = self.scratch.cards.get(card as usize)?;
            let place = memory.attributes.checked_add(characteristic)? as usize;
            let attribute = *self.scratch.outcome.events.attributes.get(place)?;
            let attributes = &source.characteristics.get(characteristic as usize)?.attributes;
            points_slot(source, attributes.get(attribute as usize)?.points)
        })();
        points.ok_or_else(|| self.broken(id))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline(never)]
    fn scale(&mut self, id: NodeId, index: u32, operand: NodeId) -> Result<Slot, Stop> {
        let program = self.program;
        let value = self.slot(operand)?;
        let Some(scale) = program.scales.get(index as usize) else { return Err(self.broken(id)) };
        let class = match value {
            Slot::Integer(_) | Slot::Decimal(_) => class(&scale.locator, &value, self.memory()),
            _ => return Err(self.broken(id)),
        };
        let band = class.and_then(|class| scale.band_of_class.get(class as usize)).copied();
        let Some((band, found)) = band.and_then(|band| Some((band, scale.bands.get(band as usize)?))) else {
            return Err(self.fail_about(
                id,
                codes::OUTSIDE_SCALE,
                Subject::Scale { scale: index, node: operand, value },
            ));
        };
        self.scratch.outcome.events.scales.push(ScaleEvent { scale: index, band, value, node: operand });
        Ok(found.record)
    }

    /// The ranked reasons of every evaluated card, in the order of first calls.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub fn card_reasons(&mut self) {
        let program = self.program;
        for event in 0..self.scratch.outcome.events.cards.len() {
            let Some(event) = self.scratch.outcome.events.cards.get(event).copied() else { continue };
            let Some(card) = program.scorecards.get(event.card as usize) else { continue };
            self.rank(card, event.attributes as usize);
            for place in 0..self.scratch.points.ranked.len() {
                let Some((code, difference)) = self.scratch.points.ranked.get(place).copied() else { continue };
                let Some(code) = card.codes.get(code as usize).copied() else { continue };
                self.reason(RankedReason { code, points: Some((event.card, difference)) });
            }
        }
    }

    /// Ranks a card's codes: greatest difference first, equal ones in document order.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn rank(&mut self, card: &CardProgram, attributes: usize) {
        let PointsMemory { sums, ranked } = &mut self.scratch.points;
        sums.clear();
        ranked.clear();
        let chosen = self.scratch.outcome.events.attributes.get(attributes..).unwrap_or(&[]);
        for (characteristic, attribute) in card.characteristics.iter().zip(chosen) {
            let Some(attribute) = characteristic.attributes.get(*attribute as usize) else { continue };
            if attribute.code == NONE {
                continue;
            }
            let shared = card.shared_codes.then(|| sums.iter_mut().find(|(code, _)| *code == attribute.code)).flatten();
            match shared {
                Some((_, sum)) => *sum = sum.saturating_add(attribute.difference),
                None => sums.push((attribute.code, attribute.difference)),
            }
        }
        let most = card.most as usize;
        for (code, difference) in sums.iter().copied() {
            let counts = difference > 0 || (difference == 0 && card.keep_zero);
            let full = ranked.len() >= most && ranked.last().is_none_or(|(_, least)| *least >= difference);
            if !counts || full {
                continue;
            }
            let place = ranked.iter().position(|(_, other)| *other < difference).unwrap_or(ranked.len());
            ranked.insert(place, (code, difference));
            ranked.truncate(most);
        }
    }
}

/// Points or a score as a slot; nothing if it does not fit.
#[cfg_attr(trutina_wasm, optimize(speed))]
fn points_slot(card: &CardProgram, mantissa: i128) -> Option<Slot> {
    if card.integer {
        return i64::try_from(mantissa).ok().map(Slot::Integer);
    }
    from_mantissa(mantissa, card.scale.into()).ok().map(Slot::Decimal)
}
