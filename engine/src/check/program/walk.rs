//! One body after the other, in the order in which the evaluator runs it: what can be missing where, and of which type
//! everything is.
//!
//! A node's declared type may be wider than what it yields, for a coercion only relabels. So a walk gives what a node can
//! really be, missing or special, and the declared type the kind.

use super::artefacts::Declared;
use super::bodies::{Bodies, Body, Root};
use super::kinds::{is_kind, size, takes_missing};
use super::slots::Slots;
use super::{Check, Work, demand, within};
use crate::check::script::flow::{Flow, Known, Path, Root as Start};
use crate::program::{Code, Node, NodeId, Program, operands};
use crate::ruleset::checked::{Type, TypeKind};
use crate::value::slot::Slot;

/// What a node can be beside a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Actual {
    pub missing: bool,
    pub special: bool,
    /// Control does not come out of it.
    pub never: bool,
}

impl Actual {
    pub const PRESENT: Self = Self { missing: false, special: false, never: false };
    pub const MISSING: Self = Self { missing: true, special: false, never: false };
    pub const NEVER: Self = Self { missing: false, special: false, never: true };

    /// What a value of a type can be.
    pub const fn of(ty: &Type) -> Self {
        Self { missing: takes_missing(ty), special: ty.special.is_some(), never: false }
    }

    /// One or the other.
    pub const fn or(self, other: Self) -> Self {
        let (missing, special) = (self.missing || other.missing, self.special || other.special);
        Self { missing, special, never: self.never && other.never }
    }
}

/// What `return` gives, and whether loops surround the place at hand.
#[derive(Clone, Copy)]
pub(super) struct Frame<'c> {
    /// Nothing where a body must not return early.
    pub returns: Option<&'c Type>,
    pub loops: u32,
}

pub(super) struct Walk<'c> {
    pub program: &'c Program,
    pub bodies: &'c Bodies<'c>,
    pub slots: &'c Slots<'c>,
    pub declared: &'c Declared,
    pub work: &'c mut Work,
    pub flow: Flow,
    pub frame: Frame<'c>,
    sizes: &'c [usize],
}

static BOOLEAN: Type = Type::plain(TypeKind::Boolean);
static OUTPUTS: Type = Type::plain(TypeKind::Outputs);

pub(super) fn check(
    program: &Program,
    bodies: &Bodies<'_>,
    slots: &Slots<'_>,
    declared: &Declared,
    work: &mut Work,
) -> Check {
    check_secrecy(program)?;
    let sizes: Vec<usize> = program.code.type_pool.iter().map(size).collect();
    for body in &bodies.list {
        let (expected, returns) = match body.root {
            Root::Rule => (&BOOLEAN, true),
            Root::Decide => (&OUTPUTS, true),
            Root::Derived(derived) => (&within(&program.derived, derived, &"a derived fact is none")?.ty, true),
            Root::Function => (program.code.type_of(body.node).ok_or(&"a function has no type")?, true),
            Root::Cell { table, output } => {
                let outputs = within(&declared.tables, table, &"a table is none")?;
                (within(outputs, output, &"a row yields what is not declared")?, false)
            }
        };
        let frame = Frame { returns: returns.then_some(expected), loops: 0 };
        let flow = Flow::default();
        let mut walk = Walk { program, bodies, slots, declared, work, flow, frame, sizes: &sizes };
        walk.body(body, expected)?;
    }
    Ok(())
}

/// What depends on a sensitive fact is sensitive.
fn check_secrecy(program: &Program) -> Check {
    let code = &program.code;
    let fact = |fact: u32| program.facts.get(fact as usize).is_some_and(|fact| fact.sensitive);
    for (node, id) in code.nodes.iter().zip(0..) {
        let mut sensitive = match *node {
            Node::Fact(index)
            | Node::FactWithin { fact: index, .. }
            | Node::FactDecimalWithin { fact: index, .. }
            | Node::FactDecimalNarrow { fact: index, .. }
            | Node::FactIn { fact: index, .. } => fact(index),
            Node::Derived(derived) => program.derived.get(derived as usize).is_some_and(|derived| derived.sensitive),
            _ => false,
        };
        operands(code, *node, &mut |operand| sensitive |= code.is_sensitive(operand));
        demand(!sensitive || code.is_sensitive(id), &"a node shows what is sensitive")?;
    }
    let shown = |body: NodeId, sensitive: bool| sensitive || !code.is_sensitive(body);
    let derived = program.derived.iter().all(|derived| shown(derived.body, derived.sensitive));
    demand(derived, &"a derived fact shows what is sensitive")
}

impl<'c> Walk<'c> {
    pub fn code(&self) -> &'c Code {
        &self.program.code
    }

    pub fn node(&self, id: NodeId) -> Check<Node> {
        within(&self.program.code.nodes, id, &"a node is none").copied()
    }

    /// The declared type of a node.
    pub fn label(&self, id: NodeId) -> Check<&'c Type> {
        self.program.code.type_of(id).ok_or(&"a node has no type")
    }

    fn body(&mut self, body: &Body, expected: &'c Type) -> Check {
        let valued = !matches!(expected.kind, TypeKind::Facts | TypeKind::Hits);
        demand(valued, &"a body gives what is no value")?;
        for local in body.parameters.iter().flatten() {
            self.assign(*local);
        }
        let actual = self.visit(body.node, false)?;
        self.stand_for(body.node, actual, expected)
    }

    /// Walks a node whose value is used, or dropped.
    pub fn visit(&mut self, id: NodeId, dropped: bool) -> Check<Actual> {
        let ty = *within(&self.program.code.types, id, &"a node has no type")?;
        self.work.charge(self.sizes.get(ty as usize).copied().unwrap_or(0))?;
        let label = self.label(id)?;
        let actual = self.kind_of_node(id, label, dropped)?;
        let actual = if self.flow.dead { Actual::NEVER } else { actual };
        if !dropped {
            demand(!actual.missing || takes_missing(label), &"a node is missing where it must not be")?;
            demand(!actual.special || label.special.is_some(), &"a node is a special code where it must not be")?;
            demand(
                actual.never || !matches!(label.kind, TypeKind::Never),
                &"a node gives a value where none is expected",
            )?;
        }
        Ok(actual)
    }

    fn kind_of_node(&mut self, id: NodeId, label: &'c Type, dropped: bool) -> Check<Actual> {
        match self.node(id)? {
            Node::Constant(constant) => self.constant(constant, label),
            Node::Fact(_) | Node::Derived(_) | Node::Local(_) | Node::Field { .. } => self.name(id, label),
            Node::AsOf => self.yields(&TypeKind::Date, label),
            Node::Index { .. }
            | Node::ToDecimal(_)
            | Node::ToInteger(_)
            | Node::ToEnum { .. }
            | Node::ToText { .. }
            | Node::NegateInteger(_)
            | Node::NegateDecimal(_)
            | Node::Integer { .. }
            | Node::Decimal { .. } => self.number_or_conversion(id, label),
            Node::Coalesce { .. } | Node::ValueOr { .. } => self.instead(id, label),
            Node::Call { function, decimal, arguments } => self.call(function, decimal, arguments, label),
            Node::If(list) => self.branches(list, label, dropped),
            Node::Switch { subject, arms } => self.switch(subject, arms, label, dropped),
            Node::Block { statements, result } => self.block(statements, result, label, dropped),
            Node::Store { .. }
            | Node::ForRange { .. }
            | Node::ForList { .. }
            | Node::Return(_)
            | Node::Break
            | Node::Continue => self.statement(id, label),
            Node::Invoke { body, arguments } => self.invoke(body, arguments, label),
            Node::Aggregate { function, decimal, list, closure } => {
                self.aggregate(function, decimal, list, closure, label)
            }
            Node::List(list) => self.list(list, label),
            Node::Record(list) => self.record(list, label),
            Node::Outputs(list) => self.outputs(list, label),
            Node::Scorecard(_) | Node::CardScore { .. } | Node::CardPoints { .. } => self.card(id, label),
            Node::Scale { .. } | Node::Table { .. } => self.look_up(id, label),
            Node::Broken => Err(&"a node is broken"),
            _ => {
                self.truth(id)?;
                self.yields(&TypeKind::Boolean, label)
            }
        }
    }

    /// A present value of a kind, as the label says.
    pub fn yields(&self, kind: &TypeKind, label: &Type) -> Check<Actual> {
        demand(is_kind(kind, &label.kind), &"a node yields another type than is said of it")?;
        Ok(Actual::PRESENT)
    }

    /// Demands that the value of a node, which can be what `actual` says, is one of a type.
    pub fn stand_for(&self, id: NodeId, actual: Actual, to: &Type) -> Check {
        if actual.never {
            return Ok(());
        }
        let label = self.label(id)?;
        demand(!actual.missing || takes_missing(to), &"a value is missing where it must not be")?;
        demand(!actual.special || label.special == to.special, &"a special code stands where it must not")?;
        demand(is_kind(&label.kind, &to.kind), &"a value is of another type than is expected")
    }

    /// Walks an operand that must be a value, and gives its kind.
    pub fn present(&mut self, id: NodeId) -> Check<&'c TypeKind> {
        let actual = self.visit(id, false)?;
        demand(!actual.missing && !actual.special, &"an operand may be missing or a special code")?;
        Ok(&self.label(id)?.kind)
    }

    fn constant(&mut self, constant: u32, label: &Type) -> Check<Actual> {
        let slot = *within(&self.program.code.constants, constant, &"a constant is none")?;
        demand(self.slots.fits(slot, label, self.work)?, &"a constant is of another type than is said of it")?;
        Ok(match slot {
            Slot::Missing => Actual::MISSING,
            Slot::Special(_) => Actual { special: true, ..Actual::PRESENT },
            _ => Actual::PRESENT,
        })
    }

    /// A fact, derived fact, local or field, with what is known of it here.
    fn name(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        let ty: &Type = match self.node(id)? {
            Node::Fact(fact) => within(&self.declared.facts, fact, &"a fact is none")?,
            Node::Derived(derived) => &within(&self.program.derived, derived, &"a derived fact is none")?.ty,
            Node::Local(local) => {
                let known = self.flow.dead || self.flow.get(&assigned(local)).present;
                demand(known, &"a local is read before it has a value")?;
                self.local(local)?
            }
            Node::Field { record, index } => match self.present(record)? {
                TypeKind::Record(fields) => &within(fields, index, &"a record has no such field")?.1,
                _ => return Err(&"a field is read of what is no record"),
            },
            _ => return Err(&"a node is none"),
        };
        let known = self.path(id).map_or_else(Known::default, |path| self.flow.get(&path));
        let (missing, special) = known.left_of(ty);
        let missing = missing || (matches!(ty.kind, TypeKind::Unit) && !known.present);
        // There is no value of this type: nobody gets here.
        if self.flow.dead || matches!(ty.kind, TypeKind::Never) {
            return Ok(Actual::NEVER);
        }
        demand(is_kind(&ty.kind, &label.kind), &"a name is of another type than is said of it")?;
        demand(!special || ty.special == label.special, &"a name has other special codes than is said of it")?;
        Ok(Actual { missing, special, never: false })
    }

    /// The type of a local.
    pub fn local(&self, local: u32) -> Check<&'c Type> {
        within(&self.bodies.locals, local, &"a local has no place")?.ok_or(&"a local never gets a value")
    }

    /// A local has a value; nothing else is known of it.
    pub fn assign(&mut self, local: u32) {
        self.flow.forget(local);
        self.flow.establish(assigned(local), Known::PRESENT);
    }

    /// Whether something is stored in a node or below.
    pub fn stores(&self, id: NodeId) -> bool {
        self.bodies.stores.get(id as usize).copied().unwrap_or(true)
    }

    /// The locals that are stored in a node or below, ascending; functions left out: they have their own.
    pub fn stored_in(&mut self, id: NodeId) -> Check<Vec<u32>> {
        let code = self.code();
        let (mut found, mut waiting) = (Vec::new(), vec![id]);
        while let Some(id) = waiting.pop() {
            if !self.stores(id) {
                continue;
            }
            self.work.charge(1)?;
            let node = self.node(id)?;
            match node {
                Node::Store { local, .. }
                | Node::ForRange { local, .. }
                | Node::ForList { local, .. }
                | Node::Aggregate { closure: Some((local, _)), .. } => found.push(local),
                _ => {}
            }
            let function = if let Node::Invoke { body, .. } = node { Some(body) } else { None };
            operands(code, node, &mut |operand| waiting.extend((Some(operand) != function).then_some(operand)));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// What was known of the locals that a node stores is known no more: it may have run, or not.
    pub fn forget_stored(&mut self, id: NodeId) -> Check {
        if self.stores(id) {
            for local in self.stored_in(id)? {
                self.flow.forget(local);
            }
        }
        Ok(())
    }
}

fn assigned(local: u32) -> Path {
    Path::root(Start::Assigned(local))
}
