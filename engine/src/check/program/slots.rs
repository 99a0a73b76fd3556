//! Constants: texts on the borders of characters, lists and records made of what stands before them, values of their type.

use super::{Check, Work, demand};
use crate::program::artefact::RowOutputs;
use crate::program::pool::PROGRAM_BASE;
use crate::program::{Pool, Program};
use crate::ruleset::checked::{Type, TypeKind};
use crate::value::slot::{Slot, Stretch, TextRef};

/// Lists and records within one another.
const MOST_DEPTH: u32 = 256;

/// The pool of constants, checked.
pub(super) struct Slots<'p> {
    pool: &'p Pool,
    /// Per element of the arena: how many slots the elements before it stand for.
    before: Vec<u64>,
    depths: Vec<u32>,
    /// The longest list.
    pub longest: u64,
    /// Bytes of the longest text.
    pub text: u64,
}

impl<'p> Slots<'p> {
    /// Checks all constants of a program.
    pub fn of(program: &'p Program, work: &mut Work) -> Check<Self> {
        let mut slots = Self::check(&program.code.pool, work)?;
        for slot in &program.code.constants {
            slots.admit(*slot, work)?;
        }
        for scale in &program.scales {
            for band in &scale.bands {
                slots.admit(band.record, work)?;
            }
        }
        for table in &program.tables {
            for row in table.rows.iter().chain(&table.default_row) {
                if let RowOutputs::Constant(record) = row.outputs {
                    slots.admit(record, work)?;
                }
            }
        }
        Ok(slots)
    }

    /// Checks the pool. No element reaches itself, and none stands for more slots than there are.
    fn check(pool: &'p Pool, work: &mut Work) -> Check<Self> {
        demand(pool.arena.len() < PROGRAM_BASE as usize, &"the constants do not fit")?;
        let mut slots = Self { pool, before: vec![0], depths: Vec::new(), longest: 0, text: 0 };
        for (slot, place) in pool.arena.iter().zip(0..) {
            let (size, depth) = slots.measure(*slot, place, work)?;
            let sum = slots.before.last().copied().unwrap_or(0);
            slots.before.push(sum.saturating_add(size));
            slots.depths.push(depth);
        }
        Ok(slots)
    }

    /// Checks a constant from outside the arena.
    fn admit(&mut self, slot: Slot, work: &mut Work) -> Check {
        self.measure(slot, self.pool.arena.len(), work).map(|_| ())
    }

    /// How many slots a slot stands for and how deeply they nest; what it points at ends at `place` at the latest.
    fn measure(&mut self, slot: Slot, place: usize, work: &mut Work) -> Check<(u64, u32)> {
        match slot {
            Slot::Text(TextRef::Program(at)) => {
                self.text = self.text.max(at.len.into());
                demand(self.text_of(at).is_some(), &"a text lies outside the texts")?;
                Ok((1, 1))
            }
            Slot::Text(TextRef::Record(_)) | Slot::Series(_) => Err(&"a constant points at facts"),
            Slot::List(at) | Slot::Record(at) => {
                let (start, end) = bounds(at).filter(|(_, end)| *end <= place).ok_or(&"a constant points ahead")?;
                work.charge(end.saturating_sub(start))?;
                self.longest = self.longest.max(at.len.into());
                let sum = |place: usize| self.before.get(place).copied().unwrap_or(u64::MAX);
                let size = sum(end).saturating_sub(sum(start)).saturating_add(1);
                let depth = self.depths.get(start..end).unwrap_or(&[]).iter().max().copied().unwrap_or(0);
                let depth = depth.saturating_add(1);
                let slots = u64::try_from(self.pool.arena.len()).unwrap_or(u64::MAX);
                demand(depth <= MOST_DEPTH && size <= slots.saturating_add(1), &"a constant holds too much")?;
                Ok((size, depth))
            }
            _ => Ok((1, 1)),
        }
    }

    /// A text, if it lies in the pool on borders of characters.
    pub fn text_of(&self, at: Stretch) -> Option<&'p str> {
        let start = at.start as usize;
        self.pool.text.get(start..start.checked_add(at.len as usize)?)
    }

    /// The elements of a stretch of the arena.
    pub fn elements(&self, at: Stretch) -> &'p [Slot] {
        bounds(at).and_then(|(start, end)| self.pool.arena.get(start..end)).unwrap_or(&[])
    }

    /// Whether an admitted constant is a value of a type.
    pub fn fits(&self, slot: Slot, ty: &Type, work: &mut Work) -> Check<bool> {
        work.charge(1)?;
        Ok(match (slot, &ty.kind) {
            (Slot::Missing, kind) => ty.missing || matches!(kind, TypeKind::Unit),
            (Slot::Special(code), _) => ty.special.as_ref().is_some_and(|codes| usize::from(code) < codes.len()),
            (Slot::Boolean(_), TypeKind::Boolean)
            | (Slot::Integer(_), TypeKind::Integer)
            | (Slot::Date(_), TypeKind::Date)
            | (Slot::Text(_), TypeKind::Text) => true,
            (Slot::Decimal(number), TypeKind::Decimal { scale }) => number.scale() <= u32::from(*scale),
            (Slot::Enum(symbol), TypeKind::Enum(domain)) => usize::from(symbol) < domain.values.len(),
            (Slot::List(at), TypeKind::List(of)) => self.all_fit(self.elements(at), |_| Some(&**of), work)?,
            (Slot::Record(at), TypeKind::Record(fields)) => {
                let elements = self.elements(at);
                let field = |index: usize| fields.get(index).map(|(_, ty)| ty);
                elements.len() == fields.len() && self.all_fit(elements, field, work)?
            }
            _ => false,
        })
    }

    /// Whether a constant is a record of these types.
    pub fn is_record(&self, slot: Slot, fields: &[Type], work: &mut Work) -> Check<bool> {
        let Slot::Record(at) = slot else { return Ok(false) };
        let elements = self.elements(at);
        Ok(elements.len() == fields.len() && self.all_fit(elements, |index| fields.get(index), work)?)
    }

    fn all_fit<'t>(&self, elements: &[Slot], ty: impl Fn(usize) -> Option<&'t Type>, work: &mut Work) -> Check<bool> {
        for (index, element) in elements.iter().enumerate() {
            let Some(ty) = ty(index) else { return Ok(false) };
            if !self.fits(*element, ty, work)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn bounds(at: Stretch) -> Option<(usize, usize)> {
    let start = at.start.checked_sub(PROGRAM_BASE)? as usize;
    Some((start, start.checked_add(at.len as usize)?))
}
