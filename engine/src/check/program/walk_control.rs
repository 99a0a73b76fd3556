//! Branches, loops, blocks and calls of functions.

use super::bodies::Root;
use super::nodes::items;
use super::walk::{Actual, Walk};
use super::{Check, demand, within};
use crate::check::script::flow::{Known, Merge, Path, Root as Start};
use crate::program::node::Items;
use crate::program::{Node, NodeId, Pattern, Switch};
use crate::ruleset::checked::{Type, TypeKind};
use crate::value::slot::Slot;

impl<'c> Walk<'c> {
    /// One of several values: dropped like the whole, or of its type.
    fn branch(&mut self, id: NodeId, label: &'c Type, dropped: bool) -> Check<Actual> {
        let actual = self.visit(id, dropped)?;
        if !dropped {
            self.stand_for(id, actual, label)?;
        }
        Ok(actual)
    }

    fn end_branch(&mut self, base: usize, mark: usize, merge: &mut Merge) -> Check {
        let steps = self.flow.end_branch(base, mark, merge);
        self.work.charge(steps)
    }

    fn learn(&mut self, condition: NodeId, holds: bool) -> Check {
        let learned = self.learned(condition, holds)?;
        self.flow.learn(&learned);
        Ok(())
    }

    #[inline(never)]
    pub fn branches(&mut self, list: Items, label: &'c Type, dropped: bool) -> Check<Actual> {
        let (base, dead) = (self.flow.mark(), self.flow.dead);
        let mut merge = Merge::default();
        let mut actual = Actual::NEVER;
        let mut pairs = items(self.code(), list)?.chunks_exact(2);
        for pair in pairs.by_ref() {
            let [condition, value] = pair else { continue };
            self.boolean(*condition)?;
            let mark = self.flow.mark();
            self.learn(*condition, true)?;
            actual = actual.or(self.branch(*value, label, dropped)?);
            self.end_branch(base, mark, &mut merge)?;
            self.learn(*condition, false)?;
        }
        let mark = self.flow.mark();
        let otherwise = match pairs.remainder() {
            [otherwise] => self.branch(*otherwise, label, dropped)?,
            _ => Actual::MISSING,
        };
        self.end_branch(base, mark, &mut merge)?;
        self.flow.meet_again(base, merge);
        self.flow.dead |= dead;
        Ok(actual.or(otherwise))
    }

    #[inline(never)]
    pub fn switch(&mut self, subject: NodeId, arms: u32, label: &'c Type, dropped: bool) -> Check<Actual> {
        let switch = within(&self.code().switches, arms, &"a switch has no arms")?;
        let kind = self.present(subject)?;
        let (base, dead) = (self.flow.mark(), self.flow.dead);
        let mut merge = Merge::default();
        let mut actual = Actual::NEVER;
        for arm in &switch.arms {
            let fits = arm.patterns.iter().all(|pattern| match pattern {
                Pattern::Equal(slot) => self.matches(*slot, kind),
                Pattern::Within(..) => matches!(kind, TypeKind::Integer),
            });
            demand(fits, &"an arm matches another type than its subject")?;
            let mark = self.flow.mark();
            if let Some(guard) = arm.guard {
                self.boolean(guard)?;
                self.learn(guard, true)?;
            }
            actual = actual.or(self.branch(arm.result, label, dropped)?);
            self.end_branch(base, mark, &mut merge)?;
            if let Some(guard) = arm.guard {
                self.forget_stored(guard)?;
            }
        }
        let mark = self.flow.mark();
        match switch.default {
            Some(default) => {
                actual = actual.or(self.branch(default, label, dropped)?);
                self.end_branch(base, mark, &mut merge)?;
            }
            None => demand(is_exhaustive(switch, kind), &"a switch has no arm for some value")?,
        }
        self.flow.meet_again(base, merge);
        self.flow.dead |= dead;
        Ok(actual)
    }

    #[inline(never)]
    pub fn block(
        &mut self,
        statements: Items,
        result: Option<NodeId>,
        label: &'c Type,
        dropped: bool,
    ) -> Check<Actual> {
        for statement in items(self.code(), statements)? {
            self.visit(*statement, true)?;
        }
        match result {
            Some(result) => self.branch(result, label, dropped),
            None if matches!(label.kind, TypeKind::Facts | TypeKind::Hits) => {
                demand(dropped, &"what is no value is used").map(|()| Actual::MISSING)
            }
            None => Ok(Actual::MISSING),
        }
    }

    /// Statements give nothing.
    pub fn statement(&mut self, id: NodeId, label: &Type) -> Check<Actual> {
        demand(matches!(label.kind, TypeKind::Unit), &"a statement gives a value")?;
        match self.node(id)? {
            Node::Store { local, value } => {
                let actual = self.visit(value, false)?;
                let ty = self.local(local)?;
                demand(is_storable(&ty.kind), &"a local holds what is no value")?;
                self.stand_for(value, actual, ty)?;
                self.assign(local);
                self.know(local, actual);
            }
            Node::ForRange { local, body, .. } => self.turns(local, body)?,
            Node::ForList { local, list, body } => {
                self.element_into(list, local)?;
                self.turns(local, body)?;
            }
            Node::Return(value) => self.returned(value)?,
            Node::Break | Node::Continue => {
                demand(self.frame.loops > 0, &"a loop is left outside of any loop")?;
                self.flow.dead = true;
            }
            _ => return Err(&"a node is none"),
        }
        Ok(Actual::MISSING)
    }

    fn know(&mut self, local: u32, actual: Actual) {
        let path = Path::root(Start::Local(local));
        if !actual.missing {
            self.flow.establish(path.clone(), Known::PRESENT);
        }
        if !actual.special {
            self.flow.establish(path, Known::NOT_SPECIAL);
        }
    }

    fn returned(&mut self, value: Option<NodeId>) -> Check {
        let returns = self.frame.returns.ok_or(&"a cell of a table returns early")?;
        match value {
            Some(value) => {
                let actual = self.visit(value, false)?;
                self.stand_for(value, actual, returns)?;
            }
            None => demand(super::kinds::takes_missing(returns), &"nothing is returned where something must be")?,
        }
        self.flow.dead = true;
        Ok(())
    }

    /// A list or series whose elements are stored in a local.
    pub fn element_into(&mut self, list: NodeId, local: u32) -> Check<&'c Type> {
        let (TypeKind::List(of) | TypeKind::Series(of)) = self.present(list)? else {
            return Err(&"the elements are asked of what is no list");
        };
        let ty = self.local(local)?;
        demand(super::kinds::is_type(of, ty), &"an element is of another type than its local")?;
        Ok(of)
    }

    /// The turns of a loop: what they store is not known before, between and after them.
    fn turns(&mut self, local: u32, body: NodeId) -> Check {
        let ty = self.local(local)?;
        let integer = !matches!(ty.kind, TypeKind::Never | TypeKind::Unit);
        demand(integer || is_storable(&ty.kind), &"a local holds what is no value")?;
        self.forget_stored(body)?;
        let (mark, dead) = (self.flow.mark(), self.flow.dead);
        self.assign(local);
        self.frame.loops = self.frame.loops.saturating_add(1);
        self.visit(body, true)?;
        self.frame.loops = self.frame.loops.saturating_sub(1);
        self.flow.rollback(mark);
        self.flow.dead = dead;
        self.flow.forget(local);
        Ok(())
    }

    #[inline(never)]
    pub fn invoke(&mut self, body: NodeId, arguments: Items, label: &'c Type) -> Check<Actual> {
        for pair in items(self.code(), arguments)?.chunks_exact(2) {
            let [local, value] = pair else { continue };
            let actual = self.visit(*value, false)?;
            let ty = self.local(*local)?;
            demand(is_storable(&ty.kind), &"a local holds what is no value")?;
            self.stand_for(*value, actual, ty)?;
        }
        let function = self.bodies.function(body).and_then(|function| self.bodies.list.get(function));
        demand(function.is_some_and(|function| function.root == Root::Function), &"a function is none")?;
        let result = self.label(body)?;
        let actual = Actual::of(result);
        demand(super::kinds::is_kind(&result.kind, &label.kind), &"a function gives another type than is said of it")?;
        demand(!actual.special || result.special == label.special, &"a function gives other special codes")?;
        Ok(actual)
    }
}

/// Whether a local may hold it.
fn is_storable(kind: &TypeKind) -> bool {
    !matches!(kind, TypeKind::Facts | TypeKind::Hits | TypeKind::Card(_) | TypeKind::Outputs)
}

fn is_exhaustive(switch: &Switch, kind: &TypeKind) -> bool {
    let values = match kind {
        TypeKind::Boolean => 2,
        TypeKind::Enum(domain) => domain.values.len(),
        _ => return false,
    };
    let mut open = vec![true; values];
    let patterns = switch.arms.iter().filter(|arm| arm.guard.is_none()).flat_map(|arm| &arm.patterns);
    for pattern in patterns {
        let symbol = match pattern {
            Pattern::Equal(Slot::Boolean(truth)) => usize::from(*truth),
            Pattern::Equal(Slot::Enum(symbol)) => usize::from(*symbol),
            _ => continue,
        };
        if let Some(open) = open.get_mut(symbol) {
            *open = false;
        }
    }
    !open.contains(&true)
}
