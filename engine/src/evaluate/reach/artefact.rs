//! Scorecards and scales over ranges.

use super::value::Reach;
use super::{CardReach, Walk};
use crate::evaluate::locate::class;
use crate::program::Node;
use crate::program::artefact::{CardProgram, CharacteristicProgram};
use crate::program::locator::{Locator, LocatorKind};
use crate::ruleset::checked::Input;
use crate::value::decimal::{Decimal, from_mantissa};
use crate::value::slot::Slot;

/// Classes from one to another, both inclusive.
pub(super) type Classes = Vec<(u32, u32)>;

impl Walk<'_> {
    pub(super) fn artefact(&mut self, node: Node) -> Option<Reach> {
        match node {
            Node::Scorecard(card) => self.card(card).map(|_| Reach::Exact(Slot::Missing)),
            Node::CardScore { card, scorecard } => {
                self.value(card)?;
                self.card(scorecard).map(|(score, _)| score)
            }
            Node::CardPoints { card, scorecard, characteristic } => {
                self.value(card)?;
                let (_, points) = self.card(scorecard)?;
                points.into_iter().nth(characteristic as usize)
            }
            Node::Scale { scale, value } => {
                let value = self.value(value)?;
                self.scale(scale, &value)
            }
            Node::Table { table, arguments } => self.table(table, arguments),
            _ => None,
        }
    }

    /// The classes into which a value may fall, at most `count` in all.
    pub(super) fn classes(&self, locator: &Locator, value: &Reach, count: usize) -> Classes {
        let last = u32::try_from(count).unwrap_or(u32::MAX).saturating_sub(1);
        if let Reach::Maybe(inner) = value {
            let mut classes = self.classes(locator, inner, count);
            classes.push((locator.missing(), locator.missing()));
            return classes;
        }
        if let (LocatorKind::Symbol, Some(mask)) = (&locator.kind, value.symbols()) {
            return (0..64).filter(|bit| mask.wrapping_shr(*bit) & 1 == 1).map(|bit| (bit, bit)).collect();
        }
        let ends = value
            .ends()
            .and_then(|(low, high)| class(locator, &low, self.memory()).zip(class(locator, &high, self.memory())));
        vec![ends.unwrap_or((0, last))]
    }

    /// The score and the points of a card; nothing if it cannot be scored.
    fn card(&mut self, index: u32) -> CardReach {
        if let Some(Some(known)) = self.cards.get(index as usize) {
            return known.clone();
        }
        let found = self.score(index);
        if let Some(place) = self.cards.get_mut(index as usize) {
            *place = Some(found.clone());
        }
        found
    }

    fn score(&mut self, index: u32) -> CardReach {
        let card = self.still.program.scorecards.get(index as usize)?;
        self.step(card.characteristics.len())?;
        let (mut low, mut high) = (card.initial, card.initial);
        let mut points = Vec::with_capacity(card.characteristics.len());
        for characteristic in &card.characteristics {
            let value = match characteristic.input {
                Input::Fact(fact) => self.fact(u32::try_from(fact).ok()?),
                Input::Derived(derived) => self.derive(u32::try_from(derived).ok()?)?,
            };
            let (least, greatest) = self.points(characteristic, &value)?;
            low = low.saturating_add(least);
            high = high.saturating_add(greatest);
            points.push(figure(card, least, greatest)?);
        }
        Some((figure(card, low, high)?, points))
    }

    /// The least and the greatest points of a characteristic.
    fn points(&self, characteristic: &CharacteristicProgram, value: &Reach) -> Option<(i128, i128)> {
        let classes = self.classes(&characteristic.locator, value, characteristic.attribute_of_class.len());
        let mut found: Option<(i128, i128)> = None;
        for (first, last) in classes {
            let places = characteristic.attribute_of_class.get(first as usize..=last as usize).unwrap_or(&[]);
            for attribute in places.iter().filter_map(|place| characteristic.attributes.get(*place as usize)) {
                let (low, high) = found.unwrap_or((attribute.points, attribute.points));
                found = Some((low.min(attribute.points), high.max(attribute.points)));
            }
        }
        found
    }

    fn scale(&mut self, index: u32, value: &Reach) -> Option<Reach> {
        let scale = self.still.program.scales.get(index as usize)?;
        self.step(scale.bands.len())?;
        let classes = self.classes(&scale.locator, value, scale.band_of_class.len());
        let mut result = None;
        for (first, last) in classes {
            for band in scale.band_of_class.get(first as usize..=last as usize).unwrap_or(&[]) {
                if let Some(band) = scale.bands.get(*band as usize) {
                    result = self.join_optional(result, Some(Reach::Exact(band.record)));
                }
            }
        }
        result
    }
}

/// Points between two mantissas of a card; nothing if all of them overflow.
fn figure(card: &CardProgram, low: i128, high: i128) -> Option<Reach> {
    if card.integer {
        return Reach::integers(low, high);
    }
    let end = |mantissa: i128, beyond: Decimal| from_mantissa(mantissa, card.scale.into()).unwrap_or(beyond);
    Some(Reach::Decimals(end(low, Decimal::MIN), end(high, Decimal::MAX)))
}
