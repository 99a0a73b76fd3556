//! Lists, records, functions over lists, and the artefacts.

use super::artefacts::is_record_of;
use super::kinds::{digits, is_kind, is_type, takes_digits};
use super::nodes::items;
use super::walk::{Actual, Frame, Walk};
use super::{Check, FaultRef, demand, within};
use crate::check::script::flow::Learned;
use crate::program::node::Items;
use crate::program::{Node, NodeId};
use crate::ruleset::checked::{AggregateFunction, Type, TypeKind};
use crate::ruleset::{Aggregation, HitPolicy, NoMatch};

const OTHER_TYPE: FaultRef = &"a list or record is of another type than is said of it";

impl<'c> Walk<'c> {
    pub fn list(&mut self, list: Items, label: &'c Type) -> Check<Actual> {
        let TypeKind::List(of) = &label.kind else { return Err(OTHER_TYPE) };
        for item in items(self.code(), list)? {
            let actual = self.visit(*item, false)?;
            self.stand_for(*item, actual, of)?;
        }
        Ok(Actual::PRESENT)
    }

    pub fn record(&mut self, list: Items, label: &'c Type) -> Check<Actual> {
        let TypeKind::Record(fields) = &label.kind else { return Err(OTHER_TYPE) };
        let values = items(self.code(), list)?;
        demand(values.len() == fields.len(), OTHER_TYPE)?;
        for (value, (_, ty)) in values.iter().zip(fields.iter()) {
            let actual = self.visit(*value, false)?;
            self.stand_for(*value, actual, ty)?;
        }
        Ok(Actual::PRESENT)
    }

    /// What `decide` returns: one value per declared output.
    pub fn outputs(&mut self, list: Items, label: &'c Type) -> Check<Actual> {
        let values = items(self.code(), list)?;
        let declared = &self.declared.outputs;
        demand(values.len() == declared.len(), &"the outputs are others than are declared")?;
        for (value, ty) in values.iter().zip(declared) {
            let actual = self.visit(*value, false)?;
            match computed(ty) {
                Some(computed) if self.label(*value)?.kind == computed.kind => {
                    self.stand_for(*value, actual, &computed)?
                }
                _ => self.stand_for(*value, actual, ty)?,
            }
        }
        self.yields(&TypeKind::Outputs, label)
    }

    #[inline(never)]
    pub fn aggregate(
        &mut self,
        function: AggregateFunction,
        decimal: bool,
        list: NodeId,
        closure: Option<(u32, NodeId)>,
        label: &'c Type,
    ) -> Check<Actual> {
        use AggregateFunction::{All, Any, Avg, Count, Filter, Len, Map, Max, Min, Sum};
        demand(decimal == matches!(label.kind, TypeKind::Decimal { .. }), OTHER_TYPE)?;
        match (function, closure) {
            (Len | Count, None) => {
                self.elements(list)?;
                self.yields(&TypeKind::Integer, label)
            }
            (Sum | Min | Max | Avg(..), None) => {
                let of = self.elements(list)?;
                demand(!of.missing && of.special.is_none(), &"an element may be missing or a special code")?;
                let digits = digits(&of.kind).ok_or(&"an element is no number")?;
                self.figure(function, digits, &of.kind, label)?;
                // Of nothing there is no least, no greatest and no mean.
                let filled = matches!(self.node(list)?, Node::List(list) if list.len > 0);
                Ok(if filled || function == Sum { Actual::PRESENT } else { Actual::MISSING })
            }
            (Count | All | Any | Filter | Map, Some((local, body))) => {
                let of = self.element_into(list, local)?;
                let learned = self.closure(local, body, function == Filter)?;
                let given = self.label(body)?;
                if function == Map {
                    let TypeKind::List(element) = &label.kind else { return Err(OTHER_TYPE) };
                    demand(is_type(given, element), OTHER_TYPE)?;
                    return Ok(Actual::PRESENT);
                }
                let truth = matches!(given.kind, TypeKind::Boolean) && !given.missing && given.special.is_none();
                demand(truth, &"a closure is neither true nor false")?;
                match function {
                    Count => self.yields(&TypeKind::Integer, label),
                    All | Any => self.yields(&TypeKind::Boolean, label),
                    _ => {
                        let TypeKind::List(element) = &label.kind else { return Err(OTHER_TYPE) };
                        demand(is_type(&filtered(of, local, &learned), element), OTHER_TYPE)?;
                        Ok(Actual::PRESENT)
                    }
                }
            }
            _ => Err(&"a function over a list has a closure, or none, that it does not take"),
        }
    }

    fn elements(&mut self, list: NodeId) -> Check<&'c Type> {
        match self.present(list)? {
            TypeKind::List(of) | TypeKind::Series(of) => Ok(of),
            _ => Err(&"the elements are asked of what is no list"),
        }
    }

    fn figure(&self, function: AggregateFunction, digits: u8, of: &TypeKind, label: &Type) -> Check {
        let sound = match (function, &label.kind) {
            (AggregateFunction::Avg(scale, _), kind) => takes_digits(kind, scale),
            (_, TypeKind::Integer) => matches!(of, TypeKind::Integer),
            (_, kind) => takes_digits(kind, digits),
        };
        demand(sound, OTHER_TYPE)
    }

    /// A closure over elements; it may return early, and runs any number of times.
    fn closure(&mut self, local: u32, body: NodeId, learns: bool) -> Check<Learned> {
        self.forget_stored(body)?;
        let (mark, dead) = (self.flow.mark(), std::mem::take(&mut self.flow.dead));
        let given = self.label(body)?;
        let frame = std::mem::replace(&mut self.frame, Frame { returns: Some(given), loops: 0 });
        self.assign(local);
        let actual = self.visit(body, false)?;
        self.stand_for(body, actual, given)?;
        let learned = if learns { self.learned(body, true)? } else { Learned::default() };
        self.frame = frame;
        self.flow.rollback(mark);
        self.flow.dead = dead;
        self.flow.forget(local);
        self.forget_stored(body)?;
        Ok(learned)
    }

    /// A card, its score, its points.
    pub fn card(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        let (asked, scorecard) = match self.node(id)? {
            Node::Scorecard(card) => return self.yields(&TypeKind::Card(card as usize), label),
            Node::CardScore { card, scorecard } | Node::CardPoints { card, scorecard, .. } => (card, scorecard),
            _ => return Err(&"a node is none"),
        };
        self.visit(asked, false)?;
        let kind = &self.label(asked)?.kind;
        demand(is_kind(kind, &TypeKind::Card(scorecard as usize)), &"the figures of a card are asked of another")?;
        let card = within(&self.program.scorecards, scorecard, &"a scorecard is none")?;
        let kind = if card.integer { TypeKind::Integer } else { TypeKind::Decimal { scale: card.scale } };
        self.yields(&kind, label)
    }

    #[inline(never)]
    pub fn look_up(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        match self.node(id)? {
            Node::Scale { scale, value } => {
                let number = digits(self.present(value)?).is_some();
                demand(number, &"what is no number is looked up in a scale")?;
                let columns = within(&self.declared.scales, scale, &"a scale is none")?;
                demand(is_record_of(columns, false, &label.kind), OTHER_TYPE)?;
                Ok(Actual::PRESENT)
            }
            Node::Table { table, arguments } => {
                let arguments = items(self.code(), arguments)?;
                let called = within(&self.program.tables, table, &"a table is none")?;
                demand(arguments.len() == called.columns.len(), &"a table is asked with another number of values")?;
                for (argument, column) in arguments.iter().zip(&called.columns) {
                    let actual = self.visit(*argument, false)?;
                    self.stand_for(*argument, actual, &column.ty)?;
                }
                self.table_result(table, label)
            }
            _ => Err(&"a node is none"),
        }
    }

    fn table_result(&self, table: u32, label: &Type) -> Check<Actual> {
        let called = within(&self.program.tables, table, &"a table is none")?;
        let outputs = within(&self.declared.tables, table, &"a table is none")?;
        let missing = called.no_match == NoMatch::Missing;
        let sound = match (called.hit_policy, &label.kind) {
            (HitPolicy::RuleOrder | HitPolicy::OutputOrder | HitPolicy::Collect(Aggregation::List), kind) => {
                matches!(kind, TypeKind::List(of) if is_record_of(outputs, false, &of.kind))
            }
            (HitPolicy::Collect(Aggregation::Count), TypeKind::Record(fields)) => {
                matches!(fields.as_slice(), [(_, ty)] if is_kind(&TypeKind::Integer, &ty.kind))
            }
            (_, kind) => is_record_of(outputs, missing, kind),
        };
        demand(sound, OTHER_TYPE)?;
        Ok(Actual::PRESENT)
    }
}

/// The elements that a filter lets through, with what it tells about them.
fn filtered(element: &Type, local: u32, learned: &Learned) -> Type {
    let mut element = element.clone();
    for (field, known) in learned.of_local(local) {
        match (field, &mut element.kind) {
            (None, _) => element = known.narrow(element),
            (Some(field), TypeKind::Record(fields)) => {
                if let Some((_, ty)) = std::sync::Arc::make_mut(fields).get_mut(field) {
                    *ty = known.narrow(ty.clone());
                }
            }
            _ => {}
        }
    }
    element
}

/// What an integer output, or a list of integers, may be until all outputs are computed: whole decimals.
fn computed(declared: &Type) -> Option<Type> {
    let whole = TypeKind::Decimal { scale: 0 };
    let kind = match &declared.kind {
        TypeKind::Integer => whole,
        TypeKind::List(of) if of.kind == TypeKind::Integer => {
            TypeKind::List(Box::new(Type { kind: whole, ..(**of).clone() }))
        }
        _ => return None,
    };
    Some(Type { kind, ..declared.clone() })
}
