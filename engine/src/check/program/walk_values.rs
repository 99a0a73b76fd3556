//! Numbers, conversions, tests and functions.

use super::kinds::{digits, is_kind, takes_digits};
use super::nodes::items;
use super::walk::{Actual, Walk};
use super::{Check, FaultRef, demand, within};
use crate::program::node::{Family, Items};
use crate::program::{Node, NodeId};
use crate::ruleset::checked::{ArithmeticOp, Function, Type, TypeKind};
use crate::value::slot::Slot;

const NO_NUMBER: FaultRef = &"an operand is no number";
const OTHER_TYPE: FaultRef = &"a node yields another type than is said of it";

impl<'c> Walk<'c> {
    fn kind(&mut self, id: NodeId, wanted: &TypeKind) -> Check {
        let kind = self.present(id)?;
        demand(is_kind(kind, wanted), &"an operand is of another type than its operator takes")
    }

    fn integer(&mut self, id: NodeId) -> Check {
        self.kind(id, &TypeKind::Integer)
    }

    fn number(&mut self, id: NodeId) -> Check<u8> {
        digits(self.present(id)?).ok_or(NO_NUMBER)
    }

    /// Demands that an operand is true or false.
    pub fn boolean(&mut self, id: NodeId) -> Check {
        self.kind(id, &TypeKind::Boolean)
    }

    fn decimal(&self, digits: u8, label: &Type) -> Check<Actual> {
        demand(takes_digits(&label.kind, digits), OTHER_TYPE)?;
        Ok(Actual::PRESENT)
    }

    pub fn number_or_conversion(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        match self.node(id)? {
            Node::Index { list, index } => {
                let TypeKind::List(of) = self.present(list)? else {
                    return Err(&"an element is read of what is no list");
                };
                self.integer(index)?;
                demand(is_kind(&of.kind, &label.kind), OTHER_TYPE)?;
                demand(of.special.is_none() || of.special == label.special, OTHER_TYPE)?;
                Ok(if matches!(of.kind, TypeKind::Never) { Actual::NEVER } else { Actual::of(of) })
            }
            Node::NegateInteger(value) => {
                self.integer(value)?;
                self.yields(&TypeKind::Integer, label)
            }
            Node::NegateDecimal(value) => {
                let digits = self.number(value)?;
                self.decimal(digits, label)
            }
            Node::Integer { left, right, .. } => {
                self.integer(left)?;
                self.integer(right)?;
                self.yields(&TypeKind::Integer, label)
            }
            Node::Decimal { op, left, right } => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                let digits = match op {
                    ArithmeticOp::Add | ArithmeticOp::Subtract => left.max(right),
                    ArithmeticOp::Multiply => left.saturating_add(right).min(28),
                    ArithmeticOp::Remainder | ArithmeticOp::Power => return Err(&"an operator is for integers only"),
                };
                self.decimal(digits, label)
            }
            _ => self.conversion(id, label),
        }
    }

    /// Conversions let missing and special codes pass.
    fn conversion(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        let (Node::ToDecimal(value) | Node::ToInteger(value) | Node::ToEnum { value, .. } | Node::ToText { value, .. }) =
            self.node(id)?
        else {
            return Err(&"a node is none");
        };
        let actual = self.visit(value, false)?;
        let from = self.label(value)?;
        demand(!actual.special || from.special == label.special, &"a conversion changes the special codes")?;
        let nothing = matches!(from.kind, TypeKind::Unit | TypeKind::Never);
        let sound = match self.node(id)? {
            Node::ToDecimal(_) => digits(&from.kind).is_some_and(|digits| takes_digits(&label.kind, digits)),
            Node::ToInteger(_) => digits(&from.kind).is_some() && is_kind(&TypeKind::Integer, &label.kind),
            Node::ToEnum { map, .. } => match (&from.kind, &label.kind) {
                (TypeKind::Enum(old), TypeKind::Enum(new)) => {
                    let map = items(self.code(), map)?;
                    map.len() == old.values.len() && map.iter().all(|symbol| (*symbol as usize) < new.values.len())
                }
                _ => false,
            },
            Node::ToText { texts, .. } => match &from.kind {
                TypeKind::Enum(old) => {
                    items(self.code(), texts)?.len() == old.values.len() && is_kind(&TypeKind::Text, &label.kind)
                }
                kind => is_kind(kind, &TypeKind::Text) && is_kind(kind, &label.kind),
            },
            _ => false,
        };
        demand(nothing || sound, &"a conversion is none of these types")?;
        Ok(actual)
    }

    /// `a ?? b` and `value_or(a, b)`
    pub fn instead(&mut self, id: NodeId, label: &'c Type) -> Check<Actual> {
        match self.node(id)? {
            Node::Coalesce { value, default } => {
                let found = self.visit(value, false)?;
                let found = Actual { missing: false, ..found };
                self.stand_for(value, found, label)?;
                let (mark, dead) = (self.flow.mark(), self.flow.dead);
                let other = self.visit(default, false)?;
                self.stand_for(default, other, label)?;
                self.flow.rollback(mark);
                self.flow.dead = dead;
                self.forget_stored(default)?;
                Ok(found.or(other))
            }
            Node::ValueOr { value, default } => {
                let found = self.visit(value, false)?;
                let found = Actual { missing: false, special: false, ..found };
                self.stand_for(value, found, label)?;
                let other = self.visit(default, false)?;
                self.stand_for(default, other, label)?;
                Ok(found.or(other))
            }
            _ => Err(&"a node is none"),
        }
    }

    /// A test: what it takes; it yields true or false.
    pub fn truth(&mut self, id: NodeId) -> Check {
        match self.node(id)? {
            Node::Not(value) => self.boolean(value),
            Node::And(parts) => self.chain(parts, true),
            Node::Or(parts) => self.chain(parts, false),
            Node::FactWithin { fact, .. } => {
                let kind = self.fact(fact)?;
                demand(is_ordinal(kind), &"a fact is compared with numbers that is none")
            }
            Node::FactDecimalWithin { fact, .. } | Node::FactDecimalNarrow { fact, .. } => {
                let kind = self.fact(fact)?;
                demand(matches!(kind, TypeKind::Decimal { .. }), &"a fact is compared as a decimal that is none")
            }
            Node::FactIn { fact, .. } => {
                let kind = self.fact(fact)?;
                demand(matches!(kind, TypeKind::Enum(_) | TypeKind::Boolean), &"a fact is looked up that is no symbol")
            }
            Node::Within { value, .. } => {
                let kind = self.present(value)?;
                demand(is_ordinal(kind), &"an operand is compared with numbers that is none")
            }
            Node::SymbolIn { value, .. } => {
                let kind = self.present(value)?;
                demand(
                    matches!(kind, TypeKind::Enum(_) | TypeKind::Boolean),
                    &"an operand is looked up that is no symbol",
                )
            }
            Node::Compare { family, left, right, .. } => self.compare(family, left, right),
            Node::InConstants { value, .. } => self.present(value).map(|_| ()),
            Node::InList { value, list } => {
                self.present(value)?;
                let list = self.present(list)?;
                demand(matches!(list, TypeKind::List(_) | TypeKind::Series(_)), &"a list is looked into that is none")
            }
            Node::IsMissing(value) | Node::IsSpecial { value, .. } => self.visit(value, false).map(|_| ()),
            Node::Has(_) => Ok(()),
            _ => Err(&"a node is none"),
        }
    }

    /// A fact that is tested where it stands: present, no special code.
    fn fact(&self, fact: u32) -> Check<&'c TypeKind> {
        use crate::check::script::flow::{Path, Root};
        let ty = within(&self.declared.facts, fact, &"a fact is none")?;
        let (missing, special) = self.flow.get(&Path::root(Root::Fact(fact as usize))).left_of(ty);
        demand(self.flow.dead || !(missing || special), &"a fact is tested that may be missing or a special code")?;
        Ok(&ty.kind)
    }

    fn chain(&mut self, parts: Items, all: bool) -> Check {
        let (mark, dead) = (self.flow.mark(), self.flow.dead);
        let parts = items(self.code(), parts)?;
        for part in parts {
            self.boolean(*part)?;
            let learned = self.learned(*part, all)?;
            self.flow.learn(&learned);
        }
        self.flow.rollback(mark);
        self.flow.dead = dead;
        parts.iter().try_for_each(|part| self.forget_stored(*part))
    }

    fn compare(&mut self, family: Family, left: NodeId, right: NodeId) -> Check {
        let (left, right) = (self.present(left)?, self.present(right)?);
        let both = |kind: &TypeKind| is_kind(left, kind) && is_kind(right, kind);
        let sound = match family {
            Family::Integer => both(&TypeKind::Integer),
            Family::Number => digits(left).is_some() && digits(right).is_some(),
            Family::Text => both(&TypeKind::Text),
            Family::Ordinal => match (left, right) {
                (TypeKind::Enum(left), TypeKind::Enum(right)) => left == right,
                _ => both(&TypeKind::Date) || both(&TypeKind::Boolean) || both(&TypeKind::Integer),
            },
        };
        demand(sound, &"operands of different types are compared")
    }

    #[inline(never)]
    pub fn call(&mut self, function: Function, decimal: bool, arguments: Items, label: &'c Type) -> Check<Actual> {
        use Function::{
            Abs, AddDays, AddMonths, AddMonthsEndOfMonth, AgeInYears, Clamp, Contains, DaysBetween, Div, EndsWith,
            GoodOddsFromScore, Max, Min, MonthsBetween, PdFromScore, Round, ScoreFromGoodOdds, StartsWith, TextLen,
            YearFraction,
        };
        let arguments = items(self.code(), arguments)?;
        demand(decimal == matches!(label.kind, TypeKind::Decimal { .. }), OTHER_TYPE)?;
        let count = |wanted: usize| demand(arguments.len() == wanted, &"a function has another number of arguments");
        match function {
            Round(scale, _) | Div(scale, _) => {
                count(if matches!(function, Round(..)) { 1 } else { 2 })?;
                self.widest(arguments)?;
                self.decimal(scale, label)
            }
            ScoreFromGoodOdds(scale, _) | GoodOddsFromScore(scale, _) | PdFromScore(scale, _) => {
                count(4)?;
                self.widest(arguments)?;
                self.decimal(scale, label)
            }
            Min | Max | Abs | Clamp => {
                count(match function {
                    Abs => 1,
                    Clamp => 3,
                    _ => 2,
                })?;
                let (digits, integers) = self.widest(arguments)?;
                match label.kind {
                    TypeKind::Integer => demand(integers, OTHER_TYPE)?,
                    // The sign of an integer is taken as an integer.
                    _ if matches!(function, Abs) && integers => return Err(OTHER_TYPE),
                    _ => demand(takes_digits(&label.kind, digits), OTHER_TYPE)?,
                }
                Ok(Actual::PRESENT)
            }
            DaysBetween | MonthsBetween | AgeInYears | YearFraction(..) => {
                count(2)?;
                arguments.iter().try_for_each(|date| self.kind(*date, &TypeKind::Date))?;
                match function {
                    YearFraction(_, scale, _) => self.decimal(scale, label),
                    _ => self.yields(&TypeKind::Integer, label),
                }
            }
            AddDays | AddMonths | AddMonthsEndOfMonth => {
                let [date, days] = arguments else { return Err(&"a function has another number of arguments") };
                self.kind(*date, &TypeKind::Date)?;
                self.integer(*days)?;
                self.yields(&TypeKind::Date, label)
            }
            StartsWith | EndsWith | Contains | TextLen => {
                count(if matches!(function, TextLen) { 1 } else { 2 })?;
                arguments.iter().try_for_each(|text| self.kind(*text, &TypeKind::Text))?;
                let length = matches!(function, TextLen);
                self.yields(if length { &TypeKind::Integer } else { &TypeKind::Boolean }, label)
            }
        }
    }

    /// The most digits of some numbers, and whether all are integers.
    fn widest(&mut self, numbers: &[NodeId]) -> Check<(u8, bool)> {
        let (mut most, mut integers) = (0, true);
        for number in numbers {
            let kind = self.present(*number)?;
            integers &= matches!(kind, TypeKind::Integer);
            most = digits(kind).ok_or(NO_NUMBER)?.max(most);
        }
        Ok((most, integers))
    }

    /// Whether a constant matches values of a kind in a switch.
    pub fn matches(&self, slot: Slot, kind: &TypeKind) -> bool {
        match (slot, kind) {
            (Slot::Boolean(_), TypeKind::Boolean)
            | (Slot::Integer(_), TypeKind::Integer)
            | (Slot::Text(_), TypeKind::Text) => true,
            (Slot::Enum(symbol), TypeKind::Enum(domain)) => usize::from(symbol) < domain.values.len(),
            _ => false,
        }
    }
}

fn is_ordinal(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Integer | TypeKind::Date | TypeKind::Boolean | TypeKind::Enum(_))
}
