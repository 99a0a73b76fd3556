//! What a condition tells about facts, derived facts and locals: the checker's rules, over nodes.

use super::Check;
use super::nodes::items;
use super::walk::Walk;
use crate::check::script::flow::{Known, Learned, Path, Root};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::TypeKind;

impl Walk<'_> {
    /// What a node reads, if it reads something whose state stays.
    pub fn path(&self, id: NodeId) -> Option<Path> {
        let mut fields = Vec::new();
        let mut at = id;
        let root = loop {
            match self.program.code.nodes.get(at as usize)? {
                Node::Fact(fact) => break Root::Fact(*fact as usize),
                Node::Derived(derived) => break Root::Derived(*derived as usize),
                Node::Local(local) => break Root::Local(*local),
                Node::Field { record, index } => {
                    fields.push(*index as usize);
                    at = *record;
                }
                _ => return None,
            }
        };
        fields.reverse();
        Some(Path::new(root, fields))
    }

    /// What a condition tells when it holds, or when it does not; nothing of locals that it stores itself.
    pub fn learned(&mut self, condition: NodeId, holds: bool) -> Check<Learned> {
        let mut learned = self.told(condition, holds)?;
        if self.stores(condition) {
            let stored = self.stored_in(condition)?;
            learned.retain(|root| !matches!(root, Root::Local(local) if stored.binary_search(&local).is_ok()));
        }
        Ok(learned)
    }

    fn told(&mut self, condition: NodeId, holds: bool) -> Check<Learned> {
        self.work.charge(1)?;
        let mut learned = Learned::default();
        match self.node(condition)? {
            Node::Not(inner) => return self.told(inner, !holds),
            Node::IsMissing(value) => {
                let known = if holds { Known::NOT_SPECIAL } else { Known::PRESENT };
                self.add(&mut learned, value, known);
            }
            Node::IsSpecial { value, code } => {
                let known = match (holds, code) {
                    (true, _) => Known::PRESENT,
                    (false, None) => Known::NOT_SPECIAL,
                    (false, Some(code)) => Known::not_code(code),
                };
                self.add(&mut learned, value, known);
            }
            // A truth value compared with a constant one.
            Node::Within { value, negate, low, high } if matches!(self.label(value)?.kind, TypeKind::Boolean) => {
                let passes = |truth: i64| (low <= truth && truth <= high) != negate;
                match (passes(0), passes(1)) {
                    (false, true) => return self.told(value, holds),
                    (true, false) => return self.told(value, !holds),
                    _ => {}
                }
            }
            Node::And(parts) => return self.told_by_chain(items(&self.program.code, parts)?, true, holds),
            Node::Or(parts) => return self.told_by_chain(items(&self.program.code, parts)?, false, holds),
            Node::Block { statements, result: Some(result) } if statements.len == 0 => {
                return self.told(result, holds);
            }
            _ => {}
        }
        Ok(learned)
    }

    fn add(&self, learned: &mut Learned, value: NodeId, known: Known) {
        if let Some(path) = self.path(value) {
            learned.add(path, known);
        }
    }

    fn told_by_chain(&mut self, parts: &[NodeId], all: bool, holds: bool) -> Check<Learned> {
        let mut so_far = Learned::default();
        let mut common: Option<Learned> = None;
        for part in parts {
            if all != holds {
                let ends_here = self.told(*part, holds)?;
                match &mut common {
                    None => common = Some(ends_here),
                    Some(common) => self.work.charge(common.retain_common(&so_far, &ends_here))?,
                }
            }
            let goes_on = self.told(*part, all)?;
            so_far.extend(&goes_on);
        }
        Ok(if all == holds { so_far } else { common.unwrap_or_default() })
    }
}
